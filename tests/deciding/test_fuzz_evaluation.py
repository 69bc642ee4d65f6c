"""Random typed terms, evaluated exactly and in balls, against the same expression in plain NumPy; gradients (forward
duals) against central differences of the NumPy side and against symbolic differentiation."""

from __future__ import annotations

import random

import numpy as np
import pytest

from derivcheck.terms import algebra as al
from derivcheck.terms.build import number
from derivcheck.terms.differentiate import push
from derivcheck.terms.node import Derivative, Entry
from derivcheck.terms.tensor import Tensor
from derivcheck.worlds.arithmetic import Balls, Floats, is_exact
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.world import SMALL, World
from tests.worlds.making import given, leaf

SIZES = {"m": 2, "n": 3}
SHAPES = {"A": "m n", "B": "n n", "C": "n m", "x": "n", "y": "m", "c": ""}
MODEL = given(**SHAPES)


def softmax(v: np.ndarray) -> np.ndarray:
    e = np.exp(v - v.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class Grower:
    """Grows one expression twice: as a tensor, and as a function of NumPy arrays."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def of(self, shape: str, depth: int):
        """A pair of (tensor, function of the arrays)."""
        rules = [self.leaf] if depth == 0 else [self.sum, self.entrywise, self.hadamard, self.scaled, self.product]
        if depth and shape == "":
            rules += [self.inner, self.trace, self.total, self.norm]
        if depth and shape in ("n", "m"):
            rules += [self.softmax, self.diagonal]
        if depth and shape in ("n n", "m m"):
            rules += [self.inverse, self.diag]
        if depth and " " in shape:
            rules.append(self.transpose)
        return self.rng.choice(rules)(shape, depth - 1)

    def leaf(self, shape, depth):
        names = [n for n, s in SHAPES.items() if s == shape]
        if not names:
            (rows, cols) = shape.split()
            left, right = self.of(f"{rows} n", 0), self.of(f"n {cols}", 0)
            return al.matmul(left[0], right[0]), lambda v: left[1](v) @ right[1](v)
        name = self.rng.choice(names)
        return leaf(name, shape), lambda v: v[name]

    def sum(self, shape, depth):
        a, b = self.of(shape, depth), self.of(shape, depth)
        return al.add(a[0], b[0]), lambda v: a[1](v) + b[1](v)

    def entrywise(self, shape, depth):
        a = self.of(shape, depth)
        name, f = self.rng.choice([("tanh", np.tanh), ("sin", np.sin), ("atan", np.arctan)])
        return al.apply_function(name, a[0]), lambda v: f(a[1](v))

    def hadamard(self, shape, depth):
        a, b = self.of(shape, depth), self.of(shape, depth)
        return al.hadamard(a[0], b[0]), lambda v: a[1](v) * b[1](v)

    def scaled(self, shape, depth):
        c, a = self.of("", min(depth, 1)), self.of(shape, depth)
        return al.scale(c[0], a[0]), lambda v: c[1](v) * a[1](v)

    def product(self, shape, depth):
        inner = self.rng.choice("mn")
        if shape == "":
            return self.inner(shape, depth)
        rows, _, cols = shape.partition(" ")
        a = self.of(f"{rows} {inner}", depth)
        b = self.of(f"{inner} {cols}" if cols else inner, depth)
        return al.matmul(a[0], b[0]), lambda v: a[1](v) @ b[1](v)

    def inner(self, shape, depth):
        n = self.rng.choice("mn")
        a, b = self.of(n, depth), self.of(n, depth)
        return al.matmul(al.transpose(a[0]), b[0]), lambda v: a[1](v) @ b[1](v)

    def trace(self, shape, depth):
        n = self.rng.choice("mn")
        a = self.of(f"{n} {n}", depth)
        return al.trace(a[0]), lambda v: np.trace(a[1](v))

    def total(self, shape, depth):
        a = self.of("m n", depth)
        return al.sum_all(a[0]), lambda v: a[1](v).sum()

    def norm(self, shape, depth):
        a = self.of("m n", depth)
        b = al.add(al.sum_all(al.hadamard(a[0], a[0])), Tensor((), number(1)))
        return al.root(b), lambda v: np.sqrt((a[1](v) ** 2).sum() + 1)

    def softmax(self, shape, depth):
        a = self.of(shape, depth)
        return al.softmax(a[0]), lambda v: softmax(a[1](v))

    def diagonal(self, shape, depth):
        a = self.of(f"{shape} {shape}", depth)
        return al.diag(a[0]), lambda v: np.diag(a[1](v))

    def diag(self, shape, depth):
        a = self.of(shape[0], depth)
        return al.diag(a[0]), lambda v: np.diag(a[1](v))

    def inverse(self, shape, depth):
        a = self.of(f"{shape[0]} m", min(depth, 1))
        gram = al.add(al.matmul(a[0], al.transpose(a[0])), al.identity(leaf("B", f"{shape[0]} n").axes[0].dim))
        return al.inverse(gram), lambda v: np.linalg.inv(a[1](v) @ a[1](v).T + np.eye(SIZES[shape[0]]))

    def transpose(self, shape, depth):
        a = self.of(" ".join(reversed(shape.split())), depth)
        return al.transpose(a[0]), lambda v: a[1](v).T


def arrays(world: World) -> dict[str, np.ndarray]:
    out = {}
    for name in SHAPES:
        shape = world.shape(name)
        out[name] = np.zeros(shape)
        for at, value in world.block((name, ())).items():
            out[name][tuple(i - 1 for i in at)] = float(int(value.p) / int(value.q)) if hasattr(value, "p") else value
    return out


def check(seed: int) -> None:
    grower = Grower(seed)
    shape = grower.rng.choice(["", "n", "m n", "n n"])
    tensor, plain = grower.of(shape, grower.rng.randint(1, 3))
    world = World(SIZES, f"fuzz {seed}", SMALL, MODEL.declarations)
    values = arrays(world)
    expected = np.asarray(plain(values))
    at = tuple(grower.rng.randrange(k) for k in expected.shape)
    entry = tensor.at([number(i + 1) for i in at])
    balls, floats = Evaluator(MODEL, world, Balls(64)), Evaluator(MODEL, world, Floats())
    size = 1 + abs(expected).max()
    for evaluator in (balls, floats):
        got = evaluator.arithmetic.to_float(evaluator.value(entry))
        assert abs(got - expected[at]) <= 1e-8 * size, f"seed {seed}: {got} against {expected[at]}"
    name = grower.rng.choice(sorted(tensor.body.symbols))
    where = tuple(grower.rng.randrange(k) for k in values[name].shape)
    derivative = Derivative(entry, Entry(name, tuple(number(i + 1) for i in where)))
    value = balls.value(derivative)
    slope = balls.arithmetic.to_float(value)
    difference = balls.value(push(derivative, MODEL)) - value
    assert difference == 0 if is_exact(difference) else difference.contains(0), f"seed {seed}: the symbolic derivative"
    step = 1e-5

    def moved(h: float) -> float:
        changed = {**values, name: values[name].copy()}
        changed[name][where] += h
        return np.asarray(plain(changed))[at]

    estimate = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step)
    assert abs(slope - estimate) <= 1e-4 * (size + abs(slope)), f"seed {seed}: slope {slope} against {estimate}"


@pytest.mark.parametrize("seed", range(100))
def test_a_random_term_agrees_with_numpy(seed):
    check(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 2100))
def test_many_random_terms_agree_with_numpy(seed):
    check(seed)
