"""Prose by nature: marked by people. Only whether something was written is seen here."""

from __future__ import annotations

from derivcheck.kinds import marks
from derivcheck.kinds.interface import JudgedAnswer, Oracle, PartResult
from derivcheck.problems.schema import Part


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    return marks.unanswered(part, answer) if answer.empty else marks.manual(part)
