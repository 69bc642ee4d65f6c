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

from derivcheck.bulk.operations import NAMES, NUMBER, TABLE, Maths

Array = Any
Rule = Callable[[Array, Array, Array], Array]
_OFTEN = ("mul", "add", "sub", "gap", "worse", "div")  # 97 of 100 nodes of the claims of benchmarks/bulk.py


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


def _stepped(rule: Rule, code: Code, s: Array, at: Array, registers: Array) -> Array:
    """The registers after step s, which writes from register `at` on. What unused lanes write is written again by the
    steps after."""
    x, y = _rows(registers, code.left[s]), _rows(registers, code.right[s])
    return lax.dynamic_update_slice_in_dim(registers, rule(x, y, code.number[s][:, None]), at, 0)


def _forward_run(maths: Maths, size: Size) -> Callable[..., Array]:
    """All registers after the steps of one program."""
    return _by_loops(maths, size.inputs) if size.width == 1 else _by_switch(maths)


def _by_switch(maths: Maths) -> Callable[..., Array]:
    table = _rules(maths)

    def run(code: Code, first: Array, count: Array, registers: Array) -> Array:
        def step(k: Array, registers: Array) -> Array:
            s = first + k

            def rule(x: Array, y: Array, number: Array) -> Array:
                return lax.switch(code.op[s], table, x, y, number)

            return _stepped(rule, code, s, code.at[s], registers)

        return lax.fori_loop(0, count, step, registers)

    return run


def _by_loops(maths: Maths, inputs: int) -> Callable[..., Array]:
    """Steps of one node: a loop for each operation that is met often, which goes on as long as the next step is its
    own, and one with a switch for all others; in turn, until the program ends. Such a loop writes its result in place,
    where a switch would copy it."""
    table = _rules(maths)
    often = [NUMBER[name] for name in _OFTEN]

    def rare(op: Array) -> Array:
        return jnp.stack([op != number for number in often]).all()

    kinds: list[tuple[Callable[[Array], Array], Callable[[Array], Rule]]] = [
        *((lambda op, number=number: op == number, lambda op, number=number: table[number]) for number in often),
        (rare, lambda op: lambda x, y, number: lax.switch(op, table, x, y, number)),
    ]

    def run(code: Code, first: Array, count: Array, registers: Array) -> Array:
        def unfinished(state: Any) -> Array:
            return state[0] < first + count

        def turn(state: Any) -> Any:
            for mine, rule in kinds:

                def goes_on(state: Any, mine: Callable[[Array], Array] = mine) -> Array:
                    return unfinished(state) & mine(code.op[state[0]])

                def step(state: Any, rule: Callable[[Array], Rule] = rule) -> Any:
                    s, registers = state
                    return s + 1, _stepped(rule(code.op[s]), code, s, inputs + s - first, registers)

                state = lax.while_loop(goes_on, step, state)
            return state

        return lax.while_loop(unfinished, turn, (first, registers))[1]

    return run


def _empty(size: Size, noise: Array) -> Array:
    return jnp.concatenate([noise, jnp.zeros((size.nodes + size.width, noise.shape[1]))])


def forward(maths: Maths, size: Size) -> Callable[..., Array]:
    """Outputs of many programs at the same noise (programs x outputs x points), by blocks of as many points as the
    registers have columns. The registers are carried from one program to the next, and out to the next call: every
    register that a program reads it has written before (or it is noise)."""
    run = _forward_run(maths, size)

    def all_programs(
        code: Code, first: Array, count: Array, outputs: Array, noise: Array, registers: Array
    ) -> tuple[Array, Array]:
        block, points = registers.shape[1], noise.shape[1]

        def at_block(b: Array, state: Any) -> Any:
            registers, found = state
            part = lax.dynamic_slice_in_dim(noise, b * block, block, axis=1)
            registers = lax.dynamic_update_slice_in_dim(registers, part, 0, 0)

            def one(p: Array, state: Any) -> Any:
                registers, found = state
                registers = run(code, first[p], count[p], registers)
                values = registers.at[outputs[p]].get(mode="promise_in_bounds")
                return registers, lax.dynamic_update_slice(found, values[None], (p, jnp.zeros_like(p), b * block))

            return lax.fori_loop(0, first.shape[0], one, (registers, found))

        state = registers, jnp.zeros((*outputs.shape, points))
        registers, found = lax.fori_loop(0, points // block, at_block, state)
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
    run, back = _forward_run(maths, size), _backward_run(maths, size.width)

    def one(code: Code, first: Array, count: Array, seed: Array, live: Array, noise: Array) -> Array:
        registers = run(code, first, count, _empty(size, noise))
        adjoint = jnp.zeros_like(registers).at[seed].set(1.0)
        return back(code, first, count, live, registers, adjoint)

    return one


def ascent(maths: Maths, size: Size, rounds: int) -> Callable[..., Any]:
    """Ascent by Adam's normalised steps from every point, shorter and shorter; the best point met is kept."""
    run, back = _forward_run(maths, size), _backward_run(maths, size.width)

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
