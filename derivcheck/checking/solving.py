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


_DERIVATIVE = re.compile(
    r"\\(?:nabla|partial)(?![A-Za-z])|∇|∂|\\d?frac\s*\{\s*(?:\\(?:mathrm|text)\s*\{?\s*)?d\b|"
    r"\\d?frac\s*\{\s*(?:\\(?:mathrm|text)\s*\{?\s*)?d[A-Za-z\\]|\b[A-Za-z]'|\\prime(?![A-Za-z])"
)


def set_to_zero(text: str, link: Link, statement: Statement, previous: Statement | None) -> bool:
    """Whether a link of a chain that a derivative stands in equates it to zero, as some values can."""
    claim = link.claim
    if claim is None or claim.relation != "=" or not any(side.body == ZERO for side in (claim.left, claim.right)):
        return False
    declarations = link.model.declarations
    free = (n for n in claim.left.body.symbols | claim.right.body.symbols if n in declarations)
    if not any(not declarations[n].definitions and declarations[n].law is None for n in free):
        return False
    chain = _chain(text, link, statement, previous)
    return _DERIVATIVE.search(chain) is not None and satisfiable(link.model.assume(claim)) is not False


def _chain(text: str, link: Link, statement: Statement, previous: Statement | None) -> str:
    """The chain that a link belongs to, as written."""
    links = statement.links
    first = last = links.index(link)
    while first and links[first - 1].right_span == links[first].left_span:
        first -= 1
    while last + 1 < len(links) and links[last].right_span == links[last + 1].left_span:
        last += 1
    before = previous.reading if previous is not None and statement.continues and not first else ""
    return f"{before} {text[links[first].left_span.start : links[last].right_span.end]}"
