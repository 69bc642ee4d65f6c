"""One line of a derivation: its links (relations between neighbours), what it defines, what a next line continues."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.findings import Finding
from derivcheck.language.clauses import Clause, Piece, Range, clauses, follows, range_of_relation, role_of
from derivcheck.language.derivatives.parts import is_immediate
from derivcheck.language.elaboration.changes import with_changes
from derivcheck.language.elaboration.declaring import Limits
from derivcheck.language.elaboration.diagonals import on_indices, said_diagonal
from derivcheck.language.elaboration.extents import integrated
from derivcheck.language.elaboration.products import core
from derivcheck.language.elaboration.spoken import spoken
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.definitions import definable, mentions
from derivcheck.language.givens.table import ranges_of, read_piece
from derivcheck.language.links import DECLARING, Link, Shared, read_links
from derivcheck.language.options import Options
from derivcheck.language.parsing.framed import hidden, unframed
from derivcheck.language.parsing.macros import Macro
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import Empty, Listing, Node, Num, Relation, Span
from derivcheck.language.quantified import quantified
from derivcheck.language.reading import (
    elaborator,
    letters_of,
    of_error,
)
from derivcheck.language.scope import Scope
from derivcheck.language.variables_beside import says_where
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Var
from derivcheck.terms.tensor import scalar


@dataclass(frozen=True, slots=True)
class Statement:
    """One line as read. `scope` holds after it. `last` is the operand that a next line beginning with a relation
    continues (syntax), `other` the one that it may continue as well, `columns` what the relations of a next row
    continue in turn where several are aligned; `first` the line's first operand; `conditions` those the line states
    (`if t > 1`), also in each claim's `given`; `limits` the ranges of bare indices along the chain so far; `claimed`
    the relations that a next line beginning with an implication follows from; `implied`: this is such a line; `shape`:
    that of its last side."""

    links: tuple[Link, ...]
    scope: Scope
    reading: str
    findings: tuple[Finding, ...] = ()
    first: Node | None = None
    last: Node | None = None
    other: Node | None = None
    columns: tuple[Node, ...] = ()
    immediate: bool = False
    ranges: dict[str, Limits] = field(default_factory=dict)
    conditions: tuple[Node, ...] = ()
    continues: bool = False
    limits: tuple[Claim, ...] = ()
    letters: frozenset[str] = frozenset()
    integrated: frozenset[str] = frozenset()
    claimed: tuple[Node, ...] = ()
    implied: bool = False
    shape: Shape = ()

    @property
    def readable(self) -> bool:
        return not any(f.severity == "error" for f in self.findings) and all(
            link.claim is not None or link.shape_error is not None or link.kind != "claim" for link in self.links
        )


def read_statement(
    text: str | Node,
    scope: Scope,
    previous: Statement | None = None,
    options: Options | None = None,
    macros: dict[str, Macro] | None = None,
) -> Statement:
    """One line in a scope; `previous` is the line that a leading relation continues. Never raises on what was
    written: what cannot be read is a finding."""
    options = options or Options(layout=scope.layout or "default", shorthand=scope.shorthand or "")
    if isinstance(text, Node):
        node, source, findings = text, "", ()
    else:
        parsed = parse(text, macros)
        node, source, findings = parsed.node, text, parsed.findings
    node = with_changes(unframed(node), scope)
    reading = _shown(node)
    if any(f.severity == "error" for f in findings):
        return Statement((), scope, reading, findings, last=None)
    continues = _begins_with_relation(node)
    if continues and (previous is None or previous.last is None):
        found = _finding(
            source, "nothing-to-continue", "this line begins with a relation, but no line stands before it", node
        )
        return Statement((), scope, reading, (*findings, found), continues=True)
    try:
        implied = previous.claimed if previous is not None and follows(node) else ()
        premises = implied if options.premises else ()
        said = spoken(node, previous.last if continues and previous is not None else None)
        made = _read(said, source, scope, previous if continues else None, options, premises)
        made = replace(made, implied=bool(implied), claimed=(*implied, *made.claimed))
    except (Unreadable, ShapeError) as error:
        found = of_error(source, error)
        parts = node.items if isinstance(node, Listing) else (node,)
        if any(isinstance(part, Relation) for part in parts):  # it claims something that was not read
            found = replace(found, severity="error")
        return Statement((), scope, reading, (*findings, *(_hidden(node, source) or (found,))), continues=continues)
    made = _within_chain(made, previous if continues else None)
    findings = findings if made.links else (*findings, *_hidden(node, source))
    return replace(made, reading=reading, findings=(*findings, *made.findings), continues=continues)


def _within_chain(made: Statement, previous: Statement | None) -> Statement:
    """A bare index keeps its range along a chain: after `\\partial h_i / \\partial h_{i-1} = ...` a later link that
    only mentions `h_i` still speaks of i >= 1."""
    limits = previous.limits if previous is not None else ()
    links: list[Link] = []
    found = limits
    for link in made.links:
        if links and link.left_span != links[-1].right_span:
            limits = ()
        if link.claim is not None:
            own = _limits(link.claim)
            indices = {p.index for p in link.claim.parameters}
            kept = tuple(c for c in limits if c.left.body.free <= indices and c not in own)
            limits = (*limits, *(c for c in own if c not in limits))
            link = replace(link, claim=replace(link.claim, given=link.claim.given + kept))
        links.append(link)
        if made.last is None or link.right_span == made.last.span:
            found = limits
    return replace(made, links=tuple(links), limits=found)


def _limits(claim: Claim) -> tuple[Claim, ...]:
    """The ranges of a claim's bare family indices as conditions on them."""
    found: list[Claim] = []
    for p in claim.parameters:
        for relation, limit in ((">=", p.lower), ("<=", p.upper)):
            if limit is not None and p.index.dim is None:
                found.append(Claim(scalar(Var(p.index)), relation, scalar(limit)))
    return tuple(found)


def _shown(node: Node) -> str:
    from derivcheck.language.parsing.show import show

    return show(node)


def _hidden(node: Node, source: str) -> tuple[Finding, ...]:
    """A lone expression that hides a relation must not pass as read."""
    inside = hidden(node)
    message = "a relation stands in brackets or in a table, so it is not clear whether it is claimed"
    return () if inside is None else (_finding(source, "hidden-relation", message, inside, "error"),)


def _finding(text: str, code: str, message: str, node: Node, severity: str = "note") -> Finding:
    return replace(of_error(text, Unreadable(code, message, node.span)), severity=severity)


def _begins_with_relation(node: Node) -> bool:
    first = clauses(node)
    if not first or not first[0].pieces or isinstance(first[0].pieces[0], Range):
        return False
    piece = first[0].pieces[0].node
    return isinstance(piece, Relation) and isinstance(piece.operands[0], Empty)


# the line ----------------------------------------------------------------------------------------------------


def _read(
    node: Node,
    text: str,
    scope: Scope,
    previous: Statement | None,
    options: Options,
    premises: tuple[Node, ...],
) -> Statement:
    letters = letters_of(scope, (node,)) | (previous.letters if previous is not None else frozenset())
    over = integrated((node,)) or (previous.integrated if previous is not None else frozenset())
    parts = [_as_where(clause, scope, options, letters) for clause in clauses(node)]
    scope, parts = quantified(parts, scope, options, letters)
    scope, ranges = ranges_of(scope, parts)
    conditions = _conditions(parts, letters | frozenset(ranges) | frozenset(scope.indices), scope)
    stated = frozenset(id(c) for c in conditions)
    if previous is not None:
        ranges = {**previous.ranges, **ranges}
        conditions = (*previous.conditions, *conditions)
    conditions = (*premises, *conditions)
    immediate = previous.immediate if previous is not None else False
    scope, parts = _defined_beside(parts, scope, options, letters)
    scope, kept = _defined_at_the_end(parts, scope, options, conditions)
    line = Shared(text, options, ranges, conditions, letters, over)
    links: list[Link] = []
    before, listed, equation = scope, False, None
    claimed = list(previous.claimed if previous is not None else ())
    first: Node | None = None
    last = _start(previous, options)
    ends: list[_End] = []
    for clause, pieces in kept:
        if clause.role != "main":
            continue
        for piece in pieces:
            if isinstance(piece, Range) or id(piece.node) in stated:
                continue
            column = previous.columns[len(ends) :] if previous is not None and ends else ()
            chain = _chain_of(piece, column[0] if column else last if previous is not None or links else None)
            end = _end_of(clause, piece.node, text, ends)
            ends = [*ends[:-1], replace(ends[-1], last=end.last)] if ends and piece.given else [*ends, end]
            if not isinstance(chain, Relation):
                if links and _in_list(text, links[-1].span, chain.span):
                    links += _with_value(line, before, equation, chain)
                    listed = True
                    continue
                first, last = first or chain, chain
                _expression(line, scope, chain)
                continue
            immediate = immediate or is_immediate(chain.operands[0])
            here = replace(
                line,
                options=replace(options, immediate=options.immediate or immediate),
                conditions=(*line.conditions, *piece.given),
                shape=previous.shape if previous is not None and chain.operands[0] is previous.last else (),
            )
            made, scope = read_links(here, scope, chain, piece)
            equation = chain
            links += [_supposed(link, piece.supposed) for link in made] if piece.supposed else made
            if any(link.kind == "claim" and link.claim is not None for link in made):
                claimed.append(chain)
            first = first or chain.operands[0]
            last = next((o for o in reversed(chain.operands) if not isinstance(o, Empty)), None)
    if links:
        links += _reasons(parts, line, scope, stated)
    if previous is not None and previous.other is not None and links:
        links[0] = replace(links[0], ambiguities=links[0].ambiguities | {"which chain it continues"})
    if listed or any(clause.words.lower().strip() == "or" for clause in parts):  # one of them holds, not each
        links, scope = _alternatives(links, before, listed), before
    last, other = _continued(ends, last)
    columns = tuple(end.last for end in ends if end.certain)
    made = Statement(
        tuple(links), scope, "", (), first, last, other, columns, immediate, ranges, conditions,
        letters=letters, integrated=over,
    )
    shape = links[-1].claim.right.shape if links and links[-1].claim is not None else ()
    return replace(made, claimed=tuple(claimed), shape=shape)


def _alternatives(links: list[Link], scope: Scope, listed: bool) -> list[Link]:
    """Links of which one holds, as one where they can be; none of them defines anything. listed: each is a value that
    is possible."""
    from derivcheck.language.alternatives import one_of

    whole = one_of(links)
    if whole is not None:
        values = tuple(link.claim for link in links if link.claim is not None) if listed else ()
        return [replace(whole, model=scope.model, listed=values)]
    return [_supposed(_undefined(link), "one of several cases") for link in links]


def _undefined(link: Link) -> Link:
    """A link that defines nothing: what its left side is nothing says."""
    if link.kind != "definition":
        return link
    found = of_error("", Unreadable("undeclared", "nothing introduces what this says a value of", link.left_span))
    return replace(link, kind="claim", findings=(found,))


def _with_value(line: Shared, scope: Scope, relation: Node | None, value: Node) -> list[Link]:
    """`x = 1, 2` says that x is one of several numbers."""
    if not isinstance(relation, Relation) or relation.relations != ("=",):
        raise Unreadable("unsupported", "what a list of values says of each is not decided", value.span)
    again = replace(relation, operands=(relation.operands[0], value), span=value.span)
    return read_links(line, scope, again, Piece(again))[0]


@dataclass(frozen=True, slots=True)
class _End:
    """Where a chain of a line ends. certain: it continues the line before, or `&` aligns it with a next line; aside:
    it stands apart (after `\\quad`), or after `where`."""

    last: Node
    certain: bool
    aside: bool
    remark: bool


def _end_of(clause: Clause, node: Node, text: str, before: Sequence[_End]) -> _End:
    operands = node.operands if isinstance(node, Relation) else (node,)
    last = next((o for o in reversed(operands) if not isinstance(o, Empty)), node)
    certain = isinstance(node, Relation) and (
        isinstance(operands[0], Empty) or any(_aligned(text, span) for span in node.relation_spans)
    )
    apart = before and "quad" in text[before[-1].last.span.end : node.span.start]
    return _End(last, certain, bool(apart), role_of(clause.words) == "where")


def _in_list(text: str, before: Span, after: Span) -> bool:
    """Whether only a comma stands between two places: `x = 1, 2`."""
    return text[before.end : after.start].strip() in (",", ";")


def _aligned(text: str, relation: Span) -> bool:
    return text[: relation.start].rstrip().endswith("&") or text[relation.end :].lstrip().startswith("&")


def _continued(ends: Sequence[_End], last: Node | None) -> tuple[Node | None, Node | None]:
    """What a next line continues, and what it may continue as well: the chain that is aligned with it, never what is
    said after `where`; else it is not clear whether the first chain or the last."""
    ends = [e for e in ends if e.certain] or [e for e in ends if not e.remark] or ends
    if not ends:
        return last, None
    if ends[0].certain or len(ends) == 1:
        return ends[0].last, None
    return (ends[0].last, ends[-1].last) if ends[-1].aside else (ends[-1].last, ends[0].last)


def _start(previous: Statement | None, options: Options) -> Node | None:
    """The operand that a line continues."""
    if previous is None:
        return None
    return previous.other if options.other_chain and previous.other is not None else previous.last


def _supposed(link: Link, by: str) -> Link:
    """What stands before an implication may be a supposition: it is not held against the writer."""
    return replace(link, ambiguities=link.ambiguities | {by})


def _conditions(parts: Sequence[Clause], indices: frozenset[str], scope: Scope) -> tuple[Node, ...]:
    """Conditions that the line states: after `if` and its like, after `for` where it is no range (`for i \\ne j`), and
    beside the line's own relations a relation between bare indices (`..., \\quad i \\ne j`), or where a variable of
    them lies (`f(x) = 2x, \\quad 0 < x < 1`)."""
    found: list[Node] = []
    claims: list[Relation] = []
    for clause in parts:
        for piece in clause.pieces:
            if isinstance(piece, Piece) and isinstance(piece.node, Num) and clause.role == "if":  # `if x = 1, 2`
                raise Unreadable("unsupported", "a list of values is not read as a condition", piece.node.span)
            if isinstance(piece, Range) or not isinstance(piece.node, Relation):
                continue
            node = piece.node
            aside = claims and (_only_indices(node, indices) or says_where(node, claims, scope))
            own = clause.role == "main" and not aside
            is_range = clause.role == "for" and (node.relations == ("\\in",) or range_of_relation(node) is not None)
            claims += [node] if own else []
            if clause.role != "where" and not own and not is_range:
                found.append(node)
    return tuple(found)


def _reasons(parts: Sequence[Clause], line: Shared, scope: Scope, stated: frozenset[int]) -> list[Link]:
    """What a line is said to hold for (`\\text{since } f(x) \\le 1`): a premise of it, and claimed as well."""
    said = [c for c in parts if c.role == "if" and (c.words.lower().replace("(", " ").split() or [""])[0] in _SINCE]
    nodes = [p.node for clause in said for p in clause.pieces if isinstance(p, Piece) and id(p.node) in stated]
    reasons = [n for n in nodes if isinstance(n, Relation) and set(n.relations) <= _JUDGED]
    own = frozenset(map(id, reasons))
    line = replace(line, conditions=tuple(c for c in line.conditions if id(c) not in own))
    found: list[Link] = []
    for node in reasons:
        made, _ = read_links(line, scope, node, Piece(node))
        if all(link.kind == "claim" and link.claim is not None and not link.claim.parameters for link in made):
            found += [replace(link, reason=True) for link in made]
    return found


_SINCE = frozenset({"since", "because", "as"})
_JUDGED = frozenset({"=", "<", ">", "<=", ">=", "!="})


def _defined_at_the_end(
    parts: Sequence[Clause], scope: Scope, options: Options, conditions: Sequence[Node]
) -> tuple[Scope, list[tuple[Clause, tuple[Piece | Range, ...]]]]:
    """`where A = ..., x \\in ...`: what defines or declares a fresh name holds in the whole line; any other relation
    after `where` is one of its links."""
    kept: list[tuple[Clause, tuple[Piece | Range, ...]]] = []
    for clause in parts:
        if clause.role != "where":
            kept.append((clause, clause.pieces))
            continue
        claims: list[Piece | Range] = []
        for piece in clause.pieces:
            relation = piece.node if isinstance(piece, Piece) else None
            if isinstance(piece, Piece) and isinstance(relation, Relation):
                chosen = on_indices(scope, relation.operands[0], conditions)
                if _introduces(scope, options, relation, chosen):
                    scope = read_piece(scope, piece, {}, chosen, options)
                    continue
            claims.append(piece)
        kept.append((Clause("main", tuple(claims), clause.words), tuple(claims)))
    return scope, kept


def _defined_beside(
    parts: Sequence[Clause], scope: Scope, options: Options, letters: frozenset[str]
) -> tuple[Scope, list[Clause]]:
    """`g = X^\\top \\mu, \\quad \\mu = X w`: what a later equation defines holds where the line used it before, as
    after `where`."""
    made: list[Clause] = []
    before: list[Node] = []
    for clause in parts:
        kept: list[Piece | Range] = []
        for piece in clause.pieces:
            node = piece.node if clause.role == "main" and isinstance(piece, Piece) and not piece.given else None
            after = None
            if isinstance(node, Relation) and node.relations == ("=",) and _used_before(node.operands[0], before):
                after = _with_definition(scope, piece, options, letters)
            if after is not None:
                scope = after
            else:
                kept.append(piece)
                before += [node] if node is not None else []
        made.append(replace(clause, pieces=tuple(kept)))
    return scope, made


def _used_before(left: Node, before: Sequence[Node]) -> bool:
    """Whether a name stands on the right of an equation before (on its left, it may be what is solved for)."""
    name = core(left)
    on_left = any(mentions(n.operands[0] if isinstance(n, Relation) else n, name) for n in before)
    return not on_left and any(mentions(o, name) for n in before if isinstance(n, Relation) for o in n.operands[1:])


def _with_definition(scope: Scope, piece: Piece | Range, options: Options, letters: frozenset[str]) -> Scope | None:
    """The scope in which a fresh name is defined; None where it is known, or cannot be read."""
    if not isinstance(piece, Piece) or not isinstance(piece.node, Relation):
        return None
    left = piece.node.operands[0]
    if canonical(left) in letters or definable(elaborator(scope, options, (piece.node,)), left) is None:
        return None
    try:
        return read_piece(scope, piece, {}, (), options)
    except (Unreadable, ShapeError):
        return None


def _as_where(clause: Clause, scope: Scope, options: Options, letters: frozenset[str]) -> Clause:
    """`..., with \\mu = \\exp(X w)` of names that nothing introduces defines them; any other `with` is a condition."""
    if clause.role != "if" or clause.words.lower().split()[:1] != ["with"]:
        return clause
    nodes = [piece.node for piece in clause.pieces if isinstance(piece, Piece) and not piece.names]
    defines = len(nodes) == len(clause.pieces) and all(
        isinstance(n, Relation) and n.relations == ("=",) and canonical(n.operands[0]) not in letters
        and _introduces(scope, options, n, ()) for n in nodes
    )  # fmt: skip
    return replace(clause, role="where") if defines else clause


def _introduces(scope: Scope, options: Options, node: Relation, conditions: Sequence[Node]) -> bool:
    """Whether a relation defines or declares a name that nothing introduces yet."""
    if node.relations[0] in DECLARING:
        return True
    if said_diagonal(node.operands[0], node.operands[1], conditions):
        return True
    elab = elaborator(scope, options, (node,))
    return node.relations[0] in ("=", ":=") and definable(elab, node.operands[0], given=True) is not None


def _chain_of(piece: Piece, last: Node | None) -> Node:
    """The piece as a chain; one that begins with a relation continues `last`."""
    node = piece.node
    if isinstance(node, Relation) and isinstance(node.operands[0], Empty):
        if last is None:
            raise Unreadable("nothing-to-continue", "nothing stands before this relation", node.relation_spans[0])
        return replace(node, operands=(last, *node.operands[1:]))
    return node


def _expression(line: Shared, scope: Scope, node: Node) -> None:
    """A lone expression starts a chain: it must at least be readable."""
    elab = elaborator(scope, line.options, (node,), line.letters, line.integrated)
    elab.session.ranges.update(line.ranges)
    elab.tensor(node)


def _only_indices(node: Relation, indices: frozenset[str]) -> bool:
    """A relation between bare indices and numbers."""
    names = [canonical(operand) for operand in node.operands]
    return all(n is not None and (n in indices or n.isdigit()) for n in names) and any(n in indices for n in names)


__all__ = ["Link", "Statement", "read_statement"]
