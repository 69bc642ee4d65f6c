"""Claims in another form that says the same."""

from __future__ import annotations

from derivcheck.record import replace
from derivcheck.terms.build import add, mul, number
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Add
from derivcheck.terms.tensor import Tensor


def apart(claim: Claim) -> Claim:
    """`a - b = 0` as `a = b`: the first term alone on its side; any other claim as it is."""
    body = claim.left.body
    if claim.right.body != number(0) or not isinstance(body, Add) or len(body.args) < 2:
        return claim
    rest = mul(number(-1), add(*body.args[1:]))
    return replace(claim, left=Tensor(claim.left.axes, body.args[0]), right=Tensor(claim.left.axes, rest))
