"""What a line says in words, as the syntax that a formula has for it: `A_{ij} = 1 if i = j and 0 otherwise` is a
`cases`, `f(x) \\to L as x \\to a` a limit. Whoever reads a part of such a sentence alone (`A_{ij} = 1 if i = j`) reads
something else, so what does not fit the pattern is not read at all."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.derivatives.remainders import has_remainder
from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    BigOp,
    Empty,
    Grid,
    Group,
    Listing,
    Node,
    Num,
    Product,
    Relation,
    Span,
    Words,
)
from derivcheck.language.parsing.wording import OTHERWISE
from derivcheck.record import replace

_WHEN = frozenset({"if", "when", "for", "whenever"})
_FILLERS = frozenset({"and", "or", "but"})
_EQUATES = ("=", ":=", "\\equiv")
_CHANCE = frozenset({"with probability", "w.p", "with prob", "wp", "w. p", "with prob. "})
_AS = frozenset({"as", "when", "for"})


def spoken(node: Node, before: Node | None = None) -> Node:
    """The line with its sentences as formulas; `before` is what a leading relation continues. Raises where an
    `otherwise` stands that was not understood."""
    if not isinstance(node, Listing):
        return _law_of_cases(node) or node
    items = _flat(node)
    found = (
        _chosen(items, node.span, _WHEN, Relation, "cases")
        or _chosen(items, node.span, _CHANCE, Node, "law")
        or _tending(items, node.span, before)
    )
    if found is not None:
        return found
    stray = next((n for n in items if _says(n, OTHERWISE)), None)
    if stray is not None:
        raise Unreadable("unsupported", "what holds otherwise is not read here: write it as cases", stray.span)
    return node


def _flat(node: Node) -> list[Node]:
    if not isinstance(node, Listing):
        return [] if isinstance(node, Empty) else [node]
    return [part for item in node.items for part in _flat(item)]


def _says(node: Node, words: frozenset[str]) -> bool:
    return isinstance(node, Words) and node.text.strip(" .,:;").lower() in words


# cases -------------------------------------------------------------------------------------------------------


def _chosen(items: Sequence[Node], span: Span, joins: frozenset[str], kind: type[Node], made: str) -> Node | None:
    """`y = a if C, b if D, c otherwise` as cases; `X = a with probability p, b otherwise` as a law: two values or more,
    each with what stands behind it."""
    first, rest = items[0], items[1:]
    if not isinstance(first, Relation) or first.relations[-1] not in _EQUATES or not rest:
        return None
    value: Node | None = first.operands[-1]
    rows: list[tuple[Node, ...]] = []
    k = 0
    while k < len(rest):
        node = rest[k]
        if value is not None and _says(node, joins) and k + 1 < len(rest) and _is_reason(rest[k + 1], kind):
            rows.append((value, rest[k + 1]))
            value, k = None, k + 2
        elif value is not None and _says(node, OTHERWISE):
            rows.append((value, node))
            value, k = None, k + 1
        elif value is None and _leads(rest, k):  # `a if C else b`
            rows.append((rest[k + 1], node))
            k += 2
        elif value is None and _says(node, _FILLERS):
            k += 1
        elif value is None and _is_value(node):
            value, k = node, k + 1
        else:
            return None
    if value is not None or len(rows) < 2 or any(_says(r[1], OTHERWISE) for r in rows[:-1]):
        return None
    grid = Grid(made, tuple(rows), span=Span(first.operands[-1].span.start, span.end))
    if made == "law":
        return replace(first, operands=(first.operands[0], grid), relations=("\\sim",), span=span)
    return replace(first, operands=(*first.operands[:-1], grid), span=span)


def _is_reason(node: Node, kind: type[Node]) -> bool:
    return isinstance(node, kind) and not isinstance(node, Words | Empty)


def _law_of_cases(node: Node) -> Node | None:
    """`X = \\begin{cases} 1 & with probability p ...`."""
    grid = node.operands[-1] if isinstance(node, Relation) and len(node.operands) == 2 else None
    if not isinstance(grid, Grid) or grid.kind != "cases" or not isinstance(node, Relation):
        return None
    rows: list[tuple[Node, ...]] = []
    for row in grid.rows:
        cells = [part for cell in row for part in _flat(cell)]
        if len(cells) == 3 and _says(cells[1], _CHANCE):
            rows.append((cells[0], cells[2]))
        elif len(cells) == 2 and _says(cells[1], OTHERWISE) and rows:
            rows.append((cells[0], cells[1]))
        else:
            return None
    law = replace(grid, kind="law", rows=tuple(rows))
    return replace(node, operands=(node.operands[0], law), relations=("\\sim",))


def _leads(rest: Sequence[Node], k: int) -> bool:
    """`else` before the last value: `a if C else b`, `a if C, otherwise b`."""
    return k == len(rest) - 2 and _says(rest[k], OTHERWISE) and _is_value(rest[k + 1])


def _is_value(node: Node) -> bool:
    return not isinstance(node, Relation | Words | Empty)


# limits ------------------------------------------------------------------------------------------------------


def _tending(items: Sequence[Node], span: Span, continued: Node | None) -> Node | None:
    """`f(x) \\to L as x \\to a`."""
    if len(items) != 3 or not _says(items[1], _AS):
        return None
    claim, point = items[0], items[2]
    if not (isinstance(claim, Relation) and isinstance(point, Relation)) or point.relations != ("\\to",):
        return None
    if has_remainder(claim.operands[-1]) and canonical(point.operands[-1]) == "0":
        return replace(claim, span=span)  # what O(h) says anyway
    if claim.relations[-1:] != ("\\to",) or "\\to" in claim.relations[:-1]:
        return None
    before, value = claim.operands[-2], claim.operands[-1]
    if isinstance(before, Empty) and continued is not None:
        before = continued
    if isinstance(before, Empty | Num):
        return None
    body = Group("(", ")", before, span=before.span)
    limit = Product((("", BigOp("lim", point, span=point.span)), ("", body)), span=before.span)
    made = replace(claim, operands=(limit, value), relations=("=",), relation_spans=claim.relation_spans[-1:])
    if len(claim.operands) == 2:
        return replace(made, span=span)
    chain = replace(
        claim, operands=claim.operands[:-1], relations=claim.relations[:-1], relation_spans=claim.relation_spans[:-1]
    )
    return Listing((chain, made), ("\\quad",), span=span)
