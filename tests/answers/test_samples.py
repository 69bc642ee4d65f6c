"""The sample answers: expectations stand beside the text (`expect: CODE` in a comment on the line after)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file

ANSWERS = Path(__file__).parents[2] / "answers"
SETTINGS = json.loads((ANSWERS / "index.json").read_text(encoding="utf-8"))
EXPECT = re.compile(r"(?:<!--|%)\s*expect:\s*([\w-]+)")


def _texts(path: Path) -> list[tuple[int | None, list[str]]]:
    """The lines of a file, or of each cell of a notebook with the cell's number."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return [(None, text.split("\n"))]
    cells = json.loads(text)["cells"]
    return [(n, "".join(cell["source"]).split("\n")) for n, cell in enumerate(cells)]


def _expected(path: Path) -> set[tuple[int | None, int, str]]:
    found = set()
    for cell, lines in _texts(path):
        formula = 0
        for number, line in enumerate(lines, 1):
            if match := EXPECT.search(line):
                found.add((cell, formula, match.group(1)))
            elif line.strip():
                formula = number
    return found


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_findings_stand_where_the_answer_says(name: str) -> None:
    setting = SETTINGS[name]
    problems = tuple(setting.get("problems", ()))
    request = Request(str(ANSWERS / name), assignment=setting.get("assignment"), problems=problems)
    outcome = check_file(request)
    found = {
        (f.cell, f.line, f.code) for part in outcome.report.parts for f in part.findings if f.severity == "error"
    }
    assert found == _expected(ANSWERS / name)
    assert outcome.exit_code == setting["exit"]
    verdicts = [part.verdict for part in outcome.report.parts]
    assert verdicts == setting["verdicts"]


def test_every_sample_is_tested() -> None:
    assert {p.name for p in ANSWERS.iterdir() if p.suffix != ".json"} == set(SETTINGS)
