"""Document noise says the same: a right line under it stays right, a slip under it is found."""

from __future__ import annotations

import random

import pytest

from benchmarks.noise import judged, outcome, paper
from derivcheck.checking.verifying import verify_claim
from derivcheck.variants import noise
from derivcheck.variants.noise import Answered, Piece

GIVEN = (r"A \in \mathbb{R}^{n \times n}", r"x \in \mathbb{R}^n", r"f = x^\top A x", r"s = \operatorname{tr}(A)")
RIGHT = r"\nabla_x f - \frac{1}{2} s \cdot x = (A + A^{\top}) x - \frac{1}{2} \operatorname{tr}(A) \cdot x"
KEPT = [name for name in (*noise.FORMULA, *noise.DISPLAY) if name != "transposes misread"]  # that is for scans


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("seed", range(3))
def test_a_line_under_noise(name: str, seed: int) -> None:
    change = {**noise.FORMULA, **noise.DISPLAY}[name]
    text = change(RIGHT, random.Random(seed))
    assert text != RIGHT and verify_claim(text, GIVEN).verdict == "proved", text
    slip = change(RIGHT.replace("A + A", "A - A"), random.Random(seed))
    assert verify_claim(slip, GIVEN).verdict == "refuted", slip


def test_prose_is_changed_and_formulas_in_it_are_not() -> None:
    answered = Answered("1", "", (Piece("prose", r"This definition of $f_{i}$ is sufficient."),))
    made = noise.changed(answered, ("ligatures",), random.Random(0))
    assert made.pieces[0].text == r"This deﬁnition of $f_{i}$ is suﬃcient."


def test_a_file_in_every_format() -> None:
    parts = [Answered("2b", "", (Piece("prose", "**So** we get"), Piece("formula", "a = b")))]
    texts = {format: noise.write(parts, format, "Problem 2(b)", "bold", random.Random(1)) for format in noise.FORMATS}
    assert texts["text"].startswith("Problem 2(b)\n\n**So** we get")
    assert texts["markdown"].startswith("**Problem 2(b)**")
    assert r"\textbf{Problem 2(b)}" in texts["tex"] and r"\textbf{So} we get" in texts["tex"]
    assert '"cell_type": "markdown"' in texts["notebook"]


def test_a_paper_is_made_again_from_its_number(tmp_path) -> None:
    one = paper(3, seed=0)
    assert one == paper(3, seed=0) and one.text != paper(4, seed=0).text
    assert all(outcome(report) != "accused" for report in judged(one, tmp_path))
