"""Names that nothing introduces are read by their use (W x with W in R^{m x d}: x is in R^d): right lines are proved,
and what depends on such a guess is never called wrong."""

from __future__ import annotations

from derivcheck.checking.papers import Outcome
from tests.checked import outcome_of

NETWORK = r"Let $W \in \mathbb{R}^{m \times d}$, $z = W x + b$ and $J = \|z\|^2$. "


def checked(text: str) -> Outcome:
    return outcome_of(text)


def words(outcome: Outcome) -> list[str]:
    return [line.verdict.word for part in outcome.report.parts for line in part.lines]


def test_a_right_line_is_proved() -> None:
    outcome = checked(NETWORK + r"So $\frac{\partial J}{\partial W} = 2 z x^\top$.")
    assert words(outcome)[-1] == "proved"


def test_a_wrong_line_goes_to_a_person() -> None:
    outcome = checked(NETWORK + r"So $\frac{\partial J}{\partial W} = z x^\top$.")
    assert words(outcome)[-1] == "undecided"


def test_what_is_declared_wins() -> None:
    said = r"Here $x \in \mathbb{R}^d$ and $b \in \mathbb{R}^m$. "
    text = NETWORK + said + r"So $\frac{\partial J}{\partial W} = z x^\top$."
    assert words(checked(text))[-1] == "refuted"


def test_a_value_that_is_given_later_is_not_meant_before() -> None:
    text = r"""Let $W \in \mathbb{R}^{h \times d}$.

$$z = W x + b$$

$$\|z\| \le \|W\| \|x\|$$

Let $b = 0$."""
    assert words(checked(text))[2] == "undecided"
