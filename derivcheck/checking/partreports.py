"""From a checked part to its report: one finding for one cause, lines with their places, marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derivcheck.checking.answers import UNJUDGED, Checked, Marking, PartAnswer, check_part, entry_document
from derivcheck.checking.deciding import Decider
from derivcheck.checking.explaining import Position, finding_of, line_result
from derivcheck.checking.results import LineResult, PartReport
from derivcheck.checking.steps import Step
from derivcheck.findings import Finding, Label
from derivcheck.problems.schema import Item, Part
from derivcheck.record import replace
from derivcheck.source.values import Document

SHOWN_ROLES = ("claim", "definition", "expression", "unreadable")


def position_of(step: Step, document: Document) -> Position:
    """Places of a line's characters in the file; a repaired text has only its beginning."""

    def position(offset: int) -> tuple[int, int, int | None]:
        if step.judged.note:
            offset = min(offset, len(step.piece.text))
        place = document.position(step.place.at(offset))
        return place.line, place.column, place.cell

    return position


def step_results(steps: Sequence[Step], document: Document, file: str) -> tuple[list[LineResult], list[Finding]]:
    """The lines of a walk and their findings; a repeat of a refuted line is carried and has none."""
    lines: list[LineResult] = []
    findings: list[Finding] = []
    for number, step in enumerate(steps):
        position = position_of(step, document)
        role = "carried" if step.carried else ""
        lines.append(line_result(step.judged, step.piece.text, position, role))
        found = None if step.carried else finding_of(step.judged, position, _before(step, steps[:number], document))
        if found is not None and not _said_before(found, step, findings):
            findings.append(replace(found, file=file))
    return lines, findings


def _said_before(found: Finding, step: Step, findings: Sequence[Finding]) -> bool:
    """How names that nothing introduces are read is said once."""
    again = any((f.code, f.message) == (found.code, found.message) for f in findings)
    return again and step.judged.word == "proved" and found.code == "undeclared"


def _before(step: Step, earlier: Sequence[Step], document: Document) -> Label | None:
    """The line that a line continues, else the last claim before it (the last display before a display)."""
    claims = (s for s in reversed(earlier) if s.judged.role == "claim" and s.place.display >= step.place.display)
    before = step.before or next(claims, None)
    if before is None:
        return None
    row, column, _ = position_of(before, document)(0)
    return Label(row, column, column + 1, before.judged.word, before.piece.text)


def report_of(checked: Checked, item: Item, document: Document, file: str, doubts: Sequence[str] = ()) -> PartReport:
    """The report of one part."""
    part, result = checked.part, checked.result
    lines, found = step_results(checked.walker.steps, document, file)
    if part.kind in UNJUDGED:
        found = []  # a person reads it anyway, or it is run as a whole: what was not judged line by line is no news
    errors = {(f.line, f.cell) for f in found if f.severity == "error"}
    extra = [replace(f, file=file) for f in result.findings if f.severity != "error" or (f.line, f.cell) not in errors]
    found = _with_hint([*found, *extra], result.hint, result.first_wrong_line or result.result_line)
    found += [replace(f, severity="note") for f in checked.problems]
    reason = "; ".join([*result.notes, *(doubts if result.verdict in ("review", "missing") else ())])
    return PartReport(
        part.id, item.label, result.verdict, part.points, result.earned, result.waiting, result.lost,
        result.first_wrong_line, tuple(lines), tuple(sorted(found, key=_order)), part.title, reason,
    )  # fmt: skip


def answer_explainer(seed: int) -> Callable[[str, Part], tuple[Finding, ...]]:
    """What is found in an answer of a problem file, with places in its own text: as a student would see it."""
    decider = Decider(seed)

    def explain(text: str, part: Part) -> tuple[Finding, ...]:
        document = entry_document(text, part.kind)
        with_where = replace(part, given=(*part.given, *part.where))
        checked = check_part(with_where, PartAnswer(document, document.blocks), Marking(decider))
        return report_of(checked, Item("", part.id), document, "").findings

    return explain


def reference_of(part: Part) -> list[str]:
    """What the problem says the answer is: for staff only."""
    said = (("asked", part.find or part.show), ("in terms of", part.terms), ("reference", part.answer))
    rows = [f"{word}: {' '.join(text.text.split())}" for word, text in said if text]
    entries = [entry.text.text for entry in part.of("correct")]
    return rows if part.answer or not entries else [*rows, f"right, for example: {' '.join(entries[0].split())}"]


def _order(finding: Finding) -> tuple[int, int, int]:
    return (finding.cell or 0, finding.line, finding.column)


def _with_hint(findings: list[Finding], hint: str, line: int | None) -> list[Finding]:
    """The rubric's hint belongs to the finding of the wrong line; without one it stands alone."""
    if not hint:
        return findings
    for number, finding in enumerate(findings):
        if finding.severity == "error" and finding.line == line:
            return [*findings[:number], replace(finding, help=hint), *findings[number + 1 :]]
    return findings
