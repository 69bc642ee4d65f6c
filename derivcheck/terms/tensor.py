"""Tensors: a term together with the order of its axes. What a LaTeX expression means."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.record import dataclass
from derivcheck.terms.dim import Shape
from derivcheck.terms.node import Index, Term, Var, fresh, substitute


@dataclass(frozen=True, slots=True)
class Tensor:
    """`body` as a function of the indices `axes` (each with a dim): () scalar, (n,) vector, (m, n) matrix.

    A vector is a column. A `1 x n` matrix is a row.
    """

    axes: tuple[Index, ...]
    body: Term

    @property
    def shape(self) -> Shape:
        return tuple(a.dim for a in self.axes if a.dim is not None)

    def at(self, indices: Sequence[Term]) -> Term:
        """The entry at integer terms, one for each axis."""
        return substitute(self.body, dict(zip(self.axes, indices, strict=True)))

    def renamed(self) -> Tensor:
        """The same tensor over fresh axes."""
        axes = tuple(fresh(a.name, a.dim) for a in self.axes)
        return Tensor(axes, self.at([Var(a) for a in axes]))


def scalar(body: Term) -> Tensor:
    return Tensor((), body)
