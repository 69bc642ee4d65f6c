"""The caret stands under what is to blame, the code names the slip, and no word of it gives the mended line away."""

from __future__ import annotations

import itertools

import pytest

from derivcheck.checking.blame.slips import SLIPS
from derivcheck.checking.blame.trials import Trials
from derivcheck.checking.explaining import HELP, MESSAGES
from derivcheck.checking.results import ClaimResult
from derivcheck.checking.verifying import verify_claim
from derivcheck.codes import CODES
from derivcheck.findings import Finding
from derivcheck.terms.model import Claim, Model
from tests.checking.blame_cases import CASES, Case

LABELS = {slip.label for slip in SLIPS.values()} | {"", "the rest agrees with the line before"}
LABELS |= {"where this vanishes, the two sides agree"}
HELPS = {slip.help for slip in SLIPS.values()} | set(HELP.values())


def error_of(result: ClaimResult) -> Finding:
    return next(f for f in result.findings if f.severity == "error")


def marked(result: ClaimResult, finding: Finding) -> str:
    return result.sources[finding.line - 1][finding.column - 1 : finding.end_column - 1]


def refuted(claim: str, *given: str) -> tuple[Finding, str]:
    result = verify_claim(claim, given)
    assert result.verdict == "refuted"
    finding = error_of(result)
    return finding, marked(result, finding)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim[:60])
def test_the_slip_is_named_where_it_stands(case: Case) -> None:
    result = verify_claim(case.claim, case.given)
    assert result.verdict == "refuted"
    finding = error_of(result)
    assert (finding.code, marked(result, finding)) == (case.code, case.blamed)
    assert finding.code in CODES
    # nothing but fixed texts: no number, name or order of the mended line can be in them
    assert finding.label in LABELS and finding.help in HELPS and finding.message in MESSAGES.values()
    said = " ".join(note for note in finding.notes if note.startswith("note: "))
    assert len(case.mended) < 3 or case.mended not in said


def test_every_slip_has_a_code_with_a_long_text() -> None:
    assert {slip.code for slip in SLIPS.values() if slip.code} <= CODES.keys()


def test_what_no_slip_explains_is_narrowed_to_where_the_lines_differ() -> None:
    finding, blamed = refuted(r"\|u - v\|^2 = \|u\|^2 - \|v\|^2", r"u, v \in \mathbb{R}^{n}")
    assert (blamed, finding.label) == (r"\|v\|^2", "where this vanishes, the two sides agree")
    finding, blamed = refuted(r"\tanh(x + y) + x y = \tanh(x + y) + \tanh(y + e^{x y})", r"x, y \in \mathbb{R}")
    assert blamed == r"\tanh(y + e^{x y})"
    assert finding.code == "unequal-sides"


def test_where_the_two_agree_is_a_note() -> None:
    finding, _ = refuted(r"\|u + v\|^2 - \|u - v\|^2 = 4 n u^\top v", r"u, v \in \mathbb{R}^{n}")
    assert "note: the two agree when n = 1" in finding.notes
    finding, _ = refuted(r"\frac{d}{dx} \tan(x) = 1 + \tan(x)", r"x \in \mathbb{R}")
    assert "note: the two agree when x = 0" in finding.notes


def test_agreeing_only_because_both_are_nothing_is_no_note() -> None:
    finding, _ = refuted(r"\frac{d}{dx} x^2 = 3 x", r"x \in \mathbb{R}")
    assert not any("agree" in note for note in finding.notes)


def test_a_line_that_goes_on_is_measured_against_the_line_before() -> None:
    finding, blamed = refuted(
        r"\|u + v\|^2 = u^\top u + 2 u^\top v + v^\top v \\ = \|u\|^2 - 2 u^\top v + \|v\|^2",
        r"u, v \in \mathbb{R}^{n}",
    )
    assert (finding.line, blamed, finding.code) == (2, "-", "wrong-sign")
    assert any("line 1 = " in note and "this line = " in note for note in finding.notes)
    assert finding.related[0].line == 1


def test_members_of_a_family_are_shown_by_name() -> None:
    finding, _ = refuted(
        r"s_2 = \tanh(W s_0)",
        r"s_t \in \mathbb{R}^{n} \text{ for } t = 0, \dots, 3",
        r"W \in \mathbb{R}^{n \times n}",
        r"s_t = \tanh(W s_{t-1})",
    )
    assert any("s_0 = (" in note for note in finding.notes)


def test_a_link_inside_a_line_is_blamed_by_itself() -> None:
    finding, blamed = refuted(
        r"(u + v)^\top w = u^\top w + v^\top w = w^\top u - w^\top v", r"u, v, w \in \mathbb{R}^{n}"
    )
    assert (finding.code, blamed) == ("wrong-sign", "-")


def test_the_same_line_gets_the_same_blame() -> None:
    given = (r"A, B \in \mathbb{R}^{n \times n}",)
    first, second = (error_of(verify_claim(r"(A + B)^2 = A^2 + B^2", given)) for _ in range(2))
    assert first == second


def test_a_shape_keeps_the_place_that_the_reader_gave_it() -> None:
    finding, _ = refuted(r"u^\top v = u v^\top", r"u, v \in \mathbb{R}^{n}")
    assert finding.code == "shape-mismatch"


def test_bounds_are_only_blamed_where_the_mended_bound_is_proved() -> None:
    finding, blamed = refuted(r"\|A + B\|_F \le \|A\|_F", r"A, B \in \mathbb{R}^{n \times n}")
    assert (finding.code, finding.label, blamed) == ("false-inequality", "", r"\|A\|_F")


def test_all_edits_of_a_line_are_paid_from_one_purse(monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[dict[str, int]] = []
    settled = Trials.settled

    def noted(trials: Trials, claim: Claim, model: Model) -> bool:
        found = settled(trials, claim, model)
        spent.append({**trials.settling.spent, **trials.proving.spent})
        return found

    monkeypatch.setattr(Trials, "settled", noted)
    given = [r"A \in \mathbb{R}^{n \times n}", r"x, y \in \mathbb{R}^n", r"L > 0", r"0 \preceq A \preceq L I"]
    verify_claim(r"\|A x - A y\| \le \frac{L}{2} \|x - y\|", given)
    assert spent
    assert all(a.get("rewrites", 0) <= b.get("rewrites", 0) <= 260 for a, b in itertools.pairwise(spent))
    assert all(a["nodes"] < b["nodes"] for a, b in itertools.pairwise(spent))


def test_a_relation_is_not_blamed_where_the_other_way_round_is_wrong_too() -> None:
    """It holds at most random points; only moved ones tell."""
    claim = r"\sum_i p_i \log\frac{p_i}{q_i} \ge 2 \|p-q\|_1^2"
    (found,) = verify_claim(claim, [r"p, q \in \Delta^n"], seed=7).findings
    assert found.code == "false-inequality"
