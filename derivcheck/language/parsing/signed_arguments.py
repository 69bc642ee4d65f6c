r"""`\exp -x`: a function of numbers that stands without an argument before a minus takes what follows the minus."""

from __future__ import annotations

from derivcheck.language.parsing.syntax import Func, Group, Node, Product, Span, Sum
from derivcheck.record import replace

_FUNCTIONS = frozenset({"exp", "log", "ln", "sin", "cos", "tan", "tanh", "sigmoid"})
Term = tuple[str, Node]


def signed_arguments(node: Sum) -> Node:
    """The sum with each such function and its argument as one term."""
    made: list[Term] = []
    for sign, item in node.items:
        if sign == "-" and made and _waits(made[-1][1]):
            before, waiting = made.pop()
            made.append((before, _applied(waiting, item)))
        else:
            made.append((sign, item))
    if len(made) == len(node.items):
        return node
    return made[0][1] if len(made) == 1 and made[0][0] == "+" else replace(node, items=tuple(made))


def _waits(node: Node) -> bool:
    last = node.items[-1][1] if isinstance(node, Product) else node
    return isinstance(last, Func) and last.text in _FUNCTIONS


def _applied(waiting: Node, argument: Node) -> Node:
    inside = Group("(", ")", Sum((("-", argument),), span=argument.span), span=argument.span)
    items = waiting.items if isinstance(waiting, Product) else (("", waiting),)
    return Product((*items, ("", inside)), span=Span(waiting.span.start, argument.span.end))
