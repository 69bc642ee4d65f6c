"""Making a counterexample small: the least dimensions at which the claim still fails, then whole values towards 0 and
1, each step certified anew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flint import fmpq

from derivcheck.deciding.budget import OutOfWork
from derivcheck.worlds.arithmetic import is_exact, tidy
from derivcheck.worlds.dimensions import smaller
from derivcheck.worlds.errors import NoWorld
from derivcheck.worlds.world import SMALL, TINY, Block, World, entrywise, simplex

if TYPE_CHECKING:
    from derivcheck.deciding.search import Bench, Failure

Values = Mapping[tuple[int, ...], Any]
_DIMENSIONS = 24  # assignments tried
_STEPS = 240  # values tried


def shrink(bench: Bench, failure: Failure) -> Failure:
    """A failure that is easier to redo by hand. Ends early when the work is used up: the given one is certified."""
    best = failure
    try:
        best = _smaller_dimensions(bench, failure)
        best = _simpler_values(bench, best)
    except OutOfWork:
        pass
    return best


def _smaller_dimensions(bench: Bench, failure: Failure) -> Failure:
    tried = 0
    for dims in smaller(failure.world.dims, bench.givens.dims, bench.givens.allowed):
        for style in (TINY, SMALL):
            for draw in range(2):
                tried += 1
                if tried > 2 * _DIMENSIONS:
                    return failure
                found = _failing(bench, dims, f"{bench.work.seed}.small.{draw}", style)
                if found is not None:
                    return found
    return failure


def _failing(bench: Bench, dims: Mapping[str, int], seed: str, style: Any) -> Failure | None:
    try:
        return bench.failing(bench.givens.world(dims, seed, style))
    except NoWorld:
        return None


def _simpler_values(bench: Bench, failure: Failure) -> Failure:
    """One pass after another over the values in use, until none gets simpler."""
    steps = 0
    again = True
    while again and steps < _STEPS:
        again = False
        for block in _blocks_used(bench, failure):
            for values in _proposals(failure.world, block):
                steps += 1
                if steps >= _STEPS:
                    return failure
                current = failure.world.block(block)
                if cost(values) >= cost(current):
                    continue
                found = _with(bench, failure, block, values)
                if found is not None:
                    failure, again = found, True
    return failure


def _with(bench: Bench, failure: Failure, block: Block, values: Values) -> Failure | None:
    world = failure.world.moved(block, dict(values))
    return bench.failing(world, failure.point) if bench.givens.accepts(world) else None


def _blocks_used(bench: Bench, failure: Failure) -> list[Block]:
    """The blocks whose values the two sides looked at here."""
    evaluator = bench.evaluator(failure.world)
    from derivcheck.deciding.judging import judge
    from derivcheck.worlds.errors import NoValue

    try:
        judge(bench.claim, evaluator, failure.point)
    except NoValue:
        return []
    found: dict[Block, None] = {}
    for symbol, at in evaluator.touched:
        members = len(bench.model.declarations[symbol].family)
        found[(symbol, at[:members])] = None
    return list(found)


def _proposals(world: World, block: Block) -> Iterator[Values]:
    """Simpler values for one block: all 0, all 1, one 1 among 0; then entry by entry."""
    current = world.block(block)
    free = world.makers.get(block[0], entrywise) in (entrywise, simplex)
    places = list(current)
    if len(places) > 1:
        yield dict.fromkeys(places, 0)
        if len(places) <= 16:
            for hot in places:
                yield {p: int(p == hot) for p in places}
        yield dict.fromkeys(places, 1)
        if len({p[0] for p in places}) ** 2 == len(places):
            yield {p: int(p[0] == p[-1]) for p in places}
        yield {p: _rounded(v) for p, v in current.items()}
    if not free:
        return
    for place in places:
        value = world.block(block)[place]
        for simpler in _simpler(value):
            yield {**world.block(block), place: simpler}


def _simpler(value: Any) -> list[Any]:
    """Simpler numbers near a rational, simplest first."""
    if not is_exact(value):
        return []
    near = _rounded(value)
    options = [0, 1, -1, 2, near, tidy(fmpq(round(2 * float(int(fmpq(value).p) / int(fmpq(value).q))), 2))]
    return [v for v in dict.fromkeys(options) if weight(v) < weight(value)]


def _rounded(value: Any) -> int:
    return value if isinstance(value, int) else int((2 * value.p + value.q) // (2 * value.q))


def weight(value: Any) -> float:
    """How hard a number is to work with by hand."""
    if isinstance(value, int):
        return {0: 0.0, 1: 1.0, -1: 1.5, 2: 2.0}.get(value, 2.0 + math.sqrt(abs(value)))
    return 4.0 + math.sqrt(abs(int(value.p))) + math.sqrt(int(value.q))


def cost(values: Values) -> float:
    return sum(weight(v) for v in values.values())

