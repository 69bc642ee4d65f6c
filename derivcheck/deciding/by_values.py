"""The rung for equations with a few names of finitely many values beside real ones (`P(X = x) = p^x (1-p)^{1-x}` for
x = 0, 1): the normal form, value by value."""

from __future__ import annotations

import itertools
from math import prod

from derivcheck.deciding.budget import Work
from derivcheck.deciding.normal import rung as normal
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Term, replace_entries
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import depends

_CASES = 8


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """Proved where the equation is proved at each value."""
    if claim.relation != "=" or claim.given:
        return None
    names = _finite(claim, model)
    domains = [model.declarations[name].domain.values for name in names]
    if not names or prod(map(len, domains)) > _CASES:
        return None
    found: Verdict | None = None
    for values in itertools.product(*domains):
        found = normal(_at(claim, dict(zip(names, values, strict=True))), model, work)
        if found is None:
            return None
    return found and replace(found, evidence={**found.evidence, "cases": prod(map(len, domains))})


def _finite(claim: Claim, model: Model) -> list[str]:
    """The free numbers of the claim that have finitely many values, where nothing else in it is computed from them."""
    symbols = claim.left.body.symbols | claim.right.body.symbols
    free = []
    for name in sorted(symbols):
        declaration = model.declarations.get(name)
        if declaration is None or declaration.domain.kind != "finite" or declaration.law is not None:
            continue
        if not (declaration.shape or declaration.family or declaration.definitions):
            free.append(name)
    return [n for n in free if not any(n in depends(model, s) for s in symbols if s != n)]


def _at(claim: Claim, values: dict[str, Term]) -> Claim:
    def put(tensor: Tensor) -> Tensor:
        return Tensor(tensor.axes, replace_entries(tensor.body, lambda e: values.get(e.symbol)))

    return replace(claim, left=put(claim.left), right=put(claim.right))
