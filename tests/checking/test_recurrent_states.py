"""Derivatives in a recurrence whose state has two parts, and the ways to write the entries of its rows."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVEN = [
    r"C_t, h_t \in \mathbb{R}^{1 \times n} \text{ for } t = 0, \dots, T",
    r"f_t, o_t \in \mathbb{R}^{1 \times n} \text{ for } t = 1, \dots, T",
    r"U, V \in \mathbb{R}^{n \times n}",
    r"f_t = \tanh(h_{t-1} V)",
    r"C_t = f_t \circ C_{t-1}",
    r"o_t = \tanh(h_{t-1} U)",
    r"h_t = o_t \circ \tanh(C_t)",
    r"\ell : \mathbb{R}^{1 \times n} \to \mathbb{R}",
    r"J = \sum_{t=1}^T \ell(h_t)",
    r"\frac{\partial J}{\partial h_t} = \frac{\partial \ell(h_t)}{\partial h_t}",
]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\frac{\partial C_t}{\partial C_{t-1}} = \operatorname{diag}(f_t)", "proved"),
        (r"\frac{\partial}{\partial C_{t-1}} (f_t \circ C_{t-1}) = \operatorname{diag}(f_t)", "proved"),
        (r"\frac{\partial (f_t \circ C_{t-1})}{\partial C_{t-1}} = \operatorname{diag}(C_{t-1})", "refuted"),
        (r"C_{t,j} = f_{t,j} C_{t-1,j}", "proved"),
        (r"C_{t,j} = f_{t,j} C_{t,j}", "refuted"),
        (r"\frac{\partial C_{t,j}}{\partial C_{t-1,k}} = \delta_{jk} f_{t,j}", "proved"),
    ],
)
def test_the_other_part_of_the_state_is_held(claim: str, verdict: str) -> None:
    assert verify_claim(claim, GIVEN).verdict == verdict


@pytest.mark.parametrize("index", ["t", "k", "s"])
def test_a_notation_holds_whatever_a_sum_calls_its_index(index: str) -> None:
    direct = rf"\sum_{{{index}=1}}^T \frac{{\partial J}}{{\partial h_{index}}}"
    claim = rf"{direct} = \sum_{{i=1}}^T \frac{{\partial \ell(h_i)}}{{\partial h_i}}"
    assert verify_claim(claim, GIVEN).verdict == "proved"
