"""`verify --batch`: JSON lines in, one JSON result a line out, in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from derivcheck.checking.deciding import Assistant
from derivcheck.checking.results import ClaimResult
from derivcheck.checking.verifying import verify_claim
from derivcheck.findings import Finding


def verify_lines(
    lines: Iterable[str], *, layout: str | None, seed: int, assistant: Assistant | None = None
) -> Iterator[tuple[dict[str, Any], int]]:
    """Each non-empty line's result with its exit code; a line that is no claim is a result too (`bad-input`)."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = _item(line)
        except ValueError as error:
            finding = Finding("bad-input", "error", f"input line {number}: {error}", help=_SHAPE)
            yield ClaimResult(None, "unreadable", None, (), (finding,), 0.0).as_json(), 2
            continue
        result = verify_claim(
            item["claim"], item["given"], layout=item["layout"] or layout, seed=seed, id=item["id"], assistant=assistant
        )
        yield result.as_json(), result.exit_code


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
