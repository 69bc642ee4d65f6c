"""Traced numbers as an arithmetic of the evaluator (worlds/arithmetic.py), and what both exact and traced numbers can
do (`Exact`, `Traces`): the samplers and the matrix operations are written over these, so that the values of a point
found in floats can be made again exactly."""

from __future__ import annotations

import math
from contextlib import nullcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq

from derivcheck.bulk.program import Builder, Traced
from derivcheck.worlds.arithmetic import Balls, is_exact, tidy
from derivcheck.worlds.errors import Undefined, Unsupported
from derivcheck.worlds.functions import row
from derivcheck.worlds.layers import Dual, Layered, Numbers, dual, split

if TYPE_CHECKING:
    from derivcheck.bulk.outside import Outside

Number = Any
_SAME = ("exp", "log", "sqrt", "tanh", "sin", "cos", "sinh", "cosh", "atan", "asin", "acos", "atanh", "asinh", "acosh",
         "abs", "sign", "floor", "erf", "lgamma", "digamma")  # fmt: skip


class Exact:
    """The operations of the samplers in exact numbers."""

    def divide(self, x: Number, y: Number) -> Number:
        return Balls().divide(x, y)

    def less(self, x: Number, y: Number) -> Number:
        return int(x < y)

    def choose(self, condition: Number, yes: Number, no: Number) -> Number:
        return yes if condition else no

    def absolute(self, x: Number) -> Number:
        return abs(x)

    def root(self, x: Number) -> Number:
        return tidy(near_root(x))


def near_root(x: Number) -> fmpq:
    """A rational near the square root: what is drawn needs a root only as a scale."""
    value = Fraction(math.sqrt(int(fmpq(x).p) / int(fmpq(x).q))).limit_denominator(64)
    return fmpq(value.numerator, value.denominator)


class Traces:
    """The arithmetic of traced numbers: exact as long as nothing traced is met; everything else is written down.
    `outside`: who solves large matrices, where that is not left to the program (outside.py)."""

    name = "traces"

    def __init__(self, builder: Builder, outside: Outside | None = None) -> None:
        self.builder = builder
        self.outside = outside

    def active(self) -> Any:
        return nullcontext()

    def number(self, value: Fraction) -> Number:
        return value.numerator if value.denominator == 1 else fmpq(value.numerator, value.denominator)

    def constant(self, name: str) -> Number:
        if name not in ("pi", "e"):
            raise Unsupported(f"the constant {name} as a number")
        return self.builder.constant(getattr(math, name))

    def whole(self, x: Number) -> int:
        x = tidy(x)
        if isinstance(x, int):
            return x
        raise Unsupported("an index that the program computes")

    def is_zero(self, x: Number) -> bool:
        return bool(is_exact(x) and x == 0)

    def sign(self, x: Number) -> int:
        """Of a traced number 1: it is taken for one that is not zero, as it is almost everywhere."""
        return (x > 0) - (x < 0) if is_exact(x) else 1

    def sign_of_base(self, base: Number) -> int:
        if is_exact(base) and base < 0:
            raise Undefined("a root of a negative number")
        return self.sign(base)

    def divide(self, x: Number, y: Number) -> Number:
        if is_exact(y):
            if y == 0:
                raise Undefined("a division by zero")
            return tidy(fmpq(x) / y) if is_exact(x) else x * (1 / fmpq(y))
        return 0 if is_exact(x) and x == 0 else self.builder.op("div", x, y)

    def whole_power(self, base: Number, n: int) -> Number:
        if is_exact(base):
            return Balls().whole_power(base, n)
        if n < 0:
            return self.divide(1, self.whole_power(base, -n))
        if n > 64:
            raise Unsupported("a high power")
        result: Number = 1
        while n:
            if n & 1:
                result = base * result
            n >>= 1
            base = base * base if n else base
        return result

    def root_power(self, base: Number, exponent: fmpq) -> Number:
        if is_exact(base):
            if self.sign_of_base(base) == 0:
                return Balls().root_power(base, exponent)
            return self.builder.constant(float(arb(base) ** arb(exponent)))
        p, q = int(exponent.p), int(exponent.q)
        if q == 2:
            return self.whole_power(self.builder.op("sqrt", base), p)
        return self.builder.op("pow", base, exponent)

    def real_power(self, base: Number, exponent: Number) -> Number:
        return self.builder.op("pow", base, exponent)

    def function(self, name: str, x: Number) -> Number:
        entry = row(name)
        if is_exact(x):
            exact = entry.exact(x)
            if exact is not None:
                return exact
            return self.builder.constant(entry.real(float(int(fmpq(x).p) / int(fmpq(x).q))))
        if name in _SAME:
            return self.builder.op(name, x)
        made = _MADE.get(name)
        if made is None:
            raise Unsupported(f"the function {name} in bulk")
        return made(self, x)

    def to_float(self, x: Number) -> Number:
        return x

    # -- as the samplers see it

    def less(self, x: Number, y: Number) -> Number:
        if is_exact(x) and is_exact(y):
            return int(x < y)
        return self.builder.op("less", x, y)

    def choose(self, condition: Number, yes: Number, no: Number) -> Number:
        """`yes` where the condition (a traced one, or a number) is not 0, else `no`."""
        if is_exact(condition):
            return yes if condition else no
        if isinstance(yes, Layered) or isinstance(no, Layered):
            return self._choose_layered(condition, yes, no)
        kept = 0 if is_exact(yes) and yes == 0 else self.builder.op("keep", condition, yes)
        dropped = 0 if is_exact(no) and no == 0 else self.builder.op("drop", condition, no)
        return kept + dropped

    def _choose_layered(self, condition: Number, yes: Number, no: Number) -> Number:
        level = max(x.level for x in (yes, no) if isinstance(x, Layered))
        if any(isinstance(x, Layered) and x.level == level and not isinstance(x, Dual) for x in (yes, no)):
            raise Unsupported("a choice between random quantities")
        (a, da), (b, db) = split(yes, level), split(no, level)
        return dual(level, self.choose(condition, a, b), self.choose(condition, da, db))

    def absolute(self, x: Number) -> Number:
        return abs(x)

    def root(self, x: Number) -> Number:
        return self.root_power(x, fmpq(1, 2))


_MADE: dict[str, Any] = {
    "reciprocal": lambda t, x: t.divide(1, x),
    "sigmoid": lambda t, x: t.divide(1, 1 + t.function("exp", -x)),
    "softplus": lambda t, x: t.builder.op("max", x, 0) + t.function("log", 1 + t.function("exp", -abs(x))),
    "tan": lambda t, x: t.divide(t.function("sin", x), t.function("cos", x)),
    "cot": lambda t, x: t.divide(t.function("cos", x), t.function("sin", x)),
    "sec": lambda t, x: t.divide(1, t.function("cos", x)),
    "csc": lambda t, x: t.divide(1, t.function("sin", x)),
    "coth": lambda t, x: t.divide(1, t.function("tanh", x)),
    "two_over_sqrt_pi": lambda t, x: t.builder.constant(2 / math.sqrt(math.pi)),
    "gamma": lambda t, x: t.function("exp", t.function("lgamma", x)),  # of positive numbers; else not judged
    "factorial": lambda t, x: t.function("gamma", x + 1),
    "step": lambda t, x: t.less(0, x),
    "relu": lambda t, x: t.builder.op("max", x, 0),
    "ceil": lambda t, x: -t.function("floor", -x),
}


class TracedNumbers(Numbers):
    """The arithmetic with layered numbers. A sign that the program computes decides nothing while it is traced."""

    def __init__(self, base: Traces) -> None:
        super().__init__(base)  # type: ignore[arg-type]
        self.traces = base

    def sign(self, x: Number) -> int:
        plain = x
        while isinstance(plain, Dual):
            plain = plain.primal
        if isinstance(plain, Traced):
            raise Unsupported("a comparison that the program computes, where an evaluation needs it")
        return super().sign(x)

    def function(self, name: str, x: Number) -> Number:
        if isinstance(x, Dual) and row(name).kinks is not None:
            value, slope = self.function(name, x.primal), row(name).slope
            return value if slope is None else dual(x.level, value, slope(self.function, x.primal) * x.tangent)
        return super().function(name, x)
