"""The reader on formulas written by hand: each beside the tree it must be, the finding it must give, or its repair."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.codes import CODES
from derivcheck.language.parsing.damage import repairs
from derivcheck.language.parsing.dump import dump
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.syntax import Broken
from derivcheck.language.parsing.trees import same, walk

HERE = Path(__file__).parent


def blocks(name: str) -> list[list[str]]:
    """Groups of lines: an unindented line and the indented ones after it."""
    found: list[list[str]] = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found[-1].append(line.strip())
        elif line and not line.startswith("#"):
            found.append([line])
    return found


READINGS = blocks("readings.txt")
MALFORMED = blocks("malformed.txt")
DAMAGED = blocks("damaged.txt")


def test_there_are_enough_readings() -> None:
    assert len(READINGS) + len(DAMAGED) >= 250


@pytest.mark.parametrize(("latex", "tree"), READINGS)
def test_reading(latex: str, tree: str) -> None:
    parsed = parse(latex)
    assert dump(parsed.node) == tree
    assert parsed.findings == ()


@pytest.mark.parametrize("latex", [latex for latex, _ in READINGS])
def test_shown_again_it_is_the_same_tree(latex: str) -> None:
    node = parse(latex).node
    shown = show(node)
    assert same(parse(shown).node, node), shown
    assert show(parse(shown).node) == shown


@pytest.mark.parametrize("latex", [latex for latex, _ in READINGS])
def test_spans_lie_inside_their_parents(latex: str) -> None:
    for node in walk(parse(latex).node):
        assert 0 <= node.span.start <= node.span.end <= len(latex)


@pytest.mark.parametrize(("latex", "codes"), MALFORMED)
def test_malformed(latex: str, codes: str) -> None:
    parsed = parse(latex)
    assert ", ".join(f"{f.code} {f.column}" for f in parsed.findings) == codes
    if not parsed.ok and parsed.findings[0].code in ("unclosed", "unmatched", "missing-argument", "too-large"):
        assert any(isinstance(node, Broken) for node in walk(parsed.node)) or "ended by" in parsed.findings[0].message


@pytest.mark.parametrize(("text", "repaired", "word"), DAMAGED)
def test_damage(text: str, repaired: str, word: str) -> None:
    first = repairs(text)[0]
    assert first.text == repaired
    assert word in first.note
    assert parse(first.text).ok


@pytest.mark.parametrize("latex", [latex for latex, _ in READINGS if not latex.startswith("-")])
def test_sound_formulas_are_not_repaired(latex: str) -> None:
    notes = [repair.note for repair in repairs(latex)]
    assert not any("lost" in note or "hyphen" in note or "strokes" in note for note in notes), notes


def test_every_code_of_the_reader_can_be_explained() -> None:
    for _, codes in MALFORMED:
        for code in codes.split(", "):
            assert code.split()[0] in CODES


SIGNS = ["-\\log p = x", "-2x = y", "a - -b = c", "x = 2 y", "W_{i1} + x_2", "a = b \\dots c"]


@pytest.mark.parametrize("latex", SIGNS)
def test_a_sign_that_may_be_a_slip_is_not_taken_for_damage(latex: str) -> None:
    assert repairs(latex) == []
