"""`verify --batch` from end to end, in processes of their own: without bulk, with `--device auto`, with `--device cpu`.
Measured are seconds of the processor, which other work on the machine does not lengthen.
The claims: rewrites of random right claims, single slips in them, and bounds with random constants, mixed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.variants.mutants import mutants
from derivcheck.variants.random_terms import GIVEN, claim
from derivcheck.variants.rewrites import rewrites

CLI = Path(__file__).parents[1] / "cli.py"
SIZES = (100, 1000, 5000)
OPTIONS = {"off": (), "auto": ("--device", "auto"), "cpu": ("--device", "cpu")}
_BOUNDS = (
    r"|x^\top y| \le {} \|x\| \|y\|", r"\|x + y\|^2 \le {} \cdot 2 (\|x\|^2 + \|y\|^2)",
    r"\operatorname{{tr}}(A B) \le {} \|A\|_F \|B\|_F", r"\|A B\|_F \le {} \|A\|_F \|B\|_F",
    r"x^\top A y \le {} \|A\|_F \|x\| \|y\|", r"\|A + B\|_F^2 \le {} \cdot 2 (\|A\|_F^2 + \|B\|_F^2)",
)  # fmt: skip
_EVERY = 10  # one claim in so many is a bound


def rows() -> Iterator[dict[str, Any]]:
    """Claims without end."""
    scope, _ = read_givens(GIVEN)
    rng = random.Random("batch")
    for seed in count():
        text = claim(seed)
        links = read_statement(text, scope).links
        if not links or links[0].claim is None:
            continue
        changes = [make(text, scope, links[0].claim, seed, 2) for make in (rewrites, mutants)]
        texts = [change.text for found in changes for change in found]
        if rng.random() < 4 / _EVERY:
            texts.append(rng.choice(_BOUNDS).format(round(rng.uniform(0.9, 1.1), 3)))
        yield from ({"claim": one, "given": list(GIVEN)} for one in texts)


def _processor() -> float:
    """Seconds that child processes have taken."""
    times = os.times()
    return times.children_user + times.children_system


def batch(sizes: Sequence[int]) -> list[dict[str, Any]]:
    out = []
    source = rows()
    made = [{"id": str(k), **next(source)} for k in range(max(sizes))]
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in made[:size]), encoding="utf-8")
            row: dict[str, Any] = {"claims": size}
            for name, options in OPTIONS.items():
                start = _processor()
                command = [sys.executable, str(CLI), "verify", "--batch", str(path), *options]
                said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
                row[f"{name}_s"] = _processor() - start
                verdicts = [json.loads(line)["verdict"] for line in said]
                assert len(verdicts) == size
                row[f"{name}_refuted"] = verdicts.count("refuted")
            out.append(row)
    return out
