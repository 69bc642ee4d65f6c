"""`read`: how each formula is understood; nothing is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from derivcheck.checking.answers import macros_of
from derivcheck.findings import Finding
from derivcheck.language.givens.table import read_givens
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.splitting import split_lines
from derivcheck.record import dataclass
from derivcheck.source.discourse import moves
from derivcheck.source.document import read_document
from derivcheck.source.values import Document

_SUFFIXES = (".md", ".tex", ".txt", ".ipynb", ".markdown", ".pdf", ".docx", ".doc")


@dataclass(frozen=True, slots=True)
class Reading:
    """One formula line: where it stands, as written, as read, what it is there for, what is to be said."""

    line: int
    column: int
    latex: str
    reading: str
    role: str
    findings: tuple[Finding, ...] = ()
    cell: int | None = None

    def as_json(self) -> dict[str, Any]:
        from derivcheck.checking.results import finding_json

        out: dict[str, Any] = {
            "line": self.line,
            "column": self.column,
            "latex": self.latex,
            "reading": self.reading,
            "role": self.role,
            "findings": [finding_json(f) for f in self.findings],
        }
        return out if self.cell is None else {**out, "cell": self.cell}


@dataclass(frozen=True, slots=True)
class Readings:
    items: tuple[Reading, ...]
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        from derivcheck.checking.results import finding_json

        items = [item.as_json() for item in self.items]
        return {"formulas": items, "findings": [finding_json(f) for f in self.findings]}

    @property
    def exit_code(self) -> int:
        if any(f.severity == "error" for f in self.findings):
            return 2
        if not self.items:
            return 4
        return 5 if any(f.severity == "error" for r in self.items for f in r.findings) else 0


def read_target(target: str, given: Sequence[str] = ()) -> Readings:
    """A file's formulas (a path that exists, or that looks like a file), else the claim itself."""
    _, said = read_givens(list(given))
    if Path(target).suffix.lower() in _SUFFIXES or _is_file(target):
        document = read_document(Path(target), target)
        return Readings(tuple(_of_document(document)), (*document.findings, *said))
    items = [_reading(piece.text, n, 1, "claim") for n, piece in enumerate(split_lines(target), 1)]
    return Readings(tuple(items), tuple(said))


def _is_file(target: str) -> bool:
    try:
        return len(target) < 4096 and Path(target).is_file()
    except (OSError, ValueError):
        return False


def _of_document(document: Document) -> Iterator[Reading]:
    macros = macros_of(document)
    for move in moves(document.blocks):
        if move.formula is None:
            continue
        for piece in split_lines(move.formula.latex):
            place = document.position(move.formula.span.start + piece.offset)
            yield _reading(piece.text, place.line, place.column, move.role, macros, place.cell)


def _reading(
    latex: str, line: int, column: int, role: str, macros: Any = None, cell: int | None = None
) -> Reading:
    parsed = parse(latex, macros)
    return Reading(line, column, latex, show(parsed.node), role, parsed.findings, cell)


def show_readings(readings: Readings, style: Any) -> str:
    """One row a formula: place, what it is there for, as read; problems below it."""
    rows = [f"{f.severity}[{f.code}] {f.message}" for f in readings.findings]
    for item in readings.items:
        place = f"cell {item.cell}:{item.line}" if item.cell is not None else str(item.line)
        rows.append(f"{place:>6}  {item.role:<12} {item.reading}")
        rows += [f"{'':>6}  {'':<12} {f.severity}[{f.code}] {f.message}" for f in item.findings]
    return "\n".join(rows) or "no formula was found"
