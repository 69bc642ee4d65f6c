"""The rung for claims about finitely many values (a truth table, threshold neurons): every case is looked at, in exact
arithmetic. Nothing is drawn: where all cases agree the claim is proved."""

from __future__ import annotations

import itertools
from math import prod

from derivcheck.deciding.budget import Work
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.search import Bench, Failure, refuted
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.arithmetic import is_exact
from derivcheck.worlds.errors import NoValue, NoWorld
from derivcheck.worlds.sampling import Plan

_CASES = 256


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """`proved` with the number of cases, refuted at the first that fails, or None."""
    if claim.relation not in ("=", "!=", *ORDERS):
        return None
    if not any(d.domain.kind == "finite" for d in model.declarations.values()):
        return None
    bench = Bench(claim, model, work)
    names = _finite(bench)
    if not names:
        return None
    try:
        return _decided(bench, names)
    except (NoValue, NoWorld):
        return None


def _finite(bench: Bench) -> tuple[str, ...]:
    """The free names that the claim depends on, where each is a scalar of a finite domain and nothing else is free."""
    if bench.givens.dims or bench.open_ended or bench.pointwise or bench.symbols & bench.model.functions.keys():
        return ()
    found = []
    for name in sorted(bench.givens.leaves):
        declaration = bench.model.declarations.get(name)
        if declaration is None or declaration.family or declaration.shape or declaration.law:
            return ()
        if not declaration.definitions:
            if declaration.domain.kind != "finite":
                return ()
            found.append(name)
    return tuple(found)


def _decided(bench: Bench, names: tuple[str, ...]) -> Verdict | None:
    world = next(bench.givens.stream(bench.work.seed, Plan(worlds=1)))
    domains = [world.bounds[name].values for name in names]
    if prod(map(len, domains)) > _CASES:
        return None
    cases = 0
    for values in itertools.product(*domains):
        case = replace(world, values={(name, ()): {(): v} for name, v in zip(names, values, strict=True)}, makers={})
        met = bench.givens.meets(case)
        if met is None:
            return None  # a case that nobody can tell to be one leaves the claim open
        if not met:
            continue
        cases += 1
        for point in bench.points(bench.evaluator(case)):
            judged = bench.judge(case, point)
            if judged.word == "violated":
                return refuted(bench, Failure(case, point, judged))
            certain = is_exact(judged.left) and is_exact(judged.right)
            if judged.word != "agrees" or not certain:
                return None
    return Verdict("proved", {"method": "exhaustion", "cases": cases}) if cases else None
