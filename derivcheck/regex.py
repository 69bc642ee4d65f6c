"""Regular expressions that are compiled when they are first used: of the hundreds that say what a sentence may mean,
one answer meets a few, and compiling them all was a sixth of the command's start."""

from __future__ import annotations

import re
from typing import Any, cast

_OFFERED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Pattern:
    """In place of a compiled pattern; its methods become those of the compiled one."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copies and pickles ask for
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update((offered, getattr(compiled, offered)) for offered in _OFFERED)
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"lazy({self.pattern!r})"


def lazy(text: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`; a mistake in the text shows when it is first used."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
