"""Integer terms (positions, times): equal, different, or not known. Indices and sizes are affine atoms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from derivcheck.terms.build import ONE, ZERO, delta, mul
from derivcheck.terms.dim import Dim, Monomial
from derivcheck.terms.node import Add, Compare, Logic, Mul, Number, Size, Term

Affine = dict[object, Fraction]
"""Coefficients of opaque atoms; the constant under the key 1. A dimension's monomials are atoms of their own."""


def affine(term: Term) -> Affine:
    """`term` as a sum of coefficients times atoms (what is not affine is an atom itself)."""
    out: Affine = {}
    _collect(term, Fraction(1), out)
    return {k: c for k, c in out.items() if c}


def _collect(term: Term, factor: Fraction, out: Affine) -> None:
    if isinstance(term, Number):
        out[1] = out.get(1, Fraction(0)) + factor * term.value
    elif isinstance(term, Add):
        for part in term.args:
            _collect(part, factor, out)
    elif isinstance(term, Size):
        for monomial, count in term.dim.terms:
            key: int | Monomial = monomial or 1
            out[key] = out.get(key, Fraction(0)) + factor * count
    elif isinstance(term, Mul):
        _collect_product(term, factor, out)
    else:
        out[term] = out.get(term, Fraction(0)) + factor


def _collect_product(term: Mul, factor: Fraction, out: Affine) -> None:
    rest: list[Term] = []
    for part in term.args:
        if isinstance(part, Number):
            factor *= part.value
        else:
            rest.append(part)
    if not rest:
        out[1] = out.get(1, Fraction(0)) + factor
    elif len(rest) == 1:
        _collect(rest[0], factor, out)
    else:
        atom = Mul(tuple(rest))
        out[atom] = out.get(atom, Fraction(0)) + factor


def as_dim(term: Term) -> Dim | None:
    """A whole number that is a polynomial in sizes, as one dimension."""
    match term:
        case Size(dim=dim):
            return dim
        case Number(value=value) if value.denominator == 1:
            return Dim.of(int(value))
        case Add(args=args) | Mul(args=args):
            parts = [part for a in args if (part := as_dim(a)) is not None]
            if len(parts) < len(args):
                return None
            return reduce(Dim.__add__ if isinstance(term, Add) else Dim.__mul__, parts)
    return None


def difference(left: Term, right: Term) -> Fraction | None:
    """`left - right` where it is the same number for all values, else None."""
    if left is right:
        return Fraction(0)
    a, b = affine(left), affine(right)
    rest = {k: a.get(k, Fraction(0)) - b.get(k, Fraction(0)) for k in a.keys() | b.keys()}
    if any(c for k, c in rest.items() if k != 1):
        return None
    return rest.get(1, Fraction(0))


def same(left: Sequence[Term], right: Sequence[Term]) -> bool | None:
    """Whether two lists of integer terms agree: always (True), never (False), or it depends (None)."""
    gaps = [difference(a, b) for a, b in zip(left, right, strict=True)]
    if any(gap is not None and gap != 0 for gap in gaps):
        return False
    return True if all(gap == 0 for gap in gaps) else None


_DECIDED = {
    "=": lambda g: g == 0, "!=": lambda g: g != 0, "<": lambda g: g < 0,
    "<=": lambda g: g <= 0, ">": lambda g: g > 0, ">=": lambda g: g >= 0,
}


def decided(condition: Term) -> bool | None:
    """A condition on integers that holds always (True) or never (False); None where it depends."""
    if isinstance(condition, Compare):
        gap = difference(condition.left, condition.right)
        return None if gap is None else _DECIDED[condition.relation](gap)
    if isinstance(condition, Logic):
        parts = [decided(part) for part in condition.args]
        if condition.op == "not":
            return None if parts[0] is None else not parts[0]
        absorbing = condition.op == "or"
        if absorbing in parts:
            return absorbing
        return None if None in parts else not absorbing
    return None


def equal_condition(left: Sequence[Term], right: Sequence[Term]) -> Term:
    """The condition that two lists of integer terms agree (at least one pair)."""
    parts = tuple(Compare("=", a, b) for a, b in zip(left, right, strict=True) if difference(a, b) != 0)
    return parts[0] if len(parts) == 1 else Logic("and", parts)


def deltas(left: Sequence[Term], right: Sequence[Term]) -> Term:
    """1 where two lists of integer terms agree, else 0, as a product of Kronecker deltas."""
    factors: list[Term] = []
    for a, b in zip(left, right, strict=True):
        gap = difference(a, b)
        factors.append(delta(a, b) if gap is None else ONE if gap == 0 else ZERO)
    return mul(*factors)
