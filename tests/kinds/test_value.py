"""A number is asked for by name: under which name it may stand, how it may be rounded, what the rubric says of it."""

from __future__ import annotations

import pytest

from tests.kinds.test_kinds import judged

AREA = r"""
    given: |
      r = \sqrt{2.6}
      h = 3
      v = r^2 h + \frac{1}{16}
    ask: A box has a square base of side $r = \sqrt{2.6}$ and the height $h = 3$. What volume has it with its lid?
    kind: value
    find: v
    answer: 7.8625
    points: 4
    credit:
      - for: r^2 = 2.6
        points: 1
    wrong:
      - answer: 7.8
        points: 2
        hint: the lid has a volume too
"""


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("$v = 7.8625$", "correct"),
        ("$7.8625$", "correct"),
        ("Answer: 7.8625", "correct"),
        (r"$\text{volume} = 7.8625$", "correct"),
        ("volume = 7.8625", "correct"),
        (r"$2.6 \cdot 3 + 0.0625 = 7.8625$", "correct"),
        (r"$r^2 h + \frac{1}{16} = 7.8625$", "correct"),
        ("Let $u = v$. Then $u = 7.8625$.", "correct"),
        (r"$\sigma = 7.8625$", "review"),  # what is that?
        ("sigma = 7.8625", "review"),
        (r"$h = 3$, $\bar x = 7.8625$", "review"),
        ("$h = 7.8625$", "review"),
        (r"$\text{mean} = 7.8625$", "review"),
        (r"$\sigma = 2.6 \cdot 3 + 0.0625 = 7.8625$", "review"),
        (r"$\sigma = 1.5$", "review"),
        ("The surface area is 7.8625.", "review"),  # another quantity than what was asked
        ("So the radius is $7.8625$.", "review"),
        ("$7.8625$ is the perimeter", "review"),
        ("Its volume, lid and all, is 7.8625", "correct"),
        ("The total volume of the box is $7.8625$.", "correct"),
        ("With its height the box comes to 7.8625.", "correct"),
        ("The radius of the base is 1.61, and the volume is 7.8625.", "correct"),
        (r"Without the lid it is $2.6 \cdot 3 = 7.8$, with it 7.8625.", "review"),  # which is the answer?
    ],
)
def test_a_number_stands_under_the_name_that_was_asked(answer: str, verdict: str):
    assert judged(AREA, answer).verdict == verdict


@pytest.mark.parametrize("answer", ["$7.8$", "7.8", r"$v = r^2 h + \frac{1}{16} = 7.80$", r"$\frac{39}{5}$"])
def test_an_expected_mistake_has_its_points_and_its_hint(answer: str):
    result = judged(AREA, answer)
    assert (result.verdict, result.earned, result.hint) == ("wrong", 2, "the lid has a volume too")


def test_a_line_that_is_right_has_its_credit():
    assert judged(AREA, "$r^2 = 2.6$ and $v = 2.6$").earned == 1


def test_a_rounded_number_is_said_to_be_one():
    result = judged(AREA, "The volume is $7.86$.")
    assert (result.verdict, result.notes) == ("correct", ("equal after rounding to the digits written",))


def test_a_reference_that_is_rounded_itself_refutes_no_finer_number():
    coarse = AREA.replace("answer: 7.8625", "answer: 7.86")
    assert judged(coarse, "7.8625").verdict == "correct"
    assert judged(coarse, "$v = 7.8625$").verdict == "correct"
    assert judged(coarse, "$v = 7.8612$").verdict == "wrong"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("$v = 7.86$", "correct"),
        ("$r = 1.612$, so $v = 7.8625$", "correct"),  # an irrational number, as many digits as one likes
        ("$1.612 = r$ and $v = 7.86$", "correct"),
        ("$r = 1.61$ and $v = 2.6 h + 0.0625 = 7.86$", "correct"),
        ("$r = 1.62$ and $v = 7.8625$", "review"),  # that is no rounding
        ("$r = 2$ and $v = 7.8625$", "review"),  # whole numbers are exact
        ("$v = 7.87$", "wrong"),
        ("$v = 8$", "wrong"),
    ],
)
def test_a_decimal_behind_an_equals_sign_may_be_rounded(answer: str, verdict: str):
    assert judged(AREA, answer).verdict == verdict
