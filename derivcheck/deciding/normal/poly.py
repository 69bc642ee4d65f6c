"""The values of the normal form: polynomials over index notation, for symbolic dimensions.

    Poly      a sum of monomials with rational coefficients
    Monomial  \\sum over its dummies of a product of atoms with rational exponents
    Atom      one number: an entry of a symbol, a delta, a function of polynomials, an inverse, ...

A dummy with a `dim` runs over that axis; a dummy without one is an integer and its monomial has a factor
`range(x, lower, upper)` that says where it runs. All values are immutable; equality of polynomials is
equality of their keys (labelling.py), which do not depend on the names of bound indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from derivcheck.terms.node import Index, fresh

ONE = Fraction(1)


class Atom:
    """`head` names the operation (its first word selects the rules), `args` are polynomials; `bound` are
    indices bound in `body` (the matrix of an inverse, the factor of an ordered product). `index` is the
    index of a head `index` atom (an integer variable). A head that ends in 'symmetric' may swap args 0, 1."""

    __slots__ = ("args", "body", "bound", "free", "head", "height", "index", "key")

    def __init__(
        self,
        head: tuple[str, ...],
        args: tuple[Poly, ...] = (),
        bound: tuple[Index, ...] = (),
        body: tuple[Poly, ...] = (),
        index: Index | None = None,
    ) -> None:
        self.head, self.args, self.bound, self.body, self.index = head, args, bound, body, index
        free: set[Index] = set() if index is None else {index}
        for poly in body:
            free |= poly.free
        free -= set(bound)
        for poly in args:
            free |= poly.free
        self.free = frozenset(free)
        inner = max((p.height for p in (*args, *body)), default=0)
        self.height: int = inner + 1 if bound else inner
        from derivcheck.deciding.normal.labelling import atom_key

        self.key: str = atom_key(self, {})

    def __repr__(self) -> str:
        return self.key


Factors = tuple[tuple[Atom, Fraction], ...]


class Monomial:
    """The sum over `dummies` of the product of `factors`."""

    __slots__ = ("dummies", "factors", "free", "height", "key")

    def __init__(self, dummies: tuple[Index, ...], factors: Factors) -> None:
        self.dummies, self.factors = dummies, factors
        free: set[Index] = set()
        for atom, _ in factors:
            free |= atom.free
        self.free = frozenset(free - set(dummies))
        inner = max((a.height for a, _ in factors), default=0)
        self.height: int = inner + 1 if dummies else inner
        from derivcheck.deciding.normal.labelling import monomial_key

        self.key: str = monomial_key(self, {})

    def __repr__(self) -> str:
        return self.key


class Poly:
    """A sum of monomials, keyed by their keys; made by `Poly.of` (which only merges) or by the Algebra."""

    __slots__ = ("free", "height", "key", "terms")

    def __init__(self, terms: Mapping[str, tuple[Fraction, Monomial]]) -> None:
        self.terms = terms
        self.free: frozenset[Index] = frozenset().union(*(m.free for _, m in terms.values()))
        self.height: int = max((m.height for _, m in terms.values()), default=0)
        self.key: str = " + ".join(f"{c}*{k}" if c != 1 else k for k, (c, _) in sorted(terms.items())) or "0"

    @staticmethod
    def of(pairs: Iterable[tuple[Fraction, Monomial]]) -> Poly:
        terms: dict[str, tuple[Fraction, Monomial]] = {}
        for coefficient, monomial in pairs:
            old = terms.get(monomial.key)
            total = coefficient + (old[0] if old else 0)
            if total:
                terms[monomial.key] = (total, monomial)
            else:
                terms.pop(monomial.key, None)
        return Poly(terms)

    def __iter__(self) -> Iterator[tuple[Fraction, Monomial]]:
        return iter(self.terms.values())

    def __len__(self) -> int:
        return len(self.terms)

    def __repr__(self) -> str:
        return self.key

    @property
    def number(self) -> Fraction | None:
        """The value of a constant polynomial, else None."""
        if not self.terms:
            return Fraction(0)
        if len(self.terms) == 1:
            coefficient, monomial = next(iter(self.terms.values()))
            if not monomial.factors and not monomial.dummies:
                return coefficient
        return None

    @property
    def variable(self) -> Index | None:
        """The index of a polynomial that is just one integer variable, else None."""
        single = self.single
        return None if single is None else single.index

    @property
    def single(self) -> Atom | None:
        """The atom of a polynomial that is just one atom, else None."""
        if len(self.terms) == 1:
            coefficient, monomial = next(iter(self.terms.values()))
            if coefficient == 1 and not monomial.dummies and len(monomial.factors) == 1:
                atom, exponent = monomial.factors[0]
                return atom if exponent == 1 else None
        return None

    def lead(self) -> tuple[Fraction, Monomial]:
        """A distinguished monomial: the one of the greatest degree, then the greatest key, names of free indices
        coming last (so that renaming them seldom changes the choice)."""
        from derivcheck.deciding.normal.labelling import skeleton

        return max(self.terms.values(), key=lambda t: (degree(t[1]), skeleton(t[1]), t[1].key))


ZERO = Poly({})


def degree(monomial: Monomial) -> Fraction:
    """Its total degree, roots and denominators included."""
    return sum((e for _, e in monomial.factors), Fraction(0))


_constants: dict[Fraction, Poly] = {}


def constant(value: int | Fraction) -> Poly:
    value = Fraction(value)
    if value not in _constants:
        _constants[value] = Poly.of([(value, Monomial((), ()))]) if value else ZERO
    return _constants[value]


def of_atom(atom: Atom, exponent: Fraction = ONE) -> Poly:
    """The atom as a polynomial, no rule applied."""
    return Poly.of([(ONE, Monomial((), ((atom, exponent),)))])


def variable(index: Index) -> Poly:
    """The integer value of an index."""
    return of_atom(Atom(("index",), index=index))


# Renaming of indices ---------------------------------------------------------------------------------------


def rename_poly(poly: Poly, names: Mapping[Index, Index]) -> Poly:
    """Free indices renamed, injectively to names that occur nowhere in `poly` or to ones whose meeting needs
    no rule; bound ones stay apart."""
    here = {i: j for i, j in names.items() if i in poly.free and i != j}
    if not here:
        return poly
    return Poly.of((c, rename_monomial(m, here)) for c, m in poly)


def rename_monomial(monomial: Monomial, names: Mapping[Index, Index]) -> Monomial:
    here = {i: j for i, j in names.items() if i in monomial.free}
    if not here:
        return monomial
    if set(monomial.dummies) & set(here.values()):
        monomial = rename_dummies(monomial)
    return Monomial(monomial.dummies, tuple((rename_atom(a, here), e) for a, e in monomial.factors))


def rename_dummies(monomial: Monomial) -> Monomial:
    """The same monomial over fresh dummies."""
    names = {x: fresh(x.name, x.dim) for x in monomial.dummies}
    factors = tuple((rename_atom(a, names), e) for a, e in monomial.factors)
    return Monomial(tuple(names.values()), factors)


def rename_atom(atom: Atom, names: Mapping[Index, Index]) -> Atom:
    here = {i: j for i, j in names.items() if i in atom.free}
    if not here:
        return atom
    if set(atom.bound) & set(here.values()):
        atom = freshened(atom)
    args = tuple(rename_poly(p, here) for p in atom.args)
    inner = {i: j for i, j in here.items() if i not in atom.bound}
    body = tuple(rename_poly(p, inner) for p in atom.body)
    return Atom(atom.head, args, atom.bound, body, here.get(atom.index) if atom.index else None)


def freshened(atom: Atom) -> Atom:
    """The same atom over fresh bound indices."""
    names = {x: fresh(x.name, x.dim) for x in atom.bound}
    return Atom(atom.head, atom.args, tuple(names.values()), tuple(rename_poly(p, names) for p in atom.body))


# Parts of a product ----------------------------------------------------------------------------------------


def components(dummies: Iterable[Index], factors: Factors) -> list[tuple[tuple[Index, ...], Factors]]:
    """The connected parts of a product: factors that share a dummy belong together."""
    bound = set(dummies)
    groups: list[tuple[set[Index], list[tuple[Atom, Fraction]]]] = []
    for atom, exponent in factors:
        mine = set(atom.free & bound)
        touching = [g for g in groups if g[0] & mine]
        merged = (mine.union(*(g[0] for g in touching)), [f for g in touching for f in g[1]] + [(atom, exponent)])
        groups = [g for g in groups if not any(g is t for t in touching)] + [merged]
    order = {x: n for n, x in enumerate(dummies)}
    unused = [((x,), ()) for x in dummies if not any(x in g[0] for g in groups)]
    return [*((tuple(sorted(g[0], key=order.__getitem__)), tuple(g[1])) for g in groups), *unused]
