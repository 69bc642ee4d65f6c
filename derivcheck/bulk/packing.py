"""Programs as arrays of the few shapes for which the interpreter is compiled: size classes, calls, columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from derivcheck.bulk.program import Tape
from derivcheck.record import dataclass

_CLASSES = (256, 1024, 4096, 16_384, 65_536, 524_288)  # nodes of a program: each class is compiled once
_INPUTS = (64, 1024, 8192, 65_536)
_OUTPUTS = (1, 64, 512, 4096, 32_768)
_PROGRAMS = 192  # of one call, or a single one
_TOTAL = 16_384  # nodes of one call of small programs


def size_class(n: int, classes: Sequence[int]) -> int:
    return next((c for c in classes if n <= c), n)


@dataclass(frozen=True, slots=True)
class Packed:
    """Programs as arrays: `code` holds the steps of all, one program after the other; `first` and `count` say where
    each stands; registers are renumbered to the inputs of the class."""

    code: Any
    first: Any
    count: Any
    outputs: Any


def pack(tapes: Sequence[Tape], size: Any, alone: bool = True) -> Packed:
    """The programs of one call, padded to the shapes of their size class. alone: it is the only call of that class."""
    import numpy as np

    from derivcheck.bulk.compiled import Code

    single = alone and len(tapes) == 1
    rows, total = (1, size.nodes) if single else (_PROGRAMS, max(_TOTAL, size.nodes))
    nodes = np.array([t.nodes for t in tapes])
    base = np.cumsum(nodes) - nodes
    op, left, right, number = (np.concatenate(part) for part in zip(*(t.code for t in tapes), strict=True))
    noise = np.repeat([t.noise for t in tapes], nodes)
    left, right = (shifted(side, noise, size.inputs) for side in (left, right))
    at = np.arange(nodes.sum()) - np.repeat(base, nodes) + size.inputs
    if size.width == 1:
        count, used = nodes.astype(np.int32), np.ones(len(op), np.int32)
        code = (op, at.astype(np.int32), used, left[:, None], right[:, None], number[:, None])
    else:
        count = np.array([len(t.bundles) - 1 for t in tapes], dtype=np.int32)
        starts = np.concatenate([t.bundles[:-1] + first for t, first in zip(tapes, base, strict=True)])
        used = np.diff(starts, append=nodes.sum()).astype(np.int32)
        lanes = starts[:, None] + np.minimum(np.arange(size.width), used[:, None] - 1)
        code = (op[starts], at[starts].astype(np.int32), used, left[lanes], right[lanes], number[lanes])
    outputs = np.zeros((rows, size_class(max(len(t.outputs) for t in tapes), _OUTPUTS)), np.int32)
    for k, tape in enumerate(tapes):
        outputs[k, : len(tape.outputs)] = [r + size.inputs - tape.noise if r >= tape.noise else r for r in tape.outputs]
    first = (np.cumsum(count) - count).astype(np.int32)
    return Packed(Code(*(_padded(part, total) for part in code)), _padded(first, rows), _padded(count, rows), outputs)


def shifted(at: Any, noise: Any, inputs: int) -> Any:
    """Registers of a program, where it has as many inputs as its class."""
    import numpy as np

    return np.where(at >= noise, at + (inputs - noise), at).astype(np.int32)


def _padded(part: Any, rows: int) -> Any:
    import numpy as np

    out = np.zeros((rows, *part.shape[1:]), part.dtype)
    out[: len(part)] = part
    return out


def power_below(n: int) -> int:
    """The greatest power of 2 that is at most n."""
    return 1 << (n.bit_length() - 1)


def size_of(tape: Tape) -> tuple[int, int]:
    """The size class of a program: inputs, nodes."""
    return size_class(max(tape.noise, 1), _INPUTS), size_class(max(tape.nodes, 1), _CLASSES)


def groups(tapes: Sequence[Tape], members: list[int]) -> Iterator[list[int]]:
    """Programs that are run by one call."""
    group: list[int] = []
    nodes = 0
    for k in members:
        if group and (nodes + tapes[k].nodes > _TOTAL or len(group) == _PROGRAMS):
            yield group
            group, nodes = [], 0
        group.append(k)
        nodes += tapes[k].nodes
    if group:
        yield group


def columns(noise: Any, inputs: int, start: int, count: int) -> Any:
    """`count` points from `start` (the last repeated), with as many inputs as the class has."""
    import numpy as np

    part = np.zeros((inputs, count))
    rows = min(inputs, noise.shape[0])
    take = noise[:rows, start : start + count]
    part[:rows, : take.shape[1]] = take
    if take.shape[1] < count:
        part[:rows, take.shape[1] :] = take[:, -1:]
    return part
