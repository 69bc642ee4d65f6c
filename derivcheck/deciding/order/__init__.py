"""Order: the rung for inequalities (<=, <, >=, >), entrywise and in the Loewner order, and for equalities of norms,
maxima, absolute values and the like.

forms.py turns terms into polynomials over opaque atoms; lemmas*.py say what is known of atoms; proving.py gathers
facts about what is in play and asks z3 (solver.py, in a killed child) whether the goal follows.
"""

from __future__ import annotations

from derivcheck.deciding.budget import Work
from derivcheck.deciding.verdict import Verdict
from derivcheck.terms.model import Claim, Model

INEQUALITIES = frozenset({"<=", "<", ">=", ">"})


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """`proved` with the lemmas used in the evidence, or None. It never refutes."""
    from derivcheck.deciding.order.loewner import LOEWNER, prove_loewner
    from derivcheck.deciding.order.proving import prove_claim

    if claim.relation in INEQUALITIES or claim.relation == "=":
        used = prove_claim(claim, model, work)
    elif claim.relation in LOEWNER:
        used = prove_loewner(claim, model, work)
    else:
        return None
    if used is None:
        return None
    return Verdict("proved", {"method": "order", "lemmas": [name for name in used if name]})


def givens_contradict(model: Model) -> bool | None:
    """Whether the givens cannot hold together, so that nothing should be proved from them."""
    from derivcheck.deciding.order.contradiction import givens_contradict as contradict

    return contradict(model)
