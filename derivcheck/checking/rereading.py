"""A part whose result can be read in more than one way. A result that is not what was asked in one reading and is in
another (`x/y z`, `\\sin^{-1} x`) is for a person, as its line is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from derivcheck.checking.deciding import GOOD
from derivcheck.checking.line import read
from derivcheck.checking.oracle import segments
from derivcheck.checking.readings import ADOPTED, options_otherwise
from derivcheck.checking.steps import Step
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand, PartResult
from derivcheck.kinds.marks import review
from derivcheck.language.elaboration.customs import CUSTOMS
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.options import Options
from derivcheck.language.parsing.parser import parse
from derivcheck.language.reading import elaborator
from derivcheck.language.scope import Scope
from derivcheck.problems.schema import Part
from derivcheck.record import replace

_LOST = ("wrong", "partial")


def up_to_readings(
    result: PartResult,
    part: Part,
    answer: JudgedAnswer,
    steps: Sequence[Step],
    judge: Callable[[JudgedAnswer, str], PartResult],
) -> PartResult:
    """The result of a part; where it costs marks in one reading and not in another, review (or right, where that is how
    such a text is meant). judge: the part's verdict
    on an answer, in the other reading of this name."""
    at = result.first_wrong_line or result.result_line
    for step in steps if result.verdict in _LOST else ():
        claims = any(link.kind == "claim" for link in step.judged.statement.links)
        settled = claims and step.judged.word in (*GOOD, "refuted")  # as a claim it was weighed in each reading
        if settled or all(line.line != at for line in step.lines):
            continue
        for name, lines in _otherwise(step):
            instead = {id(line): other for line, other in zip(step.lines, lines, strict=True)}
            reread = replace(answer, lines=tuple(instead.get(id(line), line) for line in answer.lines))
            other = judge(reread, name)
            if name in ADOPTED and (other.verdict == "correct" or (_misfits(result) and not _misfits(other))):
                return other
            spared = ("partial",) if name in CUSTOMS else ("partial", "review")  # a rarer custom must do better
            if other.verdict == "correct" or (result.verdict == "wrong" and other.verdict in spared):
                reason = f"the verdict depends on how the result is read ({name})"
                return review(part, reason, step.lines[-1], result.earned)
    return result


def _misfits(result: PartResult) -> bool:
    return any(finding.code == "shape-mismatch" for finding in result.findings)


def _otherwise(step: Step) -> Iterator[tuple[str, list[JudgedLine]]]:
    """The lines of a step in each other reading of what it leaves open; without what no reading settles."""
    line, statement = step.judged.line, step.judged.statement
    usual = line.context.options
    left = {o.latex: _left_open(o, statement.scope, usual) for made in step.lines for o in made.operands}
    claims = [link.ambiguities for link in statement.links if link.kind == "claim"]
    for name in sorted(frozenset[str]().union(*(claims or left.values()))):
        options = options_otherwise(name, usual)
        if options is not None:
            again = read(line.under(options))
            start = step.lines[0].operands[0] if statement.continues and step.lines[0].operands else None
            found = [operands for operands, _ in segments(again, line.text, options, start)]
            if len(found) == len(step.lines):
                yield name, [replace(old, operands=new) for old, new in zip(step.lines, found, strict=True)]
        elif any(name in open_here for open_here in left.values()):
            yield name, [_without(made, {latex for latex, names in left.items() if name in names})
                         for made in step.lines]  # fmt: skip


def _left_open(operand: Operand, scope: Scope, options: Options) -> frozenset[str]:
    """What an expression leaves open."""
    node = parse(operand.latex).node
    elab = elaborator(scope, options, (node,))
    with suppress(Unreadable, ShapeError):
        elab.tensor(node)
    return frozenset(elab.session.ambiguities)


def _without(line: JudgedLine, unsettled: set[str]) -> JudgedLine:
    return replace(line, operands=tuple(replace(o, tensor=None) if o.latex in unsettled else o for o in line.operands))
