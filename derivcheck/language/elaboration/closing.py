"""The end of reading a line: bare indices get their ranges, unknown dimensions their values, and what is still
unknown is said."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.ranges import axis, difference, limits
from derivcheck.language.elaboration.session import has_unknown
from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.parsing.syntax import Span
from derivcheck.record import dataclass, replace
from derivcheck.terms.build import ONE, add, size
from derivcheck.terms.dim import ONE as DIM_ONE
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim, Parameter
from derivcheck.terms.node import Derivative, Entry, Fold, Index, Number, Reduce, Size, Term, Var, substitute, walk
from derivcheck.terms.tensor import Tensor, scalar


@dataclass(frozen=True, slots=True)
class Bare:
    """A bare index with its final form and range; `entry`: it stands at an entry position only (not in time)."""

    parameter: Parameter
    entry: bool


def bare_indices(elab: Elaborator) -> dict[Index, Bare]:
    """What every bare index of the line turned out to be."""
    found: dict[Index, Bare] = {}
    for name, index in elab.session.free.items():
        found[index] = _resolved(elab, name, index)
    return found


def _resolved(elab: Elaborator, name: str, index: Index) -> Bare:
    session = elab.session
    uses = [replace(u, dim=session.solved(u.dim)) if u.dim is not None else u for u in session.uses.get(index, [])]
    uses = [u if u.dim is None else replace(u, lower=ONE, upper=size(u.dim)) for u in uses]
    if name in session.ranges:
        lower, upper, dim = session.ranges[name]
        return Bare(Parameter(Index(name, dim), lower, upper), False)
    dim = axis(uses)
    entry = bool(uses) and all(u.dim is not None for u in uses)
    if dim is not None and entry and all(u.shift == 0 for u in uses):
        return Bare(Parameter(Index(name, dim), ONE, size(dim)), entry)
    return Bare(Parameter(Index(name), *limits(uses)), entry)


def closed(elab: Elaborator, tensor: Tensor, bare: dict[Index, Bare]) -> Tensor:
    """The tensor with every bare index and every dimension in its final form."""
    tensor = elab.session.settle(tensor)
    values: dict[Index, Term] = {i: Var(b.parameter.index) for i, b in bare.items() if i != b.parameter.index}
    return Tensor(tensor.axes, substitute(tensor.body, values)) if values else tensor


def parameters_of(elab: Elaborator, tensors: Sequence[Tensor], bare: dict[Index, Bare]) -> tuple[Parameter, ...]:
    """The free integers of some closed tensors with their ranges."""
    free = {i for t in tensors for i in t.body.free - set(t.axes)}
    declared = {p.index: p for p in elab.scope.indices.values()}
    found = {b.parameter.index: b.parameter for b in bare.values()}
    ordered = sorted(free, key=lambda i: i.name)
    return tuple(found.get(i) or declared.get(i) or _plain(i) for i in ordered)


def _plain(index: Index) -> Parameter:
    return Parameter(index, ONE, size(index.dim)) if index.dim is not None else Parameter(index)


def check_dimensions(tensors: Sequence[Tensor], span: Span) -> None:
    """Refuse a line in which the size of an `I` or a vector of ones could not be found out."""
    for tensor in tensors:
        for term in walk(tensor.body):
            if isinstance(term, Size) and has_unknown(term.dim):
                raise Unreadable(
                    "unknown-size", "the size of an identity or of a vector of ones is not determined", span
                )
        if any(has_unknown(d) for d in tensor.shape):
            raise Unreadable("unknown-size", "the size of an identity or of a vector of ones is not determined", span)


def sized(elab: Elaborator, tensors: Sequence[Tensor]) -> None:
    """Sizes for identities and ones that nothing in the line determines, where the shapes show them: any size (a name
    of its own), or with `beside_sizes` the size of what stands beside them, as in `A \\otimes I + I \\otimes B`."""
    session = elab.session
    inside = {n for t in tensors for term in walk(t.body) if isinstance(term, Size) for n in term.dim.names}
    shapes = [d for t in tensors for d in t.shape]
    names = inside.union(*(d.names for d in shapes))
    session.dims |= dict.fromkeys(names & session.multiples, DIM_ONE)
    for dim in shapes:
        for monomial, _ in session.solved(dim).terms:
            beside = tuple(n for n in monomial if not n.startswith("?"))
            for name in sorted({n for n in monomial if n.startswith("?")} - session.dims.keys()):
                session.ambiguities.add("the size of an identity" if beside else "a size that nothing says")
                chosen = Dim(((beside, 1),)) if beside and elab.options.beside_sizes else _any_size(elab)
                session.dims[name] = chosen


def _any_size(elab: Elaborator) -> Dim:
    taken = {*elab.scope.names, *elab.session.sizes, *elab.session.letters}
    name = next(n for n in itertools.chain(("k",), (f"k_{i}" for i in itertools.count(1))) if n not in taken)
    elab.session.sizes.append(name)
    return Dim.named(name)


def implied_conditions(elab: Elaborator, *tensors: Tensor) -> tuple[Claim, ...]:
    """What a line says of its bare indices by how it is written: the upper limit of a sum or product is not below its
    empty range, and a state is differentiated by an earlier state of its family, not by a later one."""
    found: dict[tuple[Term, Term], Claim] = {}
    for tensor in tensors:
        for term in walk(tensor.body):
            pair = _ordered_pair(elab, term)
            if pair is None or pair in found:
                continue
            low, high = pair
            free = (low.free | high.free) - set(tensor.axes)
            if free and not any("#" in i.name for i in free) and not isinstance(difference(high, low), Number):
                found[pair] = Claim(scalar(low), "<=", scalar(high))
    return tuple(found.values())


def _ordered_pair(elab: Elaborator, term: Term) -> tuple[Term, Term] | None:
    """Two whole numbers of which the first is not greater than the second where the term means something."""
    if isinstance(term, Reduce | Fold):
        return term.lower, add(term.upper, ONE)
    if not isinstance(term, Derivative) or not isinstance(term.body, Entry) or term.body.symbol != term.wrt.symbol:
        return None
    declaration = elab.declaration(term.body.symbol)
    if declaration is None or not declaration.family:
        return None
    return term.wrt.indices[0], term.body.indices[0]
