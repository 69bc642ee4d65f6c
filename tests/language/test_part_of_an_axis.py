"""What is said of some entries, of listed values or of one of two random names says nothing of the others."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

R3 = "x \\in \\mathbb{R}^3"
PART = ["k \\in \\mathbb{N}", "n > k", "x \\in \\mathbb{R}^n", "x_i = 0 \\text{ for } i = 1, \\dots, k"]


@pytest.mark.parametrize(
    ("given", "claim", "verdicts"),
    [
        (PART, "x_1 = 0", ("holds", "proved")),
        (PART, "x_n = 0", ("refuted",)),
        (["x \\in \\mathbb{R}^n", "x_i = i \\text{ for } i = 2, \\dots, n"], "x_1 = 1", ("refuted",)),
        ([R3, "x_i = 0 \\text{ for } 1 \\le i \\le 2"], "x_3 = 0", ("refuted",)),
        ([R3, "x_i = 0 \\text{ for } i = 1, 2"], "x_2 = 0", ("holds", "proved")),
        ([R3, "x_i = 0 \\text{ for } i = 1, 2"], "x_3 = 0", ("refuted",)),
        ([R3, "x_i = 0 \\text{ for } i = 1, 2, 3"], "x = 0", ("proved",)),
        (["x \\in \\mathbb{R}^n", "x_i = i \\text{ for } i = 1, \\dots, n"], "\\sum_i x_i = n(n+1)/2", ("proved",)),
    ],
)
def test_an_equation_for_some_entries_does_not_define_the_others(
    given: list[str], claim: str, verdicts: tuple[str, ...]
) -> None:
    assert verify_claim(claim, given).verdict in verdicts


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("x_i = 0 \\text{ for } i = 1, 2", "refuted"),
        ("x_i = 0, \\quad i = 1, 2", "refuted"),
        ("x_i = 0 \\text{ for } i = 1, 3", "unreadable"),
        ("x_1 = 0, 1", "undecided"),
        ("x_1 < 1, 2", "unreadable"),
        ("x_3 = 0 \\text{ if } x_1 = 1, 2", "unreadable"),
    ],
)
def test_no_value_of_a_list_is_dropped(claim: str, verdict: str) -> None:
    assert verify_claim(claim, [R3, "x_1 = 0", "x_2 = 1"]).verdict == verdict


def test_a_comma_may_still_be_a_decimal_one() -> None:
    assert verify_claim("x = 1,5", ["x = \\frac32"]).verdict == "proved"


@pytest.mark.parametrize("law", ["X \\sim \\mathcal{N}(0, 1)", "\\mathbb{E}[X] = 0"])
@pytest.mark.parametrize("claim", ["\\mathbb{E}[XY] = 0", "\\operatorname{Cov}(X, Y) = 0", "\\mathbb{E}[Y^2] = Y^2"])
def test_a_random_name_without_a_law_is_no_constant(law: str, claim: str) -> None:
    assert verify_claim(claim, ["X, Y \\in \\mathbb{R}", law]).verdict == "undecided"


@pytest.mark.parametrize("words", ["for some", "for even", "for exactly one"])
def test_some_are_not_all(words: str) -> None:
    said = f"x_i = 0 \\text{{ {words} }} i"
    assert verify_claim("x = 0", [R3, said]).verdict == "undecided"
    assert verify_claim(said, [R3, "x_1 = 0", "x_2 = 1"]).verdict in ("undecided", "unreadable")


@pytest.mark.parametrize("beside", ["1 \\le i < n", "i < n", "i \\ne n"])
def test_a_condition_beside_an_equation_limits_it(beside: str) -> None:
    given = ["x \\in \\mathbb{R}^n", "n > 2", f"x_i = 0, \\quad {beside}"]
    assert verify_claim("x_n = 0", given).verdict in ("refuted", "undecided")
    assert verify_claim("x_1 = 0", given).verdict != "refuted"
