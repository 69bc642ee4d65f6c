"""Which kind is judged by which module: one name each, imported when a part of that kind is judged. Kinds without a
module are read by people."""

from __future__ import annotations

from importlib import import_module

from derivcheck.kinds.interface import Judge, JudgedAnswer, Oracle, PartResult
from derivcheck.problems.schema import Part

KINDS = frozenset((
    "expression", "chain", "bound", "value", "truth", "asymptotic", "property", "consistency", "shape", "design",
    "proof", "manual",
))  # fmt: skip


def judge_of(kind: str) -> Judge:
    """The function that judges answers of this kind: `judge` of the module of that name."""
    return import_module(f"derivcheck.kinds.{kind if kind in KINDS else 'manual'}").judge


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    """One part's verdict and marks."""
    return judge_of(part.kind)(part, answer, oracle)
