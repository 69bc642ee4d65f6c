"""The real numbers as many type them."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim


@pytest.mark.parametrize("real", ["R", r"\mathbf{R}", r"\mathbf R", r"\mathbb{R}", "ℝ"])
def test_the_real_numbers(real: str) -> None:
    given = [rf"A \in {real}^{{m×n}}", rf"x ∈ {real}^n", rf"c \in {real}"]
    assert verify_claim(r"A (c x) = c (A x)", given).verdict == "proved"
    assert verify_claim(r"x^\top A^\top A x = c", given).verdict == "refuted"
