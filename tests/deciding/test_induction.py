"""Closed forms of recurrences are proved by induction; wrong ones never are."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim
from derivcheck.deciding import induction
from derivcheck.deciding.budget import Work
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.terms.build import add, number
from derivcheck.terms.node import Compare, Var, fresh

MATRIX = (r"W \in \mathbb{R}^{n \times n}", r"h_t \in \mathbb{R}^n \text{ for } t = 0, \dots, T")
SCALAR = (r"\beta \in \mathbb{R}", r"v_t \in \mathbb{R} \text{ for } t = 0, \dots, T")
INPUTS = (r"x_t \in \mathbb{R}^n \text{ for } t = 1, \dots, T", *MATRIX)
FACTORS = (r"f_t \in \mathbb{R} \text{ for } t = 1, \dots, T", *SCALAR)
EIGEN = (
    r"W \in \mathbb{R}^{n \times n}", r"v \in \mathbb{R}^n", r"\lambda \in \mathbb{R}", r"t \in \mathbb{N}",
    r"W v = \lambda v",
)  # fmt: skip

RIGHT_AND_WRONG = [
    ((*MATRIX, "h_t = W h_{t-1}"), "h_t = W^t h_0", "h_t = W^{t+1} h_0"),
    ((*MATRIX, r"h_t = W^\top h_{t-1}"), r"h_t = (W^\top)^t h_0", "h_t = W^t h_0"),
    ((*INPUTS, "h_0 = 0", "h_t = W h_{t-1} + x_t"),
     r"h_T = \sum_{s=1}^{T} W^{T-s} x_s", r"h_T = \sum_{s=1}^{T} W^{s} x_s"),
    ((*SCALAR, "v_0 = 1", r"v_t = \beta v_{t-1}"), r"v_t = \beta^t", r"v_t = \beta^{t-1}"),
    ((*SCALAR, "v_0 = 0", r"v_t = v_{t-1} + t"), r"v_t = \frac{t(t+1)}{2}", r"v_t = \frac{t(t-1)}{2}"),
    ((*SCALAR, r"g \in \mathbb{R}", "v_0 = 0", r"v_t = \beta v_{t-1} + (1 - \beta) g"),
     r"v_t = (1 - \beta^t) g", r"v_t = (1 - \beta)^t g"),
    ((*FACTORS, r"v_t = f_t v_{t-1}"), r"v_T = v_0 \prod_{t=1}^T f_t", r"v_T = v_0 \sum_{t=1}^T f_t"),
    (EIGEN, r"W^t v = \lambda^t v", r"W^t v = t \lambda v"),
    (EIGEN, r"v^\top (W^\top)^t = \lambda^t v^\top", r"v^\top W^t = \lambda^t v^\top"),
    (EIGEN, r"((W^\top)^t)^\top v = \lambda W^{t-1} v", r"(W^t)^\top v = \lambda W^{t-1} v"),
    ((*SCALAR, "v_0 = 1", r"v_t = \beta v_{t-1}"), r"-(-v_t) - \beta^t = 0", r"v_t + \beta^t = 0"),
    ((*SCALAR, "v_0 = 1", r"v_t = \beta v_{t-1}"), r"-(-2 v_t) = 2 \beta^t", r"-2 v_t = 2 \beta^t"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "right", "wrong"), RIGHT_AND_WRONG)
def test_proves_the_right_closed_form_alone(given: tuple[str, ...], right: str, wrong: str) -> None:
    line = verify_claim(right, given).lines[0].verdict
    assert (line.word, line.evidence["method"]) == ("proved", "induction")
    assert verify_claim(wrong, given).verdict == "refuted"


@pytest.mark.parametrize(("given", "right", "wrong"), RIGHT_AND_WRONG)
def test_the_rung_by_itself_never_proves_a_wrong_one(given: tuple[str, ...], right: str, wrong: str) -> None:
    """Without a search before it."""
    scope, _ = read_givens(given)
    for text, proved in ((right, True), (wrong, False)):
        claim = read_statement(text, scope).links[0].claim
        assert claim is not None
        assert (induction.rung(claim, scope.model, Work()) is not None) is proved, text


def test_a_base_that_fails_is_no_induction() -> None:
    """`v_t = \\beta^t` steps rightly from any start; it is the start that is wrong here."""
    scope, _ = read_givens((*SCALAR, "v_0 = 2", r"v_t = \beta v_{t-1}"))
    claim = read_statement(r"v_t = \beta^t", scope).links[0].claim
    assert claim is not None and induction.rung(claim, scope.model, Work()) is None


@pytest.mark.parametrize(
    ("slope", "offset", "relation", "expected"),
    [(1, 0, ">=", True), (1, -2, ">=", None), (-1, 0, ">", False), (0, 0, "=", True), (1, 0, "=", False),
     (1, -3, "=", None), (2, -1, ">", True), (-1, 1, "<=", True), (0, 1, "!=", True)],
)  # fmt: skip
def test_conditions_along_the_way(slope: int, offset: int, relation: str, expected: bool | None) -> None:
    """slope u + offset (relation) 0 for all u >= 1."""
    u = fresh("u")
    left = add(number(offset), *[Var(u)] * slope) if slope >= 0 else number(offset)
    right = Var(u) if slope < 0 else number(0)
    assert induction.always(Compare(relation, left, right), u) is expected
