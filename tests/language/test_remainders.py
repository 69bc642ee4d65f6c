"""Expansions with a remainder against the coefficients that mpmath computes: right as they are, wrong with one
coefficient moved, undecided where a side is not smooth."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from derivcheck.checking.verifying import verify_claim

FUNCTIONS = {
    r"e^{2h}": lambda x: mpmath.exp(2 * x),
    r"\log(1 - h)": lambda x: mpmath.log(1 - x),
    r"\sin h \cos h": lambda x: mpmath.sin(x) * mpmath.cos(x),
    r"\frac{1}{1 + h^2}": lambda x: 1 / (1 + x**2),
    r"\sqrt{1 + 3h}": lambda x: mpmath.sqrt(1 + 3 * x),
    r"\tanh(h) e^{-h}": lambda x: mpmath.tanh(x) * mpmath.exp(-x),
    r"\arctan(2h)": lambda x: mpmath.atan(2 * x),
}


def series(coefficients: list[Fraction]) -> str:
    parts = [rf"\frac{{{c.numerator}}}{{{c.denominator}}} h^{k}" for k, c in enumerate(coefficients)]
    return " + ".join(parts).replace("h^0", "")


@pytest.mark.parametrize("text", FUNCTIONS)
def test_against_computed_coefficients(text: str, order: int = 3) -> None:
    computed = mpmath.taylor(FUNCTIONS[text], 0, order)
    exact = [Fraction(float(c)).limit_denominator(720) for c in computed]
    assert verify_claim(f"{text} = {series(exact[:-1])} + O(h^{order})", []).verdict in ("proved", "holds")
    assert verify_claim(f"{text} = {series(exact)} + o(h^{order})", []).verdict in ("proved", "holds")
    for k in range(order):
        moved = [c + (j == k) for j, c in enumerate(exact[:-1])]
        assert verify_claim(f"{text} = {series(moved)} + O(h^{order})", []).verdict == "refuted"


@pytest.mark.parametrize("text", [r"\sqrt{h} = O(h)", "|h| = o(h)", r"\max(h, 0) = O(h)", r"e^{-1/h} = O(h)"])
def test_what_is_not_smooth_is_open(text: str) -> None:
    assert verify_claim(text, ["h > 0"]).verdict == "undecided"


@pytest.mark.parametrize("text", ["(n + 1)^2 = n^2 + O(n)", "(x + 1)^2 = x^2 + O(x)", "2T + 3 = 2T + O(1)"])
def test_what_grows_is_no_expansion(text: str) -> None:
    given = [r"n \in \mathbb{N}", r"T \in \mathbb{N}", r"x \in \mathbb{R}"]
    assert verify_claim(text, given).verdict != "refuted"
