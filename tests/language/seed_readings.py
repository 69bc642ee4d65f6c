"""How the formulas of the source documents are read: kept by file, line and hash, so that a change of reading is
seen. `python -m tests.language.seed_readings` writes the table anew; look at each changed reading before that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from derivcheck.language.parsing.dump import dump
from derivcheck.language.parsing.parser import parse
from derivcheck.source.document import read_document
from tests.shared import SHARED

TABLE = Path(__file__).with_name("seed_readings.txt")


def short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def readings() -> Iterator[str]:
    """`file:line hash-of-formula hash-of-reading` for every formula, in order."""
    for path in sorted((SHARED / "seeds").glob("0*.txt")):
        document = read_document(path, path.name)
        for formula in document.formulas:
            line = document.position(formula.span.start).line
            yield f"{path.name[:3]}:{line} {short(formula.latex)} {short(dump(parse(formula.latex).node))}"


def main() -> None:
    TABLE.write_text("\n".join(readings()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
