"""`problems test` looks at the problem too: its reference, slips in it, symbols without a use."""

from __future__ import annotations

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
