r"""`\mathbb{E}_{j \sim p}[z_j]` where p is a vector of probabilities: j is an index over its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Listing, Name, Node, Relation
from derivcheck.terms.model import Parameter
from derivcheck.terms.node import Entry, Term, Var, fresh
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator


def with_drawn(elab: Elaborator, sub: Node | None) -> Elaborator:
    """The reader in which what a subscript draws from a vector is an index."""
    for part in sub.items if isinstance(sub, Listing) else (sub,):
        if not isinstance(part, Relation) or part.relations != ("\\sim",) or not isinstance(part.operands[0], Name):
            continue
        key, vector = canonical(part.operands[0]) or "", _vector(elab, part.operands[1])
        if vector is not None and elab.declaration(key) is None and key not in elab.scope.names | elab.bound.keys():
            elab = elab.with_indices({key: fresh(key, vector.shape[0])})
    return elab


def drawn_index(elab: Elaborator, left: Node, right: Node) -> tuple[str, Parameter, Term] | None:
    """The index, its range and its weight, of what `with_drawn` bound."""
    key = canonical(left) or ""
    value = elab.bound.get(key)
    vector = _vector(elab, right) if value is not None else None
    if value is None or vector is None or not isinstance(value.body, Var) or value.body.index.dim != vector.shape[0]:
        return None
    if not _sums_to_one(elab, vector):
        elab.session.ambiguities.add("whether these are probabilities")
    return key, Parameter(value.body.index), vector.at([value.body])


def _vector(elab: Elaborator, node: Node) -> Tensor | None:
    from derivcheck.language.elaboration.resolve import lookup

    key = canonical(node)
    found = lookup(elab, key) if key is not None else None
    declaration = elab.declaration(found.body.symbol) if found is not None and isinstance(found.body, Entry) else None
    law = declaration is None or declaration.law is not None or declaration.family
    return None if found is None or law or len(found.axes) != 1 else found


def _sums_to_one(elab: Elaborator, vector: Tensor) -> bool:
    """Whether it is declared as a distribution, is computed, or something is assumed of it."""
    assert isinstance(vector.body, Entry)
    name, model = vector.body.symbol, elab.scope.model
    declaration = elab.declaration(name)
    said = any(name in a.left.body.symbols | a.right.body.symbols for a in model.assumptions)
    return said or (declaration is not None and (declaration.domain.kind == "simplex" or bool(declaration.definitions)))
