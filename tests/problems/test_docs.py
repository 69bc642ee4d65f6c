"""The tutorial works as written; the schema and the reference of kinds are those of the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from derivcheck.problems.bank import Bank
from derivcheck.problems.commands import run_tests
from derivcheck.problems.fields import KINDS
from derivcheck.problems.json_schema import KIND_TEXTS, kinds_page, problem_schema
from derivcheck.problems.loading import read_assignment

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


def _current(name: str, text: str) -> None:
    """`python docs/generate.py` writes the files anew."""
    assert (DOCS / name).read_text(encoding="utf-8") == text


def test_the_schema_is_current():
    _current("problem.schema.json", json.dumps(problem_schema(), indent=1) + "\n")


def test_the_reference_of_kinds_is_current():
    assert set(KIND_TEXTS) == set(KINDS)
    _current("kinds.md", kinds_page())


def _blocks() -> list[str]:
    return BLOCK.findall((DOCS / "instructor.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(_blocks())))
def test_the_tutorial_works_as_written(number, tmp_path):
    text = _blocks()[number]
    path = tmp_path / "mine" / "problem.yaml"
    path.parent.mkdir()
    if text.startswith("wrong:"):  # a piece that is added to the first file
        first = _blocks()[0]
        text = first.rstrip("\n") + "\n" + text.removeprefix("wrong:\n")
    if text.startswith("title: Week"):
        paper, findings = read_assignment(text, "week-3")
        assert paper is not None and not findings
        assert all(item.problem.startswith("regression/") or Bank.of().find(item.problem)[0] for item in paper.items)
        return
    path.write_text(text, encoding="utf-8")
    tested = run_tests(str(path))
    assert tested.entries and tested.findings == ()
