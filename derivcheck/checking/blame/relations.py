"""Slips in the relation itself: turned round, or strict where the sides can be equal."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking.blame.edits import Variant
from derivcheck.language.parsing.syntax import Relation
from derivcheck.record import replace

_REVERSED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LOOSE = {"<": "<=", ">": ">="}


def other_relations(node: Relation, place: int) -> Iterator[Variant]:
    """The relation `place` of a chain, loosened or turned round."""
    written, span = node.relations[place], node.relation_spans[place]
    changes = [(_LOOSE.get(written), "strictness"), (_REVERSED.get(written), "reversed-inequality")]
    changes.append((_REVERSED.get(_LOOSE.get(written, "")), "reversed-inequality"))
    for other, slip in changes:
        if other is not None:
            relations = (*node.relations[:place], other, *node.relations[place + 1 :])
            yield Variant(replace(node, relations=relations), span, slip)
