"""Canonical names: how a symbol is called, whatever spaces, braces and bold it was written with."""

from __future__ import annotations

from derivcheck.language.parsing.syntax import (
    Accent,
    Annotated,
    Bar,
    BigOp,
    Empty,
    Frac,
    Func,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
    Sum,
    Symbol,
    Words,
)

_STYLED = {"cal": "\\mathcal", "bb": "\\mathbb", "frak": "\\mathfrak"}


def join(parts: list[str]) -> str:
    """Pieces of LaTeX side by side: a space only where a command would swallow the next letter."""
    out = ""
    for part in parts:
        if out and part and part[0].isalpha():
            command = out.rfind("\\")
            if command >= 0 and out[command + 1 :].isalpha():
                out += " "
        out += part
    return out


def script(text: str) -> str:
    """A script in braces, unless it is one character or one command."""
    one = len(text) == 1 or (text.startswith("\\") and text[1:].isalpha())
    return text if one else f"{{{text}}}"


def canonical(node: Node, bold: bool = False) -> str | None:
    """The canonical name (or index text) of a node, None where it is not name-like.

    `bold`: keep boldness (only for a letter that is declared both ways)."""
    match node:
        case Name(text=text, style=style):
            if style in _STYLED:
                return f"{_STYLED[style]}{{{text}}}"
            return f"\\mathbf{{{text}}}" if bold and style == "bold" else text
        case Num(text=text) | Words(text=text):
            return text
        case Func(text=text) | Symbol(text=text) | BigOp(text=text, sub=None, sup=None):
            return text
        case Empty():
            return ""
        case Annotated(body=body):
            return canonical(body, bold)
        case Accent(kind=kind, body=body):
            inner = canonical(body, bold)
            if inner is None:
                return None
            if kind in ("vec", "underline"):
                return inner
            return (
                f"\\{kind}{{{inner}}}" if len(inner) > 1 and not inner.startswith("\\") else join([f"\\{kind}", inner])
            )
        case Scripted(base=base, sub=sub, sup=sup, primes=primes):
            return _scripted(canonical(base, bold), sub, sup, primes)
        case Group(open=opened, close=closed, body=body):
            inner = canonical(body, bold)
            return None if inner is None else f"{opened}{inner}{closed}"
        case Product(items=items):
            return _glued([(op, canonical(item, bold)) for op, item in items])
        case Sum(items=items):
            pairs = [(sign, canonical(item, bold)) for sign, item in items]
            return _glued([("" if k == 0 and s == "+" else s, t) for k, (s, t) in enumerate(pairs)])
        case Listing(items=items, seps=seps):
            marks = ["", *(";" if sep == ";" else "," for sep in seps)]
            return _glued([(mark, canonical(item, bold)) for mark, item in zip(marks, items, strict=True)])
        case Bar(kind=kind, left=left, right=right):
            return _glued([("", canonical(left, bold)), (kind, canonical(right, bold))])
        case Relation(operands=operands, relations=relations):
            return _glued(list(zip(["", *relations], (canonical(o, bold) for o in operands), strict=True)))
        case Frac(num=num, den=den):
            top, bottom = canonical(num, bold), canonical(den, bold)
            return None if top is None or bottom is None else f"\\frac{{{top}}}{{{bottom}}}"
    return None


def _scripted(base: str | None, sub: Node | None, sup: Node | None, primes: int) -> str | None:
    below = canonical(sub) if sub is not None else None
    above = canonical(sup) if sup is not None else None
    if base is None or (sub is not None and below is None) or (sup is not None and above is None):
        return None
    text = base
    if below is not None:
        text += "_" + script(below)
    if above is not None:
        text += "^" + script(above)
    return text + "'" * primes


def _glued(pairs: list[tuple[str, str | None]]) -> str | None:
    parts: list[str] = []
    for op, text in pairs:
        if text is None:
            return None
        parts += [op, text] if op else [text]
    return join(parts)


def is_number_set(node: Node) -> bool:
    """Whether a letter is a set of numbers: `\\mathbb{R}`, and as many type it `\\mathbf{R}` or `R`; a letter Z or N in
    plain may be a set of its own."""
    if not isinstance(node, Name):
        return False
    return node.style == "bb" or (node.text == "R" and node.style in ("", "bold")) or (
        node.text in ("Z", "N") and node.style == "bold"
    )
