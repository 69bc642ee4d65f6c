"""Under which name a value stands: that of what was asked, a word for it, none, or another one."""

from __future__ import annotations

import re

from derivcheck.kinds.interface import JudgedAnswer, Operand, Oracle
from derivcheck.kinds.results import Candidate, chains
from derivcheck.problems.schema import Part
from derivcheck.terms.node import Entry

_FONT = re.compile(r"\\(?:text|textbf|textit|textrm|mbox|mathrm|mathbf|mathit|operatorname)\b\*?|[{}$~:]|\\[ ,]")
_WORD = re.compile(r"[a-z]{3,}")
_GENERAL = frozenset(("answer", "result", "solution", "value"))


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


def is_label(latex: str, part: Part) -> bool:
    """Words for what was asked (`\\text{variance}`, `Answer`), not a symbol."""
    plain = _FONT.sub(" ", latex)
    words = _WORD.findall(plain.lower())
    known = _GENERAL.union(_WORD.findall(part.ask.text.lower()) if part.ask else ())
    return bool(words) and not re.search(r"[\\^_]", plain) and known.issuperset(words)
