"""Rewrites into another notation for the same thing: inner products in brackets, `\\exp`, a diagonal matrix as an
entrywise product, a gradient for a derivative; a defined name by its definition; the whole line by its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derivcheck.checking.blame.edits import Around, Variant, is_transpose, product, scripted, top
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import (
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
    Symbol,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope
from derivcheck.language.show_term import show_term
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Definition
from derivcheck.terms.node import (
    Add,
    Delta,
    Entry,
    Function,
    Index,
    Mul,
    Number,
    Power,
    Reduce,
    Size,
    Term,
    Var,
    substitute,
)
from derivcheck.terms.node import walk as walk_term

_NOWHERE = Span(0, 0)
_LETTERS = "qrsuvw"
_PLAIN = (Add, Delta, Entry, Function, Mul, Number, Power, Reduce, Size, Var)
_RELATIONS = {"=": "=", "<=": "\\le", ">=": "\\ge", "<": "<", ">": ">"}


def shape_of(node: Node, scope: Scope) -> Shape | None:
    """The shape of a declared name that stands for itself."""
    declaration = scope.declaration(canonical(node) or "") if isinstance(node, Name) else None
    return declaration.shape if declaration is not None and not declaration.family else None


def _group(node: Node) -> Node:
    return Group("(", ")", node, span=_NOWHERE)


def _vectors(node: Node, around: Around) -> tuple[Node, Node] | None:
    """x and y of a product x^T y of declared vectors of one shape."""
    if not isinstance(node, Product) or len(node.items) != 2 or any(op not in ("", "\\cdot") for op, _ in node.items):
        return None
    first, second = (item for _, item in node.items)
    if not isinstance(first, Scripted) or not is_transpose(first.sup) or first.sub is not None or first.primes:
        return None
    shapes = [shape_of(x, around.scope) for x in (first.base, second)]
    return (first.base, second) if shapes[0] is not None and len(shapes[0]) == 1 and shapes[0] == shapes[1] else None


def inner_product_in_brackets(node: Node, around: Around) -> Iterator[Variant]:
    """x^T y as <x, y>."""
    if found := _vectors(node, around):
        pair = Group("<", ">", Listing(found, (",",), span=_NOWHERE), span=_NOWHERE)
        yield Variant(pair, node.span, "inner product in brackets")


def inner_product_as_norm(node: Node, around: Around) -> Iterator[Variant]:
    """x^T x as ||x||^2."""
    found = _vectors(node, around)
    if found and canonical(found[0]) == canonical(found[1]):
        norm = Group("‖", "‖", found[0], span=_NOWHERE)
        yield Variant(Scripted(norm, sup=Num("2", span=_NOWHERE), span=_NOWHERE), node.span, "product as a norm")


def power_of_e(node: Node, around: Around) -> Iterator[Variant]:
    """e^x as exp(x), unless e is a name or the exponent a matrix."""
    if not isinstance(node, Scripted) or node.sup is None or node.sub is not None or node.primes:
        return
    if canonical(node.base) != "e" or "e" in around.scope.names or id(node) in around.bound or is_transpose(node.sup):
        return
    shapes = (shape_of(n, around.scope) for n in walk(node.sup))
    if any(shape is not None and len(shape) > 1 for shape in shapes):
        return
    call = Product((("", Func("exp", span=_NOWHERE)), ("", _group(node.sup))), span=_NOWHERE)
    yield Variant(_group(call), node.span, "exp for a power of e")


def diagonal_as_product(node: Node, around: Around) -> Iterator[Variant]:
    """diag(v) w as v . w, entry by entry."""
    if not isinstance(node, Product) or len(node.items) != 3 or any(op for op, _ in node.items):
        return
    diag, inner, w = (item for _, item in node.items)
    if not isinstance(diag, Func) or diag.text != "diag" or not isinstance(inner, Group):
        return
    shapes = [shape_of(x, around.scope) for x in (inner.body, w)]
    if shapes[0] is not None and len(shapes[0]) == 1 and shapes[0] == shapes[1]:
        made = Product((("", inner.body), ("\\odot", w)), span=_NOWHERE)
        yield Variant(_group(made), node.span, "diagonal as entrywise product")


def product_as_diagonal(node: Node, around: Around) -> Iterator[Variant]:
    """v . w, entry by entry, as diag(v) w."""
    if not isinstance(node, Product) or len(node.items) != 2 or node.items[1][0] not in ("\\odot", "\\circ"):
        return
    v, w = (item for _, item in node.items)
    shapes = [shape_of(x, around.scope) for x in (v, w)]
    if shapes[0] is not None and len(shapes[0]) == 1 and shapes[0] == shapes[1]:
        items = (("", Func("diag", span=_NOWHERE)), ("", _group(v)), ("", w))
        yield Variant(_group(Product(items, span=_NOWHERE)), node.span, "entrywise product as diagonal")


def gradient(node: Node, around: Around) -> Iterator[Variant]:
    """The derivative of a number by a vector or matrix as its gradient (they have one shape by default)."""
    if not isinstance(node, Frac) or around.scope.layout not in (None, "default"):
        return
    f, x = (_differentiated(part) for part in (node.num, node.den))
    if f is None or x is None or shape_of(f, around.scope) != () or not shape_of(x, around.scope):
        return
    nabla = Scripted(Symbol("\\nabla", span=_NOWHERE), sub=x, span=_NOWHERE)
    yield Variant(product([("", nabla), ("", f)], node.span), node.span, "gradient for a derivative")


def _differentiated(node: Node) -> Node | None:
    if isinstance(node, Product) and len(node.items) == 2 and canonical(node.items[0][1]) == "\\partial":
        return node.items[1][1]
    return None


def unfolded(node: Node, around: Around) -> Iterator[Variant]:
    """A defined number, or an entry of a defined vector, by its definition in brackets; not where it is differentiated
    by, and not in a script."""
    if id(node) in around.script or id(node) in around.bound:
        return
    name, index = (node.base, node.sub) if isinstance(node, Scripted) and node.sup is None else (node, None)
    definition = _definition(name, around)
    if definition is None or (index is None) != (not definition.params) or _differentiates(around):
        return
    body = definition.body
    if not _plain(body):
        return
    if index is not None:
        letter = canonical(index)
        if len(definition.params) != 1 or not isinstance(index, Name) or letter is None or len(letter) != 1:
            return
        body = substitute(body, {definition.params[0]: Var(Index(letter, definition.params[0].dim))})
    yield Variant(_group(parse(show_term(body, around.scope)).node), node.span, "definition unfolded")


def _plain(term: Term) -> bool:
    """Whether index notation has a way of writing a term that is read back as the same."""
    return all(isinstance(t, _PLAIN) and getattr(t, "kind", "sum") == "sum" for t in walk_term(term))


def _definition(name: Node, around: Around) -> Definition | None:
    declaration = around.scope.declaration(canonical(name) or "") if isinstance(name, Name) else None
    if declaration is None or declaration.family or len(declaration.definitions) != 1 or declaration.law is not None:
        return None
    definition = declaration.definitions[0]
    return definition if definition.where is None and declaration.name not in definition.body.symbols else None


def _differentiates(around: Around) -> bool:
    """Whether the line differentiates: by a name, or through it, its definition in its place may say something else."""
    nodes = (n for root in (around.root, around.left) for n in walk(root))
    return any(canonical(n) in ("\\partial", "\\nabla", "d") for n in nodes)


def transposed_inner_product(node: Node, around: Around) -> Iterator[Variant]:
    """x^T y as y^T x."""
    if found := _vectors(node, around):
        turned = product([("", scripted(found[1], top())), ("", found[0])], node.span)
        yield Variant(turned, node.span, "inner product turned")


OPERATORS: tuple[Callable[[Node, Around], Iterator[Variant]], ...] = (
    inner_product_in_brackets, inner_product_as_norm, power_of_e, diagonal_as_product, product_as_diagonal, gradient,
    unfolded, transposed_inner_product,
)  # fmt: skip


def by_entries(text: str, scope: Scope, claim: Claim) -> Iterator[str]:
    """`A = B C` as `A_{ij} = \\sum_k B_{ik} C_{kj}`: both sides at one entry, in index notation."""
    root = parse(text).node
    if not isinstance(root, Relation) or not claim.left.axes or claim.parameters or claim.given:
        return
    used = {n.text for n in walk(root) if isinstance(n, Name)}
    letters = [x for x in _LETTERS if x not in used and not any(k[:1] == x for k in scope.names)]
    if len(letters) < len(claim.left.axes) or claim.relation not in _RELATIONS:
        return
    if not all(_plain(side.body) for side in (claim.left, claim.right)):
        return
    at: list[Term] = [Var(Index(x, a.dim)) for x, a in zip(letters, claim.left.axes, strict=False)]
    left, right = (show_term(side.at(at), scope) for side in (claim.left, claim.right))
    if "\\bmod" in left + right:
        return  # an entry of a Kronecker product: nobody writes it so
    yield f"{left} {_RELATIONS[claim.relation]} {right}"
