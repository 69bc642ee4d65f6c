"""One device by itself: what its parts cost (a step, memory, transfer), speed as the work grows, and whether its
verdicts agree with another engine's."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.bulk_timing import Clock, least, once
from derivcheck.bulk.machine import Machine, noise_of
from derivcheck.bulk.program import Tape

POINTS = 1 << 20  # of one pass
POWERS = (8, 9, 10, 11)
_MOVED = 3 * 8  # bytes that a node moves at a point: two operands read, one result written
_FLAGGED = 1e-7  # a violation that counts


def other(machine: Machine) -> Machine:
    """What a device is compared with: JAX's CPU; where it is that, NumPy."""
    return Machine.on("cpu") if machine.gpu else Machine()


def clock_of(machine: Machine) -> Clock:
    """On a CPU the processor's time, which other work on the machine does not lengthen."""
    return time.perf_counter if machine.gpu else time.process_time


def costs(machine: Machine, tapes: Sequence[Tape]) -> dict[str, Any]:
    """Seconds of a step where there is next to nothing to compute, and bytes a second to the device and back."""
    import jax

    steps = sum(len(t.bundles) - 1 if machine.width > 1 else t.nodes for t in tapes)
    noise = noise_of(max(t.noise for t in tapes), 16, 1)
    many = list(tapes) * 20
    machine.values(many, noise)
    (few,) = least([lambda: machine.values(many, noise)], clock=clock_of(machine))
    sent = np.zeros(8 << 20)
    there = jax.block_until_ready(jax.device_put(sent, machine.device))
    (to,) = least([lambda: jax.block_until_ready(jax.device_put(sent, machine.device))])
    back = min(once(lambda: np.asarray(there + 1.0)) for _ in range(3))  # of a new array: fetched ones are remembered
    return {"steps": steps, "nodes": sum(t.nodes for t in tapes), "step_s": few / (20 * steps),
            "to_device_bytes_per_s": sent.nbytes / to, "from_device_bytes_per_s": sent.nbytes / back}


def memory(machine: Machine) -> dict[str, Any]:
    """Bytes in use, at most in use, and there, where the device tells. `halved`: how often a run was short of memory
    and went on with half of its points."""
    said = (machine.device.memory_stats() if machine.device is not None else None) or {}
    return {"halved": machine.halved, **{k: said[k] for k in ("bytes_in_use", "peak_bytes_in_use", "bytes_limit")
                                         if k in said}}  # fmt: skip


def long_runs(
    machine: Machine, tapes: list[Tape], seconds: float, powers: Sequence[int] = POWERS, points: int = POINTS
) -> list[dict[str, Any]]:
    """Node evaluations a second from 10^8 to 10^11 of them, transfer included, against the other engine at the same
    points. A run that would take longer than `seconds` is measured on as many passes as fit into them."""
    out = []
    rival = other(machine)
    nodes = sum(t.nodes for t in tapes)
    for power in powers:
        noise = noise_of(max(t.noise for t in tapes), max(16, min(points, 10**power // nodes)), 3)
        each = nodes * noise.shape[1]
        clock = clock_of(machine)
        mine, passes = _pass(machine, tapes, noise, seconds, 10**power / each, clock)
        theirs, _ = _pass(rival, tapes, noise, seconds, 3, clock)
        out.append({
            "node_evaluations": 10**power, "points": noise.shape[1], "passes": 10**power / each, "measured_on": passes,
            "seconds": mine * 10**power / each, "per_s": each / mine, "bytes_per_s": _MOVED * each / mine,
            "against": rival.name, "over": theirs / mine,
        })  # fmt: skip
    return out


def _pass(
    machine: Machine, tapes: list[Tape], noise: Any, seconds: float, most: float, clock: Clock
) -> tuple[float, int]:
    """Seconds of one pass, and on how many it was measured: at most so many as there are, or as fit into the time."""
    def run() -> None:
        machine.values(tapes, noise)

    run()  # compiles
    taken = once(run, clock)
    passes = max(1, min(round(most), int(seconds / taken)))
    return once(lambda: [run() for _ in range(passes)], clock) / passes, passes


def agreement(machine: Machine, tapes: list[Tape], claim_points: int) -> dict[str, Any]:
    """The verdicts of two engines on the same claim-points: a GPU and JAX's CPU; or JAX's CPU and NumPy."""
    rival = other(machine)
    noise = noise_of(max(t.noise for t in tapes), -(-claim_points // len(tapes)), 2)
    mine, theirs = (np.concatenate([v[0] for v in engine.values(tapes, noise)]) for engine in (machine, rival))
    flags = [(v > _FLAGGED) & np.isfinite(v) for v in (mine, theirs)]
    both = np.isfinite(mine) & np.isfinite(theirs)
    return {"of": [machine.name, rival.name], "claim_points": int(mine.size),
            "different_verdicts": int((flags[0] != flags[1]).sum()),
            "defined_for_one_alone": int((np.isfinite(mine) != np.isfinite(theirs)).sum()),
            "worst_difference": float(np.abs(mine - theirs)[both].max(initial=0.0))}
