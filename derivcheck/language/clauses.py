"""A line taken apart: its pieces (relations, ranges, lone expressions) under the words that introduce them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from derivcheck.language.parsing.syntax import (
    Dots,
    Empty,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Relation,
    Scripted,
    Span,
    Symbol,
    Words,
)
from derivcheck.record import dataclass, replace

_FOR = ("for", "over", "\\forall")
_IF = (
    "if",
    "when",
    "whenever",
    "provided",
    "assuming",
    "given",
    "since",
    "as",
    "with",
    "under",
    "suppose",
    "assume",
    "because",
    "subject",
    "unless",
    "at",
    "s.t.",
    "such",
    "in",
)
_WHERE = ("where", "let", "denote", "here", "define")
_INDICES = frozenset("ijklmn")
_ONLY_COMMON = frozenset({
    "\\in", "\\subset", "\\subseteq", "\\colon", "\\sim", "\\perp", "\\notin", "<", "<=", ">", ">=",
    "\\succ", "\\succeq",
})  # fmt: skip
_IMPLIES = frozenset({"implies", "implies that"})
_DIRECT = frozenset({"\\Rightarrow", "\\iff", "\\Leftarrow"})
_EQUATES = frozenset({"=", ":=", "\\equiv", "\\approx"})


@dataclass(frozen=True, slots=True)
class Range:
    """`i, j = 1, \\dots, n`, `t \\in \\{1, \\dots, T\\}` or, without limits, `for all i`."""

    names: tuple[Node, ...]
    lower: Node | None
    upper: Node | None
    span: Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A relation (its left side may list several names: `names` before it) or a lone expression. In an implication
    (`a > 0 \\Rightarrow b > 0`) the left part is `supposed` (by an 'implication', or by an 'arrow', which may mean
    something else), and the right part has it among its `given`."""

    node: Node
    names: tuple[Node, ...] = ()
    supposed: str = ""
    given: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """role: 'main', 'for', 'if' or 'where'; `words` as written."""

    role: str
    pieces: tuple[Piece | Range, ...]
    words: str = ""


def role_of(words: str) -> str:
    """What some words introduce: by their first word that says it."""
    for word in words.lower().replace(",", " ").replace("(", " ").split():
        if word in _FOR:
            return "for"
        if word in _WHERE:
            return "where"
        if word in _IF:
            return "if"
    return "main"


def clauses(node: Node) -> tuple[Clause, ...]:
    """The clauses of a line, the main ones first as they stand."""
    items = list(zip(("", *node.seps), node.items, strict=True)) if isinstance(node, Listing) else [("", node)]
    parts: list[tuple[str, list[Node]]] = [("", [])]
    for item in _implied([item for _, item in _flat(items)]):
        beside, listed = (_in_brackets(item), _range_in_brackets(item)) if parts[-1][1] else (None, ())
        if beside is not None:
            parts.append(("if", [beside]))
        elif listed:
            parts.append(("for", list(listed)))
        elif isinstance(item, Words):
            parts.append((item.text, []))
        else:
            parts[-1][1].append(item)
    if len(parts) > 1 and not parts[0][1] and role_of(parts[1][0]) == "for":
        parts[1:2] = _said_first(*parts[1])
    made = []
    previous = "main"
    for words, nodes in parts:
        role = role_of(words) if words else "main"
        if words and role == "main" and words.lower().strip() in ("and", "or", "all", "every", "each") and nodes:
            role = previous
        if nodes:
            made.append(Clause(role, tuple(grouped(nodes, role)), words))
            previous = role
    return tuple(made)


def _said_first(words: str, nodes: list[Node]) -> list[tuple[str, list[Node]]]:
    """`\\forall i: x_i > 0`, `for all x \\in \\mathbb{R}, x^2 \\ge 0`: of which values a line speaks, and what it
    says of them."""
    for k, node in enumerate(nodes):
        cut = node.relations.index("\\colon") if isinstance(node, Relation) and "\\colon" in node.relations else None
        if cut is not None and isinstance(node, Relation) and len(node.relations) > cut + 1:
            after = _part(node, cut + 1, len(node.relations))
            return [(words, [*nodes[:k], _part(node, 0, cut)]), ("", [after, *nodes[k + 1 :]])]
    relations = [k for k, node in enumerate(nodes) if isinstance(node, Relation)]
    whole = relations[-1] if relations else 0
    if len(nodes) < 2 or whole == 0 or whole + 1 < len(nodes):
        return [(words, nodes)]
    return [(words, nodes[:whole]), ("", nodes[whole:])]


def _in_brackets(item: Node) -> Node | None:
    """A condition in brackets beside a relation: `a_i = b_j \\quad (i \\ne j)`. An equation of more than names and
    numbers is a reason."""
    body = item.body if isinstance(item, Group) and item.open in ("(", "[") else None
    if not isinstance(body, Relation) or isinstance(body.operands[0], Empty):
        return None
    plain = all(isinstance(o, Name | Num | Scripted) for o in body.operands)
    return body if plain or not set(body.relations) & _EQUATES else None


def _range_in_brackets(item: Node) -> Sequence[Node]:
    """A range in brackets beside a relation: `g_j = 2 x_j \\quad (j = 1, 2, \\dots, n)`."""
    body = item.body if isinstance(item, Group) and item.open in ("(", "[") else None
    items = body.items if isinstance(body, Listing) else ()
    return items if items and len(_ranges_of(items)) == 1 else ()


def _ranges_of(nodes: Sequence[Node]) -> list[Piece | Range]:
    made = grouped(nodes, "for")
    return made if all(isinstance(piece, Range) for piece in made) else []


def _implied(items: Sequence[Node]) -> list[Node]:
    """Two relations with `implies` between them as one implication."""
    made: list[Node] = []
    for item in items:
        before = made[-2:]
        if (
            isinstance(item, Relation) and len(before) == 2 and isinstance(before[0], Relation)
            and isinstance(before[1], Words) and before[1].text.lower().strip() in _IMPLIES
        ):
            first, words = before[0], before[1]
            made[-2:] = [replace(
                first, span=Span(first.span.start, item.span.end), operands=(*first.operands, *item.operands),
                relations=(*first.relations, "\\Rightarrow", *item.relations),
                relation_spans=(*first.relation_spans, words.span, *item.relation_spans),
            )]  # fmt: skip
        else:
            made.append(item)
    return made


def _flat(items: Sequence[tuple[str, Node]]) -> list[tuple[str, Node]]:
    flat: list[tuple[str, Node]] = []
    for sep, item in items:
        if isinstance(item, Listing):
            flat += _flat(list(zip((sep, *item.seps), item.items, strict=True)))
        else:
            flat.append((sep, item))
    return flat


def grouped(nodes: Sequence[Node], role: str) -> list[Piece | Range]:
    """Names before a relation join it; an equation followed by dots is a range."""
    made: list[Piece | Range] = []
    waiting: list[Node] = []
    k = 0
    while k < len(nodes):
        node = nodes[k]
        if isinstance(node, Relation):
            found = _range(nodes, k, waiting) or _listed(nodes, k, waiting, role)
            if found is not None:
                made.append(found[0])
                waiting, k = [], found[1]
                continue
            common = node.relations[0] in _ONLY_COMMON and not isinstance(node.operands[0], Empty)
            if waiting and not common:
                made += [Piece(w) for w in waiting]
                waiting = []
            made += _split(node, tuple(waiting))
            waiting = []
        elif not isinstance(node, Empty):
            waiting.append(node)
        k += 1
    if role == "for" and waiting:
        made.append(Range(tuple(waiting), None, None, waiting[0].span))
    else:
        made += [Piece(w) for w in waiting]
    return made


def _range(nodes: Sequence[Node], k: int, waiting: Sequence[Node]) -> tuple[Range, int] | None:
    """`t = 1, \\dots, T` (also `t = 1, 2, \\dots, T`) from nodes[k]."""
    node = nodes[k]
    if not isinstance(node, Relation) or node.relations != ("=",):
        return None
    at = k + 1
    if at < len(nodes) and not isinstance(nodes[at], Dots | Relation):
        at += 1
    if at >= len(nodes) or not isinstance(nodes[at], Dots):
        return None
    upper = nodes[at + 1] if at + 1 < len(nodes) and not isinstance(nodes[at + 1], Relation) else None
    names = (*waiting, node.operands[0])
    end = at + 2 if upper is not None else at + 1
    return Range(names, node.operands[1], upper, node.span), end


def _listed(
    nodes: Sequence[Node], k: int, waiting: Sequence[Node], role: str
) -> tuple[Range, int] | None:
    """`i = 1, 2` from nodes[k], each number one more than that before; outside of `for` only of an index that stands
    beside a relation (`x = 1, 2` alone says two values of x)."""
    node = nodes[k]
    if not isinstance(node, Relation) or node.relations != ("=",):
        return None
    name, first = node.operands
    beside = k > 0 and isinstance(name, Name) and name.text in _INDICES
    if not isinstance(first, Num) or not (role == "for" or beside):
        return None
    end = k + 1
    while end < len(nodes) and isinstance(nodes[end], Num):
        end += 1
    numbers = [n.text for n in (first, *nodes[k + 1 : end]) if isinstance(n, Num)]
    if len(numbers) < 2 or not all(n.isdigit() for n in numbers):
        return None
    if any(int(b) != int(a) + 1 for a, b in itertools.pairwise(numbers)):
        return None
    return Range((*waiting, name), first, nodes[end - 1], node.span), end


def _split(node: Relation, names: tuple[Node, ...]) -> list[Piece]:
    """A chain with implications in it: what is supposed, and what holds under it; `\\iff` holds in both directions."""
    cuts = _implications(node)
    if not cuts:
        return _with_place(node) or [Piece(node, names)]
    parts = [_part(node, a, b) for a, b in zip([0, *(k + 1 for k in cuts)], [*cuts, len(node.relations)], strict=True)]
    pieces: list[Piece] = []
    given: tuple[Node, ...] = ()
    if isinstance(parts[0], Relation):
        supposed = _supposed_by(node.relations[cuts[0]], parts[1])
        under = () if supposed or not isinstance(parts[1], Relation) else (parts[1],)
        pieces.append(Piece(parts[0], names, supposed=supposed, given=under))
        given = (parts[0],) if supposed else ()
    elif not isinstance(parts[0], Empty):
        pieces.append(Piece(parts[0], names))
    for k, before, after in zip(cuts, parts, parts[1:], strict=False):
        if not isinstance(after, Relation):
            pieces += [] if isinstance(after, Empty) else [Piece(after)]
            continue
        if isinstance(before, Relation) and node.relations[k] == "\\iff":
            pieces.append(Piece(before, given=(after,)))
        turned = node.relations[k] == "\\Leftarrow"
        supposed = "implication" if turned and isinstance(before, Relation) else ""
        pieces.append(Piece(after, supposed=supposed, given=() if turned else given))
        given = (after,) if turned else (*given, after)
    return pieces


def _with_place(node: Relation) -> list[Piece]:
    """`Q = Q^\\top \\in \\mathbb{R}^{n \\times n}` says first where Q lives; [] for any other chain."""
    last = len(node.relations) - 1
    if last < 1 or node.relations[last] != "\\in" or any(r != "=" for r in node.relations[:last]):
        return []
    sides = node.operands[:-1]
    name = next((o for o in sides if isinstance(o, Name) and o.style not in ("word", "number")), None)
    bases = [o.base if isinstance(o, Scripted) and o.sub is None else o for o in sides]
    if name is None or not all(isinstance(b, Name) and b.text == name.text for b in bases):
        return []
    place = replace(
        node, operands=(name, node.operands[-1]), relations=("\\in",), relation_spans=node.relation_spans[last:]
    )
    return [Piece(place), Piece(_part(node, 0, last))]


def _supposed_by(relation: str, after: Node) -> str:
    """What makes the left part of an implication a supposition. A plain arrow to a number that goes on
    (`1/n \\to 0 = a`) may say what something tends to."""
    if relation == "\\Leftarrow":
        return ""
    tends = relation == "\\to" and isinstance(after, Relation) and _is_limit(after.operands[0])
    return "arrow" if tends else "implication"


def _is_limit(node: Node) -> bool:
    return isinstance(node, Num) or (isinstance(node, Symbol | Name) and node.text == "\\infty")


def _implications(node: Relation) -> list[int]:
    """Where a chain is an implication; a plain arrow is one between two relations (`x = 2 \\to x^2 = 4`)."""
    arrows = [k for k, relation in enumerate(node.relations) if relation in _DIRECT or relation == "\\to"]
    bounds = [-1, *arrows, len(node.relations)]
    related = [b - a > 1 for a, b in itertools.pairwise(bounds)]
    return [k for n, k in enumerate(arrows) if node.relations[k] in _DIRECT or (related[n] and related[n + 1])]


def follows(node: Node) -> bool:
    """Whether a line begins with an implication: it follows from the line before."""
    first = node.items[0] if isinstance(node, Listing) else node
    return (
        isinstance(first, Relation) and isinstance(first.operands[0], Empty)
        and first.relations[0] in _DIRECT - {"\\Leftarrow"}
    )  # fmt: skip


def _part(node: Relation, start: int, end: int) -> Node:
    """The operands start..end of a chain with the relations between them."""
    if start == end:
        return node.operands[start]
    return replace(
        node,
        operands=node.operands[start : end + 1],
        relations=node.relations[start:end],
        relation_spans=node.relation_spans[start:end],
    )


def range_of_relation(node: Node) -> Range | None:
    """`1 \\le t \\le T`, `t \\ge 1` as a range of one name, where it is plain."""
    if not isinstance(node, Relation):
        return None
    operands, relations = node.operands, node.relations
    if relations == ("<=", "<="):
        return Range((operands[1],), operands[0], operands[2], node.span)
    if relations == (">=",):
        return Range((operands[0],), operands[1], None, node.span)
    return None
