"""What a formula is there for, sentence by sentence. Each row: a text, and the role of each formula in it."""

from __future__ import annotations

import pytest

from derivcheck.source.discourse import moves
from derivcheck.source.document import read_document

# Initials: c claim, d definition, i condition ("if"), s supposition, e equation, g goal, r restatement, b reason
# ("because"), x expression, m mention. Words without a formula (unread conditions, conventions) are left out.
ROLES = {
    "c": "claim",
    "d": "definition",
    "i": "condition",
    "s": "supposition",
    "e": "equation",
    "g": "goal",
    "r": "restatement",
    "b": "reason",
    "x": "expression",
    "m": "mention",
}

SENTENCES = [
    # claims
    ("We have $a = b + c$.", "c"),
    ("Therefore $u^\\top v = 0$ and $\\|u\\| = 1$.", "cc"),
    ("The gradient is:\n\n$$\\nabla f = 2 A x$$", "c"),
    ("$$x = y$$\n\n$$= z$$", "cc"),
    ("Expanding the square gives\n\n$$(a+b)^2 = a^2 + 2ab + b^2$$", "c"),
    ("It follows that $\\det A = 1$, which implies $\\det A^{-1} = 1$.", "cc"),
    ("This proves that $f(x) \\le g(x)$.", "c"),
    ("By the chain rule, $\\partial y/\\partial x = 2 x z$.", "c"),
    ("In total this costs $O(n^2) + O(n) = O(n^2)$.", "c"),
    ("The loss is bounded by $0 \\le L \\le 1$.", "c"),
    # definitions
    ("Let $A = B^\\top B$ and $c = A d$.", "dd"),
    ("Let $W \\in \\mathbb{R}^{m \\times n}$ be a matrix and $x \\in \\mathbb{R}^n$ a vector.", "dd"),
    ("Define $g(t) = e^{-t}$. Then $g'(t) = -g(t)$.", "dc"),
    ("We write $s_i = \\sum_j a_{ij}$ for the row sums.", "d"),
    ("$$y = \\tanh(u)$$\n\nwhere $u = W x + b$.", "cd"),
    ("$$y = u_1 + u_2$$\n\nwhere:\n\n- $u_1 = W x$\n- $u_2 = V h$", "cdd"),
    ("$z := x + y$", "d"),
    ("Denote by $p = \\sigma(a)$ the output.", "d"),
    ("With the notation $r = x - \\mu$, we get $\\|r\\|^2 = r^\\top r$.", "dc"),
    ("For the residual $r = y - X w$, we get $\\nabla L = -X^\\top r$.", "dc"),
    # conditions
    ("If $x > 0$, then $|x| = x$.", "ic"),
    ("If $x > 0$ and $y > 0$, then $xy > 0$.", "iic"),
    ("If $a = 0$, $b = 0$, then $a + b = 0$.", "iic"),
    ("When $\\mu = 0$, the variance is:\n\n$$V = d \\sigma^4$$", "ic"),
    ("For $n = 1$: $f(n) = 2$.", "ic"),
    ("Assume $A = A^\\top$. Then $x^\\top A y = y^\\top A x$.", "ic"),
    ("Suppose that $m > n$. Then $\\operatorname{rank} A \\le n$.", "ic"),
    ("Now consider the case $\\beta = 0$. Here the update is $v = g$.", "ic"),
    ("$f(x) = x$ for $x \\ge 0$.", "ci"),
    ("$f(x) = x$ if $x \\ge 0$, and $f(x) = 0$ otherwise.", "cic"),
    ("We get $\\lambda^t \\to 0$ whenever $|\\lambda| < 1$.", "mi"),
    ("Provided $\\eta < 1$, we obtain $e_{t+1} < e_t$.", "ic"),
    ("Setting $x = 0$ gives $f(0) = c$.", "ic"),
    ("Substituting $h = \\tanh(a)$ gives $L = \\|\\tanh(a)\\|^2$.", "bc"),
    ("In the limit $T \\to \\infty$ we have $p = 1$.", "mc"),
    ("Under the assumption $\\mathbb{E}[x] = 0$, $\\operatorname{Var}(x) = \\mathbb{E}[x^2]$.", "ic"),
    # suppositions, goals, equations
    ("Suppose for contradiction that $\\sqrt 2 = p/q$.", "s"),
    ("Assume, to the contrary, that $w_1 + b \\ge 0$.", "s"),
    ("We want to show that $\\sigma' = \\sigma (1 - \\sigma)$.", "g"),
    ("To show $a \\le b$, we compute $b - a = c^2$.", "gc"),
    ("We need to prove $f(x) = f(-x)$. We have $f(-x) = (-x)^2 = x^2$.", "gc"),
    ("It remains to show that $B = 0$.", "g"),
    ("Setting the gradient to zero: $X^\\top X w = X^\\top y$.", "e"),
    ("We set the derivative equal to zero:\n\n$$2 A x - b = 0$$", "e"),
    ("Solving $A x = b$ gives $x = A^{-1} b$.", "ec"),
    # reasons
    ("Since $\\sigma(x) = \\tanh(x)$, $\\sigma'(x) = 1 - \\tanh^2(x)$.", "bc"),
    ("Because $\\|u\\| = 1$, we have $u^\\top u = 1$.", "bc"),
    ("Using $\\log(ab) = \\log a + \\log b$:\n\n$$\\log(a^2) = 2 \\log a$$", "bc"),
    # mentions
    ("The gate $f_t$ depends on $h_{t-1}$.", "mm"),
    ("The matrix has size $m \\times n$.", "m"),
    ("The terms $u$, $v$ and $w$ cancel.", "mmm"),
    ("It is not true that $AB = BA$.", "m"),
    ("The identity $(a+b)^2 = a^2 + b^2$ does not hold.", "m"),
    ("Is it true that $x = y$?", "r"),
    ("(True/False) If $x_t = 0$ then $h_t = 0$. (2 points)", "rr"),
    # expressions
    ("The trace becomes:\n\n$$\\operatorname{tr}(A B C)$$\n\n$$= \\operatorname{tr}(C A B)$$", "xc"),
    ("The cost of this step is $O(n k^2)$.", "x"),
    ("(b) $2 x^\\top A$", "x"),
]


@pytest.mark.parametrize(("text", "roles"), SENTENCES)
def test_role_of_each_formula(text: str, roles: str) -> None:
    document = read_document(text, "answer.md")
    found = [move.role for move in moves(document.blocks) if move.formula is not None]
    assert found == [ROLES[role] for role in roles]
