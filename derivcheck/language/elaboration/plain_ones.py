"""`1^\\top x`, `x'1`, `A1`, `11^\\top`: a plain 1 that stands for the vector of ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.scripts import TRANSPOSE
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Node, Num, Scripted
from derivcheck.terms import algebra
from derivcheck.terms.dim import Dim
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item


def plain_ones_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """A 1 with a transpose or a prime is a vector (a number has none); one that is juxtaposed may be."""
    node = items[k][1]
    text = _number(node)
    if text not in ("1", "11"):
        return None
    if _is_transposed(elab, node):
        dim = elab.session.unknown()
        row = algebra.transpose(algebra.ones(dim))
        return (row if text == "1" else _all_ones(dim)), k + 1
    if text == "11" or isinstance(node, Scripted) or not _is_juxtaposed(elab, items, k):
        return None
    surely = any(_number(n) in ("1", "11") and _is_transposed(elab, n) for _, n in items)
    return (algebra.ones(elab.session.unknown()), k + 1) if surely or takes(elab, "plain ones") else None


def _all_ones(dim: Dim) -> Tensor:
    return algebra.ones(dim, dim)


def _number(node: Node) -> str:
    core = node.base if isinstance(node, Scripted) else node
    return core.text if isinstance(core, Num) else ""


def _is_transposed(elab: Elaborator, node: Node) -> bool:
    if not isinstance(node, Scripted) or node.sub is not None:
        return False
    if node.sup is None:
        return node.primes == 1
    mark = canonical(node.sup)
    known = mark in elab.bound or mark in elab.scope.names or mark in elab.session.letters
    return mark in TRANSPOSE and not node.primes and not known


def _is_juxtaposed(elab: Elaborator, items: Sequence[Item], k: int) -> bool:
    """Behind something that is no number, or before a name: nobody writes so for a factor 1."""
    if items[k][0] not in ("", "\\cdot", "*"):
        return False
    if k:
        return not _number(items[k - 1][1]) or _is_transposed(elab, items[k - 1][1])
    following = items[1:2]
    return bool(following) and following[0][0] == "" and not _number(following[0][1])
