"""How much work a decision may take, counted in work, never in seconds: the same claim gets the same verdict
on every machine. Every rung is a function `(claim: Claim, model: Model, work: Work) -> Verdict | None`."""

from __future__ import annotations

from derivcheck.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Budget:
    """worlds: draws of values for the search; nodes: evaluations of nodes in all; meeting: those that
    drawing values which meet the givens may take; rewrites: monomials and rule
    applications of the normal form; rlimit: z3's own resource count; bits: precision of the last ball;
    seconds: the last guard of a child process (it can only turn decided into undecided)."""

    worlds: int = 8
    nodes: int = 2_000_000
    meeting: int = 1_500_000
    rewrites: int = 8_000
    rlimit: int = 2_000_000
    bits: int = 1024
    seconds: float = 5.0


class OutOfWork(Exception):
    """A counted budget is used up; the rung that meets it passes on (None), the ladder says `undecided`."""


@dataclass(slots=True)
class Work:
    """One decision's seed and its purse: `spend('rewrites')` raises OutOfWork when the budget is used up."""

    seed: int = 0
    budget: Budget = field(default_factory=Budget)
    spent: dict[str, int] = field(default_factory=dict)

    def spend(self, kind: str, amount: int = 1) -> None:
        total = self.spent.get(kind, 0) + amount
        self.spent[kind] = total
        if total > getattr(self.budget, kind):
            raise OutOfWork(kind)

    def left(self, kind: str) -> int:
        return max(0, getattr(self.budget, kind) - self.spent.get(kind, 0))
