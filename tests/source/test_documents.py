"""Files to blocks and formulas: samples of each format, and what is wrong with a file."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from derivcheck.source.document import read_document
from derivcheck.source.values import Document

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
seeds = sorted(SEEDS.glob("*.txt")) if SEEDS.is_dir() else []

MARKDOWN = r"""# Homework 4

**Problem 1.** Let $A \in \mathbb{R}^{n \times n}$ with $A^\top = A$.

1. The quadratic form is
   $$f(x) = x^\top A x, \tag{2}$$
   so that \(\nabla f = 2 A x\).
2. A bare one: \[
   g = h
   \]

> quoted: $q = 1$
> $$
> r
> - s
> $$

```python
cost = "$5"
```

Costs `$x$` and $5 and then $10 more.

\begin{align*}
a &= b \\
  &= c.
\end{align*}

| gate | value |
|---|---|
| $i$ | $\sigma(x)$ |
"""


def latex(document: Document, *, bare: bool = False) -> list[str]:
    return [" ".join(formula.latex.split()) for formula in document.formulas if bare or not formula.bare]


def test_markdown_formulas() -> None:
    document = read_document(MARKDOWN, "hw.md")
    assert latex(document) == [
        r"A \in \mathbb{R}^{n \times n}",
        r"A^\top = A",
        r"f(x) = x^\top A x",
        r"\nabla f = 2 A x",
        "g = h",
        "q = 1",
        "r - s",
        r"a &= b \\ &= c",
        "i",
        r"\sigma(x)",
    ]
    assert [formula.tag for formula in document.formulas if formula.tag] == ["2"]
    assert [block.kind for block in document.blocks].count("table") == 2
    assert [block.label for block in document.blocks if block.kind == "item"] == ["1.", "2."]
    assert document.source_kind == "typed"


@pytest.mark.parametrize("name", ["hw.md", "hw.txt"])
def test_every_span_slices_to_its_text(name: str) -> None:
    document = read_document(MARKDOWN, name)
    for formula in document.formulas:
        assert len(formula.latex) == formula.span.end - formula.span.start
        assert document.slice(formula.span).replace(">", " ") == formula.latex.replace(">", " ")


@pytest.mark.parametrize("path", seeds, ids=lambda path: path.name[:3])
def test_papers_spans_and_order(path: Path) -> None:
    document = read_document(path)
    at = -1
    for block in document.blocks:
        for piece in block.pieces:
            assert piece.span.start >= at
            at = piece.span.end
    assert all(document.slice(formula.span) == formula.latex for formula in document.formulas)


@pytest.mark.skipif(not seeds, reason="the shared papers are not here")
def test_all_formulas_of_the_papers() -> None:
    assert sum(len(latex(read_document(path))) for path in seeds) == 411


@pytest.mark.skipif(not seeds, reason="the shared papers are not here")
def test_same_formulas_as_the_dollarmath_extension() -> None:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark").enable("table").disable("code").use(dollarmath_plugin, double_inline=True)
    for path in seeds:
        text = path.read_text(encoding="utf-8")
        theirs = [
            "".join(child.content.split())
            for token in parser.parse(text)
            for child in (token.children or [token])
            if child.type.startswith("math")
        ]
        ours = "".join("".join(formula.latex.split()) for formula in read_document(path).formulas if not formula.bare)
        assert [formula for formula in theirs if formula.split("\\quad")[0].rstrip(".,;")[:12] not in ours] == []
        assert len(theirs) == len(latex(read_document(path)))


TEX = r"""\documentclass{article}
\newcommand{\R}{\mathbb{R}}
\DeclareMathOperator*{\argmax}{arg\,max} % not $maths$
\begin{document}
\section{Warm-up}
Let $A \in \R^{2}$. % $hidden = 1$
\begin{enumerate}
  \item First \textbf{step}: $x = 1$
  \begin{enumerate}
    \item inner
    \item[(d)] \begin{equation} u = v, \label{eq:uv} \end{equation}
  \end{enumerate}
  \item Costs 5\,\% and \verb|$no$|.
\end{enumerate}
\begin{solution}
\begin{align}
 a &= b % why
 \\ &= c. \nonumber
\end{align}
\end{solution}
\end{document}
after $z$
"""


def test_tex() -> None:
    document = read_document(TEX, "hw.tex")
    assert latex(document) == [r"A \in \R^{2}", "x = 1", "u = v", r"a &= b \\ &= c"]
    assert [(b.kind, b.label) for b in document.blocks if b.kind in ("item", "heading")] == [
        ("heading", "1"),
        ("item", "1."),
        ("item", "(a)"),
        ("item", "(d)"),
        ("item", "2."),
        ("heading", ""),
    ]
    assert document.macros.count("\n") == 1 and r"\newcommand{\R}" in document.macros
    assert document.position(document.formulas[1].span.start).line == 8
    assert "step" in next(block.prose for block in document.blocks if block.label == "1.")


def test_tex_input_inside_the_folder_only(tmp_path: Path) -> None:
    (tmp_path / "part.tex").write_text("Here $p = q$.\n", encoding="utf-8")
    main = tmp_path / "main.tex"
    main.write_text(
        "Before $a$.\n\n\\input{part}\n\\input{/etc/passwd}\n\\input{../up}\nAfter $b$.\n", encoding="utf-8"
    )
    document = read_document(main)
    assert latex(document) == ["a", "p = q", "b"]
    assert document.position(document.formulas[1].span.start).file == "part"
    assert document.position(document.formulas[1].span.start).line == 1
    assert [(finding.code, finding.line) for finding in document.findings] == [
        ("input-outside-folder", 4),
        ("input-outside-folder", 5),
    ]
    assert "root" not in document.text


def test_notebook_lines_count_within_the_cell() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "Let $x = 1$.\n"]},
        {"cell_type": "code", "source": "y = '$z$'"},
        {"cell_type": "markdown", "source": "Then\n$$x + 1 = 2$$"},
    ]
    document = read_document(json.dumps({"cells": cells}).encode(), "hw.ipynb")
    places = [document.position(formula.span.start) for formula in document.formulas]
    assert [(place.cell, place.line, place.column) for place in places] == [(0, 3, 6), (2, 2, 3)]


PAGE = """Answer to Question 4

The state \\mathbf{h}_{t-1} enters with weight W_{hh} and cost O(nmk), since m > n.

$$a = b$$
 (7)

12

• Score:
$$s = q^\\top k$$

Max tokens (max_tokens) are 5-7 in the 1–2 digit e-mail.
"""


def test_text_read_off_a_page() -> None:
    document = read_document(PAGE, "page.txt")
    assert document.source_kind == "ocr"
    assert [f.latex for f in document.formulas if f.bare] == [r"\mathbf{h}_{t-1}", "W_{hh}", "O(nmk)", "m > n"]
    assert [f.tag for f in document.formulas if f.tag] == ["7"]
    assert [block.text for block in document.blocks if block.kind == "furniture"] == ["(7)", "12"]
    assert next(formula for formula in document.formulas if formula.latex.startswith("s =")).lead == "Score:"


@pytest.mark.parametrize(
    ("prose", "formulas"),
    [
        ("as z_t goes to 0 and x_{i+1} stays", ["z_t", "x_{i+1}"]),
        ("σ² and μ are given", ["σ²", "μ"]),
        ("substituting -x we see e-mail, x-axis", ["-x"]),
        ("it is M^2k + Mk^2 in all", ["M^2k"]),
        ("the sum 12 + 30 = 42 is right", ["12 + 30 = 42"]),
        ("a plan. I see a cat (see Fig. 2) on 24/7 in 2025-11", []),
        ("see https://x.org/a_b=c_d and me@x.org", []),
        ("so h_t = f_t c_{t-1}, then", ["h_t = f_t c_{t-1}"]),
        ("with s = 1 and t >= 2", ["s = 1"]),
    ],
)
def test_bare_maths(prose: str, formulas: list[str]) -> None:
    found = [formula.latex for formula in read_document(prose, "a.md").formulas]
    assert found[: len(formulas)] == formulas and (formulas or not found)


def test_encodings() -> None:
    text = "Größe: $x = 1$\r\n\r\nnext $y$"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"):
        document = read_document(text.encode(encoding), "a.md")
        assert latex(document) == ["x = 1", "y"], encoding
        assert document.position(document.formulas[1].span.start).line == 3


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.md", "empty-file"),
        (b"  \n\n", "a.md", "empty-file"),
        (b"%PDF-1.7 ...", "a.pdf", "not-text"),
        (b"%PDF-1.7 ...", "a.md", "not-text"),
        (b"PK\x03\x04....", "a.docx", "not-text"),
        (bytes(range(256)) * 20, "a.txt", "not-text"),
        (b"hello", "a.rs", "unsupported-format"),
        (b"x" * 4_100_000, "a.md", "too-large"),
        (b"{nonsense", "a.ipynb", "not-text"),
        (b"[" * 100_000, "a.ipynb", "not-text"),
        (b'{"cells": []}', "a.ipynb", "empty-file"),
    ],
)
def test_a_helpful_finding_instead_of_an_exception(data: bytes, name: str, code: str) -> None:
    document = read_document(data, name)
    assert [finding.code for finding in document.findings] == [code]
    assert document.blocks == ()


def test_missing_file_and_folder(tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text("$x$", encoding="utf-8")
    finding = read_document(tmp_path / "anwser.md").findings[0]
    assert finding.code == "no-file" and "answer.md" in finding.help
    assert read_document(tmp_path).findings[0].code == "unsupported-format"


FLOODS = [
    "x " * 500_000,
    "$" * 200_000,
    "$$a\n\n" * 50_000,
    "$a b" * 200_000,
    "(" * 500_000,
    "((x_1) " * 100_000,
    "> " * 100_000 + "$x$",
    "- " * 100_000,
    "\n".join("  " * (i % 300) + "- a" for i in range(5000)),
    "`" * 300_000,
    "`a " * 200_000,
    "\\begin{align}" * 50_000,
    "\\begin{itemize}\\item " * 30_000,
    "{" * 500_000,
    "\\newcommand{" * 50_000,
    "\\frac{" * 100_000,
    "a_{" * 200_000,
    "<!--" * 100_000,
    "[a]: b\n" * 50_000,
    "if $x$ " * 40_000,
    "# " * 200_000,
    "|a" * 200_000,
    "%" * 500_000,
    "1234567 + " * 50_000,
    "\\verb|" * 100_000,
]


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, marks=() if index % 5 == 0 else pytest.mark.long) for index, text in enumerate(FLOODS)],
    ids=lambda text: text[:12].replace("\n", " "),
)
@pytest.mark.parametrize("name", ["a.md", pytest.param("a.tex", marks=pytest.mark.long)])
def test_hostile_text_is_read_at_once(text: str, name: str) -> None:
    from derivcheck.source.discourse import moves

    start = time.perf_counter()
    document = read_document(text, name)
    moves(document.blocks)
    assert time.perf_counter() - start < 6  # seconds, on a machine that has other things to do; usually under one
