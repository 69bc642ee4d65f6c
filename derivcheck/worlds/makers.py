"""Ways to construct the values of one symbol, most general first. Which of them meets the givens is found by trying
(sampling.py): `A^T = A` picks the symmetric ones however it was written. All values are exact rationals."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from flint import fmpq

from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import Balls, tidy
from derivcheck.worlds.layers import Numbers
from derivcheck.worlds.world import Block, Maker, World, entrywise, positions, simplex

Values = dict[tuple[int, ...], Any]
Grid = list[list[Any]]
_NUMBERS = Numbers(Balls())


def _each(number: Callable[[World, random.Random], Any]) -> Maker:
    """Every entry by the same rule."""

    def maker(world: World, block: Block, rng: random.Random) -> Values:
        return {at: tidy(number(world, rng)) for at in positions(world.shape(block[0]))}

    return maker


def _positive(world: World, rng: random.Random) -> Any:
    return abs(world.style.real(rng)) or 1


def _unit(world: World, rng: random.Random) -> Any:
    return world.style.fraction(rng)


def _signed_unit(world: World, rng: random.Random) -> Any:
    return world.style.fraction(rng) * rng.choice((-1, 1))


def _sized(world: World, block: Block) -> tuple[int, ...]:
    return world.shape(block[0])


def _one_hot(world: World, block: Block, rng: random.Random) -> Values:
    shape = _sized(world, block)
    out: Values = {}
    for row in positions(shape[:-1]):
        hot = rng.randint(1, shape[-1])
        out.update({(*row, k): int(k == hot) for k in range(1, shape[-1] + 1)})
    return out


def _joint(world: World, block: Block, rng: random.Random) -> Values:
    """Positive entries that sum to 1 over all axes."""
    places = list(positions(_sized(world, block)))
    weights = [rng.randint(1, max(world.style.reach, 3)) for _ in places]
    total = sum(weights)
    return {at: tidy(fmpq(w, total)) for at, w in zip(places, weights, strict=True)}


def _unit_vector(world: World, block: Block, rng: random.Random) -> Values:
    """A rational point on the sphere, by stereographic projection."""
    (n,) = _sized(world, block)
    if n == 1:
        return {(1,): rng.choice((-1, 1))}
    t = [world.style.real(rng) for _ in range(n - 1)]
    square = sum(x * x for x in t)
    bottom = fmpq(1) + square
    values = [2 * x / bottom for x in t] + [(square - 1) / bottom]
    return {(k,): tidy(v) for k, v in enumerate(values, 1)}


def _gaussian(n: int, m: int, world: World, rng: random.Random) -> Grid:
    return [[world.style.real(rng) for _ in range(m)] for _ in range(n)]


def _small_whole(n: int, m: int, rng: random.Random) -> Grid:
    return [[rng.randint(-2, 2) for _ in range(m)] for _ in range(n)]


def _square(build: Callable[[int, World, random.Random], Grid]) -> Maker:
    """A maker of square matrices from one that is given the size."""

    def maker(world: World, block: Block, rng: random.Random) -> Values:
        n, m = _sized(world, block)
        if n != m:
            raise ValueError("not square")
        return in_values(build(n, world, rng))

    return maker


def in_values(rows: Grid) -> Values:
    return {(i, j): tidy(x) for i, row in enumerate(rows, 1) for j, x in enumerate(row, 1)}


def _symmetric(n: int, world: World, rng: random.Random) -> Grid:
    a = _gaussian(n, n, world, rng)
    return [[a[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]


def _skew(n: int, world: World, rng: random.Random) -> Grid:
    a = _gaussian(n, n, world, rng)
    return [[0 if i == j else a[i][j] if i < j else -a[j][i] for j in range(n)] for i in range(n)]


def _definite(n: int, world: World, rng: random.Random) -> Grid:
    a = _small_whole(n, n, rng)
    shift = _positive(world, rng) if world.style.spread else 1
    return [[x + shift * int(i == j) for j, x in enumerate(row)]
            for i, row in enumerate(matrices.product(a, matrices.transpose(a)))]


def semidefinite(n: int, world: World, rng: random.Random) -> Grid:
    a = _small_whole(n, max(n - 1, 1), rng)
    return matrices.product(a, matrices.transpose(a))


def _negated(build: Callable[[int, World, random.Random], Grid]) -> Callable[[int, World, random.Random], Grid]:
    return lambda n, world, rng: [[-x for x in row] for row in build(n, world, rng)]


def orthogonal(n: int, world: World, rng: random.Random) -> Grid:
    """Exact: Cayley's transform (I - S)(I + S)^{-1} of a skew S, columns signed and permuted."""
    eye = matrices.identity(n)
    s = [[fmpq(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            x = fmpq(rng.randint(-2, 2), rng.choice((1, 2)))
            s[i][j], s[j][i] = x, -x
    minus = [[eye[i][j] - s[i][j] for j in range(n)] for i in range(n)]
    plus = [[eye[i][j] + s[i][j] for j in range(n)] for i in range(n)]
    q = matrices.product(minus, matrices.inverse(plus, _NUMBERS))
    order = rng.sample(range(n), n)
    signs = [rng.choice((-1, 1)) for _ in range(n)]
    return [[row[order[j]] * signs[j] for j in range(n)] for row in q]


def _frame(world: World, block: Block, rng: random.Random) -> Values:
    """Orthonormal columns (rows, where it is wide)."""
    n, m = _sized(world, block)
    q = orthogonal(max(n, m), world, rng)
    return in_values([row[:m] for row in q[:n]])


def _normal(n: int, world: World, rng: random.Random) -> Grid:
    """Q B Q^T of a block-diagonal B of numbers and scaled rotations: commutes with its transpose."""
    b: Grid = [[0] * n for _ in range(n)]
    k = 0
    while k < n:
        x, y = world.style.real(rng), world.style.real(rng)
        b[k][k] = x
        if k + 1 < n:
            b[k][k + 1], b[k + 1][k], b[k + 1][k + 1] = -y, y, x
        k += 2
    q = orthogonal(n, world, rng)
    return matrices.product(matrices.product(q, b), matrices.transpose(q))


def _permutation(n: int, world: World, rng: random.Random) -> Grid:
    order = rng.sample(range(n), n)
    return [[int(order[i] == j) for j in range(n)] for i in range(n)]


def _masked(keep: Callable[[int, int], bool], diagonal: int | None = None) -> Callable[..., Grid]:
    """Free entries where `keep`, zero elsewhere; a fixed diagonal where one is given."""

    def build(n: int, world: World, rng: random.Random) -> Grid:
        a = _gaussian(n, n, world, rng)
        return [
            [diagonal if diagonal is not None and i == j else a[i][j] if keep(i, j) else 0 for j in range(n)]
            for i in range(n)
        ]

    return build


def _positive_diagonal(n: int, world: World, rng: random.Random) -> Grid:
    return [[_positive(world, rng) if i == j else 0 for j in range(n)] for i in range(n)]


def _projection(n: int, world: World, rng: random.Random) -> Grid:
    """V (V^T V)^{-1} V^T: symmetric and idempotent."""
    r = max(1, n // 2)
    while True:
        v = _small_whole(n, r, rng)
        gram = matrices.product(matrices.transpose(v), v)
        if matrices.det(gram, _NUMBERS) != 0:
            middle = matrices.product(v, matrices.inverse(gram, _NUMBERS))
            return matrices.product(middle, matrices.transpose(v))


def unimodular(n: int, rng: random.Random) -> Grid:
    """Whole numbers, determinant 1."""
    lower = [[1 if i == j else rng.randint(-2, 2) if i > j else 0 for j in range(n)] for i in range(n)]
    upper = [[1 if i == j else rng.randint(-2, 2) if i < j else 0 for j in range(n)] for i in range(n)]
    return matrices.product(lower, upper)


def _conjugated(diagonal: Callable[[int, random.Random], list[int]]) -> Callable[..., Grid]:
    """S D S^{-1} for a random S: idempotent, involutory, ... by the choice of D."""

    def build(n: int, world: World, rng: random.Random) -> Grid:
        d = diagonal(n, rng)
        s = unimodular(n, rng)
        scaled = [[x * d[j] for j, x in enumerate(row)] for row in s]
        return matrices.product(scaled, matrices.inverse(s, _NUMBERS))

    return build


def _some_zeros(n: int, rng: random.Random) -> list[int]:
    return [1] * max(1, n // 2) + [0] * (n - max(1, n // 2))


def _some_signs(n: int, rng: random.Random) -> list[int]:
    return [1] * max(1, n // 2) + [-1] * (n - max(1, n // 2))


def _contraction(world: World, block: Block, rng: random.Random) -> Values:
    """Frobenius (so spectral) norm below 1; for vectors and numbers too."""
    shape = _sized(world, block)
    raw = {at: world.style.real(rng) for at in positions(shape)}
    bound = 1 + sum(abs(x) for x in raw.values())
    return {at: tidy(fmpq(x) / bound if isinstance(x, int) else x / bound) for at, x in raw.items()}


def _symmetric_contraction(n: int, world: World, rng: random.Random) -> Grid:
    a = _symmetric(n, world, rng)
    bound = fmpq(1) + sum(abs(x) for row in a for x in row)
    return [[x / bound for x in row] for row in a]


def _definite_contraction(n: int, world: World, rng: random.Random) -> Grid:
    a = _definite(n, world, rng)
    bound = fmpq(1) + sum(abs(x) for row in a for x in row)
    return [[x / bound for x in row] for row in a]


def _columns_to_one(world: World, block: Block, rng: random.Random) -> Values:
    """Positive entries whose sum along the first axis is 1."""
    shape = _sized(world, block)
    out: Values = {}
    for column in positions(shape[1:]):
        weights = [rng.randint(1, max(world.style.reach, 3)) for _ in range(shape[0])]
        out.update({(k, *column): tidy(fmpq(w, sum(weights))) for k, w in enumerate(weights, 1)})
    return out


def _doubly_stochastic(n: int, world: World, rng: random.Random) -> Grid:
    weights = [rng.randint(1, 4) for _ in range(3)]
    parts = [_permutation(n, world, rng) for _ in weights]
    return [[fmpq(sum(w * p[i][j] for w, p in zip(weights, parts, strict=True)), sum(weights)) for j in range(n)]
            for i in range(n)]


def _ordered(world: World, block: Block, rng: random.Random) -> Values:
    """Distinct values in descending order along the last axis."""
    shape = _sized(world, block)
    out: Values = {}
    for row in positions(shape[:-1]):
        values = sorted({world.draw(block[0], rng) for _ in range(4 * shape[-1])}, reverse=True)
        while len(values) < shape[-1]:
            values.append(values[-1] - 1)
        out.update({(*row, k): v for k, v in enumerate(values[: shape[-1]], 1)})
    return out


def _constant(value: int) -> Maker:
    return _each(lambda world, rng: value)


FREE = entrywise
_ANY: tuple[tuple[str, Maker], ...] = (
    ("free", entrywise),
    ("positive", _each(_positive)),
    ("negative", _each(lambda world, rng: -_positive(world, rng))),
    ("between 0 and 1", _each(_unit)),
    ("between -1 and 1", _each(_signed_unit)),
    ("above 1", _each(lambda world, rng: 1 + _positive(world, rng))),
    ("whole", _each(lambda world, rng: rng.randint(1, 4))),
    ("nonnegative", _each(lambda world, rng: abs(world.style.real(rng)) * rng.randint(0, 1))),
)
_LAST: tuple[tuple[str, Maker], ...] = (("zero", _constant(0)), ("one", _constant(1)), ("minus one", _constant(-1)))
_VECTOR: tuple[tuple[str, Maker], ...] = (
    ("summing to 1", simplex),
    ("one-hot", _one_hot),
    ("of length 1", _unit_vector),
    ("of norm below 1", _contraction),
    ("descending", _ordered),
)
_NORMAL: tuple[tuple[str, Maker], ...] = (("normal", _square(_normal)),)
_MATRIX: tuple[tuple[str, Maker], ...] = (
    ("rows summing to 1", simplex),
    ("columns summing to 1", _columns_to_one),
    ("summing to 1", _joint),
    ("rows one-hot", _one_hot),
    ("orthonormal", _frame),
    ("of norm below 1", _contraction),
)
_SQUARE: tuple[tuple[str, Maker], ...] = (
    ("symmetric", _square(_symmetric)),
    ("positive definite", _square(_definite)),
    ("positive semidefinite", _square(semidefinite)),
    ("skew-symmetric", _square(_skew)),
    ("orthogonal", _square(orthogonal)),
    ("lower triangular", _square(_masked(lambda i, j: i >= j))),
    ("upper triangular", _square(_masked(lambda i, j: i <= j))),
    ("diagonal", _square(_masked(lambda i, j: i == j))),
    ("diagonal and positive", _square(_positive_diagonal)),
    ("strictly lower triangular", _square(_masked(lambda i, j: i > j))),
    ("strictly upper triangular", _square(_masked(lambda i, j: i < j))),
    ("unit lower triangular", _square(_masked(lambda i, j: i > j, 1))),
    ("unit upper triangular", _square(_masked(lambda i, j: i < j, 1))),
    ("idempotent", _square(_conjugated(_some_zeros))),
    ("an orthogonal projection", _square(_projection)),
    ("involutory", _square(_conjugated(_some_signs))),
    ("a permutation", _square(_permutation)),
    ("negative definite", _square(_negated(_definite))),
    ("symmetric of norm below 1", _square(_symmetric_contraction)),
    ("positive definite of norm below 1", _square(_definite_contraction)),
    ("doubly stochastic", _square(_doubly_stochastic)),
    ("the identity", _square(lambda n, world, rng: matrices.identity(n))),
)


def candidates(shape: tuple[int, ...], square: bool) -> tuple[tuple[str, Maker], ...]:
    """The constructions for a symbol of that many axes, most general first."""
    if not shape:
        return (*_ANY, *_LAST)
    if len(shape) == 1:
        return (*_ANY, *_VECTOR, *_LAST)
    if len(shape) == 2:
        return (*_ANY, *(_NORMAL if square else ()), *_MATRIX, *(_SQUARE if square else ()), *_LAST)
    return (*_ANY, ("summing to 1", _joint), ("rows summing to 1", simplex), *_LAST)
