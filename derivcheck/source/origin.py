"""Was this typed, or read off a page? Lost signs are believed only of a text that was read off a page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from derivcheck.regex import lazy
from derivcheck.source.bare import find_bare
from derivcheck.source.maths import Region
from derivcheck.source.values import SourceKind

# Signs of a page read by a machine: a name, how to count it in the text outside maths, how often makes a sign.
_SIGNS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("page numbers between paragraphs", lazy(r"(?m)^\s*\n[ ]*\d{1,3}[ ]*\n[ ]*$"), 1),
    ("bullets as characters", lazy(r"(?m)^\s*[•●◦▪]\s"), 1),
    ("a list in a list's first line", lazy(r"(?m)^\s*[-*]\s+\d{1,2}\.\s"), 1),
    ("equation numbers on lines of their own", lazy(r"(?m)^\s*\(\d+\)\s*$"), 1),
    ("table columns set by tabs", lazy(r"(?m)^[^\t\n]*\S\t+\S"), 1),
)

_PAGE = lazy(r"(?m)^\s*\n[ ]*(\d{1,3})[ ]*\n(?=[ ]*$)")


def guess_source_kind(masked: str, regions: Sequence[Region], format_: str) -> tuple[SourceKind, str]:
    """'ocr' or 'typed', and the reason to tell people."""
    if format_ == "text":
        return "ocr", "a .txt file is taken for text read off a page"
    if format_ == "notebook":
        return "typed", "a notebook"
    outside = _outside(masked, regions)
    signs = [name for name, pattern, least in _SIGNS if len(pattern.findall(outside)) >= least]
    if _undressed(outside) >= 3:
        signs.append("formulas without dollars")
    pages = [int(number) for number in _PAGE.findall(outside)]
    if len(pages) >= 2 and all(a < b for a, b in itertools.pairwise(pages)):
        signs.append("rising page numbers")  # one may be an answer; two that rise are pages
    if len(signs) >= 2:
        return "ocr", "it has " + " and ".join(signs[:3])
    return "typed", "no sign of text recognition"


def _outside(masked: str, regions: Sequence[Region], visible: Callable[[str], str] = str) -> str:
    parts, at = [], 0
    for region in regions:
        parts += [masked[at : region.start], "\n" * masked.count("\n", region.start, region.end)]
        at = region.end
    return visible("".join((*parts, masked[at:])))


def _undressed(outside: str) -> int:
    """Formulas in LaTeX that lost their dollars; a person who types in Markdown rarely leaves them out."""
    return sum(1 for span in find_bare(outside) if re.search(r"[_^]\{|\\[a-z]+", outside[span.start : span.end]))
