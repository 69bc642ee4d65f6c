"""`$f(x) = ...$` says that f is a function of a number x: what is said of f at x is judged, although nothing else
introduces x. A letter that may be a vector, or a random variable, stays open."""

from __future__ import annotations

import pytest

from tests.checked import words_of


def _words(text: str) -> list[str]:
    return words_of(text, role="claim")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Let $f(x) = x^3 e^{-x}$. Then $f'(x) = (3x^2 - x^3) e^{-x}$.", ["proved"]),
        ("Let $f(x) = x^3 e^{-x}$. Then $f'(x) = (3x^2 + x^3) e^{-x}$.", ["refuted"]),
        ("Consider $f(x,y) = x^2 y$. So $\\frac{\\partial f}{\\partial y} = 2x^2$.", ["refuted"]),
        ("$$f(x) = (x+1)^2 = x^2 + 2x + 2$$", ["refuted"]),
        ("$$g(t) = \\sin^2 t, \\qquad g'(t) = \\sin 2t, \\qquad g''(t) = 2\\cos 2t$$", ["proved"]),
        ("The density is $p(x) = c e^{-cx}$ with $c > 0$, $x > 0$. Then $p'(x) = c^2 e^{-cx}$.", ["proved", "refuted"]),
    ],
)
def test_the_argument_is_a_number(text: str, words: list[str]) -> None:
    assert _words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Let $f(x) = \\frac12\\|x\\|^2$. Then $\\nabla^2 f(x) = I$.",
        "Let $f(x) = x^2$. Then $\\mathbb{E}[x] = 3$.",
        "Let $f(x) = x^2$. Then $E[x] = 3$ and $E[x^2] = 5$.",
        "Let $F(A) = A^2$. Then $F(A) = A$.",
    ],
)
def test_what_may_be_something_else_is_never_refuted(text: str) -> None:
    assert "refuted" not in _words(text)


def test_the_letter_may_be_declared_later() -> None:
    text = (
        "The sigmoid is $s(z) = \\frac{1}{1+e^{-z}}$, so $s'(z) = s(z)(1-s(z))$.\n\n"
        "Let $y \\in \\mathbb{R}^n$, $z = Wx$, $W \\in \\mathbb{R}^{n \\times d}$, $x \\in \\mathbb{R}^d$. Then "
        "$\\nabla_z \\frac12 \\|s(z)-y\\|^2 = (s(z) - y) \\odot s(z) \\odot (1 - s(z))$."
    )
    assert _words(text) == ["proved", "proved", "proved", "proved"]
