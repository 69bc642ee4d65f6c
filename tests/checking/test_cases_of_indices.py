"""Cases that choose the indices of a line: `Case 2: $i \\ne j$`, `$... $ if $i = j$`, `\\quad (i \\ne j)`. What no line
introduces are the indices of the lines that stand under them."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from tests.checked import words_of

LEFT = r"\frac{\partial s_i}{\partial z_j}"
SAME, OTHER, WRONG = f"${LEFT} = s_i(1 - s_i)$", f"${LEFT} = -s_i s_j$", f"${LEFT} = s_i s_j$"
BEGIN = "Let $z \\in \\mathbb{R}^K$ and $s = \\operatorname{softmax}(z)$.\n\n"


def _words(text: str) -> list[str]:
    return words_of(BEGIN + text, role="claim")


@pytest.mark.parametrize(
    "layout",
    [
        "Case 1: $i = j$. We have {0}.\n\nCase 2: $i \\ne j$. We have {1}.",
        "Case $i = j$. We have {0}.\n\nCase $i \\neq j$. We have {1}.",
        "**Case 1** ($i = j$):\n\n{0}\n\n**Case 2** ($i \\neq j$):\n\n{1}",
        "- when $i = j$: {0}\n- when $i \\neq j$: {1}",
        "1. $i = j$: {0}\n2. $i \\neq j$: {1}",
        "If $i = j$, then {0}. For $i \\neq j$, we get {1}.",
        "We have {0} if $i = j$ and {1} if $i \\neq j$.",
        "Suppose $i = j$. Then {0}.\n\nLet $i \\ne j$. Then {1}.",
    ],
)
def test_each_case_is_judged_in_its_own_case(layout: str) -> None:
    assert _words(layout.format(SAME, OTHER)) == ["proved", "proved"]
    assert _words(layout.format(SAME, WRONG)) == ["proved", "refuted"]
    assert _words(layout.format(OTHER, OTHER)) == ["refuted", "proved"]


def test_both_cases_in_one_formula_stand_under_none() -> None:
    text = f"Case $i \\ne j$. We have {OTHER}.\n\nTogether ${LEFT} = s_i(2\\delta_{{ij}} - s_j)$."
    assert _words(text) == ["proved", "refuted"]


@pytest.mark.parametrize(
    ("case", "right", "word"),
    [
        ("(i \\ne j)", "-s_i s_j", "proved"),
        ("(i \\ne j)", "s_i s_j", "refuted"),
        ("(i = j)", "s_i(1 - s_i)", "proved"),
        ("[i = j]", "-s_i s_j", "refuted"),
        ("\\text{for } i = j", "s_i(1 - s_j)", "proved"),
        ("\\text{if } i < j", "-s_i s_j", "proved"),
    ],
)
def test_a_case_beside_the_formula(case: str, right: str, word: str) -> None:
    given = [r"z \in \mathbb{R}^K", r"s = \operatorname{softmax}(z)"]
    assert verify_claim(rf"{LEFT} = {right} \quad {case}", given).verdict == word
