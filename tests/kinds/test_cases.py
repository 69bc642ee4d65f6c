"""A result by cases, or of some entries only: all that was asked where the cases leave nothing out, else partial."""

from __future__ import annotations

import pytest

from tests.checked import verdicts_of

DIAGONAL = r"\frac{\partial p_i}{\partial z_i} = p_i (1 - p_i)"
BESIDE = r"\frac{\partial p_i}{\partial z_j} = -p_i p_j"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (rf"For $i = j$: ${DIAGONAL}$; for $i \ne j$: ${BESIDE}$.", "correct"),
        (rf"Case $i = j$: ${DIAGONAL.replace('z_i', 'z_j')}$." + "\n\n" + rf"Case $i \ne j$: ${BESIDE}$.", "correct"),
        (rf"If $i = j$ then ${DIAGONAL.replace('z_i', 'z_j')}$. Otherwise ${BESIDE}$.", "correct"),
        (rf"${BESIDE}$ for $i \ne j$ and ${DIAGONAL}$.", "correct"),
        (rf"${DIAGONAL}$", "partial"),
        (rf"For $i \ne j$ we get ${BESIDE}$.", "partial"),
        (r"$\frac{\partial p_1}{\partial z_2} = -p_1 p_2$", "partial"),
        (rf"If $i = j$ then ${DIAGONAL.replace('z_i', 'z_j')}$. Otherwise ${BESIDE.replace('-', '')}$.", "wrong"),
        (r"$\frac{\partial p_i}{\partial z_i} = p_i^2$", "wrong"),
    ],
)
def test_of_a_jacobian(answer: str, verdict: str) -> None:
    assert verdicts_of(answer + "\n", "softmax/jacobian") == [verdict]
