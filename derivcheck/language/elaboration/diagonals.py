"""Matrices given in two halves: `S_{ii} = v_i` says what stands on the diagonal and nothing else; `S_{ij} = 0` for
i != j (or `S` is diagonal) says that the rest is zero. Only both together are a definition of S."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.scripts import entry_indices
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Node, Num, Product, Relation, Scripted
from derivcheck.record import replace
from derivcheck.terms import algebra
from derivcheck.terms.model import Declaration, Definition
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.language.scope import Scope


def diagonal_index(node: Node) -> Node | None:
    """i of `S_{ii}`."""
    if not isinstance(node, Scripted) or node.sub is None or node.sup is not None:
        return None
    parts = entry_indices(node.sub, 2)
    same = len(parts) == 2 and canonical(parts[0]) is not None and canonical(parts[0]) == canonical(parts[1])
    return parts[0] if same else None


def diagonal_key(base: str) -> str:
    """The name of the vector on the diagonal of a matrix of which nothing else is known."""
    return f"\\operatorname{{diag}}({base})"


def on_indices(scope: Scope, left: Node, conditions: Sequence[Node]) -> tuple[Relation, ...]:
    """The conditions that choose among the members of the left side: of `S_{ij}` those on i and j, not of `S_{ii}`."""
    if not isinstance(left, Scripted) or left.sub is None:
        return ()
    carried = {canonical(part) for part in entry_indices(left.sub, 2)}
    chosen: list[Relation] = []
    for condition in conditions:
        if isinstance(condition, Relation) and {"!=", "="} & {*condition.relations}:
            first, *others = (canonical(o) for o in condition.operands)
            known = all(o is not None and (o in carried or o.isdigit() or o in scope.names) for o in others)
            chosen += [condition] if first in carried and known else []
    return tuple(chosen)


def said_diagonal(left: Node, right: Node, conditions: Sequence[Node]) -> str | None:
    """S, where `S_{ij} = 0` for i != j, or `S \\odot I = S`, says that it is zero beside its diagonal."""
    if isinstance(left, Product) and [o for o, _ in left.items] == ["", "\\odot"]:
        name, unit = (_bare(item) for _, item in left.items)
        same = canonical(name) is not None and canonical(name) == canonical(_bare(right))
        return canonical(name) if same and canonical(unit) == "I" else None
    zero = isinstance(right, Num) and right.text == "0"
    if not zero or not isinstance(left, Scripted) or left.sub is None or left.sup is not None:
        return None
    parts = [canonical(part) for part in entry_indices(left.sub, 2)]
    apart = any(
        isinstance(c, Relation) and c.relations == ("!=",) and {canonical(o) for o in c.operands} == {*parts}
        for c in conditions
    )
    return canonical(replace(left, sub=None)) if apart and len({*parts}) == 2 else None


def _bare(node: Node) -> Node:
    return node.body if isinstance(node, Group) and node.open == "(" else node


def with_zeros(scope: Scope, base: str) -> Scope:
    """S is zero beside its diagonal."""
    return with_whole(replace(scope, diagonal=scope.diagonal | {base}), base)


def with_whole(scope: Scope, base: str) -> Scope:
    """S itself, once both halves are known."""
    vector = scope.declaration(diagonal_key(base))
    if vector is None or base not in scope.diagonal or scope.declaration(base) is not None:
        return scope
    made = algebra.diag(vector_of(vector))
    definition = Definition(made.axes, made.body)
    return scope.declare(Declaration(base, made.shape, definitions=(definition,), latex=base))


def vector_of(vector: Declaration) -> Tensor:
    """The vector on a diagonal, as a whole."""
    from derivcheck.language.elaboration.resolve import member

    return member(vector, ())
