"""Infinite sums and limits of the second evaluator: sums that fall off like a geometric one, limits by a parabola
through three values near the point, from each side asked for. What does not settle has no rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mpmath import mp, mpf

from derivcheck.terms.node import Constant, Limit, Mul, Number, Reduce, Term

if TYPE_CHECKING:
    from derivcheck.worlds.second import Env, Second

_TERMS = 1_500
_NEAR = (14, 15, 16)  # digits between the point and where the values are taken
_SETTLED = mpf(10) ** -18


class NotSettled(Exception):
    """The sum or the limit was not seen to settle."""


def is_infinite(term: Term) -> int:
    """1 or -1 where a term is infinity or its negative, else 0."""
    if isinstance(term, Constant) and term.name == "infinity":
        return 1
    if isinstance(term, Mul) and any(is_infinite(a) for a in term.args):
        signs = [a.value for a in term.args if isinstance(a, Number)]
        return -1 if signs and signs[0] < 0 else 1
    return 0


def series(s: Second, t: Reduce, env: Env) -> Any:
    """The sum up from a first index, until many terms in a row are too small to matter."""
    total, small = mpf(0), 0
    bound = mpf(10) ** -(mp.dps + 5)
    first = s.whole(t.lower, env)
    for i in range(first, first + _TERMS):
        inner = {**env, t.index: i}
        if t.where is not None and not s.condition(t.where, inner):
            continue
        term = s.value(t.body, inner)
        total += term
        small = small + 1 if abs(term) <= bound * (1 + abs(total)) else 0
        if small == 20:
            return total
    raise NotSettled("an infinite sum that falls off slowly")


def limit(s: Second, t: Limit, env: Env) -> Any:
    """Where the parabola and the line through the nearest values agree, and both sides if none is named."""
    end = is_infinite(t.point)
    sides = (1, -1) if not end and not t.side else (-1 if t.side == "-" else 1,)
    with mp.workdps(3 * mp.dps):
        point = mpf(0) if end else s.value(t.point, env)
        found = []
        for sign in sides:
            steps = [mpf(10) ** -digits for digits in _NEAR]
            values = []
            for h in steps:
                at = end / h if end else point + sign * h
                values.append(s.with_moved({(t.variable, ()): at}).value(t.body, env))
            found += [_at_zero(steps, values), _at_zero(steps[1:], values[1:])]
    if max(found) - min(found) > _SETTLED * (1 + abs(found[0])):
        raise NotSettled("a limit that does not settle")
    return found[0]


def _at_zero(steps: Sequence[Any], values: Sequence[Any]) -> Any:
    """The polynomial through the values, at 0 (Lagrange)."""
    total = mpf(0)
    for i, (h, value) in enumerate(zip(steps, values, strict=True)):
        for j, other in enumerate(steps):
            value = value * other / (other - h) if i != j else value
        total += value
    return total
