"""Names that a text gives a meaning to again. `Let $f(x) = x^3$` makes f another function; `where $L = ...$` of an L
that is known, or a second equation of one sentence, says of it what must follow from the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derivcheck.checking.notes.declarations import names_in, pieces_of
from derivcheck.deciding.verdict import Verdict
from derivcheck.language.parsing.syntax import Node, Relation
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.moves import Move

_RESTATES = lazy(r"(?:where|here|in which|wherein|(?:we |can |could |may |re)*writ\w*|denotes?|stands? for)\b", 2)
ANEW = Verdict(
    "undecided",
    {"method": "none", "reason": "it contradicts what the name stood for before, or it gives the name another meaning"},
    code="undecided-step",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a name got its meaning: the sentence, and the section (a heading, an item)."""

    sentence: int
    section: int


def meanings(before: Scope, after: Scope) -> frozenset[str]:
    """The names that mean something after a line that they did not mean before it."""
    if before is after:
        return frozenset()
    known, new = before.model.declarations, after.model.declarations
    found = {n for n, d in new.items() if d.definitions and (n not in known or known[n].definitions != d.definitions)}
    found |= {n for n, f in after.functions.items() if before.functions.get(n) is not f}
    return frozenset(found | {n for n, a in after.aliases.items() if before.aliases.get(n) is not a})


def on_the_left(node: Node | None) -> frozenset[str]:
    """The names on the left sides of a line's relations: those that the line itself can define."""
    relations = [piece.node for piece in pieces_of(node)] if node is not None else []
    return frozenset[str]().union(*(names_in(r.operands[0]) for r in relations if isinstance(r, Relation)))


def may_be_renamed(own: Iterable[str], origins: Mapping[str, Origin], move: Move, strict: bool) -> frozenset[str]:
    """The names to which a definition may give another meaning. strict: what `where` says under another heading may
    be meant so (`anew`), and is not taken to be, where its sentence gives nothing else a meaning."""
    restates = _RESTATES.match(move.cue) is not None
    strict = strict and all(at.sentence != move.sentence for at in origins.values())

    def fixed(at: Origin | None) -> bool:
        same = at is not None and at.section == move.section
        return at is not None and (at.sentence == move.sentence or (restates and (strict or same)))

    return frozenset(name for name in own if not fixed(origins.get(name)))


def anew(move: Move, section: int) -> bool:
    """Whether a formula may begin another exercise: the first under its heading (`section`: where the formula before
    it stands), or what `where` says there."""
    return _RESTATES.match(move.cue) is not None or (not move.cue and move.section != section)
