"""Which part of a paper an answer belongs to.

Labelled and announcing blocks are candidates; each part may take one of them as the beginning of its answer. A
candidate is scored for a part by its label, the words and formulas it shares with the question, and whether it
announces an answer, a question or a recap; a monotone alignment (dynamic programming, as for two sequences) then
chooses all beginnings at once. Doubt is reported, and what belongs to nothing is listed: nobody guesses 'wrong'.
"""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.record import dataclass, field
from derivcheck.source.labels import Path, label_match, path_of
from derivcheck.source.outline import Candidate, outline, substance
from derivcheck.source.questions import Vocabulary, asks, goes_on, poses, repeats, signs_of
from derivcheck.source.values import Block, Document

LEAST_SCORE = 0.5
NAMED_SCORE = 0.3  # where the very label stands
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
class _Slot:
    """Parts that share a label."""

    parts: tuple[PartSpec, ...]
    path: Path
    section: str
    words: dict[str, float] = field(hash=False)
    signs: tuple[str, ...] = ()  # of the questions, in reading order

    def repeated(self, block: Block) -> bool:
        """Whether a block says little more than the question, in formulas that stand there."""
        if block.kind == "table":
            return False
        return repeats(block.text, self.words) and all(_within(signs_of(f.latex), self.signs) for f in block.formulas)


def locate(document: Document, parts: Sequence[PartSpec]) -> Located:
    """Which blocks of a document answer which part."""
    blocks = document.blocks
    slots = _slots(parts)
    candidates = outline(blocks, [slot.section for slot in slots if slot.section])
    known = {slot.path[:length] for slot in slots for length in range(1, len(slot.path) + 1)}
    scores = [[_score(slot, candidate, known) for candidate in candidates] for slot in slots]
    chosen = _out_of_order(slots, candidates, scores, _align(slots, candidates, scores))
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
            tuple(sign for part in group for text in (part.ask, *part.formulas) for sign in signs_of(text)),
        )
        for (path, section), group in grouped.items()
    ]


def _label_score(slot: _Slot, candidate: Candidate, known: set[Path]) -> float:
    """A label that names another part's place (`1.` under (a) of Problem 5, where Problem 1 is asked) fits nothing."""
    fits = max(label_match(slot.path, candidate.path), label_match(slot.path, (*candidate.part, *candidate.path)))
    above = candidate.path[: len(candidate.path) - len(slot.path)]
    return -0.3 if above and above in known and fits < 1 else fits


def _score(slot: _Slot, candidate: Candidate, known: set[Path]) -> float:
    total = sum(slot.words.values())
    similar = sum(weight for word, weight in slot.words.items() if word in candidate.words) / total if total else 0.0
    if candidate.label is None:
        score = 0.9 * similar
    else:
        # What stands around the heading above several parts is like all of them.
        score = _label_score(slot, candidate, known) + (0.0 if _parent(slot, candidate) else 0.5 * similar)
    score += {"answer": 0.25, "question": -0.5, "recap": -0.9, "": 0.0}[candidate.region]
    if candidate.poses and candidate.content == 0:
        score -= 0.45
    if slot.section:
        same = candidate.section == slot.section.casefold()
        score += 0.2 if same else (-0.25 if candidate.section else 0.0)
    return score


def _align(slots: list[_Slot], candidates: list[Candidate], scores: list[list[float]]) -> list[int | None]:
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


def _out_of_order(
    slots: list[_Slot], candidates: list[Candidate], scores: list[list[float]], chosen: list[int | None]
) -> list[int | None]:
    """A part that the order of the paper leaves out, or puts where another part's label stands, begins where its very
    label stands, if that is one place."""
    paths = {slot.path for slot in slots}
    found = [
        choice if choice is None or label_match(slot.path, path := candidates[choice].path) >= UNLABELLED
        or path not in paths else None for slot, choice in zip(slots, chosen, strict=True)
    ]  # fmt: skip
    taken = {choice for choice in found if choice is not None}
    for row, slot in enumerate(slots):
        fits = [
            k for k, candidate in enumerate(candidates)
            if k not in taken and candidate.region not in ("recap", "question")
            and label_match(slot.path, candidate.path) >= 0.8
        ]  # fmt: skip
        best = max(fits, key=lambda k: scores[row][k], default=None)  # a label and its `Solution:` are one place
        together = len({candidates[k].path for k in fits}) == 1 and fits[-1] - fits[0] == len(fits) - 1
        if found[row] is None and best is not None and together and scores[row][best] >= NAMED_SCORE:
            found[row] = best
            taken.add(best)
    return [choice if choice is not None else first for choice, first in zip(found, chosen, strict=True)]


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return any(many[k : k + len(few)] == few for k in range(len(many) - len(few) + 1))


def _parent(slot: _Slot, candidate: Candidate) -> bool:
    return len(candidate.path) < len(slot.path) and slot.path[: len(candidate.path)] == candidate.path


class _Cut:
    """The paper cut into answers at the chosen beginnings."""

    def __init__(
        self,
        blocks: Sequence[Block],
        slots: list[_Slot],
        candidates: list[Candidate],
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
        rest = (index for index, block in enumerate(self.blocks) if substance(block))
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
        start, end = first.block, first.end
        for later in range(choice + 1, len(self.candidates)):
            if self._foreign(row, first, later):
                break
            end = self.candidates[later].end
        whole = (*self._preamble(choice), *range(start, end))
        indices = [index for index in whole if self.blocks[index].kind not in ("furniture", "contents")]
        asked = self._asked(self.slots[row], first, indices)
        return [index for index in indices if index not in asked], asked

    def _preamble(self, choice: int) -> range:
        """What stands under the label above and before the first item (`3. … Let M be …` before (a)) comes along, for
        that item and for those beside it."""
        first, eldest = self.candidates[choice], choice
        while eldest and self._beside(self.candidates[eldest - 1], first):
            eldest -= 1
        above = self.candidates[eldest - 1] if eldest else None
        if above is None or eldest - 1 in self.begins or above.label is None:
            return range(0)
        inside = len(above.path) < len(first.path) and first.path[: len(above.path)] == above.path
        same = above.region == first.region and above.section == first.section and not above.poses
        near = above.end == self.candidates[eldest].block and self.blocks[above.block].kind != "heading"
        return range(above.block, above.end) if inside and same and near else range(0)

    @staticmethod
    def _beside(one: Candidate, other: Candidate) -> bool:
        """Whether both stand under the same label above, one perhaps deeper."""
        depth = len(other.path) - 1
        return depth > 0 and one.section == other.section and len(one.path) > depth and (
            one.path[:depth] == other.path[:depth]
        )

    def _asked(self, slot: _Slot, first: Candidate, indices: list[int]) -> list[int]:
        """The blocks at the head of a stretch that repeat the question. Behind `Answer to 2 (a)` only what stands on
        the sheet does: what asks there (`Q: 1 + 1 = ? A: 2`) is the answer's own."""
        asked: list[int] = []
        answering = first.label is not None and first.label.region == "answer"
        for index in indices:
            block = self.blocks[index]
            start = first.label.end if index == first.block and first.label else 0
            if start and index == first.block and not block.text[start:].strip(" .:)*"):
                continue  # only the label
            if not (slot.repeated(block) or (poses(block, start) and not answering)) or self._continued(index):
                break
            if index != first.block and not asks(block.text) and not slot.repeated(block):
                break
            asked.append(index)
        return asked if len(asked) < len(indices) else []

    def _continued(self, index: int) -> bool:
        """Whether the next block goes on with what this one begins (`$$A$$ $$= B$$`)."""
        return index + 1 < len(self.blocks) and goes_on(self.blocks[index + 1])

    def _foreign(self, row: int, first: Candidate, later: int) -> bool:
        """Whether a later candidate ends the answer: another answer, a recap, a label beside or above its own,
        a new question. A deeper label is a step of the answer."""
        candidate = self.candidates[later]
        if later in self.begins or candidate.region == "recap" or candidate.section != first.section:
            return True
        if candidate.label is None:
            return candidate.region == "question" and candidate.region != first.region and candidate.poses
        atoms = candidate.label.atoms
        if atoms in (("t",), ("f",)) and not any(slot.path[-1:] == atoms for slot in self.slots):
            return False  # `(F) The entries ...` is a verdict
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


def _unlabelled(blocks: Sequence[Block], slots: list[_Slot], candidates: list[Candidate]) -> Located:
    """No label fits: with a single part the whole paper is its answer, else a person must say."""
    content = [index for index, block in enumerate(blocks) if block.kind not in ("furniture", "contents")]
    if len(slots) != 1:
        rest = tuple(index for index in content if substance(blocks[index]))
        return Located(tuple(Answer(part.id) for slot in slots for part in slot.parts), rest)
    slot = slots[0]
    asked: list[int] = []
    for index in content:
        if not (blocks[index].kind == "heading" or poses(blocks[index], 0) or slot.repeated(blocks[index])):
            break
        if index + 1 < len(blocks) and goes_on(blocks[index + 1]):
            break
        asked.append(index)
    asked = [index for index in asked if index != content[-1]]
    if len(asked) == len(content):
        asked = []
    recaps = {index for c in candidates if c.region == "recap" for index in range(c.block, c.end)}
    taken = tuple(index for index in content if index not in asked and index not in recaps)
    found = bool(taken) and any(substance(blocks[index]) or blocks[index].prose for index in taken)
    answers = [Answer(part.id, taken if found else (), tuple(asked), 0.9 if found else 0.0) for part in slot.parts]
    return Located(tuple(answers), (), tuple(sorted(recaps)), tuple(asked))
