"""Claims about vectors and matrices as one would check them with SymPy: written out at one dimension, entry by entry.

(SymPy's own matrix expressions fail on most of these.) The lowering is plain and structural; it covers what the claims
below need and refuses the rest."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import (
    Add,
    Delta,
    Derivative,
    Entry,
    Function,
    Index,
    Mul,
    Number,
    Power,
    Reduce,
    Size,
    Term,
    Var,
)

SQUARE = r"A, B \in \mathbb{R}^{n \times n}"
VECTORS = r"x, b \in \mathbb{R}^n"
CLAIMS: tuple[tuple[tuple[str, ...], str, bool], ...] = (
    ((r"z \in \mathbb{R}^k", r"p = \operatorname{softmax}(z)"),
     r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - p p^\top", True),
    ((r"z \in \mathbb{R}^k", r"p = \operatorname{softmax}(z)"),
     r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - \operatorname{diag}(p)^2", False),
    ((SQUARE, VECTORS), r"\frac{\partial}{\partial x} x^\top A x = (A + A^\top) x", True),
    ((SQUARE, VECTORS), r"\frac{\partial}{\partial x} x^\top A x = 2 A x", False),
    ((SQUARE, VECTORS),
     r"\frac{\partial}{\partial x} \tanh(A x + b) = \operatorname{diag}(1 - \tanh^2(A x + b)) A", True),
    ((SQUARE, VECTORS),
     r"\frac{\partial}{\partial x} \tanh(A x + b) = A \operatorname{diag}(1 - \tanh^2(A x + b))", False),
    ((SQUARE, VECTORS), r"\nabla_x \|A x - b\|_2^2 = 2 A^\top (A x - b)", True),
    ((SQUARE, VECTORS), r"\nabla_x \|A x - b\|_2^2 = 2 A (A x - b)", False),
    ((VECTORS,), r"\frac{\partial}{\partial x} \log \sum_i e^{x_i} = \operatorname{softmax}(x)", True),
    ((VECTORS,), r"\frac{\partial}{\partial x} \log \sum_i e^{x_i} = e^x", False),
    ((SQUARE,), r"\operatorname{tr}(A B A) = \operatorname{tr}(A^2 B)", True),
    ((SQUARE,), r"\operatorname{tr}(A B A) = \operatorname{tr}(A B)^2", False),
    ((SQUARE,), r"(A + B)^2 = A^2 + A B + B A + B^2", True),
    ((SQUARE,), r"(A + B)^2 = A^2 + 2 A B + B^2", False),
)  # fmt: skip


def simplified(given: list[str], text: str, size: int = 3) -> float:
    """Seconds that simplify takes on the entries of a claim, until one is not 0."""
    import time

    import sympy

    from derivcheck.language.givens import read_givens
    from derivcheck.language.statements import read_statement

    scope, _ = read_givens(given)
    claim = read_statement(text, scope).links[0].claim
    assert claim is not None
    start = time.perf_counter()
    for difference in entries(claim, scope.model, size):
        if sympy.simplify(difference) != 0:
            break
    return time.perf_counter() - start


class Unsuited(Exception):
    """A term that this lowering does not cover."""


def entries(claim: Claim, model: Model, size: int) -> Iterator[Any]:
    """left - right at every entry, every named dimension being `size`."""
    import sympy

    writer = _Writer(sympy, model, size)
    shape = [axis.dim.at(dict.fromkeys(axis.dim.names, size)) for axis in claim.left.axes if axis.dim is not None]
    for place in itertools.product(*(range(1, n + 1) for n in shape)):
        left = dict(zip(claim.left.axes, place, strict=True))
        right = dict(zip(claim.right.axes, place, strict=True))
        yield writer.value(claim.left.body, left) - writer.value(claim.right.body, right)


class _Writer:
    def __init__(self, sympy: Any, model: Model, size: int) -> None:
        self.sympy, self.model, self.size = sympy, model, size

    def value(self, term: Term, env: Mapping[Index, int]) -> Any:
        match term:
            case Number():
                return self.sympy.Rational(term.value.numerator, term.value.denominator)
            case Size():
                return self.sympy.Integer(term.dim.at(dict.fromkeys(term.dim.names, self.size)))
            case Var():
                return self.sympy.Integer(env[term.index])
            case Add():
                return sum((self.value(a, env) for a in term.args), start=self.sympy.Integer(0))
            case Mul():
                return self.sympy.prod([self.value(a, env) for a in term.args])
            case Power():
                return self.value(term.base, env) ** self.value(term.exponent, env)
            case Function():
                return getattr(self.sympy, term.name)(*(self.value(a, env) for a in term.args))
            case Delta():
                return self.sympy.Integer(int(self.value(term.left, env) == self.value(term.right, env)))
            case Reduce(kind="sum"):
                low, high = int(self.value(term.lower, env)), int(self.value(term.upper, env))
                return sum(self.value(term.body, {**env, term.index: k}) for k in range(low, high + 1))
            case Derivative():
                return self.value(term.body, env).diff(self.entry(term.wrt, env))
            case Entry():
                return self.entry(term, env)
        raise Unsuited(type(term).__name__)

    def entry(self, term: Entry, env: Mapping[Index, int]) -> Any:
        """A symbol for each entry of a free name; a defined name by its definition."""
        at = [int(self.value(i, env)) for i in term.indices]
        definitions = self.model.declarations[term.symbol].definitions
        if definitions:
            return self.value(definitions[0].body, dict(zip(definitions[0].params, at, strict=True)))
        return self.sympy.Symbol("_".join([term.symbol, *map(str, at)]), real=True)
