"""Arithmetic on polynomials: every product is brought to normal form by a table of rules.

An `Algebra` belongs to one decision: it knows the facts that the givens supply (facts.py), counts the work,
applies the rules (`Rule` values, in rules.py and its neighbours) to each monomial until none applies, and
notes which assumptions and side conditions were used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.normal.facts import Facts
from derivcheck.deciding.normal.poly import (
    ONE,
    Atom,
    Monomial,
    Poly,
    constant,
    freshened,
    rename_dummies,
)
from derivcheck.deciding.normal.raws import Raw
from derivcheck.record import dataclass, field
from derivcheck.terms.node import Index

KEY_LENGTH = 32
"""Large atoms cost more: naming their indices anew writes their keys again. So many signs of a key are one rewrite."""
NUMBER_BITS = 4096
"""Coefficients longer than this are not computed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rewriting of one product into an equal sum of products; None where it does not apply.

    heads: first words of the atoms that can set it off ((): any). sample: a few terms (as makers) on which it
    acts, which the tests evaluate before and after."""

    name: str
    apply: Callable[[Algebra, Raw], list[Raw] | None]
    heads: tuple[str, ...] = ()


@dataclass
class Algebra:
    """One decision's arithmetic. `needs`: assumptions used; `excepted`: where a side may be undefined."""

    facts: Facts
    work: Work
    rules: Sequence[Rule] = ()
    needs: set[str] = field(default_factory=set)
    excepted: set[str] = field(default_factory=set)

    @contextmanager
    def knowing(self, facts: Facts) -> Iterator[None]:
        """With other facts, for what is computed inside."""
        before, self.facts = self.facts, facts
        try:
            yield
        finally:
            self.facts = before

    # normal form ----------------------------------------------------------------------------------------------

    def settle(self, raws: Iterable[Raw]) -> Poly:
        """The sum of products in normal form."""
        todo = list(raws)
        done: list[tuple[Fraction, Monomial]] = []
        while todo:
            raw = todo.pop()
            self.work.spend("rewrites", 1 + sum(len(a.key) for a, _ in raw.factors) // KEY_LENGTH)
            raw = self._merged(raw)
            if not raw.coefficient:
                continue
            if raw.coefficient.numerator.bit_length() + raw.coefficient.denominator.bit_length() > NUMBER_BITS:
                raise OutOfWork("rewrites")
            new = self._step(raw)
            if new is None:
                done.append((raw.coefficient, Monomial(raw.dummies, raw.factors)))
            else:
                todo.extend(new)
        return Poly.of(done)

    def _step(self, raw: Raw) -> list[Raw] | None:
        heads = {a.head[0] for a, _ in raw.factors}
        for rule in self.rules:
            if not rule.heads or any(h in heads for h in rule.heads):
                new = rule.apply(self, raw)
                if new is not None:
                    return new
        return None

    def _merged(self, raw: Raw) -> Raw:
        """Equal atoms become one with the sum of the exponents."""
        seen: dict[str, tuple[Atom, Fraction]] = {}
        for atom, exponent in raw.factors:
            old = seen.get(atom.key)
            seen[atom.key] = (atom, exponent + old[1] if old else exponent)
        if len(seen) == len(raw.factors) and all(e for _, e in raw.factors):
            return raw
        return Raw(raw.coefficient, raw.dummies, tuple(f for f in seen.values() if f[1]))

    # arithmetic -----------------------------------------------------------------------------------------------

    def add(self, *polys: Poly) -> Poly:
        return Poly.of(pair for p in polys for pair in p)

    def scale(self, poly: Poly, factor: int | Fraction) -> Poly:
        return Poly({k: (c * factor, m) for k, (c, m) in poly.terms.items()} if factor else {})

    def sub(self, left: Poly, right: Poly) -> Poly:
        return self.add(left, self.scale(right, -1))

    def mul(self, *polys: Poly) -> Poly:
        result = constant(1)
        for poly in polys:
            result = self._mul(result, poly)
        return result

    def _mul(self, left: Poly, right: Poly) -> Poly:
        for a, b in ((left, right), (right, left)):
            if (value := a.number) is not None:
                return self.scale(b, value)
        self.work.spend("rewrites", len(left) * len(right) // 4)
        return self.settle(self.product(Raw(c, m.dummies, m.factors), d, n) for c, m in left for d, n in right)

    def product(self, raw: Raw, coefficient: Fraction, monomial: Monomial) -> Raw:
        """raw * coefficient * monomial, dummies kept apart. The monomial's free indices may be dummies of raw."""
        if monomial.dummies and set(monomial.dummies) & _names(raw):
            monomial = rename_dummies(monomial)
        if set(raw.dummies) & monomial.free:
            other = rename_dummies(Monomial(raw.dummies, raw.factors))
            raw = Raw(raw.coefficient, other.dummies, other.factors)
        return Raw(raw.coefficient * coefficient, raw.dummies + monomial.dummies, raw.factors + monomial.factors)

    def times(self, raw: Raw, poly: Poly) -> list[Raw]:
        """raw * poly where poly may mention dummies of raw (it stands inside the sum)."""
        found = []
        for coefficient, monomial in poly:
            if monomial.dummies:
                monomial = rename_dummies(monomial)
            found.append(
                Raw(raw.coefficient * coefficient, raw.dummies + monomial.dummies, raw.factors + monomial.factors)
            )
        return found

    def bind(self, index: Index, poly: Poly) -> Poly:
        """The sum of `poly` over a whole axis (index.dim), or over an integer whose range is a factor of poly. Axes of
        pairs and of blocks are taken apart here, for all monomials alike."""
        from derivcheck.deciding.normal.pairs import parts_of

        parts = parts_of(self, index, poly)
        if parts is not None:
            return self.add(*(self._bind_all(names, self.substitute(poly, {index: value})) for names, value in parts))
        raws = []
        for coefficient, monomial in poly:
            if set(monomial.dummies) & {index}:
                monomial = rename_dummies(monomial)
            raws.append(Raw(coefficient, (*monomial.dummies, index), monomial.factors))
        return self.settle(raws)

    def _bind_all(self, names: Iterable[Index], poly: Poly) -> Poly:
        for index in names:
            poly = self.bind(index, poly)
        return poly

    def except_atom(self, atom: Atom) -> None:
        """Notes that the proof holds where this atom is not 0."""
        from derivcheck.deciding.normal.naming import vanishing

        self.excepted.add(vanishing(atom))

    def power(self, base: Poly, exponent: Fraction | int) -> Poly:
        from derivcheck.deciding.normal.powers import power

        return power(self, base, Fraction(exponent))

    def atom(self, *head: str, args: tuple[Poly, ...] = (), exponent: Fraction = ONE) -> Poly:
        """An atom in normal form (rules that act on it alone are applied)."""
        return self.settle([Raw(ONE, (), ((Atom(head, args), exponent),))])

    # substitution ---------------------------------------------------------------------------------------------

    def substitute(self, poly: Poly, values: Mapping[Index, Poly]) -> Poly:
        """Free indices replaced by integer polynomials, all at once, without capture, and settled again."""
        here = {i: p for i, p in values.items() if i in poly.free and p.variable != i}
        if not here:
            return poly
        raws = []
        kept = []
        incoming = frozenset().union(*(p.free for p in here.values()))
        for coefficient, monomial in poly:
            if not (monomial.free & here.keys()):
                kept.append((coefficient, monomial))
                continue
            if set(monomial.dummies) & incoming:
                monomial = rename_dummies(monomial)
            raws.extend(self._substituted(Raw(coefficient, monomial.dummies, monomial.factors), here))
        return self.add(Poly.of(kept), self.settle(raws))

    def _substituted(self, raw: Raw, values: Mapping[Index, Poly]) -> list[Raw]:
        plain: list[tuple[Atom, Fraction]] = []
        computed: list[Poly] = []
        for atom, exponent in raw.factors:
            if not (atom.free & values.keys()):
                plain.append((atom, exponent))
                continue
            new = self.substitute_atom(atom, values)
            if isinstance(new, Atom):
                plain.append((new, exponent))
            else:
                computed.append(self.power(new, exponent))
        raws = [Raw(raw.coefficient, raw.dummies, tuple(plain))]
        for poly in computed:
            raws = [new for r in raws for new in self.times(r, poly)]
        return raws

    def substitute_atom(self, atom: Atom, values: Mapping[Index, Poly]) -> Atom | Poly:
        """An atom with indices replaced: an atom of the same head, or a polynomial where it is rebuilt."""
        from derivcheck.deciding.normal.building import rebuild

        here = {i: p for i, p in values.items() if i in atom.free}
        if not here:
            return atom
        if atom.index is not None:
            return here[atom.index]
        incoming = frozenset().union(*(p.free for p in here.values()))
        if set(atom.bound) & incoming:
            atom = freshened(atom)
        args = tuple(self.substitute(p, here) for p in atom.args)
        inner = {i: p for i, p in here.items() if i not in atom.bound}
        body = tuple(self.substitute(p, inner) for p in atom.body)
        return rebuild(self, Atom(atom.head, args, atom.bound, body))

    def replace_raw(self, raw: Raw, index: Index, value: Poly, dummies: tuple[Index, ...] = ()) -> Raw:
        """The product with one of its dummies replaced by an integer polynomial (and other dummies added).

        Where rebuilding an atom gives a sum, it stays one factor `(sum)^1`, which a rule multiplies out."""
        factors: list[tuple[Atom, Fraction]] = []
        for atom, exponent in raw.factors:
            new = self.substitute_atom(atom, {index: value})
            if isinstance(new, Atom):
                factors.append((new, exponent))
            elif (single := new.single) is not None:
                factors.append((single, exponent))
            else:
                factors.append((Atom(("sum",), (new,)), exponent))
        kept = tuple(x for x in raw.dummies if x != index)
        return Raw(raw.coefficient, kept + dummies, tuple(factors))


def _names(raw: Raw) -> set[Index]:
    found = set(raw.dummies)
    for atom, _ in raw.factors:
        found |= atom.free
    return found


def poly_of(raw: Raw) -> Poly:
    """A product as a polynomial, no rule applied."""
    return Poly.of([(raw.coefficient, Monomial(raw.dummies, raw.factors))])
