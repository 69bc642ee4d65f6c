"""Claims about vectors and matrices as one would check them with SymPy: written out at one dimension, entry by entry.

(SymPy's own matrix expressions fail on most of these.) The lowering is plain and structural; it covers what the claims
below need and refuses the rest."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from derivcheck.terms.build import ONE, ZERO
from derivcheck.terms.model import Claim, Domain, Model, Parameter
from derivcheck.terms.node import (
    Add,
    Cases,
    Compare,
    Constant,
    Delta,
    Derivative,
    Entry,
    Function,
    Index,
    MatrixOp,
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

    from derivcheck.language.givens.table import read_givens
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


def entries(claim: Claim, model: Model, size: int | Mapping[str, int]) -> Iterator[Any]:
    """left - right at every entry and every value of a free index. `size`: of every named dimension, or of each."""
    import sympy

    dims = dict.fromkeys(model.dims, size) if isinstance(size, int) else size
    writer = _Writer(sympy, model, dims)
    spans = [range(1, axis.dim.at(dims) + 1) for axis in claim.left.axes if axis.dim is not None]
    parameters = [(p.index, writer.span(p)) for p in claim.parameters]
    for at in itertools.product(*(span for _, span in parameters)):
        env = dict(zip((index for index, _ in parameters), at, strict=True))
        for place in itertools.product(*spans):
            left = {**env, **dict(zip(claim.left.axes, place, strict=True))}
            right = {**env, **dict(zip(claim.right.axes, place, strict=True))}
            yield writer.value(claim.left.body, left) - writer.value(claim.right.body, right)


_SYMPY_NAMES = {
    "abs": "Abs", "ceil": "ceiling", "div": "floor", "lgamma": "loggamma", "max2": "Max", "min2": "Min", "mod": "Mod",
}  # fmt: skip
_RELATIONS = {"=": "Eq", "!=": "Ne", "<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge"}


class _Writer:
    def __init__(self, sympy: Any, model: Model, dims: Mapping[str, int]) -> None:
        self.sympy, self.model, self.dims = sympy, model, dims

    def span(self, parameter: Parameter) -> range:
        if parameter.index.dim is not None:
            return range(1, parameter.index.dim.at(self.dims) + 1)
        if parameter.lower is None or parameter.upper is None:
            raise Unsuited("a free index without a range")
        return range(self.whole(parameter.lower, {}), self.whole(parameter.upper, {}) + 1)

    def whole(self, term: Term, env: Mapping[Index, int]) -> int:
        value = self.value(term, env)
        if not value.is_Integer:
            raise Unsuited("an index that is no number")
        return int(value)

    def value(self, term: Term, env: Mapping[Index, int]) -> Any:
        sympy = self.sympy
        match term:
            case Number():
                return sympy.Rational(term.value.numerator, term.value.denominator)
            case Constant(name="pi" | "e"):
                return sympy.pi if term.name == "pi" else sympy.E
            case Size():
                return sympy.Integer(term.dim.at(self.dims))
            case Var() if term.index in env:
                return sympy.Integer(env[term.index])
            case Add():
                return sympy.Add(*(self.value(a, env) for a in term.args))
            case Mul():
                return sympy.Mul(*(self.value(a, env) for a in term.args))
            case Power():
                return self.value(term.base, env) ** self.value(term.exponent, env)
            case Function():
                return self.function(term, env)
            case Delta():
                return sympy.Integer(int(self.value(term.left, env) == self.value(term.right, env)))
            case Reduce(kind="sum" | "prod", where=None):
                span = range(self.whole(term.lower, env), self.whole(term.upper, env) + 1)
                terms = [self.value(term.body, {**env, term.index: k}) for k in span]
                return sympy.Add(*terms) if term.kind == "sum" else sympy.Mul(*terms)
            case Cases():
                rows = [(self.value(value, env), self.value(when, env)) for when, value in term.branches]
                otherwise = [] if term.otherwise is None else [(self.value(term.otherwise, env), True)]
                return sympy.Piecewise(*rows, *otherwise)
            case Compare():
                relation = getattr(sympy, _RELATIONS[term.relation])
                return relation(self.value(term.left, env), self.value(term.right, env))
            case MatrixOp(name="det" | "inverse"):
                return self.matrix(term, env)
            case Derivative(held=(), immediate=False):
                variable = self.entry(term.wrt, env)
                if not variable.is_Symbol:
                    raise Unsuited("a derivative by a computed name")
                return self.value(term.body, env).diff(variable)
            case Entry():
                return self.entry(term, env)
        raise Unsuited(type(term).__name__)

    def function(self, term: Function, env: Mapping[Index, int]) -> Any:
        made = getattr(self.sympy, _SYMPY_NAMES.get(term.name, term.name), None)
        if made is None:
            raise Unsuited(f"the function {term.name}")
        arguments = [self.value(a, env) for a in term.args]
        return made(arguments[0] / arguments[1]) if term.name == "div" else made(*arguments)

    def matrix(self, term: MatrixOp, env: Mapping[Index, int]) -> Any:
        rows, cols = (range(1, self.size(i) + 1) for i in (term.rows, term.cols))
        matrix = self.sympy.Matrix(
            [[self.value(term.body, {**env, term.rows: i, term.cols: j}) for j in cols] for i in rows]
        )
        if term.name == "det":
            return matrix.det()
        i, j = (self.whole(k, env) - 1 for k in term.out)
        return matrix.inv()[i, j]

    def size(self, index: Index) -> int:
        if index.dim is None:
            raise Unsuited("a matrix without dimensions")
        return index.dim.at(self.dims)

    def entry(self, term: Entry, env: Mapping[Index, int]) -> Any:
        """A symbol for each entry of a free name, in its domain; a defined name by its definition."""
        at = [self.whole(i, env) for i in term.indices]
        if term.symbol not in self.model.declarations:
            raise Unsuited("a name without a declaration")
        declaration = self.model.declarations[term.symbol]
        for definition in declaration.definitions:
            if definition.where is not None or term.symbol in definition.body.symbols:
                raise Unsuited("a recurrence")
            return self.value(definition.body, dict(zip(definition.params, at, strict=True)))
        free, others = declaration.domain, range(1, at[-1] if at else 1)
        if free.kind == "simplex" and at[-1] == declaration.shape[-1].at(self.dims):
            return 1 - self.sympy.Add(*(self.symbol(term.symbol, [*at[:-1], k], free) for k in others))
        return self.symbol(term.symbol, at, free)

    def symbol(self, name: str, at: Sequence[int], domain: Domain) -> Any:
        return self.sympy.Symbol("_".join([name, *map(str, at)]), **self.assumed(domain))

    def assumed(self, domain: Domain) -> dict[str, bool]:
        if domain.kind == "simplex":
            return {"positive": True}
        if domain.kind == "integer":
            return {"integer": True, **({"positive": True} if domain.low == ONE else {})}
        if domain.kind != "real":
            raise Unsuited(f"a {domain.kind} domain")
        zero = domain.low is not None and domain.low == ZERO
        sign = ("positive" if domain.low_strict else "nonnegative") if zero else "real"
        return {sign: True}
