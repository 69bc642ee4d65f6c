"""A function without a bracket takes the product that follows; where the line is right if it takes less, it is not
called wrong."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVEN = [r"x, y \in (0, 1)"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\log x y = \log x + \log y", "proved"),
        (r"\sin 2x = 2 \sin x \cos x", "proved"),
        (r"\log x \, y = y \log x", "undecided"),
        (r"\log x (1 - y) = (1 - y) \log x", "undecided"),
        (r"\frac{d}{dx} (\sin x (x^2 + 1)) = \cos x (x^2 + 1) + 2 x \sin x", "undecided"),
        (r"\log x (1 - y) = \log x - \log y", "refuted"),  # wrong, whatever the logarithm takes
        (r"\frac{d}{dx} (\sin x (x^2 + 1)) = \cos x (x^2 + 1) - 2 x \sin x", "refuted"),
    ],
)
def test_a_function_without_a_bracket(claim: str, verdict: str) -> None:
    assert verify_claim(claim, GIVEN).verdict == verdict
