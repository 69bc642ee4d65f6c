"""Every construction gives values of its kind, exactly, for any noise."""

from __future__ import annotations

import random

import pytest
from flint import fmpq, fmpq_mat

from derivcheck.bulk.arithmetic import Exact
from derivcheck.bulk.machine import Machine
from derivcheck.bulk.samplers import CONSTRUCTIONS
from derivcheck.bulk.screening import lowered, screen
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


GIVENS = (
    (r"p \in \Delta^{k}", r"\sum_i p_i = 1"),
    (r"Q \in \mathbb{R}^{n \times n}", r"Q^\top Q = I", r"\|Q\|_F^2 = n"),
    (r"S \in \mathbb{R}^{n \times n}", r"S \succ 0", r"\operatorname{tr}(S) > 0"),
    (r"S \in \mathbb{R}^{n \times n}", r"S^\top = S", r"(S^2)^\top = S^2"),
    (r"x \in \mathbb{R}^{n}", r"\|x\|_2 < 1", r"\sum_i x_i^2 < 1"),
    (r"y \in \{0, 1\}^{k}", r"\sum_i y_i = 1", r"\sum_i y_i^2 = 1"),
    (r"a, b \in \mathbb{R}", r"a < b", r"a + 1 < b + 1"),
)


@pytest.mark.parametrize("lines", GIVENS, ids=[g[-1] for g in GIVENS])
def test_givens_are_met_on_the_device(lines):
    *given, claim = lines
    one = item(claim, *given)
    assert lowered(one, 1).tape.noise > 0
    (found,) = screen([one], Machine())
    assert found.points > 100 and not found.flagged
