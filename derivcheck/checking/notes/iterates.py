"""Iterates: `\\theta_{t+1} = \\theta_t - \\eta \\nabla L(\\theta_t)` in notes that declared a vector (or a number)
\\theta. There \\theta_t is no entry of \\theta but a value like it, one for each step: a family beside the name."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking.notes.declarations import Notation, as_given, pieces_of
from derivcheck.language.elaboration.products import core
from derivcheck.language.elaboration.resolve import members_key
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Name, Node, Num, Product, Relation, Scripted, Sum
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope
from derivcheck.language.statements import read_statement
from derivcheck.terms.build import ZERO
from derivcheck.terms.model import Declaration, Family
from derivcheck.terms.node import Index

_PROBE = "\\mathrm{iterate}"


def with_iterates(text: str, scope: Scope, notation: Notation) -> Scope:
    """The scope in which the iterates that a line speaks of are a family, from step 0 on."""
    if "_" not in text or not ("=" in text or "\\in" in text):
        return scope
    node = notation.node(text)
    for piece in pieces_of(node) if node is not None else ():
        assert isinstance(piece.node, Relation)
        like = _value_of_steps(piece.node.operands[0], scope)
        if like is not None and _are_steps(piece.node, like, text, scope, notation):
            family = Family(Index("t"), ZERO)
            made = Declaration(members_key(like.name), like.shape, (family,), latex=like.latex or like.name)
            scope = scope.declare(made)
    return scope


def _value_of_steps(left: Node, scope: Scope) -> Declaration | None:
    """\\theta of `\\theta_t`, where it is one free value and nothing introduces the name with its subscript."""
    if not isinstance(left, Scripted) or left.sub is None or left.sup is not None or left.primes:
        return None
    base = canonical(left.base) or ""
    declaration = scope.model.declarations.get(base)
    if declaration is None or declaration.family or declaration.definitions or declaration.law is not None:
        return None
    taken = {canonical(left), members_key(base)} & (scope.names | scope.model.declarations.keys())
    return None if taken else declaration


def _are_steps(relation: Relation, like: Declaration, text: str, scope: Scope, notation: Notation) -> bool:
    left = relation.operands[0]
    assert isinstance(left, Scripted) and left.sub is not None
    if relation.relations[0] == "\\in":
        return bool(like.shape) and _said_shape(relation, text, scope, notation) == like.shape
    step = step_of(left.sub)
    if relation.relations[0] not in ("=", ":=", "\\leftarrow") or step is None or step[0] in scope.indices:
        return False
    before = [node for operand in relation.operands[1:] for node in _same(operand, left) if _is_before(node, step)]
    if not before:
        return False
    if not like.shape or any(_takes(operand, before, like, scope) for operand in relation.operands[1:]):
        return True
    links = read_statement(text, scope, None, notation.options).links
    return any(link.shape_error is not None for link in links)


def _said_shape(relation: Relation, text: str, scope: Scope, notation: Notation) -> object:
    """The shape that a membership says."""
    span = relation.operands[0].span
    after = as_given(text[: span.start] + _PROBE + text[span.end :], scope, notation)
    found = after.model.declarations.get("iterate") if after is not None else None
    return found.shape if found is not None else None


def step_of(sub: Node) -> tuple[str, int] | None:
    """(t, 1) of `t + 1`."""
    if isinstance(sub, Name):
        return sub.text, 0
    if isinstance(sub, Sum) and len(sub.items) == 2:
        (_, letter), (sign, shift) = sub.items
        if isinstance(letter, Name) and isinstance(shift, Num) and shift.text.isdigit():
            return letter.text, int(shift.text) * (1 if sign == "+" else -1)
    return None


def _same(node: Node, left: Scripted) -> Iterator[Scripted]:
    """The places where the same letter stands with a subscript."""
    for part in walk(node):
        if isinstance(part, Scripted) and part.sub is not None and canonical(part.base) == canonical(left.base):
            yield part


def _is_before(node: Scripted, step: tuple[str, int]) -> bool:
    assert node.sub is not None
    found = step_of(node.sub)
    return found is not None and found[0] == step[0] and found[1] == step[1] - 1


def _takes(operand: Node, before: list[Scripted], like: Declaration, scope: Scope) -> bool:
    """Whether a function of values like it is taken at a step: `L(\\theta_t)` of an `L(\\theta)`."""
    keys = {canonical(node) for node in before}
    for product in (part for part in walk(operand) if isinstance(part, Product)):
        for (_, head), (_, group) in zip(product.items, product.items[1:], strict=False):
            if isinstance(group, Group) and canonical(group.body) in keys and _is_of(head, like, scope):
                return True
    return False


def _is_of(head: Node, like: Declaration, scope: Scope) -> bool:
    name = canonical(core(head)) or ""
    macro, symbol = scope.functions.get(name), scope.function(name)
    if macro is not None:
        return macro.parameters == (like.name,)
    return symbol is not None and symbol.arguments == (like.shape,)
