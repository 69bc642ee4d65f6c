"""What the reader of a row of given lines gets."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.language.clauses import Piece
from derivcheck.language.elaboration.declaring import Limits
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.options import Options
from derivcheck.language.parsing.syntax import (
    Node,
    Relation,
)
from derivcheck.language.reading import (
    elaborator,
)
from derivcheck.language.scope import Scope
from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What a reader of a row gets: the scope so far, the piece, the ranges and conditions of its line."""

    scope: Scope
    piece: Piece
    node: Relation
    ranges: dict[str, Limits]
    conditions: tuple[Node, ...]
    options: Options

    def elab(self) -> Elaborator:
        made = elaborator(self.scope, self.options, (self.node, *self.conditions))
        made.session.ranges.update(self.ranges)
        return made


Row = Callable[[Line], "Scope | None"]
