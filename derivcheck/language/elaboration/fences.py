"""What stands between fences: parentheses, norms, absolute values, inner products, matrices, cases, indicators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.memberships import membership
from derivcheck.language.elaboration.scripts import decorate
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Dots,
    Grid,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Relation,
    Scripted,
    Span,
    Words,
)
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE, ZERO
from derivcheck.terms.node import Cases, Compare, Function, Logic, Term
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

NORMS = {
    "": "",
    "2": "2",
    "1": "1",
    "F": "F",
    "\\infty": "inf",
    "*": "nuclear",
    "op": "2",
    "\\mathrm{F}": "F",
    "Fro": "F",
    "F,": "F",
    "\\text{F}": "F",
    "fro": "F",
    "spec": "2",
}
COMPARE = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "\\equiv": "="}


def group(elab: Elaborator, node: Group) -> Tensor:
    """A fenced expression."""
    fence = (node.open, node.close)
    if fence == ("‖", "‖"):
        return norm(elab, node, None)
    if fence == ("|", "|"):
        return absolute(elab, node)
    if fence == ("<", ">"):
        return _inner(elab, node)
    if fence in (("⌊", "⌋"), ("⌈", "⌉")):
        name = "floor" if node.open == "⌊" else "ceil"
        return op.apply(elab, lambda t: algebra.apply_function(name, t), elab.tensor(node.body), span=node.span)
    body = node.body
    if isinstance(body, Listing):
        return _listing(elab, node, body)
    if isinstance(body, Relation) and node.open == "[":
        return indicator(elab, body)
    return elab.tensor(body)


def _inner(elab: Elaborator, node: Group) -> Tensor:
    if not isinstance(node.body, Listing) or len(node.body.items) != 2:
        elab.error("unreadable", "an inner product needs two arguments", node.span)
    left, right = (elab.tensor(n) for n in node.body.items)
    op.same_shape(elab, left, right)
    return op.apply(elab, algebra.inner, left, right, span=node.span)


def norm(elab: Elaborator, node: Group, sub: Node | None) -> Tensor:
    """`\\|A\\|`, `\\|A\\|_F`, `\\|x\\|_p`; of a matrix without a mark the spectral norm."""
    tensor = elab.session.settle(elab.tensor(node.body))
    mark = canonical(sub) if sub is not None else ""
    if mark in NORMS:
        kind: str | Term = NORMS[mark]
        matrix = len(tensor.axes) == 2 and not algebra.is_row(tensor)
        if kind in ("1", "inf") and matrix and takes(elab, "norm of all entries"):
            tensor = op.apply(elab, algebra.vec, tensor, span=node.span)
        if not mark and len(tensor.axes) == 2 and not algebra.is_row(tensor):
            elab.session.ambiguities.add("norm")
            kind = elab.options.matrix_norm
    elif sub is not None:
        kind = elab.scalar(sub)
    else:
        kind = ""
    return op.apply(elab, lambda t: algebra.norm(t, kind), tensor, span=node.span)


def absolute(elab: Elaborator, node: Group) -> Tensor:
    """`|x|` of a number; of a square matrix its determinant; of a vector entrywise, or its length."""
    tensor = elab.session.settle(elab.tensor(node.body))
    if len(tensor.axes) == 1 or algebra.is_row(tensor):
        elab.session.ambiguities.add("length or absolute values")
        if elab.options.lengths:
            return op.apply(elab, algebra.norm, tensor, span=node.span)
    if algebra.is_square(tensor) and not takes(elab, "bars of a matrix"):
        return op.apply(elab, algebra.det, tensor, span=node.span)
    return algebra.entrywise(lambda x: Function("abs", (x,)), tensor)


def scripted_group(elab: Elaborator, node: Scripted) -> Tensor | None:
    """A norm with its kind below."""
    base = node.base
    if not isinstance(base, Group) or node.sub is None:
        return None
    if base.open == "‖" or (base.open == "|" and canonical(node.sub) in NORMS):
        rest = Scripted(span=node.span, base=base, sup=node.sup, primes=node.primes)
        return decorate(elab, norm(elab, base, node.sub), rest)
    return None


# lists and matrices ------------------------------------------------------------------------------------------


def _listing(elab: Elaborator, node: Group, body: Listing) -> Tensor:
    """`[v_1, \\dots, v_n]` as columns; `[a, b]` and `(a, b)` of numbers as a vector, `[u; v]` one below the other."""
    if node.open not in ("[", "("):
        elab.error("unreadable", "a list has no meaning here", node.span)
    if any(isinstance(item, Dots) for item in body.items):
        return _columns_with_dots(elab, body)
    if all(sep == ";" for sep in body.seps) and node.open == "[":
        return column(elab, body.items, node.span)
    tensors = [elab.tensor(item) for item in body.items]
    op.same_shape(elab, *tensors)
    if node.open == "[" and _commute(tensors) and takes(elab, "commutator"):
        both = [op.multiply(elab, a, b, node.span) for a, b in (tensors, tensors[::-1])]
        return op.apply(elab, algebra.subtract, *both, span=node.span)
    numbers = all(not t.axes for t in tensors)
    if numbers:
        elab.session.ambiguities.add("list")
    if numbers and not elab.options.row_lists:
        return op.apply(elab, lambda *ts: algebra.block([[t] for t in ts]), *tensors, span=node.span)
    if node.open == "(" and not numbers:
        elab.error("unreadable", "a list has no meaning here", node.span)
    return op.apply(elab, lambda *ts: algebra.block([list(ts)]), *tensors, span=node.span)


def _commute(tensors: Sequence[Tensor]) -> bool:
    """Whether these are two square matrices of one size, of which `[A, B]` may be the commutator."""
    return len(tensors) == 2 and all(algebra.is_square(t) and t.shape == tensors[0].shape for t in tensors)


def column(elab: Elaborator, nodes: Sequence[Node], span: Span) -> Tensor:
    """Numbers and vectors (or matrices) one below the other."""
    tensors = [elab.tensor(n) for n in nodes]
    return op.apply(elab, lambda *ts: algebra.block([[t] for t in ts]), *tensors, span=span)


def _columns_with_dots(elab: Elaborator, body: Listing) -> Tensor:
    """`[f(1), \\dots, f(n)]`: the first item with 1 in place of the index of the last, where the two agree."""
    places = [k for k, item in enumerate(body.items) if isinstance(item, Dots)]
    if len(places) != 1 or places[0] != len(body.items) - 2 or places[0] < 1:
        elab.error("unreadable", "a list with dots needs its first and last item", body.span)
    general = elab.generalised(body.items[0], body.items[-1])
    if general is None:
        elab.error("unreadable", "the first and the last item of this list do not show one pattern", body.span)
    index, tensor = general
    listed = op.apply(elab, lambda t: algebra.columns(index, t), tensor, span=body.span)
    if not tensor.axes and takes(elab, "list with dots as a column"):
        return algebra.as_column(listed)
    return listed


MOST_ENTRIES = 100


def grid(elab: Elaborator, node: Grid) -> Tensor:
    if node.kind == "cases":
        return _cases(elab, node)
    if sum(map(len, node.rows)) > MOST_ENTRIES:
        message = f"a matrix of more than {MOST_ENTRIES} entries written out is not decided"
        elab.error("unsupported", message, node.span, help="give it a name")
    rows = [[elab.tensor(cell) for cell in row] for row in node.rows]
    if any(isinstance(cell, Dots) for row in node.rows for cell in row):
        elab.error("unsupported", "a matrix with dots has no meaning here yet", node.span)
    _fit_blocks(elab, rows)
    flat = [cell for row in rows for cell in row]
    width = len(rows[0]) if rows else 0
    if not flat or any(len(row) != width for row in rows):
        elab.error("unreadable", "the rows of this matrix have different lengths", node.span)

    def build(*cells: Tensor) -> Tensor:
        return algebra.block([list(cells[k : k + width]) for k in range(0, len(cells), width)])

    made = op.apply(elab, build, *flat, span=node.span)
    if node.open == "|":
        return op.apply(elab, algebra.det, made, span=node.span)
    return op.apply(elab, lambda t: algebra.norm(t), made, span=node.span) if node.open == "‖" else made


def _fit_blocks(elab: Elaborator, rows: Sequence[Sequence[Tensor]]) -> None:
    """Unknown sizes of blocks (`I`) from their neighbours: one height in a row, one width in a column."""
    lines = [(0, row) for row in rows] + [
        (1, [r[k] for r in rows if k < len(r)]) for k in range(len(rows[0]) if rows else 0)
    ]
    for axis, cells in lines:
        dims = [c.shape[axis] for c in cells if len(c.axes) == 2]
        for dim in dims[1:]:
            op.agree(elab, dims[0], dim)


# conditions --------------------------------------------------------------------------------------------------


def condition_tensor(elab: Elaborator, node: Node) -> Tensor:
    """A condition, entry by entry where tensors are compared: `h > 0`, `i < j \\le n`, `a = 1, b = 2`."""
    if isinstance(node, Group) and node.open in ("(", "[", "{"):
        return condition_tensor(elab, node.body)
    if isinstance(node, Listing):
        parts = [condition_tensor(elab, item) for item in node.items if not isinstance(item, Words)]
        return algebra.entrywise(lambda *bodies: Logic("and", bodies), *parts) if len(parts) > 1 else parts[0]
    if not isinstance(node, Relation):
        elab.error("unreadable", "a condition is expected here", node.span)
    if node.relations == ("\\in",):
        member = membership(elab, node)
        if member is not None:
            return condition_tensor(elab, member[1])
        low, high, _ = elab.integer_range(node.operands[1])
        value = elab.integer(node.operands[0])
        return scalar(Logic("and", (Compare("<=", low, value), Compare("<=", value, high))))
    operands = [elab.tensor(o) for o in node.operands]
    parts = []
    for k, relation in enumerate(node.relations):
        if relation not in COMPARE:
            elab.error("unsupported", "this relation has no meaning as a condition", node.relation_spans[k])
        parts.append(
            op.entrywise(
                elab,
                lambda a, b, r=COMPARE[relation]: algebra.entrywise(lambda x, y: Compare(r, x, y), a, b),
                operands[k],
                operands[k + 1],
                span=node.span,
            )
        )
    return algebra.entrywise(lambda *bodies: Logic("and", bodies), *parts) if len(parts) > 1 else parts[0]


def indicator(elab: Elaborator, node: Node) -> Tensor:
    """1 where the condition holds, else 0."""
    condition = condition_tensor(elab, node)
    return algebra.entrywise(lambda body: Cases(((body, ONE),), ZERO), condition)


def indicator_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\mathbb{1}\\{h > 0\\}`, `\\mathbf{1}[i = j]`, `\\mathbb{1}_{x > 0}`."""
    node = items[k][1]
    one = node.base if isinstance(node, Scripted) else node
    if not ((isinstance(one, Name) and one.text == "1") or (isinstance(one, Num) and one.text == "1")):
        return None
    if isinstance(node, Scripted) and isinstance(node.sub, Relation | Group) and _marks(one, node.sub):
        rest = Scripted(span=node.span, base=one, sup=node.sup, primes=node.primes)
        return decorate(elab, indicator(elab, node.sub), rest), k + 1
    if isinstance(node, Scripted) or k + 1 >= len(items) or items[k + 1][0] != "":
        return None
    following = items[k + 1][1]
    fence = following.base if isinstance(following, Scripted) else following
    if not isinstance(fence, Group) or not _is_condition(fence.body):
        return None
    value = indicator(elab, fence.body)
    return (decorate(elab, value, following) if isinstance(following, Scripted) else value), k + 2


def _marks(one: Node, below: Node) -> bool:
    """Whether a 1 with something below is an indicator: a bold one always, a plain one above a condition."""
    return isinstance(one, Name) or _is_condition(below.body if isinstance(below, Group) else below)


def _is_condition(node: Node) -> bool:
    return isinstance(node, Relation) or (
        isinstance(node, Listing) and bool(node.items) and all(isinstance(i, Relation) for i in node.items)
    )


def _cases(elab: Elaborator, node: Grid) -> Tensor:
    """`\\begin{cases} a & x > 0 \\\\ b & \\text{otherwise} \\end{cases}`."""
    branches: list[tuple[Tensor, Tensor]] = []
    otherwise: Tensor | None = None
    for row in node.rows:
        cells = list(row)
        value = elab.tensor(cells[0])
        condition = elab.without_words(cells[1:])
        if condition is None:
            otherwise = value
        else:
            branches.append((condition_tensor(elab, condition), value))
    tensors = [t for pair in branches for t in pair] + ([otherwise] if otherwise is not None else [])
    last = otherwise is not None

    def build(*bodies: Term) -> Term:
        pairs = bodies[:-1] if last else bodies
        return Cases(tuple((pairs[k], pairs[k + 1]) for k in range(0, len(pairs), 2)), bodies[-1] if last else None)

    return op.entrywise(elab, lambda *ts: algebra.entrywise(build, *ts, operation="cases"), *tensors, span=node.span)
