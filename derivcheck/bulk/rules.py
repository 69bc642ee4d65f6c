"""The rules for nodes where a trace differs from an evaluation: what depends on values is not decided but computed,
as a choice between both outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derivcheck.bulk import matrices as programs
from derivcheck.bulk.arithmetic import Traces
from derivcheck.bulk.program import Traced
from derivcheck.terms.node import (
    Cases,
    Compare,
    Fold,
    Function,
    Integral,
    Logic,
    MatrixOp,
    Number,
    Reduce,
    Term,
)
from derivcheck.worlds.arithmetic import is_exact
from derivcheck.worlds.errors import Undefined, Unsupported
from derivcheck.worlds.layers import Dual
from derivcheck.worlds.rules import RULES
from derivcheck.worlds.scenes import Env, Scene

_RELATIONS = {"=": "close", "<": "less", "<=": "at_most"}


def traces_of(scene: Scene) -> Traces:
    base = scene.numbers.base
    assert isinstance(base, Traces)
    return base


def _primal(x: Any) -> Any:
    while isinstance(x, Dual):
        x = x.primal
    return x


def condition(scene: Scene, term: Term, env: Env) -> Any:
    """A condition as a number: 0 or 1 where it is decided while tracing, else a traced one."""
    if isinstance(term, Compare):
        return compared(traces_of(scene), term.relation, scene.value(term.left, env), scene.value(term.right, env))
    if isinstance(term, Logic):
        parts = [condition(scene, arg, env) for arg in term.args]
        if term.op == "not":
            return 1 - parts[0]
        result: Any = 1
        for part in parts:
            result = result * (part if term.op == "and" else 1 - part)
        return result if term.op == "and" else 1 - result
    if isinstance(term, Number):
        return int(term.value != 0)
    raise Unsupported(f"{type(term).__name__} as a condition")


def compared(traces: Traces, relation: str, left: Any, right: Any) -> Any:
    left, right = _primal(left), _primal(right)
    if relation == "!=":
        return 1 - compared(traces, "=", left, right)
    if relation in (">", ">="):
        return compared(traces, {">": "<", ">=": "<="}[relation], right, left)
    if is_exact(left) and is_exact(right):
        return int({"=": left == right, "<": left < right, "<=": left <= right}[relation])
    return traces.builder.op(_RELATIONS[relation], left, right)


def _cases(scene: Scene, term: Cases, env: Env) -> Any:
    taken: list[tuple[Any, Any]] = []
    rest: Any = None
    for test, value in term.branches:
        met = condition(scene, test, env)
        if is_exact(met):
            if not met:
                continue
            rest = scene.value(value, env)
            break
        taken.append((met, _branch(scene, value, env)))
    else:
        rest = _branch(scene, term.otherwise, env) if term.otherwise is not None and taken else (
            scene.value(term.otherwise, env) if term.otherwise is not None else None
        )
    if rest is None:
        if not taken:
            raise Undefined("a value for which no case holds")
        rest = traces_of(scene).builder.constant(float("nan"))
    for met, value in reversed(taken):
        rest = traces_of(scene).choose(met, value, rest)
    return rest


def _branch(scene: Scene, term: Term, env: Env) -> Any:
    """A branch that may not be taken: undefined is nan there."""
    try:
        return scene.value(term, env)
    except Undefined:
        return traces_of(scene).builder.constant(float("nan"))


def _as_number(scene: Scene, term: Term, env: Env) -> Any:
    return condition(scene, term, env)


def larger(scene: Scene, x: Any, y: Any, way: int) -> Any:
    traces = traces_of(scene)
    if isinstance(x, Traced) and isinstance(y, Traced):
        return traces.builder.op("max" if way > 0 else "min", x, y)
    met = compared(traces, "<=", y, x) if way > 0 else compared(traces, "<=", x, y)
    return traces.choose(met, x, y)


def _function(scene: Scene, term: Function, env: Env) -> Any:
    if term.name in ("max2", "min2"):
        x, y = (scene.value(arg, env) for arg in term.args)
        return larger(scene, x, y, 1 if term.name == "max2" else -1)
    return RULES[Function](scene, term, env)


def _reduce(scene: Scene, term: Reduce, env: Env) -> Any:
    """Sums and products over what a condition keeps; extremes as a chain of choices."""
    inner = dict(env)
    values: list[Any] = []
    keeps: list[Any] = []
    at: list[int] = []
    for i in scene.span(term.lower, term.upper, env):
        inner[term.index] = i
        keep = 1 if term.where is None else condition(scene, term.where, inner)
        if is_exact(keep) and not keep:
            continue
        values.append(scene.value(term.body, inner))
        keeps.append(keep)
        at.append(i)
    if term.kind in ("sum", "prod"):
        return _folded(scene, term.kind, values, keeps)
    if not values or not all(is_exact(keep) for keep in keeps):
        raise Undefined("the maximum or minimum of nothing")
    way = 1 if term.kind in ("max", "argmax") else -1
    best, where = values[0], at[0]
    for value, i in zip(values[1:], at[1:], strict=True):
        if term.kind.startswith("arg"):
            where = traces_of(scene).choose(compared(traces_of(scene), "<" if way > 0 else ">", best, value), i, where)
        best = larger(scene, best, value, way)
    return where if term.kind.startswith("arg") else best


def _folded(scene: Scene, kind: str, values: list[Any], keeps: list[Any]) -> Any:
    """By halves, so that the program is shallow."""
    neutral = 0 if kind == "sum" else 1
    parts = [
        value if is_exact(keep) else traces_of(scene).choose(keep, value, neutral)
        for value, keep in zip(values, keeps, strict=True)
    ]
    while len(parts) > 1:
        pairs = zip(parts[::2], parts[1::2], strict=False)
        joined = [a + b if kind == "sum" else a * b for a, b in pairs]
        parts = joined + ([parts[-1]] if len(parts) % 2 else [])
    return parts[0] if parts else neutral


def _matrix_op(scene: Scene, term: MatrixOp, env: Env) -> Any:
    out = tuple([scene.integer(i, env) for i in term.out])
    own = {term.rows, term.cols}
    key = ("matrix", term.name, term.rows, term.cols, term.body, term.params,
           *[env[i] for i in scene.evaluator.free_of(term.body) if i not in own],
           *[env[i] for p in term.params for i in scene.evaluator.free_of(p)])
    whole = scene.memo.get(key)
    if whole is None:
        rows = scene.matrix(term.rows, term.cols, term.body, env)
        exponent = scene.integer(term.params[0], env) if term.name == "power" else 0
        whole = programs.operation(term.name, rows, scene.numbers, traces_of(scene), exponent)
        scene.memo[key] = whole
    return whole if not out else whole[out[0] - 1][out[1] - 1]


def _integral(scene: Scene, term: Integral, env: Env) -> Any:
    raise Unsupported("an integral in bulk")


TRACED: dict[type[Term], Callable[[Scene, Any, Env], Any]] = {
    **RULES, Cases: _cases, Compare: _as_number, Logic: _as_number, Function: _function, Reduce: _reduce,
    MatrixOp: _matrix_op, Integral: _integral, Fold: RULES[Fold],
}
