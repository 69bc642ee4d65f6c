"""The rung: an equality is proved when the difference of its sides has the normal form 0.

What the givens define stays opaque at first; while the difference is not 0, the names in it that nothing else
in it is computed from are unfolded one level, within the counted budget.
"""

from __future__ import annotations

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.normal import residual
from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.assumptions import facts_of, with_integers
from derivcheck.deciding.normal.hypotheses import hypotheses, rule
from derivcheck.deciding.normal.lower import Lowering, Unsupported
from derivcheck.deciding.normal.matrix_rules import MATRIX_RULES
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.deciding.normal.range_rules import RANGE_RULES
from derivcheck.deciding.normal.rules import RULES
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Var

ALL_RULES = (*RULES, *MATRIX_RULES, *RANGE_RULES)


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """Proved for every dimension, or None. That the sides of a bound are equal is tried with less work."""
    if claim.relation not in ("=", "<=", ">=") or claim.left.shape != claim.right.shape:
        return None
    if claim.relation != "=":
        work = Work(work.seed, replace(work.budget, rewrites=work.budget.rewrites // 10))
    try:
        return prove(claim, model, work)
    except (Unsupported, Undefined, OutOfWork, RecursionError):
        return None


def prove(claim: Claim, model: Model, work: Work) -> Verdict | None:
    algebra, lowering = prepared(claim, model, work)
    left = lowering(claim.left.body)
    right = lowering(claim.right.at([Var(a) for a in claim.left.axes]))
    if residual.vanishes(lowering, algebra.sub(left, right)):
        return Verdict("proved", evidence(algebra))
    return None


def prepared(claim: Claim, model: Model, work: Work) -> tuple[Algebra, Lowering]:
    """An algebra that knows the givens, and the way into it."""
    algebra = Algebra(facts_of(model, claim), work, ALL_RULES)
    lowering = Lowering(algebra)
    with_integers(lowering, claim)
    algebra.rules = (*ALL_RULES, *(rule(h) for h in hypotheses(lowering, claim)))
    lowering.forget()
    return algebra, lowering


def evidence(algebra: Algebra) -> dict[str, object]:
    found: dict[str, object] = {"method": "normal form"}
    if algebra.needs:
        found["needs"] = sorted(algebra.needs)
    if algebra.excepted:
        found["except"] = sorted(algebra.excepted)
    return found
