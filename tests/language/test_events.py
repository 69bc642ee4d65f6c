"""Probabilities of events: what is read agrees with sums of the density over a fine grid, and with sums of weights."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, exp, factorial

import numpy as np
import pytest

from derivcheck.checking.verifying import verify_claim
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.worlds.arithmetic import Balls
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.sampling import Plan, worlds

Values = np.ndarray
GRID = (np.arange(-20_000, 24_000) + 0.5) / 1000
DENSITIES: dict[str, Callable[[Values], Values]] = {
    r"X \sim \mathcal{N}(1, 4)": lambda x: np.exp(-((x - 1) ** 2) / 8) / np.sqrt(8 * np.pi),
    r"X \sim \operatorname{Uniform}(-1, 3)": lambda x: np.where((x >= -1) & (x <= 3), 0.25, 0.0),
    r"X \sim \operatorname{Laplace}(1, 2)": lambda x: np.exp(-np.abs(x - 1) / 2) / 4,
    r"X \sim \operatorname{Exp}(1)": lambda x: np.where(x >= 0, np.exp(-np.abs(x)), 0.0),
}
EVENTS: dict[str, Callable[[Values], Values]] = {
    r"X \le 2": lambda x: x <= 2,
    r"X > -\frac{1}{2}": lambda x: x > -0.5,
    r"2 X + 1 < 3": lambda x: 2 * x + 1 < 3,
    r"1 - X \ge -1": lambda x: 1 - x >= -1,
    r"3 > X": lambda x: x < 3,
    r"|X| \le 2": lambda x: np.abs(x) <= 2,
    r"|X - 1| > 2": lambda x: np.abs(x - 1) > 2,
    r"X^2 < 4": lambda x: x**2 < 4,
    r"X^2 > 4": lambda x: x**2 > 4,
    r"-1 \le X \le 2": lambda x: (x >= -1) & (x <= 2),
    r"2 \le X \le 1": lambda x: x > np.inf,
    r"X > 0, X > 1": lambda x: x > 1,
    r"e^{X} \le 5": lambda x: x <= np.log(5),
    r"\max(X, -X) < 2": lambda x: np.abs(x) < 2,
    r"\max(X, 1) \ge 2": lambda x: x >= 2,
    r"X = 1": lambda x: x > np.inf,
}


def value(event: str, *given: str) -> float:
    """P(event) as it is read."""
    scope, findings = read_givens(given)
    assert not findings
    (link,) = read_statement(f"P({event}) = 0", scope).links
    assert link.claim is not None, link.findings
    world = next(worlds(link.model, link.claim.left.body.symbols, 0, Plan(worlds=1)))
    return float(Evaluator(link.model, world, Balls(64)).value(link.claim.left.body, {}))


@pytest.mark.parametrize("law", DENSITIES)
@pytest.mark.parametrize("event", EVENTS)
def test_laws_with_a_density(law: str, event: str) -> None:
    expected = float(np.sum(DENSITIES[law](GRID) * EVENTS[event](GRID)) / 1000)
    assert value(event, law) == pytest.approx(expected, abs=2e-3)


WEIGHTS: dict[str, Callable[[int], float]] = {
    r"X \sim \operatorname{Poisson}(2)": lambda k: exp(-2) * 2**k / factorial(k),
    r"X \sim \operatorname{Binomial}(4, \frac{1}{3})": lambda k: comb(4, k) * (1 / 3) ** k * (2 / 3) ** max(4 - k, 0),
    r"X = 0 \text{ with probability } \frac{1}{4}, 3 \text{ otherwise}": lambda k: {0: 0.25, 3: 0.75}.get(k, 0.0),
}
COUNTS: dict[str, Callable[[int], bool]] = {
    "X = 3": lambda k: k == 3,
    r"X \ne 3": lambda k: k != 3,
    "X > 0": lambda k: k > 0,
    r"X \ge 2": lambda k: k >= 2,
    r"X \le 3": lambda k: k <= 3,
    "X < 1": lambda k: k < 1,
}


@pytest.mark.parametrize("law", WEIGHTS)
@pytest.mark.parametrize("event", COUNTS)
def test_laws_on_whole_numbers(law: str, event: str) -> None:
    expected = sum(WEIGHTS[law](k) for k in range(40) if COUNTS[event](k))
    assert value(event, law) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("event", "expected"),
    [(r"X + Y \le 1", 0.5 * (1 + 0.6826894921370859)), ("X < Y", 0.5), (r"2 X - Y > 0", 0.5)],
)
def test_sums_of_normal_numbers(event: str, expected: float) -> None:
    laws = (r"X \sim \mathcal{N}(0, \frac{1}{2})", r"Y \sim \mathcal{N}(0, \frac{1}{2})", r"X \perp Y")
    assert value(event, *laws) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("event", ["X < Y", "X + Y > 1", "X > Y^2", r"\sin X > 0"])
def test_what_is_not_decided_is_not_guessed(event: str) -> None:
    scope, _ = read_givens([r"X \sim \operatorname{Exp}(1)", r"Y \sim \operatorname{Exp}(2)", r"X \perp Y"])
    (link,) = read_statement(f"P({event}) = 0", scope).links
    assert link.claim is None


@pytest.mark.parametrize("claim", ["P(X = 1) = p", "P(H) = p", "P(A) = 1", r"P(A) = 0", r"P(A \cap B) = P(A) P(B)"])
def test_what_a_line_may_state_is_not_wrong(claim: str) -> None:
    assert verify_claim(claim, [r"p \in (0, 1)", r"X \in \mathbb{R}"]).verdict == "undecided"
