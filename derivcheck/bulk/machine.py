"""The interpreter of register programs: one compiled function for all programs of a size class.

Programs are data: `lax.scan` over programs, `fori_loop` over the steps of one (as many as it has), an *unbatched*
`lax.switch` over the operation. (Under `vmap` the switch would compute every operation for every program.) A run is cut
into chunks of points that fit the memory; a device that runs out of memory gets half of it, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from derivcheck.bulk.device import device_name, open_device
from derivcheck.bulk.operations import NAMES, TABLE, Maths, jax_maths, numpy_maths
from derivcheck.bulk.program import WIDTH, Tape
from derivcheck.record import dataclass, field

CPU_BYTES = 3 << 20  # of one chunk's registers: they should stay in the caches
GPU_BYTES = 2 << 30
_CLASSES = (64, 1024, 8192, 32768)  # steps of a program: each class is compiled once
_INPUTS = (64, 1024, 8192)
_OUTPUTS = (1, 64, 512)
_PROGRAMS = (1, 64, 1024)  # of one call
_TOTALS = (2048, 16384)  # steps of one call
_COMPILING = 6.0  # seconds that a compilation may take: shorter work is done on NumPy where the runner may choose

Progress = Callable[[int, int], None]


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


def pack(tapes: Sequence[Tape], inputs: int) -> Packed:
    import numpy as np

    from derivcheck.bulk.compiled import Code

    count = np.array([t.steps for t in tapes], dtype=np.int32)
    noise = np.repeat([t.noise for t in tapes], count)[:, None]
    total = size_class(int(count.sum()), _TOTALS)
    rows = size_class(len(tapes), _PROGRAMS)
    parts = [np.concatenate(part) for part in zip(*(t.code for t in tapes), strict=True)]
    for k in (2, 3):
        parts[k] = np.where(parts[k] >= noise, parts[k] + (inputs - noise), parts[k]).astype(np.int32)
    outputs = np.zeros((rows, size_class(max(len(t.outputs) for t in tapes), _OUTPUTS)), np.int32)
    for k, tape in enumerate(tapes):
        outputs[k, : len(tape.outputs)] = [at + inputs - tape.noise if at >= tape.noise else at for at in tape.outputs]
    first = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int32)
    return Packed(Code(*(_padded(part, total) for part in parts)), _padded(first, rows), _padded(count, rows), outputs)


def _padded(part: Any, rows: int) -> Any:
    import numpy as np

    out = np.zeros((rows, *part.shape[1:]), part.dtype)
    out[: len(part)] = part
    return out


def run_numpy(tape: Tape, noise: Any) -> Any:
    """One program on NumPy: outputs over points."""
    import numpy as np

    maths = _numpy_maths()
    registers = np.empty((tape.noise + tape.steps * WIDTH, noise.shape[1]))
    registers[: tape.noise] = noise[: tape.noise]
    at = tape.noise
    with np.errstate(all="ignore"):
        for op, used, left, right, number in zip(*tape.code, strict=True):
            if op == 0:
                registers[at : at + WIDTH] = number[:, None]
            else:
                registers[at : at + used] = TABLE[NAMES[op]](maths, registers[left[:used]], registers[right[:used]])
            at += WIDTH
    return registers[list(tape.outputs)]


@lru_cache(maxsize=1)
def _numpy_maths() -> Maths:
    return numpy_maths()


@dataclass(slots=True)
class Machine:
    """Runs programs on one device. `compiled` counts compilations; `halved` how often the memory was halved. Where the
    runner `chooses` (`auto`, no GPU), what NumPy does faster than a compilation takes is done by NumPy."""

    device: Any = None
    bytes: int = CPU_BYTES
    compiled: int = 0
    halved: int = 0
    name: str = "numpy"
    chooses: bool = False
    _functions: dict[Any, Any] = field(default_factory=dict)

    @staticmethod
    def on(choice: str = "auto") -> Machine:
        """Raises NoDevice."""
        device = open_device(choice)
        gpu = device is not None and device.platform != "cpu"
        return Machine(device, GPU_BYTES if gpu else CPU_BYTES, name=device_name(device),
                       chooses=choice == "auto" and not gpu)

    @property
    def lanes(self) -> bool:
        """Whether a step works row by row: see compiled.py."""
        return self.device is not None and self.device.platform == "cpu"

    # -- values

    def values(self, tapes: Sequence[Tape], noise: Any, progress: Progress | None = None) -> list[Any]:
        """For each program its outputs (outputs x points) at the same noise (inputs x points)."""
        results: list[Any] = [None] * len(tapes)
        done = 0
        for members, steps, inputs in self._classes(tapes):
            for group in _groups(tapes, members):
                found = self._group([tapes[k] for k in group], steps, inputs, noise)
                for k, value in zip(group, found, strict=True):
                    results[k] = value
                done += len(group)
                if progress:
                    progress(done, len(tapes))
        return results

    def _classes(self, tapes: Sequence[Tape]) -> Iterator[tuple[list[int], int, int]]:
        classes: dict[tuple[int, int], list[int]] = {}
        for k, tape in enumerate(tapes):
            key = (size_class(max(tape.steps, 1), _CLASSES), size_class(max(tape.noise, 1), _INPUTS))
            classes.setdefault(key, []).append(k)
        for (steps, inputs), members in sorted(classes.items()):
            yield members, steps, inputs

    def _group(self, tapes: list[Tape], steps: int, inputs: int, noise: Any) -> list[Any]:
        import numpy as np

        if self.device is None or self._too_short(tapes, steps, noise.shape[1]):
            return [run_numpy(tape, noise) for tape in tapes]
        packed = self._put(pack(tapes, inputs))
        points = noise.shape[1]
        chunk = self._chunk(steps, inputs, points)
        found = np.empty((len(tapes), packed.outputs.shape[1], points))
        start = 0
        while start < points:
            part = _columns(noise, inputs, start, chunk)
            try:
                got = self._forward(packed, part, inputs, steps)
            except Exception as problem:
                if chunk <= 16 or not _out_of_memory(problem):
                    raise
                self.bytes //= 2
                self.halved += 1
                chunk = max(16, chunk // 2)
                continue
            take = min(chunk, points - start)
            found[:, :, start : start + take] = got[: len(tapes), :, :take]
            start += take
        return [found[k, : len(tape.outputs)] for k, tape in enumerate(tapes)]

    def _too_short(self, tapes: Sequence[Tape], steps: int, points: int) -> bool:
        """Whether NumPy is done before JAX would have compiled (4 microseconds a step, 3 nanoseconds a number)."""
        compiled = any(key[0] == "forward" and key[1] == steps for key in self._functions)
        seconds = sum(t.steps * 4e-6 + t.nodes * points * 3e-9 for t in tapes)
        return self.chooses and not compiled and seconds < _COMPILING

    def _chunk(self, steps: int, inputs: int, points: int) -> int:
        """Points at once: a power of 2, so that there are few sizes to compile."""
        room = max(16, self.bytes // (8 * (inputs + steps * WIDTH)))
        chunk = 1 << (min(room, max(points, 16)).bit_length() - 1)
        return chunk if chunk >= points or chunk * 2 > room else chunk * 2

    def _put(self, packed: Packed) -> Packed:
        """The programs on the device, once for all chunks of points."""
        import jax

        return Packed(*jax.device_put((packed.code, packed.first, packed.count, packed.outputs), self.device))

    def _forward(self, packed: Packed, noise: Any, inputs: int, steps: int) -> Any:
        import jax
        import numpy as np

        key = ("forward", steps, packed.code.op.shape, packed.outputs.shape, noise.shape)
        if key not in self._functions:
            from derivcheck.bulk.compiled import forward

            self._functions[key] = jax.jit(forward(jax_maths(), inputs, steps, self.lanes))
            self.compiled += 1
        with jax.default_device(self.device):
            return np.asarray(self._functions[key](packed.code, packed.first, packed.count, packed.outputs, noise))

    # -- gradients and ascent

    def ascend(self, tapes: Sequence[Tape], noise: Any, rounds: int, progress: Progress | None = None) -> list[Any]:
        """Gradient ascent of each program's first output from every column of the noise: for each program the best
        values met and the noise there (points; inputs x points)."""
        import jax
        import numpy as np

        if self.device is None:
            return [_climb_numpy(tape, noise, rounds) for tape in tapes]
        results: list[Any] = [None] * len(tapes)
        done = 0
        for members, steps, inputs in self._classes(tapes):
            for group in _groups(tapes, members):
                packed = self._put(pack([tapes[k] for k in group], inputs))
                part = _columns(noise, inputs, 0, noise.shape[1])
                key = ("ascend", steps, packed.code.op.shape, packed.outputs.shape, part.shape, rounds)
                if key not in self._functions:
                    from derivcheck.bulk.compiled import ascent

                    self._functions[key] = jax.jit(ascent(jax_maths(), inputs, steps, rounds, self.lanes))
                    self.compiled += 1
                with jax.default_device(self.device):
                    best, where = self._functions[key](packed.code, packed.first, packed.count,
                                                       packed.outputs[:, 0], part)
                best, where = np.asarray(best), np.asarray(where)
                for row, k in enumerate(group):
                    results[k] = (best[row], where[row, : tapes[k].noise])
                done += len(group)
                if progress:
                    progress(done, len(tapes))
        return results

    def gradient(self, tape: Tape, noise: Any, seed: int, cut: Sequence[int]) -> Any:
        """The derivative of register `seed` by every register (registers x points), by JAX's rule for each operation;
        nothing flows through the registers in `cut`."""
        import jax
        import numpy as np

        assert self.device is not None, "derivatives by JAX need JAX"
        steps = size_class(max(tape.steps, 1), _CLASSES)
        inputs = size_class(max(tape.noise, 1), _INPUTS)
        packed = self._put(pack([tape], inputs))
        shift = inputs - tape.noise
        live = np.ones(inputs + steps * WIDTH)
        live[[at + shift if at >= tape.noise else at for at in cut]] = 0.0
        part = _columns(noise, inputs, 0, noise.shape[1])
        key = ("gradient", steps, packed.code.op.shape, part.shape)
        if key not in self._functions:
            from derivcheck.bulk.compiled import gradient

            self._functions[key] = jax.jit(gradient(jax_maths(), inputs, steps, self.lanes))
            self.compiled += 1
        where = seed + shift if seed >= tape.noise else seed
        with jax.default_device(self.device):
            found = np.asarray(self._functions[key](packed.code, packed.first[0], packed.count[0], where,
                                                    live, part))
        return np.concatenate([found[: tape.noise], found[inputs:]])


def _groups(tapes: Sequence[Tape], members: list[int]) -> Iterator[list[int]]:
    """Programs that are run by one call."""
    group: list[int] = []
    steps = 0
    for k in members:
        if group and (steps + tapes[k].steps > _TOTALS[-1] or len(group) == _PROGRAMS[-1]):
            yield group
            group, steps = [], 0
        group.append(k)
        steps += tapes[k].steps
    if group:
        yield group


def _columns(noise: Any, inputs: int, start: int, count: int) -> Any:
    """`count` points from `start` (the last repeated), with as many inputs as the class has."""
    import numpy as np

    part = np.zeros((inputs, count))
    rows = min(inputs, noise.shape[0])
    take = noise[:rows, start : start + count]
    part[:rows, : take.shape[1]] = take
    if take.shape[1] < count:
        part[:rows, take.shape[1] :] = take[:, -1:]
    return part


def _out_of_memory(problem: Exception) -> bool:
    text = str(problem).lower()
    return isinstance(problem, MemoryError) or "resource_exhausted" in text or "out of memory" in text


def _climb_numpy(tape: Tape, noise: Any, rounds: int) -> Any:
    """Without JAX: the best of random steps, each point by itself."""
    import numpy as np

    rng = np.random.default_rng(rounds)
    where = noise[: tape.noise].copy()
    best = np.nan_to_num(run_numpy(tape, where)[0], nan=-np.inf)
    for k in range(rounds):
        trial = where + rng.normal(size=where.shape) * 0.5 ** (k % 8)
        got = np.nan_to_num(run_numpy(tape, trial)[0], nan=-np.inf)
        better = got > best
        best, where = np.where(better, got, best), np.where(better, trial, where)
    return best, where


def noise_of(inputs: int, points: int, seed: int) -> Any:
    """Standard normal numbers at scales from small to large, some points with many equal or zero: (inputs, points)."""
    import numpy as np

    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(inputs, points)) * np.exp2(rng.integers(-2, 3, size=points) * 0.75)
    sparse = rng.random(points) < 0.1
    return np.where(sparse & (rng.random((inputs, points)) < 0.4), 0.0, noise)
