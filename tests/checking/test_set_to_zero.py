"""A derivative set to zero is an equation to solve: it is not accused, and what is solved from it is right under it."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of, verdicts_of

GIVEN = r"Let $x, a \in \mathbb{R}^n$ and $f(x) = x^\top x - 2 a^\top x$."


def _words(*lines: str) -> list[str]:
    report = outcome_of("\n\n".join((GIVEN, *lines)) + "\n").report
    return [line.verdict.word for part in report.parts for line in part.lines if line.role == "claim"]


@pytest.mark.parametrize(
    "line",
    [
        r"$$\nabla f(x) = 2 x - 2 a = 0$$",
        r"$$0 = \nabla f(x) = 2 x - 2 a$$",
        r"$$\nabla f(x) = 2 x - 2 a \overset{!}{=} 0$$",
        "$$\\begin{aligned}\\nabla f(x) &= 2 x - 2 a \\\\\n&= 0\\end{aligned}$$",
    ],
)
def test_what_follows_is_solved_from_it(line: str) -> None:
    *_, at_zero, solved = _words(line, "Hence", "$$2 x = 2 a$$")
    assert at_zero == "undecided" and solved in ("proved", "holds")


def test_a_wrong_derivative_is_wrong_all_the_same() -> None:
    assert "refuted" in _words(r"$$\nabla f(x) = 2 x - a = 0$$")


def test_a_wrong_solution_is_wrong() -> None:
    assert _words(r"$$\nabla f(x) = 2 x - 2 a = 0$$", "$$x = 2 a$$")[-1] == "refuted"


def test_zero_without_a_derivative_is_a_claim() -> None:
    assert _words(r"$$x^\top a = a^\top x = 0$$")[-1] == "refuted"


def test_where_it_is_looked_at_is_no_claim() -> None:
    text = (
        r"The gradient $\nabla \phi(x) = H^\top R^{-1} (H x - z) + P^{-1} (x - m) = 0$ vanishes since $x = \hat x$, so "
        r"$\hat x = (P^{-1} + H^\top R^{-1} H)^{-1} (H^\top R^{-1} z + P^{-1} m)$."
    )
    assert verdicts_of(text, "kalman/measurement-mean") == ["correct"]


def test_what_stands_before_an_implication_may_be_supposed() -> None:
    assert _words("$$2 x + a = 0$$", r"$$\Rightarrow 2 x = -a$$")[0] == "undecided"
    assert _words("$$2 x + a = 0$$", r"$$\Rightarrow 2 x = a$$") == ["refuted", "refuted"]
