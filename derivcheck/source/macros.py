"""The commands that a file defines for itself, as text: the reader of formulas expands them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|providecommand|DeclareMathOperator|DeclarePairedDelimiter"
    r"|(?:New|Renew|Provide)DocumentCommand|[gex]?def|let)(?![A-Za-z])\*?"
)
_ARGUMENTS = re.compile(r"\s*(?:\[[^\[\]\n]{0,80}\]\s*)*")
_DEF_NAME = re.compile(r"\s*\\[A-Za-z]+(?:#\d)*\s*")
LONGEST = 2000
MOST_FAILURES = 100  # broken definitions; more are not looked at


def find_definitions(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Where definitions of commands stand: `\\newcommand`, `\\def`, `\\DeclareMathOperator` and their kin."""
    limit = len(text) if end is None else end
    at, failures = start, 0
    while failures < MOST_FAILURES and (match := _DEFINITION.search(text, at, limit)):
        stop = _definition_end(text, match, limit)
        at = match.end() if stop < 0 else stop
        failures += stop < 0
        if stop >= 0:
            yield match.start(), stop


def balanced(text: str, at: int, limit: int) -> int:
    """The offset after the brace that closes the one at `at`; -1 where none does within the cap."""
    depth = 0
    for index in range(at, min(limit, at + LONGEST)):
        char = text[index]
        if char in "{}" and (index == 0 or text[index - 1] != "\\"):
            depth += 1 if char == "{" else -1
            if depth == 0:
                return index + 1
    return -1


def _definition_end(text: str, match: re.Match[str], limit: int) -> int:
    at = match.end()
    if match.group().rstrip("*").endswith("let"):
        alias = re.compile(r"\s*\\[A-Za-z]+\s*=?\s*\\[A-Za-z]+").match(text, at, limit)
        return alias.end() if alias else -1
    if match.group().endswith("def"):
        name = _DEF_NAME.match(text, at, limit)
        return balanced(text, name.end(), limit) if name and text[name.end() : name.end() + 1] == "{" else -1
    groups = 3 if "Document" in match.group() or "Paired" in match.group() else 2
    for index in range(groups):
        skipped = _ARGUMENTS.match(text, at, limit)
        at = skipped.end() if skipped else at
        bare = re.compile(r"\\[A-Za-z]+").match(text, at, limit) if index == 0 or groups == 3 else None
        if bare:
            at = bare.end()
        elif text[at : at + 1] == "{":
            at = balanced(text, at, limit)
        else:
            return -1
        if at < 0:
            return -1
    return at
