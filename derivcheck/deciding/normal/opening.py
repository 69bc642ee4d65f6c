"""Opening what is opaque: definitions put in place of names, derivatives resolved through definitions."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.deciding.normal.building import plain, rebuild
from derivcheck.deciding.normal.chain_rule import adjoint, earlier, through_time
from derivcheck.deciding.normal.facts import Facts
from derivcheck.deciding.normal.integers import derivative_term, integer_entry
from derivcheck.deciding.normal.lower import Lowering
from derivcheck.deciding.normal.pairs import atoms_in
from derivcheck.deciding.normal.poly import Atom, Monomial, Poly, constant, of_atom, variable
from derivcheck.deciding.normal.raws import Raw
from derivcheck.terms import node as n
from derivcheck.terms.differentiate import resolve_entry
from derivcheck.terms.integers import difference as gap
from derivcheck.terms.model import Model
from derivcheck.terms.unfold import depends, family_indices, unfold

UNIT = constant(1)
Opener = Callable[[Atom], Poly | None]


def resolved(lowering: Lowering, difference: Poly) -> Poly | None:
    """Derivatives of defined entries taken one level further, where that must end; None if there are none."""
    model = lowering.algebra.facts.model

    def opener(atom: Atom) -> Poly | None:
        if atom.head[0] != "derivative":
            return None
        term = derivative_term(atom, model)
        if term is None or not isinstance(term.body, n.Entry) or not _ends(model, term):
            return None
        found = resolve_entry(term, model)
        return None if found == term else lowering(found)

    return opened(lowering, difference, opener)


def _ends(model: Model, term: n.Derivative) -> bool:
    """Whether unfolding the differentiated entry leads to the variable in a known number of steps: no recurrence, or
    one over a fixed distance in time, or an immediate derivative."""
    assert isinstance(term.body, n.Entry)
    symbol = term.body.symbol
    if term.immediate or symbol not in depends(model, symbol):
        return True
    own, other = family_indices(model, term.body), family_indices(model, term.wrt)
    return bool(own and other) and gap(own[0], other[0]) is not None


def chained(lowering: Lowering, difference: Poly, mixed: bool = True) -> Poly | None:
    """The chain rule from the side of the variable: only derivatives by the earliest variables take a step, so that
    all come to speak of the same ones. `mixed`: only where there are derivatives by others, too."""
    model = lowering.algebra.facts.model
    found = _derivatives(difference, model)
    first = {key for key, term in found.items() if not any(earlier(model, t.wrt, term.wrt) for t in found.values())}
    if mixed and len(first) == len(found):
        return None

    def opener(atom: Atom) -> Poly | None:
        if atom.key not in first:
            return None
        step = adjoint(found[atom.key], model)
        return None if step is None else lowering(step)

    return opened(lowering, difference, opener)


def folded(lowering: Lowering, difference: Poly) -> Poly | None:
    """The derivative of a state by itself at an earlier, symbolic time as the ordered product of one-step Jacobians,
    the latest leftmost."""
    model = lowering.algebra.facts.model

    def opener(atom: Atom) -> Poly | None:
        term = derivative_term(atom, model) if atom.head[0] == "derivative" else None
        product = None if term is None else through_time(term, model)
        if product is None:
            return None
        later, sooner = (lowering(t) for t in (product.upper, product.lower))
        if not lowering.algebra.facts.at_least_zero(lowering.algebra.sub(later, lowering.algebra.sub(sooner, UNIT))):
            return None
        return lowering(product)

    return opened(lowering, difference, opener)


def _derivatives(difference: Poly, model: Model) -> dict[str, n.Derivative]:
    """The total derivatives of entries in a polynomial, by key."""
    found: dict[str, n.Derivative] = {}
    for atom in atoms_in(difference):
        if atom.head[0] == "derivative" and atom.key not in found:
            term = derivative_term(atom, model)
            if term is not None and isinstance(term.body, n.Entry):
                found[atom.key] = term
    return found


def unfolded(lowering: Lowering, difference: Poly) -> Poly | None:
    """The entries that come last (no other entry in the difference is computed from them) replaced by their
    definitions; where none of those has one, all of them; None if there are none."""
    model = lowering.algebra.facts.model
    entries: dict[str, n.Entry] = {}
    for atom in atoms_in(difference):
        if atom.head[0] == "symbol" and atom.key not in entries:
            declaration = model.declarations.get(atom.head[1])
            if declaration is None or not declaration.definitions:
                continue
            entry = integer_entry(atom)
            if entry is not None and len(entry.indices) == len(declaration.family) + len(declaration.shape):
                entries[atom.key] = entry
    last = {k for k, e in entries.items() if not any(earlier(model, e, other) for other in entries.values())}
    for chosen in (last, set(entries)):
        new = opened(lowering, difference, _unfolder(lowering, chosen)) if chosen else None
        if new is not None:
            return new
    return None


def recurs(lowering: Lowering, difference: Poly) -> bool:
    """Whether a name in the difference is defined by a recurrence."""
    model = lowering.algebra.facts.model
    names = {a.head[1] for a in atoms_in(difference) if a.head[0] == "symbol"}
    return any(name in depends(model, name) for name in names)


def _unfolder(lowering: Lowering, keys: set[str]) -> Opener:
    model = lowering.algebra.facts.model

    def opener(atom: Atom) -> Poly | None:
        if atom.key not in keys:
            return None
        entry = integer_entry(atom)
        definition = None if entry is None else unfold(entry, model)
        if definition is None:
            return None
        if isinstance(definition, n.Cases) and definition.otherwise is entry and not _applies(lowering, definition):
            return None
        return lowering(definition)

    return opener


def _applies(lowering: Lowering, definition: n.Cases) -> bool:
    """Whether it is known that one branch of a definition applies (else unfolding would not get rid of the name)."""
    algebra = lowering.algebra
    left = constant(1)
    for condition, _ in definition.branches:
        left = algebra.mul(left, algebra.sub(constant(1), lowering(condition)))
    return not left.terms


def opened(lowering: Lowering, poly: Poly, opener: Opener) -> Poly | None:
    """The polynomial with every atom that the opener knows replaced, inside arguments too; None if there is none."""
    visit = _Visit(lowering, opener)
    result = visit.poly(poly)
    return result if visit.changed else None


class _Visit:
    """One pass over a polynomial. Inside a sum, product or ordered product over a range, its index is known to lie
    there (until what was opened is put together again: the range itself must stay)."""

    def __init__(self, lowering: Lowering, opener: Opener) -> None:
        self.algebra, self.opener, self.changed = lowering.algebra, opener, False

    def poly(self, poly: Poly) -> Poly:
        parts: list[Poly] = []
        for coefficient, monomial in poly:
            with self.algebra.knowing(_in_ranges(self.algebra.facts, monomial)):
                values = [(a, e, self.atom(a)) for a, e in monomial.factors]
            if all(v is None for _, _, v in values):
                parts.append(Poly.of([(coefficient, monomial)]))
                continue
            kept = tuple((a, e) for a, e, v in values if v is None)
            raws = [Raw(coefficient, monomial.dummies, kept)]
            for _, exponent, value in values:
                if value is not None:
                    raised = self.algebra.power(value, exponent)
                    raws = [new for r in raws for new in self.algebra.times(r, raised)]
            parts.append(self.algebra.settle(raws))
        return self.algebra.add(*parts)

    def atom(self, atom: Atom) -> Poly | None:
        """What the atom becomes; None if nothing in it changes."""
        before = self.changed
        found = self.opener(atom)
        if found is not None:
            self.changed = True
            return found
        if atom.head[0] == "derivative" or not (atom.args or atom.body):
            return None
        self.changed = False
        args = tuple(self.poly(p) for p in atom.args)
        facts = self.algebra.facts
        if atom.head[0] in ("fold", "reduce"):
            facts = facts.between(variable(atom.bound[0]), *atom.args[:2])
        with self.algebra.knowing(facts):
            body = tuple(self.poly(p) for p in atom.body)
        inside, self.changed = self.changed, self.changed or before
        return plain(rebuild(self.algebra, Atom(atom.head, args, atom.bound, body))) if inside else None


def _in_ranges(facts: Facts, monomial: Monomial) -> Facts:
    for atom, _ in monomial.factors:
        if atom.head[0] == "range" and atom.args[0].variable in monomial.dummies:
            facts = facts.between(*atom.args)
    return facts


__all__ = ["chained", "of_atom", "resolved", "unfolded"]
