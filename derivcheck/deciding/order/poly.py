"""Polynomials over opaque atoms: the values on which the order rung works.

A `Poly` is a sum of rational multiples of `Mono`mials; a monomial is a product of atoms with rational
exponents. An `Atom` is anything that arithmetic does not look into: an entry of a symbol, a sum over an
axis, exp of something, a norm. Atoms are equal when their keys are: a key is the canonical text of an atom
in which bound indices have positions instead of names, so that renamed dummies and reordered sums agree.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from derivcheck.record import dataclass
from derivcheck.terms.node import Index, Term

Env = Mapping[Index, str]
MAX_ORDERS = 120


@dataclass(frozen=True, eq=False)
class Range:
    """A bound index and where it runs: over its whole axis (lower and upper None), or between limits."""

    index: Index
    lower: Poly | None = None
    upper: Poly | None = None

    def key(self, env: Env) -> str:
        if self.lower is None or self.upper is None:
            return f"[{self.index.dim}]"
        return f"[{self.lower.keyed(env)}..{self.upper.keyed(env)}]"

    @property
    def limits(self) -> tuple[Poly, ...]:
        return () if self.lower is None or self.upper is None else (self.lower, self.upper)


@dataclass(frozen=True, eq=False)
class Atom:
    """kind: what it is; name: of which symbol, function or operation; ranges: indices bound in args[0];
    args: the body first, then what stands outside the binder; term: the term itself where opaque; commutes: the
    order of args does not matter (an entry of a symmetric matrix)."""

    kind: str
    name: str
    args: tuple[Poly, ...] = ()
    ranges: tuple[Range, ...] = ()
    term: Term | None = None
    commutes: bool = False

    @cached_property
    def free(self) -> frozenset[Index]:
        inner: set[Index] = set(self.term.free) if self.term is not None else set()
        bound = {r.index for r in self.ranges}
        for position, arg in enumerate(self.args):
            inner |= arg.free - bound if position == 0 else arg.free
        for r in self.ranges:
            for limit in r.limits:
                inner |= limit.free - bound
        return frozenset(inner)

    @cached_property
    def binds(self) -> bool:
        """Whether a binder stands anywhere in it: its key then depends on how deep it stands."""
        return self.term is not None or bool(self.ranges) or any(a.binds for p in self.args for a in p.atoms)

    @cached_property
    def size(self) -> int:
        """How many atoms stand in it, itself included."""
        return 1 + sum(a.size for p in self.args for a in p.atoms)

    @cached_property
    def key(self) -> str:
        return self._keyed({})

    def keyed(self, env: Env) -> str:
        if not env or not (self.binds or self.free & env.keys()):
            return self.key
        return self._keyed(env)

    def _keyed(self, env: Env) -> str:
        if self.term is not None:
            return f"{self.kind}<{alpha_key(self.term, env)}>"
        if not self.ranges:
            words = [a.keyed(env) for a in self.args]
            return f"{self.kind}:{self.name}({','.join(sorted(words) if self.commutes else words)})"
        return self._bound_key(env)

    def _bound_key(self, env: Env) -> str:
        level = len(env)
        labels = [f"${level + k}" for k in range(len(self.ranges))]
        rest = "".join("," + a.keyed(env) for a in self.args[1:])
        orders: Iterable[tuple[Range, ...]] = (self.ranges,)
        if self.kind in COMMUTING:
            orders = itertools.islice(itertools.permutations(self.ranges), MAX_ORDERS)
        best: str | None = None
        for order in orders:
            inner = {**env, **{r.index: label for r, label in zip(order, labels, strict=True)}}
            text = "".join(r.key(inner) for r in order) + self.args[0].keyed(inner)
            best = text if best is None or text < best else best
        return f"{self.kind}:{self.name}{{{best}}}{rest}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key


COMMUTING = frozenset({"sum", "max", "min"})
"""Kinds whose bound indices may be taken in any order."""


Mono = tuple[tuple[Atom, Fraction], ...]
UNIT: Mono = tuple([])  # noqa: C409 -- the literal () would be inferred as a tuple that stays empty


@dataclass(frozen=True, eq=False)
class Poly:
    terms: tuple[tuple[Mono, Fraction], ...] = ()

    @staticmethod
    def of(value: int | Fraction) -> Poly:
        return Poly((((), Fraction(value)),)) if value else Poly()

    @staticmethod
    def atom(atom: Atom, exponent: Fraction | int = 1) -> Poly:
        return Poly(((((atom, Fraction(exponent)),), Fraction(1)),))

    @staticmethod
    def collect(pairs: Iterable[tuple[Mono, Fraction]]) -> Poly:
        total: dict[tuple[tuple[str, Fraction], ...], tuple[Mono, Fraction]] = {}
        for mono, coefficient in pairs:
            key = tuple((a.key, e) for a, e in mono)
            total[key] = (mono, coefficient + total[key][1]) if key in total else (mono, coefficient)
        return Poly(tuple(total[k] for k in sorted(total) if total[k][1]))

    @cached_property
    def free(self) -> frozenset[Index]:
        return frozenset(i for atom in self.atoms for i in atom.free)

    @cached_property
    def atoms(self) -> frozenset[Atom]:
        return frozenset(a for mono, _ in self.terms for a, _ in mono)

    @property
    def number(self) -> Fraction | None:
        if not self.terms:
            return Fraction(0)
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def first(self) -> tuple[Mono, Fraction]:
        """The first term of a polynomial that is not 0."""
        return self.terms[0]

    @property
    def single(self) -> Atom | None:
        """The atom that this polynomial is, if it is just one."""
        if len(self.terms) == 1 and self.terms[0][1] == 1 and len(self.terms[0][0]) == 1:
            atom, exponent = self.terms[0][0][0]
            return atom if exponent == 1 else None
        return None

    @cached_property
    def key(self) -> str:
        return self.keyed({})

    def keyed(self, env: Env) -> str:
        words = []
        for mono, coefficient in self.terms:
            factors = sorted(a.keyed(env) + (f"^{e}" if e != 1 else "") for a, e in mono)
            words.append("*".join(([str(coefficient)] if coefficient != 1 or not factors else []) + factors))
        return "(" + "+".join(sorted(words)) + ")"

    def __add__(self, other: Poly) -> Poly:
        return Poly.collect([*self.terms, *other.terms])

    def __neg__(self) -> Poly:
        return self.scaled(Fraction(-1))

    def __sub__(self, other: Poly) -> Poly:
        return self + -other

    def scaled(self, factor: Fraction | int) -> Poly:
        return Poly(tuple((m, c * factor) for m, c in self.terms)) if factor else Poly()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key


ZERO = Poly()
ONE = Poly.of(1)


def mono_product(left: Mono, right: Mono) -> Mono:
    exponents: dict[Atom, Fraction] = dict(left)
    for atom, exponent in right:
        exponents[atom] = exponents.get(atom, Fraction(0)) + exponent
    return tuple(sorted(((a, e) for a, e in exponents.items() if e), key=lambda pair: pair[0].key))


def alpha_key(term: Term, env: Env) -> str:
    """Canonical text of a term up to the names of bound indices (for terms that are kept whole)."""
    from derivcheck.terms.node import Add, Mul, Var, bound_indices

    if isinstance(term, Var):
        return env.get(term.index, f"{term.index.name}")
    bound = bound_indices(term)
    inner = {**env, **{i: f"${len(env) + k}" for k, i in enumerate(bound)}}

    def text(value: object) -> str:
        if isinstance(value, Term):
            return alpha_key(value, inner)
        if isinstance(value, Index):
            return inner.get(value, value.name) + f":{value.dim}"
        if isinstance(value, tuple):
            words = [text(v) for v in value]
            return "(" + ",".join(sorted(words) if isinstance(term, (Add, Mul)) else words) + ")"
        return str(value)

    return f"{type(term).__name__}({';'.join(text(getattr(term, f)) for f in term._fields)})"
