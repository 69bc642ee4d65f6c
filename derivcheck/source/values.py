"""What a file becomes: blocks of prose and formulas, each with its place in the file. Plain frozen values."""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal

from derivcheck.findings import Finding
from derivcheck.record import dataclass, field

BlockKind = Literal["paragraph", "heading", "item", "display", "table", "code", "quote", "contents", "furniture"]
SourceKind = Literal["ocr", "typed"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Character offsets [start, end) into `Document.text`."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text. `text` is as long as the span: markup (emphasis, commands of layout) is blanked, so that an
    offset into `text` plus `span.start` is an offset into the file."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its delimiters, outer display environment, trailing punctuation and number.

    `latex` is as long as the span (comments and quote marks inside are blanked). `tag` is the number of the
    equation where it has one; `bare` says that it stood outside any maths delimiters; `lead` is a short name or
    label that stands directly before it (`Attention`, `Dot product:`)."""

    latex: str
    span: Span
    display: bool = False
    tag: str = ""
    bare: bool = False
    lead: str = ""


Piece = Prose | Formula


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item of a list, a display. `label` is the item's or section's number as printed
    (`(a)`, `2.`; '' for a bullet); `depth` counts nested lists for items and the level for headings.
    'contents' is a line of a table of contents, 'furniture' a page number or a stray equation number."""

    kind: BlockKind
    pieces: tuple[Piece, ...]
    span: Span
    label: str = ""
    depth: int = 0

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Formula))

    @property
    def prose(self) -> str:
        """The words alone; a formula leaves a gap."""
        words = " ".join(piece.text if isinstance(piece, Prose) else " " for piece in self.pieces)
        return " ".join(words.split())

    @property
    def text(self) -> str:
        """Words and formulas, on one line."""
        parts = " ".join(piece.text if isinstance(piece, Prose) else piece.latex for piece in self.pieces)
        return " ".join(parts.split())


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of `Document.text` that came from one place: a cell of a notebook, an included file."""

    start: int
    end: int
    file: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A place as people count: 1-based line and column; in a notebook the line counts within the 0-based cell."""

    line: int
    column: int
    file: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file, read. `macros` is the text of the file's own command definitions, for the reader of formulas."""

    name: str
    format: str
    text: str
    blocks: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()
    macros: str = ""
    source_kind: SourceKind = "typed"
    source_reason: str = ""
    segments: tuple[Segment, ...] = ()
    line_starts: tuple[int, ...] = field(default=(0,), repr=False)

    def position(self, offset: int) -> Position:
        """Where an offset stands, for messages."""
        offset = max(0, min(offset, len(self.text)))
        segment = self._segment(offset)
        row = bisect_right(self.line_starts, offset) - 1
        first = bisect_right(self.line_starts, segment.start) - 1
        column = offset - max(self.line_starts[row], segment.start)
        return Position(row - first + 1, column + 1, segment.file, segment.cell)

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return tuple(formula for block in self.blocks for formula in block.formulas)

    def _segment(self, offset: int) -> Segment:
        index = bisect_right([segment.start for segment in self.segments], offset) - 1
        return self.segments[index] if index >= 0 else Segment(0, len(self.text), self.name)


def line_starts(text: str) -> tuple[int, ...]:
    """Offsets at which lines begin; only `\\n` ends a line, as editors count."""
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return tuple(starts)
