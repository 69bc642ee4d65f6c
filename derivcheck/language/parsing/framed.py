"""A line in a frame: `\\left. a = b \\right.`, `\\underline{a = b}`, a grid of equations. What the frame holds is the
line; where a relation stands in brackets, nobody can say that it is claimed."""

from __future__ import annotations

from derivcheck.language.parsing.syntax import Accent, Annotated, Empty, Grid, Group, Listing, Name, Node, Relation
from derivcheck.record import replace

_LINES = ("underline", "overline", "bar")
_SIGNS = frozenset("=<>≤≥≠≈")


def unframed(node: Node) -> Node:
    """The line without what only frames it; any other node as it is."""
    inner = node
    while (body := _framed(inner)) is not None:
        inner = body
    if isinstance(inner, Grid):
        rows = [_row(row) for row in inner.rows]
        if not inner.open and not inner.close and all(isinstance(row, Relation) for row in rows):
            lines = tuple(row for row in rows if row is not None)
            return lines[0] if len(lines) == 1 else Listing(lines, ("\\quad",) * (len(lines) - 1), span=node.span)
    return inner if isinstance(inner, Relation | Listing) else node


def _framed(node: Node) -> Node | None:
    if isinstance(node, Group) and not node.open and not node.close:
        return node.body
    if isinstance(node, Accent) and node.kind in _LINES:
        return node.body
    return node.body if isinstance(node, Annotated) and node.note != "cancel" else None


def _row(cells: tuple[Node, ...]) -> Node | None:
    """A row of aligned cells as one relation: `y`, `= 3 x`, or `y`, `=`, `3 x`."""
    operands: list[Node] = []
    relations: list[str] = []
    spans = []
    for cell in cells:
        parts = cell.operands if isinstance(cell, Relation) else (cell,)
        if operands and not (isinstance(operands[-1], Empty) or isinstance(parts[0], Empty)):
            return None
        if operands and isinstance(parts[0], Empty):
            parts = parts[1:]
        elif operands:
            operands.pop()
        operands += parts
        if isinstance(cell, Relation):
            relations += cell.relations
            spans += cell.relation_spans
    if not relations or len(operands) != len(relations) + 1:
        return None
    first = next(cell for cell in cells if isinstance(cell, Relation))
    return replace(first, operands=tuple(operands), relations=tuple(relations), relation_spans=tuple(spans))


def hidden(node: Node) -> Node | None:
    """A relation in a lone expression: nobody would judge it."""
    if isinstance(node, Relation):
        return node
    if isinstance(node, Name):
        return node if _SIGNS & set(node.text) else None
    if isinstance(node, Group | Accent | Annotated):
        return hidden(node.body)
    if isinstance(node, Grid):
        cells = (cell for row in node.rows for cell in (row[:1] if node.kind == "cases" else row))
        return next((found for cell in cells if (found := hidden(cell)) is not None), None)
    return None
