"""Whether the givens can hold together at all: asked of a proof from givens for which no values were found."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.order.facts import Fact
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.givens import RELATIONS, as_condition
from derivcheck.deciding.order.poly import Poly
from derivcheck.deciding.order.proving import Prover
from derivcheck.deciding.order.solver import ask, encode
from derivcheck.terms.build import ONE
from derivcheck.terms.model import Claim, Declaration, Model
from derivcheck.terms.node import Entry, Index, Term, substitute
from derivcheck.worlds.dependence import all_dimensions, domain_claims

_DIAGONAL = {"succ": ">", "succeq": ">="}  # what Loewner's order says of the entries of a diagonal
_DENIALS = {"=": ("<", ">"), "<=": (">",), "<": (">=",), ">=": ("<",), ">": ("<=",)}


def givens_contradict(model: Model, work: Work | None = None) -> bool | None:
    """Whether the assumptions, domains and definitions cannot hold together: True (shown), False (z3 found values for
    the opaque atoms, so that no contradiction is seen at this level), None (not known)."""
    given = (*model.assumptions, *_of_declarations(model))
    prover = Prover(model, work or Work(), given)
    try:
        facts = [*_first_entries(prover.forms, given), *_definitions(prover.forms, model)]
        gathered = prover.gather(Poly(), facts, 0, 2, nested=False)
        answer = ask(encode(gathered, None), prover.work.budget.rlimit, prover.work.budget.seconds)
        if answer.status == "unsat" or any(_denied(prover, claim) for claim in model.assumptions):
            return True
    except OutOfWork:
        return None
    return False if answer.status == "sat" else None


def _of_declarations(model: Model) -> Iterator[Claim]:
    dims = all_dimensions(model)
    for declaration in model.declarations.values():
        yield from domain_claims(declaration, dims)


def _first_entries(forms: Forms, claims: tuple[Claim, ...]) -> Iterator[Fact]:
    """Each given at the first value of its indices: there is one, as no dimension is zero."""
    for claim in claims:
        relation = _DIAGONAL.get(claim.relation, claim.relation)
        first = _first(claim)
        if relation not in RELATIONS or claim.given or first is None:
            continue
        left, right = (substitute(side.at([ONE] * len(side.axes)), first) for side in (claim.left, claim.right))
        if relation == "!=" and claim.left.axes:  # it may be another entry in which the two differ
            continue
        if (made := as_condition(forms.form(left), relation, forms.form(right))) is not None:
            yield Fact(*made, "assumption")


def _first(claim: Claim) -> dict[Index, Term] | None:
    values: dict[Index, Term] = {}
    for parameter in claim.parameters:
        if parameter.index.dim is None or parameter.lower is not None or parameter.upper is not None:
            return None
        values[parameter.index] = ONE
    return values


def _definitions(forms: Forms, model: Model) -> Iterator[Fact]:
    """Every computed name beside what it is computed from, at its first entry."""
    for name, declaration in model.declarations.items():
        if (body := _everywhere(declaration)) is not None:
            left = Entry(name, (ONE,) * len(declaration.shape))
            yield Fact(forms.form(left) - forms.form(body), "=", "definition")


def _everywhere(declaration: Declaration) -> Term | None:
    definitions = declaration.definitions
    if declaration.family or not definitions or definitions[0].where is not None:
        return None
    places = definitions[0].params
    return substitute(definitions[0].body, dict(zip(places, [ONE] * len(places), strict=True)))


def _denied(prover: Prover, claim: Claim) -> bool:
    """Whether the givens together prove that one of them does not hold."""
    if claim.left.axes or claim.right.axes or claim.parameters or claim.given:
        return False
    left, right = prover.forms.form(claim.left.body), prover.forms.form(claim.right.body)
    denials = (as_condition(left, relation, right) for relation in _DENIALS.get(claim.relation, ()))
    return any(prover.proves(*denial) for denial in denials if denial is not None)
