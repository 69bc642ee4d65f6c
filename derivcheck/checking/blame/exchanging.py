"""Two leaves of an operand that stand in each other's place: names, sizes or indices."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking.blame.edits import Around, Variant, cover, length, sites
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Name, Node, Scripted, Span
from derivcheck.language.parsing.trees import children
from derivcheck.record import replace

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
            weight = length(first.span) + length(second.span) + 1
            yield Variant(_swapped(node, first, second), cover(first, second), "exchanged", weight)


def _leaves(node: Node, around: Around) -> Iterator[Node]:
    key = canonical(node) if isinstance(node, Name | Scripted) else None
    if key is not None and (key in around.names or key in _letters(around)):
        yield node
        return
    for child in children(node):
        yield from _leaves(child, around)


def _letters(around: Around) -> set[str | None]:
    return {canonical(letter) for letter in around.letters}


def _alike(key: str, other: str, around: Around) -> bool:
    letters = _letters(around)
    if key in letters or other in letters:
        return key in letters and other in letters
    return any(canonical(n) == other for n in around.names.get(key, ()))


def _swapped(node: Node, first: Node, second: Node) -> Node:
    """Identity tells the places apart: equal names elsewhere stay."""
    held = replace(first, span=Span(-1, -1))
    node = next(put(held) for site, put in sites(node) if site is first)
    node = next(put(first) for site, put in sites(node) if site is second)
    return next(put(second) for site, put in sites(node) if site is held)


RULES = (exchanged,)
