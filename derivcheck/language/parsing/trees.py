"""Syntax trees as data: walking, mapping spans, comparing up to spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from derivcheck.language.parsing.syntax import Name, Node, Span
from derivcheck.record import fields, replace

_N = TypeVar("_N", bound=Node)
_NOWHERE = Span(0, 0)
_PLAIN = frozenset({"Span", "str", "int", "bool"})  # as annotated: no subtrees


def children(node: Node) -> Sequence[Node]:
    """The direct subtrees, in reading order."""
    found: list[Node] = []
    for name in _holders(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found += _nodes(value)
    return found


@cache
def _holders(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold subtrees."""
    return tuple(field.name for field in fields(kind) if field.type not in _PLAIN)


def _nodes(items: tuple[Any, ...]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, Node):
            yield item
        elif isinstance(item, tuple):
            yield from _nodes(item)


def walk(node: Node) -> Iterator[Node]:
    """Every subtree, parents before children."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def map_spans(node: _N, change: Callable[[Span], Span]) -> _N:
    """The same tree with other spans."""

    def visit(value: Any) -> Any:
        if isinstance(value, Span):
            return change(value)
        if isinstance(value, tuple):
            return tuple(visit(item) for item in value)
        if isinstance(value, Node):
            return map_spans(value, change)
        return value

    return type(node)(**{field.name: visit(getattr(node, field.name)) for field in fields(node)})


def renamed(node: _N, old: str, new: str) -> _N:
    """The same tree with another letter for a name."""

    def visit(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(visit(item) for item in value)
        return renamed(value, old, new) if isinstance(value, Node) else value

    if isinstance(node, Name):
        return replace(node, text=new) if node.text == old else node
    return type(node)(**{field.name: visit(getattr(node, field.name)) for field in fields(node)})


def shifted(node: _N, offset: int) -> _N:
    """The same tree in a text that starts `offset` characters earlier."""
    return map_spans(node, lambda span: Span(span.start + offset, span.end + offset))


def same(left: Node, right: Node) -> bool:
    """Equal up to spans."""
    return map_spans(left, lambda _: _NOWHERE) == map_spans(right, lambda _: _NOWHERE)
