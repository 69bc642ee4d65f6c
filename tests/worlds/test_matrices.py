"""Certified operations on matrices against NumPy."""

from __future__ import annotations

import contextlib
import random

import numpy as np
import pytest
from flint import arb, fmpq

from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import Balls, precision
from derivcheck.worlds.errors import NoValue, Undefined
from derivcheck.worlds.layers import Numbers

NUMBERS = Numbers(Balls())


def random_rows(seed: int, n: int, m: int) -> tuple[list, np.ndarray]:
    rng = random.Random(seed)
    rows = [[fmpq(rng.randint(-5, 5), rng.randint(1, 4)) for _ in range(m)] for _ in range(n)]
    return rows, np.array([[int(x.p) / int(x.q) for x in row] for row in rows])


def irrational(rows: list) -> list:
    return [[arb(x).atan() for x in row] for row in rows]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("shape", [(1, 3), (2, 2), (3, 4), (4, 4)])
def test_norms_enclose_what_numpy_finds(seed, shape):
    rows, plain = random_rows(seed, *shape)
    for given, array in ((rows, plain), (irrational(rows), np.arctan(plain))):
        assert float(arb(matrices.norm2(given, NUMBERS))) == pytest.approx(np.linalg.norm(array, 2), rel=1e-9)
        assert float(arb(matrices.nuclear(given, NUMBERS))) == pytest.approx(np.linalg.norm(array, "nuc"), rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_eigenvalues_and_radius(seed):
    rows, plain = random_rows(seed, 3, 3)
    symmetric = [[rows[min(i, j)][max(i, j)] for j in range(3)] for i in range(3)]
    array = np.array([[int(x.p) / int(x.q) for x in row] for row in symmetric])
    values = np.linalg.eigvalsh(array)
    assert float(matrices.eigmax(symmetric, NUMBERS)) == pytest.approx(values[-1], abs=1e-9)
    assert float(matrices.eigmin(symmetric, NUMBERS)) == pytest.approx(values[0], abs=1e-9)
    assert float(matrices.radius(rows, NUMBERS)) == pytest.approx(abs(np.linalg.eigvals(plain)).max(), rel=1e-9)


def test_repeated_eigenvalues_are_no_obstacle():
    eye = matrices.identity(4)
    assert float(matrices.norm2(eye, NUMBERS)) == 1.0
    assert float(matrices.nuclear(eye, NUMBERS)) == 4.0
    with precision(128):
        third = arb(1).exp()
        balls = [[third * x for x in row] for row in eye]
        with contextlib.suppress(NoValue):  # allowed to give up, never to be wrong
            assert matrices.norm2(balls, NUMBERS).contains(third)


def test_singular_matrices_have_no_inverse():
    with pytest.raises(Undefined):
        matrices.inverse([[1, 2], [2, 4]], NUMBERS)
    assert matrices.det([[1, 2], [2, 4]], NUMBERS) == 0
    assert matrices.rank([[1, 2], [2, 4]], NUMBERS) == 1


def test_pseudo_inverse_meets_the_four_equations_of_penrose():
    a = [[1, 2, 3], [2, 4, 6], [1, 0, 1]]
    x = matrices.pseudo_inverse(a, NUMBERS)
    ax, xa = matrices.product(a, x), matrices.product(x, a)
    assert matrices.product(ax, a) == a and matrices.product(xa, x) == x
    assert matrices.transpose(ax) == ax and matrices.transpose(xa) == xa


def test_definite_matrices():
    assert matrices.definite([[2, 1], [1, 1]], NUMBERS, strict=True)
    assert not matrices.definite([[1, 1], [1, 1]], NUMBERS, strict=True)
    assert matrices.definite([[1, 1], [1, 1]], NUMBERS, strict=False)
    assert not matrices.definite([[0, 1], [1, 1]], NUMBERS, strict=False)
