"""A value is asked for: a number, a vector, a count. Whole numbers agree exactly, decimals after rounding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from derivcheck.findings import Finding
from derivcheck.kinds.arithmetic import NotArithmetic, evaluate
from derivcheck.kinds.expression import NOT_RESULT
from derivcheck.kinds.interface import JudgedAnswer, Operand, Oracle, PartResult, TextLine
from derivcheck.kinds.marks import (
    at_line,
    correct,
    credit_earned,
    first_refuted,
    hint_of,
    matching_entry,
    partial,
    review,
    unanswered,
    wrong,
)
from derivcheck.kinds.naming import another_quantity, is_label, named_as_asked
from derivcheck.kinds.numbers import NUMBER, Written, agrees, number_in, numbers_in, of_match
from derivcheck.kinds.results import Candidate, chains, offered, read_or_text
from derivcheck.problems.schema import Entry as Listed
from derivcheck.problems.schema import Part, Text
from derivcheck.record import dataclass, replace
from derivcheck.terms.node import Number
from derivcheck.terms.tensor import Tensor

_MATHS = re.compile(r"\$([^$]+)\$")
_BEFORE = re.compile(r"(\S+)\s*=\s*\$?\s*$")
_DENIED = re.compile(r"(?:\b(?:without|not|no|never|excluding|ignoring|except|neither)\b|n['’]t\b)[^.;:,]*$")
LISTED = ("review", "wrong", "partial")
OTHER_NAME = "the value stands under another name than what was asked"
SEVERAL = "several numbers stand here; which is the answer could not be decided"
ROUNDED = "equal after rounding to the digits written"


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    wanted = references(part, answer)
    question = read_or_text(part.find, oracle)
    found = _stated(question, part, answer, oracle)
    if found is None:
        return _from_text(part, question, answer, wanted, oracle)
    refuted = first_refuted(answer)
    if found.match is None and (
        _in_other_words(found, part, answer) or not named_as_asked(found, question, part, answer, oracle)
    ):
        return review(part, OTHER_NAME, refuted or found.line)
    outcome = _any(_agrees(found.operand, text, question, part, oracle) for text in wanted)
    if outcome and refuted is not None:
        return review(part, "the value is right, but a line of the answer is refuted", refuted)
    if outcome:
        return correct(part, found.line, _rounding(found.operand, wanted))
    if outcome is None:
        return review(part, "the value could not be compared with what was asked", found.line)
    if found.match is None and _said_in_words(wanted, part, answer):
        return review(part, SEVERAL, found.line)
    return _wrong(part, found, question, answer, oracle)


def _in_other_words(found: Candidate, part: Part, answer: JudgedAnswer) -> bool:
    """Does the sentence around a lone value call it something else?"""
    line = found.line
    alone = line.role == "expression" and not line.relations
    row = next((row for row in answer.text if (row.line, row.cell) == (line.line, line.cell)), None)
    start = row.text.find(line.latex, max(line.column - row.column, 0)) if row is not None and alone else -1
    if row is None or start < 0:
        return False
    return another_quantity(row.text[:start], row.text[start + len(line.latex) :], part)


def _wrong(part: Part, found: Candidate, question: Operand | None, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    """The points and the hint of the entry with this value; a line refuted before is the first wrong one."""
    refuted = first_refuted(answer)
    early = refuted is not None and refuted.line < found.line.line
    first = refuted if refuted is not None and early else found.line
    entry = _listed(part, found.operand.latex) or matching_entry(part, LISTED, found, oracle, question)
    if entry is not None and entry.verdict == "review" and not early:
        return review(part, "an answer like this one goes to a person", found.line)
    earned = max(credit_earned(part, answer, oracle, first), entry.points or 0 if entry else 0)
    if entry is not None and entry.verdict == "partial":
        finding = at_line("incomplete", "this is not all that was asked", found.line)
        return partial(part, earned, finding, found.line, hint_of(entry))
    findings = () if early else (at_line("wrong-result", NOT_RESULT, found.line),)
    return wrong(part, earned, first.line, findings, hint_of(entry), first.cell)


def _listed(part: Part, said: str) -> Listed | None:
    """The entry of the problem file that ends in these numbers; the most points first."""
    mine = numbers_in(said)
    entries = [entry for verdict in LISTED for entry in part.of(verdict)]
    for entry in sorted(entries, key=lambda e: -(e.points or 0)):
        theirs = numbers_in(entry.text.text.strip().strip("$").split("=")[-1])
        if mine and [number.value for number in theirs] == [number.value for number in mine]:
            return entry
    return None


def references(part: Part, answer: JudgedAnswer) -> list[Text]:
    """The reference and the alternatives; one that names a convention only where the answer states it."""
    found = [part.answer] if part.answer else []
    stated = (a.answer for a in part.alternatives if a.when is None or _says(answer.words, a.when.text.lower()))
    return [*found, *stated]


def _says(words: str, convention: str) -> bool:
    """Does the answer state a convention (`self-loops count`), however it is joined and inflected, and not deny it?"""
    cues = re.findall(r"[a-z][a-z-]{3,}", convention)
    said = [re.search(r"[\s-]?".join(cue.rstrip("s").split("-")), words) for cue in cues]
    if not all(said):
        return False
    return not any(m and _DENIED.search(words[max(m.start() - 30, 0) : m.start()]) for m in said)


def _stated(question: Operand | None, part: Part, answer: JudgedAnswer, oracle: Oracle) -> Candidate | None:
    """The last value that a formula of the answer states: of what was asked, else at the end of any chain."""
    found = [c for c in offered(question, answer, frozenset(part.choice), oracle) if c.relation == "="]
    if found:
        return found[-1]
    ends = [(chain.operands[-1], chain.lines[-1]) for chain in chains(answer) if chain.operands]
    return Candidate(ends[-1][0], "=", ends[-1][1]) if ends else None


def _agrees(mine: Operand, reference: Text, question: Operand | None, part: Part, oracle: Oracle) -> bool | None:
    target = oracle.read(reference.text)
    if numbers_in(mine.latex) and numbers_in(reference.text):
        same = _same_numbers(mine.latex, reference.text, part.digits)
        return _by_the_givens(mine, reference, question, target, oracle) if same is False else same
    if mine.tensor is None or target is None or target.tensor is None:
        return None
    word = oracle.relate(mine.tensor, "=", target.tensor).word
    return {"proved": True, "holds": True, "refuted": False}.get(word)


def _by_the_givens(
    mine: Operand, reference: Text, question: Operand | None, target: Operand | None, oracle: Oracle
) -> bool | None:
    """A decimal that a rounded reference cannot tell from the true value is compared with what the givens say."""
    written, rounded = number_in(mine.latex), number_in(reference.text)
    if written is None or rounded is None or abs(written.value - rounded.value) > rounded.step / 2:
        return False
    if question is None or question.tensor is None or target is None or target.tensor is None:
        return None
    if oracle.relate(question.tensor, "=", target.tensor).word == "proved":
        return False
    low, high = (Tensor((), Number(written.value + side * written.step / 2)) for side in (-1, 1))
    words = {oracle.relate(question.tensor, ">=", low).word, oracle.relate(question.tensor, "<=", high).word}
    return False if "refuted" in words else True if words <= {"proved", "holds"} else None


def _rounding(mine: Operand, wanted: list[Text]) -> tuple[str, ...]:
    """A note where the number written is the value only after rounding."""
    written = number_in(mine.latex)
    exact = [n.value for text in wanted if (n := number_in(text.text)) is not None]
    return (ROUNDED,) if written is not None and exact and written.value not in exact else ()


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


def _said_in_words(wanted: list[Text], part: Part, answer: JudgedAnswer) -> bool:
    """Does the value stand in the words (`$9 + 3 = 12$, which makes 3 each`, `$n = 4$ points and $3$ lines`)?"""
    exact = [number.value for text in wanted if (number := number_in(text.text)) is not None]
    prose = [_MATHS.sub(lambda maths: maths[1] if number_in(maths[1]) else " ", line.text) for line in answer.text]
    said = [of_match(found) for text in prose for found in NUMBER.finditer(text)]
    return any(agrees(number, value, digits=part.digits) for number in said for value in exact)


@dataclass(frozen=True, slots=True)
class _Said:
    """A number in words, and where: `latex` is the number itself."""

    number: Written
    latex: str
    start: int
    end: int


def _said_in(text: str) -> list[_Said]:
    """The numbers of a line of text, those that a formula works out (`$2^{31}$ bytes`) as one."""
    worked = [
        _Said(Written(value), str(value), maths.start(1), maths.end(1))
        for maths in _MATHS.finditer(text)
        if number_in(maths[1]) is None and (value := _worked(maths[1])) is not None
    ]
    plain = [_Said(of_match(m), m[0], m.start(), m.end()) for m in NUMBER.finditer(text)]
    plain = [said for said in plain if not any(w.start <= said.start < w.end for w in worked)]
    return sorted([*worked, *plain], key=lambda said: said.start)


def _worked(latex: str) -> Fraction | None:
    """The value of a formula without names (`3 \\times 3` is a size)."""
    if "\\times" in latex or "=" in latex:
        return None
    try:
        return evaluate(latex, {})
    except NotArithmetic:
        return None


def _from_text(
    part: Part, question: Operand | None, answer: JudgedAnswer, wanted: list[Text], oracle: Oracle
) -> PartResult:
    """No formula at all: the last number in the words."""
    found = [(said, line) for line in answer.text for said in _said_in(line.text)]
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
    wanted = [text for text in wanted if number_in(text.text) is not None]
    if not found or not wanted:
        return review(part, "no value was found that could be compared")
    each = {
        said.number.value: _any(_agrees(Operand(said.latex), text, question, part, oracle) for text in wanted)
        for said, _ in found
    }
    last, line = found[-1]
    number, before, after = last.number, line.text[: last.start], line.text[last.end :]
    name = _BEFORE.search(before)
    if part.find and name and not is_label(name[1], part):
        return review(part, OTHER_NAME)
    if another_quantity(before, after, part):
        return review(part, OTHER_NAME)
    if each[number.value]:
        notes = _rounding(Operand(last.latex), wanted)
        return PartResult("correct", earned=part.points, result_line=line.line, notes=notes, cell=line.cell)
    if len(each) > 1 or each[number.value] is None:
        return review(part, SEVERAL)
    entry = _listed(part, last.latex)
    if entry is not None and entry.verdict == "review":
        return review(part, "an answer like this one goes to a person")
    earned = entry.points or 0 if entry else 0
    finding = _finding(line, last.start, last.end)
    if entry is not None and entry.verdict == "partial":
        return partial(part, earned, replace(finding, code="incomplete"), None, hint_of(entry))
    return wrong(part, earned, line.line, (finding,), hint_of(entry), line.cell)


def _finding(line: TextLine, start: int, end: int) -> Finding:
    place = (line.line, line.column + start, line.column + end)
    return Finding("wrong-result", "error", NOT_RESULT, *place, cell=line.cell)
