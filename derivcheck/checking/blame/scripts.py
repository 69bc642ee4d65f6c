"""Slips in names, scripts, numbers, limits and arguments."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking.blame.edits import Around, Variant, cover, factor, is_transpose, number, scripted, top
from derivcheck.checking.blame.products import is_function, units
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
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
    Span,
    Sqrt,
    Sum,
)
from derivcheck.record import replace

_TWO = Num("2", span=Span(0, 0))


def transposes(node: Node, around: Around) -> Iterator[Variant]:
    """A transpose too many or lost."""
    if isinstance(node, Scripted) and is_transpose(node.sup):
        yield Variant(factor(scripted(node, None)), node.span, "transposed")
    elif id(node) in around.bound:
        pass
    elif _is_value(node, around) and not (isinstance(node, Scripted) and node.sup is not None):
        yield Variant(scripted(node, top()), node.span, "transposed")
    if isinstance(node, Scripted) and isinstance(node.sup, Num | Sum):
        yield Variant(Scripted(node, sup=top(), span=node.span), node.span, "transposed")
    if isinstance(node, Product):
        yield from _transposed_neighbours(node, around)


def _transposed_neighbours(node: Product, around: Around) -> Iterator[Variant]:
    """Two neighbours, both transposed or both not."""
    for k in range(len(node.items) - 1):
        pair = [item for _, item in node.items[k : k + 2]]
        marks = [isinstance(x, Scripted) and is_transpose(x.sup) for x in pair]
        plain = [scripted(x, None) if mark else x for x, mark in zip(pair, marks, strict=True)]
        if marks[0] != marks[1] or not all(_is_matrix(x, around) for x in plain):
            continue
        new = [scripted(x, None) if mark else scripted(x, top()) for x, mark in zip(pair, marks, strict=True)]
        items = [*node.items[:k], (node.items[k][0], new[0]), (node.items[k + 1][0], new[1]), *node.items[k + 2 :]]
        yield Variant(replace(node, items=tuple(items)), Span(pair[0].span.start, pair[1].span.end), "transposed")


def _is_matrix(node: Node, around: Around) -> bool:
    declaration = around.scope.declaration(canonical(node) or "")
    return declaration is not None and len(declaration.shape) == 2


def _is_value(node: Node, around: Around) -> bool:
    """A declared matrix or vector, or a bracket."""
    if isinstance(node, Group):
        return node.open in ("(", "[") and not isinstance(node.body, Listing | Relation)
    if not isinstance(node, Name | Scripted):
        return False
    key = canonical(node)
    declaration = around.scope.declaration(key or "")
    if declaration is None and isinstance(node, Scripted):
        declaration = around.scope.declaration(canonical(replace(node, sub=None)) or "")
        return declaration is not None and bool(declaration.family) and len(declaration.shape) > 0
    return declaration is not None and len(declaration.shape) > 0


def exponents(node: Node, around: Around) -> Iterator[Variant]:
    """An exponent one too large or too small, a square or an inverse lost."""
    if isinstance(node, Scripted) and node.sup is not None and not is_transpose(node.sup):
        for new in _other_exponents(node.sup):
            yield Variant(scripted(node, new), node.sup.span, "wrong-exponent")
        if _is_plain_power(node.sup):
            yield Variant(factor(scripted(node, None)), node.sup.span, "wrong-exponent")
    elif isinstance(node, Name | Group | Scripted) and id(node) not in around.bound and _can_be_raised(node, around):
        for power in _powers(node.span):
            yield Variant(scripted(node, power), node.span, "wrong-exponent", 1)
        for size in around.numbers:
            if isinstance(size, Name) and _is_number(node, around):
                yield Variant(scripted(node, size), node.span, "lost-power", 1)
    elif isinstance(node, Product):
        yield from _raised_units(node, around)
    elif isinstance(node, Frac):
        if isinstance(node.den, Sum):
            raised = Scripted(factor(node.den), sup=_TWO, span=node.den.span)
            yield Variant(replace(node, den=raised), node.den.span, "wrong-exponent", 1)
        else:
            root = Sqrt(node.den, span=node.den.span)
            yield Variant(replace(node, den=root), node.den.span, "lost-power", 1)
    elif isinstance(node, Sqrt) and node.degree is None:
        yield Variant(factor(node.body), node.span, "wrong-exponent")


def _is_number(node: Node, around: Around) -> bool:
    """A declared scalar, or a bracket (which may be one)."""
    declaration = around.scope.declaration(canonical(node) or "")
    return isinstance(node, Group) or (declaration is not None and not declaration.shape)


def _powers(span: Span) -> tuple[Node, ...]:
    return _TWO, Sum((("-", number(1, span)),), span=span)


def _raised_units(node: Product, around: Around) -> Iterator[Variant]:
    """A function's value or an entry in brackets, squared or inverted."""
    for a, b in units(node.items, around.scope):
        last = node.items[b - 1][1]
        if b - a < 2 or isinstance(last, Scripted) or not isinstance(last, Group):
            continue
        for power in _powers(last.span):
            items = (*node.items[: b - 1], (node.items[b - 1][0], scripted(last, power)), *node.items[b:])
            yield Variant(replace(node, items=items), cover(node.items[a][1], last), "wrong-exponent", 1)


def _is_plain_power(sup: Node) -> bool:
    """A number, its negative, a name."""
    inner = sup.items[0][1] if isinstance(sup, Sum) and len(sup.items) == 1 else sup
    return isinstance(inner, Num | Name)


def _other_exponents(sup: Node) -> Iterator[Node]:
    if isinstance(sup, Num) and sup.text.isdigit():
        value = int(sup.text)
        for other in (value + 1, value - 1, 2 * value, value // 2 if value % 2 == 0 else 0):
            if other > 1:
                yield number(other, sup.span)
        yield Sum((("-", sup),), span=sup.span)
    elif isinstance(sup, Sum) and len(sup.items) == 1:
        yield sup.items[0][1]
        for inner in _shifted(sup.items[0][1]):
            if isinstance(inner, Num) and inner.text != "0":
                yield Sum(((sup.items[0][0], inner),), span=sup.span)
    elif isinstance(sup, Sum | Name):
        yield from _shifted(sup)


def _can_be_raised(node: Node, around: Around) -> bool:
    if isinstance(node, Group):
        return node.open in ("(", "[", "|", "‖") and not isinstance(node.body, Listing | Relation)
    if isinstance(node, Scripted) and node.sup is not None:
        return False
    return not is_function(node, around.scope)


def powers_moved(node: Node, around: Around) -> Iterator[Variant]:
    """A power of the value for a power of the argument: E[x]^2 and E[x^2]."""
    if not isinstance(node, Product):
        return
    for a, b in units(node.items, around.scope):
        last = node.items[b - 1][1]
        if b - a < 2:
            continue
        if isinstance(last, Scripted) and isinstance(last.base, Group) and last.sup is not None:
            inner = Scripted(factor(last.base.body), sup=last.sup, span=last.base.body.span)
            new: Node = replace(last.base, body=inner)
        elif isinstance(last, Group) and isinstance(last.body, Scripted) and last.body.sup is not None:
            new = Scripted(replace(last, body=scripted(last.body, None)), sup=last.body.sup, span=last.span)
        else:
            continue
        items = (*node.items[: b - 1], (node.items[b - 1][0], new), *node.items[b:])
        yield Variant(replace(node, items=items), last.span, "misplaced-power")


def indices(node: Node, around: Around) -> Iterator[Variant]:
    """Another index: a neighbour in time, another letter of the line, the letters the other way round."""
    if isinstance(node, Scripted) and node.sub is not None and not isinstance(node.base, Func | BigOp):
        if canonical(replace(node, sup=None)) in around.scope.names:
            return
        for new in _other_index(node.sub, around):
            yield Variant(replace(node, sub=new), node.sub.span, "wrong-index")
        if isinstance(node.sup, Num) and node.sup.text == "2":
            yield from _two_indices(replace(node, sup=None), node, around)
    elif isinstance(node, Group) and node.open == "[" and isinstance(node.body, Name | Scripted | Listing):
        for new in _other_index(node.body, around):
            yield Variant(replace(node, body=new), node.body.span, "wrong-index")


def _two_indices(entry: Scripted, square: Node, around: Around) -> Iterator[Variant]:
    """The square of an entry where two entries are meant: p_i^2 for p_i p_j."""
    for letter in around.letters:
        if entry.sub is not None and canonical(entry.sub) != canonical(letter):
            items = (("", entry), ("", replace(entry, sub=letter)))
            yield Variant(Product(items, span=square.span), square.span, "wrong-index")


def _other_index(index: Node, around: Around) -> Iterator[Node]:
    if isinstance(index, Product) and len(index.items) == 2 and not index.items[1][0]:
        (_, a), (_, b) = index.items
        yield Product((("", b), ("", a)), span=index.span)
    if isinstance(index, Listing) and len(index.items) == 2:
        yield replace(index, items=(index.items[1], index.items[0]))
    if isinstance(index, Product | Listing):
        for k, item in enumerate(index.items):
            one = item[1] if isinstance(item, tuple) else item
            for letter in around.letters:
                if canonical(one) != canonical(letter):
                    yield _with_item(index, k, letter)
        return
    yield from _shifted(index)
    for letter in around.letters:
        if canonical(index) != canonical(letter):
            yield letter


def _with_item(index: Product | Listing, k: int, new: Node) -> Node:
    if isinstance(index, Product):
        return replace(index, items=(*index.items[:k], (index.items[k][0], new), *index.items[k + 1 :]))
    return replace(index, items=(*index.items[:k], new, *index.items[k + 1 :]))


def _shifted(index: Node) -> Iterator[Node]:
    """One more and one less: t, t + 1, t - 1, 2."""
    one = number(1, index.span)
    if isinstance(index, Num) and index.text.isdigit():
        yield number(int(index.text) + 1, index.span)
        if int(index.text):
            yield number(int(index.text) - 1, index.span)
        return
    if isinstance(index, Sum) and len(index.items) >= 2 and isinstance(index.items[-1][1], Num):
        sign, last = index.items[-1]
        rest = index.items[:-1]
        step = int(last.text) if isinstance(last, Num) and last.text.isdigit() else 0
        for other in (step - 1, step + 1):
            if other:
                yield replace(index, items=(*rest, (sign, number(other, last.span))))
            else:
                yield rest[0][1] if len(rest) == 1 and rest[0][0] == "+" else replace(index, items=rest)
        return
    if isinstance(index, Name | Scripted | Sum):
        items = index.items if isinstance(index, Sum) else (("+", index),)
        yield Sum((*items, ("-", one)), span=index.span)
        yield Sum((*items, ("+", one)), span=index.span)


def limits(node: Node, around: Around) -> Iterator[Variant]:
    """A limit one too high or too low, or a condition on the index too many."""
    if not isinstance(node, BigOp):
        return
    if node.sup is not None:
        for new in _shifted(node.sup):
            yield Variant(replace(node, sup=new), node.sup.span, "wrong-limit")
    if isinstance(node.sub, Relation) and node.sub.relations == ("=",):
        start = node.sub.operands[1]
        for new in _shifted(start):
            sub = replace(node.sub, operands=(node.sub.operands[0], new))
            yield Variant(replace(node, sub=sub), start.span, "wrong-limit")
    elif isinstance(node.sub, Relation):
        yield Variant(replace(node, sub=node.sub.operands[0]), node.sub.span, "wrong-limit")
        for other in ("<", "<=", "!=", ">", ">="):
            if node.sub.relations == (other,):
                continue
            sub = replace(node.sub, relations=(other,) * len(node.sub.relations))
            yield Variant(replace(node, sub=sub), node.sub.span, "wrong-limit")


def numbers(node: Node, around: Around) -> Iterator[Variant]:
    """Another number; a number for a size."""
    if isinstance(node, Name) and node.text in around.scope.model.dims:
        yield Variant(number(2, node.span), node.span, "wrong-number")
    if not isinstance(node, Num) or not node.text.isdigit() or len(node.text) > 3:
        return
    value = int(node.text)
    for other in dict.fromkeys((value + 1, value - 1, 2 * value, value // 2)):
        if other >= 0 and other != value and (other or value == 1):
            yield Variant(number(other, node.span), node.span, "wrong-number")
    for name in around.numbers:
        if isinstance(name, Name):
            yield Variant(replace(name, span=node.span), node.span, "wrong-number")


def names(node: Node, around: Around) -> Iterator[Variant]:
    """Another name of the same shape."""
    if isinstance(node, Name | Scripted):
        for other in around.names.get(canonical(node) or "", ()):
            yield Variant(other, node.span, "wrong-name")


def arguments(node: Node, around: Around) -> Iterator[Variant]:
    """A function at another argument that was seen nearby; its derivative for itself."""
    if not isinstance(node, Product):
        return
    for a, b in units(node.items, around.scope):
        last = node.items[b - 1][1]
        head = node.items[a][1]
        if b - a < 2 or not isinstance(last, Group) or last.open == "[":
            continue
        for other in around.arguments:
            if canonical(other) != canonical(last.body):
                items = (*node.items[: b - 1], (node.items[b - 1][0], replace(last, body=other)), *node.items[b:])
                yield Variant(replace(node, items=items), last.body.span, "wrong-argument")
        for other in _other_names(last.body, around):
            items = (*node.items[: b - 1], (node.items[b - 1][0], replace(last, body=other)), *node.items[b:])
            yield Variant(replace(node, items=items), last.body.span, "wrong-argument")
        if isinstance(head, Name | Scripted) and is_function(head, around.scope):
            primes = head.primes if isinstance(head, Scripted) else 0
            base = scripted(head, None)
            for other in {primes + 1, max(primes - 1, 0)} - {primes}:
                made = _primed(base, other)
                items = (*node.items[:a], (node.items[a][0], made), *node.items[a + 1 :])
                yield Variant(replace(node, items=items), head.span, "lost-prime")


def _other_names(body: Node, around: Around) -> Iterator[Node]:
    """Another name (member of a family) where a whole argument is one."""
    yield from around.names.get(canonical(body) or "", ())
    if isinstance(body, Scripted) and body.sup is None:
        for other in around.names.get(canonical(body.base) or "", ()):
            if isinstance(other, Name):
                yield replace(body, base=other)


def _primed(base: Node, primes: int) -> Node:
    if isinstance(base, Scripted):
        made = replace(base, primes=primes)
        return made if primes or made.sub is not None else made.base
    return Scripted(base, primes=primes, span=base.span) if primes else base


_FUNCTIONS = {
    "sin": ("cos",), "cos": ("sin",), "sinh": ("cosh",), "cosh": ("sinh",), "tr": ("det",), "det": ("tr",),
    "Var": ("E",), "max": ("min",), "min": ("max",), "tanh": ("sinh",),
}  # fmt: skip


def functions(node: Node, around: Around) -> Iterator[Variant]:
    """A function for its neighbour."""
    if isinstance(node, Func):
        for other in _FUNCTIONS.get(node.text, ()):
            yield Variant(replace(node, text=other), node.span, "wrong-function")
    if isinstance(node, BigOp) and node.text in ("max", "min"):
        yield Variant(replace(node, text="min" if node.text == "max" else "max"), node.span, "wrong-function")


RULES = (transposes, exponents, powers_moved, indices, limits, numbers, names, arguments, functions)
