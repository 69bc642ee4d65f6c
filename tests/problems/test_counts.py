"""Every part of the bank that is judged tests itself with answers enough: ways to be right, and ways to be wrong."""

from __future__ import annotations

import pytest

from derivcheck.problems.bank import Bank
from derivcheck.problems.schema import Entry, Part

PARTS = [p for problem, _ in Bank.of().problems() if problem for p in problem.parts if p.kind != "manual"]
BY_ID = {part.id: part for part in PARTS}
LINE_BY_LINE = ("expression", "chain", "bound", "proof")


def squeezed(entry: Entry) -> str:
    return "".join(character for character in entry.text.text if character not in " \n$&\\")


@pytest.mark.parametrize("id", BY_ID)
def test_three_right_answers_and_four_wrong_ones(id: str) -> None:
    right, wrong = BY_ID[id].of("correct"), BY_ID[id].of("wrong")
    assert len({squeezed(entry) for entry in right}) >= 3
    assert len({squeezed(entry) for entry in wrong}) >= 4


def unmarked(part: Part) -> list[int]:
    """Wrong answers of several lines that do not say which line is the wrong one."""
    long = [e for e in part.of("wrong") if sum(bool(line.text.strip()) for line in e.text) > 1]
    return [entry.line for entry in long if not entry.marks]


@pytest.mark.parametrize("id", [part.id for part in PARTS if part.kind in LINE_BY_LINE])
def test_a_wrong_answer_of_several_lines_marks_its_line(id: str) -> None:
    assert unmarked(BY_ID[id]) == []


def test_only_prose_is_left_to_people() -> None:
    manual = {p.id for problem, _ in Bank.of().problems() if problem for p in problem.parts if p.kind == "manual"}
    assert manual == {
        "attention/in-rnn", "gnn/long-range", "prompting/prose", "prompting/res-range", "review/scaling-laws",
        "rnn/why-vanishing", "transformer/multi-head",
    }  # fmt: skip
