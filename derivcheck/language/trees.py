"""Syntax trees as data: walking, mapping spans, comparing up to spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from derivcheck.language.syntax import Node, Span
from derivcheck.record import fields

_N = TypeVar("_N", bound=Node)
_NOWHERE = Span(0, 0)


def children(node: Node) -> Iterator[Node]:
    """The direct subtrees, in reading order."""
    for field in fields(node):
        yield from _nodes(getattr(node, field.name))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def walk(node: Node) -> Iterator[Node]:
    """Every subtree, parents before children."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


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


def shifted(node: _N, offset: int) -> _N:
    """The same tree in a text that starts `offset` characters earlier."""
    return map_spans(node, lambda span: Span(span.start + offset, span.end + offset))


def same(left: Node, right: Node) -> bool:
    """Equal up to spans."""
    return map_spans(left, lambda _: _NOWHERE) == map_spans(right, lambda _: _NOWHERE)
