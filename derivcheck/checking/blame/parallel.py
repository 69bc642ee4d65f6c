"""A slip made alike in every item of a list or sum with dots: what is shown stands for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from derivcheck.checking.blame.edits import Around, Item, Variant, sites
from derivcheck.language.parsing.syntax import Dots, Listing, Node, Sum
from derivcheck.record import replace

Rule = Callable[[Node, Around], Iterator[Variant]]


def parallel(rules: Sequence[Rule]) -> Rule:
    """The rules, applied at the same place of all items around dots."""

    def rule(node: Node, around: Around) -> Iterator[Variant]:
        if isinstance(node, Listing) and any(isinstance(x, Dots) for x in node.items):
            for variant, new in _together(node.items, rules, around):
                yield replace(variant, node=replace(node, items=new))
        elif isinstance(node, Sum) and any(isinstance(x, Dots) for _, x in node.items):
            for variant, new in _together([x for _, x in node.items], rules, around):
                items: tuple[Item, ...] = tuple((sign, y) for (sign, _), y in zip(node.items, new, strict=True))
                yield replace(variant, node=replace(node, items=items))

    return rule


def _together(
    items: Sequence[Node], rules: Sequence[Rule], around: Around
) -> Iterator[tuple[Variant, tuple[Node, ...]]]:
    """One variant for each way in which every item can be edited alike (items of one structure only)."""
    shown = [x for x in items if not isinstance(x, Dots)]
    places = [list(sites(x)) for x in shown]
    if len({len(p) for p in places}) != 1:
        return
    for same in zip(*places, strict=True):
        if len({type(site) for site, _ in same}) != 1:
            continue
        for rule in rules:
            variants = [list(rule(site, around)) for site, _ in same]
            if len({len(v) for v in variants}) != 1:
                continue
            for alike in zip(*variants, strict=True):
                if len({v.slip for v in alike}) == 1:
                    new = iter([put(v.node) for v, (_, put) in zip(alike, same, strict=True)])
                    yield alike[0], tuple(x if isinstance(x, Dots) else next(new) for x in items)
