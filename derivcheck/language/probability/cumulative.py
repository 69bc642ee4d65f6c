"""Distribution functions of the named laws of one number, as terms: P(X <= x) and, of laws on whole numbers, P(X = k).

Beside the numbers where a law lives its distribution function is 0 or 1. Homework often leaves that out
(`P(X \\le x) = 1 - e^{-\\lambda x}` without x > 0): in the reading `inside` it is undefined there, so that a formula is
judged only where it is meant."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivcheck.record import dataclass
from derivcheck.terms import laws
from derivcheck.terms.build import HALF, MINUS_ONE, ONE, TWO, ZERO, add, div, mul, neg, number, power, sub
from derivcheck.terms.model import Law
from derivcheck.terms.node import Cases, Compare, Function, Index, Logic, Number, Power, Reduce, Term, Var, fresh

AtMost = Callable[[Term, bool], Term]
"""P(X <= x) as a function of x; with the reading `inside`."""


@dataclass(frozen=True, slots=True)
class Mass:
    """A law on whole numbers: P(X = k) for lower <= k <= upper (None: without end)."""

    at: Callable[[Term], Term]
    upper: Term | None = None


def standard_normal(z: Term) -> Term:
    """\\Phi(z)."""
    return mul(HALF, add(ONE, Function("erf", (div(z, power(TWO, HALF)),))))


def normal(mean: Term, variance: Term) -> AtMost:
    return lambda x, inside: standard_normal(div(sub(x, mean), root(variance)))


def root(variance: Term) -> Term:
    """The standard deviation: s of s^2, which is not negative by custom."""
    squared = isinstance(variance, Power) and variance.exponent == TWO
    return variance.base if squared and isinstance(variance, Power) else power(variance, HALF)


def _within(x: Term, low: Term | None, high: Term | None, value: Term, inside: bool) -> Term:
    """A distribution function that is 0 below `low` and 1 above `high`."""
    limits = [Compare(">=", x, low)] if low is not None else []
    limits += [Compare("<=", x, high)] if high is not None else []
    branches = ((limits[0] if len(limits) == 1 else Logic("and", tuple(limits)), value),)
    if inside:
        return Cases(branches)
    if high is None:
        return Cases(branches, ZERO)
    return Cases((*branches, (Compare(">", x, high), ONE)), ZERO)


def _exponential(rate: Term) -> AtMost:
    return lambda x, inside: _within(x, ZERO, None, sub(ONE, Function("exp", (neg(mul(rate, x)),))), inside)


def _uniform(low: Term, high: Term) -> AtMost:
    return lambda x, inside: _within(x, low, high, div(sub(x, low), sub(high, low)), inside)


def _laplace(mean: Term, b: Term) -> AtMost:
    def at_most(x: Term, inside: bool) -> Term:
        tail = mul(HALF, Function("exp", (neg(div(Function("abs", (sub(x, mean),)), b)),)))
        return Cases(((Compare("<", x, mean), tail),), sub(ONE, tail))

    return at_most


def at_most(law: Law) -> AtMost | None:
    """The distribution function of a law with a density; None of any other."""
    if law.kind == "normal" and law.mean is not None and law.covariance is not None and not law.mean.axes:
        return normal(law.mean.body, law.covariance.body)
    if law.kind == "uniform" and law.low is not None and law.high is not None:
        return _uniform(law.low, law.high)
    known = {"exponential": _exponential, "Laplace": _laplace}.get(law.family)
    return None if known is None else known(*law.parameters)


def mass(law: Law) -> Mass | None:
    """The probabilities of a law on 0, 1, 2, ...; None of any other."""
    if law.family == "Poisson":
        (rate,) = law.parameters
        return Mass(lambda k: laws.poisson(rate, k))
    if law.family == "binomial":
        n, p = law.parameters
        return Mass(lambda k: laws.binomial(n, p, k), n)
    return None


def counted(law: Mass, relation: str, k: Term, inside: bool) -> Term:
    """P(X relation k) for a whole number k; below 0 (and above the greatest value) there is no mass."""
    if relation == "=":
        limits = [Compare(">=", k, ZERO)] + ([Compare("<=", k, law.upper)] if law.upper is not None else [])
        whole = limits[0] if len(limits) == 1 else Logic("and", tuple(limits))
        return law.at(k) if plain_count(k) else Cases(((whole, law.at(k)),), None if inside else ZERO)
    if relation == "!=":
        return sub(ONE, counted(law, "=", k, inside))
    if relation in (">", ">="):
        return sub(ONE, counted(law, {">": "<=", ">=": "<"}[relation], k, inside))
    last = add(k, MINUS_ONE) if relation == "<" else k
    index = fresh("j")
    if isinstance(last, Number) and last.value.denominator == 1 and 0 <= last.value <= 8:
        return add(*(law.at(number(j)) for j in range(int(last.value) + 1)))
    return Reduce("sum", Index(index.name), ZERO, last, law.at(Var(Index(index.name))))


def plain_count(k: Term) -> bool:
    """A written number 0, 1, 2."""
    return isinstance(k, Number) and k.value.denominator == 1 and k.value >= Fraction(0)
