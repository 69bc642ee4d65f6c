"""A shape is asked for: `n \\times m`, an array of more axes, or flattened. Brackets around axes change nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from derivcheck.findings import Finding
from derivcheck.kinds.expression import NOT_RESULT
from derivcheck.kinds.interface import JudgedAnswer, Oracle, PartResult, TextLine
from derivcheck.kinds.marks import review, unanswered, wrong
from derivcheck.kinds.value import references
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Name, Node, Num, Product, Relation, Scripted, Sum
from derivcheck.problems.schema import Part
from derivcheck.terms.dim import Dim

Axes = tuple[Dim, ...]

_MATHS = re.compile(r"\$\$?(.+?)\$\$?|\\\((.+?)\\\)|\\\[(.+?)\\\]")
_ONE = r"(?:\d+|[\w^]{1,3})"
_PLAIN = re.compile(rf"(?:\([\w,\s×x*]+\)|\b{_ONE})(?:\s*(?:×|\bx\b|-?\bby\b-?)\s*(?:\([\w\s×x]+\)|{_ONE}\b))+")
_DIGITS_BY = re.compile(r"(?<=\d)[xX](?=\d)")  # `32x32x16`
_LIST = re.compile(rf"[\[(]\s*{_ONE}(?:\s*,\s*{_ONE})+\s*[\])]")
# Shapes half in words, as one formula: `$n$ by $m$`, `$n$ rows and $m$ columns`, `m columns, n rows`.
_COUNT = r"(?:\$([^$]+)\$|(?<![\w$\\])((?!a\b)[A-Za-z]|\d+))"
_JOINED = r"(?:\s*,)?(?:\s+(?:and|with|by))?\s+"
_WORDED = (
    (re.compile(rf"{_COUNT}\s+rows?{_JOINED}{_COUNT}\s+columns?"), r"$\1\2 \\times \3\4$"),
    (re.compile(rf"{_COUNT}\s+columns?{_JOINED}{_COUNT}\s+rows?"), r"$\3\4 \\times \1\2$"),
    (re.compile(r"\$\s*(?:×|\bx\b|\bby\b)\s*\$"), r" \\times "),
)
_TIMES = re.compile(r"\s*(?:×|\bx\b|-?\bby\b-?)\s*")


def judge(part: Part, answer: JudgedAnswer, oracle: Oracle) -> PartResult:
    if answer.empty:
        return unanswered(part, answer)
    wanted = {axes for text in references(part, answer) if (axes := shape_of(text.text)) is not None}
    names = {name for axes in wanted for name in _names(axes)}
    found = [(axes, line) for line in answer.text for axes in shapes_in(line.text, names)]
    if not found:  # `$n$ rows and` at the end of a line
        broken = ((line, f"{line.text.rstrip()} {after.text.lstrip()}") for line, after in pairwise(answer.text))
        found = [(axes, line) for line, text in broken for axes in shapes_in(text, names)]
    if not wanted or not found:
        return review(part, "no shape was found that could be compared")
    axes, line = found[-1]
    if axes in wanted:
        return PartResult("correct", earned=part.points, result_line=line.line, cell=line.cell)
    if any(other in wanted for other, _ in found):
        return review(part, "several shapes stand here; which is the answer could not be decided")
    return wrong(part, 0, line.line, (_finding(line),), cell=line.cell)


def _finding(line: TextLine) -> Finding:
    end = line.column + max(len(line.text), 1)
    return Finding("wrong-result", "error", NOT_RESULT, line.line, line.column, end, cell=line.cell)


def shapes_in(text: str, names: Collection[str]) -> Iterator[Axes]:
    """Every shape that a line of an answer states, in its maths or in plain words. A list is one where it is of the
    lengths of the question: `(n, m)`, but not the indices `(i, j)`."""
    for worded, formula in _WORDED:
        text = worded.sub(formula, text)
    formulas = [next(g for g in match.groups() if g) for match in _MATHS.finditer(text)] or [text]
    words = _DIGITS_BY.sub(" × ", _MATHS.sub(" ", text))
    plain = [_TIMES.sub(r" \\times ", match[0]) for match in _PLAIN.finditer(words)]
    plain += [match[0] for match in _LIST.finditer(words) if _names(shape_of(match[0]) or ()) <= set(names)]
    read = [(axes, formula) for formula in formulas if (axes := shape_of(formula)) is not None]
    found = [axes for axes, formula in read if "times" in formula or _names(axes) <= set(names)]
    yield from found or (axes for formula in plain if (axes := shape_of(formula)) is not None)


def _names(axes: Axes) -> set[str]:
    return {name for axis in axes for monomial, _ in axis.terms for name in monomial}


def shape_of(latex: str) -> Axes | None:
    """The axes that an expression such as `(n \\times m) \\times p`, `\\mathbb{R}^{n \\times m}` or `(n, m)` states."""
    from derivcheck.language.parsing.parser import parse

    parsed = parse(latex)
    return _whole(parsed.node) if parsed.ok else None


def _whole(node: Node) -> Axes | None:
    match node:
        case Relation(operands=(*_, last)):
            return _whole(last)
        case Scripted(base=Name(text="R"), sub=None, sup=exponent) if exponent is not None:
            return _axes(exponent)
        case Group(body=Listing(items=items)):
            return _joined(tuple(items))
        case Group(body=body):
            return _whole(body)
        case Product(items=items) if any(operator == "\\times" for operator, _ in items):
            return _axes(node)
    return None


def _joined(nodes: tuple[Node, ...]) -> Axes | None:
    """Axes one after another, None where one of them is none."""
    parts = [_axes(node) for node in nodes]
    if any(part is None for part in parts):
        return None
    return tuple(axis for part in parts if part for axis in part)


def _axes(node: Node) -> Axes | None:
    """The axes of a product of shapes: split at `\\times`, juxtaposed names multiplied."""
    match node:
        case Group(body=Listing(items=items)):
            return _joined(tuple(items))
        case Group(body=body):
            return _axes(body)
        case Product(items=items) if any(operator == "\\times" for operator, _ in items):
            return _joined(tuple(_split(items)))
    size = _size(node)
    return None if size is None else (size,)


def _split(items: tuple[tuple[str, Node], ...]) -> Iterator[Node]:
    """The factors between `\\times`, each what stands there juxtaposed."""
    current: list[tuple[str, Node]] = []
    for operator, item in items:
        if operator == "\\times" and current:
            yield _one(current)
            current = []
        current.append(("" if operator == "\\times" else operator, item))
    yield _one(current)


def _one(items: list[tuple[str, Node]]) -> Node:
    return items[0][1] if len(items) == 1 else Product(tuple(items), span=items[0][1].span)


def _size(node: Node) -> Dim | None:
    """A length: a number, a name, a power or a product of these."""
    match node:
        case Num(text=text):
            return Dim.of(int(text)) if text.isdigit() else None
        case Group(open="(", body=body):
            return _size(body)
        case Sum(items=items):
            total = Dim.of(0)
            for sign, item in items:
                size = _size(item)
                if size is None or sign not in ("", "+"):
                    return None
                total = total + size
            return total
        case Product(items=items):
            total = Dim.of(1)
            for operator, item in items:
                size = _size(item)
                if size is None or operator not in ("", "\\cdot", "*"):
                    return None
                total = total * size
            return total
        case Scripted(base=base, sub=None, sup=Num(text=text), primes=0) if text.isdigit() and int(text) < 9:
            size, total = _size(base), Dim.of(1)
            for _ in range(int(text)):
                total = total * size if size is not None else total
            return total if size is not None else None
        case Name() | Scripted():
            name = canonical(node)
            return Dim.named(name) if name else None
    return None
