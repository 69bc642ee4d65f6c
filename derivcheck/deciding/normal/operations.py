"""What all operations on matrices share: making an atom, its canonical transpose, inverses of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.deciding.normal.building import plain
from derivcheck.deciding.normal.chains import Matrix
from derivcheck.deciding.normal.poly import Atom, Poly, rename_poly, variable
from derivcheck.terms.node import fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra

WITH_ENTRIES = frozenset({"inverse", "power", "exp", "pinv"})
"""Operations whose value is a matrix: the first two args are the entry asked for."""


def made(algebra: Algebra, name: str, matrix: Matrix, *args: Poly) -> Poly:
    """The operation `name` of a matrix (its `cols` given), simplified; `args` the entry asked for and parameters."""
    from derivcheck.deciding.normal.matrices import operation

    assert matrix.cols is not None
    return plain(operation(algebra, Atom(("operation", name), args, (matrix.rows, matrix.cols), (matrix.body,))))


def canonical_transpose(atom: Atom) -> Atom:
    """Of a matrix and its transpose the one with the lesser key: op(M^T) is op(M)^T, or op(M) for a number."""
    rows, cols = atom.bound
    (body,) = atom.body
    base = atom.head[:2]
    has_out = atom.head[1] in WITH_ENTRIES
    r, c = fresh("r", cols.dim), fresh("c", rows.dim)
    swapped = rename_poly(body, {rows: c, cols: r})
    flipped_args = (atom.args[1], atom.args[0], *atom.args[2:]) if has_out else atom.args
    straight = Atom(base, (), atom.bound, atom.body).key
    flipped = Atom(base, (), (r, c), (swapped,)).key
    if straight == flipped and has_out:
        return Atom((*base, "symmetric"), atom.args, atom.bound, atom.body)
    if straight <= flipped:
        return Atom(base, atom.args, atom.bound, atom.body)
    return Atom(base, flipped_args, (r, c), (swapped,))


def lone(matrix: Matrix) -> tuple[Atom, bool] | None:
    """The operation atom that a matrix consists of, and whether it is transposed."""
    single = matrix.body.single
    if single is None or single.head[0] != "operation" or single.head[1] not in WITH_ENTRIES:
        return None
    ends = (single.args[0].variable, single.args[1].variable)
    if ends == (matrix.rows, matrix.cols):
        return single, False
    return (single, True) if ends == (matrix.cols, matrix.rows) else None


def inverse_matrix(algebra: Algebra, matrix: Matrix) -> Matrix:
    if matrix.cols is None:
        return Matrix(matrix.rows, None, algebra.power(matrix.body, -1))
    i, j = fresh("i", matrix.rows.dim), fresh("j", matrix.rows.dim)
    return Matrix(i, j, inverse_of(algebra, matrix, variable(i), variable(j)))


def inverse_of(algebra: Algebra, matrix: Matrix, i: Poly, j: Poly) -> Poly:
    if matrix.cols is None:
        return Matrix(matrix.rows, None, algebra.power(matrix.body, -1)).at(algebra, i, j)
    return made(algebra, "inverse", matrix, i, j)
