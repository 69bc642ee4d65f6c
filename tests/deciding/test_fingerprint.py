"""The fingerprint modulo a prime: unrolled networks are settled with a bound, wrong ones are passed on."""

from __future__ import annotations

import pytest

from derivcheck.deciding import fingerprint
from derivcheck.deciding.budget import Work
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options
from derivcheck.language.statements import read_statement

OPTIONS = Options(product_order="right")
RNN = (
    "W \\in \\mathbb{R}^{n \\times n}", "b \\in \\mathbb{R}^{n}",
    "h_t \\in \\mathbb{R}^{n} \\text{ for } t = 0, \\dots, 10", "h_t = \\tanh(W h_{t-1} + b)",
)  # fmt: skip
CHAIN = "\\frac{\\partial h_{10}}{\\partial h_0} = \\prod_{t=1}^{10} \\operatorname{diag}(1 - h_{11-t}^2) W"
SQUARE = ("A, B \\in \\mathbb{R}^{n \\times n}", "\\det A \\ne 0", "\\det B \\ne 0")


def rung(given, text):
    scope, _ = read_givens(given, options=OPTIONS)
    link = read_statement(text, scope, None, OPTIONS).links[0]
    return fingerprint.rung(link.claim, link.model, Work())


def test_ten_steps_of_a_network_hold_with_a_bound():
    verdict = rung(RNN, CHAIN)
    assert verdict is not None
    assert verdict.word == "holds"
    assert "chance of at most" in verdict.evidence["bound"]


@pytest.mark.parametrize(("given", "text"), [
    (SQUARE, "(A B)^{-1} = B^{-1} A^{-1}"),
    (SQUARE, "\\det(A B) = \\det(A) \\det(B)"),
    (("x \\in \\mathbb{R}",), "\\tanh(x) = \\frac{e^{2x} - 1}{e^{2x} + 1}"),
    (("p \\in \\Delta^{k}",), "\\sum_i p_i (1 - p_i) = 1 - \\sum_i p_i^2"),
])  # fmt: skip
def test_equal_fingerprints(given, text):
    assert rung(given, text) is not None


@pytest.mark.parametrize(("given", "text"), [
    (RNN, CHAIN.replace("11-t", "t")),
    (SQUARE, "(A B)^{-1} = A^{-1} B^{-1}"),
    (("x \\in \\mathbb{R}",), "\\sqrt{x^2} = x"),
    (("x \\in \\mathbb{R}",), "|x| = x"),
    (("y \\in \\mathbb{R}^{n}", "\\sum_i y_i = 1"), "\\sum_i y_i = 1"),
])  # fmt: skip
def test_what_differs_or_depends_on_assumptions_is_passed_on(given, text):
    assert rung(given, text) is None
