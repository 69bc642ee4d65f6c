"""Equations that are there to be solved: `\\nabla f(x) = 2 x - a = 0` does not say that it holds for every x."""

from __future__ import annotations

import re

from derivcheck.deciding.verdict import Verdict
from derivcheck.language.statements import Link, Statement
from derivcheck.terms.build import ZERO
from derivcheck.worlds.sampling import satisfiable

SET_TO_ZERO = Verdict(
    "undecided", {"method": "none", "reason": "it sets a derivative to zero, so it is an equation to solve"}
)


DERIVATIVE = re.compile(
    r"[\s&{-]*(?:\\(?:nabla|partial)(?![A-Za-z])|∇|∂|\\?[A-Za-z]+(?:'|\^\{?\s*\\prime)|"
    r"\\[dt]?frac\s*\{\s*(?:\\partial(?![A-Za-z])|∂|(?:\\(?:mathrm|text)\s*\{?\s*)?d(?:\b|[A-Za-z\\}])))"
)
"""How a side begins that is a derivative; of a sum of derivatives that it is zero is a claim."""
TAKEN = re.compile(r"\\(?:nabla|partial)(?![A-Za-z])|∇|∂|\\[dt]?frac\s*\{\s*(?:\\mathrm\s*\{?\s*)?d(?![a-z])|'")
"""Where a line takes a derivative."""


def set_to_zero(text: str, link: Link, statement: Statement, previous: Statement | None) -> bool:
    """Whether a link of a chain that a derivative stands in equates it to zero, as some values can."""
    claim = link.claim
    if claim is None or claim.relation != "=" or not any(side.body == ZERO for side in (claim.left, claim.right)):
        return False
    declarations = link.model.declarations
    free = (n for n in claim.left.body.symbols | claim.right.body.symbols if n in declarations)
    if not any(not declarations[n].definitions and declarations[n].law is None for n in free):
        return False
    sides = _sides(text, link, statement, previous)
    return any(DERIVATIVE.match(side) for side in sides) and satisfiable(link.model.assume(claim)) is not False


def _sides(text: str, link: Link, statement: Statement, previous: Statement | None) -> list[str]:
    """What stands between the relations of the chain that a link belongs to, as written."""
    links = statement.links
    first = last = links.index(link)
    while first and links[first - 1].right_span == links[first].left_span:
        first -= 1
    while last + 1 < len(links) and links[last].right_span == links[last + 1].left_span:
        last += 1
    before = previous.reading.split("=") if previous is not None and statement.continues and not first else []
    spans = [links[first].left_span, *(other.right_span for other in links[first : last + 1])]
    return [*before, *(text[span.start : span.end] for span in spans)]
