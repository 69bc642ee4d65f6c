"""What JAX compiles: the forward run, its derivative (JAX's own rule for each operation, chained backwards over the
registers), and gradient ascent. Each is a function of arrays alone; the arrays are the programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from derivcheck.bulk.operations import NAMES, TABLE, Maths
from derivcheck.bulk.program import WIDTH

Array = Any
Rule = Callable[[Array, Array, Array], Array]


class Code(NamedTuple):
    """The steps of programs, one program after the other: operation, lanes in use, operands, immediate numbers."""

    op: Array
    used: Array
    left: Array
    right: Array
    number: Array


def _rows(registers: Array, at: Array) -> Array:
    return registers.at[at].get(mode="promise_in_bounds")


def _row(registers: Array, at: Array) -> Array:
    return lax.dynamic_slice_in_dim(registers, at, 1)


def _bundle(rule: Rule, lanes: bool) -> Callable[..., Array]:
    """One step: an operation on the rows that its lanes name. On a CPU row by row, as many as there are, where whole
    rows are copied fast and a gather is slow; on a GPU all at once."""

    def by_lane(registers: Array, left: Array, right: Array, number: Array, used: Array) -> Array:
        def lane(w: Array, block: Array) -> Array:
            value = rule(_row(registers, left[w]), _row(registers, right[w]), number[w])
            return lax.dynamic_update_slice_in_dim(block, value, w, 0)

        return lax.fori_loop(0, used, lane, jnp.zeros((WIDTH, registers.shape[1])))

    def at_once(registers: Array, left: Array, right: Array, number: Array, used: Array) -> Array:
        return rule(_rows(registers, left), _rows(registers, right), number[:, None])

    return by_lane if lanes else at_once


def _rules(maths: Maths) -> list[Rule]:
    def const(x: Array, y: Array, number: Array) -> Array:
        return jnp.zeros_like(x) + number

    return [const, *(lambda x, y, number, name=name: TABLE[name](maths, x, y) for name in NAMES[1:])]


def _forward_run(maths: Maths, inputs: int, lanes: bool) -> Callable[..., Array]:
    """All registers after the steps of one program."""
    table = [_bundle(rule, lanes) for rule in _rules(maths)]

    def run(code: Code, first: Array, count: Array, registers: Array) -> Array:
        def step(k: Array, registers: Array) -> Array:
            s = first + k
            block = lax.switch(code.op[s], table, registers, code.left[s], code.right[s], code.number[s], code.used[s])
            return lax.dynamic_update_slice_in_dim(registers, block, inputs + k * WIDTH, 0)

        return lax.fori_loop(0, count, step, registers)

    return run


def _empty(inputs: int, steps: int, noise: Array) -> Array:
    return jnp.concatenate([noise, jnp.zeros((steps * WIDTH, noise.shape[1]))])


def forward(maths: Maths, inputs: int, steps: int, lanes: bool) -> Callable[..., Array]:
    """Outputs of many programs at the same noise. The registers are carried from one program to the next: every
    register that a program reads it has written before (or it is noise)."""
    run = _forward_run(maths, inputs, lanes)

    def all_programs(code: Code, first: Array, count: Array, outputs: Array, noise: Array) -> Array:
        def one(registers: Array, program: Any) -> tuple[Array, Array]:
            first, count, out = program
            registers = run(code, first, count, registers)
            return registers, _rows(registers, out)

        return lax.scan(one, _empty(inputs, steps, noise), (first, count, outputs))[1]

    return all_programs


def _slopes(rule: Rule, lanes: bool) -> Callable[..., Any]:
    """JAX's derivative of one step: what flows down to the left and to the right operand of each lane."""

    def pulled(x: Array, y: Array, number: Array, above: Array) -> Any:
        dx, dy = jax.vjp(lambda x, y: rule(x, y, number), x, y)[1](above)
        # where nothing flows down, an infinite slope must not make nan of it
        return jnp.where(above == 0, 0.0, dx), jnp.where(above == 0, 0.0, dy)

    def by_lane(registers: Array, left: Array, right: Array, number: Array, used: Array, above: Array) -> Any:
        def lane(w: Array, blocks: Any) -> Any:
            slopes = pulled(_row(registers, left[w]), _row(registers, right[w]), number[w], _row(above, w))
            return tuple(lax.dynamic_update_slice_in_dim(b, d, w, 0) for b, d in zip(blocks, slopes, strict=True))

        empty = jnp.zeros((WIDTH, registers.shape[1]))
        return lax.fori_loop(0, used, lane, (empty, empty))

    def at_once(registers: Array, left: Array, right: Array, number: Array, used: Array, above: Array) -> Any:
        kept = jnp.where((jnp.arange(WIDTH) < used)[:, None], above, 0.0)
        return pulled(_rows(registers, left), _rows(registers, right), number[:, None], kept)

    return by_lane if lanes else at_once


def _backward_run(maths: Maths, inputs: int, lanes: bool) -> Callable[..., Array]:
    """The derivative of what `adjoint` weighs by every register."""
    table = [_slopes(rule, lanes) for rule in _rules(maths)]

    def back(code: Code, first: Array, count: Array, live: Array, registers: Array, adjoint: Array) -> Array:
        def step(k: Array, adjoint: Array) -> Array:
            s, place = first + count - 1 - k, inputs + (count - 1 - k) * WIDTH
            left, right = code.left[s], code.right[s]
            above = lax.dynamic_slice_in_dim(adjoint, place, WIDTH)
            above = above * lax.dynamic_slice_in_dim(live, place, WIDTH)[:, None]
            dx, dy = lax.switch(code.op[s], table, registers, left, right, code.number[s], code.used[s], above)
            if not lanes:
                return adjoint.at[left].add(dx).at[right].add(dy)

            def lane(w: Array, adjoint: Array) -> Array:
                for at, slope in ((left[w], dx), (right[w], dy)):
                    adjoint = lax.dynamic_update_slice_in_dim(adjoint, _row(adjoint, at) + _row(slope, w), at, 0)
                return adjoint

            return lax.fori_loop(0, code.used[s], lane, adjoint)

        return lax.fori_loop(0, count, step, adjoint)

    return back


def gradient(maths: Maths, inputs: int, steps: int, lanes: bool) -> Callable[..., Array]:
    run, back = _forward_run(maths, inputs, lanes), _backward_run(maths, inputs, lanes)

    def one(code: Code, first: Array, count: Array, seed: Array, live: Array, noise: Array) -> Array:
        registers = run(code, first, count, _empty(inputs, steps, noise))
        adjoint = jnp.zeros_like(registers).at[seed].set(1.0)
        return back(code, first, count, live, registers, adjoint)

    return one


def ascent(maths: Maths, inputs: int, steps: int, rounds: int, lanes: bool) -> Callable[..., Any]:
    """Ascent by Adam's normalised steps from every point, shorter and shorter; the best point met is kept."""
    run, back = _forward_run(maths, inputs, lanes), _backward_run(maths, inputs, lanes)

    def one(code: Code, first: Array, count: Array, out: Array, noise: Array) -> tuple[Array, Array]:
        live = jnp.ones(inputs + steps * WIDTH)

        def climb(k: Array, state: Any) -> Any:
            here, mean, square, best, where, registers = state
            registers = run(code, first, count, lax.dynamic_update_slice_in_dim(registers, here, 0, 0))
            value = registers[out]
            better = value > best
            best, where = jnp.where(better, value, best), jnp.where(better, here, where)
            adjoint = jnp.zeros_like(registers).at[out].set(1.0)
            slope = back(code, first, count, live, registers, adjoint)[:inputs]
            slope = jnp.where(jnp.isfinite(slope), slope, 0.0)
            mean = 0.8 * mean + 0.2 * slope
            square = 0.95 * square + 0.05 * (slope**2).max(axis=0)
            rate = 0.3 * (0.02 ** (k / rounds))
            return here + rate * mean / jnp.sqrt(square + 1e-24), mean, square, best, where, registers

        nothing = jnp.full(noise.shape[1], -jnp.inf)
        start = (noise, jnp.zeros_like(noise), jnp.zeros(noise.shape[1]), nothing, noise, _empty(inputs, steps, noise))
        state = lax.fori_loop(0, rounds, climb, start)
        return state[3], state[4]

    def all_programs(code: Code, first: Array, count: Array, out: Array, noise: Array) -> tuple[Array, Array]:
        return lax.map(lambda p: one(code, p[0], p[1], p[2], noise), (first, count, out))

    return all_programs
