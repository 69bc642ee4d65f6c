"""Names that nothing introduces are read by their use (W x with W in R^{m x d}: x is in R^d): right lines are proved,
and what depends on such a guess is never called wrong."""

from __future__ import annotations

from pathlib import Path

from derivcheck.checking.papers import Outcome, Request, check_file

NETWORK = r"Let $W \in \mathbb{R}^{m \times d}$, $z = W x + b$ and $J = \|z\|^2$. "


def checked(tmp_path: Path, text: str) -> Outcome:
    file = tmp_path / "notes.md"
    file.write_text(text, encoding="utf-8")
    return check_file(Request(str(file)))


def words(outcome: Outcome) -> list[str]:
    return [line.verdict.word for part in outcome.report.parts for line in part.lines]


def test_a_right_line_is_proved(tmp_path: Path) -> None:
    outcome = checked(tmp_path, NETWORK + r"So $\frac{\partial J}{\partial W} = 2 z x^\top$.")
    assert words(outcome)[-1] == "proved"


def test_a_wrong_line_goes_to_a_person(tmp_path: Path) -> None:
    outcome = checked(tmp_path, NETWORK + r"So $\frac{\partial J}{\partial W} = z x^\top$.")
    assert words(outcome)[-1] == "undecided"


def test_what_is_declared_wins(tmp_path: Path) -> None:
    said = r"Here $x \in \mathbb{R}^d$ and $b \in \mathbb{R}^m$. "
    text = NETWORK + said + r"So $\frac{\partial J}{\partial W} = z x^\top$."
    assert words(checked(tmp_path, text))[-1] == "refuted"


def test_a_value_that_is_given_later_is_not_meant_before(tmp_path: Path) -> None:
    text = r"""Let $W \in \mathbb{R}^{h \times d}$.

$$z = W x + b$$

$$\|z\| \le \|W\| \|x\|$$

Let $b = 0$."""
    assert words(checked(tmp_path, text))[2] == "undecided"
