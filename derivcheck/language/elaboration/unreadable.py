"""What elaboration raises inside; the outer entry (statements, givens) turns it into a finding once."""

from __future__ import annotations

from derivcheck.language.parsing.syntax import Span
from derivcheck.terms.dim import Shape


class Unreadable(Exception):
    """A formula that could not be given a meaning: never a mistake of the student."""

    def __init__(self, code: str, message: str, span: Span | None = None, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
        self.help = help


class ShapeError(Exception):
    """A formula that is read but whose shapes do not conform: the line is refuted by `shape-mismatch`."""

    def __init__(self, message: str, left: Shape | None, right: Shape | None, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.left = left
        self.right = right
        self.span = span
