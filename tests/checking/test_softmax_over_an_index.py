"""`softmax_j(s_{ij})` of numbers normalises over j; a projection is a function of both its arguments."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVEN = [r"x, y \in \mathbb{R}^n", r"A \in \mathbb{R}^{n \times m}"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\operatorname{softmax}_j(x_j) = \frac{e^{x_j}}{\sum_k e^{x_k}}", "proved"),
        (r"\operatorname{softmax}_j(x_j) = \operatorname{softmax}(x)_j", "proved"),
        (r"\operatorname{softmax}_j(x) = \operatorname{softmax}_j(x_j)", "proved"),
        (r"\sum_j \operatorname{softmax}_j(x_j) y_j = \frac{\sum_j e^{x_j} y_j}{\sum_j e^{x_j}}", "proved"),
        (r"\sum_i \operatorname{softmax}_i(A_{ij}) = 1", "proved"),
        (r"\operatorname{softmax}_i(A_{ij}) = \operatorname{softmax}_j(A_{ij})", "refuted"),
        (r"q(u, v) = v \\ q(x, y) = y", "proved"),
        (r"q(u, v) = v \\ q(x, y) = x", "refuted"),
    ],
)
def test_claims(claim: str, verdict: str) -> None:
    assert verify_claim(claim, GIVEN).verdict == verdict
