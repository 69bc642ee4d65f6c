"""Where two operands differ as they are written: what they share can be taken away, and the rest is to blame.

f(X) = f(Y) follows from X = Y, so where f(X) = f(Y) fails, X = Y fails: a common function, a common factor at the same
end, common terms of two sums never are the cause."""

from __future__ import annotations

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Frac, Func, Group, Name, Node, Product, Scripted, Sqrt, Sum
from derivcheck.language.parsing.trees import same, walk


def differing(left: Node, right: Node) -> Node:
    """The smallest part of `right` that must differ from its counterpart in `left`, if the whole does."""
    while True:
        pair = _smaller(left, right)
        if pair is None:
            return right
        left, right = pair


def term_with(operand: Node, name: str) -> Node | None:
    """The only term of a sum in which a name occurs. Where the sides agree once the name is 0, the terms without it are
    right."""
    if not isinstance(operand, Sum) or len(operand.items) < 2:
        return None
    found = [
        term
        for _, term in operand.items
        if any(isinstance(inner, Name | Scripted) and canonical(inner) == name for inner in walk(term))
    ]
    return found[0] if len(found) == 1 else None


def _smaller(left: Node, right: Node) -> tuple[Node, Node] | None:
    match left, right:
        case Group(), Group() if (left.open, left.close) == (right.open, right.close):
            return left.body, right.body
        case Frac(), Frac():
            if same(left.den, right.den):
                return left.num, right.num
            return (left.den, right.den) if same(left.num, right.num) else None
        case Scripted(), Scripted():
            if left.sup is not None and right.sup is not None and left.primes == right.primes == 0:
                bases = (left.sub is None and right.sub is None) and same(left.sup, right.sup)
                return (left.base, right.base) if bases and isinstance(right.base, Group) else None
            return None
        case Sqrt(), Sqrt() if left.degree is None and right.degree is None:
            return left.body, right.body
        case Accent(), Accent():
            return None
        case Product(), Product():
            return _products(left, right)
        case Sum(), Sum():
            return _sums(left, right)
    return None


def _products(left: Product, right: Product) -> tuple[Node, Node] | None:
    """One factor of each is left when the common ones at both ends are gone."""
    one, two = list(left.items), list(right.items)
    if len(one) != len(two) or [op for op, _ in one] != [op for op, _ in two]:
        return None
    different = [k for k in range(len(one)) if not same(one[k][1], two[k][1])]
    if len(different) != 1:
        return None
    k = different[0]
    if isinstance(two[k][1], Func) or isinstance(one[k][1], Func):
        return None
    return one[k][1], two[k][1]


def _sums(left: Sum, right: Sum) -> tuple[Node, Node] | None:
    """One term on the right is left when the common ones are gone."""
    rest = list(left.items)
    mine = []
    for sign, term in right.items:
        found = next((k for k, (s, t) in enumerate(rest) if s == sign and same(t, term)), None)
        if found is None:
            mine.append((sign, term))
        else:
            del rest[found]
    if len(mine) != 1 or len(mine) == len(right.items):
        return None
    if len(rest) == 1 and rest[0][0] == mine[0][0]:
        return rest[0][1], mine[0][1]
    return Sum(tuple(rest) or (("+", right),), span=right.span), mine[0][1]
