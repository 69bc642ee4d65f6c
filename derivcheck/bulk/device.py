"""Where bulk work runs: `auto` takes a GPU that JAX sees, else the CPU. JAX is imported on first use, here and by the
machine; without it the same programs run on NumPy."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

CHOICES = ("auto", "cpu", "gpu")


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


def device_name(device: Any) -> str:
    if device is None:
        return "numpy"
    return device.platform if device.platform == "cpu" else f"{device.platform} ({device.device_kind})"
