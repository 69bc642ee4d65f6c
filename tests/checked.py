"""A text judged as `derivcheck check` judges a file: what most tests of papers and notes begin with."""

from __future__ import annotations

from derivcheck.checking.papers import Outcome, Request, check_file


def outcome_of(text: str, *problems: str, name: str = "answer.md") -> Outcome:
    """A file with this text, judged as the answer to some problems, or by itself."""
    return check_file(Request(name, data=text.encode(), problems=problems))


def verdicts_of(text: str, *problems: str) -> list[str]:
    """The verdict on each part."""
    return [part.verdict for part in outcome_of(text, *problems).report.parts]


def words_of(text: str, *problems: str, role: str = "") -> list[str]:
    """The verdict on each line (of one role)."""
    lines = (line for part in outcome_of(text, *problems).report.parts for line in part.lines)
    return [line.verdict.word for line in lines if not role or line.role == role]
