"""Definitions of names that are declared already: `p = \\operatorname{softmax}(z)`, `h_t = A h_{t-1}`, `h_0 = 0`."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.elaboration.closing import Bare, bare_indices, closed
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.ranges import difference, limits, offset, tidied
from derivcheck.language.elaboration.session import Session
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.build import ONE, add, number, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Definition, Family
from derivcheck.terms.node import (
    Add,
    Compare,
    Entry,
    Index,
    Logic,
    Mul,
    Number,
    Size,
    Term,
    Var,
    fresh,
    substitute,
    walk,
)  # fmt: skip
from derivcheck.terms.tensor import Tensor


def attach(
    elab: Elaborator, left: Tensor, value: Tensor, conditions: Sequence[tuple[Tensor, str, Tensor]] = ()
) -> Scope | None:
    """A given equation whose left side is the whole of a declared name (or of the members of a family, or one member):
    its definition, where the conditions (relations between numbers) hold. None where it is not, or where the name would
    be computed from itself."""
    bare = bare_indices(elab)
    session = elab.session
    raw = left.body
    left, value = closed(elab, left, bare), closed(elab, value, bare)
    entry = left.body
    if not isinstance(entry, Entry) or not isinstance(raw, Entry):
        return None
    declaration = elab.declaration(entry.symbol)
    if declaration is None or (value.axes and value.shape != left.shape):
        return None
    count = len(declaration.family)
    own = list(entry.indices[count:])
    if not all(isinstance(i, Var) for i in own) or len({*own}) != len(own):
        return None
    if any(isinstance(i, Var) and not _is_whole(session, i, d) for i, d in zip(own, declaration.shape, strict=True)):
        return None
    family = [_family_index(t) for t in entry.indices[:count]]
    if any(f is None for f in family):
        return None
    if entry.symbol in value.body.symbols and (count == 0 or all(isinstance(f, Number) for f in family)):
        return None
    parameters = [fresh(f.index.name) for f in declaration.family]
    axes = [fresh(i.index.name, d) for i, d in zip(own, declaration.shape, strict=True) if isinstance(i, Var)]
    replaced: dict[Index, Term] = {i.index: Var(a) for i, a in zip(own, axes, strict=True) if isinstance(i, Var)}
    where: list[Term] = []
    for position, (term, parameter) in enumerate(zip(family, parameters, strict=True)):
        if isinstance(term, tuple):
            replaced[term[0]] = add(Var(parameter), number(-term[1]))
            where += _within(session, raw.indices[position], declaration.family[position], parameter, bare)
        elif term is not None:
            where.append(Compare("=", Var(parameter), term))
    for a, relation, b in conditions:
        a, b = closed(elab, a, bare), closed(elab, b, bare)
        if a.axes or b.axes:
            return None
        where.append(tidied(substitute(Compare(relation, a.body, b.body), replaced)))
    body = value.at([Var(a) for a in _places(left, own)]) if value.axes else value.body
    definition = Definition((*parameters, *axes), tidied(substitute(body, replaced)), _all(where))
    if definition.body.free - {*parameters, *axes}:
        return None
    if any(c.free - {*parameters, *axes} for c in where):
        return None
    specific = bool(conditions) or any(not isinstance(t, tuple) for t in family)
    definitions = (definition, *declaration.definitions) if specific else (*declaration.definitions, definition)
    return elab.scope.declare(replace(declaration, definitions=definitions))


def _is_whole(session: Session, index: Var, dim: Dim) -> bool:
    """Whether an index runs over its whole axis: `x_i = 0` for i = 1, ..., k does not say what x is."""
    lower, upper, said = session.ranges.get(index.index.name, (None, None, None))
    if said is not None:
        return said == dim
    return (lower is None or not _differs(lower, ONE)) and (upper is None or not _differs(upper, size(dim)))


def _places(left: Tensor, own: Sequence[Term]) -> list[Index]:
    """The axes of the left side in its own order."""
    return list(left.axes) if left.axes else [t.index for t in own if isinstance(t, Var)]


def _family_index(term: Term) -> tuple[Index, int] | Term | None:
    """Index and shift of a member's subscript, a fixed whole number, or None."""
    found = offset(term)
    if found is not None:
        return found
    return term if not term.free and all(_counts(part) for part in walk(term)) else None


def _counts(term: Term) -> bool:
    """What a fixed whole number (`T`, `T+1`, `2n`) is made of."""
    return isinstance(term, Number | Size | Add | Mul) or (isinstance(term, Entry) and not term.indices)


def _within(session: Session, raw: Term, family: Family, parameter: Index, bare: dict[Index, Bare]) -> list[Term]:
    """Where everything on the right is defined, as far as the family itself reaches further."""
    found = offset(raw)
    if found is None:
        return []
    index, shift = found
    if index.name in session.ranges:
        lower, upper, _ = session.ranges[index.name]
    else:
        lower, upper = limits([u for u in session.uses.get(index, []) if u.dim is None])
    conditions: list[Term] = []
    if lower is not None and _differs(add(lower, number(shift)), family.lower):
        conditions.append(Compare(">=", Var(parameter), add(lower, number(shift))))
    if upper is not None and _differs(add(upper, number(shift)), family.upper):
        conditions.append(Compare("<=", Var(parameter), add(upper, number(shift))))
    return conditions


def _differs(term: Term, other: Term | None) -> bool:
    return other is None or difference(term, other) is not number(0)


def _all(conditions: Sequence[Term]) -> Term | None:
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else Logic("and", tuple(conditions))
