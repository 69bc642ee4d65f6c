"""Shapes found again by NumPy agree with what the reader says of them."""

from __future__ import annotations

import pytest

from benchmarks.trust_judging import judged, scope_of
from derivcheck.variants.shapes import shapes

GIVEN = (
    r"W \in \mathbb{R}^{m \times n}", r"A \in \mathbb{R}^{n \times n}", r"x \in \mathbb{R}^n", r"y, b \in \mathbb{R}^m",
    r"c \in \mathbb{R}",
)  # fmt: skip
RIGHT = (
    r"W x = W x + b", r"x^\top W^\top y = c", r"y x^\top = W", r"\operatorname{tr}(A^2) = c", r"\tanh(W x + b) = y",
    r"\operatorname{diag}(x) A = A", r"\|W x\|^2 = c", r"c (y^\top W)^\top = x", r"x + c = x", r"W = 0",
)  # fmt: skip
WRONG = (
    r"W x = x", r"W^\top x = y", r"W x + x = y", r"x y^\top = W", r"x^\top y = c", r"A W = A", r"x x = c",
    r"\operatorname{tr}(W) = c", r"W \odot A = W", r"x^\top A x = x", r"y^\top W = x",
)  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_shapes_that_fit(text):
    assert shapes(text, scope_of(GIVEN)) == "contradicted"
    assert all(v.code != "shape-mismatch" for _, v in judged(GIVEN, text, 0).links)


@pytest.mark.parametrize("text", WRONG)
def test_shapes_that_do_not_fit(text):
    assert shapes(text, scope_of(GIVEN)) == "confirmed"
    assert judged(GIVEN, text, 0).word == "refuted"


@pytest.mark.parametrize("text", [r"\frac{\partial y}{\partial x} = W", r"A \otimes A = A", "z = x", r"x_i = c"])
def test_what_has_no_rule_is_said(text):
    assert shapes(text, scope_of(GIVEN)) == "unsupported"
