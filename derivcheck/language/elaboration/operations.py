"""The operations of terms/algebra.py as the reader uses them: unknown dimensions are solved first, a shape that does
not conform becomes a ShapeError with its place."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.session import has_unknown
from derivcheck.language.elaboration.unreadable import ShapeError
from derivcheck.language.parsing.syntax import Span
from derivcheck.terms import algebra
from derivcheck.terms.build import ONE, ZERO, number
from derivcheck.terms.dim import ONE as DIM_ONE
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Mul, Number, Var
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

Operation = Callable[..., Tensor]
THREE = Dim.of(3)


def apply(elab: Elaborator, operation: Operation, *tensors: Tensor, span: Span | None) -> Tensor:
    """An operation of the algebra on settled tensors; its complaint gets the place."""
    settled = [elab.session.settle(t) for t in tensors]
    try:
        return operation(*settled)
    except algebra.ShapeMismatch as mismatch:
        shapes = [*mismatch.shapes, None, None]
        raise ShapeError(_complaint(mismatch), shapes[0], shapes[1], span) from None


def _complaint(mismatch: algebra.ShapeMismatch) -> str:
    """What does not fit; the shapes themselves, up to two, are said behind it."""
    if len(mismatch.shapes) > 2:
        return str(mismatch)
    one = len(mismatch.shapes) < 2
    return f"no {mismatch.operation} of this shape" if one else f"the shapes in this {mismatch.operation} do not fit"


def agree(elab: Elaborator, left: Dim, right: Dim) -> None:
    """Solve an unknown dimension where one of two dimensions that must be equal has one."""
    if left != right:
        elab.session.unify(left, right)


def same_shape(elab: Elaborator, *tensors: Tensor) -> None:
    """Solve unknowns of tensors that must have one shape (numbers go with every shape)."""
    ranked = [t for t in tensors if t.axes]
    for tensor in ranked[1:]:
        if len(tensor.axes) == len(ranked[0].axes):
            for one, other in zip(ranked[0].shape, tensor.shape, strict=True):
                agree(elab, one, other)


def square(elab: Elaborator, tensor: Tensor) -> None:
    if len(tensor.axes) == 2:
        agree(elab, *tensor.shape)


def entrywise(elab: Elaborator, operation: Operation, *tensors: Tensor, span: Span | None) -> Tensor:
    """An operation between tensors of one shape."""
    same_shape(elab, *tensors)
    return apply(elab, operation, *tensors, span=span)


def is_zero(tensor: Tensor) -> bool:
    return not tensor.axes and tensor.body is ZERO


def add(elab: Elaborator, *tensors: Tensor, span: Span | None) -> Tensor:
    """The sum; a written 0 is the zero of the other terms' shape."""
    if len(tensors) > 1 and any(t.axes for t in tensors):
        shape = next(t.shape for t in tensors if t.axes)
        tensors = tuple(algebra.zeros(*shape) if is_zero(t) else t for t in tensors)
    return entrywise(elab, algebra.add, *tensors, span=span)


def multiply(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    """Juxtaposition: the matrix product, where a vector is a column and a number scales."""
    left, right = elab.session.settle(left), elab.session.settle(right)
    if left.axes and right.axes:
        if _is_diagonal(elab, left, right):
            return _as_diagonal(elab, left, right)
        if _is_diagonal_behind(elab, left, right):
            return _scaled(elab, left, right)
        if _is_row_of_probabilities(elab, left, right) and takes(elab, "row of probabilities"):
            return algebra.as_column(apply(elab, algebra.matmul, algebra.transpose(left), right, span=span))
        if len(left.axes) == 1:
            if len(right.axes) > 1 and has_unknown(right.shape[0]):
                agree(elab, right.shape[0], DIM_ONE)
        else:
            agree(elab, left.shape[-1], right.shape[0])
    return apply(elab, algebra.matmul, left, right, span=span)


def _is_row_of_probabilities(elab: Elaborator, left: Tensor, right: Tensor) -> bool:
    """`\\pi P`: a vector made of probabilities before what only a row can be multiplied by."""
    if len(left.axes) != 1 or algebra.is_row(right) or left.shape[0] != right.shape[0]:
        return False
    known = [elab.declaration(name) for name in left.body.symbols]
    return any(d is not None and d.domain.kind == "simplex" for d in known)


def _is_diagonal(elab: Elaborator, left: Tensor, right: Tensor) -> bool:
    """With `shorthand: diagonal`, does a vector or a row stand before something whose first axes are its own?"""
    if elab.options.shorthand != "diagonal" or not (len(left.axes) == 1 or algebra.is_row(left)):
        return False
    of_row = algebra.is_row(left) and len(right.axes) > 2 and right.shape[0] == left.shape[1]
    return of_row or right.shape[: len(left.axes)] == left.shape


def _as_diagonal(elab: Elaborator, left: Tensor, right: Tensor) -> Tensor:
    """`v A` as `diag(v) A`; a row scales the columns of a row, or of the Jacobian of one, likewise."""
    elab.note("a vector that multiplies from the left stands for the diagonal matrix it abbreviates")
    right = right.renamed()
    if right.shape[: len(left.axes)] != left.shape:
        left = algebra.as_column(left)  # the derivative of a row is over the row's entries
    scale = left.at([Var(axis) for axis in right.axes[: len(left.axes)]])
    return Tensor(right.axes, Mul((scale, right.body)))


def _is_diagonal_behind(elab: Elaborator, left: Tensor, right: Tensor) -> bool:
    """With `shorthand: diagonal`, does a row stand behind a Jacobian, with which it has no product?"""
    fits = len(left.axes) > 1 and left.shape[-1] == right.shape[-1] != DIM_ONE
    return elab.options.shorthand == "diagonal" and algebra.is_row(right) and fits


def _scaled(elab: Elaborator, left: Tensor, row: Tensor) -> Tensor:
    """`A v` as `A diag(v)` for a row `v`."""
    elab.note("a row behind a Jacobian stands for the diagonal matrix it abbreviates")
    left = left.renamed()
    return Tensor(left.axes, Mul((left.body, row.at([ONE, Var(left.axes[-1])]))))


def dot(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    """`\\cdot`: the dot product of two vectors, else as juxtaposition."""
    if len(left.axes) == 1 and len(right.axes) == 1 and elab.options.shorthand != "diagonal":
        agree(elab, left.shape[0], right.shape[0])
        return apply(elab, algebra.inner, left, right, span=span)
    if _is_matrix(left) and left.shape == right.shape and takes(elab, "dot of two matrices"):
        return apply(elab, algebra.inner, left, right, span=span)
    return multiply(elab, left, right, span)


def star(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    """`*`: entrywise, or as juxtaposition."""
    if left.axes and right.axes and takes(elab, "star as a product"):
        return multiply(elab, left, right, span)
    return hadamard(elab, left, right, span)


def ring(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    """`\\circ`: entrywise, or of matrices one after the other."""
    if _is_matrix(left) and right.axes and takes(elab, "composition of matrices"):
        return multiply(elab, left, right, span)
    return hadamard(elab, left, right, span)


def _is_matrix(tensor: Tensor) -> bool:
    return len(tensor.axes) == 2 and not algebra.is_row(tensor)


def times(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    """`\\times`: the cross product of two vectors of three numbers, else as juxtaposition."""
    left, right = elab.session.settle(left), elab.session.settle(right)
    if left.shape == right.shape == (THREE,) and elab.options.shorthand != "diagonal":
        return apply(elab, algebra.cross, left, right, span=span)
    return multiply(elab, left, right, span)


def hadamard(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    return entrywise(elab, algebra.hadamard, left, right, span=span)


def divide(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    """`a / b`: by a number, or of vectors entrywise."""
    if _is_matrix(right) and algebra.is_square(right) and takes(elab, "one over a matrix"):
        return multiply(elab, left, inverse(elab, right, span), span)
    return entrywise(elab, algebra.divide, left, right, span=span)


def kronecker(elab: Elaborator, left: Tensor, right: Tensor, span: Span | None) -> Tensor:
    return apply(elab, partial(algebra.kronecker, long=elab.options.long_vectors), left, right, span=span)


def power(elab: Elaborator, base: Tensor, exponent: Tensor, span: Span | None) -> Tensor:
    """`A^k` of a square matrix is the matrix power, else entrywise."""
    base = elab.session.settle(base)
    if len(base.axes) == 2 and not algebra.is_row(base):
        square(elab, base)
    return apply(elab, algebra.power, base, exponent, span=span)


def inverse(elab: Elaborator, tensor: Tensor, span: Span | None) -> Tensor:
    """`A^{-1}` of a square matrix; of numbers and vectors the reciprocals."""
    if len(tensor.axes) == 1 or algebra.is_row(tensor):
        return power(elab, tensor, scalar(number(-1)), span)
    square(elab, tensor)
    return apply(elab, algebra.inverse, tensor, span=span)


def half(elab: Elaborator, tensor: Tensor, span: Span | None) -> Tensor:
    return power(elab, tensor, scalar(number(Fraction(1, 2))), span)


def whole(tensor: Tensor) -> int | None:
    """The whole number that a tensor is, if it is one."""
    if not tensor.axes and isinstance(tensor.body, Number) and tensor.body.value.denominator == 1:
        return int(tensor.body.value)
    return None
