"""Claims of probability, statistics and analysis with their truth, most with a wrong variant: moments under named and
unknown laws, entropies, inequalities, sums, limits, integrals, order and proportionality. None misjudged, those that
are decided stay decided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.rows import check, read

ROWS = read("statistics.jsonl")
SAMPLE = ROWS[::13]


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
