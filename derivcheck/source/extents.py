"""How far a condition reaches: surely, and possibly.

A condition surely holds for its own sentence and what that introduces; it possibly holds until something ends it:
a heading, `otherwise`, the next item of a list, the next case. Between the two a line should be called wrong only
if it is wrong under the condition too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.source.blocks import looks_like_title
from derivcheck.source.cues import ENDS_CONDITION, GOES_ON, Cue
from derivcheck.source.sentences import HOLE, Sentence
from derivcheck.source.values import Block, Span

FARTHEST = 300  # sentences; no condition of a homework reaches farther
_CASE = re.compile(
    r"^\W*(?:now,? )?(?:case\b|consider\b|in the case\b|for the case\b|if\b|when\b|suppose\b|assume\b|"
    rf"for (?:all |any |every |each )?(?={HOLE}))",
    re.I,
)


def extents(blocks: Sequence[Block], sentences: Sequence[Sentence], index: int, at: int, cue: Cue) -> tuple[Span, Span]:
    """(sure, possible) stretches of the file in which the condition at `at` of a sentence holds."""
    sentence = sentences[index]
    if _stands_after(sentence, at, cue):
        start = (
            _before(blocks, sentences, index)
            if cue.note == "after" or not _claims_before(sentence, at)
            else sentence.start
        )
        return Span(start, sentence.end), Span(start, sentence.end)
    limit = _limit(blocks, sentences, index, cue)
    last = limit if cue.standing else _introduced(blocks, sentences, index, limit)
    return Span(sentence.start, sentences[last].end), Span(sentence.start, sentences[limit].end)


def backwards(blocks: Sequence[Block], sentences: Sequence[Sentence], index: int) -> Span:
    """From the last display before a sentence to its end: what `since M is larger than k` was said about."""
    return Span(_before(blocks, sentences, index), sentences[index].end)


def _stands_after(sentence: Sentence, at: int, cue: Cue) -> bool:
    """`a = b when c`: said at the end, a condition is about its own sentence."""
    return (
        not cue.standing and any(place.at < at for place in sentence.places) and _claims_before(sentence, at)
    ) or cue.note == "after"


def _claims_before(sentence: Sentence, at: int) -> bool:
    return any(
        place.at < at
        and re.search(r"[=<>≤≥≈]|\\(?:le|ge|leq|geq|ne|neq|approx|equiv|sim|propto)\b", place.formula.latex)
        for place in sentence.places
    )


def _before(blocks: Sequence[Block], sentences: Sequence[Sentence], index: int) -> int:
    for earlier in range(index, max(-1, index - 4), -1):
        for place in reversed(sentences[earlier].places):
            if blocks[place.block].kind == "display" and place.formula.span.start < sentences[index].end:
                return place.formula.span.start
        if blocks[sentences[earlier].first].kind == "heading":
            break
    return sentences[index].start


def _limit(blocks: Sequence[Block], sentences: Sequence[Sentence], index: int, cue: Cue) -> int:
    """The last sentence that a condition can hold for."""
    own = blocks[sentences[index].first]
    opened = sentences[index].text.rstrip().endswith(":")
    for later in range(index + 1, min(len(sentences), index + FARTHEST)):
        block = blocks[sentences[later].first]
        fresh = sentences[later].first != sentences[index].first
        if block.kind == "heading" or (fresh and _titled(block)) or ENDS_CONDITION.match(sentences[later].text):
            return later - 1
        if fresh and block.kind == "item" and not cue.standing and not (opened and block.depth >= own.depth):
            return later - 1
        if fresh and block.kind == "item" and own.kind == "item" and block.depth <= own.depth:
            return later - 1
        if (
            cue.note == "case"
            and fresh
            and _CASE.match(sentences[later].text)
            and "case" in sentences[later].text[:40].lower()
        ):
            return later - 1
    return min(len(sentences), index + FARTHEST) - 1


def _titled(block: Block) -> bool:
    """A numbered title (`4. Effect of the scale`) is as good as a heading."""
    words = block.prose.removeprefix(block.label).strip()
    return block.kind == "item" and bool(block.label) and looks_like_title(words)


def _introduced(blocks: Sequence[Block], sentences: Sequence[Sentence], index: int, limit: int) -> int:
    """The last sentence that surely goes on with a condition."""
    last = index
    opened = sentences[index].text.rstrip().endswith(":")
    for later in range(index + 1, limit + 1):
        block = blocks[sentences[later].first]
        same = sentences[later].first in (sentences[index].first, sentences[index].last)
        item = opened and block.kind == "item"
        new_case = _CASE.match(sentences[later].text) is not None
        if new_case or not (same or item or block.kind == "display" or GOES_ON.match(sentences[later].text)):
            break
        last = later
    return last
