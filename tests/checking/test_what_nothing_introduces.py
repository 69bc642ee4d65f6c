"""What nothing introduces refutes no line, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file
from derivcheck.checking.verifying import verify_claim


def words(folder: Path, text: str, name: str = "notes.md") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    report = check_file(Request(str(folder / name))).report
    return [line.verdict.word for part in report.parts for line in part.lines]


@pytest.mark.parametrize("claim", [
    r"o_b = \operatorname{softmax}(b)",  # b is a class here, and nothing says what stands in the brackets
    r"\operatorname{softmax}(b) = o_b",
    r"D = \sum_{i=1}^I x_i",
])  # fmt: skip
def test_a_letter_that_is_an_index_elsewhere(claim: str) -> None:
    assert verify_claim(claim).verdict == "undecided"


@pytest.mark.parametrize("claim", [
    r"\sum_{i=1}^I i = I(I+1)/2",
    r"I(I+1)/2 = \sum_{i=1}^I i",
    r"\sum_{i=1}^I \sum_{j=1}^J ij = \frac{I(I+1)}{2} \frac{J(J+1)}{2}",
])  # fmt: skip
def test_what_is_summed_up_to_is_a_number(claim: str) -> None:
    assert verify_claim(claim).verdict == "proved"


def test_the_second_time_that_a_law_is_spoken_of(tmp_path: Path) -> None:
    chain = "$$\n\\log g(x|z) \\\\\n= \\sum_{j=1}^D \\log g(x_j|z)\n$$\n"
    assert "refuted" not in words(tmp_path, f"Bernoulli:\n\n{chain}\nGaussian:\n\n{chain}")
