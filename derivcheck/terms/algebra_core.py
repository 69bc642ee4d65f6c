"""Operations on tensors as they stand on the page: sums, products, transposes, reductions, functions.

Nothing a student wrote is simplified here; a result is the literal term. A vector is a column, the transpose of
a vector is a `1 x n` matrix, and a product that is a single number (`1 x 1`) is a scalar. Operands whose shapes
do not conform raise `ShapeMismatch` with the operation and all shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from derivcheck.terms.build import MINUS_ONE, ONE, ZERO, number, size
from derivcheck.terms.dim import ONE as DIM_ONE
from derivcheck.terms.dim import Dim, Shape
from derivcheck.terms.node import (
    Add,
    Cases,
    Compare,
    Delta,
    Function,
    Index,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Term,
    Var,
    fresh,
)
from derivcheck.terms.tensor import Tensor, scalar

LARGEST_PRODUCT = 8
"""A matrix power up to this exponent is written as a product; above it is one 'power' node."""


class ShapeMismatch(Exception):
    """An operation on tensors whose shapes do not conform: a mistake of the writer, not of the reader."""

    def __init__(self, operation: str, *shapes: Shape) -> None:
        super().__init__(f"{operation}: {', '.join(show_shape(s) for s in shapes)}")
        self.operation = operation
        self.shapes = shapes


def show_shape(shape: Shape) -> str:
    """A shape in words: `scalar`, `n`, `m x n`."""
    return " x ".join(str(d) for d in shape) if shape else "scalar"


def is_row(tensor: Tensor) -> bool:
    """A `1 x n` matrix."""
    return len(tensor.axes) == 2 and tensor.shape[0] == DIM_ONE


def is_square(tensor: Tensor) -> bool:
    return len(tensor.axes) == 2 and tensor.shape[0] == tensor.shape[1]


def single(tensor: Tensor) -> Tensor:
    """A tensor all of whose axes have length 1 as a scalar; any other unchanged."""
    if tensor.axes and all(d == DIM_ONE for d in tensor.shape):
        return scalar(tensor.at([ONE] * len(tensor.axes)))
    return tensor


def axis_sum(index: Index, body: Term, kind: str = "sum") -> Reduce:
    """`body` summed (or multiplied, ...) over the whole axis of `index`."""
    assert index.dim is not None
    return Reduce(kind, index, ONE, size(index.dim), body)


def columns_as_vectors(tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """A vector is a column: beside a vector, a matrix with one column is one too."""
    if not any(len(t.axes) == 1 for t in tensors):
        return tuple(tensors)
    return tuple(as_column(t) if len(t.axes) == 2 and t.shape[1] == DIM_ONE else t for t in tensors)


def entrywise(function: Callable[..., Term], *tensors: Tensor, operation: str = "entrywise") -> Tensor:
    """`function` of corresponding entries; scalars go with every entry. All other shapes must agree."""
    tensors = columns_as_vectors([single(t) for t in tensors])
    ranked = [t for t in tensors if t.axes]
    if any(t.shape != ranked[0].shape for t in ranked):
        raise ShapeMismatch(operation, *(t.shape for t in tensors))
    axes = tuple(fresh(a.name, a.dim) for a in ranked[0].axes) if ranked else ()
    at = [Var(a) for a in axes]
    return Tensor(axes, function(*(t.at(at) if t.axes else t.body for t in tensors)))


def add(*tensors: Tensor) -> Tensor:
    """The sum. A scalar is added to each entry of a vector or a row; to a matrix it cannot be added."""
    tensors = columns_as_vectors([single(t) for t in tensors])
    shapes = [t.shape for t in tensors]
    wide = next((t for t in tensors if len(t.axes) >= 2 and not is_row(t)), None)
    if wide is not None and any(not s for s in shapes):
        raise ShapeMismatch("sum", *shapes)
    if len(tensors) == 1:
        return tensors[0]
    return entrywise(lambda *bodies: Add(bodies), *tensors, operation="sum")


def negate(tensor: Tensor) -> Tensor:
    return entrywise(lambda body: Mul((MINUS_ONE, body)), tensor)


def subtract(left: Tensor, right: Tensor) -> Tensor:
    return add(left, negate(right))


def scale(factor: Tensor, tensor: Tensor) -> Tensor:
    """A scalar times a tensor."""
    factor = single(factor)
    if factor.axes:
        raise ShapeMismatch("product", factor.shape, tensor.shape)
    return entrywise(lambda c, body: Mul((c, body)), factor, tensor)


def hadamard(left: Tensor, right: Tensor) -> Tensor:
    """The entrywise product; a scalar scales."""
    return entrywise(lambda a, b: Mul((a, b)), left, right, operation="entrywise product")


def divide(left: Tensor, right: Tensor) -> Tensor:
    """Entry by entry; a scalar on either side goes with every entry."""
    return entrywise(lambda a, b: Mul((a, Power(b, MINUS_ONE))), left, right, operation="quotient")


def apply_function(name: str, *tensors: Tensor) -> Tensor:
    """A named function of numbers (a row of functions.py), entrywise."""
    return entrywise(lambda *bodies: Function(name, bodies), *tensors, operation=name)


def transpose(tensor: Tensor) -> Tensor:
    """A vector becomes a row, a row a vector, a scalar stays; of a higher tensor the order of all axes is reversed."""
    if is_row(tensor):
        return as_column(tensor)
    if len(tensor.axes) == 1:
        renamed = tensor.renamed()
        return Tensor((fresh("r", DIM_ONE), *renamed.axes), renamed.body)
    renamed = tensor.renamed()
    return Tensor(tuple(reversed(renamed.axes)), renamed.body)


def as_column(tensor: Tensor) -> Tensor:
    """A row as a vector; a matrix with one column as a vector; any other unchanged."""
    if len(tensor.axes) == 2:
        renamed = tensor.renamed()
        rows, cols = renamed.axes
        if rows.dim == DIM_ONE:
            return Tensor((cols,), renamed.at([ONE, Var(cols)]))
        if cols.dim == DIM_ONE:
            return Tensor((rows,), renamed.at([Var(rows), ONE]))
    return tensor


def matmul(left: Tensor, right: Tensor) -> Tensor:
    """The matrix product; a scalar scales, a vector is a column; what is `1 x 1` is a scalar.

    Tensors of higher order contract the last axis of the left with the first of the right.
    """
    left, right = single(left), single(right)
    if not left.axes or not right.axes:
        return entrywise(lambda a, b: Mul((a, b)), left, right, operation="product")
    if len(left.axes) == 1:
        return _column_times(left, right)
    return single(_without_row(contract(left, right, "product"), left, right))


def _column_times(left: Tensor, right: Tensor) -> Tensor:
    """An `n x 1` column times something: only a row (the outer product) conforms."""
    if not is_row(right):
        raise ShapeMismatch("product", left.shape, right.shape)
    a, b = left.renamed(), right.renamed()
    return Tensor((a.axes[0], b.axes[1]), Mul((a.body, b.at([ONE, Var(b.axes[1])]))))


def _without_row(product: Tensor, left: Tensor, right: Tensor) -> Tensor:
    """A row times a vector or a higher tensor loses the axis of length 1."""
    if is_row(left) and len(right.axes) != 2:
        renamed = product.renamed()
        return Tensor(renamed.axes[1:], renamed.at([ONE, *(Var(a) for a in renamed.axes[1:])]))
    return product


def contract(left: Tensor, right: Tensor, operation: str = "contraction") -> Tensor:
    """The sum over the last axis of `left` and the first of `right`."""
    if left.shape[-1] != right.shape[0]:
        raise ShapeMismatch(operation, left.shape, right.shape)
    a, b = left.renamed(), right.renamed()
    k = fresh("k", left.axes[-1].dim)
    body = Mul((a.at([*(Var(i) for i in a.axes[:-1]), Var(k)]), b.at([Var(k), *(Var(i) for i in b.axes[1:])])))
    return Tensor(a.axes[:-1] + b.axes[1:], axis_sum(k, body))


def inner(left: Tensor, right: Tensor) -> Tensor:
    """`<a, b>`: of vectors (or rows), or of matrices entry by entry (Frobenius)."""
    a, b = as_column(single(left)), as_column(single(right))
    if a.shape != b.shape:
        raise ShapeMismatch("inner product", left.shape, right.shape)
    return sum_all(hadamard(a, b))


def outer(left: Tensor, right: Tensor) -> Tensor:
    """`a b^T` of two vectors; in general the axes of the left, then those of the right."""
    a, b = left.renamed(), right.renamed()
    return Tensor(a.axes + b.axes, Mul((a.body, b.body)))


def trace(tensor: Tensor) -> Tensor:
    """The sum of the diagonal; a scalar is its own trace, a vector has none."""
    tensor = single(tensor)
    if not tensor.axes:
        return tensor
    if not is_square(tensor):
        raise ShapeMismatch("trace", tensor.shape)
    k = fresh("k", tensor.axes[0].dim)
    return scalar(axis_sum(k, tensor.at([Var(k), Var(k)])))


def diag(tensor: Tensor) -> Tensor:
    """A vector (or a row) on the diagonal of a matrix; of a square matrix the vector of its diagonal."""
    tensor = single(tensor)
    if not tensor.axes:
        return tensor
    if is_square(tensor):
        k = fresh("k", tensor.axes[0].dim)
        return Tensor((k,), tensor.at([Var(k), Var(k)]))
    vector = as_column(tensor)
    if len(vector.axes) != 1:
        raise ShapeMismatch("diag", tensor.shape)
    i, j = fresh("i", vector.axes[0].dim), fresh("j", vector.axes[0].dim)
    return Tensor((i, j), Mul((vector.at([Var(i)]), Delta(Var(i), Var(j)))))


def reduce_axis(kind: str, tensor: Tensor, axis: int) -> Tensor:
    """'sum', 'prod', 'max', 'min', 'argmax' or 'argmin' over one axis, the others stay."""
    renamed = tensor.renamed()
    k = renamed.axes[axis]
    rest = tuple(a for a in renamed.axes if a is not k)
    return Tensor(rest, axis_sum(k, renamed.body, kind))


def reduce_all(kind: str, tensor: Tensor) -> Tensor:
    """'sum', 'prod', 'max' or 'min' over all entries."""
    while tensor.axes:
        tensor = reduce_axis(kind, tensor, len(tensor.axes) - 1)
    return tensor


def sum_all(tensor: Tensor) -> Tensor:
    return reduce_all("sum", tensor)


def zeros(*dims: Dim) -> Tensor:
    return Tensor(tuple(fresh("i", d) for d in dims), ZERO)


def ones(*dims: Dim) -> Tensor:
    return Tensor(tuple(fresh("i", d) for d in dims), ONE)


def identity(dim: Dim) -> Tensor:
    i, j = fresh("i", dim), fresh("j", dim)
    return Tensor((i, j), Delta(Var(i), Var(j)))


def basis(position: Term, dim: Dim) -> Tensor:
    """The vector that is 1 at `position` and 0 elsewhere."""
    i = fresh("i", dim)
    return Tensor((i,), Delta(Var(i), position))


def indicator(relation: str, left: Tensor, right: Tensor) -> Tensor:
    """1 where the relation holds between entries, else 0; a scalar goes with every entry."""
    return entrywise(
        lambda a, b: Cases(((Compare(relation, a, b), ONE),), ZERO), left, right, operation="comparison"
    )


def entrywise_power(base: Tensor, exponent: Tensor) -> Tensor:
    """Each entry to a power, also of a matrix (`\\tanh^2(A)`, `A^{\\circ 2}`)."""
    return entrywise(lambda b, e: Power(b, e), base, exponent, operation="power")


def power(base: Tensor, exponent: Tensor) -> Tensor:
    """Of a number, a vector or a row entrywise; of a square matrix the matrix power (`A^{-1}` the inverse)."""
    base, exponent = single(base), single(exponent)
    if len(base.axes) < 2 or is_row(base):
        return entrywise_power(base, exponent)
    if exponent.axes or not is_square(base):
        raise ShapeMismatch("power", base.shape, exponent.shape)
    value = exponent.body.value if isinstance(exponent.body, Number) else None
    if value is None or value.denominator != 1 or abs(value) > LARGEST_PRODUCT:
        return _matrix_result("power", base, (exponent.body,))
    count = int(value)
    if count == 0:
        return identity(base.shape[0])
    factor = base if count > 0 else inverse(base)
    return repeated(matmul, factor, abs(count))


def repeated(product: Callable[[Tensor, Tensor], Tensor], factor: Tensor, count: int) -> Tensor:
    result = factor
    for _ in range(count - 1):
        result = product(result, factor)
    return result


def _matrix_result(name: str, tensor: Tensor, params: Sequence[Term] = ()) -> Tensor:
    """A matrix operation whose value is a matrix of the same shape."""
    inside = tensor.renamed()
    i, j = (fresh(a.name, a.dim) for a in tensor.axes)
    return Tensor((i, j), MatrixOp(name, *inside.axes, inside.body, (Var(i), Var(j)), tuple(params)))


def inverse(tensor: Tensor) -> Tensor:
    """`A^{-1}` of a square matrix; of a number its reciprocal."""
    tensor = single(tensor)
    if not tensor.axes:
        return scalar(Power(tensor.body, MINUS_ONE))
    if not is_square(tensor):
        raise ShapeMismatch("inverse", tensor.shape)
    return _matrix_result("inverse", tensor)


def pseudo_inverse(tensor: Tensor) -> Tensor:
    """The Moore-Penrose inverse of a matrix."""
    if len(tensor.axes) != 2:
        raise ShapeMismatch("pseudo-inverse", tensor.shape)
    inside = tensor.renamed()
    i, j = fresh("i", tensor.shape[1]), fresh("j", tensor.shape[0])
    return Tensor((i, j), MatrixOp("pinv", *inside.axes, inside.body, (Var(i), Var(j))))


def matrix_exponential(tensor: Tensor) -> Tensor:
    """`e^A`: of a square matrix the matrix exponential, else entrywise."""
    return _matrix_result("exp", tensor) if is_square(single(tensor)) else apply_function("exp", tensor)


def root(tensor: Tensor, degree: int = 2) -> Tensor:
    """The root of each entry (of a square matrix: the matrix power 1/degree)."""
    return power(tensor, scalar(number(Fraction(1, degree))))
