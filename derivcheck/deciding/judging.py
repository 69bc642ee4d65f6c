"""One claim at one point of one world: agrees, is violated (certified), or cannot be told. Values are exact rationals
or balls; a violation is claimed only where the balls exclude that the relation holds."""

from __future__ import annotations

from typing import Any

from flint import arb

from derivcheck.record import dataclass
from derivcheck.terms.model import Claim
from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import is_exact
from derivcheck.worlds.errors import Undetermined
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.points import at_entry, matrix_of
from derivcheck.worlds.scenes import Env

ORDERS = ("<", "<=", ">", ">=")
LOEWNER = ("succ", "succeq")


@dataclass(frozen=True, slots=True)
class Point:
    """Where a claim was judged: the values of its parameters, and the entry (() for scalars and whole matrices)."""

    env: tuple[tuple[Any, int], ...]
    entry: tuple[int, ...]

    @property
    def values(self) -> Env:
        return dict(self.env)


@dataclass(frozen=True, slots=True)
class Judged:
    """word: 'agrees', 'violated' or 'loose' (the balls do not tell). `gap`: how far towards a violation, as a float,
    relative to the size of the sides (positive where violated)."""

    word: str
    left: Any
    right: Any
    gap: float = 0.0


def judge(claim: Claim, evaluator: Evaluator, point: Point) -> Judged:
    """The claim at a point. Raises NoValue."""
    if claim.relation in LOEWNER:
        return _loewner(claim, evaluator, point)
    env = point.values
    left = evaluator.value(claim.left.body, at_entry(claim.left.axes, point.entry, env))
    right = evaluator.value(claim.right.body, at_entry(claim.right.axes, point.entry, env))
    with evaluator.arithmetic.active():
        return compared(claim.relation, left, right)


def compared(relation: str, left: Any, right: Any) -> Judged:
    """Two numbers against a relation ('=', '!=', '~' are told apart by being equal)."""
    difference = left - right
    if relation not in ORDERS:
        return Judged(_equality(difference, left), left, right, _relative(difference, left, right))
    if relation in (">", ">="):
        difference = right - left
    gap = _relative(difference, left, right)
    strict = relation in ("<", ">")
    if is_exact(difference):
        violated = difference > 0 or (strict and difference == 0)
        return Judged("violated" if violated else "agrees", left, right, gap)
    if difference > 0:
        return Judged("violated", left, right, gap)
    if difference < 0 or (not strict and is_tight(difference, left)):
        return Judged("agrees", left, right, gap)
    return Judged("loose", left, right, gap)


def _equality(difference: Any, left: Any) -> str:
    if is_exact(difference):
        return "agrees" if difference == 0 else "violated"
    if not difference.contains(0):
        return "violated"
    return "agrees" if is_tight(difference, left) else "loose"


def is_tight(difference: arb, size: Any) -> bool:
    """A ball around 0 with a radius that is small beside the sides."""
    radius = difference.rad()
    if not difference.is_finite() or not radius.is_finite():
        return False
    scale = 1 + (abs(size) if is_exact(size) else abs(size.mid()))
    return bool(radius < scale * arb("1e-10"))


def _relative(difference: Any, left: Any, right: Any) -> float:
    try:
        size = abs(_float(left)) + abs(_float(right))
        return _float(difference) / size if size else _float(difference)
    except OverflowError:
        return 0.0


def _float(x: Any) -> float:
    if isinstance(x, int):
        return float(x)
    return float(x.mid()) if isinstance(x, arb) else int(x.p) / int(x.q)


def _loewner(claim: Claim, evaluator: Evaluator, point: Point) -> Judged:
    """Loewner's order: the difference of the sides is symmetric and its pivots are positive."""
    env = point.values
    left, right = matrix_of(claim, "left", env, evaluator), matrix_of(claim, "right", env, evaluator)
    with evaluator.arithmetic.active():
        rows = [[x - y for x, y in zip(a, b, strict=True)] for a, b in zip(left, right, strict=True)]
        n = len(rows)
        for i in range(n):
            for j in range(i):
                word = _equality(rows[i][j] - rows[j][i], rows[i][j])
                if word != "agrees":
                    return Judged(word, left, right)
        try:
            good = matrices.definite(rows, evaluator.numbers, strict=claim.relation == "succ")
        except Undetermined:
            return Judged("loose", left, right)
    return Judged("agrees" if good else "violated", left, right, -1.0 if good else 1.0)
