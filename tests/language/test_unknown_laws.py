"""Expectations of names whose law nothing states: shown for every law, refuted by one on a few outcomes; not read where
it is not told which names are random."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

REAL = ["X, Y \\in \\mathbb{R}", "a, b \\in \\mathbb{R}"]
INDEPENDENT = [*REAL, "X \\perp Y"]
VECTORS = ["x, y \\in \\mathbb{R}^n", "A \\in \\mathbb{R}^{m \\times n}", "b \\in \\mathbb{R}^m"]
MEAN = ["X \\in \\mathbb{R}", "\\mu = \\mathbb{E}[X]"]
COMPUTED = [*INDEPENDENT, "Z = aX + bY"]
ESTIMATE = ["\\hat\\theta, \\theta \\in \\mathbb{R}"]

ROWS = [
    (REAL, "\\operatorname{Var}(aX) = a^2\\operatorname{Var}(X)", "\\operatorname{Var}(aX) = a\\operatorname{Var}(X)"),
    (REAL, "\\mathbb{E}[aX+bY] = a\\mathbb{E}[X]+b\\mathbb{E}[Y]", "\\mathbb{E}[XY] = \\mathbb{E}[X]\\mathbb{E}[Y]"),
    (INDEPENDENT, "\\mathbb{E}[XY] = \\mathbb{E}[X]\\mathbb{E}[Y]", "\\mathbb{E}[X/Y] = \\mathbb{E}[X]/\\mathbb{E}[Y]"),
    (REAL, "\\mathbb{E}[X]^2 \\le \\mathbb{E}[X^2]", "\\mathbb{E}[X]^2 = \\mathbb{E}[X^2]"),
    (MEAN, "\\mathbb{E}[(X-\\mu)^2] = \\mathbb{E}[X^2]-\\mu^2", "\\mathbb{E}[(X-\\mu)^2] = \\mathbb{E}[X^2]-\\mu"),
    (VECTORS, "\\operatorname{Cov}(Ax+b) = A\\operatorname{Cov}(x)A^\\top",
     "\\operatorname{Cov}(Ax+b) = A^\\top\\operatorname{Cov}(x)A"),
    (VECTORS, "\\mathbb{E}[Ax+b] = A\\mathbb{E}[x]+b", "\\mathbb{E}[\\|x\\|^2] = \\|\\mathbb{E}[x]\\|^2"),
    (COMPUTED, "\\operatorname{Var}(Z) = a^2\\operatorname{Var}(X)+b^2\\operatorname{Var}(Y)",
     "\\operatorname{Var}(Z) = a\\operatorname{Var}(X)+b\\operatorname{Var}(Y)"),
    (ESTIMATE,
     "\\mathbb{E}[(\\hat\\theta-\\theta)^2] = \\operatorname{Var}(\\hat\\theta)+(\\mathbb{E}[\\hat\\theta]-\\theta)^2",
     "\\mathbb{E}[(\\hat\\theta-\\theta)^2] = \\operatorname{Var}(\\hat\\theta)"),
    (REAL, "\\mathbb{E}[\\mathbb{E}[X \\mid Y]] = \\mathbb{E}[X]",
     "\\mathbb{E}[\\mathbb{E}[X \\mid Y]] = \\mathbb{E}[Y]"),
    (REAL, "\\mathbb{E}[Y\\,\\mathbb{E}[X \\mid Y]] = \\mathbb{E}[XY]",
     "\\mathbb{E}[Y\\,\\mathbb{E}[X \\mid Y]] = \\mathbb{E}[X]"),
    # a plain letter
    (REAL, "E[(X - E[X])^2] = E[X^2] - E[X]^2", "E[(X - E[X])^2] = E[X^2] + E[X]^2"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "right", "wrong"), ROWS)
def test_shown_for_every_law(given: list[str], right: str, wrong: str) -> None:
    assert verify_claim(right, given).verdict in ("proved", "holds")
    assert verify_claim(wrong, given).verdict == "refuted"


@pytest.mark.parametrize(("given", "claim"), [
    (["w, x \\in \\mathbb{R}^n"], "\\mathbb{E}[w^\\top x] = w^\\top\\mathbb{E}[x]"),  # w may be random as well
    (["a \\in \\mathbb{R}"], "\\mathbb{E}[a] = 0"),
    (["x, \\epsilon \\in \\mathbb{R}"], "\\mathbb{E}[x+\\epsilon] = x"),
    (["X, Y, Z \\in \\mathbb{R}", "X \\perp Y"], "\\operatorname{Cov}(X, Y) = 0"),  # Z may depend on both
    (["X \\in \\mathbb{R}", "X^2 = X"], "\\mathbb{E}[X] \\le 1"),
])  # fmt: skip
def test_not_read_where_a_name_may_be_random_or_not(given: list[str], claim: str) -> None:
    assert verify_claim(claim, given).verdict == "undecided"


NAMES = ["x, y, z, X, Y \\in \\mathbb{R}", "\\hat{f} \\in \\mathbb{R}"]


@pytest.mark.parametrize("claim", [
    "\\mathbb{E}[xY] = x\\mathbb{E}[Y]",
    "\\mathbb{E}[Y+x] = \\mathbb{E}[Y]+x",
    "\\operatorname{Var}(xY) = x^2\\operatorname{Var}(Y)",
    "\\mathbb{E}[(y-x)^2] = \\operatorname{Var}(y)+(\\mathbb{E}[y]-x)^2",
    "\\mathbb{E}[(\\hat{f}-x)^2] = (\\mathbb{E}[\\hat{f}]-x)^2+\\operatorname{Var}(\\hat{f})",
    "\\mathbb{E}[e^{xY}] \\ge e^{x\\mathbb{E}[Y]}",
])  # fmt: skip
def test_a_name_that_stands_outside_of_averages_is_a_number(claim: str) -> None:
    assert verify_claim(claim, NAMES).verdict in ("proved", "holds")


@pytest.mark.parametrize("claim", [
    "\\operatorname{Var}(x+Y) = \\operatorname{Var}(Y)",
    "\\operatorname{Var}(X+y) = \\operatorname{Var}(X)",
    "\\mathbb{E}[X^2] = X^2",
])  # fmt: skip
def test_right_if_some_names_are_numbers_is_not_refuted(claim: str) -> None:
    assert verify_claim(claim, NAMES).verdict == "undecided"


@pytest.mark.parametrize("claim", [
    "\\mathbb{E}[xY] = \\mathbb{E}[Y]",
    "\\operatorname{Var}(Y-x) = \\operatorname{Var}(Y)+x",
    "\\operatorname{Cov}(x, y) = \\mathbb{E}[xy]",
    "\\mathbb{E}[e^{xY}] \\le e^{x\\mathbb{E}[Y]}",
    "\\operatorname{Var}(x+y) = \\operatorname{Var}(x)+\\operatorname{Var}(y)",
])  # fmt: skip
def test_wrong_whatever_is_random(claim: str) -> None:
    assert verify_claim(claim, NAMES).verdict == "refuted"
