"""The report for a terminal, as a compiler would print it: `file:line:col: severity[code] message`, the lines
around it, the witness, and at the end what was done. Colour never carries meaning alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derivcheck.checking.results import ClaimResult, FileReport, LineResult, PartReport
from derivcheck.findings import Finding
from derivcheck.record import dataclass
from derivcheck.reporting.plain import plain

_COLOURS = {"error": "31;1", "warning": "33;1", "note": "36;1", "proved": "32", "correct": "32", "wrong": "31"}
_WORDS = ("proved", "holds", "refuted", "undecided", "unreadable")
_TOLD = {"holds": "tested only", "undecided": "undecided", "unreadable": "not read"}
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Style:
    """colour: whether to emit ANSI codes."""

    colour: bool = False

    def paint(self, text: str, kind: str) -> str:
        code = _COLOURS.get(kind)
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code else text


def show_finding(
    finding: Finding, texts: Sequence[str], style: Style, where: str = "", verdicts: dict[int, str] | None = None
) -> str:
    """One finding with its place: `texts` are the lines of the file (or claim) it is about."""
    place = (
        f"{finding.file or 'claim'}:{finding.line}:{finding.column}: "
        if finding.line
        else (f"{finding.file}: " if finding.file else "")
    )
    head = f"{place}{style.paint(f'{finding.severity}[{finding.code}]', finding.severity)} {plain(finding.message)}"
    if finding.cell is not None:
        head = head.replace(f":{finding.line}:", f":cell {finding.cell}:{finding.line}:", 1)
    if where:
        head = f"{head}{' ' * max(2, 88 - len(head))}{where}"
    rows = [head]
    if finding.line and 0 < finding.line <= len(texts):
        rows += _excerpt(finding, texts, style, verdicts or {})
    else:
        rows += [f"    = {plain(note)}" for note in finding.notes]
        if finding.help:
            rows.append(f"    help: {finding.help}")
    return "\n".join(rows)


def _excerpt(finding: Finding, texts: Sequence[str], style: Style, verdicts: dict[int, str]) -> list[str]:
    lines = sorted({*(r.line for r in finding.related if 0 < r.line <= len(texts)), finding.line})
    margin = len(str(lines[-1])) + 1
    related = {r.line: r.message for r in finding.related}
    rows = [f"{' ' * margin}|"]
    for line in lines:
        text, shift = _window(texts[line - 1], finding.column if line == finding.line else 1)
        remark = related.get(line) or (verdicts.get(line, "") if line != finding.line else "")
        tail = f"    {style.paint(remark, remark)}" if remark else ""
        rows.append(f"{line!s:<{margin}}| {text}{tail}")
        if line == finding.line and finding.column:
            start = max(0, finding.column - 1 - shift)
            width = max(1, min(finding.end_column, len(texts[line - 1]) + 1) - finding.column)
            width = max(1, min(width, _WIDTH - start))
            label = f" {plain(finding.label)}" if finding.label else ""
            rows.append(f"{' ' * margin}| {' ' * start}{style.paint('^' * width, finding.severity)}{label}")
    rows += [f"{' ' * margin}= {plain(note)}" for note in finding.notes]
    if finding.help:
        rows.append(f"{' ' * margin}help: {finding.help}")
    return rows


def _window(text: str, column: int) -> tuple[str, int]:
    """A long line cut around the column: what is shown and how many characters were cut in front."""
    text = text.expandtabs(1)
    if len(text) <= _WIDTH:
        return text, 0
    start = max(0, min(column - 1 - _WIDTH // 2, len(text) - _WIDTH))
    return ("…" + text[start + 1 : start + _WIDTH] if start else text[:_WIDTH]), start


def show_claim(result: ClaimResult, style: Style, seed: int) -> str:
    """The whole report of `verify`."""
    verdicts = {line.line: line.verdict.word for line in result.lines}
    rows = []
    for finding in result.findings:
        rows += [show_finding(finding, result.sources, style, verdicts=verdicts), ""]
    if not any(f.severity == "error" for f in result.findings):
        for line in result.lines:
            rows.append(
                f"{line.line!s:>3} | {style.paint(f'{line.verdict.word:<10}', line.verdict.word)} {plain(line.reading)}"
            )
            rows += [f"    | {detail}" for detail in _evidence(line)]
    rows.append(f"{result.verdict} · {_counted(result.lines)} · seed {seed} · {result.seconds:.2f} s")
    return "\n".join(rows)


def _evidence(line: LineResult) -> Iterable[str]:
    evidence = line.verdict.evidence
    words = [str(evidence["method"])] if evidence.get("method") not in (None, "none") else []
    words += [
        f"{key} {_plain(evidence[key])}"
        for key in ("needs", "except", "dimensions", "points", "bound", "reason")
        if evidence.get(key)
    ]
    if words:
        yield plain("; ".join(words))
    yield from map(plain, line.verdict.notes)


def _plain(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k} = {_plain(v)}" for k, v in value.items())
    return str(value)


def _counted(lines: Sequence[LineResult]) -> str:
    """`5 lines: 4 proved for every dimension, 1 refuted` (definitions and the rest apart)."""
    defined = [x for x in lines if x.role == "definition" and x.verdict.word == "proved"]
    judged = [x for x in lines if x.role in ("claim", "definition") and x not in defined]
    counts = {word: sum(1 for x in judged if x.verdict.word == word) for word in _WORDS}
    definitions = len(defined)
    carried = sum(1 for x in lines if x.role == "carried")
    words = [f"{count} {_TOLD.get(word, word)}" for word, count in counts.items() if count]
    words += [f"{definitions} by definition"] if definitions else []
    words += [f"{carried} repeated"] if carried else []
    total = sum(counts.values()) + definitions + carried
    return f"{total} line{'s' if total != 1 else ''}: {', '.join(words) or 'nothing to judge'}"


def show_report(report: FileReport, style: Style) -> str:
    """The whole report of `check`."""
    rows: list[str] = []
    for finding in report.findings:
        rows += [show_finding(finding, _texts(report, finding), style), ""]
    for part in report.parts:
        verdicts = {line.line: line.verdict.word for line in part.lines}
        for finding in part.findings:
            where = f"part {part.label}" if part.label else part.problem
            rows += [show_finding(finding, _texts(report, finding), style, where, verdicts), ""]
        if part.staff:
            rows += [f"for staff, {part.title or part.problem}", *(f"    {said}" for said in part.staff), ""]
    if not report.parts:
        return "\n".join(rows[:-1])
    rows += [*_table(report.parts, style), ""]
    every = [line for part in report.parts for line in part.lines]
    source = f" · read as {report.source} text" if report.source != "typed" else ""
    rows.append(f"{_counted(every)} · seed {report.seed} · {report.seconds:.1f} s{source}")
    return "\n".join(rows)


def _texts(report: FileReport, finding: Finding) -> Sequence[str]:
    return report.cells.get(finding.cell, ()) if finding.cell is not None else report.texts


def _table(parts: Sequence[PartReport], style: Style) -> list[str]:
    if not parts:
        return []
    names = [f"{p.label}  {p.title or p.problem}" if p.label else p.title or p.problem for p in parts]
    width = min(44, max(len(n) for n in names) + 2)
    rows = [f" {'part':<{width}} {'read':>6}  {'lines':<34} result"]
    for part, name in zip(parts, names, strict=True):
        judged = [x for x in part.lines if x.role in ("claim", "definition", "carried")]
        read = sum(1 for x in judged if x.verdict.word != "unreadable")
        lines = _counted(part.lines).partition(": ")[2]
        result = style.paint(part.verdict, part.verdict)
        if part.verdict == "wrong" and part.first_wrong_line:
            result += f", line {part.first_wrong_line}"
        if part.points is not None and part.earned is not None:
            result += f"  {part.earned:g}/{part.points:g}" + (f" ({part.waiting:g} waiting)" if part.waiting else "")
        if part.reason:
            result += f"  ({part.reason})"
        rows.append(f" {name[:width]:<{width}} {f'{read}/{len(judged)}':>6}  {lines[:34]:<34} {result}")
    return rows
