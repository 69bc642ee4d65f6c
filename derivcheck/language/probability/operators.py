"""Probability in the language: `\\mathbb{E}`, `\\operatorname{Var}`, `\\operatorname{Cov}`, entropy, `D_{KL}`, `P(o)`.

Over outcome variables of finite sets an expectation is a sum with the distribution as weight; over random symbols with
a law it stays an `Expectation` node. Var and Cov are written out by expectations: of a vector they are matrices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.laws import GIVENS, items_of, law_of
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Bar, Func, Listing, Name, Node, Relation, Scripted, Span
from derivcheck.language.parsing.trees import walk as nodes_of
from derivcheck.language.probability.distributions import (
    Distribution,
    distribution_at,
    entry_of,
    limits,
    outcome_named,
)
from derivcheck.language.probability.entropies import bracket, decorated, divergence, entropy, entropy_handler
from derivcheck.language.probability.events import event_handler, normal_handler, of_indicator
from derivcheck.language.probability.happenings import happening_handler
from derivcheck.language.probability.unknown_laws import average
from derivcheck.language.probability.vectors import drawn_index, with_drawn
from derivcheck.record import dataclass, replace
from derivcheck.terms import algebra
from derivcheck.terms.build import HALF, MINUS_ONE
from derivcheck.terms.model import Model, Parameter
from derivcheck.terms.node import Add, Entry, Expectation, Mul, Power, Reduce, Term, Var, fresh, substitute
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.terms.unfold import depends

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

Normal = tuple[Tensor, Tensor]


_RANDOM_LETTER = re.compile(r"[XYZUV](_\w|_\{\w+\}|')?")


@dataclass(frozen=True, slots=True)
class Over:
    """What an expectation is taken over: outcome variables with their weight (a distribution at that outcome, or a
    number), and random symbols with a law. `named`: the subscript says which; else all that occur."""

    outcomes: tuple[tuple[str, Parameter, Distribution | Term], ...] = ()
    symbols: tuple[str, ...] = ()
    named: bool = False


# Handlers ---------------------------------------------------------------------------------------------------------


def operator_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\mathbb{E}[x]^2`, `\\operatorname{Var}(x)`, `\\mathbb{E}_{z \\sim q} f(z) g(z)`, `D_{KL}(q \\| p)`."""
    node = items[k][1]
    func = node.base if isinstance(node, Scripted) else node
    if not isinstance(func, Func) or func.text not in _OPERATORS:
        return None
    if k + 1 >= len(items):
        elab.error("missing-argument", f"{func.text} stands without an argument", node.span)
    sub = node.sub if isinstance(node, Scripted) else None
    elab = with_drawn(elab, sub)
    group, trailing = bracket(items[k + 1])
    if group is not None:
        end, body = k + 2, group.body
    else:
        end = elab.reach(items, k + 1)
        body = _as_node(items[k + 1 : end])
    span = Span(node.span.start, items[end - 1][1].span.end)
    value = _OPERATORS[func.text](elab, body, sub, span)
    return decorated(elab, value, node, trailing), end


def distribution_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`P(o \\mid c)`, `p(x, z)`: the number that a distribution gives to its slots."""
    found = distribution_at(elab, items, k)
    if found is None:
        return None
    value = entry_of(elab, found)
    trailing = items[k + 1][1]
    return decorated(elab, value, None, trailing if isinstance(trailing, Scripted) else None), k + 2


def is_plain_expectation(elab: Elaborator, items: Sequence[Item], k: int) -> bool:
    """`E[q^\\top k]`, as most people type it: an expectation where nothing else is called E and what stands in the
    bracket is random (without any law: a capital letter in square brackets)."""
    node = items[k][1]
    letter = node.base if isinstance(node, Scripted) else node
    if not (isinstance(letter, Name) and letter.text == "E") or k + 1 >= len(items):
        return False
    group, _ = bracket(items[k + 1])
    if group is None or "E" in elab.scope.names or "E" in elab.bound:
        return False
    if not _has_laws(elab, _model(elab)):
        names = nodes_of(group.body)
        return group.open == "[" and any(isinstance(n, Name) and _RANDOM_LETTER.fullmatch(n.text) for n in names)
    try:
        body = elab.session.settle(elab.tensor(group.body))
    except (Unreadable, ShapeError):
        return False
    random = _everything(elab, _model(elab), body.body)
    return bool(random.symbols or random.outcomes)


def plain_expectation_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """A plain letter E before a bracket with something random in it."""
    if not is_plain_expectation(elab, items, k):
        return None
    node = items[k][1]
    letter = node.base if isinstance(node, Scripted) else node
    func = Func("E", span=letter.span)
    read = replace(node, base=func) if isinstance(node, Scripted) else func
    return operator_handler(elab, [*items[:k], (items[k][0], read), *items[k + 1 :]], k)


HANDLERS = (
    operator_handler, event_handler, normal_handler, happening_handler, distribution_handler, entropy_handler,
    plain_expectation_handler,
)


def _as_node(items: Sequence[Item]) -> Node:
    from derivcheck.language.parsing.syntax import Product

    if len(items) == 1:
        return items[0][1]
    span = Span(items[0][1].span.start, items[-1][1].span.end)
    return Product(span=span, items=(("", items[0][1]), *items[1:]))


# Expectations -----------------------------------------------------------------------------------------------------


def _expectation(elab: Elaborator, body: Node, sub: Node | None, span: Span) -> Tensor:
    if isinstance(body, Bar):
        given = _conditions(elab, body)
        return _conditional(elab, elab.session.settle(elab.tensor(body.left)), given, span)
    over = _over(elab, sub)
    tensor = elab.session.settle(elab.tensor(body))
    of_event = None if over.named else of_indicator(elab, tensor)
    return expect(elab, tensor, over, span) if of_event is None else of_event


def expect(elab: Elaborator, body: Tensor, over: Over, span: Span) -> Tensor:
    """The expectation of every entry of a tensor."""
    model = _model(elab)
    if not over.named:
        _no_lawless(elab, model, body.body, span)
    chosen = over if over.named else _everything(elab, model, body.body)
    term = body.body
    for name, parameter, distribution in chosen.outcomes:
        term = _weighted_sum(elab, term, name, parameter, distribution)
    symbols = tuple(s for s in chosen.symbols if _random(model, term, s))
    if symbols:
        _no_densities(elab, term, symbols, span)
        return Tensor(body.axes, Expectation(term, symbols))
    if not chosen.outcomes and not _has_laws(elab, model):
        found = average(elab, model, term)
        if found is None:
            elab.error("unsupported", "an expectation of something whose law is not given", span)
        return Tensor(body.axes, found)
    return Tensor(body.axes, term)


def _conditions(elab: Elaborator, body: Bar) -> tuple[Term, ...]:
    """The names after the bar of a conditional expectation."""
    nodes = body.right.items if isinstance(body.right, Listing) else (body.right,)
    tensors = [elab.session.settle(elab.tensor(n)) for n in nodes]
    if _has_laws(elab, _model(elab)) or any(t.axes or not isinstance(t.body, Entry) for t in tensors):
        elab.error("unsupported", "a conditional expectation has no meaning here yet", body.span)
    return tuple(t.body for t in tensors)


def _conditional(elab: Elaborator, body: Tensor, given: tuple[Term, ...], span: Span) -> Tensor:
    """`E[X | Y]` of names whose law nothing states: a number for each value of Y."""
    found = average(elab, _model(elab), body.body, given)
    if found is None:
        elab.error("unsupported", "a conditional expectation has no meaning here yet", span)
    return Tensor(body.axes, found)


def _model(elab: Elaborator) -> Model:
    if not elab.session.declared:
        return elab.scope.model
    return replace(elab.scope.model, declarations={**elab.scope.model.declarations, **elab.session.declared})


def _has_laws(elab: Elaborator, model: Model) -> bool:
    return bool(elab.scope.laws) or any(d.law is not None for d in model.declarations.values())


def _no_lawless(elab: Elaborator, model: Model, term: Term, span: Span) -> None:
    """Where some names have laws, a capital X or Y without one is random as well, most likely, and no constant."""
    if not _has_laws(elab, model):
        return
    for name in sorted(term.symbols.union(*(depends(model, s) for s in term.symbols))):
        known = model.declarations.get(name)
        free = known is not None and not (known.law or known.definitions or known.family or len(known.shape) > 1)
        if free and _RANDOM_LETTER.fullmatch(name):
            elab.error("unsupported", f"whether {name}, whose law is not given, is random is not said", span)


def _random(model: Model, term: Term, symbol: str) -> bool:
    return any(s == symbol or symbol in depends(model, s) for s in term.symbols)


def _everything(elab: Elaborator, model: Model, term: Term) -> Over:
    """All random symbols that a body depends on, and the outcome variables in it that have a law."""
    outcomes = []
    for name in elab.scope.laws:
        parameter = elab.scope.indices.get(name)
        if parameter is not None and parameter.index in term.free:
            outcomes.append((name, parameter, law_of(elab, name)))
    symbols = [n for n, d in sorted(model.declarations.items()) if d.law is not None and _random(model, term, n)]
    return Over(tuple(outcomes), tuple(symbols))


def _weighted_sum(
    elab: Elaborator, term: Term, name: str, parameter: Parameter, distribution: Distribution | Term
) -> Term:
    """`\\sum_z q(z) f(z)` with a bound index in place of the outcome variable."""
    weight = distribution if isinstance(distribution, Term) else entry_of(elab, distribution).body
    lower, upper, _ = limits(parameter)
    bound = fresh(name, parameter.index.dim)
    here: dict = {parameter.index: Var(bound)}
    return Reduce("sum", bound, lower, upper, Mul((substitute(weight, here), substitute(term, here))))


def _over(elab: Elaborator, sub: Node | None) -> Over:
    """What a subscript says: `q`, `q(z)`, `z`, `z \\sim q(\\cdot | x)`, several of them."""
    if sub is None:
        return Over()
    nodes = sub.items if isinstance(sub, Listing) else (sub,)
    parts = [_over_one(elab, node) for node in nodes]
    outcomes = tuple(o for part in parts for o in part.outcomes)
    return Over(outcomes, tuple(s for part in parts for s in part.symbols), True)


def _over_one(elab: Elaborator, node: Node) -> Over:
    if isinstance(node, Relation) and node.relations == ("\\sim",):
        return _drawn(elab, node.operands[0], node.operands[1])
    items = items_of(node)
    found = distribution_at(elab, items, 0) if len(items) == 2 else None
    if found is not None:
        own = [s for s in found.left if s.outcome is not None]
        if own:
            return Over(tuple((s.name, s.outcome, found) for s in own if s.outcome is not None), (), True)
    key = canonical(node) or ""
    if elab.declaration(key) is not None and _model(elab).declarations[key].law is not None:
        return Over((), (key,), True)
    variables = [v for v, law in elab.scope.laws.items() if v == key or law.split("(")[0] == key or law == key]
    if not variables and found is not None:
        variables = [v for v, law in elab.scope.laws.items() if law.split("(")[0] == found.head]
    if not variables:
        elab.error("unsupported", "nothing is known to follow this law", node.span)
    outcomes = tuple(
        (v, elab.scope.indices[v], law_of(elab, v)) for v in variables if v in elab.scope.indices
    )
    return Over(outcomes, tuple(v for v in variables if v not in elab.scope.indices), True)


def _drawn(elab: Elaborator, left: Node, right: Node) -> Over:
    """`z \\sim q`: an outcome variable with the law written here, or a random symbol with the given law."""
    from derivcheck.language.givens.laws import outcome_distribution

    key = canonical(left) or ""
    place = drawn_index(elab, left, right)
    if place is not None:
        return Over((place,), (), True)
    outcome = outcome_named(elab, key)
    if outcome is not None:
        return Over(((outcome[0], outcome[1], outcome_distribution(elab, outcome[0], right)),), (), True)
    declaration = elab.declaration(key)
    if declaration is None or declaration.law is None:
        elab.error("unsupported", f"the law of {key} is not given", left.span)
    if elab.scope.laws.get(key) != canonical(right):
        elab.error("unsupported", f"{key} has another law in the givens", right.span)
    return Over((), (key,), True)


def _no_densities(elab: Elaborator, term: Term, symbols: Sequence[str], span: Span) -> None:
    """A density with a random symbol in its slots is not a constant: nothing is known of it."""
    for name in term.symbols:
        slots = re.split(r"[(),|;]", name)[1:] if "(" in name else []
        if any(s in slots for s in symbols):
            elab.error("unsupported", f"the expectation of {name} needs its density", span)


# Variance and covariance ------------------------------------------------------------------------------------------


def _variance(elab: Elaborator, body: Node, sub: Node | None, span: Span) -> Tensor:
    if isinstance(body, Listing) and len(body.items) == 2:
        return _covariance(elab, body, sub, span)
    if isinstance(body, Bar):
        given = _conditions(elab, body)
        inside = elab.session.settle(elab.tensor(body.left))
        if inside.axes:
            elab.error("unsupported", "a conditional covariance has no meaning here yet", span)
        square, mean = (_conditional(elab, t, given, span) for t in (algebra.scale(inside, inside), inside))
        return algebra.subtract(square, algebra.scale(mean, mean))
    tensor = elab.session.settle(elab.tensor(body))
    return covary(elab, tensor, tensor, _over(elab, sub), span)


def _covariance(elab: Elaborator, body: Node, sub: Node | None, span: Span) -> Tensor:
    nodes = body.items if isinstance(body, Listing) else (body, body)
    if len(nodes) != 2:
        elab.error("unreadable", "a covariance is of one vector or of two quantities", span)
    left, right = (elab.session.settle(elab.tensor(n)) for n in nodes)
    return covary(elab, left, right, _over(elab, sub), span)


def covary(elab: Elaborator, left: Tensor, right: Tensor, over: Over, span: Span) -> Tensor:
    """`E[(a - E a)(b - E b)^T]`: a matrix of two vectors, a number of two numbers."""
    if max(len(left.axes), len(right.axes)) > 1:
        elab.error("unsupported", "the covariance of a matrix has no meaning here", span)
    if not over.named:
        _no_lawless(elab, _model(elab), Add((left.body, right.body)), span)
        everything = _everything(elab, _model(elab), Add((left.body, right.body)))
        if everything.outcomes or everything.symbols or _has_laws(elab, _model(elab)):
            over = replace(everything, named=True)
    centred = [algebra.subtract(t, expect(elab, t, over, span)) for t in (left, right)]
    return expect(elab, algebra.outer(*centred), over, span)


def _deviation(elab: Elaborator, body: Node, sub: Node | None, span: Span) -> Tensor:
    variance = _variance(elab, body, sub, span)
    if variance.axes:
        elab.error("unsupported", "the standard deviation of a vector has no meaning here", span)
    return scalar(Power(variance.body, HALF))


def _correlation(elab: Elaborator, body: Node, sub: Node | None, span: Span) -> Tensor:
    if not isinstance(body, Listing) or len(body.items) != 2:
        elab.error("unreadable", "a correlation is of two numbers", span)
    both = _covariance(elab, body, sub, span)
    spreads = [_variance(elab, n, sub, span) for n in body.items]
    if both.axes:
        elab.error("unsupported", "the correlation of vectors has no meaning here", span)
    return scalar(Mul((both.body, Power(Mul(tuple(s.body for s in spreads)), Mul((MINUS_ONE, HALF))))))


_OPERATORS: dict[str, Callable[[Elaborator, Node, Node | None, Span], Tensor]] = {
    "E": _expectation,
    "Var": _variance,
    "Cov": _covariance,
    "Std": _deviation,
    "Corr": _correlation,
    "KL": divergence,
    "Ent": entropy,
}

__all__ = ["GIVENS", "HANDLERS", "covary", "expect"]
