"""Which atoms are nonnegative or positive by their form and by the domains of the givens alone."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.order.poly import Atom, Mono, Poly
from derivcheck.terms.model import Domain
from derivcheck.terms.node import Number

if TYPE_CHECKING:
    from derivcheck.deciding.order.forms import Forms

NONNEGATIVE_OPERATIONS = frozenset({"norm2", "nuclear", "rank", "radius", "cond"})
Sign = tuple[bool, bool]
"""Known to be >= 0, known to be > 0."""


def sign(forms: Forms, atom: Atom) -> Sign:
    match atom.kind:
        case "size":
            return True, True
        case "fn":
            return _function_sign(forms, atom)
        case "sum":
            inner = forms.nonnegative_poly(atom.args[0])
            whole = all(r.lower is None for r in atom.ranges)  # an axis has at least one value
            return inner, inner and whole and forms.positive_poly(atom.args[0])
        case "mean" | "max" | "min" | "prod" | "group":
            return forms.nonnegative_poly(atom.args[0]), forms.positive_poly(atom.args[0])
        case "pow":
            positive = forms.positive_poly(atom.args[0])
            return positive or forms.nonnegative_poly(atom.args[0]), positive
        case "delta":
            return True, False
        case "matrix":
            return atom.name in NONNEGATIVE_OPERATIONS, False
        case "entry":
            return domain_sign(forms, atom.name)
        case "opaque":
            return (True, True) if atom.key.startswith("opaque<Constant(pi") else (False, False)
    return False, False


def _function_sign(forms: Forms, atom: Atom) -> Sign:
    name, args = atom.name, atom.args
    if name in ("exp", "cosh"):
        return True, True
    if name == "abs":
        return True, False
    if name == "max2":
        return any(forms.nonnegative_poly(a) for a in args), any(forms.positive_poly(a) for a in args)
    if name == "min2":
        return all(forms.nonnegative_poly(a) for a in args), all(forms.positive_poly(a) for a in args)
    if name in ("tanh", "sinh", "atan", "erf", "sign"):
        return forms.nonnegative_poly(args[0]), forms.positive_poly(args[0])
    if name == "log" and args[0].number is not None:
        return args[0].number >= 1, args[0].number > 1
    return False, False


def domain_sign(forms: Forms, symbol: str) -> Sign:
    declaration = forms.model.declarations.get(symbol)
    return _domain_sign(declaration.domain) if declaration is not None else (False, False)


def _domain_sign(domain: Domain) -> Sign:
    if domain.kind == "simplex":
        return True, True
    if domain.kind == "finite":
        values = [v.value for v in domain.values if isinstance(v, Number)]
        known = bool(values) and len(values) == len(domain.values)
        return known and min(values) >= 0, known and min(values) > 0
    if isinstance(domain.low, Number):
        low = domain.low.value
        return low >= 0, low > 0 or (low == 0 and domain.low_strict)
    return False, False


Interval = tuple[Fraction | None, Fraction | None]
"""A lower and an upper bound; None where none is known."""
UNIT_RANGE = frozenset({"tanh", "erf", "sin", "cos", "sign"})


def interval(forms: Forms, poly: Poly) -> Interval:
    """Numerical bounds of a polynomial from the ranges of its atoms: 0 <= 1 - tanh^2 <= 1."""
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for mono, coefficient in poly.terms:
        a, b = _mono_interval(forms, mono)
        if coefficient < 0:
            a, b = b, a
        low = None if low is None or a is None else low + coefficient * a
        high = None if high is None or b is None else high + coefficient * b
    return low, high


def _mono_interval(forms: Forms, mono: Mono) -> Interval:
    low, high = Fraction(1), Fraction(1)
    for atom, exponent in mono:
        a, b = _power_interval(*_range(forms, atom), exponent)
        if a is None or b is None:
            return (Fraction(0) if all(forms.nonnegative_mono(((x, e),)) for x, e in mono) else None), None
        ends = (low * a, low * b, high * a, high * b)
        low, high = min(ends), max(ends)
    return low, high


def _power_interval(low: Fraction | None, high: Fraction | None, exponent: Fraction) -> Interval:
    if low is None or high is None or exponent.denominator != 1 or not 1 <= exponent <= 8:
        return None, None
    ends = [low ** int(exponent), high ** int(exponent)]
    if exponent % 2 == 0 and low <= 0 <= high:
        ends.append(Fraction(0))
    return min(ends), max(ends)


def _range(forms: Forms, atom: Atom) -> Interval:
    if atom.kind == "fn" and atom.name in UNIT_RANGE:
        return Fraction(-1), Fraction(1)
    if atom.kind == "delta":
        return Fraction(0), Fraction(1)
    declaration = forms.model.declarations.get(atom.name) if atom.kind == "entry" else None
    if declaration is None:
        return None, None
    domain = declaration.domain
    if domain.kind == "simplex":
        return Fraction(0), Fraction(1)
    if domain.kind == "finite":
        values = [v.value for v in domain.values if isinstance(v, Number)]
        return (min(values), max(values)) if values and len(values) == len(domain.values) else (None, None)
    low, high = (d.value if isinstance(d, Number) else None for d in (domain.low, domain.high))
    return low, high
