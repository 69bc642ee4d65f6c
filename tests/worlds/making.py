"""Givens and claims by hand, for tests: `given(A='n n', x='n')` declares a square matrix and a vector."""

from __future__ import annotations

from derivcheck.terms.build import ZERO
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim, Declaration, Model
from derivcheck.terms.node import Entry, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar


def dims(text: str) -> tuple[Dim, ...]:
    return tuple(Dim.of(int(w)) if w.isdigit() else Dim.named(w) for w in text.split())


def given(**shapes: str) -> Model:
    model = Model(dims={w: 1 for text in shapes.values() for w in text.split() if not w.isdigit()})
    for name, text in shapes.items():
        model = model.declare(Declaration(name, dims(text)))
    return model


def leaf(name: str, text: str = "") -> Tensor:
    """The whole symbol as a tensor."""
    axes = tuple(fresh("i", d) for d in dims(text))
    return Tensor(axes, Entry(name, tuple(Var(a) for a in axes)))


def zeros(text: str) -> Tensor:
    return Tensor(tuple(fresh("i", d) for d in dims(text)), ZERO)


def claim(left: Tensor | Term, relation: str, right: Tensor | Term) -> Claim:
    def tensor(side: Tensor | Term) -> Tensor:
        return side if isinstance(side, Tensor) else scalar(side)

    return Claim(tensor(left), relation, tensor(right))
