"""`python -m benchmarks.bulk`: claims x points a second of the bulk engine, in one run against

eager      NumPy, one call for each number of a program (what evaluating a claim's expressions in NumPy does)
bundled    NumPy on our own bundles of up to 16 numbers a call (what the runner uses where JAX is not worth its start)
one jit    a `jit` of its own for each claim (compilation counted: every claim is new)
big jit    all claims in one `jit` (its compilation told apart)

then false bounds that gradient ascent finds and 10,000 random draws miss, what the parts of a device cost, and runs of
10^8 to 10^11 node evaluations; with `--batch`, `verify --batch` from end to end with and without a device; with
`--agreement`, the same claim-points by two engines. On a GPU machine:
`python -m benchmarks.bulk --device gpu --agreement`.

The figures are written to `--out` after each part, so that what was measured stays where a later part fails or is
stopped; `--write` puts the tables into docs/bulk.md. Import, compilation and transfer are told apart from running. A
cell that would take longer than `--seconds` is measured on a share of it (marked ~). The ratios are the claim; the
times are of this machine."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bulk_batch import SIZES as BATCHES
from benchmarks.bulk_batch import batch
from benchmarks.bulk_claims import BOUNDS, CLAIMS, as_function, eager, item
from benchmarks.bulk_device import agreement, clock_of, costs, long_runs, memory
from benchmarks.bulk_timing import Clock, least, once
from derivcheck.bulk.device import NoDevice
from derivcheck.bulk.machine import Machine, noise_of, run_numpy
from derivcheck.bulk.program import Tape
from derivcheck.bulk.screening import ascend, lowered, screen

PAGE = Path(__file__).parents[1] / "docs" / "bulk.md"
CLAIM_COUNTS = (10, 100, 1000, 10_000)
POINT_COUNTS = (64, 1024, 65_536)
PARTS = ("speed", "jits", "bounds", "device", "long")
_SAMPLE = 20  # claims that NumPy is timed with, each in its own calls: more would take as long, each
_SEEDS = 4
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBERS = 1 << 26  # results kept at a time
_MOST = 500  # claims after which calls are of no new size


def speed(
    machine: Machine,
    tapes: list[Tape],
    seconds: float,
    claim_counts: Sequence[int] = CLAIM_COUNTS,
    point_counts: Sequence[int] = POINT_COUNTS,
) -> list[dict[str, Any]]:
    """One row for each number of points and of claims. On a CPU in seconds of the processor, which other work on the
    machine does not lengthen."""
    clock = clock_of(machine)
    rows = []
    for points in point_counts:
        noise = noise_of(max(t.noise for t in tapes), points, 1)
        before = machine.compiled
        first, again = (once(lambda noise=noise: machine.values(tapes, noise)) for _ in range(2))
        shares = [min(claims, max(len(tapes), int(seconds / (again / len(tapes))))) for claims in claim_counts]
        sample = _repeated(tapes, _SAMPLE if points <= 4096 else len(tapes))
        actions = [partial(_each, run, sample, noise) for run in (eager, run_numpy)]
        actions += [partial(_in_parts, machine, _repeated(tapes, share), noise) for share in shares]
        for share in {min(share, _MOST) for share in shares}:
            machine.values(_repeated(tapes, share), noise)  # compiles for all sizes of a call
        compiling = {"compilations": machine.compiled - before, "compiling_s": max(first - again, 0.0)}
        plain, bundled, *engine = least(actions, 2 * seconds, clock)
        for claims, share, taken in zip(claim_counts, shares, engine, strict=True):
            nodes = sum(tape.nodes for tape in _repeated(tapes, claims))
            moved = _transfer(machine, _repeated(tapes, share), noise)
            rows.append({
                "claims": claims, "points": points, "node_evaluations": nodes * points, "measured_on": share,
                **compiling, **_compared(claims, taken / share, plain / len(sample), bundled / len(sample)),
                "transfer_s": moved * claims / share, "claim_points_per_s": points * share / taken,
                "node_evaluations_per_s": nodes * points / claims * share / taken,
            })  # fmt: skip
    return rows


def _compared(claims: int, engine: float, plain: float, bundled: float) -> dict[str, float]:
    """From seconds a claim."""
    return {"engine_s": engine * claims, "eager_s": plain * claims, "bundled_s": bundled * claims,
            "over_eager": plain / engine, "over_bundled": bundled / engine}


def _repeated(tapes: list[Tape], count: int) -> list[Tape]:
    return [tapes[k % len(tapes)] for k in range(count)]


def _each(run: Callable[[Tape, Any], Any], tapes: list[Tape], noise: Any) -> None:
    for tape in tapes:
        run(tape, noise)


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
    (there,) = least([lambda: jax.block_until_ready(jax.device_put((programs, noise), machine.device))], 1.0)
    results = jax.device_put([np.zeros((count, noise.shape[1])) for _ in range(3)], machine.device)
    fetched = iter(results)  # what was fetched once is remembered
    return there + min(once(lambda: np.asarray(next(fetched))) for _ in results) * len(tapes) / count


def jits(tapes: list[Tape], clock: Clock) -> list[dict[str, Any]]:
    """One jit a claim, and one for all: compiled and run once for each number of points."""
    import jax

    out = []
    functions = [as_function(t) for t in tapes]
    for points in POINT_COUNTS:
        noise = noise_of(max(t.noise for t in tapes), points, 1)
        alone = sum(once(lambda f=f, z=noise: jax.block_until_ready(jax.jit(f)(z)), clock) for f in functions)
        big = jax.jit(lambda z: [f(z) for f in functions])
        first = once(lambda big=big, z=noise: jax.block_until_ready(big(z)), clock)
        (again,) = least([lambda big=big, z=noise: jax.block_until_ready(big(z))], clock=clock)
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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--device", choices=["cpu", "gpu"], default="cpu")
    parser.add_argument("--seconds", type=float, default=10.0, help="of one cell at most, about")
    parser.add_argument("--agreement", action="store_true", help="compare verdicts of two engines")
    parser.add_argument("--claim-points", type=int, default=100_000, help="of the agreement")
    parser.add_argument("--batch", type=int, nargs="*", metavar="N", help="verify --batch, end to end, of N claims")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--out", type=Path, help="the file for the figures (build/bulk-DEVICE.json)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/bulk.md")
    chosen = parser.parse_args()
    path = chosen.out or Path("build") / f"bulk-{chosen.device}.json"
    try:
        out = measured(chosen, lambda out: _saved(out, path))
    except NoDevice as problem:
        sys.exit(str(problem))
    print(json.dumps(out, indent=1, default=str))
    print(f"written: {path}", file=sys.stderr)
    if chosen.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), out), encoding="utf-8")
    sys.exit(1 if "failed" in out else 0)


def _saved(out: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(out, indent=1, default=str) + "\n", encoding="utf-8")


def measured(
    chosen: argparse.Namespace, save: Callable[[dict[str, Any]], None], machine: Machine | None = None
) -> dict[str, Any]:
    """All parts that were chosen, saved after each; one that fails is told under `failed`, and the others go on."""
    start = time.perf_counter()
    machine = machine or Machine.on(chosen.device)
    out: dict[str, Any] = {"device": machine.name, "gpu": machine.gpu, "opening_s": time.perf_counter() - start}
    tapes = [lowered(item(*claim), 1).tape for claim in CLAIMS]
    out["nodes"] = [t.nodes for t in tapes]
    parts: dict[str, Callable[[], Any]] = {
        "import_s": importing,
        "speed": lambda: speed(machine, tapes, chosen.seconds),
        "jits": lambda: jits(tapes, clock_of(machine)),
        "bounds": lambda: bounds(machine),
        "device_costs": lambda: costs(machine, tapes),
        "long": lambda: long_runs(machine, tapes, chosen.seconds),
        "agreement": lambda: agreement(machine, tapes, chosen.claim_points),
        "batch": lambda: batch(chosen.batch or BATCHES),
        "memory": lambda: memory(machine),
    }
    wanted = {"import_s", "memory", *chosen.parts, *(["device_costs"] if "device" in chosen.parts else [])}
    wanted |= {name for name, asked in (("agreement", chosen.agreement), ("batch", chosen.batch is not None)) if asked}
    for name in (name for name in parts if name in wanted):
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            out[name] = parts[name]()
        except Exception as problem:  # what was measured must not be lost
            traceback.print_exc()
            out.setdefault("failed", {})[name] = f"{type(problem).__name__}: {str(problem)[:500]}"
        save(out)
    return out


def importing() -> float:
    """`import jax` in a new process, less the bare process."""
    def run(code: str) -> float:
        return min(once(lambda: subprocess.run([sys.executable, "-c", code], check=True)) for _ in range(3))

    return run("import jax.numpy") - run("pass")


def written(text: str, out: dict[str, Any]) -> str:
    """The page with the tables, each between its marks; what was not measured stays."""
    for name, made in TABLES["gpu" if out["gpu"] else "cpu"].items():
        if name in out:
            mark = f"gpu-{name}" if out["gpu"] else name
            before, _, rest = text.partition(f"<!-- {mark} -->\n")
            _, end, after = rest.partition("<!-- end -->")
            assert end, f"no place for the table of {mark}"
            text = "\n".join([f"{before}<!-- {mark} -->", *made(out), f"{end}{after}"])
    return text


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
    opening = _seconds(out.get("import_s", 0.0))
    last = (f"Not in the times, by the clock: importing JAX, {opening}; compiling, once for each size of a call, at "
            f"most {_seconds(compiling)}. In them: transfer, at most {100 * moved:.0f} %. Eager and bundled NumPy "
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
    return f"{x * 1e3:.2g} ms" if x < 0.0995 else f"{x:.2g} s" if x < 99 else f"{x:,.0f} s"


def _long_table(out: dict[str, Any]) -> list[str]:
    rows = [["10" + str(len(str(row["node_evaluations"])) - 1).translate(_RAISED), f"{row['points']:,}",
             ("~" if row["measured_on"] < round(row["passes"]) else "") + _seconds(row["seconds"]),
             f"{row['per_s'] / 1e9:.3g} · 10⁹", f"{row['bytes_per_s'] / 1e9:.3g} GB", f"{row['over']:.1f}"]
            for row in out["long"]]  # fmt: skip
    head = ["node evaluations", "points at once", out["device"], "a second", "moved a second",
            f"over {out['long'][0]['against']}"]
    return [*table(head, rows), *_told(out)]


def _told(out: dict[str, Any]) -> list[str]:
    """What a table of long runs says beside it."""
    said = []
    if costs := out.get("device_costs"):
        to, back = (f"{costs[f'{way}_device_bytes_per_s'] / 1e9:.2g} GB" for way in ("to", "from"))
        said.append(f"A step with next to nothing to compute: {costs['step_s'] * 1e6:.2g} µs ({costs['steps']} steps "
                    f"for {costs['nodes']} nodes); transfer to the device {to} a second, back {back}; opening it "
                    f"{_seconds(out['opening_s'])}.")
    if agreed := out.get("agreement"):
        said.append(f"Verdicts of {' and '.join(agreed['of'])} on {agreed['claim_points']:,} claim-points: "
                    f"{agreed['different_verdicts']} differ.")
    return ["", " ".join(said)] if said else []


Tables = dict[str, Callable[[dict[str, Any]], list[str]]]
TABLES: dict[str, Tables] = {
    "cpu": {"speed": _speed_table, "batch": _batch_table, "long": _long_table},
    "gpu": {"speed": _speed_table, "long": _long_table},
}

if __name__ == "__main__":
    main()
