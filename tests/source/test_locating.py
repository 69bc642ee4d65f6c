"""Which blocks answer which part: papers of our own, in many dresses, and the two answered papers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derivcheck.source.document import read_document
from derivcheck.source.labels import label_match, path_of, read_label
from derivcheck.source.locating import Located, PartSpec, locate

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

ASKS = {
    "1": "Give the gradient of $f(x) = x^\\top A x$ with respect to $x$.",
    "2(a)": "Show that the trace satisfies $\\operatorname{tr}(AB) = \\operatorname{tr}(BA)$.",
    "2(b)": "(True/False) The determinant obeys $\\det(-A) = -\\det A$.",
    "3": "Bound the norm $\\|W h\\|$ of the hidden state.",
}
PARTS = [PartSpec(label, label, ask, tuple(re.findall(r"\$(.+?)\$", ask))) for label, ask in ASKS.items()]


def answers(text: str, parts: list[PartSpec] = PARTS, name: str = "a.md") -> dict[str, str]:
    """What stands in each part's answer: the last word of each of its paragraphs."""
    document = read_document(text, name)
    located = locate(document, parts)
    return {
        part.id: " ".join(
            word for block in located.blocks(part.id, document) for word in re.findall(r"\bans\w+\b", block.text)
        )
        for part in parts
    }


EXPECTED = {"1": "ansone", "2(a)": "anstwoa", "2(b)": "anstwob", "3": "ansthree"}

DRESSES = {
    "question headings": """
# Question 1
ansone here
# Question 2
(a) anstwoa here

(b) anstwob here
# Question 3
ansthree here
""",
    "answers announced after printed questions": """
Question 1 (4 points)

Give the gradient of $f(x) = x^\\top A x$ with respect to $x$.

Answer to Question 1

ansone

Question 2

(a) (3 points) Show that the trace satisfies $\\operatorname{tr}(AB) = \\operatorname{tr}(BA)$.

Answer to Question 2 (a)

anstwoa

(b) (True/False) The determinant obeys $\\det(-A) = -\\det A$.

Answer to Question 2 (b)

anstwob

Question 3

Bound the norm $\\|W h\\|$ of the hidden state.

Answer to Question 3

ansthree
""",
    "bold, tight": "**1)** ansone\n\n**2a)** anstwoa\n\n**2b)** anstwob\n\n**3)** ansthree",
    "letters as numbers": """
## Problem 1
ansone
## Problem 2
1. anstwoa
2. anstwob
## Problem 3
ansthree
""",
    "numbered steps inside": """
## Problem 1
1. first step
2. second step ansone
## Problem 2
(a) We go in steps.

1. expand
2. collect anstwoa

(b) anstwob
## Problem 3
ansthree
""",
    "sheet first, solutions after": """
## 1.1 Problem 1
### 1.1.1 Description
Give the gradient of $f(x) = x^\\top A x$ with respect to $x$.
### 1.1.2 Solution
ansone
## 1.2 Problem 2
### 1.2.1 Description
- (a) Show that the trace satisfies $\\operatorname{tr}(AB) = \\operatorname{tr}(BA)$.
- (b) (True/False) The determinant obeys $\\det(-A) = -\\det A$.
### 1.2.2 Solution
1. anstwoa
2. anstwob
## 1.3 Problem 3
### 1.3.1 Description
Bound the norm $\\|W h\\|$ of the hidden state.
### 1.3.2 Solution
ansthree
""",
    "bold, without a dot": "**1**\nansone\n\n**2(a)** anstwoa\n\n**2(b)**\nanstwob\n\n**3**\nansthree",
    "answers": "Answer to 1:\nansone\n\nAnswer to 2(a)\nanstwoa\n\nSolution 2b:\nanstwob\n\n**Solution 3:** ansthree",
    "in German": "# Aufgabe 1\nansone\n\n# Aufgabe 2 a)\nanstwoa\n\n# Aufgabe 2 b)\nanstwob\n\n# Aufgabe 3\nansthree",
    "short names": "Q1. ansone\n\nQ2. (a) anstwoa\n\nQ2. (b) anstwob\n\nQ3. ansthree",
    "a recap at the end": """
# Problem 1
ansone
# Problem 2
(a) anstwoa

(b) anstwob
# Problem 3
ansthree

Summary of answers:

- (a) ansrecap
- (b) ansrecap
""",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_every_dress(dress: str) -> None:
    assert answers(DRESSES[dress]) == EXPECTED


TEX = r"""
\begin{document}
\section*{Problem 1} ansone
\section*{Problem 2}
\begin{enumerate}[label=(\alph*)]
\item anstwoa
\item anstwob
\end{enumerate}
\section*{Problem 3}
ansthree
\end{document}
"""


def test_tex() -> None:
    assert answers(TEX, name="a.tex") == EXPECTED


def test_a_missing_part_is_missing_and_others_stay() -> None:
    assert answers("# Problem 1\nansone\n# Problem 3\nansthree") == {**EXPECTED, "2(a)": "", "2(b)": ""}


def test_a_single_part_without_labels_takes_the_whole_paper() -> None:
    text = f"{ASKS['1']}\n\nWe expand: anseone\n\n$$g = 2 A x$$\n\nansdone"
    assert answers(text, PARTS[:1]) == {"1": "anseone ansdone"}


def test_parts_that_share_a_label() -> None:
    parts = [PartSpec("x", "1", "the trace"), PartSpec("y", "1", "the determinant"), PartSpec("z", "2", "norm")]
    assert answers("1. ansa\n\nansb\n\n2. ansc", parts) == {"x": "ansa ansb", "y": "ansa ansb", "z": "ansc"}


def test_what_belongs_to_no_part_is_listed() -> None:
    document = read_document("# Problem 1\nansone\n# Problem 9\nsomething else entirely", "a.md")
    located = locate(document, PARTS)
    assert [document.blocks[index].text for index in located.unassigned] == ["something else entirely"]


def test_no_label_at_all_is_left_to_a_person() -> None:
    document = read_document("First I did this.\n\nThen I did that: $x = 1$.", "a.md")
    located = locate(document, PARTS)
    assert not any(answer.found for answer in located.answers)
    assert len(located.unassigned) == 2


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("1", ("1",)),
        ("2(a)", ("2", "a")),
        ("Question 2 (a)", ("2", "a")),
        ("Problem 6 (b)", ("6", "b")),
        ("Problem 7(3)(c)", ("7", "3", "c")),
        ("Q2(c)", ("2", "c")),
        ("Part 1", ("1",)),
        ("4.1", ("4", "1")),
    ],
)
def test_labels_of_assignments(label: str, path: tuple[str, ...]) -> None:
    assert path_of(label) == path


@pytest.mark.parametrize(
    ("text", "atoms"),
    [
        ("Question 2 (a)", ("2", "a")),
        ("Answer to Question 4 (1)", ("4", "1")),
        ("Q2. In context", ("2",)),
        ("1.6 Problem 6", ("6",)),
        ("Problem 2b: norms", ("2", "b")),
        ("(ii) the second", ("ii",)),
        ("a. the first", ("a",)),
        ("3) third", ("3",)),
        ("2a) mixed", ("2", "a")),
        ("Exercise 3.", ("3",)),
        ("**6(a)** bold", ("6", "a")),
        ("**2(1):** bold", ("2", "1")),
        ("**3**\nbold, on its own line", ("3",)),
        ("Answer to 2(b):", ("2", "b")),
        ("Solution 6a:\nbelow", ("6", "a")),
        ("Aufgabe 2 a) auf Deutsch", ("2", "a")),
        ("Lösung zu 4", ("4",)),
        ("**12** edges", None),
        ("**3.125**", None),
        ("**0.5** is the slope", None),
        ("Answer: 12", None),
        ("Answer 12 edges", None),
        ("Solution 2 is wrong", None),
        ("Problem Description and Solution", None),
        ("Part of the answer is this", None),
        ("In 2024 we saw", None),
        ("A matrix is symmetric", None),
    ],
)
def test_labels_of_papers(text: str, atoms: tuple[str, ...] | None) -> None:
    label = read_label(read_document(text, "a.md").blocks[0])
    assert (label.atoms if label else None) == atoms


def test_how_well_labels_fit() -> None:
    assert label_match(("2", "a"), ("2", "a")) == 1
    assert label_match(("2", "a"), ("a",)) > label_match(("2", "a"), ("2", "1")) > label_match(("2", "a"), ("2", "b"))


def located_lines(name: str, parts: list[PartSpec]) -> tuple[Located, dict[str, tuple[int, int]]]:
    document = read_document(next(SEEDS.glob(f"{name}*")))
    located = locate(document, parts)
    first_last = {
        answer.part: (
            document.position(document.blocks[answer.blocks[0]].span.start).line,
            document.position(document.blocks[answer.blocks[-1]].span.start).line,
        )
        for answer in located.answers
        if answer.blocks
    }
    return located, first_last


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared papers are not here")
def test_the_lab_report_by_labels_alone() -> None:
    labels = ["1", "2(a)", "2(b)", "2(c)", "3(a)", "3(b)", "3(c)", "3(d)", "4(a)", "4(b)", "5(a)", "5(b)"]
    labels += ["6(a)", "6(b)", "6(c)", "6(d)", "7(1)", "7(2)", "7(3)(a)", "7(3)(b)", "7(3)(c)", "7(4)"]
    located, lines = located_lines("003", [PartSpec(label, f"Problem {label}") for label in labels])
    assert lines["2(a)"][1] == 132 and lines["3(d)"] == (241, 246) and lines["5(a)"][1] == 379
    assert lines["6(b)"][1] == 473 and lines["6(c)"] == (475, 493) and lines["7(3)(c)"][1] == 657
    assert lines["7(4)"][1] == 711 and len(lines) == len(labels) and located.unassigned == ()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared papers are not here")
def test_the_homework_under_sections() -> None:
    first = [PartSpec(label, label, section="RNN Derivatives") for label in ("1", "2(a)", "2(b)", "3")]
    second = [PartSpec(f"norm {label}", label, section="Bounding Gradient Norm") for label in ("1", "2")]
    _, lines = located_lines("000", [*first, *second])
    assert lines["2(a)"] == (32, 41) and lines["2(b)"] == (45, 49) and lines["3"] == (55, 63)
    assert lines["norm 1"] == (73, 85) and lines["norm 2"] == (91, 108)


def test_answers_out_of_order_are_found_by_their_labels() -> None:
    text = "## Problem 3\nansthree\n\n## Problem 2\n\n2 (b). anstwob\n\n2 (a). anstwoa\n\n## Problem 1\nansone"
    assert answers(text) == EXPECTED


def test_a_label_on_a_line_of_its_own() -> None:
    text = "1)\n\nansone\n\n2 (a).\n\nanstwoa\n\n2 (b).\n\nanstwob\n\n3)\n\nansthree"
    assert answers(text) == EXPECTED


def test_a_formula_of_the_letters_asked_for_is_an_answer() -> None:
    part = PartSpec("1", "1", "Show that $f(x) + f(-x) = 1$ with $f(x) = \\frac{1}{1 + e^{-x}}$.")
    document = read_document("$$f(x) + f(-x) = \\frac{1}{1 + e^{-x}} + \\frac{1}{1 + e^x}$$\n\n$$= 1$$", "a.md")
    assert [block.text for block in locate(document, [part]).blocks("1", document)] == [
        "f(x) + f(-x) = \\frac{1}{1 + e^{-x}} + \\frac{1}{1 + e^x}", "= 1",
    ]  # fmt: skip


def test_a_word_broken_over_two_lines_is_one() -> None:
    (block,) = read_document("In denomi-\nnator layout, with self-\nloops.", "a.md").blocks
    assert block.prose == "In denominator layout, with self-loops."


@pytest.mark.parametrize("label", ["Problem 2(a)", "2a)", "(a)", "Problem 2(a)\n\nSolution."])
def test_a_number_under_a_label_is_no_page_number(label: str) -> None:
    blocks = read_document(f"Problem 1\n\nansone\n\n3\n\n{label}\n\n14\n", "a.txt").blocks
    assert [(b.text, b.kind) for b in blocks if b.text.isdigit()] == [("3", "furniture"), ("14", "paragraph")]


FOUR = [PartSpec(f"2({k})", f"Question 2({k})", f"What is the shape of {k}?", ()) for k in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "text",
    [
        "**Q2**\n(1) ansone\n(2) anstwo\n(3) ansthree\n(4) ansfour\n",  # no blank lines, no full stops
        "**Q2**\n1) ansone\n2) anstwo\n3) ansthree\n4) ansfour\n",
        "**Q2** (1) ansone (2) anstwo (3) ansthree (4) ansfour\n",  # all in one line
        "**Q2**: (1) ansone; (2) anstwo; (3) ansthree; (4) ansfour\n",
        "## Q2\n1) ansone, 2) anstwo, 3) ansthree, 4) ansfour\n",
        "Q2 (1): ansone\nQ2 (2): anstwo\nQ2 (3): ansthree\nQ2 (4): ansfour\n",
    ],
)
def test_short_answers_one_after_another(text: str) -> None:
    assert answers(text, FOUR) == {"2(1)": "ansone", "2(2)": "anstwo", "2(3)": "ansthree", "2(4)": "ansfour"}


def test_parts_that_a_sentence_speaks_of_are_no_labels() -> None:
    text = "## Q2\n(1) ansone follows from (2) and (3), as in (4) of the sheet.\n"
    assert answers(text, FOUR)["2(1)"] == "ansone"
    assert [answers(text, FOUR)[id] for id in ("2(2)", "2(3)", "2(4)")] == ["", "", ""]


@pytest.mark.parametrize("dress", ["**({})** $$x_{{{}}}$$", "({}) $$x_{{{}}}$$", "**({})**\n\n$$x_{{{}}}$$"])
def test_a_label_before_a_display_is_no_number_of_the_display_before(dress: str) -> None:
    parts = [PartSpec(label, label, "What is $x$?", ()) for label in ("2(a)", "2(b)", "3")]
    text = "\n\n".join(["# Answers", *(dress.format(label, n) for n, label in enumerate(("2a", "2b", "3"), 1))])
    document = read_document(text, "a.md")
    located = locate(document, parts)
    found = {part.id: [f.latex for b in located.blocks(part.id, document) for f in b.formulas] for part in parts}
    assert found == {"2(a)": ["x_{1}"], "2(b)": ["x_{2}"], "3": ["x_{3}"]}


def test_the_number_of_an_equation_is_no_label() -> None:
    document = read_document("# 1\n\n$$ansone$$ (2)\n\n$$y$$\n\n(3)\n\nand so on\n", "a.md")
    assert [block.kind for block in document.blocks].count("furniture") == 2


def test_a_section_in_words_of_the_students_own() -> None:
    of = [(s, n) for s in ("Rules", "Norm bounds") for n in (1, 2)]
    parts = [PartSpec(f"{s}{n}", str(n), "What is $x$?", (), section=s) for s, n in of]
    text = "## Rules\n\n**(1)** ansone\n\n**(2)** anstwo\n\n## Bounds\n\n1. ansthree\n2. ansfour\n"
    assert list(answers(text, parts).values()) == ["ansone", "anstwo", "ansthree", "ansfour"]
