"""The operations of a register program: one row each, written once for NumPy and for JAX.

All take two numbers; those of one number ignore the second. A condition is 1.0 or 0.0. Nothing raises: a value that
does not exist is nan or infinite, and the point is then not judged."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from derivcheck.record import dataclass

Array = Any
Rule = Callable[["Maths", Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Maths:
    """An array module with the special functions that NumPy lacks."""

    xp: Any
    erf: Callable[[Array], Array]
    lgamma: Callable[[Array], Array]
    digamma: Callable[[Array], Array]


def numpy_maths() -> Maths:
    import numpy as np

    def each(function: Callable[[float], float]) -> Callable[[Array], Array]:
        def safe(x: float) -> float:
            try:
                return function(x)
            except (ValueError, OverflowError):
                return math.nan

        return np.vectorize(safe, otypes=[float])

    return Maths(np, each(math.erf), each(math.lgamma), each(_digamma))


def jax_maths() -> Maths:
    import jax.numpy as jnp
    from jax.scipy import special

    return Maths(jnp, special.erf, special.gammaln, special.digamma)


def _digamma(x: float) -> float:
    from flint import arb

    return float(arb(x).digamma())


def _gap(m: Maths, x: Array, y: Array) -> Array:
    """How far x is from y, relative to their size (at least 1)."""
    return m.xp.abs(x - y) / (1.0 + m.xp.abs(x) + m.xp.abs(y))


def _apart(m: Maths, x: Array, y: Array) -> Array:
    """How far x is from y relative to their own size, however small; nan where that may be rounding alone."""
    size = m.xp.abs(x) + m.xp.abs(y)
    apart = m.xp.abs(x - y) / m.xp.where(size > 0, size, 1.0)
    return m.xp.where((apart < 1e-6) | (size > 1e-9), apart, m.xp.nan)


def _excess(m: Maths, x: Array, y: Array) -> Array:
    """How far x is above y: the violation of x <= y, relative to their size."""
    return (x - y) / (1e-3 + m.xp.abs(x) + m.xp.abs(y))


def _ratio(m: Maths, x: Array, y: Array) -> Array:
    """x / y of a bound x <= y with positive sides."""
    good = (y > 1e-12) & (x >= 0)
    return m.xp.where(good, x / m.xp.where(good, y, 1.0), m.xp.nan)


def _worse(m: Maths, x: Array, y: Array) -> Array:
    """The greater of the two, passing over what is not finite."""
    xp = m.xp
    good_x, good_y = xp.isfinite(x), xp.isfinite(y)
    both = xp.where(x >= y, x, y)
    return xp.where(good_x & good_y, both, xp.where(good_x, x, y))


def _where(m: Maths, c: Array, x: Array) -> Array:
    return m.xp.where(c != 0, x, m.xp.nan)


def _close(m: Maths, x: Array, y: Array) -> Array:
    return (m.xp.abs(x - y) <= 1e-9 * (1.0 + m.xp.abs(x) + m.xp.abs(y))) * 1.0


def _pow(m: Maths, x: Array, y: Array) -> Array:
    """x^y of a positive x."""
    good = x > 0
    return m.xp.where(good, m.xp.exp(y * m.xp.log(m.xp.where(good, x, 1.0))), m.xp.nan)


def _sqrt(m: Maths, x: Array, y: Array) -> Array:
    return m.xp.where(x > 0, m.xp.sqrt(m.xp.where(x > 0, x, 1.0)), m.xp.where(x == 0, 0.0, m.xp.nan))


def _log(m: Maths, x: Array, y: Array) -> Array:
    return m.xp.where(x > 0, m.xp.log(m.xp.where(x > 0, x, 1.0)), m.xp.nan)


def _inner(low: float, high: float, function: Callable[[Maths, Array], Array]) -> Rule:
    """A function that exists between two numbers alone."""

    def rule(m: Maths, x: Array, y: Array) -> Array:
        good = (x > low) & (x < high)
        return m.xp.where(good, function(m, m.xp.where(good, x, (max(low, -2.0) + min(high, 2.0)) / 2)), m.xp.nan)

    return rule


TABLE: dict[str, Rule] = {
    "const": lambda m, x, y: y,  # the immediate number of the lane (machine.py puts it in place of y)
    "copy": lambda m, x, y: x,
    "add": lambda m, x, y: x + y,
    "sub": lambda m, x, y: x - y,
    "mul": lambda m, x, y: x * y,
    "div": lambda m, x, y: m.xp.where(y != 0, x / m.xp.where(y != 0, y, 1.0), m.xp.nan),
    "max": lambda m, x, y: m.xp.maximum(x, y),
    "min": lambda m, x, y: m.xp.minimum(x, y),
    "less": lambda m, x, y: (x < y) * 1.0,
    "at_most": lambda m, x, y: (x <= y) * 1.0,
    "close": _close,
    "keep": lambda m, c, x: m.xp.where(c != 0, x, 0.0),
    "drop": lambda m, c, x: m.xp.where(c != 0, 0.0, x),
    "where": _where,
    "pow": _pow,
    "gap": _gap,
    "apart": _apart,
    "excess": _excess,
    "ratio": _ratio,
    "worse": _worse,
    "exp": lambda m, x, y: m.xp.exp(x),
    "log": _log,
    "sqrt": _sqrt,
    "tanh": lambda m, x, y: m.xp.tanh(x),
    "sin": lambda m, x, y: m.xp.sin(x),
    "cos": lambda m, x, y: m.xp.cos(x),
    "sinh": lambda m, x, y: m.xp.sinh(x),
    "cosh": lambda m, x, y: m.xp.cosh(x),
    "atan": lambda m, x, y: m.xp.arctan(x),
    "asin": _inner(-1, 1, lambda m, x: m.xp.arcsin(x)),
    "acos": _inner(-1, 1, lambda m, x: m.xp.arccos(x)),
    "atanh": _inner(-1, 1, lambda m, x: m.xp.arctanh(x)),
    "asinh": lambda m, x, y: m.xp.arcsinh(x),
    "acosh": _inner(1, math.inf, lambda m, x: m.xp.arccosh(x)),
    "abs": lambda m, x, y: m.xp.abs(x),
    "sign": lambda m, x, y: m.xp.sign(x),
    "floor": lambda m, x, y: m.xp.floor(x),
    "erf": lambda m, x, y: m.erf(x),
    "lgamma": _inner(0, math.inf, lambda m, x: m.lgamma(x)),
    "digamma": _inner(0, math.inf, lambda m, x: m.digamma(x)),
}
NAMES = tuple(TABLE)
NUMBER = {name: k for k, name in enumerate(NAMES)}
COMMUTES = frozenset({"add", "mul", "max", "min", "close", "gap", "apart", "worse"})
UNARY = frozenset(NAMES[NAMES.index("exp") :]) | {"copy", "const"}
