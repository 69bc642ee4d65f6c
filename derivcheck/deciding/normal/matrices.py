"""Operations on matrices: inverse, determinant, powers, exponential, norms.

The matrix is a polynomial over two bound indices. What can be said of its structure is said when the atom is
made: transposes, scalar factors, products of square matrices and diagonal ones are taken apart; what is left
is an opaque atom keyed by its matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.deciding.normal.building import plain
from derivcheck.deciding.normal.poly import Atom, Poly, of_atom, rename_poly
from derivcheck.terms.node import fresh

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra


def operation(algebra: Algebra, atom: Atom) -> Atom | Poly:
    return canonical_transpose(algebra, atom)


def canonical_transpose(algebra: Algebra, atom: Atom) -> Atom:
    """Of a matrix and its transpose the one with the lesser key: op(M^T) is op(M)^T, or op(M) for a number."""
    rows, cols = atom.bound
    (body,) = atom.body
    if rows.dim != cols.dim and atom.head[1] not in ("norm2", "nuclear", "rank", "cond", "pinv"):
        return atom
    r, c = fresh("r", cols.dim), fresh("c", rows.dim)
    swapped = rename_poly(body, {rows: c, cols: r})
    has_out = len(atom.args) >= 2
    base = atom.head[:2]
    flipped_args = (atom.args[1], atom.args[0], *atom.args[2:]) if has_out else atom.args
    flipped = Atom(base, flipped_args, (r, c), (swapped,))
    straight_key = Atom(base, (), atom.bound, atom.body).key
    flipped_key = Atom(base, (), (r, c), (swapped,)).key
    if straight_key == flipped_key and has_out:
        return Atom((*base, "symmetric"), atom.args, atom.bound, atom.body)
    return Atom(base, atom.args, atom.bound, atom.body) if straight_key <= flipped_key else flipped


__all__ = ["Atom", "of_atom", "operation", "plain"]
