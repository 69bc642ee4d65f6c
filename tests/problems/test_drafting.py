"""A question becomes a draft: its givens, its kind, what it asks; the rest is left as TODO, and the file loads."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from derivcheck.commands import cli
from derivcheck.problems.commands import new_problem, run_tests
from derivcheck.problems.drafting import draft
from derivcheck.problems.loading import load_problem

LAYER = (
    r"Let $W \in \mathbb{R}^{n \times m}$, $x \in \mathbb{R}^m$ be a vector and $h = \tanh(W x + b)$. "
    r"Compute the Jacobian $\frac{\partial h}{\partial x}$."
)
RECURRENT = (
    r"The states are $h_t = \tanh(W h_{t-1} + U x_t)$ for $t = 1, \dots, T$. "
    r"Show that $\left\|\frac{\partial h_t}{\partial h_{t-1}}\right\|_2 \le \|W\|_2$."
)
LAW = (
    r"Let $q, k \sim \mathcal{N}(0, \sigma^2 I)$ be random vectors in $\mathbb{R}^d$. "
    r"What is $\operatorname{Var}(q^\top k)$?"
)
RIDGE = (
    r"Suppose $\lambda > 0$ and $X$ is an $n \times d$ matrix, $y \in \mathbb{R}^n$. "
    r"Find the $w$ that minimises $J(w) = \|X w - y\|^2 + \lambda \|w\|^2$."
)
LOSS = (
    r"Consider the loss $L = \frac{1}{2} \|X w - y\|^2$ with $X \in \mathbb{R}^{m \times n}$. "
    r"Express the gradient $\nabla_w L$ by $X$, $w$ and $y$."
)
KINDS = {
    LAYER: "expression",
    RECURRENT: "bound",
    LAW: "expression",
    RIDGE: "expression",
    LOSS: "expression",
    r"True or false: for symmetric $A$, $\operatorname{tr}(A^2) \ge 0$.": "truth",
    r"Derive a bound on $\|A x\|_2$ in terms of $\|A\|_2$ and $\|x\|_2$.": "bound",
    r"Show that $\sigma(-x) = 1 - \sigma(x)$ for the logistic function $\sigma$.": "chain",
    r"What is the complexity of multiplying an $n \times m$ matrix with a vector?": "asymptotic",
    r"Let $H$ be an $n \times m$ matrix. What shape does $\frac{\partial L}{\partial H}$ have?": "shape",
    r"Prove that $\sum_i p_i \log p_i \le 0$, where $p = \operatorname{softmax}(z)$ and $z \in \mathbb{R}^k$.": "proof",
    "How many parameters has a linear layer from 10 to 20 units with bias?": "value",
}


@pytest.mark.parametrize("question", KINDS)
def test_the_wording_shows_the_kind_and_the_file_loads(question: str, tmp_path: Path) -> None:
    assert draft(question).kind == KINDS[question]
    written = new_problem(tmp_path / "mine" / "one", question)
    problem, findings = load_problem(written)
    assert findings == () and problem is not None and problem.parts[0].kind == KINDS[question]
    assert "todo" in {finding.code for finding in run_tests(str(written)).findings}


def test_what_is_declared_and_defined_is_given() -> None:
    made = draft(RIDGE)
    assert made.given == (
        r"X \in \mathbb{R}^{n \times d}", r"y \in \mathbb{R}^n", r"\lambda > 0",
        r"J(w) = \|X w - y\|^2 + \lambda \|w\|^2",
    )  # fmt: skip
    assert made.find == "w"
    assert draft(RECURRENT).given == (r"h_t = \tanh(W h_{t-1} + U x_t) \text{ for } t = 1, \dots, T",)
    assert draft(LOSS).terms == ("X", "w", "y")


def test_an_adjective_of_another_noun_is_not_given() -> None:
    asked = r"Let $L \in \mathbb{R}$ be the negative log-likelihood and $A \in \mathbb{R}^{n \times n}$."
    asked += r" Let $B_{ij} = 1$ if $i$ and $j$ are neighbours. Find $\nabla_A L$."
    assert "L < 0" not in draft(asked).given and "B_{ij} = 1" not in draft(asked).given


@pytest.mark.parametrize(
    ("question", "todo"),
    [
        (LAYER, r"nothing declares b; perhaps b \in \mathbb{R}^{n}"),
        (RIDGE, r"nothing declares w; perhaps w \in \mathbb{R}^{d}"),
        (LOSS, r"nothing declares y; perhaps y \in \mathbb{R}^{m}"),
        (RECURRENT, r"nothing declares U; perhaps U \in \mathbb{R}^{n \times m}"),
        (LAW, r"is anything independent? for example q \perp k"),
        (LAYER, "layout: numerator or denominator, where the sheet states one"),
    ],
)
def test_what_the_question_does_not_state_is_left_to_do(question: str, todo: str) -> None:
    assert todo in draft(question).todo


CHAIN = r"""A hidden Markov model has $A \in \mathbb{R}^{K \times K}$ with $A_{ij} = P(z_2 = j \mid z_1 = i)$,
likelihoods $b_t \in \mathbb{R}^K \text{ for } t = 1, \dots, T$ and messages $\alpha_t \in \mathbb{R}^K$ with
$\alpha_t = b_t \odot (A^\top \alpha_{t-1})$.
Compute $\frac{\partial \alpha_t}{\partial \alpha_{t-1}}$ in terms of $A$ and $b$."""
LORA = r"""LoRA adds $B A$ to $W \in \mathbb{R}^{m \times n}$ with $B \in \mathbb{R}^{m \times r}$ and
$A \in \mathbb{R}^{r \times n}$. Let $L = \|(W + B A) x\|^2$ with $x \in \mathbb{R}^n$. Compute $\nabla_A L$ in
terms of $W$, $B$, $A$ and $x$."""
VALUES = r"""The values satisfy $v = r + \gamma P v$ with $P \in \mathbb{R}^{n \times n}$, $r \in \mathbb{R}^n$ and
$\gamma \in (0, 1)$. Show that $(I - \gamma P) v = r$. What is $v$ for $\gamma = 0$?"""


def test_a_range_that_the_question_shows_is_given() -> None:
    made = draft(CHAIN)
    assert r"\alpha_t \in \mathbb{R}^K \text{ for } t = 0, \dots, T" in made.given
    assert made.find == r"\frac{\partial \alpha_t}{\partial \alpha_{t-1}}" and made.terms == ("A", "b")
    assert not any("nothing declares" in todo for todo in made.todo)
    made = draft(r"Let $a_i \ge 0$ and $y_i \in \{-1, 1\}$ with $\sum_{i=1}^n a_i y_i = 0$. Show that $a_1 \ge 0$.")
    assert r"y_i \in \{-1, 1\} \text{ for } i = 1, \dots, n" in made.given


def test_what_is_asked_stands_behind_its_verb() -> None:
    assert (draft(LORA).find, draft(LORA).terms) == (r"\nabla_A L", ("W", "B", "A", "x"))


def test_a_one_hot_vector_is_said_once() -> None:
    made = draft(r"Let $y \in \{0,1\}^K$ be one-hot and $p \in \Delta^K$. Find $\sum_{k=1}^K y_k \log p_k$.")
    assert made.given == (r"y \in \{0,1\}^K", r"p \in \Delta^K", r"\sum_{i} y_{i} = 1")


def test_what_is_given_by_itself_and_two_questions_are_left_to_do() -> None:
    made = draft(VALUES)
    assert r"nothing declares v; perhaps v \in \mathbb{R}^{n}" in made.todo
    assert any("more than one question" in todo for todo in made.todo)


def test_a_bound_that_is_to_be_shown_is_its_answer(tmp_path: Path) -> None:
    part = load_problem(new_problem(tmp_path / "a" / "b", RECURRENT))[0].parts[0]  # type: ignore[union-attr]
    assert part.answer is not None and part.answer.text == r"\|W\|_2" and part.relation == "<="


def test_the_command_takes_a_question_or_a_file(tmp_path: Path) -> None:
    for name, options, given in (("one", ["--question", LAW], None), ("two", ["--question-file", "-"], LAW)):
        path = tmp_path / "a" / f"{name}.yaml"
        assert CliRunner().invoke(cli, ["problems", "new", str(path), *options], input=given).exit_code == 0
        assert "find: |\n  \\operatorname{Var}(q^\\top k)" in path.read_text()
