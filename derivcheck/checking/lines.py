"""One line of a text, judged where it stands: read (literally first, then with a likely repair), then each of its
links decided. The one place where reading meets deciding, for `verify`, for papers and for problem files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.checking.deciding import GOOD
from derivcheck.checking.line import Line, read
from derivcheck.checking.links import decided, verdict_of
from derivcheck.checking.oracle import alone, means
from derivcheck.checking.readings import depends, in_every_reading
from derivcheck.checking.rounding import approximated, rounded
from derivcheck.checking.solving import SET_TO_ZERO, set_to_zero
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.language.elaboration.customs import ADOPTED_TO_FIT, CUSTOMS, OF_EQUATIONS, OF_SCRIPTS, TO_FIT
from derivcheck.language.parsing.damage import repairs
from derivcheck.language.parsing.decimals import NOTE, with_commas
from derivcheck.language.statements import Link, Statement
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim

TO_SOLVE = Verdict("undecided", {"method": "none", "reason": "it is asked to hold (!), so it is an equation to solve"})
_SUPPOSED = "it does not hold by itself; the next line follows from it, so it may be a supposition"
MAYBE_SUPPOSED = Verdict("undecided", {"method": "none", "reason": _SUPPOSED}, code="undecided-step")
_DEMAND = re.compile(r"\\(?:stackrel|overset)\s*\{\s*!\s*\}")
"""`\\stackrel{!}{=}`: what is asked to hold, and so to be solved; it is not claimed."""
_NORM = re.compile(r"\\\||\\[lr]?Vert")
_BRACKETED = re.compile(r"[)\]]\s*_")
"""`(A^2)_{ij}`: the entry of what stands in a bracket."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with the verdict of each link. `line` is what was read (a repaired text with a `note`)."""

    line: Line
    statement: Statement
    verdicts: tuple[Verdict, ...]
    note: str = ""

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def demanded(self) -> tuple[Claim, ...]:
        """The equations to be solved among its links."""
        pairs = zip(self.statement.links, self.verdicts, strict=True)
        found = (link for link, v in pairs if v == SET_TO_ZERO or _asked(self.text, link))
        return tuple(link.claim for link in found if link.claim is not None)

    @property
    def under_premises(self) -> bool:
        """Whether it was judged as what follows from the line before."""
        return self.line.context.options.premises

    @property
    def word(self) -> str:
        if not self.verdicts:
            empty = self.statement.first is None and not self.statement.findings
            return "unreadable" if empty else alone(self.statement)
        return weakest([verdict.word for verdict in self.verdicts])

    @property
    def code(self) -> str:
        """The code of the weakest link; of a lone expression whose shapes do not conform `shape-mismatch`."""
        if self.verdicts:
            return self.verdicts[self.worst].code
        return "shape-mismatch" if self.word == "refuted" else ""

    @property
    def worst(self) -> int:
        """The number of the weakest link (the first of equals)."""
        words = [verdict.word for verdict in self.verdicts]
        return words.index(weakest(words))

    @property
    def role(self) -> str:
        """'claim', 'definition', 'declaration', 'expression' or 'unreadable'."""
        if not self.statement.links:
            return "unreadable" if self.word == "unreadable" else "expression"
        kinds = {link.kind for link in self.statement.links}
        return "claim" if kinds & {"claim", "repeat"} else next(iter(sorted(kinds)))


UNFOUNDED = Verdict(
    "undecided",
    {"method": "none", "reason": "its reason does not follow from what is said before, and may be an assumption"},
    code="undecided-step",
)


def judge_line(line: Line) -> Judged:
    """The line as written; where that cannot be read (or is wrong in a text from OCR), as it likely was."""
    literal = by_custom(_implied(_judge(line)), line)
    if literal.word in ("refuted", "unreadable") and (numbers := with_commas(line.text)) is not None:
        other = _judge(replace(line, text=numbers))
        if other.word in GOOD:
            return replace(other, note=NOTE)
    context = line.context
    suspicious = literal.word == "unreadable" or (context.ocr and literal.word in ("refuted", "undecided"))
    meaningless = _meaningless(literal)
    if not (suspicious or meaningless) or (not context.judging and literal.word != "unreadable"):
        return literal
    for repair in repairs(line.text, dict(context.macros or {})):
        other = _judge(replace(line, text=repair.text))
        good = other.word in GOOD or (not context.judging and other.statement.readable)
        if good and not (meaningless and _meaningless(other)):
            return replace(other, note=repair.note)
    return literal


def _meaningless(judged: Judged) -> bool:
    """A lone expression, or what defines a name, that can be read and means nothing here (`V^{\\perp}`), or hangs on a
    name that nothing introduces."""
    if judged.code == "undeclared":
        return True
    if judged.role not in ("expression", "definition"):
        return False
    return not means(judged.statement, judged.text, judged.line.context.options)


def by_custom(judged: Judged, usual: Line) -> Judged:
    """A line that is wrong as usual, in the customs of other fields: right in one of them, it is read in it (or left
    `undecided`, where that custom is a rare one). `usual`: the line as it was given, as it may have been judged in
    another reading than the usual one."""
    if judged.word != "refuted" or not usual.context.judging:
        return judged
    options = replace(usual.context.options, premises=judged.under_premises)
    links = judged.statement.links
    found = sorted(frozenset[str]().union(*(link.ambiguities for link in links)) & CUSTOMS.keys())
    fits = judged.code != "shape-mismatch"
    bounds = any(link.relation not in ("=", ":=") for link in links) or len(_NORM.findall(judged.text)) > 2
    brackets = _BRACKETED.search(judged.text) is not None
    for open_here, names in ((fits, TO_FIT), (bounds, OF_EQUATIONS), (brackets, OF_SCRIPTS)):
        found = [name for name in found if not (open_here and name in names)]
    for chosen in [(name,) for name in found] + ([tuple(found)] if len(found) > 1 else []):
        other = _judge(usual.under(replace(options, customs=options.customs.union(chosen))))
        notes = tuple(CUSTOMS[name] for name in chosen if CUSTOMS[name] and not (fits and name in ADOPTED_TO_FIT))
        if other.word in GOOD and len(notes) == len(chosen):
            return with_note(other, *notes)
        if other.word in GOOD or (other.word == "undecided" and notes):
            return spared(judged, *chosen)
    return judged


def with_note(judged: Judged, *notes: str) -> Judged:
    """The line, with these notes beside each verdict."""
    return replace(judged, verdicts=tuple(replace(v, notes=(*v.notes, *notes)) for v in judged.verdicts))


def spared(judged: Judged, *customs: str) -> Judged:
    """The line, with nothing refuted that hangs on these customs."""
    instead = depends(" and ".join(customs))
    return replace(judged, verdicts=tuple(instead if v.word == "refuted" else v for v in judged.verdicts))


def _judge(line: Line) -> Judged:
    statement = read(line)
    links = statement.links
    across = line.bridged and statement.continues
    verdicts = (verdict_of(link, line, across and k == 0) for k, link in enumerate(links))
    verdicts = [_to_solve(v, link, line, statement) for link, v in zip(links, verdicts, strict=True)]
    verdicts = [_up_to_digits(v, link, line) for link, v in zip(links, verdicts, strict=True)]
    line, links, found = in_every_reading(line, links, verdicts, verdict_of)
    found = tuple(_as_reason(v, link, found) if link.reason else v for link, v in zip(links, found, strict=True))
    return Judged(line, replace(statement, links=links), found)


def _as_reason(verdict: Verdict, link: Link, verdicts: Sequence[Verdict]) -> Verdict:
    """A reason that is wrong makes its line wrong; one that cannot be decided changes nothing, and one on free values
    may be an assumption."""
    if verdict.word not in ("refuted", *GOOD):
        return verdicts[0]
    declarations = link.model.declarations
    names = link.claim.left.body.symbols | link.claim.right.body.symbols if link.claim is not None else frozenset()
    known = [d for n in names if (d := declarations.get(n)) is not None and (d.definitions or d.law is not None)]
    return UNFOUNDED if verdict.word == "refuted" and not known else verdict


def _to_solve(verdict: Verdict, link: Link, line: Line, statement: Statement) -> Verdict:
    """An equation that is there to be solved is not wrong for values that do not solve it."""
    if verdict.word != "refuted":
        return verdict
    if _asked(line.text, link):
        return TO_SOLVE
    return SET_TO_ZERO if set_to_zero(line.text, link, statement, line.previous) else verdict


def _up_to_digits(verdict: Verdict, link: Link, line: Line) -> Verdict:
    """A decimal stands for what rounds to it."""
    for rule in (rounded, approximated):
        verdict = rule(verdict, link, line.text, lambda claim: decided(claim, link, line.context))
    return verdict


def _implied(judged: Judged) -> Judged:
    """A line that begins with an implication and does not hold by itself: whether it follows from the line before."""
    context = judged.line.context
    if not judged.statement.implied or not context.judging or judged.word in GOOD:
        return judged
    return _judge(judged.line.under(replace(context.options, premises=True)))


def maybe_supposed(line: Judged, after: Judged | None) -> Judged:
    """A line that does not hold by itself and from which the next one (`\\Rightarrow ...`) follows may be a
    supposition."""
    if after is None or not after.statement.implied or after.word not in GOOD or not after.under_premises:
        return line
    return replace(line, verdicts=tuple(MAYBE_SUPPOSED if v.word == "refuted" else v for v in line.verdicts))


def _asked(text: str, link: Link) -> bool:
    return link.kind == "claim" and _DEMAND.match(text, link.span.start) is not None
