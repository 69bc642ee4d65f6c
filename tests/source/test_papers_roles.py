"""The traps about roles in the two answered papers: the role of the formulas of a line, by its number."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from derivcheck.source.discourse import Move, moves
from derivcheck.source.document import read_document

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared papers are not here")


@cache
def moves_by_line(paper: str) -> dict[int, list[tuple[Move, int, int]]]:
    document = read_document(next(SEEDS.glob(f"{paper}*")))
    found: dict[int, list[tuple[Move, int, int]]] = {}
    for move in moves(document.blocks):
        extent = move.extent or move.span
        first, last = document.position(extent.start).line, document.position(extent.end).line
        found.setdefault(document.position(move.span.start).line, []).append((move, first, last))
    return found


@pytest.mark.parametrize(
    ("paper", "line", "roles"),
    [
        ("000", 30, {"restatement"}),
        ("000", 34, {"definition", "condition"}),
        ("000", 39, {"mention", "reason", "claim"}),
        ("000", 41, {"claim"}),
        ("000", 61, {"definition"}),
        ("000", 75, {"definition"}),
        ("000", 107, {"condition", "mention"}),
        ("003", 100, {"goal", "definition"}),
        ("003", 120, {"claim"}),
        ("003", 142, {"claim"}),
        ("003", 156, {"claim"}),
        ("003", 207, {"restatement"}),
        ("003", 219, {"claim", "mention"}),
        ("003", 250, {"claim", "condition"}),
        ("003", 362, {"definition"}),
        ("003", 461, {"expression"}),
        ("003", 473, {"claim"}),
        ("003", 495, {"mention"}),
        ("003", 497, {"condition", "mention"}),
        ("003", 603, {"claim"}),
        ("003", 711, {"expression"}),
    ],
)
def test_roles(paper: str, line: int, roles: set[str]) -> None:
    assert {move.role for move, _, _ in moves_by_line(paper)[line]} == roles


@pytest.mark.parametrize(
    ("line", "lines_under_it", "lines_not_under_it"),
    [
        (140, [142], [156]),
        (154, [156], [162]),
        (164, [166, 170], [156]),
        (320, [322], [318]),
        (485, [487], [473, 483]),
        (499, [501], [487]),
        (605, [603], [599]),
    ],
)
def test_conditions_reach_the_lines_they_introduce(
    line: int, lines_under_it: list[int], lines_not_under_it: list[int]
) -> None:
    conditions = [(first, last) for move, first, last in moves_by_line("003")[line] if "condition" in move.role]
    assert all(any(first <= under <= last for first, last in conditions) for under in lines_under_it)
    assert not any(first <= free <= last for first, last in conditions for free in lines_not_under_it)


def test_notes_on_the_inequalities() -> None:
    papers = moves_by_line("003")
    assert "not-always" in [move.note for move, _, _ in papers[219]]
    assert "leading-dash" in [move.note for move, _, _ in papers[250]]
    assert {"alternative"} == {papers[line][-1][0].note for line in (362, 364, 365)}
    assert papers[369][-1][0].note == ""
