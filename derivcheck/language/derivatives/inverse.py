"""Derivatives by a name that is itself computed: `\\partial z/\\partial x` where `x = A z`.

Nothing leads from x to z, so the derivative along the definitions is 0. What is usually meant is that the definition
is solved for z: `\\partial z/\\partial x = (\\partial x/\\partial z)^{-1}`, the inverse function theorem; and where
both come from the same z, `\\partial y/\\partial x = \\partial y/\\partial z \\, (\\partial x/\\partial z)^{-1}`."""

from __future__ import annotations

from derivcheck.terms.build import MINUS_ONE, mul, sum_over
from derivcheck.terms.model import Model
from derivcheck.terms.node import Derivative, Entry, Index, MatrixOp, Power, Term, Var, fresh
from derivcheck.terms.unfold import depends, reaches


def beside(model: Model, body: Term, symbol: str) -> bool:
    """Whether a name that is computed stands beside what is differentiated by it, not on the way there: both come from
    the same values, and the writer may mean that one is computed from the other."""
    declaration = model.declarations.get(symbol)
    if declaration is None or not declaration.definitions or reaches(model, body, symbol):
        return False
    return bool(_shared(model, body, symbol))


def solved_for(model: Model, body: Term, wrt: Entry) -> Entry | None:
    """What the definition of `wrt` may be solved for, all else held: an entry of the one name with as many entries
    (numbers or vectors) that both come from. None where there is no such name, or more than one."""
    declaration = model.declarations[wrt.symbol]
    if declaration.family or len(declaration.shape) > 1:
        return None
    shared = _shared(model, body, wrt.symbol)
    if isinstance(body, Entry) and body.symbol in shared:
        if not wrt.indices:
            return body
        shared = frozenset((body.symbol,))
    else:
        shared = frozenset(s for s in shared if not model.declarations[s].definitions)
    if len(shared) != 1:
        return None
    (name,) = shared
    known = model.declarations[name]
    if known.family or known.law is not None or known.shape != declaration.shape:
        return None
    return Entry(name, wrt.indices)


def by_inverse(model: Model, body: Term, wrt: Entry, source: Entry) -> Term:
    """The derivative of the body by the entry `wrt`, its definition solved for that of `source`."""
    if not wrt.indices:
        return mul(Derivative(body, source), Power(Derivative(wrt, source), MINUS_ONE))
    (dim,) = model.declarations[wrt.symbol].shape
    row, col, k = fresh("i", dim), fresh("j", dim), fresh("k", dim)
    jacobian = Derivative(Entry(wrt.symbol, (Var(row),)), Entry(source.symbol, (Var(col),)))
    inverse = MatrixOp("inverse", row, col, jacobian, (Var(k), wrt.indices[0]))
    return sum_over(k, mul(Derivative(body, Entry(source.symbol, (Var(k),))), inverse))


def is_upside_down(model: Model, body: Term, axes: tuple[Index, ...], wrt: Entry) -> bool:
    """Whether what is differentiated is what `wrt` is computed from, with another number of axes, so that no inverse
    could be meant: `\\partial W/\\partial J` for the gradient of J by W."""
    own = depends(model, wrt.symbol)
    sharing = [s for s in body.symbols if s in own or depends(model, s) & own]
    return all(s in own for s in sharing) and len(axes) != len(model.declarations[wrt.symbol].shape)


def _shared(model: Model, body: Term, symbol: str) -> frozenset[str]:
    """What both the body and the name are computed from."""
    own = depends(model, symbol)
    return frozenset(s for name in body.symbols for s in (name, *depends(model, name)) if s in own)

