"""`f(x) = 2x, 0 < x < 1` says where x lies: beside what it is said of it is a condition, alone it is a claim."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

ROWS = [
    ("$$f(x) = 3x^2, \\quad 0 < x < 1$$\n\n$$f'(x) = 6x$$", "proved"),
    ("$$f(x) = 3x^2, \\quad 0 < x < 1$$\n\n$$f'(x) = 5x$$", "refuted"),
    ("Let $b > 0$.\n\n$$g(t; b) = b e^{-bt}, \\; t \\ge 0$$\n\n$$\\int_0^\\infty g(t; b) \\, dt = 1$$", "proved"),
    ("Let $x \\in \\mathbb{R}$.\n\n$$f(x) = \\log x, \\quad x > 0$$\n\n$$f'(x) = \\frac{1}{x}$$", "proved"),
    ("$$\\log t \\le t - 1, \\quad t > 0$$", "proved"),
    ("$$\\log t \\le t - 2, \\quad t > 0$$", "undecided"),
    # a claim, as what it speaks of has its value from the same line
    ("$$a = 3, a > 4$$", "refuted"),
    ("Let $x, y \\in \\mathbb{R}$ with $x^2 + y^2 = 1$. Then $$x^2 = 1 - y^2, \\quad x \\le 1/2$$", "refuted"),
    # an inequality of t and of what is made of t introduces no t
    ("$$t \\le e^t - 2$$", "undecided"),
    ("$$t + 1 \\le e^t$$", "proved"),
    # ranges in brackets
    ("Let $x \\in \\mathbb{R}^n$ and $S = \\sum_i x_i^2$.\n\n$$\\frac{\\partial S}{\\partial x_j} = 2 x_j \\qquad "
     "(j = 1, 2, \\dots, n)$$", "proved"),
    ("Let $x \\in \\mathbb{R}^n$ and $S = \\sum_i x_i^2$.\n\n$$\\frac{\\partial S}{\\partial x_j} = x_j \\qquad "
     "(j = 1, \\dots, n)$$", "refuted"),
]  # fmt: skip
WORSE = ["refuted", "undecided", "holds", "proved"]


@pytest.mark.parametrize(("text", "verdict"), ROWS)
def test_where_a_variable_lies(text: str, verdict: str) -> None:
    words = [line.verdict.word for part in outcome_of(text).report.parts for line in part.lines]
    assert min(words, key=WORSE.index) == verdict, words
