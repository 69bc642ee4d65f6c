"""Certified enclosures of infinite sums and of integrals that are improper at an end: a part by ball arithmetic, and a
bound for the rest (growth.py). What is not seen to converge absolutely has no value here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flint import acb, arb

from derivcheck.terms.build import MINUS_ONE, ZERO
from derivcheck.terms.node import Add, Constant, Entry, Integral, Mul, Reduce, Term, Var, replace_entries
from derivcheck.worlds.arithmetic import is_exact
from derivcheck.worlds.errors import NotSeen, Unsupported
from derivcheck.worlds.growth import Bound, Growth, Unbounded, decreases, tail_integral
from derivcheck.worlds.layers import Layered
from derivcheck.worlds.matrix_series import has_powers, majorant

if TYPE_CHECKING:
    from derivcheck.worlds.scenes import Env, Scene

Proper = Callable[..., arb]
"""The integral of a body between two numbers, as fine as a tolerance asks."""
INFINITY = Constant("infinity")
_STARTS = (16, 64, 256, 1024)
"""Where the rest of a sum begins, tried in turn; of an integral also far beyond."""
_NEAR = (16, 64, 256)
"""The same where each term takes a power of a matrix."""
_FAR = (1 << 14, 1 << 20)
_FINE = arb(2) ** -60


def is_infinite(term: Term) -> int:
    """1 for infinity, -1 for its negative, else 0."""
    if term is INFINITY:
        return 1
    return -1 if isinstance(term, Mul) and set(term.args) == {MINUS_ONE, INFINITY} else 0


def constant_of(scene: Scene, env: Env) -> Callable[[Term], arb]:
    """The values of terms in which a variable does not occur, as balls."""

    def value(term: Term) -> arb:
        found = scene.value(term, env)
        if isinstance(found, Layered):
            raise Unsupported("the derivative or expectation of an infinite sum or integral")
        return arb(found)

    return value


def only_balls(scene: Scene, what: str) -> None:
    if scene.parent is not None or scene.evaluator.arithmetic.name != "balls":
        raise Unsupported(what)


# Sums ---------------------------------------------------------------------------------------------------------------


def infinite_sum(scene: Scene, term: Reduce, env: Env) -> Any:
    """The sum of the terms before a start and an enclosure of the rest."""
    only_balls(scene, "an infinite sum here")
    if term.kind != "sum" or term.where is not None or term.upper is not INFINITY:
        raise Unsupported("an infinite sum")
    first = scene.integer(term.lower, env)
    variable = Var(term.index)
    of_matrices = has_powers(term.body, term.index)
    start, rest = _best(
        lambda at: Growth(variable, at, constant_of(scene, env), lambda t: term.index in t.free),
        majorant(scene, term.body, term.index, env) if of_matrices else term.body,
        tuple(s for s in (_NEAR if of_matrices else _STARTS) if s > first), _tail_of_sum,
    )
    inner = dict(env)
    total: Any = 0
    for k in range(first, start + 1):
        inner[term.index] = k
        total = total + scene.value(term.body, inner)
    return arb(total) + arb(0, rest.upper())


def _tail_of_sum(bounds: list[Bound], start: arb) -> arb:
    """At least the sum over all k > start."""
    total = arb(0)
    for bound in bounds:
        if not decreases(bound, start):
            raise Unbounded
        total = total + tail_integral(bound, start)
    return total


def _best(
    make: Callable[[int], Growth], body: Term, starts: tuple[int, ...], tail: Callable[[list[Bound], arb], arb]
) -> tuple[int, arb]:
    """The first start from which the rest is tiny, else that with the smallest rest."""
    best: tuple[int, arb] | None = None
    for at in starts:
        try:
            rest = tail(make(at).above(body), arb(at))
        except Unbounded:
            continue
        if not rest.is_finite():
            continue
        if best is None or rest < best[1]:
            best = at, rest
        if rest < _FINE:
            break
    if best is None:
        raise NotSeen("a sum or integral that is not seen to converge")
    return best


# Integrals ----------------------------------------------------------------------------------------------------------


def improper(scene: Scene, term: Integral, env: Env, proper: Proper) -> arb:
    """An integral over an unbounded range: `proper` integrates a body between two numbers."""
    only_balls(scene, "an integral here")
    low, high = is_infinite(term.lower), is_infinite(term.upper)
    if low == 1 or high == -1:
        raise Unsupported("an integral from infinity")
    if low and high:
        return _upwards(scene, term, term.body, arb(0), env, proper) + _upwards(
            scene, term, _mirrored(term), arb(0), env, proper
        )
    if high:
        return _upwards(scene, term, term.body, _number(scene, term.lower, env), env, proper)
    return _upwards(scene, term, _mirrored(term), -_number(scene, term.upper, env), env, proper)


def singular(scene: Scene, term: Integral, env: Env, proper: Proper) -> arb:
    """An integral over a bounded range whose body has no finite value at an end (`\\log x` at 0): up to a distance y
    from the end, and an enclosure of the rest by y = e^{-s}."""
    only_balls(scene, "an integral here")
    low, high = _number(scene, term.lower, env), _number(scene, term.upper, env)
    if not low < high:
        raise Unsupported("an integral here")
    middle = (low + high) / 2
    variable = Entry(term.variable)
    from_low = _shifted(term, Add((term.lower, variable)) if term.lower is not ZERO else variable)
    from_high = _shifted(term, Add((term.upper, Mul((MINUS_ONE, variable)))))
    return _from_end(scene, term, from_low, middle - low, env, proper) + _from_end(
        scene, term, from_high, high - middle, env, proper
    )


def is_regular(integrand: Callable[[acb, bool], acb], end: arb) -> bool:
    """Whether a body has a finite enclosure around an end of its range."""
    around = acb(end + arb(0, 1e-3))
    return bool(integrand(around, True).is_finite() and integrand(acb(end), False).is_finite())


def _number(scene: Scene, term: Term, env: Env) -> arb:
    value = scene.value(term, env)
    if isinstance(value, Layered):
        raise Unsupported("an integral here")
    return arb(value) if is_exact(value) else value


def _mirrored(term: Integral) -> Term:
    return _shifted(term, Mul((MINUS_ONE, Entry(term.variable))))


def _shifted(term: Integral, place: Term) -> Term:
    return replace_entries(term.body, lambda e: place if e.symbol == term.variable else None)


def _growth(scene: Scene, term: Integral, env: Env, small: bool) -> Callable[[int], Growth]:
    def occurs(t: Term) -> bool:
        return any(term.variable in scene.evaluator.reach(s) for s in t.symbols)

    return lambda at: Growth(Entry(term.variable), at, constant_of(scene, env), occurs, small)


def _upwards(
    scene: Scene, term: Integral, body: Term, low: arb, env: Env, proper: Proper
) -> arb:
    """From a number to infinity, piece by piece to the start of the rest."""
    starts = tuple(s for s in (*_STARTS, *_FAR) if low < s)
    start, rest = _best(_growth(scene, term, env, False), body, starts, _tail_of_integral)
    tolerance = None if rest < _FINE else arb((rest / 64).mid())
    total, at, step = arb(0), low, arb(1)
    while at < start:
        to = at + step
        to = to if to < start else arb(start)
        total = total + proper(body, at, to, tolerance)
        at, step = to, step * 2
    return total + arb(0, rest.upper())


def _from_end(
    scene: Scene, term: Integral, body: Term, length: arb, env: Env, proper: Proper
) -> arb:
    """Of y from 0 to `length`: from e^{-s} on, and an enclosure of the rest, where the body is `f(y) y` in s."""
    with_slope = Mul((body, Entry(term.variable)))
    start, rest = _best(_growth(scene, term, env, True), with_slope, (16, 64), _tail_of_integral)
    tolerance = None if rest < _FINE else arb((rest / 64).mid())
    total, at = arb(0), (-arb(start)).exp()
    while at < length:
        to = at * 16
        to = to if to < length else length
        total = total + proper(body, at, to, tolerance, 2 * start)
        at = to
    return total + arb(0, rest.upper())


def _tail_of_integral(bounds: list[Bound], start: arb) -> arb:
    return sum((tail_integral(b, start) for b in bounds), arb(0))

