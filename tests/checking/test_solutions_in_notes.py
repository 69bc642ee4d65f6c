"""`Setting the derivative to zero gives ...`: what follows is judged by the derivative that the notes took, also where
it is said of a new name (`\\hat w`, `w^*`)."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

SQUARES = (
    "Let $X \\in \\mathbb{R}^{m \\times n}$ with $X^\\top X$ invertible, $y \\in \\mathbb{R}^m$, "
    "$w \\in \\mathbb{R}^n$ and $L(w) = \\|Xw - y\\|_2^2$. Then $\\nabla L(w) = 2X^\\top(Xw - y)$. "
)
RIGHT, WRONG = "(X^\\top X)^{-1} X^\\top y", "(X^\\top X)^{-1} 2 X^\\top y"
PARABOLA = "Let $a > 0$ and $f(x) = a x^2 - 4x$. "


def _words(text: str) -> tuple[list[str], int]:
    outcome = outcome_of(text)
    lines = [line for part in outcome.report.parts for line in part.lines]
    return [line.verdict.word for line in lines if line.role == "claim"], outcome.exit_code


@pytest.mark.parametrize(
    "text",
    [
        "Setting the gradient to zero gives $$\\hat w = {0}$$",
        "Setting the gradient to zero gives the normal equations $$X^\\top X w = X^\\top y$$ and so $w = {0}$.",
        "Set it to zero: $$X^\\top X w = X^\\top y \\implies w^* = {0}$$",
        "We set the gradient equal to zero and obtain $w = {0}$.",
        "Setting $\\nabla L(w) = 0$ gives $\\hat w = {0}$.",
        "Setting $\\nabla L$ to zero, we get $X^\\top X w = X^\\top y$, i.e. $w_{{\\text{{opt}}}} = {0}$.",
    ],
)
def test_the_solution_is_judged(text: str) -> None:
    right, right_code = _words(SQUARES + text.format(RIGHT))
    wrong, wrong_code = _words(SQUARES + text.format(WRONG))
    assert (set(right), right_code) == ({"proved"}, 0)
    assert (wrong[-1], set(wrong[:-1]), wrong_code) == ("refuted", {"proved"}, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Then $f'(x) = 2ax - 4$. Setting this to zero yields $x = 2/a$.", ["proved", "holds"]),
        (
            "Then $f'(x) = 2ax - 4$. Set $f'(x) = 0$. Then $x = 2/a$. Hence $x = 3/a$.",
            ["proved", "", "holds", "refuted"],
        ),
        ("Setting the derivative to zero: $$f'(x) = 2ax + 4 = 0 \\Rightarrow x = -2/a$$", ["refuted", "holds"]),
        ("We set the derivative to zero, $$f'(x) = 2ax - 4 = 0,$$ and get $x^* = 3/a$.", ["proved", "refuted"]),
        ("$$f'(x) = 2ax - 4 = 0 \\implies x^* = 3/a$$", ["proved", "refuted"]),
        ("$$f'(x) = 2ax - 4 = 0 \\implies x^* = 2/a$$ Hence $f(2/a) = -4/a$.", ["proved", "proved"]),
    ],
)
def test_of_a_function_of_a_number(text: str, words: list[str]) -> None:
    found, _ = _words(PARABOLA + text)
    assert [word and seen for word, seen in zip(["proved", *words], found, strict=True)] == ["proved", *words]


def test_a_normal_equation_that_does_not_follow_is_wrong() -> None:
    text = SQUARES + "Setting the gradient to zero: $$X^\\top X w = 2 X^\\top y$$"
    assert _words(text) == (["proved", "refuted"], 1)


def test_two_derivatives_of_one_value_are_zero_together() -> None:
    text = (
        "Let $a, b \\in \\mathbb{R}$ and $J = (a - 1)^2 + (b - 2a)^2$. "
        "Then $\\frac{\\partial J}{\\partial a} = 2(a - 1) - 4(b - 2a)$ and "
        "$\\frac{\\partial J}{\\partial b} = 2(b - 2a)$. Setting both to zero gives $a = 1$ and $b = 2$."
    )
    words, code = _words(text)
    assert (words[-2:], code) == (["proved", "proved"], 0) or (set(words[-2:]) <= {"proved", "holds"} and code == 0)


def test_without_a_derivative_nothing_is_called_wrong() -> None:
    text = (
        "Let $X \\in \\mathbb{R}^{m \\times n}$, $y \\in \\mathbb{R}^m$, $w \\in \\mathbb{R}^n$ "
        "and $L = \\|Xw - y\\|_2^2$. Setting its gradient to zero gives $X^\\top X w = X^\\top y$."
    )
    words, _ = _words(text)
    assert "refuted" not in words
