"""Noise that leaves the meaning of a written answer as it is: what scanning, formats and habits do to formulas, to
prose and to the page. One function for each kind; `write` puts the parts of a paper into a file of some format."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

from derivcheck.record import dataclass, replace

FORMATS = {"markdown": "md", "tex": "tex", "text": "txt", "notebook": "ipynb"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph (`prose`, with formulas in dollars) or a display (`formula`, its LaTeX)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One part as answered: how the sheet heads it, its question, the answer."""

    label: str
    ask: str
    pieces: tuple[Piece, ...]


_WHOLE = re.compile(r"(\\(?:begin|end)\{\w+\*?\}|\\text\{[^{}]*\})")  # names and words: nothing is put into them
Change = Callable[[str, random.Random], str]


# formulas ----------------------------------------------------------------------------------------------------------


def odd_spaces(text: str, rng: random.Random) -> str:
    """Spaces around scripts and braces: `x _ { i } ^ { \\top }`."""
    parts = _WHOLE.split(text)
    for k in range(0, len(parts), 2):
        parts[k] = re.sub(r"(?<!\\)([_^{}])", r" \1 ", parts[k])
    return "".join(parts)


def spaced_names(text: str, rng: random.Random) -> str:
    """`\\operatorname{tr}` as `\\mathrm { t r }`."""
    return re.sub(r"\\(?:operatorname|mathrm)\{([A-Za-z]{2,})\}", _spaced, text)


def _spaced(match: re.Match[str]) -> str:
    return r"\mathrm { " + " ".join(match.group(1)) + " }"


def other_transposes(text: str, rng: random.Random) -> str:
    mark = rng.choice(("^{T}", "^T", "^ { \\top }", "^{\\mathsf{T}}", "^{\\intercal}", "^{⊤}", "^{\\mathrm{T}}"))
    return re.sub(r"\^\s*(?:\\top(?![A-Za-z])|\{\s*\\top\s*\})", lambda _: mark, text)


def scanned_transposes(text: str, rng: random.Random) -> str:
    """Marks that look like the T of a transpose."""
    mark = rng.choice(("^{\\tau}", "^{\\mathcal{T}}", "^{\\mathbf{T}}", "^{\\perp}"))
    return re.sub(r"\^\s*(?:\\top(?![A-Za-z])|\{\s*\\top\s*\})", lambda _: mark, text)


def braced_scripts(text: str, rng: random.Random) -> str:
    return re.sub(r"(?<!\\)([_^])([A-Za-z0-9])", r"\1{\2}", text)


def lost_braces(text: str, rng: random.Random) -> str:
    """`x^{2}` as `x^2`, `\\frac{1}{2}` as `\\frac12`."""
    text = re.sub(r"\\frac\{(\d)\}\{(\d)\}", r"\\frac\1\2", text)
    return re.sub(r"([_^])\{([A-Za-z0-9])\}", r"\1\2", text)


def unicode_signs(text: str, rng: random.Random) -> str:
    for old, new in (("\\le", "≤"), ("\\ge", "≥"), ("\\cdot", "·"), ("\\sum", "∑"), ("\\sigma", "σ"), ("\\in", "∈")):
        text = re.sub(re.escape(old) + r"(?![A-Za-z])\s?", new + " ", text)
    return unicode_minus(text, rng)


def unicode_minus(text: str, rng: random.Random) -> str:
    return re.sub(r"(?<!\\)-", "−", text)


def sized_fences(text: str, rng: random.Random) -> str:
    """Parentheses with `\\left`, `\\right`."""
    if re.search(r"\\(?:left|right|[bB]igg?[lr]?)|&|\\\\", text) or not _balanced(text):
        return text
    return text.replace("(", "\\left(").replace(")", "\\right)")


def _balanced(text: str) -> bool:
    depth = 0
    stack: list[int] = []
    for char in text:
        depth += (char == "{") - (char == "}")
        if char == "(":
            stack.append(depth)
        elif char == ")" and (not stack or stack.pop() != depth):
            return False
    return not stack


def thin_spaces(text: str, rng: random.Random) -> str:
    """Spaces of all widths at the relations (not inside limits)."""
    wide = rng.choice(("\\;", "\\,", "~", "\\ ", "   ", "\\!", "\\quad "))
    depth, out = 0, ""
    for before, char in zip(" " + text, text, strict=False):
        depth += (char == "{") - (char == "}")
        out += f"{wide}= " if char == "=" and not depth and before not in "&<>:\\!" else char
    return out


def bold_letters(text: str, rng: random.Random) -> str:
    """Every single Latin letter bold that stands alone."""
    bold = rng.choice(("\\mathbf", "\\boldsymbol", "\\bm"))
    return re.sub(r"(?<![A-Za-z\\{])([A-Z])(?![A-Za-z(}])", lambda m: f"{bold}{{{m.group(1)}}}", text)


def display_style(text: str, rng: random.Random) -> str:
    return f"\\displaystyle {text.replace(chr(92) + 'frac', chr(92) + 'dfrac')}"


FORMULA: dict[str, Change] = {
    "odd spaces": odd_spaces, "spaced names": spaced_names, "other transposes": other_transposes,
    "braced scripts": braced_scripts, "lost braces": lost_braces, "signs of Unicode": unicode_signs,
    "minus of Unicode": unicode_minus, "sized fences": sized_fences, "spaces at relations": thin_spaces,
    "bold letters": bold_letters, "display style": display_style, "transposes misread": scanned_transposes,
}  # fmt: skip


# displays ----------------------------------------------------------------------------------------------------------


def aligned(text: str, rng: random.Random) -> str:
    """Relations under each other."""
    name, columns = rng.choice((("aligned", ""), ("array", "{rl}"), ("array", " { r l }"), ("split", "")))
    if not re.search(r"(?<![&<>:\\!])=", text) or re.search(r"\\begin|[_^]\{[^{}]*=|&|\\text", text):
        return text
    rows = re.sub(r"(?<![&<>:\\!])=", "&=", text)
    return f"\\begin{{{name}}}{columns} {rows} \\end{{{name}}}"


def numbered(text: str, rng: random.Random) -> str:
    return f"{text} {rng.choice((chr(92) + 'tag{1}', chr(92) + 'quad (3)', chr(92) + 'label{eq:result}'))}"


def punctuated(text: str, rng: random.Random) -> str:
    return text.rstrip(" .,") + rng.choice((".", ",", " \\,.", ";"))


def boxed(text: str, rng: random.Random) -> str:
    return text if re.search(r"\\\\|&|\\text|^\s*(?:[=<>]|\\le|\\ge)", text) else f"\\boxed{{{text}}}"


DISPLAY: dict[str, Change] = {
    "relations aligned": aligned, "numbered": numbered, "full stops": punctuated, "boxed": boxed,
}  # fmt: skip


# prose -------------------------------------------------------------------------------------------------------------


def ligatures(text: str, rng: random.Random) -> str:
    for old, new in (("ffi", "ﬃ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")):
        text = text.replace(old, new)
    return text


def hyphenated(text: str, rng: random.Random) -> str:
    """A long word broken over the end of a line."""
    return re.sub(r"(?<![A-Za-z\\])([a-z]{4,6})([a-z]{4,})(?![A-Za-z}])", r"\1-\n\2", text, count=1)


def double_spaces(text: str, rng: random.Random) -> str:
    return re.sub(r"(?<=[a-z,.]) (?=[A-Za-z])", "  ", text)


def broken_lines(text: str, rng: random.Random) -> str:
    """Lines broken in the middle of sentences."""
    return re.sub(r"(?<=[a-z]{3}) (?=[a-z]{2})", lambda _: rng.choice((" ", " ", "\n")), text)


PROSE: dict[str, Change] = {
    "ligatures": ligatures, "hyphenation": hyphenated, "double spaces": double_spaces, "lines broken": broken_lines,
}  # fmt: skip


# answers -----------------------------------------------------------------------------------------------------------

Rebuild = Callable[[Answered, random.Random], Answered]
_BEFORE = ("We start from what is given.", "Here is my derivation.", "By the rules of the lecture:", "My solution:")
_BETWEEN = ("Therefore", "so that", "which gives", "It follows that", "Simplifying,", "Hence,", "In other words,")
_AFTER = ("This is the final answer.", "which is what was asked.", "(I checked this twice.)", "Done.")


def talkative(answered: Answered, rng: random.Random) -> Answered:
    """Words before, between and after the lines."""
    pieces = [Piece("prose", rng.choice(_BEFORE))]
    for number, piece in enumerate(answered.pieces):
        if number and piece.kind == answered.pieces[number - 1].kind == "formula" and rng.random() < 0.6:
            pieces.append(Piece("prose", rng.choice(_BETWEEN)))
        pieces.append(piece)
    return replace(answered, pieces=(*pieces, Piece("prose", rng.choice(_AFTER))))


def restated(answered: Answered, rng: random.Random) -> Answered:
    """The question once more, before the answer."""
    head = rng.choice(("", "Question: ", "**Question.** "))
    answer = rng.choice(("Answer:", "Solution.", "**Answer.**", "Solution:"))
    asked = Piece("prose", head + " ".join(answered.ask.split()))
    return replace(answered, pieces=(asked, Piece("prose", answer), *answered.pieces))


def furnished(answered: Answered, rng: random.Random) -> Answered:
    """A page number or a running header between the lines."""
    at = rng.randint(1, len(answered.pieces)) if answered.pieces else 0
    page = rng.choice(("2", "3", "Page 3 of 7", "- 4 -"))
    return replace(answered, pieces=(*answered.pieces[:at], Piece("prose", page), *answered.pieces[at:]))


def inline(answered: Answered, rng: random.Random) -> Answered:
    """Displays written in the text."""
    pieces = (Piece("prose", f"${p.text}$") if p.kind == "formula" else p for p in answered.pieces)
    return replace(answered, pieces=tuple(pieces))


ANSWER: dict[str, Rebuild] = {
    "prose between lines": talkative, "question restated": restated, "formulas in the text": inline,
}  # fmt: skip
PAGES = ("transposes misread", "page numbers", "hyphenation", "ligatures")
"""Only in text read off a page."""


def changed(answered: Answered, names: tuple[str, ...], rng: random.Random) -> Answered:
    """The answer under noise of these kinds; a question that is restated is damaged with it."""
    for name in names:
        if rebuild := furnished if name == "page numbers" else ANSWER.get(name):
            answered = rebuild(answered, rng)
    return replace(answered, pieces=tuple(_piece(piece, names, rng) for piece in answered.pieces))


def _piece(piece: Piece, names: tuple[str, ...], rng: random.Random) -> Piece:
    formula = [change for name in names if (change := FORMULA.get(name))]
    if piece.kind == "formula":
        text = _through(piece.text, [*formula, *(DISPLAY[name] for name in names if name in DISPLAY)], rng)
        return replace(piece, text=text)
    parts = re.split(r"(\$[^$]+\$)", piece.text)
    prose = [PROSE[name] for name in names if name in PROSE]
    for k, part in enumerate(parts):
        parts[k] = f"${_through(part[1:-1], formula, rng)}$" if k % 2 else _through(part, prose, rng)
    return replace(piece, text="".join(parts))


def _through(text: str, changes: list[Change], rng: random.Random) -> str:
    for change in changes:
        text = change(text, rng)
    return text


# the file ----------------------------------------------------------------------------------------------------------

# How a label of a number and perhaps a letter is written: with `{n}` and `{x}`, or `{n}` alone.
LABELS: dict[str, tuple[str, str]] = {
    "Problem 2(b)": ("Problem {n}({x})", "Problem {n}"),
    "2b)": ("{n}{x})", "{n})"),
    "2 (b).": ("{n} ({x}).", "{n}."),
    "Question 2 (b):": ("Question {n} ({x}):", "Question {n}:"),
    "Q2b.": ("Q{n}{x}.", "Q{n}."),
    "Answer to 2(b)": ("Answer to Question {n} ({x})", "Answer to Question {n}"),
    "Solution 2(b)": ("Solution to Problem {n}({x})", "Solution to Problem {n}"),
    "Ex. 2 (b)": ("Ex. {n} ({x})", "Ex. {n}"),
}
# How a label stands on the page, in Markdown and in TeX.
HEADS: dict[str, tuple[str, str]] = {
    "heading": ("## {}", "\\section*{{{}}}"),
    "deeper heading": ("#### {}", "\\subsection*{{{}}}"),
    "bold": ("**{}**", "\\textbf{{{}}}"),
    "plain": ("{}", "{}"),
    "paragraph": ("***{}***", "\\paragraph{{{}}}"),
}


def label_of(label: str, style: str) -> str:
    """`2b` in a style of `LABELS`."""
    number, letter = re.fullmatch(r"(\d+)([a-z]?)", label).groups()  # type: ignore[union-attr]
    both, alone = LABELS[style]
    return both.format(n=number, x=letter) if letter else alone.format(n=number)


def write(parts: list[Answered], format: str, style: str, head: str, rng: random.Random) -> str:
    """The parts in one file. `style`: of `LABELS`, or empty for none; `head`: of `HEADS`."""
    tex = format == "tex"
    fences = rng.choice((("\\[", "\\]"), ("$$", "$$"), ("\\begin{equation*}", "\\end{equation*}")) if tex else
                        (("$$", "$$"), ("$$\n", "\n$$")))  # fmt: skip
    pages = []
    for part in parts:
        rows = [_head(part.label, style, head if format != "text" else "plain", tex)] if style else []
        rows += [p.text if p.kind == "prose" else f"{fences[0]}{p.text}{fences[1]}" for p in part.pieces]
        pages.append([_tex(row) if tex else row for row in rows])
    if format == "notebook":
        cells = [{"cell_type": "markdown", "metadata": {}, "source": "\n\n".join(page)} for page in pages]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    body = "\n\n".join(row for page in pages for row in page) + "\n"
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\\end{{document}}\n" if tex else body


def _head(label: str, style: str, head: str, tex: bool) -> str:
    return HEADS[head][tex].format(label_of(label, style))


def _tex(row: str) -> str:
    """Emphasis of Markdown as TeX writes it; a sign that begins a comment in TeX is escaped."""
    row = re.sub(r"\*\*([^*$]+)\*\*", r"\\textbf{\1}", row)
    return re.sub(r"(?<!\\)%", r"\\%", row)
