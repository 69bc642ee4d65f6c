"""Chains of estimates: of a goal `right - left >= 0`, one product after another on the left is replaced by an upper
bound that a lemma gives for a part of it, until nothing negative is left.

That is how bounds are shown by hand (`||I + V D U|| <= 1 + ||V D U|| <= 1 + ||V|| ||D|| ||U|| <= ...`). A best-first
search over such replacements goes deeper than facts gathered all around, and asks no solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from derivcheck.deciding.order.facts import Fact
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.poly import Atom, Mono, Poly, mono_product
from derivcheck.record import dataclass

STEPS = 7
BEAM = 10
LARGEST = 8  # terms of a goal
Bound = tuple[Mono, Poly, str]
"""A product, something that is never less, and the lemma that says so."""


@dataclass(frozen=True)
class State:
    """What is left to be shown >= 0, and the lemmas used on the way."""

    goal: Poly
    used: tuple[str, ...] = ()


def estimated(
    goal: Poly, strict: bool, forms: Forms, about: Callable[[Atom], Iterable[Fact]]
) -> tuple[str, ...] | None:
    """The lemmas of a chain of estimates that shows `goal >= 0` (`> 0` where strict); None where the search finds none.
    `about`: the facts that lemmas give about an atom."""
    shown = forms.positive_poly if strict else forms.nonnegative_poly
    known: dict[str, list[Bound]] = {}

    def bounds(atom: Atom) -> list[Bound]:
        if atom.key not in known:
            known[atom.key] = [b for fact in about(atom) for b in _upper(fact, atom)]
        return known[atom.key]

    seen = {goal.key}
    beam = [State(goal)]
    for _ in range(STEPS):
        found: list[tuple[int, State]] = []
        for state in beam:
            for after in _replaced(state, forms, bounds):
                if after.goal.key in seen:
                    continue
                seen.add(after.goal.key)
                if shown(after.goal):
                    return after.used
                if len(after.goal.terms) <= LARGEST:
                    found.append((_distance(after.goal), after))
        beam = [state for _, state in sorted(found, key=lambda pair: pair[0])[:BEAM]]
    return None


def _upper(fact: Fact, atom: Atom) -> Iterator[Bound]:
    """The products with this atom that a fact bounds from above."""
    if fact.when or fact.relation not in (">=", ">", "="):
        return
    for sign in (1, -1) if fact.relation == "=" else (1,):
        for mono, coefficient in fact.poly.terms:
            if coefficient * sign < 0 and any(a == atom and e > 0 for a, e in mono):
                own = Poly(((mono, coefficient),))
                yield mono, (fact.poly - own).scaled(-1 / coefficient), fact.lemma


def _replaced(state: State, forms: Forms, bounds: Callable[[Atom], list[Bound]]) -> Iterator[State]:
    """The goals that imply this one by one estimate of a product that is taken away in it."""
    for mono, coefficient in state.goal.terms:
        if coefficient > 0:
            continue
        for atom, exponent in mono:
            for product, bound, lemma in bounds(atom) if exponent > 0 else ():
                rest = _without(mono, product)
                if rest is None or not forms.nonnegative_mono(rest):
                    continue
                own = Poly(((mono, coefficient),))
                larger = forms.times(bound, Poly(((rest, coefficient),)))
                yield State(state.goal - own + larger, (*state.used, lemma))


def _without(mono: Mono, product: Mono) -> Mono | None:
    """A product without some of its factors, where it has them all."""
    exponents: dict[Atom, Fraction] = dict(mono)
    if any(exponents.get(a, Fraction(0)) < e for a, e in product):
        return None
    return mono_product(mono, tuple((a, -e) for a, e in product))


def _distance(goal: Poly) -> int:
    """How far what is taken away is from what it is taken away from: factors that differ, for the nearest ones."""
    positive = [_factors(m) for m, c in goal.terms if c > 0]
    negative = [_factors(m) for m, c in goal.terms if c < 0]
    return sum(min((len(n ^ p) for p in positive), default=len(n) + 4) for n in negative) + len(negative)


def _factors(mono: Mono) -> frozenset[tuple[str, Fraction]]:
    return frozenset((a.key, e) for a, e in mono)
