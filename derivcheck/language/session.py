"""What reading one line finds on the way. Mutable, but lives only while one line is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivcheck.language.syntax import Span
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Index


@dataclass(slots=True)
class Session:
    """undeclared: names that nothing introduces, with their places. declared: symbols introduced by use.
    free: bare undeclared indices by name. dims: unknown dimensions solved so far. notes: facts to show."""

    undeclared: dict[str, Span] = field(default_factory=dict)
    declared: dict[str, Declaration] = field(default_factory=dict)
    free: dict[str, Index] = field(default_factory=dict)
    dims: dict[str, Dim] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
