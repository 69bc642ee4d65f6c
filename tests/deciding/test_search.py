"""True claims are never refuted; false ones are, with a counterexample that can be redone by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derivcheck.deciding.budget import Budget, Work
from derivcheck.deciding.directed import drawn_and_moved
from derivcheck.deciding.shapes import rung as shapes_rung
from derivcheck.terms import algebra as al
from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, add, delta, div, mul, neg, number, power, sub, sum_over
from derivcheck.terms.model import Claim, Declaration, Definition, Domain, Family, Law, Parameter
from derivcheck.terms.node import (
    Apply,
    Cases,
    Compare,
    Derivative,
    Entry,
    Expectation,
    Fold,
    Function,
    Index,
    Lambda,
    Mul,
    Size,
    Var,
    fresh,
)
from derivcheck.terms.tensor import Tensor, scalar
from tests.worlds.making import claim, dims, given, leaf, zeros

N, D = dims("n")[0], dims("d")[0]
A, B, C = (leaf(name, "n n") for name in "ABC")
X = leaf("X", "m n")
x, y = leaf("x", "n"), leaf("y", "n")
MATRICES = given(A="n n", B="n n", C="n n", X="m n", x="n", y="n", s="")
T = al.transpose
TWO = number(2)
HALF = number(Fraction(1, 2))


def mm(*factors: Tensor) -> Tensor:
    out = factors[0]
    for factor in factors[1:]:
        out = al.matmul(out, factor)
    return out


def verdict(model, a_claim, **budget):
    """By random draws, and where these agree by moved ones."""
    return drawn_and_moved(a_claim, model, Work(1, Budget(**budget)))


TRUE = {
    "trace is cyclic": claim(al.trace(mm(A, B, C)), "=", al.trace(mm(C, A, B))),
    "determinant of a product": claim(al.det(mm(A, B)), "=", mul(al.det(A).body, al.det(B).body)),
    "transpose of a product": claim(T(mm(A, B)), "=", mm(T(B), T(A))),
    "inverse of a product": claim(al.inverse(mm(A, B)), "=", mm(al.inverse(B), al.inverse(A))),
    "trace of a Kronecker product": claim(
        al.trace(al.kronecker(A, B)), "=", mul(al.trace(A).body, al.trace(B).body)
    ),
    "vec of a product": claim(al.vec(mm(A, B, C)), "=", mm(al.kronecker(T(C), A), al.vec(B))),
    "spectral norm of a product": claim(al.norm(mm(A, B)), "<=", mul(al.norm(A).body, al.norm(B).body)),
    "spectral below Frobenius": claim(al.norm(X), "<=", al.norm(X, "F")),
    "Cauchy and Schwarz": claim(
        Function("abs", (mm(T(x), y).body,)), "<=", mul(al.norm(x).body, al.norm(y).body)
    ),
    "rank of a transpose": claim(al.rank(T(X)), "=", al.rank(X)),
    "softmax sums to 1": claim(al.sum_all(al.softmax(x)), "=", ONE),
    "matrices need not commute": claim(mm(A, B), "!=", mm(B, A)),
    "Gram matrices are semidefinite": claim(mm(T(X), X), "succeq", zeros("n n")),
}
FALSE = {
    "matrices commute": claim(mm(A, B), "=", mm(B, A)),
    "determinant of a sum": claim(al.det(al.add(A, B)), "=", add(al.det(A).body, al.det(B).body)),
    "sign of a determinant": claim(al.det(al.negate(A)), "=", neg(al.det(A).body)),
    "factors in the wrong order": claim(al.inverse(mm(A, B)), "=", mm(al.inverse(A), al.inverse(B))),
    "Kronecker commutes": claim(al.kronecker(A, B), "=", al.kronecker(B, A)),
    "norms are below the greater": claim(
        al.norm(mm(A, B)), "<=", Function("max2", (al.norm(A).body, al.norm(B).body))
    ),
    "triangle the wrong way": claim(al.norm(al.add(A, B), "F"), "<=", al.norm(A, "F")),
    "one norm below the other": claim(al.norm(x, "1"), "<=", al.norm(x)),
    "strict Cauchy and Schwarz": claim(
        Function("abs", (mm(T(x), y).body,)), "<", mul(al.norm(x).body, al.norm(y).body)
    ),
    "only large dimensions fail": claim(al.norm(x, "1"), "<=", mul(number(Fraction(7, 4)), al.norm(x).body)),
    "all matrices are semidefinite": claim(mm(A, A), "succeq", zeros("n n")),
    "ranks of products": claim(al.rank(mm(A, B)), "=", al.rank(A)),
    "far out only": claim(Entry("s"), "<=", number(500)),
    "a narrow range only": claim(
        power(sub(Entry("s"), number(Fraction(7, 2))), TWO), ">=", number(Fraction(1, 400))
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_hold(name):
    assert verdict(MATRICES, TRUE[name]).word in ("holds", "proved")


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_are_refuted(name):
    found = verdict(MATRICES, FALSE[name])
    assert found.word == "refuted"
    assert found.counterexample.left != found.counterexample.right or "strict" in name
    assert all(d <= 5 for d in found.counterexample.dims.values())


def test_a_counterexample_is_small():
    found = verdict(MATRICES, FALSE["sign of a determinant"]).counterexample
    assert found.dims == {"n": 2}
    assert (found.left, found.right) in ((1, -1), (-1, 1))
    assert all(v in (-1, 0, 1) for row in found.values["A"] for v in row)


def test_a_loss_of_generality_at_dimension_one_is_seen():
    wrong = claim(mm(T(x), y), "=", div(mul(al.sum_all(x).body, al.sum_all(y).body), Size(N)))
    assert verdict(MATRICES, wrong).word == "refuted"


def test_irrational_sides():
    e_s, e_1, e_sum = (Function("exp", (t,)) for t in (Entry("s"), ONE, add(Entry("s"), ONE)))
    true = claim(e_sum, "=", mul(e_s, e_1))
    near = claim(e_s, "=", add(e_s, number(Fraction(1, 10**80))))
    assert verdict(MATRICES, true).word == "holds"
    assert verdict(MATRICES, near).word == "refuted"


def test_undefined_points_never_refute():
    model = given(s="")
    log = Function("log", (Entry("s"),))
    found = verdict(model, claim(Function("exp", (log,)), "=", Entry("s")))
    assert found.word == "holds" and any("logarithm" in where for where in found.evidence["except"])
    nowhere = verdict(model, claim(Function("log", (neg(power(Entry("s"), TWO)),)), "=", ZERO))
    assert nowhere.word == "undecided"


def test_zero_times_log_zero_is_zero():
    model = given().declare(Declaration("y", dims("k"), domain=Domain("finite", values=(ZERO, ONE))))
    i = fresh("i", dims("k")[0])
    y_i = Entry("y", (Var(i),))
    entropy = sum_over(i, Mul((y_i, Function("log", (y_i,)))))
    found = verdict(model, claim(entropy, "=", ZERO))
    assert found.word == "holds" and "except" not in found.evidence


def test_a_parameter_ranges_over_what_is_defined():
    t = Index("t")
    model = given().declare(Declaration("h", (), (Family(Index("s"), ZERO, number(3)),)))
    u = Var(Index("u"))
    step = Definition((Index("u"),), sub(Entry("h", (u,)), Entry("h", (sub(u, ONE),))))
    model = model.declare(Declaration("g", (), (Family(Index("s"), ONE, number(3)),), definitions=(step,)))
    left, right = Entry("g", (Var(t),)), sub(Entry("h", (Var(t),)), Entry("h", (sub(Var(t), ONE),)))
    found = verdict(model, Claim(scalar(left), "=", scalar(right), (Parameter(t),)))
    assert found.word == "holds" and found.evidence["points"] == 3 * 8 and "except" not in found.evidence
    wrong = Claim(scalar(left), "=", scalar(neg(right)), (Parameter(t),))
    assert verdict(model, wrong).counterexample.values["t"] == 1


def test_gradients():
    i = fresh("i", N)
    quadratic = mm(T(x), A, x).body
    gradient = Tensor((i,), Derivative(quadratic, Entry("x", (Var(i),))))
    assert verdict(MATRICES, claim(gradient, "=", mm(al.add(A, T(A)), x))).word == "holds"
    assert verdict(MATRICES, claim(gradient, "=", al.scale(scalar(TWO), mm(A, x)))).word == "refuted"
    symmetric = MATRICES.assume(claim(T(A), "=", A))
    assert verdict(symmetric, claim(gradient, "=", al.scale(scalar(TWO), mm(A, x)))).word == "holds"


def test_a_derivative_at_a_kink_is_drawn_again():
    relu = Cases(((Compare(">", Entry("s"), ZERO), Entry("s")),), ZERO)
    step = Cases(((Compare(">", Entry("s"), ZERO), ONE),), ZERO)
    closed = Cases(((Compare(">=", Entry("s"), ZERO), ONE),), ZERO)
    for right in (step, closed):
        assert verdict(MATRICES, claim(Derivative(relu, Entry("s")), "=", right)).word == "holds"
    assert verdict(MATRICES, claim(Derivative(relu, Entry("s")), "=", ONE)).word == "refuted"


def network():
    """h_t = tanh(W h_{t-1}) for t = 1..T, h_0 free."""
    t, i, k = Index("t1"), fresh("i", D), fresh("k", D)
    before = Entry("h", (add(Var(t), MINUS_ONE), Var(k)))
    body = Function("tanh", (sum_over(k, Mul((Entry("W", (Var(i), Var(k))), before))),))
    model = given(W="d d").declare(Declaration("T", domain=Domain("integer", TWO)))
    family = (Family(Index("t0"), ZERO, Entry("T")),)
    step = Definition((t, i), body, Compare(">=", Var(t), ONE))
    return model.declare(Declaration("h", (D,), family, definitions=(step,)))


def folded(order: str) -> Tensor:
    t, r, c, i, j = Index("k1"), fresh("r", D), fresh("c", D), fresh("i", D), fresh("j", D)
    step = mul(sub(ONE, power(Entry("h", (Var(t), Var(r))), TWO)), Entry("W", (Var(r), Var(c))))
    return Tensor((i, j), Fold(t, ONE, Entry("T"), r, c, step, (Var(i), Var(j)), order))


def test_backpropagation_through_time():
    i, j = fresh("i", D), fresh("j", D)
    jacobian = Tensor((i, j), Derivative(Entry("h", (Entry("T"), Var(i))), Entry("h", (ZERO, Var(j)))))
    found = verdict(network(), claim(jacobian, "=", folded("left")))
    assert found.word == "holds" and len(found.evidence["lengths"]["T"]) >= 2
    wrong = verdict(network(), claim(jacobian, "=", folded("right"))).counterexample
    assert wrong.dims == {"d": 2, "T": 2} and wrong.entry


def test_an_immediate_derivative_holds_earlier_states():
    i = fresh("i", D)
    where = (ONE, TWO)
    w = Entry("W", where)
    last = Entry("h", (Entry("T"), Var(i)))
    previous = Entry("h", (sub(Entry("T"), ONE), TWO))
    expected = mul(delta(Var(i), ONE), sub(ONE, power(last, TWO)), previous)
    immediate = Tensor((i,), Derivative(last, w, (), True, (Entry("T"),)))
    total = Tensor((i,), Derivative(last, w))
    right = Tensor((i,), expected)
    model = network().assume(claim(Size(D), ">=", TWO))
    assert verdict(model, claim(immediate, "=", right)).word == "holds"
    assert verdict(model, claim(total, "=", right)).word == "refuted"


def test_symbolic_derivatives_through_a_recurrence_agree_with_duals():
    from derivcheck.terms.differentiate import resolve_entry

    i, j = fresh("i", D), fresh("j", D)
    for wrt in (Entry("W", (Var(j), ONE)), Entry("h", (ONE, Var(j))), Entry("h", (Entry("T"), Var(j)))):
        derivative = Derivative(Entry("h", (Entry("T"), Var(i))), wrt)
        resolved = resolve_entry(derivative, network())
        assert verdict(network(), claim(Tensor((i, j), derivative), "=", Tensor((i, j), resolved))).word == "holds"


def random_vectors():
    mean, i, j = leaf("m", "n"), fresh("i", N), fresh("j", N)
    covariance = Tensor((i, j), Mul((Entry("v"), delta(Var(i), Var(j)))))
    model = given(m="n").declare(Declaration("v", domain=Domain("real", ZERO, low_strict=True)))
    for name in "qk":
        model = model.declare(Declaration(name, (N,), law=Law("normal", mean, covariance)))
    return model


def test_expectations_under_normal_laws():
    from dataclasses import replace

    dot = mm(T(leaf("q", "n")), leaf("k", "n")).body
    model = random_vectors()
    known = replace(model, independent=frozenset([frozenset("qk")]))
    second = Expectation(power(dot, TWO), ("q", "k"))
    variance = sub(second, power(Expectation(dot, ("q", "k")), TWO))
    size = mm(T(leaf("m", "n")), leaf("m", "n")).body
    right = add(mul(TWO, Entry("v"), size), mul(Size(N), power(Entry("v"), TWO)))
    wrong = add(mul(TWO, Size(N), Entry("v"), size), mul(Size(N), power(Entry("v"), TWO)))
    assert verdict(known, claim(variance, "=", right)).word == "holds"
    assert verdict(known, claim(variance, "=", wrong)).word == "refuted"
    assert verdict(model, claim(variance, "=", right)).word == "undecided"
    exponential = Expectation(Function("exp", (dot,)), ("q",))
    k2 = mm(T(leaf("k", "n")), leaf("k", "n")).body
    closed = Function("exp", (add(mm(T(leaf("m", "n")), leaf("k", "n")).body, mul(HALF, Entry("v"), k2)),))
    assert verdict(known, claim(exponential, "=", closed)).word == "holds"


def test_unknown_functions():
    from dataclasses import replace

    from derivcheck.terms.model import FunctionSymbol

    model = replace(MATRICES, functions={"f": FunctionSymbol("f", ((N,),), ())})
    a = fresh("a", N)
    at_x = Apply("f", (Lambda((a,), Entry("x", (Var(a),))),))
    at_minus = Apply("f", (Lambda((a,), neg(Entry("x", (Var(a),)))),))
    found = verdict(model, claim(at_x, "=", at_minus))
    assert found.word == "refuted" and any(name.startswith("f(") for name in found.counterexample.values)
    i = fresh("i", N)
    slope = Apply("f", at_x.args, (), ((0, (Var(i),)),))
    gradient = Tensor((i,), Derivative(at_x, Entry("x", (Var(i),))))
    assert verdict(model, claim(gradient, "=", Tensor((i,), slope))).word == "holds"


def test_an_approximation_is_checked_at_its_limit():
    given_z = Claim(leaf("z"), "~", scalar(ZERO))
    model = given(a="", b="").declare(Declaration("z", definitions=(Definition((), Function("exp", (Entry("a"),))),)))
    mixed = add(mul(sub(ONE, Entry("z")), Entry("a")), mul(Entry("z"), Entry("b")))
    true = Claim(scalar(mixed), "~", leaf("a"), (), (given_z,))
    false = Claim(scalar(mixed), "~", leaf("b"), (), (given_z,))
    assert verdict(model, true).word == "holds" and verdict(model, false).word == "refuted"
    assert verdict(model, Claim(scalar(mixed), "~", leaf("a"))).word == "undecided"


def test_a_limit_of_an_expression_is_an_equation_to_be_met():
    model = given(a="", b="")
    near = Claim(scalar(add(Entry("a"), Entry("b"))), "~", scalar(ZERO))
    assert verdict(model, Claim(leaf("a"), "~", scalar(neg(Entry("b"))), (), (near,))).word == "holds"
    assert verdict(model, Claim(leaf("a"), "~", leaf("b"), (), (near,))).word == "refuted"
    unmet = Claim(scalar(Function("exp", (Entry("a"),))), "~", scalar(ZERO))
    assert verdict(model, Claim(leaf("a"), "~", leaf("b"), (), (unmet,))).word == "undecided"


def test_iterated_squares_stay_cheap():
    t = Index("t1")
    square = sub(power(Entry("u", (sub(Var(t), ONE),)), TWO), number(Fraction(1, 3)))
    step = Definition((t,), square, Compare(">=", Var(t), ONE))
    model = given().declare(Declaration("u", (), (Family(Index("t0"), ZERO, number(40)),), definitions=(step,)))
    last = Entry("u", (number(40),))
    assert verdict(model, claim(last, "=", add(last, ONE))).word == "refuted"


def test_a_difference_only_at_a_tie_is_not_held_against_a_line():
    def unit_step(relation: str) -> Cases:
        return Cases(((Compare(relation, Entry("s"), ZERO), ONE),), ZERO)

    found = verdict(MATRICES, claim(unit_step(">"), "=", unit_step(">=")))
    assert found.word == "undecided" and "equality" in found.evidence["reason"]
    assert verdict(MATRICES, claim(unit_step(">"), "=", unit_step("<"))).word == "refuted"


def test_conditions_on_the_indices_of_a_claim_choose_its_points():
    i, j = Index("i", N), Index("j", N)
    p = al.softmax(x)
    slope = Derivative(p.at([Var(i)]), Entry("x", (Var(j),)))
    product = neg(mul(p.at([Var(i)]), p.at([Var(j)])))
    apart = Claim(scalar(Var(i)), "!=", scalar(Var(j)), (Parameter(i), Parameter(j)))
    at = (Parameter(i), Parameter(j))
    assert verdict(MATRICES, Claim(scalar(slope), "=", scalar(product), at, (apart,))).word == "holds"
    assert verdict(MATRICES, Claim(scalar(slope), "=", scalar(product), at)).word == "refuted"


def test_a_condition_on_a_value_at_an_index():
    i = Index("i", N)
    positive = Claim(scalar(Entry("x", (Var(i),))), ">", scalar(ZERO), (Parameter(i),))
    size = Function("abs", (Entry("x", (Var(i),)),))
    sides = (scalar(size), "=", scalar(Entry("x", (Var(i),))), (Parameter(i),))
    assert verdict(MATRICES, Claim(*sides, (positive,))).word == "holds"
    assert verdict(MATRICES, Claim(*sides)).word == "refuted"


def test_a_condition_that_cannot_hold_everywhere_chooses_points():
    k = dims("k")[0]
    c = Index("c", k)
    model = given().declare(Declaration("y", (k,), domain=Domain("finite", values=(ZERO, ONE))))
    model = model.assume(claim(al.sum_all(leaf("y", "k")), "=", ONE))
    hot = Claim(scalar(Entry("y", (Var(c),))), "=", scalar(ONE), (Parameter(c),))
    i = fresh("i", k)
    score = sum_over(i, Mul((Entry("y", (Var(i),)), Var(i))))
    assert verdict(model, Claim(scalar(score), "=", scalar(Var(c)), (Parameter(c),), (hot,))).word == "holds"
    assert verdict(model, Claim(scalar(score), "=", scalar(Var(c)), (Parameter(c),))).word == "refuted"


def test_givens_on_index_variables():
    i, j = Index("i", N), Index("j", N)
    at = (Parameter(i), Parameter(j))
    below = MATRICES.assume(Claim(scalar(Var(i)), "<", scalar(Var(j)), at))
    both = scalar(Function("max2", (Var(i), Var(j))))
    assert verdict(below, Claim(both, "=", scalar(Var(j)), at)).word == "holds"
    assert verdict(MATRICES, Claim(both, "=", scalar(Var(j)), at)).word == "refuted"
    assert verdict(below, FALSE["matrices commute"]).word == "refuted"


def test_probability_vectors_stay_so():
    k = dims("k")[0]
    model = given()
    for name in "pq":
        model = model.declare(Declaration(name, (k,), domain=Domain("simplex")))
    i = fresh("i", k)
    p_i, q_i = Entry("p", (Var(i),)), Entry("q", (Var(i),))
    divergence = sum_over(i, Mul((p_i, Function("log", (div(p_i, q_i),)))))
    assert verdict(model, claim(divergence, ">=", ZERO)).word == "holds"
    far = verdict(model, claim(divergence, "<=", ONE))
    assert far.word == "refuted"
    total = sum(Fraction(v) for v in far.counterexample.values["p"])
    assert total == 1
    entropy = sum_over(i, Mul((MINUS_ONE, p_i, Function("log", (p_i,)))))
    assert verdict(model, claim(entropy, "<=", Function("log", (Size(k),)))).word == "holds"
    assert verdict(model, claim(entropy, "<=", ONE)).word == "refuted"


def test_a_claim_says_nothing_of_where_a_recurrence_begins():
    t = Var(Index("t"))
    step = Definition((Index("t"),), Function("tanh", (Entry("u", (sub(t, ONE),)),)))
    model = given().declare(Declaration("u", (), (Family(Index("t0")),), definitions=(step,)))
    s = Var(Index("s"))
    restated = Claim(
        scalar(Entry("u", (s,))), "=", scalar(Function("tanh", (Entry("u", (sub(s, ONE),)),))), (Parameter(Index("s")),)
    )
    assert verdict(model, restated).word == "holds"
    wrong = Claim(scalar(Entry("u", (s,))), "=", scalar(Entry("u", (sub(s, ONE),))), (Parameter(Index("s")),))
    assert verdict(model, wrong).word == "refuted"


def test_laws_are_not_values():
    model = random_vectors()
    assert verdict(model, claim(leaf("q", "n"), "=", al.add(leaf("m", "n"), leaf("k", "n")))).word == "undecided"
    assert verdict(model, claim(al.add(leaf("q", "n"), leaf("k", "n")), "=", leaf("k", "n"))).word == "refuted"


def test_nothing_follows_from_givens_that_cannot_be_met():
    model = given(a="").assume(claim(Entry("a"), "=", ONE), claim(Entry("a"), "=", ZERO))
    found = verdict(model, claim(Entry("a"), "=", number(5)))
    assert found.word == "undecided" and "contradict" in found.evidence["reason"]


def test_sides_of_different_shape():
    found = shapes_rung(claim(x, "=", X), MATRICES, Work())
    assert found.word == "refuted" and found.code == "shape-mismatch"
    assert shapes_rung(claim(x, "=", y), MATRICES, Work()) is None
    equal = MATRICES.assume(claim(Size(dims("m")[0]), "=", Size(N)))
    assert shapes_rung(claim(X, "=", A), equal, Work()) is None


def test_the_same_seed_gives_the_same_counterexample():
    one, two = (verdict(MATRICES, FALSE["determinant of a sum"]).counterexample for _ in range(2))
    assert one == two


def test_work_is_counted():
    from derivcheck.deciding.budget import OutOfWork

    with pytest.raises(OutOfWork):
        verdict(MATRICES, TRUE["vec of a product"], nodes=500)
