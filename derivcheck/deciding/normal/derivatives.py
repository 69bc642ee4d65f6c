"""Derivatives that stay opaque: atoms of a defined entry by an entry, until they are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.deciding.normal.integers import derivative_term
from derivcheck.deciding.normal.poly import Atom, Poly
from derivcheck.terms import node as n
from derivcheck.terms.differentiate import push

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra


def derivative(algebra: Algebra, atom: Atom) -> Atom | Poly:
    """An atom whose indices changed: with the new ones it may be known (by itself, by what comes after it)."""
    from derivcheck.deciding.normal.lower import Lowering

    term = derivative_term(atom, algebra.facts.model)
    if term is None:
        return atom
    pushed = push(term, algebra.facts.model)
    if isinstance(pushed, n.Derivative):
        return atom
    return Lowering(algebra)(pushed)
