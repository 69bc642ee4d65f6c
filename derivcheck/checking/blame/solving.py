"""Which single term is off by a number in front: solved from values, not guessed.

If left - right = c t at all points for a term t of the right side, the line follows with (1 + c) t in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from derivcheck.checking.blame.edits import Variant, factor, items_of, number, product, terms
from derivcheck.checking.blame.trials import Trials
from derivcheck.deciding.search import Bench
from derivcheck.language.parsing.syntax import Frac, Node, Num, Sum
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.errors import NoValue, NoWorld

_POINTS = 4
_LARGEST = 48
_FINEST = 12
_TERMS = 6

Read = Callable[[Node], "tuple[Claim, Model] | None"]
"""Reads the line with another right operand."""


def numbered(root: Node, read: Read, trials: Trials) -> Iterator[Variant]:
    """The operand with another number in front of one of its terms."""
    gaps = _values(trials.bench, trials, lambda left, right: left - right)
    if not gaps:
        return
    parts = terms(root)
    for k, (sign, term) in enumerate(parts[:_TERMS]):
        found = read(term)
        if found is None:
            continue
        values = _values(Bench(*found, trials.work), trials, lambda _, right: right)
        ratio = _constant(gaps, values, -1 if sign == "-" else 1)
        if ratio is None or ratio in (0, 1):
            continue
        new = _times(ratio, term)
        whole = Sum((*parts[:k], (sign, new), *parts[k + 1 :]), span=root.span) if isinstance(root, Sum) else new
        first = items_of(term)[0][1]
        written = isinstance(first, Num) or (isinstance(first, Frac) and isinstance(first.num, Num))
        yield Variant(whole, first.span if written else term.span, "wrong-number" if written else "lost-factor")


def _values(bench: Bench, trials: Trials, wanted: Callable[[float, float], float]) -> list[float]:
    """A number for each of the first points of the drawn worlds; empty where one has no value."""
    found: list[float] = []
    try:
        for world in trials.worlds[:2]:
            evaluators = {64: bench.evaluator(world)}
            for point in bench.points(evaluators[64], _POINTS):
                judged = bench.judge(world, point, evaluators)
                found.append(wanted(_float(judged.left), _float(judged.right)))
    except (NoValue, NoWorld, TypeError, OverflowError):
        return []
    return found


def _float(value: object) -> float:
    if isinstance(value, int):
        return float(value)
    mid = getattr(value, "mid", None)
    return float(mid()) if mid is not None else int(value.p) / int(value.q)  # type: ignore[attr-defined]


def _constant(gaps: list[float], values: list[float], sign: int) -> Fraction | None:
    """1 + c, where gap = c * value at every point with one simple number c."""
    if len(gaps) != len(values):
        return None
    best = max(range(len(values)), key=lambda k: abs(values[k]), default=None)
    if best is None or not values[best]:
        return None
    c = gaps[best] / values[best]
    size = max(map(abs, (*gaps, *values)))
    if any(abs(gap - c * value) > 1e-9 * size for gap, value in zip(gaps, values, strict=True)):
        return None
    ratio = Fraction(1 + sign * c).limit_denominator(_FINEST)
    return ratio if abs(ratio - (1 + sign * c)) < 1e-9 and abs(ratio.numerator) <= _LARGEST else None


def _times(ratio: Fraction, term: Node) -> Node:
    top: Node = number(abs(ratio.numerator), term.span)
    front = top if ratio.denominator == 1 else Frac(top, number(ratio.denominator, term.span), span=term.span)
    items = [("", front), ("", factor(term))] if isinstance(term, Sum) else [("", front), *items_of(term)]
    made = product(items, term.span)
    return Sum((("-", made),), span=term.span) if ratio < 0 else made
