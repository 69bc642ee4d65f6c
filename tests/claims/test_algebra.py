"""Claims of linear algebra, matrix calculus, probability, optimisation and analysis with their truth, each with a wrong
variant, and chains with one slip: none misjudged, those that are decided stay decided.

A row of algebra.jsonl is an input of `verify --batch` plus `expect`, `first_wrong`, `topic`; `open`: not yet
decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from derivcheck.checking.verifying import verify_claim

GOOD = ("proved", "holds")
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("algebra.jsonl").read_text(encoding="utf-8").splitlines()
]
SAMPLE = ROWS[::19]


def _check(row: dict[str, Any]) -> None:
    result = verify_claim(row["claim"], row["given"], seed=7)
    if row["expect"] == "true":
        assert result.verdict != "refuted"
    else:
        assert result.verdict not in GOOD
    if result.verdict == "refuted":
        assert result.first_wrong == row["first_wrong"]
    if not row.get("open"):
        assert result.verdict in ("refuted", *GOOD)


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row["id"])
def test_a_sample(row: dict[str, Any]) -> None:
    _check(row)


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_row(row: dict[str, Any]) -> None:
    _check(row)


def test_ids_are_unique() -> None:
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids))
