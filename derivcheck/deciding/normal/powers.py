"""Powers of polynomials: roots, reciprocals, and the compound atoms that stand for what cannot be taken apart.

A compound atom `compound[p]` has a negative or fractional exponent; p has no common factor, no denominator
of its own and leading coefficient 1, so that equal denominators look equal: every monomial of p divides by
their common factors, and p is multiplied by the denominators that its monomials share.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING

from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.normal.poly import ONE, Atom, Monomial, Poly, components, constant, degree, of_atom
from derivcheck.deciding.numbers import whole_power

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra

EXPANSION = 400
"""A power or product is multiplied out to at most so many monomials."""


class Undefined(Exception):
    """A zero denominator in what was to be proved: there is nothing to prove there."""


def power(algebra: Algebra, base: Poly, exponent: Fraction) -> Poly:
    """base^exponent for a rational exponent."""
    if not exponent:
        return constant(1)
    if exponent == 1:
        return base
    value = base.number
    if value is not None:
        return number_power(algebra, value, exponent)
    if len(base) == 1:
        ((coefficient, monomial),) = base
        return _monomial_power(algebra, coefficient, monomial, exponent)
    if exponent.denominator == 1 and exponent > 0:
        if exponent > EXPANSION * 10 or len(base) ** int(exponent) > EXPANSION * 10:
            raise OutOfWork("rewrites")
        return reduce(algebra.mul, [base] * int(exponent))
    return _compound_power(algebra, base, exponent)


def number_power(algebra: Algebra, value: Fraction, exponent: Fraction) -> Poly:
    """Roots of rationals are products of roots of primes with exponents in (0, 1)."""
    if exponent.denominator == 1:
        if not value and exponent < 0:
            raise Undefined("0 in a denominator")
        return constant(whole_power(value, int(exponent)))
    if value < 0:
        raise Undefined("a root of a negative number")
    if not value:
        return constant(0)
    result = constant(1)
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime, times in prime_factors(part).items():
            result = algebra.mul(result, algebra.atom("number", str(prime), exponent=exponent * times * sign))
    return result


def prime_factors(number: int) -> dict[int, int]:
    """Small primes with multiplicity; what is left after trial division counts as one."""
    found: dict[int, int] = {}
    divisor = 2
    while divisor * divisor <= number and divisor < 2000:
        while number % divisor == 0:
            found[divisor] = found.get(divisor, 0) + 1
            number //= divisor
        divisor += 1
    if number > 1:
        found[number] = found.get(number, 0) + 1
    return found


def _monomial_power(algebra: Algebra, coefficient: Fraction, monomial: Monomial, exponent: Fraction) -> Poly:
    parts = components(monomial.dummies, monomial.factors)
    if exponent.denominator == 1:
        result = constant(whole_power(coefficient, int(exponent)))
        for dummies, factors in parts:
            if dummies and exponent > 0:
                part = Poly.of([(ONE, Monomial(dummies, factors))])
                if exponent > 12:
                    raise OutOfWork("rewrites")
                result = algebra.mul(result, *([part] * int(exponent)))
            elif dummies:
                part = Poly.of([(ONE, Monomial(dummies, factors))])
                result = algebra.mul(result, _compound_power(algebra, part, exponent))
            else:
                for atom, e in factors:
                    if exponent < 0:
                        except_zero(algebra, atom)
                    result = algebra.mul(result, of_factor(algebra, atom, e * exponent))
        return result
    return _root(algebra, coefficient, parts, exponent)


def of_factor(algebra: Algebra, atom: Atom, exponent: Fraction) -> Poly:
    from derivcheck.deciding.normal.algebra import Raw

    return algebra.settle([Raw(ONE, (), ((atom, exponent),))])


def _root(algebra: Algebra, coefficient: Fraction, parts: list, exponent: Fraction) -> Poly:
    """(coefficient * parts)^exponent for a fractional exponent: what is known to be nonnegative comes out; of an
    even power comes the absolute value; the rest stays together under the root."""
    result = number_power(algebra, abs(coefficient), exponent)
    rest = constant(1 if coefficient > 0 else -1)
    for dummies, factors in parts:
        if dummies:
            part = Poly.of([(ONE, Monomial(dummies, factors))])
            if algebra.facts.poly_sign(part):
                result = algebra.mul(result, _compound_power(algebra, part, exponent))
            else:
                rest = algebra.mul(rest, part)
            continue
        for atom, e in factors:
            if algebra.facts.atom_sign(atom) or e.denominator % 2 == 0:
                result = algebra.mul(result, of_factor(algebra, atom, e * exponent))
            elif e.denominator == 1 and e % 2 == 0:
                modulus = algebra.atom("function", "abs", args=(of_atom(atom),))
                result = algebra.mul(result, power(algebra, modulus, e * exponent))
            else:
                rest = algebra.mul(rest, of_factor(algebra, atom, e))
    single = rest.single
    if single is not None and rest.number is None:
        return algebra.mul(result, of_factor(algebra, single, exponent))
    if rest.number == 1:
        return result
    if rest.number is not None:
        raise Undefined("a root of a negative number")
    return algebra.mul(result, of_factor(algebra, Atom(("compound",), (rest,)), exponent))


def except_zero(algebra: Algebra, atom: Atom) -> None:
    """Notes that the atom must not vanish, where that is not known."""
    from derivcheck.deciding.normal.facts import POSITIVE

    if algebra.facts.atom_sign(atom) < POSITIVE and atom.head[0] != "operation":
        algebra.except_atom(atom)


def _compound_power(algebra: Algebra, base: Poly, exponent: Fraction) -> Poly:
    outside, inside = primitive(algebra, base, exponent.denominator == 1)
    if len(inside) == 1 and not next(iter(inside))[1].dummies:
        return algebra.mul(power(algebra, outside, exponent), power(algebra, inside, exponent))
    if not inside.terms:
        raise Undefined("0 in a denominator")
    if exponent.denominator == 1 and exponent > 0:
        return algebra.mul(power(algebra, outside, exponent), power(algebra, inside, exponent))
    atom = Atom(("compound",), (inside,))
    if exponent < 0:
        except_zero(algebra, atom)
    factor = power(algebra, outside, exponent) if outside.number != 1 else constant(1)
    return algebra.mul(factor, of_factor(algebra, atom, exponent))


def compound(algebra: Algebra, inside: Poly) -> Atom | Poly:
    """A compound atom whose argument changed: as a polynomial, since it may now be something simpler. (Its exponent
    is applied by the caller.)"""
    del algebra
    return inside


def primitive(algebra: Algebra, poly: Poly, integer: bool) -> tuple[Poly, Poly]:
    """poly = outside * inside, where outside is one product and inside has no common factor, no denominator and
    leading coefficient 1 (+-1 times a positive number outside, where roots will be taken)."""
    for _ in range(6):
        denominators = _compound_denominators(poly)
        if not denominators:
            break
        cleared = poly
        for atom, exponent in denominators:
            cleared = multiply_out(algebra, cleared, atom, exponent)
        outside = constant(1)
        for atom, exponent in denominators:
            outside = algebra.mul(outside, of_factor(algebra, atom, -exponent))
        more, inside = primitive(algebra, cleared, integer)
        return algebra.mul(outside, more), inside
    common = _common(algebra, poly, integer)
    if not poly.terms:
        return constant(1), poly
    outside = constant(1)
    for atom, exponent in common:
        outside = algebra.mul(outside, of_factor(algebra, atom, exponent))
        poly = algebra.mul(poly, of_factor(algebra, atom, -exponent))
    if not poly.terms:
        return outside, poly
    lead = poly.lead()[0]
    if not integer:
        lead = abs(lead)
    return algebra.scale(outside, lead), algebra.scale(poly, 1 / lead)


def multiply_out(algebra: Algebra, poly: Poly, atom: Atom, exponent: Fraction) -> Poly:
    """poly * atom^exponent for a compound atom with a positive integer exponent: where a monomial has the atom in
    its denominator it cancels, elsewhere it is multiplied out; what is left of a root in a denominator is a root."""
    from derivcheck.deciding.normal.algebra import Raw

    result = constant(0)
    inside = atom.args[0]
    for coefficient, monomial in poly:
        have = next((e for a, e in monomial.factors if a.key == atom.key), Fraction(0))
        cancel = min(exponent, max(-have, Fraction(0)))
        if have < 0 and have.denominator != 1:
            cancel = exponent
        factors = [(a, e) for a, e in monomial.factors if a.key != atom.key]
        if have + cancel:
            factors.append((atom, have + cancel))
        term = algebra.settle([Raw(coefficient, monomial.dummies, tuple(factors))])
        for _ in range(int(exponent - cancel)):
            term = algebra.mul(term, inside)
        result = algebra.add(result, term)
    return result


def _compound_denominators(poly: Poly) -> list[tuple[Atom, Fraction]]:
    """Compound atoms in denominators of the monomials (outside their sums), with their highest exponent."""
    found: dict[str, tuple[Atom, Fraction]] = {}
    for _, monomial in poly:
        for atom, exponent in monomial.factors:
            whole = exponent < 0 and exponent.denominator == 1
            if atom.head[0] == "compound" and whole and not atom.free & set(monomial.dummies):
                old = found.get(atom.key, (atom, Fraction(0)))[1]
                found[atom.key] = (atom, max(old, -exponent))
    return list(found.values())


def _common(algebra: Algebra, poly: Poly, integer: bool) -> list[tuple[Atom, Fraction]]:
    """Atoms to take out of all monomials: each with its least exponent (0 where it is missing)."""
    lowest: dict[str, tuple[Atom, Fraction]] = {}
    monomials = [m for _, m in poly]
    for n, monomial in enumerate(monomials):
        here = {a.key: (a, e) for a, e in monomial.factors if not a.free & set(monomial.dummies)}
        if n == 0:
            lowest = dict(here)
            continue
        for key in {*lowest, *here}:
            atom = (lowest.get(key) or here[key])[0]
            old = lowest[key][1] if key in lowest else Fraction(0)
            new = here[key][1] if key in here else Fraction(0)
            lowest[key] = (atom, min(old, new))
    if len(monomials) == 1:
        lowest = {k: v for k, v in lowest.items() if monomials[0].dummies}
    usable = lambda a: integer or algebra.facts.atom_sign(a)  # noqa: E731
    return [(a, e) for a, e in lowest.values() if e and usable(a)]


__all__ = ["Undefined", "compound", "degree", "multiply_out", "number_power", "power", "primitive"]
