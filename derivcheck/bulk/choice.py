"""What `--device auto` chooses, by the work there is: counted, so that the same run makes the same choices everywhere.

The constants are seconds as measured by `python -m benchmarks.bulk` (docs/bulk.md)."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.bulk.program import Tape

STARTING = 0.8  # import of JAX, its first array
COMPILING = 0.8  # of one size class
_BUNDLE, _NUMPY = 4e-6, 1.3e-9  # NumPy: each bundle; each node at each point
_NODE, _JAX = 0.06e-6, 0.35e-9  # JAX on a CPU


def jax_pays(tapes: Sequence[Tape], points: int, opened: bool, compiled: bool) -> bool:
    """Whether JAX, with what it takes to start and to compile, is done with these programs before NumPy."""
    nodes = sum(t.nodes for t in tapes)
    plain = sum(len(t.bundles) for t in tapes) * _BUNDLE * max(1, points / 1024) + nodes * points * _NUMPY
    engine = nodes * _NODE + nodes * points * _JAX
    return plain > engine + STARTING * (not opened) + COMPILING * (not compiled)
