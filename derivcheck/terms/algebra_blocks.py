"""Matrices made of matrices: Kronecker products, vec, blocks and columns. All by arithmetic on indices."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.terms.algebra_core import ShapeMismatch, outer, scale, single
from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, number, size
from derivcheck.terms.dim import ONE as DIM_ONE
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Add, Cases, Compare, Function, Index, Mul, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar


def _split(index: Term, inner: Dim) -> tuple[Term, Term]:
    """The pair (outer, inner) of a position in a product dimension, the inner one running fastest."""
    before = Add((index, MINUS_ONE))
    pair = (before, size(inner))
    return Add((Function("div", pair), ONE)), Add((Function("mod", pair), ONE))


def _as_matrix(tensor: Tensor) -> Tensor:
    """A vector as an `n x 1` matrix, a number as `1 x 1`."""
    tensor = tensor.renamed()
    missing = tuple(fresh("c", DIM_ONE) for _ in range(2 - len(tensor.axes)))
    return Tensor(tensor.axes + missing, tensor.body)


def kronecker(left: Tensor, right: Tensor, long: bool = False) -> Tensor:
    """`A \\otimes B`: of vectors the outer product (`long`: the Kronecker product of columns, a long vector); a vector
    beside a matrix is a column; a number scales."""
    left, right = single(left), single(right)
    if not left.axes:
        return scale(left, right)
    if not right.axes:
        return scale(right, left)
    if len(left.axes) == 1 and len(right.axes) == 1:
        return vec(outer(right, left)) if long else outer(left, right)
    if max(len(left.axes), len(right.axes)) > 2:
        raise ShapeMismatch("Kronecker product", left.shape, right.shape)
    a, b = _as_matrix(left), _as_matrix(right)
    (m, n), (p, q) = a.shape, b.shape
    row, col = fresh("i", m * p), fresh("j", n * q)
    i, k = _split(Var(row), p)
    j, r = _split(Var(col), q)
    return Tensor((row, col), Mul((a.at([i, j]), b.at([k, r]))))


def vec(tensor: Tensor) -> Tensor:
    """The columns of a matrix stacked into one vector."""
    tensor = single(tensor)
    if len(tensor.axes) < 2:
        return tensor
    if len(tensor.axes) > 2:
        raise ShapeMismatch("vec", tensor.shape)
    rows, cols = tensor.shape
    position = fresh("i", rows * cols)
    col, row = _split(Var(position), rows)
    return Tensor((position,), tensor.at([row, col]))


def columns(index: Index, vector: Tensor) -> Tensor:
    """`[v_1, ..., v_n]`: the vectors given by `vector` for each value of its free `index` as columns."""
    if len(vector.axes) > 1 or index.dim is None:
        raise ShapeMismatch("columns", vector.shape)
    inside = vector.renamed()
    return Tensor((*inside.axes, index), inside.body) if inside.axes else _row_of(index, inside.body)


def _row_of(index: Index, body: Term) -> Tensor:
    return Tensor((fresh("r", DIM_ONE), index), body)


def block(rows: Sequence[Sequence[Tensor]]) -> Tensor:
    """A matrix of blocks, or of numbers. The number 0 stretches to a block of zeros. One column of numbers or
    vectors is a vector; otherwise a matrix (one row of numbers is a `1 x n` matrix)."""
    cells = [[single(cell) for cell in row] for row in rows]
    width = len(cells[0])
    if any(len(row) != width for row in cells):
        raise ShapeMismatch("matrix", *(cell.shape for row in cells for cell in row))
    heights = [_extent(row, 0) for row in cells]
    widths = [_extent([row[k] for row in cells], 1) for k in range(width)]
    is_vector = width == 1 and all(len(cell.axes) < 2 for row in cells for cell in row)
    i = fresh("i", _total(heights))
    if is_vector:
        return single(Tensor((i,), _choose(Var(i), heights, [lambda x, c=row[0]: _cell(c, x, ONE) for row in cells])))
    j = fresh("j", _total(widths))

    def in_row(row: list[Tensor], x: Term) -> Term:
        return _choose(Var(j), widths, [lambda y, c=cell: _cell(c, x, y) for cell in row])

    return single(Tensor((i, j), _choose(Var(i), heights, [lambda x, r=row: in_row(r, x) for row in cells])))


def _extent(cells: list[Tensor], axis: int) -> Dim:
    """The common height (axis 0) or width (axis 1) of cells; zeros adapt."""
    found = {_as_matrix(cell).shape[axis] for cell in cells if cell.body is not ZERO or cell.axes}
    if len(found) > 1:
        raise ShapeMismatch("matrix", *(cell.shape for cell in cells))
    return found.pop() if found else DIM_ONE


def _total(dims: list[Dim]) -> Dim:
    total = Dim.of(0)
    for dim in dims:
        total = total + dim
    return total


def _cell(cell: Tensor, i: Term, j: Term) -> Term:
    return ZERO if cell.body is ZERO else cell.at([i, j][: len(cell.axes)])


def _choose(position: Term, dims: list[Dim], parts: list) -> Term:
    """Part number `k` at the position within it, where `position` falls into the k-th of consecutive ranges."""
    if len(parts) == 1:
        return parts[0](position)
    branches: list[tuple[Term, Term]] = []
    before = Dim.of(0)
    for dim, part in zip(dims, parts, strict=True):
        inside = position if not before.terms else Add((position, Mul((MINUS_ONE, size(before)))))
        before = before + dim
        branches.append((Compare("<=", position, size(before)), part(ONE if dim == DIM_ONE else inside)))
    return Cases(tuple(branches[:-1]), branches[-1][1])


def vector(*entries: Term) -> Tensor:
    """A vector of given numbers."""
    return block([[scalar(entry)] for entry in entries])


def cross(left: Tensor, right: Tensor) -> Tensor:
    """`a \\times b` of two vectors of three numbers."""
    if left.shape != (_THREE,) or right.shape != (_THREE,):
        raise ShapeMismatch("cross product", left.shape, right.shape)

    def term(j: int, k: int) -> Term:
        return Mul((left.at([number(j)]), right.at([number(k)])))

    return vector(*(Add((term(j, k), Mul((MINUS_ONE, term(k, j))))) for j, k in ((2, 3), (3, 1), (1, 2))))


_THREE = Dim.of(3)
