"""Problem files to values, and what is said of files that are not right. Each case is a whole small file."""

from __future__ import annotations

import textwrap

import pytest

from derivcheck.problems.loading import load_problem, read_assignment, read_problem
from derivcheck.problems.template import template


def problem(text: str):
    found, findings = read_problem(textwrap.dedent(text), "topic/name", "p.yaml")
    return found, findings


GOOD = r"""
    title: Slope of a square
    given: |
      x \in \mathbb{R}
      f = x^2
    ask: What is the slope?
    find: \frac{\partial f}{\partial x}
    answer: 2 x
    points: 2.5
    correct:
      - x + x
    wrong:
      - answer: x
        points: 1
        hint: how many factors does a square have?
      - |
        f = x \cdot x
        \frac{\partial f}{\partial x} = x + 1   % wrong: unequal-step
"""


def test_one_part_takes_the_files_id():
    found, findings = problem(GOOD)
    assert findings == ()
    assert found is not None
    (part,) = found.parts
    assert (part.id, part.kind, part.points) == ("topic/name", "expression", 2.5)
    assert [line.text for line in part.given] == [r"x \in \mathbb{R}", "f = x^2"]
    assert [entry.points for entry in part.of("wrong")] == [1, None]


def test_every_line_knows_its_place():
    found, _ = problem(GOOD)
    assert found is not None
    second = found.parts[0].given[1]
    assert (second.line, second.column) == (5, 3)
    hint = found.parts[0].of("wrong")[0].hint
    assert hint is not None and (hint.line, hint.column) == (15, 11)


def test_marks_leave_the_text_and_keep_their_line():
    found, _ = problem(GOOD)
    assert found is not None
    slip = found.parts[0].of("wrong")[1]
    assert [(mark.line, mark.code) for mark in slip.marks] == [(2, "unequal-step")]
    assert slip.text.text.splitlines()[1] == r"\frac{\partial f}{\partial x} = x + 1"


def test_parts_share_the_givens_and_add_their_own():
    found, findings = problem(
        r"""
        title: Two questions
        points: 3
        given: x > 0
        parts:
          first:
            ask: One?
            find: \log x
            answer: \log x
          second:
            given: y > 0
            ask: Two?
            points: 1
            show: \log (x y) = \log x + \log y
        """
    )
    assert findings == () and found is not None
    first, second = found.parts
    assert (first.id, first.points, len(first.given)) == ("topic/name-first", 3, 1)
    assert (second.id, second.points, len(second.given), second.kind) == ("topic/name-second", 1, 2, "chain")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ("answer: true", "truth"),
        ("answer: No", "truth"),
        ("answer: O(n^2)", "asymptotic"),
        (r"answer: \mathcal{O}(n)", "asymptotic"),
        ("answer: '12'", "value"),
        ("find: x\nanswer: 2", "expression"),
        ("find: x\nanswer: 2\nrelation: \\le", "bound"),
        ("find: s\nrequires: s > 0", "property"),
        ("sums: true", "consistency"),
        ("source: a book", "manual"),
    ],
)
def test_the_kind_follows_from_the_fields(fields: str, kind: str):
    found, findings = read_problem(f"ask: What?\n{fields}\n", "a/b")
    assert found is not None and found.parts[0].kind == kind, findings


BAD = {
    "unknown key": ("asc: What?\n", "unknown-key", 1, "did you mean `ask`?"),
    "swallowed escape": ('ask: What?\nanswer: "\\top"\n', "swallowed-escape", 2, "single quotes"),
    "escape unknown to YAML": ('ask: What?\nanswer: "\\mu"\n', "swallowed-escape", 2, "single quotes"),
    "key twice": ("ask: What?\npoints: 1\npoints: 2\n", "duplicate-key", 3, ""),
    "not YAML": ("ask: [What\n", "yaml-syntax", 1, "quotes"),
    "a colon in a text": ("title: Loss: the gradient\nask: What?\n", "yaml-syntax", 1, "single quotes"),
    "an open quote": ("title: T\nask: What?\nanswer: 'x^2\npoints: 2\n", "yaml-syntax", 3, "quotes"),
    "a bar at the beginning": ("ask: What?\nanswer: |v|^2\n", "yaml-syntax", 2, "single quotes"),
    "a tab": ("ask: What?\n\tpoints: 1\n", "yaml-syntax", 2, "spaces"),
    "a minus that begins a list": ("ask: What?\nanswer: - x\n", "yaml-syntax", 2, "quotes"),
    "givens without a bar": ("given:\n  x > 0\n  y > 0\nask: What?\n", "joined-lines", 2, "`given: |`"),
    "a misspelt kind": ("ask: What?\nkind: expresion\n", "wrong-type", 2, "did you mean `expression`"),
    "a formula without what it answers": ("ask: What?\nanswer: X w - y\n", "missing-key", 2, "`find:`"),
    "no mapping": ("- a\n- b\n", "yaml-syntax", 1, "title"),
    "points that are no number": ("ask: What?\npoints: many\n", "wrong-type", 2, ""),
    "a list for a text": ("ask:\n  - What?\n", "wrong-type", 2, ""),
    "nothing asked": ("title: T\n", "missing-key", 1, ""),
    "unknown kind": ("ask: What?\nkind: essay\n", "wrong-type", 2, ""),
    "too many points": ("ask: What?\nfind: x\nwrong:\n  - answer: y\n    points: 2\n", "too-many-points", 4, ""),
    "an entry without an answer": ("ask: What?\nfind: x\nwrong:\n  - points: 1\n", "missing-key", 4, ""),
    "an unknown key of an entry": (
        "ask: What?\nfind: x\nwrong:\n  - answer: y\n    hnt: z\n", "unknown-key", 5, "did you mean `hint`?",
    ),
    "a hint with the answer": (
        "ask: What?\nfind: x\nanswer: \\mu^\\top \\mu\npoints: 2\nwrong:\n"
        "  - answer: d\n    hint: it is $\\mu^{\\top}\\mu$ of course\n",
        "hint-gives-answer", 7, "",
    ),
    "a hint that is the answer": (
        "ask: What?\nfind: x\nanswer: 2\npoints: 2\nwrong:\n  - answer: d\n    hint: try $2$\n",
        "hint-gives-answer", 7, "",
    ),
    "a part's key at the head": ("find: x\nparts:\n  a:\n    ask: What?\n", "misplaced-key", 1, "parts"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_not_right_is_told_so(case: str):
    text, code, line, help = BAD[case]
    _, findings = read_problem(text, "a/b", "p.yaml")
    found = [f for f in findings if f.code == code]
    assert found, findings
    assert found[0].line == line and found[0].file == "p.yaml" and found[0].column >= 1
    assert help in found[0].help


def test_other_right_answers_are_texts_or_mappings():
    text = "ask: How many?\nanswer: 12\nor:\n  - twelve\n  - answer: 16\n    when: self-loops count\n"
    found, findings = read_problem(text, "a/b")
    assert found is not None and findings == ()
    assert [(a.answer.text, a.when is None) for a in found.parts[0].alternatives] == [("twelve", True), ("16", False)]


def test_a_hint_may_use_a_letter_of_the_answer():
    text = "ask: What?\nfind: x\nanswer: 2 d\npoints: 2\nwrong:\n  - answer: d\n    hint: sum over the $d$ entries\n"
    assert read_problem(text, "a/b")[1] == ()


def test_a_file_that_is_not_there_is_a_finding(tmp_path):
    found, findings = load_problem(tmp_path / "none.yaml")
    assert found is None and findings[0].code == "no-file"


def test_a_file_that_is_not_text_is_a_finding(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xff\xfe\x00\x80")
    assert load_problem(path)[1][0].code == "not-text"


def test_aliases_that_contain_themselves_do_not_hang():
    found, findings = read_problem("a: &x [*x]\n", "a/b")
    assert found is None and findings


def test_the_template_is_a_right_problem():
    found, findings = read_problem(template("topic/name", "topic/name.yaml"), "topic/name")
    assert findings == () and found is not None and found.parts[0].kind == "expression"


def test_an_assignment_in_three_ways():
    paper, findings = read_assignment(
        textwrap.dedent(
            """
            title: Week one
            parts:
              "1": a/b
              "2":
                - a/c
                - {problem: a/d, points: 3}
              Second half:
                "1": a/e
            """
        ),
        "week",
    )
    assert findings == () and paper is not None
    assert [(i.label, i.problem, i.points, i.section) for i in paper.items] == [
        ("1", "a/b", None, ""),
        ("2", "a/c", None, ""),
        ("2", "a/d", 3, ""),
        ("1", "a/e", None, "Second half"),
    ]


def test_an_assignment_with_a_mistyped_key():
    _, findings = read_assignment('title: T\npars:\n  "1": a/b\n', "week")
    assert findings[0].code == "unknown-key" and "`parts`" in findings[0].help
