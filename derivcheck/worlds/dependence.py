"""What the givens speak of: which names a claim mentions and what they are computed from; limits and domains as
assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from derivcheck.terms.build import ZERO, mul, sub
from derivcheck.terms.model import Claim, Declaration, Domain, Law, Model, Parameter
from derivcheck.terms.node import Entry, Function, Index, Size, Term, Var, bound_indices, fresh, substitute, walk
from derivcheck.terms.tensor import Tensor, scalar


def limits(model: Model) -> dict[str, Term]:
    """Defined names that an approximate condition (`z_t \\approx 0`) puts at a limit: their value there, their own
    definition cut. A name that is computed from itself (a state at one time) is not cut: there the condition is
    an equation to be met, as it is for free names and for expressions."""
    out: dict[str, Term] = {}
    for claim in model.assumptions:
        if claim.relation == "~":
            for one, other in ((claim.left.body, claim.right.body), (claim.right.body, claim.left.body)):
                if isinstance(one, Entry) and not other.symbols and not other.free and _may_be_cut(one, model):
                    out[one.symbol] = other
                    break
    return out


def _may_be_cut(entry: Entry, model: Model) -> bool:
    declaration = model.declarations.get(entry.symbol)
    if declaration is None or not declaration.definitions:
        return False
    plain = all(isinstance(i, Var) for i in entry.indices) and len(set(entry.indices)) == len(entry.indices)
    return plain and not any(entry.symbol in d.body.symbols for d in declaration.definitions)


def domain_claims(declaration: Declaration, dims: frozenset[str]) -> Iterator[Claim]:
    """What a declaration asks of the values of others, as assumptions: limits of its domain that depend on them, the
    domain of a computed name, every further definition of it (`x = y` beside `x = y + 1`), a law's own conditions."""
    axes = tuple(fresh("i", d) for d in declaration.shape)
    members = tuple(fresh(f.index.name) for f in declaration.family)
    whole = Tensor(axes, Entry(declaration.name, tuple(Var(i) for i in (*members, *axes))))
    renames = {f.index: Var(m) for f, m in zip(declaration.family, members, strict=True)}

    def renamed(term: Term | None) -> Term | None:
        return None if term is None else substitute(term, renames)

    parameters = tuple(
        Parameter(m, renamed(f.lower), renamed(f.upper)) for m, f in zip(members, declaration.family, strict=True)
    )
    for relation, side in _limits_of(declaration, dims):
        other = Tensor(tuple(fresh("i", d) for d in declaration.shape), substitute(side, renames))
        yield Claim(whole, relation, other, parameters)
    if declaration.definitions and (outside := _outside(declaration.domain, whole.body)) is not None:
        zeros = Tensor(tuple(fresh("i", d) for d in declaration.shape), ZERO)
        yield Claim(Tensor(axes, outside), "=", zeros, parameters)
    for body in _further(declaration, (*members, *axes)):
        yield Claim(whole, "=", Tensor(axes, body).renamed(), parameters)
    if declaration.law is not None:
        for left, relation, right in _of_law(declaration.law):
            if not left.free | right.free:
                yield Claim(scalar(left), relation, scalar(right))


def _limits_of(declaration: Declaration, dims: frozenset[str]) -> Iterator[tuple[str, Term]]:
    domain = declaration.domain
    for limit, relation in ((domain.low, ">" if domain.low_strict else ">="),
                            (domain.high, "<" if domain.high_strict else "<=")):
        if limit is not None and (declaration.definitions or limit.symbols - dims):
            yield relation, limit


def _outside(domain: Domain, value: Term) -> Term | None:
    """A term that is zero where a value is one of those that the domain names."""
    if domain.kind == "integer":
        return sub(value, Function("floor", (value,)))
    return mul(*(sub(value, v) for v in domain.values)) if domain.kind == "finite" else None


def _further(declaration: Declaration, places: Sequence[Index]) -> Iterator[Term]:
    """The definitions that come after one that holds everywhere: nothing is computed by them, but they are given."""
    everywhere = [d for d in declaration.definitions if d.where is None]
    for d in everywhere[1:]:
        yield substitute(d.body, {p: Var(i) for p, i in zip(d.params, places, strict=True)})


def _of_law(law: Law) -> Iterator[tuple[Term, str, Term]]:
    """What makes a law one: weights and a variance that are not negative, ends in their order."""
    yield from ((w, ">=", ZERO) for w in law.weights)
    if law.covariance is not None and not law.covariance.axes:
        yield law.covariance.body, ">=", ZERO
    if law.low is not None and law.high is not None:
        yield law.low, "<", law.high


def speaks_of_indices(claim: Claim) -> bool:
    """Whether an assumption only limits index variables (`i < t`, `j \\ne k`): it chooses the points of claims that
    range over them, and says nothing of the values in a world."""
    bodies = (claim.left.body, claim.right.body)
    free = frozenset().union(*(b.free for b in bodies)) - {*claim.left.axes, *claim.right.axes}
    return bool(free) and not any(isinstance(t, Entry) and t.indices for b in bodies for t in walk(b))


def all_dimensions(model: Model) -> frozenset[str]:
    """Every named dimension of a model."""
    shapes = [d.shape for d in model.declarations.values()]
    shapes += [s for f in model.functions.values() for s in (*f.arguments, f.value)]
    return frozenset(model.dims) | {n for shape in shapes for d in shape for n in d.names}


def mentioned(claim: Claim) -> frozenset[str]:
    """The symbols (dimensions included) that a claim mentions."""
    terms = [claim.left.body, claim.right.body]
    terms += [t for p in claim.parameters for t in (p.lower, p.upper) if t is not None]
    return frozenset().union(*(term_names(t) for t in terms), *(mentioned(c) for c in claim.given))


@lru_cache(maxsize=4096)
def term_names(term: Term) -> frozenset[str]:
    """The names in a term, those of dimensions too."""
    dims = {n for t in walk(term) if isinstance(t, Size) for n in t.dim.names}
    dims |= {n for t in walk(term) for i in (*bound_indices(t), *t.free) if i.dim is not None for n in i.dim.names}
    return term.symbols | dims


def claim_names(claim: Claim) -> frozenset[str]:
    """The symbols and dimensions that a claim mentions."""
    shapes = {n for side in (claim.left, claim.right) for d in side.shape for n in d.names}
    return mentioned(claim) | shapes


def reached(model: Model, symbols: frozenset[str], cut: Mapping[str, Any]) -> frozenset[str]:
    """The symbols and all that their definitions, domains and laws are computed from."""
    seen: set[str] = set()
    stack = list(symbols)
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        declaration = model.declarations.get(name)
        if declaration is not None:
            stack += [s for t in terms_of(declaration, name in cut) for s in term_names(t)]
    return frozenset(seen)


def terms_of(declaration: Declaration, cut: bool) -> Iterator[Term]:
    domain, law = declaration.domain, declaration.law
    yield from (t for t in (domain.low, domain.high) if t is not None)
    for family in declaration.family:
        yield from (t for t in (family.lower, family.upper) if t is not None)
    if not cut:
        for definition in declaration.definitions:
            yield definition.body
            if definition.where is not None:
                yield definition.where
    if law is not None:
        yield from (t.body for t in (law.mean, law.covariance) if t is not None)
        yield from (t for t in (law.low, law.high) if t is not None)
        yield from law.values
        yield from law.weights
        yield from law.raw

