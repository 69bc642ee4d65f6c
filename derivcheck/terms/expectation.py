"""Exact expectations as terms: polynomials in Gaussian vectors (any dimension), moments alone, finite laws.

The body is expanded into monomials in the random entries, sums staying sums over bound indices. A monomial splits by
symbol where independence is known. Gaussian ones follow Isserlis' (Wick's) theorem: the sum over all ways to pair
some of the factors by covariances, the rest giving means (Isserlis 1918). `E exp(affine)` is
`exp(mean + variance / 2)`. Where independence or a moment is not known the answer is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.record import dataclass, field
from derivcheck.terms.build import HALF, ONE, TWO, ZERO, add, div, mul, number, power, sub
from derivcheck.terms.integers import deltas, same
from derivcheck.terms.model import Declaration, Law, Model
from derivcheck.terms.node import (
    Add,
    Cases,
    Entry,
    Expectation,
    Function,
    Index,
    Mul,
    Number,
    Power,
    Reduce,
    Term,
    Var,
    fresh,
    map_children,
    replace_entries,
    substitute,
    walk,
)
from derivcheck.terms.unfold import depends, reaches, unfold

LARGEST_POWER = 8
MOST_MONOMIALS = 3000
MOST_UNFOLDINGS = 20


class _Unknown(Exception):
    """Not a polynomial, or a moment or an independence that is not known."""


@dataclass(slots=True)
class _Work:
    model: Model
    over: frozenset[str]
    left: int = MOST_MONOMIALS
    memo: dict[Term, Term] = field(default_factory=dict)

    def random(self, term: Term) -> bool:
        return any(s in self.over or self.over & depends(self.model, s) for s in term.symbols)

    def count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Unknown


@dataclass(frozen=True, slots=True)
class _Monomial:
    """A coefficient times random factors, summed over `sums` (binders from the outside in)."""

    sums: tuple[Reduce, ...] = ()
    fixed: tuple[Term, ...] = ()
    entries: tuple[Entry, ...] = ()
    exponents: tuple[Term, ...] = ()


def moments(expectation: Expectation, model: Model) -> Term | None:
    """The expectation as a term without one, where it can be known exactly, else None."""
    work = _Work(model, frozenset(expectation.over))
    try:
        return _expect(expectation.body, work)
    except _Unknown:
        return None


def resolve_expectations(term: Term, model: Model) -> Term:
    """`term` with every expectation in it that can be known exactly put in."""

    def visit(t: Term) -> Term:
        inner = map_children(t, visit)
        if isinstance(inner, Expectation):
            known = moments(inner, model)
            return inner if known is None else known
        return inner

    return visit(term)


def _expect(body: Term, work: _Work) -> Term:
    if not work.random(body):
        return body
    finite = _finite_scalar(body, work)
    if finite is not None:
        return _expect_finite(body, *finite, work)
    return add(*(_value(monomial, work) for monomial in _expand(body, work)))


# Expanding --------------------------------------------------------------------------------------------------------


def _expand(term: Term, work: _Work) -> Iterator[_Monomial]:
    """The monomials of a polynomial in the random entries."""
    if not work.random(term):
        yield _Monomial(fixed=(term,))
        return
    match term:
        case Entry():
            yield from _expand_entry(term, work)
        case Add(args=args):
            for arg in args:
                yield from _expand(arg, work)
        case Mul(args=args):
            yield from _expand_product(args, work)
        case Power(base=Power(base=base, exponent=Number(value=a)), exponent=Number(value=b)) if b.denominator == 1:
            whole = a * b  # (x^a)^b = x^(ab) for whole b, wherever x^a is defined
            if whole.denominator != 1 or not 0 < whole <= LARGEST_POWER:
                raise _Unknown
            yield from _expand_product((base,) * int(whole), work)
        case Power(base=base, exponent=Number(value=n)) if n.denominator == 1 and 0 < n <= LARGEST_POWER:
            yield from _expand_product((base,) * int(n), work)
        case Reduce(kind="sum"):
            yield from _expand_sum(term, work)
        case Function(name="exp", args=(inside,)):
            work.count()
            yield _Monomial(exponents=(inside,))
        case Expectation(body=body, over=over):
            known = moments(Expectation(body, over), work.model)
            if known is None:
                raise _Unknown
            yield from _expand(known, work)
        case Cases(branches=branches, otherwise=otherwise) if not any(work.random(c) for c, _ in branches):
            inner = Cases(
                tuple((c, _expect(v, work)) for c, v in branches),
                None if otherwise is None else _expect(otherwise, work),
            )
            yield _Monomial(fixed=(inner,))
        case _:
            raise _Unknown


def _expand_entry(term: Entry, work: _Work) -> Iterator[_Monomial]:
    if term.symbol in work.over:
        work.count()
        yield _Monomial(entries=(term,))
        return
    definition = unfold(term, work.model)
    if definition is None or (isinstance(definition, Cases) and definition.otherwise is term):
        raise _Unknown
    yield from _expand(definition, work)


def _expand_product(args: Sequence[Term], work: _Work) -> Iterator[_Monomial]:
    if not args:
        yield _Monomial()
        return
    if any(isinstance(a, Cases) and work.random(a) for a in args) and len(args) > 1:
        raise _Unknown  # a branch would have to be multiplied out first
    rest = list(_expand_product(args[1:], work))
    for first in _expand(args[0], work):
        for second in rest:
            work.count()
            yield _join(first, _refreshed(second))


def _join(a: _Monomial, b: _Monomial) -> _Monomial:
    return _Monomial(a.sums + b.sums, a.fixed + b.fixed, a.entries + b.entries, a.exponents + b.exponents)


def _refreshed(monomial: _Monomial) -> _Monomial:
    """The same with new bound indices, so that it can stand beside another copy."""
    sums: list[Reduce] = []
    renames: dict[Index, Term] = {}
    for outer in monomial.sums:
        index = fresh(outer.index.name, outer.index.dim)
        lower, upper = substitute(outer.lower, renames), substitute(outer.upper, renames)
        renames[outer.index] = Var(index)
        where = None if outer.where is None else substitute(outer.where, renames)
        sums.append(Reduce("sum", index, lower, upper, ZERO, where))
    return _Monomial(
        tuple(sums),
        tuple(substitute(t, renames) for t in monomial.fixed),
        tuple(_entry(substitute(e, renames)) for e in monomial.entries),
        tuple(substitute(t, renames) for t in monomial.exponents),
    )


def _entry(term: Term) -> Entry:
    assert isinstance(term, Entry)
    return term


def _expand_sum(term: Reduce, work: _Work) -> Iterator[_Monomial]:
    limits = [term.lower, term.upper] + ([] if term.where is None else [term.where])
    if any(work.random(t) for t in limits):
        raise _Unknown
    binder = Reduce("sum", term.index, term.lower, term.upper, ZERO, term.where)
    for inner in _expand(term.body, work):
        yield _Monomial((binder, *inner.sums), inner.fixed, inner.entries, inner.exponents)


# The value of a monomial ------------------------------------------------------------------------------------------


def _value(monomial: _Monomial, work: _Work) -> Term:
    by_symbol: dict[str, list[Entry]] = {}
    for entry in monomial.entries:
        by_symbol.setdefault(entry.symbol, []).append(entry)
    if monomial.exponents:
        if by_symbol:
            raise _Unknown
        expected = _exponential(add(*monomial.exponents), work)
    else:
        _need_independence(sorted(by_symbol), work)
        expected = mul(*(_moment(name, entries, work) for name, entries in by_symbol.items()))
    value = mul(*monomial.fixed, expected)
    for binder in reversed(monomial.sums):
        if value is not ZERO:
            value = Reduce("sum", binder.index, binder.lower, binder.upper, value, binder.where)
    return value


def _need_independence(names: list[str], work: _Work) -> None:
    for k, one in enumerate(names):
        for other in names[k + 1 :]:
            if frozenset((one, other)) not in work.model.independent:
                raise _Unknown


def _moment(name: str, entries: list[Entry], work: _Work) -> Term:
    declaration = work.model.declarations[name]
    law = declaration.law
    if law is None:
        raise _Unknown
    if law.kind == "normal":
        return _isserlis(entries, declaration, law, work)
    if len(entries) == 1:
        return _mean(entries[0], declaration, law, work)
    if len(entries) == 2:
        a, b = entries
        means = mul(_mean(a, declaration, law, work), _mean(b, declaration, law, work))
        return add(means, _covariance(a, b, declaration, law, work))
    return _high_moment(entries, declaration, law)


def _isserlis(entries: list[Entry], declaration: Declaration, law: Law, work: _Work) -> Term:
    """E of a product of jointly normal entries: the first is alone (its mean) or paired with a later one."""
    if not entries:
        return ONE
    first, rest = entries[0], entries[1:]
    parts = [mul(_mean(first, declaration, law, work), _isserlis(rest, declaration, law, work))]
    for k, partner in enumerate(rest):
        work.count()
        covariance = _covariance(first, partner, declaration, law, work)
        if covariance is not ZERO:
            parts.append(mul(covariance, _isserlis(rest[:k] + rest[k + 1 :], declaration, law, work)))
    return add(*parts)


def _split(entry: Entry, declaration: Declaration) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    count = len(declaration.family)
    return entry.indices[:count], entry.indices[count:]


def _at_member(term: Term, declaration: Declaration, member: Sequence[Term]) -> Term:
    """A parameter of the law for one member of a family (the family's own index stands in it)."""
    return substitute(term, {f.index: t for f, t in zip(declaration.family, member, strict=True)})


def _mean(entry: Entry, declaration: Declaration, law: Law, work: _Work) -> Term:
    member, place = _split(entry, declaration)
    if law.mean is not None:
        value = law.mean.at(place)
    elif law.kind == "finite":
        value = add(*(mul(w, v) for w, v in zip(law.weights, law.values, strict=True)))
    elif law.kind == "uniform" and law.low is not None and law.high is not None:
        value = mul(HALF, add(law.low, law.high))
    elif law.raw:
        value = law.raw[0]
    else:
        raise _Unknown
    return _certain(_at_member(value, declaration, member), work)


def _covariance(a: Entry, b: Entry, declaration: Declaration, law: Law, work: _Work) -> Term:
    """Of two entries of one random symbol; different members of a family are independent."""
    (one, i), (other, j) = _split(a, declaration), _split(b, declaration)
    if law.covariance is not None:
        value = law.covariance.at([*i, *j])
    elif law.kind in ("finite", "uniform", "raw"):
        value = mul(deltas(i, j), _variance(law))
    else:
        raise _Unknown
    return mul(deltas(one, other), _certain(_at_member(value, declaration, one), work))


def _variance(law: Law) -> Term:
    if law.kind == "uniform" and law.low is not None and law.high is not None:
        return div(power(sub(law.high, law.low), TWO), number(12))
    if law.raw:
        return sub(law.raw[1], power(law.raw[0], TWO))
    mean = add(*(mul(w, v) for w, v in zip(law.weights, law.values, strict=True)))
    square = add(*(mul(w, power(v, TWO)) for w, v in zip(law.weights, law.values, strict=True)))
    return sub(square, power(mean, TWO))


def _certain(value: Term, work: _Work) -> Term:
    if work.random(value):
        raise _Unknown  # a parameter that is itself random: not one joint law
    return value


def _high_moment(entries: list[Entry], declaration: Declaration, law: Law) -> Term:
    """Third and higher moments of laws that are not normal: only of one and the same entry."""
    if any(same(entries[0].indices, e.indices) is not True for e in entries[1:]):
        raise _Unknown
    member, _ = _split(entries[0], declaration)
    n = number(len(entries))
    if law.kind == "finite":
        value = add(*(mul(w, power(v, n)) for w, v in zip(law.weights, law.values, strict=True)))
    elif law.kind == "uniform" and law.low is not None and law.high is not None:
        more = add(n, ONE)
        value = div(sub(power(law.high, more), power(law.low, more)), mul(more, sub(law.high, law.low)))
    elif len(entries) <= len(law.raw):
        value = law.raw[len(entries) - 1]
    else:
        raise _Unknown
    return _at_member(value, declaration, member)


def _exponential(inside: Term, work: _Work) -> Term:
    """E exp(L) = exp(E L + Var L / 2) where L is affine in jointly normal entries."""
    monomials = list(_expand(inside, work))
    names = {e.symbol for m in monomials for e in m.entries}
    laws = [work.model.declarations[n].law for n in names]
    affine = all(len(m.entries) <= 1 and not m.exponents for m in monomials)
    if not affine or any(law is None or law.kind != "normal" for law in laws):
        raise _Unknown
    _need_independence(sorted(names), work)
    mean = add(*(_value(m, work) for m in monomials))
    square = add(*(_value(m, work) for m in _expand_product((inside, inside), work)))
    return Function("exp", (add(mean, mul(HALF, sub(square, power(mean, TWO)))),))


# Finite laws ------------------------------------------------------------------------------------------------------


def _finite_scalar(body: Term, work: _Work) -> tuple[str, Law] | None:
    """A random number with finitely many values that the body depends on, if there is one."""
    for name in sorted(work.over):
        if not reaches(work.model, body, name):
            continue
        declaration = work.model.declarations[name]
        law = declaration.law
        if law is not None and law.kind == "finite" and not declaration.shape and not declaration.family:
            return name, law
    return None


def _expect_finite(body: Term, name: str, law: Law, work: _Work) -> Term:
    """The body at each value, weighted; then the expectation over what else is random (it must be independent)."""
    body = resolve_expectations(_unfolded(body, name, work), work.model)
    if any(isinstance(t, Expectation) and name in t.symbols for t in walk(body)):
        raise _Unknown  # inside an expectation of its own the name is not the value that is put in
    others = {n for n in work.over - {name} if reaches(work.model, body, n)}
    _need_independence_of(name, others, work)
    parts = []
    for value, weight in zip(law.values, law.weights, strict=True):
        at_value = replace_entries(body, lambda e, v=value: v if e.symbol == name else None)
        parts.append(mul(weight, _expect(at_value, _Work(work.model, work.over - {name}, work.left))))
    return add(*parts)


def _unfolded(body: Term, name: str, work: _Work) -> Term:
    """The body with everything that is computed from `name` written out."""
    for _ in range(MOST_UNFOLDINGS):
        hidden = {s for s in body.symbols if s != name and name in depends(work.model, s)}
        if not hidden:
            return body
        body = replace_entries(body, lambda e, h=hidden: unfold(e, work.model) if e.symbol in h else None)
    raise _Unknown


def _need_independence_of(name: str, others: set[str], work: _Work) -> None:
    if any(frozenset((name, other)) not in work.model.independent for other in others):
        raise _Unknown
