"""Several eigenvectors of one matrix (`A v = \\lambda v`, `A u = \\mu u`, `A v_i = \\lambda_i v_i`): no draw meets such
equations, so the matrix, the vectors and the numbers are made together, from one basis."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flint import fmpq

from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import Balls, tidy
from derivcheck.worlds.layers import Numbers
from derivcheck.worlds.makers import in_values, orthogonal, unimodular
from derivcheck.worlds.world import Block, Maker, World

Grid = list[list[Any]]
Check = Callable[[Sequence[Claim], World], bool | None]
_NUMBERS = Numbers(Balls())


@dataclass(frozen=True, slots=True)
class Pair:
    """An equation that says that `vector` is an eigenvector of `matrix` (`left`: of its transpose) with `value`."""

    claim: Claim
    matrix: str
    vector: str
    value: str
    left: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """symmetric: the basis is orthonormal and the matrix symmetric. frame: the basis is orthonormal. whole: nothing but
    the eigenvalues is in the matrix. unit: vectors have length 1 in that basis. falling: eigenvalues fall."""

    symmetric: bool = False
    frame: bool = False
    whole: bool = False
    unit: bool = False
    positive: bool = False
    falling: bool = False


_KINDS = (
    _Kind(), _Kind(symmetric=True), _Kind(symmetric=True, unit=True), _Kind(frame=True, unit=True),
    _Kind(symmetric=True, whole=True, positive=True), _Kind(symmetric=True, whole=True, positive=True, unit=True),
    _Kind(falling=True), _Kind(symmetric=True, unit=True, falling=True),
    _Kind(symmetric=True, whole=True, positive=True, unit=True, falling=True),
)  # fmt: skip
"""Most general first."""


def pairs_of(model: Model, claims: Sequence[Claim], free: Callable[[Claim], set[str]]) -> tuple[Pair, ...]:
    """The equations between one square matrix, one vector and one number (or families of these two), of the matrix
    that has most of them; none where draws meet them anyway."""
    found: dict[str, list[Pair]] = {}
    for claim in claims:
        if claim.relation != "=" or len(claim.left.axes) != 1 or claim.given:
            continue
        parts = [[s for s in sorted(free(claim)) if len(model.declarations[s].shape) == count] for count in (2, 1, 0)]
        if any(len(part) != 1 for part in parts):
            continue
        matrix, vector, value = (model.declarations[part[0]] for part in parts)
        square = matrix.shape[0] == matrix.shape[1] == vector.shape[0] and not matrix.family
        if square and len(vector.family) == len(value.family) <= 1:
            found.setdefault(matrix.name, []).append(Pair(claim, matrix.name, vector.name, value.name))
    most = max(found.values(), key=len, default=[])
    many = len(most) > 1 or any(model.declarations[p.vector].family for p in most)
    return tuple(most) if many and len({p.vector for p in most}) == len(most) else ()


def constructions(model: Model, pairs: Sequence[Pair], check: Check, world: World) -> Iterator[dict[str, Maker]]:
    """Makers for the matrix, its eigenvectors and its eigenvalues, kind after kind."""
    families = any(model.declarations[p.vector].family for p in pairs)
    sided = tuple(_sided(p, check, world) for p in pairs) if not families else tuple(pairs)
    for kind in _KINDS:
        yield _makers(_Frame(kind, sided, families))


def _sided(pair: Pair, check: Check, world: World) -> Pair:
    """Whether an equation is of eigenvectors of the transpose is found by trying."""
    made = _makers(_Frame(_Kind(), (pair,), False))
    draft = replace(world, makers={**world.makers, **made},
                    values={b: v for b, v in world.values.items() if b[0] not in made})
    return pair if check((pair.claim,), draft) else replace(pair, left=True)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the matrix is made: of which kind, with which eigenvectors in which places."""

    kind: _Kind
    pairs: tuple[Pair, ...]
    families: bool

    def places(self, n: int) -> dict[str, int]:
        """The columns of the basis that are the single vectors: right ones from the first on, left ones from the last
        back; of more vectors than columns, some are multiples of others."""
        right = [p.vector for p in self.pairs if not p.left]
        left = [p.vector for p in self.pairs if p.left]
        return {v: k % n for k, v in enumerate(right)} | {v: (n - 1 - k) % n for k, v in enumerate(left)}

    def rng(self, world: World) -> random.Random:
        matrix = self.pairs[0].matrix
        return world.rng(f"eigenvectors of {matrix} {world.salts.get(matrix, 0)}")

    def basis(self, world: World, n: int) -> Grid:
        rng = self.rng(world)
        return orthogonal(n, world, rng) if self.kind.symmetric or self.kind.frame else unimodular(n, rng)

    def values(self, world: World, n: int) -> list[Any]:
        """The eigenvalues: all different, but where one number is said to belong to several vectors."""
        numbers = range(1, n + 4) if self.kind.positive else range(-3, n + 3)
        drawn = self.rng(world).sample(list(numbers), n)
        if self.kind.falling:
            drawn.sort(reverse=True)
        first: dict[str, int] = {}
        places = self.places(n)
        for pair in self.pairs if not self.families else ():
            place = first.setdefault(pair.value, places[pair.vector])
            drawn[places[pair.vector]] = drawn[place]
        return drawn

    def matrix(self, world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
        n, _ = world.shape(block[0])
        basis, values = self.basis(world, n), self.values(world, n)
        rest = [[world.style.real(rng) for _ in range(n)] for _ in range(n)]
        places = self.places(n)
        fixed = {*range(n)} if self.families or self.kind.whole else {*places.values()}
        sides = [{places[p.vector] for p in self.pairs if p.left == left} for left in (False, True)]
        columns, rows = (fixed, fixed) if self.kind.symmetric or self.families else sides

        def entry(i: int, j: int) -> Any:
            if i == j and i in fixed:
                return values[i]
            if i in rows or j in columns:
                return 0
            return rest[min(i, j)][max(i, j)] if self.kind.symmetric else rest[i][j]

        middle = [[entry(i, j) for j in range(n)] for i in range(n)]
        return in_values(matrices.product(matrices.product(basis, middle), matrices.inverse(basis, _NUMBERS)))

    def vector(self, pair: Pair) -> Maker:
        def maker(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
            (n,) = world.shape(block[0])
            place = _member(block, n) if block[1] else self.places(n)[pair.vector]
            basis = self.basis(world, n)
            column = matrices.inverse(basis, _NUMBERS)[place] if pair.left else [row[place] for row in basis]
            scale = 1 if self.kind.unit else rng.choice((1, -1, 2, -2, fmpq(1, 2)))
            return {(k,): tidy(scale * x) for k, x in enumerate(column, 1)}

        return maker

    def value(self, pair: Pair) -> Maker:
        def maker(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
            n = world.shape(pair.matrix)[0]
            place = _member(block, n) if block[1] else self.places(n)[pair.vector]
            return {(): self.values(world, n)[place]}

        return maker


def _makers(frame: _Frame) -> dict[str, Maker]:
    made: dict[str, Maker] = {frame.pairs[0].matrix: frame.matrix}
    for pair in frame.pairs:
        made |= {pair.vector: frame.vector(pair), pair.value: frame.value(pair)}
    return made


def _member(block: Block, n: int) -> int:
    """The member of a family of n eigenvectors: that a longer family has more is a contradiction."""
    (member,) = block[1]
    if not 1 <= member <= n:
        raise ValueError("more eigenvectors than there can be")
    return member - 1
