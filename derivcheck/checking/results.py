"""What was judged, as plain values: one for each line, claim, part and file. Reporting reads only these."""

from __future__ import annotations

from typing import Any

from derivcheck.deciding.verdict import Counterexample, Verdict
from derivcheck.findings import Finding
from derivcheck.record import dataclass, field


@dataclass(frozen=True, slots=True)
class LineResult:
    """One judged line. `line` is 1-based (of the claim, or of the file); `role` 'claim', 'definition', 'condition',
    'goal', 'restatement' or 'carried' (a repeat of a line already refuted)."""

    line: int
    latex: str
    reading: str
    relation: str
    verdict: Verdict
    role: str = "claim"
    cell: int | None = None

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "line": self.line,
            "latex": self.latex,
            "reading": self.reading,
            "relation": self.relation,
            "verdict": self.verdict.word,
            "evidence": self.verdict.evidence,
        }
        if self.role != "claim":
            out["role"] = self.role
        if self.cell is not None:
            out["cell"] = self.cell
        if self.verdict.counterexample is not None:
            out["counterexample"] = counterexample_json(self.verdict.counterexample)
        return out


def counterexample_json(example: Counterexample) -> dict[str, Any]:
    out: dict[str, Any] = {
        "dims": example.dims,
        "values": example.values,
        "left": example.left,
        "right": example.right,
    }
    if example.entry:
        out["entry"] = list(example.entry)
    if example.note:
        out["note"] = example.note
    return out


def finding_json(finding: Finding) -> dict[str, Any]:
    """The JSON of a finding: empty fields are left out, except those the contract promises."""
    out: dict[str, Any] = {
        "code": finding.code,
        "severity": finding.severity,
        "line": finding.line,
        "column": finding.column,
        "end_column": finding.end_column,
        "message": finding.message,
        "help": finding.help,
    }
    if finding.label:
        out["label"] = finding.label
    if finding.notes:
        out["notes"] = list(finding.notes)
    if finding.related:
        out["related"] = [{"line": r.line, "column": r.column, "message": r.message} for r in finding.related]
    if finding.cell is not None:
        out["cell"] = finding.cell
    return out


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """`verify`: one claim or chain. `sources` are its lines as written, for the report."""

    id: str | None
    verdict: str
    first_wrong: int | None
    lines: tuple[LineResult, ...]
    findings: tuple[Finding, ...]
    seconds: float
    sources: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 right, 1 refuted, 4 nothing to check, 5 a person must look."""
        if all(line.role == "expression" for line in self.lines):
            return 4
        return {"refuted": 1, "unreadable": 5, "undecided": 5}.get(self.verdict, 0)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "verdict": self.verdict,
            "first_wrong": self.first_wrong,
            "lines": [line.as_json() for line in self.lines],
            "findings": [finding_json(f) for f in self.findings],
            "seconds": round(self.seconds, 4),
        }


@dataclass(frozen=True, slots=True)
class PartReport:
    """One part of a paper. verdict: correct, partial, wrong, review, manual or missing."""

    problem: str
    label: str
    verdict: str
    points: float | None
    earned: float | None
    waiting: float | None
    lost: float | None
    first_wrong_line: int | None
    lines: tuple[LineResult, ...]
    findings: tuple[Finding, ...]
    title: str = ""
    reason: str = ""
    staff: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        out = {
            "problem": self.problem,
            "label": self.label,
            "verdict": self.verdict,
            "points": self.points,
            "earned": self.earned,
            "waiting": self.waiting,
            "lost": self.lost,
            "first_wrong_line": self.first_wrong_line,
            "lines": [line.as_json() for line in self.lines],
            "findings": [finding_json(f) for f in self.findings],
        }
        if self.reason:
            out["reason"] = self.reason
        return {**out, "staff": list(self.staff)} if self.staff else out


@dataclass(frozen=True, slots=True)
class FileReport:
    """`check`: a whole file. `texts` are its lines, for showing places; findings are those of no part."""

    file: str
    assignment: str | None
    seed: int
    version: str
    parts: tuple[PartReport, ...]
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    texts: tuple[str, ...] = ()
    source: str = "typed"
    cells: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        words: dict[str, int] = {}
        lines: dict[str, int] = {}
        for part in self.parts:
            words[part.verdict] = words.get(part.verdict, 0) + 1
            for line in part.lines:
                lines[line.verdict.word] = lines.get(line.verdict.word, 0) + 1
        return {"parts": words, "lines": lines, "source": self.source, "seconds": round(self.seconds, 3)}

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "assignment": self.assignment,
            "seed": self.seed,
            "version": self.version,
            "parts": [part.as_json() for part in self.parts],
            "findings": [finding_json(f) for f in self.findings],
            "summary": self.summary(),
        }
