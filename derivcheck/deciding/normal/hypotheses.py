"""Assumed equalities as rewriting rules.

An assumed equality `L = R` becomes the rule L -> R, where L is its greatest monomial and the free indices of
the assumption are pattern variables. What a domain says (entries of a simplex sum to 1, binary entries are
their own squares) becomes rules of the same form.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.deciding.normal.algebra import Algebra, Rule
from derivcheck.deciding.normal.conditions import integral
from derivcheck.deciding.normal.lower import Lowering, Unsupported, symbol_head
from derivcheck.deciding.normal.matching import find, instance
from derivcheck.deciding.normal.naming import equation, name_of
from derivcheck.deciding.normal.poly import Atom, Monomial, Poly, constant, of_atom, variable
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.deciding.normal.raws import Raw
from derivcheck.record import dataclass, replace
from derivcheck.terms import node as n
from derivcheck.terms.model import Claim, Declaration
from derivcheck.terms.node import Index, fresh
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """left -> right; `variables` are the indices that stand for any value. `name` is what `needs` will say."""

    name: str
    left: Monomial
    right: Poly
    variables: frozenset[Index]


def hypotheses(low: Lowering, claim: Claim) -> list[Hypothesis]:
    """All rewriting rules that the givens supply, by what they need."""
    model = low.algebra.facts.model
    found: list[Hypothesis] = []
    for assumed in (*model.assumptions, *claim.given):
        if assumed.relation == "=":
            found.extend(_equality(low, _squared(assumed)))
    for name, declaration in model.declarations.items():
        if declaration.domain.kind == "simplex" and declaration.shape:
            found.append(_sums_to_one(low, name, declaration))
    found.extend(_one_hot(low, found))
    return found


def _squared(claim: Claim) -> Claim:
    """`\\|u\\| = c` for a number c >= 0 as `u^T u = c^2`, which products can use."""
    root, value = claim.left.body, claim.right.body
    if not isinstance(root, n.Power) or root.exponent != n.Number(Fraction(1, 2)) or claim.left.axes:
        return claim
    if not isinstance(value, n.Number) or value.value < 0:
        return claim
    return replace(claim, left=Tensor((), root.base), right=Tensor((), n.Number(value.value**2)))


def _equality(low: Lowering, claim: Claim) -> Iterator[Hypothesis]:
    algebra = low.algebra
    try:
        left = low(claim.left.body)
        right = low(claim.right.at([n.Var(a) for a in claim.left.axes]))
    except (Unsupported, Undefined):
        return
    difference = algebra.sub(left, right)
    if not difference.terms or integral(difference):
        return
    heads = {a.head for _, m in difference for a, _ in m.factors}
    if len(heads) == 1 and next(iter(heads))[-1] in algebra.facts.antisymmetric:
        return
    variables = frozenset(claim.left.axes) | frozenset(p.index for p in claim.parameters)
    limited = any(p.lower is not None or p.upper is not None for p in claim.parameters)
    coefficient, lead = _without_sizes(difference).lead()
    if limited and lead.free & {p.index for p in claim.parameters if p.index.dim is None}:
        return
    if not (variables & difference.free) <= lead.free:
        return
    rest = Poly.of((-c / coefficient, m) for c, m in difference if m.key != lead.key)
    name = (equation(left, right) if len(claim.left.axes) < 2 else "") or name_of(claim)
    yield Hypothesis(name, lead, rest, variables & lead.free)
    yield from _other_side(algebra, name, lead, rest, variables)


def _without_sizes(difference: Poly) -> Poly:
    """The part that more than sizes are in: `\\operatorname{rank}(A) = n` says what the rank is, not what n is."""
    kept = Poly.of((c, m) for c, m in difference if any(a.head[0] != "size" for a, _ in m.factors))
    return kept if kept.terms else difference


def _other_side(
    algebra: Algebra, name: str, lead: Monomial, rest: Poly, variables: frozenset[Index]
) -> Iterator[Hypothesis]:
    """From Q^T Q = I for a square Q also Q Q^T = I."""
    single = rest.single
    if len(lead.factors) not in (1, 2) or single is None or single.head[0] != "delta" or len(lead.dummies) != 1:
        return
    dummy = lead.dummies[0]
    rows = sorted(variables & lead.free, key=lambda i: i.name)
    if len(rows) != 2 or any(r.dim != dummy.dim for r in rows):
        return
    swapped: list[tuple[Atom, Fraction]] = []
    for atom, exponent in lead.factors:
        if atom.head[0] != "symbol" or len(atom.args) < 2:
            return
        *family, a, b = atom.args
        swapped.append((Atom(atom.head, (*family, b, a)), exponent))
    yield Hypothesis(name, Monomial(lead.dummies, tuple(swapped)), rest, variables)


def _sums_to_one(low: Lowering, name: str, declaration: Declaration) -> Hypothesis:
    """The entries of a probability vector sum to 1 over the last axis."""
    family = [fresh(f.index.name) for f in declaration.family]
    axes = [fresh("i", d) for d in declaration.shape]
    atom = Atom(symbol_head(low.algebra.facts, name), tuple(variable(i) for i in (*family, *axes)))
    left = Monomial((axes[-1],), ((atom, Fraction(1)),))
    return Hypothesis(f"{name} sums to 1", left, constant(1), frozenset((*family, *axes[:-1])))


def _one_hot(low: Lowering, found: list[Hypothesis]) -> Iterator[Hypothesis]:
    """A binary vector y whose entries sum to 1 has y_i y_j = delta_ij y_i."""
    binary = low.algebra.facts.binary
    for hypothesis in found:
        factors = hypothesis.left.factors
        if len(factors) != 1 or factors[0][1] != 1 or hypothesis.right.number != 1 or len(hypothesis.left.dummies) != 1:
            continue
        atom, dummy = factors[0][0], hypothesis.left.dummies[0]
        if atom.head[0] != "symbol" or atom.head[1] not in binary or dummy.dim is None:
            continue
        if not atom.args or atom.args[-1].variable != dummy:
            continue
        i, j = fresh("i", dummy.dim), fresh("j", dummy.dim)
        at = [Atom(atom.head, (*atom.args[:-1], variable(x))) for x in (i, j)]
        left = Monomial((), ((at[0], Fraction(1)), (at[1], Fraction(1))))
        same = of_atom(Atom(("delta", "symmetric"), (variable(i), variable(j))))
        right = low.algebra.mul(same, of_atom(at[0]))
        yield Hypothesis(f"{hypothesis.name}, entries 0 or 1", left, right, hypothesis.variables | {i, j})


def rule(hypothesis: Hypothesis) -> Rule:
    """A hypothesis as a rule of the normal form. What it needs is noted when it is used."""

    def apply(algebra: Algebra, raw: Raw) -> list[Raw] | None:
        match = find(algebra, hypothesis.left, hypothesis.variables, raw)
        if match is None:
            return None
        right = instance(algebra, hypothesis.right, match.binding)
        new = algebra.times(Raw(raw.coefficient, match.dummies, match.rest), right)
        if len(new) == 1 and Monomial(new[0].dummies, new[0].factors).key == Monomial(raw.dummies, raw.factors).key:
            return None  # the same product again: tr(AB) = tr(BA) under AB = BA
        algebra.needs.add(hypothesis.name)
        return new

    return Rule(hypothesis.name, apply, (hypothesis.left.factors[0][0].head[0],) if hypothesis.left.factors else ())
