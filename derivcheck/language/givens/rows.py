"""Rows of the table of given lines: memberships, unknown functions, conventions, notations, domains."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.clauses import Range
from derivcheck.language.elaboration.declaring import Place, declare_name, dims_of, read_place, with_dims
from derivcheck.language.elaboration.dims import read_shape
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.functions import ENTRYWISE, STEPS
from derivcheck.language.elaboration.products import core
from derivcheck.language.elaboration.session import has_unknown
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.assumptions import assumption
from derivcheck.language.givens.definitions import definable
from derivcheck.language.givens.line import Line
from derivcheck.language.parsing.names import canonical, is_number_set
from derivcheck.language.parsing.syntax import (
    BigOp,
    Dots,
    Frac,
    Func,
    Grid,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Span,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.language.reading import claim_of
from derivcheck.language.scope import Notation, Scope
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Domain, FunctionSymbol
from derivcheck.terms.node import Entry, Var
from derivcheck.terms.tensor import Tensor


def membership(line: Line) -> Scope | None:
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
        if not place.shape and place.domain.kind == "real":
            scope = replace(scope, model=replace(scope.model, said=scope.model.said | {declared}))
        if place.symmetric:
            scope = _symmetric(scope, declared, place.symmetric, node.span)
    return scope


def counted(names: Sequence[Node]) -> tuple[Scripted, Range] | None:
    """`x_1, x_2, \\dots, x_n` as a family: one member of it and the range of its index."""
    if len(names) < 3 or not isinstance(names[-2], Dots):
        return None
    written = [n for n in (*names[:-2], names[-1]) if isinstance(n, Scripted) and n.sup is None]
    if len(written) != len(names) - 1 or len({(canonical(n.base), n.primes) for n in written}) != 1:
        return None
    subs = [n.sub for n in written]
    first, last = subs[0], subs[-1]
    if not isinstance(first, Num) or last is None or isinstance(last, Num):
        return None
    counts = [str(int(first.text) + k) for k in range(len(subs) - 1)] if first.text.isdigit() else []
    if [canonical(s) if s is not None else None for s in subs[:-1]] != counts:
        return None
    index = Name(span=last.span, text="i")
    return replace(written[0], sub=index), Range((index,), first, last, last.span)


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
    if domain.kind != "real":
        return _of_kind(elab, scope, node, tensor, domain)
    for bound, relation in (
        (domain.low, ">" if domain.low_strict else ">="),
        (domain.high, "<" if domain.high_strict else "<="),
    ):
        if bound is not None:
            scope = replace(
                scope, model=scope.model.assume(claim_of(elab, tensor, relation, Tensor((), bound), node.span))
            )
    return scope


def _of_kind(elab: Elaborator, scope: Scope, node: Node, tensor: Tensor, domain: Domain) -> Scope:
    """`y_i \\in \\{0, 1\\}`: every entry of a free name is of this kind."""
    body = tensor.body
    declaration = scope.model.declarations.get(body.symbol) if isinstance(body, Entry) else None
    indices = body.indices if isinstance(body, Entry) else ()
    every = all(isinstance(i, Var) for i in indices) and len(set(indices)) == len(indices)
    if declaration is None or not every or declaration.definitions:
        elab.error("unsupported", "what is said of this entry alone is not understood", node.span)
    return scope.declare(replace(declaration, domain=domain))


def _symmetric(scope: Scope, name: str, kind: str, span: Span) -> Scope:
    """Membership in a set of symmetric (positive) matrices as assumptions."""
    from derivcheck.language.elaboration.resolve import member
    from derivcheck.terms.algebra import transpose, zeros

    matrix = member(scope.model.declarations[name], ())
    scope = replace(scope, model=scope.model.assume(Claim(transpose(matrix), "=", matrix)))
    if kind in ("succ", "succeq"):
        scope = replace(scope, model=scope.model.assume(Claim(matrix, kind, zeros(*matrix.shape))))
    return scope


def law_of_members(line: Line) -> Scope | None:
    """`x_i \\sim \\mathcal{N}(0, \\sigma^2) \\text{ for } i = 1, \\dots, n`: the family is declared by its law."""
    from derivcheck.language.givens.laws import law_row

    node = line.node
    elab = line.elab()
    names = (*line.piece.names, node.operands[0])
    if node.relations != ("\\sim",) or not line.ranges or any(definable(elab, n) is None for n in names):
        return None
    items = node.operands[1].items if isinstance(node.operands[1], Product) else ()
    body = items[1][1].body if len(items) == 2 and isinstance(items[1][1], Group) else None
    if body is None:
        return None
    arguments = [elab.tensor(n) for n in (body.items if isinstance(body, Listing) else (body,))]
    shape = next((t.shape[:1] for t in arguments if t.axes and not has_unknown(t.shape[0])), ())
    scope = line.scope
    for name in names:
        scope, _ = declare_name(scope, name, Place(Domain(), shape), line.ranges)
    return law_row(replace(line, scope=scope))


def function(line: Line) -> Scope | None:
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
    if is_number_set(base):
        return read_shape(None if sup is not None and canonical(sup) in ("+", "*") else sup)
    if isinstance(base, Group):
        return read_shape(sup)
    raise Unreadable("unknown-set", "a set such as \\mathbb{R}^n is expected here", node.span)


def log_base(line: Line) -> Scope | None:
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


def product_order(line: Line) -> Scope | None:
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


def notation(line: Line) -> Scope | None:
    """A derivative as notation: `\\frac{\\partial C}{\\partial W} = \\frac{\\partial^+ C}{\\partial W}`; a definition
    of a standard operator over a dummy (`\\operatorname{vec}(S)_{i+n(j-1)} = S_{ij}`), which says nothing new."""
    node = line.node
    if node.relations not in (("=",), (":=",)):
        return None
    left = node.operands[0]
    if _is_derivative(left):
        key = canonical(left)
        if key is None:
            return None
        notation = Notation(key, _subscripts(left, line.scope), left, node.operands[1])
        return replace(line.scope, notations=(notation, *line.scope.notations))
    return line.scope if _defines_operator(line, left) and not _steps(left, node.operands[1]) else None


def _steps(left: Node, right: Node) -> bool:
    """A smooth function by cases (`\\tanh(z)` as the sign of z) is another function of that name."""
    head = left.items[0][1] if isinstance(left, Product) else left
    return (
        isinstance(right, Grid) and right.kind == "cases"
        and isinstance(head, Func) and head.text in ENTRYWISE.keys() - STEPS
    )  # fmt: skip


def _subscripts(left: Node, scope: Scope) -> tuple[str, ...]:
    """The letters below its names that are no part of a name (the `t` of `C_t`, not the `g` of `W_g`)."""
    named = [n for n in walk(left) if isinstance(n, Scripted) and canonical(n) not in scope.model.declarations]
    return tuple(dict.fromkeys(n.sub.text for n in named if isinstance(n.sub, Name)))


def _is_derivative(node: Node) -> bool:
    from derivcheck.language.derivatives.parts import of_fraction

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


def _inside_bars(node: Node) -> Node:
    """The x of `|x| < 1`."""
    return node.body if isinstance(node, Group) and node.open == "|" and isinstance(node.body, Name) else node


def scalar_domain(line: Line) -> Scope | None:
    """`x > 0`, `b < 0`, `a, c > 0`, `0 < p_t < 1 \\text{ for } t = 1, \\dots, T` of names that nothing introduces:
    numbers (families of numbers, where the line gives a range) with that domain."""
    node = line.node
    if len(node.relations) > 2 or any(r not in ("<", "<=", ">", ">=", "!=") for r in node.relations):
        return None
    middle = 1 if len(node.relations) == 2 else 0
    elab = line.elab()
    names = (*line.piece.names, _inside_bars(node.operands[middle]))
    other = node.operands[1] if middle == 0 and isinstance(node.operands[0], Name) else None
    if isinstance(other, Name) and definable(elab, other) is not None:  # `a < b` of two new letters
        names = (*names, other)
    if any(definable(elab, n) is None or isinstance(n, Product) for n in names):
        return None
    if line.ranges and not all(isinstance(n, Scripted) and n.sub is not None for n in names):
        return None
    scope = line.scope
    for name in names:
        if canonical(name) is None:
            return None
        scope, _ = declare_name(scope, name, Place(Domain(), ()), line.ranges)
    return assumption(replace(line, scope=scope))
