"""Verdicts checked again by the second evaluator: a refutation at its own counterexample's values, as they are
printed; an equality at worlds drawn for it. What the second evaluator has no rule for is said, never guessed."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from mpmath import mpf

from derivcheck.deciding.budget import Budget, Work
from derivcheck.deciding.search import Bench, least
from derivcheck.deciding.verdict import Counterexample
from derivcheck.deciding.witness import member_name
from derivcheck.terms.claims import apart
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Index
from derivcheck.worlds import second
from derivcheck.worlds.errors import NoValue as FirstNoValue
from derivcheck.worlds.errors import NoWorld
from derivcheck.worlds.sampling import Plan
from derivcheck.worlds.second import NoValue, Values
from derivcheck.worlds.unknown import polynomial
from derivcheck.worlds.world import World

_LOEWNER = ("succ", "succeq")
_MEMBERS = range(-2, 9)
_SHOWN = mpf(10) ** -8  # digits of a printed irrational value


def of_world(world: World) -> Values:
    """A drawn world's dimensions and values (not how anything is computed from them)."""

    def entry(place: second.Place) -> Any:
        symbol, at = place
        members = len(world.declarations[symbol].family)
        return world.block((symbol, at[:members]))[at[members:]]

    def function(name: str, out: tuple[int, ...], variables: int) -> second.Polynomial:
        return [(second.number(c), m) for c, m in polynomial(world, name, out, variables)]

    return Values(world.dims, entry, function, world.fixed)


def agreement(claim: Claim, model: Model, seed: int | str, worlds: int = 3, points: int = 6) -> Counter[str]:
    """How often the claim agrees, is violated or cannot be told, at points of worlds with different dimensions."""
    found: Counter[str] = Counter()
    if claim.left.shape != claim.right.shape:
        return Counter({"shapes": 1})
    bench = Bench(claim, model, Work(0, Budget()))
    work = [second.WORK // 3]
    try:
        for world in bench.givens.stream(f"second {seed}", Plan(worlds=worlds, least=least(claim))):
            evaluator = bench.evaluator(world)
            for point in bench.points(evaluator, points):
                found[_judged(claim, bench.model, of_world(world), point.values, point.entry, work)] += 1
    except (NoWorld, FirstNoValue):
        found["no world"] += 1
    return found


def _judged(
    claim: Claim, model: Model, values: Values, env: dict[Index, int], entry: tuple[int, ...], work: list[int]
) -> str:
    if claim.relation in ("in_O", "propto"):
        return "unsupported"
    try:
        if claim.relation in _LOEWNER:
            return second.loewner(claim, model, values, env)
        # differences are numeric here: a small gap is small beside a and b, not beside a - b = 0
        left, right = second.sides(apart(claim), model, values, env, entry, work)
    except NoValue as problem:
        return "unsupported" if problem.unsupported else "undefined"
    except (KeyError, IndexError, OverflowError, ZeroDivisionError, RecursionError):
        return "unsupported"
    word = second.compare(claim.relation, left, right)
    if word == "violated" and _cancels(claim, model, values, env, entry, abs(left - right)):
        return "unsure"
    return word


def _cancels(
    claim: Claim, model: Model, values: Values, env: dict[Index, int], entry: tuple[int, ...], gap: Any
) -> bool:
    """Whether the gap between the sides is what cancellation leaves: with more digits it shrinks."""
    try:
        left, right = second.sides(apart(claim), model, values, env, entry, more=60)
    except (NoValue, KeyError, IndexError, OverflowError, ZeroDivisionError, RecursionError):
        return True
    return abs(left - right) * 1000 < gap


def refutation(claim: Claim, model: Model, example: Counterexample) -> str:
    """'confirmed', 'contradicted' (with why), or 'unsupported'."""
    if claim.left.shape != claim.right.shape or claim.relation in ("in_O", "propto"):
        return "unsupported"
    values = of_counterexample(model, example)
    env = {p: _whole(example.values.get(p.name.split("#")[0])) for p in _open(claim)}
    if any(v is None for v in env.values()):
        return "unsupported: a parameter that is not printed"
    at: dict[Index, int] = {i: v for i, v in env.items() if v is not None}
    try:
        if claim.relation in _LOEWNER:
            found = second.loewner(claim, model, values, at)
            return {"violated": "confirmed", "agrees": "contradicted: the order holds"}.get(found, "unsupported")
        left, right = second.sides(claim, model, values, at, example.entry)
    except NoValue as problem:
        return "unsupported" if problem.unsupported else f"contradicted: no value ({problem})"
    except (KeyError, IndexError, OverflowError, ZeroDivisionError, RecursionError) as problem:
        return f"unsupported: {type(problem).__name__} {problem}"
    word = second.compare(claim.relation, left, right)
    if word != "violated":
        return "contradicted: both sides agree" if word == "agrees" else "unsupported: too close to tell"
    shown = (_at(example.left, example.entry), _at(example.right, example.entry))
    for mine, theirs in zip((left, right), shown, strict=True):
        if theirs is not None and abs(mine - second.number(theirs)) > _SHOWN * (1 + abs(mine)):
            return f"contradicted: a side is {float(mine):.12g}, not {float(second.number(theirs)):.12g}"
    return "confirmed"


def _open(claim: Claim) -> list[Index]:
    axes = {*claim.left.axes, *claim.right.axes}
    return sorted((claim.left.body.free | claim.right.body.free) - axes, key=lambda i: i.name)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def of_counterexample(model: Model, example: Counterexample) -> Values:
    """The values as printed: names as they are written, numbers, fractions as text, nested lists."""
    blocks: dict[tuple[str, tuple[int, ...]], Any] = {}
    dims = {n: v for n, v in example.dims.items() if n in model.dims}
    for name, declaration in model.declarations.items():
        latex = declaration.latex or name
        if not declaration.family:
            if latex in example.values:
                blocks[name, ()] = example.values[latex]
            elif latex in example.dims:
                blocks[name, ()] = example.dims[latex]
            continue
        for at in itertools.product(_MEMBERS, repeat=len(declaration.family)):
            written = member_name(declaration, at)
            if written in example.values:
                blocks[name, at] = example.values[written]

    def entry(place: second.Place) -> Fraction:
        symbol, at = place
        members = len(model.declarations[symbol].family)
        found = _at(blocks[symbol, at[:members]], at[members:])
        if found is None:
            raise KeyError(symbol)
        return found

    fixed = frozenset(n for n, d in model.declarations.items() if d.definitions and (n, ()) in blocks)
    return Values({**dict.fromkeys(model.dims, 1), **dims}, entry, _functions(model, example), fixed)


def _at(value: Any, place: Sequence[int]) -> Any:
    for i in place if isinstance(value, list) else ():
        value = value[i - 1]
    if isinstance(value, str):
        return Fraction(value)
    if isinstance(value, float):
        return mpf(value)
    return Fraction(value) if isinstance(value, int) else None


def _functions(model: Model, example: Counterexample) -> Any:
    """Unknown functions as printed: entries of polynomials in u or u_1, u_2, ..."""

    def function(name: str, out: tuple[int, ...], variables: int) -> second.Polynomial:
        symbol = model.functions[name]
        latex = symbol.latex or name
        for key, text in example.values.items():
            if key.startswith(f"{latex}(") and isinstance(text, str):
                entries = text[1:-1].split(", ") if symbol.value else [text]
                shape = tuple(d.at({**dict.fromkeys(model.dims, 1), **example.dims}) for d in symbol.value)
                places = list(itertools.product(*(range(1, n + 1) for n in shape)))
                return list(_monomials(entries[places.index(out)]))
        raise KeyError(name)

    return function


def _monomials(text: str) -> Iterator[tuple[Any, tuple[int, ...]]]:
    for sign, words in re.findall(r"(^-|^|[-+]) ?([^-+]+)", text):
        coefficient, monomial = Fraction(-1 if "-" in sign else 1), []
        for word in words.split():
            if word.startswith("u"):
                monomial.append(int(word[2:] or 1) - 1)
            else:
                coefficient *= Fraction(word)
        yield second.number(coefficient), tuple(monomial)
