"""What `Let`, `where`, `with` may introduce, and what is a claim although it stands beside what is introduced."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

SHAPES = "Let $X \\in \\mathbb{R}^{n \\times d}$, $y \\in \\mathbb{R}^n$, $w \\in \\mathbb{R}^d$ and\n\n"
RIDGE = SHAPES + "$$L = \\|Xw - y\\|^2$$\n\n"
SQUARE = "Let $a, b \\in \\mathbb{R}$ and $L = (a - b)^2$. "
MATRIX = "Let $A \\in \\mathbb{R}^{n \\times n}$. "
NORMAL = "Let $X \\sim \\mathcal{N}(\\mu, \\sigma^2)$ with $\\sigma > 0$. "
ONES = "Let $\\mathbf{1} \\in \\mathbb{R}^n$ be all ones and $C = I - \\frac1n \\mathbf{1}\\mathbf{1}^\\top$. "
EIGEN = "Let $\\lambda$ be an eigenvalue of $A \\in \\mathbb{R}^{n \\times n}$ with eigenvector $v$. "
SPREAD = "Let $X \\in \\mathbb{R}$ with $\\operatorname{Var}(X) = s^2$. "
PLANE = "Let $f : \\mathbb{R}^2 \\to \\mathbb{R}$, $f(x, y) = x^2 y$. "
COIN = "Let $p = (1/2, 1/2)$. "
STATES = (
    "Let $h_t = \\tanh(W h_{t-1} + x_t)$ for $t = 1, \\dots, T$ with $h_t \\in \\mathbb{R}^m$, "
    "$x_t \\in \\mathbb{R}^m$, $W \\in \\mathbb{R}^{m \\times m}$. "
)
MODEL = (
    "Assume $y = Xw + \\epsilon$ with $\\epsilon \\sim \\mathcal{N}(0, I_n)$, $X \\in \\mathbb{R}^{n \\times d}$, "
    "$w \\in \\mathbb{R}^d$. Let $J(w) = \\|y - Xw\\|^2$. "
)
PARABOLA = "Let $L(\\theta) = \\theta^2 - 4\\theta$. Then $\\frac{d}{d\\theta} L(\\theta) = 2\\theta - 4$. "
MOMENTS = (
    "Let $X, Y$ be independent random variables with $\\mathbb{E}[X] = \\mathbb{E}[Y] = 0$, "
    "$\\operatorname{Var}(X) = \\operatorname{Var}(Y) = s^2$. "
)
PAIRS = (
    "Let $A \\in \\mathbb{R}^{n\\times n}$ be symmetric, with $A v_i = \\lambda_i v_i$ for $i = 1, 2$, "
    "$v_1, v_2 \\in \\mathbb{R}^n$ and $\\lambda_1, \\lambda_2 \\in \\mathbb{R}$. "
)
SHIFTED = "Let $x > 0$ and $y = x + 1$. "
MEANS = "Let $a, b > 0$, $m = \\frac{a+b}{2}$ and $g = \\sqrt{ab}$. Then $m \\ge g$, "
COMMUTE = "Let $A, B \\in \\mathbb{R}^{n \\times n}$ be symmetric matrices satisfying $AB = BA$. "
LAGRANGE = (
    "Let $u \\in \\mathbb{R}^d$, $\\lambda \\in \\mathbb{R}$ and $S \\in \\mathbb{R}^{d \\times d}$ be symmetric. "
    "With $L = u^\\top S u - \\lambda (u^\\top u - 1)$ we have $\\nabla_u L = 2 S u - 2 \\lambda u$. "
)
MEAN = "Let $\\bar X = \\frac1n \\sum_{i=1}^n X_i$. Then $\\mathbb{E}[\\bar X] = \\mu$."
SAMPLE = (
    "Let $X_1, \\dots, X_n$ be independent random variables with $\\mathbb{E}[X_i] = \\mu$ and "
    "$\\operatorname{Var}(X_i) = \\sigma^2$. Let $\\bar X = \\frac1n\\sum_{i=1}^n X_i$. "
)
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
    (MEANS + "with $m^2 - g^2 = \\frac{(a - b)^2}{4}$.", "proved"),
    (MEANS + "with $m^2 + g^2 = \\frac{a^2 + b^2}{2}$.", "refuted"),
    ("Let $a, b > 0$ and $m = \\frac{a+b}{2}$ with $m^2 = ab$. Then $4ab = (a+b)^2$.", "holds"),
    (MEANS + "and with $m^2 = a^2$ we have $m = a$.", "holds"),
    # what follows is no choice of a value
    ("Let $x > 0$. Then $x = 1$.", "undecided"),
    ("Let $x > 0$ satisfy $x^2 - 3x + 2 = 0$. Then $x = 1$.", "refuted"),
    ("Let $x, a \\in \\mathbb{R}$ satisfy $x^2 = a^2$. So $x = a$.", "refuted"),
    # functions of which only the sets are said, and those of vectors
    (PLANE + "Then $\\frac{\\partial f}{\\partial x} = 2xy$.", "proved"),
    (PLANE + "Then $\\frac{\\partial f}{\\partial x} = xy$.", "refuted"),
    ("Let $f : \\mathbb{R} \\to \\mathbb{R}$, $f(x) = x^2$. Then $f'(x) = 3x$.", "refuted"),
    # standard names of a size, symmetric matrices and eigenpairs in one breath
    (ONES + "Then $C \\mathbf{1} = 0$.", "proved"),
    (ONES + "Then $\\operatorname{tr}(C) = n$.", "refuted"),
    ("Let $Q = Q^\\top \\in \\mathbb{R}^{n \\times n}$. Then $Q - Q^\\top = 0$.", "proved"),
    ("Let $Q = Q^\\top \\in \\mathbb{R}^{n \\times n}$. Then $Q^2 = Q$.", "refuted"),
    (EIGEN + "Then $A^2 v = \\lambda^2 v$.", "proved"),
    (EIGEN + "Then $A^2 v = \\lambda v$.", "refuted"),
    # samples
    (SAMPLE + "Then $\\operatorname{Var}(\\bar X) = \\sigma^2 / n$.", "proved"),
    (SAMPLE + "Then $\\operatorname{Var}(\\bar X) = \\sigma^2$.", "refuted"),
    ("Let $X_1, \\dots, X_n$ be i.i.d. samples from $\\mathcal{N}(\\mu, \\sigma^2)$. " + MEAN, "proved"),
    (SPREAD + "Then $\\operatorname{Var}(2X + 3) = 4 s^2$.", "proved"),
    (SPREAD + "Then $\\operatorname{Var}(2X + 3) = 2 s^2$.", "refuted"),
    ("Let $x_1, x_2, \\dots, x_n$ be positive. Then $\\sum_i x_i > 1$.", "refuted"),
    ("Let $v_1, \\dots, v_n \\in \\mathbb{R}^d$ be unit vectors. Then $\\sum_i v_i^\\top v_i = 1$.", "refuted"),
    # a customary function of a known value
    (COIN + "Then $H(p) = \\log 2$.", "proved"),
    (COIN + "Then $H(p) = 1$.", "undecided"),
    (COIN + "Then $H(p) = \\frac32$.", "refuted"),
    ("We use base-2 logarithms. " + COIN + "Then $H(p) = 1$.", "proved"),
    ("We use base-2 logarithms. " + COIN + "Then $H(p) = 2$.", "refuted"),
    (COIN + "Let $H(p) = 1 - \\sum_i p_i^2$. Then $H(p) = \\frac12$.", "proved"),
    # ranges, laws and derivatives that are set to zero
    (STATES + "Then $\\frac{\\partial h_t}{\\partial h_{t-1}} = \\operatorname{diag}(1 - h_t^2) W$.", "proved"),
    (STATES + "Then $\\frac{\\partial h_t}{\\partial h_{t-1}} = W$.", "refuted"),
    (MODEL + "Then $\\nabla_w J = 2 X^\\top (Xw - y)$.", "undecided"),
    (MODEL + "Then $\\nabla_w J = 3 X^\\top (Xw - y)$.", "refuted"),
    (PARABOLA + "Setting this to zero we get $\\hat\\theta = 2$.", "proved"),
    (PARABOLA + "Setting this to zero we get $\\hat\\theta = 3$.", "refuted"),
    ("Let $a, b > 0$. We have $a < a + b$ whereas $b < a$.", "refuted"),
    # adjectives before a constraint, functional equations, members by a relation, letters for deviations
    (COMMUTE + "Then $(AB)^\\top = AB$.", "holds"),
    (COMMUTE + "Then $AB = I$.", "refuted"),
    ("Given $A \\in \\mathbb{R}^{n \\times n}$ where $A^\\top = -A$ we have $\\operatorname{tr}(A) = 0$.", "proved"),
    ("Let $f : \\mathbb{R} \\to \\mathbb{R}$ satisfy $f(x + y) = f(x) + f(y)$ for $x, y \\in \\mathbb{R}$.", "proved"),
    (PAIRS + "So $\\lambda_1 v_1^\\top v_2 = \\lambda_2 v_1^\\top v_2$.", "holds"),
    (PAIRS + "So $\\lambda_1 v_1^\\top v_2 = -\\lambda_2 v_1^\\top v_2$.", "refuted"),
    ("Let $a_1, a_2, \\ldots, a_n \\ge 0$. Then $\\sum_{i=1}^n a_i \\ge 0$.", "proved"),
    ("Let $a, b > 0$ and $r^2 = a^2 + b^2$. Then $r^2 \\ge a^2$.", "proved"),
    ("Let $a, b > 0$ and $r^2 = a^2 + b^2$. Then $r^2 = a^2$.", "refuted"),
    ("Let $\\delta > 0$. If $|x - 2| < \\delta$, then $|3x - 6| < 3\\delta$.", "proved"),
    ("Let $\\delta > 0$. If $|x - 2| < \\delta$, then $|3x - 6| < 2\\delta$.", "refuted"),
    (MOMENTS + "Then $\\operatorname{Var}(X + Y) = 2 s^2$.", "proved"),
    (MOMENTS + "Then $\\operatorname{Var}(X + Y) = 4 s^2$.", "refuted"),
    # what is said at the end of a sentence holds for all of it
    (LAGRANGE + "Hence $S u = \\lambda u$ at the optimum.", "proved"),
    (LAGRANGE + "Hence $S u = 2 \\lambda u$ at the optimum.", "refuted"),
    # reasons inside a formula
    (SHIFTED + "$$y^2 \\ge 1 \\quad \\text{since } y \\ge 1$$", "proved"),
    (SHIFTED + "$$y^2 \\ge 4 \\quad \\text{as } y \\ge 2$$", "refuted"),
    (SHIFTED + "$$x^2 = 1 \\quad \\text{because } x = 1$$", "undecided"),
    # neither said to be assumed nor to follow
    ("Let $a, b \\in \\mathbb{R}$, $(a + b)^3 = a^3 + b^3$.", "undecided"),
]
ORDER = ("refuted", "unreadable", "undecided", "holds", "proved")


@pytest.mark.parametrize(("text", "word"), ROWS)
def test_what_is_introduced(text: str, word: str) -> None:
    lines = [line for part in outcome_of(text).report.parts for line in part.lines]
    assert min((line.verdict.word for line in lines), key=ORDER.index) == word
