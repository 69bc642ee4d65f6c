"""What a `check` of one answer imports, reaches and takes."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANSWER = ROOT / "answers" / "dot-product-right.md"


def _python(code: str) -> str:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True, timeout=120).stdout


CHECK = f"""
import sys
sys.argv = ["derivcheck", "check", {str(ANSWER)!r}, "--problem", "attention/dot-variance"]
from derivcheck.commands import cli
try:
    cli.main(standalone_mode=False)
except SystemExit as stop:
    assert stop.code == 0, stop.code
"""


def test_one_answer_needs_no_heavy_package() -> None:
    shown = _python(CHECK + "print('loaded', sorted({'jax', 'sympy', 'z3', 'numpy', 'mpmath'} & sys.modules.keys()))")
    assert "loaded []" in shown


def test_the_heavy_rungs_run_in_a_child() -> None:
    shown = _python(r"""
        import sys
        from derivcheck.checking.verifying import verify_claim
        print(verify_claim(r"\tanh(x) = \frac{e^{2 x} - 1}{e^{2 x} + 1}", [r"x \in \mathbb{R}"]).verdict)
        print(sorted({"jax", "sympy"} & sys.modules.keys()))
    """)
    assert shown.split("\n")[:2] == ["proved", "[]"]


def test_no_network() -> None:
    refused = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked for")
inet = socket.socket
class Local(socket.socket):
    def connect(self, *args): refuse()
    def connect_ex(self, *args): refuse()
    def __init__(self, family=-1, *args, **kwargs):
        assert family in (-1, socket.AF_UNIX), family
        super().__init__(family, *args, **kwargs)
socket.socket = Local
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
"""
    assert "correct" in _python(refused + CHECK)
