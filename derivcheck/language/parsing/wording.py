"""Words inside maths: `\\text{if}`, `\\text{for}`, `\\text{where}`: what they introduce."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.parsing.syntax import Empty, Listing, Node, Product, Relation, Sum, Words
from derivcheck.record import replace

OTHERWISE = frozenset({"otherwise", "else", "other", "elsewhere", "in all other cases"})


def strip_words(node: Node) -> tuple[str, Node | None]:
    """The words with which a node begins, and the rest."""
    match node:
        case Words(text=text):
            return text, None
        case Product(items=items) if isinstance(items[0][1], Words):
            rest = items[1:]
            if not rest:
                return items[0][1].text, None
            if len(rest) == 1:
                return items[0][1].text, rest[0][1]
            return items[0][1].text, replace(node, items=(("", rest[0][1]), *rest[1:]))
        case Sum(items=items):
            words, first = strip_words(items[0][1])
            if words and first is not None:
                return words, replace(node, items=((items[0][0], first), *items[1:]))
        case Relation(operands=operands):
            words, first = strip_words(operands[0])
            if words:
                first = first if first is not None else Empty(span=operands[0].span)
                return words, replace(node, operands=(first, *operands[1:]))
        case Listing(items=items, seps=seps):
            words, first = strip_words(items[0])
            if words and first is None:
                rest = items[1:]
                return words, (
                    rest[0] if len(rest) == 1 else replace(node, items=rest, seps=seps[1:])
                ) if rest else None
            if words and first is not None:
                return words, replace(node, items=(first, *items[1:]))
    return "", node


def without_words(nodes: Sequence[Node]) -> Node | None:
    """The condition of a branch of `cases`; None for `otherwise` or no condition."""
    kept = [n for n in nodes if not isinstance(n, Empty)]
    if not kept:
        return None
    node: Node | None = kept[0] if len(kept) == 1 else kept[-1]
    while node is not None:
        words, node_rest = strip_words(node)
        if not words:
            return node
        if words.strip(" .,:;").lower() in OTHERWISE:
            return None
        node = node_rest
    return None
