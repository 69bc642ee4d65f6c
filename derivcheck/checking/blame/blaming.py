"""From a refuted link to the place to blame: edits of the student's own line, tried in order of likelihood."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from derivcheck.checking.blame import exchanging, operations, products, scripts, sums
from derivcheck.checking.blame.agreeing import agreement, told
from derivcheck.checking.blame.around import around, is_computed
from derivcheck.checking.blame.differing import differing, term_with
from derivcheck.checking.blame.edits import Around, Put, Variant, length, sites
from derivcheck.checking.blame.parallel import parallel
from derivcheck.checking.blame.relations import other_relations
from derivcheck.checking.blame.slips import SLIPS
from derivcheck.checking.blame.solving import numbered
from derivcheck.checking.blame.trials import Trials, with_given
from derivcheck.checking.conditions import under
from derivcheck.checking.deciding import Situation
from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.verdict import Verdict
from derivcheck.language.derivatives_parts import has_immediate
from derivcheck.language.macros import Macro
from derivcheck.language.options import Options
from derivcheck.language.parser import parse
from derivcheck.language.scope import Scope
from derivcheck.language.show import show
from derivcheck.language.statements import Link, Statement, read_statement
from derivcheck.language.syntax import Empty, Node, Relation, Span
from derivcheck.language.trees import walk
from derivcheck.terms.model import Claim, Model

_QUOTA = (130, 70, 50)  # edits tried, by tier of their slip
_READING = 10_000  # nodes of edited lines read
_DECISIONS = 6
_SMALL = 24  # characters of which half is a small place
_RULES = (*products.RULES, *sums.RULES, *scripts.RULES, *operations.RULES, *exchanging.RULES)
_ALL_RULES = (*_RULES, parallel((*products.RULES[:4], *sums.RULES[:3], *scripts.RULES)))
_OF_THE_LEFT = frozenset({"extra-factor", "wrong-sign", "lost-sign", "wrong-order", "transposed", "wrong-index"})
_TRIVIAL_BELOW = frozenset({"lost-sign", "inner-sign", "wrong-signs", "wrong-name", "exchanged", "wrong-function"})


@dataclass(frozen=True, slots=True)
class Setting:
    """How a line was read and where it stands: what it takes to read it again."""

    scope: Scope
    previous: Statement | None
    options: Options
    situation: Situation
    macros: Mapping[str, Macro] = field(default_factory=dict)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Blame:
    """Where in the line's text, and by which slip ('' where none explains it). `code` is '' where the verdict's own
    code says enough."""

    span: Span
    code: str = ""
    label: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()
    slip: str = ""


@dataclass(frozen=True, slots=True)
class _Edit:
    """An edited line: `tree` to be read, `operand` as edited."""

    tree: Node
    operand: Node
    span: Span
    slip: str
    weight: int

    @property
    def tier(self) -> int:
        return SLIPS[self.slip].tier

    @property
    def rank(self) -> tuple[int, int, int]:
        """The smallest change first, then the simplest slip."""
        return self.weight, self.tier, length(self.span)


@dataclass(frozen=True, slots=True)
class _Place:
    """The relation of the refuted link in the tree of the line: operand `k` is on its right."""

    relation: Relation
    put: Put
    k: int

    def without(self) -> _Place:
        """The same link with the rest of its chain left out."""
        if self.k == 1 and len(self.relation.operands) == 2:
            return self
        operands, relations = self.relation.operands, self.relation.relations
        kept = replace(
            self.relation,
            operands=operands[self.k - 1 : self.k + 1],
            relations=relations[self.k - 1 : self.k],
            relation_spans=self.relation.relation_spans[self.k - 1 : self.k],
        )
        return _Place(kept, self.put, 1)

    def tree(self, relation: Relation | None = None) -> Node:
        return self.put(relation or self.relation)

    def operand(self, at: int, new: Node) -> Node:
        operands = (*self.relation.operands[:at], new, *self.relation.operands[at + 1 :])
        return self.put(replace(self.relation, operands=operands))


def blame(text: str, statement: Statement, link: Link, verdict: Verdict, setting: Setting) -> Blame | None:
    """The place to blame in a link refuted by a counterexample; None where there is nothing to say."""
    if verdict.word != "refuted" or link.claim is None or verdict.counterexample is None or verdict.code:
        return None
    root = parse(text, setting.macros or None).node
    place = _place(root, link)
    if place is None:
        return None
    claim, model = _situated(link, setting.situation)
    trials = Trials(claim, model, setting.seed, verdict.counterexample)
    reader = _Reader(place, link, setting)
    left = reader.left
    found = None
    if left is not None and claim.relation not in ("!=", "~", "in_O"):
        found = _turned_relation(reader, trials) or _mended(text, reader, left, trials)
    agreeing = _agreeing(trials)
    notes = tuple(note for note in (told(agreeing, trials),) if note)
    if found is not None:
        slip = SLIPS[found.slip]
        return Blame(found.span, slip.code, slip.label, slip.help, notes, found.slip)
    smallest = differing(left, reader.right) if left is not None else reader.right
    if smallest is not reader.right:
        return Blame(smallest.span, label="the rest agrees with the line before", notes=notes)
    for name in (n for n, value in agreeing.items() if value == 0):
        if (term := term_with(reader.right, name)) is not None:
            return Blame(term.span, label="where this vanishes, the two sides agree", notes=notes)
    return Blame(reader.right.span, notes=notes)


def _agreeing(trials: Trials) -> dict[str, int]:
    try:
        return agreement(trials)
    except OutOfWork:
        return {}


def _place(root: Node, link: Link) -> _Place | None:
    for node, put in sites(root):
        if isinstance(node, Relation):
            for k, span in enumerate(node.relation_spans, 1):
                if span.start == link.span.start and node.operands[k].span == link.right_span:
                    return _Place(node, put, k)
    return None


def _situated(link: Link, situation: Situation, claim: Claim | None = None) -> tuple[Claim, Model]:
    """The claim with the conditions in force where it stands."""
    claim = claim or link.claim
    assert claim is not None
    if not situation.surely and not situation.maybe:
        return claim, link.model
    model, kept = under(link.model, (*situation.surely, *situation.maybe))
    return with_given(claim, kept), model


class _Reader:
    """Reads edited lines where the line stands."""

    def __init__(self, place: _Place, link: Link, setting: Setting) -> None:
        self.setting = setting
        self.settled: dict[int, bool] = {}
        self.start = link.span.start
        self.options = setting.options
        if has_immediate(place.relation.operands[0]):
            self.options = replace(self.options, immediate=True)
        short = place.without()
        self.place = short if short is not place and self._reads_like(short, link) else place
        self.purse = _READING
        self.size = sum(1 for side in (self.right, self.left) if side is not None for _ in walk(side))

    @property
    def right(self) -> Node:
        return self.place.relation.operands[self.place.k]

    @property
    def left(self) -> Node | None:
        node = self.place.relation.operands[self.place.k - 1]
        if isinstance(node, Empty):
            return self.setting.previous.last if self.setting.previous is not None else None
        return node

    def pay(self) -> None:
        """One more edit is read: long lines get fewer. Raises OutOfWork."""
        self.purse -= self.size
        if self.purse < 0:
            raise OutOfWork("edits")

    def read(self, tree: Node) -> tuple[Claim, Model] | None:
        """The claim of the link in an edited line; None where it does not read as one."""
        try:
            statement = read_statement(tree, self.setting.scope, self.setting.previous, self.options)
        except (RecursionError, ValueError, TypeError, AssertionError, KeyError, IndexError):
            return None  # a tree that no text would give: the edit is no reading of anything
        link = next((x for x in statement.links if x.span.start == self.start), None)
        if link is None or link.claim is None or link.undeclared or link.kind != "claim":
            return None
        return _situated(link, self.setting.situation)

    def _reads_like(self, place: _Place, link: Link) -> bool:
        again = self.read(place.tree())
        return again is not None and link.claim is not None and again[0].relation == link.claim.relation


def _mended(text: str, reader: _Reader, left: Node, trials: Trials) -> _Edit | None:
    """The edit with the smallest span (then the simplest slip) that makes the line true: on the right, then, where the
    line states both sides itself, on the left."""
    ordered = trials.claim.relation in ORDERS
    sides = [(reader.place.k, reader.right, left)]
    starts = not isinstance(reader.place.relation.operands[reader.place.k - 1], Empty) and reader.place.k == 1
    if starts and not ordered and not is_computed(left):
        sides.append((0, left, reader.right))
    for at, root, other in sides:
        edits = _edits(text, reader, at, root, other, trials.claim)
        if at != reader.place.k:
            edits = [e for e in edits if e.slip in _OF_THE_LEFT]
        if ordered:
            edits = [e for e in edits if e.slip not in _TRIVIAL_BELOW]
        found = _best(edits, root, other, reader, trials)
        if found is None and at == reader.place.k and not ordered:
            found = _numbered(reader, other, trials)
        if found is not None:
            return found
    return None


def _numbered(reader: _Reader, other: Node, trials: Trials) -> _Edit | None:
    """What is left: one term off by a number."""
    place = reader.place
    variants = numbered(reader.right, lambda new: reader.read(place.operand(place.k, new)), trials)
    try:
        edits = [_edit(place, place.k, lambda new: new, variant) for variant in variants]
        return _first_true(_surviving(edits, reader, trials), other, reader, trials)
    except OutOfWork:
        return None


def _best(edits: list[_Edit], root: Node, other: Node, reader: _Reader, trials: Trials) -> _Edit | None:
    """Tier by tier; a likely slip in a small place ends the search."""
    surviving: list[_Edit] = []
    for tier in range(len(_QUOTA)):
        more = _surviving([e for e in edits if e.tier == tier], reader, trials)
        surviving += more
        found = _first_true(surviving, other, reader, trials) if more else None
        if found is not None and (tier + 1 == len(_QUOTA) or 2 * length(found.span) <= max(length(root.span), _SMALL)):
            return found
    return _first_true(surviving, other, reader, trials)


def _first_true(edits: list[_Edit], other: Node, reader: _Reader, trials: Trials) -> _Edit | None:
    edits.sort(key=lambda e: (*e.rank, _distance(e.operand, other), e.span.start))
    for edit in edits[:_DECISIONS]:
        if id(edit) not in reader.settled:
            read = reader.read(edit.tree)
            reader.settled[id(edit)] = read is not None and trials.settled(*read)
        if reader.settled[id(edit)]:
            return edit
    return None


def _distance(node: Node, other: Node) -> float:
    return 1 - difflib.SequenceMatcher(None, show(node), show(other), autojunk=False).ratio()


def _surviving(edits: list[_Edit], reader: _Reader, trials: Trials) -> list[_Edit]:
    found = []
    for edit in edits:
        try:
            reader.pay()
            read = reader.read(edit.tree)
            if read is not None and trials.survives(*read):
                found.append(edit)
        except OutOfWork:
            break
    return found


def _edits(text: str, reader: _Reader, at: int, root: Node, other: Node, claim: Claim) -> list[_Edit]:
    """The edits of one operand (and of the relation), likeliest first, each once, within the quota of its tier."""
    best: dict[str, _Edit] = {}
    nearby = around(text, reader.setting.scope, root, other, claim)
    for edit in _of_operand(reader.place, at, root, nearby):
        key = show(edit.operand)
        if key not in best or (edit.tier, edit.rank) < (best[key].tier, best[key].rank):
            best[key] = edit
    best.pop(show(root), None)
    kept: list[_Edit] = []
    for tier, quota in enumerate(_QUOTA):
        kept += sorted((e for e in best.values() if e.tier == tier), key=lambda e: e.rank)[:quota]
    return kept


def _turned_relation(reader: _Reader, trials: Trials) -> _Edit | None:
    """Another relation between the same sides, where that is all that is wrong."""
    place = reader.place
    for variant in other_relations(place.relation, place.k - 1):
        tree = place.put(variant.node)
        read = reader.read(tree)
        if read is not None and trials.survives(*read) and trials.settled(*read):
            return _Edit(tree, tree, variant.span, variant.slip, 1)
    return None


def _of_operand(place: _Place, at: int, root: Node, nearby: Around) -> Iterator[_Edit]:
    for node, put in sites(root):
        if id(node) in nearby.script:
            continue
        for rule in _ALL_RULES:
            for variant in rule(node, nearby):
                yield _edit(place, at, put, variant)


def _edit(place: _Place, at: int, put: Put, variant: Variant) -> _Edit:
    operand = put(variant.node)
    weight = variant.weight or length(variant.span)
    return _Edit(place.operand(at, operand), operand, variant.span, variant.slip, weight)
