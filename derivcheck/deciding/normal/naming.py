"""Names for what a proof needs and excepts, as LaTeX that a person reads."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.deciding.normal.poly import Atom, Monomial, Poly
from derivcheck.terms.model import Claim

LONGEST = 80
"""A side condition longer than this is only named as such."""


def name_of(claim: Claim) -> str:
    """An assumption by the symbols that it is about."""
    symbols = sorted(claim.left.body.symbols | claim.right.body.symbols)
    return f"assumption on {', '.join(symbols)}" if symbols else "assumption"


def equation(left: Poly, right: Poly) -> str:
    """An assumed equality as LaTeX; empty where it is long."""
    text = f"{show_poly(left)} = {show_poly(right)}"
    return text if len(text) <= LONGEST else ""


def show_poly(poly: Poly) -> str:
    """A polynomial as LaTeX."""
    words: list[str] = []
    for coefficient, monomial in poly:
        body = _monomial(monomial)
        size = abs(coefficient)
        number = "" if size == 1 and body else _number(size)
        words += ["-" if coefficient < 0 else "+", f"{number} {body}".strip()]
    text = " ".join(words) or "0"
    return text[2:] if text.startswith("+ ") else text


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"\\frac{{{value.numerator}}}{{{value.denominator}}}"


def _monomial(monomial: Monomial) -> str:
    sums = "".join(f"\\sum_{{{_index(x.name)}}} " for x in monomial.dummies)
    plain = [(a, e) for a, e in monomial.factors if a.head[0] != "range"]
    return sums + " ".join(_power(show_atom(a), e) for a, e in plain)


def _power(base: str, exponent: Fraction) -> str:
    if exponent == 1:
        return base
    inside = base if len(base) == 1 else f"\\left({base}\\right)"
    return f"{inside}^{{{exponent}}}"


def _index(name: str) -> str:
    return name.split("#")[0]


def show_atom(atom: Atom) -> str:
    """An atom as LaTeX."""
    if atom.index is not None:
        return _index(atom.index.name)
    args = [show_poly(p) for p in atom.args]
    kind = atom.head[0]
    if kind == "symbol":
        return f"{atom.head[1]}_{{{', '.join(args)}}}" if args else atom.head[1]
    if kind in ("size", "number", "constant"):
        return atom.head[1]
    if kind == "compound":
        return args[0]
    if kind == "operation":
        inside = show_poly(atom.body[0])
        return f"\\operatorname{{{atom.head[1]}}}\\left({inside}\\right)" + (f"_{{{', '.join(args)}}}" if args else "")
    name = atom.head[1] if len(atom.head) > 1 else kind
    return f"\\operatorname{{{name}}}\\left({', '.join(args)}\\right)"


def vanishing(atom: Atom) -> str:
    """The side condition that an atom may not vanish, said as where it does."""
    text = show_atom(atom)
    return f"{text} = 0" if len(text) <= LONGEST else "a denominator is 0"
