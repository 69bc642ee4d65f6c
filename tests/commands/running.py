"""The real command line in a process of its own: what it printed, how it ended, what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str
    seconds: float
    cpu: float
    megabytes: float


def derivcheck(*arguments: str, stdin: bytes = b"", limit: float = 60.0) -> Ran:
    """`python cli.py ARGUMENTS`; cpu and megabytes are of the process and of all that it started."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DERIVCHECK_")}
    environment["PYTHONIOENCODING"] = "utf-8"
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        start = time.perf_counter()
        command = [sys.executable, str(ROOT / "cli.py"), *arguments]
        process = subprocess.Popen(command, stdin=given, stdout=out, stderr=err, env=environment, cwd=ROOT)
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() - start > limit:
                process.kill()
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        return Ran(
            process.returncode, out.read().decode(), err.read().decode(), seconds,
            used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
        )  # fmt: skip
