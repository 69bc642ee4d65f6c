"""The table of functions of numbers: one row for each name that a `Function` node may carry.

`derivative` gives the partial derivatives by each argument as terms. Where a function has no derivative (a kink, a
jump), the term is undefined there: a `Cases` without `otherwise`, so that no value is invented.
Sigmoid, softplus and ReLU are not rows: they are built from `exp`, `log` and `max2` (see below).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivcheck.record import dataclass
from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, add, div, mul, neg, number, power, sub
from derivcheck.terms.node import Cases, Compare, Constant, Function, Logic, Term

Partials = Callable[..., tuple[Term, ...]]
TWO = number(2)
MINUS_HALF = number(Fraction(-1, 2))


@dataclass(frozen=True, slots=True)
class Row:
    """One function: `domain` says in words where it is defined, `latex` how its name is written; `derivative`
    is None where the derivative is not in the table."""

    name: str
    arity: int
    derivative: Partials | None
    domain: str
    latex: str
    integer: bool = False


def call(name: str, *args: Term) -> Term:
    return Function(name, args)


def square(x: Term) -> Term:
    return power(x, TWO)


def guarded(condition: Term, value: Term) -> Term:
    """`value` where the condition holds; undefined elsewhere."""
    return Cases(((condition, value),))


def _off_zero(x: Term, value: Term) -> Term:
    return guarded(Compare("!=", x, ZERO), value)


def _no_jump(x: Term) -> tuple[Term, ...]:
    """Zero between the integers, undefined at them."""
    return (guarded(Compare("!=", x, call("floor", x)), ZERO),)


def _greater(a: Term, b: Term, relation: str) -> tuple[Term, Term]:
    """The derivatives of max (relation '>') or min ('<') by both arguments; undefined at a tie."""
    differ = Compare("!=", a, b)
    first = Cases(((Compare(relation, a, b), ONE),), ZERO)
    second = Cases(((Compare(relation, b, a), ONE),), ZERO)
    return guarded(differ, first), guarded(differ, second)


_ROWS = (
    Row("exp", 1, lambda x: (call("exp", x),), "every number", "\\exp"),
    Row("log", 1, lambda x: (power(x, MINUS_ONE),), "x > 0", "\\log"),
    Row("tanh", 1, lambda x: (sub(ONE, square(call("tanh", x))),), "every number", "\\tanh"),
    Row("sinh", 1, lambda x: (call("cosh", x),), "every number", "\\sinh"),
    Row("cosh", 1, lambda x: (call("sinh", x),), "every number", "\\cosh"),
    Row("sin", 1, lambda x: (call("cos", x),), "every number", "\\sin"),
    Row("cos", 1, lambda x: (neg(call("sin", x)),), "every number", "\\cos"),
    Row("tan", 1, lambda x: (add(ONE, square(call("tan", x))),), "cos x != 0", "\\tan"),
    Row("atan", 1, lambda x: (div(ONE, add(ONE, square(x))),), "every number", "\\arctan"),
    Row("asin", 1, lambda x: (power(sub(ONE, square(x)), MINUS_HALF),), "-1 <= x <= 1", "\\arcsin"),
    Row("acos", 1, lambda x: (neg(power(sub(ONE, square(x)), MINUS_HALF)),), "-1 <= x <= 1", "\\arccos"),
    Row("atanh", 1, lambda x: (div(ONE, sub(ONE, square(x))),), "-1 < x < 1", "\\operatorname{artanh}"),
    Row("abs", 1, lambda x: (_off_zero(x, call("sign", x)),), "every number", "\\operatorname{abs}"),
    Row("sign", 1, lambda x: (_off_zero(x, ZERO),), "every number; 0 at 0", "\\operatorname{sign}"),
    Row("erf", 1, lambda x: (mul(TWO, power(Constant("pi"), MINUS_HALF), call("exp", neg(square(x)))),),
        "every number", "\\operatorname{erf}"),
    Row("gamma", 1, lambda x: (mul(call("gamma", x), call("digamma", x)),), "not 0, -1, -2, ...", "\\Gamma"),
    Row("lgamma", 1, lambda x: (call("digamma", x),), "x > 0", "\\log\\Gamma"),
    Row("digamma", 1, None, "not 0, -1, -2, ...", "\\psi"),
    Row("floor", 1, _no_jump, "every number", "\\lfloor\\cdot\\rfloor", integer=True),
    Row("ceil", 1, _no_jump, "every number", "\\lceil\\cdot\\rceil", integer=True),
    Row("div", 2, lambda a, b: (ZERO, ZERO), "integers, b > 0: the quotient rounded down", "\\operatorname{div}", True),
    Row("mod", 2, lambda a, b: (ZERO, ZERO), "integers, b > 0: the remainder in 0..b-1", "\\bmod", True),
    Row("max2", 2, lambda a, b: _greater(a, b, ">"), "every pair", "\\max"),
    Row("min2", 2, lambda a, b: _greater(a, b, "<"), "every pair", "\\min"),
)
TABLE: dict[str, Row] = {row.name: row for row in _ROWS}


def sigmoid(x: Term) -> Term:
    """The logistic function `1 / (1 + e^{-x})`."""
    return power(add(ONE, call("exp", neg(x))), MINUS_ONE)


def softplus(x: Term) -> Term:
    return call("log", add(ONE, call("exp", x)))


def relu(x: Term) -> Term:
    return call("max2", x, ZERO)


def step(x: Term) -> Term:
    """1 above 0, 0 below and at 0."""
    return Cases(((Compare(">", x, ZERO), ONE),), ZERO)


def factorial(n: Term) -> Term:
    return call("gamma", add(n, ONE))


def both(*conditions: Term) -> Term:
    return conditions[0] if len(conditions) == 1 else Logic("and", conditions)
