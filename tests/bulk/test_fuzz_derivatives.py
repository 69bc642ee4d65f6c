"""Our differentiator against JAX's on random definitions: `push` (terms/differentiate.py) and the dual numbers of the
evaluator on one side, JAX's rules for each operation on the other."""

from __future__ import annotations

import random

import pytest

from derivcheck.bulk.machine import Machine
from derivcheck.bulk.opinion import opinion
from derivcheck.bulk.screening import Item
from derivcheck.language.givens.table import read_givens
from derivcheck.terms.differentiate import push
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Derivative, Entry, Var, fresh
from derivcheck.terms.tensor import Tensor
from tests.bulk.making import item

LEAVES = ("x", "y", r"W x", r"\tanh(W y)", r"x \odot y", r"W^\top x")
MAPS = (r"\tanh({})", r"\sin({})", r"\frac{{1}}{{1 + e^{{-({})}}}}", r"({}) \odot y", r"W ({})", r"\log(1 + e^{{{}}})",
        r"x + ({})", r"\operatorname{{softmax}}({})")  # fmt: skip
SCALARS = (r"\sum_i ({})_i^2", r"y^\top ({})", r"\log \sum_i e^{{({})_i}}", r"\|{}\|_2")
GIVEN = (r"x, y \in \mathbb{R}^{n}", r"W \in \mathbb{R}^{n \times n}")


def random_scalar(rng: random.Random) -> str:
    text = rng.choice(LEAVES)
    for _ in range(rng.randint(1, 3)):
        text = rng.choice(MAPS).format(text)
    return rng.choice(SCALARS).format(text)


def compared(seed: int, machine: Machine) -> str:
    """The derivative of a random scalar by x as a term that our rules made, against JAX's."""
    text = random_scalar(random.Random(seed))
    whole = item(f"{text} = 0", *GIVEN)
    axis = fresh("i", Dim.named("n"))
    asked = Derivative(whole.claim.left.body, Entry("x", (Var(axis),)))
    ours = push(asked, whole.model)
    other = fresh("i", Dim.named("n"))
    renamed = Tensor((axis,), ours).at([Var(other)])
    return opinion(Item(Claim(Tensor((axis,), asked), "=", Tensor((other,), renamed)), whole.model), machine).word


@pytest.fixture(scope="module")
def machine() -> Machine:
    pytest.importorskip("jax")
    return Machine.on("cpu")


def test_the_givens_are_read():
    assert not [f for f in read_givens(GIVEN)[1] if f.severity == "error"]


@pytest.mark.parametrize("seed", range(12))
def test_ours_agrees_with_jax(seed, machine):
    assert compared(seed, machine) == "agrees"


@pytest.mark.long
def test_many(machine):
    words = [compared(seed, machine) for seed in range(12, 400)]
    assert "differs" not in words and words.count("agrees") > 350
