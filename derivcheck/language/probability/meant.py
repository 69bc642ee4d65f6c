"""What letters of a line stand for beside what they are declared as: the mean that a given calls \\mu is the average of
the values where the line speaks of events (`P(|X - \\mu| \\ge a)`), and k of `P(X = k)` is a value of X."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.fences import COMPARE
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Func, Name, Node, Relation
from derivcheck.language.parsing.trees import walk
from derivcheck.language.probability.cumulative import mass
from derivcheck.language.probability.isolating import positive
from derivcheck.language.probability.unknown_laws import OUTCOMES, average
from derivcheck.record import replace
from derivcheck.terms.build import HALF, TWO, ZERO, neg, power, sub
from derivcheck.terms.expectation import resolve_expectations
from derivcheck.terms.model import Claim, Declaration, Domain, Model
from derivcheck.terms.node import Entry, Power, Term, replace_entries
from derivcheck.terms.node import walk as walk_terms
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

MINUS_HALF = neg(HALF)


# moments ----------------------------------------------------------------------------------------------------------


def by_moments(elab: Elaborator, model: Model, symbols: list[str], term: Term) -> Term | None:
    """The average of a term over numbers of which only mean and variance are given: over any law with these."""
    declarations = {s: model.declarations[s] for s in symbols}
    if any(d.law is None or d.law.kind != "moments" or d.shape or d.family for d in declarations.values()):
        return None
    lawless = {s: replace(d, law=None) for s, d in declarations.items()}
    free = replace(model, declarations={**model.declarations, **lawless})
    term = resolve_expectations(term, model)
    found = average(elab, free, term, (), plain_numbers(free, term))
    for symbol, declaration in declarations.items():
        law = declaration.law
        mean = average(elab, free, Entry(symbol))
        if mean is None or law is None:
            return None
        spread = average(elab, free, power(sub(Entry(symbol), mean), TWO))
        for stated, own in ((law.mean, mean), (law.covariance, spread)):
            if stated is not None and own is not None:
                _stands_for(elab, free, stated, own)
    return found


def plain_numbers(model: Model, term: Term) -> frozenset[str]:
    """Declared numbers: the \\epsilon of a threshold is no noise."""
    known = {s: model.declarations.get(s) for s in term.symbols}
    return frozenset(s for s, d in known.items() if d and not (d.shape or d.family or d.law or d.definitions))


def _stands_for(elab: Elaborator, model: Model, stated: Tensor, own: Term) -> None:
    """A plain letter (or its square) of the givens is this average; anything else is an equation."""
    match stated.body:
        case Entry(symbol=name, indices=()) if _is_free(model, name):
            elab.session.meanings[name] = own
        case Power(base=Entry(symbol=name, indices=()) as base, exponent=exponent) if exponent == TWO and _is_free(
            model, name
        ):
            elab.session.meanings[name] = power(own, HALF)
            if positive(model, base):
                elab.session.meant.append(Claim(scalar(own), ">", scalar(ZERO)))
        case _:
            elab.session.meant.append(Claim(scalar(own), "=", stated))


def _is_free(model: Model, name: str) -> bool:
    declaration = model.declarations.get(name)
    return declaration is not None and not declaration.definitions and declaration.law is None


def as_meant(elab: Elaborator, claim: Claim) -> Claim:
    """The claim with what its letters stand for put in."""
    session = elab.session
    if claim.relation == "=" and not session.meanings and _states_a_law(elab, claim):
        elab.error("unsupported", "whether this states what the law is, or follows from it, is not said", None)
    if not session.meanings and not session.meant:
        return claim

    def put(tensor: Tensor) -> Tensor:
        known = resolve_expectations(tensor.body, elab.scope.model)
        return Tensor(tensor.axes, replace_entries(known, lambda e: session.meanings.get(e.symbol)))

    given = tuple(replace(c, left=put(c.left), right=put(c.right)) for c in (*claim.given, *session.meant))
    return replace(claim, left=put(claim.left), right=put(claim.right), given=given)


def not_constant(elab: Elaborator, event: Term) -> None:
    """`|X - \\mathbb{E} X| \\ge k \\sqrt{\\operatorname{Var} X}` counts in standard deviations: there is one."""
    for node in walk_terms(event):
        if isinstance(node, Power) and node.exponent in (HALF, MINUS_HALF) and _is_average(node.base):
            elab.session.meant.append(Claim(scalar(node.base), ">", scalar(ZERO)))


def _is_average(term: Term) -> bool:
    return not term.free and any(name.endswith(OUTCOMES) for name in term.symbols)


def _states_a_law(elab: Elaborator, claim: Claim) -> bool:
    """`P(X = 1) = p` of an X whose law nothing states may be what states it."""
    symbols = claim.left.body.symbols | claim.right.body.symbols
    chances = any(_is_chance(part) for side in elab.session.line for part in walk(side))
    lawless = chances and any(name.endswith(OUTCOMES) for name in symbols)
    return lawless and not all(has_average(side) for side in elab.session.line)


def _is_chance(part: Node) -> bool:
    return (isinstance(part, Func) and part.text == "Pr") or (isinstance(part, Name) and part.text == "P")


def has_average(side: Node) -> bool:
    """Whether a probability or an expectation stands in an expression."""
    return any(
        _is_chance(part) or (isinstance(part, Func) and part.text in _AVERAGES) for part in walk(side)
    )


_AVERAGES = frozenset({"E", "Var", "Cov", "Std"})


# values -----------------------------------------------------------------------------------------------------------


def introduce_values(elab: Elaborator) -> None:
    """k of `P(X = k)` that nothing introduces is a value that X may have, x of `P(X \\le x)` a number."""
    if not elab.scope.laws:
        return
    for node in (part for tree in elab.session.line for part in walk(tree)):
        if not isinstance(node, Relation) or not set(node.relations) <= COMPARE.keys():
            continue
        for one, other in itertools.permutations(node.operands, 2):
            _introduce(elab, one, other, node.relations == ("=",))


def _introduce(elab: Elaborator, name: Node, value: Node, equated: bool) -> None:
    declaration = elab.declaration(canonical(name) or "")
    law = declaration.law if declaration is not None else None
    key = canonical(value) if isinstance(value, Name) else None
    if law is None or key is None or elab.knows(value) or key in elab.session.letters or key == canonical(name):
        return
    counts = mass(law)
    domain = Domain()
    if counts is not None:
        domain = Domain("integer", low=ZERO, high=counts.upper)
    elif law.kind == "finite" and equated:
        domain = Domain("finite", values=law.values)
    elab.declare(Declaration(key, (), (), domain, latex=key))
