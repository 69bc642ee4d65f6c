"""`A = \\operatorname{softmax}(0)`: the number stands for scores that are all equal, as many as the other side has."""

from __future__ import annotations

from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.products import core
from derivcheck.language.parsing.syntax import Func, Group, Node, Num, Product
from derivcheck.terms import algebra
from derivcheck.terms.tensor import Tensor


def both_sides(elab: Elaborator, left: Node, relation: str, right: Node) -> tuple[Tensor, str, Tensor]:
    """The two sides of a relation, read."""
    if _number(right) is not None:
        a = elab.session.settle(elab.tensor(left))
        return a, relation, _uniform(elab, right, a)
    if _number(left) is not None:
        b = elab.session.settle(elab.tensor(right))
        return _uniform(elab, left, b), relation, b
    return elab.tensor(left), relation, elab.tensor(right)


def _number(node: Node) -> Node | None:
    """The number in `\\operatorname{softmax}(0)`, where nothing else stands there."""
    if not isinstance(node, Product) or len(node.items) != 2:
        return None
    func, argument = core(node.items[0][1]), node.items[1][1]
    inside = argument.body if isinstance(argument, Group) else argument
    return inside if isinstance(func, Func) and func.text == "softmax" and isinstance(inside, Num) else None


def _uniform(elab: Elaborator, soft: Node, other: Tensor) -> Tensor:
    number = _number(soft)
    if number is None or not other.axes:
        return elab.tensor(soft)
    shaped = other.renamed()
    return algebra.softmax(Tensor(shaped.axes, elab.tensor(number).body))
