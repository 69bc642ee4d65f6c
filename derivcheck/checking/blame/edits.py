"""Edits of a syntax tree: where they can be made, and how small products and sums are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from derivcheck.language.parsing.syntax import Frac, Func, Group, Name, Node, Num, Product, Scripted, Span, Sum, Symbol
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, field, fields, replace

Item = tuple[str, Node]
Put = Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Variant:
    """Another form of one node: what is to blame in the text, and by which slip (a row of slips.SLIPS). `weight`: how
    much was changed, where that is not the length of the span (what was inserted is as long as it is)."""

    node: Node
    span: Span
    slip: str
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the node that is edited. `text`: the line; `root`: the operand; `left`: what it is
    measured against; `factors`, `numbers` and `terms`: what may have been lost; `letters`: index letters in use;
    `arguments`: arguments of functions; `names`: for a declared name, others of the same shape; `bound`: identities of
    the nodes that are one with their neighbour (a function and its argument): no script stands on them alone; `script`:
    of those inside indices, limits and powers, which have rules of their own."""

    text: str
    scope: Scope
    root: Node
    left: Node
    factors: tuple[Node, ...] = ()
    numbers: tuple[Node, ...] = ()
    terms: tuple[Node, ...] = ()
    letters: tuple[Node, ...] = ()
    arguments: tuple[Node, ...] = ()
    names: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    bound: frozenset[int] = frozenset()
    script: frozenset[int] = frozenset()


def sites(node: Node, put: Put = lambda new: new) -> Iterator[tuple[Node, Put]]:
    """Every subtree, parents first, with the function that puts another in its place."""
    yield node, put
    for name in (f.name for f in fields(node)):
        for child, into in _slots(getattr(node, name)):
            yield from sites(child, _through(node, name, into, put))


def _through(node: Node, name: str, into: Callable[[Node], Any], put: Put) -> Put:
    return lambda new: put(replace(node, **{name: into(new)}))


def _slots(value: Any) -> Iterator[tuple[Node, Callable[[Node], Any]]]:
    if isinstance(value, Node):
        yield value, lambda new: new
    elif isinstance(value, tuple):
        for k, item in enumerate(value):
            for child, into in _slots(item):
                yield child, _inside(value, k, into)


def _inside(values: tuple[Any, ...], k: int, into: Callable[[Node], Any]) -> Callable[[Node], Any]:
    return lambda new: (*values[:k], into(new), *values[k + 1 :])


def length(span: Span) -> int:
    return span.end - span.start


def size(node: Node) -> int:
    """How many names, numbers and functions a subtree has: what inserting it changes."""
    return sum(1 for inner in walk(node) if isinstance(inner, Name | Num | Func))


def cover(first: Node, last: Node) -> Span:
    """From the beginning of one node to the end of another."""
    return Span(min(first.span.start, last.span.start), max(first.span.end, last.span.end))


# putting together --------------------------------------------------------------------------------------------


def product(items: Sequence[Item], span: Span) -> Node:
    """A product of these items; the first one has no operator before it, products inside join it."""
    flat: list[Item] = []
    for op, item in items:
        inner = item.items if isinstance(item, Product) else (("", item),)
        flat += [(op if k == 0 else other, node) for k, (other, node) in enumerate(inner)]
    flat[0] = ("", flat[0][1])
    return flat[0][1] if len(flat) == 1 else Product(tuple(flat), span=span)


def factor(node: Node) -> Node:
    """A node as a factor: a sum in parentheses."""
    return Group("(", ")", node, span=node.span) if isinstance(node, Sum) else node


def negated(node: Node) -> Node:
    """The node with the other sign: a leading sign is turned, a sum turned term by term."""
    if isinstance(node, Sum):
        items = tuple((TURNED.get(sign, sign), item) for sign, item in node.items)
        if len(items) == 1 and items[0][0] == "+":
            return items[0][1]
        return replace(node, items=items)
    return Sum((("-", node),), span=node.span)


TURNED = {"+": "-", "-": "+", "\\pm": "\\mp", "\\mp": "\\pm"}


def number(value: int, span: Span) -> Num:
    return Num(str(value), span=span)


def one_over(node: Node) -> Node:
    return Frac(Num("1", span=node.span), node, span=node.span)


def terms(node: Node) -> tuple[Item, ...]:
    """The terms of a sum with their signs; any other node is its only term."""
    return node.items if isinstance(node, Sum) else (("+", node),)


def items_of(node: Node) -> tuple[Item, ...]:
    return node.items if isinstance(node, Product) else (("", node),)


def top() -> Symbol:
    return Symbol("\\top", span=Span(0, 0))


def is_transpose(node: Node | None) -> bool:
    """Whether a superscript is the mark of a transpose."""
    if isinstance(node, Symbol):
        return node.text in ("\\top", "\\intercal")
    return isinstance(node, Name) and node.text == "T"


def scripted(node: Node, sup: Node | None) -> Node:
    """The node with this superscript in place of its own (None: without one)."""
    if isinstance(node, Scripted):
        made = replace(node, sup=sup)
        bare = made.sup is None and made.sub is None and not made.primes
        return made.base if bare else made
    return Scripted(node, sup=sup, span=node.span) if sup is not None else node
