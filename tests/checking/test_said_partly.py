"""`Let $A_{ij} = 1$ if the two are neighbours`: A is 1 in some cases, so nothing is proved from A = 1, and what depends
on A is not refuted either."""

from __future__ import annotations

import pytest

from tests.checked import outcome_of

GIVEN = r"Let $A \in \mathbb{R}^{n \times n}$ and $x \in \mathbb{R}^n$. "
SAID = [
    r"Let $A_{ij} = 1$ if $v_j$ is a neighbour of $v_i$ and 0 otherwise.",
    r"Let $A_{ij} = 1$ if the edge is there and $A_{ij} = 0$ otherwise.",
    r"Let $A_{ij} = 1$ for neighbours $i$, $j$ and zero elsewhere.",
    r"Let $A_{ij} = 1$ if $x_i > 0$.",
    r"We set $A_{ij} = 1$ whenever node $i$ sees node $j$.",
]


def _last(text: str) -> str:
    return outcome_of(text).report.parts[-1].lines[-1].verdict.word


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("line", [r"A = A^\top", r"A_{12} = 1", r"\operatorname{tr}(A) = 0"])
def test_what_depends_on_it_is_undecided(said: str, line: str) -> None:
    assert _last(f"{GIVEN}{said}\n\n$${line}$$\n") == "undecided"


@pytest.mark.parametrize("said", SAID[:2])
def test_the_rest_is_judged_as_ever(said: str) -> None:
    assert _last(f"{GIVEN}{said}\n\n$$\\nabla_x\\, x^\\top x = x$$\n") == "refuted"
    assert _last(f"{GIVEN}{said}\n\n$$(A + A)^\\top = 2 A^\\top$$\n") == "proved"


def test_how_it_is_derived_is_no_case() -> None:
    said = r"Let $c \in \mathbb{R}$. We get $c^2 + 1 = 0$ when we multiply out."
    assert _last(said) == "refuted"


def test_a_range_is_no_case() -> None:
    said = r"Let $x \in \mathbb{R}^n$ and let $y_i = x_i^2$ for $i = 1, \dots, n$."
    assert _last(said + "\n\n$$\\sum_{i=1}^n y_i = x^\\top x$$\n") == "proved"
