"""`problems test` looks at the problem too: its reference, slips in it, symbols without a use."""

from __future__ import annotations

import pytest

from derivcheck.problems.commands import run_tests

PROBLEM = r"""title: Gradient
given: |
  A \in \mathbb{R}^{n \times n}
  x, z \in \mathbb{R}^n
  f = x^\top A x
ask: Find $\nabla_x f$.
find: \nabla_x f
in: A, x
answer: ANSWER
"""


def codes(tmp_path, answer: str, mutants: int = 0):
    path = tmp_path / "p.yaml"
    path.write_text(PROBLEM.replace("ANSWER", answer), encoding="utf-8")
    tested = run_tests(str(path), mutants=mutants)
    return [(f.code, f.line) for f in tested.findings], tested


def test_a_published_solution_that_forgets_the_transpose(tmp_path):
    found, tested = codes(tmp_path, r"2 A x")
    assert ("reference-differs", 9) in found and tested.exit_code == 2


def test_a_right_reference_and_its_mutants(tmp_path):
    found, tested = codes(tmp_path, r"(A + A^\top) x", mutants=6)
    assert found == [("unused-symbol", 4)]
    assert tested.trust.compared == 1 and tested.trust.mutants >= 3
    assert tested.trust.killed == tested.trust.mutants
    assert "mutants found out" in tested.as_text()


SQUARE = r"""title: Layer
given: |
  W \in \mathbb{R}^{d \times d}
  x, y \in \mathbb{R}^d
  h = W x
ask: ASK
find: \frac{\partial h}{\partial x}
answer: W
"""


def warned(tmp_path, text: str):
    path = tmp_path / "q.yaml"
    path.write_text(text, encoding="utf-8")
    found = run_tests(str(path)).findings
    return [(f.line, f.column, f.message) for f in found if f.code in ("coinciding-dimensions", "unused-symbol")]


def test_sizes_that_the_question_tells_apart(tmp_path):
    asked = r"For $W \in \mathbb{R}^{d' \times d}$ and $y$, what is $\frac{\partial h}{\partial x}$ of $h = W x$?"
    message = "`W` is square here, but d' x d in the question"
    assert warned(tmp_path, SQUARE.replace("ASK", asked)) == [(3, 3, message)]
    spoken = r"$x$ is embedded by a $d' \times d$ matrix. What is $\frac{\partial h}{\partial x}$, whatever $y$?"
    assert warned(tmp_path, SQUARE.replace("ASK", spoken)) == [
        (3, 3, "`W` is square here, but the question also speaks of the size d'")
    ]


def test_a_square_matrix_that_is_meant_so_and_a_name_without_use(tmp_path):
    asked = r"For a square $W$ give the Jacobian of $h = W x$ (any $\exp$ aside)."
    assert warned(tmp_path, SQUARE.replace("ASK", asked)) == [(4, 6, "nothing uses `y`")]


def test_a_shape_of_one_size(tmp_path):
    text = "title: Shape\nask: What shape has the matrix?\nkind: shape\nanswer: n \\times n\n"
    assert warned(tmp_path, text) == [
        (4, 9, "all sizes of the answer are n: rows and columns exchanged would not be told")
    ]


BOX = r"""title: Box
given: |
  a > 0
  GIVEN
ask: What is $2 a$?
kind: value
find: 2 a
answer: 'ANSWER'
"""


def said(tmp_path, given: str, answer: str):
    path = tmp_path / "box.yaml"
    path.write_text(BOX.replace("GIVEN", given).replace("ANSWER", answer), encoding="utf-8")
    tested = run_tests(str(path))
    return [(f.code, f.severity, f.line) for f in tested.findings], tested.trust.compared


@pytest.mark.parametrize(
    ("given", "answer", "found", "compared"),
    [
        ("a = 6", "12", [], 1),
        ("a = 6", "13", [("reference-differs", "error", 8)], 0),
        (r"a = \sqrt{2}", r"\sqrt{8}", [], 1),
        (r"a = \sqrt{2}", "2.83", [], 1),  # rounded
        (r"a = \sqrt{2}", "2.84", [("reference-differs", "error", 8)], 0),
    ],
)
def test_a_reference_that_is_a_number(tmp_path, given: str, answer: str, found: list, compared: int):
    assert said(tmp_path, given, answer) == (found, compared)


def test_givens_that_no_values_meet(tmp_path):
    assert ("unmet-givens", "warning", 4) in said(tmp_path, "a^3 + a = 1", "1.36")[0]  # no draw finds the root
    assert ("unmet-givens", "error", 4) in said(tmp_path, "a = -1", "-2")[0]
