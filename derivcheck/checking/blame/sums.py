"""Slips in a sum: a sign, a term too many or lost."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking.blame.edits import TURNED, Around, Item, Variant, factor, negated, product, size, terms, top
from derivcheck.language.parsing.syntax import (
    Bar,
    Frac,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Span,
    Sum,
)


def turn_signs(node: Node, around: Around) -> Iterator[Variant]:
    """One sign turned; two neighbouring signs turned."""
    if not isinstance(node, Sum):
        return
    alone = len(node.items) == 1
    for k, (sign, term) in enumerate(node.items):
        if sign not in TURNED:
            continue
        new = Sum(_turned(node.items, {k}), span=node.span)
        if alone and sign == "-":
            yield Variant(term, _sign_span(node, k, around.text), "wrong-sign")
        else:
            written = k or sign == "-"
            span = _sign_span(node, k, around.text) if written else term.span
            yield Variant(new, span, "wrong-sign" if written else "lost-sign", 1)
    for k in range(len(node.items) - 1):
        new = Sum(_turned(node.items, {k, k + 1}), span=node.span)
        signed = k > 0 or node.items[0][0] == "-"
        first = _sign_span(node, k, around.text) if signed else node.items[0][1].span
        last = _sign_span(node, k + 1, around.text) if k else node.items[1][1].span
        yield Variant(new, Span(first.start, last.end), "wrong-signs", 2)


def _turned(items: tuple[Item, ...], which: set[int]) -> tuple[Item, ...]:
    return tuple((TURNED.get(s, s), t) if k in which else (s, t) for k, (s, t) in enumerate(items))


def _sign_span(node: Sum, k: int, text: str) -> Span:
    """Where the sign of a term stands in the text; the term itself where that cannot be told."""
    sign, term = node.items[k]
    start = node.items[k - 1][1].span.end if k else node.span.start
    at = text.rfind(sign, start, term.span.start)
    return Span(at, at + len(sign)) if at >= 0 else term.span


def turn_whole(node: Node, around: Around) -> Iterator[Variant]:
    """The operand, an argument or an exponent with the other sign."""
    if node is around.root and not (isinstance(node, Sum) and len(node.items) == 1):
        yield _turned_whole(negated(node), node, "lost-sign")
    for body in _inner(node):
        if isinstance(body, Sum) and len(body.items) == 1:
            continue
        if isinstance(node, Group):
            yield _turned_whole(Group(node.open, node.close, negated(body), span=node.span), body, "inner-sign")
        elif isinstance(node, Scripted) and isinstance(node.base, Name):
            made = Scripted(node.base, node.sub, negated(body), node.primes, span=node.span)
            yield _turned_whole(made, body, "inner-sign")


def _turned_whole(new: Node, old: Node, slip: str) -> Variant:
    """A single minus in front; of a difference of two names one slip, of a longer sum one for each term."""
    if not isinstance(old, Sum):
        return Variant(new, old.span, slip, 1)
    difference = [sign for sign, _ in old.items] == ["+", "-"]
    constant = any(isinstance(term, Num) for _, term in old.items)
    if difference and not constant:
        return Variant(new, old.span, "turned-difference", 1)
    return Variant(new, old.span, "wrong-signs", len(old.items))


def _inner(node: Node) -> Iterator[Node]:
    if isinstance(node, Group) and node.open in ("(", "[") and not isinstance(node.body, Listing | Relation | Bar):
        if node.open == "(" or isinstance(node.body, Sum):
            yield node.body
    elif isinstance(node, Scripted) and isinstance(node.base, Name) and node.base.text == "e" and node.sup is not None:
        yield node.sup


def drop_terms(node: Node, around: Around) -> Iterator[Variant]:
    """The sum without one of its terms."""
    if not isinstance(node, Sum) or len(node.items) < 2:
        return
    for k, (_, term) in enumerate(node.items):
        rest = (*node.items[:k], *node.items[k + 1 :])
        new = rest[0][1] if len(rest) == 1 and rest[0][0] == "+" else Sum(rest, span=node.span)
        start = _sign_span(node, k, around.text).start if k else term.span.start
        yield Variant(new, Span(min(start, term.span.start), term.span.end), "extra-term")


def insert_terms(node: Node, around: Around) -> Iterator[Variant]:
    """One more term: one seen nearby, a 1, or the product that a square leaves behind."""
    inside = isinstance(node, Group) and node.open in ("(", "[") and isinstance(node.body, Sum)
    if node is not around.root and not inside:
        return
    whole = node.body if isinstance(node, Group) and inside else node
    for extra in (*around.terms, *_crossed(whole)):
        for sign in ("+", "-"):
            new: Node = Sum((*terms(whole), (sign, extra)), span=whole.span)
            if isinstance(node, Group) and inside:
                new = Group(node.open, node.close, new, span=node.span)
            yield Variant(new, whole.span, "lost-term", 1 + size(extra))


def _crossed(node: Node) -> Iterator[Node]:
    """What is missing where a square was taken term by term: products of two bases."""
    parts = [_base(term) for _, term in terms(node)]
    for i in range(len(parts)):
        for j in range(i + 1, len(parts)):
            a, b = parts[i], parts[j]
            if a is None or b is None:
                continue
            two = ("", Num("2", span=a.span))
            first, second = ("", factor(a)), ("", factor(b))
            yield product([two, first, second], a.span)
            yield product([first, second], a.span)
            both = Sum((("+", product([first, second], a.span)), ("+", product([second, first], a.span))), span=a.span)
            yield factor(both)
            yield factor(Sum((both.items[0], ("-", both.items[1][1])), span=a.span))
            yield product([two, ("", Scripted(factor(a), sup=top(), span=a.span)), second], a.span)


def _base(term: Node) -> Node | None:
    """x of x^2 or ‖x‖^2."""
    if isinstance(term, Product) and len(term.items) > 1:
        return None
    if isinstance(term, Scripted) and isinstance(term.sup, Num) and term.sup.text == "2" and term.sub is None:
        inner = term.base
        return inner.body if isinstance(inner, Group) else inner
    return None


def split_fraction(node: Node, around: Around) -> Iterator[Variant]:
    """A sum in a numerator of which only a part was meant: the terms of the numerator one by one."""
    if isinstance(node, Frac) and isinstance(node.num, Sum) and len(node.num.items) == 2:
        (_, a), (sign, b) = node.num.items
        yield Variant(
            Sum((("+", a), (sign, Frac(b, node.den, span=node.span))), span=node.span), node.span, "extra-factor"
        )


RULES = (turn_signs, turn_whole, drop_terms, insert_terms, split_fraction)
