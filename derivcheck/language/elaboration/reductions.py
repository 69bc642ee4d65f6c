"""Big operators: sums, products, maxima over an index, with or without limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from derivcheck.language.derivatives.extrema import extremum
from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.extents import is_d
from derivcheck.language.elaboration.falling import falls
from derivcheck.language.elaboration.memberships import listed_numbers, membership
from derivcheck.language.elaboration.products import core
from derivcheck.language.elaboration.ranges import axis, limits, tidy
from derivcheck.language.elaboration.real_variables import bound_in, real_variable
from derivcheck.language.elaboration.resolve import members_key
from derivcheck.language.elaboration.session import Session, Use, has_unknown, unknown_name
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    BigOp,
    Dots,
    Empty,
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
from derivcheck.language.parsing.trees import walk
from derivcheck.record import dataclass, replace
from derivcheck.terms import algebra
from derivcheck.terms.build import MINUS_ONE, ONE, add, number, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.integers import affine
from derivcheck.terms.node import (
    Constant,
    Derivative,
    Entry,
    Fold,
    Index,
    Integral,
    Limit,
    Logic,
    Reduce,
    Size,
    Term,
    Var,
    fresh,
    substitute,
)
from derivcheck.terms.node import walk as subterms
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

KINDS = {
    "sum": "sum",
    "prod": "prod",
    "max": "max",
    "min": "min",
    "sup": "max",
    "inf": "min",
    "argmax": "argmax",
    "argmin": "argmin",
}


@dataclass(frozen=True, slots=True)
class Binder:
    """One bound index as written: limits where they stand, else None (then found from the use). `index` is the
    pending index that the body is read with."""

    name: str
    index: Index
    lower: Term | None = None
    upper: Term | None = None
    dim: Dim | None = None


def bigop_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\sum_{i=1}^n a_i b_i`: the operator and the product that follows it."""
    node = items[k][1]
    big = core(node)
    if not isinstance(big, BigOp):
        return None
    span = Span(node.span.start, items[-1][1].span.end)
    rest = items[k + 1 :]
    if big.text in ("max", "min") and big.sub is None:
        return _plain_extreme(elab, big, items, k)
    if big.text == "lim":
        return _limit(elab, big, rest, span), len(items)
    if big.text == "int":
        return _integral(elab, big, rest, span), len(items)
    if big.text not in KINDS:
        elab.error("unsupported", f"\\{big.text} has no meaning here yet", big.span)
    if not rest:
        elab.error("missing-argument", f"\\{big.text} stands without what it is taken of", big.span)
    return reduction(elab, big, rest, span), len(items)


def reduction(elab: Elaborator, big: BigOp, rest: Sequence[Item], span: Span) -> Tensor:
    if big.sub is None and (name := _only_index(elab, rest)) is not None:
        elab.session.ambiguities.add("what the sum runs over")
        big = replace(big, sub=name)
    over_real = extremum(elab, big, rest, span)
    if over_real is not None:
        return over_real
    binders, where = binders_of(elab, big)
    for binder in binders:
        known = elab.declaration(binder.name)
        if known is not None and known.shape and not known.family:
            elab.error("unsupported", f"over all values of {binder.name}: this has no meaning here yet", span)
    inner = elab.with_indices({b.name: b.index for b in binders})
    body = inner.product([("", rest[0][1]), *rest[1:]])
    condition = [inner.condition(c) for c in where]
    return close(elab, KINDS[big.text], binders, body, condition, span)


def _only_index(elab: Elaborator, rest: Sequence[Item]) -> Node | None:
    """i of `\\sum x_i y_i`: the only letter below something that nothing else introduces."""
    below = [p.sub for _, node in rest for p in walk(node) if isinstance(p, Scripted) and p.sub is not None]
    letters = {
        key: node for sub in below for node in walk(sub)
        if isinstance(node, Name) and (key := canonical(node)) is not None and key not in elab.bound
        and elab.declaration(key) is None and key not in elab.scope.names
    }  # fmt: skip
    return next(iter(letters.values())) if len(letters) == 1 else None


# what stands below -------------------------------------------------------------------------------------------


def binders_of(elab: Elaborator, big: BigOp) -> tuple[list[Binder], list[Node]]:
    """The indices that an operator binds, outermost first, and the conditions on them."""
    if big.sub is None:
        elab.error("unreadable", f"\\{big.text} without an index", big.span)
    items = big.sub.items if isinstance(big.sub, Listing) else (big.sub,)
    upper = elab.integer(big.sup) if big.sup is not None else None
    binders: list[Binder] = []
    waiting: list[str] = []
    where: list[Node] = []
    for item in items:
        if isinstance(item, Product) and all(o == "" and isinstance(n, Name) for o, n in item.items):
            waiting += [_index_name(elab, n) for _, n in item.items]  # `\\sum_{ij}`
        elif isinstance(item, Name | Accent | Scripted):
            waiting.append(_index_name(elab, item))
        elif isinstance(item, Relation):
            made, conditions = _from_relation(elab, item, waiting, upper)
            binders += made
            where += conditions
            waiting = []
        elif not isinstance(item, Dots):
            elab.error("unreadable", "an index, or an index with its range, is expected below the sign", item.span)
    binders += [_declared(elab, name, upper) for name in waiting]
    return binders, where


def _index_name(elab: Elaborator, node: Node) -> str:
    name = canonical(node)
    if name is None:
        elab.error("unreadable", "an index is expected here", node.span)
    return name


def _declared(elab: Elaborator, name: str, upper: Term | None = None) -> Binder:
    """An index that stands alone: its range is found from its use, else from its declaration."""
    return Binder(name, Index(fresh(name).name), ONE if upper is not None else None, upper)


def _from_relation(
    elab: Elaborator, node: Relation, waiting: Sequence[str], upper: Term | None
) -> tuple[list[Binder], list[Node]]:
    """`i = 1`, `i,j = 1`, `j \\ne i`, `j < i`, `1 \\le i < j \\le n`, `j \\in \\{1, \\dots, d\\}`."""
    relations = node.relations
    if relations == ("=",):
        names = [*waiting, *_names(elab, node.operands[0])]
        lower = elab.integer(node.operands[1])
        return [Binder(n, Index(fresh(n).name), lower, upper) for n in names], []
    if relations == ("\\in",) and not waiting and (member := membership(elab, node)) is not None:
        return [_declared(elab, member[0], upper)], [member[1]]
    if relations == ("\\in",) and (numbers := listed_numbers(node.operands[1])) is not None:
        names = [*waiting, *_names(elab, node.operands[0])]
        low, high = number(numbers[0]), number(numbers[-1])
        gaps = [value for value in range(numbers[0], numbers[-1]) if value not in numbers]
        return [Binder(n, Index(fresh(n).name), low, high) for n in names], [
            _differs(name, value, node.span) for name in names for value in gaps
        ]
    if relations == ("\\in",):
        names = [*waiting, *_names(elab, node.operands[0])]
        low, high, dim = elab.integer_range(node.operands[1])
        return [Binder(n, Index(fresh(n).name), low, high, dim) for n in names], []
    if relations[0] in ("\\colon", "|") and len(relations) > 1:
        return _from_relation_part(elab, node, waiting, upper)
    names = list(waiting)
    outer = set(elab.bound) | set(elab.scope.indices) | set(elab.session.letters)
    letters = [
        (k, c) for k, o in enumerate(node.operands) if isinstance(o, Name | Accent | Scripted) and (c := canonical(o))
    ]
    fresh_ones = [
        c
        for _, c in letters
        if c not in outer and elab.declaration(c) is None and c not in names and elab.scope.dimension(c) is None
    ]
    if not fresh_ones and not names and letters:
        fresh_ones = [letters[0][1]]
    names += fresh_ones
    made = [_bounded(elab, name, node) for name in names]
    exact = _between(made[0], node) if len(made) == 1 else None
    return ([exact], []) if exact is not None else (made, [node])


def _differs(name: str, value: int, span: Span) -> Node:
    """`x \\ne 0` for a gap in a list of numbers."""
    sign: Node = Num(span=span, text=str(abs(value)))
    right = sign if value >= 0 else Sum((("-", sign),), span=span)
    return Relation((Name(span=span, text=name), right), ("!=",), (span,), span=span)


def _from_relation_part(
    elab: Elaborator, node: Relation, waiting: Sequence[str], upper: Term | None
) -> tuple[list[Binder], list[Node]]:
    """`j : j \\ne i`: an index and a condition on it."""
    first = _names(elab, node.operands[0])
    rest = Relation(
        span=node.span,
        operands=node.operands[1:],
        relations=node.relations[1:],
        relation_spans=node.relation_spans[1:],
    )
    return [_declared(elab, n, upper) for n in [*waiting, *first]], [rest]


def _bounded(elab: Elaborator, name: str, node: Relation) -> Binder:
    """Limits that a chain such as `1 \\le i < j \\le n` states for one index: the nearest known ones on either side.
    The chain itself stays a condition."""
    place = next(k for k, o in enumerate(node.operands) if canonical(o) == name)
    lower = upper = None
    if all(r in ("<=", "<") for r in node.relations):
        before = [_limit_term(elab, o) for o in reversed(node.operands[:place]) if not isinstance(o, Empty)]
        after = [_limit_term(elab, o) for o in node.operands[place + 1 :] if not isinstance(o, Empty)]
        lower = next((t for t in before if t is not None), None)
        upper = next((t for t in after if t is not None), None)
        if upper is not None and node.relations[place] == "<" and len(after) == 1:
            upper = tidy(add(upper, MINUS_ONE))
    return Binder(name, Index(fresh(name).name), lower, upper)


def _between(binder: Binder, node: Relation) -> Binder | None:
    """`i < k \\le t` with two known limits says no more than a range does."""
    if len(node.operands) != 3 or canonical(node.operands[1]) != binder.name or binder.lower is None:
        return None
    if binder.upper is None or any(r not in ("<", "<=") for r in node.relations):
        return None
    return replace(binder, lower=tidy(add(binder.lower, ONE))) if node.relations[0] == "<" else binder


def _limit_term(elab: Elaborator, node: Node) -> Term | None:
    """A limit, unless it is another index that the same operator binds."""
    name = canonical(node)
    known = name is None or name in elab.bound or name in elab.scope.names or name in elab.session.letters
    return elab.integer(node) if known or (name is not None and name.isdigit()) else None


def _names(elab: Elaborator, node: Node) -> list[str]:
    nodes = node.items if isinstance(node, Listing) else (node,)
    return [_index_name(elab, n) for n in nodes]


# closing -----------------------------------------------------------------------------------------------------


def close(
    elab: Elaborator, kind: str, binders: Sequence[Binder], body: Tensor, where: Sequence[Term], span: Span
) -> Tensor:
    """Bind the pending indices, innermost last: each gets its range."""
    body = elab.session.settle(body)
    condition: Term | None = None
    if where:
        condition = where[0] if len(where) == 1 else Logic("and", tuple(where))
    for position, binder in reversed(list(enumerate(binders))):
        index, lower, upper = _range(elab, binder, span)
        value: dict[Index, Term] = {binder.index: Var(index)}
        body = Tensor(body.axes, substitute(body.body, value))
        lower, upper = substitute(lower, value), substitute(upper, value)
        condition = substitute(condition, value) if condition is not None else None
        here = condition if position == len(binders) - 1 else None
        if here is not None:
            condition = None
        body = _reduced(elab, kind, index, lower, upper, body, here, span)
        if here is None and condition is not None:
            condition = substitute(condition, value)
    return body


def _reduced(
    elab: Elaborator, kind: str, index: Index, lower: Term, upper: Term, body: Tensor, where: Term | None, span: Span
) -> Tensor:
    body = elab.session.settle(body)
    downwards = kind in ("prod", "sum") and where is None and falls(elab, lower, upper)
    if downwards:
        elab.session.ambiguities.add("counts down")
    if downwards and elab.options.falling_ranges:
        lower, upper = upper, lower
        if kind == "prod" and body.axes:
            return ordered_product(elab, index, lower, upper, body, "left", span)
    if kind == "prod" and body.axes:
        if where is not None:
            elab.error("unsupported", "a product of matrices over a condition", span)
        order = elab.options.product_order or elab.scope.product_order
        if order is None:
            order = "right"
            elab.session.ambiguities.add("product-order")
            elab.note("the order of the factors of the product of matrices is not stated: read from left to right")
        elif order == "left" and _counts_down(body.body, index):
            order = "right"  # `\\prod_l A_{t-l}`: the latest factor, leftmost, is the one with the least l
        return ordered_product(elab, index, lower, upper, body, order, span)
    if kind.startswith("arg") and body.axes:
        elab.error("unsupported", "the place of a maximum of something that is not a number", span)
    return Tensor(body.axes, Reduce(kind, index, lower, upper, body.body, where))


def _counts_down(body: Term, index: Index) -> bool:
    """Does every member in the factors have this index with a minus (`A_{t-l}`)?"""
    steps: set[bool] = set()
    for node in subterms(body):
        entries = [node] if isinstance(node, Entry) else [node.wrt] if isinstance(node, Derivative) else []
        for term in (term for entry in entries for term in entry.indices):
            step = affine(term).get(Var(index), 0)
            steps |= {step < 0} if step else set()
    return steps == {True}


def ordered_product(
    elab: Elaborator, index: Index, lower: Term, upper: Term, body: Tensor, order: str, span: Span
) -> Tensor:
    """The product of numbers, or the ordered product of matrices, of `body` over index = lower..upper."""
    body = elab.session.settle(body)
    if not body.axes:
        return Tensor((), Reduce("prod", index, lower, upper, body.body))
    if len(body.axes) != 2:
        elab.mismatch("a product of vectors", body.shape, body.shape, span)
    op.square(elab, body)
    body = elab.session.settle(body).renamed()
    rows, cols = body.axes
    out = (fresh("i", rows.dim), fresh("j", cols.dim))
    return Tensor(out, Fold(index, lower, upper, rows, cols, body.body, (Var(out[0]), Var(out[1])), order))


def _settled(session: Session, uses: Sequence[Use]) -> list[Use]:
    """The uses of an index with their dimensions as far as they are known: an axis of unknown length
    (`\\sum_i e_i e_i^\\top x`) is as long as the other axes that the index runs over."""
    plain = [session.solved(u.dim) for u in uses if u.dim is not None and u.shift == 0]
    for dim in sorted(plain, key=has_unknown)[1:]:
        if unknown_name(session.solved(dim)) is not None:
            session.unify(session.solved(dim), session.solved(min(plain, key=has_unknown)))
    return [replace(u, dim=session.solved(u.dim)) if u.dim is not None else u for u in uses]


def _different_lengths(elab: Elaborator, binder: Binder, uses: Sequence[Use], span: Span) -> NoReturn:
    """One index on axes of different length: the shapes do not conform (where no given says that they are equal)."""
    message = f"the index {binder.name} runs over axes of different length"
    dims = list(dict.fromkeys(u.dim for u in uses if u.dim is not None))
    known = len(dims) > 1 and all(u.dim is not None and u.shift == 0 and not has_unknown(u.dim) for u in uses)
    between = {n for d in dims for n in d.names}
    tied = any(
        c.relation == "=" and any(between & t.dim.names for t in (c.left.body, c.right.body) if isinstance(t, Size))
        for c in elab.scope.model.assumptions
    )
    if known and not tied:
        elab.mismatch(message, (dims[0],), (dims[1],), span)
    elab.error("ambiguous-range", message, span)


def _range(elab: Elaborator, binder: Binder, span: Span) -> tuple[Index, Term, Term]:
    """The final index of a binder with its limits."""
    lower, upper, dim = binder.lower, binder.upper, binder.dim
    session = elab.session
    if lower is None and upper is None and dim is None:
        uses = _settled(session, session.uses.get(binder.index, []))
        dim = axis(uses)
        if dim is None:
            lower, upper = limits(uses)
            if uses and (lower is None or upper is None) and len({u.dim for u in uses}) > 1:
                _different_lengths(elab, binder, uses, span)
    if lower is None and upper is None and dim is None and binder.name in elab.scope.indices:
        declared = elab.scope.indices[binder.name]
        lower, upper, dim = declared.lower, declared.upper, declared.index.dim
    if dim is not None:
        session.ran.setdefault(binder.name, (ONE, size(dim), dim))
        return fresh(binder.name, dim), ONE, size(dim)
    session_uses = session.uses.get(binder.index, [])
    if lower is None or upper is None:
        low, high = limits([u for u in session_uses if u.lower is not None and u.upper is not None])
        lower, upper = lower if lower is not None else low, upper if upper is not None else high
    if elab.declaration(binder.name) is not None and (lower is None or upper is None):
        elab.error("unsupported", f"over all values of {binder.name}: this has no meaning here yet", span)
    if (lower is None or upper is None) and not session_uses and binder.name in session.ran:
        lower, upper, dim = session.ran[binder.name]  # `\\sum_i x_i + \\sum_i c`
        return fresh(binder.name, dim), lower, upper
    if lower is None or upper is None:
        elab.error("unknown-range", f"the range of the index {binder.name} is not known", span)
    session.ran.setdefault(binder.name, (lower, upper, None))
    return fresh(binder.name), lower, upper


# maxima without an index, limits, integrals -------------------------------------------------------------------


def _plain_extreme(elab: Elaborator, big: BigOp, items: Sequence[Item], k: int) -> tuple[Tensor, int]:
    """`\\max(a, b)`, `\\max\\{a, b, c\\}`, `\\max(v)`."""
    from derivcheck.language.elaboration.functions import argument_nodes
    from derivcheck.language.elaboration.scripts import decorate

    end = elab.reach(items, k + 1, function=True)
    if end == k + 1:
        elab.error("missing-argument", f"\\{big.text} stands without an argument", big.span)
    argument = items[k + 1 : end]
    trailing = None
    if len(argument) == 1 and isinstance(argument[0][1], Scripted) and isinstance(argument[0][1].base, Group):
        trailing = argument[0][1]
        argument = [("", argument[0][1].base)]
    nodes = argument_nodes(argument)
    span = Span(big.span.start, items[end - 1][1].span.end)
    if nodes is None or len(nodes) == 1:
        tensor = elab.product(argument) if nodes is None else elab.tensor(nodes[0])
        result = op.apply(elab, lambda t: algebra.reduce_all(big.text, t), tensor, span=span)
    else:
        tensors = [elab.tensor(n) for n in nodes]
        result = tensors[0]
        for tensor in tensors[1:]:
            result = op.entrywise(
                elab, lambda a, b: algebra.apply_function(f"{big.text}2", a, b), result, tensor, span=span
            )
    return (decorate(elab, result, trailing) if trailing is not None else result), end


def _limit(elab: Elaborator, big: BigOp, rest: Sequence[Item], span: Span) -> Tensor:
    """`\\lim_{x \\to a} f(x)`."""
    sub = big.sub
    if not isinstance(sub, Relation) or sub.relations != ("\\to",) or not rest:
        elab.error("unreadable", "a limit needs what tends where: \\lim_{x \\to a}", big.span)
    name, variable = real_variable(elab, sub.operands[0])
    if len(rest) == 1 and _is_free_member(elab, rest[0][1]):
        elab.error("unsupported", "what these tend to is not said by what they are", rest[0][1].span)
    target = sub.operands[1]
    side = ""
    if isinstance(target, Scripted) and target.sup is not None and canonical(target.sup) in ("+", "-"):
        side = canonical(target.sup) or ""
        target = target.base
    point = elab.scalar(target)
    body = elab.with_values({name: variable}).product([("", rest[0][1]), *rest[1:]])
    body = bound_in(elab, name, variable.body, body)
    assert isinstance(variable.body, Entry)
    return Tensor(body.axes, Limit(variable.body.symbol, point, body.body, side))


def _is_free_member(elab: Elaborator, node: Node) -> bool:
    """`\\theta_t` of a family of which nothing more is known, also beside its limit `\\theta`."""
    inner = node.body if isinstance(node, Group) and node.open == "(" else node
    base = canonical(inner.base) if isinstance(inner, Scripted) and inner.sub is not None else None
    found = [elab.declaration(key) for key in (base, members_key(base))] if base is not None else []
    return any(d is not None and d.family and not d.definitions for d in found)


def _integral(elab: Elaborator, big: BigOp, rest: Sequence[Item], span: Span) -> Tensor:
    """`\\int_a^b f(x) \\, dx`, the differential at the end of the product (or of the numerator)."""
    from derivcheck.language.derivatives.antiderivatives import differential_apart

    items = list(differential_apart(rest))
    found = next((k for k in range(len(items) - 1) if is_d(items[k][1])), None)
    if found is None:
        elab.error("unreadable", "an integral needs its differential, as in \\int f(x) dx", span)
    name, variable = real_variable(elab, items[found + 1][1])
    inside = items[:found] + items[found + 2 :]
    inner = elab.with_values({name: variable})
    body = inner.product([("", inside[0][1]), *inside[1:]]) if inside else scalar(ONE)
    body = bound_in(elab, name, variable.body, body)
    if big.sub is not None and big.sup is not None:
        low, high = elab.scalar(big.sub), elab.scalar(big.sup)
    else:
        low, high = algebra.negate(scalar(Constant("infinity"))).body, Constant("infinity")
    assert isinstance(variable.body, Entry)
    return Tensor(body.axes, Integral(variable.body.symbol, low, high, body.body))
