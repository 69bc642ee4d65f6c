"""What a problem file and an assignment file say, as frozen values.

Every leaf is text with its place in the file, to be read by the same reader as an answer; nothing here
knows mathematics. `FIELDS` (fields.py) is the table of keys from which loading.py makes these.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a leaf: LaTeX, or Markdown where it contains `$`. `line`, `column`: where it begins in the file."""

    text: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A leaf: its lines, each with its place. `block` says that it was written as `|`."""

    lines: tuple[Line, ...] = ()
    block: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def line(self) -> int:
        return self.lines[0].line if self.lines else 0

    @property
    def column(self) -> int:
        return self.lines[0].column if self.lines else 0

    def __bool__(self) -> bool:
        return any(line.text.strip() for line in self.lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


def text_of(source: str) -> Text:
    """A leaf that stands in no file (for tests and for callers without one)."""
    return Text(tuple(Line(row, number, 1) for number, row in enumerate(source.split("\n"), 1)), "\n" in source)


@dataclass(frozen=True, slots=True)
class Mark:
    """`% wrong` or `% wrong: code` in an entry: `line` counts the lines of the entry's text from 1."""

    line: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer in a problem file with the verdict it must get: a test, and, with `points` or `hint`, a rule for
    every student's answer proved equal to it. `text` has no marks left in it."""

    verdict: str
    text: Text
    points: float | None = None
    hint: Text | None = None
    marks: tuple[Mark, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Credit:
    """Points for a line that is shown right, whatever comes after it."""

    text: Text
    points: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another right answer; with `when` only where the student states that (a convention, in words)."""

    answer: Text
    when: Text | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """An earlier part whose result this one is computed from: by `name`, the answer is `answer`."""

    part: str
    name: str
    answer: Text


@dataclass(frozen=True, slots=True)
class Part:
    """One question with one verdict. The fields up to `review` belong to every kind; the rest to some."""

    id: str
    title: str = ""
    kind: str = "manual"
    given: tuple[Line, ...] = ()
    ask: Text | None = None
    find: Text | None = None
    terms: Text | None = None  # the key `in`
    answer: Text | None = None
    where: tuple[Line, ...] = ()
    points: float = 1
    credit: tuple[Credit, ...] = ()
    layout: str = ""
    shorthand: str = ""
    products: str = ""  # the order that the question states for products of matrices: latest-first, earliest-first
    source: str = ""
    entries: tuple[Entry, ...] = ()
    show: Text | None = None  # the result that the question itself states
    relation: str = ""  # bound: "<=" or ">="
    when: Text | None = None  # asymptotic: the regime that the question states
    alternatives: tuple[Alternative, ...] = ()  # the key `or`
    requires: tuple[Line, ...] = ()  # property, design: what a right answer satisfies; proof: claims that it needs
    suppose: tuple[Line, ...] = ()  # proof: what is supposed, and is to be led to a contradiction
    formula: Text | None = None  # consistency: the relation between the figures
    figures: tuple[str, ...] = ()  # consistency: names of the figures in the answer
    sums: bool = False  # consistency: worked sums in the answer
    digits: int = 0  # value: how many significant digits are asked
    choice: tuple[str, ...] = ()  # names that are the student's to choose
    uses: tuple[Use, ...] = ()  # the key `from`
    length: int = 0  # design: how long the input strings are on which it is run, at most
    file: str = ""
    line: int = 0

    def of(self, verdict: str) -> tuple[Entry, ...]:
        """The entries under `correct`, `partial`, `wrong` or `review`."""
        return tuple(entry for entry in self.entries if entry.verdict == verdict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One file: one part whose id is the problem's, or several that share the givens (`path-part`)."""

    id: str
    title: str = ""
    parts: tuple[Part, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a paper: as it is headed there (the label), under which section, which problem it is.
    `also`: further labels under which pieces of its answer stand."""

    label: str
    problem: str
    points: float | None = None
    section: str = ""
    also: tuple[str, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    """A paper: its parts in order. Several items may share a label."""

    id: str
    title: str = ""
    items: tuple[Item, ...] = ()
    file: str = ""
