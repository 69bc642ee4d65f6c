"""A problem's own answers, each checked as a student's would be: does every one get the verdict it stands under?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derivcheck.findings import Finding
from derivcheck.kinds.interface import PartResult
from derivcheck.problems.schema import Entry, Part, Problem, text_of
from derivcheck.record import dataclass, replace

CheckAnswer = Callable[[str, Part], PartResult]
Explain = Callable[[str, Part], tuple[Finding, ...]]
"""What is found in an answer, with places in its own text."""

# A verdict that is not the expected one but accuses nobody is said less loudly.
_HARMLESS = ("review", "manual")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry, and what the checker said of it. `findings` is empty where it came out as it should."""

    part: str
    entry: Entry
    result: PartResult
    findings: tuple[Finding, ...] = ()


def run_entries(problem: Problem, checker: CheckAnswer, explain: Explain | None = None) -> Iterator[Outcome]:
    """Every entry of every part, through the checker; where one comes out otherwise, with what is found in it."""
    for part in problem.parts:
        for entry in part.entries:
            read = with_shorthand(part)
            result = checker(entry.text.text, read)
            findings = tuple(_compare(part, entry, result, problem.file))
            if findings and explain is not None:
                said = _told(entry, explain(entry.text.text, read))
                findings = (replace(findings[0], help=said), *findings[1:]) if said else findings
            yield Outcome(part.id, entry, result, findings)


def _told(entry: Entry, found: tuple[Finding, ...]) -> str:
    """What a student would be told first, with its line in the file and the values that show it."""
    first = next(iter(sorted(found, key=lambda f: f.severity != "error")), None)
    if first is None:
        return ""
    at = entry.text.lines[min(max(first.line, 1), len(entry.text.lines)) - 1].line
    shown = [note for note in first.notes if note.startswith(("at ", "it ", "nothing ", "a ", "no "))][:1]
    return f"line {at}: {'; '.join([first.message, *shown])}"


def with_shorthand(part: Part) -> Part:
    """The part as its own entries are read: the shorthand of the file is given, and may stand in a result."""
    if not part.where:
        return part
    names = ", ".join(line.text.split("=")[0].strip() for line in part.where if "=" in line.text)
    terms = text_of(f"{part.terms.text}, {names}") if part.terms else None
    return replace(part, given=part.given + part.where, where=(), terms=terms)


def test_problem(problem: Problem, checker: CheckAnswer) -> tuple[Finding, ...]:
    """What comes out otherwise than the problem says. Nothing: the problem tests as it should."""
    return tuple(finding for outcome in run_entries(problem, checker) for finding in outcome.findings)


test_problem.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's


def _compare(part: Part, entry: Entry, result: PartResult, file: str) -> Iterator[Finding]:
    def finding(code: str, message: str, severity: str = "error", line: int = 0) -> Finding:
        return Finding(code, severity, message, line or entry.line, entry.column, entry.column + 1, file=file)

    if result.verdict != entry.verdict:
        yield _unexpected(part, entry, result, finding)
        return
    if entry.marks and result.first_wrong_line is not None:
        expected = [mark.line for mark in entry.marks]
        if result.first_wrong_line not in expected:
            place = entry.text.lines[expected[0] - 1].line
            message = f"`% wrong` stands at line {expected[0]} of this answer, found was line {result.first_wrong_line}"
            yield finding("unexpected-line", message, line=place)
        codes = {mark.code for mark in entry.marks if mark.code}
        found = {f.code for f in result.findings}
        if codes and found and not codes & found:
            message = f"expected {', '.join(sorted(codes))}, found {', '.join(sorted(found))}"
            yield finding("unexpected-code", message, "warning")
    if entry.verdict in ("wrong", "partial") and entry.points is not None and result.earned != entry.points:
        yield finding("unexpected-points", f"expected {entry.points} points, found {result.earned}")


def _unexpected(part: Part, entry: Entry, result: PartResult, finding: Callable[..., Finding]) -> Finding:
    if entry.verdict == "wrong" and result.verdict == "correct":
        return finding("wrong-is-right", f"this stands under `wrong`, but it is a right answer to {part.id}")
    severity = "warning" if result.verdict in _HARMLESS else "error"
    said = result.notes or dict.fromkeys(f.message for f in result.findings)
    reason = f" ({'; '.join(said)})" if said else ""
    message = f"this stands under `{entry.verdict}`, but it comes out as {result.verdict}{reason}"
    return finding("unexpected-verdict", message, severity)
