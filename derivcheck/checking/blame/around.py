"""What stands around an operand: factors, terms, letters, arguments and names that may have been lost or exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from derivcheck.checking.blame.edits import Around, is_transpose, items_of, number, one_over, terms
from derivcheck.checking.blame.products import core, is_function, is_operator, units
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.syntax import (
    Bar,
    BigOp,
    Empty,
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
    Span,
    Sum,
    Symbol,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.language.reading import index_letters
from derivcheck.language.scope import Scope
from derivcheck.terms.model import Claim, Declaration

_NOWHERE = Span(0, 0)
_FACTORS, _TERMS, _LETTERS, _ARGUMENTS, _NAMES = 10, 7, 4, 4, 4
_LONG = 60  # characters of a factor that may have been lost


def around(text: str, scope: Scope, root: Node, left: Node, claim: Claim) -> Around:
    """`root`: the operand to blame; `left`: the operand it is measured against."""
    both = (root, left)
    return Around(
        text, scope, root, left,
        factors=_distinct((*_chain_factors(left, root, scope), *_factors(both, scope)), _FACTORS),
        numbers=_numbers(scope, claim),
        terms=_distinct(_terms(both), _TERMS),
        letters=_letters(scope, both),
        arguments=_distinct(_arguments(both, scope), _ARGUMENTS),
        names=_names(scope, both),
        bound=_bound(scope, root),
        script=_in_scripts(root),
    )  # fmt: skip


def _distinct(nodes: Iterable[Node], most: int) -> tuple[Node, ...]:
    seen: dict[str, Node] = {}
    for node in nodes:
        text = show(node)
        if text and len(text) <= _LONG:
            seen.setdefault(text, node)
    return tuple(seen.values())[:most]


def _numbers(scope: Scope, claim: Claim) -> tuple[Node, ...]:
    """2, 1/2 and the sizes in use, as factors."""
    two = number(2, _NOWHERE)
    sizes: list[Node] = []
    for name in _sizes(scope, claim):
        sizes += [Name(name, span=_NOWHERE), one_over(Name(name, span=_NOWHERE))]
    return (two, one_over(two), *sizes[:6])


def _sizes(scope: Scope, claim: Claim) -> list[str]:
    shapes = [claim.left.shape, claim.right.shape]
    for symbol in sorted(claim.left.body.symbols | claim.right.body.symbols):
        declaration = scope.declaration(symbol)
        if declaration is not None:
            shapes.append(declaration.shape)
    found = {n: None for shape in shapes for dim in shape for n in sorted(dim.names)}
    return [n for n in found if len(n) == 1 or n.startswith("\\")]


def _factors(nodes: Sequence[Node], scope: Scope) -> Iterator[Node]:
    """The factors of the terms of both sides; then those further inside, fractions, and norms of what has none."""
    inner = [n for node in (nodes[1], nodes[0]) for n in walk(node)]
    for node in nodes:
        for _, term in terms(_opened(node)):
            yield from _units_of(term, scope)
    yield from _norms(nodes)
    for node in inner:
        if isinstance(node, Product):
            yield from _units_of(node, scope)
        elif isinstance(node, Frac) and not is_operator(node) and not _is_derivative(node):
            yield node


def _units_of(term: Node, scope: Scope) -> Iterator[Node]:
    items = items_of(term)
    for a, b in units(items, scope):
        inside = [item for _, item in items[a:b]]
        if any(is_operator(item) for item in inside) or isinstance(inside[0], Empty | Num | Symbol):
            continue
        yield inside[0] if b - a == 1 else Product(tuple(("", x) for x in inside), span=_NOWHERE)
        if b - a == 1 and isinstance(inside[0], Scripted) and isinstance(inside[0].sup, Num):
            yield inside[0].base


def _norms(nodes: Sequence[Node]) -> Iterator[Node]:
    """Where a norm stands on the right, the same norm of the other names on the left."""
    norm = next((n for n in walk(nodes[0]) if isinstance(n, Group) and n.open == "‖"), None)
    if norm is None:
        return
    for name in walk(nodes[1]):
        if isinstance(name, Name) and name.style != "word":
            yield Group("‖", "‖", name, span=_NOWHERE)


def _opened(node: Node) -> Node:
    return _opened(node.body) if isinstance(node, Group) and node.open in ("(", "[") else node


def is_computed(node: Node) -> bool:
    """Whether an operand asks for a computation (a derivative, an expectation): what it is, is not in doubt."""
    asking = ("E", "Var", "Cov", "KL", "H")
    return any(
        (isinstance(n, Frac) and _is_derivative(n))
        or (isinstance(n, Func) and n.text in asking)
        or (isinstance(n, Symbol) and n.text in ("\\nabla", "\\partial"))
        for n in walk(node)
    )


def _chain_factors(left: Node, right: Node, scope: Scope) -> Iterator[Node]:
    """Derivatives of the inner arguments on the right by the variable of the derivative on the left."""
    prefix = next((n for n in walk(left) if isinstance(n, Frac) and _is_derivative(n)), None)
    if prefix is None:
        return
    letter = items_of(prefix.num)[0][1]
    for inner in _inner_arguments(right, scope):
        top = Product((("", letter), ("", Group("(", ")", inner, span=_NOWHERE))), span=_NOWHERE)
        yield Frac(top, prefix.den, span=_NOWHERE)


def _is_derivative(node: Frac) -> bool:
    first, below = items_of(node.num)[0][1], items_of(node.den)[0][1]
    return canonical(first) in ("\\partial", "d") and canonical(below) == canonical(first)


def _inner_arguments(node: Node, scope: Scope) -> Iterator[Node]:
    yield from _arguments((node,), scope)
    for inner in walk(node):
        if not isinstance(inner, Scripted):
            continue
        if isinstance(inner.base, Group) and isinstance(inner.sup, Num | Sum):
            yield inner.base.body
        if isinstance(inner.base, Name) and inner.base.text == "e" and inner.sup is not None:
            yield inner.sup


def _terms(nodes: Sequence[Node]) -> Iterator[Node]:
    """1, I and the terms of the sums of both sides."""
    yield number(1, _NOWHERE)
    yield Name("I", span=_NOWHERE)
    for node in (nodes[1], nodes[0]):
        for inner in walk(node):
            if isinstance(inner, Sum) and len(inner.items) > 1:
                yield from (term for _, term in inner.items if not isinstance(term, Num))


def _letters(scope: Scope, nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Letters that stand in index positions, bound ones too (`i`, `j'`)."""
    found: dict[str, Node] = {}
    for node in nodes:
        known = index_letters(scope, node, frozenset()) | set(scope.indices)
        for inner in walk(node):
            if isinstance(inner, BigOp) and inner.sub is not None:
                known |= {p.text for p in walk(inner.sub) if isinstance(p, Name) and p.text not in scope.names}
        for inner in walk(node):
            key = canonical(inner) if isinstance(inner, Name | Scripted) else None
            if key in known and key is not None:
                found.setdefault(key, inner)
    return tuple(found.values())[:_LETTERS]


def _in_scripts(root: Node) -> frozenset[int]:
    """The nodes inside indices, limits and conditionals, and inside the powers of anything but e."""
    found: set[int] = set()
    for node in walk(root):
        parts: list[Node | None] = []
        if isinstance(node, Scripted):
            natural = isinstance(node.base, Name) and node.base.text == "e"
            parts = [node.sub, None if natural else node.sup]
        elif isinstance(node, BigOp):
            parts = [node.sub, node.sup]
        elif isinstance(node, Bar):
            parts = [node.left, node.right] if node.kind == "|" else []
        found.update(id(inner) for part in parts if part is not None for inner in walk(part))
    return frozenset(found)


def _bound(scope: Scope, root: Node) -> frozenset[int]:
    """The nodes that make one factor with their neighbour, and the bases that carry an index or a power."""
    found: set[int] = set()
    for node in walk(root):
        if isinstance(node, Product):
            ranges = [(a, b) for a, b in units(node.items, scope) if b - a > 1]
            found.update(id(item) for a, b in ranges for _, item in node.items[a:b])
        elif isinstance(node, Scripted) and node.sup is not None and not is_transpose(node.sup):
            found.add(id(node.base))
        if isinstance(node, Scripted) and node.sub is not None:
            found.add(id(node.base))
            if isinstance(node.base, Group):
                found.update(id(inner) for inner in walk(node.base))
    return frozenset(found)


def _arguments(nodes: Sequence[Node], scope: Scope) -> Iterator[Node]:
    """What stands in the brackets of functions; after a plain `\\log x` the factor behind it."""
    for node in nodes:
        for inner in walk(node):
            if not isinstance(inner, Product):
                continue
            for a, b in units(inner.items, scope):
                head, last = inner.items[a][1], inner.items[b - 1][1]
                base = core(head)
                applied = isinstance(base, Func) or is_function(head, scope)
                if b - a > 1 and applied and isinstance(core(last), Group):
                    body = core(last).body  # type: ignore[attr-defined]
                    if not isinstance(body, Listing | Relation | Symbol):
                        yield body


def _names(scope: Scope, nodes: Sequence[Node]) -> dict[str, tuple[Node, ...]]:
    """For each declared name in use, the others of its shape: those in use first."""
    used: dict[str, Node] = {}
    for node in nodes:
        for inner in walk(node):
            key = canonical(inner) if isinstance(inner, Name | Scripted) else None
            if key is not None and (key in scope.model.declarations or key in scope.model.dims):
                used.setdefault(key, inner)
    for key in scope.model.declarations:
        if len(key) == 1 or (key.startswith("\\") and key[1:].isalpha()):
            used.setdefault(key, Name(key, span=_NOWHERE))
    kinds = {key: _kind(scope.declaration(key)) for key in used}
    return {
        key: tuple(node for other, node in used.items() if other != key and kinds[other] == kinds[key])[:_NAMES]
        for key in used
    }


def _kind(declaration: Declaration | None) -> object:
    return None if declaration is None else (declaration.shape, len(declaration.family), declaration.domain.kind)
