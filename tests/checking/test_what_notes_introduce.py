"""What `Let`, `where`, `with` may introduce, and what is a claim although it stands beside what is introduced."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file

SHAPES = "Let $X \\in \\mathbb{R}^{n \\times d}$, $y \\in \\mathbb{R}^n$, $w \\in \\mathbb{R}^d$ and\n\n"
RIDGE = SHAPES + "$$L = \\|Xw - y\\|^2$$\n\n"
SQUARE = "Let $a, b \\in \\mathbb{R}$ and $L = (a - b)^2$. "
MATRIX = "Let $A \\in \\mathbb{R}^{n \\times n}$. "
NORMAL = "Let $X \\sim \\mathcal{N}(\\mu, \\sigma^2)$ with $\\sigma > 0$. "
ROWS = [
    # a display that no word ties to what is introduced
    (RIDGE + r"$$L = w^\top X^\top X w - 2 y^\top X w + y^\top y$$", "proved"),
    (RIDGE + r"$$L = w^\top X^\top X w - y^\top X w + y^\top y$$", "refuted"),
    (RIDGE + "expand the square\n\n$$L = w^\\top X^\\top X w - y^\\top X w + y^\\top y$$", "refuted"),
    ("Suppose $x > 0$\n\n$$\\log x \\le x - 1$$", "proved"),
    ("Suppose $x > 0$\n\n$$\\log x \\le x - 2$$", "refuted"),
    ("Let $A, B \\in \\mathbb{R}^{n \\times n}$\n\n$$(AB)^\\top = A^\\top B^\\top$$", "refuted"),
    ("Let $x, y \\in \\mathbb{R}$ satisfy\n\n$$x + y = 1$$\n\n$$x - y = 3$$\n\nThen $x = 2$.", "holds"),
    ("Let $x, y \\in \\mathbb{R}$ satisfy\n\n$$x + y = 1$$\n\n$$x - y = 3$$\n\nThen $x = 3$.", "refuted"),
    # names that get a meaning twice
    ("Let $L = a^2 - b^2$ for $a, b \\in \\mathbb{R}$, $L = (a - b)^2$.", "refuted"),
    (SQUARE + "We can write $L = a^2 - 2ab + b^2$.", "proved"),
    (SQUARE + "We can write $L = a^2 - ab + b^2$.", "refuted"),
    (SQUARE + "Then $L \\ge 0$, where $L = a^2 - ab + b^2$.", "refuted"),
    (SQUARE + "Let $L = a + b$. Then $L - a = b$.", "proved"),
    ("Let $f(x) = x^2$, $x \\in \\mathbb{R}$. Then $f(2) = 4$. Let $f(x) = x^3$. Then $f(2) = 8$.", "proved"),
    ("Let $f(x) = x^2$, $x \\in \\mathbb{R}$. Then $f(2) = 4$. Let $f(x) = x^3$. Then $f(2) = 4$.", "refuted"),
    ("(a) $f(x) = x^2$, so $f'(x) = 2x$.\n\n(b) $f(x) = x^3$, so $f'(x) = 3x^2$.", "undecided"),
    ("(a) $f(x) = x^2$, so $f'(x) = 2x$.\n\n(b) $f(x) = x^3$, so $f'(x) = 2x^2$.", "refuted"),
    # `where`
    (MATRIX + "We have $A = A$, where $\\operatorname{tr}(A) = \\det(A)$.", "refuted"),
    ("Let $a, b \\in \\mathbb{R}$ where $a < b$. Then $2a < a + b$.", "proved"),
    ("Let $a, b \\in \\mathbb{R}$ where $a < b$. Then $a < 0$.", "refuted"),
    ("Let $u \\in \\mathbb{R}^n$ where $\\|u\\| = 1$. Then $u^\\top u = 1$.", "proved"),
    ("Let $x \\in \\mathbb{R}$. Here $\\cos^2 x = 1 + \\sin^2 x$.", "refuted"),
    (NORMAL + "Here $\\mathbb{E}[X^2] = \\mu^2 + \\sigma^2$.", "proved"),
    (NORMAL + "Here $\\mathbb{E}[X^2] = \\sigma^2$.", "refuted"),
    (NORMAL + "Then $\\operatorname{Var}(X) = \\sigma^2$, where $\\mathbb{E}[(X - \\mu)^4] = 4 \\sigma^4$.", "refuted"),
    ("Define $s(z) = \\frac{1}{1 + e^{-z}}$, where $s'(z) = s(z)(1 - s(z))$.", "proved"),
    ("Define $s(z) = \\frac{1}{1 + e^{-z}}$, where $s'(z) = s(z)(1 + s(z))$.", "refuted"),
    # `with`
    ("Let $f(x) = x^3$ with $f'(x) = 2x^2$, $x \\in \\mathbb{R}$.", "refuted"),
    ("Assume $x \\in \\mathbb{R}$ and $f(x) = x^2$ and $f'(x) = 3x$. Then $f(2) = 4$.", "refuted"),
    ("Let $a \\in \\mathbb{R}$ and $f(x) = x^2 - 4$ with $f(a) = 0$. Then $a^2 = 4$.", "proved"),
    ("Let $a \\in \\mathbb{R}$ and $f(x) = x^2 - 4$ with $f(a) = 0$. Then $a^2 = 5$.", "refuted"),
    ("Let $f(x) = x^2$ and $a, b \\in \\mathbb{R}$ with $f(a) = f(b)$. Then $a^2 = b^2$.", "proved"),
    ("Let $A, B \\in \\mathbb{R}^{n \\times n}$ with $AB = BA$. Then $(A + B)^2 = A^2 + 2AB + B^2$.", "proved"),
    # what follows is no choice of a value
    ("Let $x > 0$. Then $x = 1$.", "undecided"),
    ("Let $x > 0$ satisfy $x^2 - 3x + 2 = 0$. Then $x = 1$.", "refuted"),
    ("Let $x, a \\in \\mathbb{R}$ satisfy $x^2 = a^2$. So $x = a$.", "refuted"),
    # neither said to be assumed nor to follow
    ("Let $a, b \\in \\mathbb{R}$, $(a + b)^3 = a^3 + b^3$.", "undecided"),
]
ORDER = ("refuted", "unreadable", "undecided", "holds", "proved")


@pytest.mark.parametrize(("text", "word"), ROWS)
def test_what_is_introduced(tmp_path: Path, text: str, word: str) -> None:
    path = tmp_path / "notes.md"
    path.write_text(text, encoding="utf-8")
    lines = [line for part in check_file(Request(str(path))).report.parts for line in part.lines]
    assert min((line.verdict.word for line in lines), key=ORDER.index) == word
