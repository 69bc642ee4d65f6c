"""Expectations without an exact form, by Monte Carlo: both sides as means over draws from the laws, each with a
confidence interval. It never refutes and never proves; it tells a person what the numbers look like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpq

from derivcheck.bulk.arithmetic import Traces
from derivcheck.bulk.lowering import REASONS, tracer
from derivcheck.bulk.machine import Machine
from derivcheck.bulk.program import Builder
from derivcheck.bulk.recipes import Recipe
from derivcheck.bulk.rules import TRACED, traces_of
from derivcheck.bulk.screening import Item, bench_of
from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.search import least
from derivcheck.record import dataclass
from derivcheck.terms.model import Law
from derivcheck.terms.node import Add, Expectation, Mul, Reduce, Term, walk
from derivcheck.worlds.dimensions import assignments
from derivcheck.worlds.errors import NoWorld, Unsupported
from derivcheck.worlds.expectation import _law, _outcomes, _random_symbols
from derivcheck.worlds.points import at_entry
from derivcheck.worlds.scenes import Env, Scene
from derivcheck.worlds.world import SMALL, positions, shape_at

DRAWS = 65_536
_NODES = 40_000
_ENTRIES = 4
_WIDTH = 3.89  # standard errors: 99.99 %


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and half the width of its interval."""

    mean: float
    half: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Both sides at one entry of one world."""

    left: Interval
    right: Interval
    draws: int

    @property
    def overlap(self) -> bool:
        return bool(abs(self.left.mean - self.right.mean) <= self.left.half + self.right.half)

    def evidence(self) -> dict[str, Any]:
        def pair(x: Interval) -> list[float]:
            return [float(f"{x.mean - x.half:.6g}"), float(f"{x.mean + x.half:.6g}")]

        return {"left": pair(self.left), "right": pair(self.right), "draws": self.draws, "confidence": 0.9999,
                "overlap": self.overlap}


def has_expectation(item: Item) -> bool:
    return any(isinstance(t, Expectation) for side in (item.claim.left, item.claim.right) for t in walk(side.body))


def estimates(item: Item, machine: Machine, seed: int = 0, draws: int = DRAWS) -> list[Estimate]:
    """Estimates at a few entries; none where the claim cannot be sampled."""
    import numpy as np

    try:
        pairs, tape = _program(item, seed)
    except (*REASONS, OutOfWork):
        return []
    noise = np.random.default_rng(seed + 7).normal(size=(max(tape.noise, 1), draws))
    values = machine.values([tape], noise)[0]
    if not np.isfinite(values).all():
        return []
    halves = [_WIDTH * float(v.std()) / draws**0.5 + 1e-12 * abs(float(v.mean())) for v in values]
    intervals = [Interval(float(v.mean()), half) for v, half in zip(values, halves, strict=True)]
    return [Estimate(intervals[2 * k], intervals[2 * k + 1], draws) for k in range(pairs)]


def _program(item: Item, seed: int) -> tuple[int, Any]:
    if not all(_linear(side.body) for side in (item.claim.left, item.claim.right)):
        raise Unsupported("a function of an expectation")
    bench = bench_of(item, seed)
    dims = next(iter(assignments(bench.givens.dims, least(item.claim), bench.givens.allowed)), None)
    if dims is None:
        raise NoWorld("no dimensions meet the assumptions between them")
    world = bench.givens.world(dims, f"{seed}.montecarlo", SMALL)
    builder = Builder(_NODES)
    fixed = Recipe(dict.fromkeys(bench.model.declarations, None))
    evaluator = tracer(bench.model, world, fixed, builder, 4 * _NODES)
    evaluator.rules = _RULES
    outputs = []
    points = bench.points(evaluator, _ENTRIES)
    for point in points:
        for side in (item.claim.left, item.claim.right):
            outputs.append(evaluator.value(side.body, at_entry(side.axes, point.entry, point.values)))
    return len(points), builder.tape(outputs)


def _linear(term: Term) -> bool:
    """Whether expectations stand only where the mean of a sum of samples is the value."""
    if isinstance(term, Expectation):
        return not any(isinstance(t, Expectation) for t in walk(term.body))
    if not any(isinstance(t, Expectation) for t in walk(term)):
        return True
    if isinstance(term, Add):
        return all(_linear(arg) for arg in term.args)
    if isinstance(term, Mul):
        random = [arg for arg in term.args if any(isinstance(t, Expectation) for t in walk(arg))]
        return len(random) == 1 and _linear(random[0])
    return isinstance(term, Reduce) and term.kind == "sum" and _linear(term.body)


class SampledScene(Scene):
    """Random entries as draws from their laws."""

    def __init__(self, parent: Scene, symbols: frozenset[str]) -> None:
        super().__init__(parent.evaluator, parent, symbols)
        self.drawn: dict[tuple[str, tuple[int, ...]], dict[tuple[int, ...], Any]] = {}

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        if symbol not in self.seeds:
            return None
        members = len(self.evaluator.model.declarations[symbol].family)
        key = (symbol, at[:members])
        if key not in self.drawn:
            self.drawn[key] = self._draw(symbol, at[:members])
        return self.drawn[key][at[members:]]

    def _draw(self, symbol: str, member: tuple[int, ...]) -> dict[tuple[int, ...], Any]:
        law = _law(self.evaluator, symbol)
        declaration = self.evaluator.model.declarations[symbol]
        places = list(positions(shape_at(declaration.shape, self.evaluator.world.dims)))
        env = {f.index: i for f, i in zip(declaration.family, member, strict=True)}
        traces = traces_of(self)
        if law.kind == "normal" and law.mean is not None and law.covariance is not None:
            return self._normal(law, places, env, traces)
        if law.kind == "finite":
            outcomes = _outcomes(self, law)
            return {at: _outcome(outcomes, _uniform(traces), traces) for at in places}
        if law.kind == "uniform" and law.low is not None and law.high is not None:
            low, high = self.value(law.low, {}), self.value(law.high, {})
            return {at: low + (high - low) * _uniform(traces) for at in places}
        raise Unsupported(f"draws from a {law.kind} law")

    def _normal(self, law: Law, places: list[tuple[int, ...]], env: Env, traces: Traces) -> dict[tuple[int, ...], Any]:
        """mean + L z, L the Cholesky factor of the covariance."""
        assert law.mean is not None and law.covariance is not None
        mean = [self.value(law.mean.body, {**env, **dict(zip(law.mean.axes, at, strict=True))}) for at in places]
        axes = law.covariance.axes
        cov = [[self.value(law.covariance.body, {**env, **dict(zip(axes, a + b, strict=True))}) for b in places]
               for a in places]
        factor = _cholesky(cov, traces)
        z = [traces.builder.draw() for _ in places]
        return {
            at: mean[i] + sum((factor[i][j] * z[j] for j in range(i + 1)), start=0) for i, at in enumerate(places)
        }


def _cholesky(rows: list[list[Any]], traces: Traces) -> list[list[Any]]:
    n = len(rows)
    out: list[list[Any]] = [[0] * n for _ in range(n)]
    for j in range(n):
        for i in range(j, n):
            rest = rows[i][j] - sum((out[i][k] * out[j][k] for k in range(j)), start=0)
            if i == j:
                out[j][j] = traces.root(rest)
            else:
                out[i][j] = 0 if traces.is_zero(out[j][j]) else traces.divide(rest, out[j][j])
    return out


def _uniform(traces: Traces) -> Any:
    """A number in (0, 1) from a normal one: its distribution function."""
    z = traces.builder.draw()
    return (1 + traces.function("erf", z * traces.builder.constant(0.5**0.5))) * fmpq(1, 2)


def _outcome(outcomes: list[tuple[Any, Any]], u: Any, traces: Traces) -> Any:
    result: Any = outcomes[-1][0]
    total: Any = 0
    bounds = []
    for value, weight in outcomes[:-1]:
        total = total + weight
        bounds.append((total, value))
    for bound, value in reversed(bounds):
        result = traces.choose(traces.less(u, bound), value, result)
    return result


def _expectation(scene: Scene, term: Expectation, env: Env) -> Any:
    try:
        return TRACED[Expectation](scene, term, env)
    except (Unsupported, TypeError):
        pass
    symbols = _random_symbols(scene.evaluator, term)
    key = ("sampled", symbols)
    child = scene.children.get(key)
    if child is None:
        child = scene.children[key] = SampledScene(scene, symbols)
    return child.value(term.body, env)


_RULES: dict[Any, Callable[[Any, Any, Any], Any]] = {**TRACED, Expectation: _expectation}
