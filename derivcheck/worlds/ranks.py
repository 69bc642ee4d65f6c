"""What assumptions on matrices ask of the dimensions: a product over m places has rank m at most, so `X^\\top X = I`,
`X^\\top X \\succ 0` and `\\det(X^\\top X) \\ne 0` of an m x n matrix X need m >= n. Without that, worlds of impossible
dimensions would be searched for values that meet them."""

from __future__ import annotations

from derivcheck.terms.model import Claim
from derivcheck.terms.node import Delta, Index, MatrixOp, Mul, Number, Reduce, Size, Term, Var
from derivcheck.terms.tensor import Tensor, scalar


def needed(claim: Claim) -> Claim | None:
    """The condition on dimensions that this assumption cannot be met without; None where it asks for none."""
    found = _of_full_rank(claim)
    if found is None:
        return None
    rows, cols, body = found
    if not isinstance(body, Reduce) or body.kind != "sum" or body.index.dim is None or rows.dim is None:
        return None
    factors = body.body.args if isinstance(body.body, Mul) else (body.body,)
    if any({rows, cols} <= f.free for f in factors) or body.index.dim == rows.dim:
        return None
    return Claim(scalar(Size(body.index.dim)), ">=", scalar(Size(rows.dim)))


def _of_full_rank(claim: Claim) -> tuple[Index, Index, Term] | None:
    """The matrix that a claim says is invertible, as its two indices and its body."""
    left, right = claim.left, claim.right
    if claim.given:
        return None
    if claim.relation == "=":
        for one, other in ((left, right), (right, left)):
            if _is_identity(other) and len(one.axes) == 2:
                return one.axes[0], one.axes[1], one.body
    if claim.relation == "succ" and len(left.axes) == 2 and _is_zero(right):
        return left.axes[0], left.axes[1], left.body
    if claim.relation in ("!=", "<", ">"):
        for one, other in ((left, right), (right, left)):
            if isinstance(one.body, MatrixOp) and one.body.name == "det" and _is_zero(other):
                return one.body.rows, one.body.cols, one.body.body
    return None


def _is_zero(tensor: Tensor) -> bool:
    return isinstance(tensor.body, Number) and tensor.body.value == 0


def _is_identity(tensor: Tensor) -> bool:
    body = tensor.body
    return (
        len(tensor.axes) == 2
        and isinstance(body, Delta)
        and {body.left, body.right} == {Var(axis) for axis in tensor.axes}
    )
