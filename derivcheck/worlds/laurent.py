"""Terms as Laurent series in a small variable w, their coefficients exact or balls: what a term tends to as w falls
to 0.

The variable of a limit is `a + w`, `a - w`, `w^{-r}` or `-w^{-r}`. A coefficient of a lower order counts as 0 only
where it is exactly 0."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, arb_series, ctx, fmpq

from derivcheck.record import dataclass
from derivcheck.terms.node import Add, Constant, Function, Index, Mul, Number, Power, Reduce, Term
from derivcheck.worlds.arithmetic import Balls
from derivcheck.worlds.errors import Undetermined

ORDERS = 16
"""Coefficients that are kept."""
_SERIES = {"exp", "log", "sin", "cos", "tan", "atan", "asin", "acos", "erf", "gamma", "lgamma"}


Coefficient = Any
"""An int, a rational or a ball."""


def is_zero(c: Coefficient) -> bool:
    return c.is_zero() if isinstance(c, arb) else c == 0


def may_be_zero(c: Coefficient) -> bool:
    return c.contains(0) if isinstance(c, arb) else c == 0


class NoSeries(Exception):
    """The term has no such series, or none by these rules."""


@dataclass(frozen=True, slots=True)
class Laurent:
    """`sum of coefficients[k] w^(low + k)`, up to a rest of the order after the last; the first is not exactly 0."""

    low: int
    coefficients: tuple[Coefficient, ...]

    @property
    def end(self) -> int:
        return self.low + len(self.coefficients)

    def limit(self) -> Coefficient:
        """The value at w = 0."""
        if self.low > 0:
            return 0
        if self.low < 0 or not self.coefficients:
            if self.coefficients and may_be_zero(self.coefficients[0]):
                raise Undetermined("a coefficient that may be zero")
            raise NoSeries
        return self.coefficients[0]

    def leading(self) -> Coefficient:
        if not self.coefficients:
            raise NoSeries
        if may_be_zero(self.coefficients[0]):
            raise Undetermined("a coefficient that may be zero")
        return self.coefficients[0]


def made(low: int, coefficients: list[Coefficient]) -> Laurent:
    zeros = next((k for k, c in enumerate(coefficients) if not is_zero(c)), len(coefficients))
    return Laurent(low + zeros, tuple(coefficients[zeros : zeros + ORDERS]))


def constant(value: Coefficient) -> Laurent:
    return made(0, [value, *[0] * (2 * ORDERS)]) if not is_zero(value) else Laurent(3 * ORDERS, ())


def plus(x: Laurent, y: Laurent) -> Laurent:
    low, end = min(x.low, y.low), min(x.end, y.end)
    out: list[Coefficient] = [0] * max(0, end - low)
    for one in (x, y):
        for k, c in enumerate(one.coefficients):
            if one.low + k < end:
                out[one.low + k - low] += c
    return made(low, out)


def times(x: Laurent, y: Laurent) -> Laurent:
    count = min(len(x.coefficients), len(y.coefficients))
    out: list[Coefficient] = [0] * count
    for i, a in enumerate(x.coefficients[:count]):
        for j in range(count - i):
            out[i + j] += a * y.coefficients[j]
    return made(x.low + y.low, out)


def inverse(x: Laurent) -> Laurent:
    lead = x.leading()
    lead = lead if isinstance(lead, arb) else fmpq(lead)
    out: list[Coefficient] = [1 / lead]
    for n in range(1, len(x.coefficients)):
        out.append(-sum((x.coefficients[k] * out[n - k] for k in range(1, n + 1)), start=0) / lead)
    return made(-x.low, out)


def power(x: Laurent, n: Fraction) -> Laurent:
    if n.denominator == 1:
        base = inverse(x) if n < 0 else x
        whole = constant(1)
        for _ in range(abs(int(n))):
            whole = times(whole, base)
        return whole
    low = x.low * n
    if low.denominator != 1 or not x.leading() > 0:
        raise NoSeries
    e = fmpq(n.numerator, n.denominator)  # of c (1 + u): c^e (1 + u)^e by its recursion
    lead = x.leading()
    lead = lead if isinstance(lead, arb) else fmpq(lead)
    u = [c / lead for c in x.coefficients]
    out: list[Coefficient] = [fmpq(1)]
    for m in range(1, len(u)):
        out.append(sum(((e * k - (m - k)) * u[k] * out[m - k] for k in range(1, m + 1)), start=fmpq(0)) / m)
    return made(int(low), [Balls().root_power(lead, e) * c for c in out])


def applied(name: str, x: Laurent) -> Laurent:
    """A function that is analytic at the value of the series."""
    if name in ("sinh", "cosh", "tanh"):
        return _hyperbolic(name, x)
    if name in ("abs", "sign"):
        sign = 1 if x.leading() > 0 else -1
        return constant(sign) if name == "sign" else times(constant(sign), x)
    if name not in _SERIES or x.low < 0:
        raise NoSeries
    if name == "log" and (x.low > 0 or not x.coefficients or not x.coefficients[0] > 0):
        raise NoSeries
    end = min(x.end, ORDERS)
    padded = [arb(0)] * x.low + [arb(c) for c in x.coefficients]
    before = ctx.cap
    ctx.cap = end
    try:
        found = getattr(arb_series(padded[:end] or [arb(0)], end), name)()
        coefficients = [arb(found[k]) for k in range(end)]
    finally:
        ctx.cap = before
    if not all(c.is_finite() for c in coefficients):
        raise NoSeries
    return made(0, coefficients)


def _hyperbolic(name: str, x: Laurent) -> Laurent:
    up = applied("exp", x)
    down = applied("exp", times(constant(-1), x))
    odd, even = plus(up, times(constant(-1), down)), plus(up, down)
    half = constant(fmpq(1, 2))
    if name == "tanh":
        return times(odd, inverse(even))
    return times(half, odd if name == "sinh" else even)


Env = dict[Index, int]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Expands terms: `variable` is the series of the limit's variable, `value` and `span` evaluate what does not depend
    on it."""

    is_variable: Callable[[Term], bool]
    occurs: Callable[[Term], bool]
    variable: Laurent
    value: Callable[[Term, Env], Coefficient]
    span: Callable[[Term, Term, Env], range]

    def __call__(self, term: Term, env: Env) -> Laurent:
        if not self.occurs(term):
            return constant(self.value(term, env))
        if self.is_variable(term):
            return self.variable
        match term:
            case Add(args):
                out = self(args[0], env)
                for a in args[1:]:
                    out = plus(out, self(a, env))
                return out
            case Mul(args):
                out = self(args[0], env)
                for a in args[1:]:
                    out = times(out, self(a, env))
                return out
            case Power(Constant("e"), exponent):
                return applied("exp", self(exponent, env))
            case Power(base, Number(n)):
                return power(self(base, env), n)
            case Power(base, exponent):
                return applied("exp", times(self(exponent, env), applied("log", self(base, env))))
            case Function("max2" | "min2" as name, (first, second)):
                x, y = self(first, env), self(second, env)
                return x if (plus(x, times(constant(-1), y)).leading() > 0) == (name == "max2") else y
            case Function(name, (inner,)):
                return applied(name, self(inner, env))
            case Reduce("sum", index, lower, upper, body, None) if not (self.occurs(lower) or self.occurs(upper)):
                out = constant(0)
                for i in self.span(lower, upper, env):
                    out = plus(out, self(body, {**env, index: i}))
                return out
        raise NoSeries
