"""What asks behind `Answer to 2 (a)` is the answer's own: `Q: ... = ? A: ...` is no repeated question."""

from __future__ import annotations

from pathlib import Path

from derivcheck.checking.papers import Request, check_file

SHEET = "title: Sheet\nparts:\n  Problem 5(b): prompting/res-table\n  Problem 5(c): prompting/worked-sums\n"
SUMS = "> Q: 3141592 + 2718281 = ?\n> A: 5859873\n>\n> Q: 1000000 + 9000000 = ?\n> A: 10000000\n"


def test_it_is_located(tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    (tmp_path / "answer.txt").write_text("Answer to Question 5 (c)\n\n" + SUMS, encoding="utf-8")
    outcome = check_file(Request(str(tmp_path / "answer.txt"), assignment=str(tmp_path / "sheet.yaml")))
    assert [part.verdict for part in outcome.report.parts][-1] == "correct"
