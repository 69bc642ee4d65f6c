"""What can be seen to be wrong in a part without reading mathematics: missing fields, points that cannot be,
a hint that holds the answer's own text."""

from __future__ import annotations

import re

from derivcheck.problems.schema import Part, Text
from derivcheck.problems.yaml_nodes import Source

# kind -> fields of which at least one must be there
NEEDS: dict[str, tuple[str, ...]] = {
    "expression": ("find", "answer"),
    "chain": ("show", "find"),
    "bound": ("find",),
    "value": ("answer",),
    "truth": ("answer",),
    "asymptotic": ("answer",),
    "property": ("requires",),
    "consistency": ("formula", "sums"),
    "shape": ("answer",),
    "design": ("requires",),
}
_NAMES = re.compile(r"(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])")
_KEYS = {"requires": "requires", "terms": "in"}
_SPACE = re.compile(r"\\[,;:! ]|\\q?quad\b|\\(?:big|Big|bigg|Bigg)[lr]?|\\left|\\right|\s+|[{}$]")


def check_part(part: Part, source: Source) -> None:
    needed = NEEDS.get(part.kind, ())
    if needed and not any(getattr(part, name) for name in needed):
        wanted = " or ".join(f"`{name}:`" for name in needed)
        source.add("missing-key", f"{part.id}, of kind {part.kind}, needs {wanted}", part.line or 1, 1)
    if part.kind == "value" and part.find is None and part.answer is not None and _NAMES.search(part.answer.text):
        message = "this reference is a formula, and nothing says what it is the value of"
        help = "add `find:`, the expression that the question asks for"
        source.add("missing-key", message, part.answer.line, part.answer.column, help=help)
    if part.ask is None:
        source.add("missing-key", f"{part.id} asks nothing: it needs `ask:`", part.line or 1, 1)
    if part.kind == "bound" and not part.relation:
        source.add("missing-key", f"{part.id} is a bound and needs `relation:`", part.line or 1, 1)
    for entry in part.entries:
        if entry.points is not None and entry.points > part.points:
            message = f"{entry.points} points for this answer, but the part has {part.points}"
            source.add("too-many-points", message, entry.line, entry.column)
        if entry.points is not None and entry.verdict == "correct":
            source.add("misplaced-key", "a correct answer has all the points", entry.line, entry.column)
        if entry.hint is not None and gives_away(entry.hint, part):
            source.add(
                "hint-gives-answer", "this hint holds the answer", entry.hint.line, entry.hint.column,
                help="ask a question, or say where to look",
            )  # fmt: skip
        if entry.marks and entry.verdict != "wrong":
            source.add("misplaced-mark", "`% wrong` in an answer that is not wrong", entry.line, entry.column)
    if part.credit and max(credit.points for credit in part.credit) > part.points:
        source.add("too-many-points", "more points for a line than the part has", part.line or 1, 1)


def squeeze(latex: str) -> str:
    """LaTeX without what does not change its meaning on the page (spaces, braces, sizes): for comparing text."""
    return _SPACE.sub("", latex)


_FORMULA = re.compile(r"\$([^$]+)\$")


def gives_away(hint: Text, part: Part) -> bool:
    """Does the hint hold the reference answer (or the right side of what is to be shown) as text?

    Only answers long enough not to stand in a sentence by chance; a single letter or word may.
    """
    answers = [part.answer] if part.answer else []
    answers += [entry.text for entry in part.of("correct") if not entry.text.block]
    plain = squeeze(hint.text)
    maths = [squeeze(formula) for formula in _FORMULA.findall(hint.text)]
    for answer in answers:
        text = squeeze(answer.text)
        if (len(text) >= 5 and text in plain) or text in maths:
            return True
    return False
