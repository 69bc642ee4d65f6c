"""Expectations of random names whose law nothing states: for every law on finitely many outcomes.

A name is then a list of values `X(\\omega)` over outcomes with a probability vector `P(\\omega)`, one for all names
that are not known to be independent; an expectation is the sum of values by weights. What is shown so for every such
law holds for every law with the moments in question, as its limit. Which names are random is told by their letters
(X, Y, Z, x, y, z, an estimate with a hat) and by where they stand (chances.py), surely only where they are said to be
independent: a line that is right if one of them is a number is not called wrong.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from derivcheck.language.probability.chances import spoken_of
from derivcheck.record import replace
from derivcheck.terms.build import MINUS_ONE, ONE, ZERO
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration, Domain, Model
from derivcheck.terms.node import (
    Cases,
    Compare,
    Entry,
    Index,
    Logic,
    Mul,
    Power,
    Reduce,
    Size,
    Term,
    Var,
    fresh,
    replace_entries,
)
from derivcheck.terms.unfold import depends, unfold

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

_GIVEN = "#given"
CUSTOMARY = re.compile(r"[XYZUVxyz](_\w|_\{\w+\}|')?|\\hat\{.*\}|\\hat.*")
"""Letters that stand for random names by custom."""
_CONSTANT = re.compile(r"([abcdkmnrst]|\\(alpha|beta|gamma|lambda|mu|nu|sigma|tau|theta|rho))(_\w|_\{\w+\})?")
_SMALL = re.compile(r"[xyz]")
OUTCOMES = "(\\omega)"
_MOST_UNFOLDINGS = 6


def average(
    elab: Elaborator, model: Model, term: Term, given: tuple[Term, ...] = (), numbers: frozenset[str] = frozenset()
) -> Term | None:
    """The expectation of a term over all names in it that are random, `given` the values of some; None where it is not
    told which are. `numbers`: names that may be either and are known to be numbers here."""
    term = _unfolded(model, term)
    found = {s: _kind(model, s) for t in (term, *given) for s in t.symbols}
    found |= {s: "constant" for s, kind in found.items() if kind == "unknown" and s in numbers}
    if "unknown" in found.values() or not any(k in ("random", "averaged") for k in found.values()):
        return None
    names = _averaged(elab, model, frozenset(s for s, kind in found.items() if kind == "random"))
    if any(s in c.left.body.symbols | c.right.body.symbols for s in names for c in model.assumptions):
        return None
    groups = _groups(model)
    if any(groups[a] == groups[b] and frozenset((a, b)) in model.independent for a, b in combinations(names, 2)):
        return None  # a third name, of which it is not known, keeps them on the same outcomes
    if not given:
        return _summed(elab, model, term, names)
    condition: Term = Logic("and", tuple(Compare("=", t, _marked(t)) for t in given))
    met = Cases(((condition, ONE),), ZERO)
    both = [_summed(elab, model, t, names) for t in (Mul((term, met)), met)]
    return _unmarked(Mul((both[0], Power(both[1], MINUS_ONE))))


def _averaged(elab: Elaborator, model: Model, names: frozenset[str]) -> list[str]:
    """Those of the names with customary letters that are random in this line. One that stands outside of all averages
    or never alone in one may be a number: that is another reading (Options.few_random), noted as an ambiguity.
    A line that holds for every law of some names holds where they are numbers, so the two readings are enough."""
    told = frozenset(n for n in names if any(n in pair for pair in model.independent))
    spoken = spoken_of(elab.session.line, names)
    numbers = frozenset(n for n in spoken.outside - told if _SMALL.match(n))
    rest = names - numbers
    mixed = {n for n in rest - spoken.alone if _SMALL.match(n)} if len(rest) > 1 else set[str]()
    doubtful = (rest & spoken.outside | mixed) - told
    if doubtful:
        elab.session.ambiguities.add("which of its names are random")
    return sorted(rest - doubtful if elab.options.few_random else rest)


def _kind(model: Model, name: str) -> str:
    declaration = model.declarations.get(name)
    if name.endswith(OUTCOMES):
        return "averaged"
    if declaration is None or declaration.law is not None or declaration.family:
        return "constant" if name in model.functions else "unknown"
    if any(name in pair for pair in model.independent):
        return "random"
    if declaration.definitions or declaration.domain.kind == "integer" or len(declaration.shape) > 1:
        return "constant"
    if CUSTOMARY.fullmatch(name):
        return "random"
    return "constant" if _CONSTANT.fullmatch(name) else "unknown"


def _unfolded(model: Model, term: Term) -> Term:
    """The term with what is computed from random names written out."""
    for _ in range(_MOST_UNFOLDINGS):
        hidden = {s for s in term.symbols if any(_kind(model, r) == "random" for r in depends(model, s) - {s})}
        if not hidden:
            break
        term = replace_entries(term, lambda e, h=hidden: unfold(e, model) if e.symbol in h else None)
    return term


def _marked(term: Term) -> Term:
    return replace_entries(term, lambda e: Entry(e.symbol + _GIVEN, e.indices))


def _unmarked(term: Term) -> Term:
    return replace_entries(
        term, lambda e: Entry(e.symbol.removesuffix(_GIVEN), e.indices) if e.symbol.endswith(_GIVEN) else None
    )


def _summed(elab: Elaborator, model: Model, term: Term, names: list[str]) -> Term:
    """The sum over the outcomes of each group of names, weighted."""
    groups = _groups(model)
    for group in dict.fromkeys(groups[n] for n in names):
        mine = {n for n in names if groups[n] == group}
        if not mine & term.symbols:
            continue
        outcomes = Dim.named(f"|\\Omega{group}|")
        omega = fresh("\\omega", outcomes)
        weights = f"P{group}{OUTCOMES}"
        elab.declare(Declaration(weights, (outcomes,), (), Domain("simplex"), latex=weights))
        for name in sorted(mine):
            _declare_values(elab, model, name, outcomes)
        term = replace_entries(term, lambda e, m=mine, w=omega: _value(e, w) if e.symbol in m else None)
        term = Reduce("sum", omega, ONE, Size(outcomes), Mul((Entry(weights, (Var(omega),)), term)))
    return term


def _value(entry: Entry, omega: Index) -> Entry:
    return Entry(entry.symbol + OUTCOMES, (Var(omega), *entry.indices))


def _declare_values(elab: Elaborator, model: Model, name: str, outcomes: Dim) -> None:
    declaration = model.declarations[name]
    made = name + OUTCOMES
    latex = (declaration.latex or name) + OUTCOMES
    elab.declare(replace(declaration, name=made, shape=(outcomes, *declaration.shape), latex=latex))


def _groups(model: Model) -> dict[str, str]:
    """For each random name what its outcomes are called: names that are not known to be independent share theirs."""
    names = sorted(n for n in model.declarations if _kind(model, n) == "random")
    parent = {n: n for n in names}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for k, one in enumerate(names):
        for other in names[k + 1 :]:
            if frozenset((one, other)) not in model.independent:
                parent[root(other)] = root(one)
    roots = {root(n) for n in names}
    return {n: "" if len(roots) == 1 else f"_{{{root(n)}}}" for n in names}
