"""A condition that gives a computed name a value binds what it is computed from, except at a limit."""

from __future__ import annotations

import pytest

from derivcheck.checking.deciding import Decider, Situation
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement

SUM = (r"a, b \in \mathbb{R}", "s = a + b")
GATE = (r"x, w, c \in \mathbb{R}", r"f = \frac{1}{1 + e^{-w x}}", "h = f c")
MEAN = (r"x \in \mathbb{R}^n", r"m = \frac{1}{n} \sum_i x_i", r"v = \frac{1}{n} \sum_i (x_i - m)^2")
GOOD = ("proved", "holds")


@pytest.mark.parametrize(
    ("given", "condition", "claim", "right"),
    [
        (SUM, "s = 0", "a = -b", True),
        (SUM, "s = 0", "a = b", False),
        (GATE, "f = 1", "h = c", True),
        (GATE, "f = 1", "h = 2 c", False),
        (GATE, r"f \approx 0", "h = 0", True),
        (MEAN, "m = 0", r"v = \frac{1}{n} \|x\|^2", True),
        (MEAN, "m = 0", r"\sum_i x_i = 0", True),
        (MEAN, "m = 0", "v = 0", False),
    ],
)
def test_under_the_condition(given, condition, claim, right):
    scope, _ = read_givens(given)
    supposed, claimed = (read_statement(text, scope).links[0].claim for text in (condition, claim))
    verdict = Decider(7).judge(claimed, Situation(scope.model, surely=(supposed,)))
    assert verdict.word in GOOD if right else verdict.word == "refuted"
