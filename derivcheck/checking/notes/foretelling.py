"""What a line uses and its sentence or the next declares: `$y = W x$ with $W \\in \\mathbb{R}^{m \\times n}$`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derivcheck.checking.notes.declarations import (
    Notation,
    as_given,
    declared_by,
    drawn,
    introduce_parameters,
    names_in,
    new_scalars,
    pieces_of,
)
from derivcheck.checking.walking import CONDITIONS
from derivcheck.language.parsing.splitting import split_lines
from derivcheck.language.parsing.syntax import Node
from derivcheck.language.scope import Scope
from derivcheck.source.moves import Move

_GIVING = ("with", "where", "Let", "let", "and", "here", "Here")
_LATER = ("where", "in which", "wherein", "here", "with")


def foretold(
    text: str, move: Move, later: Sequence[Move], scope: Scope, ranges: Mapping[int, str], notation: Notation
) -> Scope:
    """The scope with the names of a line that are declared soon after it. ranges: of members, by the place of what
    declares them."""
    node = notation.node(text)
    if node is None or move.role == "property":
        return scope
    unknown = names_in(node) - scope.names
    own = declared_by(text, notation)
    for other in later:
        if not unknown or other.sentence > move.sentence + 1:
            break
        soon = other.sentence == move.sentence or other.cue.lower().startswith(_LATER)
        if other.formula is None or not soon or not _introduces(other, notation):
            continue
        for piece in split_lines(other.formula.latex):
            said = piece.text + ranges.get(other.formula.span.start, "")
            made = _made(said, other, node, scope, notation)
            with_law = introduce_parameters(said, scope, notation)
            if made & (unknown - own) and (after := as_given(said, with_law, notation)) is not None:
                scope = after
                unknown -= made
    return scope


def orders(node: Node) -> bool:
    """Whether a line says by `<` or `>` how numbers lie; what is not 0 may be a vector."""
    relations = {r for p in pieces_of(node) for r in getattr(p.node, "relations", ())}
    return bool(relations) and relations <= {"<", ">", "<=", ">="}


def _introduces(move: Move, notation: Notation) -> bool:
    if move.role in ("definition", "property", *CONDITIONS):
        return True
    node = notation.node(move.formula.latex) if move.formula is not None else None
    return move.role == "claim" and not move.cue and node is not None and orders(node)


def _made(text: str, move: Move, node: Node, scope: Scope, notation: Notation) -> frozenset[str]:
    """The names that a line declares."""
    made = declared_by(text, notation) | drawn(text, notation)
    if move.cue in _GIVING or not move.cue:
        made |= frozenset(new_scalars(text, scope, notation))
    if move.role == "property" and "(\\xi)" in text:
        made |= names_in(notation.node(text) or node) - {"\\xi"}
    return made
