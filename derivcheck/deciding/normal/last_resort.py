"""Rewritings that make a difference longer, tried when nothing else is left: absolute values as cases, antisymmetric
matrices as differences, axes of a given small length written out."""

from __future__ import annotations

from derivcheck.deciding.normal.conditions import compare
from derivcheck.deciding.normal.lower import Lowering
from derivcheck.deciding.normal.opening import opened
from derivcheck.deciding.normal.poly import Atom, Poly, constant, of_atom
from derivcheck.deciding.normal.raws import Raw

AXIS = 4
"""Axes of at most so many positions are written out."""


def moduli_opened(lowering: Lowering, difference: Poly) -> Poly | None:
    """|u| = u (2 [u > 0] - 1)."""
    algebra = lowering.algebra

    def opener(atom: Atom) -> Poly | None:
        if atom.head != ("function", "abs"):
            return None
        (inside,) = atom.args
        sign = algebra.sub(algebra.scale(compare(algebra, ">", inside), 2), constant(1))
        return algebra.mul(inside, sign)

    return opened(lowering, difference, opener)


def antisymmetric_opened(lowering: Lowering, difference: Poly) -> Poly | None:
    """An antisymmetric A is (B - B^T) / 2 for some B (for B = A)."""
    algebra = lowering.algebra

    def opener(atom: Atom) -> Poly | None:
        if atom.head[0] != "symbol" or atom.head[1] not in algebra.facts.antisymmetric or len(atom.args) != 2:
            return None
        algebra.needs.add(f"{atom.head[1]} antisymmetric")
        head = ("symbol", f"half {atom.head[1]}")
        return algebra.sub(of_atom(Atom(head, atom.args)), of_atom(Atom(head, atom.args[::-1])))

    return opened(lowering, difference, opener)


def axes_written_out(lowering: Lowering, difference: Poly) -> Poly | None:
    """Sums over axes of a given small length as sums of their terms."""
    algebra = lowering.algebra
    raws = [Raw(c, m.dummies, m.factors) for c, m in difference]
    changed = False
    done: list[Raw] = []
    while raws:
        raw = raws.pop()
        index = next((x for x in raw.dummies if x.dim is not None and 0 < (x.dim.number or 0) <= AXIS), None)
        if index is None:
            done.append(raw)
            continue
        changed = True
        assert index.dim is not None and index.dim.number is not None
        raws.extend(algebra.replace_raw(raw, index, constant(k + 1)) for k in range(index.dim.number))
    return algebra.settle(done) if changed else None


def positions(difference: Poly) -> list[tuple] | None:
    """An open index of an axis of a given small length, with its positions."""
    for index in sorted(difference.free, key=lambda i: i.name):
        if index.dim is not None and 0 < (index.dim.number or 0) <= AXIS:
            return [(index, constant(k + 1)) for k in range(index.dim.number or 0)]
    return None
