"""`python -m benchmarks.trust`: how often a verdict is wrong. Single-slip mutants and meaning-preserving rewrites of
right claims (open identities, the problem bank, random typed terms) are judged; the second evaluator certifies each
mutant wrong, checks every refutation at its own counterexample and every proof at drawn worlds. Seeds are printed;
with `--write` the page docs/trust.md is made."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from benchmarks.trust_sources import Source, sources
from derivcheck.checking.deciding import Decider, Situation
from derivcheck.checking.lines import Context, Judged, judge_line
from derivcheck.deciding.verdict import Verdict, weakest
from derivcheck.language.givens import read_givens
from derivcheck.language.options import Options
from derivcheck.language.scope import Scope
from derivcheck.language.splitting import split_lines
from derivcheck.language.statements import Link, Statement
from derivcheck.variants import recheck
from derivcheck.variants.mutants import Changed, mutants
from derivcheck.variants.rewrites import rewrites

OPTIONS = Options(layout="default", product_order="right")
GOOD = ("proved", "holds")
_LEFT_OUT = ("mutant that", "mutant not", "mutant of", "source ")
_SHOWN = 40  # failures of a kind on the page
_PAGE = Path(__file__).parents[1] / "docs" / "trust.md"


@dataclass(frozen=True)
class Outcome:
    """A text as judged: its links with their verdicts, the weakest word, how long it took."""

    links: tuple[tuple[Link, Verdict], ...]
    word: str
    seconds: float


@dataclass
class Tally:
    """What was counted, and what went wrong (kind, givens, claim, what)."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    failures: list[tuple[str, Source, str, str]] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)

    def fail(self, kind: str, source: Source, text: str, what: str) -> None:
        self.failures.append((kind, source, text, what))
        print(f"{kind}: {source.name}: {text}   [{what}]", file=sys.stderr, flush=True)


@cache
def scope_of(given: tuple[str, ...]) -> Scope:
    scope, _ = read_givens(given, options=OPTIONS)
    return replace(scope, layout=OPTIONS.layout)


def judged(given: tuple[str, ...], text: str, seed: int) -> Outcome:
    """As `verify` judges it, without blame and report."""
    start = time.perf_counter()
    scope = scope_of(given)
    context = Context(Decider(seed), Situation(scope.model), OPTIONS)
    lines: list[Judged] = []
    previous: Statement | None = None
    for piece in split_lines(text):
        line = judge_line(piece.text, scope, previous, context)
        lines.append(line)
        scope = line.statement.scope
        previous = line.statement if line.statement.last is not None else previous
    seconds = time.perf_counter() - start
    links = tuple(
        (link, verdict) for line in lines for link, verdict in zip(line.statement.links, line.verdicts, strict=True)
    )
    return Outcome(links, weakest([line.word for line in lines]) if lines else "unreadable", seconds)


def run(size: int, seed: int, which: Sequence[str]) -> Tally:
    """`size` mutants and as many rewrites, spread over the sources."""
    tally = Tally()
    items = [s for s in sources(seed, size) if s.kind in which]
    random.Random(f"order {seed}").shuffle(items)
    each = max(1, -(-size // max(1, len(items))))
    for source in items:
        if tally.counts["mutants"] >= size and tally.counts["rewrites"] >= size:
            break
        one_source(source, seed, each, tally)
    return tally


def one_source(source: Source, seed: int, each: int, tally: Tally) -> None:
    scope = scope_of(source.given)
    before = judged(source.given, source.claim, seed)
    link = before.links[0][0] if len(before.links) == 1 else None
    if link is None or link.claim is None or before.word in ("unreadable", "refuted"):
        tally.counts[f"source {before.word}"] += 1
        if before.word == "refuted" and source.kind != "bank":  # there a line stands in a situation of its own
            tally.fail("right refuted", source, source.claim, "the source itself")
        return
    tally.counts["sources"] += 1
    for change in mutants(source.claim, scope, link.claim, f"{seed} {source.name}", each):
        one_mutant(source, change, seed, tally)
    for change in rewrites(source.claim, scope, link.claim, f"{seed} {source.name}", each):
        one_rewrite(source, change, seed, tally)


def one_mutant(source: Source, change: Changed, seed: int, tally: Tally) -> None:
    outcome = judged(source.given, change.text, seed)
    tally.counts["changed"] += 1
    claims = [link for link, _ in outcome.links if link.claim is not None]
    if len(claims) != len(outcome.links) or not claims or outcome.word == "unreadable":
        tally.counts[f"mutant not typed: {outcome.word}"] += 1
        return
    found = [recheck.agreement(link.claim, link.model, seed, 3, 5) for link in claims if link.claim is not None]
    if any(f["shapes"] for f in found):
        tally.counts["mutant of another shape"] += 1
        if outcome.word in GOOD:
            tally.fail("wrong accepted", source, change.text, "sides of different shape")
        return
    confirmed = recorded(source, change, outcome, seed, tally)
    if not confirmed and not any(f["violated"] for f in found):
        certain = all(f["agrees"] >= 5 and not f["unsupported"] for f in found)
        tally.counts["mutant that is right" if certain else "mutant not certified"] += 1
        if certain and outcome.word == "refuted":
            tally.fail("refuted, and no point found", source, change.text, change.rule)
        return
    tally.counts["mutants"] += 1
    tally.counts[f"mutant {outcome.word}"] += 1
    if outcome.word in GOOD:
        tally.fail("wrong accepted", source, change.text, change.rule)
    elif outcome.word != "refuted":
        tally.failures.append(("mutant undecided", source, change.text, _reason(outcome)))


def one_rewrite(source: Source, change: Changed, seed: int, tally: Tally) -> None:
    outcome = judged(source.given, change.text, seed)
    tally.counts["rewrites"] += 1
    tally.counts[f"rewrite {outcome.word}"] += 1
    recorded(source, change, outcome, seed, tally)
    if outcome.word == "refuted":
        tally.fail("right refuted", source, change.text, change.rule)
    elif outcome.word not in GOOD:
        tally.failures.append((f"rewrite {outcome.word}", source, change.text, f"{change.rule}: {_reason(outcome)}"))


def recorded(source: Source, change: Changed, outcome: Outcome, seed: int, tally: Tally) -> bool:
    """Time; every refutation at its counterexample, every acceptance at three assignments of dimensions. Whether a
    refutation was confirmed."""
    confirmed = False
    tally.seconds.append(outcome.seconds)
    if outcome.seconds > 1:
        tally.slow.append((outcome.seconds, change.text))
    for link, verdict in outcome.links:
        if link.claim is None:
            continue
        if verdict.word == "refuted" and verdict.counterexample is not None:
            found = recheck.refutation(link.claim, link.model, verdict.counterexample)
            tally.counts[f"recheck refuted: {found.split(':')[0]}"] += 1
            confirmed = confirmed or found == "confirmed"
            if found.startswith("contradicted"):
                tally.fail("refutation not confirmed", source, change.text, found)
        elif verdict.word in GOOD and link.kind == "claim":
            words = recheck.agreement(link.claim, link.model, f"proved {seed}", 3, 4)
            word = "violated" if words["violated"] else "confirmed" if words["agrees"] else "unsupported"
            tally.counts[f"recheck {verdict.word}: {word}"] += 1
            if words["violated"]:
                tally.fail(f"{verdict.word} not confirmed", source, change.text, change.rule)
    return confirmed


def _reason(outcome: Outcome) -> str:
    return "; ".join(str(v.evidence.get("reason", "")) for _, v in outcome.links if v.word not in GOOD)[:160]


def page(tally: Tally, size: int, seed: int, total: float) -> str:
    counts = tally.counts
    rechecks = sorted((name.removeprefix("recheck "), n) for name, n in counts.items() if name.startswith("recheck"))
    left_out = [f"{n} × {name}" for name, n in sorted(counts.items()) if name.startswith(_LEFT_OUT)]
    lines = [
        "# How often a verdict is wrong", "",
        f"Generated by `python -m benchmarks.trust --size {size} --seed {seed} --write`; do not edit. "
        f"It took {total / 60:.0f} minutes.", "",
        "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in _rows(tally)), "",
        "Each refutation was checked again at its own counterexample, each acceptance at three assignments of",
        "dimensions, by a second evaluator that shares no code with the first (mpmath, 60 digits and more):", "",
        *(f"- {name}: {n}" for name, n in rechecks), "", "Left out: " + "; ".join(left_out), "", "## Failures", "",
    ]  # fmt: skip
    kinds = Counter(kind for kind, *_ in tally.failures)
    lines += [f"- {kind}: {n}" for kind, n in kinds.most_common()] or ["None."]
    shown: Counter[str] = Counter()
    for kind, source, text, what in tally.failures:
        shown[kind] += 1
        if shown[kind] <= _SHOWN:
            lines.append(f"- {kind}: `{text}` given `{'`, `'.join(source.given)}` ({what})")
    lines += ["", "## Over one second", "", *(f"- {s:.1f} s: `{text}`" for s, text in sorted(tally.slow)[::-1][:20])]
    return "\n".join(lines) + "\n"


def _rows(tally: Tally) -> list[tuple[str, object]]:
    counts, times = tally.counts, sorted(tally.seconds) or [0.0]
    mutant_total, rewrite_total = max(1, counts["mutants"]), max(1, counts["rewrites"])
    undecided = counts["mutant undecided"] + counts["rewrite undecided"] + counts["rewrite unreadable"]
    return [
        ("right claims they were made from", counts["sources"]),
        ("mutants certified wrong", counts["mutants"]),
        ("— refuted", counts["mutant refuted"]),
        ("— **accepted**", sum(counts[f"mutant {w}"] for w in GOOD)),
        ("rewrites", counts["rewrites"]),
        ("— proved for every dimension", _share(counts["rewrite proved"], rewrite_total)),
        ("— holds (tested)", counts["rewrite holds"]),
        ("— **refuted**", counts["rewrite refuted"]),
        ("undecided or unreadable, of both", _share(undecided, mutant_total + rewrite_total)),
        ("time per verdict, median", f"{statistics.median(times) * 1e3:.1f} ms"),
        ("time per verdict, 99 %", f"{times[int(len(times) * 0.99)] * 1e3:.0f} ms"),
        ("time per verdict, worst", f"{times[-1]:.2f} s"),
    ]


def _share(count: int, total: int) -> str:
    return f"{count} ({count / total:.2%})"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust", description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="mutants, and as many rewrites (20000 for the full run)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sources", nargs="*", default=["identity", "bank", "random"])
    parser.add_argument("--write", action="store_true", help="write docs/trust.md")
    parser.add_argument("--failures", type=Path, help="write the failures as JSON lines")
    chosen = parser.parse_args()
    start = time.perf_counter()
    print(f"seed {chosen.seed}, size {chosen.size}", file=sys.stderr)
    tally = run(chosen.size, chosen.seed, chosen.sources)
    text = page(tally, chosen.size, chosen.seed, time.perf_counter() - start)
    print(text)
    if chosen.write:
        _PAGE.write_text(text)
    if chosen.failures:
        chosen.failures.write_text("".join(_json_lines(tally)))


def _json_lines(tally: Tally) -> Iterator[str]:
    for kind, source, text, what in tally.failures:
        row = {"kind": kind, "given": source.given, "claim": text, "what": what, "source": source.name}
        yield json.dumps(row) + "\n"


if __name__ == "__main__":
    main()
