"""Claims screened in bulk, and counterexamples by gradient ascent: many points for each claim in one run of the engine,
the worst of them made exact and certified (deciding/search.py) before anything is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from flint import fmpq

from derivcheck.bulk.lowering import REASONS, Lowered, host_world, lower, world_from
from derivcheck.bulk.machine import Machine, noise_of
from derivcheck.bulk.program import Tape
from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.judging import LOEWNER, ORDERS
from derivcheck.deciding.search import Bench, Failure, least, refuted, untestable
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import dataclass
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.arithmetic import tidy
from derivcheck.worlds.dimensions import assignments
from derivcheck.worlds.errors import NoValue, NoWorld

EQUAL = 1e-7  # a relative difference of floats that is looked into
ABOVE = 1e-9  # a violation of an inequality that is looked into
_GRAINS = (1, 4, 16, 256, 1 << 20)  # denominators tried for the noise of a point
_TRIED = 3  # points of a flagged claim that are certified
_TOGETHER = 200  # claims whose programs are kept at a time
SCREENED = ("=", "~", *ORDERS, *LOEWNER)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Item:
    """One claim to look at."""

    claim: Claim
    model: Model


@dataclass(frozen=True, slots=True)
class Screened:
    """What the floats said of one claim: `worst` violation (nan: nothing was judged), at how many points; `verdict`:
    refuted, where a counterexample was certified; `reason`: why the claim was not screened."""

    worst: float = float("nan")
    points: int = 0
    verdict: Verdict | None = None
    reason: str = ""

    @property
    def flagged(self) -> bool:
        return self.worst > EQUAL


def bench_of(item: Item, seed: int) -> Bench:
    return Bench(item.claim, item.model, Work(seed, Budget()))


def lowered(item: Item, seed: int, objective: str = "gap", place: int = 0) -> Lowered:
    """The claim at one of the dimensions of a search, the `place`-th. Raises one of REASONS."""
    bench = bench_of(item, seed)
    shapes = list(assignments(bench.givens.dims, least(item.claim), bench.givens.allowed))
    if not shapes:
        raise NoWorld("no dimensions meet the assumptions between them")
    world = host_world(bench, shapes[min(place, len(shapes) - 1)], f"{seed}.bulk{place}")
    return lower(bench, world, objective)


def screen(
    items: Sequence[Item], machine: Machine, points: int = 256, seed: int = 0, progress: Progress | None = None
) -> list[Screened]:
    """All claims at the same noise, by the engine; what is flagged is certified. What is said of a claim does not
    depend on the others."""

    def run(tapes: list[Tape]) -> Iterator[tuple[Any, Any]]:
        noise = noise_of(max(t.noise for t in tapes), points, seed)
        for value in machine.values(tapes, noise):
            yield value[0], noise

    return _looked_into(items, run, seed, progress)


def ascend(
    items: Sequence[Item],
    machine: Machine,
    starts: int = 64,
    rounds: int = 150,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Screened]:
    """Each claim's violation climbed from many starts, in the coordinates of its constructions."""

    def run(tapes: list[Tape]) -> Iterator[tuple[Any, Any]]:
        yield from machine.ascend(tapes, noise_of(max(t.noise for t in tapes), starts, seed + 1), rounds)

    return _looked_into(items, run, seed, progress)


def _looked_into(
    items: Sequence[Item],
    run: Callable[[list[Tape]], Iterable[tuple[Any, Any]]],
    seed: int,
    progress: Progress | None,
) -> list[Screened]:
    """Traced, run and certified, so many at a time that their programs stay small."""
    out: list[Screened] = []
    for start in range(0, len(items), _TOGETHER):
        group = items[start : start + _TOGETHER]
        found, programs = _lowered(group, seed)
        if programs:
            results = run([program.tape for program in programs.values()])
            for (k, program), (values, noise) in zip(programs.items(), results, strict=True):
                found[k] = _judged(program, values, noise, _limit(group[k].claim))
        out += found
        if progress:
            progress(len(out), len(items))
    return out


def _limit(claim: Claim) -> float:
    return ABOVE if claim.relation in ORDERS or claim.relation in LOEWNER else EQUAL


def _lowered(items: Sequence[Item], seed: int) -> tuple[list[Screened], dict[int, Lowered]]:
    found: list[Screened] = []
    programs: dict[int, Lowered] = {}
    for k, item in enumerate(items):
        screened = item.claim.relation in SCREENED
        reason = untestable(item.claim, item.model) if screened else "a relation that is not screened"
        found.append(Screened(reason=reason))
        if reason:
            continue
        try:
            programs[k] = lowered(item, seed)
        except (*REASONS, OutOfWork) as problem:
            found[k] = Screened(reason=str(problem))
    return found, programs


def _judged(program: Lowered, values: Any, noise: Any, limit: float) -> Screened:
    import numpy as np

    values = np.where(np.isfinite(values), values, -np.inf)
    order = np.argsort(-values, kind="stable")
    draws = int(np.isfinite(values).sum())
    points = program.points * (draws if program.tape.noise else min(draws, 1))  # without noise all draws are one
    if not points:
        return Screened(reason="no point meets the givens")
    worst = float(values[order[0]])
    verdict = None
    if worst > limit:
        columns = [noise[: program.tape.noise, k] for k in order[:_TRIED] if values[k] > limit]
        failure = next(filter(None, (certified(program, column) for column in columns)), None)
        verdict = refuted(program.bench, failure) if failure is not None else None
    return Screened(worst, points, verdict if verdict and verdict.word == "refuted" else None)


def certified(program: Lowered, column: Any) -> Failure | None:
    """A violation proved by exact or ball arithmetic near a point found in floats: its noise is made rational, coarsely
    first, and the world that it makes must meet every given exactly."""
    for noise in _rational(column):
        try:
            world = world_from(program, noise)
            if program.bench.givens.accepts(world) and (failure := program.bench.failing(world)) is not None:
                return failure
        except (NoValue, NoWorld, OutOfWork, ZeroDivisionError):
            continue
    return None


def _rational(column: Any) -> Iterator[dict[int, Any]]:
    for grain in _GRAINS:
        values = [Fraction(round(float(x) * grain), grain) for x in column]
        yield {k: tidy(fmpq(v.numerator, v.denominator)) for k, v in enumerate(values)}


def tightness(item: Item, machine: Machine, starts: int = 64, rounds: int = 150, seed: int = 0) -> float | None:
    """Of a bound between positive sides: the greatest share of the bound that was reached (1: it is tight), by ascent;
    None where there is none. Found in floats: a lower estimate, no proof."""
    import numpy as np

    if item.claim.relation not in ORDERS:
        return None
    try:
        program = lowered(item, seed, "ratio")
    except (*REASONS, OutOfWork):
        return None
    noise = noise_of(program.tape.noise, starts, seed + 2)
    ((best, _),) = machine.ascend([program.tape], noise, rounds)
    good = best[np.isfinite(best)]
    return float(good.max()) if good.size and good.max() > 0 else None
