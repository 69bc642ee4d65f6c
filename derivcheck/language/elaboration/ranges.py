"""The range of an index that was written without one, found from where it is used."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.elaboration.session import Use
from derivcheck.terms import build
from derivcheck.terms.dim import Dim
from derivcheck.terms.integers import as_dim
from derivcheck.terms.node import Add, Entry, Index, Mul, Number, Term, Var, map_children, replace_entries


def tidy(term: Term) -> Term:
    """Integer arithmetic of a subscript folded: `t + 1 - 1` is `t`."""
    if isinstance(term, Add):
        return _collect([tidy(t) for t in term.args])
    if isinstance(term, Mul):
        return build.mul(*(tidy(t) for t in term.args))
    return map_children(term, tidy)


def tidied(term: Term) -> Term:
    """A term with all its subscripts folded."""
    return replace_entries(term, lambda entry: Entry(entry.symbol, tuple(tidy(i) for i in entry.indices)))


def _collect(terms: Sequence[Term]) -> Term:
    """A sum in which a term and its negative cancel."""
    total = build.add(*terms)
    if not isinstance(total, Add):
        return total
    rest: list[Term] = []
    for term in total.args:
        opposite = build.neg(term)
        if opposite in rest:
            rest.remove(opposite)
        else:
            rest.append(term)
    return build.add(*rest)


def difference(left: Term, right: Term) -> Term:
    """left - right, with what cancels cancelled."""
    return _collect([*_summands(tidy(left)), *_negated(tidy(right))])


def _summands(term: Term) -> tuple[Term, ...]:
    return term.args if isinstance(term, Add) else (term,)


def offset(term: Term) -> tuple[Index, int] | None:
    """(index, c) where the term is index + c with a whole number c."""
    if isinstance(term, Var):
        return term.index, 0
    if isinstance(term, Add) and len(term.args) == 2:
        first, second = term.args
        if isinstance(first, Number):
            first, second = second, first
        if isinstance(first, Var) and isinstance(second, Number) and second.value.denominator == 1:
            return first.index, int(second.value)
    return None


def axis(uses: Sequence[Use]) -> Dim | None:
    """The axis that an index runs over: all its unshifted uses on axes of this one length."""
    dims = {use.dim for use in uses if use.shift == 0}
    if not dims:
        dims = {use.dim for use in uses}
    return dims.pop() if len(dims) == 1 else None


def whole_axis(lower: Term | None, upper: Term | None) -> Dim | None:
    """The dimension that a range 1, ..., upper runs through: that of `\\mathbb{R}^{n-k+1}` of 1, ..., n - k + 1."""
    dim = as_dim(upper) if lower is build.ONE and upper is not None else None
    return dim if dim is not None and dim.names else None


def limits(uses: Sequence[Use]) -> tuple[Term | None, Term | None]:
    """The limits within which every use is in range, as far as they can be compared."""
    lowers = [build.add(use.lower, build.number(-use.shift)) for use in uses if use.lower is not None]
    uppers = [build.add(use.upper, build.number(-use.shift)) for use in uses if use.upper is not None]
    return _extreme(lowers, greatest=True), _extreme(uppers, greatest=False)


def _extreme(terms: Sequence[Term], greatest: bool) -> Term | None:
    """The greatest (least) of terms that differ by numbers; None where they cannot be compared."""
    best: Term | None = None
    for term in terms:
        if best is None:
            best = term
            continue
        gap = difference(term, best)
        if not isinstance(gap, Number):
            return None
        if (gap.value > 0) == greatest and gap.value != 0:
            best = term
    return best


def _negated(term: Term) -> list[Term]:
    return [build.neg(t) for t in term.args] if isinstance(term, Add) else [build.neg(term)]
