"""What the givens say about signs and integers, in the form that the rules ask for.

Signs are structural: an exponential, a dimension, a symbol whose domain or assumption says so, even powers,
and sums and products of such. Integer facts are affine polynomials known to be >= 0; a new one follows when
it is a known one, or the sum of two or three, plus a constant (Farkas' lemma with few small multipliers).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derivcheck.deciding.normal.poly import Atom, Factors, Monomial, Poly, constant
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Model

POSITIVE, NONNEGATIVE = 2, 1
"""Grades of what is known of a sign (0: nothing)."""

_HEADS: Mapping[str, int] = {
    "size": POSITIVE,
    "number": POSITIVE,
    "condition": NONNEGATIVE,
    "delta": NONNEGATIVE,
    "range": NONNEGATIVE,
}
_FUNCTIONS: Mapping[str, int] = {
    "exp": POSITIVE,
    "abs": NONNEGATIVE,
    "cosh": POSITIVE,
    "factorial": POSITIVE,
}
_OPERATIONS: Mapping[str, int] = {"norm2": NONNEGATIVE, "nuclear": NONNEGATIVE, "rank": NONNEGATIVE}
_CONSTANTS = ("pi", "e")


@dataclass(frozen=True, slots=True)
class Facts:
    """signs: grade of each symbol all of whose entries are known so; integers: affine polynomials >= 0;
    symmetric, orthogonal, invertible, antisymmetric: names of matrices; binary: symbols whose entries are 0 or 1;
    unit: those whose entries are 1 or -1."""

    model: Model = field(default_factory=Model)
    signs: Mapping[str, int] = field(default_factory=dict)
    integers: tuple[Poly, ...] = ()
    symmetric: frozenset[str] = frozenset()
    binary: frozenset[str] = frozenset()
    unit: frozenset[str] = frozenset()
    orthogonal: frozenset[str] = frozenset()
    invertible: frozenset[str] = frozenset()
    antisymmetric: frozenset[str] = frozenset()

    def between(self, value: Poly, lower: Poly, upper: Poly) -> Facts:
        """The same facts and lower <= value <= upper."""
        return replace(self, integers=(*self.integers, _minus(value, lower), _minus(upper, value)))

    # signs ----------------------------------------------------------------------------------------------------

    def atom_sign(self, atom: Atom) -> int:
        kind = atom.head[0]
        if kind == "symbol":
            return self.signs.get(atom.head[1], 0)
        if kind == "function":
            if atom.head[1] == "power":
                return POSITIVE if self.poly_sign(atom.args[0]) == POSITIVE else 0
            return _FUNCTIONS.get(atom.head[1], 0)
        if kind == "operation":
            return _OPERATIONS.get(atom.head[1], 0)
        if kind == "constant":
            return POSITIVE if atom.head[1] in _CONSTANTS else 0
        if kind == "index":
            return POSITIVE if atom.index is not None and atom.index.dim is not None else 0
        if kind in ("sum", "compound"):
            return self.poly_sign(atom.args[0])
        return _HEADS.get(kind, 0)

    def factor_sign(self, atom: Atom, exponent: Fraction) -> int:
        grade = self.atom_sign(atom)
        if grade:
            return grade
        if exponent.denominator == 1 and exponent % 2 == 0:
            return NONNEGATIVE
        return NONNEGATIVE if exponent.denominator % 2 == 0 else 0

    def factors_sign(self, factors: Factors) -> int:
        return min((self.factor_sign(a, e) for a, e in factors), default=POSITIVE)

    def monomial_sign(self, monomial: Monomial) -> int:
        """A sum over a whole axis (never empty) of positive terms is positive; over a range it may be empty."""
        plain = tuple(f for f in monomial.factors if f[0].head[0] != "range")
        grade = self.factors_sign(plain)
        return min(grade, NONNEGATIVE) if len(plain) != len(monomial.factors) else grade

    def poly_sign(self, poly: Poly) -> int:
        """Positive when all monomials are nonnegative and one is positive."""
        grades = [self.monomial_sign(m) if c > 0 else 0 for c, m in poly]
        if not grades:
            return NONNEGATIVE
        return 0 if min(grades) == 0 else max(grades)

    # integers -------------------------------------------------------------------------------------------------

    def at_least_zero(self, poly: Poly) -> bool:
        """Whether an integer polynomial is known to be >= 0."""
        return _follows(poly, (*self.integers, *_own_bounds(poly)), 3)

    def known_range(self, value: Poly, lower: Poly, upper: Poly) -> bool | None:
        """Whether lower <= value <= upper is known to hold (True) or to fail (False)."""
        below, above = _minus(value, lower), _minus(upper, value)
        if self.at_least_zero(below) and self.at_least_zero(above):
            return True
        minus_one = constant(-1)
        fails = [_minus(_minus(minus_one, p), constant(0)) for p in (below, above)]
        return False if any(self.at_least_zero(p) for p in fails) else None

    def differ(self, left: Poly, right: Poly) -> bool:
        """Whether two integers are known to differ."""
        return self.at_least_zero(_minus(_minus(left, right), constant(1))) or self.at_least_zero(
            _minus(_minus(right, left), constant(1))
        )


def _minus(left: Poly, right: Poly) -> Poly:
    return Poly.of([*left, *((-c, m) for c, m in right)])


def _own_bounds(poly: Poly) -> list[Poly]:
    """Facts that the atoms of a polynomial bring along: sizes and axis indices are >= 1, indices <= size."""
    from derivcheck.deciding.normal.building import size_poly

    found = []
    for _, monomial in poly:
        single = Poly.of([(Fraction(1), monomial)])
        if monomial.dummies or not monomial.factors:
            continue
        if all(a.head[0] in ("size", "index") and e == 1 for a, e in monomial.factors):
            if all(a.index is None or a.index.dim is not None for a, _ in monomial.factors):
                found.append(_minus(single, constant(1)))
            atom = monomial.factors[0][0]
            if len(monomial.factors) == 1 and atom.index is not None and atom.index.dim is not None:
                bound = size_poly(atom.index.dim)
                found.append(_minus(bound, single))
                found.extend(_own_bounds(bound))
    return found


def _follows(poly: Poly, facts: tuple[Poly, ...], depth: int) -> bool:
    """poly = constant + sum of facts, with constant >= 0: each step removes a monomial with a fact."""
    value = poly.number
    if value is not None:
        return value >= 0
    if depth == 0:
        return False
    key, (coefficient, _) = max((kv for kv in poly.terms.items() if kv[0] != "1"), key=lambda kv: kv[0])
    for fact in facts:
        entry = fact.terms.get(key)
        if entry is not None and entry[0] * coefficient > 0:
            ratio = coefficient / entry[0]
            rest = Poly.of([*poly, *((-c * ratio, m) for c, m in fact)])
            if _follows(rest, facts, depth - 1):
                return True
    return False
