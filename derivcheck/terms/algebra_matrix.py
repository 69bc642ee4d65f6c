"""Numbers and vectors made from whole matrices and vectors: norms, determinant, softmax, eigenvalues."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.terms.algebra_core import (
    ShapeMismatch,
    as_column,
    axis_sum,
    entrywise,
    is_row,
    is_square,
    reduce_all,
    single,
    sum_all,
)
from derivcheck.terms.build import MINUS_ONE, ONE, number
from derivcheck.terms.node import Delta, Function, MatrixOp, Mul, Power, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar

HALF = number(Fraction(1, 2))
TWO = number(2)
_ONE_OF_IDENTITY = frozenset({"det", "eigmax", "eigmin", "radius", "norm2", "cond"})
_SQUARE_ONLY = frozenset({"det", "eigmax", "eigmin", "radius"})


def matrix_number(name: str, tensor: Tensor) -> Tensor:
    """'det', 'rank', 'eigmax', 'eigmin', 'radius', 'norm2', 'nuclear' or 'cond' of a matrix."""
    tensor = single(tensor)
    if len(tensor.axes) != 2 or (name in _SQUARE_ONLY and not is_square(tensor)):
        raise ShapeMismatch(name, tensor.shape)
    inside = tensor.renamed()
    if name in _ONE_OF_IDENTITY and is_square(tensor) and inside.body in (_delta(inside), _delta(inside, -1)):
        return scalar(ONE)  # whatever its size, which the text may leave open
    return scalar(MatrixOp(name, *inside.axes, inside.body))


def _delta(matrix: Tensor, step: int = 1) -> Term:
    return Delta(*(Var(a) for a in matrix.axes[::step]))


def det(tensor: Tensor) -> Tensor:
    tensor = single(tensor)
    return matrix_number("det", tensor) if tensor.axes else tensor


def rank(tensor: Tensor) -> Tensor:
    return matrix_number("rank", tensor)


def norm(tensor: Tensor, kind: str | Term = "") -> Tensor:
    """`\\|.\\|`. kind: '' or '2' (Euclidean of a vector, spectral of a matrix), '1', 'inf', 'F', 'nuclear', or a term p
    for the p-norm of a vector. Of a number: its absolute value. A row is measured as a vector."""
    tensor = single(tensor)
    if not tensor.axes:
        return scalar(Function("abs", (tensor.body,)))
    vector = len(tensor.axes) == 1 or is_row(tensor)
    if kind == "F" or (kind in ("", "2") and vector):
        return scalar(Power(sum_all(entrywise(lambda x: Power(x, TWO), tensor)).body, HALF))
    if isinstance(kind, Term):
        return _p_norm(tensor, kind)
    if vector:
        return _vector_norm(tensor, kind)
    if kind in ("1", "inf"):
        return _sum_norm(tensor, over=0 if kind == "1" else 1)
    return matrix_number("nuclear" if kind == "nuclear" else "norm2", tensor)


def _absolute(tensor: Tensor) -> Tensor:
    return entrywise(lambda x: Function("abs", (x,)), tensor)


def _vector_norm(tensor: Tensor, kind: str) -> Tensor:
    if kind not in ("1", "inf"):
        raise ShapeMismatch(f"{kind} norm", tensor.shape)
    return reduce_all("sum" if kind == "1" else "max", _absolute(as_column(tensor)))


def _p_norm(tensor: Tensor, p: Term) -> Tensor:
    total = sum_all(entrywise(lambda x: Power(Function("abs", (x,)), p), as_column(tensor)))
    return scalar(Power(total.body, Power(p, MINUS_ONE)))


def _sum_norm(tensor: Tensor, over: int) -> Tensor:
    """The greatest absolute column sum (over=0) or row sum (over=1)."""
    inside = _absolute(tensor).renamed()
    k, other = inside.axes[over], inside.axes[1 - over]
    return scalar(axis_sum(other, axis_sum(k, inside.body), "max"))


def softmax(tensor: Tensor) -> Tensor:
    """Of a vector; of each row of a matrix (a `1 x n` row included)."""
    if not tensor.axes:
        raise ShapeMismatch("softmax", tensor.shape)
    t = tensor.renamed()
    k = fresh("k", t.axes[-1].dim)
    before = [Var(a) for a in t.axes[:-1]]
    total = axis_sum(k, Function("exp", (t.at([*before, Var(k)]),)))
    return Tensor(t.axes, Mul((Function("exp", (t.body,)), Power(total, MINUS_ONE))))


def log_sum_exp(tensor: Tensor) -> Tensor:
    """`\\log\\sum_i e^{x_i}` of a vector."""
    vector = as_column(tensor)
    if len(vector.axes) != 1:
        raise ShapeMismatch("logsumexp", tensor.shape)
    return scalar(Function("log", (sum_all(entrywise(lambda x: Function("exp", (x,)), vector)).body,)))
