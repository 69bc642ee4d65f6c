"""Likely shapes of names that a question does not declare: products must conform, sides and terms must agree. A guess
for a comment in a draft; nothing is judged by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Frac, Func, Group, Name, Node, Product, Relation, Scripted, Sum
from derivcheck.language.parsing.trees import walk

Shape = tuple[str, ...]
_TRANSPOSED = ("\\top", "T", "\\intercal")
_ROUNDS = 6
_FRESH = "nmdkrs"


def likely_shapes(formulas: list[Node], known: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of names that are not known, as far as the formulas around them show."""
    guess = _Guess(dict(known), set(known))
    nodes = [node for formula in formulas for node in walk(formula)]
    seeds = iter([*_left_sides(nodes), *_behind_capitals(nodes)])
    while True:
        for _ in range(_ROUNDS):
            guess.round(nodes)
        seed = next((name for name in seeds if name not in guess.shapes), None)
        if seed is None:
            return {name: shape for name, shape in guess.shapes.items() if name not in guess.declared}
        guess.shapes[seed] = (_fresh(guess.shapes),)


def _left_sides(nodes: list[Node]) -> Iterator[str]:
    """`h = W x + b`: a small letter that a matrix makes is a vector."""
    for node in nodes:
        name = _name(node.operands[0]) if isinstance(node, Relation) else None
        if isinstance(node, Relation) and name and name[:1].islower() and any(_behind_capitals([*walk(node)])):
            yield name


def _behind_capitals(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        items = (_factors(node) or []) if isinstance(node, Product) else []
        for left, right in pairwise(items):
            if _is_capital(left) and _is_small(right) and (name := _name(right)):
                yield name


class _Guess:
    def __init__(self, shapes: dict[str, Shape], declared: set[str]) -> None:
        self.shapes, self.declared = shapes, declared

    def round(self, nodes: list[Node]) -> None:
        for node in nodes:
            if isinstance(node, Relation):
                self.agree(node.operands)
            elif isinstance(node, Sum):
                self.agree([term for _, term in node.items])
            elif isinstance(node, Product):
                self.conform(node)

    def of(self, node: Node) -> Shape | None:
        """The shape of an expression, where it is known."""
        name = _name(node)
        if name is not None and name in self.shapes:
            return self.shapes[name]
        match node:
            case Group(body=body):
                return self.of(body) if node.open == "(" else () if node.open == "‖" else None
            case Scripted(base=base, sup=sup) if _is_transpose(sup):
                shape = self.of(base)
                return tuple(reversed(("1", *shape) if len(shape) == 1 else shape))[-2:] if shape else shape
            case Sum(items=items):
                return next((shape for _, term in items if (shape := self.of(term))), None)
            case Product():
                return self._product(node)
        return None

    def _product(self, node: Product) -> Shape | None:
        items = _factors(node)
        if items is None or not items:
            return self.of(node.items[-1][1]) if isinstance(node.items[0][1], Func) else None
        shapes = [shape for item in items if (shape := self.of(item)) != ()]
        first, last = (shapes[0], shapes[-1]) if shapes else ((), ())
        if first is None or last is None:
            return None
        ends = (*first[:1], *last[1:]) if len(shapes) > 1 else first
        return tuple(size for size in ends if size != "1")

    def agree(self, nodes: list[Node] | tuple[Node, ...]) -> None:
        """All of one shape: what is known of one is true of a name among them, and of the ends of a product."""
        shape = next((found for node in nodes if (found := self.of(node))), None)
        for node in nodes:
            if shape:
                self._say(node, shape)

    def _say(self, node: Node, shape: Shape) -> None:
        while isinstance(node, Group) or (isinstance(node, Product) and isinstance(node.items[0][1], Func)):
            node = node.body if isinstance(node, Group) else node.items[-1][1]
        if isinstance(node, Sum):
            for _, term in node.items:
                self._say(term, shape)
        elif isinstance(node, Product) and (items := _factors(node)) and len(items) == 2:
            inner = self.of(items[1])
            if inner and len(inner) == len(shape) == 1:
                self._put(items[0], (shape[0], inner[0]))
        else:
            self._put(node, shape)

    def conform(self, node: Product) -> None:
        """`A B`: the inner sizes are one."""
        items = _factors(node) or []
        for left, right in pairwise(items):
            one, other = self.of(left), self.of(right)
            if one and other is None and len(one) == 2:
                self._put(right, (one[1],) if _is_small(right) else (one[1], _fresh(self.shapes)))
            elif other and one is None and _is_capital(left):
                self._put(left, (_fresh(self.shapes), other[0]))

    def _put(self, node: Node, shape: Shape) -> None:
        if isinstance(node, Scripted) and _is_transpose(node.sup):
            node, shape = node.base, tuple(reversed(shape))
        name = _name(node)
        if name is not None and name not in self.shapes:
            self.shapes[name] = tuple(size for size in shape if size != "1")


def _name(node: Node) -> str | None:
    """A name, of a member of a family (`h_{t-1}`) the name of the family."""
    if isinstance(node, Scripted) and isinstance(node.base, Name | Accent) and node.sub and not node.sup:
        return canonical(node.base)
    if isinstance(node, Name | Accent) or (isinstance(node, Scripted) and not _is_transpose(node.sup)):
        return canonical(node)
    return None


def _is_transpose(sup: Node | None) -> bool:
    return sup is not None and getattr(sup, "text", "") in _TRANSPOSED


def _factors(node: Product) -> list[Node] | None:
    """The factors of a plain product."""
    plain = all(op in ("", "\\cdot") for op, _ in node.items)
    if not plain or any(isinstance(item, Func | Frac) for _, item in node.items):
        return None
    return [item for _, item in node.items]


def _is_small(node: Node) -> bool:
    name = (_name(node) or "").lstrip("\\")
    return name[:1].islower()


def _is_capital(node: Node) -> bool:
    inner = node.base if isinstance(node, Scripted) and _is_transpose(node.sup) else node
    return (_name(inner) or "")[:1].isupper()


def _fresh(shapes: Mapping[str, Shape]) -> str:
    taken = {size for shape in shapes.values() for size in shape} | set(shapes)
    return next((letter for letter in _FRESH if letter not in taken), "l")
