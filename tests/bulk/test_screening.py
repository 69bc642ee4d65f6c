"""What the floats flag is certified; what is right is never refuted; ascent finds what draws miss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derivcheck.bulk.assistant import Assistant
from derivcheck.bulk.machine import Machine
from derivcheck.bulk.montecarlo import estimates
from derivcheck.bulk.opinion import opinion
from derivcheck.bulk.screening import ascend, screen, tightness
from derivcheck.bulk.spots import spot_test
from derivcheck.checking.answers import answer_checker
from derivcheck.checking.batch import verify_lines
from derivcheck.checking.verifying import verify_claim
from derivcheck.deciding.verdict import Verdict
from derivcheck.problems.commands import run_tests
from tests.bulk.making import SQUARE, VECTORS, item

CASES = Path(__file__).parents[3] / "shared" / "cases" / "identities-open.jsonl"


@pytest.fixture(scope="module")
def machine() -> Machine:
    pytest.importorskip("jax")
    return Machine.on("cpu")


TRACES = r"\operatorname{tr}(A B) = \operatorname{tr}(B A)"
RIGHT = (TRACES, r"\det(A^\top) = \det(A)", r"\|A B\|_F \le \|A\|_F \|B\|_F")
WRONG = (r"A B = B A", r"\det(2 A) = 2 \det(A)", r"\|A B\|_F \le \frac{1}{4} \|A\|_F \|B\|_F")


def test_a_screen_refutes_what_is_wrong_and_nothing_else():
    found = screen([item(claim, SQUARE) for claim in (*RIGHT, *WRONG)], Machine())
    assert [f.verdict is not None for f in found] == [False] * 3 + [True] * 3
    for f in found[3:]:
        assert f.verdict is not None and f.verdict.word == "refuted" and f.verdict.counterexample is not None


LAW = r"q \sim \mathcal{N}(\mu, \sigma^2)"
UNTESTABLE = (
    (r"x \approx x + x^3", r"x \in \mathbb{R}"),
    (r"q = \mu + \sigma z", r"\mu \in \mathbb{R}", r"\sigma > 0", LAW, r"z \sim \mathcal{N}(0, 1)"),
    (r"q \le \mu + \sigma z", r"\mu \in \mathbb{R}", r"\sigma > 0", LAW, r"z \sim \mathcal{N}(0, 1)"),
)


@pytest.mark.parametrize("lines", UNTESTABLE, ids=[c[0] for c in UNTESTABLE])
def test_what_values_say_nothing_about_is_not_refuted(lines):
    """An approximation without a limit, names with laws but no joint law: with every help, and without."""
    claim, *given = lines
    assert verify_claim(claim, given).verdict == "undecided"
    assert verify_claim(claim, given, assistant=Assistant(Machine())).verdict == "undecided"


def test_a_batch_is_screened_together_and_says_the_same(monkeypatch):
    from derivcheck.bulk import assistant as module

    calls = []
    screened = module.screen
    monkeypatch.setattr(module, "screen", lambda items, *rest: calls.append(len(items)) or screened(items, *rest))
    rows = [{"id": str(k), "claim": claim, "given": [SQUARE]} for k, claim in enumerate((*RIGHT, *WRONG))]
    lines = [*map(json.dumps, rows), "no claim"]
    alone = [out for out, _ in verify_lines(lines, layout=None, seed=7)]
    helper = Assistant(Machine())
    together = [out for out, _ in verify_lines(lines, layout=None, seed=7, assistant=helper)]
    assert [out["verdict"] for out in together] == [out["verdict"] for out in alone]
    assert calls[0] == len(rows) and helper.refuted >= 3


def test_progress_is_told_and_a_claim_does_not_depend_on_the_others():
    items = [item(claim, SQUARE) for claim in (*RIGHT, *WRONG)] * 50
    told = []
    together = screen(items, Machine(), 16, progress=lambda done, total: told.append((done, total)))
    assert told == [(200, 300), (300, 300)]
    assert [f.worst for f in together[:6]] == [screen([one], Machine(), 16)[0].worst for one in items[:6]]


def test_auto_climbs_where_the_provers_could_not_tell():
    bound = r"\operatorname{tr}(A)^2 \le 0.95 \cdot 4 \|A\|_F^2"
    given = [r"A \in \mathbb{R}^{4 \times 4}"]
    assert verify_claim(bound, given, seed=7).verdict == "holds"
    helper = Assistant.on("auto", 0, 7)
    assert verify_claim(bound, given, seed=7, assistant=helper).verdict == "refuted"
    assert helper is not None and helper.refuted == 1 and helper.machine.device is None


@pytest.mark.long
def test_the_open_identities():
    if not CASES.exists():
        pytest.skip("the shared cases are not here")
    items, truths = [], []
    for row in map(json.loads, CASES.read_text(encoding="utf-8").splitlines()):
        try:
            items.append(item(row["claim"], *row["given"]))
        except AssertionError:
            continue  # shapes that do not fit
        truths.append(row["expect"] == "true")
    found = screen(items, Machine())
    assert [f.verdict is not None for f in found] == [not truth for truth in truths]


FALSE_BOUNDS = (
    (r"\operatorname{tr}(A B) \le 0.95 \|A\|_F \|B\|_F", SQUARE),
    (r"\operatorname{tr}(A)^2 \le 0.95 n \|A\|_F^2", SQUARE),
)


def test_ascent_finds_what_draws_miss(machine):
    items = [item(*bound) for bound in FALSE_BOUNDS]
    assert all(f.verdict is None for f in screen(items, Machine(), 1000))
    climbed = ascend(items, machine)
    assert all(f.verdict is not None and f.verdict.word == "refuted" for f in climbed)


def test_ascent_refutes_no_bound_that_is_right(machine):
    right = [item(r"|x^\top y| \le \|x\| \|y\|", VECTORS), item(r"\operatorname{tr}(A B) \le \|A\|_F \|B\|_F", SQUARE)]
    assert all(f.verdict is None for f in ascend(right, machine))


def test_how_tight_a_bound_is(machine):
    assert tightness(item(r"|x^\top y| \le 2 \|x\| \|y\|", VECTORS), machine) == pytest.approx(0.5, abs=1e-3)


def test_spot_tests_at_large_dimensions():
    spot = spot_test(item(TRACES, SQUARE), Machine(), 32)
    assert spot.points == 32 and spot.dimensions["n"] >= 32 and not spot.disagrees
    wrong = item(r"\operatorname{tr}(A B) = \operatorname{tr}(A) \operatorname{tr}(B)", SQUARE)
    assert spot_test(wrong, Machine(), 32).disagrees


LARGE = (
    (r"(A B)^{-1} = B^{-1} A^{-1}", r"(A B)^{-1} = A^{-1} B^{-1}", 20),
    (r"\det(A^{-1}) = \frac{1}{\det A}", r"\det(A^{-1}) = \frac{2}{\det A}", 64),
    (r"\|A\|_2 \le \|A\|_F", r"\|A\|_2 \le \frac{1}{9} \|A\|_F", 24),
)


@pytest.mark.parametrize("row", LARGE, ids=[row[0] for row in LARGE])
def test_spot_tests_of_inverses_determinants_and_norms_reach_tens(row):
    right, wrong, least = row
    given = (SQUARE, r"\det A \ne 0", r"\det B \ne 0")
    spot = spot_test(item(right, *given), Machine(), 16)
    assert spot.points and spot.dimensions["n"] >= least and not spot.disagrees
    assert spot_test(item(wrong, *given), Machine(), 16).disagrees


def test_tiny_sides_are_compared_by_their_own_size():
    """Both sides are far below the precision of 1; which is 0 by cancellation says nothing."""
    assert spot_test(item(r"10^{-30} x = 2 \cdot 10^{-30} x", r"x > 0"), Machine(), 16).points == 0
    assert spot_test(item(r"10^{-7} x = 2 \cdot 10^{-7} x", r"x > 0"), Machine(), 16).disagrees
    assert not spot_test(item(r"10^{-30} x + 10^{-30} x = 2 \cdot 10^{-30} x", r"x > 0"), Machine(), 16).disagrees


GAUSSIAN = r"z \sim \mathcal{N}(0, 1)"


def test_monte_carlo_tells_and_never_decides():
    (right,) = estimates(item(r"\mathbb{E}[\cos(z)] = e^{-1/2}", GAUSSIAN), Machine())
    (wrong,) = estimates(item(r"\mathbb{E}[\cos(z)] = e^{-1}", GAUSSIAN), Machine())
    assert right.overlap and not wrong.overlap
    given = [r"x \in \mathbb{R}^n", r"x \sim \mathcal{N}(0, I_n)"]
    result = verify_claim(r"\mathbb{E}[\|\tanh(x)\|] = 9", given, assistant=Assistant(Machine()))
    assert result.verdict == "undecided"
    assert result.lines[0].verdict.evidence["monte_carlo"][0]["overlap"] is False


DERIVATIVES = (
    (r"\frac{\partial}{\partial x} \log \sum_i e^{x_i} = \operatorname{softmax}(x)", "agrees", VECTORS),
    (r"\frac{\partial}{\partial x} \log \sum_i e^{x_i} = e^{x}", "differs", VECTORS),
    (r"\frac{\partial}{\partial A} \operatorname{tr}(A^\top A) = 2 A", "agrees", SQUARE),
    (r"\frac{\partial}{\partial A} \operatorname{tr}(A^2) = 2 A", "differs", SQUARE),
    (r"\frac{\partial s}{\partial x} = 1 - s^2", "agrees", r"x \in \mathbb{R}", r"s = \tanh(x)"),
    (r"\frac{\partial L}{\partial h} = 2 h", "agrees", VECTORS, r"h = \tanh(x)", r"L = \|h\|^2"),
    (r"\frac{\partial L}{\partial x} = 2 h", "differs", VECTORS, r"h = \tanh(x)", r"L = \|h\|^2"),
)


@pytest.mark.parametrize("row", DERIVATIVES, ids=[r[0] for r in DERIVATIVES])
def test_the_second_opinion_on_derivatives(row, machine):
    claim, word, *given = row
    assert opinion(item(claim, *given), machine).word == word


RECURRENT = (
    r"T \in \mathbb{N}", r"T \ge 3", r"W \in \mathbb{R}^{d \times d}",
    r"x_t \in \mathbb{R}^{d} \text{ for } t = 1, \dots, T",
    r"h_t \in \mathbb{R}^{d} \text{ for } t = 0, \dots, T", r"h_t = \tanh(W h_{t-1} + x_t)",
)  # fmt: skip


def test_derivatives_through_a_recurrence(machine):
    step = r"\frac{\partial h_3}{\partial h_2} = \operatorname{diag}(1 - h_3^2) W"
    assert opinion(item(step, *RECURRENT), machine).word == "agrees"
    assert opinion(item(step.replace("h_2}", "h_1}"), *RECURRENT), machine).word == "differs"


def test_a_disagreement_goes_to_a_person(monkeypatch):
    from derivcheck.bulk import assistant as module
    from derivcheck.bulk.spots import Spot

    monkeypatch.setattr(module, "spot_test", lambda *a, **k: Spot(64, {"n": 64}, 0.5, True))
    one = item(RIGHT[0], SQUARE)
    verdict = Assistant(Machine(), 64).after(one.claim, one.model, Verdict("proved", {"method": "normal form"}))
    assert verdict.word == "undecided" and verdict.code == "numeric-disagreement"
    assert "n = 64" in verdict.evidence["reason"]


PROBLEM = r"""title: gradient of a quadratic form
given: |
  A \in \mathbb{R}^{n \times n}
  x \in \mathbb{R}^{n}
ask: What is $\nabla_x x^\top A x$?
find: \nabla_x x^\top A x
answer: (A + A^\top) x
correct:
  - A x + A^\top x
wrong:
  - 2 A x
"""


def test_references_are_differentiated_by_jax(machine, tmp_path):
    file = tmp_path / "quadratic.yaml"
    file.write_text(PROBLEM, encoding="utf-8")
    tested = run_tests(str(file), opinion=Assistant(machine).opinion)
    assert tested.trust.differentiated == 1 and not tested.findings
    doubted = run_tests(str(file), opinion=lambda claim, model: "differs")
    assert [(f.code, f.severity) for f in doubted.findings] == [("reference-differs", "warning")]


def test_accepted_derivatives_are_differentiated_by_jax(machine, tmp_path):
    """Where the givens decide; else they are compared with a reference that is."""
    file = tmp_path / "quadratic.yaml"
    file.write_text(PROBLEM.replace("answer: (A + A^\\top) x\n", "in: A, x\n"), encoding="utf-8")
    asked = []

    class Asked(Assistant):
        def after(self, claim, model, verdict):
            said = super().after(claim, model, verdict)
            asked.append(said.evidence.get("autodiff", {}).get("word"))
            return said

    tested = run_tests(str(file), checker=answer_checker(7, Asked(machine)))
    assert not tested.findings and "agrees" in asked and "differs" not in asked
