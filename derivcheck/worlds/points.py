"""The points at which a claim is judged in one world: every value of its parameters, every entry of its sides."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from derivcheck.record import replace
from derivcheck.terms.model import Claim, Parameter
from derivcheck.terms.node import Index, Term
from derivcheck.worlds.errors import NoValue, Undefined, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.scenes import Env

_FROM, _TO = -1, 6  # the small range tried for a parameter without limits


def parameters(claim: Claim) -> tuple[Parameter, ...]:
    """The free integers of a claim: those stated that occur, and every other index free in a side that is no axis."""
    axes = {*claim.left.axes, *claim.right.axes}
    free = (claim.left.body.free | claim.right.body.free) - axes
    needed = set(free)
    for p in reversed(claim.parameters):
        if p.index in needed:
            needed |= {i for t in (p.lower, p.upper) if t is not None for i in t.free}
    stated = tuple(p for p in claim.parameters if p.index in needed)
    rest = sorted(free - {p.index for p in stated}, key=lambda i: i.name)
    return (*stated, *(Parameter(i) for i in rest))


def settings(claim: Claim, evaluator: Evaluator, cap: int = 64) -> Iterator[Env]:
    """The values of the parameters, at most `cap` of them."""
    yield from itertools.islice(_settings(parameters(claim), {}, evaluator), cap)


def _settings(rest: tuple[Parameter, ...], env: Env, evaluator: Evaluator) -> Iterator[Env]:
    if not rest:
        yield dict(env)
        return
    ready = next((p for p in rest if _ready(p, env)), rest[0])
    others = tuple(p for p in rest if p is not ready)
    for i in _range(ready, env, evaluator):
        yield from _settings(others, {**env, ready.index: i}, evaluator)


def _ready(parameter: Parameter, env: Env) -> bool:
    limits = [t for t in (parameter.lower, parameter.upper) if t is not None]
    return all(t.free <= env.keys() for t in limits)


def _range(parameter: Parameter, env: Env, evaluator: Evaluator) -> range:
    index = parameter.index
    low = 1 if index.dim is not None else _FROM
    high = evaluator.root.size(index.dim) if index.dim is not None else _TO
    if parameter.lower is not None:
        low = _limit(parameter.lower, env, evaluator, low)
        high = max(high, low + 3) if index.dim is None else high
    if parameter.upper is not None:
        high = _limit(parameter.upper, env, evaluator, high)
    return range(low, high + 1)


def _limit(term: Term, env: Env, evaluator: Evaluator, otherwise: int) -> int:
    if not term.free <= env.keys():
        return otherwise
    return evaluator.numbers.whole(evaluator.value(term, env))


def entries(claim: Claim, evaluator: Evaluator) -> list[tuple[int, ...]]:
    """The entry positions of the sides."""
    from derivcheck.worlds.world import positions

    shape = [evaluator.root.size(d) for d in claim.left.shape]
    if shape != [evaluator.root.size(d) for d in claim.right.shape]:
        raise Unsupported("sides of different shape")
    return list(positions(shape))


def at_entry(axes: tuple[Index, ...], entry: tuple[int, ...], env: Env) -> Env:
    return {**env, **dict(zip(axes, entry, strict=True))} if axes else env


def matrix_of(claim: Claim, side: str, env: Env, evaluator: Evaluator) -> list[list[Any]]:
    """One side of a claim about square matrices, all entries."""
    tensor = getattr(claim, side)
    if len(tensor.axes) != 2:
        raise Unsupported("an order of matrices between sides that are none")
    rows, cols = (evaluator.root.size(a.dim) for a in tensor.axes)
    return [
        [evaluator.value(tensor.body, at_entry(tensor.axes, (i, j), env)) for j in range(1, cols + 1)]
        for i in range(1, rows + 1)
    ]


def met_at(claim: Claim, env: Env, evaluator: Evaluator) -> bool:
    """Whether a condition holds where the indices that it shares with a claim have these values."""
    for own in settings(replace(claim, parameters=()), evaluator, 1):
        return _met_at(claim, {**own, **env}, evaluator)
    return True


def applies(claim: Claim, env: Env, evaluator: Evaluator) -> bool:
    """Whether the conditions under which an assumption is made hold here (`L_{ij} = 0` for i < j)."""
    return all(met_at(condition, env, evaluator) for condition in claim.given)


def is_met(claim: Claim, evaluator: Evaluator) -> bool:
    """Whether an assumption holds in the evaluator's world, certainly. Points where a side is undefined are passed
    over, unless there is no other."""
    seen = False
    problem: NoValue | None = None
    for env in settings(claim, evaluator):
        try:
            if not applies(claim, env, evaluator):
                seen = True
                continue
            if not _met_at(claim, env, evaluator):
                return False
            seen = True
        except Undefined as undefined:
            problem = undefined
    if not seen and problem is not None:
        raise problem
    return True


def _met_at(claim: Claim, env: Env, evaluator: Evaluator) -> bool:
    if claim.relation in ("succ", "succeq"):
        return _ordered(claim, env, evaluator)
    relation = {"~": "=", "propto": "", "in_O": ""}.get(claim.relation, claim.relation)
    if not relation:
        raise Unsupported(f"the assumption of a relation {claim.relation}")
    results = []
    for entry in entries(claim, evaluator):
        left = evaluator.value(claim.left.body, at_entry(claim.left.axes, entry, env))
        right = evaluator.value(claim.right.body, at_entry(claim.right.axes, entry, env))
        with evaluator.arithmetic.active():
            sign = evaluator.numbers.sign(left - right) if relation not in ("=", "!=") else _equal(left, right)
        results.append(_SIGNS[relation](sign))
    return any(results) if relation == "!=" and results else all(results)


def _equal(left: Any, right: Any) -> int:
    """0 where certainly equal, 1 where certainly not."""
    from derivcheck.worlds.arithmetic import is_exact
    from derivcheck.worlds.errors import Undetermined

    difference = left - right
    if is_exact(difference) or isinstance(difference, float):
        return int(abs(difference) > (1e-9 if isinstance(difference, float) else 0))
    if not difference.contains(0):
        return 1
    raise Undetermined("an equality of irrational numbers")


def _ordered(claim: Claim, env: Env, evaluator: Evaluator) -> bool:
    from derivcheck.worlds import matrices

    left, right = matrix_of(claim, "left", env, evaluator), matrix_of(claim, "right", env, evaluator)
    with evaluator.arithmetic.active():
        difference = [[x - y for x, y in zip(a, b, strict=True)] for a, b in zip(left, right, strict=True)]
        n = len(difference)
        if any(_equal(difference[i][j], difference[j][i]) for i in range(n) for j in range(i)):
            return False
        return matrices.definite(difference, evaluator.numbers, strict=claim.relation == "succ")


_SIGNS = {
    "=": lambda s: s == 0, "!=": lambda s: s != 0, "<": lambda s: s < 0,
    "<=": lambda s: s <= 0, ">": lambda s: s > 0, ">=": lambda s: s >= 0,
}
