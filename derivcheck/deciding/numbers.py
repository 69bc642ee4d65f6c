"""Exact powers of numbers, with a cap: a tower of powers in a claim must not become a number with a billion digits."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.deciding.budget import OutOfWork

MOST_BITS = 20_000


def whole_power(value: Fraction, exponent: int) -> Fraction:
    """value^exponent; OutOfWork where the result would be too long to work with."""
    if abs(value) == 1:
        return value if exponent % 2 else Fraction(1)
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    if value and bits * abs(exponent) > MOST_BITS:
        raise OutOfWork("rewrites")
    return value**exponent
