"""An integral without limits beside its variable is an antiderivative; alone it is taken over the whole line."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file
from derivcheck.checking.verifying import verify_claim

ROWS = [
    (r"\int \frac{1}{1 + x^2} dx = \arctan x + C", "proved"),
    (r"\int \frac{dx}{4 + x^2} = \frac{1}{2} \arctan\frac{x}{2}", "proved"),
    (r"\int \frac{x \, dx}{1 + x^2} = \log(1 + x^2) + C", "refuted"),
    (r"\int x e^{-2x} dx = -\frac{x}{2} e^{-2x} + \frac{1}{2} \int e^{-2x} dx", "proved"),
    (r"\int x e^{-2x} dx = -\frac{x}{2} e^{-2x} - \frac{1}{2} \int e^{-2x} dx", "refuted"),
    (r"\frac{5}{4} \int e^{x} \sin 2x \, dx = \frac{e^x}{4} (\sin 2x - 2 \cos 2x)", "proved"),
    (r"\int 3x^2 + 1 \, dx = x^3 + x + k", "proved"),
    (r"\int \sin^2 t \, dt = \int \frac{1 - \cos 2t}{2} \, dt = \frac{t}{2} - \frac{\sin 2t}{4} + C", "proved"),
    (r"\int f(x) dx = \int_0^x f(t) dt + C", "proved"),
    # over the whole line
    (r"\int e^{-x^2} dx = \sqrt{\pi}", "proved"),
    (r"\int e^{-x^2} dx = 2 \int_0^\infty e^{-x^2} dx", "proved"),
    (r"\int e^{-x^2} dx = \int e^{-(x - 1)^2} dx", "proved"),
    (r"\frac{e^{-x^2}}{\int e^{-x^2} dx} = \frac{e^{-x^2}}{\sqrt{\pi}}", "proved"),
    (r"\int e^{-x^2} dx = \pi", "refuted"),
]


@pytest.mark.parametrize("given", [[], [r"x \in \mathbb{R}"]])
@pytest.mark.parametrize(("claim", "verdict"), ROWS)
def test_antiderivatives(claim: str, verdict: str, given: list[str]) -> None:
    unknown = [r"f : \mathbb{R} \to \mathbb{R}"]
    assert verify_claim(claim, [*given, *unknown]).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\int e^{\sin x} \cos x \, dx = \int e^u du", "proved"),
        (r"\int e^{\sin x} \cos x \, dx = e^u + C", "proved"),
        (r"\int e^{\sin x} \cos x \, dx = u e^u + C", "refuted"),
    ],
)
def test_a_substitution(claim: str, verdict: str) -> None:
    assert verify_claim(claim, [r"x \in \mathbb{R}", r"u = \sin x"]).verdict == verdict


@pytest.mark.parametrize("claim", [r"\mathbb{E}[x] = \int x p(x) dx", r"\mathbb{E}[x] = \int x^2 p(x) dx"])
def test_an_expectation_is_no_antiderivative(claim: str) -> None:
    assert verify_claim(claim, [r"p : \mathbb{R} \to \mathbb{R}"]).verdict == "undecided"


def test_what_an_antiderivative_defines_is_known_up_to_a_constant() -> None:
    lines = "F(x) = \\int 2x \\, dx \\\\ F(x) = x^2 + 3"
    assert verify_claim(lines, [r"x \in \mathbb{R}"]).verdict == "undecided"


def test_the_variable_is_a_number_whatever_was_guessed_of_it(tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    file.write_text("Put $u = \\sin x$. Then $$\\int x \\cos x \\, dx = x \\sin x + \\sin x + C$$", encoding="utf-8")
    words = [line.verdict.word for part in check_file(Request(str(file))).report.parts for line in part.lines]
    assert words[-1] == "refuted"
