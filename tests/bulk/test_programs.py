"""Programs say the same as the evaluator they were traced from, on NumPy and on JAX, however many there are."""

from __future__ import annotations

import random

import numpy as np
import pytest
from flint import fmpq

from derivcheck.bulk.lowering import host_world, lower, world_from
from derivcheck.bulk.machine import Machine, noise_of, run_numpy
from derivcheck.bulk.program import WIDTH, Builder
from derivcheck.bulk.screening import bench_of, lowered
from derivcheck.deciding.judging import Point
from derivcheck.worlds.arithmetic import tidy
from derivcheck.worlds.points import at_entry
from tests.bulk.making import SQUARE, VECTORS, item

CLAIMS = (
    (r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", SQUARE),
    (r"(A B)^{-1} = A^{-1} B^{-1}", SQUARE),
    (r"\det(A B) = \det(A) + \det(B)", SQUARE),
    (r"\|A\|_2 \le \|A\|_F", SQUARE),
    (r"\log \sum_i e^{x_i} \ge \max_i x_i", VECTORS),
    (r"\sum_i |x_i - y_i| = \|x\|_1", VECTORS),
    (r"\frac{\partial}{\partial x} \|x\|^2 = x", VECTORS),
    (r"\tanh(x)^\top y = \sum_i \max(x_i, 0) y_i", VECTORS),
)


@pytest.mark.parametrize("claim", CLAIMS, ids=[c[0] for c in CLAIMS])
def test_a_program_computes_what_the_evaluator_does(claim):
    """Both sides, at exact noise, against the certified evaluator in the world that this noise makes."""
    bench = bench_of(item(*claim), 1)
    dims = dict.fromkeys(bench.givens.dims, 3)
    program = lower(bench, host_world(bench, dims, "test"), "sides", points=4)
    rng = random.Random(3)
    noise = {k: tidy(fmpq(rng.randint(-20, 20) or 1, 8)) for k in range(program.tape.noise)}
    column = np.array([[float(fmpq(noise[k]).p) / float(fmpq(noise[k]).q)] for k in noise])
    values = run_numpy(program.tape, column)[:, 0]
    world = world_from(program, noise)
    evaluator = bench.evaluator(world)
    points: list[Point] = bench.points(bench.evaluator(program.world), 4)
    assert len(points) * 2 == len(values)
    for k, point in enumerate(points):
        for side, value in zip((bench.claim.left, bench.claim.right), values[2 * k : 2 * k + 2], strict=True):
            expected = evaluator.value(side.body, at_entry(side.axes, point.entry, point.values))
            assert float(evaluator.numbers.to_float(expected)) == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_equal_computations_are_written_once():
    builder = Builder()
    x, y = builder.draw(), builder.draw()
    first, second = x * y + 1, 1 + y * x
    assert first.at == second.at
    assert (x * 0) == 0 and (x + 0) is x
    assert builder.mark(x).at != builder.mark(x).at


def test_one_compilation_for_any_number_of_claims():
    pytest.importorskip("jax")
    machine = Machine.on("cpu")
    tapes = [lowered(item(*claim), 1).tape for claim in CLAIMS if "-1" not in claim[0] and "_2" not in claim[0]]
    noise = noise_of(64, 64, 1)
    few = machine.values(tapes * 2, noise)
    compiled = machine.compiled
    assert compiled == 1
    many = machine.values(tapes * 60, noise)
    assert len(tapes * 60) >= 300 and machine.compiled == compiled
    machine.values(tapes * 1000, noise)
    machine.values((tapes * 20)[:65], noise)
    assert machine.compiled == compiled
    assert [run._cache_size() for run in machine._functions.values()] == [1]  # what JAX itself counts
    np.testing.assert_allclose(few[1], many[1])
    for tape, value in zip(tapes, many, strict=False):
        np.testing.assert_allclose(run_numpy(tape, noise), value, rtol=1e-9, atol=1e-9)


class Wide(Machine):
    """Steps of whole bundles, as on a GPU, here on a CPU."""

    @property
    def width(self) -> int:
        return WIDTH


@pytest.mark.parametrize("kind", [Machine, Wide])
def test_points_of_many_chunks_and_blocks(kind):
    """More points than a call takes, and calls of more points than the registers have columns; the last in part."""
    pytest.importorskip("jax")
    machine = kind(Machine.on("cpu").device)
    machine.bytes = 3 << 20
    tapes = [lowered(item(*claim), 1).tape for claim in CLAIMS[:3]]
    noise = noise_of(max(t.noise for t in tapes), 2500, 1)
    for tape, value in zip(tapes, machine.values(tapes, noise), strict=True):
        np.testing.assert_allclose(run_numpy(tape, noise), value, rtol=1e-9, atol=1e-9)


def test_long_runs_are_cut_into_chunks_and_shrink_when_memory_runs_out(monkeypatch):
    pytest.importorskip("jax")
    machine = Machine.on("cpu")
    tape = lowered(item(*CLAIMS[0]), 1).tape
    noise = noise_of(tape.noise, 500, 1)
    machine.bytes = 1 << 20
    whole = run_numpy(tape, noise)
    forward, failures = Machine._forward, iter([True, False])

    def short_of_memory(self, *arguments):
        if next(failures, False):
            raise RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating")
        return forward(self, *arguments)

    monkeypatch.setattr(Machine, "_forward", short_of_memory)
    np.testing.assert_allclose(machine.values([tape], noise)[0], whole, rtol=1e-9, atol=1e-12)
    assert machine.halved == 1


class Late:
    """A result that a device could not compute after all: told when it is fetched."""

    def __array__(self, *arguments, **options):
        raise RuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate")


@pytest.mark.parametrize("kind", [Machine, Wide])
def test_memory_that_runs_out_behind_our_back_is_halved_too(kind, monkeypatch):
    pytest.importorskip("jax")
    machine = kind(Machine.on("cpu").device)
    tape = lowered(item(*CLAIMS[0]), 1).tape
    noise = noise_of(tape.noise, 100, 1)
    forward = Machine._forward

    def short_of_memory(self, code, part, size):
        return Late() if part.shape[1] > 32 else forward(self, code, part, size)

    monkeypatch.setattr(Machine, "_forward", short_of_memory)
    np.testing.assert_allclose(machine.values([tape], noise)[0], run_numpy(tape, noise), rtol=1e-9, atol=1e-12)
    assert machine.halved == 2


def test_other_failures_are_not_taken_for_a_lack_of_memory(monkeypatch):
    pytest.importorskip("jax")
    tape = lowered(item(*CLAIMS[0]), 1).tape

    def broken(*arguments):
        raise RuntimeError("INVALID_ARGUMENT")

    monkeypatch.setattr(Machine, "_forward", broken)
    with pytest.raises(RuntimeError, match="INVALID_ARGUMENT"):
        Machine.on("cpu").values([tape], noise_of(tape.noise, 64, 1))


def test_an_ascent_short_of_memory_goes_on_in_halves(monkeypatch):
    pytest.importorskip("jax")
    tape = lowered(item(r"|x^\top y| \le \|x\| \|y\|", VECTORS), 1).tape
    noise = noise_of(tape.noise, 64, 1)
    machine = Machine.on("cpu")
    ((best, _),) = machine.ascend([tape], noise[:, :16], 20)
    compiled = Machine._compiled

    def short_of_memory(self, key, make, reused=()):
        if key[-2][1] > 16:  # points
            raise MemoryError
        return compiled(self, key, make, reused)

    monkeypatch.setattr(Machine, "_compiled", short_of_memory)
    ((halved, _),) = machine.ascend([tape], noise, 20)
    assert machine.halved == 2
    np.testing.assert_allclose(halved[:16], best, rtol=1e-9, atol=1e-12)
    assert halved.shape == (64,)


def test_steps_of_a_gpu_compute_what_steps_of_a_cpu_do():
    pytest.importorskip("jax")
    narrow, wide = Machine.on("cpu"), Wide(Machine.on("cpu").device)
    tapes = [lowered(item(*claim), 1).tape for claim in CLAIMS]
    noise = noise_of(max(t.noise for t in tapes), 40, 1)
    for one, other, tape in zip(narrow.values(tapes, noise), wide.values(tapes, noise), tapes, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(one, run_numpy(tape, noise), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", [Machine, Wide])
def test_gradients_agree_with_differences(kind):
    pytest.importorskip("jax")
    machine = kind(Machine.on("cpu").device)
    tape = lowered(item(r"\tanh(x)^\top y \le \log \sum_i e^{x_i}", VECTORS), 1).tape
    noise = np.random.default_rng(1).normal(size=(tape.noise, 8))
    slope = machine.gradient(tape, noise, tape.outputs[0], [])
    for k in range(tape.noise):
        step = np.zeros_like(noise)
        step[k] = 1e-6
        difference = (run_numpy(tape, noise + step)[0] - run_numpy(tape, noise - step)[0]) / 2e-6
        np.testing.assert_allclose(slope[k], difference, rtol=1e-5, atol=1e-7)


def test_a_gradient_short_of_memory_goes_on_in_halves(monkeypatch):
    pytest.importorskip("jax")
    machine = Machine.on("cpu")
    tape = lowered(item(r"\tanh(x)^\top y \le \log \sum_i e^{x_i}", VECTORS), 1).tape
    noise = noise_of(tape.noise, 32, 1)
    whole = machine.gradient(tape, noise, tape.outputs[0], [])
    compiled = Machine._compiled

    def short_of_memory(self, key, make, reused=()):
        if key[-1][1] > 16:  # points
            raise MemoryError
        return compiled(self, key, make, reused)

    monkeypatch.setattr(Machine, "_compiled", short_of_memory)
    np.testing.assert_allclose(machine.gradient(tape, noise, tape.outputs[0], []), whole, rtol=1e-9, atol=1e-12)
    assert machine.halved == 1


@pytest.mark.long
def test_an_ascent_by_steps_of_a_gpu_climbs_as_high():
    pytest.importorskip("jax")
    tape = lowered(item(r"|x^\top y| \le 0.98 \|x\| \|y\|", VECTORS), 1).tape
    noise = noise_of(tape.noise, 16, 1)
    for machine in (Machine.on("cpu"), Wide(Machine.on("cpu").device)):
        ((best, where),) = machine.ascend([tape], noise, 100)
        assert 0 < best.max() < 0.02
        np.testing.assert_allclose(run_numpy(tape, where)[0], best, rtol=1e-6, atol=1e-9)
