"""The rung: an equality is proved when the difference of its sides has the normal form 0.

What the givens define stays opaque at first; while the difference is not 0, the names in it that nothing else
in it is computed from are unfolded one level, within the counted budget.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.normal import residual
from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.hypotheses import facts_of, hypotheses, rule, with_integers
from derivcheck.deciding.normal.lower import Lowering, Unsupported
from derivcheck.deciding.normal.matrix_rules import MATRIX_RULES
from derivcheck.deciding.normal.poly import Poly
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.deciding.normal.rules import RULES
from derivcheck.deciding.verdict import Verdict
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Var

LEVELS = 6
"""Definitions are unfolded so many times at most."""


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """Proved for every dimension, or None."""
    if claim.relation not in ("=", "<=", ">=") or claim.left.shape != claim.right.shape:
        return None
    try:
        return prove(claim, model, work)
    except (Unsupported, Undefined, OutOfWork, RecursionError):
        return None


def prove(claim: Claim, model: Model, work: Work) -> Verdict | None:
    algebra, lowering = prepared(claim, model, work)
    for difference in differences(claim, algebra, lowering):
        if not difference.terms:
            return Verdict("proved", evidence(algebra))
    return None


def prepared(claim: Claim, model: Model, work: Work) -> tuple[Algebra, Lowering]:
    """An algebra that knows the givens, and the way into it."""
    algebra = Algebra(facts_of(model, claim), work, (*RULES, *MATRIX_RULES))
    lowering = Lowering(algebra)
    with_integers(lowering, claim)
    algebra.rules = (*RULES, *MATRIX_RULES, *(rule(h) for h in hypotheses(lowering, claim)))
    lowering.memo.clear()
    return algebra, lowering


def differences(claim: Claim, algebra: Algebra, lowering: Lowering) -> Iterator[Poly]:
    """The difference of the sides, then what it becomes by clearing denominators, multiplying by inverted
    matrices and unfolding definitions; each is 0 only if the first is."""
    left = lowering(claim.left.body)
    right = lowering(claim.right.at([Var(a) for a in claim.left.axes]))
    difference = algebra.sub(left, right)
    for _ in range(LEVELS):
        yield difference
        yield from residual.simpler(algebra, difference)
        unfolded = residual.unfolded(lowering, difference)
        if unfolded is None:
            return
        difference = unfolded


def evidence(algebra: Algebra) -> dict[str, object]:
    found: dict[str, object] = {"method": "normal form"}
    if algebra.needs:
        found["needs"] = sorted(algebra.needs)
    if algebra.excepted:
        found["except"] = sorted(algebra.excepted)
    return found
