"""`S_{ii} = v_i` says what stands on the diagonal of S and nothing else; with zeros beside it, it is all of S."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from tests.checked import outcome_of

GIVENS = [r"v \in \mathbb{R}^n"]
BESIDE = r"S_{ij} = 0 \text{ for } i \ne j"


@pytest.mark.parametrize("right", [r"\mathbf{1} v^\top", r"\operatorname{diag}(v)"])
def test_the_rest_is_unknown(right: str) -> None:
    assert verify_claim(rf"S = {right} \text{{ where }} S_{{ii}} = v_i", GIVENS, seed=7).verdict == "undecided"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [(r"S_{jj} = v_j", "proved"), (r"S_{22} = v_2", "proved"), (r"S_{jj} = 2 v_j", "refuted"),
     (r"S_{12} = v_1", "undecided")],
)  # fmt: skip
def test_only_the_diagonal_is_defined(claim: str, verdict: str) -> None:
    assert verify_claim(claim, [*GIVENS, r"S_{ii} = v_i"], seed=7).verdict == verdict


@pytest.mark.parametrize(
    "said", [[r"S_{ii} = v_i", BESIDE], [BESIDE, r"S_{ii} = v_i"], [r"S \odot I = S", r"S_{ii} = v_i"]]
)
def test_zeros_beside_it_complete_the_matrix(said: list[str]) -> None:
    assert verify_claim(r"S = \operatorname{diag}(v)", [*GIVENS, *said], seed=7).verdict == "proved"
    assert verify_claim(r"S = \mathbf{1} v^\top", [*GIVENS, *said], seed=7).verdict == "refuted"


def test_both_halves_in_one_line() -> None:
    line = rf"S = \operatorname{{diag}}(v) \text{{ where }} S_{{ii}} = v_i, {BESIDE}"
    assert verify_claim(line, GIVENS, seed=7).verdict == "proved"


def test_a_condition_on_indices_defines_only_some_members() -> None:
    assert verify_claim(r"a_i = v_i \text{ if } i \ne 2", GIVENS, seed=7).verdict == "undecided"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"Let $S$ be the diagonal matrix with $S_{ii} = e^{x_i^T w}$. Then $$H = X^T S X$$", "proved"),
        (r"Let $S$ be the diagonal matrix with entries $S_{ii} = e^{x_i^T w}$. $$H = X^T S X$$", "proved"),
        (r"Let $S$ be the diagonal matrix with entries $S_{ii} = x_i^T w$. $$H = X^T S X$$", "refuted"),
        (r"Let $S_{ii} = e^{x_i^T w}$. $$H = X^T S X$$", "undecided"),
    ],
)
def test_said_in_words(text: str, verdict: str) -> None:
    report = outcome_of(text + "\n", "poisson/regression-hessian").report
    assert report.parts[0].lines[-1].verdict.word == verdict
