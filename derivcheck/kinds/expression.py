"""An expression is asked for: the result equals the reference and is in the terms asked, and its chain holds."""

from __future__ import annotations

import re
from itertools import permutations

from derivcheck.deciding.verdict import Verdict
from derivcheck.findings import Finding
from derivcheck.kinds.asked import Asked, asked_of
from derivcheck.kinds.cases import cases_of, leave_nothing_out, some_entries
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand, Oracle, PartResult
from derivcheck.kinds.loose import at_the_class, loose_indices
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
from derivcheck.kinds.results import (
    Candidate,
    of_equals,
    offered,
    only_repeats,
    question_and_reference,
    targets,
    under_own_name,
)
from derivcheck.problems.schema import Entry, Part, Text
from derivcheck.record import dataclass, replace
from derivcheck.terms.algebra_core import as_column, is_row
from derivcheck.terms.node import Var
from derivcheck.terms.tensor import Tensor

NOT_ASKED = "this is true, but not in the terms asked"
NOT_RESULT = "this is not what was asked"
ENTRY = "this is an entry of what was asked, which is not said"
SOME_CASES = "this is right, but it is said of some entries or cases only"
_DERIVATIVE = re.compile(r"\\partial|\\nabla")
LAYOUT_ONLY = "equal up to the layout of the derivative, and no convention is stated"


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate against the reference: 'right', 'wrong', 'layout' (right in the other layout), 'entry' (what one
    entry of it is), 'case' (right, of some entries or cases only) or 'unknown'."""

    candidate: Candidate
    status: str
    in_terms: bool = True
    tested: bool = False
    code: str = ""

    @property
    def line(self) -> JudgedLine:
        return self.candidate.line


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    """One result after another where several are asked for; the part is worth what the weakest is."""
    if answer.empty:
        return unanswered(part, answer)
    asked = asked_of(part, oracle)
    wanted = targets(part.find, part.answer)
    results = [_judge_one(part, find, reference, asked, answer, oracle) for find, reference in wanted]
    return results[0] if len(results) == 1 else _together(part, results, answer, oracle)


def _judge_one(
    part: Part, find: Text | None, reference: Text | None, asked: Asked, answer: JudgedAnswer, oracle: Oracle
) -> PartResult:
    question, target = question_and_reference(find, "=", reference, oracle)
    target = question if reference is None else target
    found = offered(question, answer, frozenset(part.choice), oracle)
    stated = [c for c in found if c.relation == "="] or of_equals(question, answer, oracle)
    if not stated:
        named = under_own_name(answer, target.tensor) if target is not None and target.tensor is not None else None
        judged = _compare(named, target, asked, answer, oracle, part) if named is not None and target else None
        if judged is None or judged.status != "right" or not judged.in_terms:
            return _no_result(part, question, answer, oracle)
        return _right(part, judged, question, answer, oracle)
    if target is None or target.tensor is None:
        return review(part, "the reference could not be read", stated[-1].line)
    judged = [_compare(c, target, asked, answer, oracle, part) for c in stated]
    return _verdict(part, judged, question, answer, oracle)


def _compare(
    candidate: Candidate, target: Operand, asked: Asked, answer: JudgedAnswer, oracle: Oracle, part: Part
) -> Judged:
    tensor = candidate.operand.tensor
    if tensor is None and candidate.line.word == "refuted" and not candidate.line.conditional:
        return Judged(candidate, "wrong", code=candidate.line.code)  # its own shapes do not conform
    if tensor is None or target.tensor is None:
        return Judged(candidate, "unknown")
    reference = candidate.match.apply(target.tensor) if candidate.match else target.tensor
    in_terms = asked.allows(tensor, answer.model, answer.own)
    verdict = oracle.relate(tensor, "=", reference)
    if verdict.word != "proved" and cases_of(candidate.line) and candidate.match and candidate.line.role == "claim":
        words = {"proved": "case", "holds": "case", "refuted": "wrong"}
        return Judged(candidate, words.get(candidate.line.word, "unknown"), in_terms)
    if verdict.word == "proved" and some_entries(candidate, oracle.givens()):
        return Judged(candidate, "case", in_terms)
    if verdict.word == "proved" or (verdict.word == "holds" and widely_tested(verdict)):
        return Judged(candidate, "right", in_terms, verdict.word == "holds")
    if verdict.code in ("layout", "layout-only") or _row_for_column(candidate, reference, verdict, part, oracle):
        stated = part.layout or any(c.startswith(("layout", "gradient-row")) for c in answer.conventions)
        return Judged(candidate, "wrong" if stated else "layout", in_terms, code="layout")
    if verdict.code == "shape-mismatch" and candidate.match is None and _is_entry(tensor, reference, oracle):
        return Judged(candidate, "entry", in_terms)
    loose = candidate.line.word != "refuted" and verdict.code != "shape-mismatch" and loose_indices(tensor, reference)
    if verdict.word == "refuted" and loose:
        return Judged(candidate, at_the_class(tensor, reference, answer, oracle), in_terms)
    if verdict.word == "refuted" and not candidate.line.conditional:
        return Judged(candidate, "wrong", in_terms, code=verdict.code)
    return Judged(candidate, "unknown", in_terms)


def _row_for_column(
    candidate: Candidate, reference: Tensor, verdict: Verdict, part: Part, oracle: Oracle
) -> bool:
    """Is it the gradient that was asked for, written as a row?"""
    tensor = candidate.operand.tensor
    if verdict.code != "shape-mismatch" or len(reference.axes) != 1 or tensor is None or not is_row(tensor):
        return False
    if candidate.match is not None and candidate.line.code != "layout-only":
        return False
    if part.find is None or not _DERIVATIVE.search(part.find.text):
        return False
    return oracle.relate(as_column(tensor), "=", reference).word == "proved"


def _is_entry(tensor: Tensor, reference: Tensor, oracle: Oracle) -> bool:
    """Is a bare expression in as many free indices as the reference has axes its entry at these?"""
    free = tensor.body.free - set(tensor.axes)
    if tensor.axes or not reference.axes or len(free) != len(reference.axes):
        return False
    whole = reference.renamed()
    entries = (Tensor((), whole.at([Var(i) for i in order])) for order in permutations(free))
    return any(oracle.relate(tensor, "=", entry).word == "proved" for entry in entries)


def widely_tested(verdict: Verdict) -> bool:
    """Was an equality that `holds` tested where dimensions are more than one? (With all of them 1, most slips pass.)"""
    sizes = [d for d in verdict.evidence.get("dimensions", ()) if isinstance(d, dict)]
    return not sizes or any(all(n > 1 for n in d.values()) for d in sizes)


def _verdict(
    part: Part, judged: list[Judged], question: Operand | None, answer: JudgedAnswer, oracle: Oracle
) -> PartResult:
    right = [k for k, j in enumerate(judged) if j.status == "right" and j.in_terms]
    wrongs = [k for k, j in enumerate(judged) if j.status == "wrong"]
    if wrongs and (not right or wrongs[-1] > right[-1]):
        later = judged[wrongs[-1] + 1 :]
        if any(j.status == "unknown" for j in later) and judged[-1].candidate.line is not judged[wrongs[-1]].line:
            return _undecided(part, judged[-1], answer, oracle)
        return _wrong(part, judged[wrongs[-1]], question, answer, oracle)
    if right:
        return _right(part, judged[right[-1]], question, answer, oracle)
    cases = [j for j in judged if j.status == "case"]
    if cases and len(cases) == len(judged):
        return _of_cases(part, cases, question, answer, oracle)
    if judged[-1].status == "layout":
        return review(part, LAYOUT_ONLY, judged[-1].line, credit_earned(part, answer, oracle))
    if judged[-1].status == "entry":
        return review(part, ENTRY, judged[-1].line, credit_earned(part, answer, oracle))
    if judged[-1].status == "unknown":
        return _undecided(part, judged[-1], answer, oracle)
    return _not_in_terms(part, judged[-1], question, answer, oracle)


def _right(
    part: Part, result: Judged, question: Operand | None, answer: JudgedAnswer, oracle: Oracle
) -> PartResult:
    """The result is right: does its chain hold, and is there no refuted line beside it?"""
    refuted = first_refuted(answer)
    if refuted is not None:
        looked = review(part, "the result is right, but a line of the answer is refuted", refuted,
                        credit_earned(part, answer, oracle, refuted))  # fmt: skip
        return replace(looked, first_wrong_line=refuted.line)
    weak = result.candidate.word
    if weak in ("undecided", "unreadable"):
        return review(part, f"the result is right, but a step to it is {weak}", result.line,
                      credit_earned(part, answer, oracle))  # fmt: skip
    entry = matching_entry(part, ("review",), result.candidate, oracle, question)
    if entry is not None:
        return review(part, "an answer like this one goes to a person", result.line)
    tested = result.tested or weak == "holds"
    return correct(part, result.line, ("equal wherever it was tested, not proved",) if tested else ())


def _of_cases(
    part: Part, cases: list[Judged], question: Operand | None, answer: JudgedAnswer, oracle: Oracle
) -> PartResult:
    """Every case that is there is right: are they all?"""
    last = cases[-1]
    if not all(j.in_terms for j in cases):
        return _not_in_terms(part, last, question, answer, oracle)
    if leave_nothing_out([j.candidate for j in cases]):
        return _right(part, last, question, answer, oracle)
    if len(cases) > 1 or not answer.located:
        return review(part, SOME_CASES, last.line, credit_earned(part, answer, oracle))
    entry = matching_entry(part, ("partial",), last.candidate, oracle, question)
    earned = max(credit_earned(part, answer, oracle), _points(entry))
    return partial(part, earned, at_line("incomplete", SOME_CASES, last.line), last.line, hint_of(entry))


def _wrong(part: Part, result: Judged, question: Operand | None, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    refuted = first_refuted(answer)
    first = refuted if refuted is not None and refuted.line <= result.line.line else result.line
    entry = matching_entry(part, ("review", "wrong", "partial"), result.candidate, oracle, question)
    if entry is not None and entry.verdict == "review":
        return review(part, "an answer like this one goes to a person", result.line)
    earned = max(credit_earned(part, answer, oracle, first), _points(entry))
    if entry is not None and entry.verdict == "partial":
        return partial(part, earned, at_line("incomplete", "this is not all that was asked", result.line),
                       result.line, hint_of(entry))  # fmt: skip
    findings: tuple[Finding, ...] = ()
    if first is result.line and first.word != "refuted":
        findings = (at_line(result.code or "wrong-result", NOT_RESULT, first),)
    return wrong(part, earned, first.line, findings, hint_of(entry), first.cell)


def _points(entry: Entry | None) -> float:
    return entry.points or 0 if entry is not None else 0


def _undecided(part: Part, result: Judged, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    unread = result.candidate.operand.tensor is None
    reason = "the result could not be read" if unread else "the result could be neither proved nor refuted"
    return review(part, reason, result.line, credit_earned(part, answer, oracle, first_refuted(answer)))


def _not_in_terms(
    part: Part, result: Judged, question: Operand | None, answer: JudgedAnswer, oracle: Oracle
) -> PartResult:
    refuted = first_refuted(answer)
    if refuted is not None:
        return wrong(part, credit_earned(part, answer, oracle, refuted), refuted.line, (), "", refuted.cell)
    entry = matching_entry(part, ("partial",), result.candidate, oracle, question)
    earned = max(credit_earned(part, answer, oracle), _points(entry))
    finding = at_line("not-asked-terms", NOT_ASKED, result.line, "write it in the symbols that the question names")
    return partial(part, earned, finding, result.line, hint_of(entry))


def _no_result(part: Part, question: Operand | None, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    """No line states what was asked: a person looks, unless nothing stands there but the question again."""
    refuted = first_refuted(answer)
    again = only_repeats(question, answer, frozenset(part.choice))
    if again is not None:
        return partial(part, 0, at_line("not-asked-terms", "this states the question again", again), again)
    secured = credit_earned(part, answer, oracle, refuted)
    return review(part, "no line states the result that was asked for", refuted, secured)


def _together(part: Part, results: list[PartResult], answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    """Several results: all right is correct, some wrong is wrong, some not there is partial."""
    words = [result.verdict for result in results]
    for word in ("wrong", "partial"):
        found = next((r for r in results if r.verdict == word), None)
        if found is not None:
            return found
    if all(word == "correct" for word in words):
        return results[-1]
    there = [r for r in results if r.verdict == "correct"]
    absent = [r for r in results if r.verdict == "review" and r.result_line is None]
    if there and len(there) + len(absent) == len(results) and _all_read(answer):
        line = next(line for line in answer.lines if line.line == there[-1].result_line)
        entry_points = max((entry.points or 0 for entry in part.of("partial")), default=0)
        earned = max(entry_points, credit_earned(part, answer, oracle))
        return partial(part, earned, at_line("incomplete", "not all that was asked is here", line), line)
    return next(r for r in results if r.verdict != "correct")


def _all_read(answer: JudgedAnswer) -> bool:
    return answer.located and all(line.word not in ("undecided", "unreadable") for line in answer.lines)
