"""Two leaves of an operand that stand in each other's place: names, sizes or indices."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking.blame.edits import Around, Variant, cover
from derivcheck.language.names import canonical
from derivcheck.language.syntax import Name, Node, Scripted
from derivcheck.language.trees import children

_MOST = 8


def exchanged(node: Node, around: Around) -> Iterator[Variant]:
    """The operand with two of its names (of one kind) exchanged at two places."""
    if node is not around.root:
        return
    leaves = list(_leaves(node, around))[:_MOST]
    for i, first in enumerate(leaves):
        for second in leaves[i + 1 :]:
            key, other = canonical(first), canonical(second)
            if key == other or not _alike(key or "", other or "", around):
                continue
            yield Variant(_swapped(node, first, second), cover(first, second), "exchanged")


def _leaves(node: Node, around: Around) -> Iterator[Node]:
    key = canonical(node) if isinstance(node, Name | Scripted) else None
    if key is not None and (key in around.names or key in around.letters):
        yield node
        return
    for child in children(node):
        yield from _leaves(child, around)


def _alike(key: str, other: str, around: Around) -> bool:
    if key in around.letters or other in around.letters:
        return key in around.letters and other in around.letters
    return any(canonical(n) == other for n in around.names.get(key, ()))


def _swapped(node: Node, first: Node, second: Node) -> Node:
    """Identity tells the places apart: equal names elsewhere stay."""
    from derivcheck.checking.blame.edits import sites

    for site, put in sites(node):
        if site is first:
            node = put(second)
            break
    for site, put in sites(node):
        if site is second and site.span == second.span:
            places = [(s, p) for s, p in sites(node) if s is second]
            return places[-1][1](first)
    return node


RULES = (exchanged,)
