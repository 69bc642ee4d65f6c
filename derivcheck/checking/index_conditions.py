"""Conditions on bare indices: `Case 2: $i \\ne j$`, `when $i = j$`. What they speak of is introduced by no line; it is
the indices of the lines that they rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from derivcheck.checking.notes.declarations import ORDER, Notation
from derivcheck.language.clauses import clauses
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Name, Node, Num, Relation
from derivcheck.language.reading import letters_of
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, replace
from derivcheck.source.values import Span

_DELTA = re.compile(r"\\delta\s*_|\\mathbb\s*\{?1|\\mathbf\s*\{?1|\[\s*\w\s*=")


@dataclass(frozen=True, slots=True)
class IndexCondition:
    """`latex` says it of `letters`; it surely holds in `extent`, and possibly in `reach`."""

    latex: str
    letters: frozenset[str]
    extent: Span
    reach: Span


def letters_in(latex: str, scope: Scope, notation: Notation) -> frozenset[str]:
    """The bare letters of which a formula says how they compare (`i \\ne j`, `i = j`, `t < s`); empty where it speaks
    of anything else."""
    node = notation.node(latex)
    pieces = [p for clause in clauses(node) for p in clause.pieces] if node is not None else []
    letters: set[str] = set()
    for piece in pieces:
        relation = getattr(piece, "node", None)
        if not isinstance(relation, Relation) or not set(relation.relations) <= ORDER | {"="}:
            return frozenset()
        for operand in (*piece.names, *relation.operands):
            name = canonical(operand) if isinstance(operand, Name) else None
            if name is None and not isinstance(operand, Num):
                return frozenset()
            letters |= {name} - scope.names if name is not None else set()
    return frozenset(letters)


def indexed_in(nodes: Iterable[Node | None], scope: Scope) -> frozenset[str]:
    """The bare letters that stand as indices in some lines."""
    return letters_of(scope, [node for node in nodes if node is not None])


def added(conditions: tuple[IndexCondition, ...], new: IndexCondition) -> tuple[IndexCondition, ...]:
    """The conditions with a new one, which ends those on the same letters (`Case 1: $i = j$`, `Case 2: $i \\ne j$`)."""

    def cut(span: Span) -> Span:
        return Span(span.start, max(span.start, min(span.end, new.extent.start)))

    kept = (
        replace(c, extent=cut(c.extent), reach=cut(c.reach)) if c.letters & new.letters else c for c in conditions
    )
    return (*kept, new)


def in_force(
    conditions: Iterable[IndexCondition], offset: int, text: str, indices: frozenset[str]
) -> Iterator[IndexCondition]:
    """The conditions on the indices of a line. One that writes the cases out (`\\delta_{ij}`) is under none."""
    for condition in conditions:
        if offset in condition.reach and condition.letters & indices and not _DELTA.search(text):
            yield condition


def with_condition(text: str, condition: IndexCondition) -> str:
    """The line with the condition that it stands under."""
    return rf"{text} \quad \text{{for }} {condition.latex}"
