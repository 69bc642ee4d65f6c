"""A derivative of a value that only a given equation ties to the variable is not taken as zero to refute a line."""

from __future__ import annotations

from derivcheck.checking.verifying import verify_claim

TIED = ["x \\in \\mathbb{R}^n", "r > 0", "r^3 = x^\\top x"]


def test_an_implicit_derivative_is_not_refuted() -> None:
    assert verify_claim("3r^2 \\nabla_x r = 2x", TIED, seed=7).verdict == "undecided"


def test_other_derivatives_beside_it_still_are() -> None:
    assert verify_claim("\\nabla_x (x^\\top x) = x", TIED, seed=7).verdict == "refuted"
