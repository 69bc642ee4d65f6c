"""A directed search for counterexamples to inequalities: random draws miss what happens at equal, aligned, one-hot or
extreme values. From such starts the values are moved, one block or entry at a time, wherever that brings the sides
nearer to a violation. Every evaluation is certified, so a violation that is met is a refutation at once."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flint import fmpq

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Compare, Number, walk
from derivcheck.worlds.arithmetic import tidy
from derivcheck.worlds.dependence import mentioned
from derivcheck.worlds.errors import NoValue, NoWorld
from derivcheck.worlds.sampling import Plan
from derivcheck.worlds.world import EXTREME, SMALL, TINY, Block, World

if TYPE_CHECKING:
    from derivcheck.deciding.search import Bench, Failure

_STARTS = 5
_MOVES = 90  # from each start
QUICK = 12_000  # nodes of the first, short search
LONG = 150_000  # nodes of the one that is left for last
_HEIGHT = 64  # bits of a value that a move may lead to


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """The long search, for inequalities that no other rung could decide: refuted or None."""
    return _searched(claim, model, work, LONG)


def quick(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """The short search, for inequalities that were not proved at once: most wrong ones that random draws miss."""
    return _searched(claim, model, work, QUICK)


def drawn_and_moved(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """The verdict of random draws, and where a claim holds at these, of moved ones."""
    from derivcheck.deciding.search import rung as drawn

    found = drawn(claim, model, work)
    return (quick(claim, model, work) if found is not None and found.word == "holds" else None) or found


def _searched(claim: Claim, model: Model, work: Work, nodes: int) -> Verdict | None:
    from derivcheck.deciding.search import Bench, refuted, untestable

    if claim.relation not in ORDERS or untestable(claim, model):
        return None
    found: Failure | None = None
    bench = Bench(claim, model, work)
    try:
        found = directed(bench, nodes)
    except NoWorld:
        if bench.chooses:
            return None
        bench = Bench(claim, model, work, choose=True)
        with suppress(NoWorld):
            found = directed(bench, nodes)
    return None if found is None else refuted(bench, found)


def directed(bench: Bench, nodes: int = QUICK) -> Failure | None:
    """A violation found by moving values; None if there was none within the counted work. Raises NoWorld."""
    from derivcheck.deciding.search import least

    plan = Plan(worlds=_STARTS, styles=(SMALL, EXTREME, TINY), least=least(bench.claim))
    rng = random.Random(f"directed {bench.work.seed}")
    until = bench.work.spent.get("nodes", 0) + nodes
    try:
        for world in bench.givens.stream(f"{bench.work.seed}.directed", plan):
            found = _climb(bench, world, rng, until)
            if found is not None:
                return found
            if bench.work.spent.get("nodes", 0) > until:
                break
    except OutOfWork:
        return None
    return None


def _climb(bench: Bench, world: World, rng: random.Random, until: int) -> Failure | None:
    from derivcheck.deciding.search import Failure, lengths_of

    best = _worst(bench, world)
    if best is None:
        return None
    gap, failure, blocks = best
    if isinstance(failure, Failure):
        return failure
    moves = 0
    patterns = itertools.chain(_at_thresholds(bench, world, blocks), _patterns(world, blocks, lengths_of(bench.model)))
    for make in itertools.chain(_saturating(bench, world, blocks), (_same(proposal) for proposal in patterns)):
        moves += 1
        proposal = make(world)
        if bench.work.spent.get("nodes", 0) > until:
            return None
        better = _step(bench, proposal, gap)
        if better is not None:
            gap, failure, blocks = better
            if isinstance(failure, Failure):
                return failure
            world = proposal
    while moves < _MOVES and blocks and bench.work.spent.get("nodes", 0) <= until:
        moves += 1
        proposal = _moved(world, rng.choice(blocks), rng)
        if proposal is None:
            continue
        better = _step(bench, proposal, gap)
        if better is not None:
            gap, failure, blocks = better
            if isinstance(failure, Failure):
                return failure
            world = proposal
    return None


def _step(bench: Bench, world: World, gap: float) -> tuple[float, Any, list[Block]] | None:
    """The world's gap where it is nearer to a violation and meets the givens."""
    found = _worst(bench, world)
    if found is None or found[0] <= gap or not bench.givens.accepts(world):
        return None
    return found


def _worst(bench: Bench, world: World) -> tuple[float, Any, list[Block]] | None:
    """The greatest gap over the points of a world, a violation if one of them is, and the blocks in use."""
    from derivcheck.deciding.search import Failure

    evaluators = {64: bench.evaluator(world)}
    worst: float | None = None
    try:
        for point in bench.points(evaluators[64]):
            try:
                judged = bench.judge(world, point, evaluators)
            except NoValue:
                continue
            if judged.word == "violated" and bench.givens.accepts(world):
                return judged.gap, Failure(world, point, judged), []
            worst = judged.gap if worst is None else max(worst, judged.gap)
    except NoValue:
        return None
    if worst is None:
        return None
    blocks: dict[Block, None] = {}
    for symbol, at in evaluators[64].touched:
        members = len(bench.model.declarations[symbol].family)
        blocks[(symbol, at[:members])] = None
    return worst, None, list(blocks)


def _balanced(world: World, block: Block, values: dict[tuple[int, ...], Any]) -> dict[tuple[int, ...], Any]:
    """A probability vector scaled back to sum 1 after a change of one of its entries."""
    bounds = world.bounds.get(block[0])
    if bounds is None or bounds.domain.kind != "simplex":
        return values
    sums: dict[tuple[int, ...], Any] = {}
    for at, value in values.items():
        sums[at[:-1]] = sums.get(at[:-1], fmpq(0)) + value
    return {at: tidy(v / sums[at[:-1]]) if sums[at[:-1]] > 0 else v for at, v in values.items()}


def _patterns(world: World, blocks: list[Block], lengths: frozenset[str]) -> Iterator[World]:
    """Telling values: all equal, one-hot, far scales, all but one block at zero, one block a multiple of another.
    A length is left as it is: no sum or recurrence is a thousand times longer."""
    blocks = [block for block in blocks if block[0] not in lengths]
    for block in blocks:
        current = world.block(block)
        first = next(iter(current.values()))
        if len(current) > 1:
            yield world.moved(block, _balanced(world, block, dict.fromkeys(current, first)))
            yield world.moved(block, {at: int(k == 0) for k, at in enumerate(current)})
        yield world.moved(block, dict.fromkeys(current, 0))
        for scale in (1000, fmpq(1, 1000), -1):
            yield world.moved(block, {at: tidy(v * scale) for at, v in current.items()})
    quiet = {b: dict.fromkeys(world.block(b), 0) for b in blocks if _may_be_zero(world, b)}
    for block in blocks if len(quiet) > 1 else ():
        for scale in (1, fmpq(1, 10), 10):
            loud = {at: tidy(v * scale) for at, v in world.block(block).items()}
            yield replace(world, values={**world.values, **quiet, block: loud})
    for one in blocks:
        for other in blocks:
            if one != other and world.block(one).keys() == world.block(other).keys():
                for sign in (1, -1):
                    yield world.moved(one, {at: sign * v for at, v in world.block(other).items()})


def _at_thresholds(bench: Bench, world: World, blocks: list[Block]) -> Iterator[World]:
    """Of a claim about how often something passes a threshold (`|X - \\mathbb{E} X| \\ge a`): lists of two values, a
    little further from each other or from zero than the threshold (at the threshold itself a custom may decide)."""
    claim = bench.claim
    conditions = [t for side in (claim.left, claim.right) for t in walk(side.body) if isinstance(t, Compare)]
    named = frozenset[str]().union(*(c.symbols for c in conditions))
    mine = [b for b in blocks if b[0] in named]
    single = [b for b in mine if world.block(b).keys() == {()}]
    lists = [b for b in mine if all(len(at) == 1 for at in world.block(b)) and not _is_simplex(world, b)]
    if not single or not lists:
        return
    likely = {b: _balanced(world, b, _halves(world, b)) for b in blocks if _is_simplex(world, b)}
    for size in (fmpq(1, 2), fmpq(2), fmpq(1, 4), fmpq(4)):
        for low in (-size, fmpq(0)):
            two = {b: {at: size if at[0] % 2 else low for at in world.block(b)} for b in lists}
            for one in single:
                yield replace(world, values={**world.values, **likely, **two, one: {(): size * fmpq(15, 16)}})


def _halves(world: World, block: Block) -> dict[tuple[int, ...], Any]:
    """Weights by which the odd and the even places are as likely."""
    places = world.block(block)
    odd = sum(at[-1] % 2 for at in places)
    return {at: fmpq(1, odd if at[-1] % 2 else len(places) - odd) for at in places}


def _is_simplex(world: World, block: Block) -> bool:
    bounds = world.bounds.get(block[0])
    return bounds is not None and bounds.domain.kind == "simplex"


def _same(proposal: World) -> Callable[[World], World]:
    return lambda world: proposal


def _saturating(bench: Bench, world: World, blocks: list[Block]) -> Iterator[Callable[[World], World]]:
    """Each block that an assumption bounds at its bound (`\\|A\\|_2 \\le 2` by A = 2I, `\\|x\\| < r` by nearly r e_1),
    beside what the other blocks have become: a product of bounds is only reached where all of them are."""
    for block in blocks:
        current = world.block(block)
        mine = [c for c in bench.model.assumptions if c.relation in ORDERS and block[0] in mentioned(c)]
        if not mine or not current or len(next(iter(current))) not in (1, 2):
            continue
        levels = {abs(fmpq(t.value.numerator, t.value.denominator)) for c in mine for side in (c.left, c.right)
                  for t in walk(side.body) if isinstance(t, Number)}
        levels |= {abs(fmpq(world.block((s, ()))[()])) for c in mine for s in mentioned(c) - {block[0]}
                   if (s, ()) in world.values and () in world.values[s, ()]}
        for level in sorted(levels - {fmpq(0)}):
            for k in (level * fmpq(99, 100), level):
                values = {at: tidy(k) if at[-1] == (at[0] if len(at) == 2 else 1) else 0 for at in current}
                yield lambda here, block=block, values=values: here.moved(block, values)


def _may_be_zero(world: World, block: Block) -> bool:
    bounds = world.bounds.get(block[0])
    return bounds is None or (bounds.domain.kind == "real" and bounds.low is None and bounds.high is None)


def _moved(world: World, block: Block, rng: random.Random) -> World | None:
    """A random change of a block or of one of its entries."""
    current = world.block(block)
    factor = rng.choice((fmpq(1, 2), 2, -1, fmpq(1, 10), 10, fmpq(3, 4)))
    if len(current) > 1 and rng.random() < 0.25:
        values = {at: tidy(v * factor) for at, v in current.items()}
    else:
        at = rng.choice(list(current))
        step = fmpq(rng.randint(-4, 4), rng.choice((1, 4, 16)))
        changed = current[at] * factor if rng.random() < 0.5 else current[at] + step
        values = _balanced(world, block, {**current, at: tidy(fmpq(changed) if isinstance(changed, int) else changed)})
    if any(not isinstance(v, int) and v.height_bits() > _HEIGHT for v in values.values()):
        return None
    return world.moved(block, values)
