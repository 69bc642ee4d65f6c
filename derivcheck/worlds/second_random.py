"""Expectations of the second evaluator as weighted sums: all outcomes of finite laws, Gauss-Hermite and Gauss-Legendre
nodes for normals and uniforms (exact for polynomials of degree up to 9 in each variable; what is no polynomial is
not supported). No moment formula is used."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import mpmath
from mpmath import mpf

from derivcheck.terms.model import Declaration, Law
from derivcheck.terms.node import Add, Entry, Expectation, Mul, Number, Power, Reduce, Term

if TYPE_CHECKING:
    from derivcheck.worlds.second import Place, Second

Nodes = list[tuple[Any, Any]]
_MOST = 2_000


class NoRule(Exception):
    """No rule for this law or this body."""


def outcomes(s: Second, t: Expectation) -> Iterator[tuple[dict[Place, Any], Any]]:
    """Values of the random entries that the body reaches, with weights that sum to 1."""
    names = sorted(_random_names(s, t))
    parts: list[list[tuple[dict[Place, Any], Any]]] = []
    for name, other in itertools.combinations(names, 2):
        if frozenset((name, other)) not in s.model.independent:
            raise NoRule("random names that may depend on each other")
    for name in names:
        declaration = s.model.declarations[name]
        if declaration.family:
            raise NoRule("a random family")
        parts.extend(_laws(s, declaration, t))
    count = 1
    for part in parts:
        count *= len(part)
    if count > _MOST:
        raise NoRule("too many outcomes")
    for combination in itertools.product(*parts):
        moved: dict[Place, Any] = {}
        weight: Any = mpf(1)
        for values, w in combination:
            moved |= values
            weight = weight * w
        if moved:
            yield moved, weight


def _random_names(s: Second, t: Expectation) -> set[str]:
    """Names with a law among what the body is computed from, of those averaged over."""
    def closure(start: set[str]) -> set[str]:
        seen: set[str] = set()
        stack = list(start)
        while stack:
            name = stack.pop()
            if name not in seen:
                seen.add(name)
                found = s.model.declarations.get(name)
                stack += [x for d in (found.definitions if found else ()) for x in d.body.symbols]
        return seen

    asked = set().union(*(closure({n}) if s.model.declarations[n].law is None else {n} for n in t.over))
    used = closure(set(t.body.symbols))
    return {n for n in asked & used if n in s.model.declarations and s.model.declarations[n].law is not None}


def _laws(s: Second, d: Declaration, t: Expectation) -> list[list[tuple[dict[Place, Any], Any]]]:
    assert d.law is not None
    places = [(d.name, at) for at in itertools.product(*(range(1, x.at(s.values.dims) + 1) for x in d.shape))]
    if d.law.kind == "finite":
        weights = [s.value(w, {}) for w in d.law.weights]
        values = [s.value(v, {}) for v in d.law.values]
        return [[({p: v}, w) for v, w in zip(values, weights, strict=True)] for p in places]
    degree = _degree(t.body, d.name, s)
    if degree > 9:
        raise NoRule("an expectation of a high power")
    if d.law.kind == "uniform" and d.law.low is not None and d.law.high is not None:
        low, high = s.value(d.law.low, {}), s.value(d.law.high, {})
        nodes = _legendre()
        return [[({p: low + (high - low) * (x + 1) / 2}, w / 2) for x, w in nodes] for p in places]
    if d.law.kind == "normal" and d.law.mean is not None and d.law.covariance is not None:
        return [_normal(s, d.law, places, _hermite(degree))]
    raise NoRule(f"a {d.law.kind} law")


def _normal(s: Second, law: Law, places: list[Place], nodes: Nodes) -> list[tuple[dict[Place, Any], Any]]:
    """Nodes of a joint normal: independent standard ones through a Cholesky factor."""
    assert law.mean is not None and law.covariance is not None
    n = len(places)
    if len(nodes)**n > _MOST:
        raise NoRule("too many outcomes")
    mean = [s.value(law.mean.body, dict(zip(law.mean.axes, at, strict=True))) for _, at in places]
    axes = law.covariance.axes
    cov = mpmath.matrix(n, n)
    for i, j in itertools.product(range(n), repeat=2):
        cov[i, j] = s.value(law.covariance.body, dict(zip(axes, places[i][1] + places[j][1], strict=True)))
    root = _factor(cov)
    found = []
    for combination in itertools.product(nodes, repeat=n):
        weight: Any = mpf(1)
        for _, w in combination:
            weight *= w
        z = [x for x, _ in combination]
        at = {p: mean[i] + sum(root[i, j] * z[j] for j in range(i + 1)) for i, p in enumerate(places)}
        found.append((at, weight))
    return found


def _factor(cov: Any) -> Any:
    """The lower triangular root; rows of zeros where the covariance is singular."""
    n = cov.rows
    root = mpmath.zeros(n, n)
    for j in range(n):
        pivot = cov[j, j] - sum(root[j, k] ** 2 for k in range(j))
        if pivot < -mpf(10) ** -40:
            raise NoRule("a covariance that is none")
        if pivot < mpf(10) ** -40:
            continue
        root[j, j] = mpmath.sqrt(pivot)
        for i in range(j + 1, n):
            root[i, j] = (cov[i, j] - sum(root[i, k] * root[j, k] for k in range(j))) / root[j, j]
    return root


def _hermite(degree: int) -> Nodes:
    """Nodes and weights for a standard normal: roots of He_3 = x^3 - 3 x, for high powers of
    He_5 = x^5 - 10 x^3 + 15 x."""
    if degree <= 5:
        return [(mpf(0), mpf(2) / 3), (mpmath.sqrt(3), mpf(1) / 6), (-mpmath.sqrt(3), mpf(1) / 6)]
    roots = [mpf(0)]
    for sign in (1, -1):
        square = 5 + sign * mpmath.sqrt(10)
        roots += [mpmath.sqrt(square), -mpmath.sqrt(square)]
    weights = [mpf(24) * 5 / (5 * (x**4 - 6 * x**2 + 3)) ** 2 for x in roots]
    return list(zip(roots, weights, strict=True))


def _legendre() -> Nodes:
    """Nodes and weights on -1..1: roots of P_5."""
    roots = [mpf(0)]
    for sign in (1, -1):
        x = mpmath.sqrt(5 + sign * 2 * mpmath.sqrt(mpf(10) / 7)) / 3
        roots += [x, -x]

    def slope(x: Any) -> Any:
        return (mpf(315) * x**4 - 210 * x**2 + 15) / 8

    return [(x, 2 / ((1 - x**2) * slope(x) ** 2)) for x in roots]


def _degree(t: Term, name: str, s: Second) -> int:
    """The degree of a term in the entries of a random name; NoRule where it is no polynomial of them."""
    if not any(x == name or name in _below(s, x) for x in t.symbols):
        return 0
    if isinstance(t, Entry):
        if t.symbol == name:
            return 1
        return max(_degree(d.body, name, s) for d in s.model.declarations[t.symbol].definitions)
    if isinstance(t, Add):
        return max(_degree(a, name, s) for a in t.args)
    if isinstance(t, Mul):
        return sum(_degree(a, name, s) for a in t.args)
    if isinstance(t, Power) and isinstance(t.exponent, Number) and t.exponent.value in (1, 2, 3, 4):
        return int(t.exponent.value) * _degree(t.base, name, s)
    if isinstance(t, Reduce) and t.kind == "sum":
        return _degree(t.body, name, s)
    if isinstance(t, Expectation):
        return _degree(t.body, name, s)
    raise NoRule("an expectation of what is no polynomial")


def _below(s: Second, symbol: str) -> set[str]:
    seen: set[str] = set()
    stack = [symbol]
    while stack:
        one = stack.pop()
        if one not in seen:
            seen.add(one)
            found = s.model.declarations.get(one)
            stack += [x for d in (found.definitions if found else ()) for x in d.body.symbols]
    return seen


