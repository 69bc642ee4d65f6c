"""The fingerprint: both sides of an equality modulo a large prime, evaluated through the definitions as they stand,
never multiplied out. Equal fingerprints mean equal rational functions, at the dimensions tried, up to a bound that
stands in the evidence; different ones mean nothing (functions are unknowns here) and are passed on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from derivcheck.deciding.budget import Work
from derivcheck.deciding.residues import PRIME, Residues, lifted
from derivcheck.deciding.search import Bench, least, lengths
from derivcheck.deciding.verdict import Verdict
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Expectation, Integral, walk
from derivcheck.worlds.errors import NoValue, NoWorld, Undefined
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.points import at_entry
from derivcheck.worlds.sampling import Plan
from derivcheck.worlds.world import Block, Maker, World, positions

_DRAWS = 2
_WORLDS = 3  # assignments of dimensions
_POINTS = 24
_ENOUGH = 10_000  # nodes after which a draw goes to no further point
_WHOLE = ("integer", "finite")
_OPEN = ("!=", "<", ">")
"""Assumptions that leave an open set: what holds on one holds as rational functions."""


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """`holds` with its bound, or None."""
    if claim.relation != "=" or claim.left.shape != claim.right.shape:
        return None
    if any(isinstance(t, Expectation | Integral) for s in (claim.left, claim.right) for t in walk(s.body)):
        return None
    bench = Bench(claim, model, work)
    if any(c.relation not in _OPEN for c in bench.givens.claims) or bench.givens.fixed or bench.pointwise:
        return None  # entries tied together by assumptions are no free residues
    try:
        found = _compared(bench)
    except (NoValue, NoWorld, TypeError):
        return None
    return found


def _compared(bench: Bench) -> Verdict | None:
    degree = points = undefined = 0
    dimensions: list[dict[str, int]] = []
    used: dict[str, set[int]] = {}
    for world in bench.givens.stream(bench.work.seed, Plan(worlds=_WORLDS, least=least(bench.claim))):
        chosen = bench.points(bench.evaluator(world), _POINTS)
        for draw in range(_DRAWS):
            evaluator = _evaluator(bench, world, f"{world.seed} {draw}")
            for point in chosen:
                try:
                    difference = lifted(_difference(bench.claim, evaluator, point.values, point.entry))
                except Undefined:
                    undefined += draw == 0
                    continue
                if difference.value:
                    return None
                points += draw == 0
                arithmetic: Any = evaluator.arithmetic
                degree = max(degree, difference.top + difference.bottom + arithmetic.degree * arithmetic.pairs)
                if evaluator.nodes > _ENOUGH:
                    break
            bench.work.spend("nodes", evaluator.nodes)
        dims = {n: world.dims[n] for n in bench.givens.dims}
        if dims not in dimensions:
            dimensions.append(dims)
        for name, value in lengths(bench.model, bench.evaluator(world)).items():
            used.setdefault(name, set()).add(value)
    return _verdict(points, degree, dimensions, used) if undefined <= points else None


def _verdict(
    points: int, degree: int, dimensions: list[dict[str, int]], used: Mapping[str, set[int]]
) -> Verdict | None:
    flat = any(all(d[n] < 2 for d in dimensions) for d in dimensions for n in d)
    if not points or flat or 2 * degree >= PRIME:
        return None  # at dimension 1 most wrong variants agree too
    bound = (2 * degree / PRIME) ** _DRAWS
    evidence: dict[str, Any] = {
        "method": "fingerprint", "prime": str(PRIME), "draws": _DRAWS, "degree": degree, "points": points,
        "dimensions": dimensions,
        "bound": f"wrong at these dimensions with a chance of at most {bound:.1e}",
    }
    if used:
        evidence["lengths"] = {n: sorted(v) for n, v in used.items()}
    return Verdict("holds", evidence)


def _difference(claim: Claim, evaluator: Evaluator, env: Any, entry: tuple[int, ...]) -> Any:
    left = evaluator.value(claim.left.body, at_entry(claim.left.axes, entry, env))
    return left - evaluator.value(claim.right.body, at_entry(claim.right.axes, entry, env))


def _evaluator(bench: Bench, world: World, seed: str) -> Evaluator:
    """The world with every free real entry a random residue; whole numbers stay as drawn."""
    arithmetic: Any = Residues(seed)
    free = {n: d for n, d in bench.model.declarations.items() if d.domain.kind not in _WHOLE}
    makers = {n: _simplex(arithmetic) if d.domain.kind == "simplex" else _entries(arithmetic) for n, d in free.items()}
    kept = {block: values for block, values in world.values.items() if block[0] not in free}
    made = World(world.dims, world.seed, world.style, world.declarations, world.bounds, kept,
                 {**world.makers, **makers}, world.fixed, world.salts)
    return Evaluator(bench.model, made, arithmetic, bench.work.budget.nodes)


def _entries(arithmetic: Residues) -> Maker:
    def maker(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
        return {at: arithmetic.fresh() for at in positions(world.shape(block[0]))}

    return maker


def _simplex(arithmetic: Residues) -> Maker:
    """All but the last of each row free, the last what is left of 1."""

    def maker(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
        out: dict[tuple[int, ...], Any] = {}
        shape = world.shape(block[0])
        for row in positions(shape[:-1]):
            rest: Any = lifted(1)
            for k in range(1, shape[-1]):
                out[(*row, k)] = value = arithmetic.fresh()
                rest = rest - value
            out[(*row, shape[-1])] = rest
        return out

    return maker
