"""Inequalities proved from lemmas; false ones, and true ones with the wrong strictness, are never proved."""

from fractions import Fraction

import pytest

from derivcheck.terms import algebra as al
from derivcheck.terms.model import Claim
from tests.deciding.order_givens import (
    MODEL,
    A,
    B,
    C,
    D,
    N,
    T,
    a,
    add,
    b,
    c,
    div,
    f,
    had,
    half,
    mm,
    n,
    neg,
    num,
    one,
    p,
    proof,
    q,
    r,
    root,
    s,
    sigmoid,
    sq,
    sub,
    theta,
    times,
    two,
    u,
    v,
    w1,
    w2,
    x,
    zero,
)  # fmt: skip

entropy = neg(al.inner(p, f("log", p)))
relative = al.inner(p, f("log", div(p, q)))
one_minus_tanh = sub(one, sq(f("tanh", u)))
lse = al.log_sum_exp(x)
identity = al.identity(D)
slopes = al.diag(one_minus_tanh)

TRUE = {
    # norms of products and sums
    "submultiplicative": (N(mm(A, B)), "<=", mm(N(A), N(B))),
    "three factors": (N(mm(mm(A, B), C)), "<=", times(N(A), N(B), N(C))),
    "matrix times vector": (N(mm(A, v)), "<=", had(N(A), N(v))),
    "two matrices times vector": (N(mm(mm(A, B), v)), "<=", times(N(A), N(B), N(v))),
    "Frobenius of a product": (N(mm(A, B), "F"), "<=", had(N(A, "F"), N(B, "F"))),
    "Frobenius by spectral": (N(mm(A, B), "F"), "<=", had(N(A), N(B, "F"))),
    "triangle, Frobenius": (N(add(A, B), "F"), "<=", add(N(A, "F"), N(B, "F"))),
    "triangle, spectral": (N(sub(A, B)), "<=", add(N(A), N(B))),
    "reverse triangle": (f("abs", sub(N(u), N(v))), "<=", N(sub(u, v))),
    "sum times vector": (N(mm(add(A, B), v)), "<=", had(add(N(A), N(B)), N(v))),
    "Lipschitz": (N(sub(mm(A, u), mm(A, v))), "<=", had(N(A), N(sub(u, v)))),
    "common left factor": (N(sub(mm(A, B), mm(A, C))), "<=", had(N(A), N(sub(B, C)))),
    "difference of squares": (sq(N(sub(u, v))), "<=", add(al.scale(two, sq(N(u))), al.scale(two, sq(N(v))))),
    "diagonal times matrix": (N(mm(al.diag(one_minus_tanh), A)), "<=", N(A)),
    "diagonal": (N(al.diag(one_minus_tanh)), "<=", one),
    "outer product": (N(al.outer(u, v)), "<=", had(N(u), N(v))),
    "Gram matrix": (N(mm(T(A), A)), "<=", sq(N(A))),
    # chains of several estimates
    "residual block": (N(add(identity, mm(mm(A, slopes), B))), "<=", add(one, times(N(A), N(B)))),
    "two residual blocks times vector": (N(mm(mm(add(identity, A), add(identity, B)), v)), "<=",
                                         times(add(one, N(A)), add(one, N(B)), N(v))),
    # one norm by another
    "spectral by Frobenius": (N(A), "<=", N(A, "F")),
    "Frobenius by spectral, size": (N(A, "F"), "<=", had(root(n), N(A))),
    "max by Euclidean": (N(u, "inf"), "<=", N(u)),
    "Euclidean by sum": (N(u), "<=", N(u, "1")),
    "sum by Euclidean": (N(u, "1"), "<=", had(root(n), N(u))),
    "max by sum": (N(u, "inf"), "<=", N(u, "1")),
    "sum by max": (N(u, "1"), "<=", had(n, N(u, "inf"))),
    # Cauchy-Schwarz
    "Cauchy-Schwarz": (f("abs", al.inner(u, v)), "<=", had(N(u), N(v))),
    "Cauchy-Schwarz, squared": (sq(al.inner(u, v)), "<=", had(al.inner(u, u), al.inner(v, v))),
    "cosine": (div(al.inner(u, v), had(N(u), N(v))), "<=", one),
    "bilinear": (f("abs", al.inner(u, mm(A, v))), "<=", times(N(A), N(u), N(v))),
    "trace": (al.trace(mm(T(A), B)), "<=", had(N(A, "F"), N(B, "F"))),
    "square of a sum": (sq(al.sum_all(u)), "<=", had(n, al.sum_all(sq(u)))),
    "quadratic form of a Gram matrix": (al.inner(u, mm(T(A), mm(A, u))), ">=", zero),
    # functions
    "derivative of tanh": (sub(one, sq(f("tanh", a))), "<=", one),
    "derivative of tanh, positive": (sub(one, sq(f("tanh", a))), ">", zero),
    "tanh shrinks": (f("abs", f("tanh", a)), "<=", f("abs", a)),
    "tanh of a vector": (N(f("tanh", u), "inf"), "<=", one),
    "tanh of a vector, Euclidean": (N(f("tanh", u)), "<=", root(n)),
    "tanh shrinks a vector": (N(f("tanh", u)), "<=", N(u)),
    "sigmoid below 1": (sigmoid(a), "<", one),
    "sigmoid above 0": (sigmoid(u), ">", zero),
    "derivative of the sigmoid": (had(sigmoid(a), sub(one, sigmoid(a))), "<=", num(Fraction(1, 4))),
    "sigmoid of what is nonnegative": (sigmoid(f("abs", a)), ">=", half),
    "logarithm": (f("log", s), "<=", sub(s, one)),
    "exponential": (f("exp", a), ">=", add(one, a)),
    "exponential, shifted": (f("exp", sub(a, one)), ">=", a),
    "softplus": (f("log", add(one, f("exp", a))), ">=", f("max2", a, zero)),
    "ReLU is Lipschitz": (f("abs", sub(f("max2", a, zero), f("max2", b, zero))), "<=", f("abs", sub(a, b))),
    "e is below 3": (f("exp", one), "<", num(3)),
    # means of two numbers
    "arithmetic and geometric mean": (root(had(s, r)), "<=", div(add(s, r), two)),
    "two products": (times(two, a, b), "<=", add(sq(a), sq(b))),
    # probability vectors
    "entry of a distribution": (p, "<=", one),
    "surprise": (neg(f("log", p)), ">=", zero),
    "softmax at most 1": (al.softmax(u), "<=", one),
    "softmax positive": (al.softmax(u), ">", zero),
    "sum of squares of softmax": (al.sum_all(sq(al.softmax(u))), "<=", one),
    "entropy": (entropy, ">=", zero),
    "entropy at most log n": (entropy, "<=", f("log", n)),
    "Gibbs": (relative, ">=", zero),
    "cross-entropy": (neg(al.inner(p, f("log", q))), ">=", entropy),
    "Jensen for log": (f("log", al.inner(p, q)), ">=", al.inner(p, f("log", q))),
    "Jensen for exp": (f("exp", al.inner(p, u)), "<=", al.inner(p, f("exp", u))),
    "Jensen for squares": (sq(al.inner(p, u)), "<=", al.inner(p, sq(u))),
    "mean at most max": (al.inner(p, u), "<=", al.reduce_all("max", u)),
    "weighted mean by max norm": (al.inner(p, f("abs", u)), "<=", N(u, "inf")),
    "Bernoulli variance": (had(theta, sub(one, theta)), "<=", num(Fraction(1, 4))),
    "product of probabilities": (had(p, q), "<=", p),
    # extrema
    "log-sum-exp at least max": (lse, ">=", al.reduce_all("max", x)),
    "log-sum-exp at most max + log n": (lse, "<=", add(al.reduce_all("max", x), f("log", n))),
    "log-sum-exp at least an entry": (add(lse, al.scale(zero, x)), ">=", x),
    "min at most max": (al.reduce_all("min", u), "<=", al.reduce_all("max", u)),
    "clipped": (had(N(u), f("min2", one, div(one, N(u)))), "<=", one),
    "normalized": (N(div(u, N(u))), "<=", one),
    # sums term by term
    "sum of tanh": (al.sum_all(f("tanh", u)), "<=", n),
    "sum of logs": (al.sum_all(f("log", q)), "<=", zero),
    "sums of sums": (al.sum_all(had(u, v)), "<=", div(add(al.sum_all(sq(u)), al.sum_all(sq(v))), two)),
}

FALSE = {
    "submultiplicative by max": (N(mm(A, B)), "<=", f("max2", N(A), N(B))),
    "submultiplicative reversed": (N(mm(A, B)), ">=", mm(N(A), N(B))),
    "spectral norm of entries": (N(A), ">=", N(A, "F")),
    "sum norm by Euclidean": (N(u, "1"), "<=", N(u)),
    "triangle with a part": (N(add(A, B), "F"), "<=", N(A, "F")),
    "reverse triangle, wrong": (N(sub(u, v)), ">=", add(N(u), N(v))),
    "Cauchy-Schwarz reversed": (f("abs", al.inner(u, v)), ">=", had(N(u), N(v))),
    "square of a sum without n": (sq(al.sum_all(u)), "<=", al.sum_all(sq(u))),
    "derivative of tanh by a half": (sub(one, sq(f("tanh", a))), "<=", half),
    "tanh strictly positive": (f("tanh", a), ">", zero),
    "sigmoid by a half": (sigmoid(a), "<=", half),
    "derivative of sigmoid by a fifth": (had(sigmoid(a), sub(one, sigmoid(a))), "<=", num(Fraction(1, 5))),
    "strict at equality": (f("log", s), "<", sub(s, one)),
    "softmax strictly below 1": (al.softmax(u), "<", one),
    "entropy above log n": (entropy, ">=", f("log", n)),
    "Gibbs reversed": (relative, "<=", zero),
    "Jensen reversed": (f("log", al.inner(p, q)), "<=", al.inner(p, f("log", q))),
    "exp reversed": (f("exp", a), "<=", add(one, a)),
    "diagonal strict": (N(mm(al.diag(one_minus_tanh), A)), "<", N(A)),
    "residual block without the block": (N(add(identity, mm(mm(A, slopes), B))), "<=", times(N(A), N(B))),
    "residual block by a maximum": (N(add(identity, mm(A, B))), "<=", f("max2", one, times(N(A), N(B)))),
    "residual block strict": (N(add(identity, mm(mm(A, slopes), B))), "<", add(one, times(N(A), N(B)))),
    "layers by one norm": (N(mm(mm(slopes, A), mm(slopes, B))), "<=", N(A)),
    "max below mean": (al.inner(p, u), ">=", al.reduce_all("max", u)),
    "log-sum-exp below max": (lse, "<=", al.reduce_all("max", x)),
    "any two numbers": (a, "<=", b),
    "square at least itself": (sq(a), ">=", a),
    "product of norms": (N(A), "<=", had(N(A), N(A))),
    "quadratic form of any matrix": (al.inner(u, mm(A, u)), ">=", zero),
    "sum of any vector": (al.sum_all(u), "<=", n),
    "arithmetic mean below geometric": (root(had(s, r)), ">=", div(add(s, r), two)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_is_proved(name):
    assert proof(*TRUE[name]) is not None


@pytest.mark.parametrize("name", FALSE)
def test_false_is_never_proved(name):
    assert proof(*FALSE[name]) is None


@pytest.mark.long
@pytest.mark.parametrize("name", TRUE)
def test_the_opposite_of_what_is_true_is_never_proved(name):
    """`left < right` proved and `left > right` proved too would be a contradiction in the lemmas."""
    left, relation, right = TRUE[name]
    opposite = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}[relation]
    assert proof(left, opposite, right) is None


# --- givens --------------------------------------------------------------------------------------------------------

THRESHOLD = MODEL.assume(Claim(b, "<", zero), Claim(add(w1, b), ">=", zero), Claim(add(w2, b), ">=", zero))


def test_assumptions_are_used_and_named():
    used = proof(add(w1, w2), ">=", al.scale(num(-2), b), THRESHOLD)
    assert used is not None and "assumption" in used
    assert proof(al.scale(num(-2), b), ">", neg(b), THRESHOLD) is not None
    assert proof(al.scale(num(-2), b), "<", neg(b), THRESHOLD) is None


def test_from_contradictory_givens_nothing_is_proved():
    from derivcheck.deciding.order import givens_contradict

    impossible = THRESHOLD.assume(Claim(add(add(w1, w2), b), "<", zero))
    assert givens_contradict(impossible) is True
    assert givens_contradict(THRESHOLD) is False
    assert proof(a, "<=", c, impossible) is None


def test_a_condition_of_the_claim_counts():
    assert proof(had(a, a), "<=", a, given=(Claim(a, ">=", zero), Claim(a, "<=", one))) is not None
    assert proof(had(a, a), "<=", a, given=(Claim(a, ">=", zero),)) is None


def test_equalities_of_maxima_and_absolute_values_are():
    assert proof(f("max2", a, neg(a)), "=", f("abs", a)) is not None
    assert proof(f("max2", a, neg(a)), "=", a) is None
