"""Layered numbers over the plain ones: dual numbers (forward derivatives) and polynomials in random entries.

A layered number has a level; the one of the higher level treats every other as a constant. So derivatives nest
(a dual whose parts are duals of a lower level never confuses the two perturbations: Siskind and Pearlmutter,
"Nesting forward-mode AD in a functional framework"), and an expectation may stand inside a derivative or
around one. `Numbers` extends an arithmetic of plain numbers to them."""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from derivcheck.worlds.arithmetic import Arithmetic, Number, is_exact
from derivcheck.worlds.errors import Kink, Unsupported
from derivcheck.worlds.functions import row

Generator = tuple[str, tuple[int, ...]]
Monomial = tuple[tuple[Generator, int], ...]
Exponent = tuple[tuple[Generator, Any], ...]
Key = tuple[Monomial, Exponent]
UNIT: Key = ((), ())
_LONG = 4096  # bits of an exact number


class Layered:
    """Base of the layered numbers: `_plus` and `_times` of two of the same level."""

    __slots__ = ("level",)
    level: int

    def _lift(self, x: Number) -> Any:
        raise NotImplementedError

    def _plus(self, other: Any) -> Number:
        raise NotImplementedError

    def _times(self, other: Any) -> Number:
        raise NotImplementedError

    def _pair(self, other: Number) -> tuple[Any, Any]:
        """Both numbers at the higher of the two levels."""
        if isinstance(other, Layered):
            if other.level > self.level:
                return other._lift(self), other
            if other.level == self.level:
                return self, other
        return self, self._lift(other)

    def __add__(self, other: Number) -> Number:
        a, b = self._pair(other)
        return a._plus(b)

    def __mul__(self, other: Number) -> Number:
        a, b = self._pair(other)
        return a._times(b)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Number:
        return self * -1

    def __sub__(self, other: Number) -> Number:
        return self + (-1) * other

    def __rsub__(self, other: Number) -> Number:
        return (-1) * self + other


class Dual(Layered):
    """primal + tangent * epsilon, where epsilon^2 = 0."""

    __slots__ = ("primal", "tangent")

    def __init__(self, level: int, primal: Number, tangent: Number) -> None:
        self.level = level
        self.primal = primal
        self.tangent = tangent

    def _lift(self, x: Number) -> Dual:
        return Dual(self.level, x, 0)

    def _plus(self, other: Dual) -> Number:
        return dual(self.level, self.primal + other.primal, self.tangent + other.tangent)

    def _times(self, other: Dual) -> Number:
        slope = self.primal * other.tangent + self.tangent * other.primal
        return dual(self.level, self.primal * other.primal, slope)


def dual(level: int, primal: Number, tangent: Number) -> Number:
    """A dual number, plain where its tangent is exactly zero."""
    return primal if is_exact(tangent) and tangent == 0 else Dual(level, primal, tangent)


def split(x: Number, level: int) -> tuple[Number, Number]:
    """Primal and tangent of a number at that level."""
    return (x.primal, x.tangent) if isinstance(x, Dual) and x.level == level else (x, 0)


class Poly(Layered):
    """A sum of coefficient * monomial * e^(linear form) in random entries."""

    __slots__ = ("terms",)

    def __init__(self, level: int, terms: dict[Key, Number]) -> None:
        self.level = level
        self.terms = terms

    def _lift(self, x: Number) -> Poly:
        return Poly(self.level, {UNIT: x})

    def _plus(self, other: Poly) -> Number:
        total = dict(self.terms)
        for key, c in other.terms.items():
            total[key] = total[key] + c if key in total else c
        return poly(self.level, total)

    def _times(self, other: Poly) -> Number:
        total: dict[Key, Number] = {}
        for k1, c1 in self.terms.items():
            for k2, c2 in other.terms.items():
                key = (_merge(k1[0], k2[0]), _merge(k1[1], k2[1]))
                total[key] = total[key] + c1 * c2 if key in total else c1 * c2
        if len(total) > 20_000:
            raise Unsupported("a polynomial in random entries with too many terms")
        return poly(self.level, total)


def _merge(a: tuple[tuple[Generator, Any], ...], b: tuple[tuple[Generator, Any], ...]) -> Any:
    """The product of two monomials (the sum of two linear forms)."""
    if not a or not b:
        return a or b
    powers = dict(a)
    for generator, n in b:
        powers[generator] = powers.get(generator, 0) + n
    return tuple(sorted((g, n) for g, n in powers.items() if n != 0))


def poly(level: int, terms: dict[Key, Number]) -> Number:
    """A polynomial, plain where it is constant."""
    kept = {k: c for k, c in terms.items() if not (is_exact(c) and c == 0)}
    if not kept:
        return 0
    if len(kept) == 1 and UNIT in kept:
        return kept[UNIT]
    return Poly(level, kept)


def generator(level: int, name: Generator) -> Poly:
    """The random entry itself."""
    return Poly(level, {(((name, 1),), ()): 1})


def rounded(x: Number) -> Number:
    """A number with very many digits as a ball, so that iterated squares stay cheap; any other unchanged."""
    if type(x) is int:
        return arb(x) if x.bit_length() > _LONG else x
    if isinstance(x, fmpq):
        return arb(x) if x.height_bits() > _LONG else x
    if isinstance(x, Dual):
        return Dual(x.level, rounded(x.primal), rounded(x.tangent))
    return x


class Numbers:
    """An arithmetic of plain numbers, extended to layered ones."""

    def __init__(self, base: Arithmetic) -> None:
        self.base = base
        self.number = base.number
        self.constant = base.constant
        self.whole = base.whole
        self.to_float = base.to_float

    def is_zero(self, x: Number) -> bool:
        return not isinstance(x, Layered) and self.base.is_zero(x)

    def sign(self, x: Number) -> int:
        """Of the primal part; at a tie where a derivative is taken, the point is on a kink."""
        if isinstance(x, Dual):
            sign = self.sign(x.primal)
            if sign == 0:
                raise Kink("a derivative at a kink")
            return sign
        if isinstance(x, Poly):
            raise Unsupported("a comparison of random quantities")
        return self.base.sign(x)

    def divide(self, x: Number, y: Number) -> Number:
        return x * self.reciprocal(y) if isinstance(y, Layered) or isinstance(x, Layered) else self.base.divide(x, y)

    def reciprocal(self, y: Number) -> Number:
        if isinstance(y, Dual):
            inverse = self.reciprocal(y.primal)
            return dual(y.level, inverse, -1 * (inverse * inverse) * y.tangent)
        if isinstance(y, Poly):
            (mono, exps), c = next(iter(y.terms.items()))
            if len(y.terms) > 1 or mono:
                raise Unsupported("the expectation of a quotient by a random quantity")
            inverted: Exponent = tuple([(g, -n) for g, n in exps])
            return poly(y.level, {((), inverted): self.reciprocal(c)})
        return self.base.divide(1, y)

    def whole_power(self, base: Number, n: int) -> Number:
        if not isinstance(base, Layered):
            return self.base.whole_power(base, n)
        if n < 0:
            return self.whole_power(self.reciprocal(base), -n)
        if isinstance(base, Dual):
            slope = n * self.whole_power(base.primal, n - 1) * base.tangent if n else 0
            return dual(base.level, self.whole_power(base.primal, n), slope)
        if n > 64:
            raise Unsupported("a high power of a random quantity")
        result: Number = 1
        for _ in range(n):
            result = result * base
        return result

    def root_power(self, base: Number, exponent: fmpq) -> Number:
        if isinstance(base, Dual):
            inner = self.root_power(base.primal, exponent - 1)
            return dual(base.level, self.root_power(base.primal, exponent), exponent * inner * base.tangent)
        if isinstance(base, Poly):
            raise Unsupported("the expectation of a root of a random quantity")
        return self.base.root_power(base, exponent)

    def real_power(self, base: Number, exponent: Number) -> Number:
        if isinstance(base, Layered) or isinstance(exponent, Layered):
            return self.function("exp", exponent * self.function("log", base))
        return self.base.real_power(base, exponent)

    def power(self, base: Number, exponent: Number) -> Number:
        """base^exponent, by the kind of exponent: whole, rational, any."""
        if isinstance(exponent, int):
            return self.whole_power(base, exponent)
        if isinstance(exponent, fmpq):
            return self.whole_power(base, int(exponent.p)) if exponent.q == 1 else self.root_power(base, exponent)
        if isinstance(exponent, float) and exponent.is_integer() and abs(exponent) < 1e6:
            return self.whole_power(base, int(exponent))
        return self.real_power(base, exponent)

    def function(self, name: str, x: Number) -> Number:
        if isinstance(x, Dual):
            entry = row(name)
            if entry.kinks is not None and entry.kinks(self.sign, x.primal):
                raise Kink("a derivative at a kink")
            value = self.function(name, x.primal)
            if entry.slope is None:
                if name in ("digamma", "factorial"):
                    raise Unsupported(f"the derivative of {name}")
                return value
            return dual(x.level, value, entry.slope(self.function, x.primal) * x.tangent)
        if isinstance(x, Poly):
            return self._function_of_poly(name, x)
        return self.base.function(name, x)

    def _function_of_poly(self, name: str, x: Poly) -> Number:
        """e^x of an affine x; all else has no closed expectation here."""
        linear: list[tuple[Generator, Any]] = []
        constant: Number = 0
        for (mono, exps), c in x.terms.items():
            if not mono and not exps:
                constant = c
            elif exps or len(mono) != 1 or mono[0][1] != 1 or not is_exact(c):
                linear = []
                break
            else:
                linear += [(g, c) for g, _ in mono]
        if name != "exp" or not linear:
            raise Unsupported(f"the expectation of {name} of a random quantity")
        return poly(x.level, {((), tuple(sorted(linear))): self.function("exp", constant)})
