"""Shapes as written: `\\mathbb{R}^{2D_x \\times D_p}` to symbolic dimensions."""

from __future__ import annotations

from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Group, Listing, Name, Node, Num, Product, Scripted, Sum
from derivcheck.language.parsing.trees import children
from derivcheck.terms.dim import ONE, Dim


def read_dim(node: Node) -> Dim:
    """A dimension: a whole number, a name, a product or a sum of such."""
    match node:
        case Num(text=text) if text.isdigit():
            return Dim.of(int(text))
        case Name() | Accent():
            return Dim.named(_name(node))
        case Scripted(sup=Num(text=text)) if text.isdigit() and int(text) <= 8:
            base = read_dim(Scripted(span=node.span, base=node.base, sub=node.sub, primes=node.primes))
            return _power(base, int(text))
        case Scripted(sup=None):
            return Dim.named(_name(node))
        case Group(open="(", body=body):
            return read_dim(body)
        case Product(items=items) if all(o in ("", "\\cdot") for o, _ in items):
            total = Dim.of(1)
            for _, item in items:
                total = total * read_dim(item)
            return total
        case Sum(items=items) if all(s in ("+", "-") for s, _ in items):
            total = Dim.of(0)
            for sign, item in items:
                total = total + read_dim(item) if sign == "+" else total - read_dim(item)
            return total
    raise Unreadable(
        "bad-shape", "a dimension is expected here: a name, a whole number, or a product or sum of such", node.span
    )


def sizes_below(node: Node) -> frozenset[str]:
    """The names that stand as sizes below `I_n`, `\\mathbf{1}_n`, `\\mathbf{0}_n`: what they name is a dimension."""
    found: set[str] = set()
    stack = [node]
    while stack:
        here = stack.pop()
        stack += children(here)
        base = here.base if isinstance(here, Scripted) else None
        if not isinstance(here, Scripted) or here.sub is None or not isinstance(base, Name):
            continue
        if base.text == "I" or (base.text in ("0", "1") and base.style in ("bold", "bb")):
            try:
                found |= read_dim(here.sub).names
            except Unreadable:
                continue
    return frozenset(found)


def _name(node: Node) -> str:
    name = canonical(node)
    if name is None:
        raise Unreadable("bad-shape", "the name of a dimension is expected here", node.span)
    return name


def _power(base: Dim, exponent: int) -> Dim:
    total = Dim.of(1)
    for _ in range(exponent):
        total = total * base
    return total


def read_shape(node: Node | None) -> tuple[Dim, ...]:
    """What stands above `\\mathbb{R}`: nothing, one dimension, or several between `\\times` (or commas). An
    `n \\times 1` matrix is a vector, a `1 \\times n` matrix a row."""
    shape = _factors(node)
    if node is not None and any(not dim.names and dim.at({}) < 1 for dim in shape):
        raise Unreadable("bad-shape", "a dimension is a positive whole number", node.span)
    while shape and shape[-1] == ONE:
        shape = shape[:-1]
    return shape


def _factors(node: Node | None) -> tuple[Dim, ...]:
    if node is None:
        return ()
    if isinstance(node, Group) and node.open == "(":
        return _factors(node.body)
    if isinstance(node, Listing):
        return tuple(read_dim(n) for n in node.items)
    if isinstance(node, Product) and any(o == "\\times" for o, _ in node.items):
        parts: list[list[tuple[str, Node]]] = [[]]
        for operator, item in node.items:
            if operator == "\\times":
                parts.append([("", item)])
            else:
                parts[-1].append((operator, item))
        return tuple(read_dim(p[0][1] if len(p) == 1 else Product(span=node.span, items=tuple(p))) for p in parts)
    return (read_dim(node),)
