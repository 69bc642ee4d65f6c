"""A line of notes whose names nothing introduces, read as what they must be: lists and families that are summed over
(indexed.py), shapes by their use (inferring.py), numbers as arguments of functions (arguments.py)."""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.checking.deciding import GOOD
from derivcheck.checking.line import Line
from derivcheck.checking.lines import Judged, judge_line
from derivcheck.checking.notes.arguments import with_arguments
from derivcheck.checking.notes.declarations import Notation, mentioned, names_in
from derivcheck.checking.notes.indexed import with_indexed
from derivcheck.checking.notes.inferring import forgotten, inferred
from derivcheck.checking.notes.introduced import introduces_values, of_numbers_alone
from derivcheck.checking.notes.numbers_alone import with_numbers
from derivcheck.checking.walking import undeclared_in
from derivcheck.record import replace
from derivcheck.terms.model import Declaration

_UNSETTLED = ("undecided", "unreadable")


def as_guessed(
    judged: Judged,
    line: Line,
    lists: Mapping[str, Declaration],
    notation: Notation,
    functions: frozenset[str] | None = None,
) -> Judged:
    """The line in the first reading of its names that makes sense; as it was where none does. functions: in notes that
    speak of numbers alone, the names that may be functions."""
    again = _with_lists(judged, line, lists, notation)
    if again is judged:
        again = _guessed_anew(judged, line, notation)
    if again is judged:
        again = _after_definition(judged, line)
    if again is judged:
        again = _with_inferred(judged, line, notation)
    if again is judged and functions is not None:
        again = _of_letters(judged, line, functions, notation)
    return again if again is not judged else _with_numbers(judged, line)


def _of_letters(judged: Judged, line: Line, functions: frozenset[str], notation: Notation) -> Judged:
    """The line where the letters that it defines something by are numbers, from here on."""
    missing = undeclared_in(judged)
    scope = with_numbers(missing, line.text, line.scope, notation) if missing and not missing & functions else None
    again = judge_line(replace(line, scope=scope)) if scope is not None else judged
    return judged if again.word == "unreadable" or undeclared_in(again) else again


def _with_lists(judged: Judged, line: Line, lists: Mapping[str, Declaration], notation: Notation) -> Judged:
    """The line where what is summed over is a list of numbers or a family of vectors."""
    if not undeclared_in(judged) and judged.word not in _UNSETTLED:
        return judged
    scope = with_indexed(line.text, line.scope, lists, notation)
    if scope is None:
        return judged
    line = replace(line, scope=scope)
    plain = judge_line(line)
    again = _with_inferred(plain, line, notation)
    if undeclared_in(again) and again.word != "unreadable":
        after = with_arguments(undeclared_in(again), judged.statement.scope, scope, line.text)
        again = judge_line(replace(line, scope=after)) if after is not None else again
    return judged if undeclared_in(again) or again.word == "unreadable" else again


def _guessed_anew(judged: Judged, line: Line, notation: Notation) -> Judged:
    """The line without what the lines before made of its names: `$z^\\top H z$` and then `$g'(z)$` of a number. It says
    nothing of what follows."""
    node = notation.node(line.text)
    if judged.word not in _UNSETTLED or node is None or judged.statement.continues:
        return judged
    names = names_in(node) & line.scope.model.inferred - mentioned(line.scope)
    if not names:
        return judged
    line = replace(line, scope=forgotten(names, line.scope))
    plain = judge_line(line)
    again = _with_inferred(plain, line, notation)
    again = again if again is not plain else _with_numbers(plain, line)
    if again.word in _UNSETTLED:
        return judged
    return replace(again, statement=replace(again.statement, scope=judged.statement.scope))


def _after_definition(judged: Judged, line: Line) -> Judged:
    """`$E = x(t)^2 + 1 = 2$`: what E is, and a claim for every t."""
    missing = undeclared_in(judged)
    if not missing or len(judged.verdicts) < 2 or judged.statement.links[0].kind != "definition":
        return judged
    scope = with_arguments(missing, judged.statement.scope, line.scope, line.text)
    if scope is None:
        return judged
    again = judge_line(replace(line, scope=scope))
    if len(again.verdicts) != len(judged.verdicts) or not of_numbers_alone(again.statement):
        return judged
    return replace(again, statement=replace(again.statement, scope=judged.statement.scope))


def _with_inferred(judged: Judged, line: Line, notation: Notation) -> Judged:
    """The line where names that nothing introduces are what their use here says, from here on."""
    missing = undeclared_in(judged)
    if not missing and judged.word not in _UNSETTLED:
        return judged
    scope = inferred(missing, line.text, line.scope, line.previous, notation)
    if scope is None:
        return judged
    again = judge_line(replace(line, scope=scope))
    if not missing and again.word not in GOOD:
        return judged
    return judged if again.word == "unreadable" or undeclared_in(again) else again


def _with_numbers(judged: Judged, line: Line) -> Judged:
    """The line where the arguments of the functions that it speaks of are numbers. They are so in this line alone:
    elsewhere the letter may stand for anything."""
    after = judged.statement.scope
    missing = undeclared_in(judged)
    if not missing or introduces_values(line.scope, after):
        return judged
    scope = with_arguments(missing, after, line.scope, line.text)
    again = judge_line(replace(line, scope=scope)) if scope is not None else judged
    if not of_numbers_alone(again.statement) or len(again.verdicts) != len(judged.verdicts):
        return judged
    if again.demanded:  # the argument is what it is solved for
        return again
    return replace(again, statement=replace(again.statement, scope=after))
