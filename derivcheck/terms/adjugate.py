"""The adjugate of a square matrix: its transposed cofactors."""

from __future__ import annotations

from derivcheck.terms import algebra
from derivcheck.terms.build import HALF, TWO, mul, power, sub
from derivcheck.terms.tensor import Tensor, scalar


def adjugate(tensor: Tensor) -> Tensor:
    """Of up to three rows by Cayley and Hamilton, else det(A) A^{-1}: the adjugate wherever that has a value, and at a
    singular matrix by continuity."""
    rows = tensor.axes[0].dim
    assert rows is not None
    one, first = algebra.identity(rows), algebra.trace(tensor)
    if rows.number == 1:
        return one
    if rows.number == 2:
        return algebra.subtract(algebra.scale(first, one), tensor)
    if rows.number == 3:
        square = algebra.matmul(tensor, tensor)
        second = mul(HALF, sub(power(first.body, TWO), algebra.trace(square).body))
        rest = algebra.subtract(algebra.scale(scalar(second), one), algebra.scale(first, tensor))
        return algebra.add(rest, square)
    return algebra.scale(algebra.det(tensor), algebra.inverse(tensor))
