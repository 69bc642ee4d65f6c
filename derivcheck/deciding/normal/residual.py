"""What to try on a difference that is not 0: each step gives one that is 0 only if the difference is 0 wherever
both sides are defined."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.deciding.normal.algebra import Algebra
from derivcheck.deciding.normal.lower import Lowering
from derivcheck.deciding.normal.pairs import atoms_in, cut_of, pair_of
from derivcheck.deciding.normal.poly import Atom, Poly, constant, of_atom, rename_poly
from derivcheck.deciding.normal.powers import multiply_out
from derivcheck.terms import node as n
from derivcheck.terms.node import Index, fresh
from derivcheck.terms.unfold import depends, unfold

CLEARED = 8
MULTIPLIED = 5
LEVELS = 6
"""Definitions are unfolded so many times at most."""


def vanishes(lowering: Lowering, difference: Poly, levels: int = LEVELS) -> bool:
    """Whether the difference is 0 for all values, as far as the steps below can show."""
    if not difference.terms:
        return True
    algebra = lowering.algebra
    forms = [difference]
    for simpler in algebraic(algebra, difference):
        if not simpler.terms:
            return True
        forms.append(simpler)
    for form in forms:
        parts = cases(algebra, form)
        if parts is not None and all(vanishes(lowering, part, levels) for part in parts):
            return True
    deeper = unfolded(lowering, difference) if levels else None
    return deeper is not None and vanishes(lowering, deeper, levels - 1)


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


# Unfolding -----------------------------------------------------------------------------------------------------


def unfolded(lowering: Lowering, difference: Poly) -> Poly | None:
    """The difference with the names that come last (no other name in it is computed from them) replaced by their
    definitions; None when there are none."""
    algebra, model = lowering.algebra, lowering.algebra.facts.model
    present = {a.head[1] for a in atoms_in(difference) if a.head[0] == "symbol"}
    present |= {s for a in atoms_in(difference) if a.head[0] == "derivative" for s in _derivative_symbols(a)}
    defined = {s for s in present if (d := model.declarations.get(s)) is not None and d.definitions}
    last = {s for s in defined if not any(s in depends(model, t) and t != s and s not in _twins(model, s, t) for t in defined)}
    for chosen in (last, defined):
        if not chosen:
            continue
        new = _Unfolding(lowering, frozenset(chosen)).poly(difference)
        if new.key != difference.key:
            return new
    del algebra
    return None


def _twins(model, s: str, t: str) -> set[str]:
    """s and t that depend on each other (a state and its activation) count as equally late."""
    return {s} if t in depends(model, s) and s in depends(model, t) else set()


def _derivative_symbols(atom: Atom) -> set[str]:
    return {a.head[1] for p in atom.args for a in atoms_in(p) if a.head[0] == "symbol"}


class _Unfolding:
    """One level of unfolding of some symbols, everywhere in a polynomial."""

    def __init__(self, lowering: Lowering, symbols: frozenset[str]) -> None:
        self.lowering, self.algebra, self.symbols = lowering, lowering.algebra, symbols

    def poly(self, poly: Poly) -> Poly:
        from derivcheck.deciding.normal.algebra import Raw

        parts = [constant(0)]
        for coefficient, monomial in poly:
            if not any(self.touches(a) for a, _ in monomial.factors):
                parts.append(Poly.of([(coefficient, monomial)]))
                continue
            plain = tuple(f for f in monomial.factors if not self.touches(f[0]))
            raws = [Raw(coefficient, monomial.dummies, plain)]
            for atom, exponent in monomial.factors:
                if self.touches(atom):
                    value = self.algebra.power(self.atom(atom), exponent)
                    raws = [new for r in raws for new in self.algebra.times(r, value)]
            parts.append(self.algebra.settle(raws))
        return self.algebra.add(*parts)

    def touches(self, atom: Atom) -> bool:
        if atom.head[0] in ("symbol", "derivative") and atom.head[1] in self.symbols:
            return True
        if atom.head[0] == "derivative":
            return True
        return any(self.touches(a) for p in (*atom.args, *atom.body) for _, m in p for a, _ in m.factors)

    def atom(self, atom: Atom) -> Poly:
        from derivcheck.deciding.normal.building import plain, rebuild

        if atom.head[0] == "derivative":
            return self.derivative(atom)
        args = tuple(self.poly(p) for p in atom.args)
        if atom.head[0] == "symbol" and atom.head[1] in self.symbols:
            return self.entry(Atom(atom.head, args))
        body = tuple(self.poly(p) for p in atom.body)
        return plain(rebuild(self.algebra, Atom(atom.head, args, atom.bound, body)))

    def entry(self, atom: Atom) -> Poly:
        entry = integer_entry(atom)
        definition = None if entry is None else unfold(entry, self.algebra.facts.model)
        if definition is None or (isinstance(definition, n.Cases) and definition.otherwise is entry and self.loops(definition)):
            return of_atom(atom)
        return self.lowering(definition)

    def loops(self, definition: n.Cases) -> bool:
        """Whether it is not known that a branch of the definition applies."""
        left = constant(1)
        for condition, _ in definition.branches:
            left = self.algebra.mul(left, self.algebra.sub(constant(1), self.lowering(condition)))
        return bool(left.terms)

    def derivative(self, atom: Atom) -> Poly:
        from derivcheck.terms.differentiate import resolve_entry

        term = derivative_term(atom, self.algebra.facts.model)
        if term is None or not isinstance(term.body, n.Entry):
            return of_atom(atom)
        resolved = resolve_entry(term, self.algebra.facts.model)
        return of_atom(atom) if resolved == term else self.lowering(resolved)


def derivative_term(atom: Atom, model) -> n.Derivative | None:
    """An opaque derivative as the term that it stands for."""
    _, wrt, mode, *held = atom.head
    args = [integer_term(p) for p in atom.args[:-1]]
    body_atom = atom.args[-1].single
    body = integer_entry(body_atom) if body_atom is not None and body_atom.head[0] == "symbol" else None
    if body is None or any(a is None for a in args):
        return None
    terms = [a for a in args if a is not None]
    count = _arity(model, wrt)
    entry, rest = n.Entry(wrt, tuple(terms[:count])), terms[count:]
    held_entries = []
    for name in held:
        name, _, size = name.rpartition("/")
        held_entries.append(n.Entry(name, tuple(rest[: int(size)])))
        rest = rest[int(size) :]
    return n.Derivative(body, entry, tuple(held_entries), mode == "immediate", tuple(rest))


def _arity(model, symbol: str) -> int:
    declaration = model.declarations[symbol]
    return len(declaration.family) + len(declaration.shape)


def integer_entry(atom: Atom) -> n.Entry | None:
    indices = [integer_term(p) for p in atom.args]
    if any(i is None for i in indices):
        return None
    return n.Entry(atom.head[1], tuple(i for i in indices if i is not None))


def integer_term(poly: Poly) -> n.Term | None:
    """A polynomial in sizes, indices and integer symbols as a term."""
    from derivcheck.terms.build import add, mul, number, power
    from derivcheck.terms.dim import Dim

    parts = []
    for coefficient, monomial in poly:
        if monomial.dummies:
            return None
        factors: list[n.Term] = []
        for atom, exponent in monomial.factors:
            if atom.index is not None:
                base: n.Term | None = n.Var(atom.index)
            elif atom.head[0] == "size":
                base = n.Size(Dim.named(atom.head[1]))
            elif atom.head[0] == "symbol":
                base = integer_entry(atom)
            else:
                base = None
            if base is None:
                return None
            factors.append(power(base, number(exponent)))
        parts.append(mul(number(coefficient), *factors))
    return add(*parts)


