"""Findings: the one way in which any stage says something about a text. Plain values, no behaviour."""

from __future__ import annotations

from derivcheck.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Label:
    """A secondary place with a few words: `line` and `column` are 1-based, `text` the source line."""

    line: int
    column: int
    end_column: int
    message: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One message about one place. `code` is a row of derivcheck/codes.py, `severity` 'error', 'warning' or
    'note'. Lines and columns are 1-based; end_column is exclusive; 0 where there is no place.
    `message` is matter of fact, lower case, without blame; `notes` state facts; only `help` advises."""

    code: str
    severity: str
    message: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    label: str = ""
    notes: tuple[str, ...] = ()
    help: str = ""
    related: tuple[Label, ...] = ()
    file: str = ""
    cell: int | None = None
    details: dict[str, str] = field(default_factory=dict)
