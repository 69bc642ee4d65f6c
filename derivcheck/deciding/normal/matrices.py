"""Operations on matrices: inverse, determinant, powers, exponential, norms.

The matrix is a polynomial over two bound indices. What can be said of its structure is said when the atom is
made: transposes, scalar factors, products of square matrices, diagonal and Kronecker factors are taken apart;
what is left is an opaque atom keyed by its matrix. Rules: Petersen and Pedersen, The Matrix Cookbook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.normal import pairs
from derivcheck.deciding.normal.building import plain, size_poly
from derivcheck.deciding.normal.chains import Matrix, factored, multiplied, split
from derivcheck.deciding.normal.poly import (
    Atom,
    Monomial,
    Poly,
    components,
    constant,
    of_atom,
    rename_atom,
    rename_poly,
    variable,
)
from derivcheck.deciding.normal.raws import Raw
from derivcheck.terms.node import Index, fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra

WRITTEN = 3
"""Matrices written entry by entry are taken entry by entry up to this size."""
EXPANDED = 6
"""A whole power of a matrix up to this is written as a product."""


def operation(algebra: Algebra, atom: Atom) -> Atom | Poly:
    """The atom `operation:name`, taken apart as far as its matrix allows."""
    make = _MAKERS.get(atom.head[1])
    made = make(algebra, atom) if make is not None else None
    return canonical_transpose(atom) if made is None else made


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


WITH_ENTRIES = frozenset({"inverse", "power", "exp", "pinv"})
"""Operations whose value is a matrix: the first two args are the entry asked for."""


def _lone(matrix: Matrix) -> tuple[Atom, bool] | None:
    """The operation atom that a matrix consists of, and whether it is transposed."""
    single = matrix.body.single
    if single is None or single.head[0] != "operation" or single.head[1] not in WITH_ENTRIES:
        return None
    ends = (single.args[0].variable, single.args[1].variable)
    if ends == (matrix.rows, matrix.cols):
        return single, False
    return (single, True) if ends == (matrix.cols, matrix.rows) else None


def _entry(algebra: Algebra, atom: Atom, i: Poly, j: Poly) -> Poly:
    """An operation atom at another entry."""
    return plain(operation(algebra, Atom(atom.head[:2], (i, j, *atom.args[2:]), atom.bound, atom.body)))


# Inverse -------------------------------------------------------------------------------------------------------


def inverse(algebra: Algebra, atom: Atom) -> Atom | Poly | None:
    """(c X Y)^{-1} = Y^{-1} X^{-1} / c; (A kron B)^{-1} = A^{-1} kron B^{-1}."""
    rows, cols = atom.bound
    (body,) = atom.body
    i, j = atom.args[:2]
    written = _entries(algebra, rows, cols, body)
    if written is not None:
        return _adjugate(algebra, written, i, j)
    product = pairs.kronecker(algebra, rows, cols, body)
    if product is not None:
        return pairs.combined(algebra, product, i, j, lambda m, a, b: _inverse_of(algebra, m, a, b))
    parts = split(algebra, rows, cols, body)
    if parts is None:
        return None
    scalar, matrices = parts
    if len(matrices) == 1 and scalar.number == 1:
        return _inverse_lone(algebra, matrices[0], i, j)
    inverted = [_inverse_matrix(algebra, m) for m in reversed(matrices)]
    return algebra.mul(algebra.power(scalar, -1), multiplied(algebra, inverted, i, j))


def _inverse_matrix(algebra: Algebra, matrix: Matrix) -> Matrix:
    if matrix.cols is None:
        return Matrix(matrix.rows, None, algebra.power(matrix.body, -1))
    i, j = fresh("i", matrix.rows.dim), fresh("j", matrix.rows.dim)
    return Matrix(i, j, _inverse_of(algebra, matrix, variable(i), variable(j)))


def _inverse_of(algebra: Algebra, matrix: Matrix, i: Poly, j: Poly) -> Poly:
    if matrix.cols is None:
        return Matrix(matrix.rows, None, algebra.power(matrix.body, -1)).at(algebra, i, j)
    return plain(operation(algebra, Atom(("operation", "inverse"), (i, j), (matrix.rows, matrix.cols), (matrix.body,))))


def _inverse_lone(algebra: Algebra, matrix: Matrix, i: Poly, j: Poly) -> Poly | None:
    """The inverse of one matrix: of a diagonal one, of an inverse, of an orthogonal symbol."""
    if matrix.cols is None:
        return _inverse_of(algebra, matrix, i, j)
    lone = _lone(matrix)
    if lone is not None and lone[0].head[1] == "inverse":
        atom, transposed = lone
        inner = Matrix(*atom.bound, atom.body[0])
        return inner.at(algebra, j, i) if transposed else inner.at(algebra, i, j)
    single = matrix.body.single
    if single is not None and single.head[0] == "symbol" and single.head[1] in algebra.facts.orthogonal:
        algebra.needs.add(f"{single.head[1]} orthogonal")
        return matrix.at(algebra, j, i)
    return None


def _entries(algebra: Algebra, rows: Index, cols: Index, body: Poly) -> list[list[Poly]] | None:
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


def _adjugate(algebra: Algebra, entries: list[list[Poly]], i: Poly, j: Poly) -> Poly:
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


# Determinant ---------------------------------------------------------------------------------------------------


def det(algebra: Algebra, atom: Atom) -> Poly | None:
    """det(c X Y) = c^n det X det Y; det(A kron B) = det(A)^p det(B)^n; blocks by the Schur complement."""
    from derivcheck.deciding.normal.functions import symbolic_power

    rows, cols = atom.bound
    (body,) = atom.body
    if rows.dim is None:
        return None
    written = _entries(algebra, rows, cols, body)
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


def _least_rotation(algebra: Algebra, rows: Index, cols: Index, coefficient: Fraction, monomial: Monomial) -> Poly | None:
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
    return plain(operation(algebra, Atom(("operation", "det"), (), (matrix.rows, matrix.cols), (matrix.body,))))


def _det_diagonal(algebra: Algebra, matrix: Matrix) -> Poly:
    from derivcheck.deciding.normal.products import reduced

    assert matrix.rows.dim is not None
    return reduced(algebra, "prod", matrix.rows, constant(1), size_poly(matrix.rows.dim), matrix.body)


def _det_lone(algebra: Algebra, matrix: Matrix) -> Poly | None:
    """det of a diagonal matrix, of an inverse, an exponential, a power."""
    from derivcheck.deciding.normal.functions import exp, symbolic_power

    if matrix.cols is None:
        return _det_diagonal(algebra, matrix)
    lone = _lone(matrix)
    if lone is None:
        return None
    atom, _ = lone
    inner = Matrix(*atom.bound, atom.body[0])
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
        inverse_corner = _inverse_matrix(algebra, corner)
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


# Powers, exponentials, norms --------------------------------------------------------------------------------------


def power(algebra: Algebra, atom: Atom) -> Poly | None:
    """Small whole powers are written out; (c M)^k = c^k M^k; (M^a)^b = M^{ab}; of a diagonal matrix entry by entry."""
    from derivcheck.deciding.normal.functions import symbolic_power

    i, j, exponent = atom.args
    rows, cols = atom.bound
    (body,) = atom.body
    value = exponent.number
    if value is not None and value.denominator == 1 and abs(value) <= EXPANDED:
        matrix = Matrix(rows, cols, body)
        base = matrix if value >= 0 else _inverse_matrix(algebra, matrix)
        return multiplied(algebra, [base] * abs(int(value)), i, j)
    parts = split(algebra, rows, cols, body)
    if parts is None:
        return None
    scalar, matrices = parts
    if scalar.number != 1:
        rest = multiplied(algebra, matrices, variable(rows), variable(cols))
        inner = Atom(("operation", "power"), atom.args, atom.bound, (rest,))
        return algebra.mul(symbolic_power(algebra, scalar, exponent), plain(operation(algebra, inner)))
    if not matrices:
        return multiplied(algebra, [], i, j)
    if len(matrices) == 1 and matrices[0].cols is None:
        diagonal = symbolic_power(algebra, matrices[0].body, exponent)
        return Matrix(matrices[0].rows, None, diagonal).at(algebra, i, j)
    return None


def exponential(algebra: Algebra, atom: Atom) -> Poly | None:
    """e^0 = I; e^{-M} = (e^M)^{-1}; of a diagonal matrix entry by entry."""
    from derivcheck.deciding.normal.functions import exp

    i, j = atom.args
    rows, cols = atom.bound
    (body,) = atom.body
    if not body.terms:
        return multiplied(algebra, [], i, j)
    parts = split(algebra, rows, cols, body)
    if parts is not None and len(parts[1]) <= 1 and all(m.cols is None for m in parts[1]):
        diagonal = algebra.mul(parts[0], *(m.body for m in parts[1]))
        where = parts[1][0].rows if parts[1] else rows
        return Matrix(where, None, exp(algebra, diagonal)).at(algebra, i, j)
    if body.lead()[0] < 0:
        r, c = fresh("r", rows.dim), fresh("c", cols.dim)
        inner = plain(
            canonical_transpose(
                Atom(("operation", "exp"), (variable(r), variable(c)), atom.bound, (algebra.scale(body, -1),))
            )
        )
        return _inverse_of(algebra, Matrix(r, c, inner), i, j)
    return None


def norm(algebra: Algebra, atom: Atom) -> Poly | None:
    """||c M|| = |c| ||M||, also for orthogonal factors at either end."""
    from derivcheck.deciding.normal.functions import absolute

    rows, cols = atom.bound
    (body,) = atom.body
    if not body.terms:
        return constant(0)
    if len(body) == 1:
        ((coefficient, _),) = body
        if coefficient != 1:
            rest = Atom(atom.head, atom.args, atom.bound, (algebra.scale(body, 1 / coefficient),))
            return algebra.scale(plain(operation(algebra, rest)), abs(coefficient))
    parts = factored(algebra, rows, cols, body)
    if parts is None:
        return None
    scalar, matrices = parts
    kept = list(matrices)
    while kept and _orthogonal(algebra, kept[0]):
        kept.pop(0)
    while kept and _orthogonal(algebra, kept[-1]):
        kept.pop()
    if not kept and atom.head[1] == "norm2":
        return absolute(algebra, scalar)
    if scalar.number == 1 and len(kept) == len(matrices):
        return None
    rest = multiplied(algebra, kept, variable(rows), variable(cols))
    inner = plain(operation(algebra, Atom(atom.head, atom.args, atom.bound, (rest,))))
    return algebra.mul(absolute(algebra, scalar), inner)


def _orthogonal(algebra: Algebra, matrix: Matrix) -> bool:
    single = matrix.body.single
    if single is None or single.head[0] != "symbol" or single.head[1] not in algebra.facts.orthogonal:
        return False
    algebra.needs.add(f"{single.head[1]} orthogonal")
    return True


def rank(algebra: Algebra, atom: Atom) -> Poly | None:
    """rank(c M) = rank M for a number c other than 0."""
    (body,) = atom.body
    if not body.terms:
        return constant(0)
    lead = body.lead()[0]
    if lead == 1:
        return None
    return of_atom(canonical_transpose(Atom(atom.head, atom.args, atom.bound, (algebra.scale(body, Fraction(1) / lead),))))


_MAKERS: Mapping[str, Callable[[Algebra, Atom], Atom | Poly | None]] = {
    "inverse": inverse,
    "det": det,
    "power": power,
    "exp": exponential,
    "norm2": norm,
    "nuclear": norm,
    "rank": rank,
}
