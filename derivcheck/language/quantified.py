"""For which values a line is said: `for all x \\in \\mathbb{R}`, `for x > 0`. A set that is no range declares the names
that nothing introduces, and is a condition on the others."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.clauses import Clause, Piece, Range
from derivcheck.language.elaboration.declaring import Place, read_place
from derivcheck.language.elaboration.fences import COMPARE
from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.givens.table import read_piece
from derivcheck.language.options import Options
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Dots, Group, Listing, Name, Node, Num, Relation, Scripted
from derivcheck.language.parsing.trees import walk
from derivcheck.language.reading import elaborator
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.model import Domain

_WHOLE = frozenset("kmnN")
_UNCLEAR = frozenset("ijlt")
_ORDERS = frozenset(COMPARE.keys() - {"=", "!="})


def quantified(
    parts: Sequence[Clause], scope: Scope, options: Options, letters: frozenset[str]
) -> tuple[Scope, list[Clause]]:
    """The scope with the names that `for ...` introduces, and the clauses in which what it says of others is a
    condition."""
    made: list[Clause] = []
    for clause in parts:
        kept: list[Piece | Range] = []
        stated: list[Piece | Range] = []
        for piece in clause.pieces if clause.role in ("for", "if") else ():
            node = piece.node if isinstance(piece, Piece) else None
            if not isinstance(piece, Piece) or not isinstance(node, Relation):
                kept.append(piece)
            elif node.relations == ("\\in",):
                scope, found = _member(scope, options, piece, node, letters)
                for one in found:
                    (stated if isinstance(one, Piece) and one is not piece else kept).append(one)
            elif clause.role == "for" and (declared := _positive(scope, options, node, letters)) is not None:
                scope = declared
                stated.append(piece)
            else:
                kept.append(piece)
        if clause.role in ("for", "if"):
            made += [replace(clause, pieces=tuple(kept))] if kept else []
            made += [Clause("if", tuple(stated), clause.words)] if stated else []
        else:
            made.append(clause)
    return scope, made


def _member(
    scope: Scope, options: Options, piece: Piece, node: Relation, letters: frozenset[str]
) -> tuple[Scope, list[Piece | Range]]:
    """`x \\in [0, 1]`: declares x, or says where a declared x lies; `i \\in \\mathbb{N}` of an index is its range. What
    is no set of numbers (and `\\{1, \\dots, n\\}`) stays as it is."""
    if _is_range(node.operands[1]):
        return scope, [piece]
    elab = elaborator(scope, options, (node,))
    try:
        place = read_place(elab, node.operands[1])
    except Unreadable:
        return scope, [piece]
    found: list[Piece | Range] = []
    for name in (*piece.names, node.operands[0]):
        if canonical(name) in letters and place.domain.kind == "integer" and not place.shape:
            found.append(_counted(name, place, node))
            continue
        declaration = elab.declaration(canonical(name) or "")
        if declaration is None or declaration.family or declaration.shape != place.shape:
            alone = replace(node, operands=(name, node.operands[1]))
            scope = read_piece(scope, Piece(alone), {}, (), options)
        elif (order := _as_order(name, node.operands[1], place)) is not None:
            found.append(Piece(order))
        elif place.domain not in (Domain(), declaration.domain):
            return scope, [piece]
    return scope, found


def _is_range(node: Node) -> bool:
    body = node.body if isinstance(node, Group) and node.open == "{" else None
    return isinstance(body, Listing) and any(isinstance(i, Dots) for i in body.items)


def _counted(name: Node, place: Place, node: Relation) -> Range:
    low = place.domain.low
    lower = None if low is None else Num(span=node.span, text=str(getattr(low, "value", 1)))
    return Range((name,), lower, None, node.span)


def _as_order(name: Node, node: Node, place: Place) -> Relation | None:
    """`x \\in (a, b]` as `a < x <= b`."""
    domain = place.domain
    if domain.kind != "real" or (domain.low is None and domain.high is None):
        return None
    ends = node.body.items if isinstance(node, Group) and isinstance(node.body, Listing) else (None, None)
    operands, relations = [name], []
    if domain.low is not None:
        operands.insert(0, ends[0] or Num(span=node.span, text="0"))
        relations.append("<" if domain.low_strict else "<=")
    if domain.high is not None and ends[1] is not None:
        operands.append(ends[1])
        relations.append("<" if domain.high_strict else "<=")
    spans = tuple(node.span for _ in relations)
    return Relation(span=node.span, operands=tuple(operands), relations=tuple(relations), relation_spans=spans)


def _positive(scope: Scope, options: Options, node: Relation, letters: frozenset[str]) -> Scope | None:
    """`for x > 0`, `for n \\ge 1`: a name that nothing introduces, and that is no index, is a number."""
    if not set(node.relations) <= _ORDERS:
        return None
    elab = elaborator(scope, options, (node,))
    names = [o for o in node.operands if isinstance(o, Name | Scripted) and canonical(o) is not None]
    fresh = [o for o in names if not elab.knows(o) and canonical(o) not in letters]
    if not fresh or any(canonical(o) in _UNCLEAR for o in fresh):
        return None
    inside = [n for o in node.operands if o not in names for n in walk(o) if isinstance(n, Name)]
    if any(not elab.knows(n) and n not in fresh for n in inside):
        return None
    for name in fresh:
        numbers = Name(span=node.span, text="Z" if canonical(name) in _WHOLE else "R", style="bb")
        said = Relation(span=node.span, operands=(name, numbers), relations=("\\in",), relation_spans=(node.span,))
        scope = read_piece(scope, Piece(said), {}, (), options)
    return scope
