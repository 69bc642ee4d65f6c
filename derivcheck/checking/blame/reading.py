"""Edited lines read where the line stands. The side that is not edited is read once and held by a name of its own."""

from __future__ import annotations

from derivcheck.checking.blame.edits import Put, sites
from derivcheck.checking.blame.setting import Setting
from derivcheck.checking.blame.trials import Trials, with_given
from derivcheck.checking.conditions import under
from derivcheck.checking.deciding import Situation
from derivcheck.deciding.budget import OutOfWork
from derivcheck.language.derivatives.parts import is_immediate
from derivcheck.language.parsing.syntax import Empty, Name, Node, Relation
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link, Statement, read_statement
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import walk as walk_term

_READING = 14_000  # nodes of edited lines read, of the syntax and (they take twice as long) of the terms
_HELD = "\\held"  # no text gives this name: it is no command that the reader knows


@dataclass(frozen=True, slots=True)
class Place:
    """The relation of the refuted link in the tree of the line: operand `k` is on its right."""

    relation: Relation
    put: Put
    k: int

    def without(self) -> Place:
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
        return Place(kept, self.put, 1)

    @property
    def tree(self) -> Node:
        return self.put(self.relation)

    @property
    def continues(self) -> bool:
        """Whether the left operand stands in the line before."""
        return isinstance(self.relation.operands[self.k - 1], Empty)

    def with_operand(self, at: int, new: Node) -> Place:
        operands = (*self.relation.operands[:at], new, *self.relation.operands[at + 1 :])
        return replace(self, relation=replace(self.relation, operands=operands))


def place_of(root: Node, link: Link) -> Place | None:
    """Where a link stands in the tree of its line."""
    for node, put in sites(root):
        if isinstance(node, Relation):
            for k, span in enumerate(node.relation_spans, 1):
                if span.start == link.span.start and node.operands[k].span == link.right_span:
                    return Place(node, put, k)
    return None


def situated(link: Link, situation: Situation) -> tuple[Claim, Model]:
    """The claim with the conditions in force where it stands."""
    assert link.claim is not None
    if not situation.surely and not situation.maybe:
        return link.claim, link.model
    model, kept = under(link.model, (*situation.surely, *situation.maybe))
    return with_given(link.claim, kept), model


class Reader:
    """Reads edits of one link, within a purse: the longer the line, the fewer of its edits are read."""

    def __init__(self, place: Place, link: Link, setting: Setting) -> None:
        self.setting = replace(setting, scope=replace(setting.scope, parts=[]))
        self.scope, self.previous = self.setting.scope, setting.previous
        self.start = link.span.start
        self.options = setting.options
        if is_immediate(place.relation.operands[0]):
            self.options = replace(self.options, immediate=True)
        short = place.without()
        self.place = short if short is not place and self._reads_like(short, link) else place
        self.purse = _READING
        self.size = sum(1 for side in (self.right, self.left) if side is not None for _ in walk(side))
        self.held: Claim | None = None

    @property
    def right(self) -> Node:
        return self.place.relation.operands[self.place.k]

    @property
    def left(self) -> Node | None:
        if self.place.continues:
            return self.setting.previous.last if self.setting.previous is not None else None
        return self.place.relation.operands[self.place.k - 1]

    def pay(self) -> None:
        """One more edit is read. Raises OutOfWork."""
        self.purse -= self.size
        if self.purse < 0:
            raise OutOfWork("edits")

    def read_operand(self, at: int, new: Node) -> tuple[Claim, Model] | None:
        """The claim with another operand; the left one is not read again where it is held."""
        read = self._operand(at, new)
        if read is not None:
            edited = read[0].right if at == self.place.k else read[0].left
            self.purse -= 2 * sum(1 for _ in walk_term(edited.body))
        return read

    def _operand(self, at: int, new: Node) -> tuple[Claim, Model] | None:
        if self.held is None or at != self.place.k:
            return self._read(self.place.with_operand(at, new).tree, self.setting.scope, self.setting.previous)
        place = self.place.with_operand(at, new)
        if not place.continues:
            place = place.with_operand(at - 1, Name(_HELD, span=place.relation.operands[at - 1].span))
        read = self._read(place.tree, self.scope, self.previous)
        if read is None or read[0].left.shape != self.held.left.shape:
            return read
        return replace(read[0], left=self.held.left), read[1]

    def read(self, tree: Node) -> tuple[Claim, Model] | None:
        """The claim of the link in another form of the line."""
        return self._read(tree, self.setting.scope, self.setting.previous)

    def hold(self, trials: Trials) -> None:
        """Hold the left side by a name from now on, if the line then still fails as it does."""
        claim = trials.claim
        if claim.parameters or claim.left.body.free - set(claim.left.axes):
            return
        self.scope = replace(self.scope, aliases={**self.scope.aliases, _HELD: claim.left})
        if self.place.continues and self.previous is not None and self.previous.last is not None:
            self.previous = replace(self.previous, last=Name(_HELD, span=self.previous.last.span))
        self.held = claim
        again = self.read_operand(self.place.k, self.right)
        if again is None or again[0].right.shape != claim.right.shape or trials.survives(*again):
            self.held = None

    def _read(self, tree: Node, scope: Scope, previous: Statement | None) -> tuple[Claim, Model] | None:
        """The claim of the link in an edited line; None where it does not read as one."""
        try:
            statement = read_statement(tree, scope, previous, self.options)
        except (RecursionError, ValueError, TypeError, AssertionError, KeyError, IndexError):
            return None  # a tree that no text would give: the edit is no reading of anything
        link = next((x for x in statement.links if x.span.start == self.start), None)
        if link is None or link.claim is None or link.undeclared or link.kind != "claim":
            return None
        return situated(link, self.setting.situation)

    def _reads_like(self, place: Place, link: Link) -> bool:
        again = self.read(place.tree)
        return again is not None and link.claim is not None and again[0].relation == link.claim.relation
