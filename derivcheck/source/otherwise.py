"""Cases one after another: `If $i = j$, then ... Otherwise ...`, `$a_{ij} = 0$ for $i \\ne j$ and $a_{ii} = 1$`."""

from __future__ import annotations

import re
from itertools import pairwise

from derivcheck.regex import lazy
from derivcheck.source.sentences import HOLE, Place, Sentence

_OTHERWISE = lazy(r"\W*(?:otherwise|elsewhere|else)\b(?!\s+(?:stated|noted|specified))", re.I)
_CASE = lazy(rf"\b(?:if|when|for|case|where)\s+(?=(?P<at>{HOLE}))", re.I)
_NEGATED = {
    "=": r"\ne", r"\ne": "=", r"\neq": "=", "≠": "=", "<": r"\ge", ">": r"\le", r"\le": ">", r"\leq": ">", r"\ge": "<",
    r"\geq": "<", "≤": ">", "≥": "<",
}  # fmt: skip
_RELATION = re.compile(r"\\(?:neq|ne|leq|le|geq|ge)(?![A-Za-z])|[=<>≠≤≥]")


def case_before(sentence: Sentence, before: Sentence | None) -> tuple[Place, str] | None:
    """The case that the sentence before states, and its negation as a formula ('' where that is not simple)."""
    if before is None or not _OTHERWISE.match(sentence.text):
        return None
    found = [match.start("at") for match in _CASE.finditer(before.text)]
    place = next((p for p in before.places if found and p.at == found[0]), None)
    if place is None:
        return None
    relations = _RELATION.findall(place.formula.latex)
    if len(found) > 1 or len(relations) != 1 or relations[0] not in _NEGATED:
        return place, ""
    left, right = _RELATION.split(place.formula.latex, maxsplit=1)
    return place, f"{left.strip()} {_NEGATED[relations[0]]} {right.strip()}"


def before_another_claim(sentence: Sentence, end: int, until: int) -> int:
    """Where the rule of a cue that ends at `end` stops: what begins as the claim before it does is the next claim."""
    claims = [place for place in sentence.places if place.at < end]
    ruled = [place for place in sentence.places if end <= place.at < until]
    for before, place in pairwise(ruled):
        joined = re.fullmatch(r"\s*,?\s*and\s*", sentence.text[before.at + 1 : place.at])
        if joined and claims and _begins_alike(claims[-1].formula.latex, place.formula.latex):
            return before.at + 1
    return until


def _begins_alike(one: str, other: str) -> bool:
    """Do the left sides of two relations begin with the same quantity (`\\frac{\\partial p_i}{...} = ...`)?"""
    heads = [re.sub(r"\\frac|[{}\s]", "", latex)[:10].split("_")[0] for latex in (one, other) if "=" in latex]
    return len(heads) == 2 and heads[0] == heads[1] != ""
