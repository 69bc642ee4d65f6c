"""Given relations that are no definitions: assumptions, and what they say of domains and dimensions."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.language.elaboration.declaring import with_dims
from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.ranges import whole_axis
from derivcheck.language.elaboration.unreadable import Unreadable
from derivcheck.language.givens.line import Line
from derivcheck.language.parsing.syntax import (
    Node,
    Relation,
)
from derivcheck.language.reading import (
    RELATIONS,
    claim_of,
    conditions_of,
    fitted,
)
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.build import ZERO
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Constant, Entry, Number, Size, Term, Var


def with_declared(elab: Elaborator, scope: Scope) -> Scope:
    """The scope with what the line introduced by use."""
    for declaration in elab.session.declared.values():
        known = scope.model.declarations.get(declaration.name)
        if known is None or (declaration.definitions and not known.definitions):
            scope = scope.declare(declaration)
            if declaration.name in elab.session.undeclared:  # a distribution of which nobody said anything
                model = scope.model
                scope = replace(scope, model=replace(model, inferred=model.inferred | {declaration.name}))
    return with_dims(scope, elab.session.sizes) if elab.session.sizes else scope


def all_declared(elab: Elaborator, own: str | None) -> None:
    for name, span in elab.session.undeclared.items():
        if name != own:
            raise Unreadable("undeclared", f"nothing introduces {name}", span, suggestion(elab.scope, name))


def suggestion(scope: Scope, name: str) -> str:
    """A declared name one letter away."""
    import difflib

    near = difflib.get_close_matches(name, sorted(scope.names), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""


def assumption(line: Line) -> Scope | None:
    """Everything else: a relation that holds."""
    node = line.node
    if any(turned_relation(r) not in RELATIONS for r in node.relations):
        return None
    elab = line.elab()
    scope = line.scope
    relations = conditions_of(elab, node)
    if line.piece.names:
        for name in line.piece.names:
            first = elab.tensor(name)
            left, right = fitted(elab, first, relations[0][1], elab.tensor(node.operands[1]), node.span, loose=True)
            relations.append((left, relations[0][1], right))
    all_declared(elab, None)
    given = tuple(condition_claims(elab, line.conditions))
    scope = with_declared(elab, scope)
    for left, relation, right in relations:
        claim = claim_of(elab, left, relation, right, node.span, given)
        scope = assumed(scope, claim)
    return scope


def turned_relation(relation: str) -> str:
    from derivcheck.language.reading import TURNED

    return TURNED.get(relation, relation)


def condition_claims(elab: Elaborator, nodes: Sequence[Node]) -> list[Claim]:
    made = []
    for node in nodes:
        if isinstance(node, Relation):
            made += [claim_of(elab, a, r, b, node.span) for a, r, b in conditions_of(elab, node)]
    return made


def assumed(scope: Scope, claim: Claim) -> Scope:
    """One more assumption: a bound on a whole symbol becomes its domain, one on a dimension its least value."""
    narrowed = _narrowed(scope, claim)
    if narrowed is not None:
        return narrowed
    scope = replace(scope, model=scope.model.assume(claim))
    return _dimension_bound(scope, claim)


_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _narrowed(scope: Scope, claim: Claim) -> Scope | None:
    """The domain of the symbol that a bound by a number speaks of, narrowed; None where it is not of that form."""
    left, relation, right = claim.left, claim.relation, claim.right
    if relation not in _MIRROR or claim.given:
        return None
    if isinstance(right.body, Entry) and not isinstance(left.body, Entry):
        left, relation, right = right, _MIRROR[relation], left
    entry = left.body
    if (
        not isinstance(entry, Entry)
        or not isinstance(right.body, Number | Constant)
        or not _covers(scope, claim, entry)
    ):
        return None
    declaration = scope.model.declarations[entry.symbol]
    domain = declaration.domain
    strict, bound = relation in ("<", ">"), right.body
    exact = declaration.law is not None and declaration.law.kind != "moments"
    if domain.kind != "real" or declaration.definitions or exact:
        return None
    if relation in (">", ">="):
        if domain.low is not None:
            return None
        domain = replace(domain, low=bound, low_strict=strict)
    else:
        if domain.high is not None:
            return None
        domain = replace(domain, high=bound, high_strict=strict)
    scope = scope.declare(replace(declaration, domain=domain))
    square = len(declaration.shape) == 2 and declaration.shape[0] == declaration.shape[1] and not declaration.family
    if square and bound is ZERO and not claim.parameters:
        scope = replace(scope, model=replace(scope.model, bounds=(*scope.model.bounds, claim)))
    return scope


def _covers(scope: Scope, claim: Claim, entry: Entry) -> bool:
    """Whether a claim about an entry speaks of every entry of the symbol."""
    declaration = scope.model.declarations.get(entry.symbol)
    if declaration is None:
        return False
    axes = set(claim.left.axes) | set(claim.right.axes)
    ranges = {p.index: p for p in claim.parameters}
    count = len(declaration.family)
    if len({*entry.indices}) != len(entry.indices) or not all(isinstance(i, Var) for i in entry.indices):
        return False
    indices = [i.index for i in entry.indices if isinstance(i, Var)]
    for index, family in zip(indices[:count], declaration.family, strict=True):
        found = ranges.get(index)
        if found is None or found.lower is not family.lower or found.upper is not family.upper:
            return False
    for index, dim in zip(indices[count:], declaration.shape, strict=True):
        whole = index in axes or (index in ranges and whole_axis(ranges[index].lower, ranges[index].upper) == dim)
        if not whole:
            return False
    return True


def _dimension_bound(scope: Scope, claim: Claim) -> Scope:
    """`m > n`, `d \\ge 2`: at least this."""
    left, relation, right = claim.left.body, claim.relation, claim.right.body
    if relation in ("<", "<="):
        left, relation, right = right, _MIRROR[relation], left
    if relation not in (">", ">=") or not isinstance(left, Size) or len(left.dim.terms) != 1:
        return scope
    names = left.dim.terms[0][0]
    least = _least(scope, right)
    if len(names) != 1 or left.dim.terms[0][1] != 1 or least is None:
        return scope
    bound = least + (1 if relation == ">" else 0)
    dims = {**scope.model.dims, names[0]: max(scope.model.dims.get(names[0], 1), bound)}
    return replace(scope, model=replace(scope.model, dims=dims))


def _least(scope: Scope, term: Term) -> int | None:
    if isinstance(term, Number):
        return int(term.value)
    if isinstance(term, Size) and all(c > 0 for _, c in term.dim.terms):
        return term.dim.at({n: scope.model.dims.get(n, 1) for n in term.dim.names})
    return None
