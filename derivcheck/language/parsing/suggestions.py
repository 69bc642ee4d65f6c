"""Did you mean: the known command nearest to a mistyped one."""

from __future__ import annotations

import difflib

from derivcheck.language.parsing.notation import SPELLINGS


def nearest_command(command: str) -> str | None:
    """`\\alpah` → `\\alpha`; a command glued to a letter, `\\cdotb` → `\\cdot b`."""
    for cut in range(len(command) - 1, 2, -1):
        if command[:cut] in SPELLINGS and len(command) - cut <= 2:
            return f"{command[:cut]} {command[cut:]}"
    known = [spelling for spelling in SPELLINGS if spelling.startswith("\\") and len(spelling) > 2]
    found = difflib.get_close_matches(command, known, n=1, cutoff=0.75)
    return found[0] if found else None
