"""Symbolic differentiation of terms, one level of definitions at a time.

`push` moves a `Derivative` inwards through every node kind and stops at entries that depend on the variable through
their definition: those stay as `Derivative(Entry, ...)`, so that what the student or the problem named stays opaque.
`resolve_entry` unfolds one such entry. Rules are the standard ones (Magnus and Neudecker, Matrix Differential
Calculus; Petersen and Pedersen, The Matrix Cookbook); the source is named where a rule is not.
Every rule returns terms with constants folded (build.py), since nobody wrote them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from derivcheck.record import dataclass
from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, add, delta, mul, neg, power, size, sub, sum_over
from derivcheck.terms.dim import Dim
from derivcheck.terms.functions import TABLE, guarded
from derivcheck.terms.integers import deltas, difference, equal_condition, same
from derivcheck.terms.model import Model
from derivcheck.terms.node import (
    Add,
    Apply,
    Cases,
    Compare,
    Derivative,
    Entry,
    Expectation,
    Fold,
    Function,
    Hole,
    Integral,
    Limit,
    Logic,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Term,
    Var,
    children,
    fresh,
    replace_entries,
    substitute,
)
from derivcheck.terms.unfold import depends, entry_indices, family_indices, latest, reaches, states, unfold


@dataclass(frozen=True, slots=True)
class _Work:
    """One differentiation under way: what is differentiated by, what is held, in which model."""

    model: Model
    wrt: Entry
    held: tuple[Entry, ...]
    immediate: bool
    at: tuple[Term, ...]

    def of(self, body: Term) -> Derivative:
        return Derivative(body, self.wrt, self.held, self.immediate, self.at)

    def touches(self, term: Term) -> bool:
        return reaches(self.model, term, self.wrt.symbol) or self._by_law(term)

    def _by_law(self, term: Term) -> bool:
        """Whether a law of what the term is computed from depends on the variable: an expectation does then."""
        declarations = self.model.declarations
        for symbol in term.symbols:
            for name in (symbol, *depends(self.model, symbol)):
                law = declarations[name].law if name in declarations else None
                if law is not None and any(reaches(self.model, t, self.wrt.symbol) for t in law_terms(law)):
                    return True
        return False


def push(derivative: Derivative, model: Model) -> Term:
    """The derivative moved inwards to the entries of its body. Entries that may depend on the variable through a
    definition remain as residual derivatives (see `resolve_entry`)."""
    return _push(derivative.body, _work(derivative, model))


def resolve_entry(derivative: Derivative, model: Model) -> Term:
    """The derivative of an entry (or of a residual derivative), with its definition unfolded one level."""
    work = _work(derivative, model)
    body = derivative.body
    if isinstance(body, Derivative):
        return _push(resolve_entry(body, model), work)
    if not isinstance(body, Entry):
        return push(derivative, model)
    simple = _entry(body, work)
    if not (isinstance(simple, Derivative) and simple.body is body):
        return simple
    definition = unfold(body, model)
    deeper = ZERO if definition is None else _unfolded(definition, body, work)
    return _held_or(body, work, deeper)


def _unfolded(definition: Term, entry: Entry, work: _Work) -> Term:
    """The derivative of what an entry is defined as; the entry itself, where none applies, is a free value."""
    if isinstance(definition, Cases) and definition.otherwise is entry:
        pushed = tuple((c, _push(v, work)) for c, v in definition.branches)
        return _cases(pushed, ZERO)
    return _push(definition, work)


def _work(derivative: Derivative, model: Model) -> _Work:
    return _Work(model, derivative.wrt, derivative.held, derivative.immediate, derivative.at)


def _push(term: Term, work: _Work) -> Term:
    if not work.touches(term):
        return ZERO
    rule = _RULES.get(type(term))
    return Hole(f"derivative of {type(term).__name__}") if rule is None else rule(term, work)


# Entries ----------------------------------------------------------------------------------------------------------


def _entry(entry: Entry, work: _Work) -> Term:
    """Deltas, zero, or a residual where the entry may equal or depend on the variable at some index."""
    model, wrt = work.model, work.wrt
    if entry.symbol == wrt.symbol:
        alike = same(family_indices(model, entry), family_indices(model, wrt))
        if alike or entry.symbol not in depends(model, entry.symbol):
            return deltas(entry.indices, wrt.indices)
    elif wrt.symbol not in depends(model, entry.symbol):
        return ZERO
    if _is_held(entry, work) or _is_too_early(entry, work) or _has_no_definition(entry, work):
        return ZERO
    return work.of(entry)


def _has_no_definition(entry: Entry, work: _Work) -> bool:
    """No definition can hold at these indices, and the entry is not the variable itself for any of them."""
    if unfold(entry, work.model) is not None:
        return False
    return entry.symbol != work.wrt.symbol or same(entry.indices, work.wrt.indices) is False


def _is_too_early(entry: Entry, work: _Work) -> bool:
    """Time runs one way: a member of a family cannot depend on one that is defined after it."""
    own, other = family_indices(work.model, entry), family_indices(work.model, work.wrt)
    if not own or not other:
        return False
    ahead = difference(other[0], own[0])
    return ahead is not None and ahead > latest(work.model, entry.symbol, work.wrt.symbol)


def _is_held(entry: Entry, work: _Work) -> bool:
    """Held for certain: listed as held, or (immediate) a state at another time."""
    for other in work.held:
        if other.symbol == entry.symbol and same(entry.indices[: len(other.indices)], other.indices):
            return True
    return _timed(entry, work) and same(family_indices(work.model, entry)[: len(work.at)], work.at) is False


def _timed(entry: Entry, work: _Work) -> bool:
    """Whether `immediate` holds this entry at other times: a member of a family that carries the state."""
    return work.immediate and entry.symbol in states(work.model)


def _held_or(entry: Entry, work: _Work, value: Term) -> Term:
    """The derivative of an unfolded entry where it is undetermined whether it is the variable, or is held."""
    model = work.model
    branches: list[tuple[Term, Term]] = []
    if entry.symbol == work.wrt.symbol:
        own, other = family_indices(model, entry), family_indices(model, work.wrt)
        if same(own, other) is None:
            branches.append((equal_condition(own, other), deltas(_rest(model, entry), _rest(model, work.wrt))))
    for other in work.held:
        if other.symbol == entry.symbol and same(entry.indices[: len(other.indices)], other.indices) is None:
            branches.append((equal_condition(entry.indices[: len(other.indices)], other.indices), ZERO))
    if _timed(entry, work):
        own = family_indices(model, entry)[: len(work.at)]
        if same(own, work.at) is None:
            branches.append((Logic("not", (equal_condition(own, work.at),)), ZERO))
    return _cases(tuple(branches), value) if branches and not _all_zero(branches, value) else value


def _rest(model: Model, entry: Entry) -> tuple[Term, ...]:
    return entry_indices(model, entry)


def _all_zero(branches: Iterable[tuple[Term, Term]], otherwise: Term) -> bool:
    return otherwise is ZERO and all(value is ZERO for _, value in branches)


# Rules ------------------------------------------------------------------------------------------------------------


def _add(term: Add, work: _Work) -> Term:
    return add(*(_push(arg, work) for arg in term.args))


def _mul(term: Mul, work: _Work) -> Term:
    parts = []
    for k, arg in enumerate(term.args):
        inner = _push(arg, work)
        if inner is not ZERO:
            parts.append(mul(*term.args[:k], inner, *term.args[k + 1 :]))
    return add(*parts)


def _power(term: Power, work: _Work) -> Term:
    base, exponent = term.base, term.exponent
    by_base, by_exponent = _push(base, work), _push(exponent, work)
    lower = sub(exponent, ONE) if isinstance(exponent, Number) else add(exponent, MINUS_ONE)
    parts = [mul(exponent, power(base, lower), by_base)]
    if by_exponent is not ZERO:
        parts.append(mul(term, Function("log", (base,)), by_exponent))
    return add(*parts)


def _function(term: Function, work: _Work) -> Term:
    row = TABLE.get(term.name)
    if row is None or row.derivative is None:
        return Hole(f"derivative of {term.name}")
    inner = [_push(arg, work) for arg in term.args]
    if all(d is ZERO for d in inner):
        return ZERO
    return add(*(mul(outer, d) for outer, d in zip(row.derivative(*term.args), inner, strict=True)))


def _reduce(term: Reduce, work: _Work) -> Term:
    if term.kind == "sum":
        inner = _push(term.body, work)
        return ZERO if inner is ZERO else Reduce("sum", term.index, term.lower, term.upper, inner, term.where)
    if term.kind == "prod":
        return _product(term, work)
    if term.kind in ("max", "min"):
        # Envelope rule: the derivative of the body at the place of the extremum (where that place is unique).
        inner = _push(term.body, work)
        place = Reduce("arg" + term.kind, term.index, term.lower, term.upper, term.body, term.where)
        return substitute(inner, {term.index: place})
    return ZERO


def _product(term: Reduce, work: _Work) -> Term:
    """d prod_k x_k = sum_k dx_k prod_{j != k} x_j; no division, so that zeros do no harm."""
    inner = _push(term.body, work)
    if inner is ZERO:
        return ZERO
    here = fresh(term.index.name, term.index.dim)
    other = Compare("!=", Var(term.index), Var(here))
    where = other if term.where is None else Logic("and", (term.where, other))
    rest = Reduce("prod", term.index, term.lower, term.upper, term.body, where)
    at_here = {term.index: Var(here)}
    outer = None if term.where is None else substitute(term.where, at_here)
    return Reduce("sum", here, term.lower, term.upper, mul(substitute(inner, at_here), rest), outer)


def _case(term: Cases, work: _Work) -> Term:
    """Branch by branch; where a condition depends on the variable, its boundary is left undefined."""
    branches = tuple((c, _push(value, work)) for c, value in term.branches)
    otherwise = None if term.otherwise is None else _push(term.otherwise, work)
    inner = _cases(branches, otherwise)
    edges = [e for c, _ in term.branches for e in _edges(c, work)]
    return guarded(edges[0] if len(edges) == 1 else Logic("and", tuple(edges)), inner) if edges else inner


def _edges(condition: Term, work: _Work) -> list[Term]:
    """For each comparison that depends on the variable: its two sides differ."""
    if isinstance(condition, Compare):
        return [Compare("!=", condition.left, condition.right)] if work.touches(condition) else []
    return [edge for part in children(condition) for edge in _edges(part, work)]


def _cases(branches: tuple[tuple[Term, Term], ...], otherwise: Term | None) -> Term:
    if otherwise is not None and _all_zero(branches, otherwise):
        return ZERO
    return Cases(branches, otherwise)


def _nested(term: Derivative, work: _Work) -> Term:
    """The inner derivative first. One that stops at an entry with a definition is resolved where that must end; in a
    recurrence it stays nested."""
    if isinstance(term.body, Entry) and term.body.symbol not in depends(work.model, term.body.symbol):
        return _push(resolve_entry(term, work.model), work)
    inner = push(term, work.model)
    if isinstance(term.body, (Entry, Derivative)) and isinstance(inner, Derivative):
        return work.of(inner)
    return _push(inner, work)


def _apply(term: Apply, work: _Work) -> Term:
    """The chain rule: the unknown function gains an order for each entry of each argument."""
    parts: list[Term] = []
    for k, argument in enumerate(term.args):
        inner = _push(argument.body, work)
        if inner is ZERO:
            continue
        axes = tuple(fresh(a.name, a.dim) for a in argument.axes)
        places = tuple(Var(a) for a in axes)
        outer = Apply(term.function, term.args, term.out, (*term.orders, (k, places)))
        part = mul(outer, substitute(inner, dict(zip(argument.axes, places, strict=True))))
        for axis in reversed(axes):
            part = sum_over(axis, part)
        parts.append(part)
    return add(*parts)


def _fold(term: Fold, work: _Work) -> Term:
    """d of an ordered product: each factor's derivative between what stands before and after it."""
    inner = _push(term.body, work)
    if inner is ZERO:
        return ZERO
    assert term.rows.dim is not None and term.cols.dim is not None
    here = fresh(term.index.name, term.index.dim)
    a, b = fresh(term.rows.name, term.rows.dim), fresh(term.cols.name, term.cols.dim)
    factor = substitute(inner, {term.index: Var(here), term.rows: Var(a), term.cols: Var(b)})
    before = (term.lower, add(Var(here), MINUS_ONE))
    after = (add(Var(here), ONE), term.upper)
    first, last = (before, after) if term.order == "right" else (after, before)

    def part(limits: tuple[Term, Term], out: tuple[Term, Term]) -> Fold:
        return Fold(term.index, *limits, term.rows, term.cols, term.body, out, term.order)

    body = mul(part(first, (term.out[0], Var(a))), factor, part(last, (Var(b), term.out[1])))
    return Reduce("sum", here, term.lower, term.upper, sum_over(a, sum_over(b, body)))


# Matrix operations ------------------------------------------------------------------------------------------------


def _matrix(term: MatrixOp, work: _Work) -> Term:
    inner = _push(term.body, work)
    rule = _MATRIX_RULES.get(term.name)
    if rule is None:
        return Hole(f"derivative of {term.name}")
    if term.name == "exp" and _only_scaled(term, work):
        # c B commutes with its derivative c' B, so d exp(c B) = c' B exp(c B).
        return _between(term, inner, lambda a: delta(a, term.out[0]), lambda b: _entry_of(term, "exp", b, term.out[1]))
    moving = any(work.touches(p) for p in term.params)
    return Hole(f"derivative of {term.name} by its exponent") if moving else rule(term, inner)


def _only_scaled(term: MatrixOp, work: _Work) -> bool:
    """Whether the matrix is a number that depends on the variable times a matrix that does not."""
    return all(not work.touches(f) or not f.free & {term.rows, term.cols} for f in _factors(term.body))


def _factors(term: Term) -> list[Term]:
    return [f for arg in term.args for f in _factors(arg)] if isinstance(term, Mul) else [term]


def _entry_of(term: MatrixOp, name: str, i: Term, j: Term, params: tuple[Term, ...] = ()) -> MatrixOp:
    return MatrixOp(name, term.rows, term.cols, term.body, (i, j), params)


def _between(term: MatrixOp, inner: Term, left: Callable[[Term], Term], right: Callable[[Term], Term]) -> Term:
    """sum_{a b} left(a) d[a, b] right(b)."""
    if inner is ZERO:
        return ZERO
    a, b = fresh(term.rows.name, term.rows.dim), fresh(term.cols.name, term.cols.dim)
    change = substitute(inner, {term.rows: Var(a), term.cols: Var(b)})
    return sum_over(a, sum_over(b, mul(left(Var(a)), change, right(Var(b)))))


def _d_inverse(term: MatrixOp, inner: Term) -> Term:
    """d(A^-1) = -A^-1 dA A^-1."""
    i, j = term.out
    before, after = lambda a: _entry_of(term, "inverse", i, a), lambda b: _entry_of(term, "inverse", b, j)
    return neg(_between(term, inner, before, after))


def _d_det(term: MatrixOp, inner: Term) -> Term:
    """Jacobi's formula for invertible A: d det A = det A tr(A^-1 dA)."""
    if inner is ZERO:
        return ZERO
    a, b = fresh(term.rows.name, term.rows.dim), fresh(term.cols.name, term.cols.dim)
    change = substitute(inner, {term.rows: Var(a), term.cols: Var(b)})
    return mul(term, sum_over(a, sum_over(b, mul(_entry_of(term, "inverse", Var(b), Var(a)), change))))


def _d_power(term: MatrixOp, inner: Term) -> Term:
    """d(A^p) = sum_{s=0}^{p-1} A^s dA A^{p-1-s} for a natural number p."""
    if inner is ZERO:
        return ZERO
    (p,) = term.params
    i, j = term.out
    s = fresh("s")
    rest = add(p, MINUS_ONE, neg(Var(s)))
    body = _between(
        term,
        inner,
        lambda a: _entry_of(term, "power", i, a, (Var(s),)),
        lambda b: _entry_of(term, "power", b, j, (rest,)),
    )
    total = Reduce("sum", s, ZERO, add(p, MINUS_ONE), body)
    return guarded(Compare(">=", p, ZERO), total)


def _d_exp(term: MatrixOp, inner: Term) -> Term:
    """The upper right block of exp [[A, dA], [0, A]] (Van Loan 1978; Higham, Functions of Matrices, 3.2)."""
    if inner is ZERO:
        return ZERO
    assert term.rows.dim is not None
    n = term.rows.dim
    double = n * Dim.of(2)
    row, col = fresh(term.rows.name, double), fresh(term.cols.name, double)
    last = size(n)

    def block(body: Term, down: bool, right: bool) -> Term:
        i = sub(Var(row), last) if down else Var(row)
        j = sub(Var(col), last) if right else Var(col)
        return substitute(body, {term.rows: i, term.cols: j})

    top, left = Compare("<=", Var(row), last), Compare("<=", Var(col), last)
    body = Cases(
        (
            (Logic("and", (top, left)), block(term.body, False, False)),
            (top, block(inner, False, True)),
            (left, ZERO),
        ),
        block(term.body, True, True),
    )
    return MatrixOp("exp", row, col, body, (term.out[0], add(term.out[1], last)))


_MATRIX_RULES: dict[str, Callable[[MatrixOp, Term], Term]] = {
    "inverse": _d_inverse,
    "det": _d_det,
    "power": _d_power,
    "exp": _d_exp,
    "rank": lambda term, inner: Hole("derivative of rank"),
}


# Limits, integrals, expectations ----------------------------------------------------------------------------------


def _expectation(term: Expectation, work: _Work) -> Term:
    """Inside, where the laws themselves do not depend on the variable."""
    for name in term.over:
        declaration = work.model.declarations.get(name)
        law = declaration.law if declaration else None
        if law is not None and any(work.touches(t) for t in law_terms(law)):
            from derivcheck.terms.expectation import moments

            known = moments(term, work.model)
            if known is None:
                return Hole("derivative of an expectation by a parameter of its law")
            return _push(known, work)
    inner = _push(term.body, work)
    return ZERO if inner is ZERO else Expectation(inner, term.over)


def law_terms(law: Any) -> list[Term]:
    """The terms that the parameters of a law are made of."""
    tensors = [t.body for t in (law.mean, law.covariance) if t is not None]
    bounds = [t for t in (law.low, law.high) if t is not None]
    return [*tensors, *bounds, *law.values, *law.weights, *law.raw, *law.parameters]


def _integral(term: Integral, work: _Work) -> Term:
    """Leibniz: inside, plus the body at each moving limit. The variable of integration is bound."""
    if term.variable == work.wrt.symbol:
        inner: Term = ZERO
    else:
        inner = _push(term.body, work)

    def edge(limit: Term) -> Term:
        at_limit = replace_entries(term.body, lambda e: limit if e.symbol == term.variable else None)
        return mul(at_limit, _push(limit, work))

    moved = ZERO if inner is ZERO else Integral(term.variable, term.lower, term.upper, inner)
    return add(moved, edge(term.upper), neg(edge(term.lower)))


def _limit(term: Limit, work: _Work) -> Term:
    """Inside the limit (locally uniform convergence is taken for granted)."""
    if term.variable == work.wrt.symbol or work.touches(term.point):
        return Hole("derivative of a limit by its point")
    inner = _push(term.body, work)
    return ZERO if inner is ZERO else Limit(term.variable, term.point, inner, term.side)


def _zero(term: Term, work: _Work) -> Term:
    return ZERO


_RULES: dict[type[Term], Callable[[Any, _Work], Term]] = {
    Entry: _entry,
    Add: _add,
    Mul: _mul,
    Power: _power,
    Function: _function,
    Reduce: _reduce,
    Cases: _case,
    Derivative: _nested,
    MatrixOp: _matrix,
    Fold: _fold,
    Apply: _apply,
    Expectation: _expectation,
    Integral: _integral,
    Limit: _limit,
    Hole: lambda term, work: term,
    Compare: _zero,
    Logic: _zero,
}
