"""A bound is asked for: valid, in the terms asked, and as tight as the reference (a tighter one is as right)."""

from __future__ import annotations

from derivcheck.kinds.asked import Asked, asked_of
from derivcheck.kinds.expression import NOT_RESULT
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
from derivcheck.kinds.results import Candidate, offered, question_and_reference
from derivcheck.problems.schema import Part
from derivcheck.record import dataclass, replace
from derivcheck.terms.tensor import Tensor

STEP_OPEN = "the bound is right, but a step to it could be neither proved nor refuted"
_STRICT = {"<": "<=", ">": ">="}
_BACK = {"<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class _Bound:
    """One stated bound: valid 'proved', 'holds', 'refuted' or 'undecided'; tight 'tight', 'loose' or 'unknown';
    reference: it is the reference itself, stated at once."""

    candidate: Candidate
    valid: str
    tight: str
    in_terms: bool
    reference: bool = False


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    written = "\\ge" if part.relation in (">", ">=") else "\\le"
    question, reference = question_and_reference(part.find, written, part.answer, oracle)
    if question is None or question.tensor is None or reference is None or reference.tensor is None:
        return review(part, "the reference could not be read")
    asked = asked_of(part, oracle)
    found = offered(question, answer, frozenset(part.choice), oracle)
    side = _STRICT.get(part.relation, part.relation)
    bounds = [_judge_bound(c, side, question.tensor, reference.tensor, asked, answer, oracle) for c in found]
    if not bounds:
        return review(part, "no line states a bound for what was asked", first_refuted(answer),
                      credit_earned(part, answer, oracle, first_refuted(answer)))  # fmt: skip
    return _verdict(part, bounds, question, answer, oracle)


def _judge_bound(
    candidate: Candidate,
    side: str,
    question: Tensor,
    reference: Tensor,
    asked: Asked,
    answer: JudgedAnswer,
    oracle: Oracle,
) -> _Bound:
    tensor = candidate.operand.tensor
    if tensor is None:
        return _Bound(candidate, "undecided", "unknown", False)
    if candidate.match is not None:
        question, reference = candidate.match.apply(question), candidate.match.apply(reference)
    relation = candidate.relation if candidate.match is not None else side
    in_terms = asked.allows(tensor, answer.model, answer.own)
    if _STRICT.get(relation, relation) == _BACK[side]:
        return _Bound(candidate, "reversed", "unknown", in_terms)
    valid = candidate.word if candidate.match is not None else oracle.relate(question, side, tensor).word
    if valid in ("undecided", "unreadable", "holds"):
        whole = oracle.relate(question, relation, tensor).word
        valid = whole if whole in ("proved", "refuted") else valid
    stated = _is_reference(candidate, relation, side, reference, oracle)
    return _Bound(candidate, valid, _tightness(tensor, side, reference, oracle), in_terms, stated)


def _is_reference(candidate: Candidate, relation: str, side: str, reference: Tensor, oracle: Oracle) -> bool:
    """Is it the reference, stated at once? (A step on the way to it that was not decided is for a person.)"""
    tensor = candidate.operand.tensor
    if tensor is None or relation != side or len(candidate.words) > 1:
        return False
    return oracle.relate(tensor, "=", reference).word == "proved"


def _tightness(tensor: Tensor, side: str, reference: Tensor, oracle: Oracle) -> str:
    """As tight as the reference, or looser, or not known: both directions are asked."""
    if oracle.relate(tensor, "=", reference).word in ("proved", "holds"):
        return "tight"
    inner = oracle.relate(tensor, side, reference)
    if inner.word == "proved":
        return "tight"
    return "loose" if inner.word == "refuted" else "unknown"


def _verdict(
    part: Part, bounds: list[_Bound], question: Operand, answer: JudgedAnswer, oracle: Oracle
) -> PartResult:
    last = next((b for b in reversed(bounds) if b.in_terms), bounds[-1])
    good = [b for b in bounds if b.in_terms and b.valid == "proved" and b.tight == "tight"]
    shown = [b for b in good if b.candidate.shown or b.reference]
    refuted = first_refuted(answer)
    secured = credit_earned(part, answer, oracle, refuted)
    if last.valid == "refuted":
        return _wrong(part, last, question, answer, oracle)
    if shown and refuted is None:
        return correct(part, shown[-1].candidate.line)
    if good and refuted is None:
        return review(part, STEP_OPEN, good[-1].candidate.line, secured)
    if good:
        looked = review(part, "the bound is right, but a line of the answer is refuted", refuted, secured)
        return replace(looked, first_wrong_line=refuted.line if refuted else None)
    if refuted is not None or last.valid == "reversed":
        return _wrong(part, last, question, answer, oracle)
    line = last.candidate.line
    if last.valid != "proved" and last.reference and last.in_terms:
        return correct(part, line, ("equal to the reference; no step to it is shown",))
    if last.valid != "proved":
        return review(part, "the bound could be neither proved nor refuted", line, secured)
    if not last.in_terms:
        entry = matching_entry(part, ("partial",), last.candidate, oracle, question)
        finding = at_line("not-asked-terms", "this is true, but not in the terms asked", line)
        return partial(part, max(secured, entry.points or 0 if entry else 0), finding, line, hint_of(entry))
    if last.tight == "unknown":
        return review(part, "a valid bound; whether it is as tight as asked could not be decided", line, secured)
    entry = matching_entry(part, ("partial",), last.candidate, oracle, question)
    finding = at_line("loose-bound", "a valid bound, looser than asked", line)
    return partial(part, max(secured, entry.points or 0 if entry else 0), finding, line, hint_of(entry))


def _wrong(part: Part, last: _Bound, question: Operand, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    refuted = first_refuted(answer)
    line = last.candidate.line
    own = last.valid in ("refuted", "reversed")  # else the bound itself is none of what is wrong
    first = refuted if refuted is not None and (refuted.line <= line.line or not own) else line
    alone = last.valid == "refuted" and (refuted is None or refuted is line)
    listed = ("review", "wrong") if alone else ("wrong",)  # a review entry stands for its bound, not for other slips
    entry = matching_entry(part, listed, last.candidate, oracle, question)
    if entry is not None and entry.verdict == "review":
        return review(part, "an answer like this one goes to a person", line)
    earned = max(credit_earned(part, answer, oracle, first), entry.points or 0 if entry else 0)
    findings = () if first.word == "refuted" else (at_line("wrong-result", NOT_RESULT, first),)
    return wrong(part, earned, first.line, findings, hint_of(entry), first.cell)
