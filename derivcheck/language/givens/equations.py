"""Given equations: definitions where the left side can be defined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from derivcheck.language.elaboration.diagonals import said_diagonal, with_zeros
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.fences import COMPARE
from derivcheck.language.elaboration.scripts import entry_indices
from derivcheck.language.givens.assumptions import all_declared, assumption, with_declared
from derivcheck.language.givens.attaching import attach
from derivcheck.language.givens.definitions import Left, definable, define_application, define_value, mentions
from derivcheck.language.givens.line import Line
from derivcheck.language.givens.roots import as_root
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Node, Relation, Scripted
from derivcheck.language.reading import conditions_of, fitted
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Entry


def equation(line: Line) -> Scope | None:
    """`p = \\operatorname{softmax}(z)`, `h_t = \\tanh(W h_{t-1})`, `\\sigma(x) = ...`: a definition, where the left
    side can be defined; the other equations of a chain are assumptions."""
    node = line.node
    if node.relations[0] not in ("=", ":=") or line.piece.names:
        return None
    counters = _counters(line.scope, node.operands[0])
    if counters:
        scope = equation(replace(line, scope=_forgetting(line.scope, counters)))
        return scope and reduce(Scope.declare, counters, scope)
    elab = line.elab()
    diagonal = said_diagonal(node.operands[0], node.operands[1], line.conditions)
    if diagonal is not None and diagonal not in line.scope.names:
        return with_zeros(line.scope, diagonal)
    conditions = tuple(c for c in line.conditions if isinstance(c, Relation) and set(c.relations) <= COMPARE.keys())
    if conditions:
        scope = _defined_there(elab, node, conditions)
    else:
        scope = _defined(line, elab, node.operands[0], node.operands[1])
    if scope is None:
        return None
    if len(node.relations) > 1:
        rest = replace(
            node, operands=node.operands[1:], relations=node.relations[1:], relation_spans=node.relation_spans[1:]
        )
        return assumption(replace(line, scope=scope, node=rest))
    return scope


def _counters(scope: Scope, left: Node) -> list[Declaration]:
    """`h_t = W h_{t-1}` of a family over t defines every member, also where a number is called `t` beside it."""
    if not isinstance(left, Scripted) or left.sub is None:
        return []
    family = scope.declaration(canonical(left.base) or "")
    below = {canonical(part) for part in entry_indices(left.sub, len(family.family))} if family else set()
    names = {f.index.name for f in family.family} & below if family else set()
    found = [d for name in sorted(names) if (d := scope.declaration(name)) is not None]
    return [d for d in found if d.domain.kind == "integer" and not (d.shape or d.family or d.definitions)]


def _forgetting(scope: Scope, declarations: Sequence[Declaration]) -> Scope:
    names = {d.name for d in declarations}
    kept = {k: d for k, d in scope.model.declarations.items() if k not in names}
    return replace(scope, model=replace(scope.model, declarations=kept)) if names else scope


def _defined(line: Line, elab: Elaborator, left: Node, right: Node) -> Scope | None:
    left, right = as_root(elab, left, right) or (left, right)
    target = definable(elab, left, given=True)
    if (
        target is not None
        and isinstance(target.name, Scripted)
        and target.name.primes
        and _says_symmetric(elab, target, right)
    ):
        target = None
    if target is not None:
        if target.kind == "application":
            made = define_application(elab, target, right)
            if made is not None:
                return made
        if isinstance(target.name, Scripted) and target.name.sub is not None:
            elab = replace(elab, session=line.elab().session)
        value = elab.tensor(right)
        all_declared(elab, target.key)
        return with_declared(elab, define_value(elab, target, value))
    value_left = elab.tensor(left)
    if not isinstance(value_left.body, Entry):
        return None
    value = elab.tensor(right)
    all_declared(elab, None)
    left_fit, right_fit = fitted(elab, value_left, "=", value, left.span, loose=True)
    made = attach(elab, left_fit, right_fit)
    return None if made is None else with_declared(elab, made)


def _defined_there(elab: Elaborator, node: Relation, conditions: Sequence[Relation]) -> Scope | None:
    """`h_t = h_{t-1}` if t > 1: members of a declared family are defined where the condition holds. Of anything else
    (`L_{ij} = 0` for i < j) such an equation is an assumption: None."""
    if definable(elab, node.operands[0], given=True) is not None:
        elab.error("unsupported", "a name that is defined under a condition has to be declared first", node.span)
    left = elab.tensor(node.operands[0])
    declaration = elab.declaration(left.body.symbol) if isinstance(left.body, Entry) else None
    if declaration is None or not declaration.family:
        return None
    value = elab.tensor(node.operands[1])
    where = [part for c in conditions for part in conditions_of(elab, c)]
    all_declared(elab, None)
    left_fit, right_fit = fitted(elab, left, "=", value, node.span, loose=True)
    made = attach(elab, left_fit, right_fit, where)
    return None if made is None else with_declared(elab, made)


def _says_symmetric(elab: Elaborator, target: Left, right: Node) -> bool:
    """`A' = A` of a matrix A is no definition of A'."""
    assert isinstance(target.name, Scripted)
    base = canonical(replace(target.name, primes=0)) or ""
    declaration = elab.declaration(base)
    return declaration is not None and len(declaration.shape) == 2 and mentions(right, target.name.base)
