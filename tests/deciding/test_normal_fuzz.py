"""The normal form keeps the value: random typed terms, their normal form turned back into a term and evaluated, against
the same expression in plain NumPy; with the rules in shuffled order the form is the same."""

from __future__ import annotations

import random

import numpy as np
import pytest

from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.back import to_term
from derivcheck.deciding.normal.facts import Facts
from derivcheck.deciding.normal.lower import Lowering
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.deciding.normal.rung import ALL_RULES
from derivcheck.terms.build import number
from derivcheck.terms.node import Derivative, Entry, Var, fresh, substitute
from derivcheck.terms.tensor import Tensor
from derivcheck.worlds.arithmetic import Floats
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.world import SMALL, World
from tests.deciding.test_fuzz_evaluation import MODEL, SHAPES, SIZES, Grower, arrays


def lowering(order: random.Random | None = None) -> Lowering:
    rules = list(ALL_RULES)
    if order is not None:
        order.shuffle(rules)
    return Lowering(Algebra(Facts(MODEL), Work(0, Budget(rewrites=6000)), rules))


def check_value(seed: int) -> None:
    grower = Grower(seed)
    shape = grower.rng.choice(["", "n", "m n", "n n"])
    tensor, plain = grower.of(shape, grower.rng.randint(1, 3))
    try:
        form = lowering()(tensor.body)
        shuffled = lowering(random.Random(seed))(tensor.body)
    except (OutOfWork, Undefined):
        return
    world = World(SIZES, f"normal {seed}", SMALL, MODEL.declarations)
    values = arrays(world)
    expected = np.asarray(plain(values))
    at = tuple(grower.rng.randrange(k) for k in expected.shape)
    size = 1 + abs(expected).max()
    for poly in (form, shuffled):
        back = Tensor(tensor.axes, to_term(poly)).at([number(i + 1) for i in at])
        evaluator = Evaluator(MODEL, world, Floats())
        got = evaluator.arithmetic.to_float(evaluator.value(back))
        assert abs(got - expected[at]) <= 1e-6 * size, f"seed {seed}: {got} against {expected[at]}"


def check_gradient(seed: int) -> None:
    """The normal form of a derivative against central differences of the NumPy side."""
    grower = Grower(seed)
    tensor, plain = grower.of("", 2)
    world = World(SIZES, f"gradient {seed}", SMALL, MODEL.declarations)
    values = arrays(world)
    name = grower.rng.choice(sorted(tensor.body.symbols))
    where = tuple(grower.rng.randrange(k) for k in values[name].shape)
    axes = tuple(fresh("i", d) for d in MODEL.declarations[name].shape)
    derivative = Derivative(tensor.body, Entry(name, tuple(Var(a) for a in axes)))
    try:
        form = lowering()(derivative)
    except (OutOfWork, Undefined):
        return
    entry = substitute(to_term(form), {a: number(i + 1) for a, i in zip(axes, where, strict=True)})
    evaluator = Evaluator(MODEL, world, Floats())
    slope = evaluator.arithmetic.to_float(evaluator.value(entry))
    step = 1e-5

    def moved(h: float) -> float:
        changed = {**values, name: values[name].copy()}
        changed[name][where] += h
        return float(plain(changed))

    estimate = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step)
    size = 1 + abs(float(plain(values))) + abs(slope)
    assert abs(slope - estimate) <= 1e-4 * size, f"seed {seed}: {slope} against {estimate}"


def check_equal_forms(seed: int) -> None:
    """Two spellings of one value meet: rules in another order, and the term over renamed indices."""
    grower = Grower(seed)
    shape = grower.rng.choice(["", "n", "n n"])
    tensor, _ = grower.of(shape, 2)
    renamed = tensor.renamed()
    back = substitute(renamed.body, {a: Var(b) for a, b in zip(renamed.axes, tensor.axes, strict=True)})
    try:
        first, second = lowering()(tensor.body), lowering(random.Random(seed))(back)
    except (OutOfWork, Undefined):
        return
    assert first.key == second.key, f"seed {seed}"


assert SHAPES


@pytest.mark.parametrize("seed", range(60))
def test_the_normal_form_of_a_random_term_keeps_its_value(seed):
    check_value(seed)


@pytest.mark.parametrize("seed", range(40))
def test_the_normal_form_of_a_random_gradient_is_the_gradient(seed):
    check_gradient(seed)


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_the_rules_does_not_matter(seed):
    check_equal_forms(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 700))
def test_many_random_terms(seed):
    check_value(seed)
    check_gradient(seed)
    check_equal_forms(seed)
