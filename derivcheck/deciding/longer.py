"""The last look at what was tested and not proved: more worlds, within a counted share of the work. Where a claim
fails on few values only (a branch seldom taken), the first worlds may have missed them."""

from __future__ import annotations

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.search import TIED, Bench, Failure, refuted, test, touched, unrelated_randomness
from derivcheck.deciding.touching import TOUCHED
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.errors import NoWorld

_WORLDS = 24
_POINTS = 8  # judged in each
_SHARE = 32  # of the nodes that a decision may evaluate
_OTHER = 1_000_003  # seeds of the first search plus this: other worlds


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """refuted with a counterexample, undecided where the sides differ at single points alone, or None."""
    if claim.relation not in ("=", *ORDERS) or unrelated_randomness(claim, model):
        return None
    budget = replace(work.budget, worlds=_WORLDS, nodes=work.budget.nodes // _SHARE)
    bench = Bench(claim, model, Work(work.seed + _OTHER, budget))
    try:
        found = test(bench, (_POINTS, _POINTS), special=True)
    except (NoWorld, OutOfWork):
        return None
    if isinstance(found, Failure):
        return refuted(bench, found)
    if found.touching:
        return touched(bench, found) or TOUCHED
    return TIED if found.ties else None
