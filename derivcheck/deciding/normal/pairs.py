"""Indices of composite axes: pairs (Kronecker products, vec) and blocks.

An index x of an axis of size p q is q (x_1 - 1) + x_2 with x_1 of size p and x_2 of size q; one of an axis of
size m + n is x_1 of size m, or m + x_2 with x_2 of size n. The terms say which by div, mod and comparisons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from derivcheck.deciding.normal.building import size_poly
from derivcheck.deciding.normal.poly import ONE, Atom, Monomial, Poly, components, constant, of_atom, variable
from derivcheck.record import dataclass
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Index, fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra
    from derivcheck.deciding.normal.chains import Matrix


def atoms_in(poly: Poly) -> Iterator[Atom]:
    for _, monomial in poly:
        for atom, _ in monomial.factors:
            yield from atoms_of(atom)


def atoms_of(atom: Atom) -> Iterator[Atom]:
    yield atom
    for inner in (*atom.args, *atom.body):
        yield from atoms_in(inner)


def quotient(dim: Dim, by: Poly) -> Dim | None:
    """dim / by where `by` is one product of sizes that divides every term of dim."""
    if len(by) != 1:
        return None
    ((coefficient, monomial),) = by
    names = [a.head[1] for a, e in monomial.factors for _ in range(int(e))]
    if any(a.head[0] != "size" for a, _ in monomial.factors) or coefficient.denominator != 1:
        return None
    terms = []
    for product, count in dim.terms:
        left = list(product)
        for name in names:
            if name not in left:
                return None
            left.remove(name)
        if count % int(coefficient):
            return None
        terms.append((tuple(left), count // int(coefficient)))
    return Dim(tuple(sorted(terms))) if terms else None


def _dim_of(poly: Poly) -> Dim | None:
    """A polynomial in sizes as a dimension."""
    total = Dim.of(0)
    for coefficient, monomial in poly:
        if coefficient.denominator != 1 or monomial.dummies:
            return None
        term = Dim.of(int(coefficient))
        for atom, exponent in monomial.factors:
            if atom.head[0] != "size" or exponent.denominator != 1 or exponent < 0:
                return None
            for _ in range(int(exponent)):
                term = term * Dim.named(atom.head[1])
        total = total + term
    return total


@dataclass(frozen=True, slots=True)
class Pair:
    """x = inner size * (outer - 1) + inner."""

    outer: Index
    inner: Index
    value: Poly


def pair_of(algebra: Algebra, index: Index, atoms: Iterator[Atom]) -> Pair | None:
    """How an index is to be split, from the divisors that it is divided by."""
    if index.dim is None:
        return None
    for atom in atoms:
        if atom.head[0] == "function" and atom.head[1] in ("div", "mod") and index in atom.args[0].free:
            inner, outer = _dim_of(atom.args[1]), quotient(index.dim, atom.args[1])
            if inner is None or outer is None or inner.number == 1 or outer.number == 1:
                continue
            a, b = fresh(index.name, outer), fresh(index.name, inner)
            before = algebra.sub(variable(a), constant(1))
            return Pair(a, b, algebra.add(algebra.mul(size_poly(inner), before), variable(b)))
    return None


def cut_of(algebra: Algebra, index: Index, atoms: Iterator[Atom]) -> list[tuple[Index, Poly]] | None:
    """How an index of an axis of size m + n falls into two ranges, from the comparisons it stands in: for each range
    an index over it and the position that it stands for."""
    if index.dim is None or index.dim.number == 1:
        return None
    for atom in atoms:
        if atom.head[:2] != ("condition", ">") or index not in atom.args[0].free:
            continue
        own = [(c, m) for c, m in atom.args[0] if index in m.free]
        if len(own) != 1 or abs(own[0][0]) != 1 or own[0][1].factors[0][0].index != index:
            continue
        rest = Poly.of((c, m) for c, m in atom.args[0] if index not in m.free)
        sign = own[0][0]
        # [x + rest > 0] divides at x <= -rest; [rest - x > 0] at x <= rest - 1
        limit = algebra.scale(rest, -1) if sign > 0 else algebra.sub(rest, constant(1))
        first = _dim_of(limit)
        if first is None:
            continue
        second = index.dim - first
        if not all(_positive(algebra, d) for d in (first, second)):
            continue
        a, b = fresh(index.name, first), fresh(index.name, second)
        return [(a, variable(a)), (b, algebra.add(limit, variable(b)))]
    return None


def parts_of(algebra: Algebra, index: Index, poly: Poly) -> list[tuple[tuple[Index, ...], Poly]] | None:
    """The ways in which an index of a composite axis falls in `poly`: for each the indices that take its place and
    the position they stand for. None where it is not looked into, or an inverse still waits to be met there."""
    if index.dim is None or is_plain(index.dim) or any(waits(a, index) for _, m in poly for a, _ in m.factors):
        return None
    touching = [a for _, m in poly for a, _ in m.factors if index in a.free]
    pair = pair_of(algebra, index, (b for a in touching for b in atoms_of(a)))
    if pair is not None:
        return [((pair.outer, pair.inner), pair.value)]
    cut = cut_of(algebra, index, (b for a in touching for b in atoms_of(a)))
    return None if cut is None else [((part,), value) for part, value in cut]


def is_plain(dim: Dim) -> bool:
    """A dimension that is one name or a number below 2: nothing to take apart."""
    return len(dim.terms) == 1 and len(dim.terms[0][0]) <= 1 and dim.terms[0][1] == 1


def waits(atom: Atom, index: Index) -> bool:
    """Whether the index is an end of a matrix operation, where a rule may still meet it."""
    return atom.head[0] == "operation" and any(p.variable == index for p in atom.args[:2])


def _positive(algebra: Algebra, dim: Dim) -> bool:
    return algebra.facts.at_least_zero(algebra.sub(size_poly(dim), constant(1)))


# Kronecker products --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kronecker:
    """outer kron inner."""

    outer: Matrix
    inner: Matrix


def kronecker(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> Kronecker | None:
    """A matrix over pairs whose entries are products of one over the outer and one over the inner indices."""
    from derivcheck.deciding.normal.chains import Matrix

    if len(body) != 1:
        return None
    row = pair_of(algebra, rows, atoms_in(body))
    col = pair_of(algebra, cols, atoms_in(body))
    if row is None or col is None or row.outer.dim != col.outer.dim or row.inner.dim != col.inner.dim:
        return None
    apart = algebra.substitute(body, {rows: row.value, cols: col.value})
    if len(apart) != 1:
        return None
    ((coefficient, monomial),) = apart
    outer, inner = constant(coefficient), constant(1)
    for dummies, factors in components(monomial.dummies, monomial.factors):
        part = Poly.of([(ONE, Monomial(dummies, factors))]) if dummies else None
        for piece in [part] if part is not None else [of_atom(a, e) for a, e in factors]:
            assert piece is not None
            if piece.free & {row.inner, col.inner}:
                if piece.free & {row.outer, col.outer}:
                    return None
                inner = algebra.mul(inner, piece)
            else:
                outer = algebra.mul(outer, piece)
    ends_outer, ends_inner = {row.outer, col.outer}, {row.inner, col.inner}
    if not ends_outer <= outer.free or not ends_inner <= inner.free:
        return None
    return Kronecker(Matrix(row.outer, col.outer, outer), Matrix(row.inner, col.inner, inner))


def combined(
    algebra: Algebra, product: Kronecker, i: Poly, j: Poly, entry: Callable[[Matrix, Poly, Poly], Poly]
) -> Poly:
    """The entry (i, j) of f(A) kron f(B), where `entry` gives the entries of f of a matrix."""
    from derivcheck.deciding.normal.functions import divide, modulo

    inner = size_poly(product.inner.rows.dim)  # type: ignore[arg-type]
    one = constant(1)
    at = [(divide(algebra, algebra.sub(x, one), inner), modulo(algebra, algebra.sub(x, one), inner)) for x in (i, j)]
    outer_at, inner_at = ([algebra.add(pair[k], one) for pair in at] for k in (0, 1))
    return algebra.mul(entry(product.outer, *outer_at), entry(product.inner, *inner_at))


# Blocks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Blocks:
    """[a b; c d] with square a and d."""

    a: Matrix
    b: Matrix
    c: Matrix
    d: Matrix


def blocks(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> Blocks | None:
    from derivcheck.deciding.normal.chains import Matrix

    row = cut_of(algebra, rows, atoms_in(body))
    col = cut_of(algebra, cols, atoms_in(body))
    if row is None or col is None or row[0][0].dim != col[0][0].dim:
        return None
    found = []
    for r, r_value in row:
        for c, c_value in col:
            r2, c2 = fresh(r.name, r.dim), fresh(c.name, c.dim)
            values = {
                rows: algebra.substitute(r_value, {r: variable(r2)}),
                cols: algebra.substitute(c_value, {c: variable(c2)}),
            }
            found.append(Matrix(r2, c2, algebra.substitute(body, values)))
    return Blocks(*found)
