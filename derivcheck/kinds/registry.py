"""Which kind is judged by which module: one row each. Kinds without a row are read by people."""

from __future__ import annotations

from derivcheck.kinds import (
    asymptotic,
    bound,
    chain,
    consistency,
    design,
    expression,
    manual,
    proof,
    property,
    shape,
    truth,
    value,
)
from derivcheck.kinds.interface import Judge, JudgedAnswer, Oracle, PartResult
from derivcheck.problems.schema import Part

JUDGES: dict[str, Judge] = {
    "expression": expression.judge,
    "chain": chain.judge,
    "bound": bound.judge,
    "value": value.judge,
    "truth": truth.judge,
    "asymptotic": asymptotic.judge,
    "property": property.judge,
    "consistency": consistency.judge,
    "shape": shape.judge,
    "design": design.judge,
    "proof": proof.judge,
    "manual": manual.judge,
}


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    """One part's verdict and marks."""
    return JUDGES.get(part.kind, manual.judge)(part, answer, oracle)
