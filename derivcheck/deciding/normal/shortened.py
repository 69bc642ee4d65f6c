"""Sums over axes that are shorter than an axis that has a name, as sums over the numbers 1, ..., n - k + 1."""

from __future__ import annotations

from derivcheck.deciding.normal.building import size_poly
from derivcheck.deciding.normal.lower import Lowering
from derivcheck.deciding.normal.poly import ONE, Atom, Poly, constant, variable
from derivcheck.deciding.normal.raws import Raw
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import fresh


def ranged(lowering: Lowering, difference: Poly) -> Poly | None:
    """The sum over an axis of length n - k + 1 as a sum in which the range is a factor: so `\\sum_i y_i` and
    `\\sum_{i=1}^{n-k+1} y_i` become one."""
    algebra = lowering.algebra
    if not any(_is_shortened(x.dim) for _, m in difference for x in m.dummies):
        return None
    raws = [Raw(c, m.dummies, m.factors) for c, m in difference]
    for n, raw in enumerate(raws):
        for index in raw.dummies:
            if index.dim is None or not _is_shortened(index.dim):
                continue
            number = fresh(index.name)
            raw = algebra.replace_raw(raw, index, variable(number), (number,))
            within = Atom(("range",), (variable(number), constant(1), size_poly(index.dim)))
            raw = Raw(raw.coefficient, raw.dummies, (*raw.factors, (within, ONE)))
        raws[n] = raw
    return algebra.settle(raws)


def _is_shortened(dim: Dim | None) -> bool:
    """A difference of sizes: sums and products of sizes are the axes of blocks and pairs."""
    return dim is not None and any(count < 0 for _, count in dim.terms)
