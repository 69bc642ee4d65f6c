"""Values at a place: `\\left.\\frac{d}{dt} f(x + t v)\\right|_{t=0}`, `F(x)\\big|_{x=a}^{x=b}`.

What stands before the bar is made explicit in the variable (derivatives taken, definitions that lead to it unfolded);
then the value is put in. A letter that nothing introduces is the variable of the bracket alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.scripts import TRANSPOSE, decorate
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Node, Relation, Scripted
from derivcheck.language.parsing.trees import walk as subtrees
from derivcheck.terms.algebra import negate, zeros
from derivcheck.terms.differentiate import push, resolve_entry
from derivcheck.terms.model import Model
from derivcheck.terms.node import (
    Cases,
    Constant,
    Derivative,
    Entry,
    Integral,
    Limit,
    Term,
    Var,
    fresh,
    map_children,
    replace_entries,
    walk,
)
from derivcheck.terms.tensor import Tensor, scalar
from derivcheck.terms.unfold import reaches, unfold

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

INFINITY = Constant("infinity")
_DEEPEST = 200  # derivatives and definitions that may be unfolded one below the other


def at_place(elab: Elaborator, node: Scripted) -> Tensor | None:
    """An expression before a bar with the place below: `|_{t=0}`; between two places: `|_{t=0}^{t=1}`."""
    base = node.base
    if not isinstance(base, Group) or node.sub is None:
        return None
    if (base.open, base.close) == ("[", "]") and node.sup is not None:
        return _between(elab, base, node.sub, node.sup)
    if (base.open, base.close) != ("", "|"):
        return None
    if node.sup is not None and _places(node.sub) is None:
        return _between(elab, base, node.sub, node.sup)
    places = _places(node.sub)
    if places is None:
        return None
    low = _value(elab, base.body, places)
    above = None if node.sup is None else _places(node.sup)
    if above is not None:
        return op.add(elab, _value(elab, base.body, above), negate(low), span=node.span)
    if node.sup is not None and canonical(node.sup) not in TRANSPOSE:
        elab.error("unreadable", "what stands above the bar is no place", node.sup.span)
    return decorate(elab, low, Scripted(span=node.span, base=base, sup=node.sup, primes=node.primes))


def _between(elab: Elaborator, base: Group, low: Node, high: Node) -> Tensor | None:
    """`\\left[ F(x) \\right]_a^b` beside an integral over x: F(b) - F(a), at infinity the limit. None where no
    integral in the line says by which variable."""
    names = {key for part in subtrees(base.body) if (key := canonical(part)) is not None} & elab.session.integrated
    if len(names) != 1 or isinstance(base.body, Listing):
        return None
    (name,) = names
    variable = Entry(fresh(name).name)
    body = elab.session.settle(elab.with_values({name: scalar(variable)}).tensor(base.body))
    if body.axes:
        return None

    def at(place: Node) -> Term:
        value = elab.scalar(place)
        if INFINITY in walk(value):
            return Limit(variable.symbol, value, body.body)
        return replace_entries(body.body, lambda entry: value if entry.symbol == variable.symbol else None)

    return op.add(elab, scalar(at(high)), negate(scalar(at(low))), span=base.span)


def _places(node: Node) -> list[tuple[Node, Node]] | None:
    """The pairs (variable, value) that a place lists; None where it is none."""
    parts = node.items if isinstance(node, Listing) else (node,)
    if not all(isinstance(p, Relation) and p.relations == ("=",) for p in parts):
        return None
    return [(p.operands[0], p.operands[1]) for p in parts if isinstance(p, Relation)]


def _value(elab: Elaborator, body: Node, places: Sequence[tuple[Node, Node]]) -> Tensor:
    from derivcheck.language.derivatives.functions import placeholder
    from derivcheck.language.derivatives.operators import model_of, read_variable

    values = [elab.tensor(value) for _, value in places]
    bare = {name: placeholder() for v, _ in places if (name := canonical(v)) is not None and not elab.knows(v)}
    reader = elab.with_values(bare)
    tensor = elab.session.settle(reader.tensor(body)).renamed()
    term = tensor.body
    for (node, _), value in zip(places, values, strict=True):
        variable = read_variable(reader, node)
        if any(not isinstance(i, Var) or i.index not in variable.axes for i in variable.entry.indices):
            elab.error("unsupported", "a place for one entry or member has no meaning here yet", node.span)
        shape = Tensor(variable.axes, variable.entry).shape
        put = zeros(*shape) if op.is_zero(value) else elab.session.settle(value)
        if put.shape != shape:
            elab.mismatch("a variable and its value", shape, put.shape, node.span)
        found = explicit(term, variable.entry.symbol, model_of(reader))
        if found is None:
            elab.error("unsupported", "a value at a place of this expression is not decided", body.span)
        term = _put(found, variable.entry.symbol, put)
    return Tensor(tensor.axes, term)


def _put(term: Term, symbol: str, value: Tensor) -> Term:
    return replace_entries(term, lambda entry: value.at(entry.indices) if entry.symbol == symbol else None)


def explicit(term: Term, symbol: str, model: Model) -> Term | None:
    """The term with no derivative, and no defined name, left that depends on the symbol: then a value may be put in for
    it. None where that cannot be had."""
    memo: dict[Term, Term] = {}

    def visit(t: Term, depth: int) -> Term:
        if not reaches(model, t, symbol):
            return t
        if t not in memo:
            if depth > _DEEPEST:
                raise RecursionError
            memo[t] = step(t, depth)
        return memo[t]

    def step(t: Term, depth: int) -> Term:
        if isinstance(t, Derivative):
            pushed = push(t, model)
            return visit(resolve_entry(t, model) if pushed is t else pushed, depth + 1)
        if isinstance(t, Entry) and t.symbol != symbol:
            meaning = unfold(t, model)
            if meaning is None or (isinstance(meaning, Cases) and meaning.otherwise is t):
                raise LookupError
            return visit(meaning, depth + 1)
        return map_children(t, lambda child: visit(child, depth + 1))

    declaration = model.declarations.get(symbol)
    if declaration is not None and declaration.law is not None:
        return None
    try:
        found = visit(term, 0)
    except (LookupError, RecursionError):
        return None
    bound = any(isinstance(t, Integral | Limit) and t.variable == symbol for t in walk(found))
    return None if bound else found


__all__ = ["at_place", "explicit"]
