"""What declarations say in words, as formulas."""

from __future__ import annotations

import pytest

from derivcheck.source.document import read_document
from derivcheck.source.properties import properties
from derivcheck.source.sentences import sentences

CASES = [
    (r"Let $A \in \mathbb{R}^{n \times n}$ be symmetric and positive definite.", [r"A^\top = A", r"A \succ 0"]),
    (r"where $s$ is the logistic sigmoid applied elementwise", [r"s(\xi) = \frac{1}{1 + e^{-\xi}}"]),
    (r"Let $q, k \in \mathbb{R}^d$ be independent.", [r"q \perp k"]),
    (r"Let $x$ be a vector in $\mathbb{R}^K$.", [r"x \in \mathbb{R}^K"]),
    (r"Let $A$ be an $n \times n$ invertible matrix.", [r"A \in \mathbb{R}^{n \times n}", r"\det A \ne 0"]),
    (r"for a unit vector $u$", [r"\|u\|_2 = 1"]),
    (r"where $u$ and $v$ are orthogonal", [r"u^\top v = 0"]),
    (r"where $U$ and $V$ are orthogonal", [r"U^\top U = I", r"V^\top V = I"]),
    (r"with $x \in \mathbb{R}^n$, and $Q \in \mathbb{R}^{n \times n}$ is orthogonal", [r"Q^\top Q = I"]),
    (r"Let $K \in \mathbb{R}^{n \times n}$ be skew-symmetric.", [r"K^\top = -K"]),
    (r"Let $y$ be one of the labels.", []),
    (r"Let $A$ and $B$ be commuting matrices.", [""]),
    (r"Let $x$ be the input and $W$ the weights.", []),
]


@pytest.mark.parametrize(("text", "readings"), CASES)
def test_properties_as_formulas(text: str, readings: list[str]) -> None:
    document = read_document(text, "notes.md")
    found = [p.reading for s in sentences(document.blocks) for p in properties(s, 0, len(s.text))]
    assert sorted(set(found)) == sorted(readings)
