"""Probabilities and densities of named laws, as terms."""

from __future__ import annotations

from derivcheck.terms.build import MINUS_ONE, ONE, div, mul, neg, power, sub
from derivcheck.terms.functions import factorial
from derivcheck.terms.node import Function, Term


def choose(n: Term, k: Term) -> Term:
    return mul(factorial(n), power(factorial(k), MINUS_ONE), power(factorial(sub(n, k)), MINUS_ONE))


def poisson(rate: Term, k: Term) -> Term:
    return div(mul(Function("exp", (neg(rate),)), power(rate, k)), factorial(k))


def binomial(n: Term, p: Term, k: Term) -> Term:
    return mul(choose(n, k), power(p, k), power(sub(ONE, p), sub(n, k)))


def exponential(rate: Term, x: Term) -> Term:
    """The density, for x >= 0."""
    return mul(rate, Function("exp", (neg(mul(rate, x)),)))
