"""`P > 0` and `A \\ge B` of square matrices: as usual entry by entry, in control and statistics in Loewner's order."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.deciding.order.givens import symmetric_symbols
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Domain, Model
from derivcheck.terms.node import Entry, Number
from derivcheck.terms.tensor import Tensor

_ORDERS = {">": "succ", ">=": "succeq", "<": "succ", "<=": "succeq"}
NOTE = "an inequality between square matrices is read in Loewner's order (positive definite)"


def otherwise(claim: Claim, model: Model) -> Iterator[tuple[Claim, Model, bool]]:
    """The claim and the givens with inequalities between square matrices in Loewner's order, and whether it is plain
    that this is meant: of a matrix that is said to be symmetric."""
    compared, definite = in_order(claim), _definite(model)
    surely = definite is None or _said(model) <= symmetric_symbols(model.assumptions)
    if compared is not None:
        yield compared, model, True
    if definite is not None:
        yield claim, definite, surely
        if compared is not None:
            yield compared, definite, surely


def in_order(claim: Claim) -> Claim | None:
    """`A >= B` of square matrices as `A \\succeq B`."""
    relation = _ORDERS.get(claim.relation)
    left, right = claim.left, claim.right
    if relation is None or not (_is_square(left) and _is_square(right)) or not (_fits(left) and _fits(right)):
        return None
    greater, less = (left, right) if claim.relation in (">", ">=") else (right, left)
    return replace(claim, left=greater, relation=relation, right=less)


def _is_square(side: Tensor) -> bool:
    return len(side.axes) == 2 and side.shape[0] == side.shape[1]


def _fits(side: Tensor) -> bool:
    """A matrix, or 0: `A > 1` is said of entries."""
    return not isinstance(side.body, Number) or side.body.value == 0


def _definite(model: Model) -> Model | None:
    """The givens with their inequalities between square matrices in Loewner's order."""
    claims = [in_order(a) or a for a in model.assumptions]
    if list(model.assumptions) == claims and not model.bounds:
        return None
    for bound in model.bounds:
        ordered = in_order(bound)
        entry = bound.left.body if isinstance(bound.left.body, Entry) else bound.right.body
        assert ordered is not None and isinstance(entry, Entry)
        claims.append(ordered)
        model = model.declare(replace(model.declarations[entry.symbol], domain=Domain()))
    return replace(model, assumptions=tuple(claims), bounds=())


def _said(model: Model) -> frozenset[str]:
    """The names of which an inequality between matrices is given."""
    found = [*model.bounds, *(a for a in model.assumptions if in_order(a) is not None)]
    return frozenset[str]().union(*(c.left.body.symbols | c.right.body.symbols for c in found))
