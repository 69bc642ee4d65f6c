"""Claims of LaTeX as items for the bulk engine."""

from __future__ import annotations

from derivcheck.bulk.screening import Item
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement

SQUARE = "A, B \\in \\mathbb{R}^{n \\times n}"
VECTORS = "x, y \\in \\mathbb{R}^{n}"


def item(claim: str, *given: str) -> Item:
    scope, findings = read_givens(given)
    assert not [f for f in findings if f.severity == "error"]
    link = read_statement(claim, scope).links[0]
    assert link.claim is not None
    return Item(link.claim, link.model)
