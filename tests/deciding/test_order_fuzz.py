"""Random inequalities between the sides of true and false ones: what fails at a point must never be proved."""

import random

import pytest

from derivcheck.deciding.order.forms import Forms
from tests.deciding.order_givens import MODEL, add, had, proof, sub
from tests.deciding.test_order import FALSE, TRUE
from tests.deciding.test_order_lemmas import EXTREME, TOLERANCE, World

SIDES = [t for table in (TRUE, FALSE) for left, _, right in table.values() for t in (left, right) if not t.axes]


def at_points(left, right):
    """Values of both sides at many points (where both are defined)."""
    forms = Forms(MODEL)
    first, second = forms.form(left.body), forms.form(right.body)
    for kind in EXTREME:
        for seed in range(6):
            world = World(MODEL, kind, seed)
            try:
                yield world.poly(first, {}), world.poly(second, {}), kind in ("zero", "equal")
            except (ValueError, OverflowError, ZeroDivisionError):
                continue


def fails(relation, a, b, plain):
    """Clearly the wrong way round; a strict relation also where both sides are the same at a plain point (elsewhere
    a function may only have saturated in floats)."""
    margin = TOLERANCE * (1 + abs(a) + abs(b))
    gap = a - b if relation in ("<=", "<") else b - a
    return gap > margin or (relation in ("<", ">") and plain and abs(gap) < 1e-12)


def made_up(rng):
    """Two sides of the tables, or small combinations of them."""

    def side():
        first = rng.choice(SIDES)
        return rng.choice((lambda t: t, lambda t: add(t, rng.choice(SIDES)), lambda t: sub(t, rng.choice(SIDES)),
                           lambda t: had(t, rng.choice(SIDES))))(first)

    return side(), rng.choice(("<=", "<", ">=", ">")), side()


def check(seed):
    left, relation, right = made_up(random.Random(seed))
    values = list(at_points(left, right))
    if any(fails(relation, *value) for value in values):
        assert proof(left, relation, right) is None, seed


@pytest.mark.parametrize("seed", range(12))
def test_what_fails_somewhere_is_never_proved(seed):
    check(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 2000))
def test_what_fails_somewhere_is_never_proved_long(seed):
    check(seed)
