"""Right claims to make mutants and rewrites of: the open identities beside the repository (when they are there), the
right answers of the problem bank, random typed terms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derivcheck.language.parsing.splitting import split_lines
from derivcheck.problems.bank import Bank
from derivcheck.problems.schema import Part
from derivcheck.variants import random_terms

_RELATIONS = {"<=": "\\le", ">=": "\\ge"}
_RELATION = re.compile(r"=|\\[lg]eq?(?![A-Za-z])")
KINDS = ("identity", "bank", "random")
CASES = Path(__file__).parents[2] / "shared" / "cases"


@dataclass(frozen=True)
class Source:
    """A right claim of one relation. kind: 'identity', 'bank' or 'random'."""

    name: str
    kind: str
    given: tuple[str, ...]
    claim: str


def fixed_sources() -> list[Source]:
    """The open identities and the bank."""
    return [*identities(), *bank()]


def sources(seed: int, size: int) -> list[Source]:
    """All fixed ones, and as many random ones as spread `size` variants thinly."""
    count = max(20, min(4000, size // 6))
    return [*fixed_sources(), *(random_source(seed * 100_000 + k) for k in range(count))]


def identities() -> Iterator[Source]:
    path = CASES / "identities-open.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        row = json.loads(line)
        if row["expect"] == "true":
            yield Source(row["id"], "identity", tuple(row["given"]), row["claim"])


def bank() -> Iterator[Source]:
    """Lines of one relation in the problems' own answers."""
    for problem, _ in Bank.of().problems():
        for part in problem.parts if problem else ():
            yield from _of_part(part)


def _of_part(part: Part) -> Iterator[Source]:
    given = tuple(line.text for line in (*part.given, *part.where))
    texts = [entry.text.text for entry in part.of("correct")]
    if part.find and part.answer and "\n" not in part.find.text + part.answer.text:
        texts.append(f"{part.find.text} {_RELATIONS.get(part.relation, '=')} {part.answer.text}")
    for n, text in enumerate(texts):
        for k, piece in enumerate(split_lines(text)):
            if _RELATION.search(piece.text) and not piece.text.lstrip().startswith("=") and "$" not in piece.text:
                yield Source(f"{part.id}/{n}.{k}", "bank", given, piece.text)


def random_source(seed: int) -> Source:
    return Source(f"random {seed}", "random", random_terms.GIVEN, random_terms.claim(seed))
