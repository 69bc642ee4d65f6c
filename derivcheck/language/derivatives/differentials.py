"""Differentials: `df = \\operatorname{tr}(A^\\top dX)`, `d(X^{-1}) = -X^{-1}\\, dX\\, X^{-1}`, `du = 2x\\, dx`.

`dX` of a free name is a change of X of its own shape; `d` of anything computed is its derivative in the direction of
the changes that the line names. What has no change in the line is held. An equation that the givens state of a name
that changes (`Q^\\top Q = I`) holds of its change as well, differentiated.

The letter says other things too: in notes on networks `dz` is short for the derivative of the loss by z. So a line is
only read here where its left side is computed from what changes on its right."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from derivcheck.language.elaboration.customs import takes
from derivcheck.language.elaboration.extents import is_d
from derivcheck.language.elaboration.products import core
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, BigOp, Frac, Func, Group, Listing, Name, Node, Product, Scripted
from derivcheck.language.parsing.trees import walk
from derivcheck.terms.algebra import axis_sum
from derivcheck.terms.build import ZERO, add
from derivcheck.terms.differentiate import push
from derivcheck.terms.model import Claim, Declaration, FunctionSymbol, Model
from derivcheck.terms.node import Derivative, Entry, Mul, Term, Var, fresh, map_children
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import depends, reaches

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item

HELD = "a factor held constant"
_CONSTANTS = frozenset("ABCDGHKMPQabcghkmpq")


def differential_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`dX`, `d(A X)`, `d \\log\\det X`."""
    if not is_differential(elab, items, k):
        return None
    node, operand = items[k][1], items[k + 1][1]
    if elab.session.integrated:
        return None
    _only_differentials(elab, node)
    plain = isinstance(core(operand), Name | Accent) or (isinstance(b := core(operand), Group) and b.open == "(")
    if plain and isinstance(operand, Scripted) and (canonical(operand.sup or node) or "").isdigit():
        elab.error("unsupported", "whether the power is of the differential or in it is not said", operand.span)
    changing = _changing(elab)
    body, end = _operand(elab, items, k + 1, changing)
    body = elab.session.settle(body)
    if isinstance(body.body, Entry) and _is_free(_model(elab), body.body.symbol):
        return Tensor(body.axes, _change(elab, body.body)), end
    changing = [*changing, *_forgotten(elab, operand, body, changing)]
    return differential(elab, body, changing), end


def is_differential(elab: Elaborator, items: Sequence[Item], k: int) -> bool:
    """A d that nothing else introduces before a name, a bracket or a function."""
    node = items[k][1]
    if not is_d(node) or k + 1 >= len(items) or items[k + 1][0] != "":
        return False
    upright = isinstance(node, Name) and node.style == "word"
    if not upright and elab.knows(node) and not _beside_size(elab):
        return False
    operand = items[k + 1][1]
    if isinstance(operand, Group) and isinstance(operand.body, Listing):
        return False  # d(x, y): a distance
    return isinstance(operand, Name | Accent | Scripted | Group | Func | BigOp | Frac)


def _beside_size(elab: Elaborator) -> bool:
    """`2 x^\\top dx = 2 (dx)^\\top x` where d is the size of x as well: both sides have a d before a vector or a
    matrix, so it is the differential."""
    size = elab.scope.dimension("d") is not None and elab.declaration("d") is None and "d" not in elab.bound
    if not size or len(elab.session.line) < 2:
        return False
    model = _model(elab)
    sides = [[model.declarations.get(_symbol(elab, n)) for n in _named(side)] for side in elab.session.line[:2]]
    left = elab.session.line[0]
    whole = isinstance(left, Product) and len(left.items) == 2 and is_d(left.items[0][1])
    shaped = [any(d is not None and d.shape for d in side) for side in sides]
    return shaped[1] and (shaped[0] or whole)


# What changes -----------------------------------------------------------------------------------------------------


def _model(elab: Elaborator) -> Model:
    from derivcheck.language.derivatives.operators import model_of

    return model_of(elab)


def _named(tree: Node) -> Iterator[str]:
    """The names directly after a d."""
    for part in walk(tree):
        for (_, sign), (op, of) in itertools.pairwise(part.items) if isinstance(part, Product) else ():
            base = core(of)
            if is_d(sign) and op == "" and isinstance(base, Name | Accent):
                yield canonical(of if isinstance(of, Scripted) and of.sup is None else base) or ""


def _is_free(model: Model, name: str) -> bool:
    declaration = model.declarations.get(name)
    return declaration is not None and not declaration.definitions and declaration.domain.kind == "real"


def _changing(elab: Elaborator) -> list[str]:
    """The free names that have a change in the line; where none has, all that something in it is computed from."""
    model = _model(elab)
    names = {_symbol(elab, name) for tree in elab.session.line for name in _named(tree)}
    found = sorted(n for n in names if _is_free(model, n))
    if not found:
        below = {s for n in names for s in depends(model, n)}
        found = sorted(s for s in below if _is_free(model, s))
    return found


def _symbol(elab: Elaborator, name: str) -> str:
    """x of an entry `x_i`."""
    base = name.split("_")[0]
    return name if elab.declaration(name) is not None or elab.declaration(base) is None else base


def _only_differentials(elab: Elaborator, node: Node) -> None:
    """Raises where d may mean something else: a lone `dW` of a free name, a side without any d, a left side that the
    right one is computed from (`dz = da\\, g'(z)`)."""
    if len(elab.session.line) < 2:
        return
    model, (left, right) = _model(elab), elab.session.line[:2]
    before = [_symbol(elab, n) for n in _named(left)]
    after = [_symbol(elab, n) for n in _named(right)]
    lone = (
        isinstance(left, Product) and len(left.items) == 2 and is_d(left.items[0][1]) and len(before) == 1
        and (not isinstance(left.items[1][1], Scripted) or left.items[1][1].sup is None)
    )  # fmt: skip
    if lone and _is_free(model, before[0]):
        elab.error("unsupported", f"nothing says what {before[0]} is computed from", node.span)
    if any(canonical(side) != "0" and not _has_d(side) for side in (left, right)):
        elab.error("unsupported", "one side is a differential and the other one is none", node.span)
    if lone and any(before[0] in depends(model, name) for name in after):
        elab.error("unsupported", f"d{before[0]} may be short for a derivative by {before[0]}", node.span)


def _has_d(tree: Node) -> bool:
    return any(is_d(item) for part in walk(tree) if isinstance(part, Product) for _, item in part.items)


def _forgotten(elab: Elaborator, operand: Node, body: Tensor, changing: Sequence[str]) -> list[str]:
    """`d(XY) = X\\, dY`: where a product of names is differentiated by some of them alone, the others of their kind
    must look like constants; else the product rule was perhaps forgotten, and they change too."""
    inner = operand.body if isinstance(operand, Group) else operand
    if not isinstance(inner, Product) or any(not isinstance(core(n), Name | Accent) for _, n in inner.items):
        return []
    model = _model(elab)
    kinds = {len(model.declarations[v].shape) for v in changing}
    held = [s for s in sorted(body.body.symbols - set(changing)) if _is_free(model, s)]
    held = [s for s in held if len(model.declarations[s].shape) in kinds]
    plain = [s for s in held if s[0] not in _CONSTANTS or any(v[0] in _CONSTANTS for v in changing)]
    return [] if not plain or takes(elab, HELD) else plain


# The differential -------------------------------------------------------------------------------------------------


def _operand(elab: Elaborator, items: Sequence[Item], k: int, changing: Sequence[str]) -> tuple[Tensor, int]:
    """What d is taken of: the next factor; of a function of the givens its value at what changes."""
    from derivcheck.language.derivatives.functions import bare_function
    from derivcheck.language.elaboration.products import factor

    node = items[k][1]
    symbol = elab.scope.function(canonical(node) or "")
    called = k + 1 < len(items) and items[k + 1][0] == "" and isinstance(core(items[k + 1][1]), Group)
    if isinstance(symbol, FunctionSymbol) and not called:
        model = _model(elab)
        variables = [_whole(v, model.declarations[v]) for v in changing]
        found = bare_function(elab, node, variables[:1]) if len(variables) == 1 else None
        if found is None:
            elab.error("unsupported", "a differential of this function does not say at which argument", node.span)
        return found, k + 1
    return factor(elab, items, k)


def _whole(name: str, declaration: Declaration) -> Tensor:
    axes = tuple(fresh("i", dim) for dim in declaration.shape)
    return Tensor(axes, Entry(name, tuple(Var(a) for a in axes)))


def differential(elab: Elaborator, body: Tensor, changing: Sequence[str]) -> Tensor:
    """The derivative of every entry in the direction of the changes."""
    model = _model(elab)
    parts = []
    for name in changing:
        declaration = model.declarations[name]
        if not reaches(model, body.body, name):
            continue
        if declaration.family:
            elab.error("unsupported", "a differential by the members of a family is not decided", None)
        axes = tuple(fresh("i", dim) for dim in declaration.shape)
        entry = Entry(name, tuple(Var(a) for a in axes))
        part: Term = Mul((Derivative(body.body, entry), _change(elab, entry)))
        for axis in reversed(axes):
            part = axis_sum(axis, part)
        parts.append(part)
    return Tensor(body.axes, add(*parts) if parts else ZERO)


def _change(elab: Elaborator, entry: Entry) -> Entry:
    """The entry of the change of a free name, declared where it is new."""
    name = f"d {entry.symbol}"
    model = _model(elab)
    if elab.declaration(name) is None:
        declaration = model.declarations[entry.symbol]
        made = Declaration(name, declaration.shape, declaration.family, latex=f"d{declaration.latex or entry.symbol}")
        elab.declare(made)
        _constrained(elab, model, entry.symbol)
    return Entry(name, entry.indices)


def _constrained(elab: Elaborator, model: Model, name: str) -> None:
    """What the givens equate of a name that changes, they equate of its change."""
    for claim in model.assumptions:
        symbols = claim.left.body.symbols | claim.right.body.symbols
        if claim.relation != "=" or claim.given or name not in symbols:
            continue
        changing = [name, *(s for s in sorted(symbols - {name}) if elab.declaration(f"d {s}") is not None)]
        left, right = (_pushed(model, differential(elab, side, changing)) for side in (claim.left, claim.right))
        elab.session.meant.append(Claim(left, "=", right, claim.parameters))


def _pushed(model: Model, tensor: Tensor) -> Tensor:
    """With its derivatives taken, as a premise that is easy to use."""

    def visit(term: Term) -> Term:
        return push(term, model) if isinstance(term, Derivative) else map_children(term, visit)

    return Tensor(tensor.axes, visit(tensor.body))
