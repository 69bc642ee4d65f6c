"""The members of families as notes speak of them: `$x_1, \\dots, x_n$`, and their range, `$t = 1, \\dots, T$`."""

from __future__ import annotations

import re

from derivcheck.checking.walking import CONDITIONS
from derivcheck.record import replace
from derivcheck.source.discourse import Move

_RANGE = re.compile(r"\s*[A-Za-z](?:\s*,\s*[A-Za-z])*\s*=[^=<>&]*\\(?:[lc]?dots|dots[cb])[^=<>&]*")


MEMBERS = "members"
_LISTED = re.compile(
    r"\s*([A-Za-z]|\\[a-z]+)_\{?1\}?\s*,(?:\s*\1_\{?2\}?\s*,)?\s*\\[lc]?dots\s*,\s*\1_\{?[A-Za-z]\}?\s*"
)


def of_members(move: Move) -> Move:
    """`We observe $x_1, \\dots, x_n$`: members of a family of numbers, as long as nothing else is said of them."""
    formula = move.formula
    if move.role != "mention" or formula is None or _LISTED.fullmatch(formula.latex) is None:
        return move
    return replace(
        move, role="property", note=MEMBERS, formula=replace(formula, latex=rf"{formula.latex} \in \mathbb{{R}}")
    )


def is_range(move: Move) -> bool:
    """`$t = 0, \\dots, T$` by itself."""
    return move.role == "claim" and move.formula is not None and _RANGE.fullmatch(move.formula.latex) is not None


def declares_members(move: Move) -> bool:
    """`$w_t \\in \\mathbb{R}^n$`, before its range."""
    if move.formula is None or move.role not in ("definition", "claim", *CONDITIONS):
        return False
    left, sign, _ = move.formula.latex.partition("\\in")
    return bool(sign) and "_" in left
