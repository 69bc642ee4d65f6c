"""Values that satisfy the givens, as computations from noise: the constructions of worlds/makers.py by name, in such a
form that every noise gives values of the kind (so that a search may move the noise freely) and that exact noise
gives exact values (so that what was found can be certified)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpq

from derivcheck.bulk.arithmetic import Exact, Traces
from derivcheck.bulk.matrices import eliminated
from derivcheck.worlds import matrices
from derivcheck.worlds.layers import Numbers
from derivcheck.worlds.world import Bounds, positions

Draw = Callable[[], Any]
Ops = Exact | Traces
Values = dict[tuple[int, ...], Any]
Grid = list[list[Any]]
Construction = Callable[[tuple[int, ...], Draw, Ops], Values]
_LITTLE = fmpq(1, 64)


def _each(number: Callable[[Any, Ops], Any]) -> Construction:
    return lambda shape, draw, ops: {at: number(draw(), ops) for at in positions(shape)}


def signed_unit(z: Any, ops: Ops) -> Any:
    """Strictly between -1 and 1."""
    return ops.divide(z, 1 + ops.absolute(z))


def unit(z: Any, ops: Ops) -> Any:
    return (1 + signed_unit(z, ops)) * fmpq(1, 2)


def _weights(shape: tuple[int, ...], draw: Draw) -> Values:
    return {at: _square(draw()) + _LITTLE for at in positions(shape)}


def _square(z: Any) -> Any:
    return z * z


def _normalised(group: Callable[[tuple[int, ...]], Any]) -> Construction:
    """Positive entries that sum to 1 over each group of places."""

    def construction(shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values:
        weights = _weights(shape, draw)
        totals: dict[Any, Any] = {}
        for at, w in weights.items():
            totals[group(at)] = totals.get(group(at), 0) + w
        return {at: ops.divide(w, totals[group(at)]) for at, w in weights.items()}

    return construction


def _one_hot(shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values:
    """1 where the noise is greatest along the last axis."""
    out: Values = {}
    for row in positions(shape[:-1]):
        z = [draw() for _ in range(shape[-1])]
        for k in range(shape[-1]):
            hot: Any = 1
            for j in range(shape[-1]):
                if j != k:
                    hot = hot * (ops.less(z[j], z[k]) if j > k else 1 - ops.less(z[k], z[j]))
            out[(*row, k + 1)] = hot
    return out


def _unit_vector(shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values:
    """Stereographic projection."""
    (n,) = shape
    t = [draw() for _ in range(n - 1)]
    square: Any = sum((x * x for x in t), start=0)
    values = [ops.divide(2 * x, 1 + square) for x in t] + [ops.divide(square - 1, 1 + square)]
    return {(k,): v for k, v in enumerate(values, 1)}


def _contraction(shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values:
    """Frobenius norm 2r / (1 + r^2) < 1 for r the norm of the noise."""
    raw = {at: draw() for at in positions(shape)}
    total: Any = sum((x * x for x in raw.values()), start=0)
    return {at: ops.divide(x * fmpq(2), 1 + _LITTLE * _LITTLE + total) for at, x in raw.items()}


def _descending(shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values:
    out: Values = {}
    for row in positions(shape[:-1]):
        value = draw()
        for k in range(1, shape[-1] + 1):
            out[(*row, k)] = value
            value = value - _square(draw()) - _LITTLE
    return out


def _grid(rows: Grid) -> Values:
    return {(i, j): x for i, row in enumerate(rows, 1) for j, x in enumerate(row, 1)}


def _noise(n: int, m: int, draw: Draw) -> Grid:
    return [[draw() for _ in range(m)] for _ in range(n)]


def _square_of(build: Callable[[int, Draw, Ops], Grid]) -> Construction:
    def construction(shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values:
        if shape[0] != shape[1]:
            raise ValueError("not square")
        return _grid(build(shape[0], draw, ops))

    return construction


def _symmetric(n: int, draw: Draw, ops: Ops) -> Grid:
    a = _noise(n, n, draw)
    return [[a[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]


def _skew(n: int, draw: Draw, ops: Ops) -> Grid:
    a = _noise(n, n, draw)
    return [[0 if i == j else a[i][j] if i < j else -1 * a[j][i] for j in range(n)] for i in range(n)]


def _definite(n: int, draw: Draw, ops: Ops) -> Grid:
    a = _noise(n, n, draw)
    return [[x + _LITTLE * int(i == j) for j, x in enumerate(row)]
            for i, row in enumerate(matrices.product(a, matrices.transpose(a)))]


def _semidefinite(n: int, draw: Draw, ops: Ops) -> Grid:
    a = _noise(n, max(n - 1, 1), draw)
    return matrices.product(a, matrices.transpose(a))


def _negated(build: Callable[[int, Draw, Ops], Grid]) -> Callable[[int, Draw, Ops], Grid]:
    return lambda n, draw, ops: [[-1 * x for x in row] for row in build(n, draw, ops)]


def _numbers(ops: Ops) -> Numbers:
    from derivcheck.bulk.arithmetic import TracedNumbers
    from derivcheck.worlds.arithmetic import Balls

    return TracedNumbers(ops) if isinstance(ops, Traces) else Numbers(Balls())


def _orthogonal(n: int, draw: Draw, ops: Ops) -> Grid:
    """Cayley's transform (I - S)(I + S)^{-1}, its last column negated by chance: both determinants occur."""
    s = _skew(n, draw, ops)
    eye = matrices.identity(n)
    minus = [[eye[i][j] - s[i][j] for j in range(n)] for i in range(n)]
    plus = [[eye[i][j] + s[i][j] for j in range(n)] for i in range(n)]
    q = matrices.product(minus, eliminated(plus, _numbers(ops))[1])
    sign = 1 - 2 * ops.less(draw(), 0)
    return [[x * sign if j == n - 1 else x for j, x in enumerate(row)] for row in q]


def _frame(shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values:
    n, m = shape
    q = _orthogonal(max(n, m), draw, ops)
    return _grid([row[:m] for row in q[:n]])


def _masked(keep: Callable[[int, int], bool], diagonal: int | None = None) -> Callable[[int, Draw, Ops], Grid]:
    def build(n: int, draw: Draw, ops: Ops) -> Grid:
        return [
            [diagonal if diagonal is not None and i == j else draw() if keep(i, j) else 0 for j in range(n)]
            for i in range(n)
        ]

    return build


def _positive_diagonal(n: int, draw: Draw, ops: Ops) -> Grid:
    return [[_square(draw()) + _LITTLE if i == j else 0 for j in range(n)] for i in range(n)]


def _projection(n: int, draw: Draw, ops: Ops) -> Grid:
    v = _noise(n, max(1, n // 2), draw)
    gram = matrices.product(matrices.transpose(v), v)
    middle = matrices.product(v, eliminated(gram, _numbers(ops))[1])
    return matrices.product(middle, matrices.transpose(v))


def _idempotent(n: int, draw: Draw, ops: Ops) -> Grid:
    """The projection onto the span of V along what W annuls: V (W^T V)^{-1} W^T."""
    k = max(1, n // 2)
    v, w = _noise(n, k, draw), matrices.transpose(_noise(n, k, draw))
    middle = eliminated(matrices.product(w, v), _numbers(ops))[1]
    return matrices.product(matrices.product(v, middle), w)


def _involutory(n: int, draw: Draw, ops: Ops) -> Grid:
    return [[2 * x - int(i == j) for j, x in enumerate(row)] for i, row in enumerate(_idempotent(n, draw, ops))]


def _permutation(n: int, draw: Draw, ops: Ops) -> Grid:
    """Row i has its 1 where the noise of i stands when all are sorted."""
    z = [draw() for _ in range(n)]
    places: list[Any] = [
        sum((ops.less(z[j], z[i]) if j > i else 1 - ops.less(z[i], z[j]) for j in range(n) if j != i), start=0)
        for i in range(n)
    ]
    return [[(1 - ops.less(place, j)) * (1 - ops.less(j, place)) for j in range(n)] for place in places]


def _doubly_stochastic(n: int, draw: Draw, ops: Ops) -> Grid:
    """A mean of permutations and of the matrix of equal entries, weighed."""
    parts = [[[fmpq(1, n)] * n] * n, *(_permutation(n, draw, ops) for _ in range(3))]
    weights = [_square(draw()) + _LITTLE for _ in parts]
    total = sum(weights, start=0)
    return [
        [ops.divide(sum((w * part[i][j] for w, part in zip(weights, parts, strict=True)), start=0), total)
         for j in range(n)]
        for i in range(n)
    ]


def _scaled(build: Callable[[int, Draw, Ops], Grid]) -> Callable[[int, Draw, Ops], Grid]:
    """Of Frobenius norm below 1."""

    def built(n: int, draw: Draw, ops: Ops) -> Grid:
        a = build(n, draw, ops)
        bound = 1 + _LITTLE * _LITTLE + sum((x * x for row in a for x in row), start=0)
        return [[ops.divide(x * fmpq(2), bound) for x in row] for row in a]

    return built


def _constant(value: int) -> Construction:
    return lambda shape, draw, ops: dict.fromkeys(positions(shape), value)


CONSTRUCTIONS: dict[str, Construction] = {
    "free": _each(lambda z, ops: z),
    "positive": _each(lambda z, ops: _square(z) + _LITTLE * _LITTLE),
    "negative": _each(lambda z, ops: -1 * _square(z) - _LITTLE * _LITTLE),
    "between 0 and 1": _each(unit),
    "between -1 and 1": _each(signed_unit),
    "above 1": _each(lambda z, ops: 1 + _LITTLE * _LITTLE + _square(z)),
    "nonnegative": _each(lambda z, ops: _square(z)),
    "zero": _constant(0), "one": _constant(1), "minus one": _constant(-1),
    "summing to 1": _normalised(lambda at: at[:-1]),
    "rows summing to 1": _normalised(lambda at: at[:-1]),
    "columns summing to 1": _normalised(lambda at: at[1:]),
    "all summing to 1": _normalised(lambda at: ()),
    "one-hot": _one_hot, "rows one-hot": _one_hot,
    "of length 1": _unit_vector, "of norm below 1": _contraction, "descending": _descending, "orthonormal": _frame,
    "symmetric": _square_of(_symmetric), "positive definite": _square_of(_definite),
    "positive semidefinite": _square_of(_semidefinite), "skew-symmetric": _square_of(_skew),
    "orthogonal": _square_of(_orthogonal), "negative definite": _square_of(_negated(_definite)),
    "lower triangular": _square_of(_masked(lambda i, j: i >= j)),
    "upper triangular": _square_of(_masked(lambda i, j: i <= j)),
    "diagonal": _square_of(_masked(lambda i, j: i == j)),
    "diagonal and positive": _square_of(_positive_diagonal),
    "strictly lower triangular": _square_of(_masked(lambda i, j: i > j)),
    "strictly upper triangular": _square_of(_masked(lambda i, j: i < j)),
    "unit lower triangular": _square_of(_masked(lambda i, j: i > j, 1)),
    "unit upper triangular": _square_of(_masked(lambda i, j: i < j, 1)),
    "an orthogonal projection": _square_of(_projection),
    "idempotent": _square_of(_idempotent), "involutory": _square_of(_involutory),
    "a permutation": _square_of(_permutation), "doubly stochastic": _square_of(_doubly_stochastic),
    "symmetric of norm below 1": _square_of(_scaled(_symmetric)),
    "positive definite of norm below 1": _square_of(_scaled(_definite)),
    "the identity": _square_of(lambda n, draw, ops: matrices.identity(n)),
}  # fmt: skip


def by_domain(bounds: Bounds | None, shape: tuple[int, ...], draw: Draw, ops: Ops) -> Values | None:
    """Values of a domain; None where they are not made from noise (whole numbers)."""
    if bounds is None:
        return CONSTRUCTIONS["free"](shape, draw, ops)
    kind, low, high = bounds.domain.kind, bounds.low, bounds.high
    if kind == "simplex" and shape:
        return CONSTRUCTIONS["summing to 1"](shape, draw, ops)
    if kind == "finite":
        return {at: _chosen(bounds.values, unit(draw(), ops), ops) for at in positions(shape)}
    if kind != "real":
        return None
    return {at: _between(low, high, draw(), ops) for at in positions(shape)}


def _chosen(values: tuple[Any, ...], u: Any, ops: Ops) -> Any:
    result: Any = values[-1]
    for k in range(len(values) - 2, -1, -1):
        result = ops.choose(ops.less(u, fmpq(k + 1, len(values))), values[k], result)
    return result


def _between(low: Any, high: Any, z: Any, ops: Ops) -> Any:
    if low is not None and high is not None:
        return low + (high - low) * unit(z, ops)
    if low is not None:
        return low + _square(z) + _LITTLE * _LITTLE
    if high is not None:
        return high - _square(z) - _LITTLE * _LITTLE
    return z
