"""Labels as people write them: `Question 2 (a)`, `Q2. (c)`, `1.6 Problem 6`, `2a)`, `(ii)`, `a.`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source.values import Block, Prose

Region = Literal["answer", "question", "recap", ""]
Path = tuple[str, ...]

NAMED = (
    r"question|problem|exercise|part|task|prob|ex|qn|quest|q|p"
    r"|aufgabe|teilaufgabe|übung|frage|exercice|ejercicio|problema|esercizio|opgave|oppgave|uppgift"
)
_ANSWER = r"answers?|solutions?|soln?|ans|response|proof|reply|lösung|antwort"
_HEAD = lazy(
    rf"\W*(?:\d+(?:\.\d+)*\.?\s+(?=[A-Za-z]))?(?:(?:my\s+)?(?P<answer>{_ANSWER})\b\s*(?:(?:to|"
    rf"for|of|:|-|–)\s*)?(?:the\s+)?)?"
    rf"(?P<name>{NAMED})\b\.?\s*(?:#|no\.?|number)?\s*(?=[\d(\[]|[a-z]\b|[ivx]+\b)",
    re.I,
)
_SHORT = lazy(r"\W*(?P<name>[QP])(?=\d)", re.I)
# `Answer to 2(b):`, `Solution 6a:` without a word for the question; `Answer: 12` is the answer itself.
_ANSWERED = lazy(rf"\W*(?:my\s+)?(?P<answer>{_ANSWER})\s+(?P<to>(?:to|for|of|zu)\s+)?(?:no\.?\s*)?(?=\d)", re.I)
# What was bold stands between two spaces each in the words of a block.
_BOLD = lazy(r"  (?P<label>[\d(][^\n]{0,12}?)\s*[.:]?  [.:]?[ \t]*(?P<end>\n)?")
_NAME_AGAIN = lazy(rf"\s*[,.:–-]?\s*(?:{NAMED})\.?\s*(?=[\d(]|[a-z]\b)", re.I)
_ATOM = lazy(
    r"\s*[.,:\-–]?\s*[\[(]\s*(?P<paren>\d{1,2}|[A-Za-z]|[ivxIVX]{1,4})\s*[\])]"
    r"|\s*[.,\-–]?\s*(?P<digits>\d{1,2})(?![\d%,])(?!\.\d{2,})"
)
_GLUED = lazy(r"(?:\.\s?|\s(?=[a-z]\)))?(?P<letter>[a-z]|[ivx]{2,4})(?=[\s).:]|$)")
_ITEM = lazy(
    r"\W*?(?:\((?P<paren>[A-Za-z]|[ivxIVX]{1,4}|\d{1,2})\)|(?P<two>\d{1,2})\s?\(?(?P<sub>[a-z])\s?(?:\)[.:]?|\.)"
    r"|(?P<bare>\d{1,2}|[a-z]|[ivx]{2,4}|[A-Z](?=\)))(?P<close>[.)]))(?=\s|$|[A-Z])"
)
_INNER = lazy(r"\s*\((?P<letter>[A-Za-z])\)(?=\s|$)")
_SENTENCE = lazy(r"(?:\s*[.:]\s+|\s{2,})(?:[AI]|[Aa]n)\s+[a-z]")
"""`Question. A layer of ...`: a sentence after the word, whose article is no letter of a part."""
_SECTION = lazy(r"\s*(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?=[A-Z])")
_REGION_WORDS: tuple[tuple[Region, re.Pattern[str]], ...] = (
    (
        "recap",
        lazy(r"\W*(?:\d[\d.]*\s+)?(?:summary|recap|overview|table of contents|contents|final answers)\b", re.I),
    ),
    (
        "question",
        lazy(
            r"\W*(?:\d[\d.]*\s+)?(?:the )?"
            r"(?:description|(?:problem |question )?statement|question|problem|task)\s*[:.]?\W*$",
            re.I,
        ),
    ),
    ("answer", lazy(rf"\W*(?:\d[\d.]*\s+)?(?:my\s+)?(?:{_ANSWER})\s*[:.]?\W*$", re.I)),
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the head of a block. `atoms` is what is written (`2`, `a`); `named` says whether a word such as
    Question stands before it; `style` tells `1.` from `(1)` and `a)`; `end` is where the words after it begin."""

    atoms: Path
    named: str = ""
    region: Region = ""
    style: str = ""
    end: int = 0


def path_of(label: str) -> Path:
    """The atoms of a label as an assignment writes it: `Problem 7(3)(a)` is ('7', '3', 'a')."""
    text = re.sub(rf"\b(?:{NAMED}|{_ANSWER}|to|no)(?=\W|\d|$)", " ", label, flags=re.I)
    return tuple(atom.lower() for atom in re.findall(r"\d+|(?<![A-Za-z])(?:[ivxIVX]+|[A-Za-z])(?![A-Za-z])", text))


def label_match(wanted: Path, written: Path) -> float:
    """How well a label written in the paper fits one asked for (1: the same; 0: another)."""
    if not wanted or not written:
        return 0.0
    if wanted == written:
        return 1.0
    short, long = sorted((wanted, written), key=len)
    if long[len(long) - len(short) :] == short:
        return 0.8 if len(short) > 1 or len(long) == 1 else 0.7
    if len(wanted) == len(written) and wanted[:-1] == written[:-1] and _rank(wanted[-1]) == _rank(written[-1]):
        return 0.6
    if wanted[: len(written)] == written:
        return 0.45
    return 0.1 if _rank(wanted[-1]) == _rank(written[-1]) and len(written) == 1 else -0.5


def _rank(atom: str) -> int:
    """Its number in order: `2`, `b` and `ii` are all the second."""
    if atom.isdigit():
        return int(atom)
    numerals = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    return numerals.index(atom) + 1 if len(atom) > 1 and atom in numerals else ord(atom[0]) - ord("a") + 1


def read_label(block: Block) -> Label | None:
    """The label that a block begins with, or None."""
    text = _head_text(block)
    if match := _HEAD.match(text) or _SHORT.match(text):
        return _named(text, match)
    if bare := _without_name(text) or _in_bold(block):
        return bare
    heading = block.kind == "heading"
    if match := _ITEM.match(text):
        atoms, style = _item(match)
        written = path_of(block.label)
        if len(written) > 1 and written[-1:] == atoms:  # `2.` as a list has it, `(a)` as its first words
            return Label(written, "", "", "1a", match.end())
        inner = _INNER.match(text, match.end())
        if inner and atoms[0].isdigit() and len(atoms) == 1:
            return Label((*atoms, inner.group("letter").lower()), "", "", "1a", inner.end())
        return Label(atoms, "", "", style, match.end())
    if block.label:
        written = path_of(block.label)
        if len(written) > 1 and written[0].isdigit() and not heading and not written[1].isdigit():
            return Label(written, "", region_of(text), "1a")
        style = "section" if heading else re.sub(r"[A-Za-z0-9]+", _class(written[-1]) if written else "", block.label)
        return Label(written, "", region_of(text), style) if written else None
    if heading and (match := _SECTION.match(text)):
        return Label(tuple(match.group("number").split(".")), "", region_of(text), "section", match.end())
    return None


def only_label(block: Block) -> bool:
    """Whether a block is a label and nothing else (`2 (b).`, a heading `Problem 3`)."""
    label = read_label(block)
    if label is None:
        return False
    rest = block.text[label.end :]
    return not (rest if label.end else rest.removeprefix(block.label)).strip(" .:)*")


def region_of(text: str) -> Region:
    """Whether a line of its own announces the answer, the question or a recap."""
    for region, pattern in _REGION_WORDS:
        if pattern.match(text):
            return region
    return ""


def _head_text(block: Block) -> str:
    return block.prose[:200] if block.pieces and block.pieces[0].span.start == block.span.start else block.text[:200]


def _without_name(text: str) -> Label | None:
    """`Answer to 2(b)`, `Solution 6a:`; `2(1)` on a line of its own."""
    if match := _ANSWERED.match(text):
        atoms, at = _atoms(text, match.end(), "")
        ends = re.match(r"\)?\s*(?:[:.]|$)", text[at:]) or (match["to"] and len(atoms) > 1)
        sure = match["to"] or len(atoms) > 1 or text[at : at + 1] == ":"
        return Label(tuple(atoms), "question", "answer", "named", at) if atoms and ends and sure else None
    atoms, at = _atoms(text, 0, "")
    if len(atoms) < 2 or not atoms[0].isdigit() or "(" not in text[:at]:
        return None
    return Label(tuple(atoms), "", "", "1a", at) if re.match(r"\s*[.:]?\s*$", text[at:]) else None


def _in_bold(block: Block) -> Label | None:
    """`**2(b)** ...`; a number alone only on a line of its own, with something below it (`**12** edges` answers)."""
    first = block.pieces[0] if block.pieces else None
    match = _BOLD.match(first.text) if isinstance(first, Prose) else None
    if match is None or re.fullmatch(r"\d+\.\d+", match["label"].strip()):
        return None
    atoms, at = _atoms(match["label"], 0, "")
    alone = len(atoms) == 1
    if not atoms or at < len(match["label"].rstrip()) or (alone and not (match["end"] and atoms[0].isdigit())):
        return None
    return Label(tuple(atoms), "", "", "1." if alone else "1a", at)


def _named(text: str, match: re.Match[str]) -> Label | None:
    name = match.group("name").lower()
    answer = match.groupdict().get("answer")
    atoms, at = _atoms(text, match.end(), name)
    if _SENTENCE.match(text, match.end("name")):
        return None
    if not atoms or not re.match(r"[\s.:,)\]–—(-]|$", text[at : at + 1]):
        return None
    canonical = "part" if name == "part" else "question"
    return Label(tuple(atoms), canonical, "answer" if answer else region_of(text[at:]), "named", at)


def _atoms(text: str, at: int, name: str) -> tuple[list[str], int]:
    atoms: list[str] = []
    while len(atoms) < 4:
        if again := _NAME_AGAIN.match(text, at):
            at = again.end()
        elif atoms and (glued := _GLUED.match(text, at)) and atoms[-1].isdigit():
            atoms, at = [*atoms, glued.group("letter")], glued.end()
        elif match := _ATOM.match(text, at):
            if atoms and match.group("digits") and not text[at : match.start("digits")].strip().startswith("."):
                break
            atoms.append((match.group("paren") or match.group("digits")).lower())
            at = match.end()
        elif not atoms and (letter := re.compile(r"([A-Za-z]|[ivx]+)(?=[\s).:]|$)").match(text, at)):
            atoms, at = [letter.group(1).lower()], letter.end()
        else:
            break
    return atoms, at


def _item(match: re.Match[str]) -> tuple[Path, str]:
    if match.group("two"):
        return (match.group("two"), match.group("sub")), "1a"
    value = (match.group("paren") or match.group("bare")).lower()
    shape = "({})" if match.group("paren") else "{}" + match.group("close")
    return (value,), shape.format(_class(value))


def _class(value: str) -> str:
    return "1" if value.isdigit() else "a"


@dataclass(frozen=True, slots=True)
class Entry:
    style: str
    value: str


@dataclass(frozen=True, slots=True)
class Context:
    """Where in the outline a block stands: the labels that it is under."""

    entries: tuple[Entry, ...] = ()

    @property
    def path(self) -> Path:
        return tuple(entry.value for entry in self.entries if entry.style != "part")

    @property
    def part(self) -> Path:
        """The numbered part of the paper, which labels leave out as often as not."""
        return tuple(entry.value for entry in self.entries if entry.style == "part")

    def outer(self) -> Context:
        """Without the items: what a line such as `Solution` comes back to."""
        return Context(tuple(entry for entry in self.entries if entry.style in ("part", "question", "section")))

    def enter(self, label: Label) -> Context:
        """The outline position of a labelled block: beside the last label of its style, else below everything."""
        if label.named == "part" and label.atoms[0].isdigit() and len(label.atoms) == 1:
            return Context((Entry("part", label.atoms[0]),))
        kept = tuple(entry for entry in self.entries if entry.style == "part")
        if label.style == "1a":  # `2a)`, beside `1)` or `1.`, whichever the paper uses, or under `Problem 2`
            for index, entry in enumerate(self.entries):
                if entry.style in ("question", "section") and entry.value == label.atoms[0]:
                    return Context((*self.entries[: index + 1], *_deeper(label.atoms[1:])))
            return Context((*self._beside(Entry("1?", label.atoms[0])).entries, *_deeper(label.atoms[1:])))
        if label.named == "question" or label.style == "section":
            first = Entry("question" if label.style != "section" else "section", label.atoms[0])
            return Context((*kept, first, *_deeper(label.atoms[1:])))
        if label.named == "part":
            return self._beside(Entry("(a)", label.atoms[0]))
        return self._beside(Entry(self._roman(label.style, label.atoms[-1]), label.atoms[-1]))

    def _beside(self, entry: Entry) -> Context:
        for index, known in enumerate(self.entries):
            if _same_style(known.style, entry.style):
                return Context((*self.entries[:index], entry))
        return Context((*self.entries, entry))

    def _roman(self, style: str, value: str) -> str:
        """`i` after `h` is a letter, else a Roman numeral; `v` and `x` are numerals only among numerals."""
        if not re.fullmatch(r"[ivx]+", value):
            return style
        letters = [entry.value for entry in self.entries if entry.style == style]
        if len(value) == 1 and letters and ord(value) == ord(letters[-1]) + 1:
            return style
        numeral = style.replace("a", "i")
        among = any(entry.style == numeral for entry in self.entries)
        return numeral if value == "i" or len(value) > 1 or among else style


def _deeper(atoms: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(
        Entry(f"({_class(atom)})" if depth == 0 else f"({_class(atom)}){depth}", atom)
        for depth, atom in enumerate(atoms)
    )


def _loose(style: str) -> str:
    """`(a)`, `a)` and `a.` are one style of letters: copies mix them; digits keep their brackets apart."""
    return re.sub(r"[().]", "", style) if re.fullmatch(r"\W*[ai]\W*\d*", style) else style


def _same_style(one: str, other: str) -> bool:
    if "1?" in (one, other):
        return re.fullmatch(r"1\?|\(?1[).]?", one) is not None and re.fullmatch(r"1\?|\(?1[).]?", other) is not None
    return _loose(one) == _loose(other)
