"""Worlds meet the givens, exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derivcheck.terms import algebra as al
from derivcheck.terms.build import ONE, ZERO, add, number
from derivcheck.terms.model import Claim, Declaration, Domain, Family, Model
from derivcheck.terms.node import Entry, Size
from derivcheck.worlds.errors import NoWorld
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.points import is_met
from derivcheck.worlds.sampling import Givens, Plan, satisfiable, worlds
from tests.worlds.making import claim, dims, given, leaf, zeros

N = dims("n")[0]
A, B = leaf("A", "n n"), leaf("B", "n n")
X = leaf("X", "m n")
SQUARE = given(A="n n", B="n n")

ASSUMPTIONS = {
    "symmetric": [claim(al.transpose(A), "=", A)],
    "positive definite": [claim(al.transpose(A), "=", A), claim(A, "succ", zeros("n n"))],
    "positive semidefinite": [claim(A, "succeq", zeros("n n"))],
    "orthogonal": [claim(al.matmul(al.transpose(A), A), "=", al.identity(N))],
    "skew": [claim(al.transpose(A), "=", al.negate(A))],
    "idempotent": [claim(al.matmul(A, A), "=", A)],
    "a projection": [claim(al.matmul(A, A), "=", A), claim(al.transpose(A), "=", A)],
    "involutory": [claim(al.matmul(A, A), "=", al.identity(N))],
    "invertible": [claim(al.det(A), "!=", ZERO)],
    "singular": [claim(al.det(A), "=", ZERO)],
    "a contraction": [claim(al.norm(A), "<", ONE)],
    "trace zero": [claim(al.trace(A), "=", ZERO)],
    "commuting": [claim(al.matmul(A, B), "=", al.matmul(B, A))],
    "above the identity": [claim(A, "succ", al.identity(N))],
    "between two numbers": [claim(A, "succeq", zeros("n n")), claim(al.identity(N), "succeq", A)],
    "strictly between two matrices": [claim(A, "succ", al.negate(al.matmul(B, al.transpose(B)))),
                                      claim(al.identity(N), "succ", A)],
    "inverse to each other": [claim(al.matmul(A, B), "=", al.identity(N))],
}


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_matrices_by_their_assumptions(name):
    model = SQUARE.assume(*ASSUMPTIONS[name])
    made = list(worlds(model, frozenset("A"), 5))
    assert len(made) >= 4
    assert len({tuple(w.dims.items()) for w in made}) >= 3
    for world in made:
        assert all(is_met(c, Evaluator(model, world)) for c in model.assumptions)


def test_most_worlds_are_not_degenerate():
    model = SQUARE.assume(*ASSUMPTIONS["orthogonal"])
    made = [w.block(("A", ())) for w in worlds(model, frozenset("A"), 5) if w.dims["n"] >= 3]
    assert any(v not in (-1, 0, 1) for block in made for v in block.values())


def test_bounds_on_both_sides_are_met_by_construction_and_some_are_tight():
    model = SQUARE.assume(*ASSUMPTIONS["between two numbers"])
    made = list(Givens(model, frozenset("A"), most=2_000).stream(5, Plan(worlds=8)))
    at_the_ends = [is_met(claim(al.matmul(A, A), "=", A), Evaluator(model, w)) for w in made if w.dims["n"] > 1]
    assert len(made) == 8
    assert True in at_the_ends and False in at_the_ends


def test_domains():
    model = given(p="k", y="k").declare(Declaration("s", domain=Domain("real", ZERO, ONE, True, True)))
    model = model.declare(Declaration("p", dims("k"), domain=Domain("simplex")))
    model = model.declare(Declaration("y", dims("k"), domain=Domain("finite", values=(ZERO, ONE))))
    model = model.declare(Declaration("T", domain=Domain("integer", ONE)))
    model = model.assume(claim(al.sum_all(leaf("y", "k")), "=", ONE))
    for world in worlds(model, frozenset(("p", "y", "s", "T")), 1):
        p, y = world.block(("p", ())).values(), sorted(world.block(("y", ())).values())
        assert sum(p) == 1 and all(x > 0 for x in p)
        assert y == [0] * (len(y) - 1) + [1]
        assert 0 < world.block(("s", ()))[()] < 1
        assert 1 <= world.block(("T", ()))[()] <= 6


def test_assumptions_between_dimensions():
    model = given(X="m n").assume(claim(Size(dims("m")[0]), ">", Size(dims("n")[0])))
    made = [w.dims for w in worlds(model, frozenset("X"), 1)]
    assert all(d["m"] > d["n"] for d in made) and made[0]["n"] >= 3


def test_orderings_between_scalars():
    model = given(v="", w="", b="").assume(
        claim(Entry("b"), "<", ZERO),
        claim(add(Entry("w"), Entry("b")), ">=", ZERO),
        claim(Entry("v"), ">", Entry("w")),
    )
    for world in worlds(model, frozenset("b"), 2):
        v, w, b = (world.block((name, ()))[()] for name in "vwb")
        assert b < 0 <= w + b and v > w


def test_domains_that_depend_on_other_values():
    between = Domain("real", Entry("a"), add(Entry("a"), ONE), True)
    model = given(a="").declare(Declaration("x", dims("n"), domain=between))
    for world in worlds(model, frozenset("x"), 2):
        a = world.block(("a", ()))[()]
        assert all(a < v <= a + 1 for v in world.block(("x", ())).values())


def test_linear_equations_are_solved():
    model = given(X="m n", w="n", y="m").assume(
        claim(al.matmul(X, leaf("w", "n")), "=", leaf("y", "m")), claim(leaf("y", "m"), ">", zeros("m"))
    )
    for world in worlds(model, frozenset("X"), 2):
        assert all(is_met(c, Evaluator(model, world)) for c in model.assumptions)


def test_family_members_are_drawn_apart():
    model = given(x="n").declare(Declaration("h", dims("n"), (Family(leaf("x", "n").axes[0], ZERO, number(3)),)))
    world = next(worlds(model, frozenset("h"), 1))
    assert world.block(("h", (0,))) != world.block(("h", (1,)))


def test_the_order_of_asking_does_not_matter():
    def values(order: str) -> dict:
        world = next(worlds(SQUARE, frozenset("AB"), 9))
        return {name: dict(world.block((name, ()))) for name in order}

    assert values("AB") == values("BA")


def test_contradictory_givens_are_reported():
    model = given(a="").assume(claim(Entry("a"), "=", ONE), claim(Entry("a"), "=", ZERO))
    assert satisfiable(model) is False
    with pytest.raises(NoWorld) as problem:
        next(worlds(model, frozenset("a"), 0))
    assert problem.value.contradictory
    assert satisfiable(Model().assume(claim(ONE, "<", ZERO))) is False
    assert satisfiable(given(a="").assume(claim(Entry("a"), ">", ONE), claim(Entry("a"), "<", ZERO))) is None
    assert satisfiable(SQUARE) is True


def test_a_limit_cuts_a_definition():
    from derivcheck.terms.model import Definition
    from derivcheck.terms.node import Function

    body = Function("exp", (Entry("a"),))
    model = given(a="").declare(Declaration("z", definitions=(Definition((), body),)))
    model = model.assume(Claim(leaf("z"), "~", claim(ONE, "=", ZERO).right))
    world = next(worlds(model, frozenset("z"), 0))
    assert Evaluator(model, world).value(Entry("z")) == 0


def test_a_plan_may_name_the_dimensions():
    made = list(worlds(SQUARE, frozenset("A"), 0, replace(Plan(), worlds=2, dims=({"n": 2},))))
    assert [w.dims["n"] for w in made] == [2, 2]
