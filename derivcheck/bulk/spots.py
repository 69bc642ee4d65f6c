"""Spot tests: a line that the ladder took to be right, tried at many points and at realistic dimensions (tens to
hundreds). Evidence, not proof: agreement is told with its extent; disagreement is certified in small dimensions or
left to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from derivcheck.bulk.lowering import REASONS, Lowered, host_world, lower
from derivcheck.bulk.machine import Machine, noise_of
from derivcheck.bulk.screening import ABOVE, SCREENED, Item, bench_of
from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.judging import LOEWNER, ORDERS
from derivcheck.deciding.search import Bench, least
from derivcheck.record import dataclass, field, replace
from derivcheck.worlds.dimensions import assignments
from derivcheck.worlds.errors import NoWorld

SIZES = (128, 64, 48, 32, 24, 16, 12, 8)  # tried from the largest down, until the program is short enough
NODES = 60_000
ENTRIES = 12  # of large sides
_APART = 1e-4  # a relative difference of sides that should be equal; what is wrong differs by far more
_DOUBT = 0.1  # the share of points that must disagree: a few may be rounding near a pole


@dataclass(frozen=True, slots=True)
class Spot:
    """`points`: judged in all (entries times draws); `dimensions`; `worst`: the greatest violation among all but the
    worst tenth; `disagrees`; or the `reason` why there is none."""

    points: int = 0
    dimensions: Mapping[str, int] = field(default_factory=dict)
    worst: float = 0.0
    disagrees: bool = False
    reason: str = ""

    def evidence(self, device: str) -> dict[str, Any]:
        if self.reason:
            return {"points": 0, "reason": self.reason}
        return {"points": self.points, "dimensions": dict(self.dimensions), "agree": not self.disagrees,
                "worst": float(f"{self.worst:.2g}"), "device": device}


def spot_test(item: Item, machine: Machine, points: int, seed: int = 0) -> Spot:
    """The claim at `points` draws, at dimensions as large as a program may be."""
    import numpy as np

    if item.claim.relation not in SCREENED:
        return Spot(reason=f"a relation {item.claim.relation} is not spot-tested")
    reason = "no dimensions meet the assumptions between them"
    try:
        bench = bench_of(item, seed)
        for program in _programs(bench, seed):
            if isinstance(program, str):
                reason = program
                continue
            noise = program.ready(noise_of(program.tape.noise, points, seed + 5), machine)
            values = machine.values([program.tape], noise)[0][0]
            finite = values[np.isfinite(values)]
            if finite.size:
                worst = float(np.quantile(finite, 1 - _DOUBT))
                order = item.claim.relation in ORDERS or item.claim.relation in LOEWNER
                disagrees = float(finite.max()) > ABOVE * 1e3 if order else worst > _APART
                dims = {n: program.world.dims[n] for n in bench.givens.dims}
                draws = int(finite.size) if program.tape.noise else 1
                return Spot(draws * program.points, dims, max(worst, 0.0), disagrees)
            reason = "no point meets the givens"
    except (*REASONS, OutOfWork) as problem:
        reason = str(problem)
    return Spot(reason=reason)


def _programs(bench: Bench, seed: int) -> Iterator[Lowered | str]:
    """Programs at smaller and smaller dimensions, or why there is none."""
    small = next(iter(assignments(bench.givens.dims, least(bench.claim), bench.givens.allowed)), None)
    if small is None:
        return
    world = host_world(bench, small, f"{seed}.spot")
    large = [{n: size + k for k, n in enumerate(bench.givens.dims)} for size in SIZES]
    for dims in [*(d for d in large if bench.givens.dims and bench.givens.allowed(d)), small]:
        try:
            yield lower(bench, _resized(world, dims), "apart", most=NODES, points=ENTRIES, solving=True)
        except NoWorld:
            raise
        except REASONS as problem:
            yield str(problem)


def _resized(world: Any, dims: Mapping[str, int]) -> Any:
    """The same world at other dimensions: what was drawn is drawn again, constructions stay."""
    sized = {block: value for block, value in world.values.items() if not world.shape(block[0])}
    return replace(world, dims={**world.dims, **dims}, values=sized)
