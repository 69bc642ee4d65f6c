"""A line in a frame is judged as the line; a relation that hides in brackets is never passed as read."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement

GIVEN = [r"x \in \mathbb{R}", "y = 2 x"]
FRAMES = [
    r"\left. y = 3 x \right.",
    r"\underline{y = 3 x}",
    r"\underbrace{y = 3 x}_{\text{result}}",
    r"\begin{array}{rl} y &= 3 x \end{array}",
    r"\begin{array} { r l } { y } & { = 3 x } \\ { } & { = x + 2 x } \end{array}",
    r"\begin{array}[t]{rcl} y &=& 3 x \end{array}",
    r"\begin{array}{l} y = 3 x \end{array}",
    r"\begin{array}{|l|} \hline y = 3 x \\ \hline \end{array}",
    r"\left. \begin{array}{rcl} y &=& 3 x \end{array} \right.",
    r"\begin{matrix} y &= 3 x \end{matrix}",
    r"\begin{cases} y = 3 x \\ x = \frac{y}{2} \end{cases}",
    r"y \quad = 3 x",
    r"y = \qquad 3 x",
]


@pytest.mark.parametrize("text", FRAMES)
def test_a_slip_in_a_frame_is_found(text: str) -> None:
    assert verify_claim(text, GIVEN).verdict == "refuted"
    assert verify_claim(text.replace("3 x", "2 x").replace("x + 2 x", "x + x"), GIVEN).verdict == "proved"


@pytest.mark.parametrize("text", ["(y = 3 x)", "[y = 3 x]", r"\cancel{y = 3 x}", r"\mathrm{y=3x}", r"\hat{y = 3 x}"])
def test_a_relation_in_brackets_is_not_judged(text: str) -> None:
    assert verify_claim(text, GIVEN).verdict == "unreadable"
    statement = read_statement(text, read_givens(GIVEN)[0])
    assert [f.code for f in statement.findings if f.severity == "error"] == ["hidden-relation"]


@pytest.mark.parametrize(
    "text",
    [
        r"|x| = \left\{\begin{array}{ll} x & x \ge 0 \\ -x & x < 0 \end{array}\right.",
        r"\left[\begin{array}{cc} x & 0 \end{array}\right] = \begin{bmatrix} x & 0 \end{bmatrix}",
        r"[x > 0] + [x \le 0] = 1",
    ],
)
def test_entries_and_cases_stay_what_they_are(text: str) -> None:
    assert verify_claim(text, GIVEN).verdict == "proved"


def test_a_relation_without_a_side_does_not_pass_as_read() -> None:
    assert verify_claim("y, = 3 x", GIVEN).verdict == "unreadable"


def test_a_relation_of_several_names_is_said_of_each() -> None:
    assert verify_claim("y, x > 0", ["x > 0", r"y \in \mathbb{R}"]).verdict == "refuted"
    assert verify_claim("y, x > 0", ["x > 0", "y = 2 x"]).verdict == "proved"


def test_the_shape_of_a_name_that_nothing_introduces_is_not_judged() -> None:
    assert verify_claim(r"\frac{\partial L}{\partial O} \in \mathbb{R}^{n \times m}", []).verdict == "undecided"
