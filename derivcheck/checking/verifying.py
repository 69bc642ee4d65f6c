"""`verify`: one claim or chain of lines, with givens and no problem behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from derivcheck.checking.deciding import GOOD, Assistant, Decider, Situation
from derivcheck.checking.explaining import Position, finding_of, line_result
from derivcheck.checking.line import Context, Line
from derivcheck.checking.lines import Judged, judge_line, maybe_supposed, spared, with_note
from derivcheck.checking.results import ClaimResult
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.findings import Finding, Label
from derivcheck.language.elaboration.customs import ADOPTED_TO_FIT, CUSTOMS, with_custom
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options
from derivcheck.language.parsing.splitting import Piece, split_lines
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Statement
from derivcheck.record import dataclass, replace
from derivcheck.terms.model import Claim, Model

LAYOUTS = {None: "default", "jacobian": "default", "numerator": "numerator", "denominator": "denominator"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A claim with its givens read, ready to be judged."""

    id: str | None
    pieces: tuple[Piece, ...]
    scope: Scope
    context: Context
    findings: tuple[Finding, ...]
    seconds: float = 0.0

    def claims(self) -> Iterator[tuple[Claim, Model]]:
        """What its lines claim, with nothing judged. They are read now, and not again when they are judged."""
        for line in _judge_all(self.pieces, self.scope, replace(self.context, judging=False)):
            for link in line.statement.links:
                if link.kind == "claim" and link.claim is not None:
                    yield link.claim, link.model


def verify_claim(
    claim: str,
    given: Sequence[str] = (),
    *,
    layout: str | None = None,
    seed: int = 0,
    id: str | None = None,
    assistant: Assistant | None = None,
) -> ClaimResult:
    """The verdict on each line of a claim, for every value of the givens. assistant: bulk work beside the ladder."""
    return judged(opened(claim, given, layout=layout, seed=seed, id=id, assistant=assistant))


def opened(
    claim: str,
    given: Sequence[str] = (),
    *,
    layout: str | None = None,
    seed: int = 0,
    id: str | None = None,
    assistant: Assistant | None = None,
) -> Opened:
    """A claim whose givens are read."""
    start = time.perf_counter()
    options = Options(layout=LAYOUTS[layout], product_order="right")
    scope, said = read_givens(given, options=options)
    scope = replace(scope, layout=options.layout)
    unread = next((f.message for f in said if f.severity == "error"), "")
    decider = Decider(seed, assistant=assistant)
    context = Context(decider, Situation(scope.model, unread=unread), options)
    findings = tuple(_given_finding(f) for f in said)
    return Opened(id, tuple(split_lines(claim)), scope, context, findings, time.perf_counter() - start)


def judged(claim: Opened) -> ClaimResult:
    """The verdict on each line."""
    start = time.perf_counter()
    pieces, findings = claim.pieces, list(claim.findings)
    verdicts = _judge_all(pieces, claim.scope, claim.context)
    lines = tuple(
        line_result(line, piece.text, _position(n))
        for n, (piece, line) in enumerate(zip(pieces, verdicts, strict=True), 1)
    )
    for n, line in enumerate(verdicts, 1):
        before = Label(n - 1, 1, 1, verdicts[n - 2].word, pieces[n - 2].text) if n > 1 else None
        if (found := finding_of(line, _position(n), before)) is not None:
            findings.append(found)
    words = [line.verdict.word for line in lines]
    first_wrong = next((line.line for line in lines if line.verdict.word == "refuted"), None)
    word = weakest(words) if words else "unreadable"
    if not words:
        findings.append(Finding("nothing-to-check", "error", "there is no line in this claim"))
    elif all(line.role == "expression" for line in lines):
        word = weakest([word, "undecided"])
        findings.append(Finding("nothing-to-check", "error", "no line of this claim relates two expressions"))
    seconds = claim.seconds + time.perf_counter() - start
    return ClaimResult(claim.id, word, first_wrong, lines, tuple(findings), seconds, tuple(p.text for p in pieces))


def _position(number: int) -> Position:
    return lambda offset: (number, offset + 1, None)


def _judge_all(pieces: Sequence[Piece], scope: Scope, context: Context) -> list[Judged]:
    """The lines as usual; where one is wrong and all are right once what a line defines is read by another custom
    (`M = 1 1^\\top`, `C = A * B`), by that, or the wrong ones are left open."""
    usual = _judge_in_turn(pieces, scope, context)
    if not context.judging or all(line.word != "refuted" for line in usual):
        return usual
    defined = (k for line in usual for k in line.statement.links if k.kind == "definition")
    for custom in sorted(frozenset[str]().union(*(link.ambiguities for link in defined)) & CUSTOMS.keys()):
        options = with_custom(context.options, custom)
        other = _judge_in_turn(pieces, scope, replace(context, options=options))
        if all(line.word in GOOD for line in other):
            taken = CUSTOMS[custom] and custom not in ADOPTED_TO_FIT
            return [with_note(line, CUSTOMS[custom]) for line in other] if taken else [spared(k, custom) for k in usual]
    return usual


def _judge_in_turn(pieces: Sequence[Piece], scope: Scope, context: Context) -> list[Judged]:
    judged: list[Judged] = []
    previous: Statement | None = None
    gap = False
    for piece in pieces:
        line = _unsure(judge_line(Line(piece.text, scope, previous, context, gap)), context.situation.unread)
        judged.append(line)
        scope = line.statement.scope
        gap = line.word == "unreadable"
        if line.statement.last is not None:
            previous = line.statement
    return [_as_supposed(line, after) for line, after in zip(judged, [*judged[1:], None], strict=False)]


def _as_supposed(line: Judged, after: Judged | None) -> Judged:
    """What stands before an implication in a line of its own is only supposed: the rest is the claim. A line that is
    not so, and from which the next one (`\\Rightarrow ...`) follows, may be either."""
    pairs = list(zip(line.statement.links, line.verdicts, strict=True))
    rest = [(link, verdict) for link, verdict in pairs if link.claim is None or "implication" not in link.ambiguities]
    if rest and len(rest) < len(pairs):
        links, verdicts = zip(*rest, strict=True)
        line = replace(line, statement=replace(line.statement, links=links), verdicts=verdicts)
    return maybe_supposed(line, after)


def _unsure(line: Judged, unread: str) -> Judged:
    """Beside a given that could not be read no line defines a name: the given may have said what it is."""
    if not unread:
        return line
    reason = f"a given that could not be read may be about this name ({unread})"
    unsure = Verdict("undecided", {"method": "none", "reason": reason}, code="undecided-condition")
    links = line.statement.links
    pairs = zip(links, line.verdicts, strict=True)
    return replace(line, verdicts=tuple(unsure if link.kind == "definition" else v for link, v in pairs))


def _given_finding(finding: Finding) -> Finding:
    number = int(finding.details.get("given", "0")) + 1
    return replace(finding, line=0, column=0, end_column=0, message=f"given line {number}: {finding.message}")
