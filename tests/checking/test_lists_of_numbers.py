"""`[a, b]` is a column unless only a row fits; where its orientation decides, nobody is accused."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

WEIGHED = r"[0.5, 0.5] \begin{bmatrix} -2 & 2 \\ 0 & -2 \end{bmatrix} = "
TIMES = r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} [1, 1] = "


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (WEIGHED + "[-1, 0]", "proved"),
        (WEIGHED + "[-1, 1]", "refuted"),
        (TIMES + "[3, 7]", "proved"),
        (TIMES + "[4, 6]", "refuted"),
        (r"[1, 1] [1, 2]^\top = 3", "proved"),
        (r"[1, 1] [1, 2]^\top = 4", "refuted"),
        (r"[1, 1] [1, -1]^\top = 0", "undecided"),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix} = [1, 2]", "proved"),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix} = [2, 1]", "refuted"),
        (r"0.6 [-2, 2] + 0.2 [0, -2] + 0.2 (2, 0) = [-0.8, 0.8]", "proved"),
        (r"[1, 2] + [1, 2] = [2, 2]", "refuted"),
    ],
)
def test_lists(claim: str, verdict: str) -> None:
    assert verify_claim(claim).verdict == verdict
