"""Under which name a value stands: that of what was asked, a word for it, none, or another one (`the standard
deviation is 3.1` where a variance is asked)."""

from __future__ import annotations

import re

from derivcheck.kinds.interface import JudgedAnswer, Operand, Oracle
from derivcheck.kinds.results import Candidate, chains
from derivcheck.problems.schema import Part
from derivcheck.regex import lazy
from derivcheck.terms.node import Entry

_FONT = re.compile(r"\\(?:text|textbf|textit|textrm|mbox|mathrm|mathbf|mathit|operatorname)\b\*?|[{}$~:]|\\[ ,]")
_WORD = re.compile(r"[a-z]{3,}")
_GENERAL = frozenset(("answer", "result", "solution", "value"))
# Words for a quantity, and what else is the same: under one that the question does not know a number is another's.
_QUANTITIES = {word: group[0][:5] for group in (
    ("mean", "average", "expectation"), ("variance", "var"), ("deviation", "std", "sd", "stdev"), ("median",),
    ("covariance",), ("correlation",), ("precision",), ("error",), ("entropy",), ("divergence",), ("probability",),
    ("likelihood",), ("loss",), ("norm",), ("trace",), ("determinant",), ("rank",), ("eigenvalue",), ("dimension",),
    ("gradient", "derivative", "slope"), ("area",), ("volume",), ("perimeter",), ("circumference",), ("radius",),
    ("diameter",), ("length",), ("height",), ("width",), ("depth",), ("weight",), ("bias",), ("maximum", "max"),
    ("minimum", "min"), ("square",), ("root",), ("logarithm", "log"), ("inverse", "reciprocal"), ("accuracy",),
) for word in group}  # fmt: skip
_EQUALS = r"(?:is|are|was|equals|becomes|comes (?:to|out (?:as|at))|amounts to|must be|=|:|≈)"
_SUBJECT = lazy(
    r"(?:^|[.;:,!?(]|\b(?:so|thus|hence|therefore|that|and|then|get|have)\b)\s*(?P<words>[a-z][a-z \t-]{1,60}?)\s*"
    rf"{_EQUALS}\s*(?:(?:then|thus|therefore|about|approximately|equal to|just|exactly)\s+)*[$*\s]*$",
    re.I,
)
_AFTER = lazy(r"[$*\s]*(?:is|for|as)\s+(?:the|its|our)\s+(?P<words>[a-z][a-z -]{1,40})", re.I)
_HEAD_ENDS = re.compile(r"\b(?:of|for|in|with|by|over|at|on|from|under|which|that)\b")


def named_as_asked(
    found: Candidate, question: Operand | None, part: Part, answer: JudgedAnswer, oracle: Oracle
) -> bool:
    """Is a value that no line gives to what was asked its value all the same: does it stand alone, behind numbers only,
    behind a word of the question, or behind something longer than a name that is proved equal to what was asked?"""
    chain = next(row for row in reversed(list(chains(answer))) if row.operands and found.line in row.lines)
    first = chain.operands[0]
    if question is None or len(chain.operands) == 1 or is_label(first.latex, part) or _is_numeric(first):
        return True
    return any(_is_formula_for(question, operand, oracle) for operand in chain.operands)


def _is_numeric(operand: Operand) -> bool:
    return operand.tensor is not None and not operand.tensor.body.symbols and not operand.tensor.body.free


def _is_formula_for(question: Operand, operand: Operand, oracle: Oracle) -> bool:
    """In the names of the givens (the student's own may be defined by the very value), and no bare name."""
    mine, asked = operand.tensor, question.tensor
    if mine is None or asked is None or isinstance(mine.body, Entry) or not mine.body.symbols:
        return False
    known = mine.body.symbols <= frozenset(oracle.givens().declarations)
    return known and oracle.relate(mine, "=", asked).word == "proved"


def another_quantity(before: str, after: str, part: Part) -> bool:
    """Do the words around a lone number call it a quantity that the question does not speak of?"""
    said = _SUBJECT.search(before) or _AFTER.match(after)
    if said is None or part.ask is None:
        return False
    head = _HEAD_ENDS.split(said["words"].lower())[0]
    asked = {_quantity(word) for word in re.findall(r"[a-z]+", part.ask.text.lower())}
    return bool({_quantity(word) for word in re.findall(r"[a-z]+", head)} - asked - {""})


def _quantity(word: str) -> str:
    """The quantity that a word stands for, in the singular; '' for none."""
    return _QUANTITIES.get(word) or _QUANTITIES.get(word.removesuffix("s")) or ""


def is_label(latex: str, part: Part) -> bool:
    """Words for what was asked (`\\text{variance}`, `Answer`), not a symbol."""
    plain = _FONT.sub(" ", latex)
    words = _WORD.findall(plain.lower())
    known = _GENERAL.union(_WORD.findall(part.ask.text.lower()) if part.ask else ())
    return bool(words) and not re.search(r"[\\^_]", plain) and known.issuperset(words)
