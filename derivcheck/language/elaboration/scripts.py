"""Scripts on something already read: entries, powers, transposes, inverses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration import operations as op
from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.ranges import tidy
from derivcheck.language.elaboration.session import Use
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Name, Node, Num, Product, Scripted, Span, Symbol
from derivcheck.record import replace
from derivcheck.terms import algebra
from derivcheck.terms.algebra import axis_sum
from derivcheck.terms.build import ONE, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Derivative, Term, Var
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

TRANSPOSE = frozenset({"T", "\\top", "\\mathsf{T}", "\\intercal", "\\mathrm{T}", "\\prime", "\\mathsf T", "t", "\\t"})
SLICE = frozenset({":", "\\cdot", "*", "\\colon", "\\bullet"})
DOTS = frozenset({"\\cdot", "\\bullet"})


def decorate(elab: Elaborator, tensor: Tensor, scripts: Scripted) -> Tensor:
    """Apply what remains of a name's scripts: first the entry below, then primes, then what stands above (a transpose
    or an inverse of the whole matrix goes first)."""
    if scripts.sub is not None:
        tensor, scripts = raised_first(elab, tensor, scripts)
    if scripts.sub is not None:
        tensor = entry(elab, tensor, scripts.sub, scripts.span)
    for _ in range(scripts.primes):
        tensor = _prime(elab, tensor, scripts.span)
    if scripts.sup is not None:
        if _is_label(scripts):
            said = "a member or a label of this name, which is no power, is not declared"
            elab.error("unsupported", said, scripts.span)
        tensor = superscript(elab, tensor, scripts.sup, scripts.span)
    return tensor


def raised_first(elab: Elaborator, tensor: Tensor, scripts: Scripted) -> tuple[Tensor, Scripted]:
    """`A^\\top_{ij}`, `\\Sigma^{-1}_{ij}`, `A'_{ij}`: where what stands above is of the whole matrix, the matrix with
    it and the scripts that remain. A power is of the entry, unless the line shows otherwise."""
    tensor = elab.session.settle(tensor)
    places = entry_indices(scripts.sub, 2) if scripts.sub is not None else []
    if len(places) != 2 or len(tensor.axes) != 2 or algebra.is_row(tensor):
        return tensor, scripts
    of_entry = not any(canonical(node) in SLICE for node in places)
    if scripts.primes and of_entry:
        for _ in range(scripts.primes):
            tensor = transposed(elab, tensor, scripts.span)
        scripts = replace(scripts, primes=0)
    if scripts.sup is None or _is_label(scripts) or not _is_of_the_whole(elab, tensor, scripts, of_entry):
        return tensor, scripts
    return superscript(elab, tensor, scripts.sup, scripts.span), replace(scripts, sup=None)


def _is_of_the_whole(elab: Elaborator, tensor: Tensor, scripts: Scripted, of_entry: bool) -> bool:
    assert scripts.sub is not None and scripts.sup is not None
    text = canonical(scripts.sup) or ""
    above_first = scripts.sup.span.start < scripts.sub.span.start
    if text == "-1" and above_first:
        return not of_entry or not takes(elab, "entry of the inverse")
    if not of_entry:
        return False
    if text in TRANSPOSE and not (_counts(elab, scripts.sup) or _is_number_name(elab, scripts.sup)):
        return not takes(elab, "entry of the transpose")
    if (text in _SPECIAL and text != "-1") or (text.startswith("-") and text[1:] in TRANSPOSE):
        return True
    custom = "entry of a power" if isinstance(scripts.sup, Num) or text == "-1" else "entry of a symbolic power"
    return algebra.is_square(tensor) and takes(elab, custom)


def _is_label(scripts: Scripted) -> bool:
    """`x^{(2)}`, `x^{(i)}` of a name: never a power (as `x^{(n-1)}` and `e^{(x)}` are)."""
    sup, base = scripts.sup, scripts.base
    if not isinstance(sup, Group) or sup.open != "(" or not isinstance(sup.body, Num | Name):
        return False
    return isinstance(base, Name) and base.text not in ("e", "\\mathrm{e}")


def _prime(elab: Elaborator, tensor: Tensor, span: Span) -> Tensor:
    if not tensor.axes:
        elab.error("undeclared", "a prime on a number: no name with a prime is declared", span)
    return transposed(elab, tensor, span)


def transposed(elab: Elaborator, tensor: Tensor, span: Span) -> Tensor:
    """The transpose; of a derivative with more than two axes what is differentiated and the variable change places."""
    tensor = elab.session.settle(tensor)
    if len(tensor.axes) < 3:
        return algebra.transpose(tensor)
    if not isinstance(tensor.body, Derivative):
        elab.error("unsupported", "the transpose of something with more than two axes", span)
    below = [a for a in tensor.axes if any(a in i.free for i in tensor.body.wrt.indices)]
    return Tensor((*below, *(a for a in tensor.axes if a not in below)), tensor.body)


# entries -----------------------------------------------------------------------------------------------------


def entry_indices(node: Node, count: int) -> list[Node]:
    """The indices that a subscript lists: between commas, or juxtaposed (`ij`, `12`) where `count` are expected."""
    if isinstance(node, Listing):
        return list(node.items)
    if isinstance(node, Group) and node.open in ("(", "["):
        return entry_indices(node.body, count)
    if count > 1 and isinstance(node, Product) and all(o == "" for o, _ in node.items):
        parts: list[Node] = []
        for _, item in node.items:
            parts += _digits(item) if isinstance(item, Num) else [item]
        if len(parts) == count:
            return parts
    if count > 1 and isinstance(node, Num) and len(node.text) == count:
        return _digits(node)
    return [node]


def _digits(node: Num) -> list[Node]:
    start = node.span.start
    return [Num(span=Span(start + k, start + k + 1), text=d) for k, d in enumerate(node.text)]


def position(elab: Elaborator, node: Node, dim: Dim) -> Term:
    """One index of an axis."""
    return elab.used_at(node, Use(ONE, size(dim), dim))


def entry(elab: Elaborator, tensor: Tensor, sub: Node, span: Span) -> Tensor:
    """`x_i`, `A_{ij}`, `A_{:,j}`, `A_{i:}`; one index on a row is the column's."""
    tensor = elab.session.settle(tensor)
    rank = len(tensor.axes)
    nodes = entry_indices(sub, rank)
    if rank == 2 and len(nodes) == 1 and algebra.is_row(tensor):
        return scalar(tensor.at([ONE, position(elab, nodes[0], tensor.shape[1])]))
    if rank == 2 and len(nodes) == 1 and tensor.shape[1] == Dim.of(1):
        return scalar(tensor.at([position(elab, nodes[0], tensor.shape[0]), ONE]))
    if rank == 1 and len(nodes) == 2 and canonical(nodes[1]) == "1":
        nodes = nodes[:1]
    if not rank:
        elab.error("unreadable", "an index on something that is a single number", span)
    if len(nodes) != rank:
        elab.error("unreadable", f"{rank} indices are expected here, {len(nodes)} given", sub.span)
    if rank == 1 and isinstance(sub, Group):
        elab.session.ambiguities.add("whether this is an entry or the value of that rank")
    renamed = tensor.renamed()
    places: list[Term] = []
    kept, summed = [], []
    for node, axis in zip(nodes, renamed.axes, strict=True):
        if canonical(node) in SLICE:
            by_dot = canonical(node) in DOTS and takes(elab, "dot for a sum")
            (summed if by_dot else kept).append(axis)
            places.append(Var(axis))
        else:
            assert axis.dim is not None
            places.append(position(elab, node, axis.dim))
    body = renamed.at(places)
    for axis in summed:
        body = axis_sum(axis, body)
    sliced = Tensor(tuple(kept), body)
    if rank == 2 and kept == [renamed.axes[1]]:  # a row of a matrix: by custom a column like its others, or a row
        elab.session.ambiguities.add("row or column")
        return algebra.transpose(sliced) if elab.options.row_slices else sliced
    return sliced


# what stands above -------------------------------------------------------------------------------------------


def superscript(elab: Elaborator, tensor: Tensor, sup: Node, span: Span) -> Tensor:
    """A transpose, an inverse, a power."""
    text = canonical(sup)
    if text in TRANSPOSE and not _counts(elab, sup) and (tensor.axes or not _is_number_name(elab, sup)):
        may_count = len(tensor.axes) == 2 and algebra.is_square(tensor) and _is_number_name(elab, sup)
        if not (may_count and takes(elab, "T as a number")):
            return transposed(elab, tensor, span)
    if text is not None and text.startswith("-") and text[1:] in TRANSPOSE and tensor.axes:
        return algebra.transpose(op.inverse(elab, tensor, span))
    special = _SPECIAL.get(text or "")
    if special is not None:
        return special(elab, tensor, span)
    if _starts_with_circle(sup):
        exponent = _without_circle(sup)
        return op.apply(elab, algebra.entrywise_power, tensor, elab.tensor(exponent), span=span)
    if text == "2" and len(tensor.axes) == 1 and takes(elab, "square of a vector"):
        return op.apply(elab, algebra.inner, tensor, tensor, span=span)
    exponent = elab.tensor(sup)
    return op.power(elab, tensor, Tensor(exponent.axes, tidy(exponent.body)), span)


def _pseudo_inverse(elab: Elaborator, tensor: Tensor, span: Span) -> Tensor:
    if len(tensor.axes) != 2:
        elab.error("unreadable", "this mark above a number or a vector has no meaning here", span)
    return op.apply(elab, algebra.pseudo_inverse, tensor, span=span)


def _dagger(elab: Elaborator, tensor: Tensor, span: Span) -> Tensor:
    if tensor.axes and takes(elab, "adjoint"):
        return transposed(elab, tensor, span)
    return _pseudo_inverse(elab, tensor, span)


_SPECIAL: dict[str, Callable[[Elaborator, Tensor, Span], Tensor]] = {
    "-1": op.inverse,
    "\\dagger": _dagger,
    "+": _pseudo_inverse,
}


def _is_number_name(elab: Elaborator, sup: Node) -> bool:
    """`x^T` of a number where `T` is a number of the problem, or an index in this line, is a power."""
    return isinstance(sup, Name) and any(
        sup.text in known for known in (elab.bound, elab.scope.names, elab.session.letters)
    )


def _counts(elab: Elaborator, sup: Node) -> bool:
    """A small `t` that counts something here (a step, a power) is no transpose: `h_t = W^t h_0`."""
    if not isinstance(sup, Name) or sup.text != "t":
        return False
    families = (f.index.name for d in elab.scope.model.declarations.values() for f in d.family)
    return _is_number_name(elab, sup) or sup.text in elab.session.letters or sup.text in families


def _starts_with_circle(sup: Node) -> bool:
    return (
        isinstance(sup, Product)
        and len(sup.items) > 1
        and (
            sup.items[0][0] in ("\\circ", "\\odot")
            or (isinstance(sup.items[0][1], Symbol) and sup.items[0][1].text in ("\\circ", "\\odot"))
            or (not canonical(sup.items[0][1]) and sup.items[1][0] in ("\\circ", "\\odot"))
        )
    )


def _without_circle(sup: Node) -> Node:
    assert isinstance(sup, Product)
    items: Sequence[tuple[str, Node]] = sup.items if sup.items[0][0] else sup.items[1:]
    return items[0][1] if len(items) == 1 else Product(span=sup.span, items=(("", items[0][1]), *items[1:]))
