"""Work in a child process that is killed at its limit: the same by fork and by spawn."""

import os
import sys
import time

import pytest

from derivcheck.deciding import child
from derivcheck.deciding.child import Died, Done, TimedOut, run

METHODS = ["spawn"] + (["fork"] if child.can_fork() else [])


def double(x):
    return 2 * x


def hang():
    while True:
        pass


def fail():
    raise ValueError("no such luck")


def crash():
    os.kill(os.getpid(), 11)


def fill_memory():
    return len(bytearray(8 << 30))


def noisy():
    print("to standard output")
    return 1


def loaded(name):
    return name in sys.modules


@pytest.mark.parametrize("method", METHODS)
def test_a_result_comes_back_as_a_value(method):
    assert run(double, 21, method=method) == Done(42)
    assert run(noisy, method=method) == Done(1)


@pytest.mark.parametrize("method", METHODS)
def test_what_hangs_is_killed_at_its_limit(method):
    start = time.monotonic()
    assert run(hang, seconds=0.2, method=method) == TimedOut(0.2)
    assert time.monotonic() - start < 10
    assert run(double, 1, method=method) == Done(2)  # and the next job is served


@pytest.mark.parametrize("method", METHODS)
def test_an_exception_or_a_crash_is_a_value(method):
    assert run(fail, method=method) == Died("ValueError: no such luck")
    assert run(crash, method=method) == Died("signal 11")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS is enforced on Linux")
def test_memory_is_capped(method):
    assert run(fill_memory, method=method) == Died("memory")


def test_what_cannot_be_sent_is_said():
    outcome = run(lambda: 1)
    assert isinstance(outcome, Died) and "sent" in outcome.reason


@pytest.mark.skipif(not child.can_fork(), reason="no fork here")
def test_the_warmed_process_imports_what_is_asked_once():
    assert run(loaded, "fractions", warm=("fractions",), method="fork") == Done(True)
    assert run(loaded, "jax", method="fork") == Done(False)


def test_the_warmed_process_never_imports_jax():
    with pytest.raises(ValueError, match="JAX"):
        run(double, 1, warm=("jax.numpy",))


@pytest.mark.skipif(not child.can_fork(), reason="no fork here")
def test_a_stopped_server_is_started_again():
    assert run(double, 1) == Done(2)
    child.stop()
    assert run(double, 2) == Done(4)


@pytest.mark.skipif(not child.can_fork(), reason="no fork here")
def test_a_forked_child_is_quick():
    run(double, 1)
    start = time.monotonic()
    for _ in range(10):
        run(double, 1)
    assert (time.monotonic() - start) / 10 < 0.2
