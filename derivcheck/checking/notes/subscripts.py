"""Subscripts and members: x of `x_i`, of `x^{(i)}` and of `x^{(i)}_j`."""

from __future__ import annotations

import re

from derivcheck.language.elaboration.scripts import TRANSPOSE
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Name, Node, Num, Product, Relation, Scripted
from derivcheck.record import replace

INDEX = re.compile(r"[a-z]")
MEMBER = "^{()}"
"""What the name of `x^{(i)}` ends with (as in a given)."""
_TWO = 2


def indexed(node: Node) -> str | None:
    """The name that carries an index: x of `x_i`, `x^{()}` of `x^{(i)}` (and of its entry `x^{(i)}_j`)."""
    if not isinstance(node, Scripted):
        return None
    if member_of(node) is not None:
        base = canonical(replace(node, sub=None, sup=None, primes=0))
        return f"{base}{MEMBER}" if base else None
    return subscripted(node)


def member_of(node: Scripted) -> Node | None:
    """The index of `x^{(i)}`, `x^{(i)\\top}` or `x^{(i)2}`."""
    sup = node.sup
    if isinstance(sup, Product) and len(sup.items) == _TWO and sup.items[1][0] == "":
        rest = sup.items[1][1]
        sup = sup.items[0][1] if isinstance(rest, Num) or canonical(rest) in TRANSPOSE else None
    return sup.body if isinstance(sup, Group) and sup.open == "(" and index_letters(sup.body) is not None else None


def subscripted(node: Node) -> str | None:
    """The name that carries a subscript."""
    if not isinstance(node, Scripted) or node.sub is None:
        return None
    return canonical(replace(node, sub=None, sup=None, primes=0))


def index_letters(sub: Node | None) -> tuple[str, ...] | None:
    """The index letters of a subscript, '' for a number; None where it is a label."""
    if isinstance(sub, Name) and INDEX.fullmatch(sub.text) and not sub.style:
        return (sub.text,)
    if isinstance(sub, Num):
        return ("",)
    if isinstance(sub, Relation) and sub.relations == ("!=",):  # `\\theta_{i \\ne k}`
        return index_letters(sub.operands[0])
    if isinstance(sub, Product | Listing):
        items = [item for _, item in sub.items] if isinstance(sub, Product) else list(sub.items)
        parts = [index_letters(item) for item in items]
        if len(parts) == 2 and all(part is not None and len(part) == 1 for part in parts):
            return tuple(letter for part in parts if part for letter in part)
    return None


def transposed(node: Node) -> bool:
    if not isinstance(node, Scripted) or node.sup is None:
        return False
    sup = node.sup.items[-1][1] if isinstance(node.sup, Product) else node.sup
    return canonical(sup) in TRANSPOSE
