"""Right answers that messy documents hid: each was passed to a person once."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from tests.checked import outcome_of, verdicts_of, words_of


@pytest.mark.parametrize(("problem", "text"), [
    ("bptt/shape-hidden-input", "A Jacobian with $nm$ rows\nand $p$ columns."),
    ("gru/update-one-reset-zero", "Here is my derivation.\n\nThis is false, as no term has it.\n\n(I checked it.)"),
    ("attention/matrix-form", "$$(V^{\\perp} \\operatorname{softmax}(Q K^{\\perp})^{\\perp})^{\\perp}$$"),
    ("attention/matrix-form",
     "$$A = \\mathrm{s o f t m a x}(Q K^\\top), \\quad \\mathrm{A t t e n t i o n}(Q, K, V) = A V$$"),
    ("attention/matrix-form",
     "$$\\operatorname{Attention}(\\mathbf{Q}, \\mathbf{K}, \\mathbf{V}) "
     "= \\operatorname{softmax}(Q K^\\top) \\mathbf{V}$$"),
    ("attention/matrix-form",
     "$$A_{ij} = \\exp(q_i^{\\mathcal{T}} k_j) / \\sum_l \\exp(q_i^{\\mathcal{T}} k_l)$$\n\n"
     "$$\\operatorname{Attention}(Q, K, V) = A V$$"),
    ("rnn/cross-entropy", "$$\\ell(y, p_{T}) = -y^{\\perp} \\log p_{T}$$"),
    ("transformer/decoder-complexity", "$$\\boldsymbol { O } (\\frac { N (\\boldsymbol { N } + 1) } { 2 } k)$$"),
])  # fmt: skip
def test_right_all_the_same(problem: str, text: str) -> None:
    assert verdicts_of(text, problem) == ["correct"]


def test_a_matrix_called_o_is_no_class() -> None:
    given = ["O, A, B \\in \\mathbb{R}^{n \\times n}"]
    assert verify_claim("O A + O B = O(A + B)", given).verdict == "proved"
    assert verify_claim("A O + B O = O(A + B)", given).verdict == "refuted"


def test_what_is_put_for_a_given_value_rules_what_follows() -> None:
    text = "No. Put $z_t = 1$ and $r_t = 0$:\n\n$$h_t = 0 \\circ h_{t-1} + \\tanh(W x_t) = \\tanh(W x_t)$$\n"
    assert "refuted" not in words_of(text, "gru/update-one-reset-zero")
    assert words_of("No. $$h_t = 0 \\circ h_{t-1} + \\tanh(W x_t)$$\n", "gru/update-one-reset-zero") == ["refuted"]


def test_a_number_alone_is_an_answer_and_no_page_number() -> None:
    outcome = outcome_of("12\n", "gnn/edge-count", name="answer.txt")
    assert [part.verdict for part in outcome.report.parts] == ["correct"]
