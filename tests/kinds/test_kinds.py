"""One answer to one part, judged by its kind: the words and the marks of the contract, on problems made up here."""

from __future__ import annotations

import textwrap

import pytest

from derivcheck.checking.answers import answer_checker
from derivcheck.kinds.interface import PartResult
from derivcheck.problems.loading import read_problem

CHECK = answer_checker(7)


def judged(problem: str, answer: str) -> PartResult:
    found, findings = read_problem(textwrap.dedent(problem), "t/p")
    assert found is not None and findings == ()
    return CHECK(textwrap.dedent(answer).strip(), found.parts[0])


GRADIENT = r"""
    given: |
      A \in \mathbb{R}^{m \times n}
      x \in \mathbb{R}^n
      c \in \mathbb{R}^m
      f = \|A x - c\|^2
    ask: What is the gradient?
    find: \frac{\partial f}{\partial x}
    in: A, x, c
    answer: 2 A^\top (A x - c)
    points: 4
    credit:
      - for: f = (A x - c)^\top (A x - c)
        points: 1
    partial:
      - answer: 2 \left(\frac{\partial (A x)}{\partial x}\right)^\top (A x - c)
        points: 2
    wrong:
      - answer: A^\top (A x - c)
        points: 3
        hint: what does squaring bring down?
"""


@pytest.mark.parametrize(
    ("answer", "verdict", "earned"),
    [
        (r"2 A^\top A x - 2 A^\top c", "correct", 4),
        (r"\frac{\partial f}{\partial x} = 2 A^\top (A x - c)", "correct", 4),
        (r"Let $r = A x - c$. Then $$\frac{\partial f}{\partial x} = 2 A^\top r$$", "correct", 4),
        (r"\frac{\partial f}{\partial x} = \frac{\partial f}{\partial x}", "partial", 0),  # the question again
        (r"2 \left(\frac{\partial (A x)}{\partial x}\right)^\top (A x - c)", "partial", 2),
        (r"A^\top (A x - c)", "wrong", 3),
        (r"-2 A^\top (A x - c)", "wrong", 0),
        (r"2 A (A x - c)", "wrong", 0),
        ("f = (A x - c)^\\top (A x - c)\n\\frac{\\partial f}{\\partial x} = A^\\top A x", "wrong", 1),
        (r"\frac{\partial f}{\partial x} = 2 A^\top (A x - d)", "review", 0),  # nothing introduces d
        (r"\frac{\partial f}{\partial x} = 2 A^\top (A x - \frac{c", "review", 0),
    ],
)
def test_an_expression(answer: str, verdict: str, earned: float):
    result = judged(GRADIENT, answer)
    assert (result.verdict, result.earned) == (verdict, earned), result
    assert result.earned + result.waiting + result.lost == 4
    assert verdict != "review" or result.lost == 0


def test_the_hint_belongs_to_the_slip_that_it_names():
    assert judged(GRADIENT, r"A^\top (A x - c)").hint == "what does squaring bring down?"
    assert judged(GRADIENT, r"3 A^\top (A x - c)").hint == ""


def test_a_right_result_by_a_refuted_line_goes_to_a_person():
    result = judged(GRADIENT, "\\frac{\\partial f}{\\partial x} = A^\\top A x\n= 2 A^\\top (A x - c)")
    assert (result.verdict, result.lost, result.first_wrong_line) == ("review", 0, 1)


def test_nothing_is_missing_and_loses():
    result = judged(GRADIENT, "")
    assert (result.verdict, result.lost) == ("missing", 4)


BOUND = r"""
    given: |
      u, v \in \mathbb{R}^n
    ask: Bound the dot product by the two norms.
    find: u^\top v
    in: u, v
    relation: \le
    answer: \|u\| \|v\|
    points: 3
    partial:
      - answer: 2 \|u\| \|v\|
        points: 1
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"u^\top v \le \|u\| \|v\|", "correct"),
        (r"\|v\| \|u\| \ge u^\top v", "correct"),
        (r"u^\top v \le \left|u^\top v\right| \le \|u\| \|v\|", "correct"),
        (r"u^\top v \le 2 \|u\| \|v\|", "partial"),
        (r"u^\top v \le \frac{1}{2} \|u\| \|v\|", "wrong"),
        (r"u^\top v \ge \|u\| \|v\|", "wrong"),
        (r"u^\top v = \|u\| \|v\|", "wrong"),
    ],
)
def test_a_bound(answer: str, verdict: str):
    assert judged(BOUND, answer).verdict == verdict


SHOW = r"""
    given: |
      x \in \mathbb{R}
    ask: Show that the square of a sum is what it is.
    show: (x + 1)^2 = x^2 + 2 x + 1
    points: 2
    partial:
      - answer: (x + 1)^2 = x^2 + 2 x + 1
        points: 0
"""


@pytest.mark.parametrize(
    ("answer", "verdict", "line"),
    [
        ("(x + 1)^2 = (x + 1)(x + 1)\n= x^2 + x + x + 1\n= x^2 + 2 x + 1", "correct", None),
        ("x^2 + 2 x + 1 = x (x + 1) + (x + 1)\n= (x + 1)^2", "correct", None),
        ("(x + 1)^2 = x^2 + 2 x + 1", "partial", None),
        ("(x + 1)^2 = x^2 + x + 1\n= x^2 + 2 x + 1", "wrong", 1),
        ("(x + 1)^2 = (x + 1)(x + \\frac{1\n= x^2 + 2 x + 1", "review", None),
    ],
)
def test_a_statement_to_be_shown(answer: str, verdict: str, line: int | None):
    result = judged(SHOW, answer)
    assert (result.verdict, result.first_wrong_line) == (verdict, line)


CLASS = r"""
    given: n, m \in \mathbb{N}
    ask: What does it cost?
    answer: O(n^2 m)
    when: n > m
    points: 2
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("O(m n^2)", "correct"),
        ("In all $O(n^2 m + n m^2)$.", "correct"),
        ("O(n^3)", "partial"),
        ("O(n^2)", "wrong"),
        ("a lot", "review"),
    ],
)
def test_a_class(answer: str, verdict: str):
    assert judged(CLASS, answer).verdict == verdict


TRUTH = "ask: Is it so?\nanswer: false\npoints: 1\n"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("False, for the usual reason.", "correct"),
        ("The statement is not true.", "correct"),
        ("True.", "wrong"),
        ("It depends.", "review"),
    ],
)
def test_true_or_false(answer: str, verdict: str):
    assert judged(TRUTH, answer).verdict == verdict


VALUE = "ask: How many?\nanswer: '12'\nor:\n  - answer: '16'\n    when: loops count\npoints: 1\n"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("There are $3 \\cdot 4 = 12$ of them.", "correct"),
        ("12", "correct"),
        ("Where loops count, $16$.", "correct"),
        ("$16$", "wrong"),
        ("$n = 4$ vertices and $12$ edges.", "review"),
        ("Some.", "review"),
    ],
)
def test_a_value(answer: str, verdict: str):
    assert judged(VALUE, answer).verdict == verdict


CHOICE = r"""
    given: a > 0
    ask: For which t is the product one?
    find: t
    in: a
    requires: a t = 1
    points: 2
    review:
      - t = 1
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(r"t = \frac{1}{a}", "correct"), ("t = a^{-1}", "correct"), ("t = a", "wrong"), ("t = 1", "review")],
)
def test_anything_with_the_property(answer: str, verdict: str):
    assert judged(CHOICE, answer).verdict == verdict


def test_prose_waits_for_a_person():
    result = judged("ask: Why?\nkind: manual\npoints: 3\n", "Because.")
    assert (result.verdict, result.waiting, result.lost) == ("manual", 3, 0)


SUM_OF_STEPS = r"""
    given: |
      g_t \in \mathbb{R}^n \text{ for } t = 1, \dots, T
      v_t \in \mathbb{R}^n \text{ for } t = 0, \dots, T
      \beta \in (0, 1)
      v_0 = 0
      v_t = \beta v_{t-1} + g_t
    ask: Write $v_t$ as a sum.
    find: v_t
    answer: \sum_{s=1}^t \beta^{t-s} g_s
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"\sum_{k=0}^{t-1} \beta^k g_{t-k}", "correct"),
        (r"\sum_{k=t}^{1} \beta^{t-k} g_k", "correct"),
        (r"\sum_{k=0}^{t} \beta^k g_{t-k}", "review"),  # there is no g_0: both sums are empty for t < 0 alone
        (r"v_t = \sum_{k=0}^{t} \beta^k g_{t-k}", "review"),
    ],
)
def test_a_time_is_one_at_which_there_is_a_state(answer: str, verdict: str):
    result = judged(SUM_OF_STEPS, answer)
    assert result.verdict == verdict
    assert not any("is right" in note for note in result.notes) or verdict == "correct"


SCALAR_PRODUCT = r"""
    given: |
      m \in \mathbb{R}^d
      q, k \sim \mathcal{N}(m, I)
      q \perp k
    ask: Find $\mathbb{E}[q^\top k]$.
    find: \mathbb{E}[q^\top k]
    in: m, d
    answer: m^\top m
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"|m|^2", "correct"),
        (r"\mathbb{E}[q^\top k] = |m|^2", "correct"),
        (r"\mathbb{E}[q^\top k] = \sum_i m_i^2 = |m|^2", "correct"),
        (r"2 |m|^2", "wrong"),
        (r"\mathbb{E}[q^\top k] = d |m|^2", "wrong"),
        (r"|m|", "wrong"),
    ],
)
def test_bars_around_a_vector_are_its_length_where_a_number_is_asked(answer: str, verdict: str):
    result = judged(SCALAR_PRODUCT, answer)
    assert result.verdict == verdict
    assert all(finding.code != "shape-mismatch" for finding in result.findings)


TEMPERED = r"""
    given: |
      a \in \mathbb{R}^n
      \tau > 0
      y = \operatorname{softmax}(a / \tau)
    ask: Compute the Jacobian $\frac{\partial y}{\partial a}$.
    find: \frac{\partial y}{\partial a}
    in: y, \tau
    answer: \frac{1}{\tau} (\operatorname{diag}(y) - y y^\top)
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"J_{ij} = \frac{y_i (\delta_{ij} - y_j)}{\tau}", "correct"),
        (r"The Jacobian is $J = \frac{1}{\tau} (\operatorname{diag}(y) - y y^\top)$.", "correct"),
        (r"J = \frac{1}{\tau} (\operatorname{diag}(y) + y y^\top)", "review"),  # what J is meant to be is not said
        (r"$J = \frac{1}{\tau} (\operatorname{diag}(y) - y y^\top)$ and so $K = J^\top J$.", "review"),
        ("J = \\frac{1}{\\tau} (\\operatorname{diag}(y) - y y^\\top)\n\\frac{\\partial y}{\\partial a} = 2 J", "wrong"),
    ],
)
def test_a_result_under_a_name_of_the_students_own(answer: str, verdict: str):
    assert judged(TEMPERED, answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"$2^{14}$ weights", "correct"),
        (r"There are $8 \cdot (1024 + 1024)$ of them.", "correct"),
        (r"16 thousand and some, $2^{14}$ weights", "correct"),
        (r"There are $2^{13}$ of them.", "wrong"),
        (r"There are $8 \cdot 1024$ of them.", "wrong"),
    ],
)
def test_a_number_that_a_formula_in_a_sentence_works_out(answer: str, verdict: str):
    assert judged("ask: How many weights are trained?\nanswer: 16384\n", answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"It is linear in $n$, $\Theta(n)$.", "correct"),
        (r"constant, $\mathcal{O}(1)$", "wrong"),
        ("It is constant: O(1).", "wrong"),
        (r"$\Theta(n^2)$ at most", "partial"),
    ],
)
def test_classes_in_a_sentence(answer: str, verdict: str):
    problem = "given: n \\in \\mathbb{N}\nask: How does it grow?\nanswer: O(n)\n"
    assert judged(problem, answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("(T) All are positive.", "correct"), ("**T** — all are positive", "correct"), ("T, all are.", "correct"),
     ("(F) Some are not.", "wrong"), ("F: some are not", "wrong"), ("T of them are positive.", "review")],
)  # fmt: skip
def test_a_letter_for_true_or_false(answer: str, verdict: str):
    assert judged("ask: All gates are positive.\nanswer: true\n", answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"$\frac{\partial f}{\partial x} = 2 A^\top r$, $r = A x - c$", "correct"),
        (r"$\frac{\partial f}{\partial x} = 2 A^\top r$, $r = c - A x$", "wrong"),
        (r"$\frac{\partial f}{\partial x} = 2 A^\top r$. We have seen $\|A\|$ before, and $r = A x - c$", "review"),
    ],
)
def test_a_name_said_behind_a_comma(answer: str, verdict: str):
    assert judged(GRADIENT, answer).verdict == verdict
