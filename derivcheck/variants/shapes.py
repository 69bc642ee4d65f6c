"""Shapes found again, for checking refutations by shape: NumPy does the products and sums of a line on arrays of ones
whose dimensions are different primes. It shares no code with the reader's rules; what it has no rule for is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import Frac, Func, Group, Name, Node, Num, Product, Relation, Scripted, Sum
from derivcheck.language.scope import Scope

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)
_ENTRYWISE = frozenset({"exp", "log", "ln", "tanh", "sin", "cos", "sigma", "sqrt", "softmax", "relu", "ReLU"})
_TRANSPOSED = frozenset({"\\top", "T", "\\intercal"})
_SQUARE = frozenset({"tr", "Tr", "det", "\\det", "\\tr"})


class NoRule(Exception):
    """Something whose shape is not found here."""


def shapes(text: str, scope: Scope) -> str:
    """'confirmed' where the shapes of a line do not fit, 'contradicted' where they do, 'unsupported'."""
    root = parse(text).node
    if not isinstance(root, Relation):
        return "unsupported"
    try:
        sides = [_Shapes(scope).value(side) for side in root.operands]
    except ValueError:  # NumPy's word for shapes that do not conform
        return "confirmed"
    except NoRule:
        return "unsupported"
    zero = {k for k, side in enumerate(root.operands) if isinstance(side, Num)}  # fits whatever it is compared with
    found = {_plain(side) for k, side in enumerate(sides) if k not in zero}
    return "confirmed" if len(found) > 1 else "contradicted"


def _plain(value: Any) -> tuple[int, ...]:
    """A number is a number also where it came as a 1 x 1 array."""
    return () if value.size == 1 else value.shape


class _Shapes:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.dims = dict(zip(sorted(scope.model.dims), _PRIMES, strict=False))

    def value(self, node: Node) -> Any:
        for kind, rule in _RULES:
            if isinstance(node, kind):
                return rule(self, node)
        raise NoRule(type(node).__name__)

    def name(self, node: Node) -> Any:
        declaration = self.scope.declaration(canonical(node) or "")
        if declaration is None or declaration.family or any(not d.names <= self.dims.keys() for d in declaration.shape):
            raise NoRule("a name without a shape")
        sizes = [d.at(self.dims) for d in declaration.shape]
        return np.ones((sizes[0], 1) if len(sizes) == 1 else tuple(sizes))

    def scripted(self, node: Scripted) -> Any:
        if node.sub is not None or node.primes:
            raise NoRule("an index")
        base = self.value(node.base)
        if node.sup is not None and canonical(node.sup) in _TRANSPOSED:
            if base.size == 1:
                raise NoRule("the transpose of a number")
            return base.T
        if not isinstance(node.sup, Num) or node.sup.text not in ("2", "3"):
            raise NoRule("a power")
        if base.ndim == 2 and 1 not in base.shape:
            return base @ base
        return base

    def group(self, node: Group) -> Any:
        if node.open == "‖":
            self.value(node.body)
            return np.ones(())
        if node.open not in ("(", "[", "{"):
            raise NoRule("a bracket")
        return self.value(node.body)

    def sum(self, node: Sum) -> Any:
        total = None
        for _, item in node.items:
            term = self.value(item)
            total = term if total is None else _added(total, term)
        if total is None:
            raise NoRule("an empty sum")
        return total

    def product(self, node: Product) -> Any:
        items = list(node.items)
        total = None
        while items:
            op, item = items.pop(0)
            if isinstance(item, Func):
                if not items or not isinstance(items[0][1], Group):
                    raise NoRule("a function without brackets")
                value = self.called(item.text, self.value(items.pop(0)[1]))
            else:
                value = self.value(item)
            if total is None:
                total = value
            elif op in ("", "\\cdot"):
                total = _multiplied(total, value)
            elif op in ("\\odot", "\\circ"):
                total = _added(total, value)
            else:
                raise NoRule(f"the product {op}")
        return total

    def called(self, name: str, argument: Any) -> Any:
        if name == "softmax" and argument.size == 1:
            raise ValueError("the softmax of a number")
        if name in _ENTRYWISE:
            return argument
        if name in _SQUARE:
            np.trace(argument @ argument)
            return np.ones(())
        if name == "diag" and argument.ndim == 2 and argument.shape[1] == 1:
            return np.ones((len(argument), len(argument)))
        raise NoRule(f"the function {name}")

    def fraction(self, node: Frac) -> Any:
        top, bottom = self.value(node.num), self.value(node.den)
        if bottom.size != 1:
            raise NoRule("a division by no number")
        return top


def _added(a: Any, b: Any) -> Any:
    """Without NumPy's stretching; a number is added to each entry of a vector, and to no matrix."""
    if a.size == 1 or b.size == 1:
        long = b if a.size == 1 else a
        if long.size > 1 and 1 not in long.shape:
            raise NoRule("a number beside a matrix")
        return long
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    return a


def _multiplied(a: Any, b: Any) -> Any:
    return a * b if a.size == 1 or b.size == 1 else a @ b


_RULES: tuple[tuple[type, Callable[[_Shapes, Any], Any]], ...] = (
    (Num, lambda s, node: np.ones(())), (Name, _Shapes.name), (Scripted, _Shapes.scripted), (Group, _Shapes.group),
    (Sum, _Shapes.sum), (Product, _Shapes.product), (Frac, _Shapes.fraction),
)  # fmt: skip
