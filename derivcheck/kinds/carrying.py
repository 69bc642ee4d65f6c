"""An error carried forward: a result that is wrong only because it uses an earlier result of the paper that is.

A part says what it is computed from (`from:` the earlier part, a name for its result, the answer by that name).
Where the earlier result was found wrong, the later one is measured against the answer with the student's own put in."""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.kinds.interface import JudgedAnswer, Oracle, PartResult
from derivcheck.kinds.marks import at_line, partial
from derivcheck.kinds.results import Candidate, offered, read_or_text
from derivcheck.problems.schema import Part
from derivcheck.terms.tensor import Tensor

MESSAGE = "not what was asked, but it follows from the result of an earlier part, which is judged there"


def result_of(part: Part, answer: JudgedAnswer, oracle: Oracle) -> Candidate | None:
    """What the answer states as its result, last said."""
    question = read_or_text(part.find, oracle)
    found = [c for c in offered(question, answer, frozenset(part.choice), oracle) if c.relation == "="]
    readable = [c for c in found if c.operand.tensor is not None]
    return readable[-1] if readable else None


def carried(
    part: Part, result: PartResult, answer: JudgedAnswer, oracle: Oracle, earlier: Mapping[str, Tensor]
) -> PartResult:
    """The result of a part, with its marks where it rightly uses an earlier result that is wrong."""
    if result.verdict != "wrong" or not part.uses:
        return result
    stated = result_of(part, answer, oracle)
    if stated is None or stated.operand.tensor is None:
        return result
    for use in part.uses:
        before = earlier.get(use.part)
        if before is None:
            continue
        mine = {use.name: before, "\\text{mine}": stated.operand.tensor}
        if oracle.claim(f"\\text{{mine}} = {use.answer.text}", mine).word == "proved":
            finding = at_line("carried-forward", MESSAGE, stated.line, severity="note")
            return partial(part, part.points, finding, stated.line)
    return result
