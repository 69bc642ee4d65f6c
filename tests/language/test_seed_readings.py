"""No formula of the source documents is read otherwise than when it was looked at."""

from __future__ import annotations

from tests.language.seed_readings import TABLE, readings
from tests.shared import shared


def test_formulas_are_read_as_they_were() -> None:
    shared("seeds")
    known = TABLE.read_text(encoding="utf-8").splitlines()
    now = list(readings())
    assert len(now) == len(known)
    assert [row for row, old in zip(now, known, strict=True) if row != old] == []
