"""What declarations say in words, as formulas."""

from __future__ import annotations

import re

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
    (r"Let $K$ be a symmetric positive definite kernel matrix of size $m$.", [r"K^\top = K", r"K \succ 0"]),
    (r"Consider a symmetric matrix $M$ and positive $r$.", [r"M^\top = M", "r > 0"]),
    (r"Let $\eta$ be the positive learning rate.", [r"\eta > 0"]),
    (r"Let $\epsilon$ be zero-mean Gaussian noise.", [r"\mathbb{E}[\epsilon] = 0"]),
    (r"Let $B$ be a matrix of full column rank.", [r"\det(B^\top B) \ne 0"]),
    (r"where $g$ denotes the sigmoid activation function", [r"g(\xi) = \frac{1}{1 + e^{-\xi}}"]),
]


@pytest.mark.parametrize(("text", "readings"), CASES)
def test_properties_as_formulas(text: str, readings: list[str]) -> None:
    document = read_document(text, "notes.md")
    found = [p.reading for s in sentences(document.blocks) for p in properties(s, 0, len(s.text))]
    assert sorted(set(found)) == sorted(readings)


@pytest.mark.parametrize(
    "text",
    [
        "Consider the orthogonal projection $P$.",
        "Consider the negative log-likelihood $L$.",
        "Let $g$ be the negative gradient.",
        "Let $x$ be a negative sample.",
        "Let $k$ be a negative binomial count.",
        "Let $S$ be the symmetric part.",
        "Let $c$ be the positive class.",
        "Let $d$ be the diagonal entries.",
        "where $D$ is block diagonal",
        "Let $E$ be the one-hot encoding matrix.",
        "Let $V$ be the orthogonal complement.",
        "Let $B$ have orthogonal columns.",
        "Let $r$ be an eigenvalue of an orthogonal matrix.",
        "Let $h$ be the sigmoid output.",
        "Let $f$ be a ReLU network.",
        "where $g$ is the derivative of the sigmoid",
    ],
)
def test_what_is_said_of_another_thing_is_no_fact(text: str) -> None:
    found = [p for s in sentences(read_document(text, "notes.md").blocks) for p in properties(s, 0, len(s.text))]
    assert [(p.reading, p.doubted) for p in found] == [("", re.search(r"\$(\w)\$", text)[1])]  # type: ignore[index]


@pytest.mark.parametrize(
    "text", ["Consider the unit test $u$.", "Let $g$ be the identity link.", "a zero-shot score $c$"]
)
def test_words_of_a_compound_say_nothing(text: str) -> None:
    found = [p for s in sentences(read_document(text, "notes.md").blocks) for p in properties(s, 0, len(s.text))]
    assert found == []
