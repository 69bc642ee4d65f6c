"""The written form of a derivative taken apart: numerator, denominators, order. Syntax only, nothing is read yet."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Frac, Group, Name, Node, Num, Product, Scripted, Span, Sum, Symbol
from derivcheck.language.parsing.trees import children
from derivcheck.record import dataclass

Item = tuple[str, Node]


@dataclass(frozen=True, slots=True)
class Written:
    """`\\frac{\\partial^2 y}{\\partial x \\partial z}`: `numerator` (empty for an operator that takes what
    follows), the nodes differentiated by, whether it is immediate, whether written with `d` (which may be a number),
    and its canonical text (for givens that define it as notation)."""

    numerator: tuple[Item, ...]
    variables: tuple[Node, ...]
    immediate: bool
    letter: bool
    text: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class _Mark:
    """A differential sign: its order, `+`, whether it is the letter d."""

    order: int
    immediate: bool
    letter: bool


def items_of(node: Node) -> tuple[Item, ...]:
    return node.items if isinstance(node, Product) else (("", node),)


def core(node: Node) -> Node:
    return node.base if isinstance(node, Scripted) else node


def mark(node: Node) -> _Mark | None:
    """`\\partial`, `\\partial^2`, `\\partial^+`, `d`, `\\mathrm{d}`: the sign that begins a differential."""
    base = core(node)
    letter = isinstance(base, Name) and base.text == "d"
    if not letter and not (isinstance(base, Symbol) and base.text == "\\partial"):
        return None
    if not isinstance(node, Scripted):
        return _Mark(1, False, letter)
    if node.sub is not None or node.primes:
        return None
    if isinstance(node.sup, Num) and node.sup.text.isdigit():
        return _Mark(int(node.sup.text), False, letter)
    return _Mark(1, True, letter) if is_plus(node.sup) else None


def is_plus(sup: Node | None) -> bool:
    """A lone `+` as a superscript."""
    return sup is not None and canonical(sup) == "+"


def of_fraction(node: Frac) -> Written | None:
    """A fraction of differentials, else None."""
    return _written(items_of(node.num), items_of(node.den), node.span, canonical(node))


def of_slash(items: Sequence[Item], k: int) -> tuple[Written, int] | None:
    """`\\partial y/\\partial x` among the items of a product from k, and where it ends."""
    if mark(items[k][1]) is None:
        return None
    slash = next((m for m in range(k + 1, len(items)) if items[m][0] != ""), None)
    if slash is None or items[slash][0] != "/" or mark(items[slash][1]) is None:
        return None
    wanted = mark(items[k][1])
    assert wanted is not None
    end, count = slash, 0
    while end < len(items) and count < wanted.order and (end == slash or items[end][0] == ""):
        if mark(items[end][1]) is None or end + 1 >= len(items):
            break
        power = items[end + 1][1]
        end = _with_index(items, end + 2)
        count += _power(power) if wanted.order > 1 else 1
    denominator = tuple(("", node) for _, node in items[slash:end])
    numerator = tuple(items[k:slash])
    span = Span(items[k][1].span.start, items[max(slash, end - 1)][1].span.end)
    text = _text(numerator, denominator)
    made = _written(numerator, denominator, span, text)
    return None if made is None else (made, end)


def _with_index(items: Sequence[Item], k: int) -> int:
    """A bracket directly after a variable is its index: `\\partial W[j, k]`."""
    if k < len(items) and items[k][0] == "":
        group = items[k][1]
        if isinstance(group, Group) and group.open == "[" and group.close == "]":
            return k + 1
    return k


def _power(node: Node) -> int:
    if isinstance(node, Scripted) and isinstance(node.sup, Num) and node.sup.text.isdigit():
        return int(node.sup.text)
    return 1


def _text(numerator: Sequence[Item], denominator: Sequence[Item]) -> str | None:
    top = canonical(Product(span=numerator[0][1].span, items=tuple(numerator)))
    bottom = canonical(Product(span=denominator[0][1].span, items=tuple(denominator)))
    return None if top is None or bottom is None else f"\\frac{{{top}}}{{{bottom}}}"


def _written(num: Sequence[Item], den: Sequence[Item], span: Span, text: str | None) -> Written | None:
    above, below = mark(num[0][1]), mark(den[0][1])
    if above is None or below is None or above.letter != below.letter or any(op for op, _ in den[1:]):
        return None
    groups = _differentials(den)
    if groups is None:
        return None
    variables = _repeated(groups, above.order)
    if variables is None:
        return None
    numerator, plus = _without_plus(tuple(num[1:]))
    return Written(numerator, variables, above.immediate or plus, above.letter, text, span)


def _differentials(den: Sequence[Item]) -> list[tuple[Node, int]] | None:
    """The variables of a denominator, each with the order its own sign or exponent gives."""
    groups: list[list[Item]] = []
    orders: list[int] = []
    for item in den:
        sign = mark(item[1])
        if sign is not None and (not groups or groups[-1]):
            groups.append([])
            orders.append(sign.order)
        else:
            groups[-1].append(item)
    if any(not g for g in groups):
        return None
    return [(_joined(g), order) for g, order in zip(groups, orders, strict=True)]


def _joined(items: list[Item]) -> Node:
    if len(items) == 1:
        return items[0][1]
    span = Span(items[0][1].span.start, items[-1][1].span.end)
    return Product(span=span, items=(("", items[0][1]), *items[1:]))


def _repeated(groups: list[tuple[Node, int]], order: int) -> tuple[Node, ...] | None:
    """Each variable as often as it is differentiated by: `\\partial x^2` twice in a second derivative, but
    `\\partial \\sigma^2` of order one is by the square."""
    if order == sum(n for _, n in groups):
        return tuple(node for node, n in groups for _ in range(n))
    variables: list[Node] = []
    for node, _ in groups:
        count = _power(node)
        if count > 1 and isinstance(node, Scripted):
            bare = node.base if node.sub is None and not node.primes else _without_sup(node)
            variables += [bare] * count
        else:
            variables.append(node)
    return tuple(variables) if len(variables) == order else None


def _without_sup(node: Scripted) -> Scripted:
    return Scripted(span=node.span, base=node.base, sub=node.sub, primes=node.primes)


def _without_plus(items: tuple[Item, ...]) -> tuple[tuple[Item, ...], bool]:
    """`h_i^+` as a numerator is `h_i`, differentiated immediately."""
    if len(items) == 1 and isinstance(items[0][1], Scripted) and is_plus(items[0][1].sup):
        node = items[0][1]
        bare = _without_sup(node) if node.sub is not None or node.primes else node.base
        return ((items[0][0], bare),), True
    return items, False


def is_immediate(node: Node) -> bool:
    """Whether all derivatives in a tree, one at least, are immediate (`\\partial^+`, `\\partial h^+`). In `\\sum_k
    \\frac{\\partial h_T}{\\partial h_k} \\frac{\\partial^+ h_k}{\\partial w}` the first factor is total."""
    return _kinds(node) == {True}


def _kinds(node: Node) -> set[bool]:
    """Of each derivative whether it is immediate."""
    found = set[bool]().union(*(_kinds(child) for child in children(node)))
    if isinstance(node, Frac) and (fraction := of_fraction(node)) is not None:
        found.add(fraction.immediate)
    if isinstance(node, Product):
        slashes = (of_slash(node.items, k) for k in range(len(node.items)))
        found |= {slash[0].immediate for slash in slashes if slash is not None}
    return found


def leading_terms(node: Node) -> list[tuple[Item, ...]] | None:
    """The products that a bracketed sum adds up, or the one product in a bracket; None where it is no bracket."""
    if not isinstance(node, Group) or node.open not in ("(", "[", "{"):
        return None
    body = node.body
    return [items_of(term) for _, term in body.items] if isinstance(body, Sum) else [items_of(body)]
