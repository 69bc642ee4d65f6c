"""`python -m benchmarks.bulk`: claims x points a second of the bulk engine, in one run against

eager      NumPy, one call for each number of a program (what evaluating a claim's expressions in NumPy does)
bundled    NumPy on our own bundles of up to 16 numbers a call (what the runner uses where JAX is not worth its start)
one jit    a `jit` of its own for each claim (compilation counted: every claim is new)
big jit    all claims in one `jit` (its compilation told apart)

then false bounds that gradient ascent finds and 10,000 random draws miss; with `--batch`, `verify --batch` from end to
end with and without a device; with `--agreement`, the same claim-points by two engines. On a GPU machine:
`python -m benchmarks.bulk --device gpu --agreement`. `--write` puts the tables into docs/bulk.md. Import, compilation
and transfer are told apart from running. A cell that would take longer than `--seconds` is measured on a share of its
claims (marked ~). The ratios are the claim; the times are of this machine."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bulk_batch import SIZES as BATCHES
from benchmarks.bulk_batch import batch
from derivcheck.bulk.machine import Machine, noise_of, run_numpy
from derivcheck.bulk.operations import NAMES, TABLE, jax_maths, numpy_maths
from derivcheck.bulk.program import Tape
from derivcheck.bulk.screening import Item, ascend, lowered, screen
from derivcheck.language.givens import read_givens
from derivcheck.language.statements import read_statement

PAGE = Path(__file__).parents[1] / "docs" / "bulk.md"
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
CLAIM_COUNTS = (10, 100, 1000, 10_000)
POINT_COUNTS = (64, 1024, 65_536)
_SAMPLE = 20  # claims that eager NumPy is timed with, each in its own calls: more would take as long, each
_SEEDS = 4
_NUMBERS = 1 << 26  # results kept at a time
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
    (r"\|x\|_1 \le 0.97 \sqrt{12} \|x\|_2", r"x \in \mathbb{R}^{12}"),
    (r"(\sum_i x_i)^2 \le 0.95 \cdot 12 \|x\|^2", r"x \in \mathbb{R}^{12}"),
    (r"2 x^\top y \le 0.97 (\|x\|^2 + \|y\|^2)", V8),
    (r"\|A^\top A\|_F \le 0.97 \|A\|_F^2", M8),
)  # fmt: skip




def item(claim: str, *given: str) -> Item:
    link = read_statement(claim, read_givens(given)[0]).links[0]
    assert link.claim is not None
    return Item(link.claim, link.model)


def eager(tape: Tape, noise: Any) -> Any:
    """Every number of the program by a NumPy call of its own."""
    maths = numpy_maths()
    numbers = list(noise[: tape.noise])
    with np.errstate(all="ignore"):
        for op, left, right, number in zip(*(part.tolist() for part in tape.code), strict=True):
            if op == 0:
                numbers.append(np.full(noise.shape[1], number))
            else:
                numbers.append(TABLE[NAMES[op]](maths, numbers[left], numbers[right]))
    return numbers[tape.outputs[0]]


def as_function(tape: Tape) -> Callable[[Any], Any]:
    """The program as straight JAX code, for a jit of its own."""
    maths = jax_maths()

    def function(noise: Any) -> Any:
        numbers = [noise[k] for k in range(tape.noise)]
        for op, left, right, number in zip(*(part.tolist() for part in tape.code), strict=True):
            if op == 0:
                numbers.append(maths.xp.full(noise.shape[1], number))
            else:
                numbers.append(TABLE[NAMES[op]](maths, numbers[left], numbers[right]))
        return numbers[tape.outputs[0]]

    return function


def timed(
    action: Callable[[], Any],
    repeat: int = 5,
    most: float = 5.0,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The least of some runs, in seconds; no new run is begun after `most` seconds."""
    best, until = float("inf"), time.perf_counter() + most
    for _ in range(repeat):
        start = clock()
        action()
        best = min(best, clock() - start)
        if time.perf_counter() > until:
            break
    return best


def speed(machine: Machine, tapes: list[Tape], seconds: float) -> list[dict[str, Any]]:
    """One row for each number of points and of claims. On a CPU in seconds of the processor, which other work on the
    machine does not lengthen."""
    rows = []
    clock = time.perf_counter if machine.gpu else time.process_time
    for points in POINT_COUNTS:
        noise = noise_of(max(t.noise for t in tapes), points, 1)
        before = machine.compiled
        first = timed(lambda noise=noise: machine.values(tapes, noise), 1)
        again = timed(lambda noise=noise: machine.values(tapes, noise), clock=clock)
        plain, bundled = (_each(tapes, noise, run, seconds, clock) for run in (eager, run_numpy))
        compiled, rate = machine.compiled - before, again / len(tapes)
        for claims in CLAIM_COUNTS:
            measured = min(claims, max(len(tapes), int(seconds / rate)))
            many = [tapes[k % len(tapes)] for k in range(measured)]
            taken = timed(lambda many=many, noise=noise: _in_parts(machine, many, noise), 3, seconds, clock)
            rate = taken / measured
            nodes = sum(tapes[k % len(tapes)].nodes for k in range(claims))
            engine = rate * claims
            rows.append({
                "claims": claims, "points": points, "node_evaluations": nodes * points, "engine_s": engine,
                "measured_on": measured, "compilations": compiled, "compiling_s": max(first - again, 0.0),
                "transfer_s": _transfer(machine, many, noise) * claims / measured, "eager_s": plain * claims,
                "bundled_s": bundled * claims, "over_eager": plain / rate, "over_bundled": bundled / rate,
                "claim_points_per_s": claims * points / engine, "node_evaluations_per_s": nodes * points / engine,
            })  # fmt: skip
    return rows


def _each(
    tapes: list[Tape], noise: Any, run: Callable[[Tape, Any], Any], seconds: float, clock: Callable[[], float]
) -> float:
    """Seconds a claim, program by program."""
    sample = [tapes[k % len(tapes)] for k in range(_SAMPLE if noise.shape[1] <= 4096 else len(tapes))]
    return timed(lambda: [run(tape, noise) for tape in sample], 3, seconds, clock) / len(sample)


def _in_parts(machine: Machine, tapes: list[Tape], noise: Any) -> None:
    """All of them, without keeping all results."""
    size = max(64, _NUMBERS // noise.shape[1] // 64 * 64)
    for start in range(0, len(tapes), size):
        machine.values(tapes[start : start + size], noise)


def _transfer(machine: Machine, tapes: list[Tape], noise: Any) -> float:
    """Seconds to bring the programs and the noise to the device, and the results back."""
    import jax

    count = min(len(tapes), max(1, _NUMBERS // noise.shape[1]))
    programs = [np.concatenate(part) for part in zip(*(tape.code for tape in tapes[:count]), strict=True)]
    there = timed(lambda: jax.block_until_ready(jax.device_put((programs, noise), machine.device)), 3, 2.0)
    results = jax.device_put([np.zeros((count, noise.shape[1])) for _ in range(3)], machine.device)
    fetched = iter(results)  # what was fetched once is remembered
    return there + timed(lambda: np.asarray(next(fetched)), 3, 2.0) * len(tapes) / count


def jits(tapes: list[Tape]) -> list[dict[str, Any]]:
    """One jit a claim, and one for all: compiled and run once for each number of points."""
    import jax

    out = []
    functions = [as_function(t) for t in tapes]
    for points in POINT_COUNTS:
        noise = noise_of(max(t.noise for t in tapes), points, 1)
        alone = sum(timed(lambda f=f, z=noise: jax.block_until_ready(jax.jit(f)(z)), 1) for f in functions)
        big = jax.jit(lambda z: [f(z) for f in functions])
        first = timed(lambda big=big, z=noise: jax.block_until_ready(big(z)), 1)
        again = timed(lambda big=big, z=noise: jax.block_until_ready(big(z)))
        out.append({"points": points, "claims": len(tapes), "one_jit_each_s": alone,
                    "big_jit_compiling_s": first - again, "big_jit_running_s": again})  # fmt: skip
    return out


def bounds(machine: Machine) -> dict[str, Any]:
    """False bounds: those found by 10,000 draws (at each of a few seeds), and by ascent; each find certified."""
    items = [item(*bound) for bound in BOUNDS]
    drawn = [[found.verdict is not None for found in screen(items, machine, 10_000, seed)] for seed in range(_SEEDS)]
    climbed = [found.verdict is not None for found in ascend(items, machine)]
    ever = [any(found) for found in zip(*drawn, strict=True)]
    only = [bound[0] for bound, d, c in zip(BOUNDS, ever, climbed, strict=True) if c and not d]
    return {"bounds": len(items), "by_draws": [sum(found) for found in drawn], "by_ascent": sum(climbed),
            "by_ascent_alone": len(only), "which": only}


def agreement(machine: Machine, tapes: list[Tape], claim_points: int) -> dict[str, Any]:
    """The verdicts of two engines on the same claim-points: a GPU and JAX's CPU; or JAX's CPU and NumPy."""
    other = Machine.on("cpu") if machine.gpu else Machine()
    noise = noise_of(max(t.noise for t in tapes), -(-claim_points // len(tapes)), 2)
    mine, theirs = machine.values(tapes, noise), other.values(tapes, noise)
    flags = [np.concatenate([(v[0] > 1e-7) & np.isfinite(v[0]) for v in values]) for values in (mine, theirs)]
    return {"of": [machine.name, other.name], "claim_points": int(flags[0].size),
            "different_verdicts": int((flags[0] != flags[1]).sum())}


def long_runs(machine: Machine, tapes: list[Tape], most: float, seconds: float) -> list[dict[str, Any]]:
    """The device against JAX's CPU as the work grows, from 10^8 node evaluations on."""
    out = []
    cpu = Machine.on("cpu")
    nodes = sum(t.nodes for t in tapes)
    for power in range(8, 12):
        points, repeat = 1 << 20, max(1, round(10**power / (nodes << 20)))
        if 10**power > most:
            break
        noise = noise_of(max(t.noise for t in tapes), min(points, 10**power // nodes), 3)

        def rate(engine: Machine, times: int, noise: Any = noise) -> float:
            engine.values(tapes, noise)
            taken = timed(lambda: [engine.values(tapes, noise) for _ in range(times)], 2, seconds)
            return taken / (times * nodes * noise.shape[1])

        mine = rate(machine, repeat)
        theirs = rate(cpu, 1) if 10**power <= 1e10 else float("nan")  # the same for each: the CPU is full by then
        out.append({"node_evaluations": 10**power, "per_s": 1 / mine, "over_cpu": theirs / mine})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--device", choices=["cpu", "gpu"], default="cpu")
    parser.add_argument("--seconds", type=float, default=10.0, help="of one cell at most, about")
    parser.add_argument("--agreement", action="store_true", help="compare verdicts of two engines")
    parser.add_argument("--claim-points", type=int, default=100_000, help="of the agreement")
    parser.add_argument("--batch", type=int, nargs="*", metavar="N", help="verify --batch, end to end, of N claims")
    parser.add_argument("--parts", nargs="*", choices=["speed", "jits", "bounds"], default=["speed", "jits", "bounds"])
    parser.add_argument("--write", action="store_true", help="put the tables into docs/bulk.md")
    chosen = parser.parse_args()
    out = measured(chosen)
    print(json.dumps(out, indent=1, default=str))
    if chosen.write:
        write(out)


def measured(chosen: argparse.Namespace) -> dict[str, Any]:
    start = time.perf_counter()
    machine = Machine.on(chosen.device)
    out: dict[str, Any] = {"device": machine.name, "opening_s": time.perf_counter() - start, "import_s": importing()}
    tapes = [lowered(item(*claim), 1).tape for claim in CLAIMS]
    out["nodes"] = [t.nodes for t in tapes]
    if "speed" in chosen.parts:
        out["speed"] = speed(machine, tapes, chosen.seconds)
    if "jits" in chosen.parts:
        out["jits"] = jits(tapes)
    if "bounds" in chosen.parts:
        out["bounds"] = bounds(machine)
    if machine.gpu:
        out["long_runs"] = long_runs(machine, tapes, 1e11, chosen.seconds)
    if chosen.agreement:
        out["agreement"] = agreement(machine, tapes, chosen.claim_points)
    if chosen.batch is not None:
        out["batch"] = batch(chosen.batch or BATCHES)
    return out


def importing() -> float:
    """`import jax` in a new process, less the bare process."""
    def run(code: str) -> float:
        return timed(lambda: subprocess.run([sys.executable, "-c", code], check=True), 3)

    return run("import jax.numpy") - run("pass")


def write(out: dict[str, Any]) -> None:
    """The tables of the page, each between its marks; what was not measured stays."""
    text = PAGE.read_text(encoding="utf-8")
    for name, made in TABLES.items():
        if name in out:
            before, _, rest = text.partition(f"<!-- {name} -->\n")
            _, end, after = rest.partition("<!-- end -->")
            assert end, f"no place for the table of {name}"
            text = "\n".join([f"{before}<!-- {name} -->", *made(out), f"{end}{after}"])
    PAGE.write_text(text, encoding="utf-8")


def _speed_table(out: dict[str, Any]) -> list[str]:
    by_points = {row["points"]: row for row in out.get("jits", ())}
    rows = []
    for row in out["speed"]:
        about = "~" if row["measured_on"] < row["claims"] else ""
        jit = by_points.get(row["points"])
        each = big = "not tried"
        if jit is not None:
            each = _seconds(jit["one_jit_each_s"] / jit["claims"] * row["claims"])
        if jit is not None and jit["claims"] == row["claims"]:
            big = f"{_seconds(jit['big_jit_running_s'])} + {_seconds(jit['big_jit_compiling_s'])}"
        rows.append([f"{row['claims']:,} × {row['points']:,}", about + _seconds(row["engine_s"]),
                     _seconds(row["eager_s"]), _seconds(row["bundled_s"]), each, big, f"{row['over_eager']:.1f}",
                     f"{row['over_bundled']:.1f}"])
    compiling = max(row["compiling_s"] for row in out["speed"])
    moved = max(row["transfer_s"] / row["engine_s"] for row in out["speed"])
    last = (f"Not in the times: importing JAX, {_seconds(out['import_s'])}; compiling, once for each number of points, "
            f"at most {_seconds(compiling)}. In them: transfer, at most {100 * moved:.0f} %. Eager and bundled NumPy "
            f"are measured on {_SAMPLE} claims, a `jit` a claim on {len(CLAIMS)}, and multiplied. One big `jit` "
            "(running + compiling) was not tried with more claims: each takes half a second to compile. ~: measured "
            "on as many claims as fit into some seconds, and multiplied.")
    head = ["claims × points", f"engine ({out['device']})", "eager NumPy", "NumPy, bundled", "one `jit` a claim",
            "one big `jit`", "eager / engine", "bundled / engine"]
    return [*table(head, rows), "", last]


def _batch_table(out: dict[str, Any]) -> list[str]:
    rows = [[f"{row['claims']:,}", *(_seconds(row[f"{name}_s"]) for name in ("off", "auto", "cpu")),
             *(f"{row[f'{name}_refuted']:,}" for name in ("off", "auto", "cpu"))] for row in out["batch"]]
    return table(["claims", "without", "`auto`", "`cpu`", "refuted: without", "`auto`", "`cpu`"], rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _seconds(x: float) -> str:
    return f"{x * 1e3:.2g} ms" if x < 0.1 else f"{x:.2g} s" if x < 99 else f"{x:,.0f} s"


TABLES: dict[str, Callable[[dict[str, Any]], list[str]]] = {"speed": _speed_table, "batch": _batch_table}

if __name__ == "__main__":
    main()
