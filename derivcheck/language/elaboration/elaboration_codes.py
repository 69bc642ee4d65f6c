"""The long texts of what elaboration and the reading of given lines have to say (`derivcheck explain CODE`)."""

from __future__ import annotations

from derivcheck.codes import register

_ROWS = (
    ("unreadable", "a formula without a meaning here",
     "It could be parsed, but not be given a meaning: the caret shows the part, the message what was expected there. "
     "It is never counted as a mistake."),
    ("unsupported", "a construct that is not decided",
     "It is mathematics, but this program has no semantics for it yet. A person reads the line."),
    ("bad-given", "a given line that states nothing",
     "A given line is a declaration (`x \\in \\mathbb{R}^n`), a definition (`p = \\operatorname{softmax}(z)`), a law "
     "(`x \\sim \\mathcal{N}(m, S)`) or an assumption (`A^\\top = A`)."),
    ("bad-name", "a name is expected", "A letter or a word, with scripts and primes that belong to it."),
    ("bad-shape", "a dimension is expected",
     "A name, a whole number, or a product or sum of such: `\\mathbb{R}^{2m \\times n}`."),
    ("unknown-set", "a set that is not known",
     "Known are `\\mathbb{R}`, `\\mathbb{N}`, `\\mathbb{Z}` with shapes, intervals, finite sets, `\\{1, \\dots, n\\}`, "
     "and `\\Delta^{k}`."),
    ("unknown-size", "the size of an identity or a vector of ones is open",
     "`I`, `\\mathbf{1}` and `e_i` take their size from what stands beside them. Here nothing says it: write `I_n`."),
    ("unknown-range", "an index without a range",
     "A sum without limits runs over the whole axis that its index is used on; this one is used on none."),
    ("ambiguous-range", "an index on axes of different length",
     "Write the limits: `\\sum_{i=1}^{n}`."),
    ("nothing-to-continue", "a line that begins with a relation, and none before it",
     "`= b` continues the line before. There is none that could be read."),
    ("hidden-relation", "a relation in brackets or in a table",
     "`(a = b)` by itself may be a remark, a condition or a claim, so it was not judged. Write the line without the "
     "brackets."),
)  # fmt: skip

for _code, _title, _text in _ROWS:
    register(_code, _title, _text)
