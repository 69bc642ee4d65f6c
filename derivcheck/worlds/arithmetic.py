"""What a number is. `Balls`: exact as long as everything is rational (Python's int, flint's fmpq), a ball
(flint's arb) as soon as something is not; a ball always encloses the true value. `Floats`: for screening and
for steering a search, never for a verdict.

Sums and products use Python's operators; everything else goes through the methods here, so that layered
numbers (dual numbers, polynomials: layers.py) can take part."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import flint
from flint import arb, fmpq, fmpz

from derivcheck.worlds.errors import LogOfZero, Undefined, Undetermined, Unsupported

Number = Any  # int | fmpq | arb | float | a layered number

_MAX_BITS = 200_000  # of one exact number
_EXACT = (int, fmpq)
_RELATIONS = {"=", "!=", "<", "<=", ">", ">="}


class precision:
    """`with precision(bits)`: balls made inside have midpoints of that many bits. (A class, as it is entered for each
    value: a generator takes five times as long.)"""

    __slots__ = ("before", "bits")

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        self.before: int = flint.ctx.prec
        if self.before != self.bits:
            flint.ctx.prec = self.bits

    def __exit__(self, *raised: object) -> None:
        if self.before != self.bits:
            flint.ctx.prec = self.before


def is_exact(x: Number) -> bool:
    return isinstance(x, _EXACT)


def tidy(x: Number) -> Number:
    """A rational that is whole as an int: index computations stay fast."""
    if type(x) is fmpq and x.q == 1:
        return int(x.p)
    return x


class Balls:
    """Exact rationals, else balls of `bits` bits. Evaluation happens inside `precision(bits)`."""

    name = "balls"

    def __init__(self, bits: int = 64) -> None:
        self.bits = bits

    def active(self) -> Any:
        return precision(self.bits)

    def number(self, value: Fraction) -> Number:
        return value.numerator if value.denominator == 1 else fmpq(value.numerator, value.denominator)

    def constant(self, name: str) -> Number:
        if name == "pi":
            return arb.pi()
        if name == "e":
            return arb.const_e()
        raise Unsupported(f"the constant {name} as a number")

    def whole(self, x: Number) -> int:
        """The integer that x is."""
        x = tidy(x)
        if isinstance(x, int):
            return x
        if isinstance(x, arb):
            unique = x.unique_fmpz()
            if unique is not None and x.is_exact():
                return int(unique)
        raise Unsupported("an index that is not a whole number")

    def is_zero(self, x: Number) -> bool:
        """Whether x is certainly and exactly 0."""
        return bool(x == 0) if is_exact(x) else x.is_zero()

    def sign(self, x: Number) -> int:
        """-1, 0 or 1, certain; Undetermined where the ball straddles 0."""
        if is_exact(x):
            return (x > 0) - (x < 0)
        if x > 0:
            return 1
        if x < 0:
            return -1
        if x.is_zero():
            return 0
        raise Undetermined("a comparison that this precision does not settle")

    def divide(self, x: Number, y: Number) -> Number:
        if is_exact(y):
            if y == 0:
                raise Undefined("a division by zero")
            if isinstance(x, int) and isinstance(y, int):
                return tidy(fmpq(x, y))
            return x / (fmpq(y) if isinstance(y, int) else y)
        if y.contains(0):
            raise Undefined("a division by zero") if y.is_zero() else Undetermined("a divisor that may be zero")
        return (arb(x) if isinstance(x, int) else x) / y

    def whole_power(self, base: Number, n: int) -> Number:
        if n < 0:
            return self.divide(1, self.whole_power(base, -n))
        if n > 1 and is_exact(base) and base not in (0, 1, -1) and n * _size_bits(base) > _MAX_BITS:
            raise Unsupported("a number with too many digits")
        return base**n

    def root_power(self, base: Number, exponent: fmpq) -> Number:
        """base^(p/q) of a nonnegative base; exact where it is rational."""
        if self.sign_of_base(base) == 0:
            if exponent < 0:
                raise Undefined("a division by zero")
            return 0
        p, q = int(exponent.p), int(exponent.q)
        if is_exact(base):
            root = _exact_root(base, q)
            if root is not None:
                return self.whole_power(root, p)
        ball = arb(base)
        return self.whole_power(ball.sqrt() if q == 2 else ball.root(q), p)

    def sign_of_base(self, base: Number) -> int:
        """0 or 1 for the base of a root."""
        if not is_exact(base) and not base.is_zero() and base.contains(0):
            raise Undetermined("a root of a number that may be zero")
        if base < 0:
            raise Undefined("a root of a negative number")
        return 0 if base == 0 else 1

    def real_power(self, base: Number, exponent: Number) -> Number:
        """base^exponent = exp(exponent log base) of a positive base."""
        if self.sign_of_base(base) == 0:
            if self.sign(exponent) <= 0:
                raise Undefined("0 to a power that is not positive")
            return 0
        return (arb(exponent) * arb(base).log()).exp()

    def function(self, name: str, x: Number) -> Number:
        from derivcheck.worlds.functions import row

        entry = row(name)
        if is_exact(x):
            exact = entry.exact(x)
            if exact is not None:
                return exact
            x = arb(x)
        value = entry.ball(x)
        if not value.is_finite():
            raise Undetermined(f"{name} where its ball is too wide") if _wide(x) else Undefined(f"{name} at this point")
        return value

    def to_float(self, x: Number) -> float:
        if isinstance(x, fmpq):
            return int(x.p) / int(x.q)
        return float(x)


class Floats:
    """IEEE doubles: fast and unsound."""

    name = "floats"

    def active(self) -> Any:
        return precision(53)

    def number(self, value: Fraction) -> Number:
        return value.numerator if value.denominator == 1 else value.numerator / value.denominator

    def constant(self, name: str) -> Number:
        if name in ("pi", "e"):
            return getattr(math, name)
        raise Unsupported(f"the constant {name} as a number")

    def whole(self, x: Number) -> int:
        if isinstance(x, int):
            return x
        if isinstance(x, float) and x == int(x):
            return int(x)
        raise Unsupported("an index that is not a whole number")

    def is_zero(self, x: Number) -> bool:
        return bool(x == 0)

    def sign(self, x: Number) -> int:
        return (x > 0) - (x < 0)

    def divide(self, x: Number, y: Number) -> Number:
        if y == 0:
            raise Undefined("a division by zero")
        return x / y

    def whole_power(self, base: Number, n: int) -> Number:
        if n < 0:
            return self.divide(1.0, self.whole_power(base, -n))
        return float(base) ** n if n > 64 else base**n

    def root_power(self, base: Number, exponent: fmpq) -> Number:
        return self.real_power(base, int(exponent.p) / int(exponent.q))

    def sign_of_base(self, base: Number) -> int:
        if base < 0:
            raise Undefined("a root of a negative number")
        return 0 if base == 0 else 1

    def real_power(self, base: Number, exponent: Number) -> Number:
        if self.sign_of_base(base) == 0:
            if exponent <= 0:
                raise Undefined("0 to a power that is not positive")
            return 0.0
        return float(base) ** float(exponent)

    def function(self, name: str, x: Number) -> Number:
        from derivcheck.worlds.functions import row

        entry = row(name)
        try:
            return entry.real(float(x))
        except (ValueError, OverflowError) as problem:
            if name == "log" and x == 0:
                raise LogOfZero("log 0") from problem
            raise Undefined(f"{name} at this point") from problem

    def to_float(self, x: Number) -> float:
        return float(x)


Arithmetic = Balls | Floats


def compare(arithmetic: Arithmetic, relation: str, left: Number, right: Number) -> bool:
    """Whether `left relation right`, certainly; Undetermined where the balls overlap."""
    assert relation in _RELATIONS
    sign = arithmetic.sign(left - right)
    return {
        "=": sign == 0, "!=": sign != 0, "<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0,
    }[relation]


def _size_bits(x: int | fmpq) -> int:
    return x.bit_length() if isinstance(x, int) else int(x.height_bits())


def _exact_root(x: int | fmpq, q: int) -> Number | None:
    """The exact q-th root of a positive rational, if it is rational."""
    top, bottom = (fmpz(x), fmpz(1)) if isinstance(x, int) else (x.p, x.q)
    roots = []
    for part in (top, bottom):
        root = part.root(q)
        if root**q != part:
            return None
        roots.append(root)
    return tidy(fmpq(roots[0], roots[1]))


def _wide(x: Number) -> bool:
    return isinstance(x, arb) and not x.is_exact()
