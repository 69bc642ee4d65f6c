"""O-classes decided by exponents, with a path of growth as witness; approximate equality at a limit."""

from fractions import Fraction

import pytest

from derivcheck.deciding.asymptotic import approx, in_O, same_class
from derivcheck.terms.build import add, div, mul, number, power, sub
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim, Declaration, Family, Model
from derivcheck.terms.node import Entry, Function, Number, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar

M, N, k = (Entry(name) for name in "MNk")


def log(x):
    return Function("log", (x,))


def sq(x):
    return power(x, number(2))


def more(a, b):
    return Claim(scalar(a), ">", scalar(b))


LARGE = (more(M, k),)
BOTH_LARGE = (more(M, k), more(N, k))

CONTAINED = [
    (mul(sq(M), k), add(mul(sq(M), k), mul(M, sq(k))), ()),
    (add(mul(sq(M), k), mul(M, sq(k))), mul(sq(M), k), LARGE),
    (add(mul(M, N, k), mul(M, sq(k)), mul(N, sq(k))), mul(M, N, k), BOTH_LARGE),
    (mul(M, N), add(sq(M), sq(N)), ()),
    (mul(number(7), M), M, ()),
    (log(M), power(M, number(Fraction(1, 10))), ()),
    (mul(M, log(M)), sq(M), ()),
    (log(mul(M, N)), add(log(M), log(N)), ()),
    (log(k), log(M), LARGE),
    (sub(sq(M), M), sq(M), ()),
    (mul(k, M), sq(M), (Claim(scalar(M), "=", scalar(sq(k))),)),
]
NOT_CONTAINED = [
    (add(mul(sq(M), k), mul(M, sq(k))), mul(sq(M), k), ()),
    (sq(M), M, ()),
    (mul(M, log(M)), M, ()),
    (mul(sq(N), k), mul(M, N, k), BOTH_LARGE),
    (mul(M, N), add(M, N), ()),
    (sq(k), M, LARGE),
    (sub(sq(M), M), M, ()),
]


@pytest.mark.parametrize("f, g, regime", CONTAINED)
def test_contained(f, g, regime):
    assert in_O(f, g, regime).word == "proved"


@pytest.mark.parametrize("f, g, regime", NOT_CONTAINED)
def test_not_contained_with_a_path(f, g, regime):
    verdict = in_O(f, g, regime)
    assert verdict.word == "refuted" and verdict.counterexample is not None
    assert all(str(v).startswith("t") for v in verdict.counterexample.values.values())


def test_the_witness_can_be_read():
    example = in_O(add(mul(sq(M), k), mul(M, sq(k))), mul(sq(M), k)).counterexample
    assert example is not None
    assert example.values == {"M": "t", "k": "t^2"}
    assert (example.left, example.right) == ("t^5", "t^4")


def test_tight():
    assert same_class(add(mul(sq(M), k), mul(M, sq(k))), mul(sq(M), k), LARGE).word == "proved"
    loose = same_class(mul(M, k), mul(sq(M), k), LARGE)
    assert loose.word == "refuted" and loose.evidence["direction"] == "right in left"


def test_what_is_no_class_is_undecided():
    assert in_O(Function("sin", (M,)), M).word == "undecided"
    assert in_O(power(number(2), M), M).word == "undecided"
    assert in_O(M, sub(sq(M), M)).word == "undecided"


def test_terms_that_could_cancel_refute_nothing():
    equal = (Claim(scalar(M), "=", scalar(N)),)
    assert in_O(sub(mul(M, N), sq(M)), M, equal).word == "undecided"


# --- at a limit

D, T = Dim.named("d"), fresh("t")


def family(name):
    return Declaration(name, (D,), family=(Family(fresh("t")),))


GATED = Model({name: family(name) for name in ("z", "h", "c")}, dims={"d": 1})


def member(name, shift=0):
    i = fresh("i", D)
    return Tensor((i,), Entry(name, (add(Var(T), number(shift)), Var(i))))


def mix():
    """(1 - z_t) h_{t-1} + z_t c_t, entry by entry"""
    i = fresh("i", D)
    z, h, c = (Entry(n, (add(Var(T), number(s)), Var(i))) for n, s in (("z", 0), ("h", -1), ("c", 0)))
    return Tensor((i,), add(mul(sub(number(1), z), h), mul(z, c)))


def is_near(name, value):
    return Claim(member(name), "~", scalar(Number(Fraction(value))))


def test_at_the_limit_both_sides_agree():
    assert approx(Claim(mix(), "~", member("h", -1)), (is_near("z", 0),), GATED).word == "proved"
    assert approx(Claim(mix(), "~", member("c")), (is_near("z", 1),), GATED).word == "proved"


def test_at_another_limit_nothing_is_proved():
    assert approx(Claim(mix(), "~", member("h", -1)), (is_near("z", 1),), GATED) is None
    assert approx(Claim(mix(), "~", member("h", -1)), (), GATED) is None
    assert approx(Claim(mix(), "~", member("h", -1)), (is_near("c", 0),), GATED) is None


def test_an_undefined_or_broken_limit_proves_nothing():
    z = member("z")
    inverse = Tensor(z.axes, div(number(1), z.body))
    assert approx(Claim(inverse, "~", inverse.renamed()), (is_near("z", 0),), GATED) is None
    step = Tensor(z.axes, Function("sign", (z.body,)))
    assert approx(Claim(step, "~", scalar(number(0))), (is_near("z", 0),), GATED) is None


def test_a_recurrence_at_its_limit():
    from derivcheck.language.givens.table import read_givens
    from derivcheck.language.statements import read_statement

    given = [
        r"z_t, c_t \in \mathbb{R}^n \text{ for } t = 1, \dots, T", r"h_t \in \mathbb{R}^n \text{ for } t = 0, \dots, T",
        r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot c_t", r"z_t \approx 0",
    ]  # fmt: skip
    scope, _ = read_givens(given)

    def at_limit(line):
        claim = read_statement(line, scope, None).links[0].claim
        return approx(claim, scope.model.assumptions, scope.model)

    assert at_limit(r"h_t \approx h_{t-1}") is not None
    assert at_limit(r"h_t \approx c_t") is None


def test_exact_equality_needs_no_limit():
    assert approx(Claim(member("h"), "~", member("h")), (), GATED).word == "proved"
