"""Where maths stands in a text: dollars, `\\(…\\)`, `\\[…\\]` and bare environments, found before any structure.

Maths is found first and everything else is read around it, so that no minus sign becomes a list and no `#` a
heading. The rules for dollars are those of the dollarmath extension with spaces, digits and `$$` in running text
allowed; beyond them a dollar whose partner would enclose running prose is taken as a sign of money or a slip,
so that one missing dollar does not turn the rest of a paragraph inside out.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from derivcheck.record import dataclass

DISPLAY_ENVIRONMENTS = ("equation", "align", "alignat", "gather", "multline", "flalign", "eqnarray", "displaymath")
INNER_ENVIRONMENTS = ("aligned", "split", "gathered", "cases", "array", "matrix", "pmatrix", "bmatrix", "vmatrix")
_ENVIRONMENTS = "|".join((*DISPLAY_ENVIRONMENTS, "math", *INNER_ENVIRONMENTS))
_OPENER = re.compile(rf"\\\\[(\[]|\\[(\[]|\\begin\{{({_ENVIRONMENTS})(\*?)\}}|\\[^A-Za-z]|\$\$|\$", re.S)
_BLANK_LINE = re.compile(r"\n[ \t>]*(?=\n)")
_MATH_SIGN = re.compile(r"[\\_^=<>|+*{}]")
_WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class Region:
    """Maths with its delimiters at [start, end) and without them at [inner_start, inner_end)."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    display: bool
    closed: bool = True


def find_maths(text: str, start: int = 0, end: int | None = None) -> list[Region]:
    """All maths between two offsets, in order, not overlapping. Linear in the length of the text."""
    return _Finder(text, start, len(text) if end is None else end).regions()


def looks_like_prose(inner: str) -> bool:
    """Whether text between dollars is running prose, not maths."""
    words = len(_WORD.findall(inner))
    if _MATH_SIGN.search(inner):
        return words > 12 and words > 3 * len(_MATH_SIGN.findall(inner))
    return words >= 3 or (words >= 1 and inner[:1].isdigit() and " " in inner.strip())


class _Finder:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.blanks = [match.start() for match in _BLANK_LINE.finditer(text, start, end)]
        self.absent: set[str] = set()

    def regions(self) -> list[Region]:
        found: list[Region] = []
        at = self.start
        while match := _OPENER.search(self.text, at, self.end):
            region = self._region(match)
            at = match.end() if region is None else region.end
            if region is not None and self.text[region.inner_start : region.inner_end].strip():
                found.append(region)
        return found

    def _region(self, match: re.Match[str]) -> Region | None:
        opener, after = match.group(), match.end()
        if match.group(1):
            closer = f"\\end{{{match.group(1)}{match.group(2)}}}"
            at = self._find(closer, after)
            display = match.group(1) != "math"
            return None if at < 0 else Region(match.start(), at + len(closer), match.start(), at + len(closer), display)
        if opener in ("\\(", "\\[", "\\\\(", "\\\\["):
            closer = opener[:-1] + (")" if opener[-1] == "(" else "]")
            at = self._find(closer, after)
            if at < 0 or (opener[-1] == "(" and at > self._paragraph_end(after)):
                return None
            return Region(match.start(), at + len(closer), after, at, opener[-1] == "[")
        if opener == "$$":
            return self._double(match.start(), after)
        if opener == "$":
            return self._single(match.start(), after)
        return None  # an escaped character

    def _double(self, start: int, after: int) -> Region | None:
        at, limit = self._dollar("$$", after, self.end), self._paragraph_end(after)
        if at < 0 or (at > limit and self._swallows_prose(after, at)):
            inner = self.text[after:limit]
            if not inner.strip() or looks_like_prose(inner):
                return None
            return Region(start, limit, after, limit, True, closed=False)
        return Region(start, at + 2, after, at, True)

    def _single(self, start: int, after: int) -> Region | None:
        limit = self._paragraph_end(after)
        at = self._dollar("$", after, limit)
        if at < 0 or looks_like_prose(self.text[after:at]):
            return None
        return Region(start, at + 1, after, at, False)

    def _dollar(self, mark: str, after: int, limit: int) -> int:
        """The next `mark` that no backslash escapes; -1 when there is none before the limit."""
        at = self.text.find(mark, after, limit)
        while at > 0 and self.text[at - 1] == "\\" and self.text[at - 2 : at] != "\\\\":
            at = self.text.find(mark, at + 1, limit)
        return at

    def _swallows_prose(self, start: int, end: int) -> bool:
        chunks = re.split(r"\n[ \t>]*\n", self.text[start:end])
        return any(looks_like_prose(chunk) or chunk.lstrip().startswith("#") for chunk in chunks[1:])

    def _paragraph_end(self, offset: int) -> int:
        index = bisect_left(self.blanks, offset)
        return self.blanks[index] if index < len(self.blanks) else self.end

    def _find(self, closer: str, after: int) -> int:
        if closer in self.absent:
            return -1
        at = self.text.find(closer, after, self.end)
        if at < 0:
            self.absent.add(closer)
        return at
