"""The Loewner order: A \\succeq B says that A - B is symmetric and v^T (A - B) v >= 0 for every vector v."""

from __future__ import annotations

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.order.facts import Fact
from derivcheck.deciding.order.poly import Poly, Range
from derivcheck.deciding.order.proving import Prover
from derivcheck.terms.build import number
from derivcheck.terms.model import Claim, Declaration, Model
from derivcheck.terms.node import Index, Term, Var, fresh
from derivcheck.terms.tensor import Tensor

LOEWNER = frozenset({"succ", "succeq", "prec", "preceq"})
VECTOR = "any vector"


def prove_loewner(claim: Claim, model: Model, work: Work) -> dict[str, None] | None:
    """The lemmas that prove a claim in the Loewner order, or None."""
    greater, less = (claim.left, claim.right) if claim.relation.startswith("succ") else (claim.right, claim.left)
    wide = greater if greater.axes else less
    if len(wide.axes) != 2 or wide.shape[0] != wide.shape[1] or not all(_usable(t) for t in (greater, less)):
        return None
    dim = wide.axes[0].dim
    rows, cols = fresh("i", dim), fresh("j", dim)
    declared = model.declare(Declaration(VECTOR, (wide.shape[0],)))
    prover = Prover(declared, work, (*model.assumptions, *claim.given))
    forms = prover.forms
    try:
        straight, crossed = (_difference(prover, greater, less, a, b) for a, b in ((rows, cols), (cols, rows)))
        if straight != crossed:
            return None
        vector = [forms.entry(VECTOR, (forms.form(Var(i)),)) for i in (rows, cols)]
        ranges = (Range(rows), Range(cols))
        quadratic = forms.sum(ranges, forms.times(straight, *vector))
        strict = claim.relation in ("succ", "prec")
        if strict:
            length = forms.sum((Range(rows),), forms.power(vector[0], Poly.of(2)))
            prover.extra = (Fact(length, ">", "v is not 0"),)
        if prover.proves(quadratic, ">" if strict else ">="):
            return None if prover.contradictory(quadratic) else prover.used
    except OutOfWork:
        return None
    return None


def _usable(side: Tensor) -> bool:
    """A matrix, or the zero that stands for one."""
    return bool(side.axes) or side.body == number(0)


def _difference(prover: Prover, greater: Tensor, less: Tensor, i: Index, j: Index) -> Poly:
    def entry(side: Tensor) -> Term:
        return side.at([Var(i), Var(j)]) if side.axes else side.body

    return prover.forms.form(entry(greater)) - prover.forms.form(entry(less))

