"""A plain, slow evaluator with 40 digits, independent of the project's own: the referee of the tests in this folder.

Derivatives are taken by central differences of the body ('differences') or by the rules under test ('rules').
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import mpmath

from derivcheck.terms.build import number
from derivcheck.terms.differentiate import push, resolve_entry
from derivcheck.terms.model import Model
from derivcheck.terms.node import (
    Add,
    Apply,
    Cases,
    Compare,
    Constant,
    Delta,
    Derivative,
    Entry,
    Fold,
    Function,
    Index,
    Logic,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Size,
    Term,
    Var,
    substitute,
)
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import graph

mpmath.mp.dps = 40
STEP = mpmath.mpf(10) ** -13
Place = tuple[str, tuple[int, ...]]

FUNCTIONS: dict[str, Callable] = {
    "exp": mpmath.exp, "log": mpmath.log, "tanh": mpmath.tanh, "sinh": mpmath.sinh, "cosh": mpmath.cosh,
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "atan": mpmath.atan, "asin": mpmath.asin,
    "acos": mpmath.acos, "atanh": mpmath.atanh, "abs": abs, "sign": mpmath.sign, "erf": mpmath.erf,
    "gamma": mpmath.gamma, "lgamma": mpmath.loggamma, "digamma": mpmath.digamma, "floor": mpmath.floor,
    "ceil": mpmath.ceil, "div": lambda a, b: mpmath.floor(a / b), "mod": lambda a, b: a - b * mpmath.floor(a / b),
    "max2": max, "min2": min,
}
RELATIONS: dict[str, Callable] = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}


@dataclass
class Referee:
    model: Model
    dims: Mapping[str, int]
    seed: int = 0
    mode: str = "differences"
    values: dict[Place, mpmath.mpf] = field(default_factory=dict)
    fixed: Callable[[str, tuple[int, ...]], bool] | None = None
    base: Referee | None = None

    def tensor(self, tensor: Tensor) -> dict[tuple[int, ...], mpmath.mpf]:
        """All entries by position."""
        spans = [range(1, axis.dim.at(self.dims) + 1) for axis in tensor.axes]  # type: ignore[union-attr]
        return {p: self.value(tensor.body, dict(zip(tensor.axes, p, strict=True))) for p in itertools.product(*spans)}

    def value(self, t: Term, env: Mapping[Index, int] | None = None):
        env = env or {}
        match t:
            case Number():
                return mpmath.mpf(t.value.numerator) / t.value.denominator
            case Constant():
                return {"pi": mpmath.pi, "e": mpmath.e}[t.name] + 0
            case Size():
                return mpmath.mpf(t.dim.at(self.dims))
            case Var():
                return mpmath.mpf(env[t.index])
            case Entry():
                return self.entry(t.symbol, tuple(int(self.value(i, env)) for i in t.indices))
            case Add():
                return mpmath.fsum(self.value(a, env) for a in t.args)
            case Mul():
                return mpmath.fprod(self.value(a, env) for a in t.args)
            case Power():
                return mpmath.power(self.value(t.base, env), self.value(t.exponent, env))
            case Function():
                return FUNCTIONS[t.name](*(self.value(a, env) for a in t.args))
            case Reduce():
                return self.reduce(t, env)
            case Delta():
                return mpmath.mpf(self.value(t.left, env) == self.value(t.right, env))
            case Cases():
                for condition, value in t.branches:
                    if self.holds(condition, env):
                        return self.value(value, env)
                if t.otherwise is None:
                    raise ArithmeticError("undefined")
                return self.value(t.otherwise, env)
            case Derivative():
                return self.derivative(t, env)
            case MatrixOp():
                return self.matrix(t, env)
            case Fold():
                return self.fold(t, env)
            case Apply():
                return self.unknown(t, env)
        raise NotImplementedError(type(t))

    def entry(self, symbol: str, at: tuple[int, ...]):
        place = symbol, at
        if place not in self.values:
            if self.fixed is not None and self.base is not None and self.fixed(symbol, at):
                self.values[place] = self.base.entry(symbol, at)
            else:
                self.values[place] = self.computed(symbol, at)
        return self.values[place]

    def computed(self, symbol: str, at: tuple[int, ...]):
        declaration = self.model.declarations.get(symbol)
        for definition in declaration.definitions if declaration else ():
            env = dict(zip(definition.params, at, strict=True))
            if definition.where is None or self.holds(definition.where, env):
                return self.value(definition.body, env)
        if self.base is not None:
            return self.base.entry(symbol, at)
        return mpmath.mpf(random.Random(f"{self.seed} {symbol} {at}").randint(-40, 40)) / 23 + mpmath.mpf(1) / 97

    def holds(self, c: Term, env: Mapping[Index, int]) -> bool:
        if isinstance(c, Compare):
            return RELATIONS[c.relation](self.value(c.left, env), self.value(c.right, env))
        assert isinstance(c, Logic)
        parts = [self.holds(a, env) for a in c.args]
        return not parts[0] if c.op == "not" else all(parts) if c.op == "and" else any(parts)

    def reduce(self, t: Reduce, env: Mapping[Index, int]):
        span = range(int(self.value(t.lower, env)), int(self.value(t.upper, env)) + 1)
        envs = [{**env, t.index: k} for k in span]
        envs = [e for e in envs if t.where is None or self.holds(t.where, e)]
        values = [self.value(t.body, e) for e in envs]
        match t.kind:
            case "sum":
                return mpmath.fsum(values)
            case "prod":
                return mpmath.fprod(values)
            case "max" | "min":
                return {"max": max, "min": min}[t.kind](values)
        best = {"argmax": max, "argmin": min}[t.kind](values)
        return mpmath.mpf(envs[values.index(best)][t.index])

    def square(self, t, env: Mapping[Index, int]) -> mpmath.matrix:
        n, m = t.rows.dim.at(self.dims), t.cols.dim.at(self.dims)
        cells = [[self.value(t.body, {**env, t.rows: i, t.cols: j}) for j in range(1, m + 1)] for i in range(1, n + 1)]
        return mpmath.matrix(cells)

    def matrix(self, t: MatrixOp, env: Mapping[Index, int]):
        m = self.square(t, env)
        if t.name == "det":
            return mpmath.det(m)
        if t.name == "norm2":
            return mpmath.svd_r(m, compute_uv=False)[0]
        made = {
            "inverse": lambda: m**-1,
            "exp": lambda: mpmath.expm(m),
            "power": lambda: m ** int(self.value(t.params[0], env)),
        }[t.name]()
        i, j = (int(self.value(o, env)) - 1 for o in t.out)
        return made[i, j]

    def fold(self, t: Fold, env: Mapping[Index, int]):
        product = mpmath.eye(t.rows.dim.at(self.dims))  # type: ignore[union-attr]
        for k in range(int(self.value(t.lower, env)), int(self.value(t.upper, env)) + 1):
            factor = self.square(t, {**env, t.index: k})
            product = product * factor if t.order == "right" else factor * product
        i, j = (int(self.value(o, env)) - 1 for o in t.out)
        return product[i, j]

    def unknown(self, t: Apply, env: Mapping[Index, int]):
        """A stand-in for an unknown function: f_out(x) = sin(sum of weights times entries + phase), differentiated
        by the chain rule of this formula."""
        out = tuple(int(self.value(o, env)) for o in t.out)

        def weight(k: int, place: tuple[int, ...]):
            return mpmath.mpf(random.Random(f"{t.function} {out} {k} {place}").randint(-9, 9)) / 7

        total = mpmath.mpf(random.Random(f"{t.function} {out}").randint(-9, 9)) / 5
        for k, argument in enumerate(t.args):
            for place, value in self.lambda_entries(argument, env):
                total += weight(k, place) * value
        factor = mpmath.mpf(1)
        for k, place in t.orders:
            factor *= weight(k, tuple(int(self.value(p, env)) for p in place))
        return factor * mpmath.sin(total + len(t.orders) * mpmath.pi / 2)

    def lambda_entries(self, argument, env: Mapping[Index, int]):
        spans = [range(1, a.dim.at(self.dims) + 1) for a in argument.axes]
        for place in itertools.product(*spans):
            yield place, self.value(argument.body, {**env, **dict(zip(argument.axes, place, strict=True))})

    def derivative(self, t: Derivative, env: Mapping[Index, int]):
        if self.mode == "rules":
            here = {i: number(v) for i, v in env.items()}
            at = substitute(t, here)
            assert isinstance(at, Derivative)
            inner = push(at, self.model)
            return self.value(resolve_entry(at, self.model) if inner is at else inner)
        place = t.wrt.symbol, tuple(int(self.value(i, env)) for i in t.wrt.indices)
        centre = self.entry(*place)
        fixed = self.held(t, env)
        ends = []
        for step in (STEP, -STEP):
            moved = Referee(self.model, self.dims, self.seed, self.mode, {place: centre + step}, fixed, self)
            ends.append(moved.value(t.body, env))
        return (ends[0] - ends[1]) / (2 * STEP)

    def held(self, t: Derivative, env: Mapping[Index, int]) -> Callable[[str, tuple[int, ...]], bool]:
        listed = [(h.symbol, tuple(int(self.value(i, env)) for i in h.indices)) for h in t.held]
        at = tuple(int(self.value(i, env)) for i in t.at)
        states = graph(self.model).states

        def fixed(symbol: str, indices: tuple[int, ...]) -> bool:
            if any(symbol == s and indices[: len(i)] == i for s, i in listed):
                return True
            return t.immediate and symbol in states and indices[: len(at)] != at

        return fixed


def close(left, right) -> bool:
    """Equal up to the error of the differences."""
    return abs(left - right) <= mpmath.mpf(10) ** -10 * (1 + abs(left) + abs(right))
