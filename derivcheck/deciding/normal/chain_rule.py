"""The chain rule from the side of the variable (reverse accumulation).

In the graph of definitions, the total derivative of y by s is the sum over the entries v that use s directly of
dy/dv times the partial derivative of v's own definition by s (Griewank and Walther, Evaluating Derivatives,
section 3.2). For recurrences over a symbolic time this is what gives sums over time and one-step identities.
"""

from __future__ import annotations

from derivcheck.record import replace
from derivcheck.terms import node as n
from derivcheck.terms.build import add, mul, number, sum_over
from derivcheck.terms.differentiate import push
from derivcheck.terms.integers import deltas, difference
from derivcheck.terms.model import Declaration, Model
from derivcheck.terms.node import Derivative, Entry, Index, Term, Var, fresh
from derivcheck.terms.unfold import UNBOUNDED, depends, family_indices, is_family, latest, unfold


def adjoint(term: Derivative, model: Model) -> Term | None:
    """A total derivative of an entry as a sum over the entries that use the variable directly."""
    body, wrt = term.body, term.wrt
    if not isinstance(body, Entry) or term.held or term.immediate:
        return None
    reach = {body.symbol} | depends(model, body.symbol)
    if _hidden(model, reach):
        return None
    users = [v for v in sorted(reach) if _uses(model, v, wrt.symbol)]
    bare = replace(model, declarations={k: replace(d, definitions=()) for k, d in model.declarations.items()})
    itself = deltas(body.indices, wrt.indices) if wrt.symbol == body.symbol else number(0)
    parts: list[Term] = [itself]
    for user in users:
        part = _through(body, wrt, model.declarations[user], model, bare)
        if part is None:
            return None
        parts.append(part)
    return add(*parts)


def _hidden(model: Model, symbols: frozenset[str] | set[str]) -> bool:
    """Whether a definition depends on more than the names in it show: through a derivative or a law."""
    definitions = (d for name in symbols if name in model.declarations for d in model.declarations[name].definitions)
    return any(isinstance(t, Derivative | n.Expectation) for d in definitions for t in n.walk(d.body))


def _uses(model: Model, user: str, symbol: str) -> bool:
    declaration = model.declarations.get(user)
    return declaration is not None and any(symbol in d.body.symbols for d in declaration.definitions)


def _through(body: Entry, wrt: Entry, user: Declaration, model: Model, bare: Model) -> Term | None:
    """The sum over all entries of one user."""
    limits = _limits(body, user, model)
    if limits is None:
        return None
    axes = [fresh("p", d) for d in user.shape]
    times = [index for index, _, _ in limits]
    entry = Entry(user.name, (*(Var(t) for t in times), *(Var(a) for a in axes)))
    definition = unfold(entry, model)
    if definition is None:
        return number(0)
    direct = push(Derivative(definition, wrt), bare)
    outer = push(Derivative(body, entry), model)
    total = mul(outer, direct)
    for axis in reversed(axes):
        total = sum_over(axis, total)
    for index, lower, upper in reversed(limits):
        total = n.Reduce("sum", index, lower, upper, total)
    return total


def _limits(body: Entry, user: Declaration, model: Model) -> list[tuple[Index, Term, Term]] | None:
    """A new index for each family index of the user, with its range; time ends where `body` can still see it."""
    found: list[tuple[Index, Term, Term]] = []
    own = family_indices(model, body)
    for position, family in enumerate(user.family):
        index = fresh(family.index.name)
        upper = family.upper
        if position == 0 and own and is_family(model, body.symbol):
            ahead = latest(model, body.symbol, user.name)
            if body.symbol == user.name:
                ahead = max(ahead, 0.0)
            if abs(ahead) < UNBOUNDED:
                upper = add(own[0], number(int(ahead)))
        if family.lower is None or upper is None:
            return None
        found.append((index, family.lower, upper))
    return found


def earlier(model: Model, first: Entry, second: Entry) -> bool:
    """Whether `second` may be computed from `first` (and is not the same entry's symbol at the same time)."""
    if first.symbol not in depends(model, second.symbol):
        return False
    one, two = family_indices(model, first), family_indices(model, second)
    if not one or not two:
        return first.symbol != second.symbol
    ahead = difference(one[0], two[0])
    if ahead is None:
        return second.symbol not in depends(model, first.symbol)
    return ahead <= latest(model, second.symbol, first.symbol)


def through_time(term: Derivative, model: Model) -> n.Fold | None:
    """d h_T / d h_i = prod over t = i+1..T of d h_t / d h_{t-1}, the latest factor leftmost, for i <= T, when h_t
    depends on earlier states only through h_{t-1}. None where that is not so, or T - i is a given number."""
    body, wrt = term.body, term.wrt
    if not isinstance(body, Entry) or term.held or term.immediate or body.symbol != wrt.symbol:
        return None
    declaration = model.declarations[body.symbol]
    if len(declaration.family) != 1 or len(declaration.shape) != 1 or not is_one_step(model, body.symbol):
        return None
    end, start = body.indices[0], wrt.indices[0]
    if difference(end, start) is not None:
        return None
    t, dim = fresh("t"), declaration.shape[0]
    rows, cols = fresh("r", dim), fresh("c", dim)
    before = add(Var(t), number(-1))
    step = Derivative(Entry(body.symbol, (Var(t), Var(rows))), Entry(body.symbol, (before, Var(cols))))
    out = (body.indices[1], wrt.indices[1])
    return n.Fold(t, add(start, number(1)), end, rows, cols, step, out, "left")


STEPS = 12
"""Definitions unfolded at most to see what a state is computed from."""


def is_one_step(model: Model, symbol: str) -> bool:
    """Whether a family at time t is computed from itself at t - 1 alone, other families in between unfolded."""
    declaration = model.declarations[symbol]
    if _hidden(model, {symbol} | depends(model, symbol)):
        return False
    time = fresh("t")
    entry = Entry(symbol, (Var(time), *(Var(fresh("i", d)) for d in declaration.shape)))
    definition = unfold(entry, model)
    if definition is None:
        return False
    for _ in range(STEPS):
        inside = {t for t in n.walk(definition) if isinstance(t, Entry) and t is not entry}
        states = {t for t in inside if t.symbol == symbol}
        if any(difference(t.indices[0], Var(time)) != -1 for t in states):
            return False
        inner = {t for t in inside - states if symbol in depends(model, t.symbol)}
        if not inner:
            return bool(states)
        if any(unfold(t, model) is None for t in inner):
            return False
        definition = _unfold_all(definition, symbol, model)
    return False


def _unfold_all(term: Term, symbol: str, model: Model) -> Term:
    """Every other name computed from the state replaced by its definition."""

    def visit(t: Term) -> Term:
        inner = n.map_children(t, visit)
        if isinstance(inner, Entry) and inner.symbol != symbol and symbol in depends(model, inner.symbol):
            return unfold(inner, model) or inner
        return inner

    return visit(term)
