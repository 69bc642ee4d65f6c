"""How fast a term grows or decays as its variable tends to infinity, by certified bounds: sums of
`c s^a exp(sum of b s^p)` above, one of them below, for every s from `start` on.

The variable v is s itself, or `e^{-s}` for a variable that tends to 0 from above (`small`). With such bounds the tails
of infinite sums and of integrals over unbounded ranges are enclosed, and limits that are 0 are seen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import arb, fmpq

from derivcheck.record import dataclass
from derivcheck.terms.node import Add, Cases, Constant, Function, Mul, Number, Power, Term, Var

Poly = dict[Fraction, arb]
_MOST = 64
"""Summands of a bound."""
_LARGEST_POWER = 24
_BOUNDED = {"sin": 1, "cos": 1, "tanh": 1, "erf": 1, "sign": 1, "atan": 2}


@dataclass(frozen=True, slots=True)
class Bound:
    """`c s^a exp(sum of b s^p over the pairs (p, b) of exps)`, c > 0."""

    c: arb
    a: Fraction = Fraction(0)
    exps: tuple[tuple[Fraction, arb], ...] = ()

    def __mul__(self, other: Bound) -> Bound:
        exps = dict(self.exps)
        for p, b in other.exps:
            exps[p] = exps[p] + b if p in exps else b
        return Bound(self.c * other.c, self.a + other.a, tuple(sorted(exps.items())))

    def raised(self, n: Fraction) -> Bound:
        m = ball(n)
        return Bound(self.c if n == 1 else self.c**m, self.a * n, tuple((p, b * m) for p, b in self.exps))


def ball(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


class Unbounded(Exception):
    """No bound of the known kinds was found."""


class Growth:
    """Bounds for terms in one variable (an Entry without indices, or the Var of a bound index). `constant` gives the
    value of a term in which the variable does not occur; `occurs` says whether it does."""

    def __init__(
        self, variable: Term, start: int, constant: Callable[[Term], arb], occurs: Callable[[Term], bool],
        small: bool = False,
    ) -> None:
        self.variable = variable
        self.start = arb(start)
        self.constant = constant
        self.occurs = occurs
        self.small = small
        self.integer = isinstance(variable, Var)

    # -- the variable

    def power(self, k: Fraction) -> Bound:
        """v^k."""
        return Bound(arb(1), Fraction(0), ((Fraction(1), -ball(k)),)) if self.small else Bound(arb(1), k)

    def at_start(self, k: Fraction) -> arb:
        """The greatest v^k where it does not grow."""
        return (-self.start * ball(k)).exp() if self.small else self.start ** ball(k)

    def fades(self, k: Fraction) -> bool:
        return k > 0 if self.small else k < 0

    # -- polynomials with powers that need not be whole

    def poly(self, term: Term) -> Poly | None:
        if not self.occurs(term):
            return {Fraction(0): self.constant(term)}
        if term is self.variable:
            return {Fraction(1): arb(1)}
        match term:
            case Add(args):
                parts = [self.poly(a) for a in args]
                return None if any(p is None for p in parts) else _poly_sum([p for p in parts if p is not None])
            case Mul(args):
                found: Poly | None = {Fraction(0): arb(1)}
                for a in args:
                    factor = self.poly(a)
                    if factor is None or found is None:
                        return None
                    found = _poly_product(found, factor)
                return found
            case Power(base, Number(n)):
                return self._poly_power(self.poly(base), n)
            case Function("abs", (inner,)):
                p = self.poly(inner)
                return None if p is None or len(p) != 1 else {k: abs(c) for k, c in p.items()}
        return None

    def _poly_power(self, base: Poly | None, n: Fraction) -> Poly | None:
        if base is None:
            return None
        if len(base) == 1:
            ((k, c),) = base.items()
            if n.denominator == 1 or c > 0:
                return {k * n: c ** ball(n) if c > 0 else (c ** int(n) if n >= 0 else 1 / c ** int(-n))}
        if n.denominator != 1 or not 0 <= n <= _LARGEST_POWER:
            return None
        found: Poly = {Fraction(0): arb(1)}
        for _ in range(int(n)):
            found = _poly_product(found, base)
        return found

    # -- signs

    def nonnegative(self, term: Term) -> bool:
        if not self.occurs(term):
            return bool(self.constant(term) >= 0)
        if term is self.variable:
            return True
        match term:
            case Add(args) | Mul(args):
                if all(self.nonnegative(a) for a in args):
                    return True
            case Power(base, Number(n)):
                return (n.denominator == 1 and n.numerator % 2 == 0) or self.nonnegative(base)
            case Power(base, _):
                return isinstance(base, Constant) or self.nonnegative(base)
            case Function("exp" | "abs" | "cosh", _):
                return True
            case Function("gamma", (inner,)):
                return self.nonnegative(inner)
        p = self.poly(term)
        return p is not None and all(c >= 0 for c in p.values())

    # -- from above

    def above(self, term: Term) -> list[Bound]:
        """Bounds whose sum is at least |term|. Raises Unbounded."""
        if not self.occurs(term):
            value = abs(self.constant(term))
            return [] if value.is_zero() else [Bound(arb(value.upper()))]
        p = self.poly(term)
        if p is not None:
            return [Bound(arb(abs(c).upper())) * self.power(k) for k, c in p.items() if not c.is_zero()]
        match term:
            case Add(args):
                return _few([b for a in args for b in self.above(a)])
            case Mul(args):
                found = [Bound(arb(1))]
                for a in args:
                    factor = self.above(a)
                    found = _few([x * y for x in found for y in factor])
                return found
            case Power(base, exponent):
                return self._power_above(base, exponent)
            case Function("exp", (inner,)):
                return [self._exponential(inner, True)]
            case Function("log", (inner,)):
                return self._log_above(inner)
            case Function("abs", (inner,)):
                return self.above(inner)
            case Function("max2" | "min2", args):
                return _few([b for a in args for b in self.above(a)])
            case Function("sinh" | "cosh", (inner,)):
                return [self._exponential(inner, True), self._exponential(Mul((Number(Fraction(-1)), inner)), True)]
            case Function(name, _) if name in _BOUNDED:
                return [Bound(arb(_BOUNDED[name]))]
            case Cases(branches, otherwise):
                values = [v for _, v in branches] + ([otherwise] if otherwise is not None else [])
                return _few([b for v in values for b in self.above(v)])
        raise Unbounded

    def _power_above(self, base: Term, exponent: Term) -> list[Bound]:
        if self.occurs(exponent):
            if self.occurs(base):
                raise Unbounded
            return [self._exponential_of(self.constant(base), exponent, True)]
        if not isinstance(exponent, Number):
            n = self.constant(exponent)
            p = self.poly(base)
            if self.small or p is None or list(p.values()) != [1] or not n.is_exact():
                raise Unbounded
            return [self.power(next(iter(p)) * _fraction(n))]
        n = exponent.value
        if n < 0:
            return [self.below(base).raised(n)]
        inner = self.above(base)
        if n.denominator == 1:
            if n > _LARGEST_POWER:
                raise Unbounded
            found = [Bound(arb(1))]
            for _ in range(int(n)):
                found = _few([x * y for x in found for y in inner])
            return found
        scale = ball(Fraction(len(inner))) ** ball(max(n - 1, Fraction(0)))
        return [Bound(scale) * b.raised(n) for b in inner]

    def _log_above(self, inner: Term) -> list[Bound]:
        """|log g|: of a power of the variable by its own logarithm, of 1 + u (u >= 0) at most u."""
        p = self.poly(inner)
        if p is not None:
            k, c, _ = self._leading(p)
            if not c > 0:
                raise Unbounded
            own = Bound(arb(1), Fraction(1)) if self.small else Bound(arb(4), Fraction(1, 4))  # log s <= 4 s^(1/4)
            return [Bound(abs(c.log()) + 1), Bound(ball(abs(k)) + arb(1) / 1000) * own]
        if isinstance(inner, Add):
            rest = [a for a in inner.args if a != Number(Fraction(1))]
            if len(rest) == len(inner.args) - 1 and all(self.nonnegative(a) for a in rest):
                return _few([b for a in rest for b in self.above(a)])
        raise Unbounded

    # -- from below

    def below(self, term: Term) -> Bound:
        """A bound that |term| is never under. Raises Unbounded."""
        if not self.occurs(term):
            value = abs(self.constant(term))
            if not value > 0:
                raise Unbounded
            return Bound(arb(value.lower()))
        p = self.poly(term)
        if p is not None:
            k, c, loss = self._leading(p)
            return Bound(arb((abs(c) * loss).lower())) * self.power(k)
        match term:
            case Mul(args):
                found = Bound(arb(1))
                for a in args:
                    found = found * self.below(a)
                return found
            case Power(base, Number(n)):
                if n >= 0:
                    return self.below(base).raised(n)
                (upper,) = _single(self.above(base))
                return upper.raised(n)
            case Power(base, exponent) if not self.occurs(base):
                return self._exponential_of(self.constant(base), exponent, False)
            case Function("exp", (inner,)):
                return self._exponential(inner, False)
            case Function("abs", (inner,)):
                return self.below(inner)
            case Function("gamma", (inner,)):
                return self._gamma_below(inner)
            case Add(args) if all(self.nonnegative(a) for a in args):
                return max((b for a in args if (b := self._try_below(a)) is not None), key=_rank)
        raise Unbounded

    def _try_below(self, term: Term) -> Bound | None:
        try:
            return self.below(term)
        except Unbounded:
            return None

    def _leading(self, p: Poly) -> tuple[Fraction, arb, arb]:
        """The power that outweighs the others, its coefficient, and the part of it that is left at least."""
        k = (min if self.small else max)(p)
        c = p[k]
        if c.contains(0):
            raise Unbounded
        loss = arb(1)
        for other, d in p.items():
            if other != k:
                loss = loss - abs(d / c) * self.at_start(other - k)
        if not loss > arb(1) / 2:
            raise Unbounded
        return k, c, loss

    def _gamma_below(self, inner: Term) -> Bound:
        """Gamma(m s + c) >= Gamma(m M + c) e^{m (s - M) log(m M + c - 1/2)} for s >= M: log Gamma is convex, with slope
        psi(x) > log(x - 1/2)."""
        p = self.poly(inner)
        if p is None or self.small or set(p) - {Fraction(0), Fraction(1)} or not p.get(Fraction(1), arb(0)) > 0:
            raise Unbounded
        m = p[Fraction(1)]
        at = m * self.start + p.get(Fraction(0), arb(0))
        if not at > 2:
            raise Unbounded
        slope = m * (at - arb(1) / 2).log()
        return Bound(at.gamma() * (-self.start * slope).exp(), Fraction(0), ((Fraction(1), slope),))

    # -- exponentials

    def _exponential_of(self, base: arb, exponent: Term, upper: bool) -> Bound:
        """base^exponent in absolute value; a base below 0 only to whole powers."""
        p = self.poly(exponent)
        if p is None:
            raise Unbounded
        if upper and base == 0 and all(c > 0 for k, c in p.items() if k > 0) and max(p, default=0) > 0:
            return self._nothing(p)
        if not base > 0 and not (self.integer and base < 0):
            raise Unbounded
        rate = abs(base).log()
        return self._of_poly({k: c * rate for k, c in p.items()}, upper)

    def _nothing(self, p: Poly) -> Bound:
        """0 to a power that is above 0 from the start on: at most e^{-s}."""
        if not sum((c * self.at_start(k) for k, c in p.items()), start=arb(0)) > 0:
            raise Unbounded
        return Bound(arb(1), Fraction(0), ((Fraction(1), arb(-1)),))

    def _exponential(self, inner: Term, upper: bool) -> Bound:
        p = self.poly(inner)
        if p is not None:
            return self._of_poly(p, upper)
        negated = Mul((Number(Fraction(-1)), inner))
        if upper and self.nonnegative(negated):
            return Bound(arb(1))
        if isinstance(inner, Add):
            found = Bound(arb(1))
            for a in inner.args:
                found = found * self._exponential(a, upper)
            return found
        raise Unbounded

    def _of_poly(self, p: Poly, upper: bool) -> Bound:
        c, exps = arb(0), {}
        for k, b in p.items():
            if k == 0:
                c = c + b
            elif self.fades(k):
                c = c + (abs(b) if upper else -abs(b)) * self.at_start(k)
            elif self.small:
                raise Unbounded  # e^{1/v}
            else:
                exps[k] = b
        return Bound(c.exp(), Fraction(0), tuple(sorted(exps.items())))


def _poly_sum(parts: list[Poly]) -> Poly:
    out: Poly = {}
    for p in parts:
        for k, c in p.items():
            out[k] = out[k] + c if k in out else c
    return {k: c for k, c in out.items() if not c.is_zero()} or {Fraction(0): arb(0)}


def _poly_product(p: Poly, q: Poly) -> Poly:
    return _poly_sum([{i + j: c * d for j, d in q.items()} for i, c in p.items()])


def _few(bounds: list[Bound]) -> list[Bound]:
    if len(bounds) > _MOST:
        raise Unbounded
    return bounds


def _single(bounds: list[Bound]) -> list[Bound]:
    if len(bounds) != 1:
        raise Unbounded
    return bounds


def _fraction(x: arb) -> Fraction:
    man, exp = x.man_exp()
    return Fraction(int(man)) * Fraction(2) ** int(exp)


def _rank(bound: Bound) -> tuple[float, float, float]:
    """Greater for what grows faster."""
    top = bound.exps[-1] if bound.exps else (Fraction(0), arb(0))
    return (float(top[0]) * (1 if top[1] > 0 else -1 if top[1] < 0 else 0), float(top[1]), float(bound.a))


# Tails --------------------------------------------------------------------------------------------------------------


def _falling(bound: Bound, start: arb) -> tuple[arb, Fraction, arb, Fraction]:
    """`c s^a e^{-b s^p}` above a bound for s >= start: (c, a, b, p); b = 0 where nothing falls exponentially.
    Raises Unbounded where it grows."""
    c, exps = bound.c, [(p, b) for p, b in bound.exps if not b.is_zero()]
    if not exps:
        return c, bound.a, arb(0), Fraction(0)
    top, lead = exps[-1]
    rate = lead
    for p, b in exps[:-1]:
        if not b <= 0:
            rate = rate + abs(b) * start ** ball(p - top)
    if not rate < 0:
        raise Unbounded
    return c, bound.a, -rate, top


def tail_integral(bound: Bound, start: arb) -> arb:
    """At least the integral of a bound from `start` to infinity. Raises Unbounded where that is not seen to be
    finite."""
    c, a, b, p = _falling(bound, start)
    if b.is_zero():
        if a >= -1:
            raise Unbounded
        return c * start ** ball(a + 1) / -ball(a + 1)
    q = ball(p)
    s = a - p + 1  # s^a e^{-b s^p} = s^s_ (s^{p-1} e^{-b s^p})
    if s <= 0:
        return c * start ** ball(s) * (-b * start**q).exp() / (b * q)
    if not b * q * start**q > 2 * ball(s):
        raise Unbounded
    return c * start ** ball(s) * (-b * start**q).exp() * 2 / (b * q)


def decreases(bound: Bound, start: arb) -> bool:
    """Whether a bound falls from `start` on."""
    _, a, b, _ = _falling(bound, start)
    grow = ball(max(a, Fraction(0)))
    for k, c in bound.exps[:-1]:
        if c > 0:
            grow = grow + ball(k) * c * start ** ball(k)
    lead = -bound.exps[-1][1] * ball(bound.exps[-1][0]) * start ** ball(bound.exps[-1][0]) if bound.exps else arb(0)
    return bool(grow <= lead) and (a <= 0 or not b.is_zero())


def vanishes(bounds: list[Bound], start: arb) -> bool:
    """Whether all bounds tend to 0."""
    for bound in bounds:
        try:
            _, a, b, _ = _falling(bound, start)
        except Unbounded:
            return False
        if b.is_zero() and a >= 0:
            return False
    return True


