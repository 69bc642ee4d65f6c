"""Matrix operations as straight programs, without a choice that depends on values: elimination without pivots,
Jacobi's rotations for the eigenvalues of symmetric matrices (Golub and Van Loan, Matrix Computations, 8.5), the
exponential by scaling and squaring. Large matrices are solved outside of the program where it may be (outside.py)."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from derivcheck.bulk.arithmetic import Traces
from derivcheck.bulk.outside import LEAST, Outside
from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import is_exact
from derivcheck.worlds.errors import Undefined, Unsupported
from derivcheck.worlds.layers import Layered, Numbers
from derivcheck.worlds.matrices import Rows

_SWEEPS = 6
_TERMS = 12
_HALVINGS = 6


def eliminated(rows: Rows, numbers: Numbers) -> tuple[Any, Rows]:
    """Determinant and inverse. A pivot that is exactly 0 is exchanged, one that is computed is taken for nonzero."""
    if (outside := _outside(rows, getattr(numbers, "traces", None))) is not None:
        n, entries = len(rows), outside("inverse", rows)
        return outside("determinant", rows)[0], [list(entries[i * n : (i + 1) * n]) for i in range(n)]
    return matrices.eliminate(rows, numbers, lambda x, n: not n.is_zero(x))


def _outside(rows: Rows, traces: Traces | None) -> Outside | None:
    """Who solves this matrix, if it is not left to the program."""
    if traces is None or traces.outside is None or len(rows) < LEAST:
        return None
    return None if any(isinstance(x, Layered) for row in rows for x in row) else traces.outside


def determinant(rows: Rows, numbers: Numbers) -> Any:
    n = len(rows)
    if n <= 4:
        return matrices._leibniz(rows)
    if (outside := _outside(rows, getattr(numbers, "traces", None))) is not None:
        return outside("determinant", rows)[0]
    try:
        return eliminated(rows, numbers)[0]
    except Undefined:
        return 0


def symmetric_eigenvalues(rows: Rows, traces: Traces) -> list[Any]:
    """By cyclic Jacobi rotations; in no order."""
    if any(isinstance(x, Layered) for row in rows for x in row):
        raise Unsupported("the derivative of an eigenvalue")
    if (outside := _outside(rows, traces)) is not None:
        return list(outside("eigenvalues", rows))
    a = [list(row) for row in rows]
    n = len(a)
    for _ in range(_SWEEPS if n > 1 else 0):
        for p in range(n):
            for q in range(p + 1, n):
                _rotate(a, p, q, traces)
    return [a[i][i] for i in range(n)]


def _rotate(a: Rows, p: int, q: int, traces: Traces) -> None:
    """The rotation of rows and columns p and q that makes entry (p, q) zero: t = sign(d) 2 b / (|d| + sqrt(d^2 + 4b^2))
    with d = a_qq - a_pp, b = a_pq."""
    b = a[p][q]
    if is_exact(b) and b == 0:
        return
    d = a[q][q] - a[p][p]
    root = traces.root(d * d + 4 * b * b + fmpq(1, 10**300))
    bottom = traces.choose(traces.less(d, 0), d - root, d + root)
    t = traces.divide(2 * b, bottom)
    c = traces.divide(1, traces.root(1 + t * t))
    s = t * c
    for k in range(len(a)):
        if k not in (p, q):
            x, y = a[k][p], a[k][q]
            a[k][p] = a[p][k] = c * x - s * y
            a[k][q] = a[q][k] = s * x + c * y
    a[p][p] = a[p][p] - t * b
    a[q][q] = a[q][q] + t * b
    a[p][q] = a[q][p] = 0


def greatest(values: list[Any], traces: Traces, name: str = "max") -> Any:
    top = values[0]
    for value in values[1:]:
        top = traces.builder.op(name, top, value)
    return top


def _gram(rows: Rows) -> Rows:
    turned = matrices.transpose(rows)
    return matrices.product(turned, rows) if len(rows[0]) <= len(rows) else matrices.product(rows, turned)


def spectral_norm(rows: Rows, numbers: Numbers, traces: Traces) -> Any:
    if min(len(rows), len(rows[0])) == 1:
        flat = [x for row in rows for x in row]
        return numbers.power(matrices.dot(flat, flat), fmpq(1, 2))
    return traces.root(greatest(symmetric_eigenvalues(_gram(rows), traces), traces))


def nuclear_norm(rows: Rows, numbers: Numbers, traces: Traces) -> Any:
    total: Any = 0
    for value in symmetric_eigenvalues(_gram(rows), traces):
        total = total + traces.root(traces.builder.op("max", value, 0))
    return total


def exponential(rows: Rows, numbers: Numbers) -> Rows:
    """(Taylor's polynomial of A / 2^s) squared s times."""
    n = len(rows)
    small = [[x * fmpq(1, 2**_HALVINGS) for x in row] for row in rows]
    term = result = matrices.identity(n)
    for k in range(1, _TERMS + 1):
        term = [[x * fmpq(1, k) for x in row] for row in matrices.product(term, small)]
        result = [[x + y for x, y in zip(a, b, strict=True)] for a, b in zip(result, term, strict=True)]
    for _ in range(_HALVINGS):
        result = matrices.product(result, result)
    return result


def operation(name: str, rows: Rows, numbers: Numbers, traces: Traces, exponent: int = 0) -> Any:
    """A matrix operation by its name (terms/node.py): a number, or all entries."""
    if name in ("inverse", "det", "power", "exp", "eigmax", "eigmin", "cond") and len(rows) != len(rows[0]):
        raise Undefined("an operation of square matrices on one that is not square")
    if name == "inverse":
        return eliminated(rows, numbers)[1]
    if name == "det":
        return determinant(rows, numbers)
    if name == "power":
        base = rows if exponent >= 0 else eliminated(rows, numbers)[1]
        return matrices.whole_power(base, abs(exponent), numbers)
    if name == "exp":
        return exponential(rows, numbers)
    if name == "norm2":
        return spectral_norm(rows, numbers, traces)
    if name == "nuclear":
        return nuclear_norm(rows, numbers, traces)
    if name in ("eigmax", "eigmin"):
        return greatest(symmetric_eigenvalues(rows, traces), traces, name[3:])
    if name == "cond":
        inverse = eliminated(rows, numbers)[1]
        return spectral_norm(rows, numbers, traces) * spectral_norm(inverse, numbers, traces)
    raise Unsupported(f"the matrix operation {name} in bulk")
