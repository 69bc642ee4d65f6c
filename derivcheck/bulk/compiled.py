"""What JAX compiles: the forward run, its derivative (JAX's own rule for each operation, chained backwards over the
registers), and gradient ascent. Each is a function of arrays alone; the arrays are the programs.

A step applies one operation to `width` nodes. On a CPU the width is 1: whole rows are copied fast, and a gather is
slow. On a GPU it is that of the bundles: there each step costs a launch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from derivcheck.bulk.operations import NAMES, TABLE, Maths

Array = Any
Rule = Callable[[Array, Array, Array], Array]


class Code(NamedTuple):
    """The steps of programs, one program after the other: the operation, the register of the first result, how many
    nodes; the operands and immediate numbers of each node (steps x width)."""

    op: Array
    at: Array
    used: Array
    left: Array
    right: Array
    number: Array


class Size(NamedTuple):
    """The registers of a size class: inputs, then nodes (with room for the unused lanes of the last step)."""

    inputs: int
    nodes: int
    width: int


def _rows(registers: Array, at: Array) -> Array:
    if at.shape[0] == 1:
        return lax.dynamic_slice_in_dim(registers, at[0], 1)
    return registers.at[at].get(mode="promise_in_bounds")


def _rules(maths: Maths) -> list[Rule]:
    def const(x: Array, y: Array, number: Array) -> Array:
        return jnp.zeros_like(x) + number

    return [const, *(lambda x, y, number, name=name: TABLE[name](maths, x, y) for name in NAMES[1:])]


def _forward_run(maths: Maths, inputs: int) -> Callable[..., Array]:
    """All registers after the steps of one program. What unused lanes write is written again by the steps after."""
    table = _rules(maths)

    def run(code: Code, first: Array, count: Array, registers: Array) -> Array:
        def step(k: Array, registers: Array) -> Array:
            s = first + k
            at = inputs + k if code.left.shape[1] == 1 else code.at[s]
            x, y = _rows(registers, code.left[s]), _rows(registers, code.right[s])
            block = lax.switch(code.op[s], table, x, y, code.number[s][:, None])
            return lax.dynamic_update_slice_in_dim(registers, block, at, 0)

        return lax.fori_loop(0, count, step, registers)

    return run


def _empty(size: Size, noise: Array) -> Array:
    return jnp.concatenate([noise, jnp.zeros((size.nodes + size.width, noise.shape[1]))])


def forward(maths: Maths, size: Size) -> Callable[..., Array]:
    """Outputs of many programs at the same noise. The registers are carried from one program to the next, and out to
    the next call: every register that a program reads it has written before (or it is noise)."""
    run = _forward_run(maths, size.inputs)

    def all_programs(
        code: Code, first: Array, count: Array, outputs: Array, noise: Array, registers: Array
    ) -> tuple[Array, Array]:
        def one(registers: Array, program: Any) -> tuple[Array, Array]:
            first, count, out = program
            registers = run(code, first, count, registers)
            return registers, registers.at[out].get(mode="promise_in_bounds")

        registers = lax.dynamic_update_slice_in_dim(registers, noise, 0, 0)
        registers, found = lax.scan(one, registers, (first, count, outputs))
        return found, registers

    return all_programs


def _slopes(rule: Rule) -> Callable[..., Any]:
    """JAX's derivative of one operation: what flows down to the left and to the right operand."""

    def pulled(x: Array, y: Array, number: Array, above: Array) -> Any:
        dx, dy = jax.vjp(lambda x, y: rule(x, y, number), x, y)[1](above)
        # where nothing flows down, an infinite slope must not make nan of it
        return jnp.where(above == 0, 0.0, dx), jnp.where(above == 0, 0.0, dy)

    return pulled


def _added(adjoint: Array, at: Array, slope: Array) -> Array:
    if at.shape[0] == 1:
        return lax.dynamic_update_slice_in_dim(adjoint, _rows(adjoint, at) + slope, at[0], 0)
    return adjoint.at[at].add(slope)


def _backward_run(maths: Maths, width: int) -> Callable[..., Array]:
    """The derivative of what `adjoint` weighs by every register."""
    table = [_slopes(rule) for rule in _rules(maths)]

    def back(code: Code, first: Array, count: Array, live: Array, registers: Array, adjoint: Array) -> Array:
        def step(k: Array, adjoint: Array) -> Array:
            s = first + count - 1 - k
            left, right, at = code.left[s], code.right[s], code.at[s]
            keep = (jnp.arange(width) < code.used[s]) * lax.dynamic_slice_in_dim(live, at, width)
            above = lax.dynamic_slice_in_dim(adjoint, at, width)
            above = jnp.where(keep[:, None] == 0, 0.0, above)
            x, y = _rows(registers, left), _rows(registers, right)
            dx, dy = lax.switch(code.op[s], table, x, y, code.number[s][:, None], above)
            return _added(_added(adjoint, left, dx), right, dy)

        return lax.fori_loop(0, count, step, adjoint)

    return back


def gradient(maths: Maths, size: Size) -> Callable[..., Array]:
    run, back = _forward_run(maths, size.inputs), _backward_run(maths, size.width)

    def one(code: Code, first: Array, count: Array, seed: Array, live: Array, noise: Array) -> Array:
        registers = run(code, first, count, _empty(size, noise))
        adjoint = jnp.zeros_like(registers).at[seed].set(1.0)
        return back(code, first, count, live, registers, adjoint)

    return one


def ascent(maths: Maths, size: Size, rounds: int) -> Callable[..., Any]:
    """Ascent by Adam's normalised steps from every point, shorter and shorter; the best point met is kept."""
    run, back = _forward_run(maths, size.inputs), _backward_run(maths, size.width)

    def one(code: Code, first: Array, count: Array, out: Array, noise: Array) -> tuple[Array, Array]:
        live = jnp.ones(size.inputs + size.nodes + size.width)

        def climb(k: Array, state: Any) -> Any:
            here, mean, square, best, where, registers = state
            registers = run(code, first, count, lax.dynamic_update_slice_in_dim(registers, here, 0, 0))
            value = registers[out]
            better = value > best
            best, where = jnp.where(better, value, best), jnp.where(better, here, where)
            adjoint = jnp.zeros_like(registers).at[out].set(1.0)
            slope = back(code, first, count, live, registers, adjoint)[: size.inputs]
            slope = jnp.where(jnp.isfinite(slope), slope, 0.0)
            mean = 0.8 * mean + 0.2 * slope
            square = 0.95 * square + 0.05 * (slope**2).max(axis=0)
            rate = 0.3 * (0.02 ** (k / rounds))
            return here + rate * mean / jnp.sqrt(square + 1e-24), mean, square, best, where, registers

        nothing = jnp.full(noise.shape[1], -jnp.inf)
        start = (noise, jnp.zeros_like(noise), jnp.zeros(noise.shape[1]), nothing, noise, _empty(size, noise))
        state = lax.fori_loop(0, rounds, climb, start)
        return state[3], state[4]

    def all_programs(code: Code, first: Array, count: Array, out: Array, noise: Array) -> tuple[Array, Array]:
        return lax.map(lambda p: one(code, p[0], p[1], p[2], noise), (first, count, out))

    return all_programs
