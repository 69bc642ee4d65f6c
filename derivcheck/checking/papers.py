"""`check`: a written answer, part by part, line by line; or, with no problem behind it, every derivation of a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from derivcheck import __version__
from derivcheck.checking.answers import Checked, Marking, PartAnswer, check_part
from derivcheck.checking.deciding import Assistant, Decider
from derivcheck.checking.notes.notes import check_notes
from derivcheck.checking.partreports import reference_of, report_of
from derivcheck.checking.results import FileReport, PartReport
from derivcheck.findings import Finding
from derivcheck.problems.bank import Bank
from derivcheck.problems.schema import Assignment, Item, Line, Part
from derivcheck.record import dataclass, field, replace
from derivcheck.source.document import read_document
from derivcheck.source.locating import Located, PartSpec, locate
from derivcheck.source.values import Document

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What `check` was asked: see the command's help."""

    file: str
    data: bytes | None = None
    assignment: str | None = None
    problems: tuple[str, ...] = ()
    bank: Path | None = None
    given: tuple[str, ...] = ()
    source: str = "auto"
    layout: str | None = None
    reveal: str = "student"
    seed: int = 7
    assistant: Assistant | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    report: FileReport
    exit_code: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The parts to look for, each with its item (how it is headed, what it is worth)."""

    items: tuple[tuple[Item, Part], ...] = ()
    findings: tuple[Finding, ...] = ()
    name: str | None = None
    paper: bool = field(default=False)


def check_file(request: Request, progress: Progress | None = None) -> Outcome:
    """Read, locate, judge. Whatever is wrong with the file or the problem files is a finding."""
    start = time.perf_counter()
    if request.data is not None:
        document = read_document(request.data, "standard-input.md")
    else:
        document = read_document(Path(request.file), request.file)
    sheet = _sheet(request)
    kind = document.source_kind if request.source == "auto" else request.source
    decider = Decider(request.seed, assistant=request.assistant)
    marking = Marking(decider, ocr=kind == "ocr", layout=_layout(request.layout))
    findings = tuple(document.findings) + sheet.findings
    parts: tuple[PartReport, ...] = ()
    if not any(f.severity == "error" for f in findings):
        if sheet.paper:
            parts = _parts(document, sheet, marking, request, progress)
        else:
            notes = check_notes(document, request.given, marking)
            parts, findings = notes.parts, (*findings, *notes.findings)
    report = FileReport(
        request.file, sheet.name, request.seed, __version__, parts, _filed(findings, request.file),
        time.perf_counter() - start, tuple(document.text.split("\n")), kind, _cells(document),
    )  # fmt: skip
    return Outcome(report, exit_code(report))


def _layout(name: str | None) -> str | None:
    return None if name is None else "default" if name == "jacobian" else name


def _filed(findings: Sequence[Finding], file: str) -> tuple[Finding, ...]:
    return tuple(replace(f, file=f.file or file) for f in findings)


def _cells(document: Document) -> dict[int, tuple[str, ...]]:
    return {s.cell: tuple(document.text[s.start : s.end].split("\n")) for s in document.segments if s.cell is not None}


def exit_code(report: FileReport) -> int:
    """0 right · 1 wrong or partial · 2 bad input · 4 nothing to check · 5 something waits for a person."""
    words = {part.verdict for part in report.parts}
    if words & {"wrong", "partial"}:
        return 1
    codes = {f.code for f in report.findings if f.severity == "error"}
    if codes - {"nothing-to-check"}:
        return 2
    if not words or codes:
        return 4
    return 5 if words & {"review", "missing"} else 0


# the sheet -----------------------------------------------------------------------------------------------------


def _sheet(request: Request) -> _Sheet:
    bank = Bank.of([request.bank] if request.bank else [])
    items: list[tuple[Item, Part]] = []
    findings: list[Finding] = []
    paper: Assignment | None = None
    if request.assignment is not None:
        paper, said = bank.assignment(request.assignment)
        findings += said
        for item in paper.items if paper else ():
            part, _ = bank.find(item.problem)
            if part is not None:
                items.append((item, part if item.points is None else replace(part, points=item.points)))
    for id in request.problems:
        found, said = bank.find_all(id)
        findings += said
        items += [(Item("", part.id), part) for part in found]
    asked = request.assignment is not None or bool(request.problems)
    return _Sheet(tuple(items), tuple(findings), paper.id if paper else None, asked)


# the parts -----------------------------------------------------------------------------------------------------


def _parts(
    document: Document, sheet: _Sheet, marking: Marking, request: Request, progress: Progress | None
) -> tuple[PartReport, ...]:
    located = locate(document, [_spec(item, part) for item, part in sheet.items])
    reports: list[PartReport] = []
    given = tuple(Line(text, 0, 0) for text in request.given)
    for number, (item, part) in enumerate(sheet.items):
        if progress:
            progress(f"part {number + 1} of {len(sheet.items)}: {part.id}")
        answer = _answer(document, located, number, len(sheet.items))
        checked = check_part(replace(part, given=part.given + given), answer, marking)
        report = report_of(checked, item, document, request.file, located.answers[number].doubts)
        if request.reveal == "staff":
            report = replace(report, staff=(*reference_of(part), *checked.result.staff))
        reports.append(report)
    return _said_once(reports)


def _said_once(reports: Sequence[PartReport]) -> tuple[PartReport, ...]:
    """Parts that share an answer share its lines: each finding is told in the first of them."""
    told: set[tuple[str, int, int, int | None]] = set()
    out = []
    for report in reports:
        fresh = [f for f in report.findings if (f.code, f.line, f.column, f.cell) not in told]
        told |= {(f.code, f.line, f.column, f.cell) for f in report.findings if f.line}
        out.append(replace(report, findings=tuple(fresh)))
    return tuple(out)


def _spec(item: Item, part: Part) -> PartSpec:
    ask = part.ask.text if part.ask else ""
    formulas = tuple(text.text for text in (part.find, part.show) if text)
    return PartSpec(part.id, item.label, ask, formulas, part.kind, item.section, getattr(item, "also", ()))


def _answer(document: Document, located: Located, number: int, total: int) -> PartAnswer:
    found = located.answers[number]
    blocks = tuple(document.blocks[i] for i in found.blocks)
    questions = frozenset(n for n, i in enumerate(found.blocks) if i in set(found.questions))
    sure = found.found or not located.unassigned
    return PartAnswer(document, blocks, questions, sure)


__all__ = ["Checked", "Outcome", "Request", "check_file", "exit_code"]
