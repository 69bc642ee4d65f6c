"""Slips of operation: a sum for a product, a factor for a power, a square that was pulled out of a sandwich."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking.blame.edits import (
    Around,
    Variant,
    cover,
    factor,
    negated,
    number,
    product,
    scripted,
    top,
)
from derivcheck.checking.blame.products import is_operator, units
from derivcheck.language.parsing.syntax import Group, Name, Node, Num, Product, Scripted, Span, Sum


def sums_for_products(node: Node, around: Around) -> Iterator[Variant]:
    """a + b for a b, and the other way round."""
    if isinstance(node, Sum) and len(node.items) == 2 and node.items[0][0] == "+":
        (_, a), (sign, b) = node.items
        between = Span(a.span.end, b.span.start)
        at = around.text.find(sign, between.start, between.end)
        span = Span(at, at + len(sign)) if at >= 0 else node.span
        new = product([("", factor(a)), ("", factor(b))], node.span)
        yield Variant(new if sign == "+" else negated(new), span, "wrong-operation")
    if isinstance(node, Product):
        parts = units(node.items, around.scope)
        if len(parts) != 2 or any(is_operator(item) for _, item in node.items):
            return
        halves = [product([("", node.items[a][1]), *node.items[a + 1 : b]], node.span) for a, b in parts]
        for sign in ("+", "-"):
            yield Variant(Sum((("+", halves[0]), (sign, halves[1])), span=node.span), node.span, "wrong-operation")


def powers_for_multiples(node: Node, around: Around) -> Iterator[Variant]:
    """n x for x^n, and the other way round."""
    if isinstance(node, Product) and isinstance(node.items[0][1], Num) and len(node.items) > 1:
        many = node.items[0][1]
        rest = [("", node.items[1][1]), *node.items[2:]]
        if len(units(rest, around.scope)) == 1 and not isinstance(rest[-1][1], Scripted):
            raised = (rest[-1][0], scripted(rest[-1][1], many))
            yield Variant(product([*rest[:-1], raised], node.span), many.span, "lost-power")
    elif isinstance(node, Scripted) and isinstance(node.sup, Num) and isinstance(node.base, Name | Group):
        yield Variant(product([("", node.sup), ("", scripted(node, None))], node.span), node.sup.span, "lost-power")


def sandwiches(node: Node, around: Around) -> Iterator[Variant]:
    """X^2 Y for X Y X or X Y X^T; also with X^{-1}."""
    if not isinstance(node, Product):
        return
    for k, (op, item) in enumerate(node.items[:-1]):
        single = _root_of(item)
        if single is None:
            continue
        for end in range(k + 2, len(node.items) + 1):
            middle = node.items[k + 1 : end]
            for last in (single, scripted(single, top())) if isinstance(single, Name) else (single,):
                items = [*node.items[:k], (op, single), *middle, ("", last), *node.items[end:]]
                yield Variant(product(items, node.span), cover(item, middle[-1][1]), "sandwich")


def _root_of(item: Node) -> Node | None:
    """X of X^2, X^{-1} of X^{-2}."""
    if not isinstance(item, Scripted) or item.sup is None:
        return None
    sign, power = item.sup.items[0] if isinstance(item.sup, Sum) and len(item.sup.items) == 1 else ("+", item.sup)
    if not isinstance(power, Num) or power.text != "2":
        return None
    if sign == "+":
        return scripted(item, None)
    return scripted(item, Sum((("-", number(1, power.span)),), span=item.sup.span))


RULES = (sums_for_products, powers_for_multiples, sandwiches)
