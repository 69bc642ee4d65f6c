"""The verdict on one claim, with its evidence."""

from __future__ import annotations

from typing import Any

from derivcheck.record import dataclass, field

ORDER = ("refuted", "unreadable", "undecided", "holds", "proved")


def weakest(words: list[str]) -> str:
    """The weakest of some verdict words (at least one): what a chain of such lines is worth."""
    return min(words, key=ORDER.index)


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Small exact values at which the two sides differ, certified.

    dims: named dimensions (and lengths); values: LaTeX name to a number or nested lists of numbers
    (integers, or strings such as '1/2'); left, right: values of the two sides there (numbers, or nested
    lists; irrational ones as decimals); entry: 1-based position at which they differ, if tensors."""

    dims: dict[str, int]
    values: dict[str, Any]
    left: Any
    right: Any
    entry: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """word: one of ORDER. evidence: at least 'method'; plus 'dimensions', 'points', 'bound', 'needs' (assumptions
    used), 'except' (where a side is undefined), 'reason' (why undecided), as they apply."""

    word: str
    evidence: dict[str, Any] = field(default_factory=dict)
    counterexample: Counterexample | None = None
    code: str = ""
    notes: tuple[str, ...] = ()
