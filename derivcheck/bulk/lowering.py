"""A claim as a register program: the evaluator of worlds/ run once on traced numbers, at concrete dimensions.

Free values are constructed from noise (samplers.py); whole numbers, and values that have no construction, are those of
one world drawn exactly. Assumptions are computed too: where one fails, the point does not count. What cannot be traced
raises NoValue, NoWorld or TooLong, and the claim takes the ordinary path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flint import fmpq

from derivcheck.bulk.arithmetic import Exact, TracedNumbers, Traces
from derivcheck.bulk.machine import Machine
from derivcheck.bulk.matrices import greatest, symmetric_eigenvalues
from derivcheck.bulk.outside import Outside, Solve, solved
from derivcheck.bulk.program import Builder, Tape, TooLong, Traced
from derivcheck.bulk.recipes import Recipe, recipe
from derivcheck.bulk.rules import TRACED, compared
from derivcheck.deciding.judging import LOEWNER, ORDERS, Point
from derivcheck.deciding.search import Bench
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Index
from derivcheck.worlds.arithmetic import is_exact, tidy
from derivcheck.worlds.dependence import mentioned
from derivcheck.worlds.errors import NoValue, NoWorld, Undefined, Undetermined, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.points import applies, at_entry, entries, matrix_of, settings
from derivcheck.worlds.world import SMALL, Block, World

POINTS = 48  # entries and parameter values judged in one program
_SETTINGS = 64


@dataclass(frozen=True, slots=True)
class Lowered:
    """A program of one claim at concrete dimensions. Its outputs: the worst violation over all points (nan where the
    givens are not met), then what the objective asks for. `blocks`: which noise made which values, in order; `solves`:
    what is solved before it runs, and takes the place of noise."""

    bench: Bench
    world: World
    recipe: Recipe
    tape: Tape
    blocks: tuple[tuple[Block, int, int], ...]
    points: int
    nodes: int
    solves: tuple[Solve, ...] = ()

    def ready(self, noise: Any, machine: Machine) -> Any:
        """The noise with what is solved outside."""
        return solved(self.solves, noise, machine) if self.solves else noise


class TracedWorld(World):
    """A world whose free values are made from noise when they are first asked for."""

    def __init__(self, world: World, recipe: Recipe, traces: Traces) -> None:
        super().__init__(world.dims, world.seed, world.style, world.declarations, world.bounds, {}, world.makers,
                         world.fixed, world.salts)
        object.__setattr__(self, "host", world)
        object.__setattr__(self, "recipe", recipe)
        object.__setattr__(self, "traces", traces)
        object.__setattr__(self, "drawn", [])

    __slots__ = ("drawn", "host", "recipe", "traces")
    host: World
    recipe: Recipe
    traces: Traces
    drawn: list[tuple[Block, int, int]]

    def block(self, block: Block) -> dict[tuple[int, ...], Any]:
        found = self.values.get(block)
        if found is None:
            builder = self.traces.builder
            first = len(builder.noise)
            found = self.recipe.values(self, block, builder.draw, self.traces)
            if found is None:
                found = self.host.block(block)
            else:
                self.drawn.append((block, first, len(builder.noise)))
            self.values[block] = found
        return found


def tracer(
    model: Model, world: World, recipe: Recipe, builder: Builder, limit: int, outside: Outside | None = None
) -> Evaluator:
    """An evaluator that writes a program down."""
    traces = Traces(builder, outside)
    evaluator = Evaluator(model, TracedWorld(world, recipe, traces), traces, limit)  # type: ignore[arg-type]
    evaluator.numbers = evaluator.root.numbers = TracedNumbers(traces)
    evaluator.rules = TRACED
    return evaluator


def host_world(bench: Bench, dims: Mapping[str, int], seed: str) -> World:
    """A world drawn exactly, that says how each symbol is made. Raises NoWorld."""
    return bench.givens.world(dims, seed, SMALL)


def lower(
    bench: Bench,
    world: World,
    objective: str = "gap",
    most: int = 400_000,
    points: int = POINTS,
    solving: bool = False,
) -> Lowered:
    """The claim of a bench as a program at the dimensions of a host's world. objective: 'gap' (how far it is violated),
    'ratio' (of a bound: left over right), 'apart' (equal sides, of any size), 'sides' (both sides at each point).
    solving: large matrices are solved outside of it (a point can then not be made exact). Raises NoValue, NoWorld,
    TooLong."""
    builder = Builder(most)
    made = recipe(bench, world)
    outside = Outside(builder) if solving else None
    evaluator = tracer(bench.model, world, made, builder, 4 * most, outside)
    traces = evaluator.arithmetic
    assert isinstance(traces, Traces)
    try:
        found = list(_sides(bench, evaluator, points))
        met = _met(bench, evaluator)
    except (AssertionError, TypeError, ValueError) as problem:  # flint or numpy met a traced number
        raise Unsupported(f"something in bulk ({problem})") from problem
    if not found:
        raise Undefined("no point to test")
    outputs = _outputs(bench.claim, found, met, traces, objective)
    tape = builder.tape(outputs)
    drawn = evaluator.world.drawn  # type: ignore[attr-defined]
    solves = outside.solves() if outside is not None else ()
    return Lowered(bench, world, made, tape, tuple(drawn), len(found), tape.nodes, solves)


def _sides(bench: Bench, evaluator: Evaluator, most: int) -> Iterator[tuple[Any, Any]]:
    """Both sides at each point; points where one has no value for any noise are left out."""
    claim = bench.claim
    problem: NoValue | None = None
    seen = False
    for point in _points(bench, evaluator, most):
        try:
            if claim.relation in LOEWNER:
                yield from _loewner(claim, evaluator, point)
            else:
                env = point.values
                left = evaluator.value(claim.left.body, at_entry(claim.left.axes, point.entry, env))
                right = evaluator.value(claim.right.body, at_entry(claim.right.axes, point.entry, env))
                yield left, right
            seen = True
        except (Undefined, Undetermined) as undefined:
            problem = undefined
    if not seen and problem is not None:
        raise problem


def _points(bench: Bench, evaluator: Evaluator, most: int) -> list[Point]:
    """Entries and settings drawn without listing all entries of large sides."""
    import math
    import random

    claim = bench.claim
    sizes = [evaluator.root.size(d) for d in claim.left.shape]
    if math.prod(sizes) <= 4096 or claim.relation in LOEWNER:
        return bench.points(evaluator, most)
    if sizes != [evaluator.root.size(d) for d in claim.right.shape]:
        raise Unsupported("sides of different shape")
    rng = random.Random(evaluator.world.seed)
    envs = [tuple(env.items()) for env in settings(claim, evaluator, _SETTINGS)]
    chosen = [Point(rng.choice(envs), tuple(rng.randint(1, n) for n in sizes)) for _ in range(most)]
    return [p for p in chosen if bench._chosen(p, evaluator)] if bench.pointwise else chosen


def _loewner(claim: Claim, evaluator: Evaluator, point: Point) -> Iterator[tuple[Any, Any]]:
    """The order of matrices as: no eigenvalue of right - left is positive."""
    left, right = (matrix_of(claim, side, point.values, evaluator) for side in ("left", "right"))
    rows = [[y - x for x, y in zip(a, b, strict=True)] for a, b in zip(left, right, strict=True)]
    traces = evaluator.arithmetic
    assert isinstance(traces, Traces)
    yield greatest(symmetric_eigenvalues(rows, traces), traces), 0


def _met(bench: Bench, evaluator: Evaluator) -> Any:
    """Whether the assumptions hold, as a traced condition (1: decided)."""
    traces = evaluator.arithmetic
    assert isinstance(traces, Traces)
    constructed = evaluator.world.recipe.constructions  # type: ignore[attr-defined]
    total: Any = 1
    for claim in bench.givens.claims:
        if claim.relation in LOEWNER:
            if all(constructed.get(s) for s in mentioned(claim) & constructed.keys()):
                continue  # by construction; eigenvalues are long programs
            rows = [(matrix_of(claim, "left", env, evaluator), matrix_of(claim, "right", env, evaluator))
                    for env in settings(claim, evaluator, 4)]
            for left, right in rows:
                difference = [[y - x for x, y in zip(a, b, strict=True)] for a, b in zip(left, right, strict=True)]
                top = greatest(symmetric_eigenvalues(difference, traces), traces)
                total = total * compared(traces, "<=", top, fmpq(1, 10**9))
            continue
        relation = {"~": "="}.get(claim.relation, claim.relation)
        if relation not in ("=", "!=", *ORDERS):
            continue
        for env in settings(claim, evaluator):
            if not applies(claim, env, evaluator):
                continue
            total = total * _met_at(claim, relation, env, evaluator, traces)
    return total


def _met_at(claim: Claim, relation: str, env: dict[Index, int], evaluator: Evaluator, traces: Traces) -> Any:
    parts: list[Any] = []
    for entry in entries(claim, evaluator):
        try:
            left = evaluator.value(claim.left.body, at_entry(claim.left.axes, entry, env))
            right = evaluator.value(claim.right.body, at_entry(claim.right.axes, entry, env))
        except Undefined:
            continue
        parts.append(compared(traces, relation, left, right))
    if relation == "!=" and len(parts) > 1:
        none: Any = 1
        for part in parts:
            none = none * (1 - part)
        return 1 - none
    total: Any = 1
    for part in parts:
        total = total * part
    return total


def _outputs(claim: Claim, found: list[tuple[Any, Any]], met: Any, traces: Traces, objective: str) -> list[Any]:
    builder = traces.builder
    if objective == "sides":
        return [x for pair in found for x in pair]
    swap = claim.relation in (">", ">=")
    parts = []
    for left, right in found:
        low, high = (right, left) if swap else (left, right)
        if claim.relation in ORDERS or claim.relation in LOEWNER:
            parts.append(builder.op("ratio" if objective == "ratio" else "excess", low, high))
        else:
            zero = any(is_exact(x) and x == 0 for x in (low, high))
            parts.append(builder.op("apart" if objective == "apart" and not zero else "gap", low, high))
    worst = parts[0]
    for part in parts[1:]:
        worst = builder.op("worse", worst, part)
    return [worst if not isinstance(met, Traced) and met else builder.op("where", met, worst)]


def world_from(lowered: Lowered, noise: Mapping[int, Any]) -> World:
    """The exact world that exact noise makes, by the same constructions."""
    world = lowered.world
    values = dict(world.values)
    for block, first, last in lowered.blocks:
        numbers = iter([noise[k] for k in range(first, last)])
        made = lowered.recipe.values(world, block, lambda numbers=numbers: next(numbers), Exact())
        assert made is not None
        values[block] = {at: tidy(x) for at, x in made.items()}
    return replace(world, values=values)


REASONS = (NoValue, NoWorld, TooLong)
