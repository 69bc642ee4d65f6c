"""Shapes that do not conform refute only where no condition may make them conform; members counted with dots."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

MATRIX = r"W \in \mathbb{R}^{m \times n}"
POINTS = r"x_1, x_2, \dots, x_n \in \mathbb{R}^d"


@pytest.mark.parametrize(
    ("givens", "claim", "word"),
    [
        ((MATRIX,), r"\operatorname{tr}(W) = \operatorname{tr}(W^\top)", "refuted"),
        ((MATRIX, "m = n"), r"\operatorname{tr}(W) = \operatorname{tr}(W^\top)", "proved"),
        ((MATRIX, "m = n"), r"\operatorname{tr}(W) = -\operatorname{tr}(W^\top)", "refuted"),
        ((MATRIX, "n = m"), r"W + W^\top = 2 W", "refuted"),
        ((MATRIX, r"x \in \mathbb{R}^m", "m = n"), r"W x = (x^\top W^\top)^\top", "proved"),
        ((r"z \in \mathbb{R}^n", r"z_1 > z_2 > \dots > z_n"), r"\max_i z_i = z_n", "refuted"),
        ((r"z \in \mathbb{R}^n", r"z_1 \ge \dots \ge z_n"), r"\max_i z_i = z_1", "holds"),
        ((r"\lambda \in \mathbb{R}^n", r"\lambda_1 \ge \dots \ge \lambda_n > 0"), r"\lambda_2 > 0", "proved"),
        ((MATRIX, r"x \in \mathbb{R}^n", "W = I"), "W x = x", "undecided"),
        ((MATRIX, "m > n"), r"\operatorname{tr}(W) = \operatorname{tr}(W^\top)", "refuted"),
        ((POINTS,), r"\sum_{i=1}^n x_i = x_1 + x_2 + \dots + x_n", "proved"),
        ((POINTS,), r"\sum_{i=1}^n x_i^\top x_i = (\sum_{i=1}^n x_i)^\top \sum_{i=1}^n x_i", "refuted"),
        ((r"x_1, \dots, x_n \in \mathbb{R}", r"s = \sum_i x_i"), r"\frac{\partial s}{\partial x_j} = 1", "proved"),
    ],
)
def test_verdict(givens: tuple[str, ...], claim: str, word: str) -> None:
    assert verify_claim(claim, list(givens), seed=7).verdict == word


@pytest.mark.parametrize(("claim", "word"), [("f' = 7 a x", "undecided"), ("f' := 7 a x", "proved")])
def test_a_prime_on_a_computed_number_is_no_definition(claim: str, word: str) -> None:
    """It may say what the derivative is."""
    assert verify_claim(claim, [r"a, x \in \mathbb{R}", "f = a x^2"], seed=7).verdict == word


@pytest.mark.parametrize(
    ("givens", "claim", "word"),
    [
        ((r"x \in \mathbb{R}^n", r"x_1, \dots, x_n > 0"), r"\mathbf{1}^\top x > 0", "proved"),
        ((r"x \in \mathbb{R}^n", r"x_1, \dots, x_n \in (0, 1)"), r"x_i < 1", "proved"),
        ((r"x \in \mathbb{R}^n", r"x_1, \dots, x_n \in (0, 1)"), r"\sum_i x_i > n", "refuted"),
        ((r"x_1, \dots, x_n > 0",), r"\log \sum_{i=1}^n x_i = \sum_{i=1}^n \log x_i", "refuted"),
        ((r"x_1, \dots, x_n > 0",), r"\log \prod_{i=1}^n x_i = \sum_{i=1}^n \log x_i", "proved"),
    ],
)
def test_entries_and_members_counted_with_dots(givens: tuple[str, ...], claim: str, word: str) -> None:
    assert verify_claim(claim, list(givens), seed=7).verdict in (word, "holds" if word == "proved" else word)
