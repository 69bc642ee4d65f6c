"""`X \\sim N(\\mu, \\sigma)`: as usual the second parameter is the variance; a \\sigma may be the deviation."""

from __future__ import annotations

from derivcheck.record import replace
from derivcheck.terms.build import TWO
from derivcheck.terms.model import Law, Model
from derivcheck.terms.node import Entry, Power
from derivcheck.terms.tensor import scalar

NOTE = "N(\\mu, \\sigma) is read with \\sigma as the standard deviation"


def with_deviations(model: Model) -> Model | None:
    """The givens with normal laws whose second parameter is a plain \\sigma by their deviation; None where none is."""
    found = {
        name: replace(declaration, law=replace(law, covariance=scalar(Power(law.covariance.body, TWO))))
        for name, declaration in model.declarations.items()
        if (law := declaration.law) is not None and law.covariance is not None and _is_deviation(law)
    }
    return replace(model, declarations={**model.declarations, **found}) if found else None


def _is_deviation(law: Law) -> bool:
    spread = law.covariance
    if law.kind != "normal" or spread is None or spread.axes or not isinstance(spread.body, Entry):
        return False
    return spread.body.symbol.startswith("\\sigma")
