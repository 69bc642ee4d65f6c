"""Formulas without dollars: a line that is nothing else is one formula, and none is cut in the middle."""

from __future__ import annotations

import pytest

from derivcheck.source.bare import find_bare


def _found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_bare(text)]


@pytest.mark.parametrize(
    "line",
    [
        "f(x) = α x² + β x",
        "f'(x) = 2αx + β",
        "∇L(w) = 2XᵀXw − 2Xᵀy",
        "(a + b)² = a² + 2ab + b²",
        "a b + b a = 2 a b",
        "|ab| = |a| |b|",
    ],
)
def test_a_line_is_one_formula(line: str) -> None:
    assert _found(f"Let a and b be numbers.\n{line}.\nThat is all.") == [line]


@pytest.mark.parametrize(
    "text",
    [
        "The Hessian is ∇²L(w) = 2XᵀX.",
        "We know that a² = 2ab + c holds.",
    ],
)
def test_no_relation_is_cut(text: str) -> None:
    assert not [found for found in _found(text) if "=" in found and found.endswith("2")]


@pytest.mark.parametrize("text", ["so x = 3 or so", "we use it at x = 3 and y = 4"])
def test_words_of_prose_stay_outside(text: str) -> None:
    assert all(" or" not in found and "use" not in found for found in _found(text))


@pytest.mark.parametrize(
    "formula", ["H^2 = X(X^T X)^{-1} (X^T X) (X^T X)^{-1} X^T = H", "w = B (B^T B)^{-1} B^T v_1", "(u_1 + u_2)^2 = s_1"]
)
def test_a_bracket_beside_a_letter_is_its_factor(formula: str) -> None:
    assert _found(f"It is idempotent: {formula}. So it projects.") == [formula]


@pytest.mark.parametrize("line", ["H = -[p·log₂ p + q·log₂ q]", "= -[0.5·log₂(0.5) + 0.5·(-1)]", "y = -(a + b)"])
def test_a_minus_before_a_bracket_belongs_to_the_line(line: str) -> None:
    assert _found(f"We compute\n{line}\nand are done.") == [line]
