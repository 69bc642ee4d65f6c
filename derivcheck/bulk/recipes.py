"""Which construction makes the values of which symbol: found by trying, as on the host (worlds/sampling.py), most
general first. What has no construction that meets its assumptions keeps the values of one world the host drew."""

from __future__ import annotations

import random
from typing import Any

from flint import fmpq

from derivcheck.bulk.arithmetic import Exact
from derivcheck.bulk.samplers import CONSTRUCTIONS, Construction, Ops, by_domain
from derivcheck.deciding.search import Bench
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Model
from derivcheck.worlds.constructions import Group
from derivcheck.worlds.errors import NoWorld
from derivcheck.worlds.makers import candidates
from derivcheck.worlds.world import Block, Maker, World

_AGREE = 3  # draws that must meet the assumptions


@dataclass(slots=True)
class Recipe:
    """How each symbol is made: by a construction, from its domain, or (None) as the host drew it."""

    constructions: dict[str, Construction | None] = field(default_factory=dict)

    def values(self, world: World, block: Block, draw: Any, ops: Ops) -> dict[tuple[int, ...], Any] | None:
        symbol = block[0]
        shape = world.shape(symbol)
        if symbol in world.fixed or symbol in world.dims:
            return None
        if symbol in self.constructions:
            construction = self.constructions[symbol]
            return None if construction is None else construction(shape, draw, ops)
        bounds = world.bounds.get(symbol)
        if bounds is not None and not shape and bounds.domain.kind == "finite":
            return None  # it may stand as an index
        return by_domain(bounds, shape, draw, ops)


def recipe(bench: Bench, world: World) -> Recipe:
    """The constructions for the symbols under assumptions."""
    out = Recipe()
    for group in bench.givens.groups:
        equal = any(c.relation in ("=", "~") for c in group.claims)
        found = _from_host(bench, group, world) or (_tried(bench, group, world) if equal else None)
        if found is not None:
            out.constructions.update(found)
        elif equal:
            out.constructions.update(dict.fromkeys(group.symbols))  # drawn by the host
    return out


def _from_host(bench: Bench, group: Group, world: World) -> dict[str, Construction | None] | None:
    """What the host's own constructions are called."""
    makers = bench.givens._makers.get(group)
    if makers is None:
        return None
    found: dict[str, Construction | None] = {}
    for symbol in group.symbols:
        if symbol in makers:
            options = _options(bench.model, world, symbol)
            found[symbol] = next((made for maker, made in options if maker is makers[symbol]), None)
    return found


def _tried(bench: Bench, group: Group, world: World) -> dict[str, Construction | None] | None:
    """The first construction of each symbol that meets the assumptions on it alone, where together they meet all."""
    found: dict[str, Construction | None] = {}
    for symbol in group.symbols:
        alone = Group((symbol,), tuple(c for c in group.claims if bench.givens._free_symbols(c) == {symbol}))
        options = [made for _, made in _options(bench.model, world, symbol) if made is not None]
        chosen = next((made for made in options if _meets(bench, alone, world, {symbol: made})), None)
        if chosen is None:
            return None
        found[symbol] = chosen
    constructions = {s: made for s, made in found.items() if made is not None}
    return found if len(group.symbols) == 1 or _meets(bench, group, world, constructions) else None


def _meets(bench: Bench, group: Group, world: World, constructions: dict[str, Construction]) -> bool:
    """Whether a few draws, made exactly, meet the assumptions."""
    makers = {symbol: _exact_maker(made) for symbol, made in constructions.items()}
    for attempt in range(_AGREE):
        values = {b: v for b, v in world.values.items() if b[0] not in constructions}
        draft = replace(world, values=values, makers={**world.makers, **makers})
        draft.salts = {**world.salts, **dict.fromkeys(constructions, 500 + attempt)}
        try:
            if bench.givens._check(group.claims, draft) is not True:
                return False
        except NoWorld:
            return False
    return True


def _exact_maker(construction: Construction) -> Maker:
    def maker(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
        return construction(world.shape(block[0]), lambda: fmpq(rng.randint(-9, 9), rng.choice((1, 2, 4))), Exact())

    return maker


def _options(model: Model, world: World, symbol: str) -> list[tuple[Maker, Construction | None]]:
    """The host's ways to make a symbol, each with ours."""
    declaration = model.declarations[symbol]
    shape = world.shape(symbol)
    square = len(shape) == 2 and declaration.shape[0] == declaration.shape[1]
    if declaration.domain.kind == "integer":
        return []
    return [(maker, _named(name, world, symbol, shape)) for name, maker in candidates(shape, square)]


def _named(name: str, world: World, symbol: str, shape: tuple[int, ...]) -> Construction | None:
    if name == "free":
        return lambda sizes, draw, ops: by_domain(world.bounds.get(symbol), sizes, draw, ops) or {}
    if name == "summing to 1" and len(shape) > 1:
        name = "all summing to 1"
    return CONSTRUCTIONS.get(name)
