"""Derivatives as forward automatic differentiation through the definitions of a model (Griewank and Walther,
"Evaluating Derivatives", ch. 3): independent of the symbolic differentiation that the prover uses."""

from __future__ import annotations

from typing import Any

from derivcheck.terms.unfold import states
from derivcheck.worlds.layers import dual
from derivcheck.worlds.scenes import Place, Scene


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
        if self.moment is None or not self._is_timed(symbol):
            return False
        members = len(self.evaluator.model.declarations[symbol].family)
        return at[: min(members, len(self.moment))] != self.moment[:members]

    def _is_timed(self, symbol: str) -> bool:
        """Whether the symbol is a family that carries a state."""
        return symbol in states(self.evaluator.model)
