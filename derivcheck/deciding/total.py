"""Which terms have a value for all values of their names, by their form alone: no division by what may be 0, no root or
logarithm of what may be negative, no entry out of range. `False` says nothing."""

from __future__ import annotations

from derivcheck.terms.build import ONE
from derivcheck.terms.functions import TABLE
from derivcheck.terms.model import Domain, Model, Parameter
from derivcheck.terms.node import (
    Add,
    Constant,
    Delta,
    Derivative,
    Entry,
    Function,
    Index,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Size,
    Term,
    Var,
)

_SMOOTH = frozenset({"exp", "tanh", "sinh", "cosh", "sin", "cos", "atan", "erf"})
_EVERYWHERE = frozenset({name for name, row in TABLE.items() if row.domain.startswith("every")})
_MATRIX = frozenset({"det", "norm2", "nuclear"})
_POSITIVE = frozenset({"exp", "cosh"})
Range = tuple[Term | None, Term | None]


def is_total(term: Term, model: Model, parameters: tuple[Parameter, ...] = ()) -> bool:
    """Whether the term, with all that it is computed from, surely has a value everywhere."""
    return _Total(model, parameters).term(term)


class _Total:
    """Answers about terms under one model, each once. `smooth`: also whether every derivative has a value. `ranges`:
    the limits of indices that have no axis of their own, by their binder."""

    def __init__(self, model: Model, parameters: tuple[Parameter, ...]) -> None:
        self.model = model
        self.known: dict[tuple[Term, bool], bool] = {}
        self.ranges: dict[Index, Range] = {p.index: (p.lower, p.upper) for p in parameters}

    def term(self, term: Term, smooth: bool = False) -> bool:
        key = (term, smooth)
        if key not in self.known:
            self.known[key] = False  # what is computed from itself
            self.known[key] = self._term(term, smooth)
        return self.known[key]

    def _term(self, term: Term, smooth: bool) -> bool:
        match term:
            case Number() | Size() | Var() | Delta():
                return True
            case Constant():
                return term.name != "infinity"
            case Entry():
                return self._entry(term, smooth)
            case Add() | Mul():
                return all(self.term(a, smooth) for a in term.args)
            case Power():
                return self.term(term.base, smooth) and self._power(term, smooth)
            case Function(name="log", args=(inner,)):
                return self.term(inner, smooth) and self.positive(inner)
            case Function():
                names = _SMOOTH if smooth else _EVERYWHERE
                return term.name in names and all(self.term(a, smooth) for a in term.args)
            case Reduce():
                return self._sum(term, smooth)
            case Derivative():
                plain = not (term.held or term.immediate or term.at)
                return plain and self.term(term.wrt) and self.term(term.body, smooth=True)
            case MatrixOp():
                return term.name in _MATRIX and not smooth and self.term(term.body)
        return False

    def _entry(self, entry: Entry, smooth: bool) -> bool:
        declaration = self.model.declarations.get(entry.symbol)
        if declaration is None:
            return False
        family = [(f.lower, f.upper) for f in declaration.family]
        limits = [*family, *((ONE, Size(d)) for d in declaration.shape)]
        if len(limits) != len(entry.indices) or not all(map(self._within, entry.indices, limits)):
            return False
        if family and declaration.definitions:
            return False  # a recurrence may have no beginning
        return all(d.where is None and self.term(d.body, smooth) for d in declaration.definitions)

    def _within(self, index: Term, limits: Range) -> bool:
        """Whether an index runs over just these limits."""
        if not isinstance(index, Var):
            return False
        dim = index.index.dim
        return limits == ((ONE, Size(dim)) if dim is not None else self.ranges.get(index.index, (None, None)))

    def _sum(self, term: Reduce, smooth: bool) -> bool:
        if term.kind != "sum" or term.where is not None:
            return False
        self.ranges[term.index] = (term.lower, term.upper)
        return all(self.term(limit) for limit in (term.lower, term.upper)) and self.term(term.body, smooth)

    def _power(self, term: Power, smooth: bool) -> bool:
        exponent = term.exponent.value if isinstance(term.exponent, Number) else None
        if exponent is not None and exponent >= 0 and exponent.denominator == 1:
            return True
        if exponent is not None and exponent > 0 and not smooth and self.positive(term.base, strict=False):
            return True
        return self.positive(term.base) and self.term(term.exponent, smooth)

    def positive(self, term: Term, strict: bool = True) -> bool:
        """Whether a total term is surely > 0 (with `strict` False: >= 0)."""
        match term:
            case Number():
                return term.value > 0 or (not strict and term.value == 0)
            case Size():
                return True
            case Constant():
                return term.name in ("pi", "e")
            case Delta():
                return not strict
            case Entry():
                return self._positive_entry(term, strict)
            case Add():
                return all(self.positive(a, False) for a in term.args) and (
                    not strict or any(self.positive(a) for a in term.args)
                )
            case Mul():
                return all(self.positive(a, strict) for a in term.args)
            case Power():
                even = isinstance(term.exponent, Number) and term.exponent.value % 2 == 0
                return self.positive(term.base, strict) or (even and not strict)
            case Function():
                return term.name in _POSITIVE or (term.name == "abs" and not strict)
            case Reduce():  # an axis has at least one entry
                return term.kind == "sum" and _whole(term) and self.positive(term.body, strict)
        return False

    def _positive_entry(self, entry: Entry, strict: bool) -> bool:
        declaration = self.model.declarations.get(entry.symbol)
        if declaration is None:
            return False
        if not declaration.definitions:
            return _domain(declaration.domain, strict)
        bodies = [d.body for d in declaration.definitions]  # (a total name is not computed from itself)
        return all(entry.symbol not in b.symbols and self.positive(b, strict) for b in bodies)


def _whole(term: Reduce) -> bool:
    """Whether a sum runs over a whole axis."""
    return term.where is None and term.lower == ONE and isinstance(term.upper, Size)


def _domain(domain: Domain, strict: bool) -> bool:
    if domain.kind == "simplex":
        return True
    low = domain.low
    return isinstance(low, Number) and (low.value > 0 or (low.value == 0 and (domain.low_strict or not strict)))
