"""One answer to one part, without a paper around it: what `problems test` needs of a checker.

The formulas are judged in order as claims; no conditions or repeats are weighed (checking does that for papers).
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.checking.deciding import Decider
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, PartResult, TextLine
from derivcheck.kinds.oracle import ScopeOracle, lines_of, options_of, scope_of
from derivcheck.kinds.registry import judge
from derivcheck.problems.schema import Part

WORDS_ALONE = ("truth", "consistency", "shape", "manual", "design")
"""Kinds that are judged by the words or figures of an answer: its formulas need not be decided."""


def check_plain(text: str, part: Part, decider: Decider | None = None) -> PartResult:
    """The verdict on one answer given as text."""
    decider = decider or Decider()
    rows = tuple(TextLine(row, number) for number, row in enumerate(text.split("\n"), 1))
    if part.kind in WORDS_ALONE or (part.kind == "value" and "$" not in text):
        return judge(part, JudgedAnswer(text=rows, truth=_truth(text, part)), ScopeOracle.of(part, decider))
    scope = scope_of(part)
    lines, after = lines_of(text, scope, options_of(part), decider, bool(part.layout))
    own = frozenset(after.model.declarations) - frozenset(scope.model.declarations)
    answer = JudgedAnswer(_carried(lines), rows, after.model, own)
    return judge(part, answer, ScopeOracle.of(part, decider, after))


def _carried(lines: tuple[JudgedLine, ...]) -> tuple[JudgedLine, ...]:
    """A refuted line once more is no new finding."""
    seen: set[str] = set()
    made = []
    for line in lines:
        again = line.word == "refuted" and line.latex in seen
        made.append(replace(line, carried=True) if again else line)
        seen.add(line.latex)
    return tuple(made)


def _truth(text: str, part: Part) -> bool | None:
    from derivcheck.source.document import read_document
    from derivcheck.source.truth import truth_word

    word = truth_word(read_document(text.encode(), "answer.md").blocks, part.ask.text if part.ask else "")
    return word.value if word is not None else None
