"""Splitting a text into lines, the student's macros, and the table of notation."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from derivcheck.language.parsing.dump import dump
from derivcheck.language.parsing.macros import Macro, read_macros, strip_definitions
from derivcheck.language.parsing.notation import ROWS, SPELLINGS, shown_operator
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.parsing.splitting import split_lines
from derivcheck.language.parsing.trees import same, walk

LINES = [
    ("a = b", ["a = b"]),
    ("a = b\nc = d", ["a = b", "c = d"]),
    (r"a = b \\ = c", ["a = b", "= c"]),
    (r"a = b \\[4pt] c = d \\* e = f", ["a = b", "c = d", "e = f"]),
    ("a = b\n\n   = c\n", ["a = b", "= c"]),
    ("a =\n  b", ["a =\n  b"]),
    ("a = b +\n  c", ["a = b +\n  c"]),
    ("a = b\n  + c", ["a = b\n  + c"]),
    ("a = b\n  \\cdot c", ["a = b\n  \\cdot c"]),
    ("a = b\n  - c", ["a = b\n  - c"]),
    ("a = b\n  -c = d", ["a = b", "-c = d"]),
    ("x \\in \\mathbb{R}^+\ny > 0", ["x \\in \\mathbb{R}^+", "y > 0"]),
    ("A^*\nB", ["A^*", "B"]),
    ("a = f(x,\n y)", ["a = f(x,\n y)"]),
    ("a = 1,\nb = 2", ["a = 1,", "b = 2"]),
    ("x \\in (0, 1]\ny \\in [0, 1)", ["x \\in (0, 1]", "y \\in [0, 1)"]),
    ("x \\in ]0, 1[\ny > 0", ["x \\in ]0, 1[", "y > 0"]),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", ["a &= b", "= c"]),
    (r"\begin{align*} a &= b \\ c &= d \end{align*}", ["a &= b", "c &= d"]),
    (r"\begin{alignat}{2} a &= b \\ c &= d \end{alignat}", ["a &= b", "c &= d"]),
    (r"\begin{equation} \begin{split} a &= b \\ &\le c \end{split} \end{equation}", ["a &= b", r"\le c"]),
    (r"\begin{gather} a = b \\ c = d \end{gather}.", ["a = b", "c = d"]),
    (r"A = \begin{pmatrix} 1 \\ 2 \end{pmatrix} \\ b = c", [r"A = \begin{pmatrix} 1 \\ 2 \end{pmatrix}", "b = c"]),
    (r"\begin{aligned} f &= \begin{cases} 1 & x \\ 0 & y \end{cases} \\ g &= 2 \end{aligned}",
     [r"f &= \begin{cases} 1 & x \\ 0 & y \end{cases}", "g &= 2"]),
    (r"a &= \left( b \right. \\ & \left. + c \right)", [r"a &= \left( b \right. \\ & \left. + c \right)"]),
    (r"J = \begin{aligned} &- a \\ &+ b \end{aligned}", [r"J = \begin{aligned} &- a \\ &+ b"]),
    (r"\sum_{\substack{i \\ j}} a_{ij} \\ = b", [r"\sum_{\substack{i \\ j}} a_{ij}", "= b"]),
    ("a = b % wrong\n% a remark\nc = d", ["a = b % wrong", "c = d"]),
    ("\\text{if } a = b\n\\text{then } c = d", ["\\text{if } a = b", "\\text{then } c = d"]),
    ("", []),
    (" \n \\\\ \n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), LINES)
def test_lines(text: str, lines: list[str]) -> None:
    pieces = split_lines(text)
    assert [piece.text for piece in pieces] == lines
    assert all(text[piece.offset : piece.offset + len(piece.text)] == piece.text for piece in pieces)


@pytest.mark.parametrize("text", [text for text, _ in LINES])
def test_every_line_can_be_read(text: str) -> None:
    if "]0, 1[" not in text:
        assert all(parse(piece.text).ok for piece in split_lines(text))


INDENTS = [
    r"&\quad + c", r"&\qquad {} + c", r"&{}+ c", r"&\phantom{=} + c", r"&\phantom{{}={}} + c", r"&\hspace{1em} + c",
    r"&\mathrel{\phantom{=}} + c", r"&\;\; + c", r"&\ \ + c", r"&~~{+}\: c", r"+ \\ &\qquad c", r"+ & c",
]  # fmt: skip


@pytest.mark.parametrize("indent", INDENTS)
def test_a_sum_over_two_lines_is_one(indent: str) -> None:
    broken = indent if indent.startswith("+") else "\\\\\n" + indent
    (piece,) = split_lines(rf"\begin{{align*}} a &= b {broken} \\ &= d \end{{align*}}")[:-1]
    assert show(parse(piece.text).node) == "a = b + c"


def test_a_difference_over_two_lines_is_one_unless_it_is_a_line_of_its_own() -> None:
    texts = [piece.text for piece in split_lines(r"a &= b \\ &\phantom{=} - c \\ -d &= e")]
    assert [show(parse(text).node) for text in texts] == ["a = b - c", "-d = e"]


def test_splitting_a_long_text_takes_no_time() -> None:
    start = time.process_time()
    assert len(split_lines("a = b + c \\\\\n" * 20_000)) == 20_000
    assert time.process_time() - start < 4


MACROS = read_macros(r"""
\newcommand{\R}{\mathbb{R}}
\renewcommand{\vec}[1]{\mathbf{#1}}
\newcommand\norm[2][2]{\left\| #2 \right\|_{#1}}
\def\half{\frac12}
\def\pair#1#2{(#1, #2)}
\newcommand{\bars}[1]{\left\lVert#1\right\rVert}
\DeclareMathOperator{\score}{score}
\DeclareMathOperator*{\amax}{arg\,max}
\newcommand{\grad}{\nabla}
\newcommand{\loop}{\loop x}
\newcommand{\grow}{\grow\grow}
""")


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"x \in \R^n", r"x \in \mathbb{R}^n"),
        (r"\vec x + \vec{y}", r"\mathbf{x} + \mathbf{y}"),
        (r"\norm{A x}", r"\|A x\|_2"),
        (r"\norm[F]{A}", r"\|A\|_F"),
        (r"\bars{x - y}", r"\|x - y\|"),
        (r"\half x^2", r"\frac{1}{2} x^2"),
        (r"\pair{a}{b}", r"(a, b)"),
        (r"\score(x) = \amax_y f(y)", r"\operatorname{score}(x) = \operatorname*{argmax}_y f(y)"),
        (r"\grad f", r"\nabla f"),
        (r"\vec{\vec{x}}", r"\mathbf{x}"),
    ],
)
def test_macros_are_expanded(latex: str, plain: str) -> None:
    parsed = parse(latex, MACROS)
    assert parsed.findings == ()
    assert same(parsed.node, parse(plain).node), dump(parsed.node)
    assert all(0 <= node.span.start <= node.span.end <= len(latex) for node in walk(parsed.node))


def test_a_part_from_a_macro_points_at_its_use() -> None:
    text = r"a + \half + b"
    half = next(node for node in walk(parse(text, MACROS).node) if type(node).__name__ == "Frac")
    assert text[half.span.start : half.span.end] == r"\half"


@pytest.mark.parametrize("latex", [r"\loop", r"\grow"])
def test_macros_that_never_end(latex: str) -> None:
    start = time.process_time()
    assert parse(latex, MACROS).findings[0].code == "macro-loop"
    assert time.process_time() - start < 4


def test_definitions_are_blanked_where_they_stand() -> None:
    text = "\\newcommand{\\R}{\\mathbb{R}}\n$x \\in \\R$"
    assert read_macros(text) == {"\\R": Macro(0, "\\mathbb{R}")}
    assert strip_definitions(text).strip() == "$x \\in \\R$"
    assert len(strip_definitions(text)) == len(text)


def test_every_row_of_the_table_is_read_as_it_says() -> None:
    ends = {"\\square", "\\checkmark"}  # at the end of a formula they are no part of it
    kinds = {"function": "@", "bigop": "(@", "symbol": "!"}
    for row in ROWS:
        for spelling in row.spellings:
            if row.kind in kinds and spelling.startswith("\\") and row.key not in ends:
                assert dump(parse(spelling).node).startswith(kinds[row.kind] + row.key), spelling


def test_examples_of_the_table_are_read() -> None:
    for row in ROWS:
        if row.example:
            assert parse(row.example).findings == (), row.example


def test_operators_are_shown_as_they_are_read() -> None:
    for row in ROWS:
        if row.kind in ("function", "bigop"):
            node = parse(shown_operator(row.key)).node
            assert getattr(node, "text", None) == row.key
            assert show(node) == shown_operator(row.key)


def test_no_spelling_means_two_things() -> None:
    for row in ROWS:
        if row.kind in ("relation", "product", "sum", "bigop", "function", "symbol"):
            for spelling in row.spellings:
                meant = SPELLINGS.get(spelling)
                assert meant is None or meant == (row.kind, row.key), spelling


def test_reading_needs_no_heavy_library() -> None:
    code = (
        "import sys, derivcheck.language.parsing.parser, derivcheck.language.parsing.splitting;"
        "import derivcheck.language.parsing.damage;"
        "print([m for m in ('sympy', 'jax', 'numpy', 'z3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("mark", ["\\square", "\\blacksquare.", "\\qed", "\\hfill \\Box", "∎"])
def test_the_mark_of_the_end_of_a_proof_is_no_line(mark: str):
    assert split_lines(mark) == []
    assert [piece.text for piece in split_lines(f"a = b \\\\ {mark}")] == ["a = b"]
    assert [piece.text for piece in split_lines(f"{mark} u")] == [f"{mark} u"]
