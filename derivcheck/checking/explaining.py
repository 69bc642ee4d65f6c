"""From a verdict to a finding: the words, the place, the witness. Says what is, not what the answer would be."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from derivcheck.checking.blame import blame
from derivcheck.checking.lines import Judged
from derivcheck.checking.links import BY_DEFINITION
from derivcheck.checking.results import LineResult
from derivcheck.checking.undeclared import said_of
from derivcheck.deciding.verdict import Counterexample, Verdict
from derivcheck.findings import Finding, Label
from derivcheck.record import replace

if TYPE_CHECKING:
    from derivcheck.checking.blame.blaming import Blame

Position = Callable[[int], tuple[int, int, "int | None"]]
"""Offset in a line's text to its line, column and cell."""

MESSAGES = {
    "unequal-step": "this line does not follow from the one before",
    "unequal-sides": "the two sides of this line differ",
    "false-inequality": "this inequality does not hold",
    "not-proportional": "the two sides are not proportional",
    "shape-mismatch": "the shapes do not fit",
    "layout": "this is the transpose of what the stated layout of derivatives asks for",
    "layout-only": "equal up to the layout of the derivative, and no convention is stated",
    "wrong-order": "the factors do not stand in this order",
    "wrong-class": "the left side grows faster than this class allows",
    "not-identically": "these two are equal for every value",
    "undecided-step": "this line could be neither proved nor refuted",
    "undecided-condition": "this line stands under a condition that could not be read",
    "undeclared": "nothing introduces a name in this line, so it was not judged",
    "unread-line": "this line could not be read, so it was not checked",
    "contradictory-givens": "no values satisfy what is given, so nothing is judged under it",
}

HELP = {
    "unequal-step": "put these numbers into both lines by hand",
    "unequal-sides": "put these numbers into both sides by hand",
    "false-inequality": "put these numbers into both sides by hand",
    "not-proportional": "divide one side by the other: what is left must not depend on the variable",
    "shape-mismatch": "a vector is a column; check which factor is transposed",
    "wrong-order": "row j of a Jacobian belongs to output j; which factor scales rows?",
    "layout": "say which layout you use, or transpose",
    "undeclared": "say what it is, for example `Let $W \\in \\mathbb{R}^{m \\times n}$`",
    "unread-line": "mend the line, or leave it: a person will read it",
    "undecided-step": "a person will look; a line in between may help",
}


def code_of(relation: str, verdict: Verdict, continued: bool) -> str:
    """The code of a verdict that is not good. continued: the line goes on from the one before."""
    if verdict.code:
        return verdict.code
    if verdict.word == "refuted":
        if relation == "=":
            return "unequal-step" if continued else "unequal-sides"
        return "not-identically" if relation == "!=" else "false-inequality"
    return "unread-line" if verdict.word == "unreadable" else "undecided-step"


def witness(example: Counterexample, left: str, right: str) -> str:
    """`at d = 3, μ = (1, 0, 0), σ = 1:  left = 5, right = 9` in one line."""
    values = {**example.dims, **example.values}
    where = ", ".join(f"{plain_name(name)} = {plain_value(value)}" for name, value in values.items())
    entry = f" in entry {plain_value(list(example.entry))}" if example.entry else ""
    sides = f"{left} = {plain_value(example.left)}, {right} = {plain_value(example.right)}"
    note = f" ({example.note})" if example.note else ""
    return f"{'at ' + where if where else 'always'}:{entry} {sides}{note}"


def plain_value(value: Any) -> str:
    """Numbers and nested lists as one writes them: (1, 0, 0), [1 0; 0 1]."""
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(row, (list, tuple)) for row in value):
            rows = [" ".join(plain_value(x) for x in row) for row in value]
            return f"[{'; '.join(rows)}]"
        return f"({', '.join(plain_value(x) for x in value)})"
    return "undefined" if value is None else str(value)


def plain_name(latex: str) -> str:
    r"""A name as people type it: `\mu` is μ, `W_{hh}` is W_hh."""
    if "\\" not in latex:
        return latex.replace("{", "").replace("}", "")
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        text = LatexNodes2Text(math_mode="text").latex_to_text(latex).strip()
    except Exception:  # a name it cannot show is shown as written
        return latex
    return text or latex


def line_result(judged: Judged, latex: str, position: Position, role: str = "") -> LineResult:
    """A judged line as a plain value: its weakest link speaks for it."""
    links = judged.statement.links
    verdict = judged.verdicts[judged.worst] if judged.verdicts else BY_DEFINITION
    if not judged.verdicts and judged.word == "unreadable":
        verdict = Verdict("unreadable", {"method": "none", "reason": _why(judged)}, code="unread-line")
    if not judged.verdicts and judged.word == "refuted":
        verdict = Verdict("refuted", {"method": "shapes"}, code="shape-mismatch")
    if judged.note:
        verdict = replace(verdict, notes=(*verdict.notes, f"read as {judged.text}: {judged.note}"))
    row, _, cell = position(0)
    relation = links[judged.worst].relation if links else ""
    role = role or {"declaration": "definition", "unreadable": "claim"}.get(judged.role, judged.role)
    return LineResult(row, latex, judged.statement.reading, relation, verdict, role, cell)


def _why(judged: Judged) -> str:
    return judged.statement.findings[0].message if judged.statement.findings else "it could not be read"


def finding_of(judged: Judged, position: Position, before: Label | None = None) -> Finding | None:
    """The one finding of a line, at its weakest link; None where there is nothing to say. before: the line that it
    continues or follows, with its verdict."""
    if judged.word in ("proved", "holds"):
        return _damage(judged, position) or _of_a_reading(judged, position)
    if not judged.verdicts:
        return _unread(judged, position)
    k = judged.worst
    link, verdict = judged.statement.links[k], judged.verdicts[k]
    plain_code = code_of(link.relation, verdict, k > 0 or judged.statement.continues or before is not None)
    cause = _cause(judged, k)
    code = (cause.code if cause else "") or plain_code
    continued = before is not None and k == 0 and judged.statement.continues
    notes = [f"read as: {judged.statement.reading}"]
    if verdict.counterexample is not None:
        names = (f"line {before.line}", "this line") if continued and before else ("left", "right")
        notes.append(witness(verdict.counterexample, *names))
    if reason := verdict.evidence.get("reason"):
        notes.append(str(reason))
    notes += [note for note in verdict.notes if note not in notes]
    notes += [note for note in link.notes if verdict.word == "refuted" and note not in notes]
    first = next(iter(link.findings), None) if link.shape_error is not None or link.claim is None else None
    notes += [f"note: {note}" for note in (cause.notes if cause else ())]
    place = cause.span if cause else link.right_span
    span = (first.column - 1, first.end_column - 1) if first else (place.start, place.end)
    message = first.message if first else MESSAGES.get(code) or MESSAGES.get(plain_code, MESSAGES["undecided-step"])
    if link.undeclared and not first:
        judges = verdict.evidence.get("method") == "readings"
        outcome = "and what that is decides this line" if judges else "so this line was not judged"
        message = f"nothing introduces {', '.join(link.undeclared)}, {outcome}"
    severity = "error" if verdict.word == "refuted" else "note"
    related = (before,) if before is not None and k == 0 and verdict.word == "refuted" else ()
    help = (cause.help if cause else "") or HELP.get(code) or HELP.get(plain_code, "")
    label = cause.label if cause else ""
    return _at(
        position,
        span,
        Finding(code, severity, message, label=label, notes=tuple(notes), help=help, related=related),
    )


def _cause(judged: Judged, k: int) -> Blame | None:
    """What is to blame in a refuted link. Where blame itself fails, the finding stands and says so."""
    if judged.verdicts[k].word != "refuted":
        return None
    link = judged.statement.links[k]
    try:
        return blame(judged.text, link, judged.verdicts[k], judged.line.setting)
    except Exception as fault:  # the line is refuted without it; a fault here only costs the label
        if os.environ.get("DERIVCHECK_DEBUG"):
            raise
        from derivcheck.checking.blame.blaming import Blame

        reason = f"the place to blame could not be worked out: an internal fault ({type(fault).__name__}: {fault})"
        return Blame(link.right_span, notes=(reason,))


def _unread(judged: Judged, position: Position) -> Finding:
    found = next(iter(judged.statement.findings), None)
    span = (found.column - 1, found.end_column - 1) if found else (0, len(judged.text))
    if judged.word == "refuted" and found is not None:
        return _at(position, span, Finding("shape-mismatch", "error", found.message, help=HELP["shape-mismatch"]))
    label = found.message if found else ""
    help = (found.help if found else "") or HELP["unread-line"]
    return _at(position, span, Finding("unread-line", "note", MESSAGES["unread-line"], label=label, help=help))


def _damage(judged: Judged, position: Position) -> Finding | None:
    if not judged.note:
        return None
    notes = (f"read as: {judged.statement.reading}",)
    message = f"this line was read with a likely repair: {judged.note}"
    return _at(position, (0, len(judged.text)), Finding("damaged", "note", message, notes=notes))


def _of_a_reading(judged: Judged, position: Position) -> Finding | None:
    """A proof for a reading of names that nothing introduces."""
    pairs = zip(judged.statement.links, judged.verdicts, strict=True)
    said = [(f, message) for link, v in pairs if (message := said_of(v)) for f in link.findings[:1]]
    if not said:
        return None
    found, message = said[0]
    span = (found.column - 1, found.end_column - 1)
    notes = (f"read as: {judged.statement.reading}",)
    return _at(position, span, Finding("undeclared", "note", message, notes=notes, help=HELP["undeclared"]))


def _at(position: Position, span: tuple[int, int], finding: Finding) -> Finding:
    row, column, cell = position(max(span[0], 0))
    end_row, end, _ = position(max(span[1], span[0] + 1))
    return replace(finding, line=row, column=column, end_column=end if end_row == row else column + 1, cell=cell)
