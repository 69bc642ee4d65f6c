"""Rules of products with inverses and powers of matrices."""

from __future__ import annotations

from derivcheck.deciding.normal.algebra import Algebra, Rule, poly_of
from derivcheck.deciding.normal.conditions import delta
from derivcheck.deciding.normal.matching import find
from derivcheck.deciding.normal.matrices import operation
from derivcheck.deciding.normal.pairs import is_plain, parts_of
from derivcheck.deciding.normal.poly import Atom, Poly, constant, degree, of_atom, rename_poly, variable
from derivcheck.deciding.normal.raws import Raw
from derivcheck.terms.node import Index, fresh


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
    match = find(algebra, lead, frozenset({outer}), rest, {inner: variable(index)}, frozenset({inner}))
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
        _, monomial = term
        identity = any(a.head[0] == "delta" for a, _ in monomial.factors)
        from derivcheck.deciding.normal.labelling import skeleton

        return (not identity, degree(monomial), skeleton(monomial), monomial.key)

    return max(matrix, key=rank)


def pairs_apart(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """A sum over an axis of pairs, where the pair is looked into (div, mod), is a sum over both of its members;
    one over a composite axis that is compared with a part of it is a sum over both parts."""
    for index in raw.dummies:
        if index.dim is None or is_plain(index.dim):
            continue
        parts = parts_of(algebra, index, poly_of(raw))
        if parts is not None:
            return [algebra.replace_raw(raw, index, value, names) for names, value in parts]
    return None


def powers(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """M^a M^b = M^{a+b} and M^a M = M^{a+1}, for powers with exponents that are not numbers."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[:2] != ("operation", "power") or exponent != 1:
            continue
        for side in (0, 1):
            new = _power_side(algebra, raw, n, atom, side)
            if new is not None:
                return new
    return None


def _power_side(algebra: Algebra, raw: Raw, n: int, atom: Atom, side: int) -> list[Raw] | None:
    index = atom.args[side].variable
    if index not in raw.dummies or index in atom.args[1 - side].free or raw.uses(index) != 2:
        return None
    rest = Raw(raw.coefficient, raw.dummies, raw.without(n))
    symmetric = atom.head[-1] == "symmetric"
    for k, (other, e) in enumerate(rest.factors):
        if e != 1 or index not in other.free:
            continue
        for role in (side, 1 - side) if symmetric else (side,):
            step = _same_base(algebra, atom, other, index, role)
            if step is None:
                continue
            far, times = step
            ends = (far, atom.args[1 - side]) if side == 0 else (atom.args[1 - side], far)
            total = algebra.add(atom.args[2], times)
            made = operation(algebra, Atom(atom.head[:2], (*ends, total), atom.bound, atom.body))
            left = tuple(f for m, f in enumerate(rest.factors) if m != k)
            dummies = tuple(x for x in raw.dummies if x != index)
            return algebra.times(Raw(raw.coefficient, dummies, left), _poly(made))
    return None


def _same_base(algebra: Algebra, atom: Atom, other: Atom, index: Index, role: int) -> tuple[Poly, Poly] | None:
    """The far end of a neighbour M^b or M that meets a power of M at `index`, and its exponent."""
    near = 1 - role  # at args[0] of the power a factor (z, index) meets it, at args[1] one (index, z)
    if other.head[:2] == ("operation", "power"):
        same = (
            Atom(other.head[:2], (), other.bound, other.body).key == Atom(atom.head[:2], (), atom.bound, atom.body).key
        )
        for position in (near, 1 - near) if other.head[-1] == "symmetric" else (near,):
            if same and other.args[position].variable == index:
                return other.args[1 - position], other.args[2]
        return None
    rows, cols = atom.bound
    (body,) = atom.body
    single = body.single
    if single is None or single.head != other.head or len(other.args) != 2:
        return None
    ends = [p.variable for p in single.args]
    if set(ends) != {rows, cols}:
        return None
    where = ends.index(cols if near == 1 else rows)
    for position in (where, 1 - where) if other.head[-1] == "symmetric" else (where,):
        if other.args[position].variable == index and index not in other.args[1 - position].free:
            return other.args[1 - position], constant(1)
    return None


def orthogonal_determinants(algebra: Algebra, raw: Raw) -> list[Raw] | None:
    """det(Q)^2 = 1 for an orthogonal Q."""
    for n, (atom, exponent) in enumerate(raw.factors):
        if atom.head[:2] != ("operation", "det") or exponent.denominator != 1 or exponent == 1:
            continue
        single = atom.body[0].single
        if single is not None and single.head[0] == "symbol" and single.head[1] in algebra.facts.orthogonal:
            algebra.needs.add(f"{single.head[1]} orthogonal")
            rest = ((atom, exponent % 2),) if exponent % 2 else ()
            return [Raw(raw.coefficient, raw.dummies, raw.without(n) + rest)]
    return None


MATRIX_RULES: tuple[Rule, ...] = (
    Rule("inverses", inverses, ("operation",)),
    Rule("orthogonal determinants", orthogonal_determinants, ("operation",)),
    Rule("matrix powers", powers, ("operation",)),
    Rule("pairs and blocks", pairs_apart),
)
