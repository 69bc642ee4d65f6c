"""What an equation leaves open that only both of its sides together show."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Bar, BigOp, Group, Listing, Name, Node, Product, Scripted, Sum
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope


def left_open(scope: Scope, left: Node, right: Node) -> frozenset[str]:
    """The names of what is open; nothing settles it, so that such an equation is not refuted."""
    return frozenset(name for name, asked in _OPEN.items() if asked(scope, left, right))


# differentials ------------------------------------------------------------------------------------------------


def _is_differential(scope: Scope, left: Node, right: Node) -> bool:
    """`dL = 2 x^\\top dx` where a size is called d as well: it may say how L changes with x."""
    size = scope.dimension("d") is not None
    small = isinstance(left, Product) and len(left.items) == 2 and _has_differential(left)
    return size and small and any(_has_differential(part) for part in walk(right))


def _has_differential(node: Node) -> bool:
    """d directly before a name or a bracket: `dx`, `\\mathrm{d}(x^\\top x)`."""
    items = node.items if isinstance(node, Product) else ()
    return any(
        canonical(d) == "d" and sign == "" and isinstance(of, Name | Accent | Scripted | Group)
        for (_, d), (sign, of) in itertools.pairwise(items)
    )


# a number that is called ----------------------------------------------------------------------------------------


def _is_called(scope: Scope, left: Node, right: Node) -> bool:
    """`p(x) = p^x (1 - p)^{1-x}`: by the name of a number and a name in a bracket, which is hardly a product."""
    if not isinstance(left, Product) or len(left.items) != 2 or left.items[1][0] != "":
        return False
    (_, name), (_, group) = left.items
    declaration = scope.model.declarations.get(canonical(name) or "")
    if declaration is None or declaration.shape or not isinstance(group, Group) or group.open != "(":
        return False
    listed = group.body.items if isinstance(group.body, Listing) else (group.body,)
    return all(isinstance(part, Name | Bar) or _is_plain(part) for part in listed)


def _is_plain(node: Node) -> bool:
    return isinstance(node, Scripted | Accent) and canonical(node) is not None


# convolutions ---------------------------------------------------------------------------------------------------


def _is_convolution(scope: Scope, left: Node, right: Node) -> bool:
    """`x_n * h_n = \\sum_k x_k h_{n-k}`: * on one side, a sum over a shifted index or an integral on the other."""
    return any(
        any(_has_star(n) for n in walk(one)) and not any(_has_star(n) for n in walk(other)) and _shifts(other)
        for one, other in ((left, right), (right, left))
    )


def _has_star(node: Node) -> bool:
    return isinstance(node, Product) and any(operator == "*" for operator, _ in node.items)


def _shifts(node: Node) -> bool:
    parts = list(walk(node))
    places = [p.sub for p in parts if isinstance(p, Scripted) and p.sub is not None]
    places += [p.body for p in parts if isinstance(p, Group) and p.open in ("(", "[")]
    shifted = any(isinstance(p, Sum) and any(sign == "-" for sign, _ in p.items) for p in places)
    return shifted and any(isinstance(p, BigOp) and p.text in ("sum", "int") for p in parts)


_OPEN: dict[str, Callable[[Scope, Node, Node], bool]] = {
    "a differential": _is_differential,
    "whether a number or a function is called": _is_called,
    "whether * is a convolution": _is_convolution,
}
