"""Numbers as people write them, and when two of them agree.

Whole numbers agree exactly; decimals when they agree after rounding to the digits written, of which at least two
must be significant (or as many as asked): with fewer, agreement is not decided.
"""

from __future__ import annotations

import re
from fractions import Fraction

from derivcheck.record import dataclass
from derivcheck.regex import lazy

_MINUS = str.maketrans({"−": "-", "–": "-"})
_POWER = r"\s*(?:\\times|\\cdot|×|x|\*)\s*10\s*(?:\^|\*\*)\s*\{?\s*(?P<power>[-+−]?\d{1,4})\s*\}?"
NUMBER = lazy(
    r"(?P<sign>[-−–]\s*)?(?P<digits>\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})+|\d+)(?P<fraction>\.\d+)?"
    rf"(?:{_POWER}|[eE](?P<e>[-+]?\d{{1,4}})(?![\w]))?(?P<percent>\s*\\?%)?"
)
_RATIO = lazy(r"\s*([-−–]?)\s*(?:\\[dt]?frac\{\s*(\d+)\s*\}\{\s*(\d+)\s*\}|(\d+)\s*/\s*(\d+))\s*$")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written. `step`: one unit of its last digit (0: exact). `significant`: how many digits say
    something."""

    value: Fraction
    step: Fraction = Fraction(0)
    significant: int = 0


def of_match(found: re.Match[str]) -> Written:
    digits = re.sub(r"\D", "", found["digits"])
    fraction = (found["fraction"] or "")[1:]
    exponent = int((found["power"] or found["e"] or "0").translate(_MINUS)) - len(fraction)
    exponent -= 2 if found["percent"] else 0
    scale = Fraction(10) ** exponent
    value = int(digits + fraction) * scale * (-1 if found["sign"] else 1)
    rounded = bool(fraction or found["power"] or found["e"])
    return Written(value, scale if rounded else Fraction(0), len((digits + fraction).lstrip("0")))


def number_in(text: str) -> Written | None:
    """The number that a text is (with `≈`, dollars and units of a table cell around it), else None."""
    cleaned = re.sub(r"[$*`~≈]|\\approx|\\sim|\\left|\\right|\\[,;!]", "", text).strip().rstrip(".")
    ratio = _RATIO.match(cleaned)
    if ratio:
        top, bottom = int(ratio[2] or ratio[4]), int(ratio[3] or ratio[5])
        return Written(Fraction(top, bottom) * (-1 if ratio[1] else 1)) if bottom else None
    found = NUMBER.fullmatch(cleaned)
    return of_match(found) if found else None


_LIST = lazy(
    r"\s*(?:\\left)?\s*(?:[\[(]|\\begin\{[pb]?matrix\})(.+?)(?:\\right)?\s*(?:[\])]|\\end\{[pb]?matrix\})"
    r"\s*(?:\^\s*\{?\s*(?:\\top|T|\\intercal)\s*\}?)?\s*\.?\s*"
)


def numbers_in(text: str) -> list[Written]:
    """The numbers of a vector (`[0, 0.8]`, also as a matrix of one row or column), or the one number; else nothing."""
    one = number_in(text)
    if one is not None:
        return [one]
    found = _LIST.fullmatch(text.strip().strip("$"))
    if not found:
        return []
    cells = [number_in(cell) for cell in re.split(r",|;|&|\\\\|\s{2,}", found[1])]
    return [cell for cell in cells if cell is not None] if None not in cells else []


def agrees(written: Written, low: Fraction, high: Fraction | None = None, digits: int = 0) -> bool | None:
    """Is the written number the exact one (or one between low and high)? None: too few digits to say."""
    high = low if high is None else high
    if low <= written.value <= high:
        return True
    if not written.step:
        return False
    half = written.step / 2
    near = written.value - half <= high and low <= written.value + half
    if not near:
        return False
    return True if written.significant >= max(2, digits) else None
