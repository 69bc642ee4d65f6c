"""Dots: `a_1 + \\dots + a_n`, `A_T A_{T-1} \\cdots A_{i+1}`, `[v_1, \\dots, v_n]`.

Two items show one pattern where they differ only at whole numbers that move together; the pattern is the item with
a bound index put at those places (anti-unification)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from derivcheck.language.elaboration.ranges import difference
from derivcheck.language.elaboration.session import Session
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.parsing.syntax import Name, Node, Num, Scripted, Span, Sum
from derivcheck.record import dataclass, field, fields, replace
from derivcheck.terms import build
from derivcheck.terms.node import Add, Entry, Index, Mul, Number, Size, Term, Var, fresh, substitute
from derivcheck.terms.tensor import Tensor

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

PLACE = "#k"
PRODUCT = "#dots"
CONSTANT = "#c"
_AT = Span(0, 0)


def same(left: Any, right: Any) -> bool:
    """Equal syntax, wherever it stands."""
    if isinstance(left, Node):
        return type(left) is type(right) and all(
            same(getattr(left, f.name), getattr(right, f.name))
            for f in fields(left)
            if f.name not in ("span", "relation_spans")
        )
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


@dataclass(slots=True)
class _Search:
    """first, last: the values that the index has in the first and the last item, once found."""

    elab: Elaborator
    first: Term | None = None
    last: Term | None = None
    beginning: Node | None = None
    falling: list[tuple[Term, Node]] = field(default_factory=list)

    def place(self, left: Node, right: Node) -> Node | None:
        """The index (plus a number) for two differing whole numbers; None where they do not fit."""
        one, other = self._whole(left), self._whole(right)
        if one is None or other is None:
            return None
        if self.first is None or self.last is None:
            self.first, self.last, self.beginning = one, other, left
        shift = difference(one, self.first)
        at = Name(span=left.span, text=PLACE)
        if not isinstance(shift, Number) or difference(other, self.last) is not shift:
            return self._mirrored(left, one, other, at)
        value = int(shift.value)
        if not value:
            return at
        return Sum(
            span=left.span, items=(("+", at), ("+" if value > 0 else "-", Num(span=left.span, text=str(abs(value)))))
        )

    def _mirrored(self, left: Node, one: Term, other: Term, at: Name) -> Node | None:
        """A number that falls as the index rises (`\\beta^k g_{t-k}`): what it was at first, less the steps since."""
        if self.first is None or self.last is None or self.beginning is None:
            return None
        if difference(build.add(one, self.first), build.add(other, self.last)) is not build.ZERO:
            return None
        whole = Sum(span=left.span, items=(("+", left), ("+", self.beginning)))
        self.falling.append((build.add(one, self.first), whole))
        constant = Name(span=left.span, text=f"{CONSTANT}{len(self.falling)}")
        return Sum(span=left.span, items=(("+", constant), ("-", at)))

    def _whole(self, node: Node) -> Term | None:
        apart = replace(self.elab, session=Session(letters=self.elab.session.letters))
        try:
            term = apart.integer(node)
        except (Unreadable, ShapeError):
            return None
        return None if apart.session.undeclared or not _integral(term) else term

    def merge(self, left: Any, right: Any) -> Any:
        if same(left, right):
            return left
        if not isinstance(left, Node) or not isinstance(right, Node):
            if isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right):
                parts = tuple(self.merge(a, b) for a, b in zip(left, right, strict=True))
                return None if any(p is None for p in parts) else parts
            return None
        if isinstance(left, Name | Num | Sum) and isinstance(right, Name | Num | Sum):
            placed = self.place(left, right)
            if placed is not None or not (isinstance(left, Sum) and isinstance(right, Sum)):
                return placed
        left, right = _powers(left, right)
        if type(left) is not type(right):
            return None
        changes: dict[str, Any] = {}
        for f in fields(left):
            a, b = getattr(left, f.name), getattr(right, f.name)
            if f.name in ("span", "relation_spans") or same(a, b):
                continue
            changes[f.name] = self.merge(a, b)
            if changes[f.name] is None:
                return None
        return replace(left, **changes)


def _powers(left: Node, right: Node) -> tuple[Node, Node]:
    """Both with an exponent, where one of them alone has one: `\\beta` beside `\\beta^{t-1}` is its first power."""
    if _is_power_of(left, right):
        return left, _first_power(right)
    return (_first_power(left), right) if _is_power_of(right, left) else (left, right)


def _is_power_of(power: Node, base: Node) -> bool:
    if not isinstance(power, Scripted) or power.sup is None or power.primes:
        return False
    plain = power.base if power.sub is None else replace(power, sup=None)
    return same(plain, base)


def _first_power(node: Node) -> Node:
    one = Num(span=node.span, text="1")
    return replace(node, sup=one) if isinstance(node, Scripted) else Scripted(span=node.span, base=node, sup=one)


def _integral(term: Term) -> bool:
    """Built from bare indices, sizes, whole numbers and numbers of the problem."""
    if isinstance(term, Add | Mul):
        return all(_integral(t) for t in term.args)
    return isinstance(term, Var | Size | Number) or (isinstance(term, Entry) and not term.indices)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What two items have in common, over the name PLACE, and the index's value in either. `falling`: what stands
    for the constants of numbers that fall as the index rises, as a term and as it is written."""

    node: Node
    first: Term
    last: Term
    falling: tuple[tuple[Term, Node], ...] = ()

    def like(self, other: Pattern) -> bool:
        mine, yours = ([term for term, _ in p.falling] for p in (self, other))
        return same(self.node, other.node) and len(mine) == len(yours) and all(
            difference(a, b) is build.ZERO for a, b in zip(mine, yours, strict=True)
        )

    @property
    def body(self) -> Node:
        """The pattern with its constants written out."""
        names = {f"{CONSTANT}{k}": node for k, (_, node) in enumerate(self.falling, 1)}
        return _written_out(self.node, names) if names else self.node


def _written_out(value: Any, names: dict[str, Node]) -> Any:
    if isinstance(value, tuple):
        return tuple(_written_out(item, names) for item in value)
    if not isinstance(value, Node):
        return value
    if isinstance(value, Name) and value.text in names:
        return names[value.text]
    return replace(value, **{f.name: _written_out(getattr(value, f.name), names) for f in fields(value)})


def pattern(elab: Elaborator, first: Node, last: Node) -> Pattern | None:
    """The common pattern of two items."""
    search = _Search(elab)
    node = search.merge(first, last)
    if node is None or search.first is None or search.last is None:
        return None
    return Pattern(node, search.first, search.last, tuple(search.falling))


@dataclass(frozen=True, slots=True)
class Run:
    """A run of items with dots: the body over an index, the index's value in the first and in the last item, and
    whether it falls from left to right (None: not shown by the items, either may be)."""

    index: Index
    body: Tensor
    first: Term
    last: Term
    falling: bool | None
    start: int
    end: int


def run(elab: Elaborator, nodes: Sequence[Node], dots: int) -> Run | None:
    """The run around the dots at nodes[dots]: as many items before and after them as follow the pattern."""
    if dots < 1 or dots + 1 >= len(nodes):
        return None
    found = pattern(elab, nodes[dots - 1], nodes[dots + 1])
    if found is None:
        return None
    first, last = found.first, found.last
    start, step = dots - 1, 0
    while start > 0:
        before = pattern(elab, nodes[start - 1], nodes[dots + 1])
        if before is None or not before.like(found):
            break
        gap = difference(first, before.first)
        if not isinstance(gap, Number) or abs(gap.value) != 1 or step not in (0, int(gap.value)):
            break
        step, first, start = int(gap.value), before.first, start - 1
    end = dots + 2
    while end < len(nodes):
        after = pattern(elab, nodes[dots - 1], nodes[end])
        if after is None or not after.like(found):
            break
        gap = difference(after.last, last)
        if not isinstance(gap, Number) or abs(gap.value) != 1 or step not in (0, int(gap.value)):
            break
        step, last, end = int(gap.value), after.last, end + 1
    falling = _direction(elab, first, last, step)
    upper = first if falling else last
    dim = upper.dim if isinstance(upper, Size) and (last if falling else first) is build.ONE else None
    index = fresh("k", dim)
    body = elab.with_indices({PLACE: index}).tensor(found.body)
    return Run(index, body, first, last, falling, start, end)


def _direction(elab: Elaborator, first: Term, last: Term, step: int) -> bool | None:
    """Whether the index falls: by two neighbours, by the numbers, or by which end is the last of a family."""
    if step:
        return step < 0
    gap = difference(last, first)
    if isinstance(gap, Number):
        return gap.value < 0
    ends = {f.upper for d in elab.scope.model.declarations.values() for f in d.family}
    if first in ends or last in ends:
        return first in ends and last not in ends
    return False if isinstance(first, Number) or isinstance(last, Size) else None


def columns(elab: Elaborator, first: Node, last: Node) -> tuple[Index, Tensor] | None:
    """`[f(1), \\dots, f(n)]`: the vector over an index of the axis 1..n."""
    found = pattern(elab, first, last)
    if found is None or found.first is not build.ONE or not isinstance(found.last, Size):
        return None
    index = fresh("k", found.last.dim)
    body = elab.with_indices({PLACE: index}).tensor(found.body)
    return index, body


def shifted(term: Term, index: Index, by: int) -> Term:
    return substitute(term, {index: build.add(Var(index), build.number(by))})
