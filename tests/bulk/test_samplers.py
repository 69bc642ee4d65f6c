"""Every construction gives values of its kind, exactly, for any noise."""

from __future__ import annotations

import random

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from derivcheck.bulk.arithmetic import Exact
from derivcheck.bulk.machine import Machine, noise_of
from derivcheck.bulk.samplers import CONSTRUCTIONS
from derivcheck.bulk.screening import lowered
from tests.bulk.making import item


def made(name, shape, seed):
    rng = random.Random(seed)
    return CONSTRUCTIONS[name](shape, lambda: fmpq(rng.randint(-30, 30), rng.choice((1, 3, 8))), Exact())


def matrix(values, n):
    return fmpq_mat([[fmpq(values[i, j]) for j in range(1, n + 1)] for i in range(1, n + 1)])


def minors(a, n):
    return [fmpq_mat([[a[i, j] for j in range(k)] for i in range(k)]).det() for k in range(1, n + 1)]


EYE = fmpq_mat([[int(i == j) for j in range(3)] for i in range(3)])
KINDS = {
    "symmetric": lambda a: a == a.transpose(),
    "skew-symmetric": lambda a: a == -1 * a.transpose(),
    "orthogonal": lambda a: a * a.transpose() == EYE,
    "positive definite": lambda a: a == a.transpose() and all(m > 0 for m in minors(a, 3)),
    "negative definite": lambda a: a == a.transpose() and all(m > 0 for m in minors(-1 * a, 3)),
    "an orthogonal projection": lambda a: a * a == a and a == a.transpose(),
    "of norm below 1": lambda a: sum(x * x for row in a.tolist() for x in row) < 1,
    "upper triangular": lambda a: all(a[i, j] == 0 for i in range(3) for j in range(i)),
    "rows summing to 1": lambda a: all(sum(row) == 1 and min(row) > 0 for row in a.tolist()),
    "columns summing to 1": lambda a: all(sum(row) == 1 and min(row) > 0 for row in a.transpose().tolist()),
    "rows one-hot": lambda a: all(sorted(row) == [0, 0, 1] for row in a.tolist()),
    "idempotent": lambda a: a * a == a,
    "involutory": lambda a: a * a == EYE,
    "a permutation": lambda a: a * a.transpose() == EYE and all(sorted(row) == [0, 0, 1] for row in a.tolist()),
    "doubly stochastic": lambda a: all(sum(row) == 1 for row in a.tolist() + a.transpose().tolist()),
    "between 0 and 1": lambda a: all(0 < x < 1 for row in a.tolist() for x in row),
}


@pytest.mark.parametrize("name", KINDS)
def test_matrices(name):
    for seed in range(12):
        assert KINDS[name](matrix(made(name, (3, 3), seed), 3))


def test_vectors():
    for seed in range(12):
        assert sum(made("summing to 1", (4,), seed).values()) == 1
        assert sorted(made("one-hot", (4,), seed).values()) == [0, 0, 0, 1]
        assert sum(x * x for x in made("of length 1", (4,), seed).values()) == 1
        falling = list(made("descending", (4,), seed).values())
        assert falling == sorted(falling, reverse=True) and len(set(falling)) == 4


MATRIX = r"A \in \mathbb{R}^{n \times n}"
VECTOR = r"x \in \mathbb{R}^{n}"
STATES = r"h_t \in \mathbb{R}^{n} \text{ for } t = 0, \dots, T"
BY_CONSTRUCTION = (
    (r"x > 0", r"x > 0"),
    (r"x < 0", r"x < 0"),
    (r"x \ge 0", r"x \ge 0"),
    (r"p \in (0, 1)", r"p (1 - p) > 0"),
    (r"x \in [-2, 3]", r"(x + 2) (3 - x) \ge 0"),
    (r"n \in \mathbb{N}", r"n \ge 1"),
    (r"s \in \{-1, 1\}", r"s^2 = 1"),
    (r"p \in \Delta^{k}", r"\sum_i p_i = 1"),
    (r"p \in \Delta^{k}", r"\min_i p_i > 0"),
    (VECTOR, r"x_i \ge 0", r"\sum_i x_i = 1", r"\min_i x_i \ge 0"),
    (r"y \in \{0, 1\}^k", r"\sum_i y_i (1 - y_i) = 0"),
    (r"y \in \{0, 1\}^k", r"\sum_i y_i = 1", r"\sum_i y_i^2 = 1"),
    (VECTOR, r"\|x\|_2 = 1", r"x^\top x = 1"),
    (MATRIX, r"A^\top = A", r"A - A^\top = 0"),
    (MATRIX, r"A^\top = -A", r"\operatorname{tr}(A) = 0"),
    (MATRIX, r"A^\top A = I", r"A A^\top = I"),
    (r"Q \in \mathbb{R}^{m \times n}", r"m > n", r"Q^\top Q = I", r"\|Q\|_F^2 = n"),
    (MATRIX, r"A \succ 0", r"\det A > 0"),
    (MATRIX, r"A \succ 0", r"\min_i A_{ii} > 0"),
    (MATRIX, r"A \succeq 0", r"\det A \ge -10^{-9}"),
    (MATRIX, r"\|A\|_2 < 1", r"\|A\|_2 < 1"),
    (MATRIX, r"A^\top = A", r"\|A\|_2 < 1", r"\|A\|_2 < 1"),
    (MATRIX, r"A_{ij} \ge 0", r"\sum_j A_{ij} = 1", r"A \mathbf{1} = \mathbf{1}"),
    (MATRIX, r"A_{ij} = 0 \text{ for } i < j", r"A_{1,2} = 0"),
    (MATRIX, r"A_{ij} = 0 \text{ for } i \ne j", r"A^\top = A"),
    (r"A \in \mathbb{R}^{m \times n}", r"m > n", r"m \ge n + 1"),
    (STATES, r"A \in \mathbb{R}^{n \times n}", r"T \ge 3", r"h_t = A h_{t-1}", r"h_2 = A^2 h_0"),
    (STATES, r"T \ge 3", r"h_t = \tanh(h_{t-1})", r"h_3 = \tanh(\tanh(h_1))"),
)
BY_CHANCE = (  # the floats keep the points that meet the givens (a construction may round badly)
    (VECTOR, r"\|x\|_2 < 1", r"x^\top x < 1"),
    (MATRIX, r"A^2 = A", r"A^3 = A"),
    (MATRIX, r"A^2 = I", r"A^{-1} = A"),
    (MATRIX, r"\det A \ne 0", r"A A^{-1} = I"),
    (VECTOR, r"\|x\| \le r", r"r > 0", r"x^\top x \le r^2"),
    (r"a, b \in \mathbb{R}", r"a < b", r"b - a > 0"),
    (r"a, b, c \in \mathbb{R}", r"a < b", r"b < c", r"c - a > 0"),
    (r"s_i \in \mathbb{R} \text{ for } i = 1, \dots, n", r"s_i \ge s_{i+1}", r"s_1 \ge s_n"),
)


@pytest.fixture(scope="module")
def machines():
    pytest.importorskip("jax")
    return Machine(), Machine.on("cpu")


@pytest.mark.parametrize("lines", BY_CONSTRUCTION + BY_CHANCE, ids=[" | ".join(g) for g in BY_CONSTRUCTION + BY_CHANCE])
def test_samples_meet_the_givens_on_the_device(lines, machines):
    """Of the violations of what the givens imply none is positive; points that miss the givens are nan."""
    *given, implied = lines
    one = item(implied, *given)
    tape = lowered(one, 1).tape
    noise = noise_of(max(tape.noise, 1), 300, 1)
    limit = 1e-9 if one.claim.relation == "=" else 0.0
    for machine in machines:
        violation = machine.values([tape], noise)[0][0]
        met = np.isfinite(violation)
        assert met.all() if lines in BY_CONSTRUCTION else met.sum() >= 10
        assert (violation[met] <= limit).all()
