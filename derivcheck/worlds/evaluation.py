"""The lazy evaluator: the number that a term is in a world.

`Evaluator(model, world).value(term, env)` walks the term once for each combination of its free indices that is
asked for. Definitions are unfolded only where an entry is used, at concrete indices, so recurrences end by
themselves; branches not taken are never looked at. A derivative is forward automatic differentiation through
the definitions of the model (Griewank and Walther, "Evaluating Derivatives", ch. 3), which is independent of the
symbolic differentiation that the prover uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flint import fmpq

from derivcheck.terms.model import Declaration, Definition, Model
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
    Index,
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
)
from derivcheck.worlds import matrices
from derivcheck.worlds.arithmetic import Arithmetic, Balls, is_exact, tidy
from derivcheck.worlds.errors import LogOfZero, NoValue, Undefined, Undetermined, Unsupported
from derivcheck.worlds.layers import Layered, Numbers, dual
from derivcheck.worlds.world import World

Env = dict[Index, int]
Place = tuple[str, tuple[int, ...]]
_BUSY = object()
_LONGEST = 20_000  # values of one bound index
_CHEAP = (Number, Var, Size, Constant, Entry, Add, Mul, Power, Delta, Compare, Logic)


class Evaluator:
    """Evaluates terms in one world by one arithmetic. Free entries used are recorded in `touched`; `nodes` counts
    the work done, which ends at `limit`."""

    def __init__(
        self, model: Model, world: World, arithmetic: Arithmetic | None = None, limit: int = 2_000_000
    ) -> None:
        self.model = model
        self.world = world
        self.arithmetic = arithmetic or Balls()
        self.numbers = Numbers(self.arithmetic)
        self.limit = limit
        self.touched: dict[Place, None] = {}
        self.nodes = 0
        self._orders: dict[Term, tuple[Index, ...]] = {}
        self._constants: dict[Term, Any] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self.root = Scene(self, None, frozenset())

    def value(self, term: Term, env: Mapping[Index, int] | None = None) -> Any:
        """The number that `term` is where its free indices have the values in `env`. Raises NoValue."""
        with self.arithmetic.active(), _safely():
            return self.root.value(term, dict(env or {}))

    def holds(self, condition: Term, env: Mapping[Index, int] | None = None) -> bool:
        """Whether a condition holds, certainly."""
        with self.arithmetic.active(), _safely():
            return self.root.condition(condition, dict(env or {}))

    def free_of(self, term: Term) -> tuple[Index, ...]:
        order = self._orders.get(term)
        if order is None:
            order = self._orders[term] = tuple(term.free)
        return order

    def reach(self, symbol: str) -> frozenset[str]:
        """The symbol and all that its definitions are computed from."""
        found = self._reach.get(symbol)
        if found is None:
            seen: set[str] = set()
            stack = [symbol]
            while stack:
                name = stack.pop()
                if name in seen:
                    continue
                seen.add(name)
                declaration = self.model.declarations.get(name)
                if declaration is not None and name not in self.world.fixed:
                    stack += [s for d in declaration.definitions for s in _definition_symbols(d)]
            found = self._reach[symbol] = frozenset(seen)
        return found


@contextmanager
def _safely() -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise Unsupported("a formula that is nested too deeply") from None
    except OverflowError:
        raise Undetermined("a number that is too large") from None


def _definition_symbols(definition: Definition) -> frozenset[str]:
    return definition.body.symbols | (definition.where.symbols if definition.where is not None else frozenset())


class Scene:
    """Evaluation under one reading of the entries: the root reads them from the world and the definitions; a
    child scene reads some symbols (`seeds`) in another way (as dual numbers, as random, as a variable)
    and leaves to its parent all that does not depend on them."""

    def __init__(self, evaluator: Evaluator, parent: Scene | None, seeds: frozenset[str]) -> None:
        self.evaluator = evaluator
        self.numbers = evaluator.numbers
        self.parent = parent
        self.seeds = seeds
        self.level: int = parent.level + 1 if parent is not None else 0
        self.memo: dict[Any, Any] = {}
        self.entries: dict[Place, Any] = {}
        self.children: dict[Any, Scene] = {}
        self._homes: dict[Any, Scene] = {}

    # -- where a term is evaluated

    def home(self, term: Term) -> Scene:
        """The outermost scene that reads the term as this one does."""
        found = self._homes.get(term)
        if found is None:
            found = self
            while found.parent is not None and not found._concerns(term.symbols):
                found = found.parent
            self._homes[term] = found
        return found

    def _concerns(self, symbols: frozenset[str]) -> bool:
        return any(not self.seeds.isdisjoint(self.evaluator.reach(s)) for s in symbols)

    def value(self, term: Term, env: Env) -> Any:
        evaluator = self.evaluator
        evaluator.nodes += 1
        kind = type(term)
        if kind in _CHEAP:
            return _RULES[kind](self, term, env)
        scene = self if self.parent is None else self.home(term)
        key = (term, *[env[i] for i in evaluator.free_of(term)])
        found = scene.memo.get(key, _BUSY)
        if found is _BUSY:
            rule = _RULES.get(kind)
            if rule is None:
                raise Unsupported(f"{kind.__name__} as a number")
            found = scene.memo[key] = rule(scene, term, env)
            if evaluator.nodes > evaluator.limit:
                raise Unsupported("an evaluation that takes too much work")
        return found

    def integer(self, term: Term, env: Env) -> int:
        if type(term) is Number:
            value = term.value
            if value.denominator == 1:
                return value.numerator
        if type(term) is Var:
            return env[term.index]
        value = self.value(term, env)
        return value if type(value) is int else self.numbers.whole(value)

    # -- entries

    def entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        place = (symbol, at)
        found = self.entries.get(place)
        if found is not None:
            if found is _BUSY:
                raise Undefined(f"{symbol}, which is defined by itself")
            return found
        if self.parent is not None:
            if self.seeds.isdisjoint(self.evaluator.reach(symbol)):
                return self.parent.entry(symbol, at)
            own = self.own_entry(symbol, at)
            if own is not None:
                self.entries[place] = own
                return own
        self.entries[place] = _BUSY
        try:
            found = self._compute(symbol, at)
        except BaseException:
            del self.entries[place]
            raise
        self.entries[place] = found
        return found

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        """How a child scene reads an entry; None: by its definition, as always."""
        return None

    def _compute(self, symbol: str, at: tuple[int, ...]) -> Any:
        world = self.evaluator.world
        declaration = self.evaluator.model.declarations.get(symbol)
        if declaration is None:
            if not at and symbol in world.dims:
                return world.dims[symbol]
            raise Unsupported(f"the name {symbol}, which nothing introduces")
        members = len(declaration.family)
        self._in_range(declaration, at)
        if symbol not in world.fixed:
            definition = self._definition(declaration, at)
            if definition is not None:
                return self.value(definition.body, dict(zip(definition.params, at, strict=True)))
        if self.parent is not None:
            return self.parent.entry(symbol, at)
        if not at and symbol in world.dims:
            return world.dims[symbol]
        self.evaluator.touched[(symbol, at)] = None
        value = world.block((symbol, at[:members]))[at[members:]]
        return value if self.evaluator.arithmetic.name == "balls" else self.numbers.to_float(value)

    def _definition(self, declaration: Declaration, at: tuple[int, ...]) -> Definition | None:
        """The first definition that holds at these indices."""
        for definition in declaration.definitions:
            if len(definition.params) != len(at):
                continue
            if definition.where is None:
                return definition if self._grounded(declaration, at) else None
            try:
                if self.condition(definition.where, dict(zip(definition.params, at, strict=True))):
                    return definition
            except Undefined:
                continue
        return None

    def _grounded(self, declaration: Declaration, at: tuple[int, ...]) -> bool:
        """A recurrence whose range is not stated stops at 0: there its values are free."""
        recurs = any(declaration.name in d.body.symbols for d in declaration.definitions)
        return not recurs or all(f.lower is not None or i > 0 for f, i in zip(declaration.family, at, strict=False))

    def _in_range(self, declaration: Declaration, at: tuple[int, ...]) -> None:
        members = len(declaration.family)
        shape = declaration.shape
        if len(at) != members + len(shape):
            raise Unsupported(f"{declaration.name} with {len(at)} indices")
        for family, i in zip(declaration.family, at, strict=False):
            env = {g.index: j for g, j in zip(declaration.family, at, strict=False)}
            if family.lower is not None and i < self.integer(family.lower, env):
                raise Undefined(f"{declaration.name} at index {i}")
            if family.upper is not None and i > self.integer(family.upper, env):
                raise Undefined(f"{declaration.name} at index {i}")
        for dim, i in zip(shape, at[members:], strict=True):
            if not 1 <= i <= self.size(dim):
                raise Undefined(f"{declaration.name} at entry {i}")

    def size(self, dim: Any) -> int:
        try:
            return dim.at(self.evaluator.world.dims)
        except KeyError as missing:
            raise Unsupported(f"the dimension {missing.args[0]}, which nothing introduces") from None

    # -- conditions

    def condition(self, term: Term, env: Env) -> bool:
        if isinstance(term, Compare):
            return self._compare(term.relation, self.value(term.left, env), self.value(term.right, env))
        if isinstance(term, Logic):
            return self._logic(term, env)
        if isinstance(term, Number):
            return term.value != 0
        raise Unsupported(f"{type(term).__name__} as a condition")

    def _compare(self, relation: str, left: Any, right: Any) -> bool:
        if type(left) is int and type(right) is int:
            return _INTEGER[relation](left, right)
        sign = self.numbers.sign(left - right)
        return _INTEGER[relation](sign, 0)

    def _logic(self, term: Logic, env: Env) -> bool:
        if term.op == "not":
            return not self.condition(term.args[0], env)
        stop = term.op == "or"
        doubt: NoValue | None = None
        for arg in term.args:
            try:
                if self.condition(arg, env) is stop:
                    return stop
            except NoValue as problem:
                doubt = problem
        if doubt is not None:
            raise doubt
        return not stop

    # -- parts used by several rules

    def matrix(self, rows: Index, cols: Index, body: Term, env: Env) -> matrices.Rows:
        inner = dict(env)
        out: matrices.Rows = []
        heights, widths = range(1, self.size(rows.dim) + 1), range(1, self.size(cols.dim) + 1)
        for i in heights:
            inner[rows] = i
            line = []
            for j in widths:
                inner[cols] = j
                line.append(self.value(body, inner))
            out.append(line)
        return out

    def span(self, lower: Term, upper: Term, env: Env) -> range:
        if isinstance(upper, Constant) or isinstance(lower, Constant):
            raise Unsupported("an infinite sum")
        first, last = self.integer(lower, env), self.integer(upper, env)
        if last - first >= _LONGEST:
            raise Unsupported("a sum with too many summands")
        return range(first, last + 1)


_INTEGER: dict[str, Callable[[int, int], bool]] = {
    "=": int.__eq__, "!=": int.__ne__, "<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__,
}


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
    return scene.entry(term.symbol, tuple([scene.integer(i, env) for i in term.indices]))


def _add(scene: Scene, term: Add, env: Env) -> Any:
    total: Any = 0
    for arg in term.args:
        total = total + scene.value(arg, env)
    return total


def _mul(scene: Scene, term: Mul, env: Env) -> Any:
    """A delta or an indicator that is 0 masks the rest of a product; `0 log 0 = 0`."""
    selectors = [a for a in term.args if isinstance(a, Delta | Cases)]
    known: dict[int, Any] = {}
    for arg in selectors:
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
            value = known[id(arg)] if id(arg) in known else scene.value(arg, env)
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
    return tidy(scene.numbers.power(scene.value(term.base, env), tidy(exponent)))


def _function(scene: Scene, term: Function, env: Env) -> Any:
    values = [scene.value(arg, env) for arg in term.args]
    rule = _BINARY.get(term.name)
    if rule is not None:
        return rule(scene, *values)
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
    from flint import arb

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


def _log_base(scene: Scene, base: Any, x: Any) -> Any:
    return scene.numbers.divide(scene.numbers.function("log", x), scene.numbers.function("log", base))


_BINARY: dict[str, Callable[..., Any]] = {
    "max2": lambda scene, x, y: _larger(scene, x, y, 1),
    "min2": lambda scene, x, y: _larger(scene, x, y, -1),
    "div": _div,
    "mod": _mod,
}


def _reduce(scene: Scene, term: Reduce, env: Env) -> Any:
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
    return whole if not out else whole[out[0] - 1][out[1] - 1]


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


def _derivative(scene: Scene, term: Derivative, env: Env) -> Any:
    def place(entry: Entry) -> Place:
        return entry.symbol, tuple([scene.integer(i, env) for i in entry.indices])

    wrt = place(term.wrt)
    declaration = scene.evaluator.model.declarations.get(term.wrt.symbol)
    if declaration is not None:
        scene._in_range(declaration, wrt[1])
    held = tuple(place(e) for e in term.held)
    at = tuple([scene.integer(i, env) for i in term.at])
    key = ("derivative", wrt, held, term.immediate, at)
    child = scene.children.get(key)
    if child is None:
        child = scene.children[key] = DualScene(scene, wrt, held, at if term.immediate else None)
    value = child.value(term.body, env)
    from derivcheck.worlds.layers import split

    return split(value, child.level)[1]


class DualScene(Scene):
    """Entries as dual numbers whose epsilon is one entry of one symbol: what is held stays constant; with
    `moment`, so do the members of families at another time."""

    def __init__(self, parent: Scene, wrt: Place, held: tuple[Place, ...], moment: tuple[int, ...] | None) -> None:
        super().__init__(parent.evaluator, parent, frozenset((wrt[0],)))
        self.wrt = wrt
        self.held = held
        self.moment = moment

    def own_entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        assert self.parent is not None
        if symbol == self.wrt[0] and at == self.wrt[1]:
            return dual(self.level, self.parent.entry(symbol, at), 1)
        if symbol == self.wrt[0] and self._same_member(symbol, at):
            return self.parent.entry(symbol, at)
        if self._is_held(symbol, at):
            return self.parent.entry(symbol, at)
        return None

    def _same_member(self, symbol: str, at: tuple[int, ...]) -> bool:
        """Another entry of the variable itself: the entries of one variable are independent."""
        declaration = self.evaluator.model.declarations.get(symbol)
        members = len(declaration.family) if declaration is not None else 0
        return at[:members] == self.wrt[1][:members]

    def _is_held(self, symbol: str, at: tuple[int, ...]) -> bool:
        if any(symbol == s and at[: len(where)] == where for s, where in self.held):
            return True
        if self.moment is None:
            return False
        declaration = self.evaluator.model.declarations.get(symbol)
        members = len(declaration.family) if declaration is not None else 0
        return members > 0 and at[: min(members, len(self.moment))] != self.moment[:members]


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
    raise Unsupported("a limit")


def _hole(scene: Scene, term: Hole, env: Env) -> Any:
    raise Unsupported(term.reason)


def _lambda(scene: Scene, term: Lambda, env: Env) -> Any:
    raise Unsupported("a whole tensor where a number is needed")


_RULES: dict[type[Term], Callable[[Scene, Any, Env], Any]] = {
    Number: _number, Constant: _constant, Size: _size, Var: _var, Entry: _entry, Add: _add, Mul: _mul, Power: _power,
    Function: _function, Reduce: _reduce, Compare: _as_number, Logic: _as_number, Cases: _cases, Delta: _delta,
    MatrixOp: _matrix_op, Fold: _fold, Derivative: _derivative, Apply: _apply, Expectation: _expectation,
    Integral: _integral, Limit: _limit, Hole: _hole, Lambda: _lambda,
}


def exact_or_none(value: Any) -> fmpq | int | None:
    """The value where it is a rational."""
    return tidy(value) if is_exact(value) else None
