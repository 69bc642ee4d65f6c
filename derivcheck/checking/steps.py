"""What the walk through an answer keeps: where a line stands, each judged line, each condition with its reach."""

from __future__ import annotations

from derivcheck.checking.lines import MAYBE_SUPPOSED, Judged, maybe_supposed
from derivcheck.kinds.interface import JudgedLine
from derivcheck.language.parsing.splitting import Piece
from derivcheck.record import dataclass, replace
from derivcheck.source.values import Span
from derivcheck.terms.model import Claim


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: offset of its text in the document, whether it is a display, and the offset of the
    formula's own first character."""

    offset: int
    display: bool = False
    block: int = 0
    least: int = 0

    def at(self, offset: int) -> int:
        """The offset in the document of a character of the line."""
        return max(self.offset + offset, self.least)


@dataclass(frozen=True, slots=True)
class Step:
    """One judged line with where it stands."""

    judged: Judged
    piece: Piece
    place: Place
    lines: tuple[JudgedLine, ...]
    chain: int
    before: Step | None = None

    @property
    def carried(self) -> bool:
        return any(line.carried for line in self.lines)

    def before_implication(self, after: Judged) -> Step:
        """The step, where the next line begins with an implication: it may be only supposed."""
        judged = maybe_supposed(self.judged, after)
        if judged is self.judged or self.judged.word != "refuted":
            return self
        softer = {"word": "undecided", "code": MAYBE_SUPPOSED.code, "carried": False}
        lines = (
            replace(line, verdicts=tuple(MAYBE_SUPPOSED if v.word == "refuted" else v for v in line.verdicts), **softer)
            if line.word == "refuted"
            else line
            for line in self.lines
        )
        return replace(self, judged=judged, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with how far it reaches; `claims` is None where it could not be read."""

    extent: Span
    reach: Span
    claims: tuple[Claim, ...] | None
    words: str
    start: int = 0

    def until(self, end: int) -> Condition:
        """The condition, where it ends at this offset at the latest."""
        cut = (Span(span.start, max(span.start, min(span.end, end))) for span in (self.extent, self.reach))
        return replace(self, extent=next(cut), reach=next(cut))
