"""The normal form is asked last of what was looked for in vain: alone, it proves no false claim either (a wrong rule
would not show where a counterexample is found first)."""

from __future__ import annotations

from typing import Any

import pytest

from derivcheck.deciding.budget import Budget, Work
from derivcheck.deciding.normal import rung
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from tests.claims.rows import read

FILES = ("algebra", "matrices", "learning", "courses", "statistics", "constructs")
FALSE = [r for f in FILES for r in read(f"{f}.jsonl") if r["expect"] == "false" and "\n" not in r["claim"]]


def check(row: dict[str, Any]) -> None:
    scope, _ = read_givens(row["given"])
    claims = [link for link in read_statement(row["claim"], scope).links if link.claim is not None]
    if len(claims) == 1:
        verdict = rung(claims[0].claim, claims[0].model, Work(7, Budget()))
        assert verdict is None, row["claim"]


@pytest.mark.parametrize("start", range(2))
def test_a_sample_of_false_claims(start: int) -> None:
    for row in FALSE[start::81]:
        check(row)


@pytest.mark.long
@pytest.mark.parametrize("start", range(81))
def test_every_false_claim(start: int) -> None:
    for row in FALSE[start::81]:
        check(row)
