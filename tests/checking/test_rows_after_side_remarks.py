"""A row that begins with a relation continues the chain it is aligned with, not what is said beside it."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

GIVENS = [r"A \in \mathbb{R}^{m \times n}", r"s, v \in \mathbb{R}^m", r"a, b \in \mathbb{R}"]


def _rows(text: str) -> list[str]:
    return [line.verdict.word for line in verify_claim(text, GIVENS, seed=7).lines]


def test_a_definition_beside_an_aligned_chain() -> None:
    first = r"A^\top s + A^\top v &= A^\top (s + v), \qquad u = \mathbf{1}^\top v\\"
    assert _rows(first + r" &= A^\top v + A^\top s") == ["proved", "proved"]
    assert _rows(first + r" &= A^\top v - A^\top s") == ["proved", "refuted"]


def test_what_is_said_beside_the_chain_is_not_the_chain() -> None:
    assert _rows(r"a + b &= b + a, \quad c = b \\ &= c") == ["proved", "refuted"]


def test_an_aligned_chain_after_a_remark() -> None:
    assert _rows(r"c = a + b, \quad d &= 2c \\ &= 2a + 2b") == ["proved", "proved"]


def test_a_remark_explains_what_its_chain_used() -> None:
    rows = r"\|2v\|^2 &= u^\top u, \quad u = 2v \\ &= 4 v^\top v"
    assert _rows(rows) == ["proved", "proved"]
    assert _rows(rows.replace("u = 2v", "u = 3v")) == ["refuted", "refuted"]


def test_what_is_solved_for_is_no_definition_of_what_stood_before() -> None:
    assert _rows(r"2x + a = 3a, \quad x = a") == ["undecided"]


def test_two_columns_go_on_side_by_side() -> None:
    first = r"p &= a + b, & q &= a - b \\ "
    assert _rows(first + r"&= b + a, & &= -b + a") == ["proved", "proved"]
    assert _rows(first + r"&= b + a, & &= b - a") == ["proved", "refuted"]


@pytest.mark.parametrize(("row", "verdict"), [("b + a", "undecided"), ("b", "undecided"), ("a - b", "refuted")])
def test_without_alignment_it_is_wrong_only_if_both_are(row: str, verdict: str) -> None:
    assert _rows(rf"a + b = b + a, \quad c = b \\ = {row}") == ["proved", verdict]


def test_a_definition_after_where_is_never_continued() -> None:
    assert _rows(r"a + b = b + a \text{ where } c = b \\ = 2a + b - a") == ["proved", "proved"]
