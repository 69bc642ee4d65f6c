"""A product on its way to normal form."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.deciding.normal.poly import Factors
from derivcheck.record import dataclass
from derivcheck.terms.node import Index


@dataclass(frozen=True, slots=True)
class Raw:
    """A product on its way to normal form: coefficient * \\sum over dummies of the factors."""

    coefficient: Fraction
    dummies: tuple[Index, ...]
    factors: Factors

    def without(self, *positions: int) -> Factors:
        return tuple(f for n, f in enumerate(self.factors) if n not in positions)

    def uses(self, index: Index) -> int:
        """How many factors mention the index."""
        return sum(index in a.free for a, _ in self.factors)
