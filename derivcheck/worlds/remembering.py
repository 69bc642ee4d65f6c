"""Worlds made once for all claims under the same givens. To meet the givens is most of the work of a search, and the
lines of a text share them: the next claim is handed the same worlds, and pays for them as if they were made anew, so
that a verdict does not hang on what was decided before it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from derivcheck.record import dataclass
from derivcheck.worlds.errors import NoWorld
from derivcheck.worlds.world import World

_MOST = 48  # givens whose worlds are kept


@dataclass(frozen=True, slots=True)
class Attempt:
    """One world of a plan, made or not; what all up to it took; what making it taught (to go on from there)."""

    found: World | NoWorld
    spent: int
    learned: Any


class Attempts:
    """The attempts of one plan, as far as any claim has asked for them."""

    def __init__(self, source: Iterator[Attempt]) -> None:
        self._source = source
        self._made: list[Attempt] = []
        self.broken = False

    def at(self, k: int) -> Attempt | None:
        while len(self._made) <= k:
            try:
                made = next(self._source, None)
            except BaseException:
                self.broken = True
                raise
            if made is None:
                return None
            self._made.append(made)
        return self._made[k]


_KNOWN: OrderedDict[Hashable, Attempts] = OrderedDict()


def attempts_of(key: Hashable, begin: Callable[[], Iterator[Attempt]]) -> Attempts:
    """The attempts known by this key, begun if there are none."""
    found = _KNOWN.get(key)
    if found is None or found.broken:
        found = _KNOWN[key] = Attempts(begin())
    _KNOWN.move_to_end(key)
    while len(_KNOWN) > _MOST:
        _KNOWN.popitem(last=False)
    return found
