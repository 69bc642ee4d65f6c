"""Figures and worked sums in an answer, judged from its plain text."""

from __future__ import annotations

from typing import Any, cast

import pytest

from derivcheck.kinds import consistency
from derivcheck.kinds.interface import JudgedAnswer, Oracle, TextLine
from derivcheck.problems.schema import Part, text_of

NOBODY = cast(Oracle, None)  # a consistency part asks nobody
SCORE = Part(
    "t/score", kind="consistency", points=4, figures=("score", "hits", "cost_sum"),
    formula=text_of(r"score = hits \cdot \left(1 - \frac{cost\_sum}{10^2}\right)"),
)  # fmt: skip
SUMS = Part("t/sums", kind="consistency", points=2, sums=True)


def judge(part: Part, text: str) -> Any:
    lines = tuple(TextLine(row, number) for number, row in enumerate(text.split("\n"), 1))
    return consistency.judge(part, JudgedAnswer(text=lines), NOBODY)


TABLES = {
    "rows": "| score | hits | cost_sum |\n|---|---|---|\n| {score} | 0.5 | 40 |",
    "columns": "| metric | value |\n|---|---|\n| score | {score} |\n| hits | 0.5 |\n| cost\\_sum | 40 |",
    "tabs": "metric\tscore\thits\t$cost_sum$\nvalue\t{score}\t0.5\t40",
    "words": "We found score = {score}, hits = 0.5 and cost_sum: 40 in the end.",
}


@pytest.mark.parametrize("layout", TABLES)
@pytest.mark.parametrize(("score", "verdict"), [("0.30", "correct"), ("0.40", "wrong"), ("-0.30", "wrong")])
def test_a_table_of_figures(layout: str, score: str, verdict: str):
    result = judge(SCORE, TABLES[layout].format(score=score))
    assert result.verdict == verdict
    if verdict == "wrong":
        row = next(k for k, line in enumerate(TABLES[layout].split("\n"), 1) if "{score}" in line)
        assert result.first_wrong_line == row and result.findings[0].code == "inconsistent-values"


def test_the_figures_own_rounding_is_allowed_for():
    # hits is 1/3: 0.33 * 0.6 is 0.198, but 0.2 comes out of the unrounded figure
    assert judge(SCORE, "score = 0.200, hits = 0.33, cost_sum = 40").verdict == "review"
    assert judge(SCORE, "score = 0.300, hits = 0.33, cost_sum = 40").verdict == "wrong"


def test_too_few_digits_go_to_a_person():
    assert judge(SCORE, "score = 0.4, hits = 0.70, cost_sum = 40").verdict == "review"
    assert judge(SCORE, "score = 0.42, hits = 0.70, cost_sum = 40").verdict == "correct"


def test_two_tables_and_the_second_is_off():
    text = TABLES["rows"].format(score="0.30") + "\n\nWith more:\n\n" + TABLES["rows"].format(score="0.40")
    result = judge(SCORE, text)
    assert (result.verdict, result.first_wrong_line) == ("wrong", 9)


@pytest.mark.parametrize(("score", "verdict"), [("0.30", "correct"), ("0.40", "wrong")])
def test_every_column_of_figures_is_looked_at(score: str, verdict: str):
    rows = f"| | 1 | 2 |\n|---|---|---|\n| score | 0.45 | {score} |\n| hits | 0.5 | 0.5 |\n| cost_sum | 10 | 40 |"
    assert judge(SCORE, rows).verdict == verdict


@pytest.mark.parametrize(("score", "verdict"), [("0.30", "correct"), ("0.40", "wrong")])
def test_a_figure_worked_out_is_the_end_of_its_line(score: str, verdict: str):
    text = rf"hits = 0.5, cost_sum = 40: $score = 0.5 \cdot (1 - 40 / 10^2) = {score}$"
    assert judge(SCORE, text).verdict == verdict
    assert judge(SCORE, f"**score = {score}** (hits = 0.5, cost_sum = 40)").verdict == verdict


def test_no_figures_go_to_a_person_and_nothing_is_missing():
    assert judge(SCORE, "It was fine.").verdict == "review"
    assert judge(SCORE, "").verdict == "missing"


@pytest.mark.parametrize(
    ("text", "verdict", "line"),
    [
        ("$12 + 30 = 42$", "correct", None),
        ("$12 + 30 = 43$", "wrong", 1),
        ("Question: What is 12 + 30?\n\nAnswer: 42", "correct", None),
        ("Question: What is 12 + 30?\n\nAnswer: 41\n", "wrong", 3),
        ("Q: 7 - 9 = -2", "review", None),  # no sum is read from a signed result: nobody is accused
        ("12 × 12 = 144 and 1,000 + 1 = 1,001", "correct", None),
        ("12 * 12 = 140 and 1 + 1 = 2", "wrong", 1),
        ("1 + 2 + 3 = 6", "review", None),
        ("\\begin{align}\n12 + 30 &= 42 \\\\\n12 + 31 &= 44\n\\end{align}", "wrong", 3),
        ("> Q: 12 + 30 = ?\n> A: 41", "wrong", 2),
        ("What is a + b?\n\nAnswer:", "review", None),
        ("2 + 3 = 4 + 1", "review", None),
    ],
)
def test_worked_sums(text: str, verdict: str, line: int | None):
    result = judge(SUMS, text)
    assert (result.verdict, result.first_wrong_line) == (verdict, line)


def test_marks_of_a_wrong_sum():
    result = judge(SUMS, "1 + 1 = 3")
    assert (result.earned, result.waiting, result.lost) == (0, 0, 2)
