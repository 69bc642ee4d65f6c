"""An inequality solved for the one random number in it, and signs that the givens state: enough to put an event into a
distribution function."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.terms.build import HALF, TWO, ZERO, add, div, mul, number, power, sub
from derivcheck.terms.integers import affine
from derivcheck.terms.model import Model
from derivcheck.terms.node import Add, Compare, Constant, Entry, Function, Mul, Number, Power, Size, Term, walk

TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_MOST_STEPS = 30

Solved = tuple[Entry, str, Term]


def lone(model: Model, part: Compare, names: Sequence[str]) -> Solved | None:
    """`a X + b <= c` as `X <= (c - b) / a`; None where that is not plain."""
    found = {e for e in walk(part) if isinstance(e, Entry) and e.symbol in names}
    if len(found) != 1:
        return None
    (variable,) = found
    left, relation, right = part.left, part.relation, part.right
    for one, other in ((left, right), (right, left)):  # the same growing function on both sides
        if variable in walk(one) and variable not in walk(other):
            return _solved(model, one, relation if one is left else TURNED[relation], other, variable)
    return _solved(model, sub(left, right), relation, ZERO, variable)


def _solved(model: Model, left: Term, relation: str, right: Term, variable: Entry) -> Solved | None:
    """Step by step, from the outside in."""
    for _ in range(_MOST_STEPS):
        if left == variable:
            return variable, relation, right
        step = _step(model, left, relation, right, variable)
        if step is None:
            return None
        left, relation, right = step
    return None


def _step(model: Model, left: Term, relation: str, right: Term, variable: Entry) -> tuple[Term, str, Term] | None:
    match left:
        case Add(args=args):
            inside = [a for a in args if variable in walk(a)]
            rest = [a for a in args if variable not in walk(a)]
            if len(inside) == 1:
                return inside[0], relation, sub(right, add(*rest))
            factors = [_coefficient(a, variable) for a in inside]
            if any(f is None for f in factors):
                return None
            return mul(add(*(f for f in factors if f is not None)), variable), relation, sub(right, add(*rest))
        case Mul(args=args):
            inside = [a for a in args if variable in walk(a)]
            scale = mul(*(a for a in args if variable not in walk(a)))
            if len(inside) != 1:
                return None
            sign = sign_of(model, scale)
            if sign == 0 and relation not in ("=", "!="):
                return None
            return inside[0], TURNED[relation] if sign < 0 else relation, div(right, scale)
        case Function(name="exp", args=(inner,)):
            if isinstance(right, Function) and right.name == "exp":
                return inner, relation, right.args[0]
            return (inner, relation, Function("log", (right,))) if positive(model, right) else None
        case Function(name="log", args=(inner,)):
            return inner, relation, Function("exp", (right,))
    return None


def _coefficient(term: Term, variable: Entry) -> Term | None:
    """c of `c X`."""
    if term == variable:
        return number(1)
    if isinstance(term, Mul) and term.args.count(variable) == 1:
        rest = [a for a in term.args if a != variable]
        return None if any(variable in walk(a) for a in rest) else mul(*rest)
    return None


def root_of(model: Model, term: Term) -> Term:
    """\\sqrt{t}: of the square of a positive number that number."""
    if isinstance(term, Power) and term.exponent == TWO and positive(model, term.base):
        return term.base
    return power(term, HALF)


# signs ------------------------------------------------------------------------------------------------------------


def positive(model: Model, term: Term) -> bool:
    return sign_of(model, term) > 0


def sign_of(model: Model, term: Term) -> int:
    """1 or -1 where the givens say that a term is positive or negative, else 0."""
    match term:
        case Number(value=value):
            return (value > 0) - (value < 0)
        case Size() | Constant() | Function(name="exp" | "cosh"):
            return 1
        case Entry():
            return _of_entry(model, term)
        case Mul(args=args):
            product = 1
            for arg in args:
                product *= sign_of(model, arg)
            return product
        case Power(base=base):
            return 1 if sign_of(model, base) > 0 else 0
        case Add():
            return _of_sum(model, term)
    return 0


def _of_sum(model: Model, term: Term) -> int:
    """All terms of one sign, after what cancels is gone."""
    signs = set()
    for atom, coefficient in affine(term).items():
        if coefficient:
            way = 1 if coefficient > 0 else -1
            signs.add(way * (sign_of(model, atom) if isinstance(atom, Term) else 1))  # else 1, or a product of sizes
    return signs.pop() if len(signs) == 1 else 0


def _of_entry(model: Model, entry: Entry) -> int:
    declaration = model.declarations.get(entry.symbol)
    if declaration is None:
        return 0
    low, high = declaration.domain.low, declaration.domain.high
    if isinstance(low, Number) and (low.value > 0 or (low.value == 0 and declaration.domain.low_strict)):
        return 1
    if isinstance(high, Number) and (high.value < 0 or (high.value == 0 and declaration.domain.high_strict)):
        return -1
    for claim in model.assumptions:
        plain = not claim.given and not claim.left.axes
        if plain and claim.left.body == entry and claim.right.body == ZERO and claim.relation in (">", "<"):
            return 1 if claim.relation == ">" else -1
    return 0
