"""Case distinctions: a goal with cases follows when it follows in every branch, under the branch's condition."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product as pairs

from derivcheck.deciding.order.facts import Condition
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.givens import RELATIONS, as_condition
from derivcheck.deciding.order.poly import Atom, Mono, Poly
from derivcheck.terms.node import Cases, Compare, Index, Logic, Term

OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MAX_ALTERNATIVES = 12
Alternative = tuple[Condition, ...]
"""Conditions that hold together."""


def find_cases(poly: Poly) -> Atom | None:
    """A case distinction whose conditions involve no index bound in the goal."""
    for atom in sorted(poly.atoms, key=lambda a: a.key):
        if isinstance(atom.term, Cases):
            return atom
        bound = {r.index for r in atom.ranges}
        for arg in atom.args:
            inner = find_cases(arg)
            if inner is not None and isinstance(inner.term, Cases) and not _decides(inner.term) & bound:
                return inner
    return None


def _decides(cases: Cases) -> frozenset[Index]:
    """The indices that the conditions involve (the values may involve others)."""
    return frozenset(i for condition, _ in cases.branches for i in condition.free)


def replaced(forms: Forms, poly: Poly, old: Atom, new: Poly) -> Poly:
    """`poly` with an atom replaced wherever it stands."""
    total: list[tuple[Mono, Fraction]] = []
    for mono, coefficient in poly.terms:
        factors = [forms.power(_replaced_atom(forms, a, old, new), Poly.of(e)) for a, e in mono]
        total += forms.times(*factors).scaled(coefficient).terms
    return Poly.collect(total)


def _replaced_atom(forms: Forms, atom: Atom, old: Atom, new: Poly) -> Poly:
    if atom == old:
        return new
    args = tuple(replaced(forms, a, old, new) for a in atom.args)
    if all(a == b for a, b in zip(args, atom.args, strict=True)):
        return Poly.atom(atom)
    return forms.rebuild(atom, args, atom.ranges)


def branches(forms: Forms, atom: Atom) -> Iterator[tuple[Alternative, Poly]] | None:
    """The branches as (conditions, value); a branch under `or` is several. None: a condition could not be read."""
    cases = atom.term
    assert isinstance(cases, Cases)
    found: list[tuple[Alternative, Poly]] = []
    so_far: list[Alternative] = [()]
    for condition, value in cases.branches:
        holds, fails = alternatives(forms, condition, True), alternatives(forms, condition, False)
        if holds is None or fails is None or len(so_far) * max(len(holds), len(fails)) > MAX_ALTERNATIVES:
            return None
        found += [((*before, *here), forms.form(value)) for before, here in pairs(so_far, holds)]
        so_far = [(*before, *here) for before, here in pairs(so_far, fails)]
    if cases.otherwise is not None:
        found += [(before, forms.form(cases.otherwise)) for before in so_far]
    return iter(found)


def alternatives(forms: Forms, condition: Term, positive: bool) -> list[Alternative] | None:
    """A condition (or its negation) as alternatives of conditions that hold together."""
    if isinstance(condition, Compare) and condition.relation in RELATIONS:
        relation = condition.relation if positive else OPPOSITE[condition.relation]
        made = as_condition(forms.form(condition.left), relation, forms.form(condition.right))
        return None if made is None else [(made,)]
    if isinstance(condition, Logic) and condition.op == "not":
        return alternatives(forms, condition.args[0], not positive)
    if isinstance(condition, Logic):
        parts = [alternatives(forms, a, positive) for a in condition.args]
        known = [p for p in parts if p is not None]
        if len(known) < len(parts):
            return None
        if (condition.op == "and") == positive:
            return [tuple(c for part in choice for c in part) for choice in pairs(*known)]
        return [a for part in known for a in part]
    return None


__all__ = ["alternatives", "branches", "find_cases", "replaced"]
