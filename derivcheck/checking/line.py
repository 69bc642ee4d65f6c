"""A line where it stands: one frozen value for all who read it, judge it, or read it once more in another way."""

from __future__ import annotations

import os
from collections.abc import Mapping

from derivcheck.checking.blame import Setting
from derivcheck.checking.deciding import Decider, Situation
from derivcheck.findings import Finding
from derivcheck.language.options import Options
from derivcheck.language.parsing.macros import Macro
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Statement, read_statement
from derivcheck.record import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Context:
    """How lines are read and decided. situation.model is replaced by each link's own model (the scope as it
    grows). `judging` False reads only (every claim is left 'undecided' with the reason 'not judged'). `known`: the
    statements read so far: a line is read more than once, to see its claims, to judge them, and in other readings."""

    decider: Decider
    situation: Situation
    options: Options
    macros: Mapping[str, Macro] | None = None
    ocr: bool = False
    judging: bool = True
    known: dict[tuple[str, int, int, Options], tuple[Scope, Statement | None, Statement]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A text in the scope before it. `previous`: the line that a leading relation continues. `bridged`: a line
    between the two could not be read, so that what continues across it is never refuted."""

    text: str
    scope: Scope
    previous: Statement | None
    context: Context
    bridged: bool = False

    def under(self, options: Options) -> Line:
        """The line read with other options."""
        return replace(self, context=replace(self.context, options=options))

    @property
    def setting(self) -> Setting:
        """What blame needs to read the line again."""
        context = self.context
        return Setting(
            self.scope, self.previous, context.options, context.situation, context.macros or {}, context.decider.seed
        )


def read(line: Line) -> Statement:
    """The line as a statement."""
    known = line.context.known
    key = (line.text, id(line.scope), id(line.previous), line.context.options)
    if key not in known:  # what the key names by its id is kept alive
        known[key] = (line.scope, line.previous, _read_afresh(line))
    return known[key][2]


def _read_afresh(line: Line) -> Statement:
    context = line.context
    try:
        return read_statement(line.text, line.scope, line.previous, context.options, dict(context.macros or {}))
    except Exception as fault:  # a fault of ours must never take a paper down: a person reads the line
        if os.environ.get("DERIVCHECK_DEBUG"):
            raise
        message = f"reading it failed inside ({type(fault).__name__}: {fault})"
        found = Finding("internal-fault", "error", message, 1, 1, len(line.text) + 1)
        return Statement((), line.scope, line.text, (found,))
