"""Notation that one course reads in one way and another in another: the reading that fits is taken, and what is right
in either is never refuted."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

POLICY = [r"\theta \in \mathbb{R}^K", r"\pi = \operatorname{softmax}(\theta)", r"a \in \{1,\dots,K\}"]
MATRIX = [r"A \in \mathbb{R}^{m \times n}", r"x \in \mathbb{R}^n", r"i \in \{1,\dots,m\}"]
LOSS = [r"x \in \mathbb{R}^d", r"\sigma > 0", r"L = x^\top x"]


def _verdict(claim: str, givens: list[str]) -> str:
    return verify_claim(claim, givens, seed=7).verdict


@pytest.mark.parametrize("one_hot", [r"\mathbf{1}_a", r"\mathbb{1}_a", "e_a"])
@pytest.mark.parametrize("score", [r"\nabla_\theta \log \pi_a", r"\nabla_\theta \log \pi(a)"])
def test_one_hot_vectors_and_entries(score: str, one_hot: str) -> None:
    assert _verdict(rf"{score} = {one_hot} - \pi", POLICY) == "proved"
    assert _verdict(rf"{score} = {one_hot} + \pi", POLICY) == "refuted"


def test_ones_of_a_size_are_ones() -> None:
    assert _verdict(r"\mathbf{1}_K^\top \pi = 1", POLICY) == "proved"
    assert _verdict(r"\mathbf{1}_K^\top \pi = \pi_1", POLICY) == "refuted"


def test_entries_are_summed() -> None:
    assert _verdict(r"\sum_a \pi(a) = 1", POLICY[:2]) == "proved"
    assert _verdict(r"\sum_a \pi(a) = 2", POLICY[:2]) == "refuted"


@pytest.mark.parametrize(
    "claim",
    [r"A_{i,:} = e_i^\top A", r"A_{i,:} = A^\top e_i", r"A_{i,:}^\top = A^\top e_i", r"A_{i,:} x = (A x)_i",
     r"A_{i,:}^\top x = (A x)_i"],
)  # fmt: skip
def test_a_row_of_a_matrix(claim: str) -> None:
    assert _verdict(claim, MATRIX) == "proved"
    assert _verdict(claim.replace("= ", "= 2 "), MATRIX) == "refuted"


def test_names_for_the_rows_of_a_matrix() -> None:
    assert _verdict(r"a_i = A^\top e_i", [*MATRIX[:2], r"a_i = A_{i,:}^\top"]) == "proved"
    assert _verdict(r"a_i = A^\top e_i", [*MATRIX[:2], r"a_i = A_{i,:}"]) == "proved"
    assert _verdict(r"a_i x = (Ax)_i", [*MATRIX[:2], r"a_i = A_{i,:}"]) == "undecided"
    assert _verdict(r"a_i^\top x = 2 (Ax)_i", [*MATRIX[:2], r"a_i = A_{i,:}"]) == "refuted"


@pytest.mark.parametrize("d", ["d", r"\mathrm{d}"])
def test_differentials_beside_a_size(d: str) -> None:
    assert _verdict(rf"{d}L = 2 x^\top {d}x", LOSS) == "proved"
    assert _verdict(rf"{d}L = x^\top {d}x", LOSS) == "refuted"  # although d L = x^T (d x) for a number d
    assert _verdict(rf"{d}(x^\top x) = 2 x^\top {d}x", LOSS) == "proved"


def test_a_size_before_a_number_is_a_size() -> None:
    assert _verdict(r"d\sigma^2 = 2\sigma^2 d", LOSS) == "refuted"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"(B \odot A + c A) w = B \odot A w + c A w", "undecided"),  # (B \odot A) w: right as it is meant
        (r"A (B \odot C) = A B \odot C", "undecided"),
        (r"A (w \odot u) = A w \odot u", "undecided"),
        (r"(A w) \odot u = A w \odot u", "proved"),
        (r"A (B \odot C) = A B \odot B", "refuted"),
        (r"(A \odot B) w = A \odot C w", "refuted"),
    ],
)
def test_an_entrywise_product_beside_a_product_may_come_first(text: str, verdict: str) -> None:
    given = [r"A, B, C \in \mathbb{R}^{n \times n}", r"w, u \in \mathbb{R}^n", r"c \in \mathbb{R}"]
    assert verify_claim(text, given).verdict == verdict
