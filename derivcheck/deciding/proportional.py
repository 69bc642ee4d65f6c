"""Proportional sides: `f \\propto g` where f(u) g(v) = f(v) g(u), entry by entry, for all values u and v of what g is
made of.

Which of several names is the variable, and which a constant, is seldom written. Proved where the ratio depends on no
name of the right side, refuted where it depends on each of them; else it is not clear what is meant."""

from __future__ import annotations

from derivcheck.deciding.budget import Work
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.build import ZERO, mul
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Derivative, Entry, Integral, Limit, Term, Var, fresh, replace_entries, walk
from derivcheck.terms.tensor import Tensor

_GOOD = ("proved", "holds")
_MOST = 6  # names of the right side
_UNCLEAR = "it is not clear which of the names is the variable and which are constants"


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    if claim.relation != "propto" or claim.given:
        return None
    names = sorted(claim.right.body.symbols & model.declarations.keys())
    if not names or len(names) > _MOST or not _free(claim, model):
        return None
    if not all(_decide(_not_zero(side, claim), model, work).word == "proved" for side in (claim.left, claim.right)):
        return None
    whole = _decide(*_crossed(claim, model, names), work)
    if whole.word in _GOOD:
        return replace(whole, evidence={**whole.evidence, "proportional": names})
    single = [whole] if len(names) == 1 else [_decide(*_crossed(claim, model, [name]), work) for name in names]
    if all(verdict.word == "refuted" for verdict in single):
        note = f"the ratio of the sides is not the same at {', '.join(names)} and at {', '.join(map(_other, names))}"
        return replace(single[0], notes=(*single[0].notes, note))
    return Verdict("undecided", {"method": "proportional", "reason": _UNCLEAR})


def _free(claim: Claim, model: Model) -> bool:
    """Whether all names are free values that no assumption binds, and nothing is differentiated by them."""
    if any(isinstance(t, Derivative | Integral | Limit) for side in (claim.left, claim.right) for t in walk(side.body)):
        return False
    names = claim.left.body.symbols | claim.right.body.symbols
    used = [model.declarations[n] for n in names if n in model.declarations]
    bound = any(d.definitions or d.law is not None or d.family or d.domain.kind == "simplex" for d in used)
    tied = any(names & (a.left.body.symbols | a.right.body.symbols) for a in model.assumptions)
    return not bound and not tied and not names & model.functions.keys()


def _decide(claim: Claim, model: Model, work: Work) -> Verdict:
    from derivcheck.deciding.ladder import decide

    return decide(claim, model, seed=work.seed, budget=work.budget)


def _not_zero(side: Tensor, claim: Claim) -> Claim:
    zero = Tensor(tuple(fresh(a.name, a.dim) for a in side.axes), ZERO)
    return Claim(side, "!=", zero, claim.parameters)


def _other(name: str) -> str:
    return f"{name}'"


def _crossed(claim: Claim, model: Model, names: list[str]) -> tuple[Claim, Model]:
    """f_i(u) g_j(v) = f_j(v) g_i(u), and the model in which v is declared as u is."""
    others = {n: f"{n} elsewhere" for n in names}

    def elsewhere(term: Term) -> Term:
        return replace_entries(term, lambda e: Entry(others[e.symbol], e.indices) if e.symbol in others else None)

    for name, other in others.items():
        declaration = model.declarations[name]
        latex = _other(declaration.latex or name)
        model = model.declare(replace(declaration, name=other, latex=latex))
    left, right = claim.left.renamed(), claim.right
    right = Tensor(left.axes, right.renamed().at([Var(a) for a in left.axes]))
    left_v, right_v = (Tensor(t.axes, elsewhere(t.body)).renamed() for t in (left, right))
    right_v = Tensor(left_v.axes, right_v.at([Var(a) for a in left_v.axes]))
    axes = (*left.axes, *left_v.axes)
    first = Tensor(axes, mul(left.body, right_v.body))
    return Claim(first, "=", Tensor(axes, mul(left_v.body, right.body)).renamed(), claim.parameters), model
