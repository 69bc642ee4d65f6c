"""Small models for the tests of this folder, and short ways to write tensors."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.terms import algebra as al
from derivcheck.terms.build import ZERO, add, number
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration, Definition, Family, Model
from derivcheck.terms.node import Compare, Entry, Function, Index, Term, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar

N, M = Dim.named("n"), Dim.named("m")
DIMS = {"n": 3, "m": 2}


def leaf(name: str, *dims: Dim) -> Tensor:
    axes = tuple(fresh("i", d) for d in dims)
    return Tensor(axes, Entry(name, tuple(Var(a) for a in axes)))


def member(name: str, time: Term, *dims: Dim) -> Tensor:
    axes = tuple(fresh("i", d) for d in dims)
    return Tensor(axes, Entry(name, (time, *(Var(a) for a in axes))))


def num(value: int | Fraction) -> Tensor:
    return scalar(number(value))


def plus(index: Index, shift: int) -> Term:
    return add(Var(index), number(shift))


def tanh(t: Tensor) -> Tensor:
    return al.apply_function("tanh", t)


def defined(name: str, value: Tensor, index: Index | None = None, first: int | None = None) -> Declaration:
    """name = value, or the family name_index = value (from index >= first on)."""
    params = (*([index] if index else []), *value.axes)
    where = None if first is None or index is None else Compare(">=", Var(index), number(first))
    family = (Family(index, ZERO, None),) if index else ()
    return Declaration(name, value.shape, family, definitions=(Definition(params, value.body, where),))


def declared(name: str, *dims: Dim, family: Index | None = None) -> Declaration:
    return Declaration(name, tuple(dims), (Family(family, None, None),) if family else ())


def model(*declarations: Declaration) -> Model:
    return Model({d.name: d for d in declarations}, dims={"n": 1, "m": 1})


def network() -> Model:
    """h_t = tanh(a_t), a_t = W h_{t-1} + U x_t + b for t >= 1, and a loss on h_4."""
    t, s = Index("t"), Index("s")
    step = al.add(
        al.matmul(leaf("W", N, N), member("h", plus(s, -1), N)), al.matmul(leaf("U", N, M), member("x", Var(s), M)),
        leaf("b", N),
    )
    loss = al.sum_all(al.hadamard(leaf("c", N), member("h", number(4), N)))
    return model(
        declared("W", N, N), declared("U", N, M), declared("b", N), declared("c", N), declared("x", M, family=t),
        defined("a", step, s, 1), defined("h", tanh(member("a", Var(t), N)), t, 1), defined("L", loss),
    )


def cell() -> Model:
    """A state of two families: C_t = f_t * C_{t-1} + g_t, h_t = o_t * tanh C_t; f, g, o from h_{t-1} by V."""
    t = Index("t")
    pre = al.matmul(leaf("V", N, N), member("h", plus(t, -1), N))
    gate = al.entrywise(lambda x: Function("exp", (Function("tanh", (x,)),)), pre)
    keep = al.hadamard(member("f", Var(t), N), member("C", plus(t, -1), N))
    return model(
        declared("V", N, N),
        defined("f", gate, t, 1),
        defined("g", tanh(pre), t, 1),
        defined("C", al.add(keep, member("g", Var(t), N)), t, 1),
        defined("h", al.hadamard(member("f", Var(t), N), tanh(member("C", Var(t), N))), t, 1),
    )
