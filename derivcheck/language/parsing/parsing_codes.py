"""The long texts of what the reader itself has to say (`derivcheck explain CODE`)."""

from __future__ import annotations

from derivcheck.codes import register

_ROWS = (
    ("unclosed", "something is opened and never closed",
     "A parenthesis, bracket, brace, bar or environment has a beginning and no end. The caret shows where it was "
     "opened. The line was not checked; nothing is lost by it."),
    ("unmatched", "something is closed that was never opened",
     "A closing delimiter stands where nothing is open, or another one is open there."),
    ("missing-operand", "an operator or a relation with nothing beside it",
     "After `+`, `\\cdot`, a script mark or between two relations a term is expected. A relation may begin or end a "
     "line (`= b`): the line then continues the one before."),
    ("missing-argument", "a command without its argument",
     "`\\frac`, `\\sqrt`, `_` and `^` need what they apply to, in braces if it is more than one character."),
    ("unexpected", "a character that has no meaning in a formula",
     "Dollar signs inside a formula, `@`, quotation marks and the like."),
    ("unknown-command", "a command that is not known here",
     "It was kept as a name, so that the rest could be read. If it is yours, put its `\\newcommand` into the file."),
    ("unknown-environment", "an environment that is not known here",
     "Matrices, cases, arrays and the environments of displayed equations are read."),
    ("double-script", "two subscripts or two superscripts on one symbol",
     "`x_i_j` has no one meaning: write `x_{ij}`, `x_{i_j}` or `{x_i}_j`."),
    ("script-takes-one", "only the first character is raised or lowered",
     "LaTeX reads `x^23` as the square of x times 3, and so does this program: write `x^{23}`. It is a warning: what "
     "was written is what was read."),
    ("too-deep", "too many levels of nesting", "Split the formula into parts with names of their own."),
    ("too-long", "a formula that is too long", "Split the formula into lines."),
    ("too-large", "a number with too many digits", "Write it as a power of ten."),
    ("macro-loop", "a command defined by itself",
     "The student's own commands lead back to themselves or grow without end."),
)  # fmt: skip

for _code, _title, _text in _ROWS:
    register(_code, _title, _text)
