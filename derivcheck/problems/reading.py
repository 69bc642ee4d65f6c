"""What only the reader of mathematics can say of a problem file: givens that cannot be read, names that no given
declares, references that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from derivcheck.findings import Finding
from derivcheck.problems.schema import Line, Part, Problem
from derivcheck.problems.yaml_nodes import suggestion
from derivcheck.record import replace

READ = ("expression", "bound", "property", "chain")
"""Kinds whose question and reference are formulas."""


def check_reading(problem: Problem) -> tuple[Finding, ...]:
    """Findings with their places in the file, each once (parts share their givens)."""
    found = [finding for part in problem.parts for finding in _of_part(part)]
    found += _to_do(problem.file)
    return tuple(finding for k, finding in enumerate(found) if finding not in found[:k])


def _of_part(part: Part) -> tuple[Finding, ...]:
    """What is wrong with the givens; where nothing is, with the reference and the terms asked for."""
    return tuple(_givens(part)) or (*_reference(part), *_terms(part))


def _terms(part: Part) -> Iterator[Finding]:
    """Terms that no given declares: no answer can hold them."""
    from derivcheck.checking.oracle import ScopeOracle, operand_of, options_of
    from derivcheck.language.parsing.parser import parse
    from derivcheck.problems.fields import split_names

    if part.terms is None:
        return
    scope = ScopeOracle.of(part).where
    known = {name.partition("_")[0] for name in scope.names} | set(scope.names) | set(part.choice) | _CONSTANTS
    for line in part.terms:
        for word in split_names(line.text):
            parsed = parse(word)
            bare = re.match(r"\\?[A-Za-z]+$|\\?[A-Za-z]$", word)
            read = parsed.ok and operand_of(parsed.node, word, scope, options_of(part)).tensor is not None
            if read or word in known or not (bare or " " in word):
                continue
            column = line.column + max(line.text.find(word), 0)
            names = [name for name in word.split(" ") if name in known]
            several = len(names) > 1 and len(names) == len(word.split())
            message = f"no given declares `{word}`"
            help = f"names stand between commas: {', '.join(names)}" if several else suggestion(word, sorted(known))
            yield Finding("undeclared", "error", message, line.line, column, column + len(word), help=help,
                          file=part.file)  # fmt: skip


_CONSTANTS = {"I", "e", "\\pi", "\\delta"}
"""What needs no declaration and may always stand."""


def _to_do(file: str) -> Iterator[Finding]:
    """What a draft leaves to do: comments `# TODO ...`."""
    rows = Path(file).read_text(encoding="utf-8-sig").split("\n") if file and Path(file).is_file() else []
    for number, row in enumerate(rows, 1):
        if row.startswith("# TODO "):
            yield Finding("todo", "warning", row.removeprefix("# TODO "), number, 1, len(row) + 1, file=file)


def _givens(part: Part) -> Iterator[Finding]:
    from derivcheck.checking.oracle import options_of
    from derivcheck.language.givens.table import read_givens

    lines = (*part.given, *part.where)
    _, said = read_givens([line.text for line in lines], options=options_of(part))
    broken = {lines[n].text.partition("=")[0].strip() for f in said if (n := _given(f)) < len(lines)}
    for finding in said:
        number = _given(finding)
        follows = finding.code == "undeclared" and finding.message.rpartition(" ")[2] in broken
        if number < len(lines) and not (follows and len(broken) > 1):  # what follows from another finding is no news
            help = finding.help or _how_to_mend(finding, lines)
            yield replace(_placed(finding, lines[number], part), help=help)


def _given(finding: Finding) -> int:
    return int(finding.details.get("given", "0"))


def _how_to_mend(finding: Finding, lines: Sequence[Line]) -> str:
    """How a name or a range that is missing is written."""
    from derivcheck.problems.drafting import undeclared_in

    if finding.code == "unknown-range":
        return r"say it where the name is declared: `x_i \in \mathbb{R}^d \text{ for } i = 1, \dots, n`"
    if finding.code != "undeclared":
        return ""
    name = finding.message.rpartition(" ")[2]
    shape = undeclared_in([line.text for line in lines]).get(name) or ()
    size = " \\times ".join(shape)
    return f"declare it, for example `{name} \\in \\mathbb{{R}}{f'^{{{size}}}' if size else ''}`"


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
