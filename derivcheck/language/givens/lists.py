"""Ordered lists in the givens: `z_1 > z_2 > \\dots > z_n`, `\\lambda_1 \\ge \\dots \\ge \\lambda_n > 0`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.givens.assumptions import assumed
from derivcheck.language.parsing.syntax import Dots, Relation
from derivcheck.language.scope import Scope
from derivcheck.terms.build import ONE, add, sub
from derivcheck.terms.model import Claim, Parameter
from derivcheck.terms.node import Entry, Term, Var, fresh
from derivcheck.terms.tensor import scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator
    from derivcheck.language.givens.line import Line

_RELATIONS = {
    "<": "<", "\\lt": "<", "\\le": "<=", "\\leq": "<=", "<=": "<=", ">": ">", "\\gt": ">", "\\ge": ">=", "\\geq": ">=",
    ">=": ">=",
}  # fmt: skip


def ordered_list(line: Line) -> Scope | None:
    """Neighbours in their order, the first and the last against all, and what stands before or after against all."""
    node = line.node
    at = next((k for k, operand in enumerate(node.operands) if isinstance(operand, Dots)), None)
    if at is None or at == 0 or at + 1 == len(node.operands) or line.piece.names or line.ranges:
        return None
    relations = [_RELATIONS.get(r) for r in node.relations]
    if any(r is None for r in relations) or len({r[0] for r in relations if r}) != 1:
        return None
    elab = line.elab()
    start = at - 1
    last = _entry(elab, node, at + 1)
    while start > 0 and _symbol(elab, node, start - 1) == last.symbol:
        start -= 1
    first = _entry(elab, node, start)
    if first.symbol != last.symbol or len(first.indices) != len(last.indices):
        raise Unreadable("unreadable", "the members of one list are expected around the dots", node.span)
    relation = relations[at]
    if relation is None or any(r != relation for r in relations[start : at + 1]):
        return None
    scope = line.scope
    for claim in _claims(first, last, relation):
        scope = assumed(scope, claim)
    return _bounded(elab, node, scope, (start, at + 1), (first, last), [r or "" for r in relations])


def _claims(first: Entry, last: Entry, relation: str) -> Iterator[Claim]:
    low, high = first.indices[-1], last.indices[-1]
    i = fresh("i")

    def member(index: Term) -> Entry:
        return Entry(first.symbol, (*first.indices[:-1], index))

    neighbours = (Parameter(i, low, sub(high, ONE)),)
    yield Claim(scalar(member(Var(i))), relation, scalar(member(add(Var(i), ONE))), neighbours)
    for left, right in ((first, member(Var(i))), (member(Var(i)), last)):
        yield Claim(scalar(left), relation[0] + "=", scalar(right), (Parameter(i, low, high),))


def _bounded(
    elab: Elaborator, node: Relation, scope: Scope, ends: tuple[int, int], members: tuple[Entry, Entry], said: list[str]
) -> Scope:
    """`... \\ge \\lambda_n > 0`, `0 < x_1 < ...`: for every member."""
    first, last = members
    i = fresh("i")
    every = scalar(Entry(first.symbol, (*first.indices[:-1], Var(i))))
    parameters = (Parameter(i, first.indices[-1], last.indices[-1]),)
    if ends[0] > 0:
        scope = assumed(scope, Claim(elab.tensor(node.operands[ends[0] - 1]), said[ends[0] - 1], every, parameters))
    if ends[1] + 1 < len(node.operands):
        scope = assumed(scope, Claim(every, said[ends[1]], elab.tensor(node.operands[ends[1] + 1]), parameters))
    return scope


def _entry(elab: Elaborator, node: Relation, k: int) -> Entry:
    tensor = elab.session.settle(elab.tensor(node.operands[k]))
    if tensor.axes or not isinstance(tensor.body, Entry) or not tensor.body.indices:
        raise Unreadable("unreadable", "an entry of a list is expected around the dots", node.operands[k].span)
    return tensor.body


def _symbol(elab: Elaborator, node: Relation, k: int) -> str:
    body = elab.tensor(node.operands[k]).body
    return body.symbol if isinstance(body, Entry) and body.indices else ""
