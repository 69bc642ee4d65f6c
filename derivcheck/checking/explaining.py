"""From a verdict to a finding: the words, the place, the witness. Says what is, not what the answer would be."""

from __future__ import annotations

from typing import Any

from derivcheck.deciding.verdict import Counterexample, Verdict

MESSAGES = {
    "unequal-step": "this line does not follow from the one before",
    "unequal-sides": "the two sides of this line differ",
    "false-inequality": "this inequality does not hold",
    "shape-mismatch": "the shapes do not fit",
    "layout": "this is the transpose of what the stated layout of derivatives asks for",
    "layout-only": "equal up to the layout of the derivative, and no convention is stated",
    "wrong-order": "the factors do not stand in this order",
    "not-identically": "these two are equal for every value",
    "undecided-step": "this line could be neither proved nor refuted",
    "undecided-condition": "this line stands under a condition that could not be read",
    "undeclared": "nothing introduces a name in this line, so it was not judged",
    "unread-line": "this line could not be read, so it was not checked",
    "contradictory-givens": "no values satisfy what is given, so nothing is judged under it",
}

HELP = {
    "unequal-step": "put these numbers into both lines by hand",
    "unequal-sides": "put these numbers into both sides by hand",
    "false-inequality": "put these numbers into both sides by hand",
    "shape-mismatch": "a vector is a column; check which factor is transposed",
    "wrong-order": "row j of a Jacobian belongs to output j; which factor scales rows?",
    "layout": "say which layout you use, or transpose",
    "undeclared": "say what it is, for example `Let $W \\in \\mathbb{R}^{m \\times n}$`",
    "unread-line": "mend the line, or leave it: a person will read it",
    "undecided-step": "a person will look; a line in between may help",
}


def code_of(relation: str, verdict: Verdict, continued: bool) -> str:
    """The code of a verdict that is not good. continued: the line goes on from the one before."""
    if verdict.code:
        return verdict.code
    if verdict.word == "refuted":
        if relation == "=":
            return "unequal-step" if continued else "unequal-sides"
        return "not-identically" if relation == "!=" else "false-inequality"
    return "unread-line" if verdict.word == "unreadable" else "undecided-step"


def witness(example: Counterexample, left: str, right: str) -> str:
    """`at d = 3, μ = (1, 0, 0), σ = 1:  left = 5, right = 9` in one line."""
    values = {**example.dims, **example.values}
    where = ", ".join(f"{plain_name(name)} = {plain_value(value)}" for name, value in values.items())
    entry = f" in entry {plain_value(list(example.entry))}" if example.entry else ""
    sides = f"{left} = {plain_value(example.left)}, {right} = {plain_value(example.right)}"
    note = f" ({example.note})" if example.note else ""
    return f"{'at ' + where if where else 'always'}:{entry} {sides}{note}"


def plain_value(value: Any) -> str:
    """Numbers and nested lists as one writes them: (1, 0, 0), [1 0; 0 1]."""
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(row, (list, tuple)) for row in value):
            rows = [" ".join(plain_value(x) for x in row) for row in value]
            return f"[{'; '.join(rows)}]"
        return f"({', '.join(plain_value(x) for x in value)})"
    return str(value)


def plain_name(latex: str) -> str:
    r"""A name as people type it: `\mu` is μ, `W_{hh}` is W_hh."""
    if "\\" not in latex:
        return latex.replace("{", "").replace("}", "")
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        text = LatexNodes2Text(math_mode="text").latex_to_text(latex).strip()
    except Exception:  # a name it cannot show is shown as written
        return latex
    return text or latex
