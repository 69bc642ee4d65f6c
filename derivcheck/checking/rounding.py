"""An equality with a decimal where numbers may be rounded (`s = 1.77` of a square root): right where the other side
lies within half a unit of the last digit written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from derivcheck.checking.deciding import GOOD
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.kinds.numbers import Written, number_in
from derivcheck.language.links import Link
from derivcheck.record import replace
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Number
from derivcheck.terms.tensor import Tensor

ROUNDED = "equal after rounding to the digits written"
_AGREES = Verdict("proved", {"method": "rounding"}, notes=(ROUNDED,))
_FEWEST = 2  # significant digits that say enough
TOO_FEW = Verdict("undecided", {"method": "none", "reason": "it is written with too few digits to say"})


def rounded(verdict: Verdict, link: Link, text: str, judge: Callable[[Claim], Verdict]) -> Verdict:
    """The verdict, or where it refutes an equality with a decimal, that of its rounding."""
    if verdict.word != "refuted" or link.relation != "=" or link.claim is None:
        return verdict
    for value, written in _decimals(link, text):
        if _lies_within(link.claim, value, written, written.step / 2, judge).word in GOOD:
            return _AGREES if written.significant >= _FEWEST else TOO_FEW
    return verdict


def approximated(verdict: Verdict, link: Link, text: str, judge: Callable[[Claim], Verdict]) -> Verdict:
    """The verdict, or where an approximation by a decimal was left open (`\\sqrt{2} \\approx 1.41`): right if the
    number rounds to it, wrong if it is more than a unit of its last digit away."""
    if verdict.word != "undecided" or link.relation != "~" or link.claim is None:
        return verdict
    for value, written in _decimals(link, text):
        if value.body.symbols or value.body.free:
            continue
        if _lies_within(link.claim, value, written, written.step / 2, judge).word in GOOD:
            return _AGREES
        far = _lies_within(link.claim, value, written, written.step, judge)
        return far if far.word == "refuted" else verdict
    return verdict


def _decimals(link: Link, text: str) -> Iterator[tuple[Tensor, Written]]:
    """A side that is a number, with the decimal that the other side is."""
    assert link.claim is not None
    for span, other in ((link.right_span, link.claim.left), (link.left_span, link.claim.right)):
        written = number_in(text[span.start : span.end])
        if written is not None and written.step and not other.axes:
            yield other, written


def _lies_within(
    claim: Claim, value: Tensor, written: Written, reach: Fraction, judge: Callable[[Claim], Verdict]
) -> Verdict:
    """The weaker verdict on that a value is at least and at most so far from the number written."""
    low, high = (Tensor((), Number(written.value + end)) for end in (-reach, reach))
    above, below = (judge(replace(claim, left=value, relation=r, right=end)) for r, end in ((">=", low), ("<=", high)))
    return above if weakest([above.word, below.word]) == above.word else below
