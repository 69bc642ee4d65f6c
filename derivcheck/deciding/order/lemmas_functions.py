"""Lemmas about functions of numbers: exp, log, tanh, |.|, max, powers, constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from derivcheck.deciding.order.facts import Context, Fact, Lemma, Sample, at_least, equal
from derivcheck.deciding.order.poly import ONE, ZERO, Atom, Poly
from derivcheck.terms.build import add, mul, number, power
from derivcheck.terms.model import Declaration, Model
from derivcheck.terms.node import Entry, Function, Term

X, Y = Entry("x"), Entry("y")
REALS = Model({name: Declaration(name) for name in "xy"})


def sample(*terms: Term) -> Callable[[], Sample]:
    return lambda: Sample(REALS, terms)


def call(name: str, *args: Term) -> Term:
    return Function(name, args)


def _exponentials(atom: Atom, context: Context) -> Iterator[Fact]:
    """exp t > 0 and exp t >= 1 + t."""
    value = Poly.atom(atom)
    yield Fact(value, ">", "exp t > 0")
    yield at_least(value, ONE + atom.args[0], "exp t >= 1 + t")
    yield at_least(Poly.atom(atom, -1), ONE - atom.args[0], "exp t >= 1 + t")


def composite_exponentials(context: Context) -> Iterator[Fact]:
    """exp t >= 1 + t for every product of exponentials that stands in the goal."""
    for mono, _ in context.goal.terms:
        part = tuple((a, e) for a, e in mono if a.kind == "fn" and a.name == "exp")
        if len(part) > 1 or any(e not in (1, -1) for _, e in part):
            exponent = ZERO
            for atom, e in part:
                exponent += atom.args[0].scaled(e)
            yield at_least(Poly(((part, Fraction(1)),)), ONE + exponent, "exp t >= 1 + t")


def _logarithms(atom: Atom, context: Context) -> Iterator[Fact]:
    argument = atom.args[0]
    value = Poly.atom(atom)
    if argument.number is not None:
        return
    yield Fact(argument, ">", "defined: log t needs t > 0")
    yield at_least(argument - ONE, value, "log t <= t - 1")
    times = context.forms.times
    yield at_least(times(argument, value), argument - ONE, "log t >= 1 - 1/t")


def _log_of_sum(atom: Atom, context: Context) -> Iterator[Fact]:
    """log of a sum of nonnegative terms is at least the log of each that is positive."""
    forms, argument = context.forms, atom.args[0]
    if len(argument.terms) < 2 or not all(forms.nonnegative_poly(Poly((t,))) for t in argument.terms):
        return
    for mono, coefficient in argument.terms:
        if all(forms.positive(a) for a, _ in mono):
            part = forms.function("log", (Poly(((mono, coefficient),)),))
            yield at_least(Poly.atom(atom), part, "log is increasing")


def _saturating(atom: Atom, context: Context) -> Iterator[Fact]:
    value, t = Poly.atom(atom), atom.args[0]
    yield Fact(ONE - value, ">", f"|{atom.name} t| < 1")
    yield Fact(ONE + value, ">", f"|{atom.name} t| < 1")
    times = context.forms.times
    yield at_least(times(value, t), ZERO, f"{atom.name} t has the sign of t")
    if atom.name == "tanh":
        yield at_least(times(t, t), times(value, value), "|tanh t| <= |t|")
        yield at_least(times(value, t), times(value, value), "|tanh t| <= |t|")


def _trigonometric(atom: Atom, context: Context) -> Iterator[Fact]:
    value, t = Poly.atom(atom), atom.args[0]
    times = context.forms.times
    yield at_least(ONE, value, f"|{atom.name} t| <= 1")
    yield at_least(value, -ONE, f"|{atom.name} t| <= 1")
    if atom.name == "sin":
        yield at_least(times(t, t), times(value, value), "|sin t| <= |t|")
        other = context.forms.function("cos", (t,))
        yield equal(times(value, value) + times(other, other), ONE, "sin^2 + cos^2 = 1")
    else:
        yield at_least(value, ONE - times(t, t).scaled(Fraction(1, 2)), "cos t >= 1 - t^2/2")
        other = context.forms.function("sin", (t,))
        yield equal(times(value, value) + times(other, other), ONE, "sin^2 + cos^2 = 1")


def _odd_growing(atom: Atom, context: Context) -> Iterator[Fact]:
    """sinh, atan: the sign of t; |atan t| <= |t| <= |sinh t|."""
    value, t = Poly.atom(atom), atom.args[0]
    times = context.forms.times
    yield at_least(times(value, t), ZERO, f"{atom.name} t has the sign of t")
    small, large = (value, t) if atom.name == "atan" else (t, value)
    yield at_least(times(large, large), times(small, small), "|atan t| <= |t| <= |sinh t|")


def _cosh(atom: Atom, context: Context) -> Iterator[Fact]:
    t = atom.args[0]
    yield at_least(Poly.atom(atom), ONE + context.forms.times(t, t).scaled(Fraction(1, 2)), "cosh t >= 1 + t^2/2")


def _absolute(atom: Atom, context: Context) -> Iterator[Fact]:
    value, t = Poly.atom(atom), atom.args[0]
    yield at_least(value, ZERO, "|t| >= 0")
    yield at_least(value, t, "|t| >= t")
    yield at_least(value, -t, "|t| >= -t")
    yield Fact(value - t, "=", "|t| = t or -t", ((t, ">="),))
    yield Fact(value + t, "=", "|t| = t or -t", ((-t, ">="),))


def _sign(atom: Atom, context: Context) -> Iterator[Fact]:
    value, t = Poly.atom(atom), atom.args[0]
    times = context.forms.times
    yield at_least(ONE, times(value, value), "|sign t| <= 1")
    yield equal(times(value, t), context.forms.function("abs", (t,)), "t sign t = |t|")


def _larger_of_two(atom: Atom, context: Context) -> Iterator[Fact]:
    value, (a, b) = Poly.atom(atom), atom.args
    gap_a, gap_b = (value - a, value - b) if atom.name == "max2" else (a - value, b - value)
    word = "the larger of two" if atom.name == "max2" else "the smaller of two"
    yield at_least(gap_a, ZERO, word)
    yield at_least(gap_b, ZERO, word)
    yield equal(context.forms.times(gap_a, gap_b), ZERO, word)


def _rounding(atom: Atom, context: Context) -> Iterator[Fact]:
    value, t = Poly.atom(atom), atom.args[0]
    gap = t - value if atom.name == "floor" else value - t
    yield at_least(gap, ZERO, "rounding moves by less than 1")
    yield Fact(ONE - gap, ">", "rounding moves by less than 1")


INCREASING = frozenset({"exp", "log", "tanh", "sinh", "atan", "asin", "erf"})


def _increasing(atom: Atom, context: Context) -> Iterator[Fact]:
    """f(s) <= f(t) where s <= t, for pairs that are both in play."""
    for other in context.of_kind("fn", atom.name)[:6]:
        if other.key != atom.key and atom.args[0].number is None:
            gap = atom.args[0] - other.args[0]
            name = f"{atom.name} is increasing"
            yield at_least(Poly.atom(atom), Poly.atom(other), name, ((gap, ">="),))
            yield Fact(Poly.atom(atom) - Poly.atom(other), ">", name, ((gap, ">"),))


CONTRACTING = ("tanh", "atan", "sin", "cos")


def _contracting(atom: Atom, context: Context) -> Iterator[Fact]:
    """|f(s) - f(t)| <= |s - t| for functions with a derivative of at most 1."""
    for other in context.of_kind("fn", atom.name)[:6]:
        if other.key != atom.key:
            gap, change = atom.args[0] - other.args[0], Poly.atom(atom) - Poly.atom(other)
            name = f"|{atom.name} s - {atom.name} t| <= |s - t|"
            yield at_least(gap, change, name, ((gap, ">="),))
            yield at_least(change, -gap, name, ((gap, ">="),))


def _tangents(atom: Atom, context: Context) -> Iterator[Fact]:
    """log t <= log c + t/c - 1 and log t >= log c + 1 - c/t for the constants c whose logarithms are in play."""
    argument, value = atom.args[0], Poly.atom(atom)
    if argument.number is not None:
        return
    times = context.forms.times
    constants = [a.args[0].number for a in context.of_kind("fn", "log") if a.args[0].number is not None]
    for constant in [c for k in constants[:3] if k for c in (k, 1 / k)]:
        level = context.forms.function("log", (Poly.of(constant),))
        yield at_least(level + argument.scaled(1 / constant) - ONE, value, "log t <= log c + t/c - 1")
        above = times(argument, level + ONE) - Poly.of(constant)
        yield at_least(times(argument, value), above, "log t >= log c + 1 - c/t")


def _log_of_mean(atom: Atom, context: Context) -> Iterator[Fact]:
    """log(c_1 x_1 + ... ) >= log C + sum (c_k / C) log x_k, C = sum c_k (Jensen, concavity)."""
    forms, argument = context.forms, atom.args[0]
    if not 2 <= len(argument.terms) <= 4 or any(c < 0 for _, c in argument.terms):
        return
    monos = [Poly(((m, Fraction(1)),)) for m, _ in argument.terms]
    if not all(forms.positive_poly(m) for m in monos):
        return
    total = sum((c for _, c in argument.terms), Fraction(0))
    level = forms.function("log", (Poly.of(total),))
    for (_, c), mono in zip(argument.terms, monos, strict=True):
        level += forms.function("log", (mono,)).scaled(c / total)
    yield at_least(Poly.atom(atom), level, "Jensen's inequality for log")


def _powers(atom: Atom, context: Context) -> Iterator[Fact]:
    """b^e for a symbolic exponent: its sign, its place with respect to 1, Bernoulli, and other powers."""
    base, exponent = atom.args
    value = Poly.atom(atom)
    nonnegative = (base, ">=")
    yield at_least(value, ZERO, "powers of b >= 0 are >= 0", (nonnegative,))
    yield Fact(value, ">", "powers of b > 0 are > 0", ((base, ">"),))
    yield at_least(ONE, value, "b^e <= 1 for 0 <= b <= 1", (nonnegative, (ONE - base, ">="), (exponent, ">=")))
    yield Fact(ONE - value, ">", "b^e < 1 for 0 <= b < 1", (nonnegative, (ONE - base, ">"), (exponent, ">")))
    yield at_least(value, ONE, "b^e >= 1 for b >= 1", ((base - ONE, ">="), (exponent, ">=")))
    yield Fact(value - ONE, ">", "b^e > 1 for b > 1", ((base - ONE, ">"), (exponent, ">")))
    linear = ONE + context.forms.times(exponent, base - ONE)
    yield at_least(value, linear, "Bernoulli's inequality", (nonnegative, (exponent - ONE, ">=")))
    for other in context.of_kind("pow")[:8]:
        if other.key != atom.key:
            yield from _two_powers(atom, other)


def _two_powers(atom: Atom, other: Atom) -> Iterator[Fact]:
    base, exponent = atom.args
    if exponent == other.args[1]:
        when = ((other.args[0], ">="), (base - other.args[0], ">="), (exponent, ">="))
        yield at_least(Poly.atom(atom), Poly.atom(other), "b^e grows with b >= 0", when)
    if base == other.args[0]:
        gap = exponent - other.args[1]
        larger = ((base - ONE, ">="), (gap, ">="))
        yield at_least(Poly.atom(atom), Poly.atom(other), "b^e grows with e for b >= 1", larger)
        when = ((base, ">"), (ONE - base, ">="), (gap, ">="))
        yield at_least(Poly.atom(other), Poly.atom(atom), "b^e falls with e for 0 < b <= 1", when)


def _constants(atom: Atom, context: Context) -> Iterator[Fact]:
    """A rational enclosure of a function of a number, of a root of a number, of pi (from ball arithmetic)."""
    enclosure = _enclosed(atom)
    if enclosure is not None:
        low, high = enclosure
        yield Fact(Poly.atom(atom) - Poly.of(low), ">", "numerical value")
        yield Fact(Poly.of(high) - Poly.atom(atom), ">", "numerical value")


ENCLOSED = frozenset({"exp", "log", "tanh", "sin", "cos", "sinh", "cosh", "erf", "atan"})


def _enclosed(atom: Atom) -> tuple[Fraction, Fraction] | None:
    import flint

    if atom.kind == "opaque":
        ball = flint.arb.pi() if atom.key == "opaque<Constant(pi)>" else None
    elif atom.name in ENCLOSED and (value := atom.args[0].number) is not None and abs(value) < 10**6:
        ball = getattr(flint.arb(flint.fmpq(value.numerator, value.denominator)), atom.name)()
    else:
        ball = None
    if ball is None or not ball.is_finite():
        return None
    middle = Fraction(round(float(ball.mid()) * 10**9), 10**9)
    low, high = middle - Fraction(1, 10**8), middle + Fraction(1, 10**8)
    inside = flint.arb(flint.fmpq(low.numerator, low.denominator)) < ball < flint.arb(
        flint.fmpq(high.numerator, high.denominator)
    )
    return (low, high) if inside else None


def _domain(atom: Atom, context: Context) -> Iterator[Fact]:
    """Signs known from the form and from the domains of the givens."""
    if context.forms.positive(atom):
        yield Fact(Poly.atom(atom), ">", "positive by its form or its domain")
    elif context.forms.nonnegative(atom):
        yield at_least(Poly.atom(atom), ZERO, "sums of squares, norms and the like are >= 0")


def named(name: str, kinds: tuple[str, ...], names: tuple[str, ...], rule: Callable[[Atom, Context], Iterator[Fact]],
          *samples: Callable[[], Sample], source: str = "elementary") -> Lemma:
    """A lemma about functions of certain names."""

    def instances(atom: Atom, context: Context) -> Iterator[Fact]:
        return rule(atom, context) if not names or atom.name in names else iter(())

    return Lemma(name, source, kinds, instances, samples)


FN = ("fn",)
SIGNED = ("entry", "fn", "sum", "mean", "max", "min", "prod", "matrix", "size", "group", "pow", "delta")
XY = add(X, Y)
SQUARE = power(X, number(2))

FUNCTION_LEMMAS: tuple[Lemma, ...] = (
    named("signs by form", SIGNED, (), _domain, sample(call("abs", X), call("exp", Y))),
    named("exponential", FN, ("exp",), _exponentials, sample(call("exp", X), call("exp", mul(X, Y)))),
    named("logarithm", FN, ("log",), _logarithms, sample(call("log", X), call("log", XY))),
    named("logarithm of a sum", FN, ("log",), _log_of_sum,
          sample(call("log", add(number(1), call("exp", X))), call("log", add(number(3), call("tanh", X))))),
    named("saturating functions", FN, ("tanh", "erf"), _saturating, sample(call("tanh", X), call("erf", XY))),
    named("sine and cosine", FN, ("sin", "cos"), _trigonometric, sample(call("sin", X), call("cos", Y))),
    named("sinh and arctan", FN, ("sinh", "atan"), _odd_growing, sample(call("sinh", X), call("atan", Y))),
    named("cosh", FN, ("cosh",), _cosh, sample(call("cosh", X))),
    named("absolute value", FN, ("abs",), _absolute, sample(call("abs", add(X, Y)))),
    named("sign", FN, ("sign",), _sign, sample(call("sign", X))),
    named("larger and smaller", FN, ("max2", "min2"), _larger_of_two, sample(call("max2", X, Y), call("min2", X, Y))),
    named("rounding", FN, ("floor", "ceil"), _rounding, sample(call("floor", X), call("ceil", Y))),
    named("monotone functions", FN, tuple(INCREASING), _increasing,
          sample(call("tanh", X), call("tanh", Y)), sample(call("exp", X), call("exp", Y))),
    named("contracting functions", FN, CONTRACTING, _contracting,
          sample(call("tanh", X), call("tanh", Y)), sample(call("cos", X), call("cos", Y))),
    named("tangents of the logarithm", FN, ("log",), _tangents, sample(call("log", X), call("log", number(2)))),
    named("logarithm of a mean", FN, ("log",), _log_of_mean,
          sample(call("log", add(call("exp", X), mul(number(3), call("exp", Y)))))),
    named("symbolic powers", ("pow",), (), _powers,
          sample(power(call("abs", X), call("abs", Y)), power(SQUARE, call("abs", Y)), power(SQUARE, SQUARE))),
    named("constants", ("fn", "opaque"), (), _constants,
          sample(call("log", number(2)), call("exp", number(1)), call("tanh", number(1)))),
)
