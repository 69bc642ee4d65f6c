"""Matrices as polynomials over a row and a column index, and their factors as products of square matrices.

`\\sum_{k} X_{rk} x_k Y_{kc}` is taken apart at every dummy that separates the row from the column: X, diag(x), Y.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.normal.poly import ONE, Atom, Factors, Monomial, Poly, components, constant, of_atom, variable
from derivcheck.deciding.normal.powers import of_factor, primitive
from derivcheck.record import dataclass
from derivcheck.terms.node import Index, fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra


@dataclass(frozen=True, slots=True)
class Matrix:
    """`body` over rows and cols; a diagonal matrix has cols None and its diagonal over rows."""

    rows: Index
    cols: Index | None
    body: Poly

    def at(self, algebra: Algebra, i: Poly, j: Poly) -> Poly:
        """The entry (i, j)."""
        from derivcheck.deciding.normal.conditions import delta

        if self.cols is None:
            return algebra.mul(algebra.substitute(self.body, {self.rows: i}), delta(algebra, i, j))
        return algebra.substitute(self.body, {self.rows: i, self.cols: j})


def multiplied(algebra: Algebra, matrices: list[Matrix], i: Poly, j: Poly) -> Poly:
    """The entry (i, j) of a product of matrices (of the identity, if there are none)."""
    from derivcheck.deciding.normal.conditions import delta

    if not matrices:
        return delta(algebra, i, j)
    result = constant(1)
    here = i
    bound: list[Index] = []
    for n, matrix in enumerate(matrices):
        last = n == len(matrices) - 1
        middle = fresh("k", (matrix.cols or matrix.rows).dim)
        there = j if last else variable(middle)
        result = algebra.mul(result, matrix.at(algebra, here, there))
        if not last:
            bound.append(middle)
        here = there
    for index in bound:
        result = algebra.bind(index, result)
    return result


def split(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> tuple[Poly, list[Matrix]] | None:
    """body = scalar * product of square matrices; None where it is not square or has no matrix of full shape."""
    if rows.dim != cols.dim:
        return None
    return factored(algebra, rows, cols, body)


def factored(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> tuple[Poly, list[Matrix]] | None:
    """The same for a matrix of any shape; only square factors are split off."""
    if not body.terms:
        return None
    scalar = constant(1)
    left, right, core = [], [], []
    for factor in _factors(algebra, body):
        has_row, has_col = rows in factor.free, cols in factor.free
        if has_row and has_col:
            core.append(factor)
        elif has_row:
            left.append(factor)
        elif has_col:
            right.append(factor)
        else:
            scalar = algebra.mul(scalar, factor)
    if not core:
        return None
    parts: list[Matrix] = []
    if left:
        parts.append(Matrix(rows, None, algebra.mul(*left)))
    parts.extend(_core(algebra, rows, cols, core))
    if right:
        parts.append(Matrix(cols, None, algebra.mul(*right)))
    return scalar, parts


def _factors(algebra: Algebra, body: Poly) -> list[Poly]:
    """body as a product: its common factors and what is left, of one monomial its connected parts."""
    if len(body) > 1:
        outside, inside = primitive(algebra, body, True)
        return ([] if outside.number == 1 else _factors(algebra, outside)) + [inside]
    ((coefficient, monomial),) = body
    found = [constant(coefficient)] if coefficient != 1 else []
    for dummies, factors in components(monomial.dummies, monomial.factors):
        if dummies:
            found.append(Poly.of([(ONE, Monomial(dummies, factors))]))
        else:
            found.extend(_single(algebra, a, e) for a, e in factors)
    return found


def _single(algebra: Algebra, atom: Atom, exponent: Fraction) -> Poly:
    return of_atom(atom, exponent) if exponent != 1 else of_factor(algebra, atom, exponent)


def _core(algebra: Algebra, rows: Index, cols: Index, core: list[Poly]) -> list[Matrix]:
    """The matrices of a product that holds both row and column; one part with both alone is taken apart further."""
    if len(core) != 1 or len(core[0]) != 1:
        return [Matrix(rows, cols, algebra.mul(*core))]
    ((_, monomial),) = core[0]
    atom = monomial.factors[0][0]
    alone = len(monomial.factors) == 1 and not monomial.dummies
    if alone and atom.head[0] == "delta" and {p.variable for p in atom.args} == {rows, cols}:
        return []
    return _cut(rows, cols, monomial)


def _cut(rows: Index, cols: Index, monomial: Monomial) -> list[Matrix]:
    for k in monomial.dummies:
        if k.dim != rows.dim:
            continue
        others = tuple(d for d in monomial.dummies if d != k)
        parts = components((*others, rows, cols), monomial.factors)
        first = next(p for p in parts if rows in p[0])
        last = next(p for p in parts if cols in p[0])
        if first is last or cols in first[0]:
            continue
        middle = tuple(f for p in parts if p is not first and p is not last for f in p[1])
        if not all(_mentions(p[1], k) for p in (first, last)):
            continue
        own = tuple(d for p in parts if p is not first and p is not last for d in p[0])
        return [
            *_cut(rows, k, _part(first, rows)),
            *([Matrix(k, None, Poly.of([(ONE, Monomial(own, middle))]))] if middle else []),
            *_cut(k, cols, _part(last, cols)),
        ]
    return [Matrix(rows, cols, Poly.of([(ONE, monomial)]))]


def _part(part: tuple[tuple[Index, ...], Factors], end: Index) -> Monomial:
    return Monomial(tuple(d for d in part[0] if d != end), part[1])


def _mentions(factors: Factors, index: Index) -> bool:
    return any(index in a.free for a, _ in factors)
