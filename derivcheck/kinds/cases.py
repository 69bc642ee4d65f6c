"""A result given case by case (`for $i = j$: ..., for $i \\ne j$: ...`), or for some entries only (the diagonal of
a Jacobian): right as far as it goes, and all that was asked where the cases leave nothing out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from derivcheck.kinds.interface import JudgedLine
from derivcheck.kinds.matching import key
from derivcheck.kinds.results import Candidate
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Entry, Term, Var
from derivcheck.terms.tensor import Tensor

_NEGATED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
Case = tuple[str, str, str]  # left key, relation, right key


def some_entries(candidate: Candidate, model: Model) -> bool:
    """Is it said of some entries only: a diagonal, a numbered one, one that what was asked names?"""
    entry = candidate.match.entry if candidate.match is not None else None
    if candidate.match is not None and candidate.match.numbered:
        return True
    if entry is None:
        return False
    others = candidate.match.indices.values() if candidate.match is not None else ()
    distinct = len({*entry, *others}) == len(entry) + len(set(others))
    return not distinct or not all(_any_index(term, model) for term in entry)


def cases_of(line: JudgedLine) -> tuple[Claim, ...]:
    """The cases that a line is said of; between which numbers an index lies is none."""
    return tuple(c for c in line.cases if c.relation in ("=", "!=") or c.left.body.symbols | c.right.body.symbols)


def _any_index(term: Term, model: Model) -> bool:
    """A bare index, or a name that the givens let be any index."""
    if isinstance(term, Entry) and not term.indices:
        declared = model.declarations.get(term.symbol)
        return declared is not None and declared.domain.kind == "integer" and not declared.definitions
    return isinstance(term, Var)


def leave_nothing_out(candidates: Sequence[Candidate]) -> bool:
    """Are two of the cases each other's opposite?"""
    said = [case for candidate in candidates if (case := _case(candidate)) is not None]
    return any(
        (a[0], _NEGATED.get(a[1]), a[2]) in (b, (b[2], _turned(b[1]), b[0])) for a, b in combinations(said, 2)
    )


def _case(candidate: Candidate) -> Case | None:
    """What a result is said under, as one relation."""
    cases, match = cases_of(candidate.line), candidate.match
    places = [*(match.entry or ()), *match.indices.values()] if match is not None else []
    if len(cases) == 1:
        return _place(cases[0].left, places), cases[0].relation, _place(cases[0].right, places)
    twice = [k for k, place in enumerate(places) if places.index(place) < k]
    if not cases and len(twice) == 1:
        return f"index {places.index(places[twice[0]])}", "=", f"index {twice[0]}"
    return None


def _place(side: Tensor, places: Sequence[Term]) -> str:
    """An index by its place in what was asked (bound names differ from line to line), anything else by its form."""
    if not side.axes and side.body in places:
        return f"index {places.index(side.body)}"
    return key(side)


def _turned(relation: str) -> str:
    return {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(relation, relation)
