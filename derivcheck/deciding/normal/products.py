"""Reductions other than sums (products, maxima over an index) and ordered products of matrices."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.normal.building import plain, size_poly
from derivcheck.deciding.normal.poly import ONE, Atom, Monomial, Poly, constant, of_atom, rename_poly, variable
from derivcheck.terms.node import Index, fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra

UNROLLED = 8
"""Ranges between numbers are written out up to this length."""


def reduced(algebra: Algebra, kind: str, index: Index, lower: Poly, upper: Poly, body: Poly) -> Poly:
    """The product, maximum, ... of `body` over index = lower..upper."""
    name = fresh(index.name, index.dim)
    body = rename_poly(body, {index: name})
    return plain(reduce(algebra, Atom(("reduce", kind), (lower, upper), (name,), (body,))))


def reduce(algebra: Algebra, atom: Atom) -> Poly:
    """Simplifies a reduction: short ranges are written out, products are taken apart, constants counted."""
    kind = atom.head[1]
    (lower, upper), (index,), (body,) = atom.args, atom.bound, atom.body
    count = algebra.add(algebra.sub(upper, lower), constant(1))
    length = count.number
    if kind == "prod":
        if length is not None and length <= UNROLLED:
            values = [body_at(algebra, body, index, lower, k) for k in range(max(int(length), 0))]
            return algebra.mul(*values) if values else constant(1)
        return _product(algebra, atom, index, lower, upper, body, count)
    if (
        index not in body.free
        and algebra.facts.at_least_zero(algebra.sub(count, constant(1)))
        and kind in ("max", "min")
    ):
        return body
    return of_atom(atom)


def body_at(algebra: Algebra, body: Poly, index: Index, lower: Poly, offset: int) -> Poly:
    return algebra.substitute(body, {index: algebra.add(lower, constant(offset))})


def _product(algebra: Algebra, atom: Atom, index: Index, lower: Poly, upper: Poly, body: Poly, count: Poly) -> Poly:
    """A product over a symbolic range: a product of products, constants to the power of the length."""
    from derivcheck.deciding.normal.functions import symbolic_power

    if index not in body.free:
        return symbolic_power(algebra, body, count) if algebra.facts.at_least_zero(count) else of_atom(atom)
    if len(body) != 1:
        return of_atom(atom)
    ((coefficient, monomial),) = body
    if monomial.dummies:
        return of_atom(atom)
    if coefficient == 1 and len(monomial.factors) == 1 and monomial.factors[0][1] == 1:
        single = monomial.factors[0][0]
        if single.head == ("function", "exp"):
            return _exp_of_sum(algebra, single.args[0], index, lower, upper)
        return of_atom(atom)
    result = reduced(algebra, "prod", index, lower, upper, constant(coefficient)) if coefficient != 1 else constant(1)
    for factor, exponent in monomial.factors:
        part = reduced(algebra, "prod", index, lower, upper, of_atom(factor))
        result = algebra.mul(result, algebra.power(part, exponent))
    return result


def _exp_of_sum(algebra: Algebra, exponent: Poly, index: Index, lower: Poly, upper: Poly) -> Poly:
    from derivcheck.deciding.normal.functions import exp

    return exp(algebra, summed(algebra, exponent, index, lower, upper))


def summed(algebra: Algebra, body: Poly, index: Index, lower: Poly, upper: Poly) -> Poly:
    """The sum of body over index = lower..upper."""
    if index.dim is not None and lower.number == 1 and size_poly(index.dim).key == upper.key:
        return algebra.bind(index, body)
    where = of_atom(Atom(("range",), (variable(index), lower, upper)))
    return algebra.bind(index, algebra.mul(where, body))


def log_of_product(algebra: Algebra, atom: Atom) -> Poly:
    """log of a product is the sum of the logarithms."""
    from derivcheck.deciding.normal.functions import log

    (lower, upper), (index,), (body,) = atom.args, atom.bound, atom.body
    return summed(algebra, log(algebra, body), index, lower, upper)


def fold(algebra: Algebra, atom: Atom) -> Poly:
    """An ordered product of matrices, the factor of the least index leftmost: short ranges are written out,
    a factor that does not depend on the index becomes a power."""
    lower, upper, row, col = atom.args
    index, rows, cols = atom.bound
    (body,) = atom.body
    count = algebra.add(algebra.sub(upper, lower), constant(1))
    if count.number is not None and count.number <= UNROLLED:
        return _written_out(algebra, atom, int(count.number))
    if index not in body.free and algebra.facts.at_least_zero(count):
        from derivcheck.deciding.normal.matrices import operation

        power = Atom(("operation", "power"), (row, col, count), (rows, cols), (body,))
        return plain(operation(algebra, power))
    return of_atom(_anchored(algebra, atom))


def _written_out(algebra: Algebra, atom: Atom, count: int) -> Poly:
    lower, _, row, col = atom.args
    index, rows, cols = atom.bound
    (body,) = atom.body
    if count <= 0:
        from derivcheck.deciding.normal.conditions import delta

        return delta(algebra, row, col)
    result: Poly | None = None
    left = row
    for k in range(count):
        right = col if k == count - 1 else None
        middle = fresh("k", rows.dim)
        factor = body_at(algebra, body, index, lower, k)
        factor = algebra.substitute(factor, {rows: left, cols: right if right is not None else variable(middle)})
        result = factor if result is None else algebra.mul(result, factor)
        if k and (bound := left.variable) is not None:
            result = algebra.bind(bound, result)
        left = variable(middle)
    assert result is not None
    return result


def _anchored(algebra: Algebra, atom: Atom) -> Atom:
    """The same ordered product with its index moved so that the least offset at which the index is used is 0."""
    lower, upper, *out = atom.args
    index, rows, cols = atom.bound
    (body,) = atom.body
    offsets = offsets_of(body, index)
    shift = min((s for s in offsets), default=Fraction(0))
    if not shift:
        return atom
    moved = algebra.substitute(body, {index: algebra.sub(variable(index), constant(shift))})
    by = constant(shift)
    return Atom(atom.head, (algebra.add(lower, by), algebra.add(upper, by), *out), (index, rows, cols), (moved,))


def offsets_of(poly: Poly, index: Index) -> set[Fraction]:
    """The constants c with which the index is used as `index + c` in arguments anywhere inside."""
    found: set[Fraction] = set()

    def visit(p: Poly) -> None:
        if index not in p.free:
            return
        own = [(c, m) for c, m in p if index in m.free]
        affine = len(own) == 1 and own[0][0] == 1 and len(own[0][1].factors) == 1
        if affine and own[0][1].factors[0][0].index == index and own[0][1].factors[0][1] == 1:
            found.add(next((c for c, m in p if not m.factors and not m.dummies), Fraction(0)))
            return
        for _, m in p:
            for a, _ in m.factors:
                if a.index == index:
                    found.add(Fraction(0))
                for q in (*a.args, *a.body):
                    visit(q)

    for _, m in poly:
        for a, _ in m.factors:
            if a.index == index:
                found.add(Fraction(0))
            for q in (*a.args, *a.body):
                visit(q)
    return found


__all__ = ["ONE", "Monomial", "fold", "reduce", "reduced", "summed"]
