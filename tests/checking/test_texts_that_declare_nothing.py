"""Texts as they are written: letters that nothing introduces, matrices on lines of their own, escaped underscores."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file

ROTATED = r"""
$$
\begin{aligned}
M w &= \begin{bmatrix} 0 & -1 \\ 1 & 0 \end{bmatrix}
\begin{bmatrix}
2\\
3
\end{bmatrix}
= \begin{bmatrix} %s \\ 2 \end{bmatrix}
\end{aligned}
$$
"""
KNOWN = r"Let $M = \begin{bmatrix} 0 & -1 \\ 1 & 0 \end{bmatrix}$ and $w = \begin{bmatrix} 2 \\ 3 \end{bmatrix}$."
SURFACE = "We study $z = x y^2 + \\ln(x + y)$.\n\n"
OF_VECTORS = SURFACE.replace("x y^2", "x^\\top y")
SCORES = "$$\\ell(a) = n \\ln a - a \\sum_{i=1}^n t_i$$\n\nWe set the derivative to zero:\n\n"
DEVIATIONS = "$$S(m) = \\sum_{i=1}^n |t_i - m|$$\n\n"
ROWS = [
    (KNOWN + ROTATED % "-3", "proved"),
    (KNOWN + ROTATED % "3", "refuted"),
    ("$$x_{t+1|t} - F x_{t|t} = -(F x_{t|t} - x_{t+1|t})$$", "proved"),
    ("Let $x \\in \\mathbb{R}^n$. Then $\\sum\\_{i} x\\_i + x\\_1 = x\\_1 + \\sum\\_i x\\_i$.", "proved"),
    ("Let $x \\in \\mathbb{R}^n$. Then $\\sum\\_{i} x\\_i + x\\_1 = 2x\\_1 + \\sum\\_i x\\_i$.", "refuted"),
    ("$$\\int \\cos 2t \\d{t} = \\frac{\\sin 2t}{2} + C$$", "proved"),
    ("$$\\int \\cos 2t \\, \\dd t = 2\\sin 2t + C$$", "refuted"),
    # letters of numbers
    (SURFACE + "$$\\frac{\\partial z}{\\partial y} = 2xy + \\frac{1}{x + y}$$", "proved"),
    (SURFACE + "$$\\frac{\\partial z}{\\partial y} = xy + \\frac{1}{x + y}$$", "undecided"),
    (OF_VECTORS + "$$\\frac{\\partial z}{\\partial y} = x + \\frac{1}{x + y}$$", "undecided"),
    (SCORES + "$$\\frac{d\\ell(a)}{da} = \\frac{n}{a} - \\sum_{i=1}^n t_i = 0$$", "proved"),
    (SCORES + "$$\\frac{d\\ell(a)}{da} = \\frac{n}{a^2} - \\sum_{i=1}^n t_i = 0$$", "undecided"),
    (DEVIATIONS + "$$S(m) = \\sum_{i=1}^n |m - t_i|$$", "proved"),
    (DEVIATIONS + "$$S(m) = \\sum_{i=1}^n |m + t_i|$$", "undecided"),
    ("Let $a > 0$. We simulate with the true value $a = 4$: there $2a = 8$.", "proved"),
    ("Let $a > 0$. We simulate with the true value $a = 4$: there $2a = 9$.", "refuted"),
]
WORSE = ["refuted", "unreadable", "undecided", "holds", "proved"]


@pytest.mark.parametrize(("text", "verdict"), ROWS)
def test_texts_that_declare_nothing(text: str, verdict: str, tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    file.write_text(text, encoding="utf-8")
    words = [line.verdict.word for part in check_file(Request(str(file))).report.parts for line in part.lines]
    assert min(words, key=WORSE.index) == verdict, words


MOMENTS = "Let $X$ be a random variable with mean $\\mu$ and variance $\\sigma^2$. "


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (MOMENTS + "Then $\\mathbb{E}[X^2] = \\sigma^2 + \\mu^2$.", "proved"),
        (MOMENTS + "Then $\\operatorname{Var}(3X) = 9\\sigma^2$.", "proved"),
        ("Suppose $X$ has mean $2$ and standard deviation $3$. Then $\\mathbb{E}[X^2] = 13$.", "proved"),
        ("Suppose $X$ has mean $2$ and standard deviation $3$. Then $\\mathbb{E}[X^2] = 7$.", "refuted"),
    ],
)
def test_moments_in_words(text: str, verdict: str, tmp_path: Path) -> None:
    test_texts_that_declare_nothing(text, verdict, tmp_path)
