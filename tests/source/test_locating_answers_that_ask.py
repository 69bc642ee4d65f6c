"""What asks behind `Answer to 2 (a)` is the answer's own: `Q: ... = ? A: ...` is no repeated question."""

from __future__ import annotations

from pathlib import Path

from derivcheck.checking.papers import Request, check_file

SHEET = "  Problem 5(b): prompting/res-table\n  Problem 5(c): prompting/worked-sums\n"
SUMS = "> Q: 3141592 + 2718281 = ?\n> A: 5859873\n>\n> Q: 1000000 + 9000000 = ?\n> A: 10000000\n"


def verdicts(folder: Path, sheet: str, text: str, name: str = "answer.md") -> list[str]:
    (folder / "sheet.yaml").write_text("title: Sheet\nparts:\n" + sheet, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    report = check_file(Request(str(folder / name), assignment=str(folder / "sheet.yaml"))).report
    return [part.verdict for part in report.parts]


def test_a_question_answered_in_the_same_breath_is_no_repeated_question(tmp_path: Path) -> None:
    text = f"## Problem 3\n\nWhich shape is it? $n \\times k$.\n\n## Problem 4\n\n{SUMS}"
    sheet = "  3: kalman/measurement-gain-shape\n  4: prompting/worked-sums\n"
    assert verdicts(tmp_path, sheet, text) == ["correct"] * 2


def test_the_article_of_a_question_is_no_letter_of_a_part(tmp_path: Path) -> None:
    text = "**2 (b).**\n\n**Question.** A layer has a shape.\n\n**Answer.**\n\n$n \\times k$\n"
    assert verdicts(tmp_path, "  2 (b): kalman/measurement-gain-shape\n", text) == ["correct"]


def test_a_question_alone_is_not_answered(tmp_path: Path) -> None:
    text = "## Problem 3\n\nWhich shape has the gain? (2 points)\n"
    assert verdicts(tmp_path, "  3: kalman/measurement-gain-shape\n", text) == ["missing"]


def test_it_is_located(tmp_path: Path) -> None:
    assert verdicts(tmp_path, SHEET, "Answer to Question 5 (c)\n\n" + SUMS, "answer.txt")[-1] == "correct"


def test_a_verdict_in_brackets_is_no_part(tmp_path: Path) -> None:
    text = "Problem 4(a)\n\n(F) The entries lie in $(0, 1)$, but nothing makes their sum one.\n"
    assert verdicts(tmp_path, "  Problem 4(a): lstm/gates-distribution\n", text, "answer.txt") == ["correct"]


def test_what_goes_on_in_the_next_display_is_no_repeated_question(tmp_path: Path) -> None:
    asked, result = "\\frac{\\partial J_1}{\\partial p}", "W_2^\\top(W_2 p + b_2 - x)"
    text = f"## 1 (a)\n\n$${asked} = ({asked})$$\n\n$$= {result}$$\n"
    assert verdicts(tmp_path, "  1 (a): autoencoder/delta-p\n", text) == ["correct"]
