"""`python -m benchmarks.bulk [--device cpu|gpu]`: claims x points a second of the bulk engine, in one run against

eager      NumPy, one call for each number of a program (what evaluating a claim's expressions in NumPy does)
bundled    NumPy on our own bundles of up to 16 numbers a call
one jit    a `jit` of its own for each claim (compilation counted: every claim is new)
big jit    all claims in one `jit`

then false bounds that gradient ascent finds and 10,000 random draws miss; and with `--agreement`, the same
claim-points on CPU and on the device. On a GPU machine: `python -m benchmarks.bulk --device gpu --agreement`.
Compilation and transfer are told apart from running. The ratios are the claim; the times are of this machine."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from derivcheck.bulk.machine import Machine, noise_of, run_numpy
from derivcheck.bulk.operations import NAMES, TABLE, jax_maths, numpy_maths
from derivcheck.bulk.program import WIDTH, Tape
from derivcheck.bulk.screening import Item, ascend, lowered, screen
from derivcheck.language.givens import read_givens
from derivcheck.language.statements import read_statement

SQUARE = r"A, B \in \mathbb{R}^{n \times n}"
VECTORS = r"x, y \in \mathbb{R}^{n}"
CLAIMS = (
    (r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", SQUARE),
    (r"(A B)^\top = B^\top A^\top", SQUARE),
    (r"\det(A B) = \det(A) \det(B)", SQUARE),
    (r"\|A\|_F^2 = \operatorname{tr}(A^\top A)", SQUARE),
    (r"(A + B)^2 = A^2 + A B + B A + B^2", SQUARE),
    (r"\sum_i \tanh(x_i) y_i = y^\top \tanh(x)", VECTORS),
    (r"\frac{\partial}{\partial x} \log \sum_i e^{x_i} = \operatorname{softmax}(x)", VECTORS),
    (r"|x^\top y| \le \|x\| \|y\|", VECTORS),
    (r"x^\top A y = \operatorname{tr}(y x^\top A)", SQUARE, VECTORS),
    (r"(A B)^{-1} = B^{-1} A^{-1}", SQUARE, r"\det A \ne 0", r"\det B \ne 0"),
)
SIZES = (
    (10, 64), (100, 64), (1000, 64), (10_000, 64), (10, 1024), (100, 1024), (1000, 1024), (10_000, 1024),
    (10, 65_536), (100, 65_536), (1000, 65_536), (10_000, 65_536),
)  # fmt: skip
ALL_JIT = 10  # claims that one big jit is tried with: its compilation takes seconds for each
M8 = r"A, B \in \mathbb{R}^{4 \times 4}"
V8 = r"x, y \in \mathbb{R}^{8}"
BOUNDS = (
    (r"|x^\top y| \le 0.98 \|x\| \|y\|", V8),
    (r"\|x\|_1 \le 0.985 \sqrt{8} \|x\|_2", V8),
    (r"\|x + y\|^2 \le 1.97 (\|x\|^2 + \|y\|^2)", V8),
    (r"\|A\|_F \le 0.95 \cdot 2 \|A\|_2", M8),
    (r"\|A B\|_F \le 0.95 \|A\|_F \|B\|_F", M8),
    (r"\operatorname{tr}(A)^2 \le 0.95 \cdot 4 \|A\|_F^2", M8),
    (r"\operatorname{tr}(A B) \le 0.95 \|A\|_F \|B\|_F", M8),
    (r"\sum_i x_i \le 0.97 \sqrt{8} \|x\|_2", V8),
    (r"x^\top A y \le 0.95 \|A\|_F \|x\| \|y\|", r"A \in \mathbb{R}^{4 \times 4}", r"x, y \in \mathbb{R}^{4}"),
    (r"\|A x\|_2 \le 0.95 \|A\|_F \|x\|_2", r"A \in \mathbb{R}^{4 \times 4}", r"x \in \mathbb{R}^{4}"),
    (r"\det(A)^2 \le 0.5 \left(\frac{\|A\|_F^2}{4}\right)^4", M8),
    (r"|\operatorname{tr}(A)| \le 0.95 \cdot 2 \|A\|_F", M8),
    (r"\operatorname{tr}(A^2) \le 0.97 \|A\|_F^2", M8),
    (r"\|A + B\|_F^2 \le 1.95 (\|A\|_F^2 + \|B\|_F^2)", M8),
    (r"-\sum_i p_i \log p_i \le 0.9995 \log 8", r"p \in \Delta^{8}"),
    (r"\sum_i p_i^2 \ge 0.1253", r"p \in \Delta^{8}"),
)  # fmt: skip


def item(claim: str, *given: str) -> Item:
    link = read_statement(claim, read_givens(given)[0]).links[0]
    assert link.claim is not None
    return Item(link.claim, link.model)


def eager(tape: Tape, noise: Any) -> Any:
    """Every number of the program by a NumPy call of its own."""
    maths = numpy_maths()
    registers = np.empty((tape.noise + tape.steps * WIDTH, noise.shape[1]))
    registers[: tape.noise] = noise[: tape.noise]
    with np.errstate(all="ignore"):
        for s in range(tape.steps):
            rule = TABLE[NAMES[tape.op[s]]]
            for w in range(tape.used[s]):
                at = tape.noise + s * WIDTH + w
                if tape.op[s] == 0:
                    registers[at] = tape.number[s, w]
                else:
                    registers[at] = rule(maths, registers[tape.left[s, w]], registers[tape.right[s, w]])
    return registers[list(tape.outputs)]


def as_function(tape: Tape) -> Callable[[Any], Any]:
    """The program as straight JAX code, for a jit of its own."""
    maths = jax_maths()

    def function(noise: Any) -> Any:
        numbers: dict[int, Any] = {k: noise[k] for k in range(tape.noise)}
        for s in range(tape.steps):
            for w in range(tape.used[s]):
                at = tape.noise + s * WIDTH + w
                if tape.op[s] == 0:
                    numbers[at] = maths.xp.full(noise.shape[1], tape.number[s, w])
                else:
                    rule = TABLE[NAMES[tape.op[s]]]
                    numbers[at] = rule(maths, numbers[int(tape.left[s, w])], numbers[int(tape.right[s, w])])
        return numbers[tape.outputs[0]]

    return function


def timed(action: Callable[[], Any], repeat: int = 9) -> float:
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best


def speed(machine: Machine, tapes: list[Tape], most: float) -> list[dict[str, Any]]:
    """`most`: node evaluations of the largest run."""
    rows = []
    for claims, points in SIZES:
        many = [tapes[k % len(tapes)] for k in range(claims)]
        nodes = sum(t.nodes for t in many) * points
        if nodes > most:
            continue
        noise = noise_of(max(t.noise for t in tapes), points, 1)
        before = machine.compiled
        first = timed(lambda many=many, noise=noise: machine.values(many, noise), 1)
        again = timed(lambda many=many, noise=noise: machine.values(many, noise))
        sample = many[: min(claims, 20)]
        share = claims / len(sample)
        plain = share * timed(lambda sample=sample, noise=noise: [eager(t, noise) for t in sample])
        bundled = share * timed(lambda sample=sample, noise=noise: [run_numpy(t, noise) for t in sample])
        rows.append({
            "claims": claims, "points": points, "node_evaluations": nodes, "compilations": machine.compiled - before,
            "compiling_s": round(max(first - again, 0.0), 2), "engine_s": round(again, 4), "eager_s": round(plain, 4),
            "bundled_s": round(bundled, 4), "over_eager": round(plain / again, 1),
            "over_bundled": round(bundled / again, 1), "claim_points_per_s": round(claims * points / again),
        })  # fmt: skip
    return rows


def jits(tapes: list[Tape], points: int = 64) -> dict[str, Any]:
    import jax

    noise = noise_of(max(t.noise for t in tapes), points, 1)
    small = sorted(tapes, key=lambda t: t.nodes)[:ALL_JIT]
    alone = sum(timed(lambda t=t: jax.jit(as_function(t))(noise).block_until_ready(), 1) for t in small)
    functions = [as_function(t) for t in small]
    big = jax.jit(lambda z: [f(z) for f in functions])
    first = timed(lambda: jax.block_until_ready(big(noise)), 1)
    again = timed(lambda: jax.block_until_ready(big(noise)))
    return {"claims": len(small), "one_jit_each_s": round(alone, 2), "big_jit_compiling_s": round(first - again, 2),
            "big_jit_running_s": round(again, 5), "nodes": sum(t.nodes for t in small)}


def bounds(machine: Machine) -> dict[str, Any]:
    """False bounds: those found by 10,000 draws, and by ascent; each find certified."""
    items = [item(*bound) for bound in BOUNDS]
    drawn = screen(items, machine, 10_000)
    climbed = ascend(items, machine)
    only = [b[0] for b, d, c in zip(BOUNDS, drawn, climbed, strict=True) if d.verdict is None and c.verdict is not None]
    return {"bounds": len(items), "by_draws": sum(d.verdict is not None for d in drawn),
            "by_ascent": sum(c.verdict is not None for c in climbed), "by_ascent_alone": len(only), "which": only}


def agreement(machine: Machine, tapes: list[Tape]) -> dict[str, Any]:
    """The verdicts of CPU and device on 100,000 claim-points."""
    points = 100_000 // len(tapes)
    noise = noise_of(max(t.noise for t in tapes), points, 2)
    mine, other = machine.values(tapes, noise), Machine.on("cpu").values(tapes, noise)
    flags = [np.concatenate([(v[0] > 1e-7) & np.isfinite(v[0]) for v in values]) for values in (mine, other)]
    return {"claim_points": int(flags[0].size), "different_verdicts": int((flags[0] != flags[1]).sum())}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__.split("\n")[0])
    parser.add_argument("--device", choices=["cpu", "gpu"], default="cpu")
    parser.add_argument("--most", type=float, help="node evaluations of the largest run (1e9; on a GPU 1e11)")
    parser.add_argument("--agreement", action="store_true", help="compare verdicts of CPU and device")
    parser.add_argument("--parts", nargs="*", choices=["speed", "jits", "bounds"], default=["speed", "jits", "bounds"])
    chosen = parser.parse_args()
    start = time.perf_counter()
    machine = Machine.on(chosen.device)
    tapes = [lowered(item(*claim), 1).tape for claim in CLAIMS]
    out: dict[str, Any] = {"device": machine.name, "start_s": round(time.perf_counter() - start, 2),
                           "nodes": [t.nodes for t in tapes]}
    if "speed" in chosen.parts:
        out["speed"] = speed(machine, tapes, chosen.most or (1e9 if chosen.device == "cpu" else 1e11))
    if "jits" in chosen.parts:
        out["jits"] = jits(tapes)
    if "bounds" in chosen.parts:
        out["bounds"] = bounds(machine)
    if chosen.agreement:
        out["agreement"] = agreement(machine, tapes)
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
