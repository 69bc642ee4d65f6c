"""The two answered papers that the project comes from: every part as the inventory says, no other line accused."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from derivcheck.checking.papers import Request, check_file
from derivcheck.checking.results import FileReport
from tests.shared import shared

PAPERS = {"000": ("000_05afd991721d91d9.txt", "rnn-homework"), "003": ("003_e3bbbe1261351b09.txt", "nlp-lab")}
REFUTED = {"000": set(), "003": {473}}
"""Lines of a derivation that are false. (216 of 000 and 491 of 003 are a figure and a choice, not such lines.)"""


@pytest.fixture(scope="module")
def inventory() -> dict[str, dict[str, Any]]:
    rows = YAML(typ="safe").load(shared("seeds", "inventory.yaml"))
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module", params=sorted(PAPERS))
def paper(request: pytest.FixtureRequest) -> tuple[str, FileReport]:
    name, assignment = PAPERS[request.param]
    return request.param, check_file(Request(str(shared("seeds", name)), assignment=assignment)).report


def test_each_part_is_as_the_inventory_says(paper: tuple[str, FileReport], inventory: dict[str, Any]) -> None:
    wrong = []
    for part in paper[1].parts:
        row = inventory[part.problem]
        allowed = {row["verdict"], *row.get("accept", [])}
        place = row.get("first_wrong_line")
        if part.verdict not in allowed or (place is not None and part.first_wrong_line != place):
            wrong.append((part.problem, part.verdict, part.first_wrong_line, sorted(allowed), place))
    assert not wrong


def test_nothing_else_is_accused(paper: tuple[str, FileReport]) -> None:
    name, report = paper
    refuted = {line.line for part in report.parts for line in part.lines if line.verdict.word == "refuted"}
    assert refuted == REFUTED[name]
    told = {f.line for part in report.parts for f in part.findings if f.severity == "error"}
    assert told <= REFUTED[name] | {216, 491}


def test_few_parts_wait_for_a_person(paper: tuple[str, FileReport], inventory: dict[str, Any]) -> None:
    judged = [p for p in paper[1].parts if inventory[p.problem]["verdict"] != "manual"]
    waiting = [p.problem for p in judged if p.verdict == "review"]
    assert len(waiting) <= 3
