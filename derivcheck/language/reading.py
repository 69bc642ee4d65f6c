"""What givens and statements share: an elaborator for a line, its ranges, relations as claims, findings with places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derivcheck.findings import Finding
from derivcheck.kept import Kept
from derivcheck.language.clauses import Piece, Range, range_of_relation
from derivcheck.language.elaboration import elaboration_codes as _elaboration_codes  # noqa: F401  (registers the codes)
from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.closing import (
    bare_indices,
    check_dimensions,
    closed,
    implied_conditions,
    parameters_of,
    sized,
)
from derivcheck.language.elaboration.declaring import Limits, implicit_integers
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.extents import integrated
from derivcheck.language.elaboration.fences import COMPARE
from derivcheck.language.elaboration.products import core
from derivcheck.language.elaboration.ranges import whole_axis
from derivcheck.language.elaboration.session import Parts, Session
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.options import Options
from derivcheck.language.parsing.cursor import finding_at
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    BigOp,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Span,
    Sum,
)
from derivcheck.language.parsing.trees import children
from derivcheck.language.scope import Scope
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Size, Var, fresh
from derivcheck.terms.tensor import Tensor

RELATIONS = {**COMPARE, "\\approx": "~", "\\succ": "succ", "\\succeq": "succeq", "\\propto": "propto", ":=": "="}
TURNED = {"\\prec": "\\succ", "\\preceq": "\\succeq", "=:": ":="}
ORDERED = frozenset({"<", "<=", ">", ">="})


def letters_of(scope: Scope, nodes: Iterable[Node]) -> frozenset[str]:
    """The undeclared letters that stand in index positions."""
    letters: set[str] = set()
    for node in nodes:
        found, _ = _LETTERS.of(node, id(scope), lambda node=node: (index_letters(scope, node, frozenset()), scope))
        letters |= found
    return frozenset(letters)


_LETTERS: Kept[tuple[set[str], Scope]] = Kept(256)
"""With the scope, which is named by its id."""


def elaborator(
    scope: Scope,
    options: Options,
    nodes: Iterable[Node],
    letters: frozenset[str] = frozenset(),
    over: frozenset[str] = frozenset(),
) -> Elaborator:
    """A reader for one line: it knows which letters stand in index positions in it, and which variables are integrated
    over (and, `letters` and `over`, around it)."""
    nodes = tuple(nodes)
    letters = letters_of(scope, nodes) | (letters - scope.names)
    session = Session(line=nodes, letters=letters, integrated=integrated(nodes) | over, dims=_equal_dims(scope))
    if scope.parts is not None:
        session.parts = _parts(scope.parts, scope, options, session)
        options = session.parts.options
    return Elaborator(scope, options, session=session)


def _parts(known: list[Parts], scope: Scope, options: Options, session: Session) -> Parts:
    """What is known of the parts of lines that are read just so."""
    for parts in known:
        same = parts.scope is scope and parts.options == options
        if same and parts.letters == session.letters and parts.integrated == session.integrated:
            return parts
    known.append(Parts(scope, options, session.letters, session.integrated))
    return known[-1]


def _equal_dims(scope: Scope) -> dict[str, Dim]:
    """Dimensions that a given equates with another (`m = n`), with what they are."""
    found: dict[str, Dim] = {}
    for claim in scope.model.assumptions:
        left, right = claim.left.body, claim.right.body
        if claim.relation != "=" or claim.given or not isinstance(left, Size) or not isinstance(right, Size):
            continue
        for one, other in ((left.dim, right.dim), (right.dim, left.dim)):
            name = next(iter(one.names), "")
            if one == Dim.named(name) and name not in found and not (found.keys() | {name}) & other.names:
                found[name] = other
                break
    return found


# letters in index positions ----------------------------------------------------------------------------------


def index_letters(scope: Scope, node: Node, bound: frozenset[str]) -> set[str]:
    """Undeclared letters that stand in a subscript or in brackets, outside big operators that bind them."""
    if isinstance(node, Product):
        return _in_product(scope, node, bound)
    if isinstance(node, Scripted):
        found = index_letters(scope, node.base, bound)
        key = canonical(Scripted(span=node.span, base=node.base, sub=node.sub, primes=node.primes))
        operator = isinstance(core(node), Func | BigOp)
        if node.sub is not None and not operator and key not in scope.names:
            found |= {n for n in _letters(node.sub) if n not in bound and n not in scope.names}
        return found | (index_letters(scope, node.sup, bound) if node.sup is not None else set())
    found = set()
    for child in children(node):
        found |= index_letters(scope, child, bound)
    return found


def _in_product(scope: Scope, node: Product, bound: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for k, (operator, item) in enumerate(node.items):
        big = core(item)
        if isinstance(big, BigOp):
            names, limits = _below(big)
            found |= {n for limit in limits for n in _letters(limit) if n not in bound and n not in scope.names}
            bound = bound | names
            continue
        inner = core(item)
        if (
            k
            and operator == ""
            and isinstance(inner, Group)
            and inner.open == "["
            and not isinstance(inner.body, Relation)
        ):
            before = core(node.items[k - 1][1])
            if not isinstance(before, Func | BigOp) and isinstance(inner.body, Name | Scripted | Listing | Accent):
                found |= {n for n in _letters(inner.body) if n not in bound and n not in scope.names}
        found |= index_letters(scope, item, bound)
    return found


def _below(big: BigOp) -> tuple[set[str], list[Node]]:
    """The names that a big operator binds, and the limits it runs between."""
    limits = [big.sup] if big.sup is not None else []
    if big.sub is None:
        return set(), limits
    items = big.sub.items if isinstance(big.sub, Listing) else (big.sub,)
    names: set[str] = set()
    for item in items:
        if isinstance(item, Relation) and item.relations in (("=",), ("\\in",)):
            names |= set(_letters(item.operands[0]))
            limits.append(item.operands[1])
        elif isinstance(item, Relation):
            names |= {n for operand in item.operands for n in _letters(operand)}
        else:
            names |= set(_letters(item))
    return names, limits


def _letters(node: Node) -> list[str]:
    match node:
        case Name(style=style, text=text):
            return [text] if style in ("", "bold") and (len(text) == 1 or text.startswith("\\")) else []
        case Accent() | Scripted():
            key = canonical(node)
            return [key] if key is not None else []
        case Sum(items=items) | Product(items=items):
            return [n for _, item in items for n in _letters(item)]
        case Listing(items=items):
            return [n for item in items for n in _letters(item)]
        case Group(body=body):
            return _letters(body)
    return []


# ranges ------------------------------------------------------------------------------------------------------


def read_ranges(scope: Scope, ranges: Sequence[Range]) -> tuple[Scope, dict[str, Limits]]:
    """The ranges that a line states; whole numbers that only a range mentions are declared."""
    found: dict[str, Limits] = {}
    for item in ranges:
        for limit in (item.lower, item.upper):
            scope = implicit_integers(scope, limit)
        elab = Elaborator(scope)
        lower = elab.integer(item.lower) if item.lower is not None else None
        upper = elab.integer(item.upper) if item.upper is not None else None
        dim = whole_axis(lower, upper)
        for node in item.names:
            name = canonical(node)
            if name is None:
                raise Unreadable("bad-name", "an index is expected here", node.span)
            if isinstance(node, Num):  # `for i = 1, 3`
                raise Unreadable("unsupported", "a list of values of an index is not read here", node.span)
            found[name] = (lower, upper, dim)
    return scope, found


def as_range(scope: Scope, piece: Piece) -> Range | dict[str, Limits] | None:
    """A piece of a `for` clause as a range: `1 \\le t \\le T`, `t \\in \\{1, \\dots, T\\}`, `t \\ge 1`, `all i`."""
    node = piece.node
    if not isinstance(node, Relation):
        return (
            Range((*piece.names, node), None, None, node.span) if isinstance(node, Name | Accent | Scripted) else None
        )
    if node.relations == ("\\in",):
        limits = Elaborator(scope).integer_range(node.operands[1])
        names = [canonical(n) for n in (*piece.names, node.operands[0])]
        return {n: limits for n in names if n is not None}
    return range_of_relation(node)


# relations ---------------------------------------------------------------------------------------------------


def turned(left: Tensor, relation: str, right: Tensor) -> tuple[Tensor, str, Tensor]:
    """`A \\prec B` as `B \\succ A`."""
    return (right, TURNED[relation], left) if relation in TURNED else (left, relation, right)


def fitted(
    elab: Elaborator, left: Tensor, relation: str, right: Tensor, span: Span, loose: bool = False
) -> tuple[Tensor, Tensor]:
    """Two sides of one shape: a written 0 is the zero of the other's; under an order relation or `\\approx` (and for
    `=` in a condition) a number goes with every entry. Raises ShapeError where they cannot be compared."""
    op.same_shape(elab, left, right)
    left, right = (_column(algebra.single(elab.session.settle(t))) for t in (left, right))
    if left.shape == right.shape:
        return left, right
    if elab.options.shorthand == "diagonal":
        left, right = _diagonal(elab, left, right)
        if left.shape == right.shape:
            return left, right
    wide = relation in ORDERED or relation in ("~", "succ", "succeq") or loose
    if not right.axes and (wide or op.is_zero(right)):
        return left, _spread(left, right, relation)
    if not left.axes and (wide or op.is_zero(left)):
        return _spread(right, left, relation), right
    raise ShapeError("the two sides have different shapes", left.shape, right.shape, span)


def _column(tensor: Tensor) -> Tensor:
    """An `n x 1` matrix as the vector that it is."""
    return algebra.as_column(tensor) if len(tensor.axes) == 2 and tensor.shape[1] == Dim.of(1) else tensor


def _diagonal(elab: Elaborator, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """With `shorthand: diagonal`: a vector (or a number) beside a square Jacobian is the diagonal it abbreviates."""
    left, right = _squeezed(left), _squeezed(right)
    for one, other in ((left, right), (right, left)):
        if algebra.is_square(one) and len(other.axes) < 2 and (not other.axes or other.shape[0] == one.shape[0]):
            if op.is_zero(other):
                continue
            elab.note("a vector or a number beside a Jacobian stands for the diagonal matrix it abbreviates")
            made = algebra.diag(other) if other.axes else algebra.scale(other, algebra.identity(one.shape[0]))
            return (one, made) if one is left else (made, one)
    return left, right


def _squeezed(tensor: Tensor) -> Tensor:
    """Without axes of length 1: rows as vectors, the derivative of a row by a row as a matrix."""
    kept = tuple(a for a in tensor.axes if a.dim != Dim.of(1))
    return Tensor(kept, tensor.at([Var(a) if a in kept else ONE for a in tensor.axes]))


def _spread(like: Tensor, number: Tensor, relation: str) -> Tensor:
    if relation in ("succ", "succeq") and not op.is_zero(number) and len(like.axes) == 2:
        return algebra.scale(number, algebra.identity(like.shape[0]))
    return Tensor(tuple(fresh(a.name, a.dim) for a in like.axes), number.body)


def claim_of(
    elab: Elaborator, left: Tensor, relation: str, right: Tensor, span: Span, given: tuple[Claim, ...] = ()
) -> Claim:
    """A closed claim."""
    table = bare_indices(elab)
    left, right = closed(elab, left, table), closed(elab, right, table)
    if elab.session.unknowns:
        sized(elab, (left, right))
        left, right = closed(elab, left, table), closed(elab, right, table)
        check_dimensions((left, right), span)
    given = (*given, *implied_conditions(elab, left, right))
    inside = [t for c in given for t in (c.left, c.right)]
    return Claim(left, relation, right, parameters_of(elab, (left, right, *inside), table), given)


def conditions_of(elab: Elaborator, node: Relation) -> list[tuple[Tensor, str, Tensor]]:
    """A condition (chain) as relations between fitted tensors, not yet closed."""
    operands = [elab.tensor(o) for o in node.operands]
    made = []
    for k, written in enumerate(node.relations):
        left, written, right = turned(operands[k], written, operands[k + 1])
        relation = RELATIONS.get(written)
        if relation is None:
            elab.error("unsupported", f"the relation {written} has no meaning in a condition", node.relation_spans[k])
        a, b = fitted(elab, left, relation, right, node.span, loose=True)
        made.append((a, relation, b))
    return made


# findings ----------------------------------------------------------------------------------------------------


def finding(text: str, code: str, message: str, span: Span | None, severity: str = "error", help: str = "") -> Finding:
    """A finding at a place of the text; without a place, at all of it."""
    return finding_at(text, code, message, span or Span(0, len(text)), help, severity)


def of_error(text: str, error: Unreadable | ShapeError) -> Finding:
    if isinstance(error, ShapeError):
        shapes = " and ".join(algebra.show_shape(s) for s in (error.left, error.right) if s is not None)
        return finding(text, "shape-mismatch", f"{error.message}: {shapes}" if shapes else error.message, error.span)
    return finding(text, error.code, error.message, error.span, "note", error.help)
