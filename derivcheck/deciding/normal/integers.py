"""Atoms and integer polynomials as terms: what the rules that work on terms (unfolding, derivatives) need."""

from __future__ import annotations

from derivcheck.deciding.normal.poly import Atom, Poly
from derivcheck.terms import node as n
from derivcheck.terms.build import add, mul, number, power
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Model


def derivative_term(atom: Atom, model: Model) -> n.Derivative | None:
    """An opaque derivative as the term that it stands for."""
    _, wrt, mode, *held = atom.head
    args = [integer_term(p) for p in atom.args[:-1]]
    body_atom = atom.args[-1].single
    body = integer_entry(body_atom) if body_atom is not None and body_atom.head[0] == "symbol" else None
    if body is None or any(a is None for a in args):
        return None
    terms = [a for a in args if a is not None]
    count = _arity(model, wrt)
    entry, rest = n.Entry(wrt, tuple(terms[:count])), terms[count:]
    held_entries = []
    for name in held:
        name, _, size = name.rpartition("/")
        held_entries.append(n.Entry(name, tuple(rest[: int(size)])))
        rest = rest[int(size) :]
    return n.Derivative(body, entry, tuple(held_entries), mode == "immediate", tuple(rest))


def _arity(model: Model, symbol: str) -> int:
    declaration = model.declarations[symbol]
    return len(declaration.family) + len(declaration.shape)


def integer_entry(atom: Atom) -> n.Entry | None:
    indices = [integer_term(p) for p in atom.args]
    if any(i is None for i in indices):
        return None
    return n.Entry(atom.head[1], tuple(i for i in indices if i is not None))


def integer_term(poly: Poly) -> n.Term | None:
    """A polynomial in sizes, indices and integer symbols as a term."""
    parts = []
    for coefficient, monomial in poly:
        if monomial.dummies:
            return None
        factors: list[n.Term] = []
        for atom, exponent in monomial.factors:
            if atom.index is not None:
                base: n.Term | None = n.Var(atom.index)
            elif atom.head[0] == "size":
                base = n.Size(Dim.named(atom.head[1]))
            elif atom.head[0] == "symbol":
                base = integer_entry(atom)
            else:
                base = None
            if base is None:
                return None
            factors.append(power(base, number(exponent)))
        parts.append(mul(number(coefficient), *factors))
    return add(*parts)
