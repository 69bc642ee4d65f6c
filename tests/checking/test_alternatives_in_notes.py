"""One of several relations holds: `x = 1 or x = 2`. Neither is claimed alone."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

FOUR = r"Let $x \in \mathbb{R}$ satisfy $x^2 - 4 = 0$. "
CUBIC = r"Let $f(x) = x^3 - 3x$. Setting $f'(x) = 3x^2 - 3 = 0$ gives "
EQUAL = r"Let $f(x) = x^2$ and $g(x) = 2x$. "
ROWS = [
    (FOUR + r"Then $x = 2$.", "refuted"),
    (FOUR + r"Then $x = 2$ or $x = -2$.", "proved"),
    (FOUR + r"Then either $x = 2$ or $x = 3$.", "refuted"),
    (FOUR + r"Then $x = 1$, $x = 2$ or $x = -2$.", "proved"),
    (FOUR + r"Then $x = 2 \text{ or } x = -2$.", "proved"),
    (FOUR + r"Then $x = 2 \lor x = 3$.", "refuted"),
    (FOUR + r"Then $x = \pm 2$.", "proved"),
    (FOUR + r"Then $x = \pm 3$.", "refuted"),
    (FOUR + r"Then $x = 2, -2$.", "proved"),
    (FOUR + r"Then $x = 2, -3$.", "refuted"),
    (FOUR + r"Then $x = 2, -2, 7$.", "undecided"),
    (FOUR + r"The solutions are $x = 2$, $x = -2$ and $x = 7$.", "undecided"),
    (FOUR + r"Then $x \in \{-2, 2\}$.", "proved"),
    (FOUR + r"Then $x \in \{-3, 2\}$.", "refuted"),
    (FOUR + r"The solutions are $x = 2$ and $x = -2$.", "proved"),
    (EQUAL + r"They are equal where $f(x) = g(x)$, i.e. $x = 0$ or $x = 2$.", "proved"),
    (EQUAL + r"They are equal where $f(x) = g(x)$, i.e. $x = 0$ or $x = 3$.", "refuted"),
    (r"Let $x \in \mathbb{R}$ be such that $x = 1$ or $x = 2$. Then $x = 1$.", "undecided"),
    (r"Sei $x \in \mathbb{R}$ mit $x^2 = 4$. Dann ist $x = 2$ oder $x = -2$.", "proved"),
    (r"Let $x \in \mathbb{R}$ with $x^2 > 4$. Then $x > 2$ or $x < -2$.", "proved"),
    (r"Let $x \in \mathbb{R}$ with $x^2 > 4$. Then $x > 2$ or $x < -3$.", "refuted"),
    (r"Let $a, b \in \mathbb{R}$ with $ab = 0$. Then $a = 0$ or $b = 0$.", "proved"),
    (r"Let $a, b \in \mathbb{R}$ with $ab = 0$. Then $a = 0$ and $b = 0$.", "refuted"),
    (CUBIC + r"$x = 1$ or $x = -1$.", "proved"),
    (CUBIC + r"$x = 1$ and $x = -1$.", "proved"),
    (CUBIC + r"$x = 1$ and $x = -2$.", "refuted"),
    (r"Solve $x^2 - 3x + 2 = 0$. The solutions are $x = 1$ and $x = 2$.", "proved"),
    (r"Solve $x^2 - 3x + 2 = 0$. The solutions are $x = 1$ and $x = 3$.", "refuted"),
    (r"Solve $2x + 3 = 7$ for $x$. So $2x = 4$, so $x = 3$.", "refuted"),
    (r"Let $x \in \mathbb{R}$. If $x = 1$ or $x = 2$, then $x^2 - 3x + 2 = 0$.", "proved"),
    (r"Let $x \in \mathbb{R}$. If $x = 1$ or $x = 3$, then $x^2 - 3x + 2 = 0$.", "refuted"),
]
ORDER = ("refuted", "unreadable", "undecided", "holds", "proved")


@pytest.mark.parametrize(("text", "word"), ROWS)
def test_one_of_several(text: str, word: str) -> None:
    lines = [line for part in outcome_of(text).report.parts for line in part.lines]
    assert min((line.verdict.word for line in lines), key=ORDER.index) == word
