"""A bound is asked for: what the file itself names (its reference, its `review` entries) against what is refuted."""

from __future__ import annotations

import pytest

from tests.kinds.test_kinds import judged

GATED = r"""
    given: |
      B \in \mathbb{R}^{m \times n}
      C \in \mathbb{R}^{n \times m}
      z \in \mathbb{R}^m
      0 \le z_i \le 1
      M = I + C \operatorname{diag}(z) B
    ask: Bound $\|M\|_2$ from above.
    find: \|M\|_2
    relation: \le
    in: B, C
    answer: 1 + \|B\|_2 \|C\|_2
    points: 2
    review:
      - 1 + \|B\|_2 \|C\|_2 - \|C B\|_2
"""
SHIFTED = r"1 + \|B\|_2 \|C\|_2 - \|C B\|_2"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"1 + \|B\|_2 \|C\|_2", "correct"),
        (r"\|M\|_2 \le 1 + \|C\|_2 \|B\|_2", "correct"),
        (r"\|M\|_2 \ge 1 + \|C\|_2 \|B\|_2", "wrong"),
        (r"\|M\|_2 = 1 + \|C\|_2 \|B\|_2", "wrong"),
        (r"$M = I - C \operatorname{diag}(z) B$, $\|M\|_2 \le 1 + \|C\|_2 \|B\|_2$", "review"),
    ],
)
def test_the_reference_itself_is_right(answer: str, verdict: str):
    assert judged(GATED, answer).verdict == verdict


@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        (r"1 + \|C \operatorname{diag}(z) B\|_2 \le", "correct"),
        (r"1 + \|C\|_2 \|B\|_2 \max_j z_j \le", "correct"),
        (r"1 + \|C\|_2 \|B\|_2 \sin(\tfrac{\pi}{2} \max_j z_j) \le", "review"),
    ],
)
def test_a_step_that_was_only_tested_is_for_a_person(step: str, verdict: str):
    assert judged(GATED, rf"\|M\|_2 \le {step} 1 + \|B\|_2 \|C\|_2").verdict == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (SHIFTED, "review"),
        (rf"\|M\|_2 \le {SHIFTED}", "review"),
        (rf"\|M\|_2 \ge {SHIFTED}", "wrong"),
        (rf"$M = I - C \operatorname{{diag}}(z) B$, $\|M\|_2 \le {SHIFTED}$", "wrong"),
    ],
)
def test_an_answer_for_a_person_hides_no_other_slip(answer: str, verdict: str):
    assert judged(GATED, answer).verdict == verdict
