"""Slips in a product: a factor too many or lost, factors in another order, another kind of product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.checking.blame.edits import (
    Around,
    Item,
    Variant,
    cover,
    factor,
    is_transpose,
    items_of,
    product,
    scripted,
    size,
    terms,
    top,
)
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import BigOp, Frac, Func, Group, Name, Node, Product, Scripted, Sum, Symbol
from derivcheck.language.scope import Scope

_LONGEST = 3  # units that are dropped or exchanged together
_MOST_UNITS = 7


def core(node: Node) -> Node:
    return core(node.base) if isinstance(node, Scripted) else node


def units(items: Sequence[Item], scope: Scope) -> list[tuple[int, int]]:
    """The factors as ranges of items: a function with its argument, a name with its bracketed index, is one."""
    found: list[tuple[int, int]] = []
    k = 0
    while k < len(items):
        end = k + 1
        while end < len(items) and not items[end][0] and _binds(items[end - 1][1], items[end][1], scope):
            end += 1
        found.append((k, end))
        k = end
    return found


def _binds(before: Node, after: Node, scope: Scope) -> bool:
    """Whether `after` belongs to what stands before it: an argument or an index."""
    inner = core(before)
    if isinstance(inner, Func) or (isinstance(inner, Symbol) and inner.text in ("\\nabla", "\\partial")):
        return True
    if not isinstance(core(after), Group):
        return False
    opened = core(after).open  # type: ignore[attr-defined]
    if opened == "[" and isinstance(inner, Name):
        return True
    return opened == "(" and isinstance(inner, Name) and is_function(before, scope)


def is_function(node: Node, scope: Scope) -> bool:
    """Whether a name stands for a function: declared as one, primed, or no declared value."""
    base = core(node)
    key = canonical(base)
    if key is None or not isinstance(base, Name):
        return False
    return key in scope.functions or key in scope.model.functions or (key not in scope.names and len(key) > 1)


def is_operator(node: Node) -> bool:
    """What takes all that follows: a big operator, a derivative without its argument."""
    inner = core(node)
    if isinstance(inner, BigOp):
        return True
    return isinstance(inner, Frac) and canonical(inner.num) in ("\\partial", "d", "\\mathrm{d}")


def drop_factors(node: Node, around: Around) -> Iterator[Variant]:
    """The product without one factor, or without two or three neighbours."""
    if not isinstance(node, Product):
        return
    parts = units(node.items, around.scope)
    for count in range(1, min(_LONGEST, len(parts) - 1) + 1):
        for k in range(len(parts) - count + 1):
            start, end = parts[k][0], parts[k + count - 1][1]
            rest = [*node.items[:start], *node.items[end:]]
            gone = [item for _, item in node.items[start:end]]
            divides = start == 0 and rest[0][0] in ("/", "\\div")
            if divides or any(is_operator(item) for item in gone):
                continue
            is_size = count == 1 and canonical(gone[0]) in around.scope.model.dims
            slip = "extra-size" if is_size else "extra-factor"
            yield Variant(product(rest, node.span), cover(gone[0], gone[-1]), slip)


def swap_factors(node: Node, around: Around) -> Iterator[Variant]:
    """Two neighbouring factors (or runs of them) in the other order; any two factors exchanged."""
    if not isinstance(node, Product):
        return
    parts = units(node.items, around.scope)[:_MOST_UNITS]
    if any(op == "/" for op, _ in node.items):
        return
    for k in range(1, len(parts)):
        for before in range(1, min(2, k) + 1):
            for after in range(1, min(2, len(parts) - k) + 1):
                yield from _swapped(node, parts[k - before : k], parts[k : k + after])
    for i in range(len(parts)):
        for j in range(i + 2, len(parts)):
            yield from _exchanged(node, parts, i, j)


def _swapped(node: Product, left: list[tuple[int, int]], right: list[tuple[int, int]]) -> Iterator[Variant]:
    a, b, c = left[0][0], right[0][0], right[-1][1]
    first, second = list(node.items[a:b]), list(node.items[b:c])
    if any(is_operator(item) for _, item in (*first, *second)) or _same(first, second):
        return
    between = second[0][0]
    moved = [(node.items[a][0], second[0][1]), *second[1:], (between, first[0][1]), *first[1:]]
    yield Variant(
        product([*node.items[:a], *moved, *node.items[c:]], node.span), cover(first[0][1], second[-1][1]), "wrong-order"
    )


def _exchanged(node: Product, parts: list[tuple[int, int]], i: int, j: int) -> Iterator[Variant]:
    (a, b), (c, d) = parts[i], parts[j]
    first, middle, last = list(node.items[a:b]), list(node.items[b:c]), list(node.items[c:d])
    if any(is_operator(item) for _, item in (*first, *middle, *last)) or _same(first, last):
        return
    moved = [(first[0][0], last[0][1]), *last[1:], *middle, (last[0][0], first[0][1]), *first[1:]]
    yield Variant(
        product([*node.items[:a], *moved, *node.items[d:]], node.span), cover(first[0][1], last[-1][1]), "wrong-order"
    )


def _same(first: Sequence[Item], second: Sequence[Item]) -> bool:
    return canonical(product(first, first[0][1].span)) == canonical(product(second, second[0][1].span)) is not None


def swap_bases(node: Node, around: Around) -> Iterator[Variant]:
    """Neighbours that exchange places while the scripts stay: an outer product turned round."""
    if not isinstance(node, Product):
        return
    for k in range(len(node.items) - 1):
        (one, a), (two, b) = node.items[k], node.items[k + 1]
        marks = [is_transpose(x.sup) if isinstance(x, Scripted) else False for x in (a, b)]
        if marks[0] == marks[1]:
            continue
        plain = [scripted(x, None) if mark else x for x, mark in zip((a, b), marks, strict=True)]
        new = [scripted(y, top()) if mark else y for y, mark in zip(reversed(plain), marks, strict=True)]
        items = [*node.items[:k], (one, new[0]), (two, new[1]), *node.items[k + 2 :]]
        yield Variant(product(items, node.span), cover(a, b), "wrong-order")
        both = [scripted(x, None) if mark else scripted(x, top()) for x, mark in zip((a, b), marks, strict=True)]
        items = [*node.items[:k], (one, both[0]), (two, both[1]), *node.items[k + 2 :]]
        yield Variant(product(items, node.span), cover(a, b), "transposed")


_OPERATORS = {"\\odot": ("",), "\\circ": ("",), "*": ("",), "\\otimes": ("",), "": ("\\odot",), "\\cdot": ("\\odot",)}


def other_product(node: Node, around: Around) -> Iterator[Variant]:
    """An entrywise product for a matrix product, or the other way round."""
    if not isinstance(node, Product):
        return
    starts = {a for a, _ in units(node.items, around.scope)}
    for k, (op, item) in enumerate(node.items):
        if not k or k not in starts or is_operator(node.items[k - 1][1]):
            continue
        for other in _OPERATORS.get(op, ()):
            items = [*node.items[:k], (other, item), *node.items[k + 1 :]]
            yield Variant(Product(tuple(items), span=node.span), cover(node.items[k - 1][1], item), "wrong-product")


def insert_factors(node: Node, around: Around) -> Iterator[Variant]:
    """One more factor in a term of the operand: a number or a size in front, anything seen nearby at any place."""
    if node is not around.root:
        return
    parts = terms(node)
    for k, (_, term) in enumerate(parts):
        for slip, new, weight in _with_factor(term, around):
            if isinstance(node, Sum):
                new = Sum((*parts[:k], (parts[k][0], new), *parts[k + 1 :]), span=node.span)
            yield Variant(new, term.span, slip, weight)
    if len(parts) > 1:
        for slip, new, weight in _with_factor(node, around):
            yield Variant(new, node.span, slip, weight)


def _with_factor(term: Node, around: Around) -> Iterator[tuple[str, Node, int]]:
    items = [("", factor(term))] if isinstance(term, Sum) else list(items_of(term))
    for extra in around.numbers:
        yield "lost-factor", product([("", extra), *items], term.span), 1 + size(extra)
    places = sorted({0, len(items), *(a for a, _ in units(items, around.scope))})[:5]
    for extra in around.factors:
        for place in places:
            if place and is_operator(items[place - 1][1]) and place == len(items):
                continue
            chain = isinstance(extra, Frac) and extra.span.end == 0  # made, not found in the text
            slip, weight = ("lost-chain-factor", 2) if chain else ("lost-factor", 1 + size(extra))
            yield slip, _inserted(items, place, extra, term), weight
        declaration = around.scope.declaration(canonical(extra) or "")
        if declaration is not None and declaration.shape:
            yield "lost-factor", product([*items, ("\\odot", extra)], term.span), 1 + size(extra)


def _inserted(items: list[Item], place: int, extra: Node, term: Node) -> Node:
    made = [*items[:place], ("", factor(extra)), *items[place:]]
    return product(made, term.span)


def turned_over(node: Node, around: Around) -> Iterator[Variant]:
    """A fraction upside down; numerator or denominator alone."""
    if not isinstance(node, Frac) or is_operator(node):
        return
    yield Variant(Frac(node.den, node.num, span=node.span), node.span, "upside-down")
    if canonical(node.num) != "1":
        yield Variant(factor(node.num), node.den.span, "extra-factor")


RULES = (drop_factors, swap_factors, swap_bases, other_product, insert_factors, turned_over)
