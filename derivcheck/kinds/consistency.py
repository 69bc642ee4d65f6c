"""Figures, formulas and worked sums of an answer that must agree with each other, whatever their values are.

The formula is taken at the figures as written. Where the result does not agree then, but would with each figure as
far off as its last digit leaves open, nobody is accused: a person looks.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product

from derivcheck.findings import Finding
from derivcheck.kinds.arithmetic import NotArithmetic, evaluate
from derivcheck.kinds.figures import Figure, Record, plain, records, sums
from derivcheck.kinds.interface import JudgedAnswer, Oracle, PartResult, TextLine
from derivcheck.kinds.marks import review, unanswered, wrong
from derivcheck.kinds.numbers import agrees
from derivcheck.problems.schema import Part

CODE = "inconsistent-values"


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    checks = (_figures(part, answer) if part.formula else []) + (_sums(part, answer) if part.sums else [])
    off = [finding for outcome, finding in checks if outcome is False]
    if off:
        return wrong(part, 0, off[0].line, off, cell=off[0].cell)
    if not checks:
        return review(part, "no figures were found that could be compared")
    if any(outcome is None for outcome, _ in checks):
        return review(part, "the figures are written too coarsely to compare them")
    return PartResult("correct", earned=part.points, result_line=checks[-1][1].line)


def _sums(part: Part, answer: JudgedAnswer) -> list[tuple[bool | None, Finding]]:
    found = []
    for item in sums(answer.text):
        message = f"{item.text} does not come out as {_number(item.written.value)}"
        outcome = agrees(item.written, item.right, digits=part.digits)
        found.append((outcome, _finding(message, item.line, item.column)))
    return found


def _figures(part: Part, answer: JudgedAnswer) -> list[tuple[bool | None, Finding]]:
    assert part.formula is not None
    name, body = _sides(part.formula.text, part.figures)
    found = []
    for record in records(answer.text, part.figures):
        result = record[name]
        try:
            written, low, high = _values(body, record, part.figures, name)
        except NotArithmetic:
            continue
        outcome = agrees(result.number, written, digits=part.digits)
        if outcome is False and agrees(result.number, low, high, part.digits) is not False:
            outcome = None
        message = f"{name} = {result.text} does not agree with the other figures"
        found.append((outcome, _finding(message, result.line, 0, result)))
    return found


def _sides(formula: str, names: tuple[str, ...]) -> tuple[str, str]:
    """The figure on the left of the formula, and its right side."""
    left, _, right = formula.partition("=")
    return next((name for name in names if plain(name) == plain(left)), names[0] if names else ""), right


def _values(body: str, record: Record, names: tuple[str, ...], result: str) -> tuple[Fraction, Fraction, Fraction]:
    """The formula at the figures as written; its least and greatest value at the corners of their rounding (the
    whole range where it is monotone in each figure, as the usual scores are)."""
    others = [name for name in names if name != result]
    text = body
    for number, name in sorted(enumerate(others), key=lambda pair: -len(pair[1])):
        text = re.sub(_as_written(name), rf" x_{{{number}}} ", text)
    choices = []
    for name in others:
        number = record[name].number
        half = number.step / 2
        choices.append((number.value - half, number.value + half) if half else (number.value,))
    written = evaluate(text, {f"x_{k}": record[name].number.value for k, name in enumerate(others)})
    values = [evaluate(text, {f"x_{k}": v for k, v in enumerate(corner)}) for corner in product(*choices)]
    return written, min(values), max(values)


def _as_written(name: str) -> str:
    letters = r"\\?_".join(re.escape(piece) for piece in re.split(r"\\?_", name))
    return rf"(?<![A-Za-z\\]){letters}(?![A-Za-z])"


def _finding(message: str, line: TextLine, column: int, figure: Figure | None = None) -> Finding:
    if figure is not None:
        column = line.column + max(line.text.find(figure.text), 0)
    end = column + (len(figure.text) if figure else 1)
    return Finding(CODE, "error", message, line.line, column, end, help="work it out once more", cell=line.cell)


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else str(float(value))
