"""Matrix operations of the second evaluator, by mpmath's own algorithms (singular values, LU), none of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
from mpmath import mp, mpf


class NoRule(Exception):
    """No rule for this operation."""


def _values(a: Any) -> list[Any]:
    return sorted((abs(x) for x in mp.svd_r(a, compute_uv=False)), reverse=True)


def _rank(a: Any) -> int:
    found = _values(a)
    return sum(1 for x in found if x > mpf(10) ** -30 * max(1, found[0]))


def _pinv(a: Any) -> Any:
    u, s, v = mp.svd_r(a)
    least = mpf(10) ** -30 * max(1, s[0])
    turned = mpmath.diag([1 / x if x > least else mpf(0) for x in s])
    return v.T * turned * u.T


def _eigenvalues(a: Any) -> list[Any]:
    gap = max(abs(a[i, j] - a[j, i]) for i in range(a.rows) for j in range(a.cols))
    if gap > mpf(10) ** -30:
        raise NoRule("an eigenvalue of a matrix that is not symmetric")
    return sorted(mp.eigsy(a, eigvals_only=True))


def _det(a: Any) -> Any:
    try:
        return mp.det(a)
    except TypeError:  # mpmath finds no pivot in a column of zeros
        return mpf(0)


def _inverse(a: Any) -> Any:
    if abs(_det(a)) < mpf(10) ** -40:
        raise ZeroDivisionError
    return mp.inverse(a)


def _power(a: Any, exponent: int) -> Any:
    if abs(exponent) > 60:
        raise NoRule("a huge power")
    whole = mpmath.eye(a.rows)
    factor = _inverse(a) if exponent < 0 else a
    for _ in range(abs(exponent)):
        whole = whole * factor
    return whole


def _radius(a: Any) -> Any:
    return max(abs(x) for x in mp.eig(a, left=False, right=False))


def _cond(a: Any) -> Any:
    found = _values(a)
    if found[-1] < mpf(10) ** -40:
        raise ZeroDivisionError
    return found[0] / found[-1]


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "inverse": _inverse, "det": _det, "exp": lambda a: mp.expm(a), "norm2": lambda a: _values(a)[0],
    "nuclear": lambda a: sum(_values(a)), "rank": _rank, "eigmax": lambda a: _eigenvalues(a)[-1],
    "eigmin": lambda a: _eigenvalues(a)[0], "radius": _radius, "power": _power, "pinv": _pinv, "cond": _cond,
}  # fmt: skip


def operation(name: str, matrix: Any, params: tuple[int, ...]) -> Any:
    rule = _OPERATIONS.get(name)
    if rule is None:
        raise NoRule(f"the matrix operation {name}")
    if name in ("inverse", "det", "exp", "power", "radius") and matrix.rows != matrix.cols:
        raise ZeroDivisionError
    whole = mpmath.matrix([[mpf(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)])
    try:
        return rule(whole, *params)
    except (TypeError, ValueError, RuntimeError) as problem:
        raise NoRule(f"{name}: {problem}") from None
