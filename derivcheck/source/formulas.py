"""From a region of maths to a formula: what is delimiter, number, punctuation or spacing falls away at both ends."""

from __future__ import annotations

import re

from derivcheck.source.maths import DISPLAY_ENVIRONMENTS, Region
from derivcheck.source.values import Formula, Span

_ENVIRONMENT = re.compile(
    rf"\\begin\{{({'|'.join((*DISPLAY_ENVIRONMENTS, 'math'))})(\*?)\}}(?:\s*\{{\d+\}}|\s*\[[a-z]\])?"
)
_FRONT = re.compile(r"(?:\s|\\(?:label\{[^{}]*\}|displaystyle\b|noindent\b|[,;:!]|q?quad\b))+")
_TAG = re.compile(
    r"\\tag\*?\{(?P<tag>[^{}]*)\}|\\label\{[^{}]*\}|\\(?:nonumber|notag)\b"
    r"|(?:\\q?quad|\\hspace\*?\{[^{}]*\}|\\hfill|~|\\ |\\eqno|\s{3})\s*\(\s*(?P<number>\d+(?:\.\d+)?[a-z]?)\s*\)"
)
_TAIL = re.compile(r"(?:(?:\\q?quad|\\[,;:! ]|\\\\|~|\\par|\\qed\w*|\\blacksquare)+|\\)$")
_FENCE = re.compile(r"\\(?:left|right|middle|[bB]igg?[lrm]?)\s*$")
_QUOTE_MARKS = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
LONGEST_TAIL = 200


def formula(masked: str, region: Region) -> Formula:
    """The formula in a region of the text (where comments are blanked already)."""
    start, end = region.inner_start, region.inner_end
    start, end = _unwrap(masked, start, end)
    tag = ""
    while True:
        before = (start, end)
        start, end = _trim(masked, start, end)
        end, tag = _number(masked, start, end, tag)
        if (start, end) == before:
            break
    latex = masked[start:end]
    if "\n" in latex:
        latex = _QUOTE_MARKS.sub(lambda match: " " * len(match.group()), latex)
    return Formula(latex, Span(start, end), region.display, tag)


def _unwrap(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the display environments that only say how to set it; `aligned` and the like are the reader's."""
    while True:
        start, end = _trim_blanks(text, start, end)
        match = _ENVIRONMENT.match(text, start, end)
        closer = f"\\end{{{match.group(1)}{match.group(2)}}}" if match else ""
        if not match or not text.endswith(closer, start, end):
            return start, end
        start, end = match.end(), end - len(closer)


def _trim_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without spacing at the ends and punctuation of the sentence at the end."""
    if match := _FRONT.match(text, start, end):
        start = match.end()
    start, end = _trim_blanks(text, start, end)
    if match := _TAIL.search(text, max(start, end - LONGEST_TAIL), end):
        end = match.start()
    elif (
        end - start > 1
        and text[end - 1] in ".,;:"
        and text[end - 2] != "\\"
        and not _FENCE.search(text, max(start, end - 12), end - 1)
    ):
        end -= 1
    return start, end


def _number(text: str, start: int, end: int, tag: str) -> tuple[int, str]:
    """Without a number of the equation at the end, and that number."""
    for match in _TAG.finditer(text, max(start, end - LONGEST_TAIL), end):
        if match.end() == end and match.start() > start:
            return match.start(), match.group("tag") or match.group("number") or tag
    return end, tag
