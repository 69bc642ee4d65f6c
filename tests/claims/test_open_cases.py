"""The open examples of claims: none misjudged, nearly all decided, most true ones proved for every dimension."""

from __future__ import annotations

import json
from typing import Any

import pytest

from derivcheck.checking.results import ClaimResult
from derivcheck.checking.verifying import verify_claim
from tests.shared import shared

GOOD = ("proved", "holds")


@pytest.fixture(scope="module", params=["identities-open.jsonl", "chains-open.jsonl"])
def judged(request: pytest.FixtureRequest) -> list[tuple[dict[str, Any], ClaimResult]]:
    rows = [json.loads(line) for line in shared("cases", request.param).read_text(encoding="utf-8").splitlines()]
    return [(row, verify_claim(row["claim"], row["given"], seed=7)) for row in rows]


def test_no_row_is_misjudged(judged: list[tuple[dict[str, Any], ClaimResult]]) -> None:
    wrong = [
        (row["id"], result.verdict, result.first_wrong)
        for row, result in judged
        if (row["expect"] == "true" and result.verdict == "refuted")
        or (row["expect"] == "false" and result.verdict in GOOD)
        or (result.verdict == "refuted" and result.first_wrong != row.get("first_wrong", result.first_wrong))
    ]
    assert not wrong


def test_rows_are_decided_and_true_ones_proved(judged: list[tuple[dict[str, Any], ClaimResult]]) -> None:
    decided = sum(result.verdict in ("refuted", *GOOD) for _, result in judged)
    true = [result for row, result in judged if row["expect"] == "true"]
    assert decided >= 0.95 * len(judged)
    assert sum(result.verdict == "proved" for result in true) >= 0.8 * len(true)
