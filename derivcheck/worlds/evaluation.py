"""The lazy evaluator: the number that a term is in a world.

`Evaluator(model, world).value(term, env)` walks the term once for each combination of its free indices that is
asked for. Definitions are unfolded only where an entry is used, at concrete indices, so recurrences end by
themselves; branches not taken are never looked at. How entries are read is in scenes.py, the rules for the nodes in
rules.py, derivatives in duals.py, expectations and integrals in files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derivcheck.terms.differentiate import law_terms
from derivcheck.terms.model import Definition, Model
from derivcheck.terms.node import Index, Term
from derivcheck.worlds.arithmetic import Arithmetic, Balls
from derivcheck.worlds.errors import NoValue, Undetermined, Unsupported
from derivcheck.worlds.layers import Numbers
from derivcheck.worlds.rules import RULES
from derivcheck.worlds.scenes import Place, Scene
from derivcheck.worlds.world import World


class Evaluator:
    """Evaluates terms in one world by one arithmetic. Free entries used are recorded in `touched`; `nodes` counts
    the work done, which ends at `limit`; `ties` the conditions on real quantities that were met at equality,
    `customs` the values at a jump that are a matter of custom (the sign of 0), which are ties too;
    `unfolding`: how many definitions deep; `bases`: members where a recurrence of unstated range begins."""

    def __init__(
        self, model: Model, world: World, arithmetic: Arithmetic | None = None, limit: int = 2_000_000
    ) -> None:
        self.model = model
        self.world = world
        self.arithmetic = arithmetic or Balls()
        self.numbers = Numbers(self.arithmetic)
        self.limit = limit
        self.rules = RULES  # a tracer (bulk/) has rules of its own
        self.touched: dict[Place, None] = {}
        self.nodes = 0
        self.ties = 0
        self.customs = 0
        self.unfolding = 0
        self.bases: set[Place] = set()
        self._orders: dict[Term, tuple[Index, ...]] = {}
        self._constants: dict[Term, Any] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self._by_laws: dict[str, frozenset[str]] = {}
        self.root = Scene(self, None, frozenset())

    def value(self, term: Term, env: Mapping[Index, int] | None = None) -> Any:
        """The number that `term` is where its free indices have the values in `env`. Raises NoValue."""
        with self.arithmetic.active():
            try:
                return self.root.value(term, {**env} if env else {})
            except (RecursionError, OverflowError) as problem:
                raise _no_value(problem) from None

    def holds(self, condition: Term, env: Mapping[Index, int] | None = None) -> bool:
        """Whether a condition holds, certainly."""
        with self.arithmetic.active():
            try:
                return self.root.condition(condition, {**env} if env else {})
            except (RecursionError, OverflowError) as problem:
                raise _no_value(problem) from None

    def free_of(self, term: Term) -> tuple[Index, ...]:
        order = self._orders.get(term)
        if order is None:
            order = self._orders[term] = tuple(term.free)
        return order

    def reach_by_laws(self, symbol: str) -> frozenset[str]:
        """The symbol and all that its definitions and its law are computed from: an expectation depends on the
        parameters of the laws that it is taken over."""
        found = self._by_laws.get(symbol)
        if found is None:
            seen = set(self.reach(symbol))
            waiting = list(seen)
            while waiting:
                declaration = self.model.declarations.get(waiting.pop())
                law = declaration.law if declaration is not None else None
                for term in law_terms(law) if law is not None else ():
                    more = {r for s in term.symbols for r in self.reach(s)} - seen
                    seen |= more
                    waiting += more
            found = self._by_laws[symbol] = frozenset(seen)
        return found

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


def _no_value(problem: RecursionError | OverflowError) -> NoValue:
    if isinstance(problem, RecursionError):
        return Unsupported("a formula that is nested too deeply")
    return Undetermined("a number that is too large")


def _definition_symbols(definition: Definition) -> frozenset[str]:
    return definition.body.symbols | (definition.where.symbols if definition.where is not None else frozenset())
