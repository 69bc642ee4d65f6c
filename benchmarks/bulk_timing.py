"""Clocks of the bulk benchmark."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

Clock = Callable[[], float]
_LEAST = 0.15  # seconds of one measurement: the processor's clock learns late of what other threads did
_ROUNDS = 4


def once(action: Callable[[], Any], clock: Clock = time.perf_counter) -> float:
    """Seconds of a single run."""
    start = clock()
    action()
    return clock() - start


def least(actions: Sequence[Callable[[], Any]], most: float = 5.0, clock: Clock = time.perf_counter) -> list[float]:
    """Seconds of one run of each action: the least of some rounds through all of them, each a mean over as many runs as
    take `_LEAST` seconds. In turn, so that other work on the machine disturbs all alike; no new round is begun after
    `most` seconds."""
    best = [float("inf")] * len(actions)
    until = time.perf_counter() + most
    for _ in range(_ROUNDS):
        best = [min(known, _mean(action, clock)) for known, action in zip(best, actions, strict=True)]
        if time.perf_counter() > until:
            break
    return best


def _mean(action: Callable[[], Any], clock: Clock) -> float:
    start, runs = clock(), 0
    while True:
        action()
        runs += 1
        if (taken := clock() - start) >= _LEAST:
            return taken / runs
