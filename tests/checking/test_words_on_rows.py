"""`The matrix with rows ...` is said in words alone: what follows from it is not refuted."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

CLAIM = "\n\n" + r"$$\|Xw\|^2 = \sum_{i=1}^n (x_i^\top w)^2$$" + "\n"
SAID = r"Let $x_1, \dots, x_n \in \mathbb{R}^d$, $w \in \mathbb{R}^d$ and $X \in \mathbb{R}^{n \times d}$"


@pytest.mark.parametrize(
    ("words", "verdict"),
    [(r" the matrix with rows $x_i^\top$.", "undecided"), (r", whose rows are $x_i^\top$.", "undecided"),
     (".", "refuted")],
)  # fmt: skip
def test_rows(words: str, verdict: str) -> None:
    report = outcome_of(SAID + words + CLAIM).report
    assert report.parts[0].lines[-1].verdict.word == verdict
