"""Derivatives by a name that is itself computed, read as those of the inverse function; conditions that are met at
equality on more than single points: right and wrong."""

from __future__ import annotations

from typing import Any

import pytest

from derivcheck.checking.verifying import verify_claim
from tests.claims.rows import check, read


@pytest.mark.parametrize("row", read("inverses.jsonl"), ids=lambda row: row["id"])
def test_every_row(row: dict[str, Any]) -> None:
    check(row)


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\mathbb{1}\{h > 0\} = \mathbb{1}\{h \ge 0\}", [r"h \in \mathbb{R}"]),
        (r"\operatorname{sign}(\max(0, h)) = 1", [r"h \in \mathbb{R}"]),  # the sign of 0 is a custom
        (r"\frac{\partial z}{\partial x} = A^+", [r"A \in \mathbb{R}^{m \times n}", r"z \in \mathbb{R}^n", "x = A z"]),
        (r"\frac{\partial L}{\partial p} = p", [r"z \in \mathbb{R}^k", r"p = \operatorname{softmax}(z)", r"L = z^T z"]),
    ],
)
def test_what_may_be_meant_otherwise_goes_to_a_person(claim: str, given: list[str]) -> None:
    assert verify_claim(claim, given).verdict == "undecided"
