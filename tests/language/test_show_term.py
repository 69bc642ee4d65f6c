"""Terms back to LaTeX."""

from __future__ import annotations

import pytest

from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.givens.table import read_givens
from derivcheck.language.parsing.parser import parse
from derivcheck.language.reading import elaborator
from derivcheck.language.show_term import show_tensor

GIVEN = [r"x, y \in \mathbb{R}", r"u, v \in \mathbb{R}^{n}", r"A \in \mathbb{R}^{n \times n}",
         r"h_t \in \mathbb{R}^{n} \text{ for } t = 0, \dots, T", r"p = \operatorname{softmax}(u)"]  # fmt: skip

SHOWN = {
    r"x + 2 y - 3": r"x + 2 y - 3",
    r"\frac{x}{y}": r"\frac{x}{y}",
    r"-(x + y)^2": r"-\left(x + y\right)^2",
    r"\sqrt{x} e^{-y}": r"\sqrt{x} e^{-y}",
    r"u^\top v": r"\sum_k u_k v_k",
    r"A u": r"\left[\sum_k A_{ik} u_k\right]_i",
    r"h_{t-1}[2]": r"h_{t - 1,2}",
    r"\max_i |u_i|": r"\max_i \lvert u_i \rvert",
    r"\frac{\partial p_1}{\partial u_2}": r"\frac{\partial p_1}{\partial u_2}",
    r"\mathbb{1}\{x > y\}": r"\begin{cases} 1 & x > y \\ 0 & \text{otherwise} \end{cases}",
    r"\sum_{k=1}^{3} k^2": r"\sum_{k=1}^3 k^2",
}


@pytest.mark.parametrize("text", SHOWN)
def test_terms_are_shown_and_can_be_read_again(text: str) -> None:
    scope, findings = read_givens(GIVEN)
    assert not findings
    node = parse(text).node
    elab = elaborator(scope, Elaborator(scope).options, (node,))
    shown = show_tensor(elab.tensor(node), scope)
    assert shown == SHOWN[text]
    assert not [f for f in parse(shown).findings if f.severity == "error"], shown
