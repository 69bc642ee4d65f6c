"""Worlds in which equations of matrices are met: not by zeros, the identity or other special matrices only."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from tests.claims.rows import GOOD

SQUARE = r"A, B \in \mathbb{R}^{n \times n}"


@pytest.mark.parametrize(
    ("given", "false"),
    [
        (r"A^\top A = AA^\top", r"A^\top = A"),
        (r"A^\top A = AA^\top", r"A^\top A = I"),
        (r"A^2 = I; A^\top = A", r"A = I"),
        (r"A^2 = I; A^\top = A", r"\operatorname{tr}(A) = n"),
        (r"A^2 = 0", r"A^\top A = AA^\top"),
        (r"A^2 = -I", r"A^\top = -A"),
        (r"A^2-3A+2I = 0", r"A = I"),
        (r"A^3 = A", r"A^2 = I"),
        (r"A^\top A = nI", r"A^\top = A"),
        (r"\det A = 1", r"A^\top A = I"),
        (r"AB-BA = A", r"A^2 = 0"),
        (r"ABA = A", r"BAB = B"),
        (r"A^2 = A; B^2 = B; AB = 0", r"BA = 0"),
        (r"A^2 = A; B^2 = B; AB = BA", r"AB = A"),
        (r"A^2 = I; B^2 = I; AB = BA", r"AB = I"),
        (r"A^\top = A; B^\top = B; A \succeq B", r"A^2 \succeq B^2"),
    ],
)
def test_what_does_not_follow_is_refuted(given: str, false: str) -> None:
    assert verify_claim(false, [SQUARE, *given.split("; ")]).verdict == "refuted"


@pytest.mark.parametrize(
    ("given", "true"),
    [
        (r"A^2 = 0", r"\det(I+A) = 1"),
        (r"A^2 = -I", r"A^{-1} = -A"),
        (r"A^\top A = nI", r"AA^\top = nI"),
        (r"AB-BA = A", r"\operatorname{tr}(A) = 0"),
        (r"A^\top = A; B^\top = B; A \succeq B", r"\operatorname{tr}(A) \ge \operatorname{tr}(B)"),
    ],
)
def test_what_follows_holds(given: str, true: str) -> None:
    assert verify_claim(true, [SQUARE, *given.split("; ")]).verdict in GOOD
