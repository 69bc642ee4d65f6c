"""Numbers as written, and when they agree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derivcheck.kinds.numbers import agrees, number_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-0.2055", Fraction(-411, 2000)),
        ("−3", -3),
        ("821,620", 821620),
        ("$821{,}620$", 821620),
        (r"\frac{1}{2}", Fraction(1, 2)),
        ("-3/4", Fraction(-3, 4)),
        (r"3.25 \times 10^{31}", Fraction(325) * 10**29),
        ("~ 1.5e-3", Fraction(3, 2000)),
        ("≈ 0.9", Fraction(9, 10)),
        ("20%", Fraction(1, 5)),
        ("x", None),
        ("1/0", None),
        ("79 tokens", None),
    ],
)
def test_a_number_in_a_cell(text: str, value: Fraction | None):
    found = number_in(text)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("text", "exact", "verdict"),
    [
        ("12", Fraction(12), True),
        ("12", Fraction(121, 10), False),  # whole numbers agree exactly
        ("0.33", Fraction(1, 3), True),
        ("0.34", Fraction(1, 3), False),
        ("0.3", Fraction(1, 3), None),  # one significant digit says too little
        ("0.5", Fraction(1, 2), True),
        ("0.2", Fraction(1, 3), False),
        ("-0.2055", Fraction(-20547, 100000), True),
        ("0.2055", Fraction(-20547, 100000), False),
        ("3.1e2", Fraction(312), True),
    ],
)
def test_agreement_after_rounding(text: str, exact: Fraction, verdict: bool | None):
    written = number_in(text)
    assert written is not None
    assert agrees(written, exact) is verdict


def test_as_many_digits_as_asked():
    written = number_in("0.33")
    assert written is not None and agrees(written, Fraction(1, 3), digits=3) is None
