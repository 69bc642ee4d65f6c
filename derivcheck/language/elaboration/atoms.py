"""One rule for each kind of node: what it means when it stands by itself."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derivcheck.language.derivatives import evaluated
from derivcheck.language.elaboration import fences, resolve
from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.extents import extended
from derivcheck.language.elaboration.products import either
from derivcheck.language.elaboration.ranges import tidy
from derivcheck.language.parsing.syntax import (
    Accent,
    Annotated,
    BigOp,
    Binom,
    Broken,
    Dots,
    Empty,
    Frac,
    Func,
    Grid,
    Group,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Sqrt,
    Sum,
    Symbol,
    Words,
)
from derivcheck.terms import algebra, functions
from derivcheck.terms.build import div, mul, number, sub
from derivcheck.terms.node import Compare, Number, Reduce
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

LONGEST_NUMBER = 400


def _num(elab: Elaborator, node: Num) -> Tensor:
    if len(node.text) > LONGEST_NUMBER:
        elab.error("too-long", "this number is too long", node.span)
    return scalar(Number(Fraction(node.text)))


def _symbol(elab: Elaborator, node: Symbol) -> Tensor:
    return resolve.name(elab, node)


def _scripted(elab: Elaborator, node: Scripted) -> Tensor:
    return fences.scripted_group(elab, node) or evaluated.at_place(elab, node) or resolve.scripted(elab, node)


def _frac(elab: Elaborator, node: Frac) -> Tensor:
    return op.divide(elab, elab.tensor(node.num), elab.tensor(node.den), node.span)


def _sqrt(elab: Elaborator, node: Sqrt) -> Tensor:
    body = elab.tensor(node.body)
    if node.degree is None:
        return op.half(elab, body, node.span)
    degree = elab.scalar(node.degree)
    return op.power(elab, body, scalar(tidy(div(number(1), degree))), node.span)


def _binom(elab: Elaborator, node: Binom) -> Tensor:
    """n over k as factorials (gamma functions)."""
    n, k = elab.scalar(node.top), elab.scalar(node.bottom)
    below = mul(functions.factorial(k), functions.factorial(sub(n, k)))
    return scalar(div(functions.factorial(n), below))


def _sum(elab: Elaborator, node: Sum) -> Tensor:
    dots = next((k for k, (_, n) in enumerate(node.items) if isinstance(n, Dots)), None)
    if dots is not None:
        return _sum_with_dots(elab, node, dots)
    node = extended(elab, node)
    parts = [_signed(elab, sign, item) for sign, item in node.items]
    return op.add(elab, *parts, span=node.span)


def _signed(elab: Elaborator, sign: str, node: Node) -> Tensor:
    tensor = elab.tensor(node)
    if sign == "+":
        return tensor
    if sign != "-":
        elab.error("unreadable", f"the sign {sign} has no meaning here", node.span)
    if isinstance(tensor.body, Number) and not tensor.axes:
        return scalar(number(-tensor.body.value))
    return op.apply(elab, algebra.negate, tensor, span=node.span)


def _sum_with_dots(elab: Elaborator, node: Sum, dots: int) -> Tensor:
    """`a_1 + a_2 + \\dots + a_n`."""
    from derivcheck.language.elaboration.patterns import run

    found = run(elab, [n for _, n in node.items], dots)
    if found is None or any(sign != "+" for sign, _ in node.items[found.start + 1 : found.end]):
        elab.error("unreadable", "the terms around these dots do not show one pattern", node.items[dots][1].span)
    rising = Tensor(found.body.axes, Reduce("sum", found.index, found.first, found.last, found.body.body))
    falling = Tensor(found.body.axes, Reduce("sum", found.index, found.last, found.first, found.body.body))
    body = falling if found.falling else rising
    if found.falling is None:
        body = either(Compare("<=", found.first, found.last), rising, falling)
    before = [_signed(elab, s, n) for s, n in node.items[: found.start]]
    if node.items[found.start][0] == "-":
        elab.error("unreadable", "a sum with dots that begins with a minus", node.span)
    after = [_signed(elab, s, n) for s, n in node.items[found.end :]]
    return op.add(elab, *before, body, *after, span=node.span)


def _annotated(elab: Elaborator, node: Annotated) -> Tensor:
    return elab.tensor(node.body)


def _product(elab: Elaborator, node: Product) -> Tensor:
    return elab.product(node.items)


def _nothing(elab: Elaborator, node: Node) -> Tensor:
    elab.error("unreadable", "an expression is expected here", node.span)


def _broken(elab: Elaborator, node: Broken) -> Tensor:
    elab.error("unreadable", node.expected, node.span)


def _relation(elab: Elaborator, node: Relation) -> Tensor:
    elab.error("unreadable", "a relation stands where an expression is expected", node.span)


def _words(elab: Elaborator, node: Words) -> Tensor:
    elab.error("unreadable", f"these words are not part of a formula: {node.text}", node.span)


def _func(elab: Elaborator, node: Func) -> Tensor:
    return resolve.name(elab, node)


RULES: dict[type[Node], Any] = {
    Num: _num,
    Name: resolve.name,
    Accent: resolve.name,
    Symbol: _symbol,
    Func: _func,
    BigOp: _nothing,
    Scripted: _scripted,
    Group: fences.group,
    Grid: fences.grid,
    Frac: _frac,
    Sqrt: _sqrt,
    Binom: _binom,
    Product: _product,
    Sum: _sum,
    Annotated: _annotated,
    Relation: _relation,
    Words: _words,
    Empty: _nothing,
    Dots: _nothing,
    Broken: _broken,
}
