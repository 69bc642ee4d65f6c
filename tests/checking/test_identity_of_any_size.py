"""`\\|I\\|_2`, `\\det I` and their like are 1 whatever the size of the identity, which a line may leave open."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

RESIDUAL = [r"U \in \mathbb{R}^{m \times n}", r"V \in \mathbb{R}^{n \times m}", "J = I + V U"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\|J\|_2 \le \|I\|_2 + \|V U\|_2", "proved"),
        (r"\|J\|_2 \le \|I\|_2 - \|V U\|_2", "refuted"),
        (r"\sigma_{\max}(J) \ge \sigma_{\max}(I) + \sigma_{\max}(V U)", "refuted"),
        (r"\det(I) = 1", "proved"),
        (r"\lambda_{\max}(I) = 2", "refuted"),
        (r"\|I\|_F = 1", "undecided"),  # this one depends on the size
    ],
)
def test_the_size_may_be_open(claim: str, verdict: str) -> None:
    assert verify_claim(claim, RESIDUAL).verdict == verdict
