"""TeX: sections, lists with their counters, paragraphs; comments and verbatim blanked in place.

A small scanner, not TeX: homework is read, not typeset. Everything keeps its offset, also across `\\input`, whose
text is read where it is called and stands behind the main file in `Document.text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derivcheck.record import dataclass, field
from derivcheck.source.blocks import Leaf
from derivcheck.source.macros import balanced
from derivcheck.source.maths import Region
from derivcheck.source.values import BlockKind

_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*(%[^\n]*)")
_VERBATIM = re.compile(
    r"\\begin\{(verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?|tikzpicture)\}.*?\\end\{\1\}"
    r"|\\(?:verb|lstinline)\*?([^A-Za-z\s{*])[^\n]*?\2",
    re.S,
)
_VISIBLE = re.compile(r"[^\n]")
SECTIONS = {
    "part": 0,
    "chapter": 1,
    "section": 1,
    "subsection": 2,
    "subsubsection": 3,
    "paragraph": 4,
    "subparagraph": 5,
}
# Environments that stand for a word of the page: an answer begins, a question begins, a proof begins.
NUMBERED = frozenset({"problem", "exercise", "question", "homeworkProblem", "hwproblem"})
HEADED = NUMBERED | {
    *("solution", "answer", "sol", "proof", "part", "theorem", "lemma", "claim", "proposition", "corollary"),
    *("definition", "remark", "solutionorbox", "solutionbox", "example"),
}
DEEPEST_LIST = 40
_STRUCTURE = re.compile(
    rf"\\(?P<section>{'|'.join(SECTIONS)})(?P<star>\*?)\s*(?:\[[^\]\n]*\]\s*)?(?=\{{)"
    r"|\\begin\{(?P<begin>[A-Za-z]+\*?)\}(?P<options>(?:\s*\[[^\]\n]*\])?)"
    r"|\\end\{(?P<end>[A-Za-z]+\*?)\}"
    r"|\\(?P<item>item|question|part|subpart|subsubpart)(?![A-Za-z])\s*(?P<label>(?:\[[^\]\n]*\])?)"
    r"|\\(?P<break>newpage|clearpage|pagebreak|maketitle|tableofcontents|bigskip|medskip|smallskip|par|hrule)(?![A-Za-z])"
    r"|(?P<blank>\n[ \t]*\n)"
)
_LISTS = {"itemize": "", "enumerate": "1", "description": "", "questions": "1", "parts": "a", "subparts": "i"}
_STYLE_BY_DEPTH = ("1.", "(a)", "i.", "A.")
_INLINE = re.compile(
    r"\\(?:textbf|textit|textsf|textsc|textrm|textnormal|text|emph|underline|mbox|textcolor\{[^{}]*\}|large|Large|bfseries"
    r"|itshape|noindent|centering|label\{[^{}]*\}|vspace\*?\{[^{}]*\}|hspace\*?\{[^{}]*\}|footnote|hfill|\\|[,;!])(?![A-Za-z])"
)


def mask_tex(text: str) -> str:
    """The text with comments and verbatim blanked; same length, same lines."""
    text = _VERBATIM.sub(lambda match: _VISIBLE.sub(" ", match.group()), text)
    return _COMMENT.sub(lambda match: match.group()[: match.start(1) - match.start()] + " " * len(match.group(1)), text)


def body(text: str, start: int, end: int) -> tuple[int, int]:
    """What stands between `\\begin{document}` and `\\end{document}`, else everything."""
    first = text.find("\\begin{document}", start, end)
    last = text.find("\\end{document}", start, end)
    return (first + len("\\begin{document}") if first >= 0 else start), (last if last >= 0 else end)


def clean_prose(text: str) -> str:
    """Words without the commands that dress them, same length."""
    text = _INLINE.sub(lambda match: " " * len(match.group()), text)
    return re.sub(r"[{}~\[\]]|\\(?=\s)", " ", text)


@dataclass
class _List:
    name: str
    style: str
    count: int = 0


@dataclass
class TexScanner:
    """Leaves of one TeX source over stretches of its text; the state of lists and counters goes on across them."""

    masked: str
    regions: Sequence[Region]
    lists: list[_List] = field(default_factory=list)
    sections: list[int] = field(default_factory=lambda: [0] * 8)
    environments: dict[str, int] = field(default_factory=dict)
    pending: tuple[BlockKind, str, int] = ("paragraph", "", 0)

    def leaves(self, start: int, end: int) -> Iterator[Leaf]:
        at = start
        for match in self._marks(start, end):
            if match.start() < at:
                continue
            yield from self._paragraph(at, match.start())
            at = match.end()
            if match.group("section"):
                stop = balanced(self.masked, match.end(), end)
                at = stop if stop > 0 else match.end()
                # \part{...} is a heading, \part in a list of parts an item: the brace decided.
                level = SECTIONS[match.group("section")]
                label = "" if match.group("star") or level > 3 else self._section(level)
                yield Leaf("heading", match.end() + 1, max(at - 1, match.end() + 1), label, max(level, 1))
            elif match.group("item"):
                self._item(match)
            elif match.group("begin"):
                yield from self._begin(match)
            elif match.group("end"):
                self._end(match.group("end"))
        yield from self._paragraph(at, end)

    def _marks(self, start: int, end: int) -> Iterator[re.Match[str]]:
        """Commands of structure outside maths."""
        index = 0
        for match in _STRUCTURE.finditer(self.masked, start, end):
            while index < len(self.regions) and self.regions[index].end <= match.start():
                index += 1
            if index == len(self.regions) or match.start() < self.regions[index].start:
                yield match

    def _paragraph(self, start: int, end: int) -> Iterator[Leaf]:
        if self.masked[start:end].strip():
            kind, label, depth = self.pending
            while self.masked[start].isspace():
                start += 1
            yield Leaf(kind, start, end, label, depth or len(self.lists))
            self.pending = ("paragraph", "", 0)

    def _section(self, level: int) -> str:
        self.sections[level] += 1
        self.sections[level + 1 :] = [0] * (len(self.sections) - level - 1)
        return ".".join(str(number) for number in self.sections[1 : level + 1]) if level else str(self.sections[0])

    def _item(self, match: re.Match[str]) -> None:
        label = match.group("label").strip("[] \t")
        name = match.group("item")
        if name != "item":
            label = self._counted({"question": "questions", "part": "parts"}.get(name, "subparts"))
        elif not label and self.lists and self.lists[-1].style:
            self.lists[-1].count += 1
            label = printed(self.lists[-1].style, self.lists[-1].count)
        kind, outer, depth = self.pending
        if kind == "item" and label and outer and depth < len(self.lists):  # an item that begins with a list
            label = f"{outer} {label}"
        self.pending = ("item", label, max(len(self.lists), 1))

    def _counted(self, name: str) -> str:
        for entry in reversed(self.lists):
            if entry.name == name:
                entry.count += 1
                return printed(entry.style, entry.count)
        return ""

    def _begin(self, match: re.Match[str]) -> Iterator[Leaf]:
        name = match.group("begin").rstrip("*")
        if name in _LISTS and len(self.lists) < DEEPEST_LIST:
            self.lists.append(_List(name, self._style(name, match.group("options"))))
        elif name in HEADED:
            count = self.environments[name] = self.environments.get(name, 0) + 1
            yield Leaf("heading", match.start("begin"), match.end("options"), str(count) if name in NUMBERED else "", 6)

    def _style(self, name: str, options: str) -> str:
        if name in ("questions", "parts", "subparts"):
            return {"questions": "1.", "parts": "(a)", "subparts": "i."}[name]
        if name != "enumerate":
            return ""
        given = re.search(r"(\\alph|\\roman|\\arabic|\\Alph|\\Roman|(?<![A-Za-z])[aiAI1](?![A-Za-z]))\*?", options)
        if given:
            letter = {"\\alph": "a", "\\roman": "i", "\\arabic": "1", "\\Alph": "A", "\\Roman": "I"}.get(
                given.group(1), given.group(1)
            )
            before = "(" if "(" in options else ""
            return f"{before}{letter}{')' if ')' in options else '.'}"
        depth = sum(1 for entry in self.lists if entry.name == "enumerate")
        return _STYLE_BY_DEPTH[min(depth, 3)]

    def _end(self, name: str) -> None:
        if self.lists and name.rstrip("*") in _LISTS:
            self.lists.pop()
            self.pending = ("paragraph", "", 0)


def printed(style: str, count: int) -> str:
    """A counter as printed: `(a)`, `2.`, `iv)`."""
    kind = re.search(r"[aiAI1]", style)
    if not kind:
        return ""
    value = {"a": _letter(count), "A": _letter(count).upper(), "1": str(count)}.get(kind.group()) or _roman(count)
    return style.replace(kind.group(), value.upper() if kind.group() == "I" else value, 1)


def _letter(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26)


def _roman(count: int) -> str:
    text = ""
    for value, sign in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        while count >= value:
            text, count = text + sign, count - value
    return text
