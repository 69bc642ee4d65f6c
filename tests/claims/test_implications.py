"""Claims with implications, proportionality, limits and assumptions that decide, right and wrong: none misjudged, those
that are decided stay decided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.rows import check, read


@pytest.mark.parametrize("row", read("implications.jsonl"), ids=lambda row: row["id"])
def test_every_row(row: dict[str, Any]) -> None:
    check(row)
