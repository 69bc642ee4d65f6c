"""Atoms made and made again: what an atom simplifies to by itself when its arguments change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from derivcheck.deciding.normal.poly import Atom, Monomial, Poly, constant, of_atom
from derivcheck.terms.dim import Dim

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra


@lru_cache(maxsize=512)
def size_poly(dim: Dim) -> Poly:
    """A dimension as a polynomial in the atoms `size`."""
    return Poly.of(
        (
            Fraction(c),
            Monomial((), tuple((Atom(("size", name)), Fraction(names.count(name))) for name in sorted(set(names)))),
        )
        for names, c in dim.terms
    )


def rebuild(algebra: Algebra, atom: Atom) -> Atom | Poly:
    """An atom whose parts were replaced, simplified by its own head's builder."""
    make = builders().get(atom.head[0])
    return atom if make is None else make(algebra, atom)


Builder = Callable[["Algebra", Atom], "Atom | Poly"]


@lru_cache(maxsize=1)
def builders() -> Mapping[str, Builder]:
    """For each head whose atoms may simplify when their arguments change, how it is made."""
    from derivcheck.deciding.normal import conditions, derivatives, functions, matrices, powers, products

    return {
        "delta": lambda algebra, a: conditions.delta(algebra, *a.args),
        "range": lambda algebra, a: conditions.in_range(algebra, *a.args),
        "condition": lambda algebra, a: conditions.compare(algebra, a.head[1], a.args[0]),
        "function": lambda algebra, a: functions.function(algebra, a.head[1], a.args),
        "compound": lambda algebra, a: powers.compound(algebra, a.args[0]),
        "sum": lambda algebra, a: a.args[0],
        "operation": lambda algebra, a: matrices.operation(algebra, a),
        "derivative": lambda algebra, a: derivatives.derivative(algebra, a),
        "fold": lambda algebra, a: products.fold(algebra, a),
        "reduce": lambda algebra, a: products.reduce(algebra, a),
    }


def plain(atom: Atom | Poly) -> Poly:
    return atom if isinstance(atom, Poly) else of_atom(atom)


ZERO, UNIT = constant(0), constant(1)
