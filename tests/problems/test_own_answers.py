"""Each problem's own answers come out as the problem says: a few here, all of the bank in the long sweep."""

from __future__ import annotations

import pytest

from derivcheck.problems.bank import Bank
from derivcheck.problems.commands import run_tests

FEW = ["attention/dot-mean", "gru/update-near-zero", "prompting/worked-sums", "transformer/decoder-complexity"]


@pytest.mark.parametrize("id", FEW)
def test_a_problem_tests_as_it_should(id: str):
    tested = run_tests(id)
    assert tested.entries and tested.findings == ()
    assert tested.exit_code == 0


@pytest.mark.long
@pytest.mark.parametrize("id", Bank.of().ids())
def test_the_whole_bank(id: str):
    assert run_tests(id).findings == ()


def test_a_name_that_no_given_declares(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "given: |\n  W_{hh} \\in \\mathbb{R}^{n \\times n}\nask: What?\n"
        "find: \\operatorname{tr}(W_{hh})\nanswer: \\operatorname{tr}(W_{hb})\n",
        encoding="utf-8",
    )
    tested = run_tests(str(path))
    assert [(f.code, f.line) for f in tested.findings] == [("undeclared", 5)]
    assert "W_{hh}" in tested.findings[0].help


LEAST_SQUARES = """
given: |
  X \\in \\mathbb{R}^{m \\times n}
  y \\in \\mathbb{R}^m
  w \\in \\mathbb{R}^n
  J = \\frac12 \\|X w - y\\|^2
ask: What is the gradient?
find: \\nabla_w J
in: X, w, y
answer: X^\\top (X w - y)
correct:
  - X^\\top X w - X^\\top y
wrong:
  - X^\\top (X w + y)
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "help"),
    [
        ("  w \\in \\mathbb{R}^n\n", "", 5, "nothing introduces w", r"`w \in \mathbb{R}^{n}`"),
        ("in: X, w, y", "in: X, w, z", 9, "no given declares `z`", ""),
        ("in: X, w, y", "in: X w y", 9, "no given declares `X w y`", "names stand between commas: X, w, y"),
        ("X w - y\\|", "X w - y", 6, r"the other `\|` is missing here", ""),
        ("y \\in \\mathbb{R}^m", "y_i \\in \\mathbb{R}", 6, "nothing introduces y", ""),
    ],
)
def test_one_mistake_is_one_finding(old: str, new: str, line: int, message: str, help: str, tmp_path):
    assert old in LEAST_SQUARES
    path = tmp_path / "p.yaml"
    path.write_text(LEAST_SQUARES.replace(old, new), encoding="utf-8")
    tested = run_tests(str(path))
    (found,) = tested.findings
    assert (found.line, found.message) == (line, message) and help in found.help
    assert tested.untried == 2 and "2 answers were not tried" in tested.as_text()


def test_why_an_answer_comes_out_otherwise(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(LEAST_SQUARES.replace("X^\\top X w - X^\\top y", "X^\\top X w"), encoding="utf-8")
    (found,) = run_tests(str(path)).findings
    assert (found.code, found.line) == ("unexpected-verdict", 12)
    assert found.help == "line 12: this is not what was asked"
    steps = "|\n    \\nabla_w J = X^\\top (X w - y)\n    = X^\\top X w - y X"
    path.write_text(LEAST_SQUARES.replace("X^\\top X w - X^\\top y", steps), encoding="utf-8")
    found = run_tests(str(path)).findings[0]
    assert found.line == 12 and found.help == "line 14: the shapes in this product do not fit: m and m x n"


def test_a_topic_names_its_problems():
    assert run_tests("adam").problems == 1


def test_a_given_that_cannot_be_read(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("given: |\n  x \\in \\mathbb{R}\n  y = \\frac{x\nask: What?\nkind: manual\n", encoding="utf-8")
    findings = run_tests(str(path)).findings
    assert findings and findings[0].line == 3


def test_a_wrong_answer_that_is_right_is_found(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "given: |\n  x \\in \\mathbb{R}\nask: What?\nfind: x + x\nin: x\nanswer: 2 x\nwrong:\n  - x \\cdot 2\n",
        encoding="utf-8",
    )
    tested = run_tests(str(path))
    assert [(f.code, f.line) for f in tested.findings] == [("wrong-is-right", 8)]
    assert tested.exit_code == 1 and "wrong-is-right" in tested.as_text()


def test_a_name_that_the_students_explain(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "given: |\n  x \\in \\mathbb{R}^n\nask: Choose $q$ with $q(x) = 2 x$.\nshow: q(x) = 2 x\n"
        "correct:\n  - |\n    q(u) = u + u\n    q(x) = x + x\n    = 2 x\n",
        encoding="utf-8",
    )
    assert run_tests(str(path)).findings == ()


def test_the_reason_is_said_for_every_verdict(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(
        "given: |\n  x \\in \\mathbb{R}^n\nask: What?\nfind: \\nabla_x x^\\top x\nanswer: 2 x\npoints: 1\n"
        "correct:\n  - \\nabla_x x^\\top x = \\nabla_x x^\\top x\n",
        encoding="utf-8",
    )
    (found,) = [f for f in run_tests(str(path)).findings if f.code == "unexpected-verdict"]
    assert found.message.endswith("comes out as partial (this states the question again)")
