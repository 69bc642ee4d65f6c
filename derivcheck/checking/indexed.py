"""What notes sum over says what their names are: in `L = -\\sum_k y_k \\log a_k`, y and a are lists of numbers of one
length, whatever it is, and so is z where `a_j` stands beside `z_j`. Hardly any student declares that.

Occurrences of a name share their axes, and what one index letter runs over in a formula is one range (union-find). A
name is told so only where every one of its subscripts is an index and one of them is summed over. Such a reading helps
lines to be proved; nothing that depends on it is ever refuted (Model.inferred)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from derivcheck.checking.declarations import Notation, names_in
from derivcheck.checking.inferring import guessed
from derivcheck.language.declaring import with_dims
from derivcheck.language.names import canonical
from derivcheck.language.products import core
from derivcheck.language.scope import Scope
from derivcheck.language.scripts import TRANSPOSE
from derivcheck.language.syntax import (
    Accent,
    BigOp,
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
from derivcheck.language.trees import children, walk
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.dim import Dim, Shape
from derivcheck.terms.model import Declaration

_INDEX = re.compile(r"[a-z]")
_NUMBERS = re.compile(r"(?:\\(?:hat|tilde|bar)[ {]?)?(?:[a-z]|\\[a-z]+)\}?")
"""Lists of numbers by custom; a capital letter with one index may as well be a matrix or a random name."""
_STANDARD = frozenset({"\\delta", "e"})
"""Letters whose entries have a meaning of their own (`\\delta_{ij}`, `e_i`)."""
_RANGE = tuple[str, ...]
"""An axis (name, number), or what a letter runs over (formula, letter, place of its operator)."""
_NAMED = 2


@dataclass(slots=True)
class _Ranges:
    """Which positions run over the same range. `length`: what a range is called that is written with limits, '' for
    one that is not from 1 to a name."""

    parent: dict[_RANGE, _RANGE] = field(default_factory=dict)
    length: dict[_RANGE, set[str]] = field(default_factory=dict)
    summed: set[_RANGE] = field(default_factory=set)
    arities: dict[str, set[int]] = field(default_factory=dict)
    not_numbers: set[str] = field(default_factory=set)

    def root(self, key: _RANGE) -> _RANGE:
        while (above := self.parent.get(key, key)) != key:
            key = above
        return key

    def join(self, one: _RANGE, other: _RANGE) -> None:
        self.parent[self.root(one)] = self.root(other)

    def members(self, key: _RANGE) -> Iterator[_RANGE]:
        return (k for k in {*self.parent, *self.length, *self.summed, key} if self.root(k) == self.root(key))


def indexed_names(texts: Iterable[str], notation: Notation) -> Mapping[str, Shape]:
    """The shapes of names that some formulas sum over."""
    ranges, defined = _Ranges(), set[str]()
    for number, text in enumerate(texts):
        node = notation.node(text)
        if node is None:
            continue
        if isinstance(node, Relation):
            defined |= _left_names(node)
        _visit(node, {}, f"{number}", ranges)
    found: dict[str, Shape] = {}
    for name, arities in ranges.arities.items():
        arity = next(iter(arities)) if len(arities) == 1 else 0
        if arity and name not in defined | ranges.not_numbers | _STANDARD and (arity == 2 or _NUMBERS.fullmatch(name)):
            axes = [(name, str(k)) for k in range(arity)]
            shape = tuple(dim for axis in axes if (dim := _dim(axis, ranges)) is not None)
            if len(shape) == arity and any(ranges.summed & set(ranges.members(axis)) for axis in axes):
                found[name] = shape
    return found


def with_indexed(text: str, scope: Scope, shapes: Mapping[str, Shape], notation: Notation) -> Scope | None:
    """The scope in which the names that are summed over have their shape; None where the line has no new one."""
    node = notation.node(text) if shapes else None
    if node is None:
        return None
    spoken = names_in(node) | {name for part in walk(node) if (name := _subscripted(part))}
    new = sorted(spoken & shapes.keys() - scope.names)
    if not new:
        return None
    for name in new:
        shape = shapes[name]
        scope = with_dims(scope, sorted({n for dim in shape for n in dim.names}))
        scope = scope.declare(Declaration(name, shape, latex=name))
    return guessed(scope, new)


def _left_names(node: Relation) -> set[str]:
    """What the line may define: its left side, with or without an index."""
    left = node.operands[0]
    names = {canonical(left), canonical(left.base) if isinstance(left, Scripted) else None}
    return {name for name in names if name}


def _dim(place: _RANGE, ranges: _Ranges) -> Dim | None:
    """The length of an axis; None where its limits are not understood."""
    members = set(ranges.members(place))
    written = set[str]().union(*(ranges.length.get(key, set()) for key in members))
    if len(written) > 1 or "" in written:
        return None
    name = next(iter(written), "")
    return Dim.named(name or f"|{min(key[0] for key in members if len(key) == _NAMED)}|")


# the walk ----------------------------------------------------------------------------------------------------------


def _visit(node: Node, bound: Mapping[str, _RANGE], formula: str, ranges: _Ranges) -> None:
    if isinstance(node, Product):
        for position, (_, item) in enumerate(node.items):
            _visit(item, bound, formula, ranges)
            if isinstance(core(item), BigOp):
                bound = {**bound, **_binders(core(item), bound, formula, ranges)}
            elif position and _transposed(node.items[position - 1][1]):
                ranges.not_numbers |= _base_names(item)
        return
    name = _subscripted(node)
    if name and isinstance(node, Scripted):
        _subscript(node, name, bound, formula, ranges)
        if node.sup is not None:
            _visit(node.sup, bound, formula, ranges)
        return
    if isinstance(node, Group) and node.open in ("|", "‖"):
        ranges.not_numbers |= _base_names(node.body)
    for part in children(node):
        if not isinstance(part, BigOp):
            _visit(part, bound, formula, ranges)


def _subscripted(node: Node) -> str | None:
    """The name that carries a subscript."""
    if not isinstance(node, Scripted) or node.sub is None:
        return None
    return canonical(replace(node, sub=None, sup=None, primes=0))


def _subscript(node: Scripted, name: str, bound: Mapping[str, _RANGE], formula: str, ranges: _Ranges) -> None:
    letters = _letters(node.sub)
    if letters is None or not isinstance(core(node), Name | Accent):
        ranges.not_numbers.add(name)
        return
    if _transposed(node) or (isinstance(node.base, Name) and node.base.style == "bold"):
        ranges.not_numbers.add(name)
    ranges.arities.setdefault(name, set()).add(len(letters))
    for axis, letter in enumerate(letters):
        if letter:
            ranges.join((name, str(axis)), bound.get(letter, (formula, letter, "free")))


def _letters(sub: Node | None) -> tuple[str, ...] | None:
    """The index letters of a subscript, '' for a number; None where it is a label."""
    if isinstance(sub, Name) and _INDEX.fullmatch(sub.text) and not sub.style:
        return (sub.text,)
    if isinstance(sub, Num):
        return ("",)
    if isinstance(sub, Relation) and sub.relations == ("!=",):  # `\\theta_{i \\ne k}`
        return _letters(sub.operands[0])
    if isinstance(sub, Product | Listing):
        items = [item for _, item in sub.items] if isinstance(sub, Product) else list(sub.items)
        parts = [_letters(item) for item in items]
        if len(parts) == 2 and all(part is not None and len(part) == 1 for part in parts):
            return tuple(letter for part in parts if part for letter in part)
    return None


def _binders(op: Node, bound: Mapping[str, _RANGE], formula: str, ranges: _Ranges) -> Mapping[str, _RANGE]:
    """The letters that an operator binds, each with its own range."""
    assert isinstance(op, BigOp)
    made: dict[str, _RANGE] = {}
    for part in op.sub.items if isinstance(op.sub, Listing) else (op.sub,) if op.sub is not None else ():
        first = part.operands[0] if isinstance(part, Relation) else part
        if not isinstance(first, Name) or not _INDEX.fullmatch(first.text):
            continue
        key = (formula, first.text, f"{op.span.start}")
        made[first.text] = key
        ranges.summed.add(key)
        if isinstance(part, Relation):
            _limits(part, op.sup, key, bound, formula, ranges)
        elif op.sup is not None:
            ranges.length.setdefault(key, set()).add("")
    return made


def _limits(
    said: Relation, upper: Node | None, key: _RANGE, bound: Mapping[str, _RANGE], formula: str, ranges: _Ranges
) -> None:
    """`i = 1` with `n` above is a range of its own length, `k \\ne i` and `i < j` that of the other letter."""
    relation, other = said.relations[0], said.operands[1]
    if len(said.relations) == 1 and relation in ("!=", "<", ">") and isinstance(other, Name):
        ranges.join(key, bound.get(other.text, (formula, other.text, "free")))
        return
    counted = relation == "=" and isinstance(other, Num) and other.text == "1" and isinstance(upper, Name)
    ranges.length.setdefault(key, set()).add(upper.text if counted and isinstance(upper, Name) else "")


def _transposed(node: Node) -> bool:
    return isinstance(node, Scripted) and node.sup is not None and canonical(node.sup) in TRANSPOSE


def _base_names(node: Node) -> set[str]:
    """The names with subscripts that stand in a tree."""
    if name := _subscripted(node):
        return {name}
    if isinstance(node, Sum | Group):
        return set[str]().union(*(_base_names(part) for part in children(node)))
    return set()
