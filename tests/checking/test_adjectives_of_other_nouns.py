"""`The negative log-likelihood $L$` does not say that L is negative: nothing is proved from it, and nothing that may
rest on it is accused."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of


def _last(text: str) -> str:
    return outcome_of(text).report.parts[-1].lines[-1].verdict.word


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (r"Consider the orthogonal projection $P \in \mathbb{R}^{n \times n}$.", r"P^\top P = I"),
        (r"Let $w \in \mathbb{R}^n$ and consider the negative log-likelihood $L \in \mathbb{R}$.", "|L| = -L"),
        (r"Let $r \in \mathbb{R}$ be an eigenvalue of an orthogonal matrix.", "r^2 = 1"),
        (r"Let $D \in \mathbb{R}^{n \times n}$ be block diagonal.", r"D_{12} = 0"),
    ],
)
def test_no_fact_and_no_accusation(said: str, line: str) -> None:
    assert _last(f"{said}\n\n$${line}$$\n") == "undecided"


def test_other_names_are_judged_as_ever() -> None:
    said = r"Let $L \in \mathbb{R}$ be the negative log-likelihood and $A \in \mathbb{R}^{n \times n}$."
    assert _last(said + "\n\n$$A^\\top = A$$\n") == "refuted"


def test_a_value_that_is_computed_is_judged_as_ever() -> None:
    said = r"Let $x \in \mathbb{R}^n$ and let $f = -x^\top x$ be the negative squared norm."
    assert _last(said + "\n\n$$\\nabla_x f = 2x$$\n") == "refuted"


def test_the_argument_of_a_function_is_not_doubted() -> None:
    said = r"Let $w \in \mathbb{R}$ and let $L(w) = w^2$ be the negative log-likelihood."
    assert _last(said + "\n\n$$L(w) = -w^2$$\n") == "refuted"


def test_an_adjective_of_the_thing_itself_is_a_fact() -> None:
    said = r"Let $Q \in \mathbb{R}^{n \times n}$ be an orthogonal matrix."
    assert _last(said + "\n\n$$Q^\\top Q = I$$\n") == "proved"
