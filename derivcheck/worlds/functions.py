"""The functions of a scalar as numbers: for each name its exact values, its enclosure by a ball, its float,
and its derivative as a computation. Written independently of the symbolic table in terms/functions.py, so that
each checks the other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from derivcheck.record import dataclass
from derivcheck.worlds.errors import LogOfZero, Undefined, Undetermined, Unsupported

Number = Any


def _never(x: Number) -> Number | None:
    return None


@dataclass(frozen=True, slots=True)
class Row:
    """`exact`: the value at a rational where it is rational, else None (may raise Undefined). `ball`, `real`:
    by balls and by floats. `slope(call, x)`: the derivative at x, where `call(name, number)` applies a function
    in the arithmetic at hand; None: a derivative of 0 away from jumps. `kinks`: where it is not differentiable."""

    ball: Callable[[arb], arb]
    real: Callable[[float], float]
    slope: Callable[[Callable[[str, Number], Number], Number], Number] | None
    exact: Callable[[Number], Number | None] = _never
    kinks: Callable[[Callable[[Number], int], Number], bool] | None = None


def row(name: str) -> Row:
    found = TABLE.get(name)
    if found is None:
        raise Unsupported(f"the function {name}")
    return found


def _at(point: int, value: int) -> Callable[[Number], Number | None]:
    return lambda x: value if x == point else None


def _log_exact(x: Number) -> Number | None:
    if x == 0:
        raise LogOfZero("log 0")
    if x < 0:
        raise Undefined("the logarithm of a negative number")
    return 0 if x == 1 else None


def _log_ball(x: arb) -> arb:
    if x < 0:
        raise Undefined("the logarithm of a negative number")
    if x.contains(0):
        raise Undetermined("the logarithm of a number that may be zero")
    return x.log()


def _whole(x: Number) -> int | None:
    if isinstance(x, int):
        return x
    return int(x.p) if x.q == 1 else None


def _gamma_exact(x: Number) -> Number | None:
    n = _whole(x)
    if n is None or n > 200:
        return None
    if n <= 0:
        raise Undefined("the gamma function at a pole")
    return math.factorial(n - 1)


def _lgamma_exact(x: Number) -> Number | None:
    if x <= 0:
        raise Undefined("the logarithm of the gamma function at a number that is not positive")
    return 0 if x in (1, 2) else None


def _factorial_exact(x: Number) -> Number | None:
    n = _whole(x)
    if n is not None and n < 0:
        raise Undefined("the factorial of a negative number")
    return math.factorial(n) if n is not None and n <= 500 else None


def _step_ball(x: arb) -> arb:
    if x > 0:
        return arb(1)
    if x < 0:
        return arb(0)
    raise Undetermined("a step at a number that may be zero")


def _sign_ball(x: arb) -> arb:
    if x > 0:
        return arb(1)
    if x < 0:
        return arb(-1)
    raise Undetermined("a sign of a number that may be zero")


def _floor_ball(x: arb) -> arb:
    unique = x.floor().unique_fmpz()
    if unique is None:
        raise Undetermined("a floor at a number that may be whole")
    return arb(unique)


def _relu_ball(x: arb) -> arb:
    if x > 0:
        return x
    return arb(0) if x < 0 else x.max(arb(0))


def _inside(x: Number, low: int, high: int, name: str) -> None:
    if x < low or x > high:
        raise Undefined(f"{name} outside its domain")


def _arc_exact(name: str, at: int) -> Callable[[Number], Number | None]:
    def exact(x: Number) -> Number | None:
        _inside(x, -1, 1, name)
        return 0 if x == at else None

    return exact


def _zero_kink(sign: Callable[[Number], int], x: Number) -> bool:
    return sign(x) == 0


def _sigmoid_real(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _floor(x: Number) -> int:
    return x if isinstance(x, int) else int(x.p // x.q)


def _ceil(x: Number) -> int:
    return -_floor(-x)


def _sign(x: Number) -> int:
    return int(x > 0) - int(x < 0)


_SQRT_PI_2 = 2 / math.sqrt(math.pi)

TABLE: dict[str, Row] = {
    "exp": Row(lambda x: x.exp(), math.exp, lambda f, x: f("exp", x), _at(0, 1)),
    "log": Row(_log_ball, math.log, lambda f, x: f("reciprocal", x), _log_exact),
    "reciprocal": Row(
        lambda x: 1 / x, lambda x: 1 / x, lambda f, x: -f("reciprocal", x) * f("reciprocal", x),
        lambda x: fmpq(1) / x if x != 0 else _undefined("a division by zero"),
    ),
    "sqrt": Row(
        lambda x: x.sqrt(), math.sqrt, lambda f, x: f("reciprocal", 2 * f("sqrt", x)), lambda x: _sqrt_exact(x)
    ),
    "sin": Row(lambda x: x.sin(), math.sin, lambda f, x: f("cos", x), _at(0, 0)),
    "cos": Row(lambda x: x.cos(), math.cos, lambda f, x: -f("sin", x), _at(0, 1)),
    "tan": Row(lambda x: x.tan(), math.tan, lambda f, x: 1 + f("tan", x) * f("tan", x), _at(0, 0)),
    "cot": Row(lambda x: x.cot(), lambda x: 1 / math.tan(x), lambda f, x: -1 - f("cot", x) * f("cot", x)),
    "sec": Row(lambda x: x.sec(), lambda x: 1 / math.cos(x), lambda f, x: f("sec", x) * f("tan", x), _at(0, 1)),
    "csc": Row(lambda x: x.csc(), lambda x: 1 / math.sin(x), lambda f, x: -f("csc", x) * f("cot", x)),
    "sinh": Row(lambda x: x.sinh(), math.sinh, lambda f, x: f("cosh", x), _at(0, 0)),
    "cosh": Row(lambda x: x.cosh(), math.cosh, lambda f, x: f("sinh", x), _at(0, 1)),
    "tanh": Row(lambda x: x.tanh(), math.tanh, lambda f, x: 1 - f("tanh", x) * f("tanh", x), _at(0, 0)),
    "coth": Row(lambda x: x.coth(), lambda x: 1 / math.tanh(x), lambda f, x: 1 - f("coth", x) * f("coth", x)),
    "asin": Row(
        lambda x: x.asin(), math.asin, lambda f, x: f("reciprocal", f("sqrt", 1 - x * x)), _arc_exact("arcsin", 0)
    ),
    "acos": Row(
        lambda x: x.acos(), math.acos, lambda f, x: -f("reciprocal", f("sqrt", 1 - x * x)), _arc_exact("arccos", 1)
    ),
    "atan": Row(lambda x: x.atan(), math.atan, lambda f, x: f("reciprocal", 1 + x * x), _at(0, 0)),
    "asinh": Row(
        lambda x: x.asinh(), math.asinh, lambda f, x: f("reciprocal", f("sqrt", 1 + x * x)), _at(0, 0)
    ),
    "acosh": Row(lambda x: x.acosh(), math.acosh, lambda f, x: f("reciprocal", f("sqrt", x * x - 1)), _at(1, 0)),
    "atanh": Row(lambda x: x.atanh(), math.atanh, lambda f, x: f("reciprocal", 1 - x * x), _at(0, 0)),
    "sigmoid": Row(
        lambda x: 1 / (1 + (-x).exp()), _sigmoid_real, lambda f, x: f("sigmoid", x) * (1 - f("sigmoid", x)),
        lambda x: fmpq(1, 2) if x == 0 else None,
    ),
    "softplus": Row(
        lambda x: x.exp().log1p(), lambda x: max(x, 0) + math.log1p(math.exp(-abs(x))), lambda f, x: f("sigmoid", x)
    ),
    "erf": Row(
        lambda x: x.erf(), math.erf, lambda f, x: f("two_over_sqrt_pi", 0 * x) * f("exp", -x * x), _at(0, 0)
    ),
    "two_over_sqrt_pi": Row(lambda x: 2 / arb.const_sqrt_pi(), lambda x: _SQRT_PI_2, None),
    "gamma": Row(lambda x: x.gamma(), math.gamma, lambda f, x: f("gamma", x) * f("digamma", x), _gamma_exact),
    "lgamma": Row(lambda x: x.lgamma(), math.lgamma, lambda f, x: f("digamma", x), _lgamma_exact),
    "digamma": Row(lambda x: x.digamma(), lambda x: float(arb(x).digamma()), None),
    "factorial": Row(lambda x: (x + 1).gamma(), lambda x: math.gamma(x + 1), None, _factorial_exact),
    "abs": Row(abs, abs, lambda f, x: f("sign", x), abs, _zero_kink),
    "sign": Row(_sign_ball, lambda x: float((x > 0) - (x < 0)), None, _sign, _zero_kink),
    "step": Row(_step_ball, lambda x: float(x > 0), None, lambda x: int(x > 0), _zero_kink),
    "relu": Row(
        _relu_ball, lambda x: max(x, 0.0), lambda f, x: f("step", x), lambda x: x if x > 0 else 0, _zero_kink
    ),
    "floor": Row(_floor_ball, lambda x: float(math.floor(x)), None, _floor),
    "ceil": Row(lambda x: -_floor_ball(-x), lambda x: float(math.ceil(x)), None, _ceil),
}


def _undefined(where: str) -> Number:
    raise Undefined(where)


def _sqrt_exact(x: Number) -> Number | None:
    if x < 0:
        raise Undefined("a root of a negative number")
    if x == 0:
        return 0
    root = (fmpq(x) if isinstance(x, int) else x)
    top, bottom = root.p.isqrt(), root.q.isqrt()
    return fmpq(top, bottom) if top * top == root.p and bottom * bottom == root.q else None
