"""Conditions as polynomials with values 0 and 1: comparisons, Kronecker's delta, ranges of integers.

`not a` is 1 - a, `a and b` is a b; comparisons are written with `> 0` and `= 0` alone:
[x >= 0] is [x + 1 > 0] for integers, and 1 - [-x > 0] for reals.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.normal.facts import NONNEGATIVE, POSITIVE
from derivcheck.deciding.normal.functions import divide, is_integer, modulo
from derivcheck.deciding.normal.poly import Atom, Monomial, Poly, constant, of_atom

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra

ZERO, UNIT = constant(0), constant(1)


def integral(poly: Poly) -> bool:
    """Whether a polynomial is known to have integer values."""
    return all(c.denominator == 1 and is_integer(m) for c, m in poly)


def delta(algebra: Algebra, left: Poly, right: Poly) -> Poly:
    """Kronecker's delta: what the sides share is taken off, mixed-radix numbers are compared digit by digit."""
    difference = algebra.sub(left, right)
    if not difference.terms:
        return UNIT
    if algebra.facts.differ(left, right):
        return ZERO
    digits = _digits(algebra, difference)
    if digits is not None:
        return algebra.mul(delta(algebra, digits[0], ZERO), delta(algebra, digits[1], ZERO))
    plus = Poly.of((c, m) for c, m in difference if c > 0)
    minus = Poly.of((-c, m) for c, m in difference if c < 0)
    return of_atom(Atom(("delta", "symmetric"), (plus, minus)))


def _digits(algebra: Algebra, difference: Poly) -> tuple[Poly, Poly] | None:
    """difference = q * a + b with |b| < q: it vanishes where both a and b do."""
    for base in _bases(difference):
        quotient = divide(algebra, difference, base)
        if any(a.head[:2] == ("function", "div") for _, m in quotient for a, _ in m.factors):
            quotient = _multiple(quotient)
        rest = algebra.sub(difference, algebra.mul(quotient, base))
        if not quotient.terms or not rest.terms:
            if quotient.terms:
                return quotient, ZERO
            continue
        if all(
            algebra.facts.at_least_zero(algebra.sub(algebra.sub(base, UNIT), algebra.scale(rest, s))) for s in (1, -1)
        ):
            return quotient, rest
    return None


def _multiple(quotient: Poly) -> Poly:
    return Poly.of((c, m) for c, m in quotient if not any(a.head[:2] == ("function", "div") for a, _ in m.factors))


def _bases(poly: Poly) -> list[Poly]:
    """Candidates for the base of a mixed-radix number: the products of sizes that multiply an index in it, and
    whole coefficients."""
    found: dict[str, Poly] = {}
    for coefficient, monomial in poly:
        sizes = tuple((a, e) for a, e in monomial.factors if a.head[0] == "size")
        if sizes and len(sizes) < len(monomial.factors):
            base = Poly.of([(Fraction(1), Monomial((), sizes))])
            found[base.key] = base
        elif not sizes and abs(coefficient) > 1 and monomial.factors:
            base = constant(abs(coefficient))
            found[base.key] = base
    return list(found.values())


def in_range(algebra: Algebra, value: Poly, lower: Poly, upper: Poly) -> Atom | Poly:
    """lower <= value <= upper as a factor."""
    known = algebra.facts.known_range(value, lower, upper)
    if known is not None:
        return UNIT if known else ZERO
    if lower.key == upper.key:
        return delta(algebra, value, lower)
    if algebra.facts.at_least_zero(algebra.sub(algebra.sub(lower, upper), UNIT)):
        return ZERO
    offset = constant(next((c for c, m in value if not m.factors and not m.dummies), 0))
    if offset.terms:
        value, lower, upper = (algebra.sub(p, offset) for p in (value, lower, upper))
    return Atom(("range",), (value, lower, upper))


def compare(algebra: Algebra, relation: str, poly: Poly) -> Poly:
    """The condition `poly relation 0` as a number, 0 or 1."""
    if relation in ("<", "<="):
        return compare(algebra, relation.replace("<", ">"), algebra.scale(poly, -1))
    if relation == "!=":
        return algebra.sub(UNIT, compare(algebra, "=", poly))
    whole = integral(poly)
    if relation == ">=":
        if whole:
            return compare(algebra, ">", algebra.add(poly, UNIT))
        return algebra.sub(UNIT, compare(algebra, ">", algebra.scale(poly, -1)))
    if relation == "=":
        return delta(algebra, poly, ZERO) if whole else _equals(algebra, poly)
    return _positive(algebra, poly, whole)


def _equals(algebra: Algebra, poly: Poly) -> Poly:
    if poly.number is not None:
        return ZERO if poly.number else UNIT
    if POSITIVE in (algebra.facts.poly_sign(poly), algebra.facts.poly_sign(algebra.scale(poly, -1))):
        return ZERO
    return of_atom(Atom(("condition", "="), (algebra.scale(poly, 1 / poly.lead()[0]),)))


def _positive(algebra: Algebra, poly: Poly, whole: bool) -> Poly:
    """[poly > 0]."""
    if poly.number is not None:
        return UNIT if poly.number > 0 else ZERO
    opposite = algebra.scale(poly, -1)
    if algebra.facts.poly_sign(poly) == POSITIVE:
        return UNIT
    if algebra.facts.poly_sign(opposite) >= NONNEGATIVE:
        return ZERO
    if whole:
        if algebra.facts.at_least_zero(algebra.sub(poly, UNIT)):
            return UNIT
        if algebra.facts.at_least_zero(opposite):
            return ZERO
        if poly.lead()[0] < 0:  # [p > 0] = 1 - [1 - p > 0]
            return algebra.sub(UNIT, _atom_positive(algebra, algebra.add(opposite, UNIT)))
        return _atom_positive(algebra, poly)
    switch, rest = _without_positive_factors(algebra, poly)
    if switch.number == 1:
        return _atom_positive(algebra, rest)
    return algebra.mul(switch, _positive(algebra, rest, False))


def _atom_positive(algebra: Algebra, poly: Poly) -> Poly:
    scaled = algebra.scale(poly, 1 / abs(poly.lead()[0])) if not integral(poly) else poly
    return of_atom(Atom(("condition", ">"), (scaled,)))


def _without_positive_factors(algebra: Algebra, poly: Poly) -> tuple[Poly, Poly]:
    """[b p x > 0] = b [x > 0] for b of 0 or 1 and p > 0: b, and what is left of one product. (A square is 0 or
    positive: it stays.)"""
    if len(poly) != 1:
        return UNIT, poly
    ((coefficient, monomial),) = poly
    if monomial.dummies:
        return UNIT, poly
    switches = tuple((a, e) for a, e in monomial.factors if a.head[0] in ("condition", "delta", "range") and e > 0)
    rest = tuple(f for f in monomial.factors if f not in switches and algebra.facts.atom_sign(f[0]) < POSITIVE)
    return Poly.of([(Fraction(1), Monomial((), switches))]), Poly.of([(coefficient, Monomial((), rest))])


__all__ = ["compare", "delta", "in_range", "integral", "modulo"]
