"""Why a term has no value in a world. Values of exceptions, never shown as a crash: each becomes a note,
a redraw or a reason."""

from __future__ import annotations


class NoValue(Exception):
    """Base: the evaluation of a term at a point gave no number; `where` says what stopped it."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class Undefined(NoValue):
    """The term has no meaning at this point (a division by zero, an index out of range): judged elsewhere."""


class LogOfZero(Undefined):
    """`\\log 0`: undefined, except under a factor that is exactly 0 (`0 \\log 0 = 0`)."""


class Undetermined(NoValue):
    """The precision does not settle a comparison, or the point is on a kink: more bits, or another draw."""


class Kink(Undetermined):
    """A derivative where there is none (`|x|` at 0): the point is drawn again."""


class Unsupported(NoValue):
    """The evaluator has no rule for this construct (or too much work would be needed); `where` is the reason."""


class NotSeen(Unsupported):
    """An infinite sum or integral that is not seen to converge at this point: perhaps it is at another."""


class NoWorld(Exception):
    """No values that meet the givens were found; `contradictory` when it is certain that there are none."""

    def __init__(self, reason: str, contradictory: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.contradictory = contradictory
