"""A condition in force (`when \\mu = 0`, `if z_t \\approx 0`, `suppose s < 1`) as a change of the givens.

An equality between a name and a value makes the name that value, also where the givens compute it: under
`z_t \\approx 0` the gate is taken at its limit 0, although a sigmoid never reaches it. Everything else becomes an
assumption. Conditions on free indices alone (`i \\ne j`) stay with the claim."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.kept import Kept
from derivcheck.language.givens.assumptions import assumed
from derivcheck.language.scope import EMPTY
from derivcheck.record import replace
from derivcheck.terms.build import ONE
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim, Declaration, Definition, Model
from derivcheck.terms.node import Entry, Term, Var, fresh, substitute
from derivcheck.terms.tensor import Tensor
from derivcheck.worlds.sampling import satisfiable


def under(model: Model, conditions: Sequence[Claim]) -> tuple[Model, tuple[Claim, ...]]:
    """The givens under these conditions, and the conditions that speak of free indices alone. The same for all lines
    under them, so that what is known of one serves the next."""
    return _CHANGED.of(model, tuple(conditions), lambda: _under(model, conditions))


_CHANGED: Kept[tuple[Model, tuple[Claim, ...]]] = Kept(64)


def _under(model: Model, conditions: Sequence[Claim]) -> tuple[Model, tuple[Claim, ...]]:
    kept: list[Claim] = []
    for condition in conditions:
        if not (condition.left.body.symbols | condition.right.body.symbols):
            kept.append(condition)
        else:
            model = _fixed(model, condition) or _assumed(model, condition)
    return model, tuple(kept)


def _assumed(model: Model, condition: Claim) -> Model:
    """Bounds on every entry of a free value (`q_i > 0`) are its domain: values that meet them are drawn at once."""
    return assumed(replace(EMPTY, model=model), condition).model if condition.parameters else model.assume(condition)


def _fixed(model: Model, condition: Claim) -> Model | None:
    if condition.relation not in ("=", "~"):
        return None
    for name, value in ((condition.left, condition.right), (condition.right, condition.left)):
        declaration = _named(model, name)
        if declaration is None or declaration.name in _reached(model, value.body):
            continue
        definition = _definition(declaration, name, value)
        if definition is not None:
            return _with_value(model, declaration, definition, condition.relation == "~")
    return None


def _with_value(model: Model, declaration: Declaration, value: Definition, limit: bool) -> Model:
    """The name has this value. What the givens compute it from keeps to that too (`a = -b` under `s = 0`, with
    `s = a + b`), except at a limit: one stated as such, or one that no values reach (`f = 1` of a sigmoid)."""

    def fixed(*others: Definition) -> Model:
        made = model.declare(replace(declaration, definitions=(value, *others), law=None))
        return replace(made, assumptions=_without(made, declaration.name))

    if not declaration.definitions or limit or not satisfiable(fixed(*declaration.definitions)):
        return fixed(*(d for d in declaration.definitions if d.where is not None))
    return fixed(*declaration.definitions)


def _without(model: Model, name: str) -> tuple[Claim, ...]:
    """The assumptions but those on this name alone: it has a value now, which may be just what they exclude
    (`\\mu \\ne 0`, then `consider \\mu = 0`)."""
    return tuple(a for a in model.assumptions if (a.left.body.symbols | a.right.body.symbols) != {name})


def _named(model: Model, tensor: Tensor) -> Declaration | None:
    """The declaration of which `tensor` is the whole value: x, h_t, W — not an entry or an expression."""
    body = tensor.body
    if not isinstance(body, Entry) or body.symbol not in model.declarations:
        return None
    declaration = model.declarations[body.symbol]
    members = len(declaration.family)
    own = [i for i, dim in zip(body.indices[members:], declaration.shape, strict=False) if not _only(i, dim)]
    axes = [Var(axis) for axis in tensor.axes if axis.dim is None or axis.dim.number != 1]
    whole = own == axes and all(isinstance(i, Var) for i in body.indices[:members])
    return declaration if whole else None


def _only(index: Term, dim: Dim) -> bool:
    """The one index of an axis of length 1: a row is read as its entries."""
    return dim.number == 1 and (index == ONE or isinstance(index, Var))


def _reached(model: Model, term: Term) -> frozenset[str]:
    """The symbols that a value is computed from."""
    seen: set[str] = set()
    stack = list(term.symbols)
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            declaration = model.declarations.get(name)
            for definition in declaration.definitions if declaration else ():
                stack.extend(definition.body.symbols)
    return frozenset(seen)


def depends_on(model: Model, symbols: frozenset[str]) -> frozenset[str]:
    """The symbols whose values bear on these: what they are computed or drawn from, and what is assumed of them
    together with others."""
    seen: set[str] = set()
    stack = list(symbols)
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        declaration = model.declarations.get(name)
        law = declaration.law if declaration else None
        for definition in declaration.definitions if declaration else ():
            stack.extend(definition.body.symbols)
        for tensor in (law.mean, law.covariance) if law else ():
            stack.extend(tensor.body.symbols if tensor is not None else ())
        for claim in model.assumptions:
            both = claim.left.body.symbols | claim.right.body.symbols
            stack.extend(both if name in both else ())
    return frozenset(seen)


def _definition(declaration: Declaration, name: Tensor, value: Tensor) -> Definition | None:
    """`name = value` for every member: a number stands for each entry (`\\mu = 0`)."""
    assert isinstance(name.body, Entry)
    if value.axes and value.shape != name.shape:
        return None
    family = [fresh(f.index.name) for f in declaration.family]
    axes = [fresh("i", dim) for dim in declaration.shape]
    long = [a for a in axes if a.dim is None or a.dim.number != 1]
    places = iter(long)
    at = [ONE if axis.dim is not None and axis.dim.number == 1 else Var(next(places)) for axis in value.axes]
    body = value.at(at) if value.axes else value.body
    members = {
        term.index: Var(index) for term, index in zip(name.body.indices, family, strict=False) if isinstance(term, Var)
    }
    body = substitute(body, members)
    if body.free - {*family, *axes}:
        return None
    return Definition((*family, *axes), body)
