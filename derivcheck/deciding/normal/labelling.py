"""Keys: one string for each atom, monomial and polynomial, the same for all namings of bound indices.

Bound indices are labelled by the height of the node that binds them and a number within it; an outer node
is strictly higher than what it contains, so labels never clash. The numbers come from colour refinement,
and where that leaves dummies alike (the cycle of `tr(A^8)`), from trying one of each and keeping the least
string, as in canonical labelling of graphs (McKay, "Practical graph isomorphism", 1981).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.budget import OutOfWork
from derivcheck.terms.node import Index

if TYPE_CHECKING:
    from derivcheck.deciding.normal.poly import Atom, Factors, Monomial, Poly

LEAVES = 300
"""Labellings tried for one connected product; more symmetry than that is given up (the rung passes on)."""

Labels = Mapping[Index, str]


def poly_key(poly: Poly, labels: Labels) -> str:
    """The key where the free indices in `labels` are called so."""
    here = {i: s for i, s in labels.items() if i in poly.free}
    if not here:
        return poly.key
    keys = sorted((monomial_key(m, here), c) for c, m in poly)
    return " + ".join(f"{c}*{k}" if c != 1 else k for k, c in keys) or "0"


def atom_key(atom: Atom, labels: Labels) -> str:
    here = {i: s for i, s in labels.items() if i in atom.free}
    if not here and hasattr(atom, "key"):
        return atom.key
    if atom.index is not None:
        return here.get(atom.index, f"{atom.index.name}<{atom.index.dim}")
    args = [poly_key(p, here) for p in atom.args]
    if atom.head[-1] == "symmetric":
        args[:2] = sorted(args[:2])
    text = f"{repr(atom.head[1]) if atom.head[0] == 'symbol' else ':'.join(atom.head)}[{','.join(args)}]"
    if atom.body:
        inner = {i: s for i, s in here.items() if i not in atom.bound}
        names = [f"{atom.height}.b{n}" for n in range(len(atom.bound))]
        inner |= dict(zip(atom.bound, names, strict=True))
        binders = ",".join(f"{n}<{x.dim}" for n, x in zip(names, atom.bound, strict=True))
        text += f"{{{binders}:{';'.join(poly_key(p, inner) for p in atom.body)}}}"
    return text


def monomial_key(monomial: Monomial, labels: Labels) -> str:
    from derivcheck.deciding.normal.poly import components

    here = {i: s for i, s in labels.items() if i in monomial.free}
    if not here and hasattr(monomial, "key"):
        return monomial.key
    parts = components(monomial.dummies, monomial.factors)
    return " ".join(sorted(component_key(d, f, here, monomial.height) for d, f in parts)) or "1"


def skeleton(monomial: Monomial) -> str:
    """The key with all free indices called alike."""
    return monomial_key(monomial, dict.fromkeys(monomial.free, "?"))


def component_key(dummies: tuple[Index, ...], factors: Factors, labels: Labels, height: int) -> str:
    """The least string over the namings of `dummies` that refinement cannot tell apart."""
    if not dummies:
        return _written(factors, labels)
    colours = _refined(dict.fromkeys(dummies, 0), factors, labels)
    best: str | None = None
    leaves = 0
    stack = [colours]
    while stack:
        colours = stack.pop()
        alike = _first_alike(colours)
        if alike:
            stack.extend(_refined({**colours, x: -1}, factors, labels) for x in alike)
            continue
        leaves += 1
        if leaves > LEAVES:
            raise OutOfWork("labellings")
        named = {x: f"{height}.{n}<{x.dim}" for x, n in colours.items()}
        text = f"({_written(factors, {**labels, **named})})" if factors else f"(#{dummies[0].dim})"
        best = text if best is None or text < best else best
    assert best is not None
    return best


def _written(factors: Factors, labels: Labels) -> str:
    return ".".join(sorted(atom_key(a, labels) + ("" if e == 1 else f"^{e}") for a, e in factors))


def _first_alike(colours: Mapping[Index, int]) -> list[Index]:
    """The dummies of the first colour that several share."""
    seen: dict[int, list[Index]] = {}
    for index, colour in colours.items():
        seen.setdefault(colour, []).append(index)
    return min(((c, xs) for c, xs in seen.items() if len(xs) > 1), default=(0, []), key=lambda p: p[0])[1]


def _refined(colours: dict[Index, int], factors: Factors, labels: Labels) -> dict[Index, int]:
    """Colours refined by what each dummy's factors look like, until nothing more is told apart."""
    count = len(set(colours.values()))
    if len(colours) == 1:
        return dict.fromkeys(colours, 0)
    while True:
        marks: dict[Index, str] = {x: f"~{c}<{x.dim}" for x, c in colours.items()}
        looks: dict[Index, tuple[int, str, tuple[str, ...]]] = {}
        for x, colour in colours.items():
            mine = {**labels, **marks, x: "!" + marks[x]}
            seen = sorted(_look(a, e, mine) for a, e in factors if x in a.free)
            looks[x] = (colour, str(x.dim), tuple(seen))
        ranks = {look: n for n, look in enumerate(sorted(set(looks.values())))}
        colours = {x: ranks[looks[x]] for x in colours}
        if len(ranks) == count or len(ranks) == len(colours):
            return colours
        count = len(ranks)


def _look(atom: Atom, exponent: Fraction, labels: Labels) -> str:
    return f"{atom_key(atom, labels)}^{exponent}"
