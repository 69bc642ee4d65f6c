"""`\\pi(a)`, `x(1)`, `A(i, j)`: an entry by its index in a bracket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.scripts import entry
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Name, Node, Num, Span
from derivcheck.terms.node import Entry, Var
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator


def entry_called(elab: Elaborator, node: Node, group: Group, span: Span) -> Tensor | None:
    """`\\pi(a)` of a vector and an index over its axis: the entry (or, less likely, a product)."""
    key, inside = canonical(node), canonical(group.body)
    if group.open != "(" or key is None or key in elab.scope.functions:
        return None
    if isinstance(group.body, Listing):
        return _entry_of_matrix(elab, key, group.body, span)
    if inside is None:
        return None
    from derivcheck.language.elaboration.resolve import lookup

    vector, index = lookup(elab, key), lookup(elab, inside)
    if vector is None or len(vector.axes) != 1:
        return None
    if index is None:
        bare = inside in elab.session.letters and inside not in elab.scope.names
    else:
        known = inside in elab.scope.indices and inside not in elab.bound
        dims = (vector.axes[0].dim,) if known else (None, vector.axes[0].dim)
        bare = not index.axes and isinstance(index.body, Var) and index.body.index.dim in dims
    if not bare:
        if isinstance(group.body, Num | Name) and _is_whole(elab, index) and takes(elab, "entry by a call"):
            return entry(elab, vector, group.body, span)
        return None
    elab.session.ambiguities.add("entry or product")
    return None if elab.options.call_products else entry(elab, vector, group.body, span)


def _is_whole(elab: Elaborator, index: Tensor | None) -> bool:
    """Whether what stands in a bracket is a written number or a whole number of the problem."""
    if index is None:
        return True
    declared = elab.declaration(index.body.symbol) if isinstance(index.body, Entry) else None
    return not index.axes and declared is not None and declared.domain.kind == "integer"


def _entry_of_matrix(elab: Elaborator, key: str, listed: Listing, span: Span) -> Tensor | None:
    """`A(i, j)`, `A(1, 2)` of a matrix."""
    from derivcheck.language.elaboration.resolve import lookup

    matrix = lookup(elab, key)
    plain = all(isinstance(item, Num | Name) for item in listed.items)
    if matrix is None or len(matrix.axes) != 2 or len(listed.items) != 2 or not plain:
        return None
    return entry(elab, matrix, listed, span)
