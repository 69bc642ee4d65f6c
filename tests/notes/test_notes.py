"""Students' notes with no problem behind them: findings stand where the notes say (`expect: CODE` in a comment after
the line), and nothing else is accused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file
from tests.checked import outcome_of

NOTES = Path(__file__).parent
FILES = sorted(p.name for p in NOTES.iterdir() if p.suffix in (".md", ".tex", ".txt", ".ipynb"))
EXPECT = re.compile(r"(?:<!--|%)\s*expect:\s*([\w-]+)")


def _texts(path: Path) -> list[tuple[int | None, list[str]]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return [(None, text.split("\n"))]
    return [(n, "".join(cell["source"]).split("\n")) for n, cell in enumerate(json.loads(text)["cells"])]


def _expected(path: Path) -> set[tuple[int | None, int, str]]:
    found = set()
    for cell, lines in _texts(path):
        for number, line in enumerate(lines):
            if match := EXPECT.search(line):
                found.add((cell, number, match.group(1)))
    return found


@pytest.mark.parametrize("name", FILES)
def test_exactly_the_slip_is_found(name: str) -> None:
    outcome = check_file(Request(str(NOTES / name)))
    findings = [*outcome.report.findings, *(f for part in outcome.report.parts for f in part.findings)]
    expected = _expected(NOTES / name)
    assert {(f.cell, f.line, f.code) for f in findings if f.severity == "error"} == expected
    assert outcome.exit_code == (1 if expected else 0)


def _check(text: str) -> tuple[list[str], list[str]]:
    """(verdict of each claim, codes of the errors)."""
    report = outcome_of(text).report
    findings = [*report.findings, *(f for part in report.parts for f in part.findings)]
    lines = [line for part in report.parts for line in part.lines if line.role == "claim"]
    return [line.verdict.word for line in lines], [f.code for f in findings if f.severity == "error"]


def test_contradictory_declarations_are_said() -> None:
    _, codes = _check("Let $c > 0$ be a constant. Let $c$ be negative. Then $c^2 = c \\cdot c$.")
    assert "contradictory-givens" in codes


def test_a_recalled_fact_is_no_assumption() -> None:
    text = "Let $A, B \\in \\mathbb{R}^{n \\times n}$, where $(AB)^\\top = A^\\top B^\\top$. Then $A + B = B + A$."
    lines = [line for part in outcome_of(text).report.parts for line in part.lines]
    (fact,) = [line for line in lines if "AB" in line.latex]
    assert fact.verdict.word in ("refuted", "undecided")


def test_a_computed_value_is_not_defined_by_its_claim() -> None:
    text = (
        "Let $a, w \\in \\mathbb{R}^n$ and $L = a^\\top w + w^\\top w$.\n\nSetting the gradient to zero gives\n\n"
        "$$w = \\frac12 a$$\n"
    )
    words, _ = _check(text)
    assert "proved" not in words[-1:]


def test_an_unread_definition_refutes_nothing_later() -> None:
    text = "Let $h \\in \\mathbb{R}^n$ and $x \\in \\mathbb{R}^n$. We use $h = \\Psi_{??}(x)$.\n\nThen $h^\\top h = 1$."
    words, codes = _check(text)
    assert "refuted" not in words and not codes


def test_a_solution_of_an_unstated_equation_is_not_refuted() -> None:
    text = (
        "Let $X \\in \\mathbb{R}^{m \\times n}$, $y \\in \\mathbb{R}^m$, $w \\in \\mathbb{R}^n$ and "
        "$L = \\|Xw - y\\|_2^2$.\n\nThe best weights are $$w = (X^\\top X)^{-1} X^\\top y.$$\n"
    )
    words, codes = _check(text)
    assert words == ["undecided"] and not codes


def test_a_row_beside_a_gradient_is_a_matter_of_layout() -> None:
    text = (
        "Let $X \\in \\mathbb{R}^{n \\times d}$, $w \\in \\mathbb{R}^d$, $y \\in \\mathbb{R}^n$ and $r = Xw - y$.\n\n"
        "$$\\frac{d}{dw} r^\\top r = 2 r^\\top \\frac{dr}{dw}$$\n"
    )
    words, codes = _check(text)
    assert words == ["undecided"] and not codes
    words, codes = _check(text.replace("2 r", "3 r"))
    assert words == ["refuted"]
