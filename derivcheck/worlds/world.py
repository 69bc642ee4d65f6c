"""A world: the given names made concrete. Dimensions have numbers, and every free entry has a value, drawn on
first use from the world's own seed, so that the order of asking never matters."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flint import fmpq

from derivcheck.record import dataclass, field
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Declaration, Domain
from derivcheck.worlds.arithmetic import tidy
from derivcheck.worlds.errors import Unsupported

Value = Any  # int | fmpq
Block = tuple[str, tuple[int, ...]]  # a symbol and the indices of one member of its family


@dataclass(frozen=True, slots=True)
class Style:
    """How free numbers are drawn: whole numbers up to `reach`, over denominators up to `parts`; zero only where
    `zeros`; `scale` multiplies all (a chance of `spread` for each number to be far larger or smaller)."""

    name: str
    reach: int = 4
    parts: int = 3
    zeros: bool = False
    spread: float = 0.0
    empty: float = 0.0  # the chance of a zero, beside those that are drawn

    def real(self, rng: random.Random) -> Value:
        if self.empty and rng.random() < self.empty:
            return tidy(fmpq(0))
        while True:
            top = rng.randint(-self.reach, self.reach)
            if top or self.zeros:
                break
        value = fmpq(top, rng.randint(1, self.parts))
        if self.spread and rng.random() < self.spread:
            value = value * 1000 if rng.random() < 0.5 else value / 1000
        return tidy(value)

    def fraction(self, rng: random.Random) -> Value:
        """A number strictly between 0 and 1."""
        bottom = rng.choice((2, 3, 4, 5, 8))
        if self.spread and rng.random() < self.spread:
            bottom = 1000
        return fmpq(rng.choice((1, bottom - 1)) if self.spread else rng.randint(1, bottom - 1), bottom)


TINY = Style("tiny", reach=2, parts=1, zeros=True)
SMALL = Style("small")
SPARSE = Style("sparse", reach=1, parts=1, zeros=True)
SPARSER = Style("sparser", reach=1, parts=1, zeros=True, empty=0.7)
VARIED = Style("varied", reach=9, parts=7)
EXTREME = Style("extreme", reach=3, parts=2, zeros=True, spread=0.3)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A domain with its limits evaluated (None: none)."""

    domain: Domain
    low: Value | None = None
    high: Value | None = None
    values: tuple[Value, ...] = ()


def draw(bounds: Bounds, style: Style, rng: random.Random) -> Value:
    """One number of a domain."""
    kind = bounds.domain.kind
    low: Any = bounds.low
    high: Any = bounds.high
    if kind == "finite":
        return rng.choice(bounds.values)
    if kind == "integer":
        return _integer(bounds, style, rng)
    if low is None and high is None:
        return style.real(rng)
    if low is not None and high is not None:
        part = style.fraction(rng) if low != high else fmpq(0)
        return tidy(low + (high - low) * part)
    domain = bounds.domain
    open_end = domain.low_strict if low is not None else domain.high_strict
    step = abs(style.real(rng)) or int(open_end)
    if low is not None:
        return tidy(low + step)
    return tidy((high or 0) - step)


def _integer(bounds: Bounds, style: Style, rng: random.Random) -> int:
    low, high = bounds.low, bounds.high
    first = -style.reach if low is None else _ceil(low) + int(bounds.domain.low_strict and _ceil(low) == low)
    if low is not None and low == 1 and high is None:
        first = 2 if style.name != "tiny" else 1
    last = first + max(style.reach, 2) // (1 if low is None else 2) if high is None else _floor(high)
    if high is not None and bounds.domain.high_strict and last == high:
        last -= 1
    if low is None and high is not None:
        first = last - style.reach
    if low is None and high is None:
        last = style.reach
    if last < first:
        raise Unsupported("an empty range of integers")
    return rng.randint(first, last)


def _ceil(x: Value) -> int:
    return x if isinstance(x, int) else -int(-x.p // x.q)


def _floor(x: Value) -> int:
    return x if isinstance(x, int) else int(x.p // x.q)


def shape_at(shape: Shape, dims: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(d.at(dims) for d in shape)


def positions(shape: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All entry indices of a shape, counted from 1, in reading order."""
    return itertools.product(*(range(1, n + 1) for n in shape))


Maker = Callable[["World", Block, random.Random], dict[tuple[int, ...], Value]]


@dataclass(slots=True)
class World:
    """`values`: blocks that were fixed (constructed to meet assumptions, or moved by a search). `makers`: how the
    blocks of a symbol are constructed, where not entry by entry from the domain. `fixed`: names whose
    definition is cut, a given limit fixing their value. `salts`: which draw of a symbol was taken. Everything
    else is drawn from `seed`."""

    dims: Mapping[str, int]
    seed: str
    style: Style = SMALL
    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    bounds: dict[str, Bounds] = field(default_factory=dict)
    values: dict[Block, dict[tuple[int, ...], Value]] = field(default_factory=dict)
    makers: Mapping[str, Maker] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    salts: dict[str, int] = field(default_factory=dict)

    def block(self, block: Block) -> dict[tuple[int, ...], Value]:
        """The entries of one symbol (one member of a family)."""
        found = self.values.get(block)
        if found is None:
            rng = self.rng("/".join(map(str, (*block[1], block[0], self.salts.get(block[0], 0)))))
            maker = self.makers.get(block[0], entrywise)
            found = self.values[block] = maker(self, block, rng)
        return found

    def rng(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}|{name}")

    def shape(self, symbol: str) -> tuple[int, ...]:
        return shape_at(self.declarations[symbol].shape, self.dims)

    def draw(self, symbol: str, rng: random.Random) -> Value:
        return draw(self.bounds.get(symbol) or Bounds(Domain()), self.style, rng)

    def moved(self, block: Block, values: dict[tuple[int, ...], Value]) -> World:
        """The same world with other values in one block."""
        return World(
            self.dims, self.seed, self.style, self.declarations, self.bounds,
            {**self.values, block: values}, self.makers, self.fixed, self.salts,
        )


def nearby(world: World, touched: Iterable[Block]) -> World | None:
    """The same world with each real number among the entries `touched` moved a little, all by different amounts; None
    where none of them is real."""
    moved = world
    for symbol, at in sorted(touched):
        declaration = world.declarations.get(symbol)
        if declaration is None or declaration.domain.kind != "real":
            continue
        block = (symbol, at[: len(declaration.family)])
        place = at[len(declaration.family):]
        step = fmpq(1, 997 + 2 * world.rng(f"near {symbol} {at}").randint(1, 400))
        values = moved.block(block)
        moved = moved.moved(block, {**values, place: tidy(values[place] + step)})
    return None if moved is world else moved


def entrywise(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Value]:
    """Each entry drawn from the domain by itself; a simplex as weights over their sum."""
    symbol = block[0]
    shape = world.shape(symbol)
    domain = world.declarations[symbol].domain
    if domain.kind == "simplex" and shape:
        return simplex(world, block, rng)
    return {at: world.draw(symbol, rng) for at in positions(shape)}


def simplex(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Value]:
    """Positive weights that sum to 1 along the last axis."""
    shape = world.shape(block[0])
    out: dict[tuple[int, ...], Value] = {}
    for row in positions(shape[:-1]):
        weights = [_weight(world.style, rng) for _ in range(shape[-1])]
        total = sum(weights)
        for k, weight in enumerate(weights, 1):
            out[(*row, k)] = tidy(fmpq(weight, total))
    return out


def _weight(style: Style, rng: random.Random) -> int:
    if style.spread and rng.random() < style.spread:
        return 1000
    return rng.randint(1, max(style.reach, 3))
