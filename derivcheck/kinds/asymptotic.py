"""A class O(.) is asked for: the same class as the reference, in the regime that the question or the answer states.

Too large a class is a valid bound looser than asked (partial); one that does not contain the reference is wrong.
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.kinds.expression import NOT_RESULT
from derivcheck.kinds.interface import JudgedAnswer, JudgedLine, Operand, Oracle, PartResult
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
from derivcheck.terms.tensor import Tensor


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    found = _last_class(answer)
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
    if words[0] == "larger" and (entry is None or entry.verdict == "partial"):
        finding = at_line("loose-bound", "a valid class, larger than it need be", line)
        return partial(part, earned, finding, line, hint_of(entry))
    return wrong(part, earned, line.line, (at_line("wrong-result", NOT_RESULT, line),), hint_of(entry), line.cell)


def _last_class(answer: JudgedAnswer) -> tuple[JudgedLine, Tensor] | None:
    for line in reversed(answer.lines):
        for operand in reversed(line.operands):
            if operand.order and operand.tensor is not None and line.role not in ("goal", "condition"):
                return line, operand.tensor
    return None


def _refuted(answer: JudgedAnswer, regime: tuple[str, ...], oracle: Oracle) -> JudgedLine | None:
    """The first refuted line that is false in the regime too (`O(M^2 k + M k^2) = O(M^2 k)` is true for M > k,
    wherever the answer says so)."""
    rest = answer
    while (line := first_refuted(rest)) is not None:
        pairs = zip(line.operands, line.relations, line.operands[1:], strict=False)
        links = [(a.tensor, b.tensor) for a, relation, b in pairs if relation == "in_O"]
        known = [(a, b) for a, b in links if a is not None and b is not None]
        if len(known) < len(line.relations) or any(oracle.in_order(a, b, regime).word == "refuted" for a, b in known):
            return line
        rest = replace(rest, lines=rest.lines[rest.lines.index(line) + 1 :])
    return None


def _references(part: Part) -> list[Text]:
    alternatives = [alternative.answer for alternative in part.alternatives]
    return ([part.answer] if part.answer else []) + alternatives


def _class_of(text: Text, oracle: Oracle) -> Tensor | None:
    operand: Operand | None = read_or_text(text, oracle)
    return operand.tensor if operand is not None else None


def _regime(part: Part, answer: JudgedAnswer) -> tuple[str, ...]:
    """The question's regime and the conditions that the answer states."""
    asked = split_names(part.when.text) if part.when else []
    stated = [line.latex for line in answer.lines if line.role == "condition"]
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
        stated = _last_class(JudgedAnswer(oracle.read_entry(entry.text.text)))
        if stated is not None and _compare(mine, stated[1], regime, oracle) == "same":
            return entry
    return None
