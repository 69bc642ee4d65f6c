"""The search for the edit that mends a line: every rule at every node, tried in order of likelihood."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from derivcheck.checking.blame import exchanging, operations, products, scripts, sums
from derivcheck.checking.blame.around import around, is_computed
from derivcheck.checking.blame.edits import Around, Put, Variant, length, sites
from derivcheck.checking.blame.parallel import parallel
from derivcheck.checking.blame.reading import Reader
from derivcheck.checking.blame.relations import other_relations
from derivcheck.checking.blame.slips import SLIPS
from derivcheck.checking.blame.solving import numbered
from derivcheck.checking.blame.trials import Trials
from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.judging import ORDERS
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.syntax import Node, Span
from derivcheck.record import dataclass, field

_QUOTA = (130, 80, 50)  # edits tried, by tier of their slip
_DECISIONS = 6
_SMALL = 24  # characters of which half is a small place
_ONE_BY_ONE = (*products.RULES, *sums.RULES, *scripts.RULES, *operations.RULES, *exchanging.RULES)
_RULES = (*_ONE_BY_ONE, parallel((*products.RULES[:4], *sums.RULES[:3], *scripts.RULES)))
# what may be wrong in a left side that the line itself states
_OF_THE_LEFT = frozenset({"extra-factor", "wrong-sign", "lost-sign", "wrong-order", "transposed", "wrong-index"})
# what makes many a bound true without being its cause
_TRIVIAL_BELOW = frozenset({"lost-sign", "inner-sign", "wrong-signs", "wrong-name", "exchanged", "wrong-function"})


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited operand, number `at` of its relation; what was changed and how much."""

    at: int
    operand: Node
    span: Span
    slip: str
    weight: int

    @property
    def tier(self) -> int:
        return SLIPS[self.slip].tier

    @property
    def rank(self) -> tuple[int, int, int]:
        """The smallest change first, then the simplest slip, then the smallest place."""
        return self.weight, self.tier, length(self.span)


@dataclass(slots=True)
class Search:
    """One search, with a purse of decisions for each side."""

    text: str
    reader: Reader
    trials: Trials
    _settled: dict[int, bool] = field(default_factory=dict)

    def found(self) -> tuple[Span, str] | None:
        """What is to blame, and the slip: the relation, else a part of the right side; of the left one, where the line
        states both sides itself."""
        left, right, k = self.reader.left, self.reader.right, self.reader.place.k
        if left is None or self.trials.claim.relation in ("!=", "~", "in_O"):
            return None
        turned = self._turned_relation()
        if turned is not None:
            return turned
        best = self._best(k, right, left)
        ordered = self.trials.claim.relation in ORDERS
        if best is None and not ordered:
            best = self._numbered(k, right, left)
        if best is None and not ordered and k == 1 and not self.reader.place.continues and not is_computed(left):
            best = self._best(0, left, right)
        return (best.span, best.slip) if best is not None else None

    def _turned_relation(self) -> tuple[Span, str] | None:
        """Another relation between the same sides, where that is all that is wrong."""
        place = self.reader.place
        for variant in other_relations(place.relation, place.k - 1):
            read = self.reader.read(place.put(variant.node))
            if read is not None and self.trials.survives(*read) and self.trials.settled(*read):
                return variant.span, variant.slip
        return None

    def _best(self, at: int, root: Node, other: Node) -> Edit | None:
        """The edit of one operand with the smallest change that makes the line true. Tier by tier; a likely slip in a
        small place ends the search."""
        edits = self._edits(at, root, other)
        surviving: list[Edit] = []
        for tier in range(len(_QUOTA)):
            more = self._surviving([e for e in edits if e.tier == tier])
            surviving += more
            found = self._first_true(surviving, other) if more else None
            if found is not None and 2 * length(found.span) <= max(length(root.span), _SMALL):
                return found
        return self._first_true(surviving, other)

    def _edits(self, at: int, root: Node, other: Node) -> list[Edit]:
        """The edits of one operand, likeliest first, each once, within the quota of its tier."""
        nearby = around(self.text, self.reader.setting.scope, root, other, self.trials.claim)
        best: dict[str, Edit] = {}
        for edit in _all_edits(at, root, nearby):
            key = show(edit.operand)
            if key not in best or (edit.tier, edit.rank) < (best[key].tier, best[key].rank):
                best[key] = edit
        best.pop(show(root), None)
        kept: list[Edit] = []
        for tier, quota in enumerate(_QUOTA):
            kept += sorted((e for e in best.values() if e.tier == tier and self._fits(e)), key=_rank)[:quota]
        return kept

    def _fits(self, edit: Edit) -> bool:
        if edit.at != self.reader.place.k and edit.slip not in _OF_THE_LEFT:
            return False
        return self.trials.claim.relation not in ORDERS or edit.slip not in _TRIVIAL_BELOW

    def _surviving(self, edits: list[Edit]) -> list[Edit]:
        """Those that no point of the worlds contradicts, as far as the purse reaches."""
        found = []
        for edit in edits:
            try:
                self.reader.pay()
                read = self.reader.read_operand(edit.at, edit.operand)
                if read is not None and self.trials.survives(*read):
                    found.append(edit)
            except OutOfWork:
                break
        return found

    def _first_true(self, edits: list[Edit], other: Node) -> Edit | None:
        """The first of the best few that holds as a claim; of equals the one nearest to the other side."""
        ranked = sorted(edits, key=lambda e: (*e.rank, _distance(e.operand, other), e.span.start))
        for edit in ranked[:_DECISIONS]:
            if id(edit) not in self._settled:
                read = self.reader.read_operand(edit.at, edit.operand)
                self._settled[id(edit)] = read is not None and self.trials.settled(*read)
            if self._settled[id(edit)]:
                return edit
        return None

    def _numbered(self, at: int, root: Node, other: Node) -> Edit | None:
        """What is left: one term off by a number."""
        try:
            variants = list(numbered(root, lambda new: self.reader.read_operand(at, new), self.trials))
        except OutOfWork:
            return None
        return self._first_true(self._surviving([_edit(at, _itself, v) for v in variants]), other)


def _all_edits(at: int, root: Node, nearby: Around) -> Iterator[Edit]:
    for node, put in sites(root):
        if id(node) not in nearby.script:
            for rule in _RULES:
                yield from (_edit(at, put, variant) for variant in rule(node, nearby))


def _edit(at: int, put: Put, variant: Variant) -> Edit:
    return Edit(at, put(variant.node), variant.span, variant.slip, variant.weight or length(variant.span))


def _itself(node: Node) -> Node:
    return node


def _rank(edit: Edit) -> tuple[int, int, int]:
    return edit.rank


def _distance(node: Node, other: Node) -> float:
    return 1 - difflib.SequenceMatcher(None, show(node), show(other), autojunk=False).ratio()
