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
