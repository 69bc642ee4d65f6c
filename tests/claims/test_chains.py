"""Derivations of several lines as students of deep learning write them, most with one slip at a line that is said:
none misjudged, the slip found at its line, those that are decided stay decided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.rows import check, read

ROWS = read("chains.jsonl")
SAMPLE = ROWS[::29]


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row["id"])
def test_a_sample(row: dict[str, Any]) -> None:
    check(row)


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_row(row: dict[str, Any]) -> None:
    check(row)


def test_ids_are_unique() -> None:
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids))
