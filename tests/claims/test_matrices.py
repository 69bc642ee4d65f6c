"""Single claims of matrix algebra and matrix calculus with their truth, each beside wrong ones by one slip, and what
does and does not follow from equations of matrices: none misjudged, those that are decided stay decided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.rows import check, read

ROWS = read("matrices.jsonl")
SAMPLE = ROWS[::23]


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
