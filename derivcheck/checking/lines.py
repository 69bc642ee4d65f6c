"""One line of a text, judged where it stands: read (literally first, then with a likely repair), then each of its
links decided. The one place where reading meets deciding, for `verify`, for papers and for problem files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from derivcheck.checking.blame import Setting
from derivcheck.checking.deciding import GOOD, Decider, Situation
from derivcheck.checking.layouts import ONLY_LAYOUT, row_for_column
from derivcheck.checking.oracle import alone
from derivcheck.checking.rounding import approximated, rounded
from derivcheck.checking.solving import SET_TO_ZERO, set_to_zero
from derivcheck.checking.undeclared import (
    as_matrices,
    differentiates_unknown,
    names_of,
    of_a_reading,
    reading_decides,
    transposes,
)
from derivcheck.deciding.shapes import equated
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.findings import Finding
from derivcheck.language.damage import repairs
from derivcheck.language.decimals import NOTE, with_commas
from derivcheck.language.macros import Macro
from derivcheck.language.options import Options
from derivcheck.language.resolve import members_key
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link, Statement, read_statement
from derivcheck.language.unknown_laws import OUTCOMES
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim
from derivcheck.terms.unfold import depends

TO_SOLVE = Verdict("undecided", {"method": "none", "reason": "it is asked to hold (!), so it is an equation to solve"})
BY_DEFINITION = Verdict("proved", {"method": "definition"})
OTHER_READING: dict[str, Callable[[Options], Options]] = {
    "norm": lambda options: replace(options, matrix_norm="F"),
    "product-order": lambda options: replace(options, product_order="left"),
    "list": lambda options: replace(options, row_lists=True),
    "row or column": lambda options: replace(options, row_slices=True),
    "ones or one-hot": lambda options: replace(options, one_hot=True),
    "entry or product": lambda options: replace(options, call_products=True),
    "how far the function reaches": lambda options: replace(options, short_arguments=True),
    "how far the operator reaches": lambda options: replace(options, wide_operators=True),
    "what the slash divides by": lambda options: replace(options, slash_first=True),
    "inverse or reciprocal": lambda options: replace(options, reciprocals=True),
    "length or absolute values": lambda options: replace(options, lengths=True),
    "inverse function": lambda options: replace(options, no_inverse=True),
    "entrywise or product": lambda options: replace(options, entrywise_first=True),
    "exp entrywise or of the matrix": lambda options: replace(options, whole_exponential=True),
    "which of its names are random": lambda options: replace(options, few_random=True),
    "which chain it continues": lambda options: replace(options, other_chain=True),
}
"""What the text leaves open, and the reading that is not taken by default."""
SPARING = frozenset(
    {
        "list", "row or column", "ones or one-hot", "entry or product", "entrywise or product", "inverse function",
        "how far the function reaches", "how far the operator reaches", "what the slash divides by",
        "inverse or reciprocal", "which of its names are random",
    }
)
"""Readings that are only asked to spare a line: what is right as usual stays right."""
ADOPTED = {
    "exp entrywise or of the matrix": "read with \\exp of the whole matrix",
    "length or absolute values": "read with |v| as the length of the vector",
}
"""Readings that are taken, with this note, where the line is wrong as usual and right in them."""
_SUPPOSED = "it does not hold by itself; the next line follows from it, so it may be a supposition"
MAYBE_SUPPOSED = Verdict("undecided", {"method": "none", "reason": _SUPPOSED}, code="undecided-step")
UNREAD = Verdict("unreadable", {"method": "none", "reason": "it could not be read"}, code="unread-line")


ROW_OR_COLUMN = Verdict(
    "undecided",
    {"method": "none", "reason": "layout: right where a scalar's derivative is a row, and no convention is stated"},
    code="layout-only",
)
_DEMAND = re.compile(r"\\(?:stackrel|overset)\s*\{\s*!\s*\}")
"""`\\stackrel{!}{=}`: what is asked to hold, and so to be solved; it is not claimed."""


@dataclass(frozen=True, slots=True)
class Context:
    """How lines are read and decided. situation.model is replaced by each link's own model (the scope as it
    grows). `judging` False reads only (every claim is left 'undecided' with the reason 'not judged'). `known`:
    statements read before, of a text that is read once to see its claims and again to judge them. `rounding`: a decimal
    may be rounded, behind `=` too."""

    decider: Decider
    situation: Situation
    options: Options
    macros: Mapping[str, Macro] | None = None
    ocr: bool = False
    judging: bool = True
    rounding: bool = False
    known: dict[tuple[str, int, int, Options], tuple[Scope, Statement | None, Statement]] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with the verdict of each link. `text` is the text that was read (a repaired one with a `note`).
    `bridged`: it continues a line that could not be read, so it is never refuted. `setting`: what it takes to read
    the line again, for blame."""

    text: str
    statement: Statement
    verdicts: tuple[Verdict, ...]
    note: str = ""
    bridged: bool = False
    setting: Setting | None = None

    @property
    def demanded(self) -> tuple[Claim, ...]:
        """The equations to be solved among its links."""
        pairs = zip(self.statement.links, self.verdicts, strict=True)
        found = (link for link, v in pairs if v == SET_TO_ZERO or _asked(self.text, link))
        return tuple(link.claim for link in found if link.claim is not None)

    @property
    def under_premises(self) -> bool:
        """Whether it was judged as what follows from the line before."""
        return self.setting is not None and self.setting.options.premises

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


def judge_line(text: str, scope: Scope, previous: Statement | None, context: Context, bridged: bool = False) -> Judged:
    """The line as written; where that cannot be read (or is wrong in a text from OCR), as it likely was."""
    literal = _implied(_judge(text, scope, previous, context, bridged), context)
    if literal.word in ("refuted", "unreadable") and (numbers := with_commas(text)) is not None:
        other = _judge(numbers, scope, previous, context, bridged)
        if other.word in GOOD:
            return replace(other, note=NOTE)
    suspicious = literal.word == "unreadable" or (context.ocr and literal.word in ("refuted", "undecided"))
    if not suspicious or (not context.judging and literal.word != "unreadable"):
        return literal
    for repair in repairs(text, dict(context.macros or {})):
        other = _judge(repair.text, scope, previous, context, bridged)
        if other.word in GOOD or (not context.judging and other.statement.readable):
            return replace(other, note=repair.note)
    return literal


def _judge(text: str, scope: Scope, previous: Statement | None, context: Context, bridged: bool) -> Judged:
    statement = _read(text, scope, previous, context)
    bridged = bridged and statement.continues
    verdicts = tuple(_verdict(link, k, context, bridged) for k, link in enumerate(statement.links))
    pairs = zip(statement.links, verdicts, strict=True)
    verdicts = tuple(TO_SOLVE if v.word == "refuted" and _asked(text, link) else v for link, v in pairs)
    pairs = zip(statement.links, verdicts, strict=True)
    verdicts = tuple(
        SET_TO_ZERO if v.word == "refuted" and set_to_zero(text, link, statement, previous) else v for link, v in pairs
    )
    for rule in (rounded, approximated) if context.rounding else (approximated,):
        verdicts = tuple(
            rule(v, link, text, lambda claim, link=link: _decided(claim, link, context))
            for link, v in zip(statement.links, verdicts, strict=True)
        )
    verdicts = _up_to_layout(text, scope, previous, context, statement, verdicts)
    verdicts = _in_every_reading(text, scope, previous, context, statement, verdicts)
    verdicts = _of_unknown_names(text, scope, previous, context, statement, verdicts)
    verdicts = _in_other_layout(text, scope, previous, context, verdicts)
    setting = Setting(
        scope, previous, context.options, context.situation, context.macros or {}, context.decider.seed
    )
    return Judged(text, statement, verdicts, bridged=bridged, setting=setting)


def _in_other_layout(
    text: str, scope: Scope, previous: Statement | None, context: Context, verdicts: tuple[Verdict, ...]
) -> tuple[Verdict, ...]:
    """`\\frac{d}{dw} r^\\top r = 2 r^\\top \\frac{dr}{dw}` fits where a scalar's derivative is a row: with no
    convention stated, its shapes refute nothing. A gradient written `\\nabla` has the shape of its variable."""
    open_here = [v.word == "refuted" and v.code == "shape-mismatch" for v in verdicts]
    stated = context.situation.layout_stated or context.options.layout != "default" or "\\nabla" in text
    if stated or not any(open_here):
        return verdicts
    again = _read(text, scope, previous, replace(context, options=replace(context.options, layout="numerator")))
    if len(again.links) != len(verdicts):
        return verdicts
    pairs = enumerate(zip(open_here, again.links, strict=True))
    fits = [is_open and _verdict(link, k, context, False).word in GOOD for k, (is_open, link) in pairs]
    return tuple(ROW_OR_COLUMN if fit else v for fit, v in zip(fits, verdicts, strict=True))


def _implied(line: Judged, context: Context) -> Judged:
    """A line that begins with an implication and does not hold by itself: whether it follows from the line before."""
    if not line.statement.implied or not context.judging or line.word in GOOD or line.setting is None:
        return line
    options = replace(context.options, premises=True)
    under = replace(context, options=options)
    return _judge(line.text, line.setting.scope, line.setting.previous, under, line.bridged)


def maybe_supposed(line: Judged, after: Judged | None) -> Judged:
    """A line that does not hold by itself and from which the next one (`\\Rightarrow ...`) follows may be a
    supposition."""
    if after is None or not after.statement.implied or after.word not in GOOD or not after.under_premises:
        return line
    return replace(line, verdicts=tuple(MAYBE_SUPPOSED if v.word == "refuted" else v for v in line.verdicts))


def _read(text: str, scope: Scope, previous: Statement | None, context: Context) -> Statement:
    if context.known is None:
        return _read_afresh(text, scope, previous, context)
    key = (text, id(scope), id(previous), context.options)
    if key not in context.known:  # what the key names by its id is kept alive
        context.known[key] = (scope, previous, _read_afresh(text, scope, previous, context))
    return context.known[key][2]


def _read_afresh(text: str, scope: Scope, previous: Statement | None, context: Context) -> Statement:
    try:
        return read_statement(text, scope, previous, context.options, dict(context.macros or {}))
    except Exception as fault:  # a fault of ours must never take a paper down: a person reads the line
        if os.environ.get("DERIVCHECK_DEBUG"):
            raise
        message = f"reading it failed inside ({type(fault).__name__}: {fault})"
        found = Finding("internal-fault", "error", message, 1, 1, len(text) + 1)
        return Statement((), scope, text, (found,))


def _verdict(link: Link, position: int, context: Context, bridged: bool) -> Verdict:
    if link.kind in ("definition", "declaration", "repeat"):
        return _of_definition(link)
    if link.shape_error is not None:
        shapes = _message(link.findings)
        verdict = Verdict("refuted", {"method": "shapes", "shapes": shapes}, code="shape-mismatch", notes=(shapes,))
        verdict = _if_sure(verdict, context.situation, link)
        return _softened(verdict, link, bridged and position == 0)
    if link.claim is None:
        found = link.findings[0] if link.findings else None
        if found is not None and found.code == "undeclared":
            return Verdict("undecided", {"method": "none", "reason": found.message}, code="undeclared")
        if found is not None and found.code in ("unsupported", "unknown-size"):
            return Verdict("undecided", {"method": "none", "reason": found.message}, code="undecided-step")
        return UNREAD
    if not context.judging:
        return Verdict("undecided", {"method": "none", "reason": "not judged"})
    return _softened(_decided(link.claim, link, context), link, bridged and position == 0)


def _decided(claim: Claim, link: Link, context: Context) -> Verdict:
    return context.decider.judge(claim, replace(context.situation, model=link.model))


def _asked(text: str, link: Link) -> bool:
    return link.kind == "claim" and _DEMAND.match(text, link.span.start) is not None


def _if_sure(verdict: Verdict, situation: Situation, link: Link) -> Verdict:
    """Shapes that do not conform refute only where no condition may change them: one that was not read, or one that
    says of dimensions that they are equal."""
    unread = situation.unread
    if unread:
        reason = f"it stands under a condition that could not be read ({unread})"
        return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-condition")
    if equated(link.model, (*situation.surely, *situation.maybe)):
        reason = "the shapes may fit where the dimensions are equal, as it is assumed"
        return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-step")
    return verdict


def _of_definition(link: Link) -> Verdict:
    """Right by definition, where what it is defined by is known."""
    if any(f.severity == "error" for f in link.findings):
        return UNREAD
    if link.undeclared:
        reason = f"nothing introduces {', '.join(link.undeclared)}"
        return Verdict("undecided", {"method": "none", "reason": reason}, code="undeclared")
    return BY_DEFINITION


def _softened(verdict: Verdict, link: Link, bridged: bool) -> Verdict:
    """A refutation needs every name introduced, one reading, and a line before that was read."""
    if verdict.word in ("refuted", "holds") and link.undeclared:
        names = ", ".join(link.undeclared)
        return Verdict("undecided", {"method": "none", "reason": f"nothing introduces {names}"}, code="undeclared")
    if verdict.word == "refuted" and (guessed := _guessed(link)):
        reason = f"nothing introduces {', '.join(guessed)}"
        return Verdict("undecided", {"method": "none", "reason": reason}, code="undeclared")
    if verdict.word == "refuted" and bridged:
        reason = "the line before could not be read, so it is not clear which of the two is wrong"
        return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-step")
    if verdict.word == "refuted" and link.ambiguities - OTHER_READING.keys():
        reason = f"it can be read in more than one way ({', '.join(sorted(link.ambiguities))})"
        return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-step")
    return verdict


def _up_to_layout(
    text: str,
    scope: Scope,
    previous: Statement | None,
    context: Context,
    statement: Statement,
    verdicts: tuple[Verdict, ...],
) -> tuple[Verdict, ...]:
    """A gradient as a row where a column is meant, or the other way round, is not wrong where no layout is stated."""
    if context.situation.layout_stated or not any(v.code == "shape-mismatch" for v in verdicts):
        return verdicts

    def judged(latex: str) -> str:
        links = _read(latex, scope, previous, context).links
        return _verdict(links[0], 0, context, False).word if len(links) == 1 else "unreadable"

    pairs = zip(statement.links, verdicts, strict=True)
    return tuple(
        ONLY_LAYOUT if v.code == "shape-mismatch" and row_for_column(link, text, scope, judged) else v
        for link, v in pairs
    )


def _guessed(link: Link) -> list[str]:
    """The names behind a relation whose shapes were inferred from their use alone."""
    return sorted(name.removesuffix(members_key("")) for name in _inferred(link))


def _inferred(link: Link) -> frozenset[str]:
    model = link.model
    if not model.inferred or link.claim is None:  # where the shapes do not conform, any guess may be the reason
        return model.inferred
    used = link.claim.left.body.symbols | link.claim.right.body.symbols
    used |= {name.removesuffix(OUTCOMES) for name in used}
    return model.inferred & used.union(*(depends(model, name) for name in used))


def _in_every_reading(
    text: str,
    scope: Scope,
    previous: Statement | None,
    context: Context,
    statement: Statement,
    verdicts: tuple[Verdict, ...],
) -> tuple[Verdict, ...]:
    """Where a line can be read in two ways, a verdict that the other reading would turn is `undecided`."""
    for name, other in OTHER_READING.items():
        open_here = [name in link.ambiguities for link in statement.links]
        spared = name in SPARING | ADOPTED.keys() and all(v.word != "refuted" for v in verdicts)
        if not any(open_here) or not context.judging or spared:
            continue
        options = other(context.options)
        again = _read(text, scope, previous, replace(context, options=options))
        if len(again.links) != len(statement.links):
            continue
        asked = [is_open and (v.word == "refuted" or name not in SPARING | ADOPTED.keys())
                 for is_open, v in zip(open_here, verdicts, strict=True)]  # fmt: skip
        others = [_verdict(link, k, context, False) if a else None
                  for k, (a, link) in enumerate(zip(asked, again.links, strict=True))]  # fmt: skip
        verdicts = tuple(_of_two(v, other, name) for v, other in zip(verdicts, others, strict=True))
    return verdicts


def _of_unknown_names(
    text: str,
    scope: Scope,
    previous: Statement | None,
    context: Context,
    statement: Statement,
    verdicts: tuple[Verdict, ...],
) -> tuple[Verdict, ...]:
    """A proof that reads names which nothing introduces as numbers says so, and stands where it does not hang on it."""
    if not context.judging or not any(link.undeclared and link.kind == "claim" for link in statement.links):
        return verdicts
    found = list(verdicts)
    for k, link in enumerate(statement.links):
        names = names_of(link) if link.kind == "claim" and verdicts[k].word == "proved" else ()
        if not names:
            continue
        if differentiates_unknown(link, names):
            reason = f"nothing introduces {', '.join(names)}"
            found[k] = Verdict("undecided", {"method": "none", "reason": reason}, code="undeclared")
            continue
        other = as_matrices(names, text, scope)
        again = _read(text, other, previous, context).links if other is not None else ()
        same = len(again) == len(statement.links) and (again[k].shape_error is None or transposes(text))
        word = _verdict(again[k], k, context, False).word if same else ""
        also = word == "proved" and all(name.isupper() for name in names)
        found[k] = reading_decides(names) if word == "refuted" else of_a_reading(names, verdicts[k], also)
    return tuple(found)


def _of_two(usual: Verdict, other: Verdict | None, name: str) -> Verdict:
    """The verdict on a relation that can be read in two ways."""
    if other is None:
        return usual
    if name in ADOPTED and other.word in GOOD:
        return replace(other, notes=(*other.notes, ADOPTED[name]))
    if not _opposed(usual.word, other.word) and not (name in ADOPTED and other.word == "undecided"):
        return usual
    reason = f"the verdict depends on how it is read ({name})"
    return Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-step")


def _opposed(one: str, other: str) -> bool:
    return (one == "refuted" and other in GOOD) or (other == "refuted" and one in GOOD)


def _message(findings: tuple[Finding, ...]) -> str:
    return findings[0].message if findings else "the shapes do not fit"
