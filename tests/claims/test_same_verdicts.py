"""The same claims have the same verdicts whatever the seed, the process and the order."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from derivcheck.checking.verifying import verify_claim
from tests.claims.rows import read

CASES = Path(__file__).parents[3] / "shared" / "cases"
FILES = ("algebra.jsonl", "learning.jsonl", "implications.jsonl", "matrices.jsonl", "statistics.jsonl")


def rows(step: int) -> list[dict[str, Any]]:
    """Every `step`-th claim of these tests and of the open cases (where they are there)."""
    found = [row for name in FILES for row in read(name)]
    for path in sorted(CASES.glob("*-open.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return found[::step]


def verdicts(seed: int, chosen: list[dict[str, Any]]) -> dict[str, tuple[str, int | None]]:
    found = {}
    for row in chosen:
        result = verify_claim(row["claim"], row["given"], seed=seed)
        found[row["id"]] = result.verdict, result.first_wrong
    return found


@pytest.mark.parametrize("step", [47, pytest.param(5, marks=pytest.mark.long)])
def test_seeds_processes_and_order(step: int) -> None:
    chosen = rows(step)
    first = verdicts(0, chosen)
    assert verdicts(1, chosen) == first
    assert verdicts(2, chosen[::-1]) == first
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(verdicts, (0, chosen)) == first
