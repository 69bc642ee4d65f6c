"""`A \\succeq B` met by construction: the greater matrix becomes the smaller plus a semidefinite one; a matrix with
bounds on both sides (`m I \\preceq A \\preceq M I`) goes from the lower towards the upper one in steps of rank one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from flint import fmpq

from derivcheck.record import dataclass
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Entry, Term, Var
from derivcheck.terms.tensor import Tensor
from derivcheck.worlds.arithmetic import is_exact
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.makers import Grid, in_values, semidefinite
from derivcheck.worlds.points import matrix_of
from derivcheck.worlds.world import World


def raised(evaluator: Evaluator, claims: Sequence[Claim], is_free: Callable[[str], bool]) -> World | None:
    """The world with a matrix that stands alone on the greater side moved above the other side, as `A \\succeq B` asks;
    where only the smaller side is one, that below; where bounds stand on both sides, between them. None where no claim
    is of that form."""
    world = evaluator.world
    bounds = [b for claim in claims if (b := _bound(claim, is_free)) is not None]
    moved: set[str] = set()
    for bound in bounds:
        opposite = next((b for b in bounds if b.symbol == bound.symbol and b.sign != bound.sign), None)
        if bound.symbol in moved or (opposite is None and not bound.other.symbols):
            continue  # above a number: there are constructions for that
        try:
            rows = _rows(bound, evaluator, world)
            far = _rows(opposite, evaluator, world) if opposite is not None else None
        except NoValue:
            return None
        rng = world.rng(f"step {bound.symbol} {world.salts.get(bound.symbol, 0)}")
        if far is None:
            step = semidefinite(len(rows), world, rng)
            found = _sum(rows, step, bound.sign, int(bound.strict) * bound.sign)
        else:
            assert opposite is not None
            found = _between(rows, far, rng, bound.strict or opposite.strict)
        world = world.moved((bound.symbol, ()), in_values(found))
        moved.add(bound.symbol)
    return world if moved else None


@dataclass(frozen=True, slots=True)
class _Bound:
    """A symbol that stands alone on one side: above (`sign` 1) or below (-1) the other side."""

    symbol: str
    sign: int
    claim: Claim
    side: str
    strict: bool

    @property
    def other(self) -> Term:
        return getattr(self.claim, self.side).body


def _bound(claim: Claim, is_free: Callable[[str], bool]) -> _Bound | None:
    if claim.relation not in ("succ", "succeq") or claim.parameters or claim.given:
        return None
    for side, other, sign in (("left", "right", 1), ("right", "left", -1)):
        symbol = _alone(getattr(claim, side))
        if symbol is not None and is_free(symbol) and symbol not in getattr(claim, other).body.symbols:
            return _Bound(symbol, sign, claim, other, claim.relation == "succ")
    return None


def _rows(bound: _Bound, evaluator: Evaluator, world: World) -> Grid:
    return matrix_of(bound.claim, bound.side, {}, Evaluator(evaluator.model, world, evaluator.arithmetic))


def _sum(a: Grid, b: Grid, factor: Any, diagonal: Any = 0) -> Grid:
    """a + factor b + diagonal I."""
    return [[x + factor * b[i][j] + diagonal * int(i == j) for j, x in enumerate(row)] for i, row in enumerate(a)]


def _between(start: Grid, end: Grid, rng: random.Random, strict: bool) -> Grid:
    """A matrix between two: what is left of the way, R, stays definite as it was after a step
    `t (R v)(R v)^T / (v^T R v)` with 0 <= t <= 1 (Schur). Strictly between: a little of the whole way is kept free."""
    n = len(start)
    shares = rng.choice(((0, 1, 1), (0, fmpq(1, 4), fmpq(1, 2), 1)))  # a bound is tight where A lies at the ends
    way = left = _sum(end, start, -1)
    for _ in range(n):
        v = [rng.randint(-2, 2) for _ in range(n)]
        image = [sum((row[j] * v[j] for j in range(n)), fmpq(0)) for row in left]
        length = sum((x * y for x, y in zip(v, image, strict=True)), fmpq(0))
        if is_exact(length) and length == 0:
            continue
        t = rng.choice(shares) / length
        left = [[left[i][j] - t * image[i] * image[j] for j in range(n)] for i in range(n)]
    gone = _sum(way, left, -1)
    if strict:
        gone = _sum([[x * fmpq(3, 4) for x in row] for row in gone], way, fmpq(1, 8))
    return _sum(start, gone, 1)


def _alone(tensor: Tensor) -> str | None:
    """The symbol of which a side is the whole."""
    body = tensor.body
    if isinstance(body, Entry) and len(tensor.axes) == 2 and body.indices == tuple(Var(a) for a in tensor.axes):
        return body.symbol
    return None
