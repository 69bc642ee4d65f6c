"""Proportional sides: `f \\propto g` where f(u) g(v) = f(v) g(u), entry by entry, for all values u and v of what g is
made of.

Which of several names is the variable, and which a constant, is seldom written. Sides with a bare index (`p_i \\propto
e^{x_i}`) are compared over it, sides with one name that is no customary constant over that name. Else proved where the
ratio depends on no name of the right side, refuted where it depends on each; else it is not clear what is meant."""

from __future__ import annotations

import re

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.build import MINUS_ONE, ZERO, mul, number, power
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import (
    Derivative,
    Entry,
    Integral,
    Limit,
    Size,
    Term,
    Var,
    fresh,
    replace_entries,
    substitute,
    walk,
)
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import depends

_GOOD = ("proved", "holds")
_CONSTANT = re.compile(r"([abcd]|\\(alpha|beta))(_.*)?")
_MOST = 6  # names of the right side
_UNCLEAR = "it is not clear which of the names is the variable and which are constants"


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    if claim.relation != "propto" or claim.given or not _plain(claim):
        return None
    if not all(_decide(_not_zero(side, claim), model, work).word == "proved" for side in (claim.left, claim.right)):
        return None
    names = sorted(claim.right.body.symbols & model.declarations.keys())
    if not names and not claim.left.axes and any(isinstance(t, Size) for t in walk(claim.right.body)):
        return _over_sizes(claim, model, work)
    by_index = _over_index(claim)
    if by_index is not None:
        verdict = _decide(by_index, model, work)
        names = [p.index.name.split("#")[0] for p in by_index.parameters]
        return None if verdict.word == "undecided" else _noted(verdict, *names)
    variables = [n for n in names if not _customary(n, model)]
    if len(variables) == 1 and _free(claim, model, variables):
        verdict = _decide(*_crossed(claim, model, variables), work)
        said = {"proportional": variables}
        if verdict.word in _GOOD:
            return replace(verdict, evidence={**verdict.evidence, **said})
        return _noted(verdict, variables[0], _other(variables[0]))
    if not names or len(names) > _MOST or not _free(claim, model, names):
        return None
    return _over_names(claim, model, names, work)


def _over_sizes(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """A right side of dimensions alone (`\\propto d`): proved where the ratio is a number. What else may be held
    constant is not said."""
    from derivcheck.deciding.normal.lower import Unsupported
    from derivcheck.deciding.normal.powers import Undefined
    from derivcheck.deciding.normal.rung import prepared

    try:
        _, lowering = prepared(claim, model, work)
        ratio = lowering(mul(claim.left.body, power(claim.right.body, MINUS_ONE))).number
    except (Unsupported, Undefined, OutOfWork, RecursionError):
        return None
    if not ratio:
        return None
    multiple = Tensor((), mul(number(ratio), claim.right.body))
    verdict = _decide(Claim(claim.left, "=", multiple, claim.parameters), model, work)
    return verdict if verdict.word in _GOOD else None


def _over_names(claim: Claim, model: Model, names: list[str], work: Work) -> Verdict:
    """Over all names of the right side together, and over each alone."""
    whole = _decide(*_crossed(claim, model, names), work)
    if whole.word in _GOOD:
        return replace(whole, evidence={**whole.evidence, "proportional": names})
    single = [whole] if len(names) == 1 else [_decide(*_crossed(claim, model, [name]), work) for name in names]
    if all(verdict.word == "refuted" for verdict in single):
        return _noted(single[0], ", ".join(names), ", ".join(map(_other, names)))
    return Verdict("undecided", {"method": "proportional", "reason": _UNCLEAR})


def _noted(verdict: Verdict, here: str, there: str) -> Verdict:
    if verdict.word != "refuted":
        return verdict
    note = f"the ratio of the sides is not the same at {here} and at {there}"
    return replace(verdict, code="not-proportional", notes=(*verdict.notes, note))


def _plain(claim: Claim) -> bool:
    """Whether nothing is differentiated or integrated: a name there would be bound."""
    sides = (claim.left.body, claim.right.body)
    return not any(isinstance(t, Derivative | Integral | Limit) for side in sides for t in walk(side))


def _customary(name: str, model: Model) -> bool:
    """Whether a name is a constant by custom: a count, or a letter that parameters of a prior have."""
    declaration = model.declarations[name]
    return declaration.domain.kind == "integer" or bool(_CONSTANT.fullmatch(name))


def _over_index(claim: Claim) -> Claim | None:
    """f_i g_j = f_j g_i, where both sides stand for one entry with a bare index."""
    if claim.left.axes or claim.right.axes or len(claim.parameters) != 1:
        return None
    parameter = claim.parameters[0]
    if any(parameter.index not in side.body.free for side in (claim.left, claim.right)):
        return None
    other = replace(parameter, index=fresh("j", parameter.index.dim))
    move = {parameter.index: Var(other.index)}
    f, g = claim.left.body, claim.right.body
    crossed = (mul(f, substitute(g, move)), mul(substitute(f, move), g))
    return Claim(Tensor((), crossed[0]), "=", Tensor((), crossed[1]), (parameter, other))


def _free(claim: Claim, model: Model, names: list[str]) -> bool:
    """Whether these names are free values that no assumption binds, and nothing else in the claim depends on them."""
    used = claim.left.body.symbols | claim.right.body.symbols
    found = [model.declarations[n] for n in names]
    bound = any(d.definitions or d.law is not None or d.family or d.domain.kind == "simplex" for d in found)
    reached = any(depends(model, s) & set(names) for s in used - set(names))
    tied = any(set(names) & (a.left.body.symbols | a.right.body.symbols) for a in model.assumptions)
    return not bound and not reached and not tied and not used & model.functions.keys()


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
