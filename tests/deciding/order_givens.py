"""Givens and shorthands for the tests of the order rung."""

from fractions import Fraction

from derivcheck.deciding.budget import Work
from derivcheck.deciding.order import rung
from derivcheck.terms import algebra as al
from derivcheck.terms.build import number
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim, Declaration, Domain, Model
from derivcheck.terms.node import Entry, Size, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar

D = Dim.named("n")
OPEN_UNIT = Domain(low=number(0), high=number(1), low_strict=True, high_strict=True)
POSITIVE = Domain(low=number(0), low_strict=True)


def vector(name):
    i = fresh("i", D)
    return Tensor((i,), Entry(name, (Var(i),)))


def matrix(name):
    i, j = fresh("i", D), fresh("j", D)
    return Tensor((i, j), Entry(name, (Var(i), Var(j))))


def num(value):
    return scalar(number(Fraction(value)))


def real(name):
    return scalar(Entry(name))


MODEL = Model(
    {
        **{name: Declaration(name, (D,)) for name in "uvx"},
        **{name: Declaration(name, (D, D)) for name in "ABC"},
        **{name: Declaration(name, (D,), domain=Domain("simplex")) for name in "pq"},
        **{name: Declaration(name) for name in ("a", "b", "c", "w_1", "w_2")},
        "s": Declaration("s", domain=POSITIVE),
        "r": Declaration("r", domain=POSITIVE),
        "theta": Declaration("theta", domain=OPEN_UNIT),
    },
    dims={"n": 1},
)
u, v, x, p, q = (vector(name) for name in "uvxpq")
A, B, C = (matrix(name) for name in "ABC")
a, b, c, w1, w2, s, r, theta = (real(name) for name in ("a", "b", "c", "w_1", "w_2", "s", "r", "theta"))
n = scalar(Size(D))
zero, one, two = num(0), num(1), num(2)
half = num(Fraction(1, 2))

N, f, add, sub, T, mm, had, div, neg = (
    al.norm, al.apply_function, al.add, al.subtract, al.transpose, al.matmul, al.hadamard, al.divide, al.negate
)


def sq(t):
    return al.entrywise_power(t, two)


def root(t):
    return al.root(t)


def times(*factors):
    total = factors[0]
    for factor in factors[1:]:
        total = had(total, factor)
    return total


def sigmoid(t):
    return div(one, add(one, f("exp", neg(t))))


def proof(left, relation, right, model=MODEL, **parts):
    """The lemmas of a proof, or None."""
    verdict = rung(Claim(left, relation, right, **parts), model, Work())
    if verdict is None:
        return None
    assert verdict.word == "proved"
    return verdict.evidence["lemmas"]
