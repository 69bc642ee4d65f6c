"""The ranges of the free indices of an answer: `t` of `v_t = ...` is a time at which there is a v, in what the line is
compared with too."""

from __future__ import annotations

from collections.abc import Iterable

from derivcheck.language.elaboration.ranges import limits, offset
from derivcheck.language.elaboration.session import Use
from derivcheck.terms.model import Claim, Model, Parameter
from derivcheck.terms.node import Entry, Index, Term, walk


def ranges_of(claims: Iterable[Claim], model: Model) -> dict[Index, Parameter]:
    """Each free index with its limits as read, else those of the families whose members the claims speak of."""
    found: dict[Index, Parameter] = {}
    for claim in claims:
        for parameter in claim.parameters:
            if parameter.index in found:
                continue
            known = parameter.lower is not None or parameter.upper is not None
            ranged = parameter if known else Parameter(parameter.index, *_of_members(parameter.index, claim, model))
            if ranged.lower is not None or ranged.upper is not None:
                found[parameter.index] = ranged
    return found


def _of_members(index: Index, claim: Claim, model: Model) -> tuple[Term | None, Term | None]:
    """The limits within which the members that a claim speaks of exist."""
    uses: list[Use] = []
    for node in (*walk(claim.left.body), *walk(claim.right.body)):
        declaration = model.declarations.get(node.symbol) if isinstance(node, Entry) else None
        if declaration is None or not isinstance(node, Entry):
            continue
        for family, at in zip(declaration.family, node.indices, strict=False):
            place = offset(at)
            if place is not None and place[0] == index:
                uses.append(Use(family.lower, family.upper, None, place[1]))
    return limits(uses)
