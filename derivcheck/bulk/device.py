"""Where bulk work runs: `auto` takes a GPU that JAX sees, else the CPU. JAX is imported on first use, here and by the
machine; without it the same programs run on NumPy."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

CHOICES = ("auto", "cpu", "gpu")
_LOOPS = "xla_cpu_small_while_loop_byte_threshold"


class NoDevice(Exception):
    """What was asked for is not there; the text says what to do."""


def has_jax() -> bool:
    return importlib.util.find_spec("jax") is not None


def open_device(choice: str = "auto") -> Any:
    """The JAX device for a choice; None: NumPy (no JAX is installed). Raises NoDevice."""
    if choice not in CHOICES:
        raise NoDevice(f"no device {choice!r}: one of {', '.join(CHOICES)}")
    if not has_jax():
        if choice == "gpu":
            raise NoDevice("a GPU needs JAX: pip install 'derivcheck[gpu]'")
        return None
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    _whole_loops()
    if choice == "cpu":
        os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    jax.config.update("jax_enable_x64", True)
    if choice != "cpu":
        try:
            return jax.devices("gpu")[0]
        except RuntimeError:
            if choice == "gpu":
                raise NoDevice("JAX sees no GPU here: pip install 'derivcheck[gpu]', or --device cpu") from None
    return jax.devices("cpu")[0]


def _whole_loops() -> None:
    """Ask XLA to compile loops whole on a CPU, as one native function each: a step of the interpreter then costs a
    third of what it costs where each of its few operations is started by itself. Without effect, and without harm,
    where JAX has a device already or is too old to know the option (before 0.7.1)."""
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_backend_extra_options" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_backend_extra_options={_LOOPS}={1 << 30}".strip()


def device_name(device: Any) -> str:
    if device is None:
        return "numpy"
    return device.platform if device.platform == "cpu" else f"{device.platform} ({device.device_kind})"
