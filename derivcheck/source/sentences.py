"""Sentences across blocks: a sentence goes on through the displays that it introduces.

In a sentence's text every formula is one placeholder character, so that cue words can be looked for by pattern
and still be put beside the formulas that they govern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derivcheck.record import dataclass
from derivcheck.source.values import Block, Formula, Prose

HOLE = "\ufffc"
LONGEST = 4000
_ABBREVIATION = re.compile(
    r"(?:\b(?:i\.e|e\.g|cf|vs|eqs?|figs?|sec|thm|resp|w\.r\.t|w\.l\.o\.g|wlog|approx|no|dr|prof|etc|a\.s|s\.t|i\.i\.d)\.$)",
    re.I,
)
_SAMPLE = re.compile(r"\bi\.i\.d\.", re.I)  # its dots end nothing
_STOP = re.compile(r"[.?!](?=[\s)\"'”’]*(?:\s|$))")
_CONTINUES = re.compile(r"\s*(?:[a-z,;)]|=)")
_ENDED = re.compile(r"[.?!]\W*$")


@dataclass(frozen=True, slots=True)
class Place:
    """A formula in a sentence: where its placeholder stands, and in which block."""

    at: int
    block: int
    formula: Formula


@dataclass(frozen=True, slots=True)
class Sentence:
    """`first` and `last` are the blocks that it runs through, `start` and `end` its offsets in the file."""

    text: str
    places: tuple[Place, ...]
    first: int
    last: int
    start: int
    end: int
    offsets: tuple[tuple[int, int], ...]

    def offset(self, at: int) -> int:
        """The offset in the file of a character of the sentence."""
        here, there = max((pair for pair in self.offsets if pair[0] <= at), default=(0, self.start))
        return there + at - here


class _Builder:
    def __init__(self) -> None:
        self.text = ""
        self.places: list[Place] = []
        self.offsets: list[tuple[int, int]] = []
        self.first = self.last = -1
        self.end = 0

    def add(self, text: str, offset: int, block: int) -> None:
        if not self.text.strip() and not self.places:
            lead = len(text) - len(text.lstrip())
            text, offset = text[lead:], offset + lead
            self.text, self.offsets, self.first = "", [], block
        if not text:
            return
        self.offsets.append((len(self.text), offset))
        self.text += _SAMPLE.sub("iid   ", re.sub(r"\s", " ", text))
        self.last, self.end = block, offset + len(text)

    def hole(self, formula: Formula, block: int) -> None:
        if self.first < 0 or not (self.text.strip() or self.places):
            self.text, self.offsets, self.first = "", [], block
        if self.text and not self.text[-1].isspace():
            self.text += " "
        self.places.append(Place(len(self.text), block, formula))
        self.offsets.append((len(self.text), formula.span.start))
        self.text += HOLE
        self.last, self.end = block, formula.span.end

    def take(self) -> Iterator[Sentence]:
        if self.text.strip() and self.first >= 0:
            start = min([self.offsets[0][1], *(place.formula.span.start for place in self.places)])
            yield Sentence(
                self.text, tuple(self.places), self.first, self.last, start, max(self.end, start), tuple(self.offsets)
            )
        self.text, self.places, self.offsets, self.first, self.last = "", [], [], -1, -1


def sentences(blocks: Sequence[Block]) -> list[Sentence]:
    """The sentences of a run of blocks, in order."""
    return list(_sentences(blocks))


def _sentences(blocks: Sequence[Block]) -> Iterator[Sentence]:
    builder = _Builder()
    before = ""
    for index, block in enumerate(blocks):
        if block.kind in ("furniture", "contents", "code"):
            continue
        if not _joins(builder, before, block):
            yield from builder.take()
        yield from _of_block(builder, block, index)
        if block.kind in ("heading", "table"):
            yield from builder.take()
        before = block.kind
    yield from builder.take()


def _joins(builder: _Builder, before: str, block: Block) -> bool:
    """Whether a block goes on with the sentence that is open."""
    if not builder.text.strip() or block.kind in ("heading", "item", "table", "quote"):
        return False
    if before == "display":
        return block.kind == "display" or _opens_small(block)
    return not _ENDED.search(builder.text) and (block.kind == "display" or _opens_small(block))


def _opens_small(block: Block) -> bool:
    first = block.pieces[0] if block.pieces else None
    return isinstance(first, Prose) and bool(_CONTINUES.match(first.text))


def _of_block(builder: _Builder, block: Block, index: int) -> Iterator[Sentence]:
    for piece in block.pieces:
        if isinstance(piece, Formula):
            builder.hole(piece, index)
            if len(builder.text) > LONGEST:
                yield from builder.take()
            continue
        at = 0
        for match in _STOP.finditer(piece.text):
            if _ABBREVIATION.search(piece.text, max(0, match.start() - 12), match.end()) or _initial(
                piece.text, match.start()
            ):
                continue
            builder.add(piece.text[at : match.end()], piece.span.start + at, index)
            yield from builder.take()
            at = match.end()
            if len(builder.text) > LONGEST:
                yield from builder.take()
        while len(piece.text) - at > LONGEST:  # no sentence: a flood of words
            builder.add(piece.text[at : at + LONGEST], piece.span.start + at, index)
            yield from builder.take()
            at += LONGEST
        builder.add(piece.text[at:], piece.span.start + at, index)


def _initial(text: str, at: int) -> bool:
    """A label's or an initial's dot (`2.`, `a.`) ends no sentence."""
    return text[at] == "." and re.search(r"(?:^|\s)(?:\d{1,2}|[A-Za-z])$", text[max(0, at - 4) : at]) is not None
