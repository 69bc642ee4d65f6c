"""What bulk work adds to the decisions of a run (`--device`, `--spot-tests`): claims screened before the ladder, ascent
where it could not tell, JAX's opinion on derivatives, spot tests at realistic dimensions, Monte Carlo. A refutation is
always a certified counterexample; a disagreement that cannot be certified leaves the line to a person."""

from __future__ import annotations

from typing import Any

from derivcheck.bulk.machine import Machine
from derivcheck.bulk.montecarlo import estimates, has_expectation
from derivcheck.bulk.opinion import has_derivative, opinion
from derivcheck.bulk.screening import SCREENED, Item, ascend, screen, tightness
from derivcheck.bulk.spots import spot_test
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim, Model

_SCREENING = 256  # points of a claim before the ladder
DISAGREES = "numeric-disagreement"


@dataclass(slots=True)
class Assistant:
    """`points`: of each spot test (0: none). `refuted`, `doubted`: how often it changed a verdict."""

    machine: Machine
    points: int = 0
    seed: int = 0
    refuted: int = 0
    doubted: int = 0

    @staticmethod
    def on(device: str | None, points: int, seed: int) -> Assistant | None:
        """None where nothing was asked for. Raises NoDevice."""
        return Assistant(Machine.on(device or "auto"), points, seed) if device or points else None

    def before(self, claim: Claim, model: Model) -> Verdict | None:
        """A certified refutation of a claim that the screen flagged; None: the ladder decides."""
        if claim.relation not in SCREENED:
            return None
        found = screen([Item(claim, model)], self.machine, _SCREENING, self.seed)[0].verdict
        self.refuted += found is not None
        return found

    def after(self, claim: Claim, model: Model, verdict: Verdict) -> Verdict:
        """The ladder's verdict with the evidence added, or what the numbers made of it."""
        item = Item(claim, model)
        if verdict.word in ("holds", "undecided") and claim.relation in ORDERS and not verdict.evidence.get("final"):
            found = ascend([item], self.machine, seed=self.seed)[0].verdict
            if found is not None:
                self.refuted += 1
                return found
        if verdict.word not in ("proved", "holds", "undecided"):
            return verdict
        added: dict[str, Any] = {}
        doubts: list[str] = []
        if verdict.word != "undecided" and has_derivative(item):
            self._autodiff(item, added, doubts)
        if self.points and verdict.word != "undecided":
            self._spots(item, added, doubts)
        if verdict.word != "proved" and has_expectation(item):
            found = estimates(item, self.machine, self.seed)
            if found:
                added["monte_carlo"] = [e.evidence() for e in found]
        return self._joined(verdict, added, doubts)

    def _autodiff(self, item: Item, added: dict[str, Any], doubts: list[str]) -> None:
        said = opinion(item, self.machine, seed=self.seed)
        if said.word != "none":
            added["autodiff"] = {"word": said.word, "points": said.points}
        if said.word == "differs":
            doubts.append("derivatives computed by JAX disagree")

    def _spots(self, item: Item, added: dict[str, Any], doubts: list[str]) -> None:
        spot = spot_test(item, self.machine, self.points, self.seed)
        added["spot_tests"] = spot.evidence(self.machine.name)
        if spot.disagrees:
            where = ", ".join(f"{n} = {v}" for n, v in spot.dimensions.items())
            doubts.append(f"spot tests disagree{' at ' + where if where else ''}")
        if item.claim.relation in ORDERS and (share := tightness(item, self.machine, seed=self.seed)) is not None:
            added["spot_tests"]["tightness"] = float(f"{share:.4g}")

    def _joined(self, verdict: Verdict, added: dict[str, Any], doubts: list[str]) -> Verdict:
        if not added:
            return verdict
        evidence = {**verdict.evidence, **added}
        if not doubts:
            return replace(verdict, evidence=evidence)
        self.doubted += 1
        reason = f"{'; '.join(doubts)}, though the line was taken to be right; a person must look"
        return Verdict("undecided", {**evidence, "reason": reason}, code=DISAGREES, notes=verdict.notes)
