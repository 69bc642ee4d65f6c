"""Numbers modulo a large prime that know the degree of what they stand for.

Free entries are random residues; a function of a scalar is an unknown of its own for each argument (equal arguments,
equal value), so what is equal here is equal as rational functions of the entries and of those unknowns, unless the
draw was unlucky: with chance at most degree / prime (Schwartz 1980, Zippel 1979). exp is known to turn sums into
products and negatives into inverses; the hyperbolic functions are written by it. Roots are unknowns too."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from flint import fmpq

from derivcheck.worlds.arithmetic import Balls, is_exact, precision
from derivcheck.worlds.errors import Undefined, Undetermined, Unsupported
from derivcheck.worlds.layers import Layered

PRIME = 2**127 - 1
_ODD = frozenset({"sin", "tan", "atan", "asin", "erf", "sign"})
_EVEN = frozenset({"cos", "abs"})
_KNOWN = frozenset({"exp", "log", "tanh", "sinh", "cosh", "acos", "atanh", "lgamma", "gamma", "digamma", *_ODD, *_EVEN})


class Residue(Layered):
    """`value` modulo PRIME of a rational function whose numerator and denominator have at most these degrees."""

    __slots__ = ("bottom", "top", "value")

    def __init__(self, value: int, top: int = 0, bottom: int = 0) -> None:
        self.level = -1
        self.value = value % PRIME
        self.top = top
        self.bottom = bottom

    def _lift(self, x: Any) -> Residue:
        return lifted(x)

    def _plus(self, other: Residue) -> Residue:
        if self.bottom == 0 == other.bottom:
            return Residue(self.value + other.value, max(self.top, other.top))
        top = max(self.top + other.bottom, other.top + self.bottom)
        return Residue(self.value + other.value, top, self.bottom + other.bottom)

    def _times(self, other: Residue) -> Residue:
        return Residue(self.value * other.value, self.top + other.top, self.bottom + other.bottom)

    @property
    def nonzero(self) -> bool:
        """Certainly not zero, as a number and as a function."""
        return self.value != 0

    def inverse(self) -> Residue:
        if self.value == 0:
            raise Undefined("a division by zero")
        return Residue(pow(self.value, -1, PRIME), self.bottom, self.top)

    def __pow__(self, n: int) -> Residue:
        if n < 0:
            return self.inverse() ** -n
        return Residue(pow(self.value, n, PRIME), self.top * n, self.bottom * n)


def lifted(x: Any) -> Residue:
    if isinstance(x, Residue):
        return x
    if isinstance(x, int):
        return Residue(x)
    if isinstance(x, fmpq):
        return Residue(int(x.p) * pow(int(x.q), -1, PRIME))
    raise Unsupported("a number that is no residue")


class Residues:
    """The arithmetic, for one draw. `degree`: the greatest met where two arguments were told apart; `pairs`: how
    many such comparisons there were. Both go into the bound."""

    name = "residues"

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)
        self.atoms: dict[tuple[Any, ...], Residue] = {}
        self.exponentials: dict[int, Residue] = {}
        self.degree = 0
        self.pairs = 0
        self._exact = Balls()

    def active(self) -> Any:
        return precision(64)

    def fresh(self) -> Residue:
        return Residue(self.rng.randrange(1, PRIME), 1)

    def number(self, value: Fraction) -> Any:
        return self._exact.number(value)

    def constant(self, name: str) -> Any:
        if name == "e":
            return self.function("exp", 1)
        if name != "pi":
            raise Unsupported(f"the constant {name} as a number")
        return self._atom(("constant", name), 0)

    def whole(self, x: Any) -> int:
        return self._exact.whole(x) if is_exact(x) else self._refuse("an index that is not a whole number")

    def is_zero(self, x: Any) -> bool:
        return is_exact(x) and x == 0

    def sign(self, x: Any) -> int:
        return self._exact.sign(x) if is_exact(x) else self._refuse("a comparison of residues")

    sign_of_base = sign

    def divide(self, x: Any, y: Any) -> Any:
        if is_exact(x) and is_exact(y):
            return self._exact.divide(x, y)
        return lifted(x) * lifted(y).inverse()

    def whole_power(self, base: Any, n: int) -> Any:
        return self._exact.whole_power(base, n) if is_exact(base) else base**n

    def root_power(self, base: Any, exponent: fmpq) -> Any:
        root = self._atom(("root", int(exponent.q), lifted(base).value), lifted(base).top + lifted(base).bottom)
        return root ** int(exponent.p)

    def real_power(self, base: Any, exponent: Any) -> Any:
        return self.function("exp", lifted(exponent) * self.function("log", base))

    def function(self, name: str, x: Any) -> Any:
        if name not in _KNOWN:
            raise Unsupported(f"{name} of a residue")
        if is_exact(x) and x == 0 and name in ("exp", "tanh", "sinh", "cosh", "sin", "cos", "abs", "atan"):
            return int(name in ("exp", "cosh", "cos"))
        x = lifted(x)
        if name == "exp":
            return self._exp(x)
        if name in ("tanh", "sinh", "cosh"):
            e, inverse = self._exp(x), self._exp(x).inverse()
            odd, even = e + inverse * -1, e + inverse
            if name == "tanh":
                return odd * even.inverse()
            return (odd if name == "sinh" else even) * lifted(fmpq(1, 2))
        turned = x.value > PRIME // 2
        if turned and name in _ODD:
            return self._atom((name, PRIME - x.value), x.top + x.bottom) * -1
        return self._atom((name, PRIME - x.value if turned and name in _EVEN else x.value), x.top + x.bottom)

    def _exp(self, x: Residue) -> Residue:
        """By those of arguments met before, where this one is their negative, double, sum or difference."""
        known = self.exponentials
        if x.value in known:
            return known[x.value]
        for value, e in list(known.items()):
            rest = (x.value - value) % PRIME
            found = e * known[rest] if rest in known else None
            if x.value == -value % PRIME:
                found = e.inverse()
            if found is not None:
                known[x.value] = found
                return found
        self._count(x.top + x.bottom, len(known) * (len(known) + 1))
        known[x.value] = self.fresh()
        return known[x.value]

    def _atom(self, key: tuple[Any, ...], degree: int) -> Residue:
        if key not in self.atoms:
            self._count(degree, len(self.atoms))
            self.atoms[key] = self.fresh()
        return self.atoms[key]

    def _count(self, degree: int, pairs: int) -> None:
        self.degree = max(self.degree, degree)
        self.pairs += pairs

    def to_float(self, x: Any) -> Any:
        return x  # world values stay what they are

    def _refuse(self, why: str) -> Any:
        raise Undetermined(why)
