"""Numbers too large to be written out: never a wrong verdict, never a long wait, and no digits by the thousand."""

from __future__ import annotations

import json

import pytest

from derivcheck.checking.verifying import verify_claim

FALSE = [
    r"(2x)^{1000000} = x^{1000000}",
    r"(2x)^{1000000} = (3x)^{1000000}",
    r"(2x)^{300} y^{10^9} = x^{300} y^{10^9}",
    r"9^{9^{9^{9}}} = 1",
    r"10^{10^6} + 1 = 10^{10^6}",
    r"\prod_{i=1}^{10^{12}} i = 5",
    r"\sum_{i=1}^{10^{12}} i = 5",
    r"\sum_{i=1}^{10^6} \sum_{j=1}^{10^6} \sin(i j) = 0",
    r"(x+1)^{10^{12}} = (x+1)^{10^{12}} + x",
    r"\frac{d^{100}}{dx^{100}} e^{x^2} = 0",
    r"e^{10^{10}} = e^{-10^{10}}",
    r"(x + 1)^{100000} = x^{99999}(x + 1) + 1",
]


@pytest.mark.parametrize("claim", FALSE)
def test_a_false_claim_with_large_numbers_never_passes(claim: str) -> None:
    result = verify_claim(claim, ["x > 0", "y > 2"])
    assert result.verdict in ("refuted", "undecided")
    assert len(json.dumps(result.as_json(), allow_nan=False)) < 5_000


@pytest.mark.parametrize(
    "claim", [r"\sum_{i=1}^{10^{12}} i = \frac{10^{12} (10^{12} + 1)}{2}", r"(2x)^{300} = 2^{300} x^{300}"]
)
def test_closed_forms_are_proved(claim: str) -> None:
    assert verify_claim(claim, ["x > 0"]).verdict == "proved"
