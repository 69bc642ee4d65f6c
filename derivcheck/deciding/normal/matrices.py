"""Operations on matrices: inverse, determinant, powers, exponential, norms.

The matrix is a polynomial over two bound indices. What can be said of its structure is said when the atom is
made: transposes, scalar factors, products of square matrices, diagonal and Kronecker factors are taken apart;
what is left is an opaque atom keyed by its matrix. Rules: Petersen and Pedersen, The Matrix Cookbook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.normal import determinants, pairs
from derivcheck.deciding.normal.building import plain
from derivcheck.deciding.normal.chains import Matrix, factored, multiplied, split
from derivcheck.deciding.normal.determinants import adjugate, entries
from derivcheck.deciding.normal.operations import canonical_transpose, inverse_matrix, inverse_of, lone
from derivcheck.deciding.normal.poly import (
    Atom,
    Poly,
    constant,
    of_atom,
    variable,
)
from derivcheck.terms.node import fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra

EXPANDED = 6
"""A whole power of a matrix up to this is written as a product."""


def operation(algebra: Algebra, atom: Atom) -> Atom | Poly:
    """The atom `operation:name`, taken apart as far as its matrix allows."""
    make = _MAKERS.get(atom.head[1])
    made = make(algebra, atom) if make is not None else None
    return canonical_transpose(atom) if made is None else made


# Inverse -------------------------------------------------------------------------------------------------------


def inverse(algebra: Algebra, atom: Atom) -> Atom | Poly | None:
    """(c X Y)^{-1} = Y^{-1} X^{-1} / c; (A kron B)^{-1} = A^{-1} kron B^{-1}."""
    rows, cols = atom.bound
    (body,) = atom.body
    i, j = atom.args[:2]
    written = entries(algebra, rows, cols, body)
    if written is not None:
        return adjugate(algebra, written, i, j)
    product = pairs.kronecker(algebra, rows, cols, body)
    if product is not None:
        return pairs.combined(algebra, product, i, j, lambda m, a, b: inverse_of(algebra, m, a, b))
    parts = split(algebra, rows, cols, body)
    if parts is None:
        return None
    scalar, matrices = parts
    if len(matrices) == 1 and scalar.number == 1:
        return _inverse_lone(algebra, matrices[0], i, j)
    inverted = [inverse_matrix(algebra, m) for m in reversed(matrices)]
    return algebra.mul(algebra.power(scalar, -1), multiplied(algebra, inverted, i, j))


def _inverse_lone(algebra: Algebra, matrix: Matrix, i: Poly, j: Poly) -> Poly | None:
    """The inverse of one matrix: of a diagonal one, of an inverse, of an orthogonal symbol."""
    if matrix.cols is None:
        return inverse_of(algebra, matrix, i, j)
    found = lone(matrix)
    if found is not None and found[0].head[1] == "inverse":
        atom, transposed = found
        inner = Matrix(atom.bound[0], atom.bound[1], atom.body[0])
        return inner.at(algebra, j, i) if transposed else inner.at(algebra, i, j)
    single = matrix.body.single
    if single is not None and single.head[0] == "symbol" and single.head[1] in algebra.facts.orthogonal:
        algebra.needs.add(f"{single.head[1]} orthogonal")
        return matrix.at(algebra, j, i)
    return None


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
        base = matrix if value >= 0 else inverse_matrix(algebra, matrix)
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
        return inverse_of(algebra, Matrix(r, c, inner), i, j)
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
    return of_atom(
        canonical_transpose(Atom(atom.head, atom.args, atom.bound, (algebra.scale(body, Fraction(1) / lead),)))
    )


_MAKERS: Mapping[str, Callable[[Algebra, Atom], Atom | Poly | None]] = {
    "inverse": inverse,
    "det": determinants.det,
    "power": power,
    "exp": exponential,
    "norm2": norm,
    "nuclear": norm,
    "rank": rank,
}
