"""Exact expectations. The body is evaluated with the random entries as polynomial generators (layers.py), then each
monomial is integrated, symbol by symbol: normals by Stein's lemma
E[x_i f] = m_i E f + sum_j C_ij E[d_j f], finite and uniform laws by their moments, moments alone up to degree 2.
Where the body is no polynomial but all laws are finite, all outcomes are enumerated; one normal or uniform number is
integrated over its density."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from derivcheck.terms import laws
from derivcheck.terms.build import HALF, MINUS_ONE, ONE, TWO, ZERO, div, mul, power, sub
from derivcheck.terms.differentiate import law_terms
from derivcheck.terms.model import Declaration, Law
from derivcheck.terms.node import (
    Constant,
    Entry,
    Expectation,
    Function,
    Index,
    Integral,
    Mul,
    Reduce,
    Term,
    Var,
    replace_entries,
    walk,
)
from derivcheck.worlds.errors import Undefined, Unsupported
from derivcheck.worlds.layers import Exponent, Generator, Key, Monomial, Poly, generator, poly
from derivcheck.worlds.scenes import Env, Place, Scene
from derivcheck.worlds.world import positions, shape_at

if TYPE_CHECKING:
    from derivcheck.worlds.evaluation import Evaluator

_OUTCOMES = 4096
_EXACT = frozenset({"normal", "moments", "finite", "uniform", "raw"})


def expectation(scene: Scene, term: Expectation, env: Env) -> Any:
    """The expectation of the body over the laws of the symbols `over`."""
    evaluator = scene.evaluator
    symbols = _random_symbols(evaluator, term)
    if not symbols:
        return scene.value(term.body, env)
    key = ("expectation", symbols)
    child = scene.children.get(key)
    if child is None:
        child = scene.children[key] = RandomScene(scene, symbols)
    assert isinstance(child, RandomScene)
    try:
        value = child.value(term.body, env)
        for symbol in child.order():
            value = _integrate(child, symbol, value)
        if isinstance(value, Poly) and value.level == child.level:
            raise Unsupported("an expectation with an unknown law")
        return value
    except (Unsupported, Undefined):  # `(-1)^X` has no value as a polynomial in X
        if all(_law(evaluator, s).kind == "finite" for s in symbols):
            return _enumerate(scene, symbols, term, env)
        density = _as_integral(evaluator, symbols, term)
        if density is None:
            raise
        return scene.value(density, env)


def _as_integral(evaluator: Evaluator, symbols: frozenset[str], term: Expectation) -> Integral | Reduce | None:
    """The expectation of a function of one number with a law that has a density or whole values, as the integral or the
    sum that it is. The body must hold the number itself, not names that are computed from it."""
    (symbol,) = symbols if len(symbols) == 1 else (None,)
    declaration = None if symbol is None else evaluator.model.declarations[symbol]
    if declaration is None or declaration.law is None or declaration.shape or declaration.family:
        return None
    if any(s != symbol and symbol in evaluator.reach(s) for s in term.body.symbols):
        return None
    law = declaration.law
    if law.family in ("Poisson", "binomial"):
        return _as_sum(law, replace_entries(term.body, lambda e: Var(_COUNT) if e.symbol == symbol else None))
    x = Entry(f"{symbol}#", ())
    body = replace_entries(term.body, lambda e: x if e.symbol == symbol else None)
    if any(isinstance(t, Expectation) for t in walk(body)):
        return None
    if law.kind == "uniform" and law.low is not None and law.high is not None:
        return Integral(x.symbol, law.low, law.high, mul(div(ONE, sub(law.high, law.low)), body))
    if law.family == "exponential":
        (rate,) = law.parameters
        return Integral(x.symbol, ZERO, Constant("infinity"), mul(laws.exponential(rate, x), body))
    if law.kind == "normal" and law.mean is not None and law.covariance is not None:
        mean, variance = law.mean.body, law.covariance.body
        exponent = mul(MINUS_ONE, HALF, power(sub(x, mean), TWO), power(variance, MINUS_ONE))
        scale = power(mul(TWO, Constant("pi"), variance), mul(MINUS_ONE, HALF))
        infinity = Constant("infinity")
        return Integral(x.symbol, Mul((MINUS_ONE, infinity)), infinity, mul(scale, Function("exp", (exponent,)), body))
    return None


_COUNT = Index("count#")


def _as_sum(law: Law, body: Term) -> Reduce | None:
    k = Var(_COUNT)
    if any(isinstance(t, Expectation) for t in walk(body)):
        return None
    if law.family == "Poisson":
        (rate,) = law.parameters
        return Reduce("sum", _COUNT, ZERO, Constant("infinity"), mul(laws.poisson(rate, k), body))
    n, p = law.parameters
    return Reduce("sum", _COUNT, ZERO, n, mul(laws.binomial(n, p, k), body))


def _random_symbols(evaluator: Evaluator, term: Expectation) -> frozenset[str]:
    """The symbols with a law that the body depends on, among `over` and what defined names there are computed from."""
    reached: set[str] = set().union(*(evaluator.reach(s) for s in term.body.symbols)) if term.body.symbols else set()
    found: set[str] = set()
    for name in term.over:
        declaration = evaluator.model.declarations.get(name)
        if declaration is None:
            raise Unsupported(f"an expectation over {name}, which nothing introduces")
        names = {name} if declaration.law is not None else evaluator.reach(name)
        found |= {n for n in names & reached if evaluator.model.declarations[n].law is not None}
        if declaration.law is None and not declaration.definitions and name in reached:
            raise Unsupported(f"an expectation over {name}, whose law is not given")
    return frozenset(found)


def _law(evaluator: Evaluator, symbol: str) -> Law:
    law = evaluator.model.declarations[symbol].law
    assert law is not None
    return law


class RandomScene(Scene):
    """The entries of random symbols as generators of a polynomial ring."""

    def __init__(self, parent: Scene, symbols: frozenset[str]) -> None:
        super().__init__(parent.evaluator, parent, symbols)
        for symbol in symbols:
            if _law(self.evaluator, symbol).kind not in _EXACT:
                raise Unsupported(f"an expectation under a {_law(self.evaluator, symbol).kind} law")

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        return generator(self.level, (symbol, at)) if symbol in self.seeds else None

    def order(self) -> list[str]:
        """Symbols such that one whose law depends on another is integrated first."""
        rest, out = set(self.seeds), []
        while rest:
            free = [s for s in sorted(rest) if not any(s in self.law_symbols(r) for r in rest - {s})]
            if not free:
                raise Unsupported("laws that depend on each other")
            out += free
            rest -= set(free)
        return out

    def law_symbols(self, symbol: str) -> frozenset[str]:
        law = _law(self.evaluator, symbol)
        return frozenset().union(*(self.evaluator.reach(s) for t in law_terms(law) for s in t.symbols))


def _integrate(scene: RandomScene, symbol: str, value: Any) -> Any:
    """The polynomial with the entries of one symbol integrated out."""
    if not isinstance(value, Poly) or value.level != scene.level:
        return value
    total: Any = 0
    memo: dict[Any, Any] = {}
    for (mono, exps), c in value.terms.items():
        mine, rest = _parted(symbol, (mono, exps))
        _check_independent(scene, symbol, mine, rest)
        if mine not in memo:
            memo[mine] = _moment(scene, symbol, mine)
        total = total + poly(scene.level, {rest: c}) * memo[mine]
    return total


def _parted(symbol: str, key: Key) -> tuple[Key, Key]:
    """The part of a monomial in the entries of one symbol, and the rest."""
    mine: list[Any] = []
    rest: list[Any] = []
    for part in key:
        mine.append(tuple(x for x in part if x[0][0] == symbol))
        rest.append(tuple(x for x in part if x[0][0] != symbol))
    return (mine[0], mine[1]), (rest[0], rest[1])


def _check_independent(scene: RandomScene, symbol: str, mine: Key, rest: Key) -> None:
    if not any(mine):
        return
    for other in {g[0] for part in rest for g, _ in part}:
        known = frozenset((symbol, other)) in scene.evaluator.model.independent
        if not known and other not in scene.law_symbols(symbol):
            raise Unsupported(f"whether {symbol} and {other} are independent")


def _members(declaration: Declaration, key: Key) -> Iterator[Key]:
    """One monomial for each member of a family: members are independent."""
    n = len(declaration.family)
    groups = {g[1][:n] for part in key for g, _ in part}
    for group in sorted(groups):
        yield tuple(tuple(x for x in part if x[0][1][:n] == group) for part in key)  # type: ignore[misc]


def _moment(scene: RandomScene, symbol: str, key: Key) -> Any:
    declaration = scene.evaluator.model.declarations[symbol]
    total: Any = 1
    for mono, exps in _members(declaration, key):
        total = total * _member_moment(scene, declaration, mono, exps)
    return total


def _member_moment(scene: RandomScene, declaration: Declaration, mono: Monomial, exps: Exponent) -> Any:
    law = declaration.law
    assert law is not None
    if law.kind in ("normal", "moments"):
        if law.kind == "moments" and (exps or sum(n for _, n in mono) > 2):
            raise Unsupported("a moment beyond the mean and the covariance that are given")
        return _normal(scene, declaration, law, [g for g, n in mono for _ in range(n)], exps)
    total: Any = 1
    for g in {g for part in (mono, exps) for g, _ in part}:
        total = total * _entry_moment(scene, law, g, dict(mono).get(g, 0), dict(exps).get(g, 0))
    return total


def _entry_moment(scene: RandomScene, law: Law, g: Generator, n: int, slope: Any) -> Any:
    """E[x^n e^{slope x}] of one entry of a finite or uniform law."""
    numbers = scene.numbers
    if law.kind == "finite":
        total: Any = 0
        for value, weight in _outcomes(scene, law):
            factor = numbers.function("exp", slope * value) if slope else 1
            total = total + weight * numbers.whole_power(value, n) * factor
        return total
    if law.kind == "raw":
        if slope or n > len(law.raw):
            raise Unsupported("a moment that is not known of this law")
        return scene.value(law.raw[n - 1], {}) if n else 1
    if slope or law.low is None or law.high is None:
        raise Unsupported("an expectation of an exponential under a uniform law")
    low, high = scene.value(law.low, {}), scene.value(law.high, {})
    top = numbers.whole_power(high, n + 1) - numbers.whole_power(low, n + 1)
    return numbers.divide(top, (n + 1) * (high - low))


def _outcomes(scene: Scene, law: Law) -> list[tuple[Any, Any]]:
    return [(scene.value(v, {}), scene.value(w, {})) for v, w in zip(law.values, law.weights, strict=True)]


def _normal(scene: RandomScene, declaration: Declaration, law: Law, factors: list[Generator], exps: Exponent) -> Any:
    """E[x_i x_j ... e^{a.x}] of a normal vector: Stein's lemma, the exponential as a shift of the mean by C a."""
    if law.mean is None or law.covariance is None:
        if not factors and not exps:
            return 1
        if law.mean is None or len(factors) > 1 or exps:
            raise Unsupported(f"a moment of {declaration.name} that is not given")
    mean = {g: _mean(scene, declaration, law, g) for g in {*factors, *(g for g, _ in exps)}}
    shifted = {
        g: mean[g] + sum((_cov(scene, declaration, law, g, h) * a for h, a in exps), start=0) for g in set(factors)
    }

    def wick(rest: tuple[Generator, ...]) -> Any:
        if not rest:
            return 1
        first, others = rest[0], rest[1:]
        total = shifted[first] * wick(others)
        for k, other in enumerate(others):
            total = total + _cov(scene, declaration, law, first, other) * wick(others[:k] + others[k + 1 :])
        return total

    if len(factors) > 10:
        raise Unsupported("a moment of very high order")
    value = wick(tuple(factors))
    if not exps:
        return value
    half = scene.numbers.divide(1, 2)
    exponent: Any = 0
    for g, a in exps:
        exponent = exponent + a * mean[g]
        for h, b in exps:
            exponent = exponent + half * a * b * _cov(scene, declaration, law, g, h)
    return value * scene.numbers.function("exp", exponent)


def _mean(scene: RandomScene, declaration: Declaration, law: Law, g: Place) -> Any:
    assert law.mean is not None
    env, at = _member_env(declaration, g)
    return scene.value(law.mean.body, {**env, **dict(zip(law.mean.axes, at, strict=True))})


def _cov(scene: RandomScene, declaration: Declaration, law: Law, g: Place, h: Place) -> Any:
    if law.covariance is None:
        raise Unsupported(f"the covariance of {declaration.name}, which is not given")
    env, at = _member_env(declaration, g)
    other = _member_env(declaration, h)[1]
    return scene.value(law.covariance.body, {**env, **dict(zip(law.covariance.axes, at + other, strict=True))})


def _member_env(declaration: Declaration, g: Place) -> tuple[Env, tuple[int, ...]]:
    n = len(declaration.family)
    return {f.index: i for f, i in zip(declaration.family, g[1], strict=False)}, g[1][n:]


class OutcomeScene(Scene):
    """Random entries with one outcome each."""

    def __init__(self, parent: Scene, outcome: dict[Place, Any], symbols: frozenset[str]) -> None:
        super().__init__(parent.evaluator, parent, symbols)
        self.outcome = outcome

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        if symbol not in self.seeds:
            return None
        if (symbol, at) not in self.outcome:
            raise Unsupported("an expectation over a family")
        return self.outcome[symbol, at]


def _enumerate(scene: Scene, symbols: frozenset[str], term: Expectation, env: Env) -> Any:
    """The sum over all outcomes of finite laws."""
    evaluator = scene.evaluator
    places: list[Place] = []
    choices: list[list[tuple[Any, Any]]] = []
    if len(symbols) > 1 and any(
        frozenset(pair) not in evaluator.model.independent for pair in itertools.combinations(sorted(symbols), 2)
    ):
        raise Unsupported(f"whether {' and '.join(sorted(symbols))} are independent")
    for symbol in sorted(symbols):
        outcomes = _outcomes(scene, _law(evaluator, symbol))
        for at in positions(shape_at(evaluator.model.declarations[symbol].shape, evaluator.world.dims)):
            places.append((symbol, at))
            choices.append(outcomes)
    count = 1
    for outcomes in choices:
        count *= len(outcomes)
        if count > _OUTCOMES:
            raise Unsupported("an expectation over too many outcomes")
    total: Any = 0
    for outcome in itertools.product(*choices):
        weight: Any = 1
        for _, w in outcome:
            weight = weight * w
        values = {place: value for place, (value, _) in zip(places, outcome, strict=True)}
        total = total + weight * OutcomeScene(scene, values, symbols).value(term.body, env)
    return total
