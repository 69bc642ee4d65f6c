"""Equations between the givens, met by solving: where an assumed equality is affine in the entries of one symbol
(all else at its drawn values), those entries are moved onto the solution set exactly, as near to the draw as
the choice of pivots lets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq, fmpq_mat

from derivcheck.terms.model import Claim
from derivcheck.worlds.arithmetic import is_exact, tidy
from derivcheck.worlds.dependence import speaks_of_indices
from derivcheck.worlds.errors import NoValue, Unsupported
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.layers import Poly, generator
from derivcheck.worlds.points import applies, at_entry, entries, settings
from derivcheck.worlds.scenes import Place, Scene
from derivcheck.worlds.world import World

_MOST = 120  # unknowns or equations


class Inconsistent(Exception):
    """The equations have no solution at these values of the other symbols."""


class Unknown(Scene):
    """The free entries of one symbol as the unknowns (of a matrix with `row`, those of that row)."""

    def __init__(self, evaluator: Evaluator, symbol: str, row: int | None = None) -> None:
        super().__init__(evaluator, evaluator.root, frozenset((symbol,)))
        self.symbol = symbol
        self.row = row
        self.used: dict[Place, None] = {}

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        if symbol != self.symbol or (self.row is not None and at[0] != self.row):
            return None
        declaration = self.evaluator.model.declarations[symbol]
        self._in_range(declaration, at)
        if self._definition(declaration, at) is not None and symbol not in self.evaluator.world.fixed:
            return None
        self.used[(symbol, at)] = None
        return generator(self.level, (symbol, at))


def solved(evaluator: Evaluator, claims: Sequence[Claim], symbol: str, row: int | None = None) -> World | None:
    """The world with the entries of `symbol` (of one row: a determinant is affine in it) moved so that the equalities
    hold; None where they are not affine in them. Raises Inconsistent where they are, and have no solution."""
    scene = Unknown(evaluator, symbol, row)
    try:
        with evaluator.arithmetic.active():
            rows = [row for claim in claims for row in residuals(claim, evaluator, scene)]
    except NoValue:
        return None
    unknowns = list(scene.used)
    if not unknowns or len(unknowns) > _MOST or len(rows) > 4 * _MOST:
        return None
    table = [_affine(row, scene.level, unknowns) for row in rows]
    if any(line is None for line in table):
        return None
    matrix = [line for line in table if line is not None and any(x != 0 for x in line)]
    return _moved(evaluator.world, evaluator, unknowns, matrix)


def residuals(claim: Claim, evaluator: Evaluator, scene: Scene) -> list[Any]:
    """Left less right of an equation, at every entry and every value of its parameters."""
    out = []
    if not all(speaks_of_indices(condition) for condition in claim.given):
        raise Unsupported("an equation under a condition on values")
    for env in settings(claim, evaluator):
        for entry in entries(claim, evaluator) if applies(claim, env, evaluator) else ():
            left = scene.value(claim.left.body, at_entry(claim.left.axes, entry, env))
            right = scene.value(claim.right.body, at_entry(claim.right.axes, entry, env))
            out.append(left - right)
            if len(out) > 4 * _MOST:
                raise Unsupported("an assumption with too many entries")
    return out


def _affine(value: Any, level: int, unknowns: list[Place]) -> list[Any] | None:
    """Coefficients of the unknowns, then minus the constant; None where it is not affine with exact coefficients."""
    if not isinstance(value, Poly) or value.level != level:
        return [*([fmpq(0)] * len(unknowns)), fmpq(0) - value] if is_exact(value) else None
    line = [fmpq(0)] * (len(unknowns) + 1)
    for (mono, exps), c in value.terms.items():
        if exps or not is_exact(c) or len(mono) > 1 or (mono and mono[0][1] != 1):
            return None
        if mono:
            line[unknowns.index(mono[0][0])] += c
        else:
            line[-1] -= c
    return line


def _moved(world: World, evaluator: Evaluator, unknowns: list[Place], matrix: list[list[Any]]) -> World:
    members = len(evaluator.model.declarations[unknowns[0][0]].family)
    order = list(range(len(unknowns)))
    world.rng("pivots").shuffle(order)
    current = {p: world.block((p[0], p[1][:members]))[p[1][members:]] for p in unknowns}
    values = dict(current)
    if matrix:
        flat = [fmpq(line[k]) for line in matrix for k in [*order, -1]]
        echelon, rank = fmpq_mat(len(matrix), len(unknowns) + 1, flat).rref()
        rows = echelon.tolist()[: int(rank)]
        for row in reversed(rows):
            pivot = next(k for k, x in enumerate(row) if x != 0)
            if pivot == len(unknowns):
                raise Inconsistent
            rest = sum((row[k] * values[unknowns[order[k]]] for k in range(pivot + 1, len(unknowns))), start=fmpq(0))
            values[unknowns[order[pivot]]] = tidy(row[-1] - rest)
    changed: dict[tuple[str, tuple[int, ...]], dict[tuple[int, ...], Any]] = {}
    for place, value in values.items():
        block = (place[0], place[1][:members])
        changed.setdefault(block, dict(world.block(block)))[place[1][members:]] = value
    for block, entries_ in changed.items():
        world = world.moved(block, entries_)
    return world
