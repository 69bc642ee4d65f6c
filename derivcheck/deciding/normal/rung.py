"""The rung: an equality is proved when the difference of its sides has the normal form 0.

What the givens define stays opaque at first; while the difference is not 0, the names in it that nothing else
in it is computed from are unfolded one level, within the counted budget.
"""

from __future__ import annotations

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.normal import residual
from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.assumptions import facts_of, with_integers
from derivcheck.deciding.normal.conditions import compare
from derivcheck.deciding.normal.hypotheses import hypotheses, rule
from derivcheck.deciding.normal.lower import Lowering, Unsupported
from derivcheck.deciding.normal.matrix_rules import MATRIX_RULES
from derivcheck.deciding.normal.poly import Poly, constant
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.deciding.normal.range_rules import RANGE_RULES
from derivcheck.deciding.normal.rules import RULES
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Var
from derivcheck.worlds.dependence import speaks_of_indices

_INDICES = frozenset({"=", "!=", "<", ">", "<=", ">="})
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
    difference = algebra.sub(left, right)
    if residual.vanishes(lowering, difference):
        return Verdict("proved", evidence(algebra))
    where = _where(algebra, lowering, claim)
    if where is not None and residual.vanishes(lowering, algebra.mul(where, difference)):
        return Verdict("proved", evidence(algebra))
    return None


def _where(algebra: Algebra, lowering: Lowering, claim: Claim) -> Poly | None:
    """What is 1 where the conditions on the claim's indices (`i \\ne j`) hold and 0 elsewhere; None without any."""
    chosen = [g for g in claim.given if speaks_of_indices(g) and not g.left.axes and g.relation in _INDICES]
    if not chosen:
        return None
    product = constant(1)
    for given in chosen:
        gap = algebra.sub(lowering(given.left.body), lowering(given.right.body))
        product = algebra.mul(product, compare(algebra, given.relation, gap))
    return product


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
