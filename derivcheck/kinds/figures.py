"""Figures that stand in an answer's tables and sentences, and sums that it works out: from plain text, since tables
and prompts are not formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from derivcheck.kinds.interface import TextLine
from derivcheck.kinds.numbers import NUMBER, Written, number_in, of_match
from derivcheck.record import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    number: Written
    line: TextLine
    text: str


Record = Mapping[str, Figure]


def plain(name: str) -> str:
    """A figure's name without what typesetting puts around it: `$prompt\\_length$` is `promptlength`."""
    return re.sub(r"\\(?:text|mathrm|mathit|operatorname)|[\\_{}$*`\s-]", "", name).lower()


def records(lines: Sequence[TextLine], names: Sequence[str]) -> list[Record]:
    """Every complete set of the named figures: from a table's rows or columns, or one after another in the text."""
    wanted = {plain(name): name for name in names}
    header: dict[int, str] = {}
    waiting: dict[int, dict[str, Figure]] = {}  # by column, where each row is one figure of several records
    done: list[Record] = []

    def put(name: str, figure: Figure, column: int = 0) -> None:
        current = waiting.setdefault(column, {})
        if name in current:
            current.clear()
        current[name] = figure
        if len(current) == len(wanted):
            done.append(dict(current))
            current.clear()

    for line in lines:
        cells = _cells(line.text)
        titles = {k: wanted[plain(cell)] for k, cell in enumerate(cells) if plain(cell) in wanted}
        if len(titles) >= 2:
            header = titles
            waiting.clear()
            continue
        numbers = {k: n for k, cell in enumerate(cells) if (n := number_in(cell)) is not None}
        if header and len(cells) > 1 and numbers:
            for k, name in header.items():
                if k in numbers:
                    put(name, Figure(numbers[k], line, cells[k].strip()))
        elif len(titles) == 1 and len(cells) > 1 and numbers:
            for k, number in numbers.items():
                put(next(iter(titles.values())), Figure(number, line, cells[k].strip()), k)
        else:
            for name, figure in _inline(line, wanted):
                put(name, figure)
    return done


def _cells(text: str) -> list[str]:
    """The cells of a table's row, by pipes, tabs or wide gaps; one cell where it is no row."""
    text = text.strip()
    for separator in (r"(?<!\\)\|", r"\t", r"\s{3,}", r"(?<!\\)&"):
        cells = re.split(separator, text.strip("|") if separator.endswith("|") else text)
        if len(cells) > 1:
            return cells
    return [text]


def _inline(line: TextLine, wanted: Mapping[str, str]) -> Iterator[tuple[str, Figure]]:
    """`res = -0.2`, `acc: 0.2`, `res = 0.5 \\cdot 3 = 1.5` in a sentence."""
    number = _bare_number()
    names = r"(?P<name>[A-Za-z][\w\\ ]*?)\s*\$?\s*(?:=|:|≈|\\approx)\s*[\$≈~]*\s*"
    pattern = rf"{names}(?:{number}{_GOES_ON}[^$,;=≈\n]*(?:=|≈|\\approx)\s*)?(?P<value>{number})(?!\d|\.\d|{_GOES_ON})"
    for found in re.finditer(pattern, line.text):
        name = next((wanted[plain(w)] for w in _tails(found["name"]) if plain(w) in wanted), None)
        number = number_in(found["value"])
        if name is not None and number is not None:
            yield name, Figure(number, line, found["value"])


_GOES_ON = r"\s*(?:[-+*/^·×]\s*[\d(\\]|\\(?:cdot|times|left|d?frac|div)(?![A-Za-z]))"


def _bare_number() -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", NUMBER.pattern)


def _tails(words: str) -> Iterator[str]:
    """`the prompt length` -> itself, `prompt length`, `length`."""
    parts = words.split()
    for k in range(len(parts)):
        yield " ".join(parts[k:])


_SPACES = re.compile(r"\\(?:[,;:! ]|q?quad\b|displaystyle\b)|~")
_SUM = re.compile(
    r"(?P<a>{n})\s*\$?\s*(?P<op>[-+−*×·]|\\times|\\cdot|plus|minus|times)\s*\$?\s*(?P<b>{n})"
    r"(?:[\s?$)\"'”’*&>]|\\\?|=\s*\?)*(?:=|equals|Answer\s*[*]*\s*:|A\s*:)[\s$*]*(?P<c>{n})(?![\d.]*\s*[-+*×/^])".replace(
        "{n}", r"\d[\d,]*(?:\.\d+)?"
    ),
    re.IGNORECASE,
)
_OPERATIONS = {"+": "+", "plus": "+", "-": "-", "−": "-", "minus": "-"}


@dataclass(frozen=True, slots=True)
class Sum:
    """`a op b = c` as an answer works it out; `line` is where c stands."""

    text: str
    right: Fraction
    written: Written
    line: TextLine
    column: int


def sums(lines: Sequence[TextLine]) -> list[Sum]:
    """Every worked sum, difference or product of two numbers, also as a question with its answer below it."""
    text, starts = "", []
    for line in lines:
        starts.append(len(text))
        text += _SPACES.sub(lambda match: " " * len(match.group()), line.text) + "\n"
    found = []
    for match in _SUM.finditer(text):
        if _continued(text, match.start()):
            continue
        a, b, c = (_written(match[name]) for name in "abc")
        operation = _OPERATIONS.get(match["op"].lower(), "*")
        right = {"+": a.value + b.value, "-": a.value - b.value, "*": a.value * b.value}[operation]
        number = max(k for k, start in enumerate(starts) if start <= match.start("c"))
        line = lines[number]
        shown = f"{match['a']} {match['op']} {match['b']}"
        found.append(Sum(shown, right, c, line, line.column + match.start("c") - starts[number]))
    return found


def _continued(text: str, start: int) -> bool:
    """Is the first number the tail of a longer expression (`1 + 2 + 3 = 6`, `x_1 + 2`)?"""
    before = text[:start].rstrip(" $")
    return bool(before) and (before[-1] in "+-−*×·/^_({." or before[-1].isdigit()) and before[-1] != "("


def _written(text: str) -> Written:
    match = NUMBER.fullmatch(text.rstrip(",."))
    if match:
        return of_match(match)
    return Written(Fraction(re.sub(r"\D", "", text) or 0))
