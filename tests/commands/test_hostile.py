"""Bad input through the real command line: a clear finding, in little time and memory, and nothing is executed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.running import ROOT, derivcheck

SECONDS = 3.5  # of the processor, starting Python without compiled files included; 2 s on a machine at rest
MEGABYTES = 500

CLAIMS = {
    "nested parentheses": ("(" * 5000 + "x" + ")" * 5000 + " = x", {5}),
    "open parentheses": ("(" * 5000 + "x = x", {5}),
    "nested fractions": (r"\frac{1}{" * 2000 + "x" + "}" * 2000 + " = x", {5}),
    "a tower of powers": ("9^{9^{9^{9}}} = 1", {1, 5}),
    "a tower of powers, twice": ("9^{9^{9^{9}}} = 9^{9^{9^{9}}}", {0, 5}),
    "a long sum": (r"\sum_{i=1}^{10^{12}} i = 5", {1, 5}),
    "a long sum in closed form": (r"\sum_{i=1}^{10^{12}} i = \frac{10^{12} (10^{12} + 1)}{2}", {0}),
    "a long product": (r"\prod_{i=1}^{10^{12}} i = 5", {1, 5}),
    "a long number": (r"10^{10^6} + 1 = 10^{10^6}", {1, 5}),
    "a factorial": (r"(10^9)! = 1", {1, 5}),
    "a high derivative": (r"\frac{d^{100}}{dx^{100}} e^{x^2} = 0", {1, 5}),
    "a large matrix": (
        r"\det \begin{pmatrix}" + r"\\".join("&".join(["x"] * 40) for _ in range(40)) + r"\end{pmatrix} = 0", {0, 5},
    ),
    "unclosed braces": (r"\frac{x}{1 + x = 1", {5}),
    "an unknown macro": (r"\foo{x} = x", {5}),
    "undefined everywhere": (r"\frac{1}{x - x} = x", {5}),
    "undefined logarithm": (r"\log(-x) = 3", {5}),
    "many links": (" = ".join(["x"] * 2000), {0, 5}),
}  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_a_hostile_claim(name: str) -> None:
    claim, codes = CLAIMS[name]
    ran = derivcheck("verify", "--given", "x > 0", "--", claim)
    assert ran.code in codes
    assert ran.cpu < SECONDS and ran.megabytes < MEGABYTES
    assert "Traceback" not in ran.err


def _text(formula: str) -> bytes:
    return f"# Notes\n\nLet $x > 0$.\n\n$$ {formula} $$\n".encode()


PAGE = "Let $x > 0$.\n\n$$x^2 - 1 = (x - 1)(x + 1)$$\n\né\n"
GROWING = b"".join(rb"\newcommand{\m%c}{\m%c\m%c}" % (97 + k, 98 + k, 98 + k) for k in range(25))
FILES: dict[str, tuple[str, bytes, set[int], str]] = {
    "a formula of 1 MB": ("a.md", _text("x + " * 250_000 + "x = 1"), {5}, "unread-line"),
    "1 MB of brackets": ("a.md", _text("(" * 1_000_000), {4, 5}, ""),
    "1 MB of backslashes": ("a.md", _text("\\" * 1_000_000), {0, 4, 5}, ""),
    "a binary file": ("a.md", bytes(range(256)) * 20, {2}, "not-text"),
    "an empty file": ("a.md", b"", {2}, "empty-file"),
    "another ending": ("a.xyz", b"x = x", {2}, "unsupported-format"),
    "a PDF": ("a.pdf", b"%PDF-1.7 ...", {2}, "not-text"),
    "a Word file": ("a.docx", b"PK\x03\x04....", {2}, "not-text"),
    "a broken notebook": ("a.ipynb", b'{"cells": [', {2}, "not-text"),
    "a deep notebook": ("a.ipynb", b'{"cells":' + b"[" * 100_000, {2}, "not-text"),
    "UTF-16": ("a.md", PAGE.encode("utf-16"), {0}, ""),
    "a byte order mark": ("a.md", PAGE.encode("utf-8-sig"), {0}, ""),
    "cp1252": ("a.md", PAGE.encode("cp1252"), {0}, ""),
    "a file outside": (
        "a.tex", rb"\documentclass{article}\begin{document}\input{/etc/passwd} $x = x$\end{document}", {4, 5},
        "input-outside-folder",
    ),
    "recursive macros": ("a.tex", rb"\newcommand{\a}{\b\b}\newcommand{\b}{\a\a} $\a = 1$", {5}, "macro"),
    "macros that grow": ("a.tex", GROWING + b" $\\ma = 1$", {5}, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file(name: str, tmp_path: Path) -> None:
    file, data, codes, code = FILES[name]
    path = tmp_path / file
    path.write_bytes(data)
    ran = derivcheck("check", str(path))
    assert ran.code in codes
    assert code in ran.out
    assert "root:" not in ran.out
    assert ran.cpu < SECONDS and ran.megabytes < MEGABYTES
    assert "Traceback" not in ran.err


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    rows = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    rows += [f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]" for p, c in zip("abcdefgh", "bcdefghi", strict=True)]
    (tmp_path / "p.yaml").write_text("\n".join(rows))
    ran = derivcheck("problems", "test", str(tmp_path / "p.yaml"))
    assert ran.code == 2 and "aliases" in ran.out
    assert ran.cpu < SECONDS and ran.megabytes < MEGABYTES


GIVENS = {
    "limits that contradict": (["x > 0", "x < 0"], "x = 3", {5}),
    "limits that contradict, a true line": (["x > 0", "x < 0"], "x = x", {5}),
    "nothing satisfies": (["x > 0", "x^2 = -1"], "x = 7", {5}),
    "defined by itself": (["a = a + 1"], "a = 5", {5}),
    "defined by each other": (["a = b", "b = a"], "a = 5", {5}),
    "a function defined by itself": (["x > 0", "f(x) = f(x) + 1"], "f(x) = 2", {5}),
    "a recurrence on itself": ([r"h_t \in \mathbb{R} \text{ for } t = 0, \dots, T", "h_t = h_t + 1"], "h_3 = 1", {5}),
    "dimension 0": ([r"v \in \mathbb{R}^{0}"], "v = 3 v", {5}),
    "a negative dimension": ([r"v \in \mathbb{R}^{-2}"], "v = 3 v", {5}),
    "an empty set": ([r"x \in \emptyset"], "x = 3", {5}),
    "a huge dimension": ([r"v \in \mathbb{R}^{1000000000}"], r"v^\top v = 1", {1, 5}),
}


@pytest.mark.parametrize("name", GIVENS)
def test_givens_that_cannot_be(name: str) -> None:
    given, claim, codes = GIVENS[name]
    ran = derivcheck("verify", claim, *(word for line in given for word in ("--given", line)), "--format", "json")
    assert ran.code in codes
    assert json.loads(ran.out)["verdict"] not in ("proved", "holds")
    assert ran.cpu < SECONDS and ran.megabytes < MEGABYTES


def test_what_is_asked_for_but_not_there() -> None:
    answer = str(ROOT / "answers" / "dot-product.md")
    assert "did you mean `rnn-homework`" in derivcheck("check", answer, "--assignment", "rnn-homewrk").out
    near = derivcheck("check", answer, "--problem", "attention/dot-varianc").out
    assert "did you mean `attention/dot-variance`" in near
    assert "did you mean dot-product.md" in derivcheck("check", answer.replace("dot-product", "dot-prodct")).out
