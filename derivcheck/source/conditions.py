"""Conditions and conventions said in words: `for zero-mean vectors`, `if A is symmetric`, `in denominator layout`.

A property that has a short way to write it (`A is symmetric`) is handed on as the formula that says it; any other
condition is 'unread', and a line under it must not be called wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.record import dataclass
from derivcheck.regex import lazy
from derivcheck.source import cues
from derivcheck.source.nouns import AMOUNT, MATRIX, NUMBER, QUANTITY, VECTOR
from derivcheck.source.sentences import HOLE, Sentence
from derivcheck.source.values import Formula, Span

# How a property of a named thing is written as a given line ({0} is the thing), and what it may be said of.
READINGS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (lazy(pattern, re.I), reading, nouns)
    for pattern, reading, nouns in (
        (r"(?:skew[- ]|anti)symmetric(?: matri\w+)?", r"{0}^\top = -{0}", MATRIX),
        (r"(?:real )?symmetric(?: matri\w+)?", r"{0}^\top = {0}", MATRIX),
        (r"orthogonal(?: matri\w+)?", r"{0}^\top {0} = I", rf"{MATRIX}|{VECTOR}"),
        (r"(?:invertible|non-?singular)(?: matri\w+)?", r"\det {0} \ne 0", MATRIX),
        (r"(?:symmetric )?positive[- ]definite(?: matri\w+)?", r"{0} \succ 0", MATRIX),
        (r"(?:symmetric )?positive[- ]semi-?definite(?: matri\w+)?", r"{0} \succeq 0", MATRIX),
        (r"idempotent(?: matri\w+)?", r"{0}^2 = {0}", MATRIX),
        (r"(?:strictly )?positive(?: (?:real )?(?:number|scalar|constant))?", r"{0} > 0", AMOUNT),
        (
            r"(?:strictly )?negative(?: (?:real )?(?:number|scalar|constant))?",
            r"{0} < 0",
            rf"{NUMBER}|entries|elements",
        ),
        (r"non-?negative", r"{0} \ge 0", rf"{AMOUNT}|{MATRIX}"),
        (r"non-?zero", r"{0} \ne 0", rf"{NUMBER}|{VECTOR}|{MATRIX}"),
        (r"(?:zero|0|the zero (?:vector|matrix)|the 0 vector|equal to (?:zero|0)|identically zero)", r"{0} = 0", ""),
        (r"(?:equal to (?:one|1)|one|1)", r"{0} = 1", ""),
        (r"the identity(?: matrix)?", r"{0} = I", ""),
        (
            r"(?:a )?unit vectors?|of unit (?:norm|length)|normali[sz]ed to unit (?:norm|length)",
            r"\|{0}\|_2 = 1",
            rf"{VECTOR}|{QUANTITY}",
        ),
        (r"(?:very )?(?:close to|near|approximately|nearly|almost) (?:zero|0)", r"{0} \approx 0", ""),
        (r"(?:very )?(?:close to|near|approximately|nearly|almost) (?:one|1)", r"{0} \approx 1", ""),
    )
)
_IS = r"\s*(?:is|are|be|being|were|was)\s+(?:an?\s+|both\s+|all\s+|also\s+)?"
_SUBJECTS = lazy(rf"{HOLE}(?:\s*(?:,|and|, and)\s*{HOLE})*")


@dataclass(frozen=True, slots=True)
class Words:
    """A condition in words: its stretch of the sentence, the formulas that say it where they are known."""

    start: int
    end: int
    readings: tuple[str, ...]


def said(sentence: Sentence, start: int, end: int) -> Words:
    """The stretch of a sentence as a condition, read where it says `⬚ is symmetric` and nothing else."""
    clause = sentence.text[start:end]
    subject = _SUBJECTS.search(clause)
    if subject is None:
        return Words(start, end, ())
    predicate = re.match(rf"{_IS}(?P<property>[\w\s-]+?)\W*$", clause[subject.end() :], re.I)
    if predicate is None:
        return Words(start, end, ())
    named = [
        place.formula.latex for place in sentence.places if start + subject.start() <= place.at < start + subject.end()
    ]
    readings = _read(predicate.group("property").strip(), named)
    return Words(start, end, readings)


def _read(words: str, named: list[str]) -> tuple[str, ...]:
    """Each conjunct must be known (`symmetric and invertible`), else nothing is."""
    if re.fullmatch(r"(?:mutually |statistically )?independent(?: random (?:vectors|variables))?", words, re.I):
        return (rf"{named[0]} \perp {named[1]}",) if len(named) == 2 else ()
    found: list[str] = []
    for conjunct in re.split(r"\s+and\s+", words):
        reading = next((form for pattern, form, _ in READINGS if pattern.fullmatch(conjunct.strip())), None)
        if reading is None:
            return ()
        found += [of(reading, name) for name in named]
    return tuple(found)


LISTED = lazy(
    r"\s*(?P<of>\\?[A-Za-z]+)_\{?1\}?\s*,(?:\s*(?P=of)_\{?2\}?\s*,)?\s*(?:\\[lc]?dots[cb]?|…|\.\.\.)\s*,"
    r"\s*(?P=of)_\{?[A-Za-z]\}?\s*"
)


def of(reading: str, name: str) -> str:
    """What a reading says of a name; of `x_1, \\dots, x_n` it says it of each."""
    listed = LISTED.fullmatch(name)
    if listed:
        alone = re.match(r"\{0\} (?:\\in|[<>]|\\[gl]e)(?![A-Za-z])", reading) is not None
        return reading.replace("{0}", name if alone else f"{listed['of']}_i")
    return reading.replace("{0}", f"({name})" if re.search(r"[\s^'+-]", name) else name)


def conventions(sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of each convention that a sentence states."""
    for name, pattern in cues.CONVENTIONS:
        for match in pattern.finditer(sentence.text):
            yield name, match.start(), match.end()


def as_formula(reading: str, sentence: Sentence, words: Words) -> Formula:
    """A condition in words as the formula that says it, at the place of the words."""
    span = Span(sentence.offset(words.start), sentence.offset(max(words.end - 1, words.start)) + 1)
    return Formula(reading, span, bare=True)
