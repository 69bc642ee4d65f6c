r"""Sums over a set that a given states by zeros and ones: with `\mathcal{N} \in \{0,1\}^{n \times n}`, the indices
`j \in \mathcal{N}(i)` are those with `\mathcal{N}_{ij} = 1`. What an index numbers may be named: `v_j \in
\mathcal{N}(v_i)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Name, Node, Num, Product, Relation, Scripted, Sum
from derivcheck.terms.build import ONE, ZERO

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator


def membership(elab: Elaborator, node: Relation) -> tuple[str, Node] | None:
    """The index that `j \\in S` binds and the condition on it; None where the set is not stated by zeros and ones."""
    index, place = _numbered(elab, node.operands[0]), node.operands[1]
    name, arguments = _parts(place)
    declaration = elab.declaration(canonical(name) or "") if name is not None else None
    if declaration is None or name is None or canonical(index) is None:
        return None
    if declaration.domain.values != (ZERO, ONE) or len(declaration.shape) != len(arguments) + 1:
        return None
    below = [_numbered(elab, argument) for argument in arguments] + [index]
    sub = below[0] if len(below) == 1 else Listing(tuple(below), (",",) * (len(below) - 1), span=place.span)
    entry = Scripted(span=place.span, base=name, sub=sub)
    one = Num(span=place.span, text="1")
    return str(canonical(index)), Relation((entry, one), ("=",), (node.span,), span=node.span)


_WIDEST = 12


def listed_numbers(node: Node) -> list[int] | None:
    """The whole numbers of `\\{0, 1\\}`, `\\{-1, 1\\}` in their order, where they lie close together."""
    body = node.body if isinstance(node, Group) and node.open == "{" else None
    if not isinstance(body, Listing):
        return None
    found: list[int] = []
    for item in body.items:
        sign, inner = item.items[0] if isinstance(item, Sum) and len(item.items) == 1 else ("+", item)
        if not isinstance(inner, Num) or not inner.text.isdigit():
            return None
        found.append(-int(inner.text) if sign == "-" else int(inner.text))
    found = sorted(set(found))
    return found if found[-1] - found[0] <= _WIDEST else None


def _parts(node: Node) -> tuple[Name | None, list[Node]]:
    """`S`, `\\mathcal{N}_i`, `\\mathcal{N}(i)`: the name and what it is the set of."""
    match node:
        case Name():
            return node, []
        case Scripted(base=Name() as name, sub=sub, sup=None) if sub is not None:
            return name, [sub]
        case Product(items=((_, Name() as name), ("", Group(open="(", body=body)))):
            return name, [body]
    return None, []


def _numbered(elab: Elaborator, node: Node) -> Node:
    """`v_j` is the thing with the number j, where nothing is called v."""
    if isinstance(node, Scripted) and node.sub is not None and elab.declaration(canonical(node.base) or "") is None:
        return node.sub
    return node
