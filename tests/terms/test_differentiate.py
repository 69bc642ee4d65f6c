"""Derivatives by rules against central differences with 40 digits."""

from __future__ import annotations

import random

import pytest

from derivcheck.terms import algebra as al
from derivcheck.terms.build import ONE, ZERO, number, power, size
from derivcheck.terms.differentiate import push, resolve_entry
from derivcheck.terms.functions import TABLE
from derivcheck.terms.model import Model
from derivcheck.terms.node import (
    Apply,
    Cases,
    Compare,
    Constant,
    Derivative,
    Entry,
    Fold,
    Function,
    Index,
    Lambda,
    MatrixOp,
    Power,
    Reduce,
    Term,
    Var,
    fresh,
)
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.terms.unfold import depends, latest, states, unfold
from tests.terms.givens import DIMS, M, N, cell, declared, leaf, model, network, num, plus
from tests.terms.reference import Referee, close

PLAIN = model(
    declared("A", N, N), declared("B", N, M), declared("u", N), declared("v", N), declared("x"), declared("y"),
    declared("p", M),
)


def at(*positions: int) -> tuple[Term, ...]:
    return tuple(number(p) for p in positions)


def agree(givens: Model, derivative: Derivative, seed: int = 1) -> None:
    by_rules = Referee(givens, DIMS, seed, "rules").value(derivative)
    by_differences = Referee(givens, DIMS, seed, "differences").value(derivative)
    assert close(by_rules, by_differences), (seed, derivative)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_row_of_the_table(name: str) -> None:
    row = TABLE[name]
    if row.derivative is None:
        return
    x, y = Entry("x"), Entry("y")
    inside = Function("tanh", (x,)) if name in ("asin", "acos", "atanh") else x
    positive = Function("exp", (inside,)) if name in ("log", "gamma", "lgamma") else inside
    args = (positive, y)[: row.arity]
    if row.integer and row.arity == 2:
        return
    for seed in range(4):
        agree(PLAIN, Derivative(Function(name, args), x), seed)


MATRIX = al.add(al.matmul(leaf("A", N, N), leaf("A", N, N)), al.scale(num(5), al.identity(N)))
BODIES: dict[str, Tensor] = {
    "x^y": scalar(Power(Function("exp", (Entry("x"),)), Function("tanh", (Entry("x"),)))),
    "inverse": al.inverse(MATRIX),
    "det": al.det(MATRIX),
    "exp": al.matrix_exponential(leaf("A", N, N)),
    "exp of a multiple": al.matrix_exponential(
        al.scale(al.apply_function("sin", leaf("x")), al.negate(leaf("A", N, N)))),
    "cube": al.power(leaf("A", N, N), num(3)),
    "power": Tensor(
        (i := fresh("i", N), j := fresh("j", N)),
        MatrixOp("power", r := fresh("r", N), c := fresh("c", N), Entry("A", (Var(r), Var(c))), (Var(i), Var(j)),
                 (size(N),)),
    ),
    "trace": al.trace(al.matmul(leaf("A", N, N), al.inverse(MATRIX))),
    "kronecker": al.kronecker(leaf("A", N, N), leaf("B", N, M)),
    "vec": al.vec(al.matmul(leaf("A", N, N), leaf("B", N, M))),
    "softmax": al.softmax(al.matmul(leaf("A", N, N), leaf("u", N))),
    "logsumexp": al.log_sum_exp(al.hadamard(leaf("u", N), leaf("v", N))),
    "norm": al.norm(al.matmul(leaf("A", N, N), leaf("u", N))),
    "frobenius": al.norm(al.matmul(leaf("A", N, N), leaf("B", N, M)), "F"),
    "1-norm": al.norm(leaf("A", N, N), "1"),
    "inf-norm": al.norm(al.matmul(leaf("A", N, N), leaf("u", N)), "inf"),
    "max": al.reduce_axis("max", al.matmul(leaf("A", N, N), leaf("B", N, M)), 0),
    "product": al.reduce_axis("prod", al.matmul(leaf("A", N, N), leaf("B", N, M)), 0),
    "block": al.block([[leaf("A", N, N), leaf("u", N)], [al.transpose(leaf("v", N)), num(2)]]),
    "relu": al.apply_function("max2", al.matmul(leaf("A", N, N), leaf("u", N)), num(0)),
    "cases": al.entrywise(
        lambda a: Cases(((Compare(">", a, ZERO), Function("exp", (a,))), (Compare("<", a, number(-1)), a)), ONE),
        al.matmul(leaf("A", N, N), leaf("u", N)),
    ),
    "unknown": Tensor(
        (o := fresh("o", N),),
        Apply("f", (Lambda((q := fresh("q", N),), al.matmul(leaf("A", N, N), leaf("u", N)).at([Var(q)])),
                    Lambda((), Entry("x"))), (Var(o),)),
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_operations_by_each_symbol(name: str) -> None:
    body = BODIES[name]
    place = at(*(2 for _ in body.axes))
    for wrt in (Entry("A", at(2, 1)), Entry("A", at(1, 3)), Entry("u", at(2)), Entry("x"), Entry("B", at(2, 2))):
        agree(PLAIN, Derivative(body.at(place), wrt))


def test_a_fold_by_an_entry_of_its_factors_in_both_orders() -> None:
    k, r, c = fresh("k"), fresh("r", N), fresh("c", N)
    body = Power(Entry("A", (Var(r), Var(c))), Var(k))
    for order in ("left", "right"):
        term = Fold(k, ONE, number(3), r, c, body, at(1, 2), order)
        agree(PLAIN, Derivative(term, Entry("A", at(2, 1))))


def test_second_derivatives_and_unknown_functions() -> None:
    u, v = Entry("u", at(1)), Entry("u", at(2))
    for name in ("softmax", "logsumexp", "unknown", "norm"):
        body = BODIES[name]
        inner = Derivative(body.at(at(*(2 for _ in body.axes))), u)
        agree(PLAIN, Derivative(inner, v))


def test_a_recurrence_through_all_steps() -> None:
    givens = network()
    h = [Entry("h", at(t, 2)) for t in range(5)]
    for wrt in (h[1], h[0], Entry("W", at(1, 2)), Entry("x", at(2, 1)), Entry("b", at(3)), Entry("a", at(2, 1))):
        agree(givens, Derivative(Entry("L"), wrt))
        agree(givens, Derivative(h[3], wrt))


def test_immediate_holds_earlier_states_and_follows_the_present() -> None:
    givens = network()
    for wrt in (Entry("W", at(1, 2)), Entry("b", at(2))):
        derivative = Derivative(Entry("h", at(3, 1)), wrt, immediate=True, at=at(3))
        agree(givens, derivative)
        total = Derivative(Entry("h", at(3, 1)), wrt)
        rules = Referee(givens, DIMS, 1, "rules")
        assert wrt.symbol == "b" or not close(rules.value(derivative), rules.value(total))


def test_the_other_half_of_a_state_is_held() -> None:
    givens = cell()
    assert states(givens) == {"h", "C"}
    for held in ((), (Entry("h", at(2)),), (Entry("C", at(2)),)):
        wrt = Entry("C" if held and held[0].symbol == "h" else "h", at(2, 1))
        agree(givens, Derivative(Entry("h", at(4, 2)), wrt, held))


def test_indices_that_are_not_known_yet() -> None:
    """One residual at a symbolic time, unfolded once: either it is the variable itself, or one step back."""
    givens, t, i = network(), Index("t"), Index("i")
    row, col = fresh("j", N), fresh("k", N)
    entry = Entry("h", (Var(t), Var(row)))
    derivative = Derivative(entry, Entry("h", (Var(i), Var(col))))
    assert push(derivative, givens) is derivative
    once = resolve_entry(derivative, givens)
    assert isinstance(once, Cases)
    env = {row: 1, col: 2}
    for now, before in ((3, 3), (3, 2), (3, 1), (2, 3)):
        here = {**env, t: now, i: before}
        rules, differences = (Referee(givens, DIMS, 1, mode).value(once, here) for mode in ("rules", "differences"))
        assert close(rules, differences)


def test_time_runs_one_way() -> None:
    givens, t = network(), Index("t")
    later, j = Entry("h", (Var(t), ONE)), Entry("h", (plus(t, -2), ONE))
    assert push(Derivative(j, later), givens) is ZERO
    assert push(Derivative(Entry("a", (Var(t), ONE)), later), givens) is ZERO
    assert latest(givens, "h", "h") == -1
    assert "W" in depends(givens, "L")


def test_unfolding_where_a_recurrence_begins() -> None:
    givens = network()
    start = Entry("h", at(0, 1))
    assert unfold(start, givens) is None
    assert isinstance(unfold(Entry("h", at(1, 1)), givens), Function)
    at_t = Entry("h", (Var(Index("t")), ONE))
    opened = unfold(at_t, givens)
    assert isinstance(opened, Cases)
    assert opened.otherwise is at_t


# Random typed terms -----------------------------------------------------------------------------------------------

UNARY = ("tanh", "sin", "exp", "atan", "abs")


def random_tensor(draw: random.Random, shape: tuple, depth: int) -> Tensor:
    """A random tensor of the given shape over the symbols of PLAIN."""
    names = {(): ["x", "y"], (N,): ["u", "v"], (N, N): ["A"], (N, M): ["B"], (M,): ["p"]}
    if depth == 0 or shape not in names:
        return leaf(draw.choice(names[shape]), *shape)
    smaller = lambda *s: random_tensor(draw, s, depth - 1)  # noqa: E731
    choices = [
        lambda: al.add(smaller(*shape), smaller(*shape)),
        lambda: al.hadamard(smaller(*shape), smaller(*shape)),
        lambda: al.apply_function(draw.choice(UNARY), smaller(*shape)),
        lambda: al.scale(smaller(), smaller(*shape)),
    ]
    if shape == ():
        choices += [
            lambda: al.inner(smaller(N), smaller(N)),
            lambda: al.matmul(al.matmul(al.transpose(smaller(N)), smaller(N, N)), smaller(N)),
            lambda: al.trace(smaller(N, N)),
            lambda: al.norm(smaller(N)),
            lambda: al.det(smaller(N, N)),
            lambda: al.reduce_all("max", smaller(N)),
            lambda: al.log_sum_exp(smaller(N)),
        ]
    if shape == (N,):
        choices += [
            lambda: al.matmul(smaller(N, N), smaller(N)),
            lambda: al.matmul(smaller(N, M), smaller(M)),
            lambda: al.softmax(smaller(N)),
            lambda: al.diag(smaller(N, N)),
        ]
    if shape == (N, N):
        choices += [
            lambda: al.matmul(smaller(N, N), smaller(N, N)),
            lambda: al.transpose(smaller(N, N)),
            lambda: al.matmul(smaller(N, M), al.transpose(smaller(N, M))),
            lambda: al.diag(smaller(N)),
            lambda: al.outer(smaller(N), smaller(N)),
            lambda: al.inverse(smaller(N, N)),
        ]
    return draw.choice(choices)()


def check_random(seed: int) -> None:
    draw = random.Random(seed)
    body = random_tensor(draw, draw.choice([(), (), (N,)]), 3)
    wrt = draw.choice([Entry("A", at(1, 2)), Entry("u", at(2)), Entry("x"), Entry("B", at(3, 1)), Entry("v", at(1))])
    try:
        agree(PLAIN, Derivative(body.at(at(*(1 for _ in body.axes))), wrt), seed)
    except (ZeroDivisionError, OverflowError, ArithmeticError):
        return


@pytest.mark.parametrize("seed", range(60))
def test_random_terms(seed: int) -> None:
    check_random(seed)


@pytest.mark.long
def test_many_random_terms() -> None:
    for seed in range(1000, 3000):
        check_random(seed)


def test_nothing_is_said_of_constants() -> None:
    assert push(Derivative(power(Constant("e"), Entry("y")), Entry("x")), PLAIN) is ZERO
    k = fresh("k", N)
    total = Reduce("sum", k, ONE, size(N), Entry("u", (Var(k),)))
    assert push(Derivative(total, Entry("v", at(1))), PLAIN) is ZERO
