"""Given lines to a scope: the contract's table, one reader for each row.

A line is parsed, taken apart into clauses, and each of its pieces is offered to the readers in turn. What could
not be read is a finding with its place, and the other lines are still read."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.findings import Finding
from derivcheck.kept import Kept
from derivcheck.language.clauses import Clause, Piece, Range, clauses, range_of_relation
from derivcheck.language.elaboration.changes import with_changes
from derivcheck.language.elaboration.declaring import Limits, with_dims
from derivcheck.language.elaboration.dims import read_shape, sizes_below
from derivcheck.language.elaboration.fences import COMPARE
from derivcheck.language.elaboration.spoken import spoken
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens import rows as givens_rows
from derivcheck.language.givens.assumptions import assumption
from derivcheck.language.givens.equations import equation
from derivcheck.language.givens.line import Line, Row
from derivcheck.language.givens.lists import ordered_list
from derivcheck.language.givens.order import declarations_first
from derivcheck.language.givens.specified import eigenpair, specified_function
from derivcheck.language.options import Options
from derivcheck.language.parsing.names import canonical, is_number_set
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import (
    Accent,
    Dots,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Relation,
    Scripted,
    Span,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.language.reading import (
    as_range,
    finding,
    of_error,
    read_ranges,
)
from derivcheck.language.scope import EMPTY, Scope
from derivcheck.record import replace

_Waiting = tuple[int, str, Node]  # a line's number, its text and what was parsed


def read_givens(
    lines: Sequence[str], scope: Scope = EMPTY, options: Options | None = None
) -> tuple[Scope, tuple[Finding, ...]]:
    """The scope after these given lines, and what is to be said about them (details['given'] is the line's number
    from 0). The parts of a problem share their givens, and so what is known of them."""
    key = (tuple(lines), options or Options())
    return _READ.of(scope, key, lambda: _read_givens(*key, scope))


_READ: Kept[tuple[Scope, tuple[Finding, ...]]] = Kept(64)


def _read_givens(
    lines: Sequence[str], options: Options, scope: Scope
) -> tuple[Scope, tuple[Finding, ...]]:
    findings: list[Finding] = []
    parsed = [(number, (text, parse(text))) for number, text in enumerate(lines) if text.strip()]
    scope = with_dims(scope, dimensions_of([p.node for _, (_, p) in parsed]))
    waiting: list[_Waiting] = []
    for number, (text, found) in declarations_first(parsed):
        errors = [f for f in found.findings if f.severity == "error"]
        findings += [_numbered(f, number) for f in errors]
        if not errors:
            waiting.append((number, text, found.node))
    laws = [line for line in waiting if _needs_laws(line[2])]
    for group in ([line for line in waiting if line not in laws], laws):
        scope, said = _read_in_turn(group, scope, options)
        findings += said
    return scope, tuple(findings)


def _read_in_turn(lines: list[_Waiting], scope: Scope, options: Options) -> tuple[Scope, list[Finding]]:
    """Each line in order; one that uses a name of a later line (`s = \\sqrt{v + \\epsilon}` before `\\epsilon > 0`) is
    read again after the others, for as long as that helps."""
    findings: list[Finding] = []
    while lines:
        early: list[tuple[_Waiting, list[Finding]]] = []
        for line in lines:
            number, text, node = line
            scope, found = read_given(text, node, scope, options)
            said = [_numbered(f, number) for f in found]
            if any(f.code == "undeclared" for f in said):
                early.append((line, said))
            else:
                findings += said
        if len(early) == len(lines):
            return scope, [*findings, *(f for _, said in early for f in said)]
        lines = [line for line, _ in early]
    return scope, findings


def _numbered(item: Finding, number: int) -> Finding:
    return replace(item, details={**item.details, "given": str(number)})


def _needs_laws(node: Node) -> bool:
    """Independence is read after the laws, wherever it stands."""
    return isinstance(node, Relation) and "\\perp" in node.relations


def read_given(text: str, node: Node, scope: Scope, options: Options) -> tuple[Scope, list[Finding]]:
    """One parsed given line."""
    try:
        return read_line(node, scope, options), []
    except (Unreadable, ShapeError) as error:
        said = _of_unknown(text, scope, options, error) or of_error(text, error)
        return scope, [replace(said, severity="error")]


def _of_unknown(text: str, scope: Scope, options: Options, error: Unreadable | ShapeError) -> Finding | None:
    """A name that nothing introduces is what is wrong, not the shape or the range that it was taken to have."""
    from derivcheck.language.statements import read_statement

    if isinstance(error, Unreadable) and error.code not in ("unsupported", "unknown-range"):
        return None
    names = [name for link in read_statement(text, scope, None, options).links for name in link.undeclared]
    if not names:
        return None
    start = max(text.find(names[0]), 0)
    end = start + len(names[0]) if names[0] in text else len(text)
    return finding(text, "undeclared", f"nothing introduces {names[0]}", Span(start, end))


def read_line(node: Node, scope: Scope, options: Options) -> Scope:
    """The scope after one line; raises where it cannot be read."""
    parts = clauses(with_changes(spoken(node), scope))
    scope, ranges = ranges_of(scope, parts)
    conditions = tuple(
        p.node for c in parts if c.role in ("if", "for") for p in c.pieces
        if isinstance(p, Piece) and (c.role == "if" or _is_condition(p.node))
    )
    beside = _beside(parts, scope)
    conditions += beside
    for clause in parts:
        if clause.role in ("for", "if"):
            continue
        for piece in clause.pieces:
            if isinstance(piece, Piece) and piece.node not in beside:
                scope = read_piece(scope, piece, ranges, conditions, options)
    return scope


def _beside(parts: Sequence[Clause], scope: Scope) -> tuple[Node, ...]:
    """`x_i = 0, \\quad 1 \\le i < n`: an order of a subscript that nothing else introduces says where it holds."""
    found: list[Node] = []
    below: set[str] = set()
    for piece in (p for c in parts if c.role == "main" for p in c.pieces if isinstance(p, Piece)):
        node = piece.node
        orders = isinstance(node, Relation) and set(node.relations) <= COMPARE.keys() - {"="}
        if isinstance(node, Relation) and orders and {canonical(o) for o in node.operands} & (below - scope.names):
            found.append(node)
            continue
        subs = [n.sub for n in walk(node) if isinstance(n, Scripted) and n.sub is not None]
        below |= {canonical(n) or "" for s in subs for n in walk(s)}
    return tuple(found)


def _is_condition(node: Node) -> bool:
    """What stands after `for` and is no range: `for i < j`, `for i \\ne j`."""
    return isinstance(node, Relation) and node.relations != ("\\in",) and range_of_relation(node) is None


_NOT_EVERY = frozenset({"some", "even", "odd", "one", "exactly", "most", "almost", "certain", "several", "many", "few"})
"""Words after `for` that do not mean every value: `x_i = 0 for some i`."""


def ranges_of(scope: Scope, parts: Sequence[Clause]) -> tuple[Scope, dict[str, Limits]]:
    ranges: dict[str, Limits] = {}
    for clause in parts:
        said = _NOT_EVERY & set(clause.words.lower().replace(",", " ").split()) if clause.role == "for" else ()
        if said and clause.pieces:
            first = clause.pieces[0]
            span = first.span if isinstance(first, Range) else first.node.span
            raise Unreadable("unsupported", f"'for {min(said)}' does not say for which", span)
        for piece in clause.pieces:
            found = piece if isinstance(piece, Range) else as_range(scope, piece) if clause.role == "for" else None
            if isinstance(found, Range):
                scope, more = read_ranges(scope, [found])
                ranges |= more
            elif found is not None:
                ranges |= found
    return scope, ranges


def read_piece(
    scope: Scope, piece: Piece, ranges: dict[str, Limits], conditions: tuple[Node, ...], options: Options
) -> Scope:
    if not isinstance(piece.node, Relation):
        raise Unreadable(
            "bad-given", "a given line states a relation: a declaration, a definition or an assumption", piece.node.span
        )
    node = piece.node
    every = givens_rows.counted((*piece.names, node.operands[0]))
    if every is not None:
        scope, more = read_ranges(scope, [every[1]])
        node = replace(node, operands=(every[0], *node.operands[1:]))
        piece, ranges = replace(piece, node=node, names=()), ranges | more
    line = Line(scope, piece, node, ranges, conditions, options)
    for row in rows():
        found = row(line)
        if found is not None:
            return found
    relation = node.relations[0]
    raise Unreadable(
        "bad-given", f"the relation {relation} has no meaning in a given line", node.relation_spans[0]
    )


def rows() -> tuple[Row, ...]:
    """The table: the first row that reads a line wins."""
    from derivcheck.language.givens.laws import GIVENS
    from derivcheck.language.probability.happenings import data_row, set_row

    return (
        givens_rows.membership,
        givens_rows.function,
        givens_rows.law_of_members,
        set_row,
        data_row,
        *GIVENS,
        givens_rows.log_base,
        givens_rows.product_order,
        givens_rows.notation,
        givens_rows.scalar_domain,
        ordered_list,
        specified_function,
        eigenpair,
        equation,
        assumption,
    )


# dimensions --------------------------------------------------------------------------------------------------


def dimensions_of(nodes: Sequence[Node]) -> list[str]:
    """The names that these lines use as dimensions: in shapes, below `I_n`, and as ends of index ranges that no family
    has."""
    shapes: set[str] = set()
    ends: set[str] = set()
    family_ends: set[str] = set()
    for node in nodes:
        shapes |= sizes_below(node)
        for clause in clauses(node):
            for piece in clause.pieces:
                if isinstance(piece, Range):
                    family_ends |= {c for n in (piece.upper,) if n is not None and (c := canonical(n)) is not None}
                elif isinstance(piece.node, Relation) and piece.node.relations[0] in ("\\in", "\\colon"):
                    for operand in piece.node.operands[1:]:
                        _collect(operand, shapes, ends)
    return sorted(shapes | (ends - family_ends))


def _collect(node: Node, shapes: set[str], ends: set[str]) -> None:
    base, sup = (node.base, node.sup) if isinstance(node, Scripted) else (node, None)
    shaped = is_number_set(base) or (isinstance(base, Name) and base.text == "\\Delta") or isinstance(base, Group)
    if shaped and sup is not None and canonical(sup) not in ("+", "*", "++"):
        try:
            shapes |= {n for d in read_shape(sup) for n in d.names}
        except Unreadable:
            return
    if isinstance(base, Group) and base.open == "{" and isinstance(base.body, Listing) and sup is None:
        items = base.body.items
        if any(isinstance(i, Dots) for i in items) and isinstance(items[-1], Name | Scripted | Accent):
            ends |= {c for c in (canonical(items[-1]),) if c is not None}
    if isinstance(node, Product):
        for _, item in node.items:
            _collect(item, shapes, ends)
