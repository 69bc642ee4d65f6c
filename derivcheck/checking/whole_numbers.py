"""`n \\ge 1`, `f(n) = ...`: a letter for whole numbers of which nothing says in which set it lives.

As usual it is any real number in its bounds. Where a claim is wrong so and right of whole numbers, that is meant."""

from __future__ import annotations

import math
import re

from derivcheck.checking.conditions import depends_on
from derivcheck.record import replace
from derivcheck.terms.build import number
from derivcheck.terms.model import Claim, Declaration, Domain, Model
from derivcheck.terms.node import Number, Term

_SURELY = re.compile(r"[ijnN](_\w+)?")
_MAYBE = re.compile(r"[ijklmnKMNT](_\w+)?")
"""k, m, T and the like may be a constant of a spring, a mass, a temperature as well."""


def of_whole_numbers(claim: Claim, model: Model) -> tuple[Model, tuple[str, ...], bool] | None:
    """The givens in which such letters of a claim are whole numbers, these letters, and whether that is plain."""
    reached = depends_on(model, claim.left.body.symbols | claim.right.body.symbols)
    known = {name: model.declarations[name] for name in sorted(reached) if name in model.declarations}
    found = {name: made for name, d in known.items() if (made := _whole(d, model)) is not None}
    if not found:
        return None
    plain = all(_SURELY.fullmatch(name) for name in found)
    return replace(model, declarations={**model.declarations, **found}), tuple(found), plain


def _whole(declaration: Declaration, model: Model) -> Declaration | None:
    free = not (declaration.shape or declaration.family or declaration.definitions or declaration.law)
    domain = declaration.domain
    if not free or domain.kind != "real" or declaration.name in model.said or not _MAYBE.fullmatch(declaration.name):
        return None
    if not all(bound is None or isinstance(bound, Number) for bound in (domain.low, domain.high)):
        return None
    low = _bound(domain.low, domain.low_strict, 1)
    high = _bound(domain.high, domain.high_strict, -1)
    return replace(declaration, domain=Domain("integer", low=low, high=high))


def _bound(bound: Term | None, strict: bool, step: int) -> Term | None:
    """The last whole number within a bound, from above (step 1) or below."""
    if not isinstance(bound, Number):
        return None
    inside = step * math.ceil(step * bound.value)
    return number(inside + step if strict and inside == bound.value else inside)
