"""Claims about finitely many values are proved by looking at every case."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

BITS = (r"x, y \in \{0, 1\}",)
XOR = r"\mathbb{1}\{h_1 - h_2 - \frac12 > 0\}"
NEURONS = (*BITS, r"h_1 = \mathbb{1}\{x + y - \frac12 > 0\}", r"h_2 = \mathbb{1}\{x + y - \frac32 > 0\}")


@pytest.mark.parametrize(
    ("given", "right", "wrong"),
    [
        (NEURONS, rf"{XOR} = x + y - 2xy", rf"{XOR} = x + y - xy"),
        (BITS, r"x^3 + y^5 - x^2 y^4 = \max(x, y)", r"x^3 + y^5 = \max(x, y)"),
        ((*BITS, "x + y = 1"), r"(1+x)(2-y) = 4x + y", r"(1+x)(2-y) = 3x + y"),
        ((r"s \in \{-1, 1\}",), r"|s| = s^2", r"|s| = s"),
    ],
)  # fmt: skip
def test_every_case_is_looked_at(given: tuple[str, ...], right: str, wrong: str) -> None:
    assert verify_claim(right, given).verdict == "proved"
    assert verify_claim(wrong, given).verdict == "refuted"


def test_the_evidence_says_how_many_cases() -> None:
    line = verify_claim(rf"{XOR} = x + y - 2xy", NEURONS).lines[0].verdict
    assert line.evidence == {"method": "exhaustion", "cases": 4}


def test_a_real_name_beside_the_finite_ones_is_no_finite_claim() -> None:
    line = verify_claim(rf"{XOR} + r = x + y - 2xy + r", (*NEURONS, r"r \in \mathbb{R}"))
    assert line.lines[0].verdict.evidence.get("method") != "exhaustion"


def test_a_case_that_cannot_be_told_to_be_one_leaves_the_claim_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not known whether the givens hold in a case, the other cases prove nothing."""
    from derivcheck.worlds.sampling import Givens

    monkeypatch.setattr(Givens, "meets", lambda self, world: None)
    line = verify_claim(rf"{XOR} = x + y - 2xy", NEURONS).lines[0].verdict
    assert line.evidence.get("method") != "exhaustion"
