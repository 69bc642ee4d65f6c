"""One line of a derivation: its links (relations between neighbours), what it defines, what a next line continues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from derivcheck.findings import Finding
from derivcheck.language import givens
from derivcheck.language.clauses import Clause, Piece, Range, clauses, range_of_relation
from derivcheck.language.closing import bare_indices
from derivcheck.language.declaring import Limits
from derivcheck.language.definitions import Left, definable, define_application, define_value
from derivcheck.language.derivatives_parts import has_immediate
from derivcheck.language.elaborate import Elaborator
from derivcheck.language.macros import Macro
from derivcheck.language.names import canonical
from derivcheck.language.options import Options
from derivcheck.language.orders import order_argument
from derivcheck.language.parser import parse
from derivcheck.language.reading import (
    RELATIONS,
    claim_of,
    conditions_of,
    elaborator,
    fitted,
    letters_of,
    of_error,
    turned,
)
from derivcheck.language.scope import Scope
from derivcheck.language.syntax import Empty, Node, Relation, Scripted, Span
from derivcheck.language.unreadable import ShapeError, Unreadable
from derivcheck.terms.model import Claim, Declaration, Model
from derivcheck.terms.node import Entry, Var
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Link:
    """One relation between two neighbours of a chain.

    kind: 'claim', 'definition' (its left side is a fresh name: proved by definition), 'declaration' (`x \\in ...` of a
    fresh name), 'repeat' (a declaration again). `claim` is None where there is nothing to decide or the link could not
    be read. `model` is what the claim is judged under. `undeclared`: names that nothing introduces; such a claim is
    never refuted. `shape_error`: the link is read but its shapes do not conform (refuted, if nothing is
    undeclared). `redefines`: the left side is the whole of a name that an earlier line (not a given) defined: perhaps
    another definition of it. Spans are offsets into the text of the line."""

    kind: str
    relation: str
    span: Span
    left_span: Span
    right_span: Span
    model: Model
    claim: Claim | None = None
    undeclared: tuple[str, ...] = ()
    shape_error: ShapeError | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    ambiguities: frozenset[str] = frozenset()
    redefines: str = ""

    @property
    def left(self) -> Tensor | None:
        return self.claim.left if self.claim is not None else None

    @property
    def right(self) -> Tensor | None:
        return self.claim.right if self.claim is not None else None


@dataclass(frozen=True, slots=True)
class Statement:
    """One line as read. `scope` holds after it. `last` is the operand that a next line beginning with a relation
    continues (syntax, in the text `last_text`); `first` the line's first operand; `conditions` those the line states
    (`if t > 1`), also in each claim's `given`."""

    links: tuple[Link, ...]
    scope: Scope
    reading: str
    findings: tuple[Finding, ...] = ()
    first: Node | None = None
    last: Node | None = None
    immediate: bool = False
    ranges: dict[str, Limits] = field(default_factory=dict)
    conditions: tuple[Node, ...] = ()
    continues: bool = False
    letters: frozenset[str] = frozenset()

    @property
    def readable(self) -> bool:
        return not any(f.severity == "error" for f in self.findings) and all(
            link.claim is not None or link.shape_error is not None or link.kind != "claim" for link in self.links
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """What the links of one line share."""

    text: str
    options: Options
    ranges: dict[str, Limits]
    conditions: tuple[Node, ...]
    letters: frozenset[str]


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
        made = _read(node, source, scope, previous if continues else None, options)
    except (Unreadable, ShapeError) as error:
        return Statement((), scope, reading, (*findings, of_error(source, error)), continues=continues)
    return replace(made, reading=reading, findings=(*findings, *made.findings), continues=continues)


def _shown(node: Node) -> str:
    from derivcheck.language.show import show

    return show(node)


def _finding(text: str, code: str, message: str, node: Node) -> Finding:
    return of_error(text, Unreadable(code, message, node.span))


def _begins_with_relation(node: Node) -> bool:
    first = clauses(node)
    if not first or not first[0].pieces or isinstance(first[0].pieces[0], Range):
        return False
    piece = first[0].pieces[0].node
    return isinstance(piece, Relation) and isinstance(piece.operands[0], Empty)


# the line ----------------------------------------------------------------------------------------------------


def _read(node: Node, text: str, scope: Scope, previous: Statement | None, options: Options) -> Statement:
    parts = clauses(node)
    scope, ranges = givens._ranges_of(scope, parts)
    letters = letters_of(scope, (node,)) | (previous.letters if previous is not None else frozenset())
    conditions = _conditions(parts, letters | frozenset(ranges) | frozenset(scope.indices))
    stated = frozenset(id(c) for c in conditions)
    if previous is not None:
        ranges = {**previous.ranges, **ranges}
        conditions = (*previous.conditions, *conditions)
    immediate = previous.immediate if previous is not None else False
    scope, kept = _defined_at_the_end(parts, scope, options)
    line = _Line(text, options, ranges, conditions, letters)
    links: list[Link] = []
    first: Node | None = None
    last: Node | None = previous.last if previous is not None else None
    for clause, pieces in kept:
        if clause.role != "main":
            continue
        for piece in pieces:
            if isinstance(piece, Range) or id(piece.node) in stated:
                continue
            chain = _chain_of(piece, last if previous is not None or links else None)
            if not isinstance(chain, Relation):
                first, last = first or chain, chain
                _expression(line, scope, chain)
                continue
            immediate = immediate or has_immediate(chain.operands[0])
            made, scope = _links(
                replace(line, options=replace(options, immediate=options.immediate or immediate)), scope, chain, piece
            )
            links += made
            first = first or chain.operands[0]
            last = next((o for o in reversed(chain.operands) if not isinstance(o, Empty)), None)
    return Statement(tuple(links), scope, "", (), first, last, immediate, ranges, conditions, letters=letters)


def _conditions(parts: Sequence[Clause], indices: frozenset[str]) -> tuple[Node, ...]:
    """Conditions that the line states: after `if` and its like, after `for` where it is no range (`for i \\ne j`), and
    a relation between bare indices beside the line's own relations (`..., \\quad i \\ne j`)."""
    found: list[Node] = []
    claims = 0
    for clause in parts:
        for piece in clause.pieces:
            if isinstance(piece, Range) or not isinstance(piece.node, Relation):
                continue
            node = piece.node
            own = clause.role == "main" and not (claims and _only_indices(node, indices))
            is_range = clause.role == "for" and (node.relations == ("\\in",) or range_of_relation(node) is not None)
            claims += own
            if clause.role != "where" and not own and not is_range:
                found.append(node)
    return tuple(found)


def _defined_at_the_end(
    parts: Sequence[Clause], scope: Scope, options: Options
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
            if isinstance(piece, Piece) and isinstance(piece.node, Relation) and _introduces(scope, options, piece):
                scope = givens._read_piece(scope, piece, {}, (), options)
            else:
                claims.append(piece)
        kept.append((Clause("main", tuple(claims), clause.words), tuple(claims)))
    return scope, kept


def _introduces(scope: Scope, options: Options, piece: Piece) -> bool:
    """Whether a relation defines or declares a name that nothing introduces yet."""
    node = piece.node
    assert isinstance(node, Relation)
    if node.relations[0] in _DECLARING:
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


def _expression(line: _Line, scope: Scope, node: Node) -> None:
    """A lone expression starts a chain: it must at least be readable."""
    elab = elaborator(scope, line.options, (node,), line.letters)
    elab.session.ranges.update(line.ranges)
    elab.tensor(node)


def _only_indices(node: Relation, indices: frozenset[str]) -> bool:
    """A relation between bare indices and numbers."""
    names = [canonical(operand) for operand in node.operands]
    return all(n is not None and (n in indices or n.isdigit()) for n in names) and any(n in indices for n in names)


# links -------------------------------------------------------------------------------------------------------

_DECLARING = frozenset({"\\in", "\\sim", "\\perp", "\\colon"})


def _links(line: _Line, scope: Scope, chain: Relation, piece: Piece) -> tuple[list[Link], Scope]:
    """The links of one chain, and the scope after it."""
    if chain.relations[0] in _DECLARING:
        return _declaration(line, scope, chain, piece)
    links: list[Link] = []
    for k, relation in enumerate(chain.relations):
        left, right = chain.operands[k], chain.operands[k + 1]
        if isinstance(right, Empty):
            continue
        span = Span(chain.relation_spans[k].start, right.span.end)
        target = _fresh(line, scope, left, relation) if k == 0 else None
        if target is not None:
            link, scope = _definition(line, scope, target, left, right, relation, span)
        else:
            link, scope = _claim(line, scope, left, relation, right, span)
        links.append(link)
    return links, scope


def _elab(line: _Line, scope: Scope, *nodes: Node) -> Elaborator:
    made = elaborator(scope, line.options, (*nodes, *line.conditions), line.letters)
    made.session.ranges.update(line.ranges)
    return made


def _fresh(line: _Line, scope: Scope, left: Node, relation: str) -> Left | None:
    """The left side of a first equation, where it is a name that nothing introduces, or one the student may choose."""
    if relation not in ("=", ":="):
        return None
    elab = _elab(line, scope, left)
    if canonical(left) in line.options.student_names:
        return Left("name", left, canonical(left) or "")
    target = definable(elab, left)
    if target is None and isinstance(left, Scripted) and left.primes and not left.sup:
        return _primed(elab, left)
    if target is not None and target.key in elab.session.letters and target.kind == "name":
        return None
    return target


def _primed(elab: Elaborator, left: Scripted) -> Left | None:
    """`x' = ...` of a declared column x: a new name (its transpose would be a row)."""
    target = definable(elab, left, given=True)
    base = canonical(replace(left, primes=0))
    declaration = elab.declaration(base) if base is not None else None
    if target is None or declaration is None or len(declaration.shape) == 2:
        return None
    return target


def _definition(
    line: _Line, scope: Scope, target: Left, left: Node, right: Node, relation: str, span: Span
) -> tuple[Link, Scope]:
    """A line that defines a fresh name is proved by definition."""
    elab = _elab(line, scope, right, left)
    spans = (span, left.span, right.span)
    try:
        made = define_application(elab, target, right) if target.kind == "application" else None
        if made is None:
            value = elab.tensor(right)
            undeclared = tuple(elab.session.undeclared)
            if undeclared:
                found = _undeclared_findings(line, elab, undeclared)
                return Link("definition", relation, *spans, scope.model, None, undeclared, findings=found), scope
            made = define_value(elab, target, value)
        made = replace(made, own=made.own | (made.names - scope.names))
        scope = givens._with_declared(elab, made)
    except ShapeError as error:
        said = (of_error(line.text, error),)
        return Link("claim", relation, *spans, scope.model, shape_error=error, findings=said), scope
    except Unreadable as error:
        return Link("claim", relation, *spans, scope.model, findings=(of_error(line.text, error),)), scope
    return Link("definition", relation, *spans, scope.model, notes=tuple(elab.session.notes)), scope


def _declaration(line: _Line, scope: Scope, chain: Relation, piece: Piece) -> tuple[list[Link], Scope]:
    """`x \\in \\mathbb{R}^n` in a student's line; of a number already known a claim on its value."""
    span = Span(chain.relation_spans[0].start, chain.span.end)
    spans = (span, chain.operands[0].span, chain.operands[-1].span)
    relation = chain.relations[0]
    names = (*piece.names, chain.operands[0])
    elab = _elab(line, scope, chain)
    fresh = [n for n in names if definable(elab, n) is not None]
    try:
        if relation == "\\in" and not fresh:
            return _in_set(line, scope, names, chain.operands[1], span), scope
        if relation == "\\sim" and all(_has_law(elab, n) for n in names):
            return [Link("repeat", relation, *spans, scope.model)], scope
        made = givens._read_piece(scope, Piece(chain, piece.names), line.ranges, line.conditions, line.options)
    except ShapeError as error:
        said = of_error(line.text, error)
        return [Link("claim", relation, *spans, scope.model, shape_error=error, findings=(said,))], scope
    except Unreadable as error:
        return [Link("claim", relation, *spans, scope.model, findings=(of_error(line.text, error),))], scope
    return [Link("declaration", relation, *spans, made.model)], made


def _has_law(elab: Elaborator, name: Node) -> bool:
    """Whether a name (or the vector that it is an entry of) already has a law: what a line says of it is a repeat."""
    try:
        tensor = elab.tensor(name)
    except (Unreadable, ShapeError):
        return False
    declaration = elab.declaration(tensor.body.symbol) if isinstance(tensor.body, Entry) else None
    return declaration is not None and declaration.law is not None


def _in_set(line: _Line, scope: Scope, names: Sequence[Node], where: Node, span: Span) -> list[Link]:
    """`\\sigma(x) \\in (0, 1)` as inequalities; membership in a space is a matter of shape."""
    from derivcheck.language.declaring import read_place

    links: list[Link] = []
    for name in names:
        elab = _elab(line, scope, name)
        place = read_place(elab, where)
        tensor = elab.session.settle(elab.tensor(name))
        spans = (span, name.span, where.span)
        if place.shape and place.shape != tensor.shape:
            error = ShapeError("the shape of this is not the one said", tensor.shape, place.shape, span)
            links.append(
                Link("claim", "\\in", *spans, scope.model, shape_error=error, findings=(of_error(line.text, error),))
            )
            continue
        domain = place.domain
        bounds = ((domain.low, ">" if domain.low_strict else ">="), (domain.high, "<" if domain.high_strict else "<="))
        made = [(b, r) for b, r in bounds if b is not None and domain.kind == "real"]
        if domain.kind != "real":
            raise Unreadable("unsupported", "membership in this set is not decided", span)
        for bound, relation in made:
            left, right = fitted(elab, tensor, relation, Tensor((), bound), span)
            claim = claim_of(elab, left, relation, right, span)
            links.append(Link("claim", relation, *spans, scope.model, claim, tuple(elab.session.undeclared)))
        if not made:
            links.append(Link("repeat", "\\in", *spans, scope.model))
    return links


def _claim(line: _Line, scope: Scope, left: Node, relation: str, right: Node, span: Span) -> tuple[Link, Scope]:
    """A relation between two readable sides, as a claim."""
    elab = _elab(line, scope, left, right)
    spans = (span, left.span, right.span)
    claim: Claim | None = None
    shape_error: ShapeError | None = None
    findings: list[Finding] = []
    try:
        claim = _sides(line, elab, left, relation, right, span)
    except ShapeError as error:
        shape_error = error
        findings.append(of_error(line.text, error))
    except Unreadable as error:
        findings.append(of_error(line.text, error))
    undeclared = (*elab.session.undeclared, *(_one_sided(elab, claim) if claim is not None else ()))
    findings += _undeclared_findings(line, elab, tuple(elab.session.undeclared))
    if undeclared and shape_error is not None:
        shape_error = None
    scope = givens._with_declared(elab, scope)
    model = _with_placeholders(scope.model, tuple(elab.session.undeclared), claim)
    whole = _whole_of(claim.left) if claim is not None and relation in ("=", ":=") else None
    link = Link(
        "claim",
        claim.relation if claim is not None else relation,
        *spans,
        model,
        claim,
        undeclared,
        shape_error,
        tuple(findings),
        tuple(elab.session.notes),
        frozenset(elab.session.ambiguities),
        whole if whole is not None and whole in scope.own else "",
    )
    return link, scope


def _sides(line: _Line, elab: Elaborator, left: Node, relation: str, right: Node, span: Span) -> Claim:
    left_order, right_order = order_argument(left), order_argument(right)
    if right_order is not None:
        a = elab.tensor(left_order if left_order is not None else left)
        return claim_of(elab, a, "in_O", elab.tensor(right_order), span)
    a, written, b = turned(elab.tensor(left), relation, elab.tensor(right))
    known = RELATIONS.get(written)
    if known is None:
        elab.error("unsupported", f"the relation {relation} is not decided", span)
    a, b = fitted(elab, a, known, b, span)
    given: list[Claim] = []
    for node in line.conditions:
        if isinstance(node, Relation):
            given += [claim_of(elab, x, r, y, node.span) for x, r, y in conditions_of(elab, node)]
    return claim_of(elab, a, known, b, span, tuple(given))


def _one_sided(elab: Elaborator, claim: Claim) -> list[str]:
    """Bare indices of entries that stand on one side only: names that nothing introduces."""
    left = claim.left.body.free - set(claim.left.axes)
    right = claim.right.body.free - set(claim.right.axes)
    entries = {b.parameter.index for b in bare_indices(elab).values() if b.entry}
    return sorted(i.name for i in (left ^ right) & entries)


def _with_placeholders(model: Model, undeclared: Sequence[str], claim: Claim | None) -> Model:
    """The model in which names that nothing introduces are numbers, so that a claim can be looked at."""
    if claim is None:
        return model
    for name in claim.left.body.symbols | claim.right.body.symbols:
        if name not in model.declarations and name not in model.functions:
            model = model.declare(Declaration(name, latex=name))
    return model


def _undeclared_findings(line: _Line, elab: Elaborator, names: Sequence[str]) -> tuple[Finding, ...]:
    said = []
    for name in names:
        help = givens.suggestion(elab.scope, name)
        error = Unreadable("undeclared", f"nothing introduces {name}", elab.session.undeclared.get(name), help)
        said.append(of_error(line.text, error))
    return tuple(said)


def _whole_of(tensor: Tensor) -> str | None:
    """The name that a tensor is the whole of (or a member of, by bare indices)."""
    body = tensor.body
    bare = isinstance(body, Entry) and all(isinstance(i, Var) for i in body.indices)
    return body.symbol if bare and isinstance(body, Entry) else None
