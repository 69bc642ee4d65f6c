"""The core: scalar-valued terms in index notation, with symbolic dimensions.

A tensor expression is index notation: the matrix product `A B` is `\\sum_k A_{ik} B_{kj}` with `i`, `j`
free. A `Term` is always *one number* once its free indices (`Term.free`), the named dimensions and the
declared symbols have values; a `Tensor` (tensor.py) lists which free indices are its axes.

The set of node kinds is closed; what is open (functions, matrix operations) is a name with one row in a
table for each interpretation. Terms are hash-consed: equal structure is the same object, so `is` and
`==` agree, and memo tables may be keyed by the object. Nothing is simplified on construction (see
build.py for constructors that fold constants).

Indices are integers counted from 1. A bound index is unique to its binder (made with `fresh`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar, TypeVar, dataclass_transform
from weakref import WeakValueDictionary

from derivcheck.record import dataclass, fields
from derivcheck.terms.dim import Dim


class _OneIndex(type):
    """Constructing an index that exists returns the existing one: equal is the same, as of terms."""

    _table: ClassVar[WeakValueDictionary[tuple[str, Dim | None], Index]] = WeakValueDictionary()

    def __call__(cls, name: str, dim: Dim | None = None) -> Any:
        found = _OneIndex._table.get((name, dim))
        if found is None:
            found = _OneIndex._table[name, dim] = super().__call__(name, dim)
        return found


class _Weak(metaclass=_OneIndex):
    __slots__ = ("__weakref__",)


@dataclass(frozen=True, eq=False, slots=True)
class Index(_Weak):
    """An integer variable. With `dim`, it runs over an axis 1..dim; without, over the limits of its binder
    (or, when free in a claim, over every value for which both sides are defined)."""

    name: str
    dim: Dim | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Index, (self.name, self.dim)


_T = TypeVar("_T")
_counter = itertools.count(1)


def fresh(hint: str = "k", dim: Dim | None = None) -> Index:
    """An index that occurs nowhere else: `hint` before the `#` is only for showing."""
    return Index(f"{hint.split('#')[0]}#{next(_counter)}", dim)


class _Interned(type):
    """Hash-consing: constructing a node that exists returns the existing one."""

    _table: ClassVar[WeakValueDictionary[tuple[Any, ...], Term]] = WeakValueDictionary()

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and len(args) == len(cls._fields):  # type: ignore[attr-defined]
            found = _Interned._table.get((cls, *args))
            if found is not None:
                return found
        node = super().__call__(*args, **kwargs)
        key = (cls, *[getattr(node, f) for f in cls._fields])  # type: ignore[attr-defined]
        found = _Interned._table.get(key)
        if found is not None:
            return found
        _Interned._table[key] = node
        return node


class Term(metaclass=_Interned):
    """Base of all nodes. `parts`: the direct subterms in field order; `free`: the indices that occur unbound;
    `symbols`: the declared names that occur."""

    __slots__ = ("__weakref__", "free", "parts", "symbols")
    _fields: ClassVar[tuple[str, ...]] = ()
    _holders: ClassVar[tuple[str, ...]] = ()  # the fields that may hold subterms
    parts: tuple[Term, ...]
    free: frozenset[Index]
    symbols: frozenset[str]

    def __post_init__(self) -> None:
        found: list[Term] = []
        for name in self._holders:
            found += _terms_in(getattr(self, name))
        free, symbols = self.own_free(), self.own_symbols()
        if found:
            inner = _union([part.free for part in found])
            binder = _BINDERS.get(type(self))
            free = free | (inner.difference(binder(self)) if binder else inner)
            symbols = symbols | _union([part.symbols for part in found])
        _set(self, "parts", tuple(found))
        _set(self, "free", free)
        _set(self, "symbols", symbols)

    def own_free(self) -> frozenset[Index]:
        """The indices that the node itself adds to those of its subterms."""
        return _NONE

    def own_symbols(self) -> frozenset[str]:
        """The names that the node itself adds to those of its subterms."""
        return _NONE

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(repr(getattr(self, f)) for f in self._fields)})"


_NONE: frozenset[Any] = frozenset()
_PLAIN = frozenset({"str", "bool", "Fraction", "Dim", "Index", "tuple[Index, ...]"})  # annotations without subterms
_set = object.__setattr__


def _union(sets: list[frozenset[_T]]) -> frozenset[_T]:
    """One set of all: the very one where the others add nothing (most nodes share that of a subterm)."""
    found: frozenset[_T] = _NONE
    for one in sets:
        if not one <= found:
            found = one if found <= one else found | one
    return found


@dataclass_transform(frozen_default=True, eq_default=False)
def _node(cls: type[_T]) -> type[_T]:
    made = dataclass(frozen=True, eq=False, repr=False, slots=True)(cls)
    made._fields = tuple(f.name for f in fields(made))  # type: ignore[attr-defined,arg-type]
    made._holders = tuple(f.name for f in fields(made) if f.type not in _PLAIN)  # type: ignore[attr-defined,arg-type]
    return made


@_node
class Number(Term):
    """An exact rational number."""

    value: Fraction


@_node
class Constant(Term):
    """A named number: 'pi', 'e' or 'infinity'."""

    name: str


@_node
class Size(Term):
    """The number of values on an axis: a polynomial in named dimensions."""

    dim: Dim


@_node
class Var(Term):
    """The integer value of an index."""

    index: Index

    def own_free(self) -> frozenset[Index]:
        return frozenset((self.index,))


@_node
class Entry(Term):
    """One number of a declared symbol: family indices first, then entry indices, all integer terms.

    `h_{t-1}[j]` is Entry('h', (t - 1, j)); a scalar `x` is Entry('x', ()). Whether the symbol is a free
    leaf, has a definition (then the entry is *opaque* and can be unfolded), is a family or is random is
    said by its Declaration in the Model.
    """

    symbol: str
    indices: tuple[Term, ...] = ()

    def own_symbols(self) -> frozenset[str]:
        return frozenset((self.symbol,))


@_node
class Add(Term):
    args: tuple[Term, ...]


@_node
class Mul(Term):
    args: tuple[Term, ...]


@_node
class Power(Term):
    """base^exponent of numbers; 1/x is Power(x, -1), a square root Power(x, 1/2)."""

    base: Term
    exponent: Term


@_node
class Function(Term):
    """A named function of numbers: see functions.py for the table (exp, log, tanh, abs, div, mod, ...)."""

    name: str
    args: tuple[Term, ...]


@_node
class Reduce(Term):
    """'sum', 'prod', 'max', 'min', 'argmax' or 'argmin' of `body` over index = lower..upper (inclusive).

    Over a whole axis: lower = Number(1), upper = Size(index.dim). An infinite sum has upper
    Constant('infinity'). An empty sum is 0, an empty product 1. `where` (a condition) restricts the range.
    """

    kind: str
    index: Index
    lower: Term
    upper: Term
    body: Term
    where: Term | None = None


@_node
class Compare(Term):
    """A condition: relation is one of = != < <= > >=."""

    relation: str
    left: Term
    right: Term


@_node
class Logic(Term):
    """A condition: op is 'and', 'or' or 'not'."""

    op: str
    args: tuple[Term, ...]


@_node
class Cases(Term):
    """The value of the first branch (condition, value) whose condition holds; an indicator has otherwise 0.

    Without `otherwise` it is undefined where no condition holds. Branches not taken are never evaluated.
    """

    branches: tuple[tuple[Term, Term], ...]
    otherwise: Term | None = None


@_node
class Delta(Term):
    """Kronecker's delta of two integer terms."""

    left: Term
    right: Term


@_node
class Derivative(Term):
    """The derivative of `body` by one entry of a symbol, everything computed from it (through the
    definitions of the model) following: the total derivative along that way, what does not depend on it held.

    `wrt`: the entry differentiated by. `held`: entries (family members: only the family indices given) that
    are held constant although they may depend on it, e.g. the other half of a state (h, C). `immediate`
    (`\\partial^+`): also held are all states (families that carry a recurrence, see unfold.states) at another time
    than that of `at`.
    `at`: the family indices of the member being differentiated (for immediate), else ().
    """

    body: Term
    wrt: Entry
    held: tuple[Entry, ...] = ()
    immediate: bool = False
    at: tuple[Term, ...] = ()


@_node
class MatrixOp(Term):
    """An operation on the matrix `body` over the bound indices rows, cols: 'inverse', 'det', 'exp', 'norm2'
    (spectral), 'nuclear', 'rank', 'eigmax', 'eigmin' (symmetric), 'radius' (spectral radius), 'power'
    (params = (exponent,)), 'pinv', 'cond'. `out` are the two integer terms of the entry asked for where the
    result is a matrix, else ()."""

    name: str
    rows: Index
    cols: Index
    body: Term
    out: tuple[Term, ...] = ()
    params: tuple[Term, ...] = ()


@_node
class Fold(Term):
    """Entry `out` of the ordered matrix product of `body` (a matrix over rows, cols; square unless the limits
    are numbers) for index = lower..upper. order 'right': the factor of the least index stands leftmost
    (reading order); 'left': the factor of the latest index stands leftmost. Empty: the identity."""

    index: Index
    lower: Term
    upper: Term
    rows: Index
    cols: Index
    body: Term
    out: tuple[Term, Term]
    order: str = "right"


@_node
class Lambda(Term):
    """A tensor as an argument: `body` over bound axes (only inside Apply)."""

    axes: tuple[Index, ...]
    body: Term


@_node
class Apply(Term):
    """An unknown smooth function of the model at tensors: entry `out` of f(args), differentiated by the
    entries listed in `orders`: pairs of (argument number from 0, entry indices of that argument)."""

    function: str
    args: tuple[Lambda, ...]
    out: tuple[Term, ...] = ()
    orders: tuple[tuple[int, tuple[Term, ...]], ...] = ()

    def own_symbols(self) -> frozenset[str]:
        return frozenset((self.function,))


@_node
class Expectation(Term):
    """The expectation of `body` over the laws of the random symbols `over` that occur in it."""

    body: Term
    over: tuple[str, ...]


@_node
class Integral(Term):
    """The integral of `body` over the real variable named `variable` (an Entry without indices)."""

    variable: str
    lower: Term
    upper: Term
    body: Term


@_node
class Limit(Term):
    """The limit of `body` as the real variable tends to `point`; side '+', '-' or ''."""

    variable: str
    point: Term
    body: Term
    side: str = ""


@_node
class Hole(Term):
    """Something readable without a meaning here; `reason` names it. Evaluating it is undecided."""

    reason: str


_BINDERS: dict[type[Term], Callable[[Any], tuple[Index, ...]]] = {
    Reduce: lambda t: (t.index,),
    MatrixOp: lambda t: (t.rows, t.cols),
    Fold: lambda t: (t.index, t.rows, t.cols),
    Lambda: lambda t: t.axes,
}


def bound_indices(term: Term) -> tuple[Index, ...]:
    """The indices that this node binds in its children."""
    binder = _BINDERS.get(type(term))
    return binder(term) if binder else ()


def _terms_in(value: Any) -> Iterable[Term]:
    if isinstance(value, Term):
        return (value,)
    if not isinstance(value, tuple):
        return ()
    found: list[Term] = []
    for item in value:
        if isinstance(item, Term):
            found.append(item)
        else:
            found += _terms_in(item)
    return found


def children(term: Term) -> tuple[Term, ...]:
    """The direct subterms, in field order."""
    return term.parts


def _mapped(value: Any, change: Callable[[Term], Term]) -> Any:
    if isinstance(value, Term):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    return value


def map_children(term: Term, change: Callable[[Term], Term]) -> Term:
    """The same node over changed children (the node itself where nothing changed)."""
    if not term.parts:
        return term
    old = [getattr(term, name) for name in term._fields]
    new = [_mapped(value, change) for value in old]
    if all(a is b or a == b for a, b in zip(old, new, strict=True)):
        return term
    return type(term)(*new)


def _rename_bound(term: Term, renames: Mapping[Index, Index]) -> list[Any]:
    """Field values with binder indices renamed in binding position (children untouched)."""

    def visit(value: Any) -> Any:
        if isinstance(value, Index):
            return renames.get(value, value)
        if isinstance(value, tuple) and not isinstance(value, Term):
            return tuple(visit(v) for v in value)
        return value

    return [visit(getattr(term, name)) for name in term._fields]


def substitute(term: Term, values: Mapping[Index, Term]) -> Term:
    """`term` with free indices replaced by integer terms, without capture."""
    memo: dict[Term, Term] = {}

    def visit(t: Term) -> Term:
        if t.free.isdisjoint(values):
            return t
        if t in memo:
            return memo[t]
        if isinstance(t, Var):
            return values[t.index]
        clash: dict[Index, Index] = {}
        if bound := bound_indices(t):
            incoming = {i for k in t.free & values.keys() for i in values[k].free}
            clash = {i: fresh(i.name, i.dim) for i in bound if i in incoming}
        if clash:
            inner: dict[Index, Term] = {i: Var(j) for i, j in clash.items()}
            renamed = _rename_bound(t, clash)
            t2 = type(t)(*[_mapped(v, lambda c: substitute(c, inner)) for v in renamed])
            result = map_children(t2, visit)
        else:
            result = map_children(t, visit)
        memo[t] = result
        return result

    return visit(term)


def replace_entries(term: Term, change: Callable[[Entry], Term | None]) -> Term:
    """`term` with each Entry for which `change` gives a term replaced by it (after its indices were).

    The variable of a Derivative stays an Entry; a replacement must not mention an index bound in `term`.
    """
    memo: dict[Term, Term] = {}

    def visit(t: Term) -> Term:
        if not t.symbols:
            return t
        if t not in memo:
            if isinstance(t, Derivative):
                memo[t] = Derivative(visit(t.body), t.wrt, t.held, t.immediate, t.at)
            else:
                new = map_children(t, visit)
                made = change(new) if isinstance(new, Entry) else None
                memo[t] = new if made is None else made
        return memo[t]

    return visit(term)


def walk(term: Term) -> Iterator[Term]:
    """Every distinct subterm once, children before parents."""
    seen: set[Term] = set()
    stack: list[tuple[Term, bool]] = [(term, False)]
    while stack:
        node, done = stack.pop()
        if done:
            yield node
        elif node not in seen:
            seen.add(node)
            if node.parts:
                stack.append((node, True))
                stack.extend([(c, False) for c in node.parts])
            else:
                yield node
