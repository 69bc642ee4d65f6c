"""`python -m benchmarks.noise`: what becomes of right answers in messy documents. The bank's own right answers,
rewritten in student style, are put through document noise (formats, labels, OCR damage, reordered parts) and judged by
the call behind `derivcheck check`. Each paper has a number: `--only N` makes it again (from the same bank), and
`--print` shows its file."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from derivcheck.checking.oracle import ScopeOracle, options_of
from derivcheck.checking.papers import Request, check_file
from derivcheck.checking.results import PartReport
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.splitting import split_lines
from derivcheck.language.parsing.syntax import Relation
from derivcheck.language.statements import read_statement
from derivcheck.problems.bank import Bank
from derivcheck.problems.schema import Part
from derivcheck.variants import noise
from derivcheck.variants.noise import Answered, Piece
from derivcheck.variants.rewrites import rewrites

_PAGE = Path(__file__).parents[1] / "docs" / "noise.md"
_WORDS = ("truth", "value", "shape", "consistency")
_REWRITTEN = ("expression", "bound", "chain", "property")
_RELATION = {"<=": "\\le", "<": "<", ">=": "\\ge", ">": ">"}


@dataclass(frozen=True)
class Right:
    """A right answer of the bank: its part, which entry, and the rewriting (empty: as it stands)."""

    part: Part
    entry: int
    rule: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Paper:
    """A file with the answers in it, in the order of the sheet, and the noise that it went through."""

    number: int
    answers: tuple[Right, ...]
    labels: tuple[str, ...]
    noises: tuple[str, ...]
    format: str
    text: str


@dataclass
class Tally:
    """Verdicts of answers: counted by noise and by kind; failures with the number of their paper."""

    papers: int = 0
    words: Counter[str] = field(default_factory=Counter)
    by_noise: dict[str, Counter[str]] = field(default_factory=dict)
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[tuple[Paper, Right, PartReport, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


# papers ------------------------------------------------------------------------------------------------------------


@cache
def parts() -> tuple[Part, ...]:
    """Every part of the bank that has a right answer a program can judge."""
    found = (part for problem, _ in Bank.of().problems() if problem for part in problem.parts)
    return tuple(part for part in found if part.kind != "manual" and part.of("correct"))


@cache
def groups() -> tuple[tuple[Part, ...], ...]:
    """Parts that stand on one sheet: of one file, and of one paper."""
    bank = Bank.of()
    known = {part.id: part for part in parts()}
    papers = [bank.assignment(name)[0] for name in bank.assignments()]
    sheets = [tuple(known[i.problem] for i in paper.items if i.problem in known) for paper in papers if paper]
    files = (tuple(part for part in problem.parts if part.id in known) for problem, _ in bank.problems() if problem)
    return (*(file for file in files if len(file) > 1), *sheets)


@cache
def rewritten(id: str, entry: int, seed: int) -> tuple[tuple[str, str], ...]:
    """An answer of one relation in other ways: (rule, text)."""
    part = next(part for part in parts() if part.id == id)
    text = _stated(part, part.of("correct")[entry].text.text)
    scope = ScopeOracle.of(part).where
    links = read_statement(text, scope, None, options_of(part)).links
    if len(links) != 1 or links[0].claim is None or links[0].undeclared:
        return ()
    found = rewrites(text, scope, links[0].claim, f"{seed} {id} {entry}", 48)
    asked = show(parse(part.find.text if part.find else text.split("=")[0]).node)
    return tuple((one.rule, one.text) for one in found if asked in _sides(one.text))


def _sides(text: str) -> set[str]:
    """What stands left and right in a line, and in each of its lines."""
    nodes = [parse(piece.text).node for piece in split_lines(text)]
    return {show(side) for node in nodes if isinstance(node, Relation) for side in node.operands}


def _stated(part: Part, text: str) -> str:
    """A lone expression as the result that it is."""
    alone = part.find and not any(sign in text for sign in ("=", "\\le", "\\ge", "<", ">", "\\approx", "\\text"))
    relation = _RELATION.get(part.relation, "=") if part.kind == "bound" else "="
    return f"{part.find.text} {relation} {text}" if alone and part.find else text


def right(part: Part, rng: random.Random, seed: int) -> Right:
    """One of a part's right answers, rewritten if it is one line."""
    number = rng.randrange(len(part.of("correct")))
    text = part.of("correct")[number].text.text
    let = tuple(Piece("prose", f"Let ${line.text}$.") for line in part.where)
    if "$" in text or part.kind in _WORDS:
        return Right(part, number, "", (*let, *_markdown(text)))
    rows = [row for row in text.split("\n") if row.strip()] if "\\begin" not in text else [" ".join(text.split())]
    if len(rows) == 1 and part.kind in _REWRITTEN:
        choices = rewritten(part.id, number, seed)
        rule, text = rng.choice(choices) if choices and rng.random() < 0.8 else ("", _stated(part, rows[0]))
        rows = text.split(" \\\\ ") if "\\begin" not in text else [text]
        return Right(part, number, rule, (*let, *(Piece("formula", row.strip()) for row in rows)))
    return Right(part, number, "", (*let, *(Piece("formula", row.strip()) for row in rows)))


def _markdown(text: str) -> Iterator[Piece]:
    for k, stretch in enumerate(text.split("$$")):
        if k % 2:
            yield Piece("formula", " ".join(stretch.split()))
        else:
            yield from (Piece("prose", p.strip()) for p in stretch.split("\n\n") if p.strip())


def paper(number: int, seed: int) -> Paper:
    """The paper of this number: everything about it is drawn from the seed and the number."""
    rng = random.Random(f"noise {seed} {number}")
    if rng.random() < 0.35:
        chosen = [rng.choice(parts())]
    else:
        group = rng.choice(groups())
        at = rng.randrange(len(group))
        chosen = list(group[at : at + rng.randint(2, 5)])
    answers = tuple(right(part, rng, seed) for part in chosen)
    labels = _labels(len(answers), rng)
    format = rng.choice(tuple(noise.FORMATS))
    kinds = [n for n in (*noise.FORMULA, *noise.DISPLAY, *noise.PROSE, *noise.ANSWER, "page numbers")
             if format == "text" or n not in noise.PAGES]  # fmt: skip
    names = tuple(rng.sample(kinds, rng.randint(1, 4)))
    style = "" if len(answers) == 1 and rng.random() < 0.4 else rng.choice(tuple(noise.LABELS))
    head = rng.choice(tuple(noise.HEADS))
    asks = [a.part.ask.text if a.part.ask else "" for a in answers]
    rows = [
        noise.changed(Answered(label, ask, a.pieces), names, rng)
        for label, ask, a in zip(labels, asks, answers, strict=True)
    ]
    told = [*names, f"format: {format}", f"label: {style or 'none'}", f"label as: {head if style else 'none'}"]
    if len(rows) > 1 and style and rng.random() < 0.25:
        rng.shuffle(rows)
        told.append("parts shuffled")
    return Paper(number, answers, labels, tuple(told), format, noise.write(rows, format, style, head, rng))


def _labels(count: int, rng: random.Random) -> tuple[str, ...]:
    """`1`, `2a`, `2b`, …: problems with and without items."""
    labels: list[str] = []
    number = rng.randint(1, 4)
    while len(labels) < count:
        items = rng.choice((1, 1, 2, 3))
        labels += [f"{number}{x}" for x in "abc"[:items]] if items > 1 else [f"{number}"]
        number += 1
    return tuple(labels[:count])


# judging -----------------------------------------------------------------------------------------------------------


def judged(one: Paper, folder: Path) -> list[PartReport]:
    """As `derivcheck check FILE --assignment SHEET` judges it."""
    file = folder / f"answer.{noise.FORMATS[one.format]}"
    file.write_text(one.text, encoding="utf-8")
    sheet = folder / "sheet.yaml"
    rows = (f"  {_sheet_label(x)}: {a.part.id}" for x, a in zip(one.labels, one.answers, strict=True))
    sheet.write_text("\n".join(["title: Sheet", "parts:", *rows]) + "\n")
    return list(check_file(Request(str(file), assignment=str(sheet))).report.parts)


def _sheet_label(label: str) -> str:
    return f"Problem {label[:-1]}({label[-1]})" if label[-1].isalpha() else f"Problem {label}"


def outcome(report: PartReport) -> str:
    """'right', 'person' or 'accused': marks lost, or a line called wrong, are an accusation."""
    if report.verdict in ("wrong", "partial", "missing") or any(f.severity == "error" for f in report.findings):
        return "accused"
    return "right" if report.verdict == "correct" else "person"


def run(size: int, seed: int, only: Sequence[int] = ()) -> Tally:
    """Papers until `size` answers were judged."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        number = 0
        while sum(tally.words.values()) < size if not only else number < len(only):
            one = paper(only[number] if only else number, seed)
            number += 1
            start = time.perf_counter()
            reports = judged(one, Path(folder))
            tally.seconds.append(time.perf_counter() - start)
            tally.papers += 1
            for answer, report in zip(one.answers, reports, strict=True):
                count(tally, one, answer, report)
    return tally


def count(tally: Tally, one: Paper, answer: Right, report: PartReport) -> None:
    word = outcome(report)
    tally.words[word] += 1
    tally.by_kind.setdefault(answer.part.kind, Counter())[word] += 1
    for name in (*one.noises, "rewritten" if answer.rule else "as in the bank"):
        tally.by_noise.setdefault(name, Counter())[word] += 1
    if word != "right":
        tally.failures.append((one, answer, report, word))
        print(failure(one, answer, report, word), file=sys.stderr, flush=True)


def failure(one: Paper, answer: Right, report: PartReport, word: str) -> str:
    unsure = [line for line in report.lines if line.verdict.word not in ("proved", "holds")]
    bad = [f"{line.verdict.word}: `{line.latex}`" for line in unsure]
    said = [f"{f.line}: {f.message}" for f in report.findings if f.severity != "note"]
    what = "; ".join([report.verdict, *([report.reason] if report.reason else []), *bad, *said])
    how = ", ".join([*one.noises, *([answer.rule] if answer.rule else [])])
    return f"{word}: {one.number}: {answer.part.id}#{answer.entry}: {what}   [{how}]"


# the page ----------------------------------------------------------------------------------------------------------


def page(tally: Tally, size: int, seed: int) -> str:
    total = max(1, sum(tally.words.values()))
    rows = [f"| {word} | {tally.words[key]} ({tally.words[key] / total:.2%}) |" for word, key in _SAID]
    lines = [
        "# Right answers in messy documents", "",
        f"Generated by `python -m benchmarks.noise --size {size} --seed {seed} --write`; do not edit. The bank's own",
        "right answers, rewritten in student style, in the formats, labels, habits and scanning damage below.", "",
        "| | |", "|---|---|", f"| answers | {total} in {tally.papers} files |", *rows,
        f"| time per answer, mean | {sum(tally.seconds) / total * 1e3:.0f} ms |", "",
        *_table("kind of answer", tally.by_kind), "", *_table("noise", tally.by_noise), "",
        "## Not judged right", "", "Each with the number of its file (`--only`):", "",
    ]  # fmt: skip
    lines += [f"- {failure(*found)}" for found in tally.failures] or ["None."]
    return "\n".join(lines) + "\n"


_SAID = (
    ("judged right", "right"), ("passed to a person", "person"), ("**accused** (marks lost, or a line)", "accused"),
)  # fmt: skip


def _table(title: str, rows: dict[str, Counter[str]]) -> Iterator[str]:
    yield f"| {title} | answers | passed to a person | accused |"
    yield "|---|---|---|---|"
    for name, counts in sorted(rows.items()):
        yield f"| {name} | {counts.total()} | {counts['person']} | {counts['accused']} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noise", description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="answers (2000 for the full run)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, nargs="*", default=[], help="papers of these numbers")
    parser.add_argument("--print", action="store_true", help="print the files of the papers chosen")
    parser.add_argument("--write", action="store_true", help="write docs/noise.md")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}, size {chosen.size}", file=sys.stderr)
    for number in chosen.only if chosen.print else ():
        print(paper(number, chosen.seed).text)
    tally = run(chosen.size, chosen.seed, chosen.only)
    text = page(tally, chosen.size, chosen.seed)
    print(text)
    if chosen.write:
        _PAGE.write_text(text)


if __name__ == "__main__":
    main()
