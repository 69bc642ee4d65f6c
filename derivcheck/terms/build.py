"""Constructors that fold constants and flatten: for terms *computed* by rules (derivatives, unfolding).
Reading never uses them on what a student wrote, so that a line is shown and judged as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Add, Delta, Index, Mul, Number, Power, Reduce, Size, Term

ZERO = Number(Fraction(0))
ONE = Number(Fraction(1))
MINUS_ONE = Number(Fraction(-1))
TWO = Number(Fraction(2))
HALF = Number(Fraction(1, 2))


def number(value: int | Fraction) -> Number:
    return Number(Fraction(value))


def add(*terms: Term) -> Term:
    constant = Fraction(0)
    rest: list[Term] = []
    for term in _flat(Add, terms):
        if isinstance(term, Number):
            constant += term.value
        else:
            rest.append(term)
    if constant:
        rest.append(Number(constant))
    if not rest:
        return ZERO
    return rest[0] if len(rest) == 1 else Add(tuple(rest))


def mul(*terms: Term) -> Term:
    constant = Fraction(1)
    rest: list[Term] = []
    for term in _flat(Mul, terms):
        if isinstance(term, Number):
            constant *= term.value
        else:
            rest.append(term)
    if not constant:
        return ZERO
    if constant != 1:
        rest.insert(0, Number(constant))
    if not rest:
        return ONE
    return rest[0] if len(rest) == 1 else Mul(tuple(rest))


def _flat(kind: type, terms: Iterable[Term]) -> Iterable[Term]:
    for term in terms:
        if isinstance(term, kind):
            yield from term.args  # type: ignore[attr-defined]
        else:
            yield term


def neg(term: Term) -> Term:
    return mul(MINUS_ONE, term)


def sub(left: Term, right: Term) -> Term:
    return add(left, neg(right))


def power(base: Term, exponent: Term) -> Term:
    if exponent == ONE:
        return base
    if exponent == ZERO:
        return ONE
    if isinstance(base, Number) and isinstance(exponent, Number) and exponent.value.denominator == 1:
        safe = base.value != 0 or exponent.value > 0
        return (
            Number(base.value ** int(exponent.value)) if safe and abs(exponent.value) <= 64 else Power(base, exponent)
        )
    return Power(base, exponent)


def div(left: Term, right: Term) -> Term:
    return mul(left, power(right, MINUS_ONE))


def size(dim: Dim) -> Term:
    return number(dim.number) if dim.number is not None else Size(dim)


def delta(left: Term, right: Term) -> Term:
    if left is right:
        return ONE
    if isinstance(left, Number) and isinstance(right, Number):
        return ONE if left.value == right.value else ZERO
    return Delta(left, right)


def sum_over(index: Index, body: Term) -> Term:
    """The sum over a whole axis (index.dim must be set)."""
    assert index.dim is not None
    return ZERO if body is ZERO else Reduce("sum", index, ONE, size(index.dim), body)
