"""Equalities that SymPy decides in a killed child; what is false is never proved."""

from fractions import Fraction

import pytest

from derivcheck.deciding.budget import Work
from derivcheck.deciding.computer_algebra import rung
from derivcheck.terms.build import add, div, mul, neg, number, power, sub
from derivcheck.terms.functions import sigmoid
from derivcheck.terms.model import Claim, Declaration, Domain, Model
from derivcheck.terms.node import (
    Constant,
    Derivative,
    Entry,
    Function,
    Integral,
    Limit,
    Reduce,
    Var,
    fresh,
)
from derivcheck.terms.tensor import scalar

x, y, p, r, n, t = (Entry(name) for name in ("x", "y", "p", "r", "n", "t"))
ONE, TWO, ZERO = number(1), number(2), number(0)
GIVENS = Model(
    {
        "x": Declaration("x"),
        "y": Declaration("y"),
        "p": Declaration("p", domain=Domain(low=ZERO, low_strict=True)),
        "r": Declaration("r", domain=Domain(low=ZERO, high=ONE, low_strict=True, high_strict=True)),
        "n": Declaration("n", domain=Domain("integer", low=ONE)),
    }
)


def f(name, *args):
    return Function(name, args)


def verdict(left, right):
    return rung(Claim(scalar(left), "=", scalar(right)), GIVENS, Work())


def total(body_of, lower, upper, kind="sum"):
    k = fresh("k")
    return Reduce(kind, k, lower, upper, body_of(Var(k)))


def square(a):
    return power(a, TWO)


TRUE = {
    "tanh by sigmoid": (f("tanh", x), sub(mul(TWO, sigmoid(mul(TWO, x))), ONE)),
    "sigmoid mirrored": (sigmoid(neg(x)), sub(ONE, sigmoid(x))),
    "double angle": (f("sin", mul(TWO, x)), mul(TWO, f("sin", x), f("cos", x))),
    "cosh and sinh": (sub(square(f("cosh", x)), square(f("sinh", x))), ONE),
    "partial fractions": (sub(div(ONE, x), div(ONE, add(x, ONE))), div(ONE, mul(x, add(x, ONE)))),
    "logarithm of a square": (f("log", square(p)), mul(TWO, f("log", p))),
    "an arithmetic sum": (total(lambda k: k, ONE, n), div(mul(n, add(n, ONE)), TWO)),
    "a geometric series": (
        total(lambda k: power(number(Fraction(1, 2)), k), ZERO, Constant("infinity")), TWO),
    "a geometric series within its domain": (
        total(lambda k: power(r, k), ZERO, Constant("infinity")), div(ONE, sub(ONE, r))),
    "a limit": (Limit("t", Constant("infinity"), f("tanh", t), ""), ONE),
    "a Gaussian integral": (
        Integral("t", neg(Constant("infinity")), Constant("infinity"), f("exp", neg(square(t)))),
        power(Constant("pi"), number(Fraction(1, 2)))),
    "a derivative": (Derivative(f("log", add(ONE, f("exp", x))), x), sigmoid(x)),
}
FALSE = {
    "tanh by sigmoid, scale lost": (f("tanh", x), sub(mul(TWO, sigmoid(x)), ONE)),
    "square root of a square": (power(square(x), number(Fraction(1, 2))), x),
    "a geometric series beyond its domain": (
        total(lambda k: power(p, k), ZERO, Constant("infinity")), div(ONE, sub(ONE, p))),
    "sum, off by one": (total(lambda k: k, ONE, n), div(mul(n, sub(n, ONE)), TWO)),
    "sine of a sum": (f("sin", add(x, y)), add(f("sin", x), f("sin", y))),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_is_proved_with_its_method(name):
    found = verdict(*TRUE[name])
    assert found is not None and found.word == "proved"
    assert found.evidence["method"] == "computer algebra" and found.evidence["steps"]


@pytest.mark.parametrize("name", FALSE)
def test_false_is_never_proved_nor_refuted(name):
    assert verdict(*FALSE[name]) is None


def test_equal_opaque_terms_are_one_symbol():
    """A sum over an axis is not looked into, but the same sum is the same symbol."""
    from derivcheck.terms.dim import Dim

    i, j = fresh("i", Dim.named("d")), fresh("j", Dim.named("d"))
    first, second = (Reduce("sum", k, ONE, number(3), Entry("v", (Var(k),))) for k in (i, j))
    assert verdict(square(f("sin", first)), sub(ONE, square(f("cos", second)))) is not None


def test_an_inequality_is_not_its_business():
    assert rung(Claim(scalar(x), "<=", scalar(x)), GIVENS, Work()) is None


def test_too_much_work_ends_without_an_answer(monkeypatch):
    from derivcheck.deciding import computer_algebra

    monkeypatch.setattr(computer_algebra, "CALLS", 10)
    assert verdict(*TRUE["double angle"]) is None
