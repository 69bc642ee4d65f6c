r"""`\int x \cos x \, dx = x \sin x + \cos x + C`: an integral without limits beside its variable is an antiderivative.

Such an equation says that both sides have the same derivative: it is read as that equation, term by term. Each integral
is a term with constant factors; in any other place (`f(x) / \int f(x) dx`), or where nothing else speaks of the
variable (`\int p(x) dx = 1`), it is taken over the whole line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derivcheck.language.elaboration.extents import integrals_closed, is_d
from derivcheck.language.elaboration.products import core
from derivcheck.language.givens.definitions import Left
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import (
    Accent,
    BigOp,
    Frac,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Sum,
)
from derivcheck.language.parsing.trees import children, walk
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Declaration
from derivcheck.terms.unfold import depends

_OF_RANDOM = frozenset({"E", "Var", "Cov", "Pr", "KL", "H", "I"})
"""`\\mathbb{E}[x] = \\int x p(x) \\, dx`: what stands in their brackets is random."""
AMBIGUITY = "an antiderivative or an integral over the whole line"
_CONSTANT = re.compile(r"(?:C|c|K|k|const)(?:_\{?\w\}?|')?")
Item = tuple[str, Node]


@dataclass(frozen=True, slots=True)
class Differentiated:
    """Both sides differentiated. sure: the variable stands outside of its integrals, so they are antiderivatives."""

    left: Node
    right: Node
    scope: Scope
    sure: bool


class _NoTerm(Exception):
    """An integral that is no term of a sum."""


def differentiated(scope: Scope, left: Node, right: Node) -> Differentiated | None:
    """An equation between antiderivatives; None where it has none."""
    if any(isinstance(part, Func) and part.text in _OF_RANDOM for side in (left, right) for part in walk(side)):
        return None
    try:
        names = {*_variables(left), *_variables(right)}
        variable = _base(names, scope)
        if variable is None:
            return None
        known = scope.model.declarations.get(variable)
        if known is None and variable not in scope.names:
            scope = scope.declare(Declaration(variable, latex=variable))
        elif known is None or known.shape or known.law is not None:
            return None
        else:  # what is integrated over is a number, and no guess
            scope = replace(scope, model=replace(scope.model, inferred=scope.model.inferred - {variable}))
        (one, out), (other, outside) = (_derivative(side, variable, scope) for side in (left, right))
    except _NoTerm:
        return None
    return Differentiated(one, other, scope, out or outside)


def up_to_a_constant(scope: Scope, operands: Sequence[Node]) -> bool:
    """Whether a chain says that its first name is an antiderivative: `F(x) = \\int f(x) \\, dx`,
    `y = \\int 2t \\, dt = t^2 + C`."""
    left, right = operands[0], operands[1]
    if not any(is_indefinite(part) for part in walk(right)):
        return False
    with_one = (other for other in (left if isinstance(left, Product) else right, *operands[2:]))
    return any((found := differentiated(scope, other, right)) is not None and found.sure for other in with_one)


def with_unknown(scope: Scope, target: Left) -> Scope:
    """The scope with an antiderivative of which no more is known: what depends on its values is never refuted."""
    from derivcheck.language.givens.table import read_givens

    if target.kind == "application":
        name = target.key.partition("(")[0]
        scope = read_givens([f"{name} : \\mathbb{{R}} \\to \\mathbb{{R}}"], scope)[0]
    else:
        name = target.key
        scope = scope.declare(Declaration(name, latex=name))
    return replace(scope, model=replace(scope.model, inferred=scope.model.inferred | {name}))


def differential_apart(items: Sequence[Item]) -> tuple[Item, ...]:
    """`\\int \\frac{x \\, dx}{1 + x^2}` with its differential at the end."""
    if any(is_d(item) for _, item in items):
        return tuple(items)
    for k, (sign, item) in enumerate(items):
        top = item.num if isinstance(item, Frac) else None
        inside = top.items if isinstance(top, Product) else ()
        at = _differential(inside)
        if isinstance(item, Frac) and at == len(inside) - 2 >= 0:
            rest = _product(item, inside[:at])
            return (*items[:k], (sign, replace(item, num=rest)), *items[k + 1 :], *inside[at:])
    return tuple(items)


# which variable ---------------------------------------------------------------------------------------------------


def is_indefinite(node: Node) -> bool:
    big = core(node)
    return isinstance(big, BigOp) and big.text == "int" and big.sub is None and big.sup is None and big is node


def _variables(node: Node) -> Iterator[str]:
    """The variables of the integrals without limits."""
    for part in walk(node):
        for k, (_, item) in enumerate(part.items if isinstance(part, Product) else ()):
            if is_indefinite(item):
                rest = differential_apart(part.items[k + 1 :])  # type: ignore[union-attr]
                at = _differential(rest)
                if at is None and not _closed_later(node):
                    raise _NoTerm
                if at is not None and (name := canonical(rest[at + 1][1])) is not None:
                    yield name
    if isinstance(node, Sum) and (closed := integrals_closed(node)) is not node:
        yield from _variables(closed)


def _closed_later(node: Node) -> bool:
    """`\\int x + 1 \\, dx`: the differential stands in a later term."""
    return any(isinstance(part, Sum) and integrals_closed(part) is not part for part in walk(node))


def _base(names: set[str], scope: Scope) -> str | None:
    """The variable that all others are computed from: x for u = \\sqrt{x}."""
    bases = [n for n in names if all(m == n or n in depends(scope.model, m) for m in names)]
    return bases[0] if len(bases) == 1 else None


# the derivative ---------------------------------------------------------------------------------------------------


def _derivative(node: Node, variable: str, scope: Scope) -> tuple[Node, bool]:
    """The derivative of one side, and whether it speaks of the variable outside of integrals."""
    if not any(is_indefinite(part) for part in walk(node)):
        return _of_the_rest(node, variable, scope)
    if isinstance(node, Sum):
        made = [(sign, _derivative(item, variable, scope)) for sign, item in integrals_closed(node).items]
        return replace(node, items=tuple((sign, d) for sign, (d, _) in made)), any(out for _, (_, out) in made)
    if isinstance(node, Group) and node.open in ("(", "[", "{") and not isinstance(node.body, Listing):
        body, out = _derivative(node.body, variable, scope)
        return replace(node, body=body), out
    if isinstance(node, Frac) and not _speaks(node.den, variable, scope):
        top, out = _derivative(node.num, variable, scope)
        return replace(node, num=top), out
    if isinstance(node, Product):
        return _of_product(node, variable, scope)
    raise _NoTerm


def _of_product(node: Product, variable: str, scope: Scope) -> tuple[Node, bool]:
    """`\\frac{2}{3} \\int f \\, dx`, `3 (\\sin x - \\int f \\, dx)`: factors without the variable are kept."""
    k = next(k for k, (_, item) in enumerate(node.items) if any(is_indefinite(part) for part in walk(item)))
    before, (sign, item) = node.items[:k], node.items[k]
    if sign == "/":
        raise _NoTerm
    if is_indefinite(item):
        rest = differential_apart(node.items[k + 1 :])
        at = _differential(rest)
        if at is None:
            raise _NoTerm
        body, out, after = _integrand(node, rest[:at], rest[at + 1][1], variable), False, rest[at + 2 :]
    else:
        body, out = _derivative(item, variable, scope)
        after = node.items[k + 1 :]
    if any(_speaks(other, variable, scope) for _, other in (*before, *after)):
        raise _NoTerm
    return replace(node, items=(*before, (sign, body), *after)), out


def _integrand(node: Node, inside: Sequence[Item], by: Node, variable: str) -> Node:
    """f of `\\int f \\, du`, times du/dx."""
    if any(is_indefinite(part) for _, item in inside for part in walk(item)):
        raise _NoTerm
    group: Node = Group(span=node.span, open="(", close=")", body=_product(node, inside))
    if canonical(by) == variable:
        return group
    return Product(span=node.span, items=(("", group), ("", _by(variable, node)), ("", _bracket(by))))


def _of_the_rest(node: Node, variable: str, scope: Scope) -> tuple[Node, bool]:
    if isinstance(node, Sum):
        kept = tuple((sign, item) for sign, item in node.items if not _is_constant(item, scope))
        if not kept:
            return Num(span=node.span, text="0"), False
        node = replace(node, items=kept)
    elif _is_constant(node, scope):
        return Num(span=node.span, text="0"), False
    product = Product(span=node.span, items=(("", _by(variable, node)), ("", _bracket(node))))
    return product, _speaks(node, variable, scope)


def _is_constant(node: Node, scope: Scope) -> bool:
    """The constant of integration, of which nothing else is said."""
    name = canonical(node) if isinstance(node, Name | Scripted) else None
    return name is not None and name not in scope.names and _CONSTANT.fullmatch(name) is not None


def _speaks(node: Node, variable: str, scope: Scope) -> bool:
    """Whether a value depends on the variable."""
    names = set(_free(node))
    return variable in names or any(variable in depends(scope.model, name) for name in names)


def _free(node: Node) -> Iterator[str]:
    """The names in a tree that no integral, sum or limit in it binds."""
    if (key := canonical(node)) is not None:
        yield key
    items = node.items if isinstance(node, Product) else ()
    k = next((k for k, (_, item) in enumerate(items) if isinstance(core(item), BigOp)), None)
    if k is None:
        for child in children(node):
            yield from _free(child)
        return
    big = core(items[k][1])
    assert isinstance(big, BigOp)
    rest = differential_apart(items[k + 1 :]) if big.text == "int" else items[k + 1 :]
    at = _differential(rest) if big.text == "int" else None
    below = big.sub.operands[0] if isinstance(big.sub, Relation) else big.sub
    bound = canonical(rest[at + 1][1]) if at is not None else canonical(below) if below is not None else None
    for limit in (big.sub, big.sup):
        yield from _free(limit) if limit is not None and big.text == "int" else ()
    for _, item in items[:k]:
        yield from _free(item)
    yield from (name for name in _free(_product(node, rest)) if name != bound) if rest else ()


def _differential(items: Sequence[Item]) -> int | None:
    named = (Name, Accent, Scripted)
    return next((k for k in range(len(items) - 1) if is_d(items[k][1]) and isinstance(items[k + 1][1], named)), None)


def _by(variable: str, node: Node) -> Node:
    return replace(parse(f"\\frac{{d}}{{d {variable}}}").node, span=node.span)


def _bracket(node: Node) -> Node:
    return Group(span=node.span, open="(", close=")", body=node)


def _product(node: Node, items: Sequence[Item]) -> Node:
    if not items:
        return Num(span=node.span, text="1")
    return items[0][1] if len(items) == 1 else Product(span=node.span, items=(("", items[0][1]), *items[1:]))
