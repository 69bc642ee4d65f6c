"""A syntax tree as an s-expression: for tests and for looking at how something was read."""

from __future__ import annotations

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


def dump(node: Node) -> str:
    """`h_i^2 + 1` is `(+ {h _i ^2} + 1)`: names and numbers stand for themselves."""
    match node:
        case Name(text=text, style=style):
            shown = f'"{text}"' if style == "word" else text
            return f"{shown}:{style}" if style not in ("", "word") else shown
        case Num(text=text):
            return text
        case Symbol(text=text):
            return f"!{text}"
        case Func(text=text):
            return f"@{text}"
        case BigOp(text=text, sub=sub, sup=sup):
            return "(@" + text + _scripts(sub, sup, 0) + ")" if sub or sup else f"(@{text})"
        case Scripted(base=base, sub=sub, sup=sup, primes=primes):
            return "{" + dump(base) + _scripts(sub, sup, primes) + "}"
        case Accent(kind=kind, body=body):
            return f"({kind} {dump(body)})"
        case Group(open=opened, close=closed, body=body):
            return f"<{opened} {dump(body)} {closed}>"
        case Frac(num=num, den=den):
            return f"(frac {dump(num)} {dump(den)})"
        case Sqrt(body=body, degree=degree):
            return f"(sqrt {dump(body)}{' ' + dump(degree) if degree else ''})"
        case Binom(top=top, bottom=bottom):
            return f"(binom {dump(top)} {dump(bottom)})"
        case Product(items=items):
            return "(*" + "".join(f" {op} {dump(item)}" if op else f" {dump(item)}" for op, item in items) + ")"
        case Sum(items=items):
            return "(+" + "".join(f" {sign} {dump(item)}" for sign, item in items) + ")"
        case Bar(kind=kind, left=left, right=right):
            return f"(bar {dump(left)} {kind} {dump(right)})"
        case Listing(items=items, seps=seps):
            rest = "".join(f" {sep or '~'} {dump(item)}" for sep, item in zip(seps, items[1:], strict=True))
            return f"(list {dump(items[0])}{rest})"
        case Relation(operands=operands, relations=relations):
            rest = "".join(f" {rel} {dump(item)}" for rel, item in zip(relations, operands[1:], strict=True))
            return f"(rel {dump(operands[0])}{rest})"
        case Grid(kind=kind, rows=rows, open=opened, close=closed):
            inside = " / ".join(" & ".join(dump(cell) for cell in row) for row in rows)
            return f"({kind}{opened}{closed} {inside})"
        case Words(text=text):
            return f"'{text}'"
        case Dots():
            return "..."
        case Annotated(body=body, note=note):
            return f"(note {dump(body)} '{note}')"
        case Empty():
            return "()"
        case Broken(expected=expected):
            return f"(BROKEN {expected})"
    return f"?{type(node).__name__}"


def _scripts(sub: Node | None, sup: Node | None, primes: int) -> str:
    text = " " + "'" * primes if primes else ""
    text += f" _{dump(sub)}" if sub is not None else ""
    return text + (f" ^{dump(sup)}" if sup is not None else "")
