"""Which constructions (makers.py, spectra.py) are tried for symbols that assumptions tie together: for each symbol
those whose draws meet the assumptions on it alone, most general first, then combinations of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim, Declaration, Model
from derivcheck.worlds.arithmetic import Balls
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.inside import block_inside
from derivcheck.worlds.makers import candidates
from derivcheck.worlds.spectra import SHARING, Spectral, annihilator, of_polynomial
from derivcheck.worlds.world import Maker, World, entrywise

_COMBINATIONS = 40
EVALUATION = 60_000  # nodes that checking the assumptions of one draw may take


@dataclass(frozen=True, slots=True)
class Group:
    """Free symbols that assumptions tie together, with those assumptions."""

    symbols: tuple[str, ...]
    claims: tuple[Claim, ...]


class Constructions:
    """The constructions for one model. `check`: whether assumptions hold in a world; `free`: the free symbols that an
    assumption speaks of."""

    def __init__(
        self,
        model: Model,
        check: Callable[[Sequence[Claim], World], bool | None],
        free: Callable[[Claim], set[str]],
    ) -> None:
        self.model, self._check, self._free_symbols = model, check, free
        self.ways: dict[tuple[Group, str, tuple[tuple[str, int], ...]], list[Maker]] = {}

    def unary(self, group: Group, world: World) -> dict[str, Maker]:
        """For each symbol the construction that meets most of the assumptions on it alone."""
        return {s: options[0] for s in group.symbols if (options := self.options(group, s, world))}

    def options(self, group: Group, symbol: str, world: World) -> list[Maker]:
        """Constructions that meet the assumptions on this symbol alone, most general first: looked for once for each
        choice of dimensions."""
        key = (group, symbol, tuple(world.dims.items()))
        if key not in self.ways:
            self.ways[key] = self._found(group, symbol, world)
        return self.ways[key]

    def _found(self, group: Group, symbol: str, world: World) -> list[Maker]:
        declaration = self.model.declarations[symbol]
        alone = [c for c in group.claims if self._free_symbols(c) == {symbol}]
        if not alone:
            return [maker for _, maker in self._candidates(declaration, world)[:6]]
        scored: list[tuple[bool, int, Maker]] = []
        own = self._spectral(alone, symbol, world)
        usual = _behind_orthogonal(self._candidates(declaration, world), own.framed)
        for rank, maker in enumerate([*own.general, *usual]):
            hits = self._hits(alone, symbol, maker, world)
            if hits:
                scored.append((hits < 2, rank, maker))
            if hits >= 3:
                break
        scored.sort(key=lambda x: x[:2])
        more = [m for m in own.shared if self._hits(alone, symbol, m, world)] if self._commute(group, world) else []
        return [*(maker for _, _, maker in scored[:3]), *more, *(maker for _, _, maker in scored[3:])]

    def _commute(self, group: Group, world: World) -> bool:
        """Whether the equations between several matrices hold for all that share a basis: then no more is asked of them
        (`PQ = QP`, not `PQ = 0`, which has solutions that share none)."""
        between = [c for c in group.claims if c.relation == "=" and len(self._free_symbols(c)) > 1]
        square = {s for s in group.symbols if is_square(self.model, s) and is_single(self.model, s)}
        if not between or any(not self._free_symbols(c) <= square for c in between):
            return False
        draft = replace(world, makers={**world.makers, **dict.fromkeys(square, SHARING[0])},
                        values={b: v for b, v in world.values.items() if b[0] not in square})
        draft.salts = {**world.salts, **dict.fromkeys(square, 0)}
        return self._check(between, draft) is True

    def _hits(self, alone: Sequence[Claim], symbol: str, maker: Maker, world: World) -> int:
        """In how many of four draws a construction meets the assumptions on one symbol."""
        hits = 0
        for attempt in range(4):
            draft = replace(world, makers={**world.makers, symbol: maker},
                            values={b: v for b, v in world.values.items() if b[0] != symbol})
            draft.salts = {**world.salts, symbol: 1000 + attempt}
            hits += self._plausible(draft, symbol) and self._check(alone, draft) is True
        return hits

    def _spectral(self, alone: Sequence[Claim], symbol: str, world: World) -> Spectral:
        """Constructions by eigenvalues for a square matrix under equations of its own."""
        if not is_square(self.model, symbol) or not is_single(self.model, symbol):
            return Spectral()
        equalities = [c for c in alone if c.relation == "="]
        evaluator = Evaluator(self.model, world, Balls(64), EVALUATION)
        found = annihilator(evaluator, equalities, symbol) if equalities else None
        return Spectral(shared=SHARING) if found is None else of_polynomial(found)

    def _plausible(self, world: World, symbol: str) -> bool:
        """Whether the construction stays in the domain of the symbol."""
        bounds = world.bounds.get(symbol)
        declaration = self.model.declarations[symbol]
        if bounds is None or declaration.family:
            return True
        try:
            return block_inside(bounds, world.block((symbol, ())))
        except ValueError:
            return False

    def _candidates(self, declaration: Declaration, world: World) -> tuple[tuple[str, Maker], ...]:
        if declaration.domain.kind == "integer":
            return (("free", entrywise),)
        shape = world.shape(declaration.name)
        return candidates(shape, len(shape) == 2 and declaration.shape[0] == declaration.shape[1])

    def choices(self, group: Group, world: World) -> Iterator[dict[str, Maker]]:
        """Combinations of constructions of the symbols, those first that are most general."""
        options: dict[str, list[Maker]] = {}
        for symbol in group.symbols:
            found = self.options(group, symbol, world)
            options[symbol] = found[:6] or [entrywise]
        if len(group.symbols) > 4:
            first = {s: o[0] for s, o in options.items()}
            yield first
            for symbol, makers in options.items():
                for maker in makers[1:]:
                    yield {**first, symbol: maker}
            return
        ranked = sorted(itertools.product(*(range(len(o)) for o in options.values())), key=sum)
        for ranks in ranked[:_COMBINATIONS]:
            yield {s: options[s][r] for s, r in zip(options, ranks, strict=True)}


def is_square(model: Model, symbol: str) -> bool:
    shape = model.declarations[symbol].shape
    return len(shape) == 2 and shape[0] == shape[1]


def is_single(model: Model, symbol: str) -> bool:
    """Whether a symbol has entries and is no family."""
    declaration = model.declarations.get(symbol)
    return declaration is not None and bool(declaration.shape) and not declaration.family


def _behind_orthogonal(usual: Sequence[tuple[str, Maker]], framed: Sequence[Maker]) -> list[Maker]:
    """The usual constructions; those by eigenvalues in a frame behind the orthogonal matrices, which they may be."""
    names = [name for name, _ in usual]
    place = names.index("orthogonal") + 1 if "orthogonal" in names else len(names)
    makers = [maker for _, maker in usual]
    return [*makers[:place], *framed, *makers[place:]]
