"""Given lines to a scope: the contract's table, one reader for each row.

A line is parsed, taken apart into clauses, and each of its pieces is offered to the readers in turn. What could
not be read is a finding with its place, and the other lines are still read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from derivcheck.findings import Finding
from derivcheck.language.clauses import Clause, Piece, Range, clauses
from derivcheck.language.declaring import Limits, declare_name, dims_of, read_place, with_dims
from derivcheck.language.definitions import Left, attach, definable, define_application, define_value, mentions
from derivcheck.language.dims import read_shape
from derivcheck.language.elaborate import Elaborator
from derivcheck.language.names import canonical
from derivcheck.language.options import Options
from derivcheck.language.parser import Parsed, parse
from derivcheck.language.products import core
from derivcheck.language.reading import (
    RELATIONS,
    as_range,
    claim_of,
    conditions_of,
    elaborator,
    fitted,
    of_error,
    read_ranges,
)
from derivcheck.language.scope import EMPTY, Notation, Scope
from derivcheck.language.syntax import (
    Accent,
    BigOp,
    Dots,
    Frac,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Product,
    Relation,
    Scripted,
    Span,
)
from derivcheck.language.unreadable import ShapeError, Unreadable
from derivcheck.terms.build import ONE
from derivcheck.terms.model import Claim, Domain, FunctionSymbol
from derivcheck.terms.node import Constant, Entry, Number, Size, Term, Var
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Line:
    """What a reader of a row gets: the scope so far, the piece, the ranges and conditions of its line."""

    scope: Scope
    piece: Piece
    node: Relation
    ranges: dict[str, Limits]
    conditions: tuple[Node, ...]
    options: Options

    def elab(self) -> Elaborator:
        made = elaborator(self.scope, self.options, (self.node, *self.conditions))
        made.session.ranges.update(self.ranges)
        return made


Row = Callable[[Line], "Scope | None"]


def read_givens(
    lines: Sequence[str], scope: Scope = EMPTY, options: Options | None = None
) -> tuple[Scope, tuple[Finding, ...]]:
    """The scope after these given lines, and what is to be said about them (details['given'] is the line's number
    from 0)."""
    options = options or Options()
    findings: list[Finding] = []
    parsed = [(text, parse(text)) for text in lines if text.strip()]
    scope = with_dims(scope, _dimensions([p.node for _, p in parsed]))
    later: list[tuple[int, str, Node]] = []
    for number, (text, found) in _laws_after_names(list(enumerate(parsed))):
        errors = [f for f in found.findings if f.severity == "error"]
        findings += [_numbered(f, number) for f in errors]
        if errors:
            continue
        if _needs_laws(found.node):
            later.append((number, text, found.node))
            continue
        scope, said = read_given(text, found.node, scope, options)
        findings += [_numbered(f, number) for f in said]
    for number, text, node in later:
        scope, said = read_given(text, node, scope, options)
        findings += [_numbered(f, number) for f in said]
    return scope, tuple(findings)


def _laws_after_names(lines: list[tuple[int, tuple[str, Parsed]]]) -> list[tuple[int, tuple[str, Parsed]]]:
    """`x \\sim N(0, I)` before `x \\in \\mathbb{R}^n` is read after it."""
    ordered = list(lines)
    for line in lines:
        named = _before(line[1][1].node, "\\sim")
        declaring = [k for k, other in enumerate(ordered) if named & _before(other[1][1].node, "\\in")]
        here = ordered.index(line)
        if declaring and declaring[-1] > here:
            ordered.insert(declaring[-1] + 1, line)
            ordered.pop(here)
    return ordered


def _before(node: Node, relation: str) -> set[str]:
    """The names that stand before this relation in a line."""
    names: set[str] = set()
    for clause in clauses(node):
        for piece in clause.pieces:
            if isinstance(piece, Piece) and isinstance(piece.node, Relation) and piece.node.relations[0] == relation:
                names |= {c for n in (*piece.names, piece.node.operands[0]) if (c := canonical(n)) is not None}
    return names


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
        said = of_error(text, error)
        return scope, [replace(said, severity="error")]


def read_line(node: Node, scope: Scope, options: Options) -> Scope:
    """The scope after one line; raises where it cannot be read."""
    parts = clauses(node)
    scope, ranges = _ranges_of(scope, parts)
    conditions = tuple(p.node for c in parts if c.role == "if" for p in c.pieces if isinstance(p, Piece))
    for clause in parts:
        if clause.role in ("for", "if"):
            continue
        for piece in clause.pieces:
            if isinstance(piece, Piece):
                scope = _read_piece(scope, piece, ranges, conditions, options)
    return scope


def _ranges_of(scope: Scope, parts: Sequence[Clause]) -> tuple[Scope, dict[str, Limits]]:
    ranges: dict[str, Limits] = {}
    for clause in parts:
        for piece in clause.pieces:
            found = piece if isinstance(piece, Range) else as_range(scope, piece) if clause.role == "for" else None
            if isinstance(found, Range):
                scope, more = read_ranges(scope, [found])
                ranges |= more
            elif found is not None:
                ranges |= found
    return scope, ranges


def _read_piece(
    scope: Scope, piece: Piece, ranges: dict[str, Limits], conditions: tuple[Node, ...], options: Options
) -> Scope:
    if not isinstance(piece.node, Relation):
        raise Unreadable(
            "bad-given", "a given line states a relation: a declaration, a definition or an assumption", piece.node.span
        )
    line = Line(scope, piece, piece.node, ranges, conditions, options)
    for row in rows():
        found = row(line)
        if found is not None:
            return found
    relation = piece.node.relations[0]
    raise Unreadable(
        "bad-given", f"the relation {relation} has no meaning in a given line", piece.node.relation_spans[0]
    )


def rows() -> tuple[Row, ...]:
    from derivcheck.language.probability_laws import GIVENS

    return (
        _membership,
        _function,
        *GIVENS,
        _log_base,
        _product_order,
        _notation,
        _scalar_domain,
        _equation,
        _assumption,
    )


# dimensions --------------------------------------------------------------------------------------------------


def _dimensions(nodes: Sequence[Node]) -> list[str]:
    """The names that these lines use as dimensions: in shapes, and as ends of index ranges that no family has."""
    shapes: set[str] = set()
    ends: set[str] = set()
    family_ends: set[str] = set()
    for node in nodes:
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
    shaped = (isinstance(base, Name) and (base.style == "bb" or base.text == "\\Delta")) or isinstance(base, Group)
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


# rows --------------------------------------------------------------------------------------------------------


def _membership(line: Line) -> Scope | None:
    """`x, y \\in \\mathbb{R}^n`."""
    node = line.node
    if node.relations != ("\\in",):
        return None
    elab = line.elab()
    place = read_place(elab, node.operands[1])
    scope = with_dims(line.scope, dims_of(place))
    for name in (*line.piece.names, node.operands[0]):
        if not place.shape and _is_entry(elab, name, line):
            scope = _restricted(line, scope, name, place.domain)
            continue
        scope, declared = declare_name(scope, name, place, line.ranges)
        if place.symmetric:
            scope = _symmetric(scope, declared, place.symmetric, node.span)
    return scope


def _is_entry(elab: Elaborator, node: Node, line: Line) -> bool:
    """`A_{ij} \\in (0, 1)` of a declared A is an assumption on its entries."""
    if not isinstance(node, Scripted) or node.sub is None:
        return False
    base = canonical(node.base)
    whole = canonical(node)
    declaration = elab.declaration(base) if base is not None else None
    if declaration is None or whole in line.scope.model.declarations:
        return False
    return (bool(declaration.shape) and (not line.ranges or bool(declaration.family))) or (
        bool(declaration.shape) and len(declaration.shape) == len(line.ranges)
    )


def _restricted(line: Line, scope: Scope, node: Node, domain: Domain) -> Scope:
    elab = replace(line.elab(), scope=scope)
    tensor = elab.tensor(node)
    for bound, relation in (
        (domain.low, ">" if domain.low_strict else ">="),
        (domain.high, "<" if domain.high_strict else "<="),
    ):
        if bound is not None:
            scope = replace(
                scope, model=scope.model.assume(claim_of(elab, tensor, relation, Tensor((), bound), node.span))
            )
    return scope


def _symmetric(scope: Scope, name: str, kind: str, span: Span) -> Scope:
    """Membership in a set of symmetric (positive) matrices as assumptions."""
    from derivcheck.language.resolve import member
    from derivcheck.terms.algebra import transpose, zeros

    matrix = member(scope.model.declarations[name], ())
    scope = replace(scope, model=scope.model.assume(Claim(transpose(matrix), "=", matrix)))
    if kind in ("succ", "succeq"):
        scope = replace(scope, model=scope.model.assume(Claim(matrix, kind, zeros(*matrix.shape))))
    return scope


def _function(line: Line) -> Scope | None:
    """`f : \\mathbb{R}^n \\to \\mathbb{R}`: an unknown smooth function."""
    node = line.node
    if node.relations != ("\\colon", "\\to"):
        return None
    arguments = _argument_shapes(node.operands[1])
    value = _set_shape(node.operands[2])
    dims = sorted({n for shape in (*arguments, value) for d in shape for n in d.names})
    scope = with_dims(line.scope, dims)
    for name_node in (*line.piece.names, node.operands[0]):
        name = canonical(name_node)
        if name is None:
            raise Unreadable("bad-name", "the name of a function is expected here", name_node.span)
        if name in scope.functions:
            continue
        symbol = FunctionSymbol(name, arguments, value, name)
        scope = replace(scope, model=replace(scope.model, functions={**scope.model.functions, name: symbol}))
    return scope


def _argument_shapes(node: Node) -> tuple[tuple, ...]:
    if isinstance(node, Product) and len(node.items) > 1 and all(o in ("", "\\times") for o, _ in node.items):
        return tuple(_set_shape(n) for _, n in node.items)
    return (_set_shape(node),)


def _set_shape(node: Node) -> tuple:
    sup = node.sup if isinstance(node, Scripted) else None
    base = core(node)
    if isinstance(base, Name) and base.style == "bb":
        return read_shape(None if sup is not None and canonical(sup) in ("+", "*") else sup)
    if isinstance(base, Group):
        return read_shape(sup)
    raise Unreadable("unknown-set", "a set such as \\mathbb{R}^n is expected here", node.span)


def _log_base(line: Line) -> Scope | None:
    """`\\log = \\log_2`: the base of the logarithm."""
    node = line.node
    if (
        node.relations not in (("=",), (":=",))
        or not isinstance(node.operands[0], Func)
        or node.operands[0].text != "log"
    ):
        return None
    right = node.operands[1]
    if isinstance(right, Scripted) and isinstance(right.base, Func) and right.sub is not None:
        base = canonical(right.sub)
        return replace(line.scope, log_base=base) if base is not None and base.isdigit() else None
    return replace(line.scope, log_base=None) if isinstance(right, Func) and right.text == "ln" else None


def _product_order(line: Line) -> Scope | None:
    """`\\prod_{k=1}^{t} A_k = A_t \\cdots A_1`: in which order products of matrices are written out."""
    node = line.node
    left, right = node.operands[0], node.operands[1]
    if node.relations[0] not in ("=", ":=") or not isinstance(left, Product) or not isinstance(right, Product):
        return None
    big, written = left.items[0][1], right.items
    if (
        not isinstance(big, BigOp)
        or big.text != "prod"
        or big.sup is None
        or not any(isinstance(n, Dots) for _, n in written)
    ):
        return None
    first = written[0][1]
    top, start = (
        canonical(big.sup),
        canonical(first.sub) if isinstance(first, Scripted) and first.sub is not None else None,
    )
    bottom = canonical(big.sub.operands[1]) if isinstance(big.sub, Relation) else None
    if start is None or start not in (top, bottom):
        return None
    return replace(line.scope, product_order="left" if start == top else "right")


def _notation(line: Line) -> Scope | None:
    """`\\frac{\\partial C}{\\partial W} = \\frac{\\partial^+ C}{\\partial W}`: a derivative as notation; a definition of
    a standard operator over a dummy (`\\operatorname{vec}(S)_{i+n(j-1)} = S_{ij}`) that says what it means anyway."""
    node = line.node
    if node.relations not in (("=",), (":=",)):
        return None
    left = node.operands[0]
    if _is_derivative(left):
        key = canonical(left)
        if key is None:
            return None
        notation = Notation(key, (), left, node.operands[1])
        return replace(line.scope, notations=(notation, *line.scope.notations))
    return line.scope if _defines_operator(line, left) else None


def _is_derivative(node: Node) -> bool:
    from derivcheck.language.derivatives_parts import of_fraction

    return isinstance(node, Frac) and of_fraction(node) is not None


def _defines_operator(line: Line, left: Node) -> bool:
    """A standard function, norm or `e^{...}` of a name that nothing introduces."""
    head = left.items[0][1] if isinstance(left, Product) else left
    operator = isinstance(core(head), Func) or (isinstance(core(head), Group) and core(head).open == "‖")  # type: ignore[union-attr]
    exponential = (
        isinstance(head, Scripted) and isinstance(head.base, Name) and head.base.text == "e" and head.sup is not None
    )
    if not operator and not exponential:
        return False
    elab = line.elab()
    try:
        elab.tensor(left)
    except (Unreadable, ShapeError):
        return bool(elab.session.undeclared)
    return bool(elab.session.undeclared)


def _scalar_domain(line: Line) -> Scope | None:
    """`x > 0`, `b < 0`, `a, c > 0` of names that nothing introduces: numbers with that domain."""
    node = line.node
    if len(node.relations) > 2 or any(r not in ("<", "<=", ">", ">=", "!=") for r in node.relations):
        return None
    middle = 1 if len(node.relations) == 2 else 0
    elab = line.elab()
    names = (*line.piece.names, node.operands[middle])
    if line.ranges or any(definable(elab, n) is None or isinstance(n, Product) for n in names):
        return None
    scope = line.scope
    for name in names:
        key = canonical(name)
        if key is None:
            return None
        from derivcheck.terms.model import Declaration

        scope = scope.declare(Declaration(key, latex=key))
    return _assumption(replace(line, scope=scope))


def _equation(line: Line) -> Scope | None:
    """`p = \\operatorname{softmax}(z)`, `h_t = \\tanh(W h_{t-1})`, `\\sigma(x) = ...`: a definition, where the left
    side can be defined; the other equations of a chain are assumptions."""
    node = line.node
    if node.relations[0] not in ("=", ":=") or line.piece.names:
        return None
    elab = line.elab()
    scope = _defined(line, elab, node.operands[0], node.operands[1])
    if scope is None:
        return None
    if len(node.relations) > 1:
        rest = replace(
            node, operands=node.operands[1:], relations=node.relations[1:], relation_spans=node.relation_spans[1:]
        )
        return _assumption(replace(line, scope=scope, node=rest))
    return scope


def _defined(line: Line, elab: Elaborator, left: Node, right: Node) -> Scope | None:
    target = definable(elab, left, given=True)
    if (
        target is not None
        and isinstance(target.name, Scripted)
        and target.name.primes
        and _says_symmetric(elab, target, right)
    ):
        target = None
    if target is not None:
        if target.kind == "application":
            made = define_application(elab, target, right)
            if made is not None:
                return made
        if isinstance(target.name, Scripted) and target.name.sub is not None:
            elab = replace(elab, session=line.elab().session)
        value = elab.tensor(right)
        _all_declared(elab, target.key)
        return _with_declared(elab, define_value(elab, target, value))
    value_left = elab.tensor(left)
    if not isinstance(value_left.body, Entry):
        return None
    value = elab.tensor(right)
    _all_declared(elab, None)
    left_fit, right_fit = fitted(elab, value_left, "=", value, left.span, loose=True)
    made = attach(elab, left_fit, right_fit)
    return None if made is None else _with_declared(elab, made)


def _says_symmetric(elab: Elaborator, target: Left, right: Node) -> bool:
    """`A' = A` of a matrix A is no definition of A'."""
    assert isinstance(target.name, Scripted)
    base = canonical(replace(target.name, primes=0)) or ""
    declaration = elab.declaration(base)
    return declaration is not None and len(declaration.shape) == 2 and mentions(right, target.name.base)


def _with_declared(elab: Elaborator, scope: Scope) -> Scope:
    """The scope with what the line introduced by use."""
    for declaration in elab.session.declared.values():
        known = scope.model.declarations.get(declaration.name)
        if known is None or (declaration.definitions and not known.definitions):
            scope = scope.declare(declaration)
    return scope


def _all_declared(elab: Elaborator, own: str | None) -> None:
    for name, span in elab.session.undeclared.items():
        if name != own:
            raise Unreadable("undeclared", f"nothing introduces {name}", span, suggestion(elab.scope, name))


def suggestion(scope: Scope, name: str) -> str:
    """A declared name one letter away."""
    import difflib

    near = difflib.get_close_matches(name, sorted(scope.names), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""


def _assumption(line: Line) -> Scope | None:
    """Everything else: a relation that holds."""
    node = line.node
    if any(turned_relation(r) not in RELATIONS for r in node.relations):
        return None
    elab = line.elab()
    scope = line.scope
    relations = conditions_of(elab, node)
    if line.piece.names:
        for name in line.piece.names:
            first = elab.tensor(name)
            left, right = fitted(elab, first, relations[0][1], elab.tensor(node.operands[1]), node.span, loose=True)
            relations.append((left, relations[0][1], right))
    _all_declared(elab, None)
    given = tuple(_condition_claims(elab, line.conditions))
    scope = _with_declared(elab, scope)
    for left, relation, right in relations:
        claim = claim_of(elab, left, relation, right, node.span, given)
        scope = assumed(scope, claim)
    return scope


def turned_relation(relation: str) -> str:
    from derivcheck.language.reading import TURNED

    return TURNED.get(relation, relation)


def _condition_claims(elab: Elaborator, nodes: Sequence[Node]) -> list[Claim]:
    made = []
    for node in nodes:
        if isinstance(node, Relation):
            made += [claim_of(elab, a, r, b, node.span) for a, r, b in conditions_of(elab, node)]
    return made


def assumed(scope: Scope, claim: Claim) -> Scope:
    """One more assumption: a bound on a whole symbol becomes its domain, one on a dimension its least value."""
    narrowed = _narrowed(scope, claim)
    if narrowed is not None:
        return narrowed
    scope = replace(scope, model=scope.model.assume(claim))
    return _dimension_bound(scope, claim)


_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _narrowed(scope: Scope, claim: Claim) -> Scope | None:
    """The domain of the symbol that a bound by a number speaks of, narrowed; None where it is not of that form."""
    left, relation, right = claim.left, claim.relation, claim.right
    if relation not in _MIRROR or claim.given:
        return None
    if isinstance(right.body, Entry) and not isinstance(left.body, Entry):
        left, relation, right = right, _MIRROR[relation], left
    entry = left.body
    if (
        not isinstance(entry, Entry)
        or not isinstance(right.body, Number | Constant)
        or not _covers(scope, claim, entry)
    ):
        return None
    declaration = scope.model.declarations[entry.symbol]
    domain = declaration.domain
    strict, bound = relation in ("<", ">"), right.body
    if domain.kind != "real" or declaration.definitions or declaration.law is not None:
        return None
    if relation in (">", ">="):
        if domain.low is not None:
            return None
        domain = replace(domain, low=bound, low_strict=strict)
    else:
        if domain.high is not None:
            return None
        domain = replace(domain, high=bound, high_strict=strict)
    return scope.declare(replace(declaration, domain=domain))


def _covers(scope: Scope, claim: Claim, entry: Entry) -> bool:
    """Whether a claim about an entry speaks of every entry of the symbol."""
    declaration = scope.model.declarations.get(entry.symbol)
    if declaration is None:
        return False
    axes = set(claim.left.axes) | set(claim.right.axes)
    ranges = {p.index: p for p in claim.parameters}
    count = len(declaration.family)
    if len({*entry.indices}) != len(entry.indices) or not all(isinstance(i, Var) for i in entry.indices):
        return False
    indices = [i.index for i in entry.indices if isinstance(i, Var)]
    for index, family in zip(indices[:count], declaration.family, strict=True):
        found = ranges.get(index)
        if found is None or found.lower is not family.lower or found.upper is not family.upper:
            return False
    for index, dim in zip(indices[count:], declaration.shape, strict=True):
        whole = index in axes or (index in ranges and ranges[index].lower is ONE and ranges[index].upper == Size(dim))
        if not whole:
            return False
    return True


def _dimension_bound(scope: Scope, claim: Claim) -> Scope:
    """`m > n`, `d \\ge 2`: at least this."""
    left, relation, right = claim.left.body, claim.relation, claim.right.body
    if relation in ("<", "<="):
        left, relation, right = right, _MIRROR[relation], left
    if relation not in (">", ">=") or not isinstance(left, Size) or len(left.dim.terms) != 1:
        return scope
    names = left.dim.terms[0][0]
    least = _least(scope, right)
    if len(names) != 1 or left.dim.terms[0][1] != 1 or least is None:
        return scope
    bound = least + (1 if relation == ">" else 0)
    dims = {**scope.model.dims, names[0]: max(scope.model.dims.get(names[0], 1), bound)}
    return replace(scope, model=replace(scope.model, dims=dims))


def _least(scope: Scope, term: Term) -> int | None:
    if isinstance(term, Number):
        return int(term.value)
    if isinstance(term, Size) and all(c > 0 for _, c in term.dim.terms):
        return term.dim.at({n: scope.model.dims.get(n, 1) for n in term.dim.names})
    return None
