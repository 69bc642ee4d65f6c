"""One right claim's mutants and rewrites: judged as `verify` judges them, and every verdict checked again."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache

from benchmarks.trust_sources import Source
from derivcheck.checking.deciding import Decider, Situation
from derivcheck.checking.line import Context, Line
from derivcheck.checking.lines import Judged, judge_line
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options
from derivcheck.language.parsing.splitting import split_lines
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link, Statement
from derivcheck.terms.model import Claim, Model
from derivcheck.variants import recheck
from derivcheck.variants.mutants import Changed, mutants
from derivcheck.variants.rewrites import rewrites
from derivcheck.variants.shapes import shapes

OPTIONS = Options(layout="default", product_order="right")
GOOD = ("proved", "holds")


@dataclass(frozen=True)
class Outcome:
    """A text as judged: its links with their verdicts, the weakest word, how long each decision took, and how long
    everything did, reading included."""

    links: tuple[tuple[Link, Verdict], ...]
    word: str
    deciding: tuple[float, ...]
    seconds: float


@dataclass
class Tally:
    """What was counted (also by kind of source: `bank: mutants`), and what went wrong (kind, source, claim, what)."""

    counts: Counter[str] = field(default_factory=Counter)
    deciding: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    failures: list[tuple[str, Source, str, str]] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)

    def count(self, source: Source, name: str) -> None:
        self.counts[name] += 1
        self.counts[f"{source.kind}: {name}"] += 1

    def fail(self, kind: str, source: Source, text: str, what: str) -> None:
        self.failures.append((kind, source, text, what))
        print(f"{kind}: {source.name}: {text}   [{what}]", file=sys.stderr, flush=True)

    def add(self, other: Tally) -> None:
        self.counts += other.counts
        self.deciding += other.deciding
        self.seconds += other.seconds
        self.failures += other.failures
        self.slow += other.slow


class Timed(Decider):
    """A decider that says how long each decision took."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.seconds: list[float] = []

    def _decided(self, claim: Claim, model: Model) -> Verdict:
        start = time.perf_counter()
        try:
            return super()._decided(claim, model)
        finally:
            self.seconds.append(time.perf_counter() - start)


@cache
def scope_of(given: tuple[str, ...]) -> Scope:
    scope, _ = read_givens(given, options=OPTIONS)
    return replace(scope, layout=OPTIONS.layout)


def judged(given: tuple[str, ...], text: str, seed: int) -> Outcome:
    """As `verify` judges it, without blame and report."""
    start = time.perf_counter()
    scope = scope_of(given)
    decider = Timed(seed)
    context = Context(decider, Situation(scope.model), OPTIONS)
    lines: list[Judged] = []
    previous: Statement | None = None
    for piece in split_lines(text):
        line = judge_line(Line(piece.text, scope, previous, context))
        lines.append(line)
        scope = line.statement.scope
        previous = line.statement if line.statement.last is not None else previous
    links = tuple(
        (link, verdict) for line in lines for link, verdict in zip(line.statement.links, line.verdicts, strict=True)
    )
    word = weakest([line.word for line in lines]) if lines else "unreadable"
    return Outcome(links, word, tuple(decider.seconds), time.perf_counter() - start)


def guarded(source: Source, seed: int, each: int) -> Tally:
    """`one_source`, with a fault of our own as a failure: a long run goes on."""
    try:
        return one_source(source, seed, each)
    except Exception as fault:
        tally = Tally()
        tally.fail("fault", source, source.claim, f"{type(fault).__name__}: {fault}")
        return tally


def one_source(source: Source, seed: int, each: int) -> Tally:
    """`each` mutants and as many rewrites of a claim that is decided right as it stands."""
    tally = Tally()
    scope = scope_of(source.given)
    before = judged(source.given, source.claim, seed)
    link = before.links[0][0] if len(before.links) == 1 else None
    if link is None or link.claim is None or before.word not in GOOD:
        tally.count(source, f"source {before.word if link is not None else 'of several relations'}")
        if before.word == "refuted" and source.kind != "bank":  # there a line stands in a situation of its own
            tally.fail("right refuted", source, source.claim, "the source itself")
        return tally
    tally.count(source, "sources")
    tally.count(source, f"sources {before.word}")
    names = f"{seed} {source.name}"
    for change in mutants(source.claim, scope, link.claim, names, each):
        _one_mutant(source, change, seed, tally)
    for change in rewrites(source.claim, scope, link.claim, names, each):
        _one_rewrite(source, change, seed, tally)
    return tally


def _one_mutant(source: Source, change: Changed, seed: int, tally: Tally) -> None:
    outcome = judged(source.given, change.text, seed)
    tally.count(source, "changed")
    claims = [link for link, _ in outcome.links if link.claim is not None]
    if len(claims) != len(outcome.links) or not claims or outcome.word == "unreadable":
        _not_typed(source, change, outcome, tally)
        return
    if outcome.word == "undecided" and _unknown_name(outcome):
        tally.count(source, "mutant with a name that nothing introduces")
        return
    found = [recheck.agreement(link.claim, link.model, seed, 3, 5) for link in claims if link.claim is not None]
    of_shape = any(f["shapes"] for f in found)
    confirmed = _recorded(source, change, outcome, seed, tally)
    if not confirmed and not of_shape and not any(f["violated"] for f in found):
        certain = all(f["agrees"] >= 5 and not f["unsupported"] for f in found)
        tally.count(source, "mutant that is right" if certain else "mutant not certified")
        if certain and outcome.word == "refuted":
            tally.fail("refuted, and no point found", source, change.text, change.rule)
        return
    tally.count(source, "mutants")
    tally.count(source, f"mutant {outcome.word}")
    if outcome.word in GOOD:
        tally.fail("wrong accepted", source, change.text, "sides of different shape" if of_shape else change.rule)
    elif outcome.word != "refuted":
        tally.failures.append(("mutant undecided", source, change.text, _reason(outcome)))


def _not_typed(source: Source, change: Changed, outcome: Outcome, tally: Tally) -> None:
    """A line whose shapes do not fit has no claim to evaluate: NumPy looks at its shapes."""
    found = shapes(change.text, scope_of(source.given)) if outcome.word == "refuted" else ""
    if found == "confirmed":
        tally.count(source, "mutants")
        tally.count(source, "mutant refuted")
        tally.count(source, "recheck refuted by shape: confirmed")
        tally.deciding += outcome.deciding
        tally.seconds.append(outcome.seconds)
        return
    tally.count(source, f"mutant not typed: {outcome.word}")
    if found == "contradicted":
        tally.fail("refuted by shape, and the shapes fit", source, change.text, change.rule)


def _unknown_name(outcome: Outcome) -> str:
    """The name that nothing introduces, where that is why a text is undecided: no statement about the givens."""
    for _, verdict in outcome.links:
        reason = str(verdict.evidence.get("reason", ""))
        if reason.startswith("nothing introduces "):
            return reason.removeprefix("nothing introduces ")
    return ""


def _one_rewrite(source: Source, change: Changed, seed: int, tally: Tally) -> None:
    outcome = judged(source.given, change.text, seed)
    tally.count(source, "rewrites")
    tally.count(source, f"rewrite {outcome.word}")
    _recorded(source, change, outcome, seed, tally)
    if outcome.word == "refuted":
        tally.fail("right refuted", source, change.text, change.rule)
    elif outcome.word not in GOOD:
        tally.failures.append((f"rewrite {outcome.word}", source, change.text, f"{change.rule}: {_reason(outcome)}"))


def _recorded(source: Source, change: Changed, outcome: Outcome, seed: int, tally: Tally) -> bool:
    """Time; every refutation at its counterexample, every acceptance at three assignments of dimensions. Whether a
    refutation was confirmed."""
    confirmed = False
    tally.deciding += outcome.deciding
    tally.seconds.append(outcome.seconds)
    if (longest := max(outcome.deciding, default=0)) > 1:
        tally.slow.append((longest, change.text))
    for link, verdict in outcome.links:
        if link.claim is None:
            continue
        if verdict.word == "refuted" and verdict.counterexample is not None:
            found = recheck.refutation(link.claim, link.model, verdict.counterexample)
            tally.count(source, f"recheck refuted: {found.split(':')[0]}")
            confirmed = confirmed or found == "confirmed"
            if found.startswith("contradicted"):
                tally.fail("refutation not confirmed", source, change.text, found)
        elif verdict.word in GOOD and link.kind == "claim":
            words = recheck.agreement(link.claim, link.model, f"proved {seed}", 3, 4)
            word = "violated" if words["violated"] else "confirmed" if words["agrees"] else "unsupported"
            tally.count(source, f"recheck {verdict.word}: {word}")
            if words["violated"]:
                tally.fail(f"{verdict.word} not confirmed", source, change.text, change.rule)
    return confirmed


def _reason(outcome: Outcome) -> str:
    return "; ".join(str(v.evidence.get("reason", "")) for _, v in outcome.links if v.word not in GOOD)[:160]
