"""The moments of named laws against sums and integrals of their densities; laws that are read in two ways are none."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest

from derivcheck.checking.verifying import verify_claim

Density = Callable[[mpmath.mpf], mpmath.mpf]
WHOLE = {
    "\\operatorname{Binomial}(5, \\frac13)": lambda k: mpmath.binomial(5, k) * mpmath.mpf(2) ** (5 - k) / 243,
    "\\operatorname{Bin}(1, \\frac14)": lambda k: mpmath.mpf([0.75, 0.25][int(k)]) if k < 2 else mpmath.mpf(0),
    "\\operatorname{Poisson}(\\frac32)": lambda k: mpmath.mpf(1.5) ** k * mpmath.exp(-1.5) / mpmath.factorial(k),
}
REAL = {
    "\\operatorname{Exp}(1)": ((0, mpmath.inf), lambda x: mpmath.exp(-x)),
    "\\operatorname{Beta}(2, 3)": ((0, 1), lambda x: 12 * x * (1 - x) ** 2),
    "\\operatorname{Laplace}(1, 2)": ((-mpmath.inf, 1, mpmath.inf), lambda x: mpmath.exp(-abs(x - 1) / 2) / 4),
    "\\chi^2_3": ((0, mpmath.inf), lambda x: mpmath.sqrt(x / (2 * mpmath.pi)) * mpmath.exp(-x / 2)),
}


def agrees(law: str, m: int, value: mpmath.mpf) -> None:
    exact = Fraction(float(value)).limit_denominator(2000)
    assert abs(float(value) - exact) < 1e-9
    claim = f"\\mathbb{{E}}[X^{m}] = \\frac{{{exact.numerator}}}{{{exact.denominator}}}"
    assert verify_claim(claim, [f"X \\sim {law}"]).verdict == "proved"


@pytest.mark.parametrize("law", WHOLE)
@pytest.mark.parametrize("m", range(1, 5))
def test_moments_of_whole_numbers(law: str, m: int) -> None:
    agrees(law, m, mpmath.fsum(mpmath.mpf(k) ** m * WHOLE[law](k) for k in range(60)))


@pytest.mark.parametrize("law", REAL)
@pytest.mark.parametrize("m", range(1, 5))
def test_moments_of_real_numbers(law: str, m: int) -> None:
    ends, density = REAL[law]
    agrees(law, m, mpmath.quad(lambda x: x**m * density(x), ends))


@pytest.mark.parametrize(
    "law", ["\\operatorname{Gamma}(2, 3)", "\\operatorname{Geometric}(\\frac12)", "\\operatorname{Exp}(2)"]
)
def test_laws_that_are_read_in_two_ways(law: str) -> None:
    assert verify_claim("\\mathbb{E}[X] = 7", [f"X \\sim {law}"]).verdict == "undecided"


ONE_HOT = ["p \\in \\Delta^3", "y \\in \\mathbb{R}^3", "y \\sim \\operatorname{Categorical}(p)"]
DIRICHLET = ["a \\in \\mathbb{R}^2", "a_i > 0", "x \\in \\mathbb{R}^2", "x \\sim \\operatorname{Dir}(a)"]


@pytest.mark.parametrize(("given", "claim"), [
    (ONE_HOT, "\\operatorname{Cov}(y) = \\operatorname{diag}(p) - pp^\\top"),
    # of two entries that sum to 1 each follows a beta law
    (DIRICHLET, "\\operatorname{Var}(x_1) = \\frac{a_1a_2}{(a_1+a_2)^2(a_1+a_2+1)}"),
    (DIRICHLET, "\\mathbb{E}[x_2] = \\frac{a_2}{a_1+a_2}"),
])  # fmt: skip
def test_vectors(given: list[str], claim: str) -> None:
    assert verify_claim(claim, given).verdict in ("proved", "holds")


@pytest.mark.parametrize(("given", "right", "wrong"), [
    (["s > 0", "Z \\sim \\mathcal{N}(0, s^2)"], "\\mathbb{E}|Z| = s\\sqrt{\\frac2\\pi}", "\\mathbb{E}|Z| = s"),
    (["X \\sim \\mathcal{U}(0,1)"], "\\mathbb{E}[-\\log X] = 1", "\\mathbb{E}[-\\log X] = 2"),
    (["Z \\sim \\mathcal{N}(0,1)"], "\\mathbb{E}[\\max(0,Z)^2] = \\frac12", "\\mathbb{E}[\\max(0,Z)^2] = 1"),
])  # fmt: skip
def test_functions_of_one_number_are_integrated(given: list[str], right: str, wrong: str) -> None:
    assert verify_claim(right, given).verdict == "holds"
    assert verify_claim(wrong, given).verdict == "refuted"
