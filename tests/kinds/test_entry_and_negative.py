"""A bare entry of the vector that is asked for goes to a person, and so does a row for a column; the negative of what
is asked states it too."""

from __future__ import annotations

import pytest

from tests.checked import verdicts_of


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"$\pi_k (r_k - J)$", "review"),
        (r"$\pi_k (r_k - 2 J)$", "wrong"),
        (r"$-\nabla_\theta J = -\pi \odot (r - J \mathbf{1})$", "correct"),
        (r"$-\nabla_\theta J = \pi \odot (r - J \mathbf{1})$", "wrong"),
        (r"$-\frac{\partial J}{\partial \theta_k} = \pi_k (J - r_k)$", "correct"),
    ],
)
def test_of_a_gradient(answer: str, verdict: str) -> None:
    assert verdicts_of(answer + "\n", "policy/gradient-gradient") == [verdict]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"$\nabla_w L = (p - y)^\top X$", "review"),  # a row: another layout
        (r"$(p - y)^\top X$", "review"),
        (r"$\nabla_w L = (y - p)^\top X$", "wrong"),
        (r"$\nabla_w L = p^\top X$", "wrong"),
        (r"Gradients are columns (denominator layout). $\nabla_w L = (p - y)^\top X$", "wrong"),
    ],
)
def test_of_a_row(answer: str, verdict: str) -> None:
    assert verdicts_of(answer + "\n", "logistic/regression-gradient") == [verdict]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"$\sum_i p_i \log p_i + \sum_i p_i \log k = -H + \log k$", "correct"),
        (r"$\sum_i p_i \log p_i + \sum_i p_i \log k = -H - \log k$", "wrong"),
        (r"$\sum_i p_i \log p_i = -H$", "review"),  # that is not what was asked
    ],
)
def test_of_what_was_asked_written_otherwise(answer: str, verdict: str) -> None:
    assert verdicts_of(answer + "\n", "entropy/uniform") == [verdict]
