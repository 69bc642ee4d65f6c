"""What the givens leave open by the custom of a field: the other ways to take them, each with what is said then."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.checking import definite
from derivcheck.checking.deviations import NOTE as BY_DEVIATION
from derivcheck.checking.deviations import with_deviations
from derivcheck.checking.whole_numbers import of_whole_numbers
from derivcheck.record import dataclass
from derivcheck.terms.model import Claim, Model


@dataclass(frozen=True, slots=True)
class Taken:
    """A claim and its givens by another custom. note: said of a claim that is right so; '' where it is not plain that
    this is meant, and the claim is left open for the reason. ordered: conditions are in Loewner's order too."""

    claim: Claim
    model: Model
    note: str = ""
    reason: str = ""
    ordered: bool = False


def otherwise(claim: Claim, model: Model) -> Iterator[Taken]:
    """The other ways to take a claim and its givens."""
    unsure = "the verdict depends on whether > between matrices is Loewner's order"
    for other, changed, plain in definite.otherwise(claim, model):
        yield Taken(other, changed, definite.NOTE if plain else "", unsure, ordered=True)
    whole = of_whole_numbers(claim, model)
    if whole is not None:
        changed, found, plain = whole
        names = ", ".join(found)
        reason = f"it holds for whole numbers {names}, and nothing says in which set they live"
        yield Taken(claim, changed, f"for whole numbers {names}" if plain else "", reason)
    by_deviation = with_deviations(model)
    if by_deviation is not None:
        yield Taken(claim, by_deviation, BY_DEVIATION)
