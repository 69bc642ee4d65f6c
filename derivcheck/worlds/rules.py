"""One rule for each kind of node: the number that it is, given the numbers that its parts are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flint import acb, arb, fmpq

from derivcheck.terms.differentiate import push
from derivcheck.terms.node import (
    Add,
    Apply,
    Cases,
    Compare,
    Constant,
    Delta,
    Derivative,
    Entry,
    Expectation,
    Fold,
    Function,
    Hole,
    Integral,
    Lambda,
    Limit,
    Logic,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Size,
    Term,
    Var,
    walk,
)
from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import is_exact, tidy
from derivcheck.worlds.errors import LogOfZero, Undefined, Undetermined, Unsupported
from derivcheck.worlds.layers import Layered, split

if TYPE_CHECKING:
    from derivcheck.worlds.scenes import Env, Place, Scene


CHEAP = frozenset((Number, Var, Size, Constant, Entry, Add, Mul, Power, Delta, Compare, Logic))
"""Kinds whose values are not worth remembering."""


def _number(scene: Scene, term: Number, env: Env) -> Any:
    constants = scene.evaluator._constants
    found = constants.get(term)
    if found is None:
        found = constants[term] = scene.numbers.number(term.value)
    return found


def _constant(scene: Scene, term: Constant, env: Env) -> Any:
    return scene.numbers.constant(term.name)


def _size(scene: Scene, term: Size, env: Env) -> int:
    return scene.size(term.dim)


def _var(scene: Scene, term: Var, env: Env) -> int:
    return env[term.index]


def _entry(scene: Scene, term: Entry, env: Env) -> Any:
    indices = [env[i.index] if type(i) is Var else scene.integer(i, env) for i in term.indices]
    return scene.entry(term.symbol, tuple(indices))


def _add(scene: Scene, term: Add, env: Env) -> Any:
    total: Any = 0
    for arg in term.args:
        total = total + scene.value(arg, env)
    return total


_SELECTORS = frozenset({Delta, Cases})


def _mul(scene: Scene, term: Mul, env: Env) -> Any:
    """A delta or an indicator that is 0 masks the rest of a product; `0 log 0 = 0`."""
    known: dict[int, Any] = {}
    for arg in term.args:
        if type(arg) in _SELECTORS:
            try:
                known[id(arg)] = value = scene.value(arg, env)
            except Undefined:
                continue
            if type(value) is int and value == 0:
                return 0
    total: Any = 1
    log_of_zero: LogOfZero | None = None
    for arg in term.args:
        try:
            value = known[id(arg)] if known and id(arg) in known else scene.value(arg, env)
        except LogOfZero as problem:
            log_of_zero = problem
            continue
        total = total * value
    if log_of_zero is not None:
        if not (is_exact(total) and total == 0):
            raise log_of_zero
        return 0
    return total


def _power(scene: Scene, term: Power, env: Env) -> Any:
    exponent = scene.value(term.exponent, env)
    if isinstance(term.base, Constant) and term.base.name == "e":
        return scene.numbers.function("exp", exponent)
    try:
        return tidy(scene.numbers.power(scene.value(term.base, env), tidy(exponent)))
    except Unsupported:
        # `\\|x\\|^2` of a random x, where the root alone has no value: (b^p)^q = b^{pq} for whole q and pq
        inner = _said(scene, term.base)
        if not (isinstance(inner, Power) and isinstance(inner.exponent, Number) and isinstance(exponent, int)):
            raise
        whole = inner.exponent.value * exponent
        if whole.denominator != 1:
            raise
        return tidy(scene.numbers.power(scene.value(inner.base, env), int(whole)))


def _said(scene: Scene, term: Term) -> Term:
    """What a name without indices is defined to be (`S^2 = ...` says that S is a root)."""
    while isinstance(term, Entry) and not term.indices and term.symbol not in scene.evaluator.world.fixed:
        declaration = scene.evaluator.model.declarations.get(term.symbol)
        if declaration is None or len(declaration.definitions) != 1 or declaration.definitions[0].where is not None:
            break
        term = declaration.definitions[0].body
    return term


def _function(scene: Scene, term: Function, env: Env) -> Any:
    values = [scene.value(arg, env) for arg in term.args]
    rule = _BINARY.get(term.name)
    if rule is not None:
        return rule(scene, *values)
    if term.name in ("sign", "step") and type(values[0]) is int and values[0] == 0:
        scene.evaluator.ties += 1
        scene.evaluator.customs += 1
    if len(values) != 1:
        raise Unsupported(f"the function {term.name} of {len(values)} arguments")
    return tidy(scene.numbers.function(term.name, tidy(values[0])))


def _larger(scene: Scene, x: Any, y: Any, way: int) -> Any:
    """The maximum (way 1) or minimum (way -1) of two numbers: of balls that overlap still an enclosure."""
    if isinstance(x, Layered) or isinstance(y, Layered) or (is_exact(x) and is_exact(y)) or isinstance(x, float):
        difference = x - y
        if is_exact(difference) and difference == 0:
            return x
        return x if scene.numbers.sign(difference) * way > 0 else y
    if isinstance(x, acb) or isinstance(y, acb):
        return scene.evaluator.arithmetic.larger(x, y, way)  # type: ignore[union-attr]
    x, y = arb(x), arb(y)
    return x.max(y) if way > 0 else x.min(y)


def _whole_pair(scene: Scene, x: Any, y: Any) -> tuple[int, int]:
    a, b = scene.numbers.whole(x), scene.numbers.whole(y)
    if b == 0:
        raise Undefined("a division by zero")
    return a, b


def _div(scene: Scene, x: Any, y: Any) -> int:
    a, b = _whole_pair(scene, x, y)
    return a // b


def _mod(scene: Scene, x: Any, y: Any) -> int:
    a, b = _whole_pair(scene, x, y)
    return a % b


_BINARY: dict[str, Callable[..., Any]] = {
    "max2": lambda scene, x, y: _larger(scene, x, y, 1),
    "min2": lambda scene, x, y: _larger(scene, x, y, -1),
    "div": _div,
    "mod": _mod,
}


def _reduce(scene: Scene, term: Reduce, env: Env) -> Any:
    if isinstance(term.upper, Constant) and term.kind == "sum":
        from derivcheck.worlds.infinite import infinite_sum

        return infinite_sum(scene, term, env)
    inner = dict(env)
    index, where, body = term.index, term.where, term.body
    values = []
    at = []
    for i in scene.span(term.lower, term.upper, env):
        inner[index] = i
        if where is None or scene.condition(where, inner):
            values.append(scene.value(body, inner))
            at.append(i)
    return _FOLDS[term.kind](scene, values, at)


def _sum(scene: Scene, values: list[Any], at: list[int]) -> Any:
    total: Any = 0
    for value in values:
        total = total + value
    return total


def _prod(scene: Scene, values: list[Any], at: list[int]) -> Any:
    total: Any = 1
    for value in values:
        total = total * value
    return total


def _extreme(way: int) -> Callable[[Scene, list[Any], list[int]], Any]:
    def rule(scene: Scene, values: list[Any], at: list[int]) -> Any:
        if not values:
            raise Undefined("the maximum or minimum of nothing")
        best = values[0]
        for value in values[1:]:
            best = _larger(scene, best, value, way)
        return best

    return rule


def _arg_extreme(way: int) -> Callable[[Scene, list[Any], list[int]], Any]:
    def rule(scene: Scene, values: list[Any], at: list[int]) -> Any:
        if not values:
            raise Undefined("the position of the maximum of nothing")
        best = 0
        for k in range(1, len(values)):
            sign = scene.numbers.sign(values[k] - values[best])
            if sign == 0:
                raise Undetermined("a tie for the greatest value")
            if sign * way > 0:
                best = k
        return at[best]

    return rule


_FOLDS = {
    "sum": _sum, "prod": _prod, "max": _extreme(1), "min": _extreme(-1),
    "argmax": _arg_extreme(1), "argmin": _arg_extreme(-1),
}


def _as_number(scene: Scene, term: Term, env: Env) -> int:
    """A condition where a number stands: 1 or 0."""
    return int(scene.condition(term, env))


def _cases(scene: Scene, term: Cases, env: Env) -> Any:
    for condition, value in term.branches:
        if scene.condition(condition, env):
            return scene.value(value, env)
    if term.otherwise is None:
        raise Undefined("a value for which no case holds")
    return scene.value(term.otherwise, env)


def _delta(scene: Scene, term: Delta, env: Env) -> int:
    return int(scene.integer(term.left, env) == scene.integer(term.right, env))


def _matrix_op(scene: Scene, term: MatrixOp, env: Env) -> Any:
    out = tuple([scene.integer(i, env) for i in term.out])
    whole = _whole_matrix(scene, term, env)
    if not out:
        return whole
    if not (1 <= out[0] <= len(whole) and 1 <= out[1] <= len(whole[0])):
        raise Undefined("an entry outside of its matrix")
    return whole[out[0] - 1][out[1] - 1]


def _whole_matrix(scene: Scene, term: MatrixOp, env: Env) -> Any:
    """The result for all entries at once, kept for the next entry."""
    own = {term.rows, term.cols}
    key = ("matrix", term.name, term.rows, term.cols, term.body, term.params,
           *[env[i] for i in scene.evaluator.free_of(term.body) if i not in own],
           *[env[i] for p in term.params for i in scene.evaluator.free_of(p)])
    found = scene.memo.get(key)
    if found is None:
        rows = scene.matrix(term.rows, term.cols, term.body, env)
        if term.name == "power":
            exponent = tidy(scene.value(term.params[0], env))
            if isinstance(exponent, fmpq):
                found = matrices.real_power(rows, exponent, scene.numbers)
            else:
                found = matrices.whole_power(rows, scene.integer(term.params[0], env), scene.numbers)
        else:
            rule = matrices.TO_NUMBER.get(term.name) or matrices.TO_MATRIX.get(term.name)
            if rule is None:
                raise Unsupported(f"the matrix operation {term.name}")
            found = rule(rows, scene.numbers)
        scene.memo[key] = found
    return found


def _fold(scene: Scene, term: Fold, env: Env) -> Any:
    out = tuple([scene.integer(i, env) for i in term.out])
    own = {term.rows, term.cols, term.index}
    span = scene.span(term.lower, term.upper, env)
    assert term.rows.dim is not None
    key = ("fold", term.index, term.rows, term.cols, term.body, term.order, span,
           *[env[i] for i in scene.evaluator.free_of(term.body) if i not in own])
    whole = scene.memo.get(key)
    if whole is None:
        inner = dict(env)
        factors = []
        for t in span if term.order == "right" else reversed(span):
            inner[term.index] = t
            factors.append(scene.matrix(term.rows, term.cols, term.body, inner))
        whole = factors[0] if factors else matrices.identity(scene.size(term.rows.dim))
        for factor in factors[1:]:
            whole = matrices.product(whole, factor)
        scene.memo[key] = whole
    return whole[out[0] - 1][out[1] - 1]


DEEPEST = 6
"""Derivatives within derivatives that are done by dual numbers; their cost grows threefold with each."""


def _derivative(scene: Scene, term: Derivative, env: Env) -> Any:
    def place(entry: Entry) -> Place:
        return entry.symbol, tuple([scene.integer(i, env) for i in entry.indices])

    wrt = place(term.wrt)
    declaration = scene.evaluator.model.declarations.get(term.wrt.symbol)
    if declaration is not None:
        scene._in_range(declaration, wrt[1])
    from derivcheck.worlds.duals import DualScene

    held = tuple(place(e) for e in term.held)
    at = tuple([scene.integer(i, env) for i in term.at])
    key = ("derivative", wrt, held, term.immediate, at)
    child = scene.children.get(key)
    if child is None:
        child = scene.children[key] = DualScene(scene, wrt, held, at if term.immediate else None)
    try:
        if child.level > DEEPEST:
            raise Unsupported(f"a derivative of an order above {DEEPEST}")
        value = child.value(term.body, env)
    except Unsupported:
        pushed = push(term, scene.evaluator.model)  # by symbols where dual numbers have no rule (integrals)
        if pushed is term or any(isinstance(t, Hole) for t in walk(pushed)):
            raise
        return scene.value(pushed, env)
    return split(value, child.level)[1]


def _apply(scene: Scene, term: Apply, env: Env) -> Any:
    from derivcheck.worlds.unknown import apply

    return apply(scene, term, env)


def _expectation(scene: Scene, term: Expectation, env: Env) -> Any:
    from derivcheck.worlds.expectation import expectation

    return expectation(scene, term, env)


def _integral(scene: Scene, term: Integral, env: Env) -> Any:
    from derivcheck.worlds.integrals import integral

    return integral(scene, term, env)


def _limit(scene: Scene, term: Limit, env: Env) -> Any:
    from derivcheck.worlds.limits import limit

    return limit(scene, term, env)


def _hole(scene: Scene, term: Hole, env: Env) -> Any:
    raise Unsupported(term.reason)


def _lambda(scene: Scene, term: Lambda, env: Env) -> Any:
    raise Unsupported("a whole tensor where a number is needed")


RULES: dict[type[Term], Callable[[Scene, Any, Env], Any]] = {
    Number: _number, Constant: _constant, Size: _size, Var: _var, Entry: _entry, Add: _add, Mul: _mul, Power: _power,
    Function: _function, Reduce: _reduce, Compare: _as_number, Logic: _as_number, Cases: _cases, Delta: _delta,
    MatrixOp: _matrix_op, Fold: _fold, Derivative: _derivative, Apply: _apply, Expectation: _expectation,
    Integral: _integral, Limit: _limit, Hole: _hole, Lambda: _lambda,
}
