"""The rung for closed forms of recurrences: equalities proved by induction on a whole number.

P(t) is the claim at t: a parameter of the claim, or a declared natural number that it mentions (the claim is then
generalised to every t, of which it is one). The base is the claim at the least t. In the step t = t0 + u with u >= 1:
entries defined by a recurrence are put in one level, what P(t - 1) says of them is used, and the normal form does the
rest. A matrix power A^t becomes A A^{t-1} (or A^{t-1} A) with A^{t-1} an opaque matrix of which P(t - 1) speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import prod

from derivcheck.deciding import normal
from derivcheck.deciding.budget import Work
from derivcheck.deciding.verdict import Verdict
from derivcheck.record import dataclass, replace
from derivcheck.terms.build import ONE, add, mul, number, sub
from derivcheck.terms.claims import apart
from derivcheck.terms.dim import Dim
from derivcheck.terms.integers import affine, difference
from derivcheck.terms.model import Claim, Declaration, Domain, Model
from derivcheck.terms.node import (
    Compare,
    Entry,
    Index,
    MatrixOp,
    Mul,
    Number,
    Reduce,
    Size,
    Term,
    Var,
    fresh,
    map_children,
    replace_entries,
    substitute,
    walk,
)
from derivcheck.terms.tensor import Tensor

RELATIONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
OPAQUE = "A^{t-1}"  # no name of a student's can be written so


@dataclass(frozen=True, slots=True)
class Statement:
    """P: the sides as functions of `t`, and the least t."""

    claim: Claim
    t: Index
    least: int
    name: str

    def at(self, term: Term) -> Claim:
        sides = [Tensor(s.axes, substitute(s.body, {self.t: term})) for s in (self.claim.left, self.claim.right)]
        others = tuple(p for p in self.claim.parameters if p.index is not self.t)
        return replace(self.claim, left=sides[0], right=sides[1], parameters=others, given=())


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """`proved` with what the induction is on, or None."""
    if claim.relation != "=" or claim.left.shape != claim.right.shape:
        return None
    for statement in statements(apart(claim), model):
        if not _always_given(statement):
            continue
        steps = tuple(inductive_steps(statement, model))
        base = _proved(statement.at(number(statement.least)), model, work) if steps else None
        if base is None:
            continue
        for step, known in steps:
            found = _proved(step, known, work)
            if found is not None:
                return _verdict(statement, base, found)
    return None


def _always_given(statement: Statement) -> bool:
    """Whether the conditions of the claim (an upper limit that is not below its empty sum) hold at every t anyway."""
    u = fresh("u", Dim.named("induction"))
    values = {statement.t: add(number(statement.least - 1), Var(u))}
    return all(
        c.relation in RELATIONS
        and not (c.left.axes or c.right.axes or c.parameters)
        and always(Compare(c.relation, *(substitute(side.body, values) for side in (c.left, c.right))), u)
        for c in statement.claim.given
    )


def _proved(claim: Claim, model: Model, work: Work) -> Verdict | None:
    return normal.rung(claim, model, Work(work.seed, work.budget))


def _verdict(statement: Statement, base: Verdict, step: Verdict) -> Verdict:
    evidence: dict[str, object] = {"method": "induction", "on": f"{statement.name} from {statement.least}"}
    for key in ("needs", "except"):
        found = {*base.evidence.get(key, ()), *step.evidence.get(key, ())}
        if key == "needs":
            found.discard(_HYPOTHESIS)
        if found := sorted(x for x in found if OPAQUE not in x):
            evidence[key] = found
    return Verdict("proved", evidence)


_HYPOTHESIS = "the claim before"


# --- what the induction may be on ----------------------------------------------------------------------------------


def statements(claim: Claim, model: Model) -> Iterator[Statement]:
    for parameter in claim.parameters:
        least = _whole(parameter.lower)
        if parameter.index.dim is None and least is not None and _steps(claim, Var(parameter.index), model):
            yield Statement(claim, parameter.index, least, parameter.index.name.split("#")[0])
    for name in sorted(claim.left.body.symbols | claim.right.body.symbols):
        declaration = model.declarations.get(name)
        entry = Entry(name)
        if declaration is None or not _is_natural(declaration) or not _steps(claim, entry, model):
            continue
        least = _whole(declaration.domain.low)
        if least is not None:
            t = fresh(name)
            yield Statement(_generalised(claim, entry, t), t, least, declaration.latex or name)


def _whole(term: Term | None) -> int | None:
    return int(term.value) if isinstance(term, Number) and term.value.denominator == 1 else None


def _is_natural(declaration: Declaration) -> bool:
    plain = not (declaration.shape or declaration.family or declaration.definitions or declaration.law)
    return plain and declaration.domain.kind == "integer" and not declaration.domain.low_strict


def _generalised(claim: Claim, entry: Entry, t: Index) -> Claim:
    def changed(side: Tensor) -> Tensor:
        return Tensor(side.axes, replace_entries(side.body, lambda e: Var(t) if e == entry else None))

    return replace(claim, left=changed(claim.left), right=changed(claim.right))


def _steps(claim: Claim, t: Term, model: Model) -> bool:
    """Whether something in the claim goes from t - 1 to t: a member of a recurrence at t, a matrix to the power t."""
    return any(
        _recurs(node, t, model) or _is_power(node, t)
        for side in (claim.left, claim.right)
        for node in walk(side.body)
    )


def _recurs(node: Term, t: Term, model: Model) -> bool:
    if not isinstance(node, Entry) or not node.indices or node.indices[0] != t:
        return False
    declaration = model.declarations.get(node.symbol)
    return declaration is not None and any(node.symbol in d.body.symbols for d in declaration.definitions)


def _is_power(node: Term, t: Term) -> bool:
    return isinstance(node, MatrixOp) and node.name == "power" and difference(node.params[0], t) == 0


# --- the step ------------------------------------------------------------------------------------------------------


def inductive_steps(statement: Statement, model: Model) -> Iterator[tuple[Claim, Model]]:
    """P(t) for t = least + u, u >= 1, to be proved from P(t - 1)."""
    u = fresh(statement.name, Dim.named("induction"))
    t, before = add(number(statement.least), Var(u)), add(number(statement.least - 1), Var(u))
    now, known = statement.at(t), statement.at(before)
    for one, other in ((known.left, known.right), (known.right, known.left)):
        factor, entry = _multiple(one.body)
        if isinstance(entry, Entry) and factor and entry.indices and entry.indices[0] == before:
            value = Tensor(other.axes, mul(number(1 / factor), other.body))
            stepped = _put_in(now, Tensor(one.axes, entry), value, u, model)
            if stepped is not None:
                yield stepped, model
    for first in (True, False):
        yield from _with_opaque_power(now, known, t, before, first, model)


def _multiple(term: Term) -> tuple[Fraction, Term]:
    """A term as a number times another: `-(-h_t)` as 1 times h_t."""
    if not isinstance(term, Mul):
        return Fraction(1), term
    numbers = [a.value for a in term.args if isinstance(a, Number)]
    rest = [a for a in term.args if not isinstance(a, Number)]
    if len(rest) != 1:
        return Fraction(1), term
    factor, inner = _multiple(rest[0])
    return factor * prod(numbers, start=Fraction(1)), inner


def _put_in(now: Claim, entry: Tensor, value: Tensor, u: Index, model: Model) -> Claim | None:
    """The claim with the recurrence put in for members at t, and then P(t - 1) for members at t - 1."""
    assert isinstance(entry.body, Entry)
    symbol, before = entry.body.symbol, entry.body.indices[0]
    places = entry.body.indices[1:]
    if not all(isinstance(i, Var) for i in places) or len({*places}) != len(places) or len(places) != len(entry.axes):
        return None
    order = [entry.axes.index(i.index) for i in places if isinstance(i, Var) and i.index in entry.axes]
    if len(order) != len(places):
        return None
    turned = Tensor(tuple(value.axes[k] for k in order), value.body)

    def one_level(e: Entry) -> Term | None:
        return _defined(e, u, model) if e.symbol == symbol else None

    def by_hypothesis(e: Entry) -> Term | None:
        if e.symbol != symbol or difference(e.indices[0], before) != 0:
            return None
        return turned.at(e.indices[1:])

    sides = []
    for side in (now.left, now.right):
        body = replace_entries(replace_entries(side.body, one_level), by_hypothesis)
        sides.append(Tensor(side.axes, body))
    return replace(now, left=sides[0], right=sides[1])


def _defined(entry: Entry, u: Index, model: Model) -> Term | None:
    """The first definition of an entry that surely holds for every u >= 1."""
    for definition in model.declarations[entry.symbol].definitions:
        if len(definition.params) != len(entry.indices):
            return None
        values = dict(zip(definition.params, entry.indices, strict=True))
        holds = True if definition.where is None else always(substitute(definition.where, values), u)
        if holds:
            return substitute(definition.body, values)
        if holds is None:
            return None
    return None


def always(condition: Term, u: Index) -> bool | None:
    """Whether a condition that is affine in u alone holds for all whole u >= 1 (True), for none (False)."""
    if not isinstance(condition, Compare):
        return None
    rest = affine(sub(condition.left, condition.right))
    slope, offset = rest.pop(Var(u), Fraction(0)), rest.pop(1, Fraction(0))
    if any(rest.values()):
        return None
    first = slope + offset  # at u = 1; from there it grows by the slope
    above, at_least = first > 0 and slope >= 0, first >= 0 and slope >= 0
    below, at_most = first < 0 and slope <= 0, first <= 0 and slope <= 0
    never_equal = above or below
    always_equal = first == 0 and slope == 0
    yes, no = {
        ">": (above, at_most), ">=": (at_least, below), "<": (below, at_least), "<=": (at_most, above),
        "=": (always_equal, never_equal), "!=": (never_equal, always_equal),
    }[condition.relation]
    return True if yes else False if no else None


def _with_opaque_power(
    now: Claim, known: Claim, t: Term, before: Term, first: bool, model: Model
) -> Iterator[tuple[Claim, Model]]:
    """A^t as A A^{t-1} (`first`) or A^{t-1} A, A^{t-1} a matrix without more known of it than P(t - 1)."""
    nodes = (n for s in (now.left, now.right) for n in walk(s.body))
    powers = [n for n in nodes if isinstance(n, MatrixOp) and _is_power(n, t)]
    matrices = {_untransposed(n)[0] for n in powers}
    if len(matrices) != 1 or not next(iter(matrices)).free <= {_ROW, _COLUMN}:
        return  # none, or powers of different matrices
    dim = powers[0].rows.dim
    if dim is None:
        return
    matrix = next(iter(matrices))

    def opaque(n: MatrixOp) -> Term | None:
        if not _is_power(n, before) or _untransposed(n)[0] != matrix:
            return None
        return Entry(OPAQUE, _untransposed(n)[1])

    def stepped(n: MatrixOp) -> Term | None:
        if not _is_power(n, t):
            return opaque(n)
        k = fresh("k", dim)
        i, j = _untransposed(n)[1]
        entry = Entry(OPAQUE, (Var(k), j) if first else (i, Var(k)))
        factor = substitute(matrix, {_ROW: i, _COLUMN: Var(k)} if first else {_ROW: Var(k), _COLUMN: j})
        return Reduce("sum", k, ONE, Size(dim), mul(factor, entry) if first else mul(entry, factor))

    declared = model.declare(Declaration(OPAQUE, (dim, dim), domain=Domain()))
    hypothesis = replace(_changed(known, opaque), parameters=())
    yield replace(_changed(now, stepped), given=(hypothesis,)), declared


_ROW, _COLUMN = fresh("row"), fresh("column")


def _untransposed(n: MatrixOp) -> tuple[Term, tuple[Term, Term]]:
    """The matrix of a power over fixed indices, and the entry asked for: of `(A^T)^t` as of `(A^t)^T`."""
    matrix = substitute(n.body, {n.rows: Var(_ROW), n.cols: Var(_COLUMN)})
    turned = substitute(n.body, {n.rows: Var(_COLUMN), n.cols: Var(_ROW)})
    i, j = n.out
    return (matrix, (i, j)) if repr(matrix) >= repr(turned) else (turned, (j, i))


def _changed(claim: Claim, change: Callable[[MatrixOp], Term | None]) -> Claim:
    def visit(term: Term) -> Term:
        made = change(term) if isinstance(term, MatrixOp) else None
        return map_children(term, visit) if made is None else made

    sides = [Tensor(s.axes, visit(s.body)) for s in (claim.left, claim.right)]
    return replace(claim, left=sides[0], right=sides[1])
