"""Every code that any room can give a finding has a row, and `explain` shows it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from derivcheck.codes import every_code
from derivcheck.commands import cli

PACKAGE = Path(__file__).parents[2] / "derivcheck"
HYPHENED = re.compile(r"[a-z]+(-[a-z]+)+")

# Hyphened words in the sources that name something else than a finding: conventions of a text, constructions of
# values, parts of speech. A new word that is neither here nor a row of codes.py fails the test below.
OTHER_WORDS = """
    column-vectors column-wise earliest-first latest-first fold-left fold-right gradient-row layout-denominator
    layout-numerator leading-dash log-natural not-always one-hot product-latest-left product-latest-right product-order
    pseudo-inverse row-vectors row-wise self-loops-count self-loops-excluded skew-symmetric unread-condition
    any-step spot-tests no-spot-tests python-flint z3-solver non-negative non-zero chi-squared
"""


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _slips() -> set[str]:
    from derivcheck.checking.blame.slips import SLIPS

    return set(SLIPS)  # names of edits; the codes they lead to are checked below


def test_every_hyphened_word_is_a_code_or_known_to_be_something_else() -> None:
    known = every_code().keys() | set(OTHER_WORDS.split()) | _slips()
    strange = {
        f"{path.name}:{node.lineno}: {node.value}"
        for path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and HYPHENED.fullmatch(node.value)
        if node.value not in known
    }
    assert not strange


def _values(node: ast.expr) -> list[str]:
    """The texts that an expression may come out as (the test of a choice is none of them)."""
    if isinstance(node, ast.IfExp):
        return _values(node.body) + _values(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_code_given_to_a_finding_has_a_row() -> None:
    strange = set()
    for path, tree in _modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            places = [node.args[0]] if name == "Finding" and node.args else []
            places += [k.value for k in node.keywords if k.arg == "code" and name in ("Finding", "Verdict")]
            words = [word for place in places for word in _values(place)]
            strange |= {f"{path.name}: {w}" for w in words if w and w not in every_code()}
    assert not strange


def test_every_code_of_a_slip_has_a_row() -> None:
    from derivcheck.checking.blame.slips import SLIPS

    assert {slip.code for slip in SLIPS.values()} - {""} <= every_code().keys()


@pytest.mark.parametrize("code", sorted(every_code()))
def test_explain_shows_a_long_text(code: str) -> None:
    shown = CliRunner().invoke(cli, ["explain", code])
    assert shown.exit_code == 0
    assert shown.output.startswith(f"{code}: ")
    assert len(every_code()[code].text) > 25


def test_explain_offers_the_nearest_code() -> None:
    shown = CliRunner().invoke(cli, ["explain", "wrong-ordre"])
    assert shown.exit_code == 2
    assert "wrong-order" in shown.output
