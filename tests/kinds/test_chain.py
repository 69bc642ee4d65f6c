"""What was to be shown, and how much of an answer is a step towards it."""

from __future__ import annotations

import pytest

from derivcheck.checking.answers import answer_checker
from derivcheck.checking.explaining import plain_value
from derivcheck.kinds.chain import RESTATED, WRITTEN_OUT
from derivcheck.problems.bank import Bank
from tests.kinds.test_kinds import judged

PUSHED = r"""
    given: |
      A \in \mathbb{R}^{n \times m}
      b \in \mathbb{R}^n
      u \in \mathbb{R}^m
      u = A^\top (A A^\top + I)^{-1} b
    ask: Show that $u = (A^\top A + I)^{-1} A^\top b$.
    show: u = (A^\top A + I)^{-1} A^\top b
    points: 3
"""
STEP = r"$$(A^\top A + I) A^\top = A^\top A A^\top + A^\top = A^\top (A A^\top + I)$$"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (r"$u = (A^\top A + I)^{-1} A^\top b$", "partial"),
        (r"$u = A^\top (A A^\top + I)^{-1} b = (A^\top A + I)^{-1} A^\top b$", "partial"),
        ("$u = A^\\top (A A^\\top + I)^{-1} b$\n\n$u = (A^\\top A + I)^{-1} A^\\top b$", "partial"),
        (r"$A^\top (A A^\top + I)^{-1} b = (A^\top A + I)^{-1} A^\top b$", "partial"),
        (STEP + r" $$A^\top (A A^\top + I)^{-1} = (A^\top A + I)^{-1} A^\top$$ $$u = (A^\top A + I)^{-1} A^\top b$$",
         "correct"),
        (r"$$(A^\top A + I) u = A^\top (A A^\top + I) (A A^\top + I)^{-1} b = A^\top b$$ "
         r"$$u = (A^\top A + I)^{-1} (A^\top A + I) u = (A^\top A + I)^{-1} A^\top b$$", "correct"),
    ],
)  # fmt: skip
def test_to_copy_what_is_given_is_no_step(answer: str, verdict: str):
    assert judged(PUSHED, answer).verdict == verdict


def test_what_is_given_may_be_all_that_is_to_be_shown():
    given = PUSHED.replace("show: u = (A^\\top A + I)^{-1} A^\\top b", "show: u = A^\\top (A A^\\top + I)^{-1} b")
    assert judged(given, r"$u = A^\top (A A^\top + I)^{-1} b$").verdict == "partial"  # nothing but the statement
    longer = r"$u = A^\top (A A^\top + I)^{-1} (2 b - b) = A^\top (A A^\top + I)^{-1} b$"
    assert judged(given, longer).verdict == "correct"


def test_to_write_out_one_side_is_no_restatement():
    path = "vi/kl-identity"
    part, _ = Bank.of().find(path)
    assert part is not None
    first = r"$$D_{KL}(Q(o|c) \| P(o|c)) = \sum_o Q(o|c) \log \frac{Q(o|c)}{P(o|c)}$$"
    said = answer_checker(7)(first + " and then use Bayes.", part)
    again = answer_checker(7)(part.show.text if part.show else "", part)
    assert said.verdict == again.verdict == "partial"
    assert [f.message for f in said.findings] == [WRITTEN_OUT] and [f.message for f in again.findings] == [RESTATED]


def test_what_has_no_value_is_said_to_have_none():
    assert plain_value([None, 0, [1, 2]]) == "(undefined, 0, (1, 2))"


MEANS = r"""
    given: |
      a, b > 0
    ask: Show that $2 a b \le a^2 + b^2$.
    show: 2 a b \le a^2 + b^2
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("a^2 + b^2 - 2 a b = (a - b)^2\n\\ge 0", "correct"),
        ("2 a b - (a^2 + b^2) = -(a - b)^2\n\\le 0", "correct"),
        ("a^2 + b^2 + 2 a b = (a + b)^2\n\\ge 0", "review"),
        ("a^2 + b^2 - 2 a b \\ge 0", "review"),
        ("a^2 + b^2 - 2 a b = (a + b)^2\n\\ge 0", "wrong"),
    ],
)
def test_the_difference_of_the_sides(answer: str, verdict: str):
    assert judged(MEANS, answer).verdict == verdict
