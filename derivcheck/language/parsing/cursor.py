"""The parser's place in the tokens: moving, spans, findings, the cap on depth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from derivcheck.findings import Finding
from derivcheck.language.parsing.linked import Token
from derivcheck.language.parsing.syntax import Broken, Span

MAX_DEPTH = 60
MAX_FINDINGS = 20


class TooDeep(Exception):
    """Nesting beyond MAX_DEPTH: caught once, by `parse`."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class Cursor:
    """The current token is `self.token`; tokens of kind 'skip' are never seen."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.findings: list[Finding] = []
        self.fences: list[str] = []  # what closes each open fence, innermost last
        self.loose = False  # directly inside a fence, where a bar separates everything
        self.script = False  # directly inside the braces of a script, where `+` or `*` may stand alone
        self.related = False  # a relation has been read in the item that is being read
        self.depth = 0
        self.place = 0
        self.last_end = 0
        while tokens[self.place].kind == "skip":
            self.place += 1
        self.token = tokens[self.place]

    def advance(self) -> Token:
        """The current token, having moved past it."""
        token = self.token
        if token.kind != "end":
            self.last_end = token.end
            self.place += 1
            while self.tokens[self.place].kind == "skip":
                if self.text.startswith("}", self.tokens[self.place].start):
                    self.last_end = self.tokens[self.place].end  # `x \\mathbf{V}` ends behind the brace
                self.place += 1
            self.token = self.tokens[self.place]
        return token

    def ahead(self) -> Token:
        """The token after the current one."""
        place = self.place + 1
        while place < len(self.tokens) and self.tokens[place].kind == "skip":
            place += 1
        return self.tokens[min(place, len(self.tokens) - 1)]

    def back_to(self, place: int) -> None:
        while self.tokens[place].kind == "skip":
            place += 1
        self.place = place
        self.token = self.tokens[place]

    def span(self, start: int) -> Span:
        """From `start` to the end of the last token read."""
        return Span(start, max(start, self.last_end))

    @contextmanager
    def nested(self, closer: str, loose: bool = False, script: bool = False) -> Iterator[None]:
        """Inside a fence, braces or a cell."""
        self.deeper()
        saved = self.loose, self.script, self.related
        self.loose, self.script, self.related = loose, script, False
        self.fences.append(closer)
        try:
            yield
        finally:
            self.fences.pop()
            self.loose, self.script, self.related = saved
            self.depth -= 1

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeep(Span(self.token.start, self.token.end))

    def report(self, code: str, message: str, span: Span, help: str = "", severity: str = "error") -> None:
        """A finding about a place of the text; the same place is not reported twice."""
        if len(self.findings) < MAX_FINDINGS and all(f.details["start"] != str(span.start) for f in self.findings):
            self.findings.append(finding_at(self.text, code, message, span, help, severity))

    def broken(self, code: str, expected: str, message: str, span: Span | None = None, help: str = "") -> Broken:
        """A finding, and the node that stands for what could not be read."""
        span = span or Span(self.token.start, self.token.end)
        self.report(code, message, span, help)
        return Broken(expected, span=span)


def finding_at(text: str, code: str, message: str, span: Span, help: str = "", severity: str = "error") -> Finding:
    """A finding with 1-based line and column in `text`; `details` keeps the offsets."""
    line = text.count("\n", 0, span.start) + 1
    column = span.start - (text.rfind("\n", 0, span.start) + 1) + 1
    return Finding(
        code=code,
        severity=severity,
        message=message,
        line=line,
        column=column,
        end_column=column + max(1, span.end - span.start),
        help=help,
        details={"start": str(span.start), "end": str(span.end)},
    )
