"""Scenes: how entries are read while a term is evaluated, what was evaluated already, and the conditions, matrices
and ranges that the rules for the nodes (rules.py) ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from derivcheck.terms.model import Declaration, Definition
from derivcheck.terms.node import Compare, Constant, Index, Logic, Number, Term, Var
from derivcheck.worlds import matrices
from derivcheck.worlds.errors import NoValue, Undefined, Unsupported
from derivcheck.worlds.layers import rounded
from derivcheck.worlds.rules import CHEAP

if TYPE_CHECKING:
    from derivcheck.worlds.evaluation import Evaluator

Env = dict[Index, int]
Place = tuple[str, tuple[int, ...]]
_BUSY = object()
_LONGEST = 20_000  # values of one bound index

_INTEGER: dict[str, Callable[[int, int], bool]] = {
    "=": int.__eq__, "!=": int.__ne__, "<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__,
}


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
        self.cost = 1 if self.level <= 2 else 3**self.level  # one product of nested duals is three of those within
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
        return any(not self.seeds.isdisjoint(self.evaluator.reach_by_laws(s)) for s in symbols)

    def value(self, term: Term, env: Env) -> Any:
        evaluator = self.evaluator
        evaluator.nodes += self.cost
        if self.cost > 1 and evaluator.nodes > evaluator.limit:
            raise Unsupported("an evaluation that takes too much work")
        kind = type(term)
        if kind in CHEAP:
            return evaluator.rules[kind](self, term, env)
        scene = self if self.parent is None else self.home(term)
        key = (term, *[env[i] for i in evaluator.free_of(term)])
        found = scene.memo.get(key, _BUSY)
        if found is _BUSY:
            rule = evaluator.rules.get(kind)
            if rule is None:
                raise Unsupported(f"{kind.__name__} as a number")
            found = scene.memo[key] = rounded(rule(scene, term, env))
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
        evaluator = self.evaluator
        if evaluator.bases and place in evaluator.bases and not evaluator.unfolding:
            raise Undefined(f"{symbol} before its recurrence begins")
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
        self.entries[place] = found = rounded(found)
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
                self.evaluator.unfolding += 1
                try:
                    return self.value(definition.body, dict(zip(definition.params, at, strict=True)))
                finally:
                    self.evaluator.unfolding -= 1
            if self._is_base(declaration):
                self.evaluator.bases.add((symbol, at))
                if not self.evaluator.unfolding:
                    raise Undefined(f"{symbol} before its recurrence begins")
        if self.parent is not None:
            return self.parent.entry(symbol, at)
        if not at and symbol in world.dims:
            return world.dims[symbol]
        self.evaluator.touched[(symbol, at)] = None
        value = world.block((symbol, at[:members]))[at[members:]]
        return value if self.evaluator.arithmetic.name != "floats" else self.numbers.to_float(value)

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

    def _is_base(self, declaration: Declaration) -> bool:
        """Whether a member without a definition is one where a recurrence of unstated range begins: a value that the
        recurrence may use, but of which a claim says nothing."""
        return bool(declaration.definitions) and any(f.lower is None for f in declaration.family)

    def _in_range(self, declaration: Declaration, at: tuple[int, ...]) -> None:
        members = len(declaration.family)
        shape = declaration.shape
        if len(at) != members + len(shape):
            raise Unsupported(f"{declaration.name} with {len(at)} indices")
        env = {g.index: j for g, j in zip(declaration.family, at, strict=False)} if members else {}
        for family, i in zip(declaration.family, at, strict=False):
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
            sign = self._difference(self.value(term.left, env), self.value(term.right, env))
            if sign == 0 and self._is_real(term):
                self.evaluator.ties += 1
            return _INTEGER[term.relation](sign, 0)
        if isinstance(term, Logic):
            return self._logic(term, env)
        if isinstance(term, Number):
            return term.value != 0
        raise Unsupported(f"{type(term).__name__} as a condition")

    def _difference(self, left: Any, right: Any) -> int:
        """The sign of left - right."""
        if type(left) is int and type(right) is int:
            return (left > right) - (left < right)
        return self.numbers.sign(left - right)

    def _is_real(self, condition: Compare) -> bool:
        """Whether a condition compares quantities that vary continuously."""
        declarations = self.evaluator.model.declarations
        return any(
            name not in declarations or declarations[name].domain.kind in ("real", "simplex")
            for name in condition.symbols
        )

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
