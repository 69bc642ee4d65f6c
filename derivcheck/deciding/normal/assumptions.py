"""What the givens say of signs, kinds of matrices and integers, read off the model into `Facts`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from derivcheck.deciding.normal.facts import NONNEGATIVE, POSITIVE, Facts
from derivcheck.deciding.normal.lower import Lowering, Unsupported
from derivcheck.deciding.normal.poly import Atom, Poly, constant, of_atom
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.record import replace
from derivcheck.terms import node as n
from derivcheck.terms.model import Claim, Declaration, Domain, Model, Parameter


def signs(model: Model) -> dict[str, int]:
    """Symbols all of whose entries are known to be positive or nonnegative: from domains and from `x > 0`."""
    found: dict[str, int] = {}
    for name, declaration in model.declarations.items():
        grade = _domain_sign(declaration.domain)
        if grade:
            found[name] = grade
    for claim in model.assumptions:
        bound = _bounded_symbol(claim, model)
        if bound:
            found[bound[0]] = max(bound[1], found.get(bound[0], 0))
    return found


def _domain_sign(domain: Domain) -> int:
    if domain.kind == "simplex":
        return POSITIVE
    if domain.kind == "finite" and domain.values:
        values = [v.value for v in domain.values if isinstance(v, n.Number)]
        if len(values) == len(domain.values) and min(values) >= 0:
            return POSITIVE if min(values) > 0 else NONNEGATIVE
        return 0
    if isinstance(domain.low, n.Number) and domain.low.value >= 0:
        return POSITIVE if domain.low.value > 0 or domain.low_strict else NONNEGATIVE
    return 0


def _bounded_symbol(claim: Claim, model: Model) -> tuple[str, int] | None:
    """`x > c` with c >= 0 for a whole symbol: each index of its own axes, or a parameter over the family."""
    left, right, relation = claim.left, claim.right, claim.relation
    if relation in ("<", "<="):
        left, right, relation = right, left, relation.replace("<", ">")
    if relation not in (">", ">=") or claim.given or not isinstance(right.body, n.Number) or right.body.value < 0:
        return None
    entry = left.body
    if not isinstance(entry, n.Entry):
        return None
    indices = [i.index if isinstance(i, n.Var) else None for i in entry.indices]
    if None in indices or len(set(indices)) != len(indices):
        return None
    axes = set(left.axes)
    declaration = model.declarations.get(entry.symbol)
    ranges = {p.index: p for p in claim.parameters}
    for position, index in enumerate(indices):
        if index in axes:
            continue
        parameter = ranges.get(index)  # type: ignore[arg-type]
        if parameter is None or not _whole(parameter, declaration, position):
            return None
    return entry.symbol, POSITIVE if relation == ">" or right.body.value > 0 else NONNEGATIVE


def _whole(parameter: Parameter, declaration: Declaration | None, position: int) -> bool:
    """Whether a parameter of an assumption runs over all values of that index of the symbol."""
    if parameter.lower is None and parameter.upper is None:
        return True
    if declaration is None:
        return False
    if position < len(declaration.family):
        family = declaration.family[position]
        return parameter.lower == family.lower and parameter.upper == family.upper
    dim = declaration.shape[position - len(declaration.family)]
    whole = isinstance(parameter.upper, n.Size) and parameter.upper.dim == dim
    return parameter.lower == n.Number(Fraction(1)) and whole


def symmetric_symbols(claims: tuple[Claim, ...]) -> frozenset[str]:
    """Names of which `A^T = A` or `A \\succ 0` is assumed."""
    found = set()
    for claim in claims:
        axes, left, right = claim.left.axes, claim.left.body, claim.right.body
        if len(axes) != 2 or not isinstance(left, n.Entry):
            continue
        pair = (n.Var(axes[0]), n.Var(axes[1]))
        if claim.relation in ("succ", "succeq") and left.indices in (pair, pair[::-1]):
            found.add(left.symbol)
        if claim.relation == "=" and isinstance(right, n.Entry) and right.symbol == left.symbol:
            other = claim.right.at(pair)
            if isinstance(other, n.Entry) and other.indices == left.indices[::-1] and set(left.indices) == set(pair):
                found.add(left.symbol)
    return frozenset(found)


def symbols_among(model: Model, *values: int) -> frozenset[str]:
    """The symbols whose entries have only these values."""
    allowed = {Fraction(v) for v in values}
    return frozenset(
        name
        for name, d in model.declarations.items()
        if d.domain.kind == "finite"
        and d.domain.values
        and {v.value if isinstance(v, n.Number) else None for v in d.domain.values} <= allowed
    )


def facts_of(model: Model, claim: Claim) -> Facts:
    """Signs, symmetric and binary symbols; integer facts are added by `with_integers`, which needs an algebra."""
    assumed = (*model.assumptions, *claim.given)
    known = signs(replace(model, assumptions=assumed))
    orthogonal = frozenset(name for claim in assumed for name in _orthogonal(claim))
    invertible = frozenset(name for claim in assumed for name in _invertible(claim)) | orthogonal
    symmetric = symmetric_symbols(assumed)
    opposite = frozenset(name for claim in assumed for name in _antisymmetric(claim))
    binary, unit = symbols_among(model, 0, 1), symbols_among(model, 1, -1)
    return Facts(model, known, (), symmetric, binary, unit, orthogonal, invertible, opposite)


def _antisymmetric(claim: Claim) -> Iterator[str]:
    """The name of a matrix of which `A^T = -A` is assumed."""
    if claim.relation != "=" or len(claim.left.axes) != 2:
        return
    sides = claim.left.body, claim.right.at([n.Var(a) for a in claim.left.axes])
    for one, other in (sides, sides[::-1]):
        if isinstance(one, n.Entry) and isinstance(other, n.Mul) and len(other.args) == 2:
            sign, entry = other.args
            if not (isinstance(sign, n.Number) and sign.value == -1 and isinstance(entry, n.Entry)):
                continue
            if entry.symbol == one.symbol and entry.indices == one.indices[::-1] and len(entry.indices) == 2:
                yield one.symbol


def _orthogonal(claim: Claim) -> Iterator[str]:
    """The name of a square matrix of which `Q^T Q = I` or `Q Q^T = I` is assumed."""
    left, right, axes = claim.left.body, claim.right.body, claim.left.axes
    if claim.relation != "=" or len(axes) != 2 or axes[0].dim != axes[1].dim:
        return
    if not (isinstance(right, n.Delta) and isinstance(left, n.Reduce) and isinstance(left.body, n.Mul)):
        return
    if len(left.body.args) != 2 or left.index.dim != axes[0].dim or right.left == right.right:
        return
    a, b = left.body.args
    if isinstance(a, n.Entry) and isinstance(b, n.Entry) and a.symbol == b.symbol and len(a.indices) == 2:
        k = n.Var(left.index)
        positions = [[p for p, i in enumerate(e.indices) if i == k] for e in (a, b)]
        outer = {i for e in (a, b) for i in e.indices} - {k}
        if positions[0] == positions[1] and len(positions[0]) == 1 and outer == {n.Var(x) for x in axes}:
            yield a.symbol


def _invertible(claim: Claim) -> Iterator[str]:
    """The name of a matrix of which `\\det A \\ne 0`, `A \\succ 0` or the like is assumed."""
    left, right = claim.left.body, claim.right.body
    if claim.relation == "succ" and isinstance(left, n.Entry):
        yield left.symbol
    zero = isinstance(right, n.Number) and right.value == 0
    if claim.relation not in ("!=", ">", "<") or not zero or not isinstance(left, n.MatrixOp) or left.name != "det":
        return
    if isinstance(left.body, n.Entry) and set(left.body.indices) == {n.Var(left.rows), n.Var(left.cols)}:
        yield left.body.symbol


def with_integers(low: Lowering, claim: Claim) -> None:
    """Adds to the facts what is known of integers: dimensions' bounds, ranges of parameters and integer symbols,
    assumptions between integers, and that the members of families which the claim mentions exist."""
    algebra, model = low.algebra, low.algebra.facts.model
    found: list[Poly] = []

    def known(larger: n.Term, smaller: n.Term, slack: int = 0) -> None:
        with suppress(Unsupported, Undefined):
            found.append(algebra.sub(algebra.sub(low(larger), low(smaller)), constant(slack)))

    for name, bound in model.dims.items():
        found.append(algebra.sub(of_atom(Atom(("size", name))), constant(bound)))
    for name, declaration in model.declarations.items():
        if declaration.domain.kind == "integer" and not declaration.shape and not declaration.family:
            domain = declaration.domain
            entry = n.Entry(name)
            if domain.low is not None:
                known(entry, domain.low, int(domain.low_strict))
            if domain.high is not None:
                known(domain.high, entry, int(domain.high_strict))
    for parameter in claim.parameters:
        if parameter.lower is not None:
            known(n.Var(parameter.index), parameter.lower)
        if parameter.upper is not None:
            known(parameter.upper, n.Var(parameter.index))
    for assumed in (*model.assumptions, *claim.given):
        if assumed.left.axes or assumed.parameters or assumed.relation not in ("<", "<=", ">", ">=", "="):
            continue
        a, b = assumed.left.body, assumed.right.body
        if not (_integral(low, a) and _integral(low, b)):
            continue
        strict = 1 if assumed.relation in ("<", ">") else 0
        if assumed.relation in (">", ">=", "="):
            known(a, b, strict)
        if assumed.relation in ("<", "<=", "="):
            known(b, a, strict)
    for entry in _unconditional_entries(claim):
        declaration = model.declarations.get(entry.symbol)
        for family, index in zip(declaration.family if declaration else (), entry.indices, strict=False):
            own = {family.index: index}
            if family.lower is not None:
                known(index, n.substitute(family.lower, own))
            if family.upper is not None:
                known(n.substitute(family.upper, own), index)
        axes = entry.indices[len(declaration.family) :] if declaration else ()
        for dim, index in zip(declaration.shape if declaration else (), axes, strict=False):
            if isinstance(index, n.Var) and index.index.dim == dim:
                continue  # an index of that very axis brings its bounds along
            known(index, n.Number(Fraction(1)))
            known(n.Size(dim), index)
    algebra.facts = replace(algebra.facts, integers=tuple(found))
    low.forget()


def _integral(low: Lowering, term: n.Term) -> bool:
    from derivcheck.deciding.normal.conditions import integral

    try:
        return integral(low(term))
    except (Unsupported, Undefined):
        return False


def _unconditional_entries(claim: Claim) -> Iterator[n.Entry]:
    """Entries that must exist for the claim to be defined: outside sums (which may be empty) and cases."""
    stack: list[n.Term] = [claim.left.body, claim.right.body]
    while stack:
        term = stack.pop()
        if isinstance(term, n.Entry):
            yield term
        if isinstance(term, n.Derivative):
            stack.extend(t for t in (term.body, term.wrt))
        elif isinstance(term, n.Reduce):
            if isinstance(term.upper, n.Size) and term.where is None:
                stack.append(term.body)
        elif not isinstance(term, (n.Cases, n.Fold, n.Logic, n.Compare)):
            stack.extend(n.children(term))
