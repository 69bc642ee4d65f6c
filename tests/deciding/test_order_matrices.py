"""Matrices as a whole: ordered products, recurrences, rank, quadratic forms; cases and definitions."""

import pytest

from derivcheck.deciding.budget import Work
from derivcheck.deciding.order import rung
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement


def proofs(claim, given):
    """For each link of a line: whether it is proved."""
    scope, _ = read_givens(list(given))
    statement = read_statement(claim, scope, None)
    assert statement.links, [f.message for f in statement.findings]
    return [rung(link.claim, scope.model, Work()) is not None for link in statement.links]


RNN = (
    r"W \in \mathbb{R}^{d \times d}", r"U \in \mathbb{R}^{d \times n}", r"b \in \mathbb{R}^d", r"T \in \mathbb{N}",
    r"x_t \in \mathbb{R}^n \text{ for } t = 1, \dots, T", r"h_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
    r"h_t = \tanh(W h_{t-1} + U x_t + b)",
)  # fmt: skip
MATRICES = (
    r"A, B, S, P \in \mathbb{R}^{n \times n}", r"x, y \in \mathbb{R}^n", r"G \in \mathbb{R}^{n \times m}",
    r"H \in \mathbb{R}^{m \times n}", r"Q \in \mathbb{R}^{n \times n}", r"Q^\top Q = I",
    r"S^\top = S", r"P \succ 0", r"k \in \mathbb{N}",
)  # fmt: skip

TRUE = [
    (RNN, r"\left\| \frac{\partial h_i}{\partial h_{i-1}} \right\|_2 \le \|W\|_2"),
    (RNN, r"\left\| \frac{\partial h_t}{\partial h_i} \right\|_2 \le \|W\|_2^{t-i}"),
    (RNN, r"\left\| \prod_{k=i+1}^t \frac{\partial h_k}{\partial h_{k-1}} \right\|_2"
          r" \le \prod_{k=i+1}^t \left\| \frac{\partial h_k}{\partial h_{k-1}} \right\|_2"),
    (RNN, r"\prod_{k=i+1}^t \left\| \frac{\partial h_k}{\partial h_{k-1}} \right\|_2 \le \prod_{k=i+1}^t \|W\|_2"),
    (MATRICES, r"\|A^k\|_2 \le \|A\|_2^k"),
    (MATRICES, r"\|A^3\|_2 \le \|A\|_2^3"),
    (MATRICES, r"\operatorname{rank}(AB) \le \operatorname{rank}(A)"),
    (MATRICES, r"\operatorname{rank}(GH) \le m"),
    (MATRICES, r"\operatorname{rank}(A + B) \le \operatorname{rank}(A) + \operatorname{rank}(B)"),
    (MATRICES, r"\operatorname{rank}(x y^\top) \le 1"),
    (MATRICES, r"x^\top P x \ge 0"),
    (MATRICES, r"x^\top S x \le \lambda_{\max}(S) \|x\|^2"),
    (MATRICES, r"\lambda_{\max}(S) \le \|S\|_2"),
    (MATRICES, r"\rho(A) \le \|A\|_2"),
    (MATRICES, r"\|Q A\|_2 \le \|A\|_2"),
    (MATRICES, r"\|Q\|_2 = 1"),
    (MATRICES, r"\|S^2\|_2 = \|S\|_2^2"),
    (MATRICES, r"\lambda_{\max}(A^\top A) = \|A\|_2^2"),
    (MATRICES, r"\|A^\top\|_2 = s_{\max}(A)"),
    (MATRICES, r"\max(x_1, x_2) = \frac{x_1 + x_2 + |x_1 - x_2|}{2}"),
    (MATRICES, r"\operatorname{tr}(P) > 0"),
    (MATRICES, r"\operatorname{tr}(A^\top A) \ge 0"),
    (MATRICES, r"\|S^2\|_2 \le \|S\|_2^2"),
    (MATRICES, r"P + A^\top A \succ 0"),
    (MATRICES, r"A^\top A \succeq 0"),
    ((r"x \in \mathbb{R}", r"r(z) = \begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}"), r"r(x) \ge 0"),
    ((r"x \in \mathbb{R}", r"r(z) = \begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}"), r"r(x) \ge x"),
    ((r"x \in \mathbb{R}^n", r"m = \max_i x_i"), r"x_j \le m"),
]
FALSE = [
    (RNN, r"\left\| \frac{\partial h_i}{\partial h_{i-1}} \right\|_2 \le \frac12 \|W\|_2"),
    (RNN, r"\left\| \frac{\partial h_t}{\partial h_i} \right\|_2 \le \|W\|_2^{t-i-1}"),
    (RNN, r"\left\| \frac{\partial h_t}{\partial h_i} \right\|_2 \le \|W\|_2"),
    (RNN, r"|h_i[j]| \le 1"),
    (MATRICES, r"\|A^k\|_2 \ge \|A\|_2^k"),
    (MATRICES, r"\rho(A) \ge \|A\|_2"),
    (MATRICES, r"\|A^2\|_2 = \|A\|_2^2"),
    (MATRICES, r"\lambda_{\max}(A A) = \|A\|_2^2"),
    (MATRICES, r"\|A\|_2 = 1"),
    (MATRICES, r"\max(x_1, x_2) = \frac{x_1 + x_2 - |x_1 - x_2|}{2}"),
    (MATRICES, r"\operatorname{rank}(AB) \ge \operatorname{rank}(A)"),
    (MATRICES, r"\operatorname{rank}(GH) \ge m"),
    (MATRICES, r"x^\top A x \ge 0"),
    (MATRICES, r"x^\top S x \ge 0"),
    (MATRICES, r"x^\top P x > 0"),
    (MATRICES, r"x^\top A x \le \lambda_{\max}(A) \|x\|^2"),
    (MATRICES, r"P + S \succ 0"),
    (MATRICES, r"A^\top A \succ 0"),
    (MATRICES, r"P + A \succeq 0"),
    ((r"x \in \mathbb{R}", r"r(z) = \begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}"), r"r(x) > 0"),
]


@pytest.mark.parametrize("given, claim", TRUE, ids=[c for _, c in TRUE])
def test_true_is_proved(given, claim):
    assert all(proofs(claim, given))


@pytest.mark.parametrize("given, claim", FALSE, ids=[c for _, c in FALSE])
def test_false_is_never_proved(given, claim):
    assert not any(proofs(claim, given))


def test_a_recurrence_with_a_second_lag_is_no_chain_of_single_steps():
    given = (*RNN[:-1], r"V \in \mathbb{R}^{d \times d}", r"h_t = \tanh(W h_{t-1} + V h_{t-2})")
    assert not any(proofs(r"\left\| \frac{\partial h_t}{\partial h_i} \right\|_2 \le \|W\|_2^{t-i}", given))


def test_the_bound_of_a_step_can_be_given():
    given = (*RNN, r"\|W\|_2 < 1")
    assert all(proofs(r"\left\| \frac{\partial h_t}{\partial h_i} \right\|_2 \le 1", given))

