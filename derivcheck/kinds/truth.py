"""True or false, yes or no: the word alone is judged; what explains it is for a person."""

from __future__ import annotations

from derivcheck.findings import Finding
from derivcheck.kinds.interface import JudgedAnswer, Oracle, PartResult
from derivcheck.kinds.marks import review, unanswered, wrong
from derivcheck.problems.schema import Part

_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    reference = _WORDS.get(part.answer.text.strip().lower()) if part.answer else None
    if reference is None:
        return review(part, "the reference is neither true nor false")
    first = answer.truth_at or next((line for line in answer.text if line.text.strip()), None)
    place = first.line if first else answer.lines[0].line
    if answer.truth is None:
        return review(part, "the answer says neither true nor false in so many words")
    if answer.truth == reference:
        return PartResult("correct", earned=part.points, result_line=place, cell=first.cell if first else None)
    column, text = (first.column, first.text) if first else (1, "")
    finding = Finding(
        "truth-value", "error", "this is not the verdict on the statement", place, column, column + max(len(text), 1),
        cell=first.cell if first else None,
    )  # fmt: skip
    return wrong(part, 0, place, (finding,), cell=first.cell if first else None)
