"""`\\stackrel{!}{=}` asks for an equation to hold: it is not claimed, and what follows is judged under it."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVENS = [r"x, y \in \mathbb{R}", r"f(x) = (x - y)^2"]


@pytest.mark.parametrize("mark", [r"\stackrel{!}{=}", r"\overset{!}{=}"])
def test_it_is_not_refuted(mark: str) -> None:
    result = verify_claim(rf"\frac{{\partial f(x)}}{{\partial x}} = 2(x - y) {mark} 0", GIVENS, seed=7)
    assert result.verdict == "undecided"


def test_the_rest_of_its_line_is_judged() -> None:
    result = verify_claim(r"\frac{\partial f(x)}{\partial x} = 2(y - x) \stackrel{!}{=} 0", GIVENS, seed=7)
    assert result.verdict == "refuted"


def test_other_marks_are_claims() -> None:
    assert verify_claim(r"2(x - y) \stackrel{(1)}{=} 0", GIVENS, seed=7).verdict == "refuted"
