"""What notes sum over says what their names are: in `L = -\\sum_k y_k \\log a_k`, y and a are lists of numbers of one
length, whatever it is, and so is z where `a_j` stands beside `z_j`; in `\\sum_i (y^{(i)} - w^\\top x^{(i)})^2` the y
are numbers and the x vectors. Hardly any student declares that.

Occurrences of a name share their axes, and what one index letter runs over in a formula is one range (union-find). A
name is told so only where every one of its subscripts is an index and one of them is summed over. Such a reading helps
lines to be proved; nothing that depends on it is ever refuted (Model.inferred)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from derivcheck.checking.notes.declarations import Notation, names_in
from derivcheck.checking.notes.inferring import guessed
from derivcheck.checking.notes.numbers_alone import without_vectors
from derivcheck.checking.notes.subscripts import (
    INDEX,
    MEMBER,
    index_letters,
    indexed,
    member_of,
    subscripted,
    transposed,
)
from derivcheck.language.elaboration.declaring import with_dims
from derivcheck.language.elaboration.products import core
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import (
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
from derivcheck.language.parsing.trees import children, walk
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass, field
from derivcheck.terms.build import ONE, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration, Family
from derivcheck.terms.node import Index, Size

_NUMBERS = re.compile(r"(?:\\(?:hat|tilde|bar)[ {]?)?(?:[a-z]|\\[a-z]+)\}?")
"""Lists of numbers by custom; a capital letter with one index may as well be a matrix or a random name."""
_CAPITAL = re.compile(r"[A-Z]|\\[A-Z][a-z]+")
_SET = re.compile(r"[A-Za-z]{2,}|[A-Z]|\\mathcal\{[A-Z]\}")
_STANDARD = frozenset({"\\delta", "e"})
"""Letters whose entries have a meaning of their own (`\\delta_{ij}`, `e_i`)."""
_RANGE = tuple[str, ...]
"""An axis (name, number), or what a letter runs over (formula, letter, place of its operator)."""
_NAMED = 2


@dataclass(slots=True)
class _Ranges:
    """Which positions run over the same range. `length`: what a range is called that is written with limits, '' for
    one that is not from 1 to a name. labelled: names with something else than an index. vectors: names whose members
    stand where vectors do. added: members that stand in one sum. letters: the subscripts of each name. numbers: the
    formulas speak of numbers alone, so `|x_i - a|` does too."""

    parent: dict[_RANGE, _RANGE] = field(default_factory=dict)
    length: dict[_RANGE, set[str]] = field(default_factory=dict)
    summed: set[_RANGE] = field(default_factory=set)
    arities: dict[str, set[int]] = field(default_factory=dict)
    not_numbers: set[str] = field(default_factory=set)
    labelled: set[str] = field(default_factory=set)
    vectors: set[str] = field(default_factory=set)
    added: list[set[str]] = field(default_factory=list)
    letters: dict[str, set[str]] = field(default_factory=dict)
    numbers: bool = False

    def root(self, key: _RANGE) -> _RANGE:
        while (above := self.parent.get(key, key)) != key:
            key = above
        return key

    def join(self, one: _RANGE, other: _RANGE) -> None:
        self.parent[self.root(one)] = self.root(other)

    def members(self, key: _RANGE) -> Iterator[_RANGE]:
        return (k for k in {*self.parent, *self.length, *self.summed, key} if self.root(k) == self.root(key))


def indexed_names(texts: Sequence[str], notation: Notation) -> Mapping[str, Declaration]:
    """What names are that some formulas sum over."""
    ranges, defined = _Ranges(numbers=without_vectors(texts)), set[str]()
    for number, text in enumerate(texts):
        node = notation.node(text)
        if node is None:
            continue
        if isinstance(node, Relation):
            defined |= _left_names(node)
        _visit(node, {}, f"{number}", ranges)
    _spread(ranges)
    names = [name for name in ranges.arities if name not in defined | _STANDARD]
    found = (_declared(name, ranges) or _label(name, ranges, defined) for name in names)
    return {declaration.name: declaration for declaration in found if declaration is not None}


def _spread(ranges: _Ranges) -> None:
    """What is added to a vector is one, and all of them have one length."""
    while any(members & ranges.vectors and members - ranges.vectors for members in ranges.added):
        ranges.vectors |= set[str]().union(*(members for members in ranges.added if members & ranges.vectors))
    for name in ranges.vectors:
        ranges.join((name, "entry"), ("", "entry"))


def _declared(name: str, ranges: _Ranges) -> Declaration | None:
    """A list of numbers, a table of them, a family of vectors; None where nothing sums over it."""
    arities = ranges.arities[name]
    if arities == {1, _NAMED} and name in ranges.vectors:  # `\\|x_n\\|` and its entries `x_{ni}`
        ranges.join((name, "1"), (name, "entry"))
        arities = {1}
    axes = [(name, str(k)) for k in range(next(iter(arities)))] if len(arities) == 1 else []
    shape = tuple(dim for axis in axes if (dim := _dim(axis, ranges)) is not None)
    if not axes or len(shape) < len(axes) or not any(ranges.summed & set(ranges.members(axis)) for axis in axes):
        return None
    vector = name in ranges.vectors and len(axes) == 1
    if vector or name.endswith(MEMBER):
        entries = _dim((name, "entry"), ranges)
        if name in ranges.labelled or entries is None:
            return None
        own = (entries,) if vector else ()
        family = (Family(Index("i"), ONE, size(shape[0])),)
        return Declaration(name, own, family, latex=name.removesuffix(MEMBER))
    numbers = len(axes) == _NAMED or _NUMBERS.fullmatch(name)
    return Declaration(name, shape, latex=name) if numbers and name not in ranges.not_numbers else None


def _label(name: str, ranges: _Ranges, defined: set[str]) -> Declaration | None:
    """`v_c` of `u_w^\\top v_c`, where no other v stands anywhere: one vector."""
    letters, entries = ranges.letters.get(name, set()), _dim((name, "entry"), ranges)
    bound = ranges.summed & set(ranges.members((name, "0")))
    alone = len(letters) == 1 and ranges.arities[name] == {1} and name not in ranges.labelled and not bound
    whole = f"{name}_{next(iter(letters))}" if alone else ""
    if not whole or whole in defined or entries is None or name not in ranges.vectors or name.endswith(MEMBER):
        return None
    return Declaration(whole, (entries,), latex=whole)


def with_indexed(text: str, scope: Scope, lists: Mapping[str, Declaration], notation: Notation) -> Scope | None:
    """The scope in which the names that are summed over are what they must be; None where the line has no new one."""
    node = notation.node(text) if lists else None
    if node is None:
        return None
    spoken = {name for part in walk(node) if (name := indexed(part))}
    bare = names_in(node)
    new = sorted(n for n in (spoken | bare) & lists.keys() - scope.names if n in spoken or not lists[n].family)
    if not new:
        return None
    for name in new:
        scope = with_dims(scope, sorted(_lengths(lists[name])))
        scope = scope.declare(lists[name])
    return guessed(scope, new)


def _lengths(declaration: Declaration) -> frozenset[str]:
    counted = (f.upper.dim for f in declaration.family if isinstance(f.upper, Size))
    return frozenset[str]().union(*(dim.names for dim in (*declaration.shape, *counted)))


def _left_names(node: Relation) -> set[str]:
    """What the line may define: its left side, with or without an index."""
    left = node.operands[0]
    names = {canonical(left), canonical(left.base) if isinstance(left, Scripted) else None, indexed(left)}
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
            elif position and _before_a_vector(node.items[position - 1][1]):
                ranges.not_numbers |= _base_names(item)
                ranges.vectors |= _heads(item)
        return
    if transposed(node):
        ranges.vectors |= _heads(node)
    name = indexed(node)
    if name and isinstance(node, Scripted):
        _subscript(node, name, bound, formula, ranges)
        if node.sup is not None and not name.endswith(MEMBER):
            _visit(node.sup, bound, formula, ranges)
        return
    if isinstance(node, Group) and node.open in ("|", "‖") and not ranges.numbers:
        ranges.not_numbers |= _base_names(node.body)
    if isinstance(node, Group) and node.open in ("‖", "<"):
        parts = node.body.items if isinstance(node.body, Listing) else (node.body,)
        ranges.vectors |= set[str]().union(*(_heads(part) for part in parts))
    if isinstance(node, Sum):
        ranges.added.append(_heads(node))
    for part in children(node):
        if not isinstance(part, BigOp):
            _visit(part, bound, formula, ranges)


def _heads(node: Node) -> set[str]:
    """The members that a factor is, or that it is a sum of: x and `\\mu` of `(x_i - \\mu_k)^\\top`."""
    if name := indexed(node):
        return {name} if not name.endswith(MEMBER) or not isinstance(node, Scripted) or node.sub is None else set()
    if isinstance(node, Scripted):
        return _heads(node.base) if transposed(node) else set()
    if isinstance(node, Group):
        return _heads(node.body)
    return set[str]().union(*(_heads(item) for _, item in node.items)) if isinstance(node, Sum) else set()


def _subscript(node: Scripted, name: str, bound: Mapping[str, _RANGE], formula: str, ranges: _Ranges) -> None:
    member = member_of(node)
    letters = index_letters(member if member is not None else node.sub)
    if letters is None or not isinstance(core(node), Name | Accent):
        ranges.not_numbers.add(name)
        ranges.labelled.add(name)
        return
    base = node.base
    lower = re.fullmatch(r"[a-z]|\\[a-z]+", canonical(base) or "") is not None
    bold = isinstance(base, Name) and base.style == "bold"
    if transposed(node) or bold:
        ranges.not_numbers.add(name)
    if lower and (bold or (isinstance(base, Accent) and base.kind == "vec") or (member is not None and node.sub)):
        ranges.vectors.add(name)
    ranges.arities.setdefault(name, set()).add(len(letters))
    ranges.letters.setdefault(name, set()).update(letters)
    for axis, letter in enumerate(letters):
        if letter:
            ranges.join((name, str(axis)), bound.get(letter, (formula, letter, "free")))
    entry = index_letters(node.sub) if member is not None else None
    if entry is not None and len(entry) == 1 and entry[0]:
        ranges.join((name, "entry"), bound.get(entry[0], (formula, entry[0], "free")))


def _binders(op: Node, bound: Mapping[str, _RANGE], formula: str, ranges: _Ranges) -> Mapping[str, _RANGE]:
    """The letters that an operator binds, each with its own range."""
    assert isinstance(op, BigOp)
    made: dict[str, _RANGE] = {}
    for part in op.sub.items if isinstance(op.sub, Listing) else (op.sub,) if op.sub is not None else ():
        first = part.operands[0] if isinstance(part, Relation) else part
        if not isinstance(first, Name) or not INDEX.fullmatch(first.text):
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
    """`i = 1` with `n` above is a range of its own length, `k \\ne i` and `i < j` that of the other letter, `w \\in V`
    one as long as the set."""
    relation, other = said.relations[0], said.operands[1]
    if len(said.relations) == 1 and relation in ("!=", "<", ">") and isinstance(other, Name):
        ranges.join(key, bound.get(other.text, (formula, other.text, "free")))
        return
    if relation == "\\in" and len(said.relations) == 1 and _SET.fullmatch(canonical(other) or ""):
        ranges.length.setdefault(key, set()).add(canonical(other) or "")
        return
    counted = relation == "=" and isinstance(other, Num) and other.text == "1" and isinstance(upper, Name)
    ranges.length.setdefault(key, set()).add(upper.text if counted and isinstance(upper, Name) else "")


def _before_a_vector(node: Node) -> bool:
    """Whether what follows is a vector: behind `w^\\top` or `\\Sigma^{-1}`."""
    inverse = isinstance(node, Scripted) and node.sup is not None and canonical(node.sup) == "-1"
    return transposed(node) or (inverse and _CAPITAL.fullmatch(canonical(core(node)) or "") is not None)


def _base_names(node: Node) -> set[str]:
    """The names with subscripts that stand in a tree."""
    if name := subscripted(node):
        return {name}
    if isinstance(node, Sum | Group):
        return set[str]().union(*(_base_names(part) for part in children(node)))
    return set()
