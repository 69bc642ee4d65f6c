"""Derivatives of functions by their argument: `f'(x)`, `\\sigma'(a)`, `\\tanh'(x)`, `\\nabla f(x)`, `J_f(x)`.

A function that the givens define is differentiated by placeholders that stand for its arguments; the arguments
are put in afterwards, so that `f'(g(x))` is the derivative of f, not of the composition. A function of a number
acts entry by entry, and so does its derivative.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from derivcheck.language.derivatives.parts import core
from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.operations import apply
from derivcheck.language.elaboration.products import mentions_bare
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
    Accent,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Scripted,
    Span,
    Symbol,
)
from derivcheck.language.scope import FunctionMacro
from derivcheck.record import replace
from derivcheck.terms import algebra
from derivcheck.terms.algebra import entrywise, single, trace, transpose
from derivcheck.terms.build import ZERO
from derivcheck.terms.differentiate import push
from derivcheck.terms.model import FunctionSymbol, Model
from derivcheck.terms.node import Apply, Derivative, Entry, Lambda, Term, Var, fresh, replace_entries
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import depends

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

_numbers = itertools.count(1)


def placeholder(shape: tuple = ()) -> Tensor:
    """A variable that nothing else mentions, in place of an argument."""
    axes = tuple(fresh("i", dim) for dim in shape)
    return Tensor(axes, Entry(f"argument {next(_numbers)}", tuple(Var(a) for a in axes)))


# Which function ---------------------------------------------------------------------------------------------------


def function_named(elab: Elaborator, node: Node) -> FunctionMacro | FunctionSymbol | Callable[[Term], Term] | None:
    """The function that a name stands for: of the givens, unknown, or one row of the notation table."""
    from derivcheck.language.elaboration.functions import ENTRYWISE

    if isinstance(node, Func):
        return ENTRYWISE.get(node.text)
    key = canonical(node) if isinstance(node, Name | Accent | Scripted) else None
    if key is None or key in elab.bound:
        return None
    return elab.scope.functions.get(key) or elab.scope.function(key)


def arguments_in(elab: Elaborator, group: Group) -> list[Tensor]:
    nodes = group.body.items if isinstance(group.body, Listing) else (group.body,)
    return [elab.session.settle(elab.tensor(n)) for n in nodes]


def bracket_at(items: Sequence[Item], k: int) -> Group | None:
    """The bracket with arguments at items[k], with or without scripts on it."""
    if k < len(items) and items[k][0] == "":
        group = core(items[k][1])
        if isinstance(group, Group) and group.open in ("(", "["):
            return group
    return None


# Handlers ---------------------------------------------------------------------------------------------------------


def prime_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`f'(x)`, `f''(x)`, `f^{(3)}(x)`, `\\sigma_g'(a)`, where the name with its primes is not itself declared; without
    a bracket at the function's own variable."""
    node = items[k][1]
    written = _written_order(node)
    order = written or primes(node)
    if not order or not isinstance(node, Scripted) or (not written and _is_declared(elab, node)):
        return None
    if written and (canonical(node) in elab.scope.names or canonical(node) in elab.scope.functions):
        return None
    if written:
        node = replace(node, sup=None)
    bare = node.base if node.sub is None else Scripted(span=node.span, base=node.base, sub=node.sub)
    function, group = function_named(elab, bare), bracket_at(items, k + 1)
    if function is None:
        return None
    if group is None or _speaks_of(elab, group, bare):
        own = _own_variable(elab, function)
        if own is None:
            elab.error("missing-argument", "the derivative of a function stands without an argument", node.span)
        return decorated(elab, by_argument(elab, function, [own], (0,) * order, node.span), node, node.base), k + 1
    arguments = arguments_in(elab, group)
    if len(arguments) != 1:
        elab.error("unsupported", "a prime on a function of several arguments does not say by which", node.span)
    span = Span(node.span.start, items[k + 1][1].span.end)
    value = by_argument(elab, function, arguments, (0,) * order, span)
    gradient = order == 1 and len(value.axes) == 1 and not by_argument(elab, function, arguments, (), span).axes
    if gradient and takes(elab, "prime as a row"):
        value = transpose(value)
    return decorated(elab, value, node, items[k + 1][1]), k + 2


def _written_order(node: Node) -> int:
    """3 of `f^{(3)}`."""
    sup = node.sup if isinstance(node, Scripted) and not node.primes else None
    inside = sup.body if isinstance(sup, Group) and sup.open == "(" else None
    return int(inside.text) if isinstance(inside, Num) and inside.text.isdigit() and len(inside.text) < 3 else 0


def _own_variable(elab: Elaborator, function: object) -> Tensor | None:
    """The variable that a function was defined with, where it has one and that is known."""
    from derivcheck.language.elaboration.resolve import lookup

    if not isinstance(function, FunctionMacro) or len(function.parameters) != 1:
        return None
    return lookup(elab, function.parameters[0])


def _speaks_of(elab: Elaborator, group: Group, function: Node) -> bool:
    return mentions_bare(group.body, canonical(function) or "")


def gradient_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\nabla f(x)`, `\\nabla^2 f(x)`, `\\nabla L`: by the argument, or by the one variable that it depends on; with a
    dot, `\\nabla \\cdot F`, the divergence."""
    found = _gradient(elab, items, k)
    if found is None:
        return None
    value, end = found
    second = _nabla_order(items[k][1], core(items[k][1])) == 2 and algebra.is_square(value)
    if second and items[k + 1][0] == "" and takes(elab, "Laplacian"):
        return apply(elab, trace, value, span=items[k][1].span), end
    if items[k + 1][0] == "":
        return found
    if items[k + 1][0] != "\\cdot" or len(value.axes) != 2:
        elab.error("unsupported", "only the divergence \\nabla \\cdot of a vector is read", items[k][1].span)
    return apply(elab, trace, value, span=Span(items[k][1].span.start, items[end - 1][1].span.end)), end


def _gradient(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    node = items[k][1]
    sign = core(node)
    order = _nabla_order(node, sign)
    if order is None or k + 1 >= len(items):
        return None
    function, group = function_named(elab, _unscripted(items[k + 1][1])), bracket_at(items, k + 2)
    if function is not None and group is not None:
        arguments = arguments_in(elab, group)
        if len(arguments) != 1:
            elab.error("unsupported", "a gradient of a function of several arguments does not say by which", node.span)
        value = by_argument(elab, function, arguments, (0,) * order, node.span)
        return decorated(elab, value, None, items[k + 2][1]), k + 3
    return _gradient_of_value(elab, items, k, order)


def jacobian_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`J_f(x)`: the Jacobian of a function at its argument."""
    node = items[k][1]
    if not isinstance(node, Scripted) or node.sub is None or node.sup is not None or node.primes:
        return None
    if not isinstance(node.base, Name) or node.base.text not in ("J", "H") or _is_declared(elab, node):
        return None
    function, group = function_named(elab, node.sub), bracket_at(items, k + 1)
    if function is None or group is None:
        return None
    order = 1 if node.base.text == "J" else 2
    value = by_argument(elab, function, arguments_in(elab, group), (0,) * order, node.span)
    return decorated(elab, value, None, items[k + 1][1]), k + 2


def own_variables_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`L(w)` of a value that is computed from `w` is that value: the bracket only says from what."""
    from derivcheck.language.elaboration.resolve import lookup
    from derivcheck.language.elaboration.scripts import decorate

    node, group = items[k][1], bracket_at(items, k + 1)
    if group is None or group.open != "(" or not isinstance(node, Name | Accent | Scripted):
        return None
    key = canonical(node)
    declaration = None if key is None or key in elab.bound else elab.declaration(key)
    if key is None or declaration is None or not declaration.definitions:
        return None
    names = group.body.items if isinstance(group.body, Listing) else (group.body,)
    known = depends(elab.scope.model, declaration.name)
    keys = [canonical(n) if isinstance(n, Name | Accent | Scripted) else None for n in names]
    value = lookup(elab, key)
    if value is None or not all(name in known for name in keys):
        return None
    if len(value.axes) == 2 and takes(elab, "application of a matrix"):
        return None
    following = items[k + 1][1]
    return (decorate(elab, value, following) if isinstance(following, Scripted) else value), k + 2


FUNCTION_HANDLERS = (prime_handler, gradient_handler, jacobian_handler, own_variables_handler)


def primes(node: Node) -> int:
    if not isinstance(node, Scripted):
        return 0
    above = node.sup is not None and canonical(node.sup) == "\\prime"
    return node.primes + (1 if above else 0)


def _is_declared(elab: Elaborator, node: Scripted) -> bool:
    """A name that is declared with its prime or subscript wins."""
    from derivcheck.language.elaboration.resolve import lookup

    key = canonical(Scripted(span=node.span, base=node.base, sub=node.sub, primes=primes(node)))
    if key is None:
        return False
    return lookup(elab, key) is not None or key in elab.scope.functions or elab.scope.function(key) is not None


def _nabla_order(node: Node, sign: Node) -> int | None:
    if isinstance(sign, Func) and node is sign:
        return {"grad": 1, "Hess": 2}.get(sign.text)
    if not isinstance(sign, Symbol) or sign.text != "\\nabla":
        return None
    if not isinstance(node, Scripted):
        return 1
    if node.sub is not None or node.sup is None:
        return None
    return 2 if getattr(node.sup, "text", "") == "2" else None


def _unscripted(node: Node) -> Node:
    return node if not isinstance(node, Scripted) or node.sup is None else node.base


def decorated(elab: Elaborator, value: Tensor, name: Scripted | None, bracket: Node) -> Tensor:
    """Scripts on the name (`f'^2(x)`) and on the bracket (`f'(x)^2`)."""
    from derivcheck.language.elaboration.scripts import decorate

    if name is not None and name.sup is not None and canonical(name.sup) != "\\prime":
        value = decorate(elab, value, Scripted(span=name.span, base=name.base, sup=name.sup))
    return decorate(elab, value, bracket) if isinstance(bracket, Scripted) else value


# By argument ------------------------------------------------------------------------------------------------------


def by_argument(
    elab: Elaborator,
    function: FunctionMacro | FunctionSymbol | Callable[[Term], Term],
    arguments: Sequence[Tensor],
    orders: Sequence[int],
    span: Span,
) -> Tensor:
    """A function differentiated by the arguments of these numbers (one after the other), at the arguments."""
    from derivcheck.language.derivatives.operators import within_order

    within_order(elab, ZERO, len(orders), span)
    if isinstance(function, FunctionSymbol):
        return _of_symbol(elab, function, arguments, orders, span)
    if callable(function):
        inner = placeholder()
        return _entry_by_entry(elab, function(inner.body), inner.body, arguments[0], len(orders))
    function = function.of(len(arguments))
    if len(function.parameters) != len(arguments):
        elab.error("unreadable", f"{function.name} takes {len(function.parameters)} argument(s)", span)
    if function.body is not None and not function.body.axes and len(arguments) == 1:
        return _entry_by_entry(elab, function.body.body, function.placeholders[0], arguments[0], len(orders))
    return of_macro(elab, function, arguments, orders)


def _entry_by_entry(elab: Elaborator, body: Term, variable: Term, argument: Tensor, order: int) -> Tensor:
    assert isinstance(variable, Entry)
    for _ in range(order):
        body = push(Derivative(body, variable), elab.scope.model)
    return entrywise(lambda x: replace_entries(body, {variable: x}.get), argument)


def of_macro(
    elab: Elaborator, macro: FunctionMacro, arguments: Sequence[Tensor], orders: Sequence[int]
) -> Tensor:
    inner = [placeholder(single(a).shape) for a in arguments]
    reader = elab.with_values(dict(zip(macro.parameters, inner, strict=True)))
    value = elab.session.settle(reader.tensor(macro.node)).renamed()
    body, axes = value.body, list(value.axes)
    for number in orders:
        variable = inner[number].renamed()
        assert isinstance(variable.body, Entry)
        body = push(Derivative(body, variable.body), elab.scope.model)
        axes += variable.axes
    table = {_symbol(p): single(a) for p, a in zip(inner, arguments, strict=True)}

    def put(entry: Entry) -> Term | None:
        return table[entry.symbol].at(entry.indices) if entry.symbol in table else None

    return _placed(elab, Tensor(tuple(axes), replace_entries(body, put)), len(value.axes))


def _symbol(tensor: Tensor) -> str:
    assert isinstance(tensor.body, Entry)
    return tensor.body.symbol


def _of_symbol(
    elab: Elaborator, symbol: FunctionSymbol, arguments: Sequence[Tensor], orders: Sequence[int], span: Span
) -> Tensor:
    if len(arguments) != len(symbol.arguments):
        elab.error("unreadable", f"{symbol.name} takes {len(symbol.arguments)} argument(s)", span)
    settled = [single(a) for a in arguments]
    if not symbol.value and not any(symbol.arguments):
        places = tuple((k, ()) for k in orders)
        return entrywise(lambda *xs: Apply(symbol.name, tuple(Lambda((), x) for x in xs), (), places), *settled)
    for argument, shape in zip(settled, symbol.arguments, strict=True):
        if argument.shape != shape:
            elab.mismatch(f"the argument of {symbol.name}", argument.shape, shape, span)
    out = tuple(fresh("i", dim) for dim in symbol.value)
    axes, places = list(out), []
    for number in orders:
        inner = tuple(fresh("j", dim) for dim in symbol.arguments[number])
        axes += inner
        places.append((number, tuple(Var(a) for a in inner)))
    lambdas = tuple(Lambda(t.axes, t.body) for t in (a.renamed() for a in settled))
    value = Apply(symbol.name, lambdas, tuple(Var(a) for a in out), tuple(places))
    return _placed(elab, Tensor(tuple(axes), value), len(out))


def _placed(elab: Elaborator, value: Tensor, tops: int) -> Tensor:
    """In the layout in force (see derivatives.laid_out)."""
    from derivcheck.language.derivatives.operators import Factor, laid_out

    return laid_out(elab, Factor(value, tops, None, None))


# Values -----------------------------------------------------------------------------------------------------------


def _gradient_of_value(elab: Elaborator, items: Sequence[Item], k: int, order: int) -> tuple[Tensor, int]:
    """The gradient of a value by the one variable with axes (else the one number) that it is computed from."""
    from derivcheck.language.derivatives import operators as whole
    from derivcheck.language.elaboration.products import factor

    model = whole.model_of(elab)
    own = own_variables_handler(elab, items, k + 1)
    if own is not None:
        group = bracket_at(items, k + 2)
        assert group is not None
        by = whole.read_variable(elab, group.body)
        found = whole.differentiated(elab, own[0], [by] * order, immediate=elab.options.immediate)
        return whole.laid_out(elab, found), own[1]
    body, end = factor(elab, items, k + 1)
    if single(body).axes or not _leaves(model, body.body):
        end = elab.reach(items, k + 1)
        body = elab.product(items[k + 1 : end])
    leaves = _leaves(model, body.body)
    ranked = [s for s in leaves if model.declarations[s].shape]
    chosen = ranked if len(ranked) == 1 else leaves if len(leaves) == 1 else []
    argument = _only_argument(elab, items[k + 1][1])
    chosen = [argument] if argument in leaves else chosen
    if not chosen:
        elab.error("unsupported", "a gradient that does not say by which variable", items[k][1].span)
    shape = model.declarations[chosen[0]].shape
    axes = tuple(fresh("i", dim) for dim in shape)
    variable = whole.Variable(axes, Entry(chosen[0], tuple(Var(a) for a in axes)))
    found = whole.differentiated(elab, body, [variable] * order, immediate=elab.options.immediate)
    return whole.laid_out(elab, found), end


def _only_argument(elab: Elaborator, node: Node) -> str:
    """The one argument of a function whose name stands for its value: `\\nabla^2 J` of `J(w) = ...` is by w."""
    macro = elab.scope.functions.get(canonical(node) or "") if isinstance(node, Name | Accent | Scripted) else None
    return macro.parameters[0] if macro is not None and len(macro.parameters) == 1 else ""


def _leaves(model: Model, body: Term) -> list[str]:
    """The free real variables (not families) that a value is computed from."""
    names = set(body.symbols).union(*(depends(model, s) for s in body.symbols))
    return sorted(
        n for n in names
        if n in model.declarations
        and not model.declarations[n].definitions
        and not model.declarations[n].family
        and model.declarations[n].domain.kind == "real"
    )


def bare_function(elab: Elaborator, node: Node, variables: Sequence[Tensor]) -> Tensor | None:
    """`\\frac{\\partial f}{\\partial x}` of a function without an argument: at its own variable."""
    from derivcheck.language.elaboration.functions import apply_macro, apply_symbol
    from derivcheck.language.elaboration.resolve import lookup

    if isinstance(node, Func):
        return None
    key = canonical(node)
    function = function_named(elab, node)
    if function is None or key is None or lookup(elab, key) is not None:
        return None
    if isinstance(function, FunctionSymbol):
        fits = len(function.arguments) == 1 and variables and variables[0].shape == function.arguments[0]
        return apply_symbol(elab, function, [variables[0]], node.span) if fits else None
    if callable(function):
        return None
    found = [lookup(elab, p) for p in function.parameters]
    if all(t is not None for t in found):
        return apply_macro(elab, function, [t for t in found if t is not None], node.span)
    return apply_macro(elab, function, [variables[0]], node.span) if len(found) == 1 and variables else None



