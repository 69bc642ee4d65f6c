"""From what was found to a verdict with points: earned, waiting for a person, lost.

Full when correct; else the best of a matching entry's points and the credit for lines proved before the first
wrong one. What could not be decided waits for a person and never costs marks.
"""

from __future__ import annotations

from collections.abc import Iterable

from derivcheck.findings import Finding
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand, Oracle, PartResult
from derivcheck.kinds.matching import same, squeezed
from derivcheck.kinds.results import Candidate, candidates, entry_result
from derivcheck.problems.schema import Entry, Part, Text


def correct(part: Part, line: JudgedLine | None = None, notes: Iterable[str] = ()) -> PartResult:
    return PartResult("correct", earned=part.points, result_line=_at(line), notes=tuple(notes), cell=_cell(line))


def review(
    part: Part, reason: str, line: JudgedLine | None = None, secured: float = 0, findings: Iterable[Finding] = ()
) -> PartResult:
    """A person must look: what is secured is earned, the rest waits."""
    waiting = max(part.points - secured, 0)
    return PartResult(
        "review", secured, waiting, 0, tuple(findings), result_line=_at(line), notes=(reason,), cell=_cell(line)
    )


def partial(part: Part, earned: float, finding: Finding, line: JudgedLine | None = None, hint: str = "") -> PartResult:
    earned = min(earned, part.points)
    return PartResult(
        "partial", earned, 0, part.points - earned, (finding,), result_line=_at(line), hint=hint, cell=_cell(line)
    )


def wrong(
    part: Part,
    earned: float,
    line: int | None,
    findings: Iterable[Finding] = (),
    hint: str = "",
    cell: int | None = None,
) -> PartResult:
    earned = min(earned, part.points)
    return PartResult("wrong", earned, 0, part.points - earned, tuple(findings), line, line, hint, cell=cell)


def unanswered(part: Part, answer: JudgedAnswer) -> PartResult:
    """Nothing stands here: missing, or, where the answer may stand elsewhere in the paper, for a person to find."""
    if not answer.located:
        return review(part, "the answer could not be located")
    return PartResult("missing", lost=part.points)


def manual(part: Part) -> PartResult:
    return PartResult("manual", waiting=part.points)


def _at(line: JudgedLine | None) -> int | None:
    return line.line if line else None


def _cell(line: JudgedLine | None) -> int | None:
    return line.cell if line else None


JUDGED = ("claim", "definition", "expression")


def first_refuted(answer: JudgedAnswer) -> JudgedLine | None:
    """The first line that is certainly wrong (not one that only repeats it, nor under a condition of the student's)."""
    refuted = (line for line in answer.lines if line.word == "refuted" and not line.carried and line.role in JUDGED)
    return next(refuted, None)


def at_line(code: str, message: str, line: JudgedLine, help: str = "", severity: str = "error") -> Finding:
    end = line.end_column or line.column + 1
    return Finding(code, severity, message, line.line, line.column, end, help=help, cell=line.cell)


def credit_earned(part: Part, answer: JudgedAnswer, oracle: Oracle, before: JudgedLine | None = None) -> float:
    """The credit for lines shown right before the first wrong one, at most the part's points."""
    lines = answer.lines
    if before is not None:
        lines = lines[: lines.index(before)] if before in lines else lines
    early = JudgedAnswer(lines, answer.text, answer.model, answer.own)
    return min(sum(credit.points for credit in part.credit if has_line(credit.text, early, oracle)), part.points)


def has_line(claim: Text, answer: JudgedAnswer, oracle: Oracle) -> bool:
    """Does a shown line (or several of one chain) of the answer state this?"""
    wanted = [line for line in oracle.read_entry(claim.text) if len(line.operands) >= 2]
    if not wanted:
        return False
    left, right = wanted[0].operands[0], wanted[-1].operands[-1]
    relation = wanted[-1].relations[-1] if wanted[-1].relations else "="
    if right.tensor is None:
        return False
    for candidate in candidates(left, answer):
        tensor = candidate.operand.tensor
        if tensor is None or candidate.word not in ("proved", "holds") or candidate.relation not in (relation, "="):
            continue
        if candidate.match is not None and candidate.match.numbered:
            continue  # of the first member alone
        reference = candidate.match.apply(right.tensor) if candidate.match else right.tensor
        if same(tensor, reference) or oracle.relate(tensor, "=", reference).word in ("proved", "holds"):
            return True
    return False


def matching_entry(
    part: Part, verdicts: tuple[str, ...], result: Candidate, oracle: Oracle, asked: Operand | None
) -> Entry | None:
    """The entry of the problem file whose result is proved equal to this one; the most points first."""
    tensor = result.operand.tensor
    entries = [entry for verdict in verdicts for entry in part.of(verdict)]
    for entry in sorted(entries, key=lambda e: -(e.points or 0)):
        if tensor is None:  # its shapes do not conform: only the same text is the same
            if squeezed(entry.text.text.split("=")[-1]) == squeezed(result.operand.latex):
                return entry
            continue
        stated = entry_result(entry, asked, oracle)
        if stated is None or stated.operand.tensor is None or stated.operand.order != result.operand.order:
            continue
        reference = stated.operand.tensor
        if result.match is not None and _own_indices(stated):
            reference = result.match.apply(reference)
        if len(reference.axes) == len(tensor.axes) and (
            same(tensor, reference) or oracle.relate(tensor, "=", reference).word == "proved"
        ):
            return entry
    return None


def _own_indices(stated: Candidate) -> bool:
    """Does the entry write what was asked with the question's own indices? (It may be one entry of it.)"""
    return stated.match is None or stated.match.entry is None


def hint_of(entry: Entry | None) -> str:
    return entry.hint.text if entry is not None and entry.hint is not None else ""
