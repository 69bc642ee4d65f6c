"""The chain rule from the side of the variable (reverse accumulation).

In the graph of definitions, the total derivative of y by s is the sum over the entries v that use s directly of
dy/dv times the partial derivative of v's own definition by s (Griewank and Walther, Evaluating Derivatives,
section 3.2). For recurrences over a symbolic time this is what gives sums over time and one-step identities.
"""

from __future__ import annotations

from dataclasses import replace

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
        return not (first.symbol == second.symbol)
    ahead = difference(one[0], two[0])
    if ahead is None:
        return second.symbol not in depends(model, first.symbol)
    return ahead <= latest(model, second.symbol, first.symbol)
