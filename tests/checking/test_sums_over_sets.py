"""Sums over the members of a set that a given states by zeros and ones; states with an index above and one below."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVEN = [
    r"h_i^t \in \mathbb{R}^d \text{ for } i = 1, \dots, n \text{ and } t = 0, \dots, T",
    r"N \in \{0,1\}^{n \times n}",
    r"S \in \{0,1\}^n",
    r"x \in \mathbb{R}^n",
    r"f : \mathbb{R} \times \mathbb{R} \times \mathbb{R}^d \to \mathbb{R}^d",
    r"h_i^t = \tanh(\sum_{j=1}^n N_{ij} f(j, i, h_j^{t-1}))",
]
NEXT = r"h_i^{t+1} = \tanh(\sum_{%s} %s(h_j^t))"


@pytest.mark.parametrize(
    ("claim", "verdicts"),
    [
        (r"\sum_{j \in S} x_j = S^\top x", ("proved", "holds")),
        (r"\sum_{j \in S} x_j = \sum_{j=1}^n x_j", ("refuted",)),
        (r"\sum_{j \in S} 1 = \sum_{j=1}^n S_j", ("proved", "holds")),
        (r"\sum_{j : j \ne i} x_j = \sum_{j=1}^n x_j - x_i", ("proved",)),
        (r"\sum_{j : x_j > 0} x_j = \sum_{j=1}^n \max(x_j, 0)", ("proved", "holds")),
        (NEXT % (r"j \in N(i)", "f_{ji}"), ("proved", "holds")),
        (NEXT % (r"v_j \in N(v_i)", "f_{ji}"), ("proved", "holds")),
        (NEXT % (r"j : j \in N_i", "f_{j,i}"), ("proved", "holds")),
        (NEXT % (r"v_j \in N(v_i)", "f_{ij}"), ("refuted",)),
        (NEXT % (r"v_i \in N(v_j)", "f_{ji}"), ("refuted", "undecided", "unreadable")),
        (r"h_{i,1}^t = e_1^\top h_i^t", ("proved",)),
    ],
)
def test_members(claim: str, verdicts: tuple[str, ...]) -> None:
    assert verify_claim(claim, GIVEN).verdict in verdicts


def test_a_name_without_all_its_indices_stands_for_the_value_at_them() -> None:
    claim = r"m_i = \sum_{j=1}^n N_{ij} f_{ji}(h_j^t) \\ h_i^{t+1} = \tanh(m_i)"
    assert verify_claim(claim, GIVEN).verdict in ("proved", "holds")
