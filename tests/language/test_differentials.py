"""Differentials: what `d(...)` is read as agrees with finite differences in the direction of the changes."""

from __future__ import annotations

import pytest
from flint import fmpq

from derivcheck.checking.verifying import verify_claim
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.worlds.arithmetic import Balls
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.sampling import Plan, worlds

GIVENS = [
    r"X, A \in \mathbb{R}^{2 \times 2}", r"\det X > 0", r"x, b \in \mathbb{R}^2", r"t > 0", r"u = x^\top A x + t",
    r"p = \operatorname{softmax}(x)", r"g(s) = s \tanh(s)",
]
STEP = fmpq(1, 10**6)


@pytest.mark.parametrize(
    ("body", "change"),
    [
        (r"\operatorname{tr}(A X^\top X)", "dX"),
        (r"b^\top X^{-1} b", "dX"),
        (r"\log\det X", "dX"),
        (r"\|X b - x\|^2", r"\operatorname{tr}(dX) + b^\top dx"),
        (r"u^2", r"b^\top dx + dt"),
        (r"b^\top p", r"b^\top dx"),
        (r"g(t) e^{-t}", "dt"),
        (r"\frac{\|x\|}{t}", r"b^\top dx + dt"),
    ],
)
def test_finite_differences(body: str, change: str) -> None:
    scope, findings = read_givens(GIVENS)
    assert not findings
    right = change if "^" in change or "dt" in change else rf"\operatorname{{tr}}({change})"
    (link,) = read_statement(f"d\\left({body}\\right) = {right}", scope).links
    (plain,) = read_statement(f"{body} = 0", scope).links
    assert link.claim is not None, link.findings
    assert plain.claim is not None
    term, value = link.claim.left.body, plain.claim.left.body
    symbols = term.symbols | value.symbols
    changes = {s: s.removeprefix("d ") for s in symbols if s.startswith("d ")}
    assert changes
    for world in worlds(link.model, symbols, 3, Plan(worlds=3)):
        sides = []
        for sign in (1, -1):
            moved = world
            for made, name in changes.items():
                step = world.block((made, ()))
                here = world.block((name, ()))
                moved = moved.moved((name, ()), {at: here[at] + sign * STEP * step[at] for at in here})
            sides.append(Evaluator(link.model, moved, Balls(128)).value(value, {}))
        found = Evaluator(link.model, world, Balls(128)).value(term, {})
        assert float((sides[0] - sides[1]) / (2 * STEP)) == pytest.approx(float(found), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    "claim",
    [
        r"dW = dz\, x^\top",  # short for the derivatives of a loss
        r"dz = da \odot (1 - a \odot a)",
        r"dz = a - y",
        r"dx = x\, dt",
        r"d(x, y) = \|x - y\|",
    ],
)
def test_a_d_that_says_something_else_is_never_wrong(claim: str) -> None:
    given = [r"W \in \mathbb{R}^{m \times n}", r"x \in \mathbb{R}^n", r"y \in \mathbb{R}^m", "z = W x", r"a = \tanh(z)"]
    assert verify_claim(claim, given).verdict != "refuted"
