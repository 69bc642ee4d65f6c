"""Moments said of a value in the sentence that introduces it: `the noise $\\epsilon$ has $\\mathbb{E}[\\epsilon] = 0$
and $\\operatorname{Var}(\\epsilon) = \\sigma^2$` is given, and is no claim."""

from __future__ import annotations

from derivcheck.checking.declarations import Notation, introduce_parameter, node_as_given, pieces_of
from derivcheck.checking.inferring import guessed
from derivcheck.language.names import canonical
from derivcheck.language.scope import Scope
from derivcheck.language.syntax import Func, Group, Name, Node, Product, Relation, Scripted
from derivcheck.terms.model import Declaration

_MOMENTS = ("E", "Var", "Cov")


def with_moments(text: str, scope: Scope, notation: Notation) -> Scope | None:
    """The scope with the moments that a line gives to free values; None where it says anything else, or what is known
    of them already."""
    node = notation.node(text)
    pieces = list(pieces_of(node)) if node is not None else []
    named = [(p.node, _of_what(p.node)) for p in pieces if isinstance(p.node, Relation)]
    if not named or len(named) < len(pieces):
        return None
    after = scope
    for relation, found in named:
        if found is None:
            return None
        operator, name = found
        if name not in after.names:
            after = after.declare(Declaration(name, latex=name))
            after = guessed(after, [name])
        declaration = after.model.declarations.get(name)
        law = declaration.law if declaration is not None else None
        if declaration is None or declaration.definitions or (law is not None and law.kind != "moments"):
            return None
        if law is not None and (law.mean if operator == "E" else law.covariance) is not None:
            return None  # said before: a claim
        place = 0 if operator == "E" else 1
        after = introduce_parameter(relation.operands[1], after, declaration.shape, place)
        made = node_as_given(relation, after, notation)
        if made is None or made.model.declarations[name].law in (None, law):
            return None
        after = made
    return after


def _of_what(node: Node) -> tuple[str, str] | None:
    """("Var", "x") of `\\operatorname{Var}(x) = ...`."""
    if not isinstance(node, Relation) or node.relations != ("=",) or not isinstance(node.operands[0], Product):
        return None
    items = [item for _, item in node.operands[0].items]
    if len(items) != 2 or not isinstance(items[0], Func) or not isinstance(items[1], Group):
        return None
    inside = items[1].body
    whole = isinstance(inside, Name) or (isinstance(inside, Scripted) and _is_subscripted(inside))
    name = canonical(inside) if whole else None
    return (items[0].text, name) if name is not None and items[0].text in _MOMENTS else None


def _is_subscripted(node: Scripted) -> bool:
    """`x_t`, and no power or product of it (`X^2`, `(X - \\mu)^4`)."""
    return isinstance(node.base, Name) and node.sup is None and not node.primes
