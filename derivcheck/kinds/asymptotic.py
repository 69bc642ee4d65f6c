"""A class O(.) is asked for: the same class as the reference, in the regime that the question or the answer states.

Too large a class is a valid bound looser than asked (partial); one that does not contain the reference is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.kinds.expression import NOT_RESULT
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand, Oracle, PartResult, TextLine
from derivcheck.kinds.marks import (
    at_line,
    correct,
    credit_earned,
    first_refuted,
    hint_of,
    partial,
    review,
    unanswered,
    wrong,
)
from derivcheck.kinds.results import read_or_text
from derivcheck.problems.fields import split_names
from derivcheck.problems.schema import Entry, Part, Text
from derivcheck.record import replace
from derivcheck.terms.tensor import Tensor


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    found = _last_class(answer, oracle)
    references = [t for t in (_class_of(text, oracle) for text in _references(part)) if t is not None]
    if not references:
        return review(part, "the reference could not be read")
    if found is None:
        return review(part, "no line states a class O(.) that could be read")
    line, mine = found
    regime = _regime(part, answer)
    refuted = _refuted(answer, regime, oracle)
    words = [_compare(mine, reference, regime, oracle) for reference in references]
    if "same" in words:
        if refuted is not None:
            return review(part, "the class is right, but a line of the answer is refuted", refuted)
        return correct(part, line)
    if "unknown" in words:
        return review(part, "the class could not be compared with what was asked", line)
    entry = _entry(part, mine, regime, oracle)
    earned = max(credit_earned(part, answer, oracle, refuted), entry.points or 0 if entry else 0)
    if entry is not None and entry.verdict == "review":
        return review(part, "an answer like this one goes to a person", line)
    if words[0] == "other" and line.role == "mention" and _stated_before(answer, references, regime, oracle):
        return review(part, "several classes stand here; which is the answer could not be decided", line)
    if words[0] == "larger" and (entry is None or entry.verdict == "partial"):
        finding = at_line("loose-bound", "a valid class, larger than it need be", line)
        return partial(part, earned, finding, line, hint_of(entry))
    return wrong(part, earned, line.line, (at_line("wrong-result", NOT_RESULT, line),), hint_of(entry), line.cell)


Stated = tuple[JudgedLine, Tensor]
_SIGN = r"(?:\\mathcal\s*\{\s*O\s*\}|\\mathcal\s+O|\\Theta|\bO)"
_CLASS = re.compile(rf"{_SIGN}\s*(?:\\left\s*)?\((?=[^)]*[A-Za-z])|{_SIGN}\((?=\s*1\s*\))")
_AND = re.compile(r"[\s$]*\+[\s$]*")


def _last_class(answer: JudgedAnswer, oracle: Oracle) -> Stated | None:
    """The last class that the answer states, in a formula or in a sentence."""
    stated = [
        (line, operand.tensor)
        for line in answer.lines
        for operand in line.operands
        if operand.order and operand.tensor is not None and line.role not in ("goal", "condition")
    ]
    said = [found for row in answer.text for found in _in_text(row, oracle)]
    if not said or (stated and stated[-1][0].line > said[-1][0].line):
        return stated[-1] if stated else None
    return said[-1]


def _in_text(row: TextLine, oracle: Oracle) -> Iterator[Stated]:
    """The classes in a line of text; `O(f) + O(g)` is one."""
    spans: list[tuple[int, int]] = []
    for match in _CLASS.finditer(row.text):
        end = _closing(row.text, match.end() - 1)
        if end is None:
            continue
        if spans and _AND.fullmatch(row.text[spans[-1][1] : match.start()]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((match.start(), end))
    for start, end in spans:
        latex = row.text[start:end].replace("$", " ")
        operand = oracle.read(latex)
        if operand is not None and operand.order and operand.tensor is not None:
            place = JudgedLine(
                row.line, latex, "mention", column=row.column + start, end_column=row.column + end, cell=row.cell
            )
            yield place, operand.tensor


def _closing(text: str, opening: int) -> int | None:
    """Just after the bracket that closes the one at `opening`."""
    depth = 0
    for position in range(opening, len(text)):
        depth += (text[position] == "(") - (text[position] == ")")
        if not depth:
            return position + 1
    return None


def _stated_before(
    answer: JudgedAnswer, references: list[Tensor], regime: tuple[str, ...], oracle: Oracle
) -> bool:
    """Is the right class stated somewhere, although another one stands last?"""
    said = [tensor for row in answer.text for _, tensor in _in_text(row, oracle)]
    return any(_compare(mine, reference, regime, oracle) == "same" for mine in said[:-1] for reference in references)


def _refuted(answer: JudgedAnswer, regime: tuple[str, ...], oracle: Oracle) -> JudgedLine | None:
    """The first refuted line that is false in the regime too (`O(M^2 k + M k^2) = O(M^2 k)` is true for M > k,
    wherever the answer says so)."""
    rest = answer
    while (line := first_refuted(rest)) is not None:
        rest = replace(rest, lines=rest.lines[rest.lines.index(line) + 1 :])
        if _is_regime(line):
            continue
        pairs = zip(line.operands, line.relations, line.operands[1:], strict=False)
        links = [(a.tensor, b.tensor) for a, relation, b in pairs if relation == "in_O"]
        known = [(a, b) for a, b in links if a is not None and b is not None]
        if len(known) < len(line.relations) or any(oracle.in_order(a, b, regime).word == "refuted" for a, b in known):
            return line
    return None


def _is_regime(line: JudgedLine) -> bool:
    return bool(line.relations) and all(relation in ("<", "<=", ">", ">=") for relation in line.relations)


def _references(part: Part) -> list[Text]:
    alternatives = [alternative.answer for alternative in part.alternatives]
    return ([part.answer] if part.answer else []) + alternatives


def _class_of(text: Text, oracle: Oracle) -> Tensor | None:
    operand: Operand | None = read_or_text(text, oracle)
    return operand.tensor if operand is not None else None


def _regime(part: Part, answer: JudgedAnswer) -> tuple[str, ...]:
    """The question's regime and the conditions that the answer states: an inequality between lengths is one,
    whatever the sentence around it looks like."""
    asked = split_names(part.when.text) if part.when else []
    stated = [line.latex for line in answer.lines if line.role == "condition" or _is_regime(line)]
    return (*asked, *stated)


def _compare(mine: Tensor, reference: Tensor, regime: tuple[str, ...], oracle: Oracle) -> str:
    """'same', 'larger', 'other' or 'unknown'."""
    within = oracle.in_order(mine, reference, regime).word
    contains = oracle.in_order(reference, mine, regime).word
    if "proved" == within == contains:
        return "same"
    if contains == "refuted":
        return "other"
    if contains == "proved" and within == "refuted":
        return "larger"
    return "unknown"


def _entry(part: Part, mine: Tensor, regime: tuple[str, ...], oracle: Oracle) -> Entry | None:
    """The entry that states the same class as the answer."""
    for entry in (e for verdict in ("partial", "wrong", "review") for e in part.of(verdict)):
        lines = [TextLine(text, number) for number, text in enumerate(entry.text.text.split("\n"), 1)]
        stated = _last_class(JudgedAnswer(text=tuple(lines)), oracle)
        if stated is not None and _compare(mine, stated[1], regime, oracle) == "same":
            return entry
    return None
