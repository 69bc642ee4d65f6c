"""A design is asked for: values with which a model does what it should. Judged by running the model on every input,
so any design that works is right, and a wrong one is shown an input at which it fails."""

from __future__ import annotations

from derivcheck.kinds.assigning import Assignments, assignments
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Oracle, PartResult
from derivcheck.kinds.marks import at_line, correct, partial, review, unanswered, wrong
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.problems.schema import Part
from derivcheck.worlds.running import Run

STARTS = ("start", "initial", "assum", "begin")


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    model = oracle.givens()
    found = assignments(answer, model, frozenset(canonical(parse(name).node) or name for name in part.choice))
    if not found.lines:
        return review(part, "no value was found that the answer gives to what it should choose")
    runs = [(line.text, oracle.run(line.text, found)) for line in part.requires]
    words = [run.word for _, run in runs]
    secured = _secured(part, runs)
    last = max(found.lines.values(), key=lambda line: line.line)
    if "fails" in words:
        return _fails(part, answer, found, next(run for _, run in runs if run.word == "fails"), secured)
    if "missing" in words and not found.doubts and answer.located:
        names = sorted({name for _, run in runs for name in run.names if run.word == "missing"})
        unread = any(line.word == "unreadable" for line in answer.lines)
        if unread or not secured:
            return review(part, f"no value was found for {', '.join(names)}", last, secured)
        return partial(part, secured, at_line("incomplete", f"no value is given for {', '.join(names)}", last), last)
    if words and all(word == "holds" for word in words):
        return correct(part, last, tuple(dict.fromkeys(_note(run) for _, run in runs)))
    return review(part, _reason(found, [run for _, run in runs]), last, secured)


def _secured(part: Part, runs: list[tuple[str, Run]]) -> float:
    """Credit for the requirements that are met (`credit:` names them by their text)."""
    met = {"".join(text.split()) for text, run in runs if run.word == "holds"}
    earned = sum(c.points for c in part.credit if "".join(c.text.text.split()) in met)
    return min(earned, part.points)


def _note(run: Run) -> str:
    sizes = "".join(f", {name} = {size}" for name, size in run.dims)
    start = f"; {', '.join(run.started)} taken to begin at zero" if run.started else ""
    return f"run on every input: {run.count} of them{sizes}{start}"


def _fails(part: Part, answer: JudgedAnswer, found: Assignments, run: Run, secured: float) -> PartResult:
    line = _blamed(part, found, run)
    if found.doubts:
        return review(part, f"it fails as read, but not all of it was understood ({found.doubts[0]})", line, secured)
    if run.started and any(cue in answer.words for cue in STARTS):
        return review(part, "it fails from a start at zero; what the answer assumes was not understood", line, secured)
    shown = ", ".join(f"{name} = {_listed(values)}" for name, values in run.inputs)
    start = f" (from {', '.join(run.started)} zero)" if run.started else ""
    message = f"on the input {shown}{start} this gives {run.left}, which is not what was asked"
    return wrong(part, secured, line.line, (at_line("design-fails", message, line),), cell=line.cell)


def _listed(values: tuple) -> str:
    return str(values[0]) if len(values) == 1 else f"({', '.join(str(v) for v in values)})"


def _blamed(part: Part, found: Assignments, run: Run) -> JudgedLine:
    """The last line that gives a value to what the failing requirement uses."""
    used = [line for name, line in found.lines.items() if name in run.names] or list(found.lines.values())
    return max(used, key=lambda line: (line.line, line.column))


def _reason(found: Assignments, runs: list[Run]) -> str:
    for run in runs:
        if run.word == "shapes":
            return "the shapes of the values do not fit one model"
        if run.word == "missing":
            return f"no value was found for {', '.join(run.names)}"
    reason = next((run.reason for run in runs if run.reason), "it could not be run")
    return f"it could not be run: {reason}" + (f" ({found.doubts[0]})" if found.doubts else "")
