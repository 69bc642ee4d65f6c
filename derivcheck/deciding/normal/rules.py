"""The rules of the normal form that belong to no special room: each rewrites one product to an equal sum.

A rule is sound on its own for all values for which both sides are defined; the tests evaluate products before
and after each rule. Their order is a matter of cost alone.
"""

from __future__ import annotations

from fractions import Fraction

from derivcheck.deciding.normal.algebra import Algebra, Raw, Rule
from derivcheck.deciding.normal.building import size_poly
from derivcheck.deciding.normal.conditions import in_range
from derivcheck.deciding.normal.matching import find
from derivcheck.deciding.normal.poly import Atom, Monomial, Poly, constant, of_atom
from derivcheck.deciding.numbers import whole_power
from derivcheck.terms.node import Index

UNIT = constant(1)


def open_sums(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """A factor that became a sum is multiplied out."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] == "sum":
            value = algebra.power(atom.args[0], exponent)
            return algebra.times(Raw(raw.coefficient, raw.dummies, raw.without(n)), value)
    return None


def powers_of_numbers(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """Roots of primes keep exponents in (0, 1): 2^{3/2} = 2 * 2^{1/2}."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] == "number" and not 0 < exponent < 1:
            whole = exponent.numerator // exponent.denominator
            rest = exponent - whole
            factors = raw.without(n) + (((atom, rest),) if rest else ())
            return [Raw(raw.coefficient * whole_power(Fraction(int(atom.head[1])), whole), raw.dummies, factors)]
    return None


def idempotents(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """Powers of what is 0 or 1 are itself: conditions, deltas, ranges, entries of binary symbols."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if exponent > 0 and exponent != 1:
            kind = atom.head[0]
            if kind in ("condition", "delta", "range") or (kind == "symbol" and atom.head[1] in algebra.facts.binary):
                return [Raw(raw.coefficient, raw.dummies, (*raw.without(n), (atom, Fraction(1))))]
    return None


def signs_squared(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """The square of an entry that is 1 or -1 is 1."""
    signs = algebra.facts.unit
    for n, (atom, exponent) in enumerate(raw.factors) if signs else ():
        if exponent != 1 and exponent.denominator == 1 and atom.head[0] == "symbol" and atom.head[1] in signs:
            odd = ((atom, Fraction(1)),) if exponent.numerator % 2 else ()
            return [Raw(raw.coefficient, raw.dummies, (*raw.without(n), *odd))]
    return None


def opposite_conditions(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """[x > 0][-x > 0] = 0, [x > 0][x = 0] = 0, and x [x = 0] = 0."""
    conditions = [(a.head[1], a.args[0]) for a, e in raw.factors if a.head[0] == "condition" and e > 0]
    keys = {(r, p.key) for r, p in conditions}
    for relation, poly in conditions:
        minus = algebra.scale(poly, -1).key
        if relation == ">" and ((">", minus) in keys or ("=", poly.key) in keys or ("=", minus) in keys):
            return []
        single = poly.single if relation == "=" else None
        if single is not None and any(a.key == single.key and e > 0 for a, e in raw.factors):
            return []
    return None


def moduli(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """|x|^2 = x^2 and |x| [x > 0] = x [x > 0]."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head == ("function", "abs"):
            inside = atom.args[0]
            if exponent.denominator == 1 and (even := exponent - exponent % 2):
                rest = raw.without(n) + (((atom, exponent - even),) if exponent != even else ())
                return algebra.times(Raw(raw.coefficient, raw.dummies, rest), algebra.power(inside, even))
            if any(a.head == ("condition", ">") and a.args[0].key == inside.key for a, _ in raw.factors):
                value = algebra.power(inside, exponent)
                return algebra.times(Raw(raw.coefficient, raw.dummies, raw.without(n)), value)
    return None


def cosines(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """cos^2 x = 1 - sin^2 x."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head == ("function", "cos") and exponent >= 2 and exponent.denominator == 1:
            sine = Atom(("function", "sin"), atom.args)
            kept = raw.without(n) + (((atom, exponent - 2),) if exponent != 2 else ())
            return [
                Raw(raw.coefficient, raw.dummies, kept),
                Raw(-raw.coefficient, raw.dummies, (*kept, (sine, Fraction(2)))),
            ]
    return None


def deltas(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """\\sum_x delta(x, y) f(x) = f(y): a dummy that a delta determines is replaced everywhere."""
    bound = set(raw.dummies)
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] != "delta" or exponent != 1:
            continue
        for index in sorted(atom.free & bound, key=lambda i: (i.dim is None, i.name)):
            value = _solved(algebra, atom, index)
            if value is None:
                continue
            factors = raw.without(n)
            if index.dim is not None:
                inside = in_range(algebra, value, constant(1), size_poly(index.dim))
                if isinstance(inside, Poly) and inside.number == 0:
                    return []
                if isinstance(inside, Atom):
                    factors = (*factors, (inside, Fraction(1)))
                elif inside.number is None:
                    factors = (*factors, (Atom(("sum",), (inside,)), Fraction(1)))
            return [algebra.replace_raw(Raw(raw.coefficient, raw.dummies, factors), index, value)]
    return None


def _solved(algebra: Algebra, atom: Atom, index: Index) -> Poly | None:
    """The value that a delta forces on an index which stands in it once, with coefficient 1 or -1."""
    difference = algebra.sub(*atom.args)
    own = [(c, m) for c, m in difference if index in m.free]
    if len(own) != 1 or abs(own[0][0]) != 1:
        return None
    coefficient, monomial = own[0]
    if len(monomial.factors) != 1 or monomial.factors[0][0].index != index or monomial.factors[0][1] != 1:
        return None
    return algebra.scale(Poly.of((c, m) for c, m in difference if index not in m.free), -1 / coefficient)


def free_deltas(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """delta(i, j) f(i) = delta(i, j) f(j): of two free indices the one whose name comes first is written."""
    bound = set(raw.dummies)
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] != "delta" or exponent != 1 or atom.free & bound:
            continue
        indices = sorted(atom.free, key=lambda i: (i.dim is not None, i.name), reverse=True)
        for index in indices:
            if not any(index in a.free for k, (a, _) in enumerate(raw.factors) if k != n):
                continue
            value = _solved(algebra, atom, index)
            if value is None or any(
                (i.dim is not None, i.name) > (index.dim is not None, index.name) for i in value.free
            ):
                continue
            new = algebra.replace_raw(Raw(raw.coefficient, raw.dummies, raw.without(n)), index, value)
            return [Raw(new.coefficient, new.dummies, (*new.factors, (atom, exponent)))]
    return None


def unused_dummies(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """The sum over an axis of what does not depend on it: as many times as the axis is long. The same for a range
    that is known not to be empty."""
    for x in raw.dummies:
        where = [n for n, (a, _) in enumerate(raw.factors) if x in a.free]
        kept = tuple(d for d in raw.dummies if d != x)
        if not where and x.dim is not None:
            return algebra.times(Raw(raw.coefficient, kept, raw.factors), size_poly(x.dim))
        if len(where) == 1 and x.dim is None and (atom := raw.factors[where[0]][0]).head[0] == "range":
            value, lower, upper = atom.args
            count = algebra.add(algebra.sub(upper, lower), UNIT)
            if value.variable == x and x not in count.free and algebra.facts.at_least_zero(count):
                return algebra.times(Raw(raw.coefficient, kept, raw.without(where[0])), count)
    return None


def single_ranges(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """A range that its arguments decide is 0 or 1; one of a dummy with equal limits is a delta."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] != "range":
            continue
        made = in_range(algebra, *atom.args)
        if isinstance(made, Poly):
            return algebra.times(Raw(raw.coefficient, raw.dummies, raw.without(n)), algebra.power(made, exponent))
    return None


def compound_powers(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """A whole positive power of a compound atom is multiplied out."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] == "compound" and exponent >= 1:
            whole = exponent.numerator // exponent.denominator
            factors = raw.without(n) + (((atom, exponent - whole),) if exponent != whole else ())
            value = algebra.power(atom.args[0], Fraction(whole))
            return algebra.times(Raw(raw.coefficient, raw.dummies, factors), value)
    return None


def leading_terms(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """With D = c L + R: L / D = 1/c - R / (c D). Division with remainder, also for sums over dummies:
    \\sum_j g_j / \\sum_k g_k = 1."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] != "compound" or exponent >= 0:
            continue
        coefficient, lead = atom.args[0].lead()
        rest = Raw(raw.coefficient, raw.dummies, raw.without(n))
        match = find(algebra, lead, frozenset(), rest)
        if match is None:
            continue
        remainder = Poly.of((c, m) for c, m in atom.args[0] if m.key != lead.key)
        base = Raw(raw.coefficient / coefficient, match.dummies, match.rest)
        raised = (*match.rest, (atom, exponent + 1)) if exponent != -1 else match.rest
        return [
            Raw(base.coefficient, base.dummies, raised),
            *algebra.times(Raw(-base.coefficient, base.dummies, (*match.rest, (atom, exponent))), remainder),
        ]
    return None


def trailing_terms(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """With D = c + R where a divides R: a^{-k} / D = a^{-k}/c - a^{-k} R / (c D), which lowers k. (1/(x(1+x)).)"""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[0] != "compound" or exponent >= 0 or exponent.denominator != 1:
            continue
        terms = atom.args[0].terms
        if "1" not in terms:
            continue
        constant_term = terms["1"][0]
        rest = Poly.of((c, m) for c, m in atom.args[0] if m.key != "1")
        for other, e in raw.factors:
            if e < 0 and other is not atom and all(_divides(other, m) for _, m in rest):
                base = Raw(raw.coefficient / constant_term, raw.dummies, raw.without(n))
                raised = (*base.factors, (atom, exponent + 1)) if exponent != -1 else base.factors
                lowered = Raw(-base.coefficient, base.dummies, raw.factors)
                return [Raw(base.coefficient, base.dummies, raised), *algebra.times(lowered, rest)]
    return None


def _divides(atom: Atom, monomial: Monomial) -> bool:
    return any(a.key == atom.key and e > 0 for a, e in monomial.factors) and not atom.free & set(monomial.dummies)


RULES: tuple[Rule, ...] = (
    Rule("sums", open_sums, ("sum",)),
    Rule("deltas", deltas, ("delta",)),
    Rule("powers of numbers", powers_of_numbers, ("number",)),
    Rule("idempotents", idempotents, ("condition", "delta", "range", "symbol")),
    Rule("signs squared", signs_squared, ("symbol",)),
    Rule("opposite conditions", opposite_conditions, ("condition",)),
    Rule("moduli", moduli, ("function",)),
    Rule("cosines", cosines, ("function",)),
    Rule("free deltas", free_deltas, ("delta",)),
    Rule("ranges", single_ranges, ("range",)),
    Rule("unused dummies", unused_dummies),
    Rule("compound powers", compound_powers, ("compound",)),
    Rule("leading terms", leading_terms, ("compound",)),
    Rule("trailing terms", trailing_terms, ("compound",)),
)

__all__ = ["RULES", "of_atom"]
