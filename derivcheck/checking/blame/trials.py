"""Whether an edited line is true: first exactly in a few worlds, the counterexample's among them, then as a claim of
its own in the worlds of the search. Each of the three (values, the search, proofs) has one counted purse for all edits
of a line: where it is used up, no edit is right that is not known to be."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from flint import fmpq

from derivcheck.deciding import search
from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.directed import drawn_and_moved
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.search import Bench
from derivcheck.deciding.verdict import Counterexample
from derivcheck.deciding.witness import member_name
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.errors import NoValue, NoWorld
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.sampling import Plan
from derivcheck.worlds.world import SMALL, World

_WORLDS = 3
_POINTS = 10
_MEMBERS = (-2, 9)  # members of families that a counterexample may name
_SCREENING = Budget(nodes=300_000, meeting=50_000)
_SETTLING = Budget(worlds=6, nodes=150_000, meeting=100_000)
_PROVING = Budget(rewrites=250, rlimit=100_000)


@dataclass(slots=True)
class Trials:
    """The refuted claim and the worlds that every edit of it is tried in."""

    claim: Claim
    model: Model
    seed: int
    example: Counterexample | None = None
    work: Work = field(init=False)
    settling: Work = field(init=False)
    proving: Work = field(init=False)
    bench: Bench = field(init=False)
    worlds: tuple[World, ...] = field(init=False)
    _silences: dict[int, bool] = field(default_factory=dict)
    _evaluators: dict[tuple[int, int], tuple[World, Model, dict[int, Evaluator]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.work = Work(self.seed, _SCREENING)
        self.settling, self.proving = Work(self.seed, _SETTLING), Work(self.seed, _PROVING)
        self.bench = Bench(self.claim, self.model, self.work)
        known = world_of(self.example, self.bench) if self.example is not None else None
        drawn = list(self._drawn(self.bench))
        first = [known] if known is not None else []
        self.worlds = tuple([*first, *drawn] if self.claim.relation in ORDERS else [*drawn, *first])

    def _drawn(self, bench: Bench) -> Iterator[World]:
        try:
            yield from bench.givens.stream(self.seed, Plan(worlds=_WORLDS, least=search.least(bench.claim)))
        except (NoWorld, NoValue):
            return

    def survives(self, claim: Claim, model: Model) -> bool:
        """Whether the claim is violated at none of the points tried, and agrees at some in every world but one.
        Raises OutOfWork."""
        self.work.spend("nodes", 0)
        try:
            bench = Bench(claim, model, self.work)
            own = bench.symbols <= self.bench.givens.leaves | self.bench.symbols
            known = own and bench.givens.dims.keys() <= self.bench.givens.dims.keys()
            worlds = self.worlds if known else tuple(self._drawn(bench))
            silent = 0
            for world in worlds:
                agreed = _agreements(bench, world, self._evaluators_of(bench, world))
                if agreed is None:
                    return False
                silent += not agreed and not (known and self._silent(world))  # another claim's world may lack its names
            return bool(worlds) and silent == 0
        except (NoValue, NoWorld):
            return False

    def _evaluators_of(self, bench: Bench, world: World) -> dict[int, Evaluator]:
        """What was evaluated for one edit is known for the next: the side that is not edited stays the same."""
        key = (id(world), id(bench.model.declarations))
        if key not in self._evaluators:
            self._evaluators[key] = (world, bench.model, {64: bench.evaluator(world)})
        return self._evaluators[key][2]

    def _silent(self, world: World) -> bool:
        """Whether the refuted claim itself has no value anywhere in a world."""
        key = id(world)
        if key not in self._silences:
            self._silences[key] = not self.bench.points(self.bench.evaluator(world), 1) or _has_no_value(
                self.bench, world
            )
        return self._silences[key]

    def settled(self, claim: Claim, model: Model) -> bool:
        """Whether the search, over more worlds, leaves the claim standing."""
        try:
            verdict = drawn_and_moved(claim, model, self.settling)
        except (OutOfWork, NoValue, NoWorld, RecursionError):
            return False
        if verdict is None or verdict.word not in ("holds", "proved"):
            return False
        same_order = claim.relation in ORDERS and claim.relation == self.claim.relation
        return not same_order or self._proved(claim, model)

    def _proved(self, claim: Claim, model: Model) -> bool:
        """Many false inequalities hold at random points, so an edited one must be proved."""
        from derivcheck.deciding import order

        try:
            verdict = order.rung(claim, model, self.proving)
        except (OutOfWork, NoValue, NoWorld, RecursionError):
            return False
        return verdict is not None and verdict.word == "proved"


def _agreements(bench: Bench, world: World, evaluators: dict[int, Evaluator] | None = None) -> int | None:
    """How many points of a world agree; None where one is violated."""
    evaluators = {64: bench.evaluator(world)} if evaluators is None else evaluators
    agreed = 0
    for point in bench.points(evaluators[64], _POINTS):
        try:
            judged = bench.judge(world, point, evaluators)
        except NoValue:
            continue
        if judged.word in ("violated", "tie"):
            return None
        agreed += judged.word == "agrees"
    return agreed


def _has_no_value(bench: Bench, world: World) -> bool:
    evaluators = {64: bench.evaluator(world)}
    for point in bench.points(evaluators[64], _POINTS):
        try:
            bench.judge(world, point, evaluators)
            return False
        except NoValue:
            continue
    return True


def agrees(bench: Bench, world: World) -> bool:
    """Whether a claim holds at all points of a world, and at one at least."""
    try:
        return bool(_agreements(bench, world))
    except (NoValue, NoWorld):
        return False


# the counterexample as a world --------------------------------------------------------------------------------


def world_of(example: Counterexample, bench: Bench) -> World | None:
    """The world that a counterexample describes, if the claim fails there."""
    try:
        dims = {n: int(example.dims.get(n, low)) for n, low in bench.givens.dims.items()}
        world = bench.givens.world(dims, f"{bench.work.seed}.blame", SMALL)
        for name, declaration in bench.model.declarations.items():
            if name in dims and not declaration.shape:
                continue
            for at in itertools.product(range(*_MEMBERS), repeat=len(declaration.family)):
                latex = member_name(declaration, at)
                value = example.values.get(latex, example.dims.get(latex))
                if value is not None:
                    world = world.moved((name, at), dict(_entries(value)))
        return world if bench.failing(world) is not None else None
    except (NoWorld, NoValue, ValueError, TypeError, KeyError):
        return None


def _entries(value: Any, at: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    if isinstance(value, (list, tuple)):
        for k, item in enumerate(value, 1):
            yield from _entries(item, (*at, k))
    else:
        yield at, number_of(value)


def number_of(value: Any) -> Any:
    if isinstance(value, str):
        top, _, bottom = value.partition("/")
        return fmpq(int(top), int(bottom or 1))
    if not isinstance(value, int):
        raise ValueError("not an exact number")
    return value


def with_given(claim: Claim, given: tuple[Claim, ...]) -> Claim:
    return replace(claim, given=(*claim.given, *given)) if given else claim
