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


def test_a_bound_that_is_to_be_shown_is_its_answer(tmp_path: Path) -> None:
    part = load_problem(new_problem(tmp_path / "a" / "b", RECURRENT))[0].parts[0]  # type: ignore[union-attr]
    assert part.answer is not None and part.answer.text == r"\|W\|_2" and part.relation == "<="


def test_the_command_takes_a_question_or_a_file(tmp_path: Path) -> None:
    for name, options, given in (("one", ["--question", LAW], None), ("two", ["--question-file", "-"], LAW)):
        path = tmp_path / "a" / f"{name}.yaml"
        assert CliRunner().invoke(cli, ["problems", "new", str(path), *options], input=given).exit_code == 0
        assert "find: |\n  \\operatorname{Var}(q^\\top k)" in path.read_text()
