"""The first look at an equality whose sides have a value everywhere: two worlds, then a tenth of the normal form's
work. Most right lines end here; where it does not settle the claim, the whole search follows."""

from __future__ import annotations

from derivcheck.deciding import normal
from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.search import Bench, Failure, refuted, test, unrelated_randomness
from derivcheck.deciding.total import is_total
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.errors import NoWorld

_WORLDS = 2
_POINTS = 6  # judged in each


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """refuted with a counterexample, proved by the normal form, or None."""
    if not _fits(claim, model):
        return None
    budget = replace(work.budget, worlds=_WORLDS, rewrites=work.budget.rewrites // 10)
    bench = Bench(claim, model, Work(work.seed, budget))
    try:
        found = test(bench, (_POINTS, _POINTS))
    except (NoWorld, OutOfWork):
        return None
    if isinstance(found, Failure):
        return refuted(bench, found)
    if found.worlds < _WORLDS or found.loose or found.ties or found.undefined or found.unsupported:
        return None
    return normal.rung(claim, model, Work(work.seed, budget))


def _fits(claim: Claim, model: Model) -> bool:
    """Whether nothing would be left to say by a longer search: no side can be undefined, no condition goes unmet."""
    if claim.relation != "=" or claim.given or any(a.given for a in model.assumptions):
        return False
    total = all(is_total(side.body, model, claim.parameters) for side in (claim.left, claim.right))
    return total and not unrelated_randomness(claim, model)
