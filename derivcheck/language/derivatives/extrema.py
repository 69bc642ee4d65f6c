"""Extrema over real variables: `\\min_x x^\\top A x - b^\\top x`, `\\arg\\min_w`, `\\max_{\\|v\\|_2 = 1} v^\\top A v`.

A quadratic has its extremum where its gradient is 0, under the condition that the Hessian is definite: a line is judged
where the extremum is there. On a unit ball a linear function reaches the dual norm of its coefficients, a quadratic
form the extreme eigenvalue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.declaring import read_place
from derivcheck.language.elaboration.real_variables import written_out
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, BigOp, Group, Name, Node, Num, Relation, Scripted, Span
from derivcheck.record import dataclass
from derivcheck.terms import algebra
from derivcheck.terms.build import HALF, MINUS_ONE, TWO, ZERO
from derivcheck.terms.differentiate import push
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import (
    Add,
    Derivative,
    Entry,
    Mul,
    Number,
    Power,
    Reduce,
    Term,
    map_children,
    replace_entries,
)
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

_WAYS = {"min": 1, "inf": 1, "argmin": 1, "max": -1, "sup": -1, "argmax": -1}
_DUAL = {"": "", "2": "", "1": "inf", "\\infty": "1"}


@dataclass(frozen=True, slots=True)
class Over:
    """The variable below the sign, its shape, and the unit ball or sphere it is in (`norm`: which; None: anywhere)."""

    name: str
    shape: Shape
    norm: str | None = None
    sphere: bool = False


def extremum(elab: Elaborator, big: BigOp, rest: Sequence[Item], span: Span) -> Tensor | None:
    """The extremum of what follows; None where the sign runs over an index."""
    over = _over(elab, big.sub) if big.text in _WAYS and big.sup is None and big.sub is not None else None
    if over is None:
        return None
    body, variable = _body(elab, over, rest)
    if body.axes:
        elab.error("unsupported", "an extremum of something that is not a number", span)
    degree = _degree(body.body, _symbol(variable))
    if over.norm is not None:
        found = _on_ball(elab, big, over, body.body, variable, degree)
    else:
        found = _anywhere(elab, big, body.body, variable) if degree == 2 else None
    if found is None:
        elab.error("unsupported", "this extremum over a real variable is not decided", span)
    return found


# What is below ----------------------------------------------------------------------------------------------------


def _over(elab: Elaborator, sub: Node) -> Over | None:
    match sub:
        case Name() | Accent() | Scripted():
            return _plain(elab, sub)
        case Relation(operands=(name, place), relations=("\\in",)):
            return _in_space(elab, name, place)
        case Relation(operands=(side, Num(text="1")), relations=("=" | "<=" as relation,)):
            base = side.base if isinstance(side, Scripted) and side.sup is None else side
            mark = canonical(side.sub) if isinstance(side, Scripted) and side.sub is not None else ""
            inner = _plain(elab, base.body) if isinstance(base, Group) and base.open == "‖" else None
            if inner is None or not inner.shape or mark not in _DUAL:
                return None
            return Over(inner.name, inner.shape, mark or "", relation == "=")
    return None


def _plain(elab: Elaborator, node: Node) -> Over | None:
    """A free real number or vector; a letter that nothing introduces and that is no index."""
    name = canonical(node)
    if name is None or name in elab.bound or name in elab.session.letters or name in elab.scope.indices:
        return None
    declaration = elab.declaration(name)
    if declaration is None:
        return Over(name, ()) if not elab.knows(node) and isinstance(node, Name) and name not in "ijklmn" else None
    free = not (declaration.definitions or declaration.family or declaration.law) and declaration.domain.kind == "real"
    bounded = declaration.domain.low is not None or declaration.domain.high is not None
    return Over(name, declaration.shape) if free and not bounded and len(declaration.shape) < 2 else None


def _in_space(elab: Elaborator, node: Node, place: Node) -> Over | None:
    name = canonical(node)
    try:
        found = read_place(elab, place)
    except (Unreadable, ShapeError):
        return None
    plain = found.domain.kind == "real" and found.domain.low is None and found.domain.high is None
    return Over(name, found.shape) if name and plain and len(found.shape) < 2 else None


def _body(elab: Elaborator, over: Over, rest: Sequence[Item]) -> tuple[Tensor, Tensor]:
    """What the extremum is taken of, over a variable of its own."""
    from derivcheck.language.derivatives.functions import placeholder
    from derivcheck.language.derivatives.operators import model_of

    variable = placeholder(over.shape)
    body = elab.session.settle(elab.with_values({over.name: variable}).product([("", rest[0][1]), *rest[1:]]))
    term = replace_entries(
        written_out(elab, model_of(elab), body.body, over.name), lambda e: _moved(e, over.name, variable)
    )
    return Tensor(body.axes, _without_roots(term)), variable


def _without_roots(term: Term) -> Term:
    """Squares of norms as the sums that they are, which are smooth at 0."""
    inner = map_children(term, _without_roots)
    match inner:
        case Power(base=Power(base=base, exponent=half), exponent=two) if half == HALF and two == TWO:
            return base
    return inner


def _moved(entry: Entry, name: str, variable: Tensor) -> Term | None:
    return variable.at(entry.indices) if entry.symbol == name else None


def _symbol(variable: Tensor) -> str:
    assert isinstance(variable.body, Entry)
    return variable.body.symbol


def _degree(term: Term, symbol: str) -> int | None:
    """The degree of a polynomial in the entries of a symbol; None of anything else."""
    if symbol not in term.symbols:
        return 0
    match term:
        case Entry():
            return 1 if term.symbol == symbol and not any(symbol in i.symbols for i in term.indices) else None
        case Add(args=args):
            found = [_degree(a, symbol) for a in args]
            return None if None in found else max(d for d in found if d is not None)
        case Mul(args=args):
            found = [_degree(a, symbol) for a in args]
            return None if None in found else sum(d for d in found if d is not None)
        case Power(base=base, exponent=Number(value=n)) if n.denominator == 1 and n > 0:
            inner = _degree(base, symbol)
            return None if inner is None else inner * int(n)
        case Reduce(kind="sum", body=body, where=None):
            return _degree(body, symbol)
    return None


# Values -----------------------------------------------------------------------------------------------------------


def _at_zero(term: Term, variable: Tensor) -> Term:
    return replace_entries(term, lambda e: ZERO if e.symbol == _symbol(variable) else None)


def _gradient(model: Model, term: Term, variable: Tensor) -> Tensor:
    """Over fresh axes, at the variable."""
    by = variable.renamed()
    assert isinstance(by.body, Entry)
    return Tensor(by.axes, push(Derivative(term, by.body), model))


def _parts(elab: Elaborator, term: Term, variable: Tensor) -> tuple[Term, Tensor, Tensor]:
    """Value and gradient at 0, and the Hessian there."""
    from derivcheck.language.derivatives.operators import model_of

    model = model_of(elab)
    gradient = _gradient(model, term, variable)
    second = _gradient(model, gradient.body, variable)
    hessian = Tensor((*gradient.axes, *second.axes), _at_zero(second.body, variable))
    return _at_zero(term, variable), Tensor(gradient.axes, _at_zero(gradient.body, variable)), hessian


def _anywhere(elab: Elaborator, big: BigOp, term: Term, variable: Tensor) -> Tensor:
    """Where the gradient of a quadratic is 0: x = -H^{-1} g."""
    value, gradient, hessian = _parts(elab, term, variable)
    way = _WAYS[big.text]
    signed = hessian if way > 0 else algebra.negate(hessian)
    if hessian.axes:
        elab.session.meant.append(Claim(signed, "succ", algebra.zeros(*hessian.shape)))
        place = algebra.negate(algebra.matmul(algebra.inverse(hessian), gradient))
        gain = algebra.scale(scalar(HALF), algebra.inner(gradient, place))
    else:
        elab.session.meant.append(Claim(signed, ">", scalar(ZERO)))
        place = scalar(Mul((MINUS_ONE, gradient.body, Power(hessian.body, MINUS_ONE))))
        gain = scalar(Mul((HALF, gradient.body, place.body)))
    return place if big.text.startswith("arg") else algebra.add(scalar(value), gain)


def _on_ball(
    elab: Elaborator, big: BigOp, over: Over, term: Term, variable: Tensor, degree: int | None
) -> Tensor | None:
    """The dual norm of linear coefficients, the extreme eigenvalue of a form, the root of one under a root."""
    if isinstance(term, Power) and term.exponent == HALF and _degree(term.base, _symbol(variable)) == 2:
        inner = _on_ball(elab, big, over, term.base, variable, 2)
        return None if inner is None or big.text.startswith("arg") else scalar(Power(inner.body, HALF))
    if degree not in (1, 2) or over.norm is None:
        return None
    value, gradient, hessian = _parts(elab, term, variable)
    way = _WAYS[big.text]
    if degree == 1:
        size = algebra.norm(gradient, _DUAL[over.norm])
        if not big.text.startswith("arg"):
            return algebra.add(scalar(value), size if way < 0 else algebra.negate(size))
        unit = algebra.scale(scalar(Power(size.body, MINUS_ONE)), gradient)
        return (unit if way < 0 else algebra.negate(unit)) if over.norm in ("", "2") else None
    form = over.norm in ("", "2") and over.sphere and _lowest(term, _symbol(variable)) == 2
    if not form or big.text.startswith("arg"):
        return None
    half = algebra.scale(scalar(HALF), hessian)
    return algebra.matrix_number("eigmax" if way < 0 else "eigmin", half)


def _lowest(term: Term, symbol: str) -> int:
    """The least degree of a monomial of a polynomial."""
    if symbol not in term.symbols:
        return 0
    match term:
        case Add(args=args):
            return min(_lowest(a, symbol) for a in args)
        case Mul(args=args):
            return sum(_lowest(a, symbol) for a in args)
        case Power(base=base, exponent=Number(value=n)):
            return _lowest(base, symbol) * int(n)
        case Reduce(body=body):
            return _lowest(body, symbol)
    return 1
