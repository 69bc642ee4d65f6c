"""Finding a pattern inside a product: a monomial with variables against some of the factors.

A pattern's free indices that are listed as variables stand for any integer polynomial; its dummies stand for
dummies of the product that occur in no factor left over. All ways of matching are tried in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.deciding.normal.poly import ZERO, Atom, Factors, Monomial, Poly, rename_dummies, variable
from derivcheck.record import dataclass
from derivcheck.terms.node import Index

if TYPE_CHECKING:
    from derivcheck.deciding.normal.algebra import Algebra, Raw

Binding = Mapping[Index, Poly]


@dataclass(frozen=True, slots=True)
class Match:
    """What the variables and dummies of a pattern stand for, and the factors and dummies that are left over."""

    binding: Binding
    rest: Factors
    dummies: tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of a pattern: variables (any integer) and dummies (only a dummy of the product)."""

    variables: frozenset[Index]
    dummies: frozenset[Index]
    targets: frozenset[Index]


def find(
    algebra: Algebra,
    pattern: Monomial,
    variables: frozenset[Index],
    raw: Raw,
    binding: Binding | None = None,
    gone: frozenset[Index] = frozenset(),
) -> Match | None:
    """The first way to see `pattern` in `raw`. Indices `gone` of the pattern are bound beforehand to dummies of raw
    that must occur in nothing left over but are not removed here."""
    if not _plausible(pattern, raw.factors):
        return None
    pattern = rename_dummies(pattern) if set(pattern.dummies) & {i for a, _ in raw.factors for i in a.free} else pattern
    names = _Names(variables, frozenset(pattern.dummies), frozenset(raw.dummies))
    for found, left in _products(algebra, list(pattern.factors), list(raw.factors), dict(binding or {}), names):
        used = {v for d in pattern.dummies if (v := found[d].variable if d in found else None) is not None}
        if len(used) != len(pattern.dummies):
            continue
        vanish = used | {v for g in gone if (v := found[g].variable) is not None}
        if any(a.free & vanish for a, _ in left):
            continue
        return Match(found, tuple(left), tuple(x for x in raw.dummies if x not in used))
    return None


def _plausible(pattern: Monomial, factors: Factors) -> bool:
    heads: dict[tuple[str, ...], int] = {}
    for atom, _ in factors:
        heads[atom.head] = heads.get(atom.head, 0) + 1
    for atom, _ in pattern.factors:
        if not heads.get(atom.head):
            return False
    return bool(pattern.factors)


_State = tuple[dict[Index, Poly], list[tuple[Atom, Fraction]]]


def _products(
    algebra: Algebra,
    pattern: list[tuple[Atom, Fraction]],
    factors: list[tuple[Atom, Fraction]],
    bound: dict,
    names: _Names,
) -> Iterator[_State]:
    """All ways to take the pattern's factors out of the factors."""
    if not pattern:
        yield bound, factors
        return
    algebra.work.spend("rewrites")
    (atom, exponent), *later = pattern
    for n, (other, have) in enumerate(factors):
        if other.head != atom.head or have * exponent <= 0 or abs(have) < abs(exponent):
            continue
        if (have - exponent).denominator != 1:
            continue
        for found in _atoms(algebra, atom, other, bound, names):
            left = factors[:n] + ([(other, have - exponent)] if have != exponent else []) + factors[n + 1 :]
            yield from _products(algebra, later, left, found, names)


def _atoms(algebra: Algebra, atom: Atom, other: Atom, bound: dict, names: _Names) -> Iterator[dict]:
    """All ways in which one atom is an instance of another."""
    if atom.head != other.head or len(atom.args) != len(other.args) or len(atom.bound) != len(other.bound):
        return
    if not atom.free & (names.variables | names.dummies | bound.keys()):
        if atom.key == other.key:
            yield bound
        return
    if atom.index is not None or other.index is not None:
        if atom.index is not None and other.index is not None:
            yield from _index(algebra, atom.index, variable(other.index), bound, names)
        return
    if atom.bound:
        inner = {**bound, **{a: variable(b) for a, b in zip(atom.bound, other.bound, strict=True)}}
        if any(a.dim != b.dim for a, b in zip(atom.bound, other.bound, strict=True)):
            return
        yield from _all(
            algebra, [*zip(atom.body, other.body, strict=True), *zip(atom.args, other.args, strict=True)], inner, names
        )
        return
    pairs = list(zip(atom.args, other.args, strict=True))
    yield from _all(algebra, pairs, bound, names)
    if atom.head[-1] == "symmetric" and len(pairs) >= 2:
        (a, b), (c, d), *rest = pairs
        yield from _all(algebra, [(a, d), (c, b), *rest], bound, names)


def _all(algebra: Algebra, pairs: list[tuple[Poly, Poly]], bound: dict, names: _Names) -> Iterator[dict]:
    if not pairs:
        yield bound
        return
    for found in _polys(algebra, *pairs[0], bound, names):
        yield from _all(algebra, pairs[1:], found, names)


def _index(algebra: Algebra, index: Index, value: Poly, bound: dict, names: _Names) -> Iterator[dict]:
    """An index of the pattern against an integer polynomial."""
    if index in bound:
        if bound[index].key == value.key:
            yield bound
    elif index in names.dummies:
        target = value.variable
        taken = any(bound[d].variable == target for d in names.dummies if d in bound)
        if target in names.targets and target.dim == index.dim and not taken:
            yield {**bound, index: value}
    elif index in names.variables:
        if _fits(algebra, index, value):
            yield {**bound, index: value}
    elif value.variable == index:
        yield bound


def _fits(algebra: Algebra, index: Index, value: Poly) -> bool:
    from derivcheck.deciding.normal.building import size_poly
    from derivcheck.deciding.normal.poly import constant

    if index.dim is None:
        return True
    target = value.variable
    if target is not None and target.dim is not None:
        return target.dim == index.dim
    return algebra.facts.known_range(value, constant(1), size_poly(index.dim)) is True


def _polys(algebra: Algebra, pattern: Poly, value: Poly, bound: dict, names: _Names) -> Iterator[dict]:
    """All ways in which one polynomial is an instance of another."""
    index = pattern.variable
    if index is not None:
        yield from _index(algebra, index, value, bound, names)
        return
    if not pattern.free & (names.variables | names.dummies | bound.keys()):
        if pattern.key == value.key:
            yield bound
        return
    if len(pattern) != len(value):
        return
    yield from _terms(algebra, list(pattern), list(value), bound, names)


def _terms(algebra: Algebra, pattern: list, value: list, bound: dict, names: _Names) -> Iterator[dict]:
    if not pattern:
        yield bound
        return
    (coefficient, monomial), *later = pattern
    for n, (have, other) in enumerate(value):
        if have != coefficient or len(monomial.dummies) != len(other.dummies):
            continue
        if len(monomial.factors) != len(other.factors):
            continue
        fresh = rename_dummies(monomial) if monomial.dummies else monomial
        inner = _Names(names.variables, names.dummies | set(fresh.dummies), names.targets | set(other.dummies))
        for found, left in _products(algebra, list(fresh.factors), list(other.factors), bound, inner):
            if not left:
                yield from _terms(algebra, later, value[:n] + value[n + 1 :], found, names)


def instance(algebra: Algebra, poly: Poly, binding: Binding) -> Poly:
    """A polynomial with the pattern's indices replaced by what they stand for."""
    return algebra.substitute(poly, binding) if poly is not ZERO else poly
