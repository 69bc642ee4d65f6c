"""An earlier result that is wrong, rightly used later, costs no marks later."""

from __future__ import annotations

from derivcheck.checking.papers import Request, check_file

PROBLEM = r"""
title: Mean and scale
given: |
  a, b \in \mathbb{R}
  a > 0
parts:
  mean:
    ask: Find $m$, the mean of $a$ and $b$.
    find: m
    in: a, b
    answer: \frac{a + b}{2}
    points: 2
  square:
    ask: Find the square $v$ of that mean.
    find: v
    in: a, b
    answer: \frac{(a + b)^2}{4}
    points: 3
    from:
      - part: mine/p-mean
        as: m
        answer: m^2
"""
PAPER = 'title: P\nparts:\n  Problem 1: mine/p-mean\n  Problem 2: mine/p-square\n'


def verdicts(tmp_path, first: str, second: str):
    (tmp_path / "mine").mkdir()
    (tmp_path / "assignments").mkdir()
    (tmp_path / "mine" / "p.yaml").write_text(PROBLEM, encoding="utf-8")
    (tmp_path / "assignments" / "paper.yaml").write_text(PAPER, encoding="utf-8")
    answer = tmp_path / "answer.md"
    answer.write_text(f"## Problem 1\n\n$$m = {first}$$\n\n## Problem 2\n\n$$v = {second}$$\n", encoding="utf-8")
    report = check_file(Request(str(answer), assignment="paper", bank=tmp_path)).report
    return [(part.verdict, part.earned, [f.code for f in part.findings]) for part in report.parts]


def test_right_use_of_a_wrong_result(tmp_path):
    first, second = verdicts(tmp_path, "a + b", "(a + b)^2")
    assert first[0] == "wrong"
    assert second == ("partial", 3, ["carried-forward"])


def test_wrong_use_of_a_wrong_result(tmp_path):
    first, second = verdicts(tmp_path, "a + b", "2 (a + b)")
    assert (first[0], second[0], second[1]) == ("wrong", "wrong", 0)


def test_right_after_all(tmp_path):
    first, second = verdicts(tmp_path, "a + b", r"\frac{(a + b)^2}{4}")
    assert (first[0], second[0]) == ("wrong", "correct")
