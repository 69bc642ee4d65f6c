"""A value is asked for: a number, a vector, a count. Whole numbers agree exactly, decimals after rounding."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derivcheck.findings import Finding
from derivcheck.kinds.expression import NOT_RESULT
from derivcheck.kinds.interface import JudgedAnswer, Operand, Oracle, PartResult, TextLine
from derivcheck.kinds.marks import at_line, correct, first_refuted, review, unanswered, wrong
from derivcheck.kinds.numbers import NUMBER, Written, agrees, number_in, numbers_in, of_match
from derivcheck.kinds.results import Candidate, chains, offered, read_or_text
from derivcheck.problems.schema import Part, Text

_MATHS = re.compile(r"\$([^$]+)\$")


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    wanted = references(part, answer)
    found = _stated(part, answer, oracle)
    if found is not None:
        outcome = _any(_agrees(found.operand, text, part, oracle) for text in wanted)
        refuted = first_refuted(answer)
        if outcome and refuted is not None:
            return review(part, "the value is right, but a line of the answer is refuted", refuted)
        if outcome:
            return correct(part, found.line)
        if outcome is None:
            return review(part, "the value could not be compared with what was asked", found.line)
        if refuted is not None and refuted.line < found.line.line:
            return wrong(part, 0, refuted.line, cell=refuted.cell)
        finding = at_line("wrong-result", NOT_RESULT, found.line)
        return wrong(part, 0, found.line.line, (finding,), cell=found.line.cell)
    return _from_text(part, answer, wanted)


def references(part: Part, answer: JudgedAnswer) -> list[Text]:
    """The reference and the alternatives; one that names a convention only where the answer states it."""
    found = [part.answer] if part.answer else []
    for alternative in part.alternatives:
        cues = re.findall(r"[a-z][a-z-]{3,}", alternative.when.text.lower()) if alternative.when else []
        if all(cue.rstrip("s") in answer.words for cue in cues):
            found.append(alternative.answer)
    return found


def _stated(part: Part, answer: JudgedAnswer, oracle: Oracle) -> Candidate | None:
    """The last value that a formula of the answer states."""
    question = read_or_text(part.find, oracle)
    found = [c for c in offered(question, answer, frozenset(part.choice), oracle) if c.relation == "="]
    if found:
        return found[-1]
    ends = [(chain.operands[-1], chain.lines[-1]) for chain in chains(answer) if chain.operands]
    return Candidate(ends[-1][0], "=", ends[-1][1]) if ends else None


def _agrees(mine: Operand, reference: Text, part: Part, oracle: Oracle) -> bool | None:
    if numbers_in(mine.latex) and numbers_in(reference.text):
        return _same_numbers(mine.latex, reference.text, part.digits)
    target = oracle.read(reference.text)
    if mine.tensor is None or target is None or target.tensor is None:
        return None
    word = oracle.relate(mine.tensor, "=", target.tensor).word
    return {"proved": True, "holds": True, "refuted": False}.get(word)


def _same_numbers(mine: str, reference: str, digits: int) -> bool | None:
    """Number by number; None where one is written too coarsely to say."""
    written, exact = numbers_in(mine), numbers_in(reference)
    if len(written) != len(exact):
        return False
    each = [agrees(w, e.value, digits=digits) for w, e in zip(written, exact, strict=True)]
    return False if False in each else None if None in each else True


def _any(outcomes: Iterable[bool | None]) -> bool | None:
    """True if one is, else None if one is undecided, else False."""
    seen = list(outcomes)
    if True in seen:
        return True
    return None if None in seen or not seen else False


def _from_text(part: Part, answer: JudgedAnswer, wanted: list[Text]) -> PartResult:
    """No formula at all: the last number in the words."""
    found: list[tuple[Written, TextLine, re.Match[str]]] = [
        (of_match(m), line, m) for line in answer.text for m in NUMBER.finditer(line.text)
    ]
    vectors = [(said, line) for line in answer.text for said in (line.text, *_MATHS.findall(line.text))]
    vectors = [(said, line) for said, line in vectors if len(numbers_in(said)) > 1]
    if vectors:
        outcomes = [_any(_same_numbers(said, text.text, part.digits) for text in wanted) for said, _ in vectors]
        line = vectors[-1][1]
        if outcomes[-1]:
            return PartResult("correct", earned=part.points, result_line=line.line, cell=line.cell)
        if any(outcome is not False for outcome in outcomes):
            return review(part, "the value could not be compared with what was asked")
        return wrong(part, 0, line.line, (_finding(line, 0, len(line.text)),), cell=line.cell)
    exact = [number for text in wanted if (number := number_in(text.text)) is not None]
    if not found or not exact:
        return review(part, "no value was found that could be compared")
    each = {number.value: _any(agrees(number, e.value, digits=part.digits) for e in exact) for number, *_ in found}
    number, line, match = found[-1]
    if each[number.value]:
        return PartResult("correct", earned=part.points, result_line=line.line, cell=line.cell)
    if len(each) > 1 or each[number.value] is None:
        return review(part, "several numbers stand here; which is the answer could not be decided")
    return wrong(part, 0, line.line, (_finding(line, match.start(), match.end()),), cell=line.cell)


def _finding(line: TextLine, start: int, end: int) -> Finding:
    place = (line.line, line.column + start, line.column + end)
    return Finding("wrong-result", "error", NOT_RESULT, *place, cell=line.cell)
