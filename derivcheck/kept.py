"""What pure functions gave, kept for the next call: the last few results, by frozen values and, of what has no hash
(a scope, a model), by the very object, which is kept alive with the result."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Kept(Generic[_T]):
    """At most so many results, the latest used first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, tuple[object, _T]] = OrderedDict()

    def of(self, owner: object, key: Hashable, make: Callable[[], _T]) -> _T:
        """The result for this object and key, made if it is not known."""
        whole = (id(owner), key)
        if whole not in self._found:
            self._found[whole] = (owner, make())
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        self._found.move_to_end(whole)
        return self._found[whole][1]
