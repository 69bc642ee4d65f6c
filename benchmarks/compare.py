"""`python -m benchmarks.compare`: the same right and wrong claims through derivcheck, `sympy.simplify(l - r) == 0`,
`.equals`, Math-Verify and five-point sampling, side by side.

The wrong ones are single slips that the second evaluator found to be wrong; what is right is so by its source. A tool
is asked only what it can express: SymPy gets vectors and matrices written out at small dimensions, Math-Verify the
LaTeX, sampling the values themselves. With `--write` the page docs/compare.md is made. Needs the extra `[compare]`."""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.__main__ import PAIRS
from benchmarks.compare_tools import INSTALLED, LIMIT, TOOLS, Answer, Pair, asked, link_of
from benchmarks.trust_judging import scope_of
from benchmarks.trust_sources import Source, sources
from derivcheck.language.statements import Link
from derivcheck.variants import recheck
from derivcheck.variants.mutants import mutants

_EACH = 2  # wrong claims made of one right one
_PAGE = Path(__file__).parents[1] / "docs" / "compare.md"
_INSTALL = "Math-Verify is not installed: pip install 'derivcheck[compare]'"


def pairs(size: int, seed: int) -> list[Pair]:
    """As many right as wrong ones, no matter what any tool says of them."""
    items = [*sources(seed, 2 * size), *scalars()]
    random.Random(f"compare {seed}").shuffle(items)
    right: list[Pair] = []
    wrong: list[Pair] = []
    for source in items:
        link = link_of(source.given, source.claim)
        if link is None or link.claim is None or not _is_right(link, source.kind, seed):
            continue
        if len(right) < size - size // 2:
            right.append(Pair(source.given, source.claim, True, source.name))
        slips = mutants(source.claim, scope_of(source.given), link.claim, f"{seed} {source.name}", 3 * _EACH)
        found = [s.text for s in slips if _is_wrong(source.given, s.text, seed)]
        wrong += [Pair(source.given, text, False, f"{source.name} {text}") for text in found[:_EACH]]
        if len(right) + min(len(wrong), size // 2) >= size:
            break
    return [*right, *wrong[: size // 2]]


def scalars() -> Iterator[Source]:
    """Equations of numbers, which every tool can express."""
    for k, (left, right, truth) in enumerate(PAIRS):
        if truth:
            yield Source(f"numbers {k}", "numbers", tuple(f"{name} > 0" for name in "abcdmsvxyz"), f"{left} = {right}")


def _is_right(link: Link, kind: str, seed: int) -> bool:
    """Not found wrong; a line of the bank, which may stand in a situation of its own, is found to agree."""
    assert link.claim is not None
    found = recheck.agreement(link.claim, link.model, seed)
    return not found["violated"] and not (kind == "bank" and not found["agrees"])


def _is_wrong(given: tuple[str, ...], text: str, seed: int) -> bool:
    link = link_of(given, text)
    if link is None or link.claim is None:
        return False
    return recheck.agreement(link.claim, link.model, seed)["violated"] > 0


@dataclass(frozen=True)
class Result:
    """What one tool said of every pair, in their order."""

    name: str
    answers: tuple[Answer, ...]


def compared(chosen: Sequence[Pair]) -> list[Result]:
    names = [n for n in TOOLS if n != "Math-Verify" or INSTALLED]
    results = []
    for name in names:
        print(name, file=sys.stderr, flush=True)
        results.append(Result(name, tuple(asked(name, pair) for pair in chosen)))
    return results


def row(result: Result, chosen: Sequence[Pair], among: Sequence[int]) -> str:
    words = Counter((chosen[k].right, result.answers[k].word) for k in among)
    expressed = [k for k in among if result.answers[k].word != "not expressed"]
    times = [result.answers[k].seconds for k in expressed] or [0.0]

    def share(right: bool, word: str) -> str:
        total = sum(chosen[k].right is right for k in expressed)
        return f"{words[right, word]} of {total}" + (f" ({words[right, word] / total:.1%})" if total else "")

    unanswered = sum(words[right, word] for right in (True, False) for word in ("no answer", "timeout"))
    late = sum(words[right, "timeout"] for right in (True, False))
    median = f"{statistics.median(times) * 1e3:.1f} ms"
    unfit = str(len(among) - len(expressed))
    cells = [result.name, share(False, "accepted"), share(True, "refused"), f"{unanswered} ({late})", unfit, median]
    return f"| {' | '.join(cells)} |"


_HEAD = (
    "| | wrong accepted | right refused | no answer (of these timeouts) | could not be expressed | median time |",
    "|---|---|---|---|---|---|",
)


def page(results: Sequence[Result], chosen: Sequence[Pair], size: int, seed: int) -> str:
    everyone = [k for k in range(len(chosen)) if all(r.answers[k].word != "not expressed" for r in results)]
    right = sum(pair.right for pair in chosen)
    lines = [
        "# The same claims through other tools", "",
        f"Generated by `python -m benchmarks.compare --size {size} --seed {seed} --write`; do not edit.", "",
        f"{right} right and {len(chosen) - right} wrong equations: the open identities, the problem bank's answers,",
        "equations of numbers, random typed terms, and single slips in them that an independent evaluation found to",
        f"be wrong. Each tool is used with its defaults and killed after {LIMIT:.0f} s. Shares are of the claims",
        "that it could express.", "",
        *_HEAD, *(row(r, chosen, range(len(chosen))) for r in results), "",
        f"On the {len(everyone)} claims that all of them could express:", "",
        *_HEAD, *(row(r, chosen, everyone) for r in results), "",
        *([] if INSTALLED else [f"{_INSTALL}.", ""]),
        "How each was asked:", "",
        "- derivcheck: the LaTeX and its givens; one verdict for every dimension. `holds` counts as accepted.",
        "- SymPy: the difference of the sides, written out entry by entry with the dimensions 2 and 3, definitions",
        "  put in and derivatives taken. Refused: an entry that does not simplify to 0.",
        "- Math-Verify: the LaTeX of the two sides, where no given defines what they are made of.",
        "- Five points: the entries of every free name drawn at random (inside the name's domain), dimensions 2 and 3,",
        "  every entry compared by the relative tolerance, the values at 60 digits, so that rounding is no cause of an",
        "  error. The ranges and tolerances are the defaults of the graders of MITx (a point without",
        "  a value ends the check) and WeBWorK (such a point is drawn again).",
        "- Not expressed, for all but derivcheck: assumptions beyond shapes and domains, random names.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--size", type=int, default=300, help="claims, half of them wrong")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="write docs/compare.md")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, size {arguments.size}", file=sys.stderr)
    if not INSTALLED:
        print(_INSTALL, file=sys.stderr)
    chosen = pairs(arguments.size, arguments.seed)
    results = compared(chosen)
    text = page(results, chosen, arguments.size, arguments.seed)
    print(text)
    for result in results:
        if result.name == "derivcheck":
            _own_failures(result, chosen)
    if arguments.write:
        _PAGE.write_text(text)


def _own_failures(result: Result, chosen: Sequence[Pair]) -> None:
    for pair, answer in zip(chosen, result.answers, strict=True):
        if answer.word == ("refused" if pair.right else "accepted"):
            print(f"misjudged: {pair.text}   given {pair.given}", file=sys.stderr)


if __name__ == "__main__":
    main()
