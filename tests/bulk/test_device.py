"""Without JAX everything still works; without the options JAX is never imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from derivcheck.bulk import choice, device
from derivcheck.bulk.machine import Machine
from derivcheck.bulk.screening import lowered
from derivcheck.checking.verifying import verify_claim
from tests.bulk.making import item

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


def imported(*options: str) -> tuple[str, str]:
    """What a `verify` with options says, and the modules that it imports."""
    code = (
        "import sys\nfrom derivcheck.commands import cli\n"
        f"words = ['verify', {CLAIM!r}, '--given', {GIVEN!r}, *{options!r}, '--format', 'json']\n"
        "cli.main(words, standalone_mode=False)"
    )
    out = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    return out.stdout, out.stderr


@pytest.mark.parametrize("options", [(), ("--device", "auto")])
def test_one_claim_imports_neither_jax_nor_numpy(options):
    said, modules = imported(*options)
    assert '"verdict": "proved"' in said
    assert "jax" not in modules and "numpy" not in modules


def test_short_spot_tests_are_done_by_numpy():
    """It is ready before JAX is imported."""
    said, modules = imported("--spot-tests", "16")
    assert '"agree": true' in said and '"device": "numpy"' in said
    assert "jax" not in modules and "numpy" in modules


def test_auto_takes_jax_where_there_is_enough_to_do():
    tape = lowered(item(CLAIM, GIVEN), 1).tape
    assert not choice.jax_pays([tape] * 1000, 64, opened=False, compiled=False)
    assert choice.jax_pays([tape] * 1000, 1 << 20, opened=False, compiled=False)
    assert choice.jax_pays([tape] * 1000, 64, opened=True, compiled=True)
