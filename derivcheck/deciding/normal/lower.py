"""From terms to polynomials: one small function for each kind of node.

What a symbol is defined to be is not looked at here (unfolding is a step of its own, rung.py): an entry of a
defined symbol is an atom like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.normal import conditions, functions, matrices, products
from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.building import plain, size_poly
from derivcheck.deciding.normal.facts import Facts
from derivcheck.deciding.normal.poly import Atom, Poly, constant, of_atom, rename_poly, variable
from derivcheck.record import dataclass, field
from derivcheck.terms import node as n
from derivcheck.terms.node import Index, Term, fresh

MOST_BRANCHES = 100


class Unsupported(Exception):
    """A term that this rung has nothing to say about; the reason is for the developer."""


@dataclass
class Lowering:
    """Terms to polynomials of one algebra. What was lowered is remembered for the facts that were known then: inside
    a range its limits are known to be in order, outside they are not."""

    algebra: Algebra
    _memos: dict[int, tuple[Facts, dict[Term, Poly]]] = field(default_factory=dict)

    def __call__(self, term: Term) -> Poly:
        facts = self.algebra.facts
        memo = self._memos.setdefault(id(facts), (facts, {}))[1]
        found = memo.get(term)
        if found is None:
            self.algebra.work.spend("rewrites")
            rule = _RULES.get(type(term))
            if rule is None:
                raise Unsupported(type(term).__name__)
            found = memo[term] = rule(self, term)
        return found

    def forget(self) -> None:
        """After a change of rules: what was lowered before may not be in normal form."""
        self._memos.clear()

    def all(self, terms: Iterable[Term]) -> tuple[Poly, ...]:
        return tuple(self(t) for t in terms)

    @contextmanager
    def within(self, index: Index, lower: Poly, upper: Poly) -> Iterator[None]:
        """Inside a sum or product over a range its index is known to lie there."""
        with self.algebra.knowing(self.algebra.facts.between(variable(index), lower, upper)):
            yield


def _number(low: Lowering, t: n.Number) -> Poly:
    return constant(t.value)


def _constant(low: Lowering, t: n.Constant) -> Poly:
    if t.name == "infinity":
        raise Unsupported("infinity")
    return of_atom(Atom(("constant", t.name)))


def _entry(low: Lowering, t: n.Entry) -> Poly:
    facts = low.algebra.facts
    return of_atom(Atom(symbol_head(facts, t.symbol), low.all(t.indices)))


def symbol_head(facts: Facts, name: str) -> tuple[str, ...]:
    """The head of an entry: its name, and a flag that keys and rules look at."""
    declaration = facts.model.declarations.get(name)
    if name in facts.symmetric:
        return ("symbol", name, "symmetric")
    if declaration is not None and declaration.domain.kind == "integer":
        return ("symbol", name, "integer")
    return ("symbol", name)


def _mul(low: Lowering, t: n.Mul) -> Poly:
    """Short factors first, so that a zero or a number is met early."""
    polys = sorted(low.all(t.args), key=len)
    return low.algebra.mul(*polys)


def _power(low: Lowering, t: n.Power) -> Poly:
    if isinstance(t.base, n.Constant) and t.base.name == "e":
        return functions.function(low.algebra, "exp", (low(t.exponent),))
    exponent = low(t.exponent)
    value = exponent.number
    if value is not None:
        return low.algebra.power(low(t.base), value)
    return functions.symbolic_power(low.algebra, low(t.base), exponent)


def _function(low: Lowering, t: n.Function) -> Poly:
    if t.name == "exp" and isinstance(t.args[0], n.Function) and t.args[0].name in ("log", "ln"):
        return low(t.args[0].args[0])
    return functions.function(low.algebra, t.name, low.all(t.args))


def _reduce(low: Lowering, t: n.Reduce) -> Poly:
    algebra = low.algebra
    if t.kind not in ("sum", "prod", "max", "min", "argmax", "argmin"):
        raise Unsupported(t.kind)
    if t.upper == n.Constant("infinity") or t.lower == n.Constant("infinity"):
        raise Unsupported("an infinite range")
    lower, upper = low(t.lower), low(t.upper)
    index = t.index
    axis = _axis_of(index, lower, upper, t.upper)
    body_term = t.body
    if axis is None or axis != index:
        new = axis or fresh(index.name)
        body_term = n.substitute(t.body, {index: n.Var(new)})
        where = n.substitute(t.where, {index: n.Var(new)}) if t.where is not None else None
        index = new
    else:
        where = t.where
    if axis is not None:
        body = low(body_term)
        condition = low(where) if where is not None else constant(1)
        inside = constant(1)
    else:
        _check_limits(low, body_term, index, lower, upper)
        with low.within(index, lower, upper):
            body = low(body_term)
            condition = low(where) if where is not None else constant(1)
        inside = plain(Atom(("range",), (variable(index), lower, upper)))
    if t.kind == "sum":
        return algebra.bind(index, algebra.mul(inside, condition, body))
    if condition.number != 1:
        raise Unsupported(f"{t.kind} under a condition")
    return products.reduced(algebra, t.kind, index, lower, upper, body)


def _check_limits(low: Lowering, body: Term, index: Index, lower: Poly, upper: Poly) -> None:
    """A sum or product that is known to run beyond what a symbol is declared for has no value: nothing to prove."""
    algebra = low.algebra
    if not algebra.facts.at_least_zero(algebra.sub(upper, lower)):
        return
    for place, first, last in _places(low, body, index):
        at_ends = [algebra.substitute(place, {index: end}) for end in (lower, upper)]
        below = [algebra.sub(first, p) for p in at_ends] if first is not None else []
        above = [algebra.sub(p, last) for p in at_ends] if last is not None else []
        if any(algebra.facts.at_least_zero(algebra.sub(p, constant(1))) for p in below + above):
            raise Unsupported("an index out of range")


def _places(low: Lowering, body: Term, index: Index) -> Iterator[tuple[Poly, Poly | None, Poly | None]]:
    """Where the index is used as a position, not under a condition: the position, the first and the last there is."""
    stack = [body]
    while stack:
        term = stack.pop()
        if index not in term.free or isinstance(term, n.Cases) or (isinstance(term, n.Reduce) and term.where):
            continue
        stack.extend(n.children(term))
        positions: list[tuple[Term, Term | None, Term | None]] = []
        if isinstance(term, n.MatrixOp):
            axes = (term.rows, term.cols) if term.out else ()
            positions = [(t, n.Number(ONE), n.Size(x.dim)) for t, x in zip(term.out, axes, strict=False) if x.dim]
        declaration = low.algebra.facts.model.declarations.get(term.symbol) if isinstance(term, n.Entry) else None
        if isinstance(term, n.Entry) and declaration is not None:
            dims = [(n.Number(ONE), n.Size(d)) for d in declaration.shape]
            limits = [*((f.lower, f.upper) for f in declaration.family), *dims]
            positions = [(t, *ends) for t, ends in zip(term.indices, limits, strict=False)]
        for place, first, last in positions:
            if isinstance(place, n.Var | n.Add) and place.free == {index}:
                yield low(place), None if first is None else low(first), None if last is None else low(last)


def _axis_of(index: Index, lower: Poly, upper: Poly, limit: Term) -> Index | None:
    """The index as an axis when the range is the whole axis, else None."""
    if lower.number != 1:
        return None
    if index.dim is not None and size_poly(index.dim).key == upper.key:
        return index
    if isinstance(limit, n.Size):
        return fresh(index.name, limit.dim)
    return None


def _compare(low: Lowering, t: n.Compare) -> Poly:
    difference = low.algebra.sub(low(t.left), low(t.right))
    return conditions.compare(low.algebra, t.relation, difference)


def _logic(low: Lowering, t: n.Logic) -> Poly:
    algebra = low.algebra
    values = low.all(t.args)
    if t.op == "and":
        return algebra.mul(*values)
    if t.op == "not":
        return algebra.sub(constant(1), values[0])
    none = algebra.mul(*(algebra.sub(constant(1), v) for v in values))
    return algebra.sub(constant(1), none)


def _cases(low: Lowering, t: n.Cases) -> Poly:
    """The sum over the branches of condition * (no earlier condition) * value. Where no branch applies and there is
    no `otherwise` the term is undefined: the last branch may as well be taken there."""
    if len(t.branches) > MOST_BRANCHES:  # a large matrix written out: every entry is a branch
        raise OutOfWork("rewrites")
    algebra = low.algebra
    total = constant(0)
    left = constant(1)
    for n_branch, (condition, value) in enumerate(t.branches):
        if not left.terms:
            break
        last = t.otherwise is None and n_branch == len(t.branches) - 1
        holds = constant(1) if last else low(condition)
        here = algebra.mul(left, holds)
        if here.terms:
            total = algebra.add(total, algebra.mul(here, low(value)))
        left = algebra.sub(left, here)
    if t.otherwise is not None and left.terms:
        total = algebra.add(total, algebra.mul(left, low(t.otherwise)))
    return total


def _matrix(low: Lowering, t: n.MatrixOp) -> Poly:
    rows, cols = fresh(t.rows.name, t.rows.dim), fresh(t.cols.name, t.cols.dim)
    body = rename_poly(low(t.body), {t.rows: rows, t.cols: cols})
    atom = Atom(("operation", t.name), (*low.all(t.out), *low.all(t.params)), (rows, cols), (body,))
    return plain(matrices.operation(low.algebra, atom))


def _fold(low: Lowering, t: n.Fold) -> Poly:
    algebra = low.algebra
    lower, upper = low(t.lower), low(t.upper)
    with low.within(t.index, lower, upper):
        body = low(t.body)
    names = {x: fresh(x.name, x.dim) for x in (t.index, t.rows, t.cols)}
    body = rename_poly(body, names)
    index, rows, cols = names.values()
    out = low.all(t.out)
    if t.order == "left":  # the transpose of the product of the transposes in reading order
        out, rows, cols = out[::-1], cols, rows
    return plain(products.fold(algebra, Atom(("fold",), (lower, upper, *out), (index, rows, cols), (body,))))


def _apply(low: Lowering, t: n.Apply) -> Poly:
    """An unknown function: an atom keyed by its arguments. Orders of differentiation commute: they are sorted."""
    bound: list[Index] = []
    body: list[Poly] = []
    for argument in t.args:
        names = {a: fresh(a.name, a.dim) for a in argument.axes}
        bound.extend(names.values())
        body.append(rename_poly(low(argument.body), names))
    orders = sorted(((k, low.all(indices)) for k, indices in t.orders), key=lambda o: (o[0], [p.key for p in o[1]]))
    head = ("apply", t.function, *(str(k) for k, _ in orders), "of", *(str(len(a.axes)) for a in t.args))
    args = (*low.all(t.out), *(p for _, indices in orders for p in indices))
    return of_atom(Atom(head, args, tuple(bound), tuple(body)))


def _derivative(low: Lowering, t: n.Derivative) -> Poly:
    """A derivative is taken as far as the definitions' names; of a defined entry it stays an atom keyed by what is
    differentiated by what."""
    from derivcheck.terms.differentiate import push

    pushed = push(t, low.algebra.facts.model)
    if not isinstance(pushed, n.Derivative):
        return low(pushed)
    t = pushed
    held = sorted((h.symbol, low.all(h.indices)) for h in t.held)
    head = ("derivative", t.wrt.symbol, "immediate" if t.immediate else "total", *(f"{s}/{len(ps)}" for s, ps in held))
    body = low(t.body)
    args = (*low.all(t.wrt.indices), *(p for _, ps in held for p in ps), *low.all(t.at), body)
    return of_atom(Atom(head, args))


def _expectation(low: Lowering, t: n.Expectation) -> Poly:
    from derivcheck.terms.expectation import moments

    known = moments(t, low.algebra.facts.model)
    if known is not None:
        return low(known)
    return of_atom(Atom(("expectation", *sorted(t.over)), (low(t.body),)))


_RULES: dict[type[Term], Callable[[Lowering, Any], Poly]] = {
    n.Number: _number,
    n.Constant: _constant,
    n.Size: lambda low, t: size_poly(t.dim),
    n.Var: lambda low, t: variable(t.index),
    n.Entry: _entry,
    n.Add: lambda low, t: low.algebra.add(*low.all(t.args)),
    n.Mul: _mul,
    n.Power: _power,
    n.Function: _function,
    n.Reduce: _reduce,
    n.Compare: _compare,
    n.Logic: _logic,
    n.Cases: _cases,
    n.Delta: lambda low, t: plain(conditions.delta(low.algebra, low(t.left), low(t.right))),
    n.MatrixOp: _matrix,
    n.Fold: _fold,
    n.Apply: _apply,
    n.Derivative: _derivative,
    n.Expectation: _expectation,
}

ONE = Fraction(1)
