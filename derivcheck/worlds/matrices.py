"""Operations on whole matrices: exact on rationals, enclosures on balls, elimination on layered numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

from flint import acb, acb_mat, arb, arb_mat, fmpq, fmpq_mat

from derivcheck.worlds.arithmetic import Number, is_exact, tidy
from derivcheck.worlds.errors import Undefined, Undetermined, Unsupported
from derivcheck.worlds.layers import Dual, Layered, Numbers, Poly

Rows = list[list[Number]]


def _kind(rows: Rows) -> str:
    """'exact', 'balls', 'floats' or 'layered': what the entries are."""
    kinds = {
        "layered" if isinstance(x, Layered) else "floats" if isinstance(x, float) else
        "exact" if is_exact(x) else "balls"
        for row in rows
        for x in row
    }
    for kind in ("layered", "floats", "balls"):
        if kind in kinds:
            return kind
    return "exact"


def _rational(rows: Rows) -> fmpq_mat:
    return fmpq_mat(len(rows), len(rows[0]), [fmpq(x) if isinstance(x, int) else x for row in rows for x in row])


def _balls(rows: Rows) -> arb_mat:
    return arb_mat([[arb(x) for x in row] for row in rows])


def _rows(matrix: Any) -> Rows:
    return [[tidy(x) for x in row] for row in matrix.tolist()]


def identity(n: int) -> Rows:
    return [[int(i == j) for j in range(n)] for i in range(n)]


def transpose(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def product(a: Rows, b: Rows) -> Rows:
    columns = transpose(b)
    return [[dot(row, column) for column in columns] for row in a]


def dot(u: list[Number], v: list[Number]) -> Number:
    total: Number = 0
    for x, y in zip(u, v, strict=True):
        total = total + x * y
    return total


def _square(rows: Rows) -> int:
    n = len(rows)
    if any(len(row) != n for row in rows):
        raise Undefined("an operation of square matrices on one that is not square")
    return n


def det(rows: Rows, numbers: Numbers) -> Number:
    n = _square(rows)
    kind = _kind(rows)
    if n == 0:
        return 1
    if kind == "exact":
        return tidy(_rational(rows).det())
    if kind == "balls":
        return _balls(rows).det()
    if n <= 4 or any(isinstance(x, Poly) for row in rows for x in row):
        return _leibniz(rows)
    return eliminate(rows, numbers)[0]


def _leibniz(rows: Rows) -> Number:
    """The determinant as a sum over permutations: needs no division."""
    n = len(rows)
    if n > 6:
        raise Unsupported("the determinant of a large matrix of random entries")
    total: Number = 0
    for order in permutations(range(n)):
        swaps = sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
        term: Number = -1 if swaps % 2 else 1
        for i, j in enumerate(order):
            term = term * rows[i][j]
        total = total + term
    return total


def inverse(rows: Rows, numbers: Numbers) -> Rows:
    _square(rows)
    kind = _kind(rows)
    try:
        if kind == "exact":
            return _rows(_rational(rows).inv())
        if kind == "balls":
            return _rows(_balls(rows).inv())
    except ZeroDivisionError:
        if kind == "exact":
            raise Undefined("the inverse of a singular matrix") from None
        raise Undetermined("the inverse of a matrix that may be singular") from None
    return eliminate(rows, numbers)[1]


def eliminate(
    rows: Rows, numbers: Numbers, nonzero: Callable[[Number, Numbers], bool] | None = None
) -> tuple[Number, Rows]:
    """Determinant and inverse by Gauss-Jordan elimination, pivoting on the first entry that is certainly not zero
    (or that `nonzero` takes for such)."""
    nonzero = nonzero or _nonzero
    n = len(rows)
    work = [[*row, *unit] for row, unit in zip(rows, identity(n), strict=True)]
    value: Number = 1
    for k in range(n):
        at = next((i for i in range(k, n) if nonzero(work[i][k], numbers)), None)
        if at is None:
            raise Undefined("the inverse of a singular matrix")
        if at != k:
            work[k], work[at] = work[at], work[k]
            value = value * -1
        pivot = work[k][k]
        value = value * pivot
        scale = numbers.divide(1, pivot)
        work[k] = [x * scale for x in work[k]]
        for i in range(n):
            if i != k and not numbers.is_zero(work[i][k]):
                factor = work[i][k]
                work[i] = [x - factor * y for x, y in zip(work[i], work[k], strict=True)]
    return value, [row[n:] for row in work]


def _nonzero(x: Number, numbers: Numbers) -> bool:
    while isinstance(x, Layered):
        if isinstance(x, Poly):
            raise Unsupported("the inverse of a matrix of random entries")
        if not isinstance(x, Dual):  # a residue
            return x.nonzero  # type: ignore[attr-defined]
        x = x.primal
    return numbers.base.sign(x) != 0


def whole_power(rows: Rows, n: int, numbers: Numbers) -> Rows:
    size = _square(rows)
    if n < 0:
        return whole_power(inverse(rows, numbers), -n, numbers)
    if n > 1000:
        raise Unsupported("a high power of a matrix")
    result, square = identity(size), rows
    while n:
        if n & 1:
            result = product(result, square)
        n >>= 1
        if n:
            square = product(square, square)
    return result


def real_power(rows: Rows, exponent: Any, numbers: Numbers) -> Rows:
    """A root of a matrix: of a diagonal one entry by entry, else of a symmetric one with positive eigenvalues."""
    n = _square(rows)
    if all(is_exact(rows[i][j]) and rows[i][j] == 0 for i in range(n) for j in range(n) if i != j):
        return [[numbers.power(rows[i][i], exponent) if i == j else 0 for j in range(n)] for i in range(n)]
    if _kind(rows) not in ("exact", "balls"):
        raise Unsupported("a root of a matrix here")
    _symmetric(rows, numbers)
    matrix: Any = acb_mat(_balls(rows))
    try:
        values, basis = matrix.eig(right=True)
    except ValueError:
        raise Undetermined("eigenvalues that this precision does not separate") from None
    if any(value.real < 0 for value in values):
        raise Undefined("a root of a matrix with a negative eigenvalue")
    if not all(value.real > 0 for value in values):
        raise Undetermined("a root of a matrix with an eigenvalue that may be 0")
    roots: Any = acb_mat(n, n)
    for k, value in enumerate(values):
        roots[k, k] = acb(value.real ** arb(exponent))
    return [[x.real for x in row] for row in (basis * roots * basis.inv()).tolist()]


def exponential(rows: Rows, numbers: Numbers) -> Rows:
    """e^A; of a matrix of dual numbers by the block matrix [[A, B], [0, A]] (Najfeld and Havel, 1995)."""
    n = _square(rows)
    kind = _kind(rows)
    if kind in ("exact", "balls"):
        if all(is_exact(x) and x == 0 for row in rows for x in row):
            return identity(n)
        return [list(row) for row in _balls(rows).exp().tolist()]
    if kind == "floats":
        return [[numbers.to_float(x) for x in row] for row in exponential([[arb(x) for x in r] for r in rows], numbers)]
    from derivcheck.worlds.layers import Dual, dual, split

    level = max(x.level for row in rows for x in row if isinstance(x, Layered))
    if any(isinstance(x, Layered) and not isinstance(x, Dual) for row in rows for x in row):
        raise Unsupported("the exponential of a matrix of random entries")
    pairs = [[split(x, level) for x in row] for row in rows]
    block = [[p for p, _ in row] + [t for _, t in row] for row in pairs]
    block += [[0] * n + [p for p, _ in row] for row in pairs]
    big = exponential(block, numbers)
    return [[dual(level, big[i][j], big[i][n + j]) for j in range(n)] for i in range(n)]


def rank(rows: Rows, numbers: Numbers) -> Number:
    if _kind(rows) == "exact":
        return int(_rational(rows).rank())
    if _kind(rows) == "floats":
        import numpy as np

        return int(np.linalg.matrix_rank(np.array(rows, dtype=float)))
    raise Unsupported("the rank of a matrix of irrational numbers")


def pseudo_inverse(rows: Rows, numbers: Numbers) -> Rows:
    """Of a rational matrix A = C F of full-rank factors (from the reduced row echelon form):
    F^T (F F^T)^{-1} (C^T C)^{-1} C^T."""
    if _kind(rows) != "exact":
        raise Unsupported("the pseudo-inverse of a matrix of irrational numbers")
    echelon, r = _rational(rows).rref()
    if r == 0:
        return [[0] * len(rows) for _ in rows[0]]
    full = _rows(echelon)[: int(r)]
    pivots = [next(j for j, x in enumerate(row) if x != 0) for row in full]
    c = [[row[j] for j in pivots] for row in rows]
    ct, ft = transpose(c), transpose(full)
    left = product(ft, inverse(product(full, ft), numbers))
    return product(left, product(inverse(product(ct, c), numbers), ct))


def eigenvalues(rows: Rows) -> list[arb]:
    """Of a symmetric matrix, with multiplicity, ascending: certified enclosures."""
    n = _square(rows)
    if n == 0:
        return []
    if _kind(rows) == "exact":
        found: list[arb] = []
        roots: Any = _rational(rows).charpoly().complex_roots()
        for root, multiplicity in roots:
            found += [root.real] * int(multiplicity)
        return sorted(found, key=lambda x: float(x.mid()))
    return sorted((x.real for x in _complex_eigenvalues(rows)), key=lambda x: float(x.mid()))


def _complex_eigenvalues(rows: Rows) -> list[Any]:
    """Certified enclosures of all eigenvalues; the second algorithm copes with repeated ones."""
    matrix: Any = acb_mat(_balls(rows))
    try:
        return list(matrix.eig())
    except ValueError:
        pass
    try:
        return list(matrix.eig(multiple=True))
    except ValueError:
        raise Undetermined("eigenvalues that this precision does not separate") from None


def _greatest(values: list[arb]) -> arb:
    """An enclosure of the greatest: the balls may overlap."""
    top = values[0]
    for value in values[1:]:
        top = top.max(value)
    return top


def _symmetric(rows: Rows, numbers: Numbers) -> None:
    n = _square(rows)
    for i in range(n):
        for j in range(i):
            d = rows[i][j] - rows[j][i]
            if is_exact(d):
                if d != 0:
                    raise Undefined("an eigenvalue in order of a matrix that is not symmetric")
            elif not d.contains(0):
                raise Undefined("an eigenvalue in order of a matrix that is not symmetric")


def _plain(rows: Rows, name: str) -> Rows:
    kind = _kind(rows)
    if kind == "layered":
        raise Unsupported(f"the derivative or expectation of {name}")
    return [[arb(x) for x in row] for row in rows] if kind == "floats" else rows


def _top_of_gram(rows: Rows) -> arb:
    """The greatest eigenvalue of A^T A, by the smaller of the two Gram matrices."""
    gram = product(transpose(rows), rows) if len(rows[0]) <= len(rows) else product(rows, transpose(rows))
    return _greatest(eigenvalues(gram))


def _root(x: arb) -> arb:
    return x.nonnegative_part().sqrt()


def norm2(rows: Rows, numbers: Numbers) -> Number:
    """The spectral norm: the root of the greatest eigenvalue of the Gram matrix."""
    if not rows or not rows[0]:
        return 0
    if min(len(rows), len(rows[0])) == 1:
        flat = [x for row in rows for x in row]
        return numbers.power(dot(flat, flat), fmpq(1, 2))
    return _as_kind(_root(_top_of_gram(_plain(rows, "a spectral norm"))), rows, numbers)


def _as_kind(value: arb, rows: Rows, numbers: Numbers) -> Number:
    return float(value) if _kind(rows) == "floats" else value


def nuclear(rows: Rows, numbers: Numbers) -> Number:
    plain = _plain(rows, "a nuclear norm")
    gram = product(transpose(plain), plain) if len(rows[0]) <= len(rows) else product(plain, transpose(plain))
    total = arb(0)
    for value in eigenvalues(gram):
        total = total + _root(value)
    return _as_kind(total, rows, numbers)


def eigmax(rows: Rows, numbers: Numbers) -> Number:
    plain = _plain(rows, "an eigenvalue")
    _symmetric(plain, numbers)
    return _as_kind(_greatest(eigenvalues(plain)), rows, numbers)


def eigmin(rows: Rows, numbers: Numbers) -> Number:
    plain = _plain(rows, "an eigenvalue")
    _symmetric(plain, numbers)
    return _as_kind(-_greatest([-x for x in eigenvalues(plain)]), rows, numbers)


def radius(rows: Rows, numbers: Numbers) -> Number:
    """The spectral radius: the greatest modulus of an eigenvalue."""
    _square(rows)
    plain = _plain(rows, "a spectral radius")
    if _kind(plain) == "exact":
        roots: Any = _rational(plain).charpoly().complex_roots()
        moduli = [abs(root) for root, _ in roots]
    else:
        moduli = [abs(x) for x in _complex_eigenvalues(plain)]
    return _as_kind(_greatest([arb(0), *map(arb, moduli)]), rows, numbers)


def cond(rows: Rows, numbers: Numbers) -> Number:
    return norm2(rows, numbers) * norm2(inverse(rows, numbers), numbers)


def definite(rows: Rows, numbers: Numbers, strict: bool) -> bool:
    """Whether a symmetric matrix is positive definite (semidefinite), by the signs of elimination's pivots."""
    n = _square(rows)
    work = [list(row) for row in rows]
    for k in range(n):
        sign = numbers.sign(work[k][k])
        if sign < 0 or (strict and sign == 0):
            return False
        if sign == 0:
            if any(numbers.sign(work[k][j]) != 0 for j in range(k + 1, n)):
                return False
            continue
        for i in range(k + 1, n):
            factor = numbers.divide(work[i][k], work[k][k])
            work[i] = [x - factor * y for x, y in zip(work[i], work[k], strict=True)]
    return True


TO_NUMBER: dict[str, Callable[[Rows, Numbers], Number]] = {
    "det": det, "rank": rank, "norm2": norm2, "nuclear": nuclear, "eigmax": eigmax, "eigmin": eigmin,
    "radius": radius, "cond": cond,
}
TO_MATRIX: dict[str, Callable[[Rows, Numbers], Rows]] = {
    "inverse": inverse, "exp": exponential, "pinv": pseudo_inverse,
}
