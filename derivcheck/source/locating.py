"""Which part of a paper an answer belongs to.

Labelled and announcing blocks are candidates; each part may take one of them as the beginning of its answer. A
candidate is scored for a part by its label, the words and formulas it shares with the question, and whether it
announces an answer, a question or a recap; a monotone alignment (dynamic programming, as for two sequences) then
chooses all beginnings at once. Doubt is reported, and what belongs to nothing is listed: nobody guesses 'wrong'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from derivcheck.source.labels import Context, Label, Path, Region, path_of, read_label, region_of
from derivcheck.source.questions import Vocabulary, asks, poses, repeats
from derivcheck.source.values import Block, Document

LEAST_SCORE = 0.5
SURE = 0.75
UNLABELLED = 0.55


@dataclass(frozen=True, slots=True)
class PartSpec:
    """What is known of a part before its answer is looked for. Several parts may share a label; `section` is the
    heading that a sheet prints above it; `also` are further labels whose answers belong to the part too."""

    id: str
    label: str = ""
    ask: str = ""
    formulas: tuple[str, ...] = ()
    kind: str = ""
    section: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a part's answer stands: indices of blocks, those that only repeat its question, how sure that is
    (0 to 1), and the doubts to tell a person."""

    part: str
    blocks: tuple[int, ...] = ()
    questions: tuple[int, ...] = ()
    confidence: float = 0.0
    doubts: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.blocks)


@dataclass(frozen=True, slots=True)
class Located:
    """Every part's answer, in the order asked; `unassigned` are blocks with content that belong to no part,
    `recaps` second copies at the end, `questions` all blocks that repeat a question or the sheet."""

    answers: tuple[Answer, ...]
    unassigned: tuple[int, ...] = ()
    recaps: tuple[int, ...] = ()
    questions: tuple[int, ...] = ()

    def of(self, part: str) -> Answer:
        return next((answer for answer in self.answers if answer.part == part), Answer(part))

    def blocks(self, part: str, document: Document) -> tuple[Block, ...]:
        return tuple(document.blocks[index] for index in self.of(part).blocks)


@dataclass(frozen=True, slots=True)
class _Candidate:
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
class _Slot:
    """Parts that share a label."""

    parts: tuple[PartSpec, ...]
    path: Path
    section: str
    words: dict[str, float] = field(hash=False)


def locate(document: Document, parts: Sequence[PartSpec]) -> Located:
    """Which blocks of a document answer which part."""
    blocks = document.blocks
    slots = _slots(parts)
    candidates = _candidates(blocks, [slot.section for slot in slots if slot.section])
    known = {slot.path[:length] for slot in slots for length in range(1, len(slot.path) + 1)}
    scores = [[_score(slot, candidate, known) for candidate in candidates] for slot in slots]
    chosen = _align(slots, candidates, scores)
    if not any(choice is not None for choice in chosen):
        return _unlabelled(blocks, slots, candidates)
    return _Cut(blocks, slots, candidates, scores, chosen, known).located()


def _slots(parts: Sequence[PartSpec]) -> list[_Slot]:
    vocabulary = Vocabulary.of([(part.ask, *part.formulas) for part in parts])
    grouped: dict[tuple[Path, str], list[PartSpec]] = {}
    for part in parts:
        grouped.setdefault((path_of(part.label) or (part.id,), part.section), []).append(part)
    return [
        _Slot(
            tuple(group),
            path,
            section,
            vocabulary.weigh([text for part in group for text in (part.ask, *part.formulas)]),
        )
        for (path, section), group in grouped.items()
    ]


@dataclass(frozen=True, slots=True)
class _Start:
    """A candidate before its stretch is known."""

    block: int
    label: Label | None
    context: Context
    region: Region
    section: str


def _candidates(blocks: Sequence[Block], sections: Sequence[str]) -> list[_Candidate]:
    """Every labelled block and every line that announces an answer, with the outline around it."""
    starts = _questions(blocks, list(_starts(blocks, sections)))
    ends = [start.block for start in starts[1:]] + [len(blocks)]
    deep = [_deep_end(starts, index, len(blocks)) for index in range(len(starts))]
    return [_candidate(blocks, *stretch) for stretch in zip(starts, ends, deep, strict=True)]


def _starts(blocks: Sequence[Block], sections: Sequence[str]) -> Iterator[_Start]:
    context, section = Context(), ""
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
            context = Context().enter(label) if label and label.named == "part" else Context()
        elif label and not (label.style == "section" and announced):
            context = context.enter(label)
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
        if label:
            labelled.append(index)
        yield _Start(index, label, context, label.region if label and label.region else region, section)


def _numbered(label: Label | None) -> bool:
    return label is not None and label.style == "section"


def _question_list(blocks: Sequence[Block], labelled: list[int]) -> bool:
    """Whether the last labels stand one under the other with nothing between: a list of questions, after which
    `Solution` begins anew. `Answer:` after some text under a label is only a prompt."""
    return len(labelled) > 1 and not any(_substance(block) for block in blocks[labelled[-2] + 1 : labelled[-1]])


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


def _candidate(blocks: Sequence[Block], start: _Start, end: int, deep: int) -> _Candidate:
    head, label = blocks[start.block], start.label
    question = poses(head, label.end if label else 0)
    body = [block for block in blocks[start.block + 1 : deep] if block.kind not in ("furniture", "contents", "heading")]
    while body and question and asks(body[0].text):
        body = body[1:]
    content = sum(len(block.prose.split()) + 3 * len(block.formulas) for block in body)
    words = Vocabulary.words(" ".join(block.text for block in blocks[max(0, start.block - 1) : end][:10]))
    path, part = start.context.path, start.context.part
    return _Candidate(start.block, end, label, path, part, start.region, start.section, question, content, words)


def label_match(wanted: Path, written: Path) -> float:
    """How well a label written in the paper fits one asked for (1: the same; 0: another)."""
    if not wanted or not written:
        return 0.0
    if wanted == written:
        return 1.0
    short, long = sorted((wanted, written), key=len)
    if long[len(long) - len(short) :] == short:
        return 0.8 if len(short) > 1 or len(long) == 1 else 0.7
    if len(wanted) == len(written) and wanted[:-1] == written[:-1] and _rank(wanted[-1]) == _rank(written[-1]):
        return 0.6
    if wanted[: len(written)] == written:
        return 0.45
    return 0.1 if _rank(wanted[-1]) == _rank(written[-1]) and len(written) == 1 else -0.5


def _rank(atom: str) -> int:
    """Its number in order: `2`, `b` and `ii` are all the second."""
    if atom.isdigit():
        return int(atom)
    numerals = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    return numerals.index(atom) + 1 if len(atom) > 1 and atom in numerals else ord(atom[0]) - ord("a") + 1


def _label_score(slot: _Slot, candidate: _Candidate, known: set[Path]) -> float:
    """A label that names another part's place (`1.` under (a) of Problem 5, where Problem 1 is asked) fits nothing."""
    fits = max(label_match(slot.path, candidate.path), label_match(slot.path, (*candidate.part, *candidate.path)))
    above = candidate.path[: len(candidate.path) - len(slot.path)]
    return -0.3 if above and above in known and fits < 1 else fits


def _score(slot: _Slot, candidate: _Candidate, known: set[Path]) -> float:
    total = sum(slot.words.values())
    similar = sum(weight for word, weight in slot.words.items() if word in candidate.words) / total if total else 0.0
    score = 0.9 * similar if candidate.label is None else _label_score(slot, candidate, known) + 0.5 * similar
    score += {"answer": 0.25, "question": -0.5, "recap": -0.9, "": 0.0}[candidate.region]
    if candidate.poses and candidate.content == 0:
        score -= 0.45
    if slot.section:
        same = candidate.section == slot.section.casefold()
        score += 0.2 if same else (-0.25 if candidate.section else 0.0)
    return score


def _align(slots: list[_Slot], candidates: list[_Candidate], scores: list[list[float]]) -> list[int | None]:
    """A beginning for each slot, in the order of the paper, with the greatest total score; None for no beginning.

    Needleman and Wunsch's alignment, where a slot or a candidate left out costs nothing. Slots that a paper
    answers under their common parent (`4` for 4(a) and 4(b)) may share that candidate."""
    count = len(candidates)
    best = [0.0] * (count + 1)
    trace: list[list[tuple[int, int | None]]] = []
    for row in range(len(slots)):
        current = best[:]
        steps: list[tuple[int, int | None]] = [(column, None) for column in range(count + 1)]
        for column in range(1, count + 1):
            gain = scores[row][column - 1]
            if gain < LEAST_SCORE:
                options = []
            else:
                options = [(best[column - 1] + gain, (column - 1, column - 1))]
                if (
                    row
                    and _parent(slots[row], candidates[column - 1])
                    and _parent(slots[row - 1], candidates[column - 1])
                ):
                    options.append((best[column] + gain, (column, column - 1)))
            if current[column - 1] > current[column]:
                current[column], steps[column] = current[column - 1], steps[column - 1]
            for value, step in options:
                if value > current[column] + 1e-9:
                    current[column], steps[column] = value, step
        best = current
        trace.append(steps)
    return _back(trace, count)


def _back(trace: list[list[tuple[int, int | None]]], column: int) -> list[int | None]:
    chosen: list[int | None] = []
    for steps in reversed(trace):
        column, choice = steps[column]
        chosen.append(choice)
    return chosen[::-1]


def _parent(slot: _Slot, candidate: _Candidate) -> bool:
    return len(candidate.path) < len(slot.path) and slot.path[: len(candidate.path)] == candidate.path


class _Cut:
    """The paper cut into answers at the chosen beginnings."""

    def __init__(
        self,
        blocks: Sequence[Block],
        slots: list[_Slot],
        candidates: list[_Candidate],
        scores: list[list[float]],
        chosen: list[int | None],
        known: set[Path],
    ) -> None:
        self.blocks, self.slots, self.candidates = blocks, slots, candidates
        self.scores, self.chosen, self.known = scores, chosen, known
        self.begins = {choice for choice in chosen if choice is not None}
        self.used: set[int] = set()
        self.questions: set[int] = set()

    def located(self) -> Located:
        answers = [answer for row in range(len(self.slots)) for answer in self._answers(row)]
        recaps = self._recaps()
        sheet = self._sheet()
        rest = (index for index, block in enumerate(self.blocks) if _substance(block))
        taken = self.used | self.questions | recaps | sheet
        unassigned = tuple(index for index in rest if index not in taken)
        return Located(tuple(answers), unassigned, tuple(sorted(recaps)), tuple(sorted(self.questions | sheet)))

    def _answers(self, row: int) -> list[Answer]:
        slot, choice = self.slots[row], self.chosen[row]
        if choice is None:
            return [Answer(part.id) for part in slot.parts]
        taken, asked = self._stretch(row, choice)
        for label in {label for part in slot.parts for label in part.also}:
            more, also_asked = self._further(row, choice, path_of(label))
            taken, asked = sorted({*taken, *more}), sorted({*asked, *also_asked})
        taken = [index for index in taken if index not in asked]
        self.used.update(taken)
        self.questions.update(asked)
        confidence, doubts = self._confidence(row, choice)
        return [Answer(part.id, tuple(taken), tuple(asked), confidence, doubts) for part in slot.parts]

    def _further(self, row: int, after: int, path: Path) -> tuple[list[int], list[int]]:
        """The answer under one more label of the part, which stands in the same section as the first."""
        for choice, candidate in enumerate(self.candidates):
            fits = candidate.section == self.candidates[after].section and candidate.region not in ("recap", "question")
            if choice not in self.begins and fits and label_match(path, candidate.path) >= 0.7:
                return self._stretch(row, choice)
        return [], []

    def _stretch(self, row: int, choice: int) -> tuple[list[int], list[int]]:
        """The blocks of an answer from its beginning to the next label that is not its own, and its question."""
        first = self.candidates[choice]
        start, end = self._preamble(choice), first.end
        for later in range(choice + 1, len(self.candidates)):
            if self._foreign(row, first, later):
                break
            end = self.candidates[later].end
        indices = [index for index in range(start, end) if self.blocks[index].kind not in ("furniture", "contents")]
        asked = self._asked(self.slots[row], first, indices)
        return [index for index in indices if index not in asked], asked

    def _preamble(self, choice: int) -> int:
        """What stands under the label above and before the first item (`3. … Let M be …` before (a)) comes along."""
        first, start = self.candidates[choice], self.candidates[choice].block
        above = self.candidates[choice - 1] if choice else None
        if above is None or choice - 1 in self.begins or above.label is None or above.end != start:
            return start
        inside = len(above.path) < len(first.path) and first.path[: len(above.path)] == above.path
        same = above.region == first.region and above.section == first.section and not above.poses
        return above.block if inside and same and self.blocks[above.block].kind != "heading" else start

    def _asked(self, slot: _Slot, first: _Candidate, indices: list[int]) -> list[int]:
        """The blocks at the head of a stretch that repeat the question."""
        asked: list[int] = []
        for index in indices:
            block = self.blocks[index]
            start = first.label.end if index == first.block and first.label else 0
            if not (poses(block, start) or repeats(block.text, slot.words)):
                break
            if index != first.block and not asks(block.text) and not repeats(block.text, slot.words):
                break
            asked.append(index)
        return asked if len(asked) < len(indices) else []

    def _foreign(self, row: int, first: _Candidate, later: int) -> bool:
        """Whether a later candidate ends the answer: another answer, a recap, a label beside or above its own,
        a new question. A deeper label is a step of the answer."""
        candidate = self.candidates[later]
        if later in self.begins or candidate.region == "recap" or candidate.section != first.section:
            return True
        if candidate.label is None:
            return candidate.region == "question" and candidate.region != first.region and candidate.poses
        deeper = candidate.path[: len(first.path)] == first.path and len(candidate.path) > len(first.path)
        if not deeper:
            return True
        return candidate.poses and any(
            self.scores[other][later] > max(self.scores[row][later], LEAST_SCORE) + 0.1
            for other in range(len(self.slots))
            if other != row
        )

    def _confidence(self, row: int, choice: int) -> tuple[float, tuple[str, ...]]:
        """How sure a beginning is: how well it fits, less how well a second place would."""
        score = self.scores[row][choice]
        rivals = [
            value
            for index, value in enumerate(self.scores[row])
            if index not in self.begins and self.candidates[index].region not in ("recap", "question")
        ]
        margin = score - max(rivals, default=0.0)
        doubts = []
        if label_match(self.slots[row].path, self.candidates[choice].path) < UNLABELLED:
            doubts.append("its label does not name this part")
        if margin < 0.1 and max(rivals, default=0.0) >= SURE:
            doubts.append("another place of the paper fits as well")
        if sum(1 for other in self.chosen if other == choice) > 1:
            doubts.append("several parts are answered under one label")
        return max(0.0, min(1.0, score - 0.2 * len(doubts))), tuple(doubts)

    def _recaps(self) -> set[int]:
        spans = [range(c.block, c.end) for c in self.candidates if c.region == "recap"]
        return {index for span in spans for index in span} - self.used

    def _sheet(self) -> set[int]:
        """Blocks that print the sheet again, and the title before anything is labelled."""
        sheet: set[int] = set()
        for candidate in self.candidates:
            if candidate.region == "question" or (candidate.poses and candidate.content == 0):
                sheet.update(range(candidate.block, candidate.end))
        first = self.candidates[0].block if self.candidates else 0
        sheet.update(index for index in range(first) if not self.blocks[index].formulas)
        return {index for index in sheet if index not in self.used}


def _substance(block: Block) -> bool:
    return block.kind not in ("furniture", "contents", "heading") and bool(
        block.formulas or len(block.prose.split()) > 2
    )


def _unlabelled(blocks: Sequence[Block], slots: list[_Slot], candidates: list[_Candidate]) -> Located:
    """No label fits: with a single part the whole paper is its answer, else a person must say."""
    content = [index for index, block in enumerate(blocks) if block.kind not in ("furniture", "contents")]
    if len(slots) != 1:
        rest = tuple(index for index in content if _substance(blocks[index]))
        return Located(tuple(Answer(part.id) for slot in slots for part in slot.parts), rest)
    slot = slots[0]
    asked: list[int] = []
    for index in content:
        if not (blocks[index].kind == "heading" or poses(blocks[index], 0) or repeats(blocks[index].text, slot.words)):
            break
        asked.append(index)
    asked = [index for index in asked if index != content[-1]]
    if len(asked) == len(content):
        asked = []
    recaps = {index for c in candidates if c.region == "recap" for index in range(c.block, c.end)}
    taken = tuple(index for index in content if index not in asked and index not in recaps)
    found = bool(taken) and any(_substance(blocks[index]) or blocks[index].prose for index in taken)
    answers = [Answer(part.id, taken if found else (), tuple(asked), 0.9 if found else 0.0) for part in slot.parts]
    return Located(tuple(answers), (), tuple(sorted(recaps)), tuple(asked))
