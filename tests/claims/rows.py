"""Rows of claims with their truth: an input of `verify --batch` plus `expect`, `first_wrong`, `topic`; `open`: not yet
decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from derivcheck.checking.verifying import verify_claim

GOOD = ("proved", "holds")


def read(name: str) -> list[dict[str, Any]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def check(row: dict[str, Any]) -> None:
    """Not misjudged, refuted at its line, and decided where it was decided before."""
    result = verify_claim(row["claim"], row["given"], seed=7)
    if row["expect"] == "true":
        assert result.verdict != "refuted"
    else:
        assert result.verdict not in GOOD
    if result.verdict == "refuted":
        assert result.first_wrong == row["first_wrong"]
    if not row.get("open"):
        assert result.verdict in ("refuted", *GOOD)
