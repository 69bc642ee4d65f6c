"""Any answer with the asked property is right: the reference is only one of them."""

from __future__ import annotations

from derivcheck.kinds.asked import asked_of
from derivcheck.kinds.expression import NOT_ASKED, NOT_RESULT
from derivcheck.kinds.interface import JudgedAnswer, Operand, Oracle, PartResult
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
from derivcheck.kinds.matching import same
from derivcheck.kinds.results import Candidate, offered, read_or_text
from derivcheck.problems.schema import Part
from derivcheck.terms.tensor import Tensor


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    question = read_or_text(part.find, oracle)
    stated = [c for c in offered(question, answer, frozenset(part.choice), oracle) if c.relation == "="]
    readable = [c for c in stated if c.operand.tensor is not None]
    if not readable:
        return review(part, "no line states the value that was asked for")
    tensor = readable[-1].operand.tensor
    assert tensor is not None
    # A result said again further down stands where it was said first.
    result = next(c for c in readable if c.operand.tensor is not None and same(c.operand.tensor, tensor))
    entry = matching_entry(part, ("review", "wrong", "partial"), result, oracle, question)
    if entry is not None and entry.verdict == "review":
        return review(part, "an answer like this one goes to a person", result.line)
    named_wrong = entry is not None and entry.verdict == "wrong"
    if result.line.conditional and not named_wrong:
        return review(part, "stated under a condition only: a person decides", result.line)
    word = "refuted" if named_wrong else _property(part, tensor, oracle)
    if word == "refuted":
        earned = max(entry.points or 0 if entry else 0, credit_earned(part, answer, oracle, result.line))
        findings = (at_line("wrong-result", NOT_RESULT, result.line),)
        return wrong(part, earned, result.line.line, findings, hint_of(entry), result.line.cell)
    if word != "proved":
        return review(part, "whether this has the asked property could not be decided", result.line)
    if not asked_of(part, oracle).allows(tensor, answer.model, answer.own):
        return partial(part, 0, at_line("not-asked-terms", NOT_ASKED, result.line), result.line)
    return _unless_refuted(part, answer, result)


def _unless_refuted(part: Part, answer: JudgedAnswer, result: Candidate) -> PartResult:
    refuted = first_refuted(answer)
    if refuted is not None:
        return review(part, "the result is right, but a line of the answer is refuted", refuted)
    return correct(part, result.line)


def _property(part: Part, tensor: Tensor, oracle: Oracle) -> str:
    """Equal to the reference, or with every required property."""
    reference: Operand | None = read_or_text(part.answer, oracle)
    if reference is not None and reference.tensor is not None:
        same = len(reference.tensor.axes) == len(tensor.axes)
        if same and oracle.relate(tensor, "=", reference.tensor).word == "proved":
            return "proved"
    name = part.find.text.strip() if part.find else ""
    words = [oracle.claim(line.text, {name: tensor}).word for line in part.requires]
    if "refuted" in words:
        return "refuted"
    return "proved" if words and all(word == "proved" for word in words) else "undecided"
