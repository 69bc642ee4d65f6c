"""What notes sum over are lists of numbers, though hardly any student says so: such lines are proved for every length,
and nothing that hangs on the guess is refuted."""

from __future__ import annotations

import pytest

from tests.checked import words_of

SOFTMAX = r"""
$$a_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$$

$$\frac{\partial a_j}{\partial z_i} = a_i(1 - a_i), \quad i = j$$

$$L = -\sum_k y_k \log a_k$$

$$\frac{\partial L}{\partial z_i} = -\sum_k y_k \frac{1}{a_k} \frac{\partial a_k}{\partial z_i}$$
$$= -y_i(1-a_i) + \sum_{k \neq i} y_k a_i$$
$$= a_i \sum_k y_k - y_i$$
"""


def test_a_derivation_that_declares_nothing() -> None:
    assert set(words_of(SOFTMAX)) == {"proved"}


@pytest.mark.parametrize("claim", [
    r"\sum_{i=1}^n (x_i - c)^2 = \sum_{i=1}^n x_i^2 - 2c \sum_{i=1}^n x_i + n c^2",
    r"\sum_{i=1}^n \sum_{j=1}^n x_i x_j = \left(\sum_{i=1}^n x_i\right)^2",
    r"\sum_i \hat{y_i} (y_i - \hat y_i) = \sum_i y_i \hat{y}_i - \sum_i \hat y_i^2",
    r"\sum_j A_{ij} \sum_k B_{jk} x_k = \sum_k \sum_j A_{ij} B_{jk} x_k",
    r"\frac{\partial}{\partial \theta{_k}} \log \sum_j e^{\theta_j} = \frac{e^{\theta_k}}{\sum_j e^{\theta_j}}",
])  # fmt: skip
def test_proved_for_every_length(claim: str) -> None:
    assert words_of(f"Here $c \\in \\mathbb{{R}}$ is a constant.\n\n$${claim}$$\n")[-1] == "proved"


@pytest.mark.parametrize("claim", [
    r"\sum_i x_i y_i = \sum_i x_i \sum_i y_i",  # what x and y are is a guess
    r"\sum_i (w^\top x_i)^2 = \sum_i w^\top x_i w^\top x_i + \sum_i \|x_i\|",  # x_i is no number here
    r"\sum_i x_{label} = x_{label} \sum_i 1",
    r"\sum_{t=0}^{T} r_t = r_0 + \sum_{t=1}^{T} r_t + r_{T+1}",  # not from 1 to a length
])  # fmt: skip
def test_never_refuted_on_a_guess_and_never_passed(claim: str) -> None:
    assert words_of(f"$${claim}$$\n")[-1] in ("undecided", "unreadable")


def test_what_the_notes_declare_goes_first() -> None:
    text = "Let $x, y \\in \\mathbb{R}^n$.\n\n$$\\sum_i x_i y_i = \\sum_i x_i \\sum_i y_i$$\n"
    assert words_of(text)[-1] == "refuted"
