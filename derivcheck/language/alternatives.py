"""One of several relations holds: `x = 1 \\text{ or } x = 2`, `x = 1, 2`, `x \\in \\{1, 2\\}`.

Of equations between numbers the product of the differences is 0; of inequalities the largest difference is positive."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.links import Link
from derivcheck.record import replace
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE, ZERO, mul, sub
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Term
from derivcheck.terms.tensor import Tensor, scalar

MOST = 6
_NOTE = "read as: one of these holds"
_ORDERS = {"<": (">", -1), ">": (">", 1), "<=": (">=", -1), ">=": (">=", 1)}


def one_of(links: Sequence[Link]) -> Link | None:
    """The links as one claim, where they relate numbers in one way."""
    claims = [link.claim for link in links if link.kind == "claim" and link.claim is not None and not link.findings]
    if len(claims) < len(links) or not 1 < len(claims) <= MOST:
        return None
    combined = disjunction(claims)
    if combined is None:
        return None
    first, last = links[0], links[-1]
    undeclared = tuple(dict.fromkeys(name for link in links for name in link.undeclared))
    notes = (*(note for link in links for note in link.notes), _NOTE)
    return replace(
        first, span=replace(first.span, end=last.span.end), right_span=last.right_span, model=last.model,
        claim=combined, undeclared=undeclared, notes=notes, relation=combined.relation,
        ambiguities=frozenset[str]().union(*(link.ambiguities for link in links)),
    )  # fmt: skip


def disjunction(claims: Sequence[Claim]) -> Claim | None:
    """The claim that one of these holds; None where they speak of indices, of anything but numbers, or of both equality
    and order."""
    first = claims[0]
    plain = all(not (c.left.axes or c.right.axes or c.parameters) and c.given == first.given for c in claims)
    relations = {c.relation for c in claims}
    if not plain:
        return None
    if relations == {"="}:
        product: Term = ONE
        for claim in claims:
            product = mul(product, _difference(claim))
        return replace(first, left=scalar(product), right=scalar(ZERO))
    turned = {_ORDERS[r][0] for r in relations if r in _ORDERS}
    if len(turned) != 1 or not relations <= _ORDERS.keys():
        return None
    largest: Tensor | None = None
    for claim in claims:
        sign = _ORDERS[claim.relation][1]
        difference = scalar(_difference(claim) if sign > 0 else sub(claim.right.body, claim.left.body))
        largest = difference if largest is None else algebra.apply_function("max2", largest, difference)
    assert largest is not None
    return replace(first, left=largest, relation=next(iter(turned)), right=scalar(ZERO))


def _difference(claim: Claim) -> Term:
    return sub(claim.left.body, claim.right.body)
