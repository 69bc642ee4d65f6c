"""Families that notes know by a recurrence alone are numbers: what follows is proved, and a slip is never accepted.
It is a guess, so nothing is refuted, until the rule, the first values and all else in them are said to be numbers."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

NEWTON = r"Newton: $f(x) = x^2 - 2$, $x_{n+1} = x_n - \frac{f(x_n)}{f'(x_n)}$. "
MOMENTUM = r"Momentum: $v_{t+1} = \beta v_t + g_t$, $v_0 = 0$. "
ROWS = [
    (NEWTON + r"So $x_{n+1} = \frac12 (x_n + \frac{2}{x_n})$. Start at $x_0 = 1$. Then $x_1 = 1.5$.", "proved"),
    (NEWTON + r"So $x_{n+1} = \frac12 (x_n + \frac{3}{x_n})$.", "undecided"),
    (NEWTON + r"Start at $x_0 = 1$. Then $x_1 = 1.6$.", "refuted"),
    (MOMENTUM + r"$v_2 = \beta g_0 + g_1$.", "proved"),
    (MOMENTUM + r"$v_2 = \beta g_0 - g_1$.", "undecided"),
    (MOMENTUM + r"$v_t = \sum_{s=0}^{t-1} \beta^{t-1-s} g_s$.", "proved"),
    (MOMENTUM + r"$v_t = \sum_{s=0}^{t-1} \beta^{t-s} g_s$.", "undecided"),
    (r"$F_0 = 0$, $F_1 = 1$, $F_{n+1} = F_n + F_{n-1}$. Then $F_5 = 5$.", "proved"),
    (r"$F_0 = 0$, $F_1 = 1$, $F_{n+1} = F_n + F_{n-1}$. Then $F_5 = 6$.", "refuted"),
    (r"Let $\beta, g \in \mathbb{R}$, $v_t = \beta v_{t-1} + g$, $v_0 = 0$. $v_2 = (1 + \beta) g$.", "proved"),
    (r"Let $\beta, g \in \mathbb{R}$, $v_t = \beta v_{t-1} + g$, $v_0 = 0$. $v_2 = (1 + \beta^2) g$.", "refuted"),
    (r"Adam: $v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2$, $v_0 = 0$. $v_1 = (1 - \beta_2) g_1^2$.", "proved"),
]


@pytest.mark.parametrize(("text", "word"), ROWS)
def test_what_follows_from_a_recurrence(text: str, word: str) -> None:
    (part,) = outcome_of(text).report.parts
    *before, last = [line.verdict.word for line in part.lines]
    assert set(before) <= {"proved", "holds"}
    assert last == word or (word, last) == ("proved", "holds")
