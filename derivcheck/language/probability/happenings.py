"""Events by a letter: `P(A \\cup B) = P(A) + P(B) - P(A \\cap B)`, `P(A \\mid B)`, `P(A^c)`.

On finitely many outcomes with weights `P(\\omega)` an event is a list of zeros and ones, its probability the sum of the
weights where it is 1: what holds for every such list and weight holds of events anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Bar, Group, Listing, Name, Node, Product, Scripted, Sum, Symbol
from derivcheck.language.parsing.trees import walk
from derivcheck.language.probability.entropies import bracket, decorated
from derivcheck.language.probability.events import is_head
from derivcheck.language.probability.meant import has_average
from derivcheck.language.probability.unknown_laws import OUTCOMES
from derivcheck.record import replace
from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, add, div, mul, size, sub
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim, Declaration, Domain
from derivcheck.terms.node import Entry, Hole, Index, Reduce, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item
    from derivcheck.language.givens.line import Line
    from derivcheck.language.scope import Scope

_EVENT = re.compile(r"[A-HS](_\w|_\{\w+\}|')?")
_COMPLEMENTS = frozenset({"c", "C", "\\complement"})
_SETS = frozenset({"\\subset", "\\subseteq"})
NUMBERS = "numbers for the probabilities of events, which"
UNSAID = "what the events are"
_DIM = Dim.named("|\\Omega|")
_WEIGHTS = f"P{OUTCOMES}"


def happening_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """P before a bracket with events in it."""
    head = items[k][1]
    if k + 1 >= len(items) or not is_head(elab, head):
        return None
    group, trailing = bracket(items[k + 1])
    if group is None or not of_events(elab, group.body):
        return None
    body = group.body
    if _beside_numbers(elab):
        return scalar(Hole(NUMBERS)), k + 2
    if _unsaid(elab, body):
        elab.session.ambiguities.add(UNSAID)
        if elab.options.null_events:
            return scalar(ZERO), k + 2
    if isinstance(body, Bar):
        both = _weighed(elab, Listing((body.left, body.right), (",",), span=body.span))
        value = div(both, _weighed(elab, body.right))
    else:
        value = _weighed(elab, body)
    _with_independence(elab)
    return decorated(elab, scalar(value), None, trailing), k + 2


def of_events(elab: Elaborator, node: Node) -> bool:
    """Whether an expression is made of letters for events, which nothing says to be anything else."""
    match node:
        case Bar(kind="|", left=left, right=right):
            return of_events(elab, left) and of_events(elab, right)
        case Listing(items=parts):
            return bool(parts) and all(of_events(elab, p) for p in parts)
        case Sum(items=items):
            return all(op in ("+", "\\cup", "\\setminus") for op, _ in items) and items[0][0] == "+" and (
                all(op != "+" for op, _ in items[1:]) and all(of_events(elab, n) for _, n in items)
            )
        case Product(items=items):
            return all(op in ("", "\\cap") and of_events(elab, n) for op, n in items)
        case Group(open="(", body=body):
            return of_events(elab, body)
        case Accent(kind="bar" | "overline", body=body):
            return of_events(elab, body)
        case Scripted(base=base, sup=sup, sub=None, primes=0) if sup is not None and canonical(sup) in _COMPLEMENTS:
            return of_events(elab, base)
        case Symbol(text="\\emptyset"):
            return True
        case Name() | Scripted():
            return _is_event(elab, canonical(node) or "", node)
    return False


def _is_event(elab: Elaborator, name: str, node: Node) -> bool:
    if elab.declaration(name + OUTCOMES) is not None:
        return True
    return bool(_EVENT.fullmatch(name)) and not elab.knows(node) and name not in elab.bound


def _unsaid(elab: Elaborator, body: Node) -> bool:
    """Whether no given introduces these events: what they are, in words, may make right what is wrong of any events."""
    names = {canonical(part) or "" for part in walk(body) if isinstance(part, Name | Scripted)}
    said = frozenset[str]().union(*elab.scope.model.independent)
    return any(_EVENT.fullmatch(n) and n not in said and elab.scope.declaration(n + OUTCOMES) is None for n in names)


# Values -----------------------------------------------------------------------------------------------------------


def _weighed(elab: Elaborator, node: Node) -> Term:
    """The sum of the weights of the outcomes in an event."""
    if elab.declaration(_WEIGHTS) is None:
        elab.declare(Declaration(_WEIGHTS, (_DIM,), (), Domain("simplex"), latex=_WEIGHTS))
    omega = fresh("\\omega", _DIM)
    return Reduce("sum", omega, ONE, size(_DIM), mul(Entry(_WEIGHTS, (Var(omega),)), indicator(elab, node, omega)))


def indicator(elab: Elaborator, node: Node, omega: Index) -> Term:
    """1 for the outcomes in an event, else 0."""
    match node:
        case Listing(items=parts):
            return mul(*(indicator(elab, p, omega) for p in parts))
        case Sum(items=items):
            total = indicator(elab, items[0][1], omega)
            for op, part in items[1:]:
                other = indicator(elab, part, omega)
                both = mul(total, other)
                total = add(total, other, mul(MINUS_ONE, both)) if op == "\\cup" else sub(total, both)
            return total
        case Product(items=items):
            return mul(*(indicator(elab, n, omega) for _, n in items))
        case Group(body=body):
            return indicator(elab, body, omega)
        case Accent(body=body) | Scripted(base=body, sub=None, sup=Node()):
            return sub(ONE, indicator(elab, body, omega))
        case Symbol():
            return ZERO
    name = canonical(node) or ""
    if elab.declaration(name + OUTCOMES) is None:
        values = Domain("finite", values=(ZERO, ONE))
        elab.declare(Declaration(name + OUTCOMES, (_DIM,), (), values, latex=name + OUTCOMES))
    return Entry(name + OUTCOMES, (Var(omega),))


def _beside_numbers(elab: Elaborator) -> bool:
    """Whether a probability of events is compared with something else: `P(D) = 0.01`, `P(H) = p` are data, and what
    follows from data on events is not worked out here. That it is 0 or more is no data."""
    return any(canonical(side) != "0" and not has_average(side) for side in elab.session.line)


def _with_independence(elab: Elaborator) -> None:
    """`A \\perp B`: the probability of both is the product, of pairs and of three."""
    names = sorted({n for tree in elab.session.line for n in _events(elab, tree)})
    pairs = elab.scope.model.independent
    for count in (2, 3):
        for chosen in combinations(names, count):
            if all(frozenset(pair) in pairs for pair in combinations(chosen, 2)):
                nodes = [Name(n, span=elab.session.line[0].span) for n in chosen]
                whole = _weighed(elab, Listing(tuple(nodes), (",",) * (count - 1), span=nodes[0].span))
                claim = Claim(scalar(whole), "=", scalar(mul(*(_weighed(elab, n) for n in nodes))))
                if not any(c.right == claim.right for c in elab.session.meant):
                    elab.session.meant.append(claim)


def _events(elab: Elaborator, tree: Node) -> Iterator[str]:
    for part in walk(tree):
        key = canonical(part) if isinstance(part, Name | Scripted) else None
        if key is not None and elab.declaration(key + OUTCOMES) is not None:
            yield key


# Givens -----------------------------------------------------------------------------------------------------------


def data_row(line: Line) -> Scope | None:
    """`P(B \\mid A) = 0.5`: not read, so that nothing that may rest on it is judged."""
    elab = line.elab()
    for side in line.node.operands if set(line.node.relations) & {"=", ":="} else ():
        for part in walk(side):
            if is_happening(elab, part):
                elab.error("unsupported", "numbers for the probabilities of events are not decided", part.span)
    return None


def set_row(line: Line) -> Scope | None:
    """`A, B \\subseteq \\Omega`, `A \\cap B = \\emptyset`, `A \\subseteq B` of events."""
    from derivcheck.language.givens.assumptions import with_declared

    node, elab = line.node, line.elab()
    names = (*line.piece.names, node.operands[0])
    whole = node.relations[0] in _SETS and canonical(node.operands[1]) == "\\Omega"
    if whole and all(of_events(elab, n) for n in names):
        for name in names:
            indicator(elab, name, fresh("\\omega", _DIM))
        return _with_outcomes(with_declared(elab, line.scope))
    if len(node.operands) != 2 or line.piece.names or node.relations[0] not in ("=", *_SETS):
        return None
    left, right = node.operands
    said = node.relations[0] in _SETS or any(_joins(side) for side in (left, right))
    if not said or not all(of_events(elab, side) for side in (left, right)):
        return None
    omega = fresh("\\omega", _DIM)
    sides = [Tensor((omega,), indicator(elab, side, omega)) for side in (left, right)]
    if node.relations[0] in _SETS:
        sides = [Tensor((omega,), mul(sides[0].body, sides[1].body)), sides[0]]
    scope = _with_outcomes(with_declared(elab, line.scope))
    return replace(scope, model=scope.model.assume(Claim(sides[0], "=", sides[1].renamed())))


def _with_outcomes(scope: Scope) -> Scope:
    return replace(scope, model=replace(scope.model, dims={**scope.model.dims, "|\\Omega|": 1}))


def _joins(node: Node) -> bool:
    match node:
        case Sum(items=items):
            return any(op in ("\\cup", "\\setminus") for op, _ in items)
        case Product(items=items):
            return any(op == "\\cap" for op, _ in items)
        case Scripted(sup=sup) if sup is not None:
            return canonical(sup) in _COMPLEMENTS
        case Symbol(text="\\emptyset"):
            return True
    return False


def is_happening(elab: Elaborator, node: Node) -> bool:
    """`P(A \\cup B)`: a line that begins so claims something of it."""
    items = node.items if isinstance(node, Product) else ()
    if len(items) != 2 or not is_head(elab, items[0][1]):
        return False
    group, _ = bracket(items[1])
    return group is not None and of_events(elab, group.body)
