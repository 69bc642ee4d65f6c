"""Likely readings of text damaged by scanning or copying. Nothing here is applied silently: the literal reading goes
first, a repair is a second reading with a note that says what was assumed.

A rule is a function from a text and its tree to edits; a new kind of damage is one more function in `RULES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from derivcheck.language.parsing.macros import Macro
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import (
    Accent,
    Dots,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Sum,
    Symbol,
)
from derivcheck.language.parsing.trees import walk
from derivcheck.record import dataclass
from derivcheck.regex import lazy

MAX_REPAIRS = 6


@dataclass(frozen=True, slots=True)
class Repair:
    """Another text for the same formula, and what was assumed to get it."""

    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace text[start:end] by `new`."""

    start: int
    end: int
    new: str
    note: str


Rule = Callable[[str, Node], Iterator[Edit]]


def repairs(text: str, macros: Mapping[str, Macro] | None = None) -> list[Repair]:
    """Likely readings of a damaged formula, the likeliest first; none for a text that shows no damage. Edits of one
    kind are made together first, then each alone."""
    node = parse(text, macros).node
    found: list[Repair] = []
    everything: list[Edit] = []
    for rule in RULES:
        edits = list(rule(text, node))
        everything += edits
        if edits:
            _add(found, text, edits, macros)
        if len(edits) > 1:
            for edit in edits:
                _add(found, text, [edit], macros)
    if len({edit.note for edit in everything}) > 1:
        _add(found, text, everything, macros)
    return found[:MAX_REPAIRS]


def _add(found: list[Repair], text: str, edits: list[Edit], macros: Mapping[str, Macro] | None) -> None:
    out, last = "", 0
    used: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start >= last:
            out += text[last : edit.start] + edit.new
            last = edit.end
            used.append(edit)
    out += text[last:]
    if out != text and all(repair.text != out for repair in found) and parse(out, macros).ok:
        found.append(Repair(out, "; ".join(dict.fromkeys(edit.note for edit in used))))


def _lost_minus(text: str, node: Node) -> Iterator[Edit]:
    """`(1 \\tanh^2 C_t)`: nobody writes a factor 1 before a term; a number after a name (`h_{t 1}`, `n 1`) is none."""
    for product in walk(node):
        if not isinstance(product, Product):
            continue
        for (_, left), (op, right) in zip(product.items, product.items[1:], strict=False):
            if op or isinstance(left, Dots):
                continue
            gap = text[left.span.end : right.span.start]
            lone_one = isinstance(left, Num) and left.text == "1" and not isinstance(right, Dots | Symbol)
            late_number = isinstance(right, Num) and isinstance(left, Name | Scripted) and gap.isspace()
            if lone_one or late_number:
                shown = text[left.span.start : left.span.end]
                yield Edit(left.span.end, right.span.start, " - ", f"a minus sign after `{shown}` was probably lost")


def _prose_dash(text: str, node: Node) -> Iterator[Edit]:
    """`-h_t \\ne h_{t-1}`: a dash of the sentence, or a list's bullet, that moved into the formula. Only before a
    single name: a sign before anything longer is part of a derivation, and losing it is a slip."""
    first = node.operands[0] if isinstance(node, Relation) else None
    if isinstance(first, Sum) and len(first.items) == 1 and isinstance(first.items[0][1], Name | Scripted | Accent):
        if first.items[0][0] != "-":
            return
        start = first.span.start
        yield Edit(start, start + 1, "", "the minus sign at the start may be a dash of the sentence")


_TRANSPOSES = lazy(
    r"""\^\s*(?:\{\s*)?(?P<mark>\\(?:tau|Gamma|perp|bot|dagger|mathcal\s*\{?\s*T\s*\}?|mathbf\s*\{?\s*T\s*\}?
        |mathbb\s*\{?\s*T\s*\}?|mathfrak\s*\{?\s*T\s*\}?|mathtt\s*\{?\s*T\s*\}?)(?![A-Za-z])|⊥|τ|┬|Т)""",
    re.VERBOSE,
)


def _odd_transpose(text: str, node: Node) -> Iterator[Edit]:
    """`q^{\\tau} k`: superscripts that look like the T of a transpose."""
    for match in _TRANSPOSES.finditer(text):
        start, end = match.span("mark")
        yield Edit(start, end, "\\top ", f"`{text[start:end].strip()}` as a superscript may be the transpose")


_HYPHENATED = lazy(r"(?<![\\A-Za-z{])[A-Za-z]{2,}(?:-[A-Za-z]{2,})+(?![A-Za-z(\[{_^])")


def _hyphen(text: str, node: Node) -> Iterator[Edit]:
    """`Self-Attention`: a hyphen between words of several letters, not a minus."""
    for match in _HYPHENATED.finditer(text):
        if max(len(word) for word in match.group().split("-")) > 3:
            yield Edit(*match.span(), f"\\text{{{match.group()}}}", f"`{match.group()}` is a word with a hyphen")


_FOR_DIGIT = lazy(
    r"(?<=\d)[.,][Oo]+(?![A-Za-z])|(?<![A-Za-z\\])[Oo](?=\.\d)|(?<=\d)[OoIl](?=\d)|(?<=\d\.)[Oo](?=\d)"
    r"|(?<![A-Za-z\\.])l(?=\.\d)"
)
_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})


def _letter_for_digit(text: str, node: Node) -> Iterator[Edit]:
    """`O.5`, `1O4`, `l.25`: letters where only a digit can stand."""
    for match in _FOR_DIGIT.finditer(text):
        new = match.group().translate(_DIGITS)
        old, digit = match.group().strip(".,"), new.strip(".,")
        yield Edit(*match.span(), new, f"`{old}` among digits is probably the digit `{digit}`")


def _missing_relation(text: str, node: Node) -> Iterator[Edit]:
    """`f(x) − − y`: an equals sign torn in two, where the line has no other relation."""
    if any(isinstance(part, Relation) for part in walk(node)):
        return
    for match in re.finditer(r"[-−–]\s*[-−–](?=\s*[A-Za-z0-9\\(])", text):
        yield Edit(*match.span(), "=", "two strokes that are probably one equals sign")


def _lost_brackets(text: str, node: Node) -> Iterator[Edit]:
    """A fence that is never closed, or closes nothing, at the very end or start."""
    for finding in parse(text).findings:
        if finding.code == "unmatched" and finding.message.startswith("`)`") and text.count(")") == text.count("(") + 1:
            place = int(finding.details["start"])
            yield Edit(place, place + 1, "", "a closing parenthesis too many")
        if finding.code == "unclosed" and "never closed" in finding.message and text.count("(") == text.count(")") + 1:
            end = len(text.rstrip(" .,;\n"))
            yield Edit(end, end, ")", "a closing parenthesis was probably lost at the end")


RULES: tuple[Rule, ...] = (
    _lost_minus,
    _prose_dash,
    _odd_transpose,
    _hyphen,
    _letter_for_digit,
    _missing_relation,
    _lost_brackets,
)
