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
_FEWER = (1, 16, 64)  # of one call at so many points that its results are longer than compiling takes
_MANY = 8192  # points
_FEW = 256
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


def rows_of(programs: int, points: int, alone: bool) -> int:
    """The rows of results of a call: one of few numbers, for each of which the interpreter is compiled. alone: no other
    call has its size class."""
    if points >= _MANY:
        return size_class(programs, (*_FEWER, _PROGRAMS))
    return 1 if alone and programs == 1 else _PROGRAMS


def pack(tapes: Sequence[Tape], size: Any, rows: int = 1) -> Packed:
    """The programs of one call, padded to so many rows and to the steps of their size class."""
    import numpy as np

    from derivcheck.bulk.compiled import Code

    total = size.nodes if rows == 1 else max(_TOTAL, size.nodes)
    nodes, noise = (np.array(sizes, np.int32) for sizes in zip(*((t.nodes, t.noise) for t in tapes), strict=True))
    base = np.cumsum(nodes, dtype=np.int32) - nodes
    mine = np.repeat(noise, nodes)  # of the program that each node belongs to
    op, number = np.concatenate([t.op for t in tapes]), np.concatenate([t.number for t in tapes])
    left, right = (
        shifted(np.concatenate(side), mine, size.inputs)
        for side in ([t.left for t in tapes], [t.right for t in tapes])
    )
    at = np.arange(size.inputs, size.inputs + len(op), dtype=np.int32) - np.repeat(base, nodes)
    if size.width == 1:
        count, used = nodes, np.ones(len(op), np.int32)
        code = (op, at, used, left[:, None], right[:, None], number[:, None])
    else:
        count = np.array([len(t.bundles) - 1 for t in tapes], dtype=np.int32)
        starts = np.concatenate([t.bundles[:-1] + first for t, first in zip(tapes, base, strict=True)])
        used = np.diff(starts, append=len(op)).astype(np.int32)
        lanes = starts[:, None] + np.minimum(np.arange(size.width), used[:, None] - 1)
        code = (op[starts], at[starts], used, left[lanes], right[lanes], number[lanes])
    first = np.cumsum(count, dtype=np.int32) - count
    return Packed(Code(*(_padded(part, total) for part in code)), _padded(first, rows), _padded(count, rows),
                  _outputs(tapes, noise, rows, size.inputs))


def _outputs(tapes: Sequence[Tape], noise: Any, rows: int, inputs: int) -> Any:
    """The registers of the outputs, a row for each program."""
    import numpy as np

    lengths = np.array([len(t.outputs) for t in tapes])
    of = np.repeat(np.arange(len(tapes)), lengths)
    place = np.arange(len(of)) - (np.cumsum(lengths) - lengths)[of]
    out = np.zeros((rows, size_class(int(lengths.max()), _OUTPUTS)), np.int32)
    out[of, place] = shifted(np.array([r for t in tapes for r in t.outputs], dtype=np.int32), noise[of], inputs)
    return out


def shifted(at: Any, noise: Any, inputs: int) -> Any:
    """Registers of a program, where it has as many inputs as its class."""
    return at + (inputs - noise) * (at >= noise)


def _padded(part: Any, rows: int) -> Any:
    import numpy as np

    out = np.zeros((rows, *part.shape[1:]), part.dtype)
    out[: len(part)] = part
    return out


def power_below(n: int) -> int:
    """The greatest power of 2 that is at most n."""
    return 1 << (n.bit_length() - 1)


def size_of(tape: Tape, points: int) -> tuple[int, int]:
    """The size class of a program: inputs, nodes. At few points small and large programs are of one class: registers
    that no program uses cost less than to compile for another class."""
    classes = _CLASSES if points > _FEW else _CLASSES[2:]
    return size_class(max(tape.noise, 1), _INPUTS), size_class(max(tape.nodes, 1), classes)


def by_size(tapes: Sequence[Tape], points: int) -> list[tuple[tuple[int, int], list[int]]]:
    """The programs of each size class, by their places."""
    classes: dict[tuple[int, int], list[int]] = {}
    known: dict[tuple[int, int], list[int]] = {}  # by the sizes as they are
    for k, tape in enumerate(tapes):
        exact = tape.noise, tape.nodes
        members = known.get(exact)
        if members is None:
            members = known[exact] = classes.setdefault(size_of(tape, points), [])
        members.append(k)
    return sorted(classes.items())


def groups(tapes: Sequence[Tape], members: list[int]) -> Iterator[list[int]]:
    """Programs that are run by one call."""
    group: list[int] = []
    total = 0
    for k in members:
        nodes = tapes[k].nodes
        if group and (total + nodes > _TOTAL or len(group) == _PROGRAMS):
            yield group
            group, total = [], 0
        group.append(k)
        total += nodes
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
