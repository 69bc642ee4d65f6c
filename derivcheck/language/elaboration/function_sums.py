"""`(f \\circ g)(x)`, `(f + g)(x)`, `f \\circ g(x)`, `(f g)'(x)`: functions put together, at an argument.

What stands in the bracket is rewritten with the argument behind each function: `f(g(x))`, `f(x) + g(x)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.derivatives.functions import (
    arguments_in,
    bracket_at,
    decorated,
    function_named,
    of_macro,
    primes,
)
from derivcheck.language.elaboration.customs import takes
from derivcheck.language.parsing.syntax import Accent, Frac, Func, Group, Name, Node, Num, Product, Scripted, Sum
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import FunctionMacro
from derivcheck.record import replace
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item


def differentiated_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`(f g)'(x)`, `(f + g)'(x)`, `(f \\circ g)'(x)`: the derivative of a function that is put together from others."""
    node, group = items[k][1], bracket_at(items, k + 1)
    if not isinstance(node, Scripted) or not isinstance(node.base, Group) or group is None or not primes(node):
        return None
    inner = Name(span=node.span, text="\\argument")
    body = _at(elab, node.base.body, inner)
    if body is None:
        return None
    arguments = arguments_in(elab, group)
    if len(arguments) != 1:
        elab.error("unsupported", "a prime on a function of several arguments does not say by which", node.span)
    value = of_macro(elab, FunctionMacro("", (inner.text,), body), arguments, (0,) * primes(node))
    return decorated(elab, value, None, items[k + 1][1]), k + 2


def applied_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """A bracket with functions alone before a bracket that holds their argument; `f \\circ g(x)` without the first."""
    node, end = items[k][1], k + 1
    if not isinstance(node, Group):
        while end < len(items) and items[end][0] == "\\circ" and _is_function(elab, items[end][1]):
            end += 1
        if end == k + 1 or not _is_function(elab, node):
            return None
        node = Product(span=node.span, items=tuple(items[k:end]))
    elif node.open != "(" or not isinstance(node.body, Sum | Product | Frac):
        return None
    group = bracket_at(items, end)
    if group is None or group.open != "(" or any(_is_function(elab, part) for part in walk(group.body)):
        return None  # `(f + g)(f - g)` is a product
    body = _at(elab, node.body if isinstance(node, Group) else node, group.body)
    if body is None or (end == k + 1 and takes(elab, "function or product")):
        return None
    return decorated(elab, elab.tensor(body), None, items[end][1]), end + 1


HANDLERS = (differentiated_handler, applied_handler)


def _is_function(elab: Elaborator, node: Node) -> bool:
    return isinstance(node, Func | Name | Accent | Scripted) and function_named(elab, node) is not None


def _at(elab: Elaborator, node: Node, argument: Node) -> Node | None:
    """An expression in function names as one in their values at an argument; None where it names no function."""
    if _is_function(elab, node):
        bracket = Group(span=node.span, open="(", close=")", body=argument)
        return Group(span=node.span, open="(", close=")",
                     body=Product(span=node.span, items=(("", node), ("", bracket))))  # fmt: skip
    if isinstance(node, Product) and any(op == "\\circ" for op, _ in node.items):
        for _, item in reversed(node.items):
            found = _at(elab, item, argument)
            if found is None:
                return None
            argument = found
        return argument
    if isinstance(node, Product | Sum):
        coefficients = isinstance(node, Product) and not all(isinstance(item, Num) for _, item in node.items)
        parts = [(sign, item if coefficients and isinstance(item, Num) else _at(elab, item, argument))
                 for sign, item in node.items]  # fmt: skip
        made = tuple((sign, part) for sign, part in parts if part is not None)
        return replace(node, items=made) if len(made) == len(parts) else None
    if isinstance(node, Frac):
        above, below = _at(elab, node.num, argument), _at(elab, node.den, argument)
        return replace(node, num=above, den=below) if above is not None and below is not None else None
    return None
