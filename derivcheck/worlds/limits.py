"""Certified values of limits: by the series of the term at the point (laurent.py), and by what is seen to decay
(growth.py) in sums, products and continuous functions of such. What neither settles has no value here."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from derivcheck.terms.build import MINUS_ONE, mul
from derivcheck.terms.node import (
    Add,
    Constant,
    Entry,
    Function,
    Limit,
    Mul,
    Number,
    Power,
    Reduce,
    Term,
    replace_entries,
    walk,
)
from derivcheck.worlds.errors import NoValue, Undefined, Undetermined, Unsupported
from derivcheck.worlds.growth import Growth, Unbounded, vanishes
from derivcheck.worlds.infinite import INFINITY, constant_of, infinite_sum, is_infinite, only_balls
from derivcheck.worlds.laurent import ORDERS, Expansion, Laurent, NoSeries, is_zero, made
from derivcheck.worlds.layers import Layered

if TYPE_CHECKING:
    from derivcheck.worlds.scenes import Env, Scene

_CONTINUOUS = frozenset({"exp", "sin", "cos", "tanh", "sinh", "cosh", "atan", "erf", "abs", "max2", "min2"})
_SATURATING: dict[str, Callable[[], arb]] = {
    "tanh": lambda: arb(1), "erf": lambda: arb(1), "atan": lambda: arb.pi() / 2,
}  # fmt: skip
_START = {False: 1 << 40, True: 64}


def limit(scene: Scene, term: Limit, env: Env) -> arb:
    """An enclosure of the limit."""
    only_balls(scene, "a limit here")
    way = is_infinite(term.point)
    if way:
        return _OneSided(scene, term, env, way, None).limit()
    point = scene.value(term.point, env)
    if isinstance(point, Layered):
        raise Unsupported("a limit here")
    sides = {"+": (1,), "-": (-1,)}.get(term.side, (1, -1))
    values = [_OneSided(scene, term, env, side, point).limit() for side in sides]
    if not all(values[0].overlaps(v) for v in values):
        raise Undefined("a limit that is not the same from both sides")
    return values[0].union(values[-1])


class _OneSided:
    """The limit as the variable tends to infinity (`point` None) or to a point from one side."""

    def __init__(self, scene: Scene, term: Limit, env: Env, side: int, point: Any) -> None:
        self.scene, self.env, self.point, self.side = scene, env, point, side
        self.variable = Entry(term.variable)
        self.body = term.body
        self.constant = constant_of(scene, env)

    def occurs(self, term: Term) -> bool:
        return any(self.variable.symbol in self.scene.evaluator.reach(s) for s in term.symbols)

    def limit(self) -> arb:
        value = self._of(self.body)
        if not value.is_finite():
            raise Unsupported("a limit")
        return value

    # -- series

    def _expansion(self) -> Expansion:
        at = (0, [self.point, self.side]) if self.point is not None else (-self._root(), [self.side])
        series = made(at[0], [*at[1], *[0] * (2 * ORDERS)])

        def value(term: Term, env: Env) -> Any:
            found = self.scene.value(term, env)
            if isinstance(found, Layered):
                raise NoSeries
            return found

        return Expansion(lambda t: t is self.variable, self.occurs, series, value, self.scene.span)

    def _root(self) -> int:
        """The variable is this power of 1/w: where roots of it occur, a higher one."""
        halves = any(isinstance(t, Power) and isinstance(t.exponent, Number) and t.exponent.value.denominator == 2
                     for t in walk(self.body))
        return 2 if halves else 1

    def _by_series(self, term: Term) -> arb | None:
        try:
            found: Laurent = self._expansion()(term, self.env)
            return arb(found.limit())
        except (NoSeries, Undetermined):
            return None

    # -- decay

    def _growth(self, term: Term) -> tuple[Growth, Term]:
        """The term in a variable that tends to infinity, or to 0 from above."""
        parts: list[Term] = []
        if self.point is not None and not is_zero(self.point):
            raise Unbounded
        if self.side < 0:
            parts = [mul(MINUS_ONE, self.variable)]
        place = parts[0] if parts else None
        moved = term if place is None else replace_entries(term, lambda e: place if e is self.variable else None)
        small = self.point is not None
        return Growth(self.variable, _START[small], self.constant, self.occurs, small), moved

    def _decays(self, term: Term) -> bool:
        try:
            growth, moved = self._growth(term)
            return vanishes(growth.above(moved), growth.start)
        except (Unbounded, NoValue):
            return False

    def _to_infinity(self, term: Term) -> bool:
        """Whether a term is seen to grow without bound, above 0."""
        try:
            growth, moved = self._growth(term)
            return growth.nonnegative(moved) and vanishes([growth.below(moved).raised(Fraction(-1))], growth.start)
        except (Unbounded, NoValue):
            return False

    # -- all together

    def _of(self, term: Term) -> arb:
        if not self.occurs(term):
            return self.constant(term)
        found = self._by_series(term)
        if found is not None:
            return found
        if self._decays(term):
            return arb(0)
        match term:
            case Add(args):
                return sum((self._of(a) for a in args), arb(0))
            case Mul(args):
                out = arb(1)
                for a in args:
                    out = out * self._of(a)
                return out
            case Power(Constant("e"), exponent):
                return self._of(exponent).exp()
            case Power(base, Number(n)):
                value = self._of(base)
                return value ** int(n) if n.denominator == 1 else value ** (arb(n.numerator) / n.denominator)
            case Power(base, exponent) if self.occurs(base):
                return self._of(mul(exponent, Function("log", (base,)))).exp()
            case Function(name, (inner,)) if name in _SATURATING and self._to_infinity(inner):
                return _SATURATING[name]()
            case Function(name, (inner,)) if name in _SATURATING and self._to_infinity(mul(MINUS_ONE, inner)):
                return -_SATURATING[name]()
            case Function(name, args) if name in _CONTINUOUS:
                values = [self._of(a) for a in args]
                if name in ("max2", "min2"):
                    return values[0].max(values[1]) if name == "max2" else values[0].min(values[1])
                return arb(self.scene.numbers.function(name, values[0]))
            case Reduce("sum", index, lower, upper, body, None) if upper is self.variable and self._is_series(term):
                return infinite_sum(self.scene, Reduce("sum", index, lower, INFINITY, body), self.env)
        raise Unsupported("a limit")

    def _is_series(self, term: Reduce) -> bool:
        return self.point is None and self.side > 0 and not self.occurs(term.body) and not self.occurs(term.lower)
