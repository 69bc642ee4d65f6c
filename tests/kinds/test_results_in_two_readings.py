"""A result that is what was asked in one reading alone is for a person; one that is wrong in each is wrong."""

from __future__ import annotations

import pytest

from tests.kinds.test_kinds import judged


def _asked(given: str, answer: str) -> str:
    rows = given.replace("; ", "\n      ")
    return f"""
    given: |
      {rows}
      g = {answer}
    ask: What is $g$?
    find: g
    answer: {answer}
    """


SLASH = _asked("x, y, z > 0", r"\frac{x z}{y}")
SLOPE = _asked("x > 0", "2 x + 1")
SINE = _asked(r"x \in (0, 1)", r"\frac{1}{\sin x}")
SUM = _asked(r"v, w \in \mathbb{R}^n", r"\sum_i v_i + \sum_i w_i")
MASK = _asked(r"A, B \in \mathbb{R}^{n \times n}; x \in \mathbb{R}^n", r"(A \odot B) x")


@pytest.mark.parametrize(
    ("problem", "answer", "verdict"),
    [
        (SLASH, "x/y z", "review"),
        (SLASH, "g = x/y z", "review"),
        (SLASH, "z x / y", "correct"),
        (SLASH, "y/x z", "wrong"),
        (SLASH, "g = y/x z", "wrong"),
        (SLOPE, r"g = \frac{d}{dx} x^2 + x", "review"),
        (SLOPE, r"g = \frac{d}{dx} x^2 - x", "wrong"),
        (SINE, r"\sin^{-1} x", "review"),
        (SINE, r"2 \sin^{-1} x", "wrong"),
        (SUM, r"\sum_i v_i + w_i", "correct"),
        (SUM, r"\sum_i v_i - w_i", "review"),  # how far such a sum reaches is never clear
        (MASK, r"g = (A \odot B) x", "correct"),
        (MASK, r"A \odot B x", "review"),
        (MASK, r"B A \odot x", "wrong"),  # no reading gives it a meaning
    ],
)
def test_both_readings(problem: str, answer: str, verdict: str) -> None:
    assert judged(problem, answer).verdict == verdict
