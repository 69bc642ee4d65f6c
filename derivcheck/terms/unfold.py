"""Definitions of the model: putting one in place of a name, and what depends on what."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from fractions import Fraction

from derivcheck.record import dataclass
from derivcheck.terms.integers import affine, decided
from derivcheck.terms.model import Definition, Model
from derivcheck.terms.node import Cases, Entry, Term, Var, substitute, walk

UNBOUNDED = float("inf")


def branches(entry: Entry, model: Model) -> list[tuple[Term | None, Term]]:
    """The definitions of an entry with its indices put in: pairs (condition or None, body), in order; those
    that can never hold here are left out, and nothing follows one that always holds."""
    declaration = model.declarations.get(entry.symbol)
    found: list[tuple[Term | None, Term]] = []
    for definition in declaration.definitions if declaration else ():
        if len(definition.params) != len(entry.indices):
            continue  # a name written without the indices it is defined with: nothing says which member is meant
        values = dict(zip(definition.params, entry.indices, strict=True))
        condition = None if definition.where is None else substitute(definition.where, values)
        holds = True if condition is None else decided(condition)
        if holds is not False:
            found.append((None if holds else condition, substitute(definition.body, values)))
        if holds:
            break
    return found


def unfold(entry: Entry, model: Model) -> Term | None:
    """What the entry is defined as (one level). Where no definition may hold, the result is a `Cases` whose
    `otherwise` is the entry itself: there it is a free value. None: it has no definition here at all."""
    found = branches(entry, model)
    if not found:
        return None
    if found[0][0] is None:
        return found[0][1]
    otherwise = found[-1][1] if found[-1][0] is None else entry
    return Cases(tuple((c, body) for c, body in found if c is not None), otherwise)


@dataclass(frozen=True, slots=True)
class Graph:
    """Who depends on whom in a model.

    reach: symbol to all symbols its value depends on (through definitions, transitively; a recurrence reaches itself).
    latest: (a, b) to the greatest t - s such that a member of a at time s depends on a member of b at time t, for
    families by their first index; UNBOUNDED where the definitions do not say.
    states: families that carry a state from one index to the next (see `states`).
    """

    reach: dict[str, frozenset[str]]
    latest: dict[tuple[str, str], float]
    states: frozenset[str]


_graphs: OrderedDict[int, tuple[Model, Graph]] = OrderedDict()


def graph(model: Model) -> Graph:
    """The graph of a model, remembered for the models used last."""
    kept = _graphs.get(id(model))
    if kept is None or kept[0] is not model:
        kept = _graphs[id(model)] = (model, _build(model))
        while len(_graphs) > 64:
            _graphs.popitem(last=False)
    return kept[1]


def depends(model: Model, symbol: str) -> frozenset[str]:
    """All symbols that the value of `symbol` depends on through definitions."""
    return graph(model).reach.get(symbol, frozenset())


def reaches(model: Model, term: Term, symbol: str) -> bool:
    """Whether the value of `term` may depend on `symbol`."""
    return any(name == symbol or symbol in depends(model, name) for name in term.symbols)


def states(model: Model) -> frozenset[str]:
    """The families that carry a state: of a recurrence (families that depend on each other in turn) those that occur
    with an earlier index. A family that is computed at every index of its range is none where another begins from
    a free value: `h_t = \\tanh(z_{t-1})`, `z_t = W h_t` has the state h, which begins from a free h_0."""
    return graph(model).states


def latest(model: Model, symbol: str, other: str) -> float:
    """The greatest t - s for which `symbol` at time s may depend on `other` at time t."""
    return graph(model).latest.get((symbol, other), -UNBOUNDED)


def is_family(model: Model, symbol: str) -> bool:
    declaration = model.declarations.get(symbol)
    return declaration is not None and bool(declaration.family)


def family_indices(model: Model, entry: Entry) -> tuple[Term, ...]:
    declaration = model.declarations.get(entry.symbol)
    return entry.indices[: len(declaration.family)] if declaration else ()


def entry_indices(model: Model, entry: Entry) -> tuple[Term, ...]:
    declaration = model.declarations.get(entry.symbol)
    return entry.indices[len(declaration.family) :] if declaration else entry.indices


def _build(model: Model) -> Graph:
    direct: dict[str, set[str]] = {}
    edges: dict[tuple[str, str], float] = {}
    for name, declaration in model.declarations.items():
        direct[name] = {s for d in declaration.definitions for s in d.body.symbols}
        for definition in declaration.definitions:
            for used, offset in _offsets(model, name, definition):
                edges[name, used] = max(edges.get((name, used), -UNBOUNDED), offset)
    reach = {name: _closure(direct, name) for name in direct}
    return Graph(reach, _longest(edges), _states(model, reach))


def _states(model: Model, reach: dict[str, frozenset[str]]) -> frozenset[str]:
    least = _least_offsets(model)
    lagged = {used for (name, used), offset in least.items() if offset < 0 and name in reach.get(used, ())}
    lagged |= _self_lagged(model)
    found: set[str] = set()
    for name in lagged:
        round_ = {other for other in reach[name] if name in reach.get(other, ())} | {name}
        begun = {other for other in round_ if _begins_free(model, other)}
        found |= (round_ & lagged & begun) or begun or (round_ & lagged)
    return frozenset(found)


def _begins_free(model: Model, name: str) -> bool:
    """A family that no definition computes at some index."""
    declaration = model.declarations[name]
    return bool(declaration.family) and all(d.where is not None for d in declaration.definitions)


def _closure(direct: dict[str, set[str]], start: str) -> frozenset[str]:
    seen: set[str] = set()
    stack = list(direct.get(start, ()))
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack.extend(direct.get(name, ()))
    return frozenset(seen)


def _offsets(model: Model, name: str, definition: Definition) -> Iterator[tuple[str, float]]:
    """(used symbol, offset of its first family index from the definition's own) for each entry in the body;
    UNBOUNDED where one of them is no family or the offset is not a constant."""
    own = Var(definition.params[0]) if is_family(model, name) else None
    for node in walk(definition.body):
        if isinstance(node, Entry):
            yield node.symbol, _offset(model, node, own)


def _offset(model: Model, node: Entry, own: Term | None) -> float:
    if own is None or not is_family(model, node.symbol):
        return UNBOUNDED
    position = affine(node.indices[0])
    if position.pop(own, Fraction(0)) != 1:
        return UNBOUNDED
    constant = position.pop(1, Fraction(0))
    return UNBOUNDED if position else float(constant)


def _least_offsets(model: Model) -> dict[tuple[str, str], float]:
    least: dict[tuple[str, str], float] = {}
    for name, declaration in model.declarations.items():
        for definition in declaration.definitions:
            for used, offset in _offsets(model, name, definition):
                least[name, used] = min(least.get((name, used), UNBOUNDED), offset)
    return least


def _self_lagged(model: Model) -> set[str]:
    """Families defined from themselves, whatever the form of the index (`h_t = \\sum_{s<t} h_s`)."""
    return {
        name
        for name, declaration in model.declarations.items()
        if declaration.family and any(name in d.body.symbols for d in declaration.definitions)
    }


def _longest(edges: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The greatest total offset over all paths; a cycle that gains makes it unbounded (Floyd-Warshall)."""
    best = dict(edges)
    names = sorted({name for pair in edges for name in pair})
    for through in names:
        loop = best.get((through, through), -UNBOUNDED)
        for a in names:
            first = best.get((a, through))
            if first is None:
                continue
            for b in names:
                second = best.get((through, b))
                if second is not None:
                    total = UNBOUNDED if loop > 0 else first + second
                    best[a, b] = max(best.get((a, b), -UNBOUNDED), total)
    return best
