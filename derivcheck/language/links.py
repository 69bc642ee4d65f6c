"""The links of a line: each relation between two neighbours as a claim, a definition or a declaration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from derivcheck.findings import Finding
from derivcheck.language.clauses import Piece
from derivcheck.language.derivatives.antiderivatives import AMBIGUITY as ANTIDERIVATIVE
from derivcheck.language.derivatives.antiderivatives import differentiated, up_to_a_constant, with_unknown
from derivcheck.language.derivatives.remainders import expansion
from derivcheck.language.derivatives.subscript_derivatives import variables_below
from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.closing import bare_indices
from derivcheck.language.elaboration.declaring import Limits, standard_name, with_dims
from derivcheck.language.elaboration.diagonals import on_indices, said_diagonal, with_zeros
from derivcheck.language.elaboration.dims import sizes_below
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.equal_scores import both_sides
from derivcheck.language.elaboration.orders import order_argument
from derivcheck.language.elaboration.scripts import SLICE, entry_indices
from derivcheck.language.elaboration.session import has_unknown
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.assumptions import suggestion, with_declared
from derivcheck.language.givens.definitions import (
    Left,
    definable,
    define_application,
    define_value,
    mentions,
    renewed,
    taken_over,
)
from derivcheck.language.givens.roots import of_new_deviation
from derivcheck.language.givens.table import read_piece
from derivcheck.language.open_links import left_open
from derivcheck.language.options import Options
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Empty,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Relation,
    Scripted,
    Span,
    Symbol,
)
from derivcheck.language.parsing.trees import children, walk
from derivcheck.language.probability.entropies import is_claimed
from derivcheck.language.probability.meant import as_meant, introduce_values
from derivcheck.language.reading import (
    RELATIONS,
    claim_of,
    conditions_of,
    elaborator,
    fitted,
    of_error,
    turned,
)
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, replace
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE, ZERO
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Declaration, Domain, Model
from derivcheck.terms.node import Entry, Index, Var
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Link:
    """One relation between two neighbours of a chain.

    kind: 'claim', 'definition' (its left side is a fresh name: proved by definition), 'declaration' (`x \\in ...` of a
    fresh name), 'repeat' (a declaration again). `claim` is None where there is nothing to decide or the link could not
    be read. `model` is what the claim is judged under. `undeclared`: names that nothing introduces; such a claim is
    never refuted. `shape_error`: the link is read but its shapes do not conform (refuted, if nothing is
    undeclared). `redefines`: the left side is the whole of a name that an earlier line (not a given) defined: perhaps
    another definition of it. `listed`: the values of a list (`x = 1, 2`), each of which must be possible. `reason`: the
    line is said to hold because of it. Spans are offsets into the text of the line."""

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
    listed: tuple[Claim, ...] = ()
    reason: bool = False

    @property
    def left(self) -> Tensor | None:
        return self.claim.left if self.claim is not None else None

    @property
    def right(self) -> Tensor | None:
        return self.claim.right if self.claim is not None else None


@dataclass(frozen=True, slots=True)
class Shared:
    """What the links of one line share. `shape`: what the first side of the next link is known to be, from the link
    before."""

    text: str
    options: Options
    ranges: dict[str, Limits]
    conditions: tuple[Node, ...]
    letters: frozenset[str]
    integrated: frozenset[str] = frozenset()
    shape: Shape = ()


DECLARING = frozenset({"\\in", "\\sim", "\\perp", "\\colon"})


def read_links(line: Shared, scope: Scope, chain: Relation, piece: Piece) -> tuple[list[Link], Scope]:
    """The links of one chain, and the scope after it."""
    if chain.relations[0] in DECLARING:
        return _declaration(line, scope, chain, piece)
    links: list[Link] = []
    for name in piece.names:  # `a, b > 0` says it of each
        span = Span(chain.relation_spans[0].start, chain.operands[1].span.end)
        links.append(_claim(line, scope, name, chain.relations[0], chain.operands[1], span)[0])
    for k, relation in enumerate(chain.relations):
        left, right = chain.operands[k], chain.operands[k + 1]
        if isinstance(right, Empty):
            continue
        span = Span(chain.relation_spans[k].start, right.span.end)
        root = of_new_deviation(_elab(line, scope, left), left, right) if k == 0 and relation == "=" else None
        left, right = root or (left, right)
        target = _fresh(line, scope, left, relation, right) if k == 0 else None
        if target is not None and up_to_a_constant(scope, (left, *chain.operands[1:])):
            scope = with_unknown(scope, target)
            link = Link("definition", relation, span, left.span, right.span, scope.model)
        elif target is not None:
            link, scope = _definition(line, scope, target, left, right, relation, span)
        else:
            link, scope = _claim(line, scope, left, relation, right, span)
        links.append(link)
        line = replace(line, shape=link.claim.right.shape if link.claim is not None else ())
    return links, scope


def _elab(line: Shared, scope: Scope, *nodes: Node) -> Elaborator:
    made = elaborator(scope, line.options, (*nodes, *line.conditions), line.letters, line.integrated)
    made.session.ranges.update(line.ranges)
    return made


def _fresh(line: Shared, scope: Scope, left: Node, relation: str, right: Node) -> Left | None:
    """The left side of a first equation, where it is a name that nothing introduces, or one the student may choose."""
    if relation not in ("=", ":="):
        return None
    elab = _elab(line, scope, left)
    if canonical(left) in line.options.student_names and not mentions(right, left):
        return Left("name", left, canonical(left) or "")
    if (again := renewed(elab, left, right, line.options.student_names)) is not None:
        return again
    if relation == "=" and (_may_be_derivative(elab, left) or variables_below(elab, left) is not None):
        return None
    diagonal = said_diagonal(left, right, line.conditions)
    if diagonal is not None and diagonal not in scope.names:
        return Left("beside", left, diagonal)
    target = definable(elab, left)
    if target is not None and relation == "=" and (is_claimed(elab, left, right) or _of_gamma(left, right)):
        return None
    if target is not None and _of_itself(elab, target, left, right):
        return None
    if target is None and isinstance(left, Scripted) and left.primes and not left.sup:
        return _primed(elab, left)
    if target is not None and target.key in elab.session.letters and target.kind == "name":
        return None
    return target if target is not None or not _unlike(line, scope, left, right) else taken_over(elab, left)


def _unlike(line: Shared, scope: Scope, left: Node, right: Node) -> bool:
    """`\\pi = \\operatorname{softmax}(\\theta)`, `I = \\int f`: of another shape than the number or the identity of
    that name, so the name is meant for something else."""
    elab = _elab(line, scope, right)
    if taken_over(elab, left) is None:
        return False
    try:
        shape = elab.tensor(right).shape
    except (Unreadable, ShapeError):
        return False
    square = len(shape) == 2 and (shape[0] == shape[1] or any(has_unknown(d) for d in shape))
    return not elab.session.undeclared and (not square if canonical(left) == "I" else bool(shape))


def _may_be_derivative(elab: Elaborator, left: Node) -> bool:
    """Of a number that is computed (`f = a x^2`) `f' = ...` may say what its derivative is: what may be a claim is no
    definition."""
    if not isinstance(left, Scripted) or not left.primes or canonical(left) in elab.scope.names:
        return False
    base = canonical(replace(left, primes=0)) or ""
    key = base if base in elab.scope.names else canonical(left.base) or ""
    declaration = elab.declaration(key)
    return declaration is not None and not declaration.shape and bool(declaration.definitions)


def _of_itself(elab: Elaborator, target: Left, left: Node, right: Node) -> bool:
    """`g(x, y) = g(y, x)` of real x and y says something of g, and not what g is (a recurrence in n does)."""
    if target.kind != "application" or not isinstance(left, Product):
        return False
    name = canonical(left.items[0][1])
    arguments = {canonical(n) or "" for n in walk(left.items[1][1])}
    known = [d for a in sorted(arguments) if (d := elab.declaration(a)) is not None]
    if not known or any(d.domain.kind != "real" for d in known):
        return False
    return any(canonical(n) == name for n in walk(right))


def _of_gamma(left: Node, right: Node) -> bool:
    """`\\Gamma(n) = ...` where the other side has a factorial or the function itself: a claim about it."""
    if not isinstance(left, Product) or canonical(left.items[0][1]) != "\\Gamma":
        return False
    return any((isinstance(n, Symbol) and n.text == "!") or canonical(n) == "\\Gamma" for n in walk(right))


def _primed(elab: Elaborator, left: Scripted) -> Left | None:
    """`x' = ...` of a declared column x: a new name (its transpose would be a row)."""
    target = definable(elab, left, given=True)
    base = canonical(replace(left, primes=0))
    declaration = elab.declaration(base) if base is not None else None
    if target is None or declaration is None or len(declaration.shape) == 2:
        return None
    return target


def _definition(
    line: Shared, scope: Scope, target: Left, left: Node, right: Node, relation: str, span: Span
) -> tuple[Link, Scope]:
    """A line that defines a fresh name is proved by definition."""
    elab = _elab(line, scope, right, left)
    spans = (span, left.span, right.span)
    try:
        made = define_application(elab, target, right) if target.kind == "application" else None
        if target.kind == "beside":
            made = with_zeros(scope, target.key)
        if made is None:
            chosen = on_indices(scope, left, line.conditions) if target.kind == "name" else ()
            if chosen:
                elab.error("unsupported", "only some members of this name are defined here", chosen[0].span)
            value = elab.tensor(right)
            undeclared = tuple(elab.session.undeclared)
            if undeclared:
                found = _undeclared_findings(line, elab, undeclared)
                return Link("definition", relation, *spans, scope.model, None, undeclared, findings=found), scope
            made = define_value(elab, target, value)
        made = replace(made, own=made.own | (made.names - scope.names))
        scope = with_declared(elab, made)
    except ShapeError as error:
        _note_alone(elab)
        undeclared = tuple(elab.session.undeclared)
        if undeclared:  # the shape of a name that nothing introduces is a guess
            found = _undeclared_findings(line, elab, undeclared)
            return Link("definition", relation, *spans, scope.model, None, undeclared, findings=found), scope
        said = (of_error(line.text, error),)
        taken = frozenset(elab.session.ambiguities)
        return Link("claim", relation, *spans, scope.model, shape_error=error, findings=said, ambiguities=taken), scope
    except Unreadable as error:
        return Link("claim", relation, *spans, scope.model, findings=(of_error(line.text, error),)), scope
    notes, taken = tuple(elab.session.notes), frozenset(elab.session.ambiguities)
    return Link("definition", relation, *spans, scope.model, notes=notes, ambiguities=taken), scope


def _declaration(line: Shared, scope: Scope, chain: Relation, piece: Piece) -> tuple[list[Link], Scope]:
    """`x \\in \\mathbb{R}^n` in a student's line; of a number already known a claim on its value."""
    span = Span(chain.relation_spans[0].start, chain.span.end)
    spans = (span, chain.operands[0].span, chain.operands[-1].span)
    relation = chain.relations[0]
    names = (*piece.names, chain.operands[0])
    elab = _elab(line, scope, chain)
    fresh = [n for n in names if _introduces(elab, n)]
    try:
        if relation == "\\in" and not fresh:
            return _in_set(line, scope, names, chain.operands[1], span), scope
        if relation == "\\sim" and all(_has_law(elab, n) for n in names):
            return [Link("repeat", relation, *spans, scope.model)], scope
        made = read_piece(scope, Piece(chain, piece.names), line.ranges, line.conditions, line.options)
    except ShapeError as error:
        said = of_error(line.text, error)
        return [Link("claim", relation, *spans, scope.model, shape_error=error, findings=(said,))], scope
    except Unreadable as error:
        return [Link("claim", relation, *spans, scope.model, findings=(of_error(line.text, error),))], scope
    return [Link("declaration", relation, *spans, made.model)], made


def _introduces(elab: Elaborator, name: Node) -> bool:
    """Whether a membership says what a name is, or of which size (`\\mathbf{1} \\in \\mathbb{R}^n`)."""
    standard = standard_name(elab.scope, name)
    sized = standard is not None and standard not in elab.scope.sized
    return sized or definable(elab, name) is not None or taken_over(elab, name) is not None


def _has_law(elab: Elaborator, name: Node) -> bool:
    """Whether a name (or the vector that it is an entry of) already has a law: what a line says of it is a repeat."""
    try:
        tensor = elab.tensor(name)
    except (Unreadable, ShapeError):
        return False
    declaration = elab.declaration(tensor.body.symbol) if isinstance(tensor.body, Entry) else None
    return declaration is not None and declaration.law is not None


def _in_set(line: Shared, scope: Scope, names: Sequence[Node], where: Node, span: Span) -> list[Link]:
    """`\\sigma(x) \\in (0, 1)` as inequalities; membership in a space is a matter of shape."""
    from derivcheck.language.elaboration.declaring import read_place

    links: list[Link] = []
    for name in names:
        elab = _elab(line, scope, name)
        place = read_place(elab, where)
        tensor = elab.session.settle(elab.tensor(name))
        spans = (span, name.span, where.span)
        undeclared = tuple(elab.session.undeclared)
        if undeclared and place.shape:  # the shape of a name that nothing introduces is a guess
            found = _undeclared_findings(line, elab, undeclared)
            links.append(Link("claim", "\\in", *spans, scope.model, None, undeclared, findings=found))
            continue
        if place.shape and place.shape != tensor.shape:
            error = ShapeError("the shape of this is not the one said", tensor.shape, place.shape, span)
            links.append(
                Link("claim", "\\in", *spans, scope.model, shape_error=error, findings=(of_error(line.text, error),))
            )
            continue
        domain = place.domain
        bounds = ((domain.low, ">" if domain.low_strict else ">="), (domain.high, "<" if domain.high_strict else "<="))
        made = [(b, r) for b, r in bounds if b is not None and domain.kind == "real"]
        size = canonical(name) in scope.model.dims and domain.kind == "integer" and domain.low in (None, ZERO, ONE)
        if size or _lives_in(scope, tensor, domain):
            links.append(Link("repeat", "\\in", *spans, scope.model))
            continue
        if domain.kind == "finite" and not place.shape and not tensor.axes:
            links.append(Link("claim", "=", *spans, scope.model, _one_of_values(tensor, domain), undeclared))
            continue
        if domain.kind != "real":
            raise Unreadable("unsupported", "membership in this set is not decided", span)
        for bound, relation in made:
            left, right = fitted(elab, tensor, relation, Tensor((), bound), span)
            claim = claim_of(elab, left, relation, right, span)
            links.append(Link("claim", relation, *spans, scope.model, claim, undeclared))
        if not made:
            links.append(Link("repeat", "\\in", *spans, scope.model))
    return links


def _one_of_values(tensor: Tensor, domain: Domain) -> Claim:
    from derivcheck.language.alternatives import disjunction

    claims = [Claim(tensor, "=", Tensor((), value)) for value in domain.values]
    combined = disjunction(claims)
    assert combined is not None
    return combined


def _lives_in(scope: Scope, tensor: Tensor, domain: Domain) -> bool:
    """Whether a set is just where a name (or each of its entries) was declared to live."""
    body = tensor.body
    declaration = scope.model.declarations.get(body.symbol) if isinstance(body, Entry) else None
    return declaration is not None and not declaration.definitions and declaration.domain == domain


def _claim(line: Shared, scope: Scope, left: Node, relation: str, right: Node, span: Span) -> tuple[Link, Scope]:
    """A relation between two readable sides, as a claim. Where a product `u \\otimes v` of vectors only fits as a long
    vector, or a list `[a, b]` only as a row, that is what it is."""
    link, after = _one_claim(line, scope, left, relation, right, span)
    for is_open, chosen, note in _TO_FIT if link.shape_error is not None else ():
        if any(_has(is_open, side) for side in (left, right)):
            fitting = replace(line, options=replace(line.options, **chosen))
            other, after_other = _one_claim(fitting, scope, left, relation, right, span)
            if other.claim is not None:
                return replace(other, notes=(*other.notes, note)), after_other
    if link.shape_error is not None and any(_has(lambda n: canonical(n) in scope.slices, s) for s in (left, right)):
        return replace(link, ambiguities=link.ambiguities | {"a name for a row, which may be a row or a column"}), after
    found = left_open(scope, left, right)
    if _of_changes(link.claim):
        found -= {"a differential"}
    return replace(link, ambiguities=link.ambiguities | found), after


def _of_changes(claim: Claim | None) -> bool:
    """Whether it was read as one of changes (differentials.py)."""
    symbols = claim.left.body.symbols | claim.right.body.symbols if claim is not None else frozenset[str]()
    return any(name.startswith("d ") for name in symbols)


def _is_kronecker(node: Node) -> bool:
    return isinstance(node, Product) and any(o == "\\otimes" for o, _ in node.items)


def _is_list(node: Node) -> bool:
    return isinstance(node, Group) and node.open in ("[", "(") and isinstance(node.body, Listing)


def _is_slice(node: Node) -> bool:
    parts = entry_indices(node.sub, 2) if isinstance(node, Scripted) and node.sub is not None else []
    return len(parts) == 2 and canonical(parts[1]) in SLICE


def _is_marked_one(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) and node.sub is not None else None
    return isinstance(base, Name) and base.text == "1" and base.style in ("bold", "bb")


_TO_FIT: tuple[tuple[Callable[[Node], bool], dict[str, Any], str], ...] = (
    (_is_kronecker, {"long_vectors": True}, "\\otimes of vectors is read as the Kronecker product of columns"),
    (_is_list, {"row_lists": True}, "a list of numbers in brackets is read as a row"),
    (_is_slice, {"row_slices": True}, "a row of a matrix is read as a row, not as a column"),
    (_is_marked_one, {"one_hot": True}, "\\mathbf{1} with an index is read as the vector that is 1 there alone"),
)
"""What a text leaves open, and the reading that is taken where the shapes do not fit otherwise."""


def _has(is_open: Callable[[Node], bool], node: Node) -> bool:
    return is_open(node) or any(_has(is_open, child) for child in children(node))


def _with_sizes(scope: Scope, *nodes: Node) -> Scope:
    """The scope in which a whole number that stands below `I_n` is a dimension."""
    named = frozenset[str]().union(*(sizes_below(n) for n in nodes))
    found = {name: scope.model.declarations.get(name) for name in sorted(named)}
    whole = [n for n, d in found.items() if d is not None and not d.definitions and d.domain.kind == "integer"]
    return with_dims(scope, [n for n in whole if n not in scope.indices])


def _one_claim(line: Shared, scope: Scope, left: Node, relation: str, right: Node, span: Span) -> tuple[Link, Scope]:
    """A relation between two readable sides in one reading."""
    scope = _with_sizes(scope, left, right)
    spans = (span, left.span, right.span)
    found = differentiated(scope, left, right) if relation in ("=", ":=") else None
    if found is not None and (found.sure or line.options.antiderivatives):
        left, right = found.left, found.right
    inner = found.scope if found is not None and found.left is left else scope
    elab = _elab(line, inner, left, right)
    introduce_values(elab)
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
    if shape_error is not None:
        _note_alone(elab)
    undeclared = (*elab.session.undeclared, *(_one_sided(elab, claim) if claim is not None else ()))
    findings += _undeclared_findings(line, elab, tuple(elab.session.undeclared))
    if undeclared and shape_error is not None:  # the shape of a name that nothing introduces is a guess
        shape_error = None
        findings = [f for f in findings if f.code == "undeclared"]
    model = _with_placeholders(with_declared(elab, inner).model, tuple(elab.session.undeclared), claim)
    scope = with_declared(elab, scope)
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
        frozenset(elab.session.ambiguities) | ({ANTIDERIVATIVE} if found is not None and not found.sure else set()),
        whole if whole is not None and whole in scope.own else "",
    )
    return link, scope


def _sides(line: Shared, elab: Elaborator, left: Node, relation: str, right: Node, span: Span) -> Claim:
    expanded = expansion(elab, left, right, span) if relation == "=" else None
    if expanded is not None:
        return claim_of(elab, expanded[0], "=", expanded[1], span, tuple(_stated(line, elab)))
    left_order, right_order = (order_argument(side, elab.scope.names) for side in (left, right))
    if right_order is not None:
        a = elab.tensor(left_order if left_order is not None else left)
        return claim_of(elab, a, "in_O", elab.tensor(right_order), span)
    a, written, b = turned(*both_sides(elab, left, relation, right))
    if len(a.axes) == len(line.shape) and any(has_unknown(d) for d in a.shape):  # `= c I`: its size was said before
        op.same_shape(elab, a, algebra.zeros(*line.shape))
    known = RELATIONS.get(written)
    if known is None:
        elab.error("unsupported", f"the relation {relation} is not decided", span)
    a, b = fitted(elab, a, known, b, span)
    return as_meant(elab, claim_of(elab, a, known, b, span, tuple(_stated(line, elab))))


def _stated(line: Shared, elab: Elaborator) -> list[Claim]:
    """The conditions of the line as claims."""
    given: list[Claim] = []
    for node in line.conditions:
        if isinstance(node, Relation):
            given += [claim_of(elab, x, r, y, node.span) for x, r, y in conditions_of(elab, node)]
    return given


def _one_sided(elab: Elaborator, claim: Claim) -> list[str]:
    """Bare indices of entries that stand on one side only: names that nothing introduces, but for a condition."""
    left = claim.left.body.free - set(claim.left.axes)
    right = claim.right.body.free - set(claim.right.axes)
    entries = {b.parameter.index for b in bare_indices(elab).values() if b.entry}
    said = frozenset[Index]().union(*(side.body.free for given in claim.given for side in (given.left, given.right)))
    return sorted(i.name for i in ((left ^ right) & entries) - said)


def _note_alone(elab: Elaborator) -> None:
    """Letters that are an index elsewhere in the line and no index where they were read (`o_b = softmax(b)`) are names
    that nothing introduces."""
    for name, index in elab.session.free.items():
        if not elab.session.uses.get(index):
            elab.session.undeclared.setdefault(name, Span(0, 0))


def _with_placeholders(model: Model, undeclared: Sequence[str], claim: Claim | None) -> Model:
    """The model in which names that nothing introduces are numbers, so that a claim can be looked at."""
    if claim is None:
        return model
    for name in claim.left.body.symbols | claim.right.body.symbols:
        if name not in model.declarations and name not in model.functions:
            model = model.declare(Declaration(name, latex=name))
    return model


def _undeclared_findings(line: Shared, elab: Elaborator, names: Sequence[str]) -> tuple[Finding, ...]:
    said = []
    for name in names:
        help = suggestion(elab.scope, name)
        error = Unreadable("undeclared", f"nothing introduces {name}", elab.session.undeclared.get(name), help)
        said.append(of_error(line.text, error))
    return tuple(said)


def _whole_of(tensor: Tensor) -> str | None:
    """The name that a tensor is the whole of (or a member of, by bare indices)."""
    body = tensor.body
    bare = isinstance(body, Entry) and all(isinstance(i, Var) for i in body.indices)
    return body.symbol if bare and isinstance(body, Entry) else None
