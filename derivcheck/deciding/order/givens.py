"""The givens as facts about atoms: domains, assumptions for the entries in play, conditions of the claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product as pairs

from derivcheck.deciding.order.facts import Condition, Fact
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.poly import ONE, Atom, Poly
from derivcheck.terms.model import Claim, Parameter
from derivcheck.terms.node import Compare, Delta, Entry, Index, Logic, Number, Term, Var

RELATIONS = {"<=": (-1, ">="), ">=": (1, ">="), "<": (-1, ">"), ">": (1, ">"), "=": (1, "="), "!=": (1, "!=")}
MAX_INSTANCES = 60


def as_condition(left: Poly, relation: str, right: Poly) -> Condition | None:
    """`left relation right` as a polynomial compared with 0."""
    if relation not in RELATIONS:
        return None
    sign, word = RELATIONS[relation]
    return (left - right).scaled(sign), word


def conditions(forms: Forms, term: Term) -> list[Condition] | None:
    """A condition (a comparison, or several joined by 'and') as polynomials compared with 0."""
    if isinstance(term, Compare):
        made = as_condition(forms.form(term.left), term.relation, forms.form(term.right))
        return None if made is None else [made]
    if isinstance(term, Logic) and term.op == "and":
        parts = [conditions(forms, a) for a in term.args]
        return None if any(p is None for p in parts) else [c for p in parts if p is not None for c in p]
    if isinstance(term, Logic) and term.op == "not" and isinstance(term.args[0], Compare):
        inner = term.args[0]
        opposite = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
        return conditions(forms, Compare(opposite[inner.relation], inner.left, inner.right))
    return None


def parameter_facts(forms: Forms, parameters: tuple[Parameter, ...]) -> Iterator[Fact]:
    for parameter in parameters:
        value = forms.form(Var(parameter.index))
        if parameter.lower is not None:
            yield Fact(value - forms.form(parameter.lower), ">=", "range of an index")
        if parameter.upper is not None:
            yield Fact(forms.form(parameter.upper) - value, ">=", "range of an index")


def domain_facts(forms: Forms, atom: Atom) -> Iterator[Fact]:
    """What the domain of an entry, a size or an index says of it."""
    value = Poly.atom(atom)
    if atom.kind == "size":
        yield Fact(value - Poly.of(forms.model.dims.get(atom.name, 1)), ">=", "a dimension is a positive integer")
    if atom.kind == "index" and isinstance(atom.term, Var) and atom.term.index.dim is not None:
        yield Fact(value - ONE, ">=", "range of an index")
        yield Fact(forms.size(atom.term.index.dim) - value, ">=", "range of an index")
    declaration = forms.model.declarations.get(atom.name) if atom.kind == "entry" else None
    if declaration is None:
        return
    domain = declaration.domain
    if domain.kind == "simplex":
        yield Fact(value, ">", "domain")
        yield Fact(ONE - value, ">=", "domain")
    if domain.low is not None and not domain.low.free:
        yield Fact(value - forms.form(domain.low), ">" if domain.low_strict else ">=", "domain")
    if domain.high is not None and not domain.high.free:
        yield Fact(forms.form(domain.high) - value, ">" if domain.high_strict else ">=", "domain")
    if domain.kind == "finite" and 0 < len(domain.values) <= 4:
        total = ONE
        for choice in domain.values:
            total = forms.times(total, value - forms.form(choice))
        yield Fact(total, "=", "domain")


def assumption_facts(forms: Forms, claims: tuple[Claim, ...], present: Mapping[str, Atom]) -> Iterator[Fact]:
    """Every assumption, at every instance whose entries are in play."""
    for number, claim in enumerate(claims):
        if claim.relation not in RELATIONS or claim.given:
            continue
        if claim.relation == "!=" and claim.left.axes:
            yield from _somewhere(forms, claim, number)
            continue
        relation, right = claim.relation, claim.right.renamed()
        left_body = claim.left.at([Var(a) for a in right.axes])
        pattern = as_condition(forms.form(left_body), relation, forms.form(right.body))
        assert pattern is not None
        bound = [*right.axes, *(p.index for p in claim.parameters)]
        ranges = tuple((f.poly, f.relation) for f in parameter_facts(forms, claim.parameters))
        for values in _instances(forms, pattern[0], bound, present):
            poly = forms.substitute(pattern[0], values)
            when = tuple((forms.substitute(p, values), r) for p, r in ranges)
            yield Fact(poly, pattern[1], "assumption", when)


def _somewhere(forms: Forms, claim: Claim, number: int) -> Iterator[Fact]:
    """Two tensors that differ do so at some entry, named here; at others they may agree."""
    if claim.parameters or len(claim.left.axes) != len(claim.right.axes):
        return
    entry = [Var(Index(f"entry {number}.{k}", a.dim)) for k, a in enumerate(claim.left.axes)]
    yield Fact(forms.form(claim.left.at(entry)) - forms.form(claim.right.at(entry)), "!=", "assumption")


def _instances(
    forms: Forms, pattern: Poly, bound: list[Index], present: Mapping[str, Atom]
) -> Iterator[dict[Index, Poly]]:
    """Values for the bound indices under which entries of the pattern are entries in play."""
    if not (pattern.free & set(bound)):
        yield {}
        return
    wanted = [i for i in bound if i in pattern.free]
    choices: dict[Index, dict[str, Poly]] = {i: {} for i in wanted}
    for mine in _entries(pattern):
        for other in present.values():
            if other.kind == "entry" and other.name == mine.name:
                for own, target in zip(mine.args, other.args, strict=True):
                    single = own.single
                    if single is not None and isinstance(single.term, Var) and single.term.index in choices:
                        choices[single.term.index][target.key] = target
    lists = [list(choices[i].values()) for i in wanted]
    for count, combination in enumerate(pairs(*lists)):
        if count >= MAX_INSTANCES:
            return
        yield dict(zip(wanted, combination, strict=True))


def _entries(poly: Poly) -> Iterator[Atom]:
    for atom in poly.atoms:
        if atom.kind == "entry":
            yield atom
        for arg in atom.args:
            yield from _entries(arg)


def symmetric_symbols(claims: tuple[Claim, ...]) -> frozenset[str]:
    """Symbols assumed symmetric (`A^T = A`, `A \\succ 0`)."""
    found = set(definite_symbols(claims, strict=False))
    for claim in claims:
        if claim.relation == "=" and len(claim.left.axes) == 2:
            right = claim.right.renamed()
            crossed = claim.left.at([Var(a) for a in reversed(right.axes)])
            if isinstance(right.body, Entry) and crossed is right.body:
                found.add(right.body.symbol)
    return frozenset(found)


def definite_symbols(claims: tuple[Claim, ...], strict: bool) -> frozenset[str]:
    """Symbols assumed positive definite (or at least semidefinite)."""
    return frozenset(
        claim.left.body.symbol
        for claim in claims
        if claim.relation in (("succ",) if strict else ("succ", "succeq"))
        and isinstance(claim.left.body, Entry)
        and isinstance(claim.right.body, Number)
        and claim.right.body.value == 0
    )


def orthonormal_symbols(forms: Forms, claims: tuple[Claim, ...]) -> frozenset[str]:
    """Symbols with orthonormal columns or rows (`Q^T Q = I`, `Q Q^T = I`)."""
    found = set()
    for claim in claims:
        right = claim.right.renamed()
        if claim.relation != "=" or len(right.axes) != 2 or not isinstance(right.body, Delta):
            continue
        atom = forms.form(claim.left.at([Var(a) for a in right.axes])).single
        if atom is None or atom.kind != "sum" or len(atom.ranges) != 1:
            continue
        mono = atom.args[0].first[0]
        names = {a.name for a, e in mono if a.kind == "entry" and e == 1 and len(a.args) == 2}
        inner = forms.form(Var(atom.ranges[0].index))
        slots = {k for a, _ in mono for k, p in enumerate(a.args) if p == inner}
        if len(mono) == 2 and len(names) == 1 and len(slots) == 1 and not atom.ranges[0].limits:
            found |= names
    return frozenset(found)
