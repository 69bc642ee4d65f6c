"""The benchmark that is run on a machine with a GPU: it loses no figures, and takes the steps of a GPU on a CPU."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from benchmarks import bulk, bulk_device
from benchmarks.bulk_claims import CLAIMS, item
from derivcheck.bulk.machine import Machine
from derivcheck.bulk.program import WIDTH
from derivcheck.bulk.screening import lowered

PAGE = "a\n<!-- speed -->\nold\n<!-- end -->\n<!-- long -->\n<!-- end -->\n<!-- gpu-long -->\nnone\n<!-- end -->\nz\n"


def chosen(*parts: str, agreement: bool = False) -> Namespace:
    return Namespace(device="cpu", seconds=0.01, parts=parts, agreement=agreement, claim_points=500, batch=None)


def test_figures_are_saved_after_each_part_and_one_that_fails_does_not_stop_the_others(tmp_path, monkeypatch):
    def broken(*arguments):
        raise RuntimeError("the device went away")

    monkeypatch.setattr(bulk, "speed", broken)
    monkeypatch.setattr(bulk, "importing", lambda: 0.5)
    saved = []
    out = bulk.measured(chosen("speed", agreement=True), lambda out: saved.append(json.dumps(out)), Machine())
    assert out["failed"] == {"speed": "RuntimeError: the device went away"}
    assert out["agreement"]["different_verdicts"] == 0 and out["agreement"]["claim_points"] == 500
    assert out["import_s"] == 0.5 and out["memory"] == {"halved": 0}
    assert [json.loads(text).keys() - {"device", "gpu", "opening_s", "nodes"} for text in saved] == [
        {"import_s"}, {"import_s", "failed"}, {"import_s", "failed", "agreement"},
        {"import_s", "failed", "agreement", "memory"},
    ]  # fmt: skip


@pytest.mark.parametrize("gpu", [False, True])
def test_tables_are_put_into_the_page_of_their_device(gpu):
    row = {"node_evaluations": 10**9, "points": 1000, "passes": 3.0, "measured_on": 1, "seconds": 2.0, "per_s": 5e8,
           "bytes_per_s": 12e9, "against": "numpy", "over": 2.5}
    agreed = {"of": ["gpu", "cpu"], "claim_points": 100_000, "different_verdicts": 0}
    text = bulk.written(PAGE, {"device": "here", "gpu": gpu, "long": [row], "agreement": agreed})
    assert "| 10⁹ | 1,000 | ~2 s | 0.5 · 10⁹ | 12 GB | 2.5 |" in text and "100,000 claim-points: 0 differ" in text
    assert text.index("10⁹") > text.index("gpu-long" if gpu else "-- long") and ("none" in text) is not gpu
    assert "old" in text and text.endswith("\nz\n")


@pytest.mark.long
def test_every_part_runs_by_the_steps_of_a_gpu():
    pytest.importorskip("jax")

    class Wide(Machine):
        @property
        def width(self) -> int:
            return WIDTH

    machine = Wide(Machine.on("cpu").device)
    tapes = [lowered(item(*claim), 1).tape for claim in CLAIMS]
    (row,) = bulk.speed(machine, tapes, 0.01, (10,), (64,))
    assert row["over_eager"] > 0 and row["compilations"] == 1
    (row,) = bulk_device.long_runs(machine, tapes, 0.01, (5,), 64)
    assert row["per_s"] > 0 and row["against"] == "numpy"
    assert bulk_device.costs(machine, tapes)["step_s"] > 0
    assert bulk_device.agreement(machine, tapes, 1000)["different_verdicts"] == 0
