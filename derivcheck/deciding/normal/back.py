"""The way back: a polynomial as a term of equal value. For showing, for tests, and for rules that work on terms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivcheck.deciding.normal.poly import Atom, Monomial, Poly
from derivcheck.terms import node as n
from derivcheck.terms.build import ONE, ZERO, add, mul, number, power, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Index, Term


def to_term(poly: Poly) -> Term:
    return add(*(mul(number(c), _monomial(m)) for c, m in poly))


def _monomial(monomial: Monomial) -> Term:
    """Sums over axes, and over integers where a `range` factor gives the limits (the outermost depends on none)."""
    ranges: dict[Index, tuple[Term, Term]] = {}
    factors: list[Term] = []
    conditions: list[Term] = []
    for atom, exponent in monomial.factors:
        if atom.head[0] == "range":
            value, lower, upper = (to_term(p) for p in atom.args)
            index = atom.args[0].variable
            if index in monomial.dummies and index.dim is None and index not in ranges:
                ranges[index] = (lower, upper)
            else:
                both = (n.Compare("<=", lower, value), n.Compare("<=", value, upper))
                conditions.append(n.Logic("and", both))
        else:
            factors.append(power(to_term_atom(atom), number(exponent)))
    body = mul(*factors)
    for condition in conditions:
        body = n.Cases(((condition, body),), ZERO)
    for index in _inner_first(monomial.dummies, ranges):
        lower, upper = ranges.get(index, (ONE, size(index.dim) if index.dim is not None else ONE))
        body = n.Reduce("sum", index, lower, upper, body)
    return body


def _inner_first(dummies: tuple[Index, ...], ranges: dict[Index, tuple[Term, Term]]) -> list[Index]:
    """Dummies in an order in which each one's limits mention only later ones."""
    left, order = list(dummies), []
    while left:
        used = {i for x in left for t in ranges.get(x, ()) for i in t.free if i != x}
        free = [x for x in left if x not in used] or left[:1]
        order.extend(free)
        left = [x for x in left if x not in free]
    return order


def to_term_atom(atom: Atom) -> Term:
    return _ATOMS[atom.head[0]](atom)


def _args(atom: Atom) -> list[Term]:
    return [to_term(p) for p in atom.args]


def _function(atom: Atom) -> Term:
    args = _args(atom)
    name = atom.head[1]
    if name == "power":
        return n.Power(*args)
    if name == "log":  # log[u] is log|u|
        return n.Function("log", (n.Function("abs", (args[0],)),))
    return n.Function(name, tuple(args))


def _condition(atom: Atom) -> Term:
    return n.Cases(((n.Compare(atom.head[1], to_term(atom.args[0]), ZERO), ONE),), ZERO)


def _range(atom: Atom) -> Term:
    value, lower, upper = _args(atom)
    both = n.Logic("and", (n.Compare("<=", lower, value), n.Compare("<=", value, upper)))
    return n.Cases(((both, ONE),), ZERO)


def _operation(atom: Atom) -> Term:
    from derivcheck.deciding.normal.operations import WITH_ENTRIES

    args = _args(atom)
    count = 2 if atom.head[1] in WITH_ENTRIES else 0
    return n.MatrixOp(atom.head[1], *atom.bound, to_term(atom.body[0]), tuple(args[:count]), tuple(args[count:]))


def _reduce(atom: Atom) -> Term:
    lower, upper = _args(atom)
    return n.Reduce(atom.head[1], atom.bound[0], lower, upper, to_term(atom.body[0]))


def _fold(atom: Atom) -> Term:
    lower, upper, i, j = _args(atom)
    return n.Fold(atom.bound[0], lower, upper, *atom.bound[1:], to_term(atom.body[0]), (i, j), "right")


def _index(atom: Atom) -> Term:
    assert atom.index is not None
    return n.Var(atom.index)


_ATOMS: dict[str, Callable[[Atom], Term]] = {
    "symbol": lambda a: n.Entry(a.head[1], tuple(_args(a))),
    "size": lambda a: n.Size(Dim.named(a.head[1])),
    "index": _index,
    "constant": lambda a: n.Constant(a.head[1]),
    "number": lambda a: n.Number(Fraction(int(a.head[1]))),
    "delta": lambda a: n.Delta(*_args(a)),
    "function": _function,
    "compound": lambda a: to_term(a.args[0]),
    "sum": lambda a: to_term(a.args[0]),
    "condition": _condition,
    "range": _range,
    "operation": _operation,
    "reduce": _reduce,
    "fold": _fold,
}
