"""Exact moments against brute force: a normal vector as a sum of signs cannot be had, so the referee differentiates the
moment generating function exp(m.s + s.S.s/2) at 0, or enumerates finite laws."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest

from derivcheck.terms import algebra as al
from derivcheck.terms.build import number
from derivcheck.terms.expectation import moments
from derivcheck.terms.model import Law, Model
from derivcheck.terms.node import Delta, Entry, Expectation, Function, Mul, Power, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar
from tests.terms.givens import DIMS, N, declared, defined, leaf, model, num
from tests.terms.reference import Referee, close

SPREAD = al.matmul(leaf("R", N, N), al.transpose(leaf("R", N, N)))


def givens() -> Model:
    i, j = fresh("i", N), fresh("j", N)
    round_ = Tensor((i, j), Mul((Power(Entry("s"), number(2)), Delta(Var(i), Var(j)))))
    x = replace(declared("x", N), law=Law("normal", leaf("m", N), SPREAD))
    q = replace(declared("q", N), law=Law("normal", leaf("m", N), round_))
    k = replace(declared("k", N), law=Law("normal", leaf("m", N), round_))
    w = replace(declared("w", N), law=Law("moments", leaf("m", N), SPREAD))
    double = defined("y", al.scale(num(3), leaf("d")))
    coin = replace(declared("d"), law=Law("finite", values=(number(0), number(1)), weights=(Entry("p"), Entry("r"))))
    base = model(declared("m", N), declared("R", N, N), declared("s"), declared("A", N, N), declared("p"),
                 declared("r"), x, q, k, w, coin, double)
    return replace(base, independent=frozenset({frozenset(("q", "k"))}))


MODEL = givens()


def E(body: Tensor, *over: str) -> Term:
    return Expectation(body.body, over)


def variance(body: Tensor, *over: str) -> Term:
    centred = al.subtract(body, scalar(E(body, *over)))
    return E(al.power(centred, num(2)), *over)


def known(term: Term) -> mpmath.mpf:
    assert isinstance(term, Expectation)
    value = moments(term, MODEL)
    assert value is not None
    return Referee(MODEL, DIMS, 3).value(value)


def quadrature(body: Tensor, symbol: str) -> mpmath.mpf:
    """E over x = m + R g with g standard normal, by Gauss-Hermite points (exact up to degree 9)."""
    points = [(mpmath.sqrt(2) * x, w / mpmath.sqrt(mpmath.pi)) for x, w in _hermite()]
    referee = Referee(MODEL, DIMS, 3)
    n = DIMS["n"]
    mean = [referee.entry("m", (i + 1,)) for i in range(n)]
    root = [[referee.entry("R", (i + 1, j + 1)) for j in range(n)] for i in range(n)]
    total = mpmath.mpf(0)
    for grid in itertools.product(points, repeat=n):
        x = [mean[i] + sum(root[i][j] * grid[j][0] for j in range(n)) for i in range(n)]
        values = {(symbol, (i + 1,)): x[i] for i in range(n)}
        drawn = Referee(MODEL, DIMS, 3, values=values, base=referee)
        total += mpmath.fprod(w for _, w in grid) * drawn.value(body.body)
    return total


def _hermite() -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """Nodes and weights of degree 5: roots of H5 and 2^4 5! sqrt(pi) / (25 H4^2)."""
    roots = mpmath.polyroots([32, 0, -160, 0, 120, 0], maxsteps=200, extraprec=200)
    h4 = lambda x: 16 * x**4 - 48 * x**2 + 12  # noqa: E731
    return [(mpmath.re(x), 2**4 * 120 * mpmath.sqrt(mpmath.pi) / (25 * h4(mpmath.re(x)) ** 2)) for x in roots]


X = leaf("x", N)
QUADRATIC = al.matmul(al.matmul(al.transpose(X), leaf("A", N, N)), X)


@pytest.mark.parametrize("body", [
    al.inner(leaf("m", N), X),
    QUADRATIC,
    al.power(QUADRATIC, num(2)),
    al.hadamard(al.inner(X, X), QUADRATIC),
    scalar(Mul((Power(Entry("x", (number(1),)), number(3)), Entry("x", (number(2),))))),
])
def test_polynomials_in_a_normal_vector(body: Tensor) -> None:
    assert close(known(E(body, "x")), quadrature(body, "x"))


def test_the_variance_of_a_quadratic_form_is_known_for_every_dimension() -> None:
    value = moments(variance(QUADRATIC, "x"), MODEL)  # type: ignore[arg-type]
    assert value is not None
    assert "x" not in value.symbols


def test_the_dot_product_of_two_independent_vectors() -> None:
    dot = al.inner(leaf("q", N), leaf("k", N))
    referee = Referee(MODEL, DIMS, 3)
    m2 = sum(referee.entry("m", (i,)) ** 2 for i in range(1, 4))
    s = referee.entry("s", ())
    assert close(known(E(dot, "q", "k")), m2)
    assert close(known(variance(dot, "q", "k")), 2 * s**2 * m2 + 3 * s**4)


def test_without_independence_nothing_is_claimed() -> None:
    dot = al.inner(leaf("q", N), leaf("x", N))
    assert moments(Expectation(dot.body, ("q", "x")), MODEL) is None
    together = al.add(al.sum_all(leaf("q", N)), al.sum_all(leaf("x", N)))
    assert moments(Expectation(together.body, ("q", "x")), MODEL) is not None


def test_two_moments_are_not_four() -> None:
    W = leaf("w", N)
    assert moments(Expectation(al.inner(W, W).body, ("w",)), MODEL) is not None
    assert moments(Expectation(al.power(al.inner(W, W), num(2)).body, ("w",)), MODEL) is None


def test_any_function_of_a_finite_variable() -> None:
    d = Entry("d")
    body = Function("exp", (Mul((Entry("s"), d)),))
    value = known(Expectation(body, ("d",)))
    referee = Referee(MODEL, DIMS, 3)
    p, r, s = (referee.entry(n, ()) for n in "prs")
    assert close(value, p + r * mpmath.exp(s))


def test_what_is_computed_from_a_random_number_is_random_too() -> None:
    value = known(Expectation(Power(Entry("y"), number(2)), ("d",)))
    assert close(value, 9 * Referee(MODEL, DIMS, 3).entry("r", ()))


def test_the_exponential_of_a_linear_form() -> None:
    body = Function("exp", (al.scale(scalar(number(Fraction(1, 5))), al.inner(leaf("m", N), X)).body,))
    referee = Referee(MODEL, DIMS, 3)
    m = [referee.entry("m", (i,)) / 5 for i in range(1, 4)]
    spread = referee.tensor(SPREAD)
    mean = sum(a * 5 * a for a in m)
    var = sum(m[i] * spread[i + 1, j + 1] * m[j] for i in range(3) for j in range(3))
    assert close(known(Expectation(body, ("x",))), mpmath.exp(mean + var / 2))


def test_other_functions_are_left_alone() -> None:
    assert moments(Expectation(Function("tanh", (Entry("x", (number(1),)),)), ("x",)), MODEL) is None
