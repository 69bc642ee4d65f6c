"""From a refuted link to the place to blame, the slip that explains it, and where the two sides agree after all."""

from __future__ import annotations

from derivcheck.checking.blame.agreeing import agreement, told
from derivcheck.checking.blame.differing import differing, term_with
from derivcheck.checking.blame.missing import missing
from derivcheck.checking.blame.reading import Reader, Setting, place_of, situated
from derivcheck.checking.blame.searching import Search
from derivcheck.checking.blame.slips import SLIPS
from derivcheck.checking.blame.trials import Trials
from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.verdict import Verdict
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import Span
from derivcheck.language.statements import Link
from derivcheck.record import dataclass

REST_AGREES = "the rest agrees with the line before"
REST_AGREES_WITHOUT = "where this vanishes, the two sides agree"


@dataclass(frozen=True, slots=True)
class Blame:
    """Where in the line's text, and by which slip ('' where none explains it). `code` is '' where the verdict's own
    code says enough."""

    span: Span
    code: str = ""
    label: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()
    slip: str = ""


def blame(text: str, link: Link, verdict: Verdict, setting: Setting) -> Blame | None:
    """The place to blame in a link refuted by a counterexample; None where there is nothing to add to the verdict."""
    if verdict.word != "refuted" or link.claim is None or verdict.counterexample is None or verdict.code:
        return None
    place = place_of(parse(text, setting.macros or None).node, link)
    if place is None:
        return None
    trials = Trials(*situated(link, setting.situation), setting.seed, verdict.counterexample)
    reader = Reader(place, link, setting)
    reader.hold(trials)
    found = Search(text, reader, trials).found()
    agreeing = _agreeing(trials)
    notes = tuple(note for note in (told(agreeing, trials),) if note)
    if found is not None:
        span, name = found
        slip = SLIPS[name]
        return Blame(span, slip.code, slip.label, slip.help, notes, name)
    needed = _missing(trials)  # not beside a slip: there it would give the answer away
    span, label = _narrowed(reader, agreeing)
    return Blame(span, label=label, notes=(*notes, needed) if needed else notes)


def _narrowed(reader: Reader, agreeing: dict[str, int]) -> tuple[Span, str]:
    """The smallest place that surely holds the difference, where no slip explains it."""
    right = reader.right
    if reader.left is not None:
        smallest = differing(reader.left, right)
        if smallest is not right:
            return smallest.span, REST_AGREES
    for name in (n for n, value in agreeing.items() if value == 0):
        if (term := term_with(right, name)) is not None:
            return term.span, REST_AGREES_WITHOUT
    return right.span, ""


def _missing(trials: Trials) -> str:
    try:
        return missing(trials.claim, trials.model, trials.seed)
    except (OutOfWork, RecursionError):
        return ""


def _agreeing(trials: Trials) -> dict[str, int]:
    try:
        return agreement(trials)
    except OutOfWork:
        return {}
