"""Proofs: named claims in any order, contradiction, circularity."""

from __future__ import annotations

import pytest

from derivcheck.checking.answers import answer_checker
from derivcheck.checking.verifying import verify_claim
from derivcheck.language.givens.table import read_givens
from derivcheck.problems.bank import Bank

CHECK = answer_checker(7)


def judged(id: str, answer: str):
    part, _ = Bank.of().find(id)
    assert part is not None
    return CHECK(answer, part)


def test_claims_may_stand_in_any_order():
    lines = [
        r"s^i + \sum_{k=1}^m \log p_k \le \text{best}_{\le t}",
        r"s^i \le \text{best}_{\le t}",
        r"\sum_{k=1}^m \log p_k \le 0",
    ]
    assert judged("beam/stopping", "\n".join(lines)).verdict == "correct"


def test_what_is_to_be_shown_may_not_be_assumed():
    answer = r"Assume $s^i + \sum_{k=1}^m \log p_k \le \text{best}_{\le t}$. So $s^1 \le \text{best}_{\le t}$."
    result = judged("beam/stopping", answer)
    assert result.verdict == "wrong" and result.findings[0].code == "circular"


GOAL = r"s^i + \sum_{k=1}^m \log p_k \le \text{best}_{\le t}"
PARTS_OF_IT = r"$\sum_{k=1}^m \log p_k \le 0$ and $s^i \le s^1 \le \text{best}_{\le t}$"


@pytest.mark.parametrize(
    "answer",
    [
        rf"Since ${GOAL}$, no later one is better. Also {PARTS_OF_IT}. Therefore ${GOAL}$.",
        rf"{PARTS_OF_IT}, because ${GOAL}$.",
        rf"${GOAL}$. Using ${GOAL}$ we have {PARTS_OF_IT}.",
    ],
)
def test_what_is_to_be_shown_is_no_reason(answer: str):
    result = judged("beam/stopping", answer)
    assert result.verdict == "wrong" and result.findings[0].code == "circular"


@pytest.mark.parametrize(
    "answer",
    [
        rf"We have {PARTS_OF_IT}, so ${GOAL}$. Since ${GOAL}$, searching on is of no use.",
        rf"{PARTS_OF_IT}. This suffices, since $s^i + \sum_{{k=1}}^m \log p_k \le s^i \le \text{{best}}_{{\le t}}$.",
    ],
)
def test_what_is_shown_may_be_used(answer: str):
    assert judged("beam/stopping", answer).verdict == "correct"


def test_a_chain_that_rests_on_its_end_says_so():
    answer = (
        r"Since $\sigma(-x) = 1 - \sigma(x)$, we look at $1 - \sigma(x) = \frac{1 + e^{-x} - 1}{1 + e^{-x}} = "
        r"\frac{1}{1 + e^x} = \sigma(-x)$."
    )
    result = judged("gru/sigmoid-identity", answer)
    assert result.verdict == "correct" and "what is to be shown stands among the reasons" in result.notes


def test_four_cases_without_a_contradiction_go_to_a_person():
    result = judged("threshold/xor", r"$b < 0$, $w_1 + b \ge 0$, $w_2 + b \ge 0$, $w_1 + w_2 + b < 0$.")
    assert result.verdict == "review" and result.earned == 0.5


@pytest.mark.parametrize(
    "answer",
    [
        r"Let $b < 0$, $w_1 + b \ge 0$, $w_2 + b \ge 0$, $w_1 + w_2 + b < 0$. The last less the third gives "
        r"$w_1 < 0$, the second $w_1 \ge -b > 0$.",
        r"XOR(0,0)=0 needs $b<0$; XOR(1,0)=1 needs $w_1 \ge -b$; XOR(0,1)=1 needs $w_2 \ge -b$; XOR(1,1)=0 needs "
        r"$w_1 + w_2 < -b$. But $w_1 + w_2 \ge -2b > -b$.",
        r"So we need $b < 0$. Also $w_1 + b \ge 0$, $w_2 + b \ge 0$, $w_1 + w_2 + b < 0$, so $w_1 + w_2 \ge -2b > -b$.",
    ],
)
def test_a_contradiction_by_another_way(answer: str):
    assert judged("threshold/xor", answer).verdict == "correct"


@pytest.mark.parametrize(
    "answer",
    [
        r"As $\log p_k \le 0$, $s^i + \sum_{k=1}^m \log p_k \le s^i \le s^1 \le \text{best}_{\le t}$.",
        r"$\text{best}_{\le t} \ge s^1 \ge s^i \ge s^i + \sum_{k=1}^m \log p_k$, since each $\log p_k \le 0$.",
    ],
)
def test_a_claim_may_stand_inside_a_longer_one(answer: str):
    assert judged("beam/stopping", answer).verdict == "correct"


def test_a_line_that_follows_from_no_supposition_is_wrong():
    result = judged("threshold/xor", r"$b < 0$, $w_1 + b \ge 0$, so $w_1 + b \ge 1$.")
    assert result.verdict == "wrong"


GIVEN = [
    r"W \in \mathbb{R}^{n \times n}", r"h_t \in \mathbb{R}^n \text{ for } t = 0, \dots, T", r"h_t = W^\top h_{t-1}",
]  # fmt: skip


@pytest.mark.parametrize("more", ([], [r"t \in \mathbb{N}"]))
@pytest.mark.parametrize("claim, good", [(r"h_t = (W^\top)^t h_0", True), (r"h_t = W^t h_0", False)])
def test_a_power_by_a_step_is_no_transpose(more, claim, good):
    word = verify_claim(claim, [*more, *GIVEN]).verdict
    assert (word in ("proved", "holds")) if good else word == "refuted"


def test_a_family_with_its_index_above():
    scope, said = read_givens([r"s^i \in \mathbb{R} \text{ for } i = 1, \dots, b", r"s^i \le s^1"])
    assert not said and "s^{}" in scope.model.declarations
    assert verify_claim(r"s^i \le s^1", [r"s^i \in \mathbb{R} \text{ for } i = 1, \dots, b"]).verdict == "refuted"
