"""The tools that benchmarks.compare puts side by side, each asked for one pair: True (equal), False or None; Unsuited
where the pair cannot be expressed. A module of its own, so that a child process finds them."""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

from benchmarks.trust_judging import GOOD, OPTIONS, judged, scope_of
from benchmarks.written_out import Unsuited, entries
from derivcheck.deciding import child
from derivcheck.language.statements import Link, read_statement
from derivcheck.record import replace
from derivcheck.terms.model import Domain, Model
from derivcheck.terms.node import Number, Term
from derivcheck.worlds import second
from derivcheck.worlds.second import NoValue

LIMIT = 10.0  # seconds for one pair
POINTS = 5
INSTALLED = find_spec("math_verify") is not None


@dataclass(frozen=True)
class Pair:
    """A claim of one equation, and whether it is right."""

    given: tuple[str, ...]
    text: str
    right: bool
    seed: str


@dataclass(frozen=True)
class Answer:
    """word: 'accepted', 'refused', 'no answer' (undecided, an error), 'timeout' or 'not expressed'."""

    word: str
    seconds: float


def link_of(given: tuple[str, ...], text: str) -> Link | None:
    """The equation of a text that is one equation."""
    scope = scope_of(given)
    statement = read_statement(text, scope, options=OPTIONS)
    link = statement.links[0] if len(statement.links) == 1 else None
    defines = link is None or link.claim is None or link.kind != "claim"
    return None if defines or link is None or link.claim is None or link.claim.relation != "=" else link


Tool = Callable[[Pair], "bool | None"]


def ours(pair: Pair) -> bool | None:
    word = judged(pair.given, pair.text, 0).word
    return True if word in GOOD else False if word == "refuted" else None


def simplified(pair: Pair) -> bool | None:
    import sympy

    return all(sympy.simplify(difference) == 0 for difference in written_out(pair))


def equals(pair: Pair) -> bool | None:
    words = []
    for difference in written_out(pair):
        words.append(difference.equals(0))
        if words[-1] is False:
            return False
    return None if None in words else True


def written_out(pair: Pair) -> Iterator[Any]:
    link = _plain(pair)
    assert link.claim is not None
    return entries(link.claim, link.model, dimensions(link.model))


def math_verify(pair: Pair) -> bool | None:
    """The sides as LaTeX, as its users give them."""
    from math_verify import parse, verify

    from derivcheck.language.parsing.parser import parse as read
    from derivcheck.language.parsing.show import show
    from derivcheck.language.parsing.syntax import Relation

    link = _plain(pair)
    names = set(link.claim.left.body.symbols | link.claim.right.body.symbols) if link.claim else set()
    defined = [d.definitions for n, d in link.model.declarations.items() if n in names]
    if any(defined) or any(name in pair.text for name in scope_of(pair.given).functions):
        raise Unsuited("a definition")
    root = read(pair.text).node
    assert isinstance(root, Relation)
    left, right = (parse(f"${show(side)}$") for side in root.operands)
    if any(not side or isinstance(side[0], str) for side in (left, right)):
        raise Unsuited("LaTeX that it does not read")
    return bool(verify(right, left))


def sampled(low: float, high: float, tolerance: float, tries: int) -> Tool:
    """Five points, each free entry drawn from `low`..`high` (inside its own domain); equal where at every point every
    entry agrees to the relative tolerance, the right side being the reference. Where more than five tries are
    granted, a point without a reference is drawn again and one without the other side counts as wrong."""

    def tool(pair: Pair) -> bool | None:
        link = _plain(pair)
        if link.model.functions:
            raise Unsuited("an unknown function")
        done = 0
        for k in range(tries):
            drawn = _Drawn(link.model, dimensions(link.model), low, high, f"{pair.seed} {k}")
            try:
                agree = all(_close(a, b, tolerance) for a, b in drawn.sides(link.claim))
            except NoValue:
                if tries == POINTS:
                    return None
                if drawn.has_value(link.claim):
                    return False
                continue
            if not agree:
                return False
            done += 1
            if done == POINTS:
                return True
        return None

    return tool


def _close(a: Any, b: Any, tolerance: float) -> bool:
    return abs(a - b) <= max(tolerance * abs(b), 1e-12)


@dataclass(frozen=True)
class _Drawn:
    """One point: a value of every free entry, by its place and the key alone."""

    model: Model
    dims: Mapping[str, int]
    low: float
    high: float
    key: str

    def sides(self, claim: Any) -> Iterator[tuple[Any, Any]]:
        """Both sides at every free index and entry. Raises NoValue, or Unsuited where the evaluator has no rule."""
        free = [p.index for p in claim.parameters]
        if any(i.dim is None for i in free) or claim.left.shape != claim.right.shape:
            raise Unsuited("a free index without a range, or sides of different shape")
        values = second.Values(self.dims, self.entry)
        for at in itertools.product(*(range(1, i.dim.at(self.dims) + 1) for i in free)):
            for place in itertools.product(*(range(1, d.at(self.dims) + 1) for d in claim.left.shape)):
                try:
                    yield second.sides(claim, self.model, values, dict(zip(free, at, strict=True)), place)
                except NoValue as problem:
                    if problem.unsupported:
                        raise Unsuited(str(problem)) from None
                    raise

    def has_value(self, claim: Any) -> bool:
        """Whether the reference has a value."""
        try:
            return bool(list(self.sides(replace(claim, left=claim.right))))
        except NoValue:
            return False

    def entry(self, place: second.Place) -> Fraction:
        symbol, at = place
        declaration = self.model.declarations[symbol]
        if declaration.domain.kind != "simplex":
            return self.number(declaration.domain, random.Random(f"{self.key} {symbol} {at}"))
        rng = random.Random(f"{self.key} {symbol} {at[:-1]}")
        weights = [Fraction(rng.uniform(0.1, 1)) for _ in range(declaration.shape[-1].at(self.dims))]
        return weights[at[-1] - 1] / sum(weights)

    def number(self, domain: Domain, rng: random.Random) -> Fraction:
        if domain.kind == "finite":
            return _number(rng.choice(domain.values))
        least = None if domain.low is None else _number(domain.low)
        most = None if domain.high is None else _number(domain.high)
        low = Fraction(self.low) if least is None else max(Fraction(self.low), least)
        high = Fraction(self.high) if most is None else min(Fraction(self.high), most)
        if low >= high:  # its author would say where to draw from
            low = low if least is None else least
            high = low + 1 if most is None else most
        if domain.kind == "integer":
            return Fraction(rng.randint(math.ceil(low), math.floor(high)))
        return low + (high - low) * Fraction(rng.random())


def _number(term: Term) -> Fraction:
    if not isinstance(term, Number):
        raise Unsuited("a domain of computed values")
    return Fraction(term.value)


def dimensions(model: Model) -> dict[str, int]:
    """2, 3, 2, ... so that different dimensions differ."""
    return {name: max(2 + k % 2, least) for k, (name, least) in enumerate(sorted(model.dims.items()))}


def _plain(pair: Pair) -> Link:
    """The claim, where what is given of it is shapes, domains and definitions."""
    link = link_of(pair.given, pair.text)
    if link is None or link.claim is None or link.model.assumptions or link.claim.given:
        raise Unsuited("assumptions")
    if any(d.law is not None for d in link.model.declarations.values()):
        raise Unsuited("random names")
    return link


TOOLS: dict[str, Tool] = {
    "derivcheck": ours,
    "`sympy.simplify(l - r) == 0`": simplified,
    "`(l - r).equals(0)`": equals,
    "Math-Verify": math_verify,
    "five points of [1, 5], 0.01 %": sampled(1, 5, 1e-4, POINTS),
    "five points of [−2, 2], 0.1 %": sampled(-2, 2, 1e-3, 10 * POINTS),
}
"""The last two: what the graders of MITx and of WeBWorK do where a course sets nothing else."""


def asked(name: str, pair: Pair) -> Answer:
    """One tool on one pair: ours here (its budgets end it), the others in a child that is killed at the limit."""
    if name == "derivcheck":
        return Answer(*_timed(name, pair))
    outcome = child.run(_timed, name, pair, seconds=LIMIT, warm=("sympy", *(["math_verify"] if INSTALLED else [])))
    if isinstance(outcome, child.Done):
        return Answer(*outcome.value)
    return Answer("timeout" if isinstance(outcome, child.TimedOut) else "no answer", LIMIT)


def _timed(name: str, pair: Pair) -> tuple[str, float]:
    link_of(pair.given, pair.text)  # reading the claim is no tool's time
    start = time.perf_counter()
    try:
        answer = TOOLS[name](pair)
    except Unsuited:
        return "not expressed", 0.0
    except Exception:  # a tool that fails has no answer
        return "no answer", time.perf_counter() - start
    word = "no answer" if answer is None else "accepted" if answer else "refused"
    return word, time.perf_counter() - start
