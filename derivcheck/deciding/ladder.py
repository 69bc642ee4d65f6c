"""The decision ladder: the rungs, cheapest first; each answers or passes on.

    shapes → exhaustion → glance → search for a counterexample → normal form → value by value → induction
    → fingerprint → order → short directed search → computer algebra → asymptotic → proportional
    → directed and longer search → holds | undecided

A refutation always comes from a certified counterexample and a proof from a proving rung; what is
left was tested (`holds`, with what was tested) or could not be (`undecided`, with the reason)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model

_SEARCHING = frozenset(
    {"exhaustion", "glance", "search", "aid", "short directed search", "directed search", "longer search"}
)
_WITH_WORLDS = frozenset({"short directed search", "longer search"})
"""Rungs that need values which meet the givens, and are left out where the first search found none."""
_CONTRADICTION = Verdict(
    "undecided", {"method": "order", "reason": "the givens contradict each other"}, code="contradictory-givens"
)
_NO_VALUES = "no values were found that meet the givens"
Rung = Callable[[Claim, Model, Work], Verdict | None]


def decide(
    claim: Claim, model: Model, *, seed: int = 0, budget: Budget | None = None, aid: Rung | None = None
) -> Verdict:
    """The verdict on one claim under the givens of `model`. `aid`: a rung of the caller's before the last, long search
    (gradient ascent in bulk)."""
    budget = budget or Budget()
    reasons: list[str] = []
    code = ""
    tested: Verdict | None = None
    settled = _unconditional(model, claim)
    empty = False
    for name, rung in _rungs(aid):
        if name == "longer search" and tested is not None and "prime" in tested.evidence:
            continue  # residues have bounded the chance already
        if name in _WITH_WORLDS and empty:
            continue
        try:
            verdict = rung(claim, model if name in _SEARCHING else settled, Work(seed, budget))
        except OutOfWork as stop:
            reasons.append(f"{name}: budget of {stop} used up")
            continue
        except RecursionError:
            reasons.append(f"{name}: the formula is nested too deeply")
            continue
        if verdict is None:
            continue
        if verdict.word in ("proved", "refuted"):
            final = _with_tested(verdict, tested)
            unmet = empty and verdict.word == "proved"  # a counterexample is such values
            return replace(final, notes=(*final.notes, _NO_VALUES)) if unmet else final
        if verdict.word == "holds":
            tested = verdict if tested is None else _both(tested, verdict)
        elif reason := verdict.evidence.get("reason"):
            reasons.append(str(reason))
            if name == "longer search":  # the sides were seen to differ after all
                tested = None
            if verdict.evidence.get("no values") and not empty:
                if _about_nothing(claim, settled):
                    return _CONTRADICTION
                empty = True
            if verdict.evidence.get("final"):
                code = verdict.code
                break
    if tested is not None:
        return tested
    reason = "; ".join(reasons) or "no rung could decide it"
    return Verdict("undecided", {"method": "none", "reason": reason}, code=code)


def _about_nothing(claim: Claim, model: Model) -> bool:
    """Whether the givens, for which no values were found, contradict each other."""
    from derivcheck.deciding.order import givens_contradict

    return bool(givens_contradict(model.assume(*claim.given)))


def _unconditional(model: Model, claim: Claim) -> Model:
    """The model as the proving rungs see it: an assumption that is made under conditions (`L_{ij} = 0` for i < j) is
    none where nothing says that they hold."""
    if not any(a.given for a in model.assumptions):
        return model
    kept = (a for a in model.assumptions if set(a.given) <= set(claim.given))
    return replace(model, assumptions=tuple(replace(a, given=()) for a in kept))


def _both(tested: Verdict, bounded: Verdict) -> Verdict:
    """What was tested at points, with the bound that residues give."""
    return replace(tested, evidence={**tested.evidence, **bounded.evidence})


def _with_tested(verdict: Verdict, tested: Verdict | None) -> Verdict:
    """A proof keeps what the search saw: where a side is undefined."""
    if verdict.word == "proved" and tested is not None and "except" in tested.evidence:
        evidence = {"except": tested.evidence["except"], **verdict.evidence}
        return replace(verdict, evidence=evidence, notes=(*verdict.notes, *tested.notes))
    return verdict


RUNGS = (
    ("shapes", "shapes"), ("exhaustion", "exhaustion"), ("glance", "glance"), ("search", "search"),
    ("normal form", "normal"), ("value by value", "by_values"), ("induction", "induction"),
    ("fingerprint", "fingerprint"), ("order", "order"), ("short directed search", "directed.quick"),
    ("computer algebra", "computer_algebra"), ("asymptotic", "asymptotic"), ("proportional", "proportional"),
    ("directed search", "directed"), ("longer search", "longer"),
)  # fmt: skip
"""Each with its module, and the name of its function where it is not `rung`."""


def _rungs(aid: Rung | None = None) -> Iterator[tuple[str, Rung]]:
    """Each is imported when it is reached; its own heavy imports come later still."""
    for name, module in RUNGS:
        if aid is not None and name == "directed search":
            yield "aid", aid
        where, _, function = module.partition(".")
        yield name, getattr(import_module(f"derivcheck.deciding.{where}"), function or "rung")
