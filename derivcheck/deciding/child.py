"""Running what may hang (z3, SymPy, flint's gcd) in a process of its own that can be killed.

`run(function, *args)` gives `Done(value)`, `TimedOut(seconds)` or `Died(reason)`: values, never exceptions.
Where the system can fork, the work is done in a child forked from a *warmed* process: a server started
once, which imports what is asked for (`warm`) and then forks for each job. Forking a small, single-threaded
process takes milliseconds where starting Python and importing SymPy takes a third of a second, and the
user's own process (which may have threads, or JAX, after which a fork hangs) is never forked. Elsewhere, or
with `method="spawn"`, every job starts a fresh interpreter; what comes out is the same.

Signals do not stop C code, so a child over its limit is killed (SIGKILL); its memory is capped (RLIMIT_AS).
The clock is only the last guard: callers limit *work* first, so that a verdict does not depend on the machine.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from derivcheck.record import dataclass

MEMORY = 3 << 30
IDLE_SECONDS = 60.0
NEVER_WARM = ("jax", "jaxlib")


@dataclass(frozen=True, slots=True)
class Done:
    value: Any


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The child was killed at its limit."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Died:
    """The child ended without a result; `reason` says how ('memory', 'signal 11', 'ValueError: ...')."""

    reason: str


Outcome = Done | TimedOut | Died


@dataclass(frozen=True, slots=True)
class _Job:
    function: Callable[..., Any]
    args: tuple[Any, ...]
    seconds: float
    memory: int
    warm: tuple[str, ...]


def can_fork() -> bool:
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and sys.platform != "win32"


def run(
    function: Callable[..., Any],
    *args: Any,
    seconds: float = 5.0,
    memory: int = MEMORY,
    warm: tuple[str, ...] = (),
    method: str | None = None,
) -> Outcome:
    """`function(*args)` in a killed child. Function and arguments are pickled: a module-level function and
    plain values. `warm`: modules that the warmed process imports before it forks (never JAX).
    `method`: 'fork' or 'spawn' (None: the better one here)."""
    if any(name.split(".")[0] in NEVER_WARM for name in warm):
        raise ValueError("the warmed process never imports JAX: a fork after it hangs")
    try:
        payload = pickle.dumps(_Job(function, args, seconds, memory, warm))
    except Exception as problem:  # pickle raises whatever a value's own methods raise
        return Died(f"cannot be sent: {problem}")
    if (method or ("fork" if can_fork() else "spawn")) == "spawn":
        return _spawned(payload, seconds)
    return _SERVER.ask(payload)


# --- the user's side -----------------------------------------------------------------------------------------------


class _Server:
    """The one warmed process of this process: started on first use, restarted when it has gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, payload: bytes) -> Outcome:
        with self._lock:
            for _ in range(2):  # the idle server may just have ended: once more with a fresh one
                try:
                    connection = self._connected()
                    _send(connection, payload)
                    return pickle.loads(_receive(connection))
                except (EOFError, OSError):
                    self._forget()
            return Died("the warmed process could not be reached")

    def _connected(self) -> socket.socket:
        if self._socket is not None and self._owner == os.getpid():
            return self._socket
        self._socket = self._process = None  # a forked copy leaves its parent's server alone
        ours, theirs = socket.socketpair()
        code = f"from derivcheck.deciding.child import _serve; _serve({theirs.fileno()})"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        self._socket, self._owner = ours, os.getpid()
        _send(ours, pickle.dumps(sys.path))
        return ours

    def _forget(self) -> None:
        if self._owner != os.getpid():
            return
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        self._socket = self._process = None

    def stop(self) -> None:
        """End the warmed process (it also ends by itself when idle, or when this process ends)."""
        with self._lock:
            self._forget()


_SERVER = _Server()
atexit.register(_SERVER.stop)


def stop() -> None:
    """End the warmed process now; a later `run` starts another."""
    _SERVER.stop()


def _environment() -> dict[str, str]:
    """A fixed hash seed: the order of sets inside SymPy must not decide how much work a proof takes."""
    return {**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}


def _spawned(payload: bytes, seconds: float) -> Outcome:
    process = subprocess.Popen(
        [sys.executable, "-c", "from derivcheck.deciding.child import _once; _once()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    path = pickle.dumps(sys.path)
    try:
        output, _ = process.communicate(_framed(path) + _framed(payload), timeout=seconds + START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return TimedOut(seconds)
    return _outcome(output, process.returncode, seconds)


START_SECONDS = 10.0
"""What a fresh interpreter may take to start; its own alarm is set when the job begins."""


# --- the warmed process --------------------------------------------------------------------------------------------


def _serve(descriptor: int) -> None:
    """Answer jobs one after another until the other side closes or nothing was asked for a while."""
    connection = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the user's process, and that ends this one
    sys.path[:] = pickle.loads(_receive(connection))
    while select.select([connection], [], [], IDLE_SECONDS)[0]:
        try:
            payload = _receive(connection)
            outcome = _forked(payload, connection)
            _send(connection, pickle.dumps(outcome))
        except (EOFError, OSError):
            return


def _forked(payload: bytes, connection: socket.socket) -> Outcome:
    try:
        job: _Job = pickle.loads(payload)
        for name in job.warm:
            importlib.import_module(name)
    except Exception as problem:  # e.g. a module that only the caller can import
        return Died(f"{type(problem).__name__}: {problem}")
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        connection.close()
        os.close(reader)
        with os.fdopen(writer, "wb") as output:
            output.write(_answer(job))
        os._exit(0)
    os.close(writer)
    deadline = time.monotonic() + job.seconds
    parts: list[bytes] = []
    late = gone = False
    while True:
        ready = select.select([reader, connection], [], [], max(0.0, deadline - time.monotonic()))[0]
        gone = connection in ready  # nothing is sent during a job: the other side has ended
        late = not ready
        if late or gone:
            os.kill(pid, signal.SIGKILL)
            break
        part = os.read(reader, 1 << 16)
        if not part:
            break
        parts.append(part)
    os.close(reader)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if gone:
        raise EOFError
    return TimedOut(job.seconds) if late else _outcome(b"".join(parts), status, job.seconds)


def _once() -> None:
    """One job from standard input to standard output: the child where there is no fork."""
    source = sys.stdin.buffer
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.path[:] = pickle.loads(_read_frame(source.read))
    try:
        job: _Job = pickle.loads(_read_frame(source.read))
        if hasattr(signal, "setitimer"):  # the default action of SIGALRM ends the process even inside C code
            signal.setitimer(signal.ITIMER_REAL, job.seconds)
        answer = _answer(job)
    except Exception as problem:
        answer = pickle.dumps(Died(f"{type(problem).__name__}: {problem}"))
    output.write(answer)
    output.flush()
    os._exit(0)


# --- the child -----------------------------------------------------------------------------------------------------


def _answer(job: _Job) -> bytes:
    """The job's pickled outcome; whatever it raises is an outcome too."""
    _cap(job)
    try:
        return pickle.dumps(Done(job.function(*job.args)))
    except MemoryError:
        return pickle.dumps(Died("memory"))
    except BaseException as problem:  # nothing may leave the child but an outcome
        return pickle.dumps(Died(f"{type(problem).__name__}: {problem}"))


def _cap(job: _Job) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for kind, limit in ((resource.RLIMIT_AS, job.memory), (resource.RLIMIT_CPU, int(job.seconds) + 2)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))


# --- messages ------------------------------------------------------------------------------------------------------


def _outcome(output: bytes, status: int, seconds: float) -> Outcome:
    if status == 0 and output:
        return pickle.loads(output)
    if status in (-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGALRM", 14)):
        return TimedOut(seconds)
    return Died(f"signal {-status}" if status < 0 else f"exit status {status}")


def _framed(payload: bytes) -> bytes:
    return struct.pack("!Q", len(payload)) + payload


def _send(connection: socket.socket, payload: bytes) -> None:
    connection.sendall(_framed(payload))


def _receive(connection: socket.socket) -> bytes:
    def exactly(count: int) -> bytes:
        parts: list[bytes] = []
        while count:
            part = connection.recv(min(count, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    return _read_frame(exactly)


def _read_frame(read: Callable[[int], bytes]) -> bytes:
    header = read(8)
    if len(header) < 8:
        raise EOFError
    return read(struct.unpack("!Q", header)[0])
