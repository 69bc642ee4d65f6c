"""Names for what a proof needs and excepts, as a person reads them."""

from __future__ import annotations

from derivcheck.deciding.normal.poly import Atom, Poly
from derivcheck.terms.model import Claim


def name_of(claim: Claim) -> str:
    """An assumption by the symbols that it is about."""
    symbols = sorted(claim.left.body.symbols | claim.right.body.symbols)
    return f"assumption on {', '.join(symbols)}" if symbols else "assumption"


def show_poly(poly: Poly) -> str:
    """A polynomial in a few characters, for side conditions."""
    text = poly.key
    return text if len(text) <= 60 else text[:57] + "..."


def show_atom(atom: Atom) -> str:
    return show_poly(atom.args[0]) if atom.head[0] == "compound" else atom.key
