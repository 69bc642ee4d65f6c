"""What notes suppose or define is no claim: it is given from there on, and what does not follow is still found."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

MOMENTUM = r"Let $\beta, \eta > 0$ and $m = \beta^2 - 2\eta$. "
UNIT = r"Let $x, y \in \mathbb{R}^n$ be unit vectors. "
NOISE = r"Let $\sigma > 0$. The noise $\epsilon \in \mathbb{R}$ has $\mathbb{E}[\epsilon] = 0$ "
ROWS = [
    (MOMENTUM + r"Let $m < 1$. Then $\beta^2 < 1 + 2\eta$.", True),
    (MOMENTUM + r"Let $0 < m < 1$. Then $\beta^2 > 2\eta$.", True),
    (MOMENTUM + r"Let $m < 1$. Then $\beta^2 < 1 + \eta$.", False),
    (MOMENTUM + r"Then $m < 1$.", False),
    (r"Let $a > 0$ and $m = a + 1$. Let $m < 1$. Then $a > 0$.", False),
    (UNIT + r"Define $\cos\theta = x^\top y$. Then $\|x - y\|^2 = 2 - 2\cos\theta$.", True),
    (UNIT + r"Let $\theta \in [0, \pi]$ and define $\cos\theta = x^\top y$. Then $x^\top y = \sin\theta$.", False),
    (UNIT + r"Then $\cos 1 = x^\top y$.", False),
    (NOISE + r"and $\operatorname{Var}(\epsilon) = \sigma^2$. Then $\mathbb{E}[\epsilon^2] = \sigma^2$.", True),
    (NOISE + r"and $\operatorname{Var}(\epsilon) = \sigma^2$. Then $\mathbb{E}[\epsilon^2] = 2\sigma^2$.", False),
    (NOISE + r"and $\operatorname{Var}(\epsilon) = 4$. Then $\mathbb{E}[\epsilon] = 1$.", False),
]


@pytest.mark.parametrize(("text", "right"), ROWS)
def test_what_is_supposed_is_given(text: str, right: bool) -> None:
    (part,) = outcome_of(text).report.parts
    words = [line.verdict.word for line in part.lines]
    assert ("refuted" in words) == (not right)
    assert not right or set(words) <= {"proved", "holds"}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (r"$n = 32, k = 5$: $n - k = 27$. $n = 32, k = 3$: $n - k = 29$.", True),
        (r"$n = 32, k = 5$: $n - k = 27$. $n = 32, k = 3$: $n - k = 27$.", False),
        (r"Conv: $n = 32, s = 1$: $o = 32$. $n = 32, s = 2$: $o = 16$. Also $5 \cdot 5 = 25$.", True),
        (r"We get $n = 32, s = 1$. So $n = 32, s = 2$.", False),
        (r"The bound is $\frac{1}{k^2}$. With $k = 2$: $\le 0.25$.", True),
        (r"The bound is $\frac{1}{k^2}$. With $k = 2$: $\le 0.2$.", False),
    ],
)
def test_settings_of_an_example(text: str, right: bool) -> None:
    test_what_is_supposed_is_given(text, right)


CASES = r"Let $a, b \in \mathbb{R}$ and $D = a^2 - 4b$. "


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (r"Case 1: Let $D > 0$. Then $a^2 > 4b$. Case 2: Let $D = 0$. Then $b = a^2 / 4$.", True),
        (r"Case 1: Let $D = 0$. Then $b = a^2 / 4$." + "\n\n" + r"Case 2: Let $D < 0$. Then $b > 0$.", True),
        (r"Let $D = 0$. Then $b \ge 0$.", True),
        (r"Let $D = 0$. Then $b < 0$.", False),
    ],
)
def test_cases_of_a_computed_value(text: str, right: bool) -> None:
    test_what_is_supposed_is_given(CASES + text, right)
