"""Without JAX everything still works; without the options JAX is never imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from derivcheck.bulk import device
from derivcheck.bulk.machine import Machine
from derivcheck.checking.verifying import verify_claim

CLAIM = r"\operatorname{tr}(A) = \operatorname{tr}(A^\top)"
GIVEN = r"A \in \mathbb{R}^{n \times n}"


def test_without_jax_the_runner_is_numpy(monkeypatch):
    from derivcheck.bulk.assistant import Assistant

    monkeypatch.setattr(device, "has_jax", lambda: False)
    assistant = Assistant.on("auto", 32, 7)
    assert assistant is not None and assistant.machine.name == "numpy"
    result = verify_claim(CLAIM, [GIVEN], assistant=assistant)
    assert result.verdict == "proved"
    assert result.lines[0].verdict.evidence["spot_tests"]["agree"] is True
    with pytest.raises(device.NoDevice, match="needs JAX"):
        Machine.on("gpu")


def test_nothing_asked_nothing_made():
    from derivcheck.bulk.assistant import Assistant

    assert Assistant.on(None, 0, 7) is None


@pytest.mark.parametrize("options", [[], ["--spot-tests", "16"]])
def test_what_a_verify_imports(options):
    """Short spot tests are done by NumPy, which is sooner ready than a compilation."""
    code = (
        "import sys\nfrom derivcheck.commands import cli\n"
        f"words = ['verify', {CLAIM!r}, '--given', {GIVEN!r}, *{options!r}, '--format', 'json']\n"
        "cli.main(words, standalone_mode=False)"
    )
    out = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert '"verdict": "proved"' in out.stdout
    assert ("jax" in out.stderr) is bool(options)
