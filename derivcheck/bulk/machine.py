"""The interpreter of register programs: one compiled function for all programs of a size class.

Programs are data: `lax.scan` over programs, `fori_loop` over the steps of one (as many as it has), an *unbatched*
`lax.switch` over the operation. (Under `vmap` the switch would compute every operation for every program.) A run is cut
into chunks of points that fit the memory; a device that runs out of memory gets half of it, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from derivcheck.bulk import choice
from derivcheck.bulk.device import device_name, open_device
from derivcheck.bulk.operations import NAMES, TABLE, Maths, jax_maths, numpy_maths
from derivcheck.bulk.packing import Packed, by_size, columns, groups, pack, power_below, rows_of, shifted, size_of
from derivcheck.bulk.program import WIDTH, Tape
from derivcheck.record import dataclass, field

_CACHE = 2 << 20  # bytes of one block's registers on a CPU: more would not stay in its caches
_BLOCKS = 16  # of one call on a CPU
_BYTES = 512 << 20  # bytes of one chunk's registers at most; a GPU has more
_GPU_BYTES = 2 << 30
_LEAST = 16  # points of a chunk
_INPUTS = 1024  # of a derivative at least: they take long to compile
_FEWEST = 256  # points that are worth a step, whatever the caches hold


def run_numpy(tape: Tape, noise: Any, chunk: int = 1024) -> Any:
    """One program on NumPy, a call for each bundle: outputs over points."""
    import numpy as np

    maths = _numpy_maths()
    points = noise.shape[1]
    found = np.empty((len(tape.outputs), points))
    registers = np.empty((tape.registers, min(chunk, points)))
    spans = list(zip(tape.op[tape.bundles[:-1]].tolist(), tape.bundles[:-1].tolist(), tape.bundles[1:].tolist(),
                     strict=True))
    with np.errstate(all="ignore"):
        for start in range(0, points, chunk):
            part = noise[: tape.noise, start : start + chunk]
            registers = registers[:, : part.shape[1]]
            registers[: tape.noise] = part
            for op, a, b in spans:
                if op == 0:
                    registers[tape.noise + a : tape.noise + b] = tape.number[a:b, None]
                    continue
                x, y = registers[tape.left[a:b]], registers[tape.right[a:b]]
                registers[tape.noise + a : tape.noise + b] = TABLE[NAMES[op]](maths, x, y)
            found[:, start : start + chunk] = registers[list(tape.outputs)]
    return found


@lru_cache(maxsize=1)
def _numpy_maths() -> Maths:
    return numpy_maths()


@dataclass(slots=True)
class Machine:
    """Runs programs on one device (None: NumPy). `compiled` counts compilations; `halved` how often the memory was
    halved. Where the runner `chooses` (`auto`), JAX is opened when there is enough to do for it (choice.py)."""

    device: Any = None
    bytes: int = _BYTES
    compiled: int = 0
    halved: int = 0
    name: str = "numpy"
    chooses: bool = False
    _functions: dict[Any, Any] = field(default_factory=dict)
    _registers: Any = None
    _sent: tuple[Any, ...] = ()

    @staticmethod
    def on(choice: str = "auto") -> Machine:
        """Raises NoDevice."""
        machine = Machine(chooses=choice == "auto")
        if choice != "auto":
            machine.open(choice)
        return machine

    def open(self, choice: str = "auto") -> None:
        """Have JAX ready, if it is installed. Raises NoDevice."""
        if self.device is None:
            self.device = open_device(choice)
            self.bytes = _GPU_BYTES if self.gpu else _BYTES
            self.name = device_name(self.device)

    @property
    def gpu(self) -> bool:
        return self.device is not None and self.device.platform != "cpu"

    @property
    def width(self) -> int:
        """Nodes of one step: see compiled.py."""
        return WIDTH if self.gpu else 1

    # -- values

    def values(self, tapes: Sequence[Tape], noise: Any) -> list[Any]:
        """For each program its outputs (outputs x points) at the same noise (inputs x points)."""
        results: list[Any] = [None] * len(tapes)
        for size, members in by_size(tapes, noise.shape[1]):
            if self._by_numpy([tapes[k] for k in members], size, noise.shape[1]):
                for k in members:
                    results[k] = run_numpy(tapes[k], noise)
                continue
            for group in groups(tapes, members):
                found = self._group([tapes[k] for k in group], size, noise, len(group) == len(members))
                for k, value in zip(group, found, strict=True):
                    results[k] = value
        self._forget()
        return results

    def _by_numpy(self, tapes: Sequence[Tape], size: tuple[int, int], points: int) -> bool:
        """Whether NumPy does these programs: there is no JAX, or the runner chooses and JAX would take longer."""
        if self.chooses:
            chunk = self._chunk(size, points)
            ready = any(key[:2] == ("forward", size) and key[-1][1] == chunk for key in self._functions)
            if not choice.jax_pays(tapes, points, opened=self.device is not None, compiled=ready):
                return True
            self.open()
        return self.device is None

    def _group(self, tapes: list[Tape], key: tuple[int, int], noise: Any, alone: bool) -> list[Any]:
        from derivcheck.bulk.compiled import Size

        size = Size(*key, self.width)
        points = noise.shape[1]
        packed = pack(tapes, size, rows_of(len(tapes), points, alone))
        if points > self._chunk(key, points):
            packed = self._put(packed)
        (found,) = self._in_chunks(lambda part: (self._forward(packed, part, size),), noise, size, len(tapes))
        return [found[k, : len(tape.outputs)] for k, tape in enumerate(tapes)]

    def _in_chunks(
        self, run: Callable[[Any], tuple[Any, ...]], noise: Any, size: Any, rows: int | None = None
    ) -> tuple[Any, ...]:
        """A run over all points, by chunks that fit the memory; one that does not is halved, and the run goes on.
        rows: of each result, those that are asked for."""
        import numpy as np

        points = noise.shape[1]
        chunk = self._chunk(size[:2], points)
        parts: list[list[Any]] = []
        start = 0
        while start < points:
            try:  # a device that computes behind our back may tell only when its results are fetched
                got = [np.asarray(value) for value in run(self._noise(noise, size.inputs, start, chunk))]
            except Exception as problem:
                if chunk <= _LEAST or not _out_of_memory(problem):
                    raise
                self.bytes //= 2
                self.halved += 1
                chunk = max(_LEAST, chunk // 2)
                continue
            parts.append([value[:rows, ..., : points - start] for value in got])
            start += chunk
        if len(parts) == 1:
            return tuple(parts[0])
        return tuple(np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))

    def _forget(self) -> None:
        """What is kept on the device between the calls of one run."""
        self._registers, self._sent = None, ()

    def _noise(self, noise: Any, inputs: int, start: int, chunk: int) -> Any:
        """A chunk of the noise on the device (inputs x chunk); the last one stays there, for the next programs."""
        import jax

        known = self._sent
        if not known or known[0] is not noise or known[1:4] != (inputs, start, chunk):
            self._sent = ()  # what was there makes room first
            sent = jax.device_put(columns(noise, inputs, start, chunk), self.device)
            self._sent = known = (noise, inputs, start, chunk, sent)
        return known[4]

    def _chunk(self, size: tuple[int, int], points: int) -> int:
        """Points of one call: a power of 2, so that there are few sizes to compile."""
        room = power_below(max(self.bytes // (8 * sum(size)), _LEAST))
        if not self.gpu:
            room = min(room, _BLOCKS * self._block(size))
        return min(room, max(_LEAST, power_below(2 * points - 1)))

    def _block(self, size: tuple[int, int]) -> int:
        """Points whose registers stay in the caches of a CPU."""
        return max(power_below(max(_CACHE // (8 * sum(size)), 1)), _FEWEST)

    def _put(self, packed: Packed) -> Packed:
        """The programs on the device, once for all chunks of points."""
        import jax

        return Packed(*jax.device_put((packed.code, packed.first, packed.count, packed.outputs), self.device))

    def _compiled(self, key: tuple[Any, ...], make: Callable[[], Any], reused: tuple[int, ...] = ()) -> Any:
        """The compiled function for these shapes; it may write its results over the arguments `reused`."""
        import jax

        if key not in self._functions:
            self._functions[key] = jax.jit(make(), donate_argnums=reused)
            self.compiled += 1
        return self._functions[key]

    def _forward(self, packed: Packed, noise: Any, size: Any) -> Any:
        """The outputs at one chunk of points. The registers are kept for the next: to clear them may take longer than
        to run a few programs."""
        import jax

        from derivcheck.bulk.compiled import forward

        block = noise.shape[1] if self.gpu else min(noise.shape[1], self._block(size[:2]))
        key = ("forward", size[:2], packed.code.op.shape, packed.outputs.shape, noise.shape)
        run = self._compiled(key, lambda: forward(jax_maths(), size), reused=(5,))
        shape = (sum(size), block)
        with jax.default_device(self.device):
            kept, self._registers = self._registers, None
            registers = kept if kept is not None and kept.shape == shape else self._cleared(shape)
            found, self._registers = run(
                packed.code, packed.first, packed.count, packed.outputs, noise, registers
            )
        return found

    def _cleared(self, shape: tuple[int, int]) -> Any:
        """New registers, placed as those that a call gives back are: else JAX would compile for both."""
        import jax
        import jax.numpy as jnp

        return jax.device_put(jnp.zeros(shape), self.device)

    # -- gradients and ascent

    def ascend(self, tapes: Sequence[Tape], noise: Any, rounds: int) -> list[Any]:
        """Gradient ascent of each program's first output from every column of the noise: for each program the best
        values met and the noise there (points; inputs x points)."""
        import jax

        if self.device is None or self.chooses:
            return [_climb_numpy(tape, noise, rounds) for tape in tapes]
        from derivcheck.bulk.compiled import Size, ascent

        results: list[Any] = [None] * len(tapes)
        for pair, members in by_size(tapes, noise.shape[1]):
            size = Size(*pair, self.width)
            for group in groups(tapes, members):
                rows = rows_of(len(group), noise.shape[1], len(group) == len(members))
                packed = self._put(pack([tapes[k] for k in group], size, rows))

                def climb(part: Any, packed: Packed = packed, size: Any = size) -> Any:
                    key = ("ascend", size[:2], packed.code.op.shape, packed.outputs.shape, part.shape, rounds)
                    run = self._compiled(key, lambda: ascent(jax_maths(), size, rounds))
                    with jax.default_device(self.device):
                        return run(packed.code, packed.first, packed.count, packed.outputs[:, 0], part)

                best, where = self._in_chunks(climb, noise, size)
                for row, k in enumerate(group):
                    results[k] = (best[row], where[row, : tapes[k].noise])
        self._forget()
        return results

    def gradient(self, tape: Tape, noise: Any, seed: int, cut: Sequence[int]) -> Any:
        """The derivative of register `seed` by every register (registers x points), by JAX's rule for each operation;
        nothing flows through the registers in `cut`."""
        import jax
        import numpy as np

        from derivcheck.bulk.compiled import Size, gradient

        assert self.device is not None, "derivatives by JAX need JAX"
        inputs, nodes = size_of(tape, noise.shape[1])
        size = Size(max(inputs, _INPUTS), nodes, self.width)
        packed = self._put(pack([tape], size))
        live = np.ones(sum(size))
        live[shifted(np.array(cut, dtype=int), tape.noise, size.inputs)] = 0.0
        where = int(shifted(np.array(seed), tape.noise, size.inputs))

        def slopes(part: Any) -> Any:
            key = ("gradient", size[:2], packed.code.op.shape, part.shape)
            run = self._compiled(key, lambda: gradient(jax_maths(), size))
            with jax.default_device(self.device):
                return (run(packed.code, packed.first[0], packed.count[0], where, live, part),)

        (found,) = self._in_chunks(slopes, noise, size)
        self._forget()
        return np.concatenate([found[: tape.noise], found[size.inputs : size.inputs + tape.nodes]])


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
    """Standard normal numbers at scales from small to large, some points with many equal or zero: (inputs, points).
    The first inputs are the same however many there are."""
    import numpy as np

    normal, scales, zeros = np.random.default_rng(seed).spawn(3)
    noise = normal.normal(size=(inputs, points)) * np.exp2(scales.integers(-2, 3, size=points) * 0.75)
    sparse = scales.random(points) < 0.1
    return np.where(sparse & (zeros.random((inputs, points)) < 0.4), 0.0, noise)
