"""What only the reader of mathematics can say of a problem file: givens that cannot be read, names that no given
declares, references that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from derivcheck.findings import Finding
from derivcheck.problems.checks import suggestion
from derivcheck.problems.schema import Line, Part, Problem
from derivcheck.record import replace

READ = ("expression", "bound", "property", "chain")
"""Kinds whose question and reference are formulas."""


def check_reading(problem: Problem) -> tuple[Finding, ...]:
    """Findings with their places in the file, each once (parts share their givens)."""
    found = [finding for part in problem.parts for finding in (*_givens(part), *_reference(part))]
    found += _to_do(problem.file)
    return tuple(finding for k, finding in enumerate(found) if finding not in found[:k])


def _to_do(file: str) -> Iterator[Finding]:
    """What a draft leaves to do: comments `# TODO ...`."""
    rows = Path(file).read_text(encoding="utf-8-sig").split("\n") if file and Path(file).is_file() else []
    for number, row in enumerate(rows, 1):
        if row.startswith("# TODO "):
            yield Finding("todo", "warning", row.removeprefix("# TODO "), number, 1, len(row) + 1, file=file)


def _givens(part: Part) -> Iterator[Finding]:
    from derivcheck.checking.oracle import options_of
    from derivcheck.language.givens import read_givens

    lines = (*part.given, *part.where)
    _, said = read_givens([line.text for line in lines], options=options_of(part))
    for finding in said:
        number = int(finding.details.get("given", "0"))
        if number < len(lines):
            yield _placed(finding, lines[number], part)


def _placed(finding: Finding, line: Line, part: Part) -> Finding:
    column = line.column + max(finding.column - 1, 0)
    end = max(line.column + finding.end_column - 1, column + 1)
    return replace(finding, severity="error", line=line.line, column=column, end_column=end, file=part.file)


def _reference(part: Part) -> Iterator[Finding]:
    """The reference beside what is asked (or the statement to be shown): readable, and in declared names."""
    from derivcheck.checking.oracle import ScopeOracle, options_of
    from derivcheck.kinds.results import targets
    from derivcheck.language.statements import read_statement

    if part.kind not in READ:
        return
    scope = ScopeOracle.of(part).where
    place = part.answer or part.show or part.find
    rows = [(part.show.text, part.show)] if part.show else [
        (f"{find.text} = {answer.text}", place) for find, answer in targets(part.find, part.answer) if find and answer
    ]  # fmt: skip
    for text, where in rows:
        statement = read_statement(text, scope, None, options_of(part))
        line, column = (where.line, where.column) if where else (part.line, 1)
        for name in dict.fromkeys(name for link in statement.links for name in link.undeclared):
            if part.show is not None and _said_by_students(part, name):
                continue
            message = f"no given declares `{name}`"
            help = suggestion(name, sorted(scope.names))
            yield Finding("undeclared", "error", message, line, column, column + 1, help=help, file=part.file)
        unread = [f for f in statement.findings if f.severity == "error"]
        unread += [f for link in statement.links for f in link.findings if link.claim is None and not link.undeclared]
        for finding in unread[:1]:
            message = f"the reference cannot be read: {finding.message}"
            yield Finding("unread-reference", "error", message, line, column, column + 1, file=part.file)


def _said_by_students(part: Part, name: str) -> bool:
    """Whether every right answer says what a name of the statement is (`q(h, a) = ...`): it is left to them."""
    said = re.compile(rf"{re.escape(name)}\s*(?:\([^()]*\))?\s*&?=")
    right = part.of("correct")
    return bool(right) and all(said.search(entry.text.text) for entry in right)
