"""Definitions that are not of a bare name: `Define $\\cos\\theta = x^\\top y$` says what \\theta is, and is no claim on
it; `$f(x, y) = x^2 y$` says which function a declared f is."""

from __future__ import annotations

from derivcheck.checking.notes.declarations import Notation, differentiates, names_in, node_as_given, pieces_of
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Func, Group, Name, Node, Product, Relation, Scripted
from derivcheck.language.scope import Scope
from derivcheck.terms.model import Claim, Declaration

_OF_NUMBERS = frozenset({"cos", "sin", "tan", "log", "ln", "exp", "sinh", "cosh", "tanh"})


def defined_through(text: str, scope: Scope, notation: Notation) -> Scope:
    """The scope with the number that an equation defines through a function of it, where nothing introduces it."""
    node = notation.node(text)
    pieces = list(pieces_of(node)) if node is not None else []
    relation = pieces[0].node if len(pieces) == 1 else None
    if not isinstance(relation, Relation) or relation.relations not in (("=",), (":=",)):
        return scope
    name = _argument(relation.operands[0])
    if not name or name in scope.names or name in names_in(relation.operands[1]):
        return scope
    return scope.declare(Declaration(name, latex=name))


def says_what_is(claim: Claim, scope: Scope) -> bool:
    """Whether an equation restricts one free value on its left: one of which nothing is known yet and from which
    nothing is computed, and that does not stand on its right."""
    left, right = claim.left.body.symbols, claim.right.body.symbols
    model = scope.model
    free = all(
        n in model.declarations and not model.declarations[n].definitions and model.declarations[n].law is None
        for n in left
    )
    used = {s for d in model.declarations.values() for e in d.definitions for s in e.body.symbols}
    said = {s for c in model.assumptions for s in c.left.body.symbols | c.right.body.symbols}
    taken = differentiates(claim.left.body) or differentiates(claim.right.body)
    return claim.relation == "=" and len(left) == 1 and free and not taken and not left & (right | used | said)


def specified(node: Node, scope: Scope, notation: Notation, claimed: frozenset[str]) -> Scope:
    """The scope in which a function of which only its sets were said (`f : \\mathbb{R}^2 \\to \\mathbb{R}`) is what
    its first equation says."""
    relations = [piece.node for piece in pieces_of(node)]
    left = relations[0].operands[0] if relations and isinstance(relations[0], Relation) else None
    head = canonical(left.items[0][1]) if isinstance(left, Product) else None
    if head is None or head in claimed or scope.function(head) is None:
        return scope
    after = node_as_given(node, scope, notation)
    return after if after is not None and head in after.functions else scope


def eigenpair(node: Node, scope: Scope, notation: Notation) -> Scope:
    """The scope after `$A v = \\lambda v$` of a number \\lambda that nothing introduces."""
    relations = [piece.node for piece in pieces_of(node)]
    if len(relations) != 1 or not names_in(node) - scope.names or not names_in(node) & scope.names:
        return scope
    after = node_as_given(node, scope, notation)
    if after is None or len(after.model.assumptions) < len(scope.model.assumptions) + 2:
        return scope
    made = [after.model.declarations[n] for n in after.names - scope.names if n in after.model.declarations]
    return scope if any(d.definitions for d in made) else after


def _argument(left: Node) -> str:
    """\\theta of `\\cos\\theta`."""
    items = [item for _, item in left.items] if isinstance(left, Product) else []
    if len(items) != 2 or not isinstance(items[0], Func) or items[0].text not in _OF_NUMBERS:
        return ""
    inside = items[1].body if isinstance(items[1], Group) else items[1]
    whole = isinstance(inside, Name | Accent) or (isinstance(inside, Scripted) and inside.sup is None)
    return canonical(inside) or "" if whole else ""
