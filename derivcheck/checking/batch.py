"""`verify --batch`: JSON lines in, one JSON result a line out, in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from derivcheck.checking.deciding import Assistant
from derivcheck.checking.results import ClaimResult
from derivcheck.checking.verifying import Opened, judged, opened
from derivcheck.findings import Finding

_TOGETHER = 1000  # claims that are screened together


def verify_lines(
    lines: Iterable[str], *, layout: str | None, seed: int, assistant: Assistant | None = None
) -> Iterator[tuple[dict[str, Any], int]]:
    """Each non-empty line's result with its exit code; a line that is no claim is a result too (`bad-input`). Where
    claims are screened, many are read before the first is judged."""
    found = (_opened(number, line, layout, seed, assistant) for number, line in enumerate(lines, 1) if line.strip())
    together = _TOGETHER if assistant is not None and assistant.thorough else 1
    for group in iter(lambda: list(islice(found, together)), []):
        if assistant is not None and together > 1:
            assistant.prepare(pair for one in group if isinstance(one, Opened) for pair in one.claims())
        for one in group:
            result = judged(one) if isinstance(one, Opened) else one
            yield result.as_json(), result.exit_code if isinstance(one, Opened) else 2


def _opened(
    number: int, line: str, layout: str | None, seed: int, assistant: Assistant | None
) -> Opened | ClaimResult:
    """The claim of a line; a result where it is none."""
    try:
        item = _item(line)
    except ValueError as error:
        finding = Finding("bad-input", "error", f"input line {number}: {error}", help=_SHAPE)
        return ClaimResult(None, "unreadable", None, (), (finding,), 0.0)
    layout = item["layout"] or layout
    return opened(item["claim"], item["given"], layout=layout, seed=seed, id=item["id"], assistant=assistant)


_SHAPE = 'expected one object a line: {"id": "…", "given": ["…"], "claim": "…"}'


def _item(line: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(item, dict):
        raise ValueError("not a JSON object")
    claim, given, layout = item.get("claim"), item.get("given", []), item.get("layout")
    if not isinstance(claim, str):
        raise ValueError("`claim` is missing or not a text")
    if not isinstance(given, list) or not all(isinstance(g, str) for g in given):
        raise ValueError("`given` must be a list of texts")
    if layout not in (None, "jacobian", "numerator", "denominator"):
        raise ValueError("`layout` must be jacobian, numerator or denominator")
    return {"id": item.get("id"), "claim": _whole(claim), "given": [_whole(g) for g in given], "layout": layout}


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can write and nothing can print."""
    return text.encode("utf-8", "replace").decode()
