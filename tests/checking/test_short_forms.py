"""What is written in short: diagonals with dots, sums without brackets, names said after `with`."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVENS = [r"a, b \in \mathbb{R}^n", r"\lambda \in \mathbb{R}^n", r"\Lambda = \operatorname{diag}(\lambda)"]
DATA = [r"X \in \mathbb{R}^{n \times p}", r"w \in \mathbb{R}^p", r"y \in \mathbb{R}^n"]


def _verdict(claim: str, givens: list[str] = GIVENS) -> str:
    return verify_claim(claim, givens, seed=7).verdict


def test_a_diagonal_with_dots() -> None:
    assert _verdict(r"\operatorname{diag}(\lambda_1, \dots, \lambda_n) = \Lambda") == "proved"
    assert _verdict(r"\operatorname{diag}(\lambda_1^2, \dots, \lambda_n^2) = \Lambda^2") == "proved"
    assert _verdict(r"\operatorname{diag}(\lambda_1^2, \dots, \lambda_n^2) = \Lambda") == "refuted"


@pytest.mark.parametrize("sum_sign", [r"\sum_i", r"\sum_{i=1}^n"])
def test_a_sum_reaches_to_the_last_term_with_its_index(sum_sign: str) -> None:
    assert _verdict(rf"{sum_sign} a_i - b_i = {sum_sign} (a_i - b_i)") == "proved"
    assert _verdict(rf"{sum_sign} a_i - b_i = {sum_sign} (a_i - 2 b_i)") == "undecided"


def test_other_terms_are_not_in_the_sum() -> None:
    assert _verdict(r"\sum_i a_i - \lambda_1 = \sum_i a_i + \lambda_1") == "refuted"
    assert _verdict(r"\sum_i a_i - \sum_i b_i = \sum_i (a_i + b_i)") == "refuted"


def test_a_name_said_after_with() -> None:
    gradient = r"X^\top (2 X w) - X^\top y = X^\top \mu - X^\top y"
    assert _verdict(gradient + r" \text{ with } \mu = 2 X w", DATA) == "proved"
    assert _verdict(gradient + r" \text{ with } \mu = X w", DATA) == "refuted"


def test_with_is_a_condition_on_names_that_are_known() -> None:
    assert _verdict(r"\|y\|^2 = 0 \text{ with } y = 0", DATA) == "proved"


def test_cases_joined_by_or_are_not_claimed_each() -> None:
    assert _verdict(r"(x - 1)(x - 2) = 0, \quad x = 1 \text{ or } x = 2") == "undecided"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"\sum_k \delta_{ik} (A_{kj} + B_{kj}) = A_{ij} + B_{ij}", "proved"),
        (r"x_i \delta_{ij} (1 - x_j) = x_j \delta_{ij} (1 - x_i)", "proved"),
        (r"x_i \delta_{ij} (1 - x_j) = x_j \delta_{ij} (1 + x_i)", "refuted"),
    ],
)
def test_kroneckers_delta_before_a_bracket_is_a_factor(text: str, verdict: str) -> None:
    given = [r"A, B \in \mathbb{R}^{n \times n}", r"x \in \mathbb{R}^n"]
    assert verify_claim(text, given).verdict == verdict
