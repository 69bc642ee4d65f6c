"""What to try on a difference that is not 0: each step gives one that is 0 only if the difference is 0 wherever
both sides are defined."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.last_resort import antisymmetric_opened, axes_written_out, moduli_opened, positions
from derivcheck.deciding.normal.lower import Lowering
from derivcheck.deciding.normal.opening import chained, folded, recurs, resolved, unfolded
from derivcheck.deciding.normal.pairs import atoms_in, cut_of, pair_of
from derivcheck.deciding.normal.peeling import peeled
from derivcheck.deciding.normal.poly import Atom, Poly, rename_poly
from derivcheck.deciding.normal.powers import multiply_out
from derivcheck.deciding.normal.shortened import ranged
from derivcheck.terms.node import Index, fresh

CLEARED = 8
MULTIPLIED = 5
LEVELS = 9
"""So many steps of unfolding and of the chain rule at most."""
RECURRENT = 3
"""What unfolding counts where a recurrence is unfolded: that never ends by itself."""
LONGEST = 150
"""A difference of more monomials is given up."""


def vanishes(lowering: Lowering, difference: Poly, levels: int = LEVELS) -> bool:
    """Whether the difference is 0 for all values, as far as the steps below can show."""
    if not difference.terms:
        return True
    algebra = lowering.algebra
    forms = [difference]
    for simpler in () if _conditional(difference) else algebraic(algebra, difference):
        if not simpler.terms:
            return True
        forms.append(simpler)
    for form in forms:
        parts = cases(algebra, form)
        if parts is not None and all(vanishes(lowering, part, levels) for part in parts):
            return True
    if levels <= 0 or len(difference) > LONGEST:
        return False
    for step in (ranged, peeled, resolved, chained, folded, unfolded):
        deeper = step(lowering, difference)
        if deeper is not None:
            cost = RECURRENT if step is unfolded and recurs(lowering, difference) else 1
            if vanishes(lowering, deeper, levels - cost):
                return True
            break
    for step in (moduli_opened, antisymmetric_opened, axes_written_out):
        deeper = step(lowering, difference)
        if deeper is not None:
            return vanishes(lowering, deeper, levels - 1)
    if levels < LEVELS:
        return False
    deeper = chained(lowering, difference, mixed=False)
    return deeper is not None and vanishes(lowering, deeper, levels - 1)


def _conditional(difference: Poly) -> bool:
    """Whether parts of the difference are there only under conditions: a denominator in them may well be 0."""
    return any(a.head[0] == "condition" for a in atoms_in(difference))


def algebraic(algebra: Algebra, difference: Poly) -> Iterator[Poly]:
    """Without denominators, without inverses at open indices: each is 0 only if the one before is."""
    cleared = without_denominators(algebra, difference)
    if cleared is not difference:
        yield cleared
    yield from without_inverses(algebra, cleared)


def cases(algebra: Algebra, difference: Poly) -> list[Poly] | None:
    """The difference for each way in which an open index of a composite axis can fall."""
    for index in sorted(difference.free, key=lambda i: i.name):
        pair = pair_of(algebra, index, atoms_in(difference))
        if pair is not None:
            return [algebra.substitute(difference, {index: pair.value})]
        cut = cut_of(algebra, index, atoms_in(difference))
        if cut is not None:
            return [algebra.substitute(difference, {index: value}) for _, value in cut]
    open_axis = positions(difference)
    if open_axis is not None:
        return [algebra.substitute(difference, {index: value}) for index, value in open_axis]
    return None


def without_denominators(algebra: Algebra, difference: Poly) -> Poly:
    """Multiplied by the compound denominators that mention no dummy of their monomials (they are not 0 where the
    sides are defined)."""
    for _ in range(CLEARED):
        worst: dict[str, tuple[Atom, Fraction]] = {}
        for _, monomial in difference:
            for atom, exponent in monomial.factors:
                if atom.head[0] == "compound" and exponent < 0 and not atom.free & set(monomial.dummies):
                    whole = Fraction(-(exponent.numerator // exponent.denominator))
                    old = worst.get(atom.key)
                    worst[atom.key] = (atom, max(whole, old[1]) if old else whole)
        if not worst:
            return difference
        atom, times = worst[min(worst)]
        difference = multiply_out(algebra, difference, atom, times)
    return difference


def without_inverses(algebra: Algebra, difference: Poly) -> Iterator[Poly]:
    """Multiplied, from the left or the right, by matrices whose inverse stands at an open index: M is invertible
    where the sides are defined, so M X = 0 only if X = 0. The greatest matrix first, then the least first."""
    for greatest in (True, False):
        left = difference
        for _ in range(MULTIPLIED):
            found = _inverse_at_open_index(left, greatest)
            if found is None:
                break
            left = _times_matrix(algebra, left, *found)
            yield left


def _inverse_at_open_index(difference: Poly, greatest: bool) -> tuple[Atom, int, Index] | None:
    """An inverse whose first or second index is open (free) in the difference."""
    found: dict[tuple, tuple[Atom, int, Index]] = {}
    for _, monomial in difference:
        for atom, _ in monomial.factors:
            if atom.head[:2] != ("operation", "inverse") or atom.free & set(monomial.dummies) - _out_free(atom):
                continue
            for position in (0, 1):
                index = atom.args[position].variable
                if index is None or index.dim is None or index not in difference.free or index in _body_free(atom):
                    continue
                found[len(atom.body[0]), atom.height, atom.key, position] = (atom, position, index)
    if not found:
        return None
    return found[max(found) if greatest else min(found)]


def _out_free(atom: Atom) -> set[Index]:
    return {i for p in atom.args for i in p.free}


def _body_free(atom: Atom) -> frozenset[Index]:
    return frozenset().union(*(p.free for p in atom.body)) - set(atom.bound)


def _times_matrix(algebra: Algebra, difference: Poly, atom: Atom, position: int, index: Index) -> Poly:
    rows, cols = atom.bound
    (body,) = atom.body
    dummy, open_index = fresh(index.name, index.dim), fresh(index.name, index.dim)
    inside = rename_poly(difference, {index: dummy})
    names = {cols: dummy, rows: open_index} if position == 0 else {rows: dummy, cols: open_index}
    matrix = rename_poly(body, names)
    product = algebra.bind(dummy, algebra.mul(matrix, inside))
    return rename_poly(product, {open_index: index})
