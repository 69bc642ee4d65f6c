"""Square matrices made from their eigenvalues: those that meet a polynomial equation (`A^2 = A`, `N^3 = 0`,
`J^2 = -I`, `A^2 - 3A + 2I = 0`), those that share a basis (`PQ = QP`, `PQ = 0`), and the special ones among which an
equation between several (`AB - BA = A`, `ABA = A`) has solutions that free values do not show."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from flint import fmpq, fmpq_poly

from derivcheck.record import dataclass
from derivcheck.terms.model import Claim
from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import Balls, is_exact, tidy
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.layers import Numbers, Poly, generator
from derivcheck.worlds.linear import Unknown, residuals
from derivcheck.worlds.makers import in_values, orthogonal, unimodular
from derivcheck.worlds.world import Block, Maker, World

Grid = list[list[Any]]
Basis = Callable[[World, Block, random.Random, int], Grid]
_NUMBERS = Numbers(Balls())
_HIGHEST = 6  # degree of a polynomial


# The polynomial ---------------------------------------------------------------------------------------------------


class _Multiple(Unknown):
    """One square matrix as x I, with the one unknown x."""

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        if symbol != self.symbol:
            return None
        return generator(self.level, (symbol, (1, 1))) if at[0] == at[1] else 0


def annihilator(evaluator: Evaluator, claims: Sequence[Claim], symbol: str) -> Any | None:
    """What equations of one square matrix say of its eigenvalues: the polynomial p with p(x) = 0 where x I meets them;
    None where they say nothing, or are no polynomial. Equations of numbers (`\\det A = 1`) and those that only one
    multiple of I meets (`A^\\top = -A`) say more than that of other matrices, and are left out."""
    found = fmpq_poly([0])
    for claim in (c for c in claims if len(c.left.axes) == 2):
        part = _of_claim(evaluator, claim, symbol)
        if part is None:
            return None
        if part.degree() > 1:
            found = found.gcd(part)
    return found if 1 <= found.degree() <= _HIGHEST else None


def _of_claim(evaluator: Evaluator, claim: Claim, symbol: str) -> Any | None:
    found = fmpq_poly([0])
    try:
        with evaluator.arithmetic.active():
            for value in residuals(claim, evaluator, _Multiple(evaluator, symbol)):
                part = _polynomial(value)
                if part is None:
                    return None
                found = found.gcd(part)
    except NoValue:
        return None
    return found


def _polynomial(value: Any) -> Any | None:
    if not isinstance(value, Poly):
        return fmpq_poly([value]) if is_exact(value) else None
    coefficients: dict[int, Any] = {}
    for (mono, exps), c in value.terms.items():
        if exps or not is_exact(c) or len(mono) > 1:
            return None
        coefficients[mono[0][1] if mono else 0] = c
    if max(coefficients, default=0) > _HIGHEST:
        return None
    return fmpq_poly([coefficients.get(k, 0) for k in range(max(coefficients, default=0) + 1)])


def pieces(polynomial: Any) -> list[Grid]:
    """The companion matrices of the powers of its irreducible factors: each matrix that the polynomial kills is similar
    to a block-diagonal one of these."""
    _, factors = polynomial.factor()
    return [_companion(factor**k) for factor, most in factors for k in range(1, most + 1)]


def _companion(polynomial: Any) -> Grid:
    monic = polynomial / polynomial.coeffs()[-1]
    n = monic.degree()
    last = [-c for c in monic.coeffs()[:n]]
    return [[int(i == j + 1) if j < n - 1 else tidy(last[i]) for j in range(n)] for i in range(n)]


# Makers -----------------------------------------------------------------------------------------------------------


def _own(world: World, block: Block, rng: random.Random, n: int) -> Grid:
    return unimodular(n, rng)


def _own_frame(world: World, block: Block, rng: random.Random, n: int) -> Grid:
    return orthogonal(n, world, rng)


def _shared(world: World, block: Block, rng: random.Random, n: int) -> Grid:
    """The same for every symbol of a world."""
    return unimodular(n, world.rng(f"basis {n} {world.salts.get(block[0], 0)}"))


def _shared_frame(world: World, block: Block, rng: random.Random, n: int) -> Grid:
    return orthogonal(n, world, world.rng(f"frame {n} {world.salts.get(block[0], 0)}"))


def _made(form: Callable[[int, World, random.Random], Grid], basis: Basis) -> Maker:
    """S F S^{-1} for the form F in a basis S."""

    def maker(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
        n, m = world.shape(block[0])
        if n != m:
            raise ValueError("not square")
        s = basis(world, block, rng, n)
        return in_values(matrices.product(matrices.product(s, form(n, world, rng)), matrices.inverse(s, _NUMBERS)))

    return maker


def _of_pieces(parts: Sequence[Grid]) -> Callable[[int, World, random.Random], Grid]:
    """Block-diagonal: each piece once, in any order, while there is room; then any that fit."""

    def form(n: int, world: World, rng: random.Random) -> Grid:
        rows = [[0] * n for _ in range(n)]
        waiting = rng.sample(list(parts), len(parts))
        start = 0
        while start < n:
            fitting = [p for p in waiting if len(p) <= n - start] or [p for p in parts if len(p) <= n - start]
            if not fitting:
                raise ValueError("no matrix of this size")
            piece = fitting[0] if waiting else rng.choice(fitting)
            waiting = [p for p in waiting if p is not piece]
            for i, row in enumerate(piece):
                rows[start + i][start : start + len(piece)] = row
            start += len(piece)
        return rows

    return form


def _diagonal(draw: Callable[[World, random.Random], Any]) -> Callable[[int, World, random.Random], Grid]:
    return lambda n, world, rng: [[draw(world, rng) if i == j else 0 for j in range(n)] for i in range(n)]


def _steps(n: int, world: World, rng: random.Random) -> Grid:
    return [[i if i == j else 0 for j in range(n)] for i in range(n)]


def _chain(n: int, world: World, rng: random.Random) -> Grid:
    return [[int(j == i + 1) for j in range(n)] for i in range(n)]


def _real(world: World, rng: random.Random) -> Any:
    return world.style.real(rng)


def _low_rank(world: World, block: Block, rng: random.Random) -> dict[tuple[int, ...], Any]:
    """Of rank 1."""
    n, m = world.shape(block[0])
    left, right = ([world.style.real(rng) for _ in range(k)] for k in (n, m))
    return in_values([[fmpq(x) * y for y in right] for x in left])


SHARING: tuple[Maker, ...] = (
    _made(_diagonal(_real), _shared), _made(_diagonal(_real), _shared_frame),
    _made(_diagonal(lambda world, rng: abs(_real(world, rng)) or 1), _shared_frame),
)  # fmt: skip
"""Matrices that commute: free eigenvalues in one basis of the world, real or positive ones in one frame of it."""


@dataclass(frozen=True, slots=True)
class Spectral:
    """Constructions of matrices that a polynomial kills: in any basis; in a frame (with multiples of any orthogonal
    matrix, where it is x^2 - c^2); in a basis or a frame that all symbols of a world share."""

    general: tuple[Maker, ...] = ()
    framed: tuple[Maker, ...] = ()
    shared: tuple[Maker, ...] = ()


def of_polynomial(polynomial: Any) -> Spectral:
    form = _of_pieces(pieces(polynomial))
    root = _root(polynomial)
    scaled = (_made(lambda n, world, rng: [[root * x for x in row] for row in orthogonal(n, world, rng)], _unit),)
    framed = (*(scaled if root is not None else ()), _made(form, _own_frame))
    return Spectral((_made(form, _own),), framed, (_made(form, _shared), _made(form, _shared_frame), *SHARING))


def _root(polynomial: Any) -> Any | None:
    """c, where the polynomial is a multiple of x^2 - c^2."""
    if polynomial.degree() != 2 or polynomial[1] != 0:
        return None
    square = -polynomial[0] / polynomial[2]
    return next((r for r, _ in fmpq_poly([-square, 0, 1]).roots() if r > 0), None)


def _unit(world: World, block: Block, rng: random.Random, n: int) -> Grid:
    return matrices.identity(n)


SPECIAL: tuple[Maker, ...] = (_made(_chain, _own), _made(_steps, _own), _low_rank)
"""Square matrices that free values never are: nilpotent of full order, with eigenvalues 0, 1, 2, ..., of rank 1."""
THIN: tuple[Maker, ...] = (_low_rank,)
