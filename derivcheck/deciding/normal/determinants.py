"""Determinants: of products, Kronecker products, blocks, small matrices written entry by entry.

Rules: Petersen and Pedersen, The Matrix Cookbook, sections 1 and 9.1; Sylvester's det(I + XY) = det(I + YX).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.normal import pairs
from derivcheck.deciding.normal.building import size_poly
from derivcheck.deciding.normal.chains import Matrix, multiplied, split
from derivcheck.deciding.normal.operations import canonical_transpose, inverse_matrix, lone, made
from derivcheck.deciding.normal.poly import (
    Atom,
    Monomial,
    Poly,
    components,
    constant,
    of_atom,
    rename_atom,
    variable,
)
from derivcheck.deciding.normal.raws import Raw
from derivcheck.terms.node import Index, fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra

WRITTEN = 3
"""Matrices written entry by entry are taken entry by entry up to this size."""


def entries(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> list[list[Poly]] | None:
    """The entries of a small square matrix that is written entry by entry (its positions are told apart)."""
    size = rows.dim.number if rows.dim is not None and rows.dim == cols.dim else None
    if size is None or size > WRITTEN or not any(a.head[0] == "condition" for a in pairs.atoms_in(body)):
        return None
    places = [constant(k + 1) for k in range(size)]
    return [[algebra.substitute(body, {rows: r, cols: c}) for c in places] for r in places]


def _leibniz(algebra: Algebra, entries: list[list[Poly]]) -> Poly:
    """The determinant by expansion along the first row."""
    if not entries:
        return constant(1)
    total = constant(0)
    for k, entry in enumerate(entries[0]):
        minor = [row[:k] + row[k + 1 :] for row in entries[1:]]
        total = algebra.add(total, algebra.scale(algebra.mul(entry, _leibniz(algebra, minor)), (-1) ** k))
    return total


def adjugate(algebra: Algebra, entries: list[list[Poly]], i: Poly, j: Poly) -> Poly:
    """Entry (i, j) of the inverse: the cofactor (j, i) by the determinant (Cramer)."""
    from derivcheck.deciding.normal.conditions import delta

    total = constant(0)
    for r in range(len(entries)):
        for c in range(len(entries)):
            minor = [row[:c] + row[c + 1 :] for k, row in enumerate(entries) if k != r]
            cofactor = algebra.scale(_leibniz(algebra, minor), (-1) ** (r + c))
            at = algebra.mul(delta(algebra, i, constant(c + 1)), delta(algebra, j, constant(r + 1)))
            total = algebra.add(total, algebra.mul(at, cofactor))
    return algebra.mul(total, algebra.power(_leibniz(algebra, entries), -1))


def det(algebra: Algebra, atom: Atom) -> Poly | None:
    """det(c X Y) = c^n det X det Y; det(A kron B) = det(A)^p det(B)^n; blocks by the Schur complement."""
    from derivcheck.deciding.normal.functions import symbolic_power

    rows, cols = atom.bound
    (body,) = atom.body
    if rows.dim is None:
        return None
    written = entries(algebra, rows, cols, body)
    if written is not None:
        return _leibniz(algebra, written)
    product = pairs.kronecker(algebra, rows, cols, body)
    if product is not None:
        a, b = product.outer, product.inner
        det_a, det_b = (_det_of(algebra, m) for m in (a, b))
        powers = [
            symbolic_power(algebra, det_a, size_poly(b.rows.dim)),  # type: ignore[arg-type]
            symbolic_power(algebra, det_b, size_poly(a.rows.dim)),  # type: ignore[arg-type]
        ]
        return algebra.mul(*powers)
    blocks = pairs.blocks(algebra, rows, cols, body)
    if blocks is not None:
        return _block_det(algebra, blocks)
    lemma = _lemma(algebra, rows, cols, body)
    if lemma is not None:
        return lemma
    parts = split(algebra, rows, cols, body)
    if parts is None:
        return None
    scalar, matrices = parts
    if scalar.number == 1 and len(matrices) == 1:
        return _det_lone(algebra, matrices[0])
    result = symbolic_power(algebra, scalar, size_poly(rows.dim)) if scalar.number != 1 else constant(1)
    return algebra.mul(result, *(_det_of(algebra, m) for m in matrices))


def _lemma(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> Poly | None:
    """det(I + X Y) = det(I + Y X), the one with the lesser key; det(I + u v^T) = 1 + v^T u."""
    if len(body) != 2:
        return None
    identity = [m for c, m in body if c == 1 and len(m.factors) == 1 and m.factors[0][0].head[0] == "delta"]
    others = [(c, m) for c, m in body if m not in identity]
    if len(identity) != 1 or len(others) != 1 or identity[0].free != {rows, cols}:
        return None
    ((coefficient, monomial),) = others
    parts = components((*monomial.dummies, rows, cols), monomial.factors)
    if not any(cols in p[0] for p in parts if rows in p[0]):  # u v^T: the trace is the sum over rows = cols
        k = fresh("k", rows.dim)
        meeting = algebra.substitute(Poly.of(others), {rows: variable(k), cols: variable(k)})
        return algebra.add(constant(1), algebra.bind(k, meeting))
    return _least_rotation(algebra, rows, cols, coefficient, monomial)


def _least_rotation(
    algebra: Algebra, rows: Index, cols: Index, coefficient: Fraction, monomial: Monomial
) -> Poly | None:
    """The determinant of I + Y X for the dummy between X and Y whose matrix has the least key, None if it is the
    matrix itself."""
    own = _unfactored_det(algebra, rows, cols, Poly.of([(coefficient, monomial)]))
    best = own
    for k in monomial.dummies:
        others = tuple(d for d in monomial.dummies if d != k)
        groups = components((*others, rows, cols), monomial.factors)
        first = [g for g in groups if rows in g[0]]
        if any(cols in g[0] for g in first) or not any(k in a.free for g in first for a, _ in g[1]):
            continue
        middle, i, j = fresh("k", rows.dim), fresh("i", k.dim), fresh("j", k.dim)
        ahead = tuple((rename_atom(a, {rows: middle, k: j}), e) for g in first for a, e in g[1])
        behind = tuple((rename_atom(a, {cols: middle, k: i}), e) for g in groups if g not in first for a, e in g[1])
        body = algebra.settle([Raw(coefficient, (*others, middle), (*ahead, *behind))])
        turned = _unfactored_det(algebra, i, j, body)
        best = turned if turned.key < best.key else best
    return None if best is own else of_atom(best)


def _unfactored_det(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> Atom:
    from derivcheck.deciding.normal.conditions import delta

    whole = algebra.add(delta(algebra, variable(rows), variable(cols)), body)
    return canonical_transpose(Atom(("operation", "det"), (), (rows, cols), (whole,)))


def _det_of(algebra: Algebra, matrix: Matrix) -> Poly:
    if matrix.cols is None:
        return _det_diagonal(algebra, matrix)
    return made(algebra, "det", matrix)


def _det_diagonal(algebra: Algebra, matrix: Matrix) -> Poly:
    from derivcheck.deciding.normal.products import reduced

    assert matrix.rows.dim is not None
    return reduced(algebra, "prod", matrix.rows, constant(1), size_poly(matrix.rows.dim), matrix.body)


def _det_lone(algebra: Algebra, matrix: Matrix) -> Poly | None:
    """det of a diagonal matrix, of an inverse, an exponential, a power."""
    from derivcheck.deciding.normal.functions import exp, symbolic_power

    if matrix.cols is None:
        return _det_diagonal(algebra, matrix)
    found = lone(matrix)
    if found is None:
        return None
    atom, _ = found
    inner = Matrix(atom.bound[0], atom.bound[1], atom.body[0])
    if atom.head[1] == "inverse":
        return algebra.power(_det_of(algebra, inner), -1)
    if atom.head[1] == "power":
        return symbolic_power(algebra, _det_of(algebra, inner), atom.args[2])
    if atom.head[1] == "exp":
        k = fresh("k", inner.rows.dim)
        return exp(algebra, algebra.bind(k, inner.at(algebra, variable(k), variable(k))))
    return None


def _block_det(algebra: Algebra, blocks: pairs.Blocks) -> Poly | None:
    """det [A B; C D] = det D det(A - B D^{-1} C) for an invertible D, = det A det(D - C A^{-1} B) for A; with a zero
    block det A det D."""
    a, b, c, d = blocks.a, blocks.b, blocks.c, blocks.d
    if not b.body.terms or not c.body.terms:
        return algebra.mul(_det_of(algebra, a), _det_of(algebra, d))
    for corner, other, first, last in ((d, a, b, c), (a, d, c, b)):
        if not _invertible(algebra, corner):
            continue
        inverse_corner = inverse_matrix(algebra, corner)
        i, j = variable(other.rows), variable(other.cols) if other.cols else variable(other.rows)
        product = multiplied(algebra, [first, inverse_corner, last], i, j)
        schur = Matrix(other.rows, other.cols, algebra.sub(other.body, product))
        return algebra.mul(_det_of(algebra, corner), _det_of(algebra, schur))
    return None


def _invertible(algebra: Algebra, matrix: Matrix) -> bool:
    single = matrix.body.single
    if single is None:
        return False
    if single.head[0] == "delta":
        return True
    return single.head[0] == "symbol" and single.head[1] in algebra.facts.invertible
