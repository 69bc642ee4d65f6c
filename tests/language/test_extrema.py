"""Extrema over real vectors against NumPy: least squares, quadratics, the Rayleigh quotient; right and wrong values."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from derivcheck.checking.verifying import verify_claim


def matrix(values: np.ndarray) -> str:
    rows = (" & ".join(exact(v) for v in np.atleast_1d(row)) for row in values)
    return r"\begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}"


def exact(value: float) -> str:
    found = Fraction(float(value)).limit_denominator(10_000)
    return rf"\frac{{{found.numerator}}}{{{found.denominator}}}"


@pytest.mark.parametrize("seed", range(4))
def test_quadratics(seed: int) -> None:
    rng = np.random.default_rng(seed)
    root, b = rng.integers(-2, 3, (2, 2)), rng.integers(-3, 4, 2)
    a = root @ root.T + np.eye(2, dtype=int)
    given = [r"x \in \mathbb{R}^2", f"A = {matrix(a)}", f"b = {matrix(b)}"]
    place = np.linalg.solve(2 * a, b)
    least = place @ a @ place - b @ place
    body = r"\left(x^\top A x - b^\top x\right)"
    for value, verdict in ((least, "right"), (least + 1, "refuted")):
        found = verify_claim(rf"\min_x {body} = {exact(value)}", given).verdict
        assert found in ("proved", "holds") if verdict == "right" else found == verdict
    assert verify_claim(rf"\arg\min_x {body} = {matrix(place)}", given).verdict in ("proved", "holds")
    assert verify_claim(rf"\arg\min_x {body} = {matrix(place + 1)}", given).verdict == "refuted"


@pytest.mark.parametrize("seed", range(3))
def test_dual_norms(seed: int) -> None:
    c = np.random.default_rng(seed).integers(-5, 6, 3)
    given = [r"v \in \mathbb{R}^3", f"c = {matrix(c)}"]
    duals = {"1": np.abs(c).max(), r"\infty": np.abs(c).sum()}
    for norm, value in duals.items():
        assert verify_claim(rf"\max_{{\|v\|_{norm} \le 1}} c^\top v = {value}", given).verdict in ("proved", "holds")
        assert verify_claim(rf"\min_{{\|v\|_{norm} \le 1}} c^\top v = {-value - 1}", given).verdict == "refuted"


@pytest.mark.parametrize("text", [r"\min_x (e^x - x) = 1", r"\max_{\|v\|_2 \le 1} v^\top A v = \lambda_{\max}(A)"])
def test_what_is_not_decided_is_open(text: str) -> None:
    given = [r"x \in \mathbb{R}", r"A \in \mathbb{R}^{n \times n}", r"A^\top = A", r"v \in \mathbb{R}^n"]
    assert verify_claim(text, given).verdict == "undecided"
