"""Right answers as documents have them: conditions put in words, broken words, regimes of the question, formulas that
stand alone in the text. None is accused; a slip in the same dress is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.checking.results import PartReport
from tests.checked import outcome_of


def checked(text: str, problem: str, name: str = "a.md") -> PartReport:
    return outcome_of(text, problem, name=name).report.parts[0]


RIGHT = [
    ("gru/update-one-reset-zero", "No. Put $z_t = 1$ and $r_t = 0$. Then the old state is gone."),
    ("lstm/forget-zero", "False. Even at $f_t = 0$ we have $c_t = i_t \\circ \\tilde{c}_t$, made of $h_{t-1}$."),
    ("transformer/encoder-complexity", "$O(M^2 k + M k^2) = O(M^2 k)$, as $M > k$."),
    ("transformer/cross-complexity", "$O(N k^2 + M k^2 + M N k) = O(M N k)$ for $M, N > k$."),
    ("bptt/shape-hidden-input", "In denomi-\nnator layout it is $p \\times (n \\times m)$."),
    ("bptt/shape-loss-output", "$\\frac{\\partial L}{\\partial O} \\in \\mathbb{R}^{n \\times m}$"),
    ("prompting/worked-sums", "The example $1234567 + 1234567 \\,= 2469134$ shows it."),
    ("bptt/shape-output-hidden", "$\\displaystyle n \\times m \\times n \\times m $"),
    ("bptt/shape-hidden-input", "A Jacobian with $nm$ rows  and $p$ columns."),
    ("transformer/encoder-dependence", "#### Problem 2 (b)\n\nThey do not, as the encoder is run once."),
    ("transformer/encoder-dependence", "2b)\n\nThey do not, as the encoder is run once."),
    ("convolution/sizes-stride", "14\n\nPage 3 of 7"),
    ("attention/dot-mean", "$\\mathbb{E}[q^\\top k] \\quad = \\quad \\sum_i \\mu_i^2$\n\n$= \\|\\mu\\|^2$"),
    ("attention/dot-mean", "\\begin{array} { r l } { \\mathbb{E}[q^\\top k] } & { = \\sum_i \\mu_i^2 } \\end{array}"),
]


@pytest.mark.parametrize(("problem", "text"), RIGHT, ids=[f"{k} {problem}" for k, (problem, _) in enumerate(RIGHT)])
def test_nobody_right_is_accused(problem: str, text: str, tmp_path: Path) -> None:
    report = checked(text if "$" in text or "\\" not in text else f"$${text}$$", problem, tmp_path)
    assert report.verdict == "correct", report.reason
    assert not [f.message for f in report.findings if f.severity == "error"]


WRONG = [
    ("attention/dot-mean", "Indeed $\\boxed{\\mathbb{E}[q^\\top k] = d \\|\\mu\\|^2}$ holds here."),
    ("attention/dot-mean", "$\\mathbb{E}[q^\\top k] \\quad = \\quad \\sum_i \\mu_i^2$\n\n$= d \\|\\mu\\|^2$"),
    ("attention/dot-mean", "$$\\begin{array}{rl} \\mathbb{E}[q^\\top k] &= d \\sum_i \\mu_i^2 \\end{array}$$"),
    ("transformer/encoder-complexity", "$O(M^2 k + M k^2) = O(M k^2)$, as $M > k$."),
]


@pytest.mark.parametrize(("problem", "text"), WRONG)
def test_a_slip_in_the_same_dress_is_found(problem: str, text: str, tmp_path: Path) -> None:
    report = checked(text, problem, tmp_path)
    assert report.verdict != "correct"
    assert [f.severity for f in report.findings] == ["error"]
