"""The order in which given lines are read: what declares a name before what uses it, however they were written."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.clauses import Piece, clauses
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import Parsed
from derivcheck.language.parsing.syntax import Node, Relation, Scripted
from derivcheck.language.parsing.trees import children

Numbered = tuple[int, tuple[str, Parsed]]  # a line's number, its text and what was parsed


def declarations_first(lines: Sequence[Numbered]) -> list[Numbered]:
    """The lines, each that uses a name which only a later line declares (`x > 0` before `x \\in \\mathbb{R}`,
    `H = I_n - uu^\\top` before `n \\in \\mathbb{N}`) moved behind that one. Read as written, the declaration would
    make the name anew, and what the earlier line said of it would be lost."""
    declared = [_declares(parsed.node) for _, (_, parsed) in lines]
    behind: dict[int, list[Numbered]] = {}
    kept: list[int] = []
    for k, line in enumerate(lines):
        later = _later(k, declared, _names(line[1][1].node))
        if later is None:
            kept.append(k)
        else:
            behind.setdefault(later, []).append(line)
    ordered: list[Numbered] = []
    for k in kept:
        ordered += [lines[k], *behind.get(k, ())]
    return ordered


def _later(k: int, declared: Sequence[frozenset[str]], used: frozenset[str]) -> int | None:
    """The last line behind line k that declares a name used in it and declared by no line before."""
    if declared[k]:
        return None
    missing = used.difference(*declared[:k])
    return max((j for j in range(k + 1, len(declared)) if declared[j] & missing), default=None)


def _declares(node: Node) -> frozenset[str]:
    """The names that a line declares: those before `\\in`, those of families without their index too."""
    names: set[str] = set()
    parts = clauses(node)
    families = any(c.role == "for" for c in parts) or any(not isinstance(p, Piece) for c in parts for p in c.pieces)
    for clause in parts:
        for piece in clause.pieces if clause.role != "for" else ():
            if isinstance(piece, Piece) and isinstance(piece.node, Relation) and piece.node.relations[0] == "\\in":
                for name in (*piece.names, piece.node.operands[0]):
                    names |= _keys(name, families)
    return frozenset(names)


def _keys(node: Node, families: bool) -> set[str]:
    keys = {canonical(node)}
    if families and isinstance(node, Scripted):
        keys.add(canonical(node.base))
    return {k for k in keys if k}


def _names(node: Node) -> frozenset[str]:
    """The names that occur in a line, with and without what stands below and above them."""
    found: set[str] = set()
    stack = [node]
    while stack:
        here = stack.pop()
        key = canonical(here)
        if key:
            found.add(key)
        stack += children(here)
    return frozenset(found)
