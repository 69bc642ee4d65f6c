"""What bulk work adds to the decisions of a run (`--device`, `--spot-tests`): claims screened before the ladder, ascent
where its provers could not tell, JAX's opinion on derivatives, spot tests at realistic dimensions, Monte Carlo. A
refutation is always a certified counterexample; a disagreement that cannot be certified leaves the line to a person.

`auto` does what is paid back by the time it saves, and no more (measured in docs/bulk.md): the ascent alone, before the
long search. To screen a claim takes longer than the ladder takes to refute it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from derivcheck.bulk.machine import Machine
from derivcheck.bulk.montecarlo import estimates, has_expectation
from derivcheck.bulk.opinion import Opinion, has_derivative, opinion
from derivcheck.bulk.screening import SCREENED, Item, ascend, screen, tightness
from derivcheck.bulk.spots import spot_test
from derivcheck.deciding.budget import Work
from derivcheck.deciding.judging import ORDERS
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.model import Claim, Model

_SCREENING = 256  # points of a claim before the ladder
DISAGREES = "numeric-disagreement"


@dataclass(slots=True)
class Assistant:
    """`points`: of each spot test (0: none). `thorough`: a device was named, so everything is done that it can do.
    `refuted`, `doubted`: how often it changed a verdict."""

    machine: Machine
    points: int = 0
    seed: int = 0
    thorough: bool = True
    progress: Callable[[str], None] | None = None
    refuted: int = 0
    doubted: int = 0
    _screened: dict[tuple[int, Claim], tuple[Model, Verdict | None]] = field(default_factory=dict)

    @staticmethod
    def on(
        device: str | None,
        points: int,
        seed: int,
        thorough: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> Assistant | None:
        """None where nothing was asked for. Raises NoDevice."""
        if not device and not points:
            return None
        named = device in ("cpu", "gpu")
        return Assistant(Machine.on(device or "auto"), points, seed, thorough or named, progress)

    def prepare(self, pairs: Iterable[tuple[Claim, Model]]) -> None:
        """Many claims screened in one run of the engine, before they are decided one by one."""
        self._screened.clear()
        wanted = {(id(m), c): (c, m) for c, m in pairs if c.relation in SCREENED}
        items = [Item(claim, model) for claim, model in wanted.values()]
        for (key, (_, model)), found in zip(wanted.items(), self._screen(items), strict=True):
            self._screened[key] = model, found

    def _screen(self, items: list[Item]) -> list[Verdict | None]:
        def tell(done: int, total: int) -> None:
            if self.progress and total > 1:
                self.progress(f"{done} of {total} claims screened")

        return [found.verdict for found in screen(items, self.machine, _SCREENING, self.seed, tell)]

    def before(self, claim: Claim, model: Model) -> Verdict | None:
        """A certified refutation of a claim that the screen flagged; None: the ladder decides."""
        if not self.thorough or claim.relation not in SCREENED:
            return None
        known = self._screened.get((id(model), claim))
        found = known[1] if known is not None else self._screen([Item(claim, model)])[0]
        self.refuted += found is not None
        return found

    def rung(self, claim: Claim, model: Model, work: Work) -> Verdict | None:
        """The ascent, as a rung of the ladder: for inequalities that were neither proved nor refuted."""
        if claim.relation not in ORDERS:
            return None
        found = ascend([Item(claim, model)], self.machine, seed=self.seed)[0].verdict
        self.refuted += found is not None
        return found

    def after(self, claim: Claim, model: Model, verdict: Verdict) -> Verdict:
        """The ladder's verdict with the evidence added, or what the numbers made of it."""
        item = Item(claim, model)
        if verdict.word not in ("proved", "holds", "undecided") or not (self.thorough or self.points):
            return verdict
        added: dict[str, Any] = {}
        doubts: list[str] = []
        if self.thorough and verdict.word != "undecided" and has_derivative(item):
            self._autodiff(item, added, doubts)
        if self.points and verdict.word != "undecided":
            self._spots(item, added, doubts)
        if verdict.word != "proved" and has_expectation(item):
            found = estimates(item, self.machine, self.seed)
            if found:
                added["monte_carlo"] = [e.evidence() for e in found]
        return self._joined(verdict, added, doubts)

    def opinion(self, claim: Claim, model: Model) -> str:
        """Whether the derivatives in a claim agree with JAX's: 'agrees', 'differs' or 'none'."""
        item = Item(claim, model)
        return self._opinion(item).word if has_derivative(item) else "none"

    def _opinion(self, item: Item) -> Opinion:
        if self.machine.chooses:
            self.machine.open()
        return opinion(item, self.machine, seed=self.seed)

    def _autodiff(self, item: Item, added: dict[str, Any], doubts: list[str]) -> None:
        said = self._opinion(item)
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
