"""What is said of some cases alone: `$A_{ij} = 1$ if $i$ and $j$ are neighbours and $0$ otherwise`."""

from __future__ import annotations

import re

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.conditions import said
from derivcheck.source.sentences import HOLE, Place, Sentence

_IF = lazy(r"\s*(?P<comma>,)?\s*(?:if(?! and only)|when|whenever|unless|provided(?: that)?|as long as)\s+", re.I)
# `if we set`, `when differentiating`, `unless otherwise stated`: how it is derived, no case.
_NO_CASE = lazy(r"(?:we|i|you|one|us)\b|[a-z]+ing\b|(?:otherwise|stated|noted|specified)\b", re.I)
_FOR = lazy(r"\s*(?:,\s*)?(?:for|in|on|at|inside|within)\b", re.I)
_ELSE = lazy(r"\b(?:otherwise|elsewhere|else)\b(?! (?:stated|noted|specified))", re.I)
_ITSELF_ELSE = lazy(
    r"\s*,?\s*(?:otherwise|elsewhere|else)\b(?! (?:stated|noted|specified|where))\s*(?:[.,;:)]|$|\band\b)", re.I
)
_CLAUSE = lazy(rf"[^,;:.]*?(?=\s+and\s+(?:{HOLE}|\d|zero\b|one\b)|\bthen\b|[,;:.]|$)", re.I)
_RELATION = lazy(r"[=<>≤≥≠∈]|\\(?:leq?|geq?|lt|gt|neq?|in|notin|subset\w*|succ\w*|prec\w*)(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Part:
    """`name`: 'if' (a case is stated after it), 'else' (it is what holds in the other cases). `unread`: whether the
    case is said in words that have no formula. `case`: the formula that alone says it."""

    name: str
    words: str
    unread: bool = False
    case: Place | None = None


def said_partly(sentence: Sentence, place: Place) -> Part | None:
    """The case of which alone a formula in a sentence is said; None where it is said without one."""
    if place.formula.display:
        return None
    start = place.at + 1
    rest = sentence.text[start:]
    if _ITSELF_ELSE.match(rest):
        return Part("else", "otherwise")
    stop = re.search(r"[.;](?:\s|$)", rest)
    rest = rest[: stop.start()] if stop else rest
    otherwise = _ELSE.search(rest) is not None
    match = _IF.match(rest)
    if match is None:
        return Part("if", _shown(rest), True) if otherwise and _FOR.match(rest) else None
    clause = _CLAUSE.match(rest, match.end())
    if clause is None or _NO_CASE.match(clause.group()) or (match["comma"] and not otherwise):
        return None
    first, last = start + match.end(), start + clause.end()
    inside = [p for p in sentence.places if first <= p.at < last]
    read = any(_RELATION.search(p.formula.latex) for p in inside) or bool(said(sentence, first, last).readings)
    alone = read and len(inside) == 1 and clause.group().strip() == HOLE
    return Part("if", _shown(rest[: clause.end()]), not read, inside[0] if alone else None)


def _shown(words: str) -> str:
    return words.replace(HOLE, "…").strip(" ,")
