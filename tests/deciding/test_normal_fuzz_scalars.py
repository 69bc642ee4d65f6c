"""The same for what matrices do not show: elementary functions, roots, conditions, cases, ranges of integers, products,
symbolic powers. Where both the term and its normal form have a value, it is the same."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.back import to_term
from derivcheck.deciding.normal.facts import POSITIVE, Facts
from derivcheck.deciding.normal.lower import Lowering, Unsupported
from derivcheck.deciding.normal.poly import constant
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.deciding.normal.rung import ALL_RULES
from derivcheck.terms.build import ONE, ZERO, add, mul, number, power, sub
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration, Domain, Model
from derivcheck.terms.node import (
    Cases,
    Compare,
    Delta,
    Entry,
    Fold,
    Function,
    Index,
    Logic,
    Power,
    Reduce,
    Size,
    Term,
    Var,
    fresh,
)
from derivcheck.worlds.arithmetic import Floats
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.sampling import Plan, worlds
from derivcheck.worlds.world import World

N = Dim.named("n")
POSITIVE_DOMAIN = Domain("real", ZERO, None, True)
MODEL = Model(
    {
        "x": Declaration("x", (N,)),
        "p": Declaration("p", (N,), domain=POSITIVE_DOMAIN),
        "a": Declaration("a"),
        "b": Declaration("b"),
        "q": Declaration("q", domain=POSITIVE_DOMAIN),
        "W": Declaration("W", (N, N)),
        "T": Declaration("T", domain=Domain("integer", ONE, number(3))),
    },
    dims={"n": 2},
)
LENGTH = Entry("T")
TWO = number(2)


class Scalars:
    """Grows scalar terms with integer variables `indices` in reach."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def number(self) -> Term:
        return number(Fraction(self.rng.randint(-4, 4), self.rng.choice([1, 1, 1, 2, 3])))

    def integer(self, indices: list[Index]) -> Term:
        i = Var(self.rng.choice(indices)) if indices else number(1)
        return self.rng.choice([i, i, number(self.rng.randint(1, 2))])

    def leaf(self, indices: list[Index]) -> Term:
        options = [self.number(), Entry("a"), Entry("b"), Entry("q"), LENGTH, Size(N)]
        if indices:
            i, j = self.integer(indices), self.integer(indices)
            options += [Entry("x", (i,)), Entry("p", (i,)), Entry("W", (i, j)), Delta(i, j), Var(indices[-1])] * 2
        return self.rng.choice(options)

    def of(self, depth: int, indices: list[Index]) -> Term:
        if depth == 0:
            return self.leaf(indices)
        makers = [self.sum, self.product, self.power, self.function, self.cases, self.total, self.range, self.times]
        makers += [self.quotient, self.exponential, self.logarithm, self.symbolic]
        return self.rng.choice(makers)(depth - 1, indices)

    def sum(self, depth, indices):
        return add(self.of(depth, indices), self.of(depth, indices))

    def product(self, depth, indices):
        return mul(self.of(depth, indices), self.of(depth, indices))

    def quotient(self, depth, indices):
        return mul(self.of(depth, indices), Power(self.of(depth, indices), number(-1)))

    def power(self, depth, indices):
        exponent = self.rng.choice([2, 3, -1, -2, Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2)])
        return Power(self.of(depth, indices), number(exponent))

    def function(self, depth, indices):
        name = self.rng.choice(["tanh", "abs", "sign", "sinh", "cosh", "sin", "cos", "max2", "min2"])
        args = [self.of(depth, indices) for _ in range(2 if name[-1] == "2" else 1)]
        return Function(name, tuple(args))

    def exponential(self, depth, indices):
        return Function("exp", (mul(number(Fraction(1, 2)), self.of(min(depth, 1), indices)),))

    def logarithm(self, depth, indices):
        return Function("log", (self.of(depth, indices),))

    def symbolic(self, depth, indices):
        exponent = self.rng.choice([LENGTH, Size(N), sub(LENGTH, ONE), mul(TWO, LENGTH)])
        return Power(self.of(depth, indices), exponent)

    def condition(self, indices) -> Term:
        relation = self.rng.choice(["<", "<=", ">", ">=", "=", "!="])
        if indices and self.rng.random() < 0.6:
            left, right = self.integer(indices), self.rng.choice([self.integer(indices), LENGTH])
        else:
            left, right = self.of(1, indices), self.of(0, indices)
        first = Compare(relation, left, right)
        if self.rng.random() < 0.3:
            return Logic(self.rng.choice(["and", "or"]), (first, self.condition(indices)))
        return Logic("not", (first,)) if self.rng.random() < 0.2 else first

    def cases(self, depth, indices):
        branches = [(self.condition(indices), self.of(depth, indices)) for _ in range(self.rng.choice([1, 1, 2]))]
        return Cases(tuple(branches), self.of(depth, indices))

    def total(self, depth, indices):
        i = fresh("i", N)
        kind = self.rng.choice(["sum", "sum", "sum", "prod", "max"])
        where = self.condition([*indices, i]) if kind == "sum" and self.rng.random() < 0.2 else None
        return Reduce(kind, i, ONE, Size(N), self.of(depth, [*indices, i]), where)

    def range(self, depth, indices):
        t = fresh("t")
        lower = self.rng.choice([ONE, ONE, number(2), *(Var(i) for i in indices)])
        upper = self.rng.choice([LENGTH, LENGTH, number(2), number(3), *(Var(i) for i in indices)])
        kind = self.rng.choice(["sum", "sum", "prod"])
        body = self.of(depth, indices)
        with_t = add(body, mul(Var(t), self.leaf(indices))) if self.rng.random() < 0.7 else body
        return Reduce(kind, t, lower, upper, with_t)

    def times(self, depth, indices):
        """An entry of an ordered product of matrices."""
        t, r, c = fresh("t"), fresh("r", N), fresh("c", N)
        body = mul(Entry("W", (Var(r), Var(c))), self.rng.choice([ONE, Var(t), Entry("x", (Var(r),))]))
        upper = self.rng.choice([LENGTH, number(2), number(1), number(0)])
        out = (self.integer(indices), self.integer(indices))
        return Fold(t, ONE, upper, r, c, body, out, self.rng.choice(["left", "right"]))


def lowering(order: random.Random) -> Lowering:
    rules = list(ALL_RULES)
    order.shuffle(rules)
    facts = Facts(MODEL, {"p": POSITIVE, "q": POSITIVE})
    low = Lowering(Algebra(facts, Work(0, Budget(rewrites=3000)), rules))
    algebra = low.algebra
    low.algebra.facts = Facts(MODEL, facts.signs, (algebra.sub(low(LENGTH), constant(1)),))
    return low


def value(term: Term, world: World) -> float | None:
    evaluator = Evaluator(MODEL, world, Floats())
    try:
        found = evaluator.arithmetic.to_float(evaluator.value(term))
    except (NoValue, OverflowError, ZeroDivisionError):
        return None
    return found if abs(found) < 1e12 else None


def check(seed: int) -> bool:
    grower = Scalars(seed)
    term = grower.of(grower.rng.randint(1, 3), [])
    try:
        poly = lowering(random.Random(seed))(term)
    except (OutOfWork, Undefined, Unsupported):
        return False
    back = to_term(poly)
    compared = False
    plan = Plan(worlds=3, dims=({"n": 2}, {"n": 3}, {"n": 4}))
    for world in worlds(MODEL, frozenset(MODEL.declarations), seed, plan):
        before = value(term, world)
        after = value(back, world) if before is not None else None
        if before is not None and after is not None:
            compared = True
            assert abs(before - after) <= 1e-6 * (1 + abs(before)), f"seed {seed}: {before} became {after}"
    return compared


@pytest.mark.parametrize("seed", range(250))
def test_a_random_scalar_keeps_its_value(seed):
    check(seed)


@pytest.mark.long
@pytest.mark.parametrize("block", range(20))
def test_many_random_scalars_keep_their_value(block):
    assert sum(check(1000 + 500 * block + k) for k in range(500)) > 200


def test_powers_of_a_sum_are_multiplied_out():
    low = lowering(random.Random(0))
    square = power(add(Entry("a"), Entry("b")), TWO)
    written = add(mul(Entry("a"), Entry("a")), mul(TWO, Entry("a"), Entry("b")), mul(Entry("b"), Entry("b")))
    assert low(square).key == low(written).key
