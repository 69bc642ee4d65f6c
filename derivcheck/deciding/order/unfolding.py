"""Putting definitions in place of names and taking derivatives, a level at a time, for the rungs that need it."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, add
from derivcheck.terms.differentiate import push, resolve_entry
from derivcheck.terms.integers import decided, difference
from derivcheck.terms.model import Family, Model
from derivcheck.terms.node import (
    Cases,
    Compare,
    Derivative,
    Entry,
    Fold,
    Index,
    Logic,
    Term,
    Var,
    children,
    fresh,
    map_children,
    replace_entries,
    walk,
)
from derivcheck.terms.unfold import branches, entry_indices, family_indices, is_family, reaches, unfold

MAX_STEPS = 40
DEEPEST = 60  # levels of nesting that are worked on: lemmas and algebra say nothing of deeper terms, and take long


def differentiated(term: Term, model: Model) -> Term:
    """`term` with its derivatives taken as far as definitions allow; along a recurrence of one step with symbolic
    limits the derivative becomes the ordered product of the step Jacobians."""
    return _everywhere(term, lambda t: _taken(t, model) if isinstance(t, Derivative) else t)


def _everywhere(term: Term, change: Callable[[Term], Term]) -> Term:
    memo: dict[Term, Term] = {}

    def visit(t: Term) -> Term:
        if t not in memo:
            memo[t] = change(map_children(t, visit))
        return memo[t]

    return visit(term)


def _taken(derivative: Derivative, model: Model) -> Term:
    along = recurrence(derivative, model)
    if along is not None:
        return along
    current = push(derivative, model)
    for _ in range(MAX_STEPS):
        residual = next((t for t in walk(current) if isinstance(t, Derivative) and not _endless(t, model)), None)
        if residual is None:
            break
        along = recurrence(residual, model)
        resolved = along if along is not None else resolve_entry(residual, model)
        if resolved is residual:
            break
        current = _everywhere(current, lambda t, old=residual, new=resolved: new if t is old else t)
    return current


def _endless(derivative: Derivative, model: Model) -> bool:
    """A member of a recurrence by another at a symbolic distance that is no chain of single steps: it stays."""
    body, wrt = derivative.body, derivative.wrt
    if not isinstance(body, Entry) or body.symbol != wrt.symbol or recurrence(derivative, model) is not None:
        return isinstance(body, Derivative)
    gaps = zip(family_indices(model, body), family_indices(model, wrt), strict=True)
    return any(difference(later, earlier) is None for later, earlier in gaps)


def recurrence(derivative: Derivative, model: Model) -> Term | None:
    """d h_t / d h_s for a family of which each member is computed from the one before alone: the product of the
    step Jacobians d h_k / d h_{k-1} for k = s+1..t, the latest on the left (the identity for t = s, 0 for t < s)."""
    body, wrt = derivative.body, derivative.wrt
    if not isinstance(body, Entry) or body.symbol != wrt.symbol or derivative.held or derivative.immediate:
        return None
    if not is_family(model, body.symbol) or not one_step(body.symbol, model):
        return None
    (later,), (earlier,) = family_indices(model, body), family_indices(model, wrt)
    own, other = entry_indices(model, body), entry_indices(model, wrt)
    if difference(later, earlier) is not None or len(own) != 1 or len(other) != 1:
        return None
    dim = model.declarations[body.symbol].shape[0]
    k, rows, cols = fresh("k"), fresh("r", dim), fresh("c", dim)
    previous = Entry(wrt.symbol, (add(Var(k), MINUS_ONE), Var(cols)))
    step = _taken(Derivative(Entry(body.symbol, (Var(k), Var(rows))), previous), model)
    jacobian = within_family(step, k, model.declarations[body.symbol].family[0])
    product = Fold(k, add(earlier, ONE), later, rows, cols, jacobian, (own[0], other[0]), "left")
    return Cases(((Compare(">=", later, earlier), product),), ZERO)


def within_family(step: Term, k: Index, family: Family) -> Term:
    """Inside the range of a recurrence its definition holds: branches whose condition says no more than that k is
    after the first member of the family, and not after its last."""

    def change(t: Term) -> Term:
        return t.branches[0][1] if isinstance(t, Cases) and _implied(t.branches[0][0], k, family) else t

    return _everywhere(step, change)


def _implied(condition: Term, k: Index, family: Family) -> bool:
    """Whether the condition holds for every k from the second member of the family on."""
    if isinstance(condition, Logic) and condition.op == "and":
        return all(_implied(part, k, family) for part in condition.args)
    if not isinstance(condition, Compare):
        return False
    left, right, relation = condition.left, condition.right, condition.relation
    if relation in ("<=", "<"):
        left, right, relation = right, left, {"<=": ">=", "<": ">"}[relation]
    if relation in (">=", ">") and left is Var(k) and family.lower is not None:
        first = add(family.lower, ONE)
        return decided(Compare(relation, first, right)) is True
    return relation == ">=" and right is Var(k) and family.upper is not None and difference(left, family.upper) == 0


def one_step(symbol: str, model: Model) -> bool:
    """Whether each member of a family is computed from the member just before and from no other member."""
    declaration = model.declarations[symbol]
    if len(declaration.family) != 1 or len(declaration.definitions) != 1:
        return False
    definition = declaration.definitions[0]
    own = Var(definition.params[0])
    body = definition.body
    for _ in range(MAX_STEPS):
        hidden = [t for t in walk(body) if isinstance(t, Entry) and t.symbol != symbol and reaches(model, t, symbol)]
        if not hidden:
            break
        bodies = {e: branches(e, model) for e in hidden}
        if any(len(found) != 1 for found in bodies.values()):
            return False
        body = _everywhere(body, lambda t, b=bodies: b[t][0][1] if isinstance(t, Entry) and t in b else t)
    members = [t for t in walk(body) if isinstance(t, Entry) and t.symbol == symbol]
    if any(isinstance(t, Derivative) for t in walk(body)):
        return False
    return bool(members) and all(difference(own, t.indices[0]) == 1 for t in members)


def unfolded(term: Term, model: Model, recurrences: bool = False) -> Term:
    """`term` with every defined name replaced by its definition, one level. Members of a family that is computed
    from itself stay (it would go on for ever) unless `recurrences` asks for them too. A member whose definition
    holds only from some time on becomes a case distinction."""

    def change(entry: Entry) -> Term | None:
        return None if not recurrences and _is_recurrent(entry, model) else unfold(entry, model)

    return replace_entries(term, change)


def _is_recurrent(entry: Entry, model: Model) -> bool:
    return reaches(model, unfold(entry, model) or ZERO, entry.symbol)


def levels(term: Term, model: Model, most: int = 4) -> list[Term]:
    """The term as it stands, with derivatives taken, and with definitions put in level by level (different ones),
    while they are not nested too deeply to say something about."""
    out = [term]
    current = differentiated(term, model)
    if _too_deep(current):
        return out
    if current is not term:
        out.append(current)
    for level in range(most):
        opened = unfolded(current, model, recurrences=level == 0)
        deeper = opened if _too_deep(opened) else differentiated(opened, model)
        if deeper is current or _too_deep(deeper):
            break
        current = deeper
        out.append(current)
    return out


def _too_deep(term: Term) -> bool:
    depth: dict[Term, int] = {}
    for node in walk(term):
        depth[node] = 1 + max((depth[child] for child in children(node)), default=0)
    return depth[term] > DEEPEST


def paired(left: Term, right: Term, model: Model, most: int = 3) -> list[tuple[Term, Term]]:
    """Both sides at the same level, then each side unfolded against the other as it stands."""
    a, b = levels(left, model, most), levels(right, model, most)
    longest = max(len(a), len(b))
    pairs = [(a[min(k, len(a) - 1)], b[min(k, len(b) - 1)]) for k in range(longest)]
    pairs += [(deep, b[0]) for deep in a[1:]] + [(a[0], deep) for deep in b[1:]]
    return list(dict.fromkeys(pairs))


__all__ = ["differentiated", "levels", "one_step", "paired", "recurrence", "unfolded", "within_family"]
