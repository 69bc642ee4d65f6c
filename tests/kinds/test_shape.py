"""Shapes as people state them."""

from __future__ import annotations

from typing import cast

import pytest

from derivcheck.kinds import shape
from derivcheck.kinds.interface import JudgedAnswer, Oracle, TextLine
from derivcheck.problems.schema import Alternative, Part, text_of

PART = Part(
    "t/shape", kind="shape", points=1, answer=text_of(r"(n \times m) \times p"),
    alternatives=(
        Alternative(text_of(r"n m \times p")),
        Alternative(text_of(r"p \times (n \times m)"), text_of("denominator layout")),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"$(n \times m) \times p$", "correct"),
        (r"$n \times m \times p$", "correct"),
        (r"It is $\mathbb{R}^{n \times m \times p}$.", "correct"),
        (r"$\frac{\partial H}{\partial X} \in \mathbb{R}^{nm \times p}$", "correct"),
        ("(n, m, p)", "correct"),
        ("n × m × p", "correct"),
        ("it is n by m by p", "correct"),
        (r"$nm \times p$", "correct"),
        (r"In denominator layout $p \times (n \times m)$", "correct"),
        (r"$p \times (n \times m)$", "wrong"),
        (r"$n \times p$", "wrong"),
        ("n x p", "wrong"),
        (r"$n \times m \times p$, or perhaps $n \times m$", "review"),
        ("the same as the product", "review"),
        (r"$n$ by $m$ by $p$", "correct"),
        (r"$n \times m \times p$, with the entry $(i, j, k)$ at $H_{ij}$ and $X_k$", "correct"),
        (r"The entry $(i, j)$ belongs to $H_{ij}$.", "review"),
        (r"a matrix of $nm$ rows and $p$ columns", "correct"),
        (r"(nm) x (p), one row for each entry of $H$", "correct"),
        (r"$(n + m) \times p$", "wrong"),
        (r"It has $nm$ rows, $p$ columns.", "correct"),
        (r"$p$ columns and $nm$ rows", "correct"),
        ("n rows, p columns", "wrong"),
        ("n-by-m-by-p", "correct"),
        ("The result has shape [n, m, p].", "correct"),
        ("The result has shape (n, p).", "wrong"),
        ("The entry (i, j) is what counts.", "review"),
    ],
)
def test_a_stated_shape(text: str, verdict: str):
    assert shape.judge(PART, JudgedAnswer(text=(TextLine(text, 1),)), cast(Oracle, None)).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("64x16x16", "correct"), ("It is 64 x 16 x 16.", "correct"), ("shape [64, 16, 16]", "correct"),
     ("16x16x64", "wrong"), ("[64, 15, 15] in all", "wrong")],
)  # fmt: skip
def test_a_shape_in_numbers(text: str, verdict: str):
    part = Part("t/shape", kind="shape", points=1, answer=text_of(r"64 \times 16 \times 16"))
    assert shape.judge(part, JudgedAnswer(text=(TextLine(text, 1),)), cast(Oracle, None)).verdict == verdict


def test_powers_and_products_of_lengths_commute():
    assert shape.shape_of(r"n m \times 2") == shape.shape_of(r"m n \times 2")
    assert shape.shape_of(r"n^2 \times m") == shape.shape_of(r"n n \times m")
    assert shape.shape_of("n + m") is None
