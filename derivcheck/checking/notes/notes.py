"""A student's own notes, with no problem behind them: every derivation against what the notes themselves declare."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.checking.answers import Marking, macros_of, positions
from derivcheck.checking.deciding import Situation
from derivcheck.checking.line import Context
from derivcheck.checking.notes.walker import NotesWalker
from derivcheck.checking.partreports import step_results
from derivcheck.checking.results import PartReport
from derivcheck.findings import Finding
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options
from derivcheck.record import dataclass, replace
from derivcheck.source.alternatives import joined
from derivcheck.source.discourse import Move, moves
from derivcheck.source.values import Document


@dataclass(frozen=True, slots=True)
class Notes:
    parts: tuple[PartReport, ...]
    findings: tuple[Finding, ...]


def check_notes(document: Document, given: Sequence[str], marking: Marking) -> Notes:
    """One report for the file: `wrong` where a line is refuted, `review` where a line waits for a person."""
    found = moves(document.blocks)
    conventions = {move.note for move in found if move.role == "convention"}
    layout = marking.layout or ("denominator" if "layout-denominator" in conventions else "default")
    options = Options(layout=layout, log_base=_base(found))
    scope, said = read_givens(list(given), options=options)
    findings = [
        replace(f, message=f"--given {int(f.details.get('given', '0')) + 1}: {f.message}", line=0) for f in said
    ]
    stated = marking.layout is not None or bool(conventions & {"layout-denominator", "layout-numerator"})
    context = Context(
        marking.decider, Situation(scope.model, layout_stated=stated), options, macros_of(document), marking.ocr
    )
    walker = NotesWalker(scope, context, positions(document), assume=True)
    walker.walk(joined(found))
    lines, more = step_results(walker.steps, document, document.name)
    findings += walker.findings
    claims = [line for line in lines if line.role in ("claim", "carried")]
    if not claims:
        findings.append(
            Finding("nothing-to-check", "error", "nothing to check was found: no line relates two expressions")
        )
        return Notes((), tuple(findings))
    words = {line.verdict.word for line in claims}
    verdict = "wrong" if "refuted" in words else "review" if words & {"undecided", "unreadable"} else "correct"
    first = next((line.line for line in lines if line.verdict.word == "refuted"), None)
    report = PartReport("", "", verdict, None, None, None, None, first, tuple(lines), tuple(more), "derivations")
    return Notes((report,), tuple(findings))


def _base(moves: Sequence[Move]) -> str | None:
    """The base of `\\log` that the notes say for all of them; bits say it of entropies alone."""
    said = {move.note: move.cue for move in moves if move.role == "convention" and move.note.startswith("log-")}
    if len(said) != 1 or "bit" in next(iter(said.values())).lower():
        return None
    return {"log-base-2": "2", "log-base-10": "10"}.get(next(iter(said)))
