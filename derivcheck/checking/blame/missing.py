"""The assumption that a refuted equality lacks: `\\sum_i y_i = 1` where the gradient of a cross-entropy is p - y. Those
that such lines most often take for granted are tried, one at a time, on the free names of the line."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.deciding import normal
from derivcheck.deciding.budget import Budget, Work
from derivcheck.record import dataclass
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE
from derivcheck.terms.model import Claim, Declaration, Model
from derivcheck.terms.node import Entry, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.worlds.dependence import reached
from derivcheck.worlds.errors import NoValue, NoWorld
from derivcheck.worlds.sampling import Givens, Plan

_BUDGET = Budget(rewrites=1_500)
_MOST = 4  # names that are tried


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assumption on one name, as LaTeX with `{}` for the name."""

    claim: Claim
    latex: str


def missing(claim: Claim, model: Model, seed: int) -> str:
    """`needs \\sum_i y_i = 1, which is not given`; empty where no single assumption of the kind mends the line."""
    if claim.relation != "=" or claim.left.shape != claim.right.shape:
        return ""
    work = Work(seed, _BUDGET)
    for candidate in _candidates(claim, model):
        assumed = model.assume(candidate.claim)
        proved = normal.rung(claim, assumed, work)
        if proved is not None and _satisfiable(claim, assumed, seed):
            return f"needs {candidate.latex}, which is not given"
    return ""


def _candidates(claim: Claim, model: Model) -> Iterator[Candidate]:
    names = reached(model, claim.left.body.symbols | claim.right.body.symbols, {})
    free = [d for n, d in model.declarations.items() if n in names and not (d.definitions or d.family or d.law)]
    for declaration in [d for d in free if d.shape][:_MOST]:
        yield from _of_vector(declaration) if len(declaration.shape) == 1 else _of_matrix(declaration)


def _of_vector(declaration: Declaration) -> Iterator[Candidate]:
    x, latex = _whole(declaration), declaration.latex or declaration.name
    one = scalar(ONE)
    yield Candidate(Claim(algebra.sum_all(x), "=", one), f"\\sum_i {_entry(latex)} = 1")
    yield Candidate(Claim(algebra.inner(x, x), "=", one), f"\\|{latex}\\|_2 = 1")


def _entry(latex: str) -> str:
    return f"({latex})_i" if "_" in latex else f"{latex}_i"


def _of_matrix(declaration: Declaration) -> Iterator[Candidate]:
    a, latex = _whole(declaration), declaration.latex or declaration.name
    if len(declaration.shape) != 2:
        return
    turned = algebra.transpose(a)
    if declaration.shape[0] == declaration.shape[1]:
        yield Candidate(Claim(turned, "=", a), f"{latex}^\\top = {latex}")
    unit = algebra.identity(declaration.shape[1])
    yield Candidate(Claim(algebra.matmul(turned, a), "=", unit), f"{latex}^\\top {latex} = I")


def _whole(declaration: Declaration) -> Tensor:
    axes = tuple(fresh("i", d) for d in declaration.shape)
    return Tensor(axes, Entry(declaration.name, tuple(Var(a) for a in axes)))


def _satisfiable(claim: Claim, model: Model, seed: int) -> bool:
    """Whether some values meet the givens and the assumption together."""
    try:
        givens = Givens(model, claim.left.body.symbols | claim.right.body.symbols)
        return next(givens.stream(seed, Plan(worlds=1)), None) is not None
    except (NoWorld, NoValue):
        return False
