"""The outline of a paper: every block at which an answer may begin, with the labels that it is under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.record import dataclass, replace
from derivcheck.source.labels import Context, Label, Path, Region, read_label, region_of
from derivcheck.source.questions import Vocabulary, asks, poses
from derivcheck.source.values import Block


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block at which an answer may begin. Its own stretch goes to `end`; `path` is its place in the outline."""

    block: int
    end: int
    label: Label | None
    path: Path
    part: Path
    region: Region
    section: str
    poses: bool
    content: int
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Start:
    """A candidate before its stretch is known."""

    block: int
    label: Label | None
    context: Context
    region: Region
    section: str


def outline(blocks: Sequence[Block], sections: Sequence[str]) -> list[Candidate]:
    """Every labelled block and every line that announces an answer, with the outline around it."""
    starts = _questions(blocks, list(_starts(blocks, sections)))
    if not starts:
        return []
    ends = [start.block for start in starts[1:]] + [len(blocks)]
    deep = [_deep_end(starts, index, len(blocks)) for index in range(len(starts))]
    return [_candidate(blocks, *stretch) for stretch in zip(starts, ends, deep, strict=True)]


def _starts(blocks: Sequence[Block], sections: Sequence[str]) -> Iterator[_Start]:
    context, section, level = Context(), "", -1
    region: Region = ""
    before: Region = ""
    seen: set[Path] = set()
    labelled: list[int] = []
    for index, block in enumerate(blocks):
        if block.kind in ("contents", "furniture", "table", "code", "display"):
            continue
        label, announced = read_label(block), region_of(block.prose)
        named = _section_named(block, sections)
        if named is not None:
            section, region, seen = named, "", set()
            level = block.depth if block.kind == "heading" else level
            context = Context().enter(label) if label and label.named == "part" else Context()
        elif label and not (label.style == "section" and announced):
            context = context.enter(label)
            section = "" if label.named == "part" and label.atoms[0].isdigit() else section
            if label.named or label.style == "section":
                region, seen = label.region, set()
            elif region == "recap" and context.path not in seen:
                region = before  # a recap repeats labels; a new one goes on with the paper
            seen.add(context.path)
        elif announced:
            before, region = (region if region != "recap" else before), announced
            if announced != "recap" and (_numbered(label) or _question_list(blocks, labelled)):
                context = context.outer()
            seen = seen if announced == "recap" else set()
        elif block.kind != "heading" or block.depth > 6:
            continue
        elif block.depth == level:  # a section of the sheet, in words of the student's own
            context, section, seen = Context(), "", set()
        if label:
            labelled.append(index)
        yield _Start(index, label, context, label.region if label and label.region else region, section)


def _numbered(label: Label | None) -> bool:
    return label is not None and label.style == "section"


def _question_list(blocks: Sequence[Block], labelled: list[int]) -> bool:
    """Whether the last labels stand one under the other with nothing between: a list of questions, after which
    `Solution` begins anew. `Answer:` after some text under a label is only a prompt."""
    return len(labelled) > 1 and not any(substance(block) for block in blocks[labelled[-2] + 1 : labelled[-1]])


def _section_named(block: Block, sections: Sequence[str]) -> str | None:
    """The section of the sheet that a heading names, in whatever dress (`Part 2. Bounding the norm (10pt)`)."""
    if block.kind != "heading" and len(block.prose) > 80:
        return None
    words = Vocabulary.words(block.prose)
    for section in sections:
        wanted = Vocabulary.words(section)
        if wanted and wanted <= words and len(words) <= len(wanted) + 4:
            return section.casefold()
    return None


def _questions(blocks: Sequence[Block], starts: list[_Start]) -> list[_Start]:
    """Where `Answer to 2 (a)` follows the printed question, what stands between their labels is the question."""
    marked = list(starts)
    for index, start in enumerate(starts):
        if start.label is None or start.region:
            continue
        for later in starts[index + 1 :]:
            own = later.label is not None and later.label.region == "answer"
            if own or (later.label is None and later.region == "answer"):
                path, asked = later.context.path, start.context.path
                next_one = later is starts[index + 1] and poses(blocks[start.block], start.label.end)
                if path[: len(asked)] == asked or next_one:
                    marked[index] = replace(start, region="question")
                break
            if later.context.path[: len(start.context.path)] != start.context.path:
                break
    return marked


def _deep_end(starts: list[_Start], index: int, end: int) -> int:
    """Where the next label that is not below this one stands."""
    path = starts[index].context.path
    for later in starts[index + 1 :]:
        if not (later.context.path[: len(path)] == path and len(later.context.path) > len(path)):
            return later.block
    return end


def _candidate(blocks: Sequence[Block], start: _Start, end: int, deep: int) -> Candidate:
    head, label = blocks[start.block], start.label
    question = poses(head, label.end if label else 0)
    body = [block for block in blocks[start.block + 1 : deep] if block.kind not in ("furniture", "contents", "heading")]
    while body and question and asks(body[0].text):
        body = body[1:]
    content = sum(len(block.prose.split()) + 3 * len(block.formulas) for block in body)
    words = Vocabulary.words(" ".join(block.text for block in blocks[max(0, start.block - 1) : end][:10]))
    path, part = start.context.path, start.context.part
    return Candidate(start.block, end, label, path, part, start.region, start.section, question, content, words)


def substance(block: Block) -> bool:
    return block.kind not in ("furniture", "contents", "heading") and bool(
        block.formulas or len(block.prose.split()) > 2
    )
