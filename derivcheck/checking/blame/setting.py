"""What a judged line carries for blame, apart from blame itself: most lines are right and never need it."""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.checking.deciding import Situation
from derivcheck.language.options import Options
from derivcheck.language.parsing.macros import Macro
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Statement
from derivcheck.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Setting:
    """How a line was read and where it stands: what it takes to read it again."""

    scope: Scope
    previous: Statement | None
    options: Options
    situation: Situation
    macros: Mapping[str, Macro] = field(default_factory=dict)
    seed: int = 0
