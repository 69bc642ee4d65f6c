"""Derivatives in the language: `\\partial y/\\partial x`, `\\frac{d}{dt}`, `\\partial^+`, `\\nabla`, chains of them.

A derivative is read as a `Derivative` node over the axes of what is differentiated, then those of the variable. The
layout of the contract is put on last, on a whole chain of factors: factors that chain (denominator of one,
numerator of the next) contract over that variable whatever the layout. Derivatives of functions by their argument
(`f'(x)`, `\\nabla f(x)`) are in derivatives_functions.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.derivatives.at import at_point_handler
from derivcheck.language.derivatives.functions import FUNCTION_HANDLERS, bare_function
from derivcheck.language.derivatives.inverse import beside, by_inverse, is_upside_down, solved_for
from derivcheck.language.derivatives.parts import Written, core, items_of, leading_terms, of_fraction, of_slash
from derivcheck.language.elaboration.customs import takes
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import BigOp, Frac, Group, Node, Scripted, Span, Symbol
from derivcheck.language.parsing.trees import children as subtrees
from derivcheck.language.parsing.trees import renamed
from derivcheck.record import dataclass, replace
from derivcheck.terms.algebra import ShapeMismatch, as_column, contract, is_row, single
from derivcheck.terms.build import MINUS_ONE, add, number
from derivcheck.terms.differentiate import push
from derivcheck.terms.dim import ONE as DIM_ONE
from derivcheck.terms.integers import difference, same
from derivcheck.terms.model import Model
from derivcheck.terms.node import Derivative, Entry, Index, Mul, Power, Term, Var, fresh, substitute, walk
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import UNBOUNDED, depends, family_indices, is_family, latest, reaches, states

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item
    from derivcheck.language.scope import Notation

Key = tuple[object, ...]

HIGHEST_ORDER = 8


@dataclass(frozen=True, slots=True)
class Variable:
    """What a derivative is taken by: an entry over `axes` (a name, an entry, a member of a family, an alias), and
    `outer`: the derivative of the written expression by that entry, where it is not the entry itself (`\\sigma^2`)."""

    axes: tuple[Index, ...]
    entry: Entry
    outer: Term | None = None
    row: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """A derivative (or a chain of them): value over the axes of the numerator (`tops` of them), then the rest.
    Keys say which variables stand above and below, None where they are not plain variables. A `1 x n` row counts
    as n numbers; `row_above`, `row_below` say where one stood, for the shape of a gradient by it."""

    value: Tensor
    tops: int
    above: Key | None
    below: Key | None
    row_above: bool = False
    row_below: bool = False


# Handlers ---------------------------------------------------------------------------------------------------------


def derivative_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """A derivative with the factors that chain to it."""
    found = _factor(elab, items, k)
    if found is None:
        return None
    factor, end = found
    factor, end = _chain(elab, factor, items, end)
    return laid_out(elab, factor), end


def nabla_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\nabla_x f`, `\\nabla_x^2 f`, `\\partial_x f`: by the variable below; what follows is differentiated."""
    node = items[k][1]
    sign = core(node)
    if not isinstance(node, Scripted) or not isinstance(sign, Symbol) or node.sub is None:
        return None
    if sign.text not in ("\\nabla", "\\partial"):
        return None
    variable = read_variable(elab, node.sub)
    if k + 1 >= len(items):
        elab.error("missing-argument", "nothing follows to be differentiated", node.span)
    body, end = _operand(elab, items, k + 1, variable)
    order = 2 if node.sup is not None and _is_two(node.sup) else 1
    factor = differentiated(elab, body, [variable] * order, immediate=elab.options.immediate)
    return laid_out(elab, factor), end


HANDLERS = (*FUNCTION_HANDLERS, at_point_handler, derivative_handler, nabla_handler)


def derivative(elab: Elaborator, node: Node) -> Tensor | None:
    """The meaning of one node that is a derivative in full, else None."""
    items = items_of(node)
    for handler in HANDLERS:
        found = handler(elab, items, 0)
        if found is not None and found[1] == len(items):
            return found[0]
    return None


def _is_two(sup: Node) -> bool:
    return getattr(sup, "text", "") == "2"


def _operand(elab: Elaborator, items: Sequence[Item], k: int, variable: Variable) -> tuple[Tensor, int]:
    """What an operator differentiates: the next factor where that is a number that depends on the variable, else the
    product that follows."""
    from derivcheck.language.elaboration.products import factor

    first, end = factor(elab, items, k)
    if not single(first).axes and reaches(model_of(elab), first.body, variable.entry.symbol):
        return first, end
    end = elab.reach(items, k)
    return elab.product(items[k:end]), end


# One derivative ---------------------------------------------------------------------------------------------------


def _factor(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Factor, int] | None:
    node = items[k][1]
    written, end = of_fraction(node) if isinstance(node, Frac) else None, k + 1
    if written is None:
        slash = of_slash(items, k)
        if slash is None:
            return None
        written, end = slash
    notation = _notation(elab, written)
    if notation is not None:
        return notation, end
    if not written.numerator:
        if end >= len(items):
            elab.error("missing-argument", "nothing follows to be differentiated", written.span)
        start, end = end, elab.reach(items, end)
        written = replace(written, numerator=(("", items[start][1]), *items[start + 1 : end]))
    factor = _read(elab, written)
    return None if factor is None else (factor, end)


def _notation(elab: Elaborator, written: Written) -> Factor | None:
    """A given that defines exactly this derivative as notation, whatever a sum calls its index."""
    for notation in elab.scope.notations if written.text is not None else ():
        meaning = _meaning(elab, notation, written)
        if meaning is not None:
            others = tuple(n for n in elab.scope.notations if n is not notation)
            inner = replace(elab, scope=replace(elab.scope, notations=others))
            value = inner.session.settle(inner.tensor(meaning))
            numerator = _numerator(inner, written, [])
            row = numerator is not None and is_row(numerator)
            above = as_column(numerator) if numerator is not None else None
            below = read_variable(inner, written.variables[0]) if len(written.variables) == 1 else None
            if is_row(value) and (row or (below is not None and below.row)):
                value = as_column(value)
            tops = len(above.axes) if above is not None else 0
            return Factor(value, tops, _key(above), _variable_key(below), row, below is not None and below.row)
    return None


def _meaning(elab: Elaborator, notation: Notation, written: Written) -> Node | None:
    """What the notation says of this derivative: as it stands, or with a bound index for its own subscript."""
    if notation.key == written.text:
        return notation.meaning
    for subscript in (name for name in notation.parameters if name not in elab.bound):
        for index in elab.bound:
            if canonical(renamed(notation.left, subscript, index)) == written.text:
                return renamed(notation.meaning, subscript, index)
    return None


def _read(elab: Elaborator, written: Written) -> Factor | None:
    variables = [read_variable(elab, node) for node in written.variables]
    body = _numerator(elab, written, variables)
    if body is None:
        return None
    if written.letter and _is_quotient(elab, written, body, variables):
        return None
    immediate = written.immediate or elab.options.immediate
    return differentiated(elab, body, variables, immediate)


def _numerator(elab: Elaborator, written: Written, variables: Sequence[Variable]) -> Tensor | None:
    items = (("", written.numerator[0][1]), *written.numerator[1:]) if written.numerator else ()
    if not items:
        return None
    if len(items) == 1:
        function = bare_function(elab, items[0][1], [Tensor(v.axes, v.entry) for v in variables])
        if function is not None:
            return function
    return elab.session.settle(elab.product(items))


def _is_quotient(elab: Elaborator, written: Written, body: Tensor, variables: Sequence[Variable]) -> bool:
    """`\\frac{d \\mu}{d \\sigma}` where `d` is a number of the problem and the one does not depend on the other."""
    if "d" not in elab.scope.names:
        return False
    return not any(reaches(model_of(elab), body.body, v.entry.symbol) for v in variables)


def model_of(elab: Elaborator) -> Model:
    """The model as this line sees it, with what the line itself introduced."""
    if not elab.session.declared:
        return elab.scope.model
    return replace(elab.scope.model, declarations={**elab.scope.model.declarations, **elab.session.declared})


def read_variable(elab: Elaborator, node: Node) -> Variable:
    """What stands below: a name, entry, family member or alias of one; or a function of one number (`\\sigma^2`)."""
    tensor = elab.session.settle(elab.tensor(node))
    axes = tensor.axes
    row = is_row(tensor)  # declared as one, or `\\partial x^\\top`: the gradient of a number by it is a row too
    if is_row(tensor):  # a row, or a transposed vector (numerator layout, written out)
        tensor = as_column(tensor)
        axes = tensor.axes
    if isinstance(tensor.body, Entry):
        inside = tuple(fresh(a.name, a.dim) for a in axes)
        renamed = substitute(tensor.body, {a: Var(b) for a, b in zip(axes, inside, strict=True)})
        assert isinstance(renamed, Entry)
        return Variable(inside, renamed, row=row)
    leaves = {t for t in walk(tensor.body) if isinstance(t, Entry)}
    if axes or len(leaves) != 1:
        elab.error("unsupported", "a derivative by this expression has no meaning here", node.span)
    entry = leaves.pop()
    outer = push(Derivative(tensor.body, entry), elab.scope.model)
    return Variable((), entry, outer)


def within_order(elab: Elaborator, body: Term, more: int, span: Span | None = None) -> None:
    """Derivatives of very high order are not taken: the terms would grow without end."""
    while isinstance(body, Derivative):
        more, body = more + 1, body.body
    if more > HIGHEST_ORDER:
        elab.error("unsupported", f"a derivative of an order above {HIGHEST_ORDER} is not decided", span)


def differentiated(elab: Elaborator, body: Tensor, variables: Sequence[Variable], immediate: bool) -> Factor:
    """The derivative over the axes of the body, then of each variable in the order written."""
    body = elab.session.settle(body)
    row = is_row(body)
    body = (as_column(body) if row else body).renamed()
    model = model_of(elab)
    at = _present(model, body.body) if immediate else ()
    term, axes = body.body, []
    within_order(elab, term, len(variables))
    for variable in reversed(variables):
        inside = tuple(fresh(a.name, a.dim) for a in variable.axes)
        wrt = substitute(variable.entry, {a: Var(b) for a, b in zip(variable.axes, inside, strict=True)})
        assert isinstance(wrt, Entry)
        held = _held(model, body.body, wrt)
        source = _solved_for(elab, model, body, wrt, variables)
        term = by_inverse(model, term, wrt, source) if source else Derivative(term, wrt, held, immediate, at)
        if variable.outer is not None:
            term = Mul((term, Power(variable.outer, MINUS_ONE)))
        axes = [*inside, *axes]
    below = _variable_key(variables[0]) if len(variables) == 1 else None
    row_below = len(variables) == 1 and variables[0].row
    return Factor(Tensor((*body.axes, *axes), term), len(body.axes), _key(body), below, row, row_below)


def _solved_for(
    elab: Elaborator, model: Model, body: Tensor, wrt: Entry, variables: Sequence[Variable]
) -> Entry | None:
    """Where a name that is computed beside the body stands below: what its definition is solved for, if that can be
    said; else it is noted that something else may be meant."""
    if not beside(model, body.body, wrt.symbol):
        return None
    source = solved_for(model, body.body, wrt)
    if source is not None and len({v.entry.symbol for v in variables}) == 1:
        elab.session.ambiguities.add("inverse function")
        return None if elab.options.no_inverse else source
    if not is_upside_down(model, body.body, body.axes, wrt):
        elab.session.ambiguities.add("what is computed through " + wrt.symbol)
    return None


def _held(model: Model, body: Term, wrt: Entry) -> tuple[Entry, ...]:
    """Where the state is made of several families, a derivative of a later time by one of them holds the others."""
    carried = states(model)
    if wrt.symbol not in carried:
        return ()
    here = family_indices(model, wrt)
    members = [e for e in walk(body) if isinstance(e, Entry) and is_family(model, e.symbol)]
    timed = [e for e in members if e.symbol in carried or carried & depends(model, e.symbol)]
    now = [e for e in timed if same(family_indices(model, e)[:1], here[:1])]
    if len(timed) == len(now) or any(e.symbol != wrt.symbol for e in now):
        return ()
    others = [s for s in sorted(carried) if s != wrt.symbol and s in depends(model, wrt.symbol)]
    counts = {s: len(model.declarations[s].family) for s in others}
    return tuple(Entry(s, here) for s in others if counts[s] == len(here))


def _present(model: Model, body: Term) -> tuple[Term, ...]:
    """The time at which an immediate derivative is taken, so that all earlier states are held: that of a state that is
    differentiated; else the step after the latest state that the expression is computed from."""
    carried = states(model)
    if isinstance(body, Entry) and body.symbol in carried:
        return family_indices(model, body)
    found: tuple[Term, ...] = ()
    for entry in walk(body):
        if not isinstance(entry, Entry) or not is_family(model, entry.symbol):
            continue
        first, *rest = family_indices(model, entry)
        steps = [0.0 if s == entry.symbol else latest(model, entry.symbol, s) for s in carried]
        known = [step for step in steps if abs(step) != UNBOUNDED]
        if not known:
            continue
        after = add(first, number(int(max(known)) + 1))
        ahead = difference(after, found[0]) if found else None
        if not found or (ahead is not None and ahead > 0):
            found = (after, *rest)
    return found


def _key(tensor: Tensor | None) -> Key | None:
    """What identifies a plain variable, whatever its axes are called."""
    if tensor is None or not isinstance(tensor.body, Entry):
        return None
    places = {Var(a): k for k, a in enumerate(tensor.axes)}
    return (tensor.body.symbol, *(places.get(i, i) for i in tensor.body.indices))


def _variable_key(variable: Variable | None) -> Key | None:
    if variable is None or variable.outer is not None:
        return None
    return _key(Tensor(variable.axes, variable.entry))


# Chains -----------------------------------------------------------------------------------------------------------


def _chain(elab: Elaborator, factor: Factor, items: Sequence[Item], k: int) -> tuple[Factor, int]:
    """The factors after a derivative that chain to it, contracted."""
    while k < len(items) and items[k][0] in ("", "\\cdot", "\\times") and factor.below is not None:
        found = _next(elab, factor, items, k)
        if found is None:
            break
        following, k = found
        factor = _joined(elab, factor, following, Span(items[0][1].span.start, items[k - 1][1].span.end))
    return factor, k


def _next(elab: Elaborator, before: Factor, items: Sequence[Item], k: int) -> tuple[Factor, int] | None:
    """The factor at k where it chains to `before`: a derivative of its variable, a bracketed sum of such, or an
    ordered product of step Jacobians."""
    node = items[k][1]
    plain = replace(elab, options=replace(elab.options, layout="default"))
    if _is_product_of_derivatives(node):
        from derivcheck.language.elaboration.products import factor

        value, end = factor(plain, items, k)
        value = elab.session.settle(value)
        if len(value.axes) == 2 and before.value.shape[-1:] == value.shape[:1]:
            return Factor(value, 1, before.below, None), end
        return None
    if isinstance(node, Group):
        terms = leading_terms(node) or []
        firsts = [_factor(plain, term, 0) for term in terms if _begins_with_derivative(term)]
        if firsts and all(f is not None and f[0].above == before.below for f in firsts):
            value = elab.session.settle(plain.tensor(node.body))
            tops = firsts[0][0].tops if firsts[0] is not None else 0
            whole = len(firsts) == len(terms)  # else the other terms are shorthand for derivatives of that variable
            if whole or value.shape[:tops] == before.value.shape[len(before.value.axes) - tops :]:
                return Factor(value, tops, before.below, _common_below(plain, terms) if whole else None), k + 1
        return None
    found = _factor(plain, items, k) if _begins_with_derivative(items[k:]) else None
    return found if found is not None and found[0].above == before.below else None


def _begins_with_derivative(items: Sequence[Item]) -> bool:
    node = items[0][1]
    return (isinstance(node, Frac) and of_fraction(node) is not None) or of_slash(items, 0) is not None


def _is_product_of_derivatives(node: Node) -> bool:
    """`\\prod_k \\frac{\\partial h_k}{\\partial h_{k-1}}`, bare or in a bracket. (Where it is bare its factors are the
    items after it, so the sign alone counts.)"""
    if isinstance(node, Group) and node.open in ("(", "["):
        inner = items_of(node.body)
        return isinstance(core(inner[0][1]), BigOp) and any(_has_derivative(n) for _, n in inner)
    return isinstance(node, BigOp) and node.text == "prod"


def _has_derivative(node: Node) -> bool:
    if isinstance(node, Frac) and of_fraction(node) is not None:
        return True
    return any(_has_derivative(child) for child in subtrees(node))


def _common_below(elab: Elaborator, terms: Sequence[Sequence[Item]]) -> Key | None:
    """The variable that every product of a sum ends with, so that a chain may go on."""
    last = []
    for term in terms:
        found = _factor(elab, term, len(term) - 1) if isinstance(term[-1][1], Frac) else None
        last.append(None if found is None else found[0].below)
    return last[0] if len(set(last)) == 1 else None


def _joined(elab: Elaborator, left: Factor, right: Factor, span: Span) -> Factor:
    """Two factors contracted over the variable between them (all of its axes)."""
    a, b = left.value.renamed(), right.value.renamed()
    count = right.tops
    try:
        value = contract(a, b) if count == 1 else _contract_all(a, b, count)
    except ShapeMismatch as clash:
        elab.mismatch("factors of a chain rule", clash.shapes[0], clash.shapes[-1], span)
    return Factor(value, left.tops, left.above, right.below, left.row_above, right.row_below)


def _contract_all(a: Tensor, b: Tensor, count: int) -> Tensor:
    """The sum over the last `count` axes of a and the first of b (none: the plain product)."""
    from derivcheck.terms.algebra import axis_sum

    kept, gone = a.axes[: len(a.axes) - count], a.axes[len(a.axes) - count :]
    body: Term = Mul((a.body, b.at([*(Var(g) for g in gone), *(Var(i) for i in b.axes[count:])])))
    for index in reversed(gone):
        body = axis_sum(index, body)
    return Tensor((*kept, *b.axes[count:]), body)


# Layout -----------------------------------------------------------------------------------------------------------


def laid_out(elab: Elaborator, factor: Factor) -> Tensor:
    """The value in the layout in force: numerator makes the gradient of a number a row (of a matrix: transposed),
    denominator puts the variable's axes first."""
    layout = elab.options.layout if elab.options.layout != "default" else elab.scope.layout or "default"
    value = factor.value.renamed()
    tops, rest = value.axes[: factor.tops], value.axes[factor.tops :]
    if (factor.row_below and not tops and len(rest) == 1) or (factor.row_above and not rest and len(tops) == 1):
        return Tensor((fresh("r", DIM_ONE), *value.axes), value.body)
    of_row = layout == "default" and factor.row_above and not factor.row_below
    if of_row and rest and takes(elab, "derivative of a row"):
        return Tensor((*rest, *tops), value.body)
    if layout == "numerator" and not tops:
        if len(rest) == 1:
            return Tensor((fresh("r", DIM_ONE), *rest), value.body)
        return Tensor(tuple(reversed(rest)), value.body)
    if layout == "denominator" and tops and rest:
        return Tensor((*rest, *tops), value.body)
    return value


