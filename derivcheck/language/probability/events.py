"""Probabilities of events: `P(X \\le x)`, `\\Pr(|X - \\mu| \\ge a)`, `P(X > s + t \\mid X > s)`.

Of names with a stated law an event is taken apart into inequalities of one number each and put into its distribution
function; of names whose law nothing states it is the average of its indicator (unknown_laws.py), so that what is shown
holds for every law (Markov, Chebyshev)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    Bar,
    Func,
    Grid,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Relation,
    Scripted,
    Span,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.language.probability.cumulative import standard_normal
from derivcheck.language.probability.entropies import bracket, decorated
from derivcheck.language.probability.meant import by_moments, not_constant, plain_numbers
from derivcheck.language.probability.odds import Odds, has_law
from derivcheck.language.probability.unknown_laws import CUSTOMARY, average
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE, ZERO, div
from derivcheck.terms.model import Model
from derivcheck.terms.node import Cases, Logic, Term, replace_entries
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.terms.unfold import depends, unfold

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

HEADS = frozenset({"P", "\\mathbb{P}", "\\mathcal{P}", "Pr", "\\Pr"})
OUTSIDE = "whether it lies where the law does"
_MOST_UNFOLDINGS = 6


def event_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """P before a bracket with relations of random names in it."""
    node = items[k][1]
    head = node.base if isinstance(node, Scripted) else node
    if k + 1 >= len(items) or not is_head(elab, head):
        return None
    group, trailing = bracket(items[k + 1])
    if group is None or not _of_random(elab, group):
        return None
    span = Span(node.span.start, items[k + 1][1].span.end)
    return decorated(elab, scalar(_probability(elab, group.body, span)), None, trailing), k + 2


def normal_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\Phi(z)` beside a normal law, where nothing else is called so."""
    node = items[k][1]
    if not isinstance(node, Name) or node.text != "\\Phi" or k + 1 >= len(items) or elab.knows(node):
        return None
    group, trailing = bracket(items[k + 1])
    laws = (d.law for d in _model(elab).declarations.values())
    if group is None or isinstance(group.body, Listing) or not any(law and law.kind == "normal" for law in laws):
        return None
    value = op.apply(elab, lambda t: algebra.entrywise(standard_normal, t), elab.tensor(group.body), span=node.span)
    return decorated(elab, value, None, trailing), k + 2


def is_event(elab: Elaborator, node: Node) -> bool:
    """`P(X = 1)`: what such a line says is a claim, and no definition of P."""
    items = node.items if isinstance(node, Product) else ()
    if len(items) != 2 or not is_head(elab, items[0][1]):
        return False
    group, _ = bracket(items[1])
    return group is not None and _of_random(elab, group)


def is_head(elab: Elaborator, head: Node) -> bool:
    """Whether this is the sign of a probability, and not another thing of that name."""
    if isinstance(head, Func):
        return head.text == "Pr"
    key = canonical(head) if isinstance(head, Name) else None
    return key in HEADS and not elab.knows(head)


def _of_random(elab: Elaborator, group: Group) -> bool:
    """Whether all that stands in the bracket are relations, and one is of a random name."""
    body = group.body
    sides = (body.left, body.right) if isinstance(body, Bar) else (body,)
    parts = [part for side in sides for part in (side.items if isinstance(side, Listing) else (side,))]
    if not all(isinstance(part, Relation) for part in parts):
        return False
    names = {key for node in walk(body) if isinstance(node, Name | Accent | Scripted) and (key := canonical(node))}
    model = _model(elab)
    return any(_is_random(model, name) for name in names)


def _is_random(model: Model, name: str) -> bool:
    declaration = model.declarations.get(name)
    if declaration is None or declaration.domain.kind == "simplex":
        return False
    if declaration.law is not None or any(has_law(model, s) for s in depends(model, name)):
        return True
    return bool(CUSTOMARY.fullmatch(name)) and name[0].isupper()


def _model(elab: Elaborator) -> Model:
    from derivcheck.language.derivatives.operators import model_of

    return model_of(elab)


# The value --------------------------------------------------------------------------------------------------------


def _probability(elab: Elaborator, body: Node, span: Span) -> Term:
    if isinstance(body, Bar):
        if body.kind != "|":
            elab.error("unreadable", "an event is expected here", span)
        event, given = elab.condition(body.left), elab.condition(body.right)
        return div(chance(elab, Logic("and", (event, given)), span), chance(elab, given, span))
    return chance(elab, elab.condition(body), span)


def chance(elab: Elaborator, event: Term, span: Span | None) -> Term:
    """The probability of a condition on random names."""
    model = _model(elab)
    event = _unfolded(model, event)
    symbols = sorted(s for s in event.symbols if has_law(model, s))
    met = Cases(((event, ONE),), ZERO)
    if symbols and (found := by_moments(elab, model, symbols, met)) is not None:
        return found
    if not symbols:
        found = average(elab, model, met, (), plain_numbers(model, met))
        not_constant(elab, event)
        if found is None:
            elab.error("unsupported", "a probability of something whose law is not given", span)
        return found
    odds = Odds(model, elab.options.inside_laws)
    found = odds.probability(event)
    if found is None:
        elab.error("unsupported", "the probability of this event is not decided", span)
    if odds.bounds and not _by_cases(elab):  # whether a bound lies where the law does is not always said
        elab.session.ambiguities.add(OUTSIDE)
    return found


def _by_cases(elab: Elaborator) -> bool:
    """Whether the line says itself what holds where."""
    return any(isinstance(part, Grid) and part.kind == "cases" for tree in elab.session.line for part in walk(tree))


def of_indicator(elab: Elaborator, tensor: Tensor) -> Tensor | None:
    """`E[1{X > a}]` of names with laws is the probability of the event, where that is known."""
    match tensor.body:
        case Cases(branches=((event, one),), otherwise=rest) if one is ONE and rest is ZERO and not tensor.axes:
            model = _model(elab)
            if not any(has_law(model, s) for s in _unfolded(model, event).symbols):
                return None
            try:
                return scalar(chance(elab, event, None))
            except Unreadable:
                return None
    return None


def _unfolded(model: Model, term: Term) -> Term:
    for _ in range(_MOST_UNFOLDINGS):
        hidden = {s for s in term.symbols if any(_is_random(model, r) for r in depends(model, s) - {s})}
        if not hidden:
            break
        term = replace_entries(term, lambda e, h=hidden: unfold(e, model) if e.symbol in h else None)
    return term
