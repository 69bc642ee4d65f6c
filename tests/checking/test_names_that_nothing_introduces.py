"""A proof for a reading of names that nothing introduces says which reading; where the reading decides, nothing is
proved."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from tests.checked import outcome_of


@pytest.mark.parametrize("claim", ["ab = ba", r"(a+b)^2 = a^2 + 2ab + b^2", r"A + 1 = 1 + A"])
def test_numbers_are_said_to_be_a_reading(claim: str) -> None:
    result = verify_claim(claim)
    (found,) = result.findings
    assert (result.verdict, found.code, found.severity) == ("proved", "undeclared", "note")
    assert found.message.endswith("read as numbers")
    assert found.message in result.lines[0].verdict.notes


@pytest.mark.parametrize("claim", [r"(AB)^\top = B^\top A^\top", "(A+B)^2 = A^2 + AB + BA + B^2"])
def test_what_holds_of_matrices_too_says_so(claim: str) -> None:
    result = verify_claim(claim)
    assert result.verdict == "proved"
    assert result.findings[0].message == "nothing introduces A, B: it holds of numbers, and of square matrices"


@pytest.mark.parametrize(
    "claim",
    [
        "AB = BA",
        r"AB \\ = BA",
        r"A^\top = A",
        "(AB)^{-1} = A^{-1} B^{-1}",
        r"x^\top A y = y^\top A x",
        r"x^\top y = y x^\top",
    ],
)
def test_where_the_reading_decides_nothing_is_proved(claim: str) -> None:
    result = verify_claim(claim)
    assert result.verdict == "undecided"
    assert [f.code for f in result.findings] == ["undeclared"]


@pytest.mark.parametrize("given", [[r"A, B \in \mathbb{R}"], [r"A, B > 0"]])
def test_declared_numbers_need_no_note(given: list[str]) -> None:
    result = verify_claim("AB = BA", given)
    assert (result.verdict, result.findings) == ("proved", ())


def test_it_is_said_once_in_notes() -> None:
    outcome = outcome_of("Clearly $a + b = b + a$.\n\nAlso $b + a = a + b$ and $ab = ba$.\n")
    findings = [f for part in outcome.report.parts for f in part.findings]
    assert outcome.exit_code == 0
    assert [(f.code, f.line) for f in findings] == [("undeclared", 1)]


def test_the_derivative_of_an_unknown_function_is_not_zero() -> None:
    assert verify_claim(r"\frac{\partial f}{\partial x} = 0").verdict == "undecided"
    assert verify_claim(r"\frac{d}{dx} (a x^2) = 2 a x").verdict == "proved"


def test_a_value_at_a_point_is_not_claimed_everywhere() -> None:
    text = "Let $f(x, y) = x^2 y$. At $(1, 0)$: $\\frac{\\partial f}{\\partial y} = 1$."
    lines = [line for part in outcome_of(text).report.parts for line in part.lines]
    assert "refuted" not in [line.verdict.word for line in lines]
