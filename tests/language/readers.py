"""A scope made by hand and a reader of formulas in it, for the tests of derivatives and probability."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.options import Options
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import Node
from derivcheck.language.scope import FunctionMacro, Scope
from derivcheck.terms.model import FunctionSymbol, Model
from derivcheck.terms.node import Entry
from derivcheck.terms.tensor import Tensor
from tests.terms.givens import M, N, cell, declared, defined, leaf, model, network
from tests.terms.reference import Referee

DIMS = {"n": 3, "m": 2, "k": 3}


def node_of(text: str) -> Node:
    parsed = parse(text)
    assert not parsed.findings, parsed.findings
    return parsed.node


def plain_scope() -> Scope:
    """x, y, t numbers; u, v vectors; A, X square; B n x m; f: R^n -> R, g: R^n -> R^m, s: R -> R unknown."""
    base = model(
        *(declared(name) for name in ("x", "y", "t")), declared("u", N), declared("v", N), declared("p", M),
        declared("A", N, N), declared("X", N, N), declared("B", N, M), declared("\\sigma"),
    )
    functions = {
        "f": FunctionSymbol("f", ((N,),), ()),
        "g": FunctionSymbol("g", ((N,),), (M,)),
        "s": FunctionSymbol("s", ((),), ()),
    }
    scope = Scope(replace(base, functions=functions))
    body = reader(scope, bound={"a": Tensor((), Entry("place"))}).tensor(node_of(r"\frac{1}{1+e^{-a}}"))
    logistic = FunctionMacro("\\phi", ("a",), node_of(r"\frac{1}{1+e^{-a}}"), (Entry("place"),), body)
    form = FunctionMacro("F", ("w",), node_of(r"w^\top A w + u^\top w"))
    return replace(scope, functions={"\\phi": logistic, "F": form})


def model_scope(givens: Model) -> Scope:
    return Scope(givens)


def chain_scope() -> Scope:
    """y = A u, r = tanh(y), L = v.r: values computed one from the other."""
    from derivcheck.terms import algebra as al

    y = defined("y", al.matmul(leaf("A", N, N), leaf("u", N)))
    r = defined("r", al.apply_function("tanh", leaf("y", N)))
    loss = defined("L", al.inner(leaf("v", N), leaf("r", N)))
    return Scope(model(declared("A", N, N), declared("u", N), declared("v", N), y, r, loss))


def reader(scope: Scope, options: Options | None = None, bound: dict | None = None) -> Elaborator:
    return Elaborator(scope, options or Options(), bound or {})


def read(scope: Scope, text: str, **options) -> Tensor:
    elab = reader(scope, Options(**options))
    return elab.session.settle(elab.tensor(node_of(text)))


def value(scope: Scope, text: str, seed: int = 1, **options):
    """All entries of a formula, by position."""
    return Referee(scope.model, DIMS, seed).tensor(read(scope, text, **options))


def both(scope: Scope, left: str, right: str, seed: int = 1, **options):
    """Two sides of one line, all entries of each."""
    elab = reader(scope, Options(**options))
    a, b = elab.tensor(node_of(left)), elab.tensor(node_of(right))
    for one, other in zip(a.shape, b.shape, strict=False):
        elab.session.unify(one, other)
    made = replace(scope.model, declarations={**scope.model.declarations, **elab.session.declared})
    referee = Referee(made, DIMS, seed)
    return tuple(referee.tensor(elab.session.settle(t)) for t in (a, b))


NETWORK = Scope(network())
CELL = Scope(cell())
