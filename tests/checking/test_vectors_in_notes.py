"""Data points and parameters that nobody declares: what is transposed, or stands in a norm, is a vector; `x^{(i)}`
and `x_i` that are summed over are families. Right lines are proved for every length, none is refuted on the guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck.checking.papers import Request, check_file
from derivcheck.checking.verifying import verify_claim

SQUARES = r"""
$$J(\theta) = \sum_{i=1}^m (\theta^T x^{(i)} - y^{(i)})^2$$

$$\nabla_\theta J(\theta) = 2 \sum_{i=1}^m (\theta^T x^{(i)} - y^{(i)}) x^{(i)}$$
"""
MARGIN = r"""
$$L(w, b, \alpha) = \frac12 \|w\|^2 - \sum_{i=1}^n \alpha_i \left(t_i (w^\top x_i + b) - 1\right)$$

$$\nabla_w L = w - \sum_{i=1}^n \alpha_i t_i x_i$$

$$\frac{\partial L}{\partial b} = -\sum_{i=1}^n \alpha_i t_i$$
"""
CLUSTERS = r"""
$$D = \sum_{n=1}^N \sum_{k=1}^K r_{nk} \|x_n - \mu_k\|^2$$

$$D = \sum_{n=1}^N \sum_{k=1}^K \sum_{i=1}^I r_{nk} (x_{ni} - \mu_{ki})^2$$

$$\frac{\partial D}{\partial \mu_k} = -2 \sum_{n=1}^N r_{nk} (x_n - \mu_k)$$
"""
NORMAL = r"""
$$\|y - Xw\|^2 = y^\top y - 2 w^\top X^\top y + w^\top X^\top X w$$

$$\nabla_w \|y - Xw\|^2 = -2 X^\top (y - Xw)$$
"""
FORM = r"""
$$f(w) = w^\top A w$$

$$\nabla f = (A + A^\top) w$$
"""
WORDS = r"""
$$J = -\log \frac{\exp(u_o^\top v_c)}{\sum_{w \in V} \exp(u_w^\top v_c)}$$

$$J = -u_o^\top v_c + \log \sum_{w \in V} e^{u_w^\top v_c}$$

$$\frac{\partial J}{\partial v_c} = -u_o + \frac{\sum_{w \in V} e^{u_w^\top v_c} u_w}{\sum_{w \in V} e^{u_w^\top v_c}}$$
"""


def words(folder: Path, text: str) -> list[str]:
    (folder / "notes.md").write_text(text, encoding="utf-8")
    report = check_file(Request(str(folder / "notes.md"))).report
    return [line.verdict.word for part in report.parts for line in part.lines]


@pytest.mark.parametrize("text", [SQUARES, MARGIN, CLUSTERS, NORMAL, FORM, WORDS], ids=lambda text: text[3:12])
def test_a_derivation_that_declares_nothing(tmp_path: Path, text: str) -> None:
    assert set(words(tmp_path, text)) == {"proved"}


@pytest.mark.parametrize("claim", [
    r"\|a - b\|^2 = \|a\|^2 - 2 a^\top b + \|b\|^2",
    r"u^\top (G_1 + G_2) u = u^\top G_1 u + u^\top G_2 u",
    r"\sum_i \|x_i - c\|^2 = \sum_i \|x_i\|^2 - 2 c^\top \sum_i x_i + \sum_i \|c\|^2",
    r"\sum_{i=1}^m (w^\top x^{(i)})^2 = w^\top \left(\sum_{i=1}^m x^{(i)} x^{(i)\top}\right) w",
    r"\sum_{i=1}^m \|x^{(i)}\|^2 = \sum_{i=1}^m \sum_j x_j^{(i)2}",
])  # fmt: skip
def test_proved_for_every_length(tmp_path: Path, claim: str) -> None:
    assert words(tmp_path, f"$${claim}$$\n") == ["proved"]


@pytest.mark.parametrize("claim", [
    r"\|a - b\|^2 = \|a\|^2 - a^\top b + \|b\|^2",
    r"\nabla_w (w^\top A w) = 2 A w",
    r"(XY)^\top = X^\top Y^\top",
    r"x x^\top y = \|x\|^2 y",
    r"\sum_{i=1}^m (y^{(i)} - w^\top x^{(i)})^2 = \sum_{i=1}^m y^{(i)} (y^{(i)} - w^\top x^{(i)})",
    r"\nabla_w \sum_{i=1}^m (w^\top x^{(i)})^2 = \sum_{i=1}^m 2 w^\top x^{(i)}",
    r"\nabla_w \|y - Xw\|^2 = 2 X^\top (y - Xw)",
])  # fmt: skip
def test_never_refuted_on_a_guess_and_never_passed(tmp_path: Path, claim: str) -> None:
    assert words(tmp_path, f"$${claim}$$\n") == ["undecided"]


def test_a_declared_label_before_a_bracket_is_a_factor() -> None:
    given = [r"y^{(i)}, z^{(i)} \in \mathbb{R} \text{ for } i = 1, \dots, m"]
    assert verify_claim(r"y^{(i)} (z^{(i)} + 1) = y^{(i)} z^{(i)} + y^{(i)}", given).verdict == "proved"
    assert verify_claim(r"y^{(i)} (z^{(i)} + 1) = y^{(i)} z^{(i)} + 1", given).verdict == "refuted"


def test_a_mark_behind_the_label_is_the_members_own() -> None:
    given = [r"x^{(i)} \in \mathbb{R}^d \text{ for } i = 1, \dots, m", r"w \in \mathbb{R}^d"]
    assert verify_claim(r"x^{(i)\top} w = w^\top x^{(i)}", given).verdict == "proved"
    assert verify_claim(r"\|x^{(i)}\|^2 = \sum_j x_j^{(i)2}", given).verdict == "proved"
    assert verify_claim(r"x^{(i)\top} w = \sum_j x_j^{(i)2}", given).verdict == "refuted"


def test_a_set_that_is_summed_over_has_a_size(tmp_path: Path) -> None:
    claim = r"\sum_{w \in V} y_w (a_w + b_w) = \sum_{w \in V} y_w a_w + \sum_{w \in V} y_w b_w"
    assert words(tmp_path, f"$${claim}$$\n") == ["proved"]
    assert words(tmp_path, f"$${claim.replace('+ b_w', '- b_w')}$$\n") == ["undecided"]


@pytest.mark.parametrize(("said", "right", "wrong"), [
    (r"Let $A$ be a symmetric matrix.", r"x^\top A y = y^\top A x", r"x^\top A y = 2 y^\top A x"),
    (r"Suppose that $A$ is symmetric.", r"\nabla_x (x^\top A x) = 2 A x", r"\nabla_x (x^\top A x) = A x"),
    (r"Let $Q$ be an orthogonal matrix.", r"\|Qx\|^2 = \|x\|^2", r"\|Qx\|^2 = 2 \|x\|^2"),
    (r"Let $A$ and $B$ be symmetric matrices.", r"(AB)^\top = BA", r"(AB)^\top = AB"),
    (r"Let $u$ be a unit vector.", r"(u u^\top)^2 = u u^\top", r"(u u^\top)^2 = 2 u u^\top"),
])  # fmt: skip
def test_words_without_a_size(tmp_path: Path, said: str, right: str, wrong: str) -> None:
    assert words(tmp_path, f"{said} Then\n\n$${right}$$\n")[-1] == "proved"
    assert words(tmp_path, f"{said} Then\n\n$${wrong}$$\n")[-1] == "undecided"


def test_a_letter_is_a_vector_in_one_line_and_a_number_in_the_next(tmp_path: Path) -> None:
    text = "Let $g(z) = \\frac{1}{1 + e^{-z}}$.\n\n$$z^\\top (H + G) z = z^\\top H z + z^\\top G z$$\n\n"
    assert words(tmp_path, text + "$$g'(z) = g(z)(1 - g(z))$$\n")[-1] == "proved"
    assert words(tmp_path, text + "$$g'(z) = g(z)(1 + g(z))$$\n")[-1] == "refuted"


def test_what_is_to_be_shown_is_not_said(tmp_path: Path) -> None:
    text = "The loss is $$J(t) = \\log g(t),$$ where $g(z)$ is the logistic function, and we have to show that $H$ is "
    lines = words(tmp_path, text + "positive semi-definite.\n\n$$J'(t) = 1 - g(t)$$\n\n$$J'(t) = g(t)$$\n")
    assert lines[-2:] == ["proved", "refuted"]


def test_another_range_in_another_section(tmp_path: Path) -> None:
    text = "# 1\n\n$$\\sum_{n=1}^N r_n (x_n - c) = \\sum_{n=1}^N r_n x_n - c \\sum_{n=1}^N r_n$$\n\n"
    assert words(tmp_path, f"{text}# 2\n\n$$p = \\prod_{{n=0}}^N f(x_n)$$\n")[0] == "proved"


def test_a_zero_with_an_arrow() -> None:
    given = [r"x \in \mathbb{R}^n"]
    assert verify_claim(r"x + \vec 0 = x", given).verdict == "proved"
    assert verify_claim(r"x = \vec 0", given).verdict == "refuted"
