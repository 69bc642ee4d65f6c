"""Claims with their truth, most with a wrong variant, and chains with one slip: none misjudged, the slip found at its
line, those that are decided stay decided. Of large files a sample runs fast, the whole is long.

algebra: linear algebra, matrix calculus, optimisation, analysis. matrices: matrix algebra and calculus, what does and
does not follow from equations of matrices. learning, chains: derivations as students of deep learning write them.
courses: what courses on machine learning and their mathematics write, topic by topic. statistics: moments, laws,
entropies, inequalities, sums, limits, integrals. implications: implications, proportionality, limits and assumptions
that decide. constructs: one notation after the other, as homework uses it. customs: notation
that another field reads in another way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.rows import check, read

STEPS = {
    "algebra": 19, "matrices": 23, "learning": 13, "chains": 29, "courses": 31, "statistics": 13,
    "implications": 1, "constructs": 4, "customs": 1,
}
"""Every so many rows of a file are the sample."""
ROWS = {name: read(f"{name}.jsonl") for name in STEPS}
SAMPLE = [row for name, step in STEPS.items() for row in ROWS[name][::step]]


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row["id"])
def test_a_sample(row: dict[str, Any]) -> None:
    check(row)


@pytest.mark.long
@pytest.mark.parametrize("row", [r for rows in ROWS.values() for r in rows], ids=lambda row: row["id"])
def test_every_row(row: dict[str, Any]) -> None:
    check(row)


@pytest.mark.parametrize("name", ROWS)
def test_ids_are_unique(name: str) -> None:
    ids = [row["id"] for row in ROWS[name]]
    assert len(ids) == len(set(ids))
