"""`\\prod_{k=t}^{i+1}`: a range that counts down. As it stands it is empty; from its end to its start is another
reading."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.ranges import difference
from derivcheck.terms.integers import affine
from derivcheck.terms.node import Number, Term

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

_STEPS = {"<": 1, "<=": 0}


def falls(elab: Elaborator, lower: Term, upper: Term) -> bool:
    """Whether the lower limit is surely not below the upper one, by the sizes of dimensions or by a given (`i < t`)."""
    if isinstance(upper, Number):
        return not isinstance(lower, Number) and upper.value <= 1
    gap = affine(difference(upper, lower))
    if _never_positive(gap):
        return True
    for claim in elab.scope.model.assumptions:
        step = _STEPS.get(claim.relation)
        if step is None or claim.left.axes or claim.right.axes:
            continue
        rest = dict(gap)
        for atom, value in affine(difference(claim.left.body, claim.right.body)).items():
            rest[atom] = rest.get(atom, Fraction(0)) - value
        rest[1] = rest.get(1, Fraction(0)) - step
        if _never_positive({atom: value for atom, value in rest.items() if value}):
            return True
    return False


def _never_positive(gap: Mapping[object, Fraction]) -> bool:
    """Of dimensions (at least 1) and a number: is the sum never above zero?"""
    sizes = [value for atom, value in gap.items() if isinstance(atom, tuple)]
    rest = [atom for atom in gap if atom != 1 and not isinstance(atom, tuple)]
    return not rest and all(value < 0 for value in sizes) and sum(gap.values()) <= 0
