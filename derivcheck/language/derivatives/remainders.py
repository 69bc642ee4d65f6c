"""Expansions with a remainder: `f(x + h) = f(x) + h f'(x) + O(h^2)`, `\\sin x = x + o(x^2)`.

With h scaled by a number t both sides are functions of t. Where these are smooth at t = 0, their difference is
`O(t^k)` exactly if the first k coefficients of the two sides agree (`o(t^k)`: one more), and so that is the claim: the
coefficients of one side are those of the other. What may not be smooth at 0 is not read. A side divided by h is
multiplied by it first."""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.products import core
from derivcheck.language.elaboration.real_variables import written_out
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Group, Listing, Name, Node, Num, Product, Scripted, Span, Sum
from derivcheck.record import dataclass
from derivcheck.terms.algebra_blocks import vector
from derivcheck.terms.build import ONE, ZERO, add, div, mul, number, power, sub
from derivcheck.terms.integers import affine
from derivcheck.terms.model import Declaration, Model
from derivcheck.terms.node import (
    Add,
    Apply,
    Derivative,
    Entry,
    Function,
    Lambda,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Term,
    map_children,
    replace_entries,
    walk,
)
from derivcheck.terms.tensor import Tensor, scalar

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

_SMALL = frozenset({"h", "\\epsilon", "\\varepsilon", "\\delta", "\\eta", "\\Delta x", "\\Delta t", "\\tau", "v", "u"})
_LARGE = frozenset("nNmMTkKdDpqLSB")
FAR_OUT = "a remainder far out"
_SMOOTH = frozenset({"exp", "sin", "cos", "tanh", "sinh", "cosh", "atan", "erf"})
_HIGHEST = 6


@dataclass(frozen=True, slots=True)
class Remainder:
    """O or o of |name - around|^power, as the name tends to `around` (None: to 0)."""

    letter: str
    name: Node
    around: Node | None
    power: int

    @property
    def agreeing(self) -> int:
        """How many coefficients of both sides agree, from the constant one on."""
        return self.power + (self.letter == "o")


# Syntax -----------------------------------------------------------------------------------------------------------


def expansion(elab: Elaborator, left: Node, right: Node, span: Span) -> tuple[Tensor, Tensor] | None:
    """The coefficients of both sides, where the right one has a remainder; None where it has none."""
    from derivcheck.language.derivatives.operators import model_of

    rest, remainder = _split(elab, right)
    if remainder is None or elab.knows(Name(span=span, text=remainder.letter)):
        return None
    before, known = _split(elab, left)
    small = remainder.around is not None or (canonical(remainder.name) or "") in _SMALL
    if (rest is None and (known is not None or not small)) or _grows(elab, remainder.name):
        return None  # a class of growing sizes: see orders.py
    same = known is None or canonical(known.name) == canonical(remainder.name)
    if not same or (known is not None and known.agreeing < remainder.agreeing):
        elab.error("unsupported", "the side before is not known that precisely", span)
    if remainder.agreeing > _HIGHEST:
        elab.error("unsupported", f"a remainder of an order above {_HIGHEST} is not decided", span)
    _introduce(elab, remainder.name)
    sides = [elab.session.settle(elab.tensor(n)) if n is not None else scalar(ZERO) for n in (before, rest)]
    if any(side.axes for side in sides):
        elab.error("unsupported", "a remainder of vectors or matrices is not decided", span)
    if elab.session.undeclared:
        return sides[0], sides[1]  # whatever stands there, nothing is decided
    model = model_of(elab)
    bodies = [written_out(elab, model, s.body, canonical(remainder.name) or "") for s in sides]
    if not small and all(_algebraic(body, canonical(remainder.name) or "") for body in bodies) and takes(elab, FAR_OUT):
        return sides[0], sides[0]
    return _coefficients(elab, model, bodies, remainder, span)


def _grows(elab: Elaborator, node: Node) -> bool:
    """A whole number, a size, or a letter for one: `(n + 1)^2 = n^2 + O(n)`."""
    key = canonical(node) or ""
    declaration = elab.declaration(key)
    if declaration is None:
        return elab.scope.dimension(key) is not None or key in _LARGE
    return declaration.domain.kind != "real"


def _algebraic(term: Term, name: str) -> bool:
    """Whether a side is made of powers of a name, so that `O(x)` may be meant for large x."""
    return not any(isinstance(t, Function | Apply) and name in t.symbols for t in walk(term))


def has_remainder(node: Node) -> bool:
    """Whether a side has a remainder in it."""
    items = node.items if isinstance(node, Sum) else (("+", node),)
    return any(_remainder(item) is not None for _, item in items)


def _split(elab: Elaborator, node: Node) -> tuple[Node | None, Remainder | None]:
    """A sum without its remainder (None where nothing is left), and the remainder."""
    items = node.items if isinstance(node, Sum) else (("+", node),)
    found = [(k, r) for k, (_, item) in enumerate(items) if (r := _remainder(item)) is not None]
    if not found:
        return node, None
    if len(found) > 1:
        elab.error("unsupported", "several remainders in one sum are not read", node.span)
    (place, remainder), = found
    rest = tuple(item for k, item in enumerate(items) if k != place)
    return (Sum(rest, span=node.span) if rest else None), remainder


def _remainder(node: Node) -> Remainder | None:
    """`O(h^2)`, `o(\\|h\\|)`, `\\mathcal{O}((x - a)^3)`."""
    if not isinstance(node, Product) or len(node.items) != 2 or node.items[1][0] != "":
        return None
    head, group = node.items[0][1], node.items[1][1]
    if not isinstance(head, Name) or head.text not in ("O", "o") or not isinstance(group, Group) or group.open != "(":
        return None
    body, order = group.body, 1
    if isinstance(body, Scripted) and body.sup is not None and isinstance(body.sup, Num) and body.sup.text.isdigit():
        base = core(body)
        fence = isinstance(base, Group)
        order = int(body.sup.text)
        body = base if fence or body.sub is None else Scripted(base, body.sub, span=body.span)
    elif isinstance(core(body), Group):
        body = core(body)
    if isinstance(body, Group) and body.open in ("‖", "|", "("):
        body = body.body
    match body:
        case Name() | Accent() | Scripted():
            return Remainder(head.text, body, None, order)
        case Sum(items=(("+", Name() | Accent() | Scripted() as name), ("-", around))):
            return Remainder(head.text, name, around, order)
    return None


def _introduce(elab: Elaborator, node: Node) -> None:
    """h of `O(h)` that nothing introduces is a number."""
    key = canonical(node)
    if key is not None and not elab.knows(node) and isinstance(node, Name) and not isinstance(node, Listing):
        elab.declare(Declaration(key, latex=key))


# Coefficients -----------------------------------------------------------------------------------------------------


def _coefficients(
    elab: Elaborator, model: Model, sides: list[Term], remainder: Remainder, span: Span
) -> tuple[Tensor, Tensor]:
    name = canonical(remainder.name) or ""
    around = elab.session.settle(elab.tensor(remainder.around)) if remainder.around is not None else None
    declaration = model.declarations.get(name)
    if declaration is None or declaration.definitions or declaration.family or declaration.domain.kind != "real":
        elab.error("unsupported", f"{name} is no free number or vector", remainder.name.span)
    if around is not None and around.shape != declaration.shape:
        elab.mismatch("a place and what tends to it", declaration.shape, around.shape, span)
    t = Entry("t#remainder")

    def moved(entry: Entry) -> Term | None:
        if entry.symbol != name:
            return None
        if around is None:
            return mul(t, entry) if declaration.shape else t
        place = around.at(entry.indices)
        return add(place, mul(t, sub(entry, place))) if declaration.shape else add(place, t)

    scaled = [replace_entries(side, moved) for side in sides]
    pole = max(_pole(side, t) for side in scaled)
    count = remainder.agreeing + pole
    if count > _HIGHEST + 2:
        elab.error("unsupported", "a remainder of this order is not decided", span)
    made = []
    for side in scaled:
        cleared = _times(side, t, pole)
        if not _smooth(cleared, t):
            elab.error("unsupported", "whether this side is smooth there is not decided", span)
        made.append(_taylor(elab, model, cleared, t, count, span))
    first, last = -pole, count - 1 - pole
    elab.note(f"both sides are compared by their coefficients of {name}^{first}" + f" to {name}^{last}" * (count > 1))
    left, right = (vector(*side) if count > 1 else scalar(side[0]) for side in made)
    return left, right


def _taylor(elab: Elaborator, model: Model, term: Term, t: Entry, count: int, span: Span) -> list[Term]:
    """The first coefficients of a term in powers of t."""
    from derivcheck.language.derivatives.evaluated import explicit

    found = []
    for order in range(count):
        derivative: Term | None = term
        for _ in range(order):
            derivative = Derivative(derivative, t) if derivative is not None else None
        derivative = explicit(derivative, t.symbol, model) if derivative is not None else None
        if derivative is None:
            elab.error("unsupported", "the derivatives of this side are not known", span)
        value = replace_entries(derivative, lambda e: ZERO if e == t else None)
        found.append(div(value, number(factorial(order))) if order > 1 else value)
    return found


# Poles and smoothness ---------------------------------------------------------------------------------------------


def _factors(term: Term) -> list[tuple[Term, Fraction]]:
    """A product as pairs of a base and its exponent (1 where that is no number)."""
    match term:
        case Mul(args=args):
            return [pair for arg in args for pair in _factors(arg)]
        case Power(base=base, exponent=Number(value=e)) if e.denominator == 1:
            return [(inner, n * e) for inner, n in _factors(base)]
    return [(term, Fraction(1))]


def _summands(term: Term) -> tuple[Term, ...]:
    return term.args if isinstance(term, Add) else (term,)


def _pole(term: Term, t: Entry) -> int:
    """The power of t by which a side is divided."""
    lowest = min(sum((n for base, n in _factors(part) if base == t), Fraction(0)) for part in _summands(term))
    return max(0, -int(lowest))


def _times(term: Term, t: Entry, order: int) -> Term:
    """t^order times a term, cancelled against its divisors."""
    if not order:
        return term
    made = []
    for part in _summands(term):
        pairs = _factors(part)
        exponent = order + sum((n for base, n in pairs if base == t), Fraction(0))
        made.append(mul(power(t, number(exponent)), *(power(b, number(n)) for b, n in pairs if b != t)))
    return add(*made)


def _smooth(term: Term, t: Entry) -> bool:
    """Whether a term is surely smooth in t at 0, wherever its parts have a value there."""
    if t not in walk(term):
        return True
    inner = all(_smooth(child, t) for child in term.parts)
    match term:
        case Entry() | Add() | Mul() | Apply() | Lambda():
            return inner
        case Power(base=base, exponent=Number(value=n)):
            return inner and ((n.denominator == 1 and n >= 0) or not _vanishes(base, t))
        case Power(base=base):
            return inner and not _vanishes(base, t)
        case Function(name=name):
            return inner and (name in _SMOOTH or (name == "log" and not _vanishes(term.args[0], t)))
        case Reduce(kind="sum"):
            return inner
        case MatrixOp(name="det" | "inverse"):
            return inner
    return False


def _vanishes(term: Term, t: Entry) -> bool:
    """Whether a term is 0 at t = 0, as far as its form tells."""
    value = _folded(replace_entries(term, lambda e: ZERO if e == t else None))
    return not any(affine(value).values())


def _folded(term: Term) -> Term:
    inner = map_children(term, _folded)
    match inner:
        case Add(args=args):
            return add(*args)
        case Mul(args=args):
            return mul(*args)
        case Power(base=base, exponent=exponent):
            return base if base is ZERO and exponent != ZERO else power(base, exponent)
        case Function(name="sin" | "tanh" | "sinh" | "atan", args=(x,)) if x is ZERO:
            return ZERO
        case Function(name="exp" | "cos" | "cosh", args=(x,)) if x is ZERO:
            return ONE
        case Function(name="log", args=(x,)) if x is ONE:
            return ZERO
    return inner

