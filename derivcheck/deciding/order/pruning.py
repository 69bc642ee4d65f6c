"""Leaving out facts that cannot help: an upper bound by something of which nothing else is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from derivcheck.deciding.order.facts import Fact, atoms_of
from derivcheck.deciding.order.poly import Poly


def pruned(facts: Sequence[Fact], goal: Poly) -> list[Fact]:
    """The facts without those that only bound things from above by an atom which no other fact speaks of. (Whatever
    else is true, that atom may be large, so that such a fact says nothing.) Repeated until nothing changes."""
    kept = list(facts)
    fixed = {a.key for a in atoms_of(goal)}
    while True:
        mentions = Counter(key for fact in kept for key in _keys(fact))
        rest = [fact for fact in kept if not _dangles(fact, mentions, fixed)]
        if len(rest) == len(kept):
            return kept
        kept = rest


def _keys(fact: Fact) -> set[str]:
    """The atoms that a fact speaks of; that an atom is nonnegative says nothing against its being large."""
    if fact.relation in (">=", ">") and not fact.when and all(c > 0 for _, c in fact.poly.terms):
        return set()
    polys = [fact.poly, *(p for p, _ in fact.when)]
    return {a.key for p in polys for a in atoms_of(p)}


def _dangles(fact: Fact, mentions: Counter[str], fixed: set[str]) -> bool:
    if fact.relation not in (">=", ">") or fact.when or len(fact.poly.terms) < 2:
        return False
    for mono, coefficient in fact.poly.terms:
        for atom, exponent in mono:
            alone = mentions[atom.key] == 1 and atom.key not in fixed and atom.kind != "group"
            if alone and coefficient > 0 and exponent > 0 and not _elsewhere(fact, atom.key, mono):
                return True
    return False


def _elsewhere(fact: Fact, key: str, here: object) -> bool:
    return any(key in {a.key for a, _ in mono} for mono, _ in fact.poly.terms if mono is not here)
