"""The first rung: sides that cannot have the same shape."""

from __future__ import annotations

import itertools

from derivcheck.deciding.budget import Work
from derivcheck.deciding.verdict import Verdict
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.sampling import Givens
from derivcheck.worlds.world import shape_at


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """Refuted where the shapes of the sides differ as polynomials in the named dimensions; a relation between
    matrices as a whole asks for square ones."""
    left, right = claim.left.shape, claim.right.shape
    if claim.relation == "in_O":
        return None
    if left != right and not _equal_by_givens(left, right, model):
        return _mismatch(f"the left side is {in_words(left)}, the right side {in_words(right)}", left, right)
    if claim.relation in ("succ", "succeq") and (len(left) != 2 or left[0] != left[1]):
        return _mismatch(f"an order of matrices between sides that are {in_words(left)}", left, right)
    return None


def _equal_by_givens(left: Shape, right: Shape, model: Model) -> bool:
    """Whether assumptions between the dimensions (`m = n`) leave no values at which the shapes differ."""
    names = sorted({n for d in (*left, *right) for n in d.names})
    givens = Givens(model, frozenset())
    if len(left) != len(right) or not givens.between or len(names) > 4:
        return False
    for values in itertools.product(range(1, 6), repeat=len(names)):
        dims = {**dict.fromkeys(givens.dims, 1), **dict(zip(names, values, strict=True))}
        if shape_at(left, dims) != shape_at(right, dims) and givens.allowed(dims):
            return False
    return True


def equated(model: Model, conditions: tuple[Claim, ...] = ()) -> bool:
    """Whether something assumed says of dimensions that they are equal (`m = n`): what conforms then was not asked
    while the formula was read, so shapes that did not conform there show nothing."""
    for claim in conditions:
        model = model.assume(claim)
    return any(claim.relation == "=" for claim in Givens(model, frozenset()).between)


def _mismatch(reason: str, left: Shape, right: Shape) -> Verdict:
    evidence = {"method": "shapes", "reason": reason, "left shape": in_words(left), "right shape": in_words(right)}
    return Verdict("refuted", evidence, code="shape-mismatch")


def in_words(shape: Shape) -> str:
    """'a scalar', 'a vector (n)', 'm x n'."""
    if not shape:
        return "a scalar"
    if len(shape) == 1:
        return f"a vector ({shape[0]})"
    return " x ".join(str(d) for d in shape)
