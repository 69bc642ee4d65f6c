"""Commas in numbers: `1{,}500` (thousands), `0{,}5` (a decimal comma), and the same without braces, where a list is
just as likely."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"(?<![\d.])\d+(?:,\d+)+(?![\d.])")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
NOTE = "read with a comma as part of a number"


def plain_digits(written: str) -> str:
    """A number as tokens have it: thousands together, a decimal comma as a point."""
    digits = re.sub(r"[{}\\]", "", written)
    thousands = _THOUSANDS.match(digits)
    return digits.replace(",", "") if thousands else digits.replace(",", ".")


def with_commas(text: str) -> str | None:
    """The text with commas between digits, outside of all brackets, taken as parts of numbers (`0,5`); None where there
    is no such comma."""
    depths, depth = [], 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        depths.append(depth)
    made = _BETWEEN.sub(lambda m: m[0] if depths[m.start()] else plain_digits(m[0]), text)
    return made if made != text else None
