"""Functions of numbers: what each does to polynomials.

All exponentials are products of `exp[monomial]^coefficient`; tanh, the logistic function and the hyperbolic
ones are rational functions of them. `log[u]` stands for log|u| (equal to log u wherever that is defined), so
that it may be split over products without asking for signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

from derivcheck.deciding.normal.facts import POSITIVE
from derivcheck.deciding.normal.poly import ONE, Atom, Monomial, Poly, components, constant, degree, of_atom
from derivcheck.deciding.normal.powers import Undefined, of_factor, power, prime_factors, primitive

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra


def function(algebra: Algebra, name: str, args: tuple[Poly, ...]) -> Poly:
    """The function of that name at polynomials."""
    row = _TABLE.get(name)
    return row(algebra, *args) if row else opaque(name, *args)


def opaque(name: str, *args: Poly) -> Poly:
    return of_atom(Atom(("function", name), args))


def exp(algebra: Algebra, x: Poly) -> Poly:
    """exp(a + b) = exp(a) exp(b), monomial by monomial; exp(c log u) = u^c."""
    result = constant(1)
    for coefficient, monomial in x:
        result = algebra.mul(result, _exp_monomial(algebra, coefficient, monomial))
    return result


def _exp_monomial(algebra: Algebra, coefficient: Fraction, monomial: Monomial) -> Poly:
    if not monomial.dummies and not monomial.factors:
        return of_factor(algebra, Atom(("constant", "e")), coefficient)
    if not monomial.dummies:
        logs = [a for a, e in monomial.factors if a.head == ("function", "log") and e == 1]
        if len(logs) == 1:
            rest = Poly.of([(coefficient, Monomial((), tuple(f for f in monomial.factors if f[0] is not logs[0])))])
            found = _exp_log(algebra, logs[0].args[0], rest)
            if found is not None:
                return found
    return of_factor(algebra, Atom(("function", "exp"), (Poly.of([(ONE, monomial)]),)), coefficient)


def _exp_log(algebra: Algebra, base: Poly, factor: Poly) -> Poly | None:
    """exp(factor * log|base|)."""
    value = factor.number
    positive = algebra.facts.poly_sign(base) == POSITIVE
    if value is None:
        return symbolic_power(algebra, base, factor) if positive else None
    if positive or (value.denominator == 1 and value % 2 == 0):
        return power(algebra, base, value)
    return power(algebra, absolute(algebra, base), value)


def log(algebra: Algebra, x: Poly) -> Poly:
    """log|x|: of a product the sum of the logarithms, of a sum after taking out its common factors."""
    value = x.number
    if value is not None:
        return _log_number(abs(value))
    if len(x) > 1:
        outside, inside = primitive(algebra, x, True)
        if len(inside) > 1 and outside.number == 1:
            return opaque("log", inside)
        return algebra.add(log(algebra, outside), log(algebra, inside))
    ((coefficient, monomial),) = x
    result = _log_number(abs(coefficient))
    for dummies, factors in components(monomial.dummies, monomial.factors):
        if dummies:
            result = algebra.add(result, opaque("log", Poly.of([(ONE, Monomial(dummies, factors))])))
            continue
        for atom, exponent in factors:
            result = algebra.add(result, algebra.scale(_log_atom(algebra, atom), exponent))
    return result


def _log_atom(algebra: Algebra, atom: Atom) -> Poly:
    if atom.head == ("function", "exp"):
        return atom.args[0]
    if atom.head == ("constant", "e"):
        return constant(1)
    if atom.head == ("function", "power"):
        return algebra.mul(atom.args[1], log(algebra, atom.args[0]))
    if atom.head == ("function", "abs"):
        return log(algebra, atom.args[0])
    if atom.head == ("compound",):
        return opaque("log", atom.args[0])
    if atom.head[0] == "reduce" and atom.head[1] == "prod":
        from derivcheck.deciding.normal.products import log_of_product

        return log_of_product(algebra, atom)
    if atom.head[0] == "number":
        return _log_number(Fraction(int(atom.head[1])))
    return opaque("log", of_atom(atom))


def _log_number(value: Fraction) -> Poly:
    if not value:
        raise Undefined("the logarithm of 0")
    terms = []
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime, times in prime_factors(part).items():
            terms.extend((c * times * sign, m) for c, m in opaque("log", constant(prime)))
    return Poly.of(terms)


def tanh(algebra: Algebra, x: Poly) -> Poly:
    """tanh x = 1 - 2 / (1 + e^{2x})."""
    below = algebra.add(constant(1), exp(algebra, algebra.scale(x, 2)))
    return algebra.sub(constant(1), algebra.scale(power(algebra, below, Fraction(-1)), 2))


def sinh(algebra: Algebra, x: Poly) -> Poly:
    difference = algebra.sub(exp(algebra, x), exp(algebra, algebra.scale(x, -1)))
    return algebra.scale(difference, Fraction(1, 2))


def cosh(algebra: Algebra, x: Poly) -> Poly:
    total = algebra.add(exp(algebra, x), exp(algebra, algebra.scale(x, -1)))
    return algebra.scale(total, Fraction(1, 2))


def absolute(algebra: Algebra, x: Poly) -> Poly:
    """|xy| = |x||y|, |-x| = |x|, |x| = x where x >= 0 is known."""
    if algebra.facts.poly_sign(x):
        return x
    if len(x) != 1:
        lead = x.lead()[0]
        return algebra.scale(opaque("abs", algebra.scale(x, 1 / lead)), abs(lead))
    ((coefficient, monomial),) = x
    result = constant(abs(coefficient))
    for dummies, factors in components(monomial.dummies, monomial.factors):
        if dummies:
            part = Poly.of([(ONE, Monomial(dummies, factors))])
            result = algebra.mul(result, part if algebra.facts.poly_sign(part) else opaque("abs", part))
            continue
        for atom, e in factors:
            if algebra.facts.factor_sign(atom, e):
                result = algebra.mul(result, of_factor(algebra, atom, e))
            else:
                result = algebra.mul(result, of_factor(algebra, Atom(("function", "abs"), (of_atom(atom),)), e))
    return result


def sign(algebra: Algebra, x: Poly) -> Poly:
    """sign x = [x > 0] - [-x > 0]."""
    from derivcheck.deciding.normal.conditions import compare

    return algebra.sub(compare(algebra, ">", x), compare(algebra, ">", algebra.scale(x, -1)))


def relu(algebra: Algebra, x: Poly) -> Poly:
    """max(0, x) = x [x > 0]; where x begins with a minus, x + max(0, -x), so that both signs agree."""
    from derivcheck.deciding.normal.conditions import compare

    if algebra.facts.poly_sign(x):
        return x
    if x.terms and x.lead()[0] < 0:
        return algebra.add(x, relu(algebra, algebra.scale(x, -1)))
    return algebra.mul(x, compare(algebra, ">", x))


def maximum(algebra: Algebra, *args: Poly) -> Poly:
    """max(a, b) = b + max(0, a - b)."""
    first, *rest = args
    for other in rest:
        first = algebra.add(other, relu(algebra, algebra.sub(first, other)))
    return first


def minimum(algebra: Algebra, *args: Poly) -> Poly:
    return algebra.scale(maximum(algebra, *(algebra.scale(a, -1) for a in args)), -1)


def sine(algebra: Algebra, x: Poly) -> Poly:
    """sin(a + b) = sin a cos b + cos a sin b, for a few terms and small whole multiples."""
    first, rest = _apart(algebra, x)
    if rest is None:
        return _with_parity(algebra, "sin", x, -1)
    return algebra.add(
        algebra.mul(sine(algebra, first), cosine(algebra, rest)),
        algebra.mul(cosine(algebra, first), sine(algebra, rest)),
    )


def cosine(algebra: Algebra, x: Poly) -> Poly:
    """cos(a + b) = cos a cos b - sin a sin b."""
    first, rest = _apart(algebra, x)
    if rest is None:
        return _with_parity(algebra, "cos", x, 1)
    return algebra.sub(
        algebra.mul(cosine(algebra, first), cosine(algebra, rest)),
        algebra.mul(sine(algebra, first), sine(algebra, rest)),
    )


ANGLES = 4
"""Angles are taken apart into at most so many parts."""


def _apart(algebra: Algebra, x: Poly) -> tuple[Poly, Poly | None]:
    """An angle as a first part and the rest; the rest is None where it is not taken apart."""
    parts = sum(abs(c.numerator) for c, _ in x)
    if not 1 < parts <= ANGLES:
        return x, None
    key = min(x.terms)
    coefficient, monomial = x.terms[key]
    step = Fraction(1 if coefficient > 0 else -1, coefficient.denominator)
    first = Poly.of([(step, monomial)])
    return first, algebra.sub(x, first)


def _with_parity(algebra: Algebra, name: str, x: Poly, parity: int) -> Poly:
    if not x.terms:
        return constant(0 if parity < 0 else 1)
    if x.lead()[0] < 0:
        return algebra.scale(opaque(name, algebra.scale(x, -1)), parity)
    return opaque(name, x)


def symbolic_power(algebra: Algebra, base: Poly, exponent: Poly) -> Poly:
    """base^exponent for an exponent that is not a number: base^{a + b} = base^a base^b, base^{c m} = (base^m)^c for
    an integer c; a product under the power is taken apart (the exponents that occur are integers, or the base
    is positive)."""
    value = exponent.number
    if value is not None:
        return power(algebra, base, value)
    if base.number == 1:
        return base
    whole = all(c.denominator == 1 and is_integer(m) for c, m in exponent)
    positive = algebra.facts.poly_sign(base) == POSITIVE
    if not whole and not positive:
        return opaque("power", base, exponent)
    if base.single is not None and base.single.head == ("function", "exp"):
        return exp(algebra, algebra.mul(exponent, base.single.args[0]))
    if base.single is not None and base.single.head == ("constant", "e"):
        return exp(algebra, exponent)
    result = constant(1)
    for part, times in _bases(algebra, base):
        for coefficient, monomial in exponent:
            if not monomial.factors and not monomial.dummies:
                result = algebra.mul(result, power(algebra, part, coefficient * times))
            else:
                atom = Atom(("function", "power"), (part, Poly.of([(ONE, monomial)])))
                result = algebra.mul(result, of_factor(algebra, atom, coefficient * times))
    return result


def _bases(algebra: Algebra, base: Poly) -> list[tuple[Poly, Fraction]]:
    """Factors of a base with rational exponents; several terms count as one factor."""
    value = base.number
    if value is not None:
        if value <= 0:
            return [(base, ONE)]
        found = [(constant(p), Fraction(k)) for p, k in prime_factors(value.numerator).items()]
        return found + [(constant(p), Fraction(-k)) for p, k in prime_factors(value.denominator).items()]
    if len(base) > 1:
        outside, inside = primitive(algebra, base, True)
        if outside.number == 1:
            return [(inside, ONE)]
        return _bases(algebra, outside) + _bases(algebra, inside)
    ((coefficient, monomial),) = base
    found = [] if coefficient == 1 else _bases(algebra, constant(coefficient))
    for dummies, factors in components(monomial.dummies, monomial.factors):
        if dummies:
            found.append((Poly.of([(ONE, Monomial(dummies, factors))]), ONE))
        else:
            found.extend((of_atom(a) if a.head[0] != "compound" else a.args[0], e) for a, e in factors)
    return found


def is_integer(monomial: Monomial) -> bool:
    """Whether a monomial of an exponent is known to be an integer: made of sizes, indices and integer symbols."""
    return all(a.head[0] in ("size", "index") or a.head[-1] == "integer" for a, _ in monomial.factors) and all(
        e > 0 and e.denominator == 1 for _, e in monomial.factors
    )


def gamma(algebra: Algebra, x: Poly) -> Poly:
    """Gamma(x + 1) = x Gamma(x): whole constants are taken off where the rest is not a number; n! of small n."""
    value = x.number
    if value is not None:
        if value.denominator == 1 and 0 < value <= 40:
            return constant(factorial(int(value) - 1))
        return opaque("gamma", x)
    shift = next((c for c, m in x if not m.factors and not m.dummies), Fraction(0))
    whole = shift.numerator // shift.denominator
    if not 0 < whole <= 12:
        return opaque("gamma", x)
    rest = algebra.sub(x, constant(whole))
    result = opaque("gamma", rest)
    for k in range(whole):
        result = algebra.mul(result, algebra.add(rest, constant(k)))
    return result


def divide(algebra: Algebra, x: Poly, y: Poly) -> Poly:
    """The integer quotient, rounded down: multiples of the divisor come out; 0 where 0 <= x < y."""
    multiple, rest = _division(algebra, x, y)
    if algebra.facts.known_range(rest, constant(0), algebra.sub(y, constant(1))):
        return multiple
    return algebra.add(multiple, opaque("div", rest, y))


def modulo(algebra: Algebra, x: Poly, y: Poly) -> Poly:
    _, rest = _division(algebra, x, y)
    if algebra.facts.known_range(rest, constant(0), algebra.sub(y, constant(1))):
        return rest
    return opaque("mod", rest, y)


def _division(algebra: Algebra, x: Poly, y: Poly) -> tuple[Poly, Poly]:
    """x = multiple * y + rest, monomial by monomial, for a divisor that is one product of sizes. Of the monomials
    that y divides all go into the multiple; `q (i - 1) + (j - 1)` with 1 <= j <= q leaves `j - 1`."""
    if len(y) != 1:
        return constant(0), x
    ((divisor, below),) = y
    multiple = constant(0)
    rest = constant(0)
    have = {a.key: e for a, e in below.factors}
    for coefficient, monomial in x:
        mine = {a.key: e for a, e in monomial.factors}
        divides = all(mine.get(k, Fraction(0)) >= e for k, e in have.items())
        if divides and (coefficient / divisor).denominator == 1 and not monomial.dummies and is_integer(monomial):
            factors = tuple((a, e - have.get(a.key, 0)) for a, e in monomial.factors if e != have.get(a.key, 0))
            multiple = algebra.add(multiple, Poly.of([(coefficient / divisor, Monomial((), factors))]))
        else:
            rest = algebra.add(rest, Poly.of([(coefficient, monomial)]))
    return multiple, rest


_TABLE: Mapping[str, Callable[..., Poly]] = {
    "exp": exp,
    "log": log,
    "tanh": tanh,
    "sinh": sinh,
    "cosh": cosh,
    "abs": absolute,
    "sign": sign,
    "max2": maximum,
    "min2": minimum,
    "sin": sine,
    "cos": cosine,
    "tan": lambda algebra, x: algebra.mul(sine(algebra, x), power(algebra, cosine(algebra, x), Fraction(-1))),
    "gamma": lambda algebra, x: gamma(algebra, x),
    "power": symbolic_power,
    "div": divide,
    "mod": modulo,
}

__all__ = ["absolute", "degree", "exp", "function", "log", "relu", "symbolic_power"]
