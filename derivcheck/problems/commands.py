"""What the `problems` commands do, as library calls that return values with `as_text`, `as_json`, `exit_code`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from derivcheck.findings import Finding
from derivcheck.problems.bank import Bank
from derivcheck.problems.loading import load_problem
from derivcheck.problems.reading import check_reading
from derivcheck.problems.schema import Part, Problem
from derivcheck.problems.showing import part_json, part_text
from derivcheck.problems.template import template
from derivcheck.problems.testing import CheckAnswer, Explain, run_entries
from derivcheck.problems.trust import Opinion, Trust, trust
from derivcheck.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Listing:
    """`problems list`: each part with its title, and the papers."""

    parts: tuple[Part, ...]
    assignments: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        rows = [{"problem": p.id, "title": p.title, "kind": p.kind, "points": p.points} for p in self.parts]
        return {"problems": rows, "assignments": list(self.assignments)}

    def as_text(self) -> str:
        width = max((len(part.id) for part in self.parts), default=0)
        rows = [f"{part.id:{width}}  {part.kind:11}  {part.title}".rstrip() for part in self.parts]
        return "\n".join([*rows, "", f"papers: {', '.join(self.assignments) or 'none'}"])


@dataclass(frozen=True, slots=True)
class Shown:
    """`problems show`: the parts that an id names, or what was found instead."""

    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> int:
        return 0 if self.parts else 2

    def as_json(self) -> Any:
        if not self.parts:
            return {"findings": [finding_text(f) for f in self.findings]}
        shown = [part_json(part) for part in self.parts]
        return shown[0] if len(shown) == 1 else shown

    def as_text(self) -> str:
        return "\n\n".join([*(part_text(part) for part in self.parts), *(finding_text(f) for f in self.findings)])


UNEXPECTED = frozenset(
    ("unexpected-verdict", "unexpected-line", "unexpected-code", "unexpected-points", "wrong-is-right")
)


@dataclass(frozen=True, slots=True)
class Tested:
    """`problems test`: what came out otherwise than the files say."""

    problems: int = 0
    entries: int = 0
    as_expected: int = 0
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[dict[str, Any], ...] = field(default=())
    untried: int = 0
    trust: Trust = field(default_factory=Trust)

    @property
    def exit_code(self) -> int:
        if not self.problems:
            return 2 if self.findings else 4
        errors = {f.code for f in self.findings if f.severity == "error"}
        if errors:  # a file with a mistake is bad input; an answer that comes out otherwise is something wrong
            return 1 if errors <= UNEXPECTED else 2
        return 5 if self.findings else 0

    def as_json(self) -> dict[str, Any]:
        return {
            "problems": self.problems,
            "entries": self.entries,
            "as_expected": self.as_expected,
            "untried": self.untried,
            "findings": [_finding_json(f) for f in self.findings],
            "verdicts": list(self.verdicts),
            "references_compared": self.trust.compared,
            "references_differentiated": self.trust.differentiated,
            "mutants": {
                "made": self.trust.mutants, "killed": self.trust.killed, "survivors": list(self.trust.survivors),
            },
        }

    def as_text(self) -> str:
        rows = [finding_text(f) for f in self.findings]
        if self.untried:
            rows.append(f"{self.untried} answers were not tried: mend the errors above first")
        total = f"{self.problems} problems, {self.entries} answers: {self.as_expected} as the problem says"
        total += f", {self.trust.compared} references agree with a second evaluation"
        if self.trust.differentiated:
            total += f", {self.trust.differentiated} with derivatives by JAX"
        if self.trust.mutants:
            total += f", {self.trust.killed} of {self.trust.mutants} mutants found out"
        return "\n".join([*rows, total])


def finding_text(finding: Finding) -> str:
    """`file:line:column: severity[code] message`, so that any editor jumps there."""
    place = f"{finding.file}:{finding.line}:{finding.column}: " if finding.file else ""
    help = f"\n    help: {finding.help}" if finding.help else ""
    return f"{place}{finding.severity}[{finding.code}] {finding.message}{help}"


def _finding_json(finding: Finding) -> dict[str, Any]:
    names = ("file", "line", "column", "end_column", "code", "severity", "message", "help")
    return {name: getattr(finding, name) for name in names}


def list_bank(bank: Path | None = None) -> Listing:
    shelf = Bank.of([bank] if bank else [])
    parts = tuple(part for problem, _ in shelf.problems() if problem for part in problem.parts)
    return Listing(parts, tuple(shelf.assignments()))


def show_problem(id: str, bank: Path | None = None) -> Shown:
    return Shown(*Bank.of([bank] if bank else []).find_all(id))


def new_problem(path: Path, question: str = "") -> Path:
    """Write a template, or the draft of a question, at `path` (`.yaml` is added); refuses a file that exists."""
    path = path if path.suffix in (".yaml", ".yml") else path.with_name(path.name + ".yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    from derivcheck.problems.drafting import draft_text

    id = f"{path.parent.name}/{path.stem}"
    text = draft_text(question, id, path.as_posix()) if question.strip() else template(id, path.as_posix())
    with path.open("x", encoding="utf-8") as out:
        out.write(text)
    return path


def _chosen(target: str | None, shelf: Bank) -> list[tuple[Problem | None, tuple[Finding, ...]]]:
    """The problems that a file, a folder or an id names; all of the bank without one."""
    if target is None:
        return list(shelf.problems())
    path = Path(target)
    if path.is_dir():
        return list(Bank((path,)).problems())
    if path.is_file():
        return [load_problem(path)]
    if topic := list(shelf.of_topic(target)):
        return topic
    parts, findings = shelf.find_all(target)
    return [(Problem(target, parts[0].title, parts, parts[0].file) if parts else None, findings)]


def _own_checker(seed: int) -> CheckAnswer:
    """The checker that `check` uses for one answer to one part."""
    from derivcheck.checking.answers import answer_checker

    return answer_checker(seed)


def _own_explainer(seed: int) -> Explain:
    """What `check` would say of an answer."""
    from derivcheck.checking.partreports import answer_explainer

    return answer_explainer(seed)


def run_tests(
    target: str | None,
    bank: Path | None = None,
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
    checker: CheckAnswer | None = None,
    mutants: int = 0,
    opinion: Opinion | None = None,
) -> Tested:
    """Check each problem's own answers. `checker`: for tests; else the one that `check` uses. `opinion`: what JAX says
    of derivatives."""
    check = checker or _own_checker(seed)
    findings: list[Finding] = []
    verdicts: list[dict[str, Any]] = []
    explain = _own_explainer(seed) if checker is None else None
    problems = entries = good = untried = 0
    total = Trust()
    for problem, loaded in _chosen(target, Bank.of([bank] if bank else [])):
        findings += loaded
        if problem is None:
            continue
        problems += 1
        broken = any(f.severity == "error" for f in loaded)
        read = () if broken else check_reading(problem)
        findings += read
        if broken or any(f.severity == "error" for f in read):  # what follows from these is no news
            untried += sum(len(part.entries) for part in problem.parts)
            continue
        trusted = trust(problem, seed, mutants, opinion)
        total, findings = total + trusted, [*findings, *trusted.findings]
        if progress:
            progress(problem.id)
        for outcome in run_entries(problem, check, explain):
            entries += 1
            good += not outcome.findings
            findings += outcome.findings
            verdicts.append(
                {"problem": outcome.part, "line": outcome.entry.line, "expected": outcome.entry.verdict,
                 "verdict": outcome.result.verdict, "earned": outcome.result.earned}
            )  # fmt: skip
    return Tested(problems, entries, good, tuple(findings), tuple(verdicts), untried, total)
