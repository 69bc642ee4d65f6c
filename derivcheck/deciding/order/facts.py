"""What is known of atoms: facts, the lemmas that give them, and the state in which lemmas look around."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.poly import Atom, Poly
from derivcheck.record import dataclass, field
from derivcheck.terms.model import Model
from derivcheck.terms.node import Index, Term

Condition = tuple[Poly, str]
"""(p, relation) says `p relation 0`; the relation is one of >= > = !=."""


@dataclass(frozen=True)
class Fact:
    """`poly relation 0` wherever all of `when` hold; `lemma` is how the evidence names it."""

    poly: Poly
    relation: str
    lemma: str
    when: tuple[Condition, ...] = ()

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        return self.poly.key, self.relation, tuple((p.key, r) for p, r in self.when)

    @property
    def atoms(self) -> frozenset[Atom]:
        return self.poly.atoms.union(*(p.atoms for p, _ in self.when))


def at_least(left: Poly, right: Poly, lemma: str, when: tuple[Condition, ...] = ()) -> Fact:
    """left >= right"""
    return Fact(left - right, ">=", lemma, when)


def equal(left: Poly, right: Poly, lemma: str) -> Fact:
    return Fact(left - right, "=", lemma)


class Prover(Protocol):
    def __call__(self, poly: Poly, relation: str, given: tuple[Condition, ...] = ()) -> bool: ...


@dataclass
class Context:
    """Where lemmas are instantiated. `goal`: the polynomial to be shown >= 0 (or > 0); `present`: the atoms met so
    far by key; `prove`: a smaller proof under the same givens (false when the depth is used up)."""

    forms: Forms
    goal: Poly
    prove: Prover
    present: dict[str, Atom] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()
    semidefinite: frozenset[str] = frozenset()
    definite: frozenset[str] = frozenset()
    orthonormal: frozenset[str] = frozenset()
    witnesses: dict[str, Index] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        return self.forms.model

    def of_kind(self, kind: str, name: str | None = None) -> list[Atom]:
        return [a for _, a in sorted(self.present.items()) if a.kind == kind and name in (None, a.name)]

    def indices(self) -> list[Index]:
        """The free indices in play, e.g. of the entry that the claim is about."""
        found = {i for a in self.present.values() for i in a.free}
        return sorted(found, key=lambda i: i.name)


@dataclass(frozen=True)
class Sample:
    """A model and terms on which a lemma applies: the tests evaluate every instance numerically."""

    model: Model
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Lemma:
    """One inequality of analysis or linear algebra. `instances(atom, context)` gives its facts about an atom of one
    of the `kinds`; `source` says where it is from; `samples` are for its test."""

    name: str
    source: str
    kinds: tuple[str, ...]
    instances: Callable[[Atom, Context], Iterable[Fact]]
    samples: tuple[Callable[[], Sample], ...] = ()


def atoms_of(poly: Poly) -> Iterator[Atom]:
    """Atoms of a polynomial and of what its groups, absolute values and binary maxima are made of."""
    for atom in sorted(poly.atoms, key=lambda a: a.key):
        yield atom
        if atom.kind == "group" or (atom.kind == "fn" and atom.name in TRANSPARENT):
            for arg in atom.args:
                yield from atoms_of(arg)


TRANSPARENT = frozenset({"abs", "max2", "min2"})
