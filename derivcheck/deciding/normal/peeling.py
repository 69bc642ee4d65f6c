"""Ranges of equal kind and nearly equal length made equal: the longer sum, product or ordered product gives off its
first or last terms."""

from __future__ import annotations

from collections.abc import Iterable

from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.lower import Lowering
from derivcheck.deciding.normal.opening import opened
from derivcheck.deciding.normal.pairs import atoms_in
from derivcheck.deciding.normal.poly import Atom, Poly, constant, of_atom, variable
from derivcheck.deciding.normal.products import body_at, fold, reduce
from derivcheck.deciding.normal.range_rules import body_key, own_range
from derivcheck.deciding.normal.raws import Raw
from derivcheck.terms.node import fresh

LONGEST = 4
"""So many terms are given off at most."""
UNIT = constant(1)


def peeled(lowering: Lowering, difference: Poly) -> Poly | None:
    """The difference with one term given off by what is longer; None where no two ranges are nearly equal."""
    algebra = lowering.algebra
    found = _peeled_products(lowering, difference)
    return found if found is not None else _peeled_sums(algebra, difference)


def _longer(algebra: Algebra, value: Poly, others: Iterable[Poly], sign: int) -> bool:
    """Whether a limit is a small number beyond one of the others (below it for sign -1)."""
    gaps = (algebra.sub(value, other).number for other in others)
    return any(gap is not None and 0 < gap * sign <= LONGEST for gap in gaps)


# Products ------------------------------------------------------------------------------------------------------


def _peeled_products(lowering: Lowering, difference: Poly) -> Poly | None:
    algebra = lowering.algebra
    groups: dict[str, list[Atom]] = {}
    for atom in atoms_in(difference):
        if atom.head == ("fold",) or atom.head == ("reduce", "prod"):
            groups.setdefault(body_key(atom), []).append(atom)

    def opener(atom: Atom) -> Poly | None:
        if atom.head not in (("fold",), ("reduce", "prod")):
            return None
        lower, upper = atom.args[:2]
        alike = groups.get(body_key(atom), [])
        if not algebra.facts.at_least_zero(algebra.sub(upper, lower)):
            return None
        if _longer(algebra, upper, (a.args[1] for a in alike), 1):
            return _without_last(algebra, atom)
        if _longer(algebra, lower, (a.args[0] for a in alike), -1):
            return _without_first(algebra, atom)
        return None

    return opened(lowering, difference, opener)


def _factor(algebra: Algebra, atom: Atom, at: Poly, i: Poly, j: Poly) -> Poly:
    index, rows, cols = atom.bound
    return algebra.substitute(body_at(algebra, atom.body[0], index, at, 0), {rows: i, cols: j})


def _without_last(algebra: Algebra, atom: Atom) -> Poly:
    lower, upper, *out = atom.args
    shorter = (lower, algebra.sub(upper, UNIT))
    if atom.head[0] == "reduce":
        last = body_at(algebra, atom.body[0], atom.bound[0], upper, 0)
        return algebra.mul(reduce(algebra, Atom(atom.head, shorter, atom.bound, atom.body)), last)
    k = fresh("k", atom.bound[1].dim)
    rest = fold(algebra, Atom(atom.head, (*shorter, out[0], variable(k)), atom.bound, atom.body))
    return algebra.bind(k, algebra.mul(rest, _factor(algebra, atom, upper, variable(k), out[1])))


def _without_first(algebra: Algebra, atom: Atom) -> Poly:
    lower, upper, *out = atom.args
    shorter = (algebra.add(lower, UNIT), upper)
    if atom.head[0] == "reduce":
        first = body_at(algebra, atom.body[0], atom.bound[0], lower, 0)
        return algebra.mul(first, reduce(algebra, Atom(atom.head, shorter, atom.bound, atom.body)))
    k = fresh("k", atom.bound[1].dim)
    rest = fold(algebra, Atom(atom.head, (*shorter, variable(k), out[1]), atom.bound, atom.body))
    return algebra.bind(k, algebra.mul(_factor(algebra, atom, lower, out[0], variable(k)), rest))


# Sums ----------------------------------------------------------------------------------------------------------


def _peeled_sums(algebra: Algebra, difference: Poly) -> Poly | None:
    raws = [Raw(c, m.dummies, m.factors) for c, m in difference]
    limits = [(x, r) for raw in raws for x in raw.dummies if x.dim is None and (r := own_range(raw, x))]
    lowers, uppers = [r[1] for _, r in limits], [r[2] for _, r in limits]
    changed = False
    made: list[Raw] = []
    for raw in raws:
        new = _peeled_sum(algebra, raw, lowers, uppers)
        changed = changed or new is not None
        made.extend([raw] if new is None else new)
    return algebra.settle(made) if changed else None


def _peeled_sum(algebra: Algebra, raw: Raw, lowers: list[Poly], uppers: list[Poly]) -> list[Raw] | None:
    for index in raw.dummies:
        limits = own_range(raw, index) if index.dim is None else None
        if limits is None or limits[1].free & set(raw.dummies) or limits[2].free & set(raw.dummies):
            continue
        n, lower, upper = limits
        if not algebra.facts.at_least_zero(algebra.sub(upper, lower)):
            continue
        for at, new in (
            (upper if _longer(algebra, upper, uppers, 1) else None, (lower, algebra.sub(upper, UNIT))),
            (lower if _longer(algebra, lower, lowers, -1) else None, (algebra.add(lower, UNIT), upper)),
        ):
            if at is not None:
                rest = raw.without(n)
                shorter = Atom(("range",), (variable(index), *new))
                one = algebra.replace_raw(Raw(raw.coefficient, raw.dummies, rest), index, at)
                return [Raw(raw.coefficient, raw.dummies, (*rest, (shorter, raw.factors[n][1]))), one]
    return None


__all__ = ["of_atom", "peeled"]
