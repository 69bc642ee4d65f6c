"""Rules of sums over ranges of integers and of ordered products: index shifts, closed forms, merging."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.deciding.normal.algebra import Algebra, Rule
from derivcheck.deciding.normal.poly import Atom, Poly, constant, rename_poly, variable
from derivcheck.deciding.normal.products import fold, offsets_of
from derivcheck.deciding.normal.raws import Raw
from derivcheck.terms.node import Index, fresh

UNIT = constant(1)
POWER_SUMS: dict[int, tuple[Fraction, ...]] = {
    1: (Fraction(0), Fraction(1, 2), Fraction(1, 2)),
    2: (Fraction(0), Fraction(1, 6), Fraction(1, 2), Fraction(1, 3)),
    3: (Fraction(0), Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(1, 4)),
    4: (Fraction(0), Fraction(-1, 30), Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1, 5)),
}
"""Faulhaber's polynomials: the coefficients of 1, m, m^2, ... in 1^k + 2^k + ... + m^k."""


def own_range(raw: Raw, index: Index) -> tuple[int, Poly, Poly] | None:
    """The one range factor of an integer dummy, with its limits, if these do not mention it."""
    found = [(n, a) for n, (a, _) in enumerate(raw.factors) if a.head[0] == "range" and a.args[0].variable == index]
    if len(found) != 1:
        return None
    n, atom = found[0]
    _, lower, upper = atom.args
    return None if index in lower.free | upper.free else (n, lower, upper)


def shifts(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """The dummy of a range is moved so that the least constant with which it is used is 0; powers `r^t` and t itself,
    which any move leaves as simple, count only where there is nothing else."""
    for index in raw.dummies:
        if index.dim is not None or (limits := own_range(raw, index)) is None:
            continue
        found: set[Fraction] = set()
        flexible: set[Fraction] = set()
        for atom, exponent in raw.without(limits[0]):
            powers = atom.head == ("function", "power") and index not in atom.args[0].free
            if atom.index == index:
                (flexible if exponent == 1 else found).add(Fraction(0))
            for poly in (*atom.args, *atom.body):
                (flexible if powers else found).update(offsets_in(poly, index))
        shift = min(found or flexible, default=Fraction(0))
        if shift:
            new = fresh(index.name)
            return [algebra.replace_raw(raw, index, algebra.sub(variable(new), constant(shift)), (new,))]
    return None


def decided_in_range(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """A condition on an integer dummy that its range decides, and of two ranges of one dummy the wider."""
    from derivcheck.deciding.normal.building import plain, rebuild

    for index in raw.dummies:
        if index.dim is not None:
            continue
        for n, (own, _) in enumerate(raw.factors):
            if own.head[0] != "range" or own.args[0].variable != index:
                continue
            inside = algebra.facts.between(*own.args)
            for k, (atom, exponent) in enumerate(raw.factors):
                if k == n or index not in atom.free or atom.head[0] not in ("condition", "range", "delta"):
                    continue
                with algebra.knowing(inside):
                    value = plain(rebuild(algebra, atom))
                if value.number is not None:
                    decided = algebra.power(value, exponent)
                    return algebra.times(Raw(raw.coefficient, raw.dummies, raw.without(k)), decided)
    return None


def offsets_in(poly: Poly, index: Index) -> set[Fraction]:
    """Constants with which the index is used in an argument."""
    own = [(c, m) for c, m in poly if index in m.free]
    if len(own) == 1 and own[0][0] == 1 and len(own[0][1].factors) == 1 and own[0][1].factors[0][0].index == index:
        return {next((c for c, m in poly if not m.factors and not m.dummies), Fraction(0))}
    return offsets_of(poly, index)


def power_sums(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """sum_{t = a}^{b} t^k in closed form, where the range is known not to end before a - 1."""
    for index in raw.dummies:
        limits = own_range(raw, index) if index.dim is None else _axis_limits(index)
        if limits is None:
            continue
        n, lower, upper = limits
        mine = [(k, a, e) for k, (a, e) in enumerate(raw.factors) if index in a.free and k != n]
        if len(mine) != 1 or mine[0][1].index != index or mine[0][2] not in POWER_SUMS:
            continue
        count = algebra.add(algebra.sub(upper, lower), UNIT)
        if not algebra.facts.at_least_zero(count):
            continue
        positions = [mine[0][0], *([n] if n >= 0 else [])]
        k = int(mine[0][2])
        total = algebra.sub(_power_sum(algebra, k, upper), _power_sum(algebra, k, algebra.sub(lower, UNIT)))
        kept = tuple(x for x in raw.dummies if x != index)
        return algebra.times(Raw(raw.coefficient, kept, raw.without(*positions)), total)
    return None


def _axis_limits(index: Index) -> tuple[int, Poly, Poly]:
    from derivcheck.deciding.normal.building import size_poly

    assert index.dim is not None
    return -1, UNIT, size_poly(index.dim)


def _power_sum(algebra: Algebra, k: int, upper: Poly) -> Poly:
    total = constant(0)
    for degree, coefficient in enumerate(POWER_SUMS[k]):
        if coefficient:
            total = algebra.add(total, algebra.scale(algebra.power(upper, degree), coefficient))
    return total


def geometric(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """sum_{t = a}^{b} r^t = (r^a - r^{b+1}) / (1 - r) for r other than 1, where b >= a - 1."""
    from derivcheck.deciding.normal.functions import symbolic_power

    for index in raw.dummies:
        limits = own_range(raw, index) if index.dim is None else _axis_limits(index)
        if limits is None:
            continue
        n, lower, upper = limits
        mine = [(k, a, e) for k, (a, e) in enumerate(raw.factors) if index in a.free and k != n]
        if len(mine) != 1 or mine[0][1].head != ("function", "power") or mine[0][2].denominator != 1:
            continue
        position, atom, exponent = mine[0]
        base, power = atom.args
        if power.variable != index or index in base.free:
            continue
        if not algebra.facts.at_least_zero(algebra.add(algebra.sub(upper, lower), UNIT)):
            continue
        ratio = algebra.power(base, exponent)
        ends = [symbolic_power(algebra, ratio, p) for p in (lower, algebra.add(upper, UNIT))]
        below = algebra.power(algebra.sub(UNIT, ratio), -1)
        total = algebra.mul(algebra.sub(*ends), below)
        kept = tuple(x for x in raw.dummies if x != index)
        positions = [position, *([n] if n >= 0 else [])]
        return algebra.times(Raw(raw.coefficient, kept, raw.without(*positions)), total)
    return None


# Ordered products ----------------------------------------------------------------------------------------------


def folds(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """prod_{a}^{m} M_t prod_{m+1}^{b} M_t = prod_{a}^{b} M_t for a <= m + 1 <= b + 1."""
    for n, (left, e) in enumerate(raw.factors):
        if left.head != ("fold",) or e != 1:
            continue
        joint = left.args[3].variable
        if joint not in raw.dummies or raw.uses(joint) != 2 or joint in left.args[2].free:
            continue
        for k, (right, f) in enumerate(raw.factors):
            if k == n or right.head != ("fold",) or f != 1 or right.args[2].variable != joint:
                continue
            made = _merged(algebra, left, right)
            if made is not None and joint not in right.args[3].free:
                kept = tuple(x for x in raw.dummies if x != joint)
                return algebra.times(Raw(raw.coefficient, kept, raw.without(n, k)), made)
    return None


def _merged(algebra: Algebra, left: Atom, right: Atom) -> Poly | None:
    if body_key(left) != body_key(right):
        return None
    first, middle, row, _ = left.args
    second, last, _, col = right.args
    if algebra.sub(algebra.add(middle, UNIT), second).terms:
        return None
    counts = [algebra.add(algebra.sub(b, a), UNIT) for a, b in ((first, middle), (second, last))]
    if not all(algebra.facts.at_least_zero(c) for c in counts):
        return None
    return fold(algebra, Atom(("fold",), (first, last, row, col), left.bound, left.body))


def body_key(atom: Atom) -> str:
    """The key of what a fold or a reduction runs over, whatever its limits."""
    return Atom(atom.head, (), atom.bound, atom.body).key


RANGE_RULES: tuple[Rule, ...] = (
    Rule("decided in ranges", decided_in_range, ("range",)),
    Rule("shifts", shifts, ("range",)),
    Rule("power sums", power_sums, ("index",)),
    Rule("geometric sums", geometric, ("function",)),
    Rule("ordered products", folds, ("fold",)),
)

__all__ = ["RANGE_RULES", "rename_poly"]
