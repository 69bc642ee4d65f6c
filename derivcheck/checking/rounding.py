"""An equality with a decimal where numbers may be rounded (`s = 1.77` of a square root): right where the other side
lies within half a unit of the last digit written."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.kinds.numbers import Written, number_in
from derivcheck.language.links import Link
from derivcheck.record import replace
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Number
from derivcheck.terms.tensor import Tensor

ROUNDED = "equal after rounding to the digits written"
_FEWEST = 2  # significant digits that say enough
TOO_FEW = Verdict("undecided", {"method": "none", "reason": "it is written with too few digits to say"})


def rounded(verdict: Verdict, link: Link, text: str, judge: Callable[[Claim], Verdict]) -> Verdict:
    """The verdict, or where it refutes an equality with a decimal, that of its rounding."""
    if verdict.word != "refuted" or link.relation != "=" or link.claim is None:
        return verdict
    sides = ((link.right_span, link.claim.left), (link.left_span, link.claim.right))
    for span, other in sides:
        written = number_in(text[span.start : span.end])
        if written is None or not written.step or other.axes:
            continue
        found = [judge(claim) for claim in _within(link.claim, other, written)]
        word = weakest([v.word for v in found])
        if word in ("proved", "holds"):
            enough = written.significant >= _FEWEST
            return Verdict(word, {"method": "rounding"}, notes=(ROUNDED,)) if enough else TOO_FEW
    return verdict


def _within(claim: Claim, value: Tensor, written: Written) -> tuple[Claim, Claim]:
    """At least and at most what rounds to the number written."""
    half = written.step / 2
    low, high = (Tensor((), Number(written.value + end)) for end in (-half, half))
    return replace(claim, left=value, relation=">=", right=low), replace(claim, left=value, relation="<=", right=high)
