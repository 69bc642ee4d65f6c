"""A proof is asked for: claims named by the problem must each stand there and follow. A refuted line makes it wrong,
as the question states the result; whether the words join the lines into a proof, a person reads."""

from __future__ import annotations

from derivcheck.kinds import chain
from derivcheck.kinds.interface import JudgedAnswer, Oracle, PartResult
from derivcheck.kinds.marks import correct, credit_earned, first_refuted, has_line, review, unanswered, wrong
from derivcheck.problems.schema import Part, Text


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    if part.show is not None:
        return chain.judge(part, answer, oracle)
    refuted = first_refuted(answer)
    if refuted is not None:
        return wrong(part, credit_earned(part, answer, oracle, refuted), refuted.line, cell=refuted.cell)
    if part.requires and all(has_line(Text((line,)), answer, oracle) for line in part.requires):
        return correct(part, answer.lines[-1] if answer.lines else None)
    return review(part, "a proof is read by a person", secured=credit_earned(part, answer, oracle))
