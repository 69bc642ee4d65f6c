"""Rules of products with inverses and powers of matrices."""

from __future__ import annotations

from derivcheck.deciding.normal.algebra import Algebra, Raw, Rule
from derivcheck.deciding.normal.conditions import delta
from derivcheck.deciding.normal.matching import find
from derivcheck.deciding.normal.poly import Atom, Monomial, Poly, degree, of_atom, rename_poly, variable
from derivcheck.terms.node import fresh


def inverses(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """With M = c L + R: \\sum_x L(z, x) M^{-1}(x, y) = (delta(z, y) - \\sum_x R(z, x) M^{-1}(x, y)) / c, and the same
    from the right. For a single symbol, L = M: X X^{-1} = I."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[:2] != ("operation", "inverse") or exponent != 1:
            continue
        for side in (0, 1):
            new = _inverse_side(algebra, raw, n, atom, side, side)
            if new is None and atom.head[-1] == "symmetric":
                new = _inverse_side(algebra, raw, n, atom, side, 1 - side)
            if new is not None:
                return new
    return None


def _inverse_side(algebra: Algebra, raw: Raw, n: int, atom: Atom, side: int, role: int) -> list[Raw] | None:
    """The index at args[side] is summed against the columns (role 0) or the rows (role 1) of the matrix."""
    index = atom.args[side].variable
    if index not in raw.dummies or index in atom.args[1 - side].free:
        return None
    (body,) = atom.body
    if index in body.free:
        return None
    names = {x: fresh(x.name, x.dim) for x in atom.bound}
    matrix = rename_poly(body, names)
    rows, cols = names.values()
    inner, outer = (cols, rows) if role == 0 else (rows, cols)
    coefficient, lead = _lead(matrix)
    rest = Raw(raw.coefficient, raw.dummies, raw.without(n))
    match = find(
        algebra, lead, frozenset({outer}), rest, {inner: variable(index)}, frozenset({inner})
    )
    if match is None or outer not in match.binding:
        return None
    other = atom.args[1 - side]
    left = Raw(raw.coefficient / coefficient, match.dummies, match.rest)
    without_index = Raw(left.coefficient, tuple(x for x in left.dummies if x != index), left.factors)
    identity = delta(algebra, match.binding[outer], other)
    remainder = Poly.of((-c, m) for c, m in matrix if m.key != lead.key)
    remainder = algebra.substitute(remainder, {outer: match.binding[outer], inner: variable(index)})
    kept = Raw(left.coefficient, left.dummies, (*left.factors, (atom, raw.factors[n][1])))
    return algebra.times(without_index, _poly(identity)) + algebra.times(kept, remainder)


def _poly(value: Atom | Poly) -> Poly:
    return value if isinstance(value, Poly) else of_atom(value)


def _lead(matrix: Poly):
    """The monomial to rewrite: of the highest degree, rather not a multiple of the identity."""

    def rank(term):
        coefficient, monomial = term
        identity = any(a.head[0] == "delta" for a, _ in monomial.factors)
        from derivcheck.deciding.normal.labelling import skeleton

        return (not identity, degree(monomial), skeleton(monomial), monomial.key)

    return max(matrix, key=rank)


MATRIX_RULES: tuple[Rule, ...] = (Rule("inverses", inverses, ("operation",)),)

__all__ = ["MATRIX_RULES", "Monomial"]
