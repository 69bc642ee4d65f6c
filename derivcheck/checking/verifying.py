"""`verify`: one claim or chain of lines, with givens and no problem behind it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from derivcheck.checking.deciding import Decider, Situation
from derivcheck.checking.explaining import HELP, MESSAGES, code_of, witness
from derivcheck.checking.lines import BY_DEFINITION, Context, Judged, judge_line
from derivcheck.checking.results import ClaimResult, LineResult
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.findings import Finding, Label
from derivcheck.language.givens import read_givens
from derivcheck.language.options import Options
from derivcheck.language.scope import Scope
from derivcheck.language.splitting import Piece, split_lines
from derivcheck.language.statements import Statement

LAYOUTS = {None: "default", "jacobian": "default", "numerator": "numerator", "denominator": "denominator"}


def verify_claim(
    claim: str, given: Sequence[str] = (), *, layout: str | None = None, seed: int = 0, id: str | None = None
) -> ClaimResult:
    """The verdict on each line of a claim, for every value of the givens."""
    start = time.perf_counter()
    options = Options(layout=LAYOUTS[layout])
    scope, said = read_givens(given, options=options)
    scope = replace(scope, layout=options.layout)
    findings = [_given_finding(f) for f in said]
    unread = next((f.message for f in said if f.severity == "error"), "")
    context = Context(Decider(seed), Situation(scope.model, unread=unread), options)
    pieces = split_lines(claim)
    judged = _judge_all(pieces, scope, context)
    lines = tuple(_line(n, piece, line) for n, (piece, line) in enumerate(zip(pieces, judged, strict=True), 1))
    findings += [f for n, line in enumerate(judged, 1) if (f := _finding(n, pieces, judged)) is not None]
    words = [line.verdict.word for line in lines]
    first_wrong = next((line.line for line in lines if line.verdict.word == "refuted"), None)
    word = weakest(words) if words else "unreadable"
    if not words:
        findings.append(Finding("nothing-to-check", "error", "there is no line in this claim"))
    seconds = time.perf_counter() - start
    return ClaimResult(id, word, first_wrong, lines, tuple(findings), seconds, tuple(p.text for p in pieces))


def _judge_all(pieces: Sequence[Piece], scope: Scope, context: Context) -> list[Judged]:
    judged: list[Judged] = []
    previous: Statement | None = None
    gap = False
    for piece in pieces:
        line = judge_line(piece.text, scope, previous, context, bridged=gap)
        judged.append(line)
        scope = line.statement.scope
        gap = line.word == "unreadable"
        if line.statement.last is not None:
            previous = line.statement
    return judged


def _line(number: int, piece: Piece, line: Judged) -> LineResult:
    links = line.statement.links
    relation = links[line.worst].relation if links else ""
    verdict = line.verdicts[line.worst] if line.verdicts else BY_DEFINITION
    if line.word == "unreadable" and not line.verdicts:
        verdict = Verdict("unreadable", {"method": "none", "reason": _why(line)}, code="unread-line")
    role = {"declaration": "definition", "unreadable": "claim"}.get(line.role, line.role)
    notes = (f"read as {line.text}: {line.note}",) if line.note else ()
    verdict = replace(verdict, notes=verdict.notes + notes)
    return LineResult(number, piece.text, line.statement.reading, relation, verdict, role)


def _why(line: Judged) -> str:
    return line.statement.findings[0].message if line.statement.findings else "it could not be read"


def _finding(number: int, pieces: Sequence[Piece], judged: Sequence[Judged]) -> Finding | None:
    """The one finding of a line, at its weakest link."""
    line = judged[number - 1]
    if line.word in ("proved", "holds"):
        return None
    if not line.verdicts:
        found = next(iter(line.statement.findings), None)
        code = found.code if found else "unread-line"
        column, end = (found.column, found.end_column) if found else (1, len(line.text) + 1)
        message = found.message if found else MESSAGES["unread-line"]
        return Finding("unread-line", "warning", MESSAGES["unread-line"], number, column, end, message,
                       (f"code: {code}",) if code != "unread-line" else (), HELP["unread-line"])  # fmt: skip
    k = line.worst
    link, verdict = line.statement.links[k], line.verdicts[k]
    continued = k > 0 or line.statement.continues
    code = code_of(link.relation, verdict, continued)
    severity = "error" if verdict.word == "refuted" else "warning"
    notes = [f"read as: {line.statement.reading}"]
    if verdict.counterexample is not None:
        notes.append(witness(verdict.counterexample, "left", "right"))
    if reason := verdict.evidence.get("reason"):
        notes.append(str(reason))
    notes += verdict.notes
    first = next((f for f in link.findings), None)
    column, end = (first.column, first.end_column) if first else (link.right_span.start + 1, link.right_span.end + 1)
    related = ()
    if k == 0 and line.statement.continues and number > 1:
        related = (Label(number - 1, 1, 1, judged[number - 2].word, pieces[number - 2].text),)
    message = first.message if first else MESSAGES.get(code, MESSAGES["undecided-step"])
    return Finding(code, severity, message, number, column, end, "", tuple(notes), HELP.get(code, ""), related)


def _given_finding(finding: Finding) -> Finding:
    number = int(finding.details.get("given", "0")) + 1
    return replace(finding, line=0, column=0, end_column=0, message=f"given line {number}: {finding.message}")
