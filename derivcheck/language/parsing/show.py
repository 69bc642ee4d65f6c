"""A syntax tree as canonical LaTeX, with as few parentheses as keep the meaning.

`parse(show(tree))` is the tree again, up to spans, for every tree that the parser makes. For trees that it does not
make (a sum as a factor) parentheses are added.
"""

from __future__ import annotations

import re

from derivcheck.language.parsing.notation import shown_operator
from derivcheck.language.parsing.syntax import (
    Accent,
    Annotated,
    Bar,
    BigOp,
    Binom,
    Broken,
    Dots,
    Empty,
    Frac,
    Func,
    Grid,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Sqrt,
    Sum,
    Symbol,
    Words,
)
from derivcheck.language.parsing.trees import walk

# How tightly a node holds together; an atom stands anywhere.
_LISTING, _RELATION, _BAR, _SUM, _PRODUCT, _ATOM = range(6)
_LEVELS: dict[type[Node], int] = {Listing: _LISTING, Relation: _RELATION, Bar: _BAR, Sum: _SUM, Product: _PRODUCT}

_RELATIONS = {"!=": "\\ne", "<=": "\\le", ">=": "\\ge", "\\colon": ":"}
_SEPARATORS = {
    ",": ", ", ";": "; ", "": " ", ".": ". ", "\\quad": " \\quad ", "and": " \\text{ and } ", "\\\\": " \\\\ ",
}  # fmt: skip
_FENCES = {
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "\\{", "}": "\\}", "<": "\\langle ", ">": " \\rangle",
    "⌈": "\\lceil ", "⌉": " \\rceil", "⌊": "\\lfloor ", "⌋": " \\rfloor", "|": "|", "‖": "\\|", "": ".",
}  # fmt: skip
_PAIRS = frozenset({"()", "[]", "{}", "<>", "⌈⌉", "⌊⌋", "(]", "[)", "][", ")("})
_STYLES = {"bold": "\\mathbf", "cal": "\\mathcal", "bb": "\\mathbb", "frak": "\\mathfrak"}
_MATRICES = {"": "matrix", "()": "pmatrix", "[]": "bmatrix", "{}": "Bmatrix", "||": "vmatrix", "‖‖": "Vmatrix"}
_BARS = {"|": "\\mid", "||": "\\parallel"}
_NOTES = {"boxed": "\\boxed", "cancel": "\\cancel"}
_ONE_TOKEN = re.compile(r"[A-Za-z0-9*+\-!]|\\[A-Za-z]+")


def show(node: Node) -> str:
    """Canonical LaTeX."""
    match node:
        case Name() | Num() | Symbol() | Func() | Words() | Dots() | Empty() | Broken():
            return _leaf(node)
        case BigOp(text=text, sub=sub, sup=sup):
            return shown_operator(text) + _below_above(sub, sup)
        case Scripted():
            return _scripted(node)
        case Accent(kind=kind, body=body):
            return f"\\{kind}{{{show(body)}}}"
        case Group():
            return _group(node)
        case Frac(num=num, den=den):
            return f"\\frac{{{show(num)}}}{{{show(den)}}}"
        case Sqrt(body=body, degree=degree):
            return f"\\sqrt{f'[{show(degree)}]' if degree else ''}{{{show(body)}}}"
        case Binom(top=top, bottom=bottom):
            return f"\\binom{{{show(top)}}}{{{show(bottom)}}}"
        case Product():
            return _product(node)
        case Sum():
            return _sum(node)
        case Bar(kind=kind, left=left, right=right):
            return f"{show(left)} {_BARS[kind]} {show(right)}".strip()
        case Listing(items=items, seps=seps):
            return show(items[0]) + "".join(
                _SEPARATORS[sep] + show(item) for sep, item in zip(seps, items[1:], strict=True)
            )
        case Relation():
            return _relation(node)
        case Grid():
            return _grid(node)
        case Annotated(body=body, note=note):
            if note in _NOTES:
                return f"{_NOTES[note]}{{{show(body)}}}"
            return f"\\underbrace{{{show(body)}}}" + (f"_{{{note}}}" if note else "")
    raise TypeError(f"not a node of the syntax tree: {node!r}")


def _leaf(node: Node) -> str:
    match node:
        case Name(text=text, style=style):
            return _name(text, style)
        case Num(text=text) | Symbol(text=text):
            return text
        case Func(text=text):
            return shown_operator(text)
        case Words(text=text):
            return f"\\text{{ {text} }}"
        case Dots():
            return "\\dots"
        case Broken():
            return "\\text{?}"
    return ""


def _name(text: str, style: str) -> str:
    if style == "word":
        if re.fullmatch(r"[A-Za-z0-9_]+", text):
            return f"\\mathrm{{{text}}}".replace("_", "\\_")
        return f"\\text{{{text}}}".replace("_", "\\_")
    if style == "bold" and text.startswith("\\"):
        return f"\\boldsymbol{{{text}}}"
    return f"{_STYLES[style]}{{{text}}}" if style else text


def _level(node: Node) -> int:
    return _LEVELS.get(type(node), _ATOM)


def _at(node: Node, level: int) -> str:
    """`node` where something that holds together at least this tightly must stand."""
    text = show(node)
    return text if _level(node) >= level else f"({text})"


def _below_above(sub: Node | None, sup: Node | None) -> str:
    return (f"_{_script(sub)}" if sub is not None else "") + (f"^{_script(sup)}" if sup is not None else "")


def _script(node: Node) -> str:
    text = _compact(node)
    bare = _ONE_TOKEN.fullmatch(text) and not isinstance(node, BigOp | Func | Dots)
    return text if bare else f"{{{text}}}"


def _compact(node: Node) -> str:
    """Scripts are written tightly: `h_{t-1}`, `W_{ij}`."""
    if isinstance(node, Product) and all(_is_letter(item) and not op for op, item in node.items):
        text = "".join(show(item) for _, item in node.items)
        numbers = any(isinstance(item, Num) for _, item in node.items[1:-1])  # `0 2 y` is not `02y`
        return text if re.fullmatch(r"\d*[A-Za-z]+\d?", text) and "e" not in text and not numbers else show(node)
    text = show(node)
    return text if "\\text" in text else re.sub(r" ([-+=<>]) (?=\S)", r"\1", text)


def _is_letter(node: Node) -> bool:
    return isinstance(node, Num) or (isinstance(node, Name) and not node.style and len(node.text) == 1)


def _scripted(node: Scripted) -> str:
    base = _at(node.base, _ATOM)
    if isinstance(node.base, Scripted | BigOp | Annotated | Empty):
        base = f"{{{base}}}"
    elif isinstance(node.base, Func) and node.base.text == "KL" and node.sub is not None:
        base = "\\mathrm{KL}"
    return base + "'" * node.primes + _below_above(node.sub, node.sup)


def _group(node: Group) -> str:
    body = show(node.body)
    if node.open == node.close and node.open in ("|", "‖"):
        clash = any(isinstance(n, Group | Grid) and node.open in (n.open, n.close) for n in walk(node.body))
        fence = _FENCES[node.open]
        return f"\\left{fence} {body} \\right{fence}" if clash else f"{fence}{body}{fence}"
    if node.open + node.close in _PAIRS:
        return f"{_FENCES[node.open]}{body}{_FENCES[node.close]}"
    return f"\\left{_FENCES[node.open].strip()} {body} \\right{_FENCES[node.close].strip()}"


def _product(node: Product) -> str:
    text = ""
    previous: Node | None = None
    for op, item in node.items:
        piece = _factor(item, bool(op))
        if op:
            text += f" {op} {piece}" if op != "/" else f" / {piece}"
        elif previous is None:
            text = piece
        else:
            text += piece if _glued(previous, item, text) else f" {piece}"
        previous = item
    return text.strip()


def _factor(item: Node, after_operator: bool) -> str:
    """A sign may stand after an operator: `a \\cdot -b`."""
    if isinstance(item, Sum) and after_operator and len(item.items) == 1 and _level(item.items[0][1]) == _ATOM:
        return show(item)
    return _at(item, _ATOM)


def _glued(previous: Node, item: Node, text: str) -> bool:
    """No space: `f(x)`, `h[i]`, `k!`."""
    if isinstance(item, Symbol) and item.text == "!":
        return True
    base = item.base if isinstance(item, Scripted) else item
    callable_like = isinstance(previous, Name | Scripted | Func | Group | BigOp | Frac)
    return isinstance(base, Group) and base.open in ("(", "[") and callable_like and not text.endswith("-")


def _sum(node: Sum) -> str:
    text = ""
    for k, (sign, item) in enumerate(node.items):
        nested = isinstance(item, Sum) and len(item.items) == 1
        piece = show(item) if nested else _at(item, _PRODUCT)
        if k == 0:
            if sign == "+" and len(node.items) > 1 and not nested:
                text = piece
            else:
                text = f"{sign}{' ' if nested or sign not in '+-' else ''}{piece}"
        else:
            text += f" {sign} {piece}"
    return text


def _relation(node: Relation) -> str:
    text = _at(node.operands[0], _BAR)
    for relation, operand in zip(node.relations, node.operands[1:], strict=True):
        text += f" {_RELATIONS.get(relation, relation)} {_at(operand, _BAR)}"
    return text.strip()


def _grid(node: Grid) -> str:
    inside = " \\\\ ".join(" & ".join(show(cell) for cell in row) for row in node.rows)
    if node.kind == "cases":
        return f"\\begin{{cases}} {inside} \\end{{cases}}"
    if node.kind == "array":
        return f"\\begin{{array}}{{}} {inside} \\end{{array}}"
    name = _MATRICES.get(node.open + node.close)
    if name:
        return f"\\begin{{{name}}} {inside} \\end{{{name}}}"
    opened, closed = _FENCES[node.open].strip(), _FENCES[node.close].strip()
    return f"\\left{opened} \\begin{{matrix}} {inside} \\end{{matrix}} \\right{closed}"
