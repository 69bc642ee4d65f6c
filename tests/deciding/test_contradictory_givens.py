"""Hostile and degenerate claims: givens that nothing satisfies, names defined by themselves, sides without a value, no
dimension, huge exponents. A clear finding, in time, and never a verdict about nothing."""

from __future__ import annotations

import time

import pytest

from derivcheck.checking.verifying import verify_claim

X = r"x \in \mathbb{R}"
XY = r"x, y \in \mathbb{R}"
V = r"v \in \mathbb{R}^n"
A = r"A \in \mathbb{R}^{n \times n}"

CONTRADICTORY = (
    ((XY, "x = y", "x = y + 1"), ("x = 3 y", "x = y", "x + 1 = x + 1")),
    ((X, "x = 1", "x = 2"), ("x = 1", "x = 2", "x = 3")),
    ((X, "x = x + 1"), ("x = x", "x = 3")),
    ((X, "x > 0", "x < 0"), ("x^2 > 0", "x^2 < 0", "x = x", "x = x + 1")),
    ((X, "x^2 = -1"), ("x^4 = 1", "x = 1")),
    ((X, "e^x = 0"), ("x = x", "x = 1")),
    ((X, r"\sin x = 2"), ("x = x", "x = 1")),
    ((X, r"x \ne x"), ("x = x", "x = 1")),
    ((X, "x > 1", "y = x", "y < 0"), ("x = y", "y^2 \\ge 0", "x = 2")),
    ((X, "1 = 2"), ("x = x", "x = 1")),
    ((r"p \in (0, 1)", "p = 2"), ("p = 2", "p = 1")),
    ((r"p \in (1, 0)",), ("p = p", "p = 1")),
    ((r"p \in \mathbb{R}^n", r"\sum_i p_i = 1", "p_i > 1"), (r"\sum_i p_i = 1", r"\sum_i p_i = 2", "p_1 > 2")),
    ((r"p \in \Delta^k", "p_1 = 2"), ("p_1 = 2", "p_1 = 3")),
    ((r"m \in \mathbb{N}", "m < 1"), ("m = m", "m = 2")),
    ((V, r"\|v\| < 0"), ("v = v", "v = 2 v")),
    ((V, "n = 0"), ("v = v", "v = 2 v")),
    ((r"B \in \mathbb{R}^{m \times n}", "m > n", "m < n"), ("B = B", "B = 2 B")),
    ((A, r"A \succ 0", r"-A \succ 0"), ("A = A", "A = 2 A", r"\det A > 0")),
    ((A, r"A^\top = A", r"A^\top = -A", r"A \ne 0"), ("A = A", "A = 2 A", "A = 0")),
    ((r"X \sim \mathcal{N}(0, -1)",), (r"\operatorname{Var}(X) = -1", r"\operatorname{Var}(X) = 1")),
    ((r"d \in \{0, 1\}", "P(d = 1) = 2"), (r"\mathbb{E}[d] = 2", r"\mathbb{E}[d] = 1")),
    (("p(c) > 2",), ("p(c) > 1", "p(c) < 1")),
)
WITHOUT_VALUE = (
    ((X,), (r"\frac{1}{x - x} = \frac{1}{x - x}", r"\frac{1}{x - x} = 1")),
    ((X,), (r"\log(-x^2 - 1) < 0", r"\sqrt{-1 - x^2} = 1")),
    ((r"a, b \in \mathbb{R}", "a = b + 1", "b = a + 1"), ("a = b + 1", "a = a", "a = b + 2")),
    (("f(x) = f(x) + 1",), ("f(2) = f(2)", "f(2) = 3")),
    ((r"v \in \mathbb{R}^0",), ("v = v", "v = 2 v", r"\|v\| = 1")),
    ((r"A \in \mathbb{R}^{0 \times n}",), ("A = A", r"\|A\|_F = 1")),
)
HUGE = (
    ((X,), "x^{10^{10}} = x^{10^{10}}", True), ((X,), "x^{10^{10}} = x^{10^{10} + 1}", False),
    ((X,), r"x^{10^{10}} \ge 0", True), ((X,), "x^{10^{10^{10}}} = 0", False),
    ((A,), "A^{1000000} A = A^{1000001}", True), ((A,), "A^{1000000} = A", False),
    ((A,), r"\operatorname{tr}(A^{1000000}) \ge 0", True),
)  # fmt: skip
SATISFIABLE = (
    ((A, r"A^\top = -A", r"A \ne 0"), r"\operatorname{tr}(A) = 0"),
    ((XY, "r > 0", "r = x - y"), "|x - y| = x - y"),
    ((r"p \in \mathbb{R}", r"d \in \{0, 1\}", "P(d = 1) = p"), "|p| = p"),
    ((r"a, b \in \mathbb{R}", "x \\sim U(a, b)"), "|b - a| = b - a"),
    ((X, "y = x^2", "y = 2 x"), "y^2 = 4 y"),
    ((r"D \in \mathbb{R}^{n \times n}", r"D_{ij} = 0 \text{ if } i \ne j"), r"D^\top = D"),
)


def claims(table):
    return [pytest.param(given, text, id=f"{'; '.join(given)} | {text}") for given, texts in table for text in texts]


def judged(given, text):
    """The verdict, and the seconds of this process that it took."""
    before = time.process_time()
    result = verify_claim(text, given, seed=7)
    return result, time.process_time() - before


@pytest.mark.parametrize(("given", "text"), claims(CONTRADICTORY))
def test_nothing_is_judged_under_givens_that_contradict_each_other(given, text):
    result, seconds = judged(given, text)
    assert result.verdict == "undecided"
    assert [f.code for f in result.findings] == ["contradictory-givens"]
    assert seconds < 3  # on a slow machine; one second elsewhere


@pytest.mark.parametrize(("given", "text"), claims(WITHOUT_VALUE))
def test_nothing_is_said_of_what_has_no_value(given, text):
    result, seconds = judged(given, text)
    assert result.verdict == "undecided"
    assert result.findings
    assert seconds < 3


@pytest.mark.parametrize(("given", "text", "right"), HUGE, ids=[text for _, text, _ in HUGE])
def test_huge_exponents(given, text, right):
    result, seconds = judged(given, text)
    assert result.verdict in (("proved", "undecided") if right else ("refuted", "undecided"))
    assert seconds < 3


@pytest.mark.parametrize(("given", "text"), SATISFIABLE, ids=[text for _, text in SATISFIABLE])
def test_what_follows_from_givens_that_can_be_met_does(given, text):
    result, _ = judged(given, text)
    assert result.verdict in ("proved", "holds")
