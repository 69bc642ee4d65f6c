"""A refuted equality that only an assumption separates from the truth says which one."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

SOFTMAX = (r"z, y \in \mathbb{R}^K", r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}")
QUADRATIC = (r"A \in \mathbb{R}^{n \times n}", r"x \in \mathbb{R}^n")

NEEDED = [
    (SOFTMAX, r"\frac{\partial}{\partial z_j} \left(-\sum_i y_i \log p_i\right) = p_j - y_j", r"\sum_i y_i = 1"),
    (QUADRATIC, r"\nabla_x x^\top A x = 2 A x", r"A^\top = A"),
    (QUADRATIC, r"(A x)^\top (A x) = x^\top x", r"A^\top A = I"),
    ((r"u, x \in \mathbb{R}^n",), r"(I - 2 u u^\top)(I - 2 u u^\top) = I", r"\|u\|_2 = 1"),
]


@pytest.mark.parametrize(("given", "claim", "needed"), NEEDED)
def test_says_what_is_needed(given: tuple[str, ...], claim: str, needed: str) -> None:
    result = verify_claim(claim, given)
    assert result.verdict == "refuted"
    assert any(f"needs {needed}, which is not given" in note for f in result.findings for note in f.notes)
    assert verify_claim(claim, (*given, needed)).verdict == "proved"


@pytest.mark.parametrize(("given", "claim"), [(QUADRATIC, r"A x = x"), (SOFTMAX, r"p_i = y_i")])
def test_says_nothing_where_no_such_assumption_helps(given: tuple[str, ...], claim: str) -> None:
    assert not any("which is not given" in note for f in verify_claim(claim, given).findings for note in f.notes)
