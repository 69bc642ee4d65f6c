"""Whether an edited line is true: first exactly in a few worlds, the counterexample's among them, then as a claim of
its own in the worlds of the search. All within a counted purse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flint import fmpq

from derivcheck.deciding import search
from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.search import Bench
from derivcheck.deciding.verdict import Counterexample
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.errors import NoValue, NoWorld
from derivcheck.worlds.sampling import Plan
from derivcheck.worlds.world import SMALL, World

_WORLDS = 3
_POINTS = 10
_NODES = 400_000  # evaluations in all, for screening
_SETTLING = Budget(worlds=6, nodes=200_000)


@dataclass(slots=True)
class Trials:
    """The refuted claim and the worlds that every edit of it is tried in."""

    claim: Claim
    model: Model
    seed: int
    example: Counterexample | None = None
    work: Work = field(init=False)
    bench: Bench = field(init=False)
    worlds: tuple[World, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.work = Work(self.seed, Budget(nodes=_NODES))
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
        """Whether the claim is violated at none of the points tried, and agrees at some in every world but one."""
        try:
            bench = Bench(claim, model, self.work)
            own = bench.symbols <= self.bench.givens.leaves | self.bench.symbols
            known = own and bench.givens.dims.keys() <= self.bench.givens.dims.keys()
            worlds = self.worlds if known else tuple(self._drawn(bench))
            silent = 0
            for world in worlds:
                agreed = _agreements(bench, world)
                if agreed is None:
                    return False
                silent += agreed == 0
            return bool(worlds) and silent <= len(worlds) // 2
        except (NoValue, NoWorld):
            return False

    def settled(self, claim: Claim, model: Model) -> bool:
        """Whether the search, over more worlds, leaves the claim standing."""
        try:
            verdict = search.rung(claim, model, Work(self.seed, _SETTLING))
        except (OutOfWork, NoValue, NoWorld, RecursionError):
            return False
        return verdict is not None and verdict.word in ("holds", "proved")


def _agreements(bench: Bench, world: World) -> int | None:
    """How many points of a world agree; None where one is violated (or cannot be evaluated by any rule)."""
    evaluators = {64: bench.evaluator(world)}
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
            latex = declaration.latex or name
            value = example.values.get(latex, example.dims.get(latex))
            if value is None or (name in dims and not declaration.shape):
                continue
            for at, entries in _members(value, len(declaration.family)):
                world = world.moved((name, at), entries)
        return world if bench.failing(world) is not None else None
    except (NoWorld, NoValue, ValueError, TypeError, KeyError):
        return None


def _members(value: Any, family: int) -> Iterator[tuple[tuple[int, ...], dict[tuple[int, ...], Any]]]:
    if not family:
        yield (), dict(_entries(value))
    elif isinstance(value, Mapping):
        for at, entries in value.items():
            yield tuple(int(k) for k in at.split(",")), dict(_entries(entries))


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
