"""Infinite sums with powers of a matrix in them (`\\sum_k A^k`, `\\sum_k \\gamma^k P^k r`): each entry of a power is at
most C r^k, which bounds the rest of the sum."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from derivcheck.terms.build import add, mul, number
from derivcheck.terms.integers import affine
from derivcheck.terms.node import Add, Index, MatrixOp, Mul, Number, Power, Reduce, Term, Var, substitute, walk
from derivcheck.worlds import matrices
from derivcheck.worlds.errors import NotSeen

if TYPE_CHECKING:
    from derivcheck.worlds.scenes import Env, Scene

_POWERS = 64
_SOON = 16
_LEAST = Fraction(1, 1000)
_ABOVE = 1 + Fraction(1, 10**9)  # more than what is lost in floats


def has_powers(term: Term, index: Index) -> bool:
    """Whether a matrix stands to a power that depends on the index of the sum."""
    return any(isinstance(t, MatrixOp) and index in t.free for t in walk(term))


def majorant(scene: Scene, term: Term, index: Index, env: Env) -> Term:
    """A term that is nowhere less than the absolute value of this one, without powers of matrices."""
    if not has_powers(term, index):
        return term
    match term:
        case Add(args) | Mul(args):
            return type(term)(tuple(majorant(scene, a, index, env) for a in args))
        case Reduce(kind="sum", where=None) if index not in term.lower.free | term.upper.free:
            places = scene.span(term.lower, term.upper, env)
            inside = (substitute(term.body, {term.index: number(k)}) for k in places)
            return add(*(majorant(scene, t, index, env) for t in inside))
        case MatrixOp("power", params=(exponent,)) if index not in term.body.free:
            if _rises(exponent, index):
                factor, rate = _growth(scene.matrix(term.rows, term.cols, term.body, env))
                return mul(Number(factor), Power(Number(rate), exponent))
    raise NotSeen("a sum or integral that is not seen to converge")


def _rises(exponent: Term, index: Index) -> bool:
    """k, k - 1, 2k + 1, ...: not below 0 where the rest of a sum begins."""
    parts = affine(exponent)
    slope = parts.pop(Var(index), Fraction(0))
    return slope >= 1 and parts.keys() <= {1} and parts.get(1, Fraction(0)) >= -_SOON


def _growth(rows: list[list[Any]]) -> tuple[Fraction, Fraction]:
    """C and r with |entry of A^k| <= C r^k for all k >= 0, from the norms of the first powers: A^{m q + j} is at most
    |A^m|^q |A^j|."""
    size = len(rows)
    balls = [[arb(x) for x in row] for row in rows]
    norms, power = [Fraction(1)], matrices.identity(size)
    for _ in range(_POWERS):
        power = matrices.product(power, balls)
        norms.append(max(_above(sum((abs(x) for x in row), start=arb(0))) for row in power))
    rate, m = min((_root(norm, m), m) for m, norm in enumerate(norms) if m > 0)
    return max(_ABOVE * norms[j] / rate**j for j in range(m)), rate


def _above(x: arb) -> Fraction:
    top = float(x.upper())
    if not top < 1e300:
        raise NotSeen("a sum or integral that is not seen to converge")
    return Fraction(top) * _ABOVE


def _root(x: Fraction, m: int) -> Fraction:
    return max(_LEAST, (Fraction(float(x) ** (1 / m)) * _ABOVE).limit_denominator(10**6) + Fraction(1, 10**6))
