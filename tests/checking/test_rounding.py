"""A decimal behind an equals sign may be rounded: what is said of the line, and of the result."""

from __future__ import annotations

import pytest

from derivcheck.checking.answers import Checked, Marking, PartAnswer, check_part, entry_document
from derivcheck.checking.deciding import Decider
from derivcheck.checking.verifying import verify_claim
from derivcheck.kinds.interface import JudgedLine
from derivcheck.problems.loading import read_problem

ROOT = r"""
given: |
  c = \frac{1}{30}
  q = \sqrt{7}
ask: How long is $q$?
KINDfind: q
answer: \sqrt{7}
"""


def part(text: str, kind: str = "kind: value\n") -> Checked:
    problem, _ = read_problem(ROOT.replace("KIND", kind), "t/p")
    assert problem is not None
    document = entry_document(f"${text}$", "value")
    return check_part(problem.parts[0], PartAnswer(document, document.blocks), Marking(Decider(7)))


def line(text: str) -> JudgedLine:
    return part(text).answer.lines[0]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("q = 2.65", "proved"),
        ("q = 2.6458", "proved"),
        ("2.65 = q", "proved"),
        ("c = 0.033", "proved"),
        ("c = 0.03", "undecided"),  # one digit says too little
        ("q = 2.64", "refuted"),
        ("q = 3", "refuted"),
        ("q = \\frac{53}{20}", "refuted"),  # not written as a decimal
        ("q = 2.65 \\cdot 1", "refuted"),
    ],
)
def test_a_rounded_number(text: str, word: str):
    assert line(text).word == word


def test_the_report_says_that_it_is_rounded():
    (verdict,) = line("q = 2.65").verdicts
    assert (verdict.evidence["method"], verdict.notes) == ("rounding", ("equal after rounding to the digits written",))


@pytest.mark.parametrize(("text", "verdict"), [
    ("q = 2.65", "wrong"),
    ("q = \\sqrt{7} = 2.65", "correct"),
    ("q = \\sqrt{7} \\approx 2.65", "correct"),
    ("q = \\sqrt{7} = 2.66", "wrong"),
])  # fmt: skip
def test_where_an_expression_is_asked_for_the_result_must_be_exact(text: str, verdict: str):
    assert part(text, kind="").result.verdict == verdict


def test_in_notes_and_single_claims_too():
    assert verify_claim("-\\log(0.245) = 1.406").verdict == "proved"
    assert verify_claim("-\\log(0.245) = 1.407").verdict == "refuted"
