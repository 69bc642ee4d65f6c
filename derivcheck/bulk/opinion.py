"""A second opinion on derivatives: the definitions are traced by themselves, JAX differentiates what they compute, and
the result stands in place of each derivative of a claim. No rule of ours for derivatives is used (neither the
symbolic ones of terms/differentiate.py nor the dual numbers of worlds/duals.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derivcheck.bulk.lowering import REASONS, tracer
from derivcheck.bulk.machine import Machine, noise_of, run_numpy
from derivcheck.bulk.program import Builder, Tape, Traced
from derivcheck.bulk.recipes import recipe
from derivcheck.bulk.rules import TRACED
from derivcheck.bulk.screening import Item, bench_of
from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.search import Bench, least
from derivcheck.record import dataclass
from derivcheck.terms.node import Derivative, Entry, walk
from derivcheck.terms.unfold import states
from derivcheck.worlds.dimensions import assignments
from derivcheck.worlds.errors import NoWorld, Undefined, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.points import at_entry
from derivcheck.worlds.scenes import Env, Place, Scene
from derivcheck.worlds.world import SMALL, World

_NODES = 60_000
_REQUESTS = 64  # different quantities differentiated in one claim
_ENTRIES = 24
CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Opinion:
    """word: 'agrees', 'differs' or 'none' (with the reason). `points`: entries times draws."""

    word: str
    points: int = 0
    worst: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Request:
    """The derivative that stands at input `at`: of the number at position `body` by the one at `wrt`, with what is in
    `cut` held."""

    at: int
    body: int
    wrt: int
    cut: frozenset[int]


class MarkedScene(Scene):
    """Every entry at a position of its own, so that it can be differentiated by and held."""

    def __init__(self, evaluator: Evaluator, builder: Builder) -> None:
        super().__init__(evaluator, None, frozenset())
        self.builder = builder
        self.marks: dict[Place, int] = {}
        self.requests: list[_Request] = []
        self.known: dict[Any, Traced] = {}

    def _compute(self, symbol: str, at: tuple[int, ...]) -> Any:
        found = super()._compute(symbol, at)
        if not isinstance(found, Traced):
            return found
        marked = self.builder.mark(found)
        self.marks[symbol, at] = marked.at
        return marked


def _derivative(scene: Scene, term: Derivative, env: Env) -> Any:
    assert isinstance(scene, MarkedScene)

    def place(entry: Entry) -> Place:
        return entry.symbol, tuple([scene.integer(i, env) for i in entry.indices])

    before = len(scene.requests)
    wrt, held, at = place(term.wrt), tuple(place(e) for e in term.held), tuple(scene.integer(i, env) for i in term.at)
    variable = scene.entry(*wrt)
    body = scene.value(term.body, env)
    if len(scene.requests) > before:
        raise Unsupported("a derivative within a derivative")
    if not isinstance(variable, Traced):
        raise Unsupported("a derivative by a name whose values are fixed")
    if not isinstance(body, Traced):
        return 0
    cut = _cut(scene, wrt, held, at if term.immediate else None)
    key = (body.at, variable.at, cut)
    if key not in scene.known:
        scene.known[key] = made = scene.builder.draw()
        scene.requests.append(_Request(made.at, body.at, variable.at, cut))
    return scene.known[key]


def _cut(scene: MarkedScene, wrt: Place, held: tuple[Place, ...], moment: tuple[int, ...] | None) -> frozenset[int]:
    """The entries through which nothing flows: those held, other entries of the same member, and for `\\partial^+` the
    states at other times."""
    declarations = scene.evaluator.model.declarations
    carried = states(scene.evaluator.model) if moment is not None else frozenset()
    out = set()
    for (symbol, at), mark in scene.marks.items():
        members = len(declarations[symbol].family) if symbol in declarations else 0
        same = symbol == wrt[0] and at[:members] == wrt[1][:members]
        if (symbol, at) == wrt:
            continue
        listed = any(symbol == s and at[: len(w)] == w for s, w in held)
        other_time = moment is not None and symbol in carried and at[: min(members, len(moment))] != moment[:members]
        if same or listed or other_time:
            out.add(mark)
    return frozenset(out)


_RULES: dict[Any, Callable[[Any, Any, Any], Any]] = {**TRACED, Derivative: _derivative}


def has_derivative(item: Item) -> bool:
    return any(isinstance(t, Derivative) for side in (item.claim.left, item.claim.right) for t in walk(side.body))


def opinion(item: Item, machine: Machine, points: int = 32, seed: int = 0) -> Opinion:
    """Whether an equality with derivatives agrees with JAX's derivatives at random points."""
    if item.claim.relation not in ("=", "~"):
        return Opinion("none", reason="no equality")
    if machine.device is None:
        return Opinion("none", reason="JAX is not installed")
    bench = bench_of(item, seed)
    try:
        shapes = list(assignments(bench.givens.dims, least(item.claim), bench.givens.allowed))
        if not shapes:
            raise NoWorld("no dimensions meet the assumptions between them")
        return _compared(bench, bench.givens.world(shapes[0], f"{seed}.opinion", SMALL), machine, points, seed)
    except (*REASONS, OutOfWork) as problem:
        return Opinion("none", reason=str(problem))


def _compared(bench: Bench, world: World, machine: Machine, points: int, seed: int) -> Opinion:
    import numpy as np

    builder = Builder(_NODES)
    scene, pairs = _traced(bench, world, builder)
    requests = scene.requests
    if len({(r.body, r.cut) for r in requests}) > _REQUESTS:
        raise Unsupported("too many derivatives for a second opinion")
    gaps = [builder.op("gap", left, right) for left, right in pairs]
    tape = builder.tape([*gaps, *(Traced(builder, at) for r in requests for at in (r.body, r.wrt))])
    noise = noise_of(tape.noise, points, seed + 3)
    for request, slope in _slopes(requests, tape, noise, machine):
        noise[tape.register[request.at]] = slope
    values = run_numpy(tape, noise)[: len(gaps)]
    finite = values[np.isfinite(values)]
    if finite.size * 2 < values.size:
        return Opinion("none", reason="too few points at which both sides are defined")
    worst = float(np.quantile(finite, 0.9))  # a few points near a kink or a pole say nothing
    return Opinion("differs" if worst > CLOSE else "agrees", int(finite.size), worst)


def _traced(bench: Bench, world: World, builder: Builder) -> tuple[MarkedScene, list[tuple[Any, Any]]]:
    evaluator = tracer(bench.model, world, recipe(bench, world), builder, 4 * _NODES)
    scene = MarkedScene(evaluator, builder)
    scene.numbers = evaluator.numbers
    evaluator.root, evaluator.rules = scene, _RULES
    pairs = []
    claim = bench.claim
    for point in bench.points(evaluator, _ENTRIES):
        try:
            pairs.append(tuple(evaluator.value(side.body, at_entry(side.axes, point.entry, point.values))
                               for side in (claim.left, claim.right)))
        except Undefined:
            continue
        except (TypeError, ValueError, AssertionError) as problem:
            raise Unsupported(f"something in bulk ({problem})") from problem
    if not pairs or not scene.requests:
        raise Unsupported("no derivative at any point")
    return scene, pairs  # type: ignore[return-value]


def _slopes(requests: list[_Request], tape: Tape, noise: Any, machine: Machine) -> list[tuple[_Request, Any]]:
    """One backward run for each quantity that is differentiated, however many it is differentiated by."""
    out = []
    groups: dict[tuple[int, frozenset[int]], list[_Request]] = {}
    for request in requests:
        groups.setdefault((request.body, request.cut), []).append(request)
    for (body, cut), members in groups.items():
        held = [int(tape.register[at]) for at in cut if tape.register[at] >= 0]
        found = machine.gradient(tape, noise, int(tape.register[body]), held)
        out += [(r, found[tape.register[r.wrt]]) for r in members]
    return out
