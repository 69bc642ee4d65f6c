"""The bank that comes with the package, and finding problems in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.problems.bank import Bank
from derivcheck.problems.commands import list_bank, new_problem, show_problem

BANK = Bank.of()
READ_BY_PEOPLE = ("manual", "proof", "design")
INVENTORY = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "inventory.yaml"


def test_every_file_loads_without_a_finding():
    assert [f for _, findings in BANK.problems() for f in findings] == []


def test_ids_are_unique_and_parts_are_found_by_them():
    ids = BANK.ids()
    assert len(ids) == len(set(ids))
    for id in ids:
        part, findings = BANK.find(id)
        assert part is not None and part.id == id and findings == ()


def test_every_part_that_is_judged_tests_itself():
    for problem, _ in BANK.problems():
        for part in problem.parts if problem else ():
            if part.kind not in READ_BY_PEOPLE:
                assert part.of("correct") and part.of("wrong"), part.id


def test_the_papers_name_problems_that_are_there():
    named = {item.problem for name in BANK.assignments() for item in _items(name)}
    assert named <= set(BANK.ids())


def _items(name: str):
    paper, findings = BANK.assignment(name)
    assert paper is not None and findings == ()
    return paper.items


@pytest.mark.skipif(not INVENTORY.is_file(), reason="the inventory of the source documents is not here")
def test_every_answered_question_of_the_papers_is_there():
    from ruamel.yaml import YAML

    rows = YAML(typ="safe").load(INVENTORY.read_text(encoding="utf-8"))
    answered = {row["id"] for row in rows if row["answered_in"]}
    assert answered <= set(BANK.ids())
    points = {row["id"]: row["points"] for row in rows if row.get("points")}
    for id in answered & points.keys():
        part, _ = BANK.find(id)
        assert part is not None and part.points == points[id], id


def test_a_mistyped_id_gets_the_nearest():
    part, findings = BANK.find("atention/dot-varance")
    assert part is None and "attention/dot-variance" in findings[0].help


def test_a_file_with_several_parts_is_no_part():
    part, findings = BANK.find("attention/dot")
    assert part is None and "attention/dot-mean" in findings[0].help
    parts, _ = BANK.find_all("attention/dot")
    assert [p.id for p in parts] == ["attention/dot-mean", "attention/dot-variance"]


@pytest.mark.parametrize("id", ["../secret", "/etc/passwd", "", "a//b", "attention/../attention/dot"])
def test_an_id_does_not_leave_the_bank(id: str):
    part, findings = BANK.find(id)
    assert part is None and findings


def test_a_bank_of_ones_own_stands_before(tmp_path):
    (tmp_path / "rnn").mkdir()
    (tmp_path / "rnn" / "cross-entropy.yaml").write_text("title: Mine\nask: What?\nkind: manual\n", encoding="utf-8")
    part, _ = Bank.of([tmp_path]).find("rnn/cross-entropy")
    assert part is not None and part.title == "Mine"
    assert Bank.of([tmp_path]).find("rnn/step-jacobian")[0] is not None


def test_an_unknown_assignment_names_those_known():
    paper, findings = BANK.assignment("rn-homework")
    assert paper is None and "rnn-homework" in findings[0].help


def test_an_assignment_with_an_unknown_problem(tmp_path):
    path = tmp_path / "week.yaml"
    path.write_text('title: W\nparts:\n  "1": rnn/step-jacobean\n', encoding="utf-8")
    paper, findings = BANK.assignment(str(path))
    assert paper is not None
    assert (findings[0].code, findings[0].line) == ("unknown-problem", 3)
    assert "rnn/step-jacobian" in findings[0].help


def test_the_commands_have_text_and_json():
    listing = list_bank()
    assert {"problem", "title", "kind", "points"} <= set(listing.as_json()["problems"][0])
    assert "attention/dot-mean" in listing.as_text()
    shown = show_problem("attention/dot-mean")
    assert shown.exit_code == 0 and shown.as_json()["find"] and "find:" in shown.as_text()
    assert show_problem("no/such").exit_code == 2


def test_new_never_writes_over_a_file(tmp_path):
    path = new_problem(tmp_path / "topic" / "name")
    assert path.name == "name.yaml" and path.is_file()
    with pytest.raises(FileExistsError):
        new_problem(tmp_path / "topic" / "name.yaml")
