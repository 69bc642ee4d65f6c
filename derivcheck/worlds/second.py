"""A second evaluator, for checking the first: mpmath at 60 digits and more, by the meaning of the node kinds alone.

It shares no code with evaluation.py, its rules, its arithmetic or terms/differentiate.py. Derivatives are central
differences at many digits (an entry is moved, what is computed from it follows), expectations sums over outcomes or
Gauss-Hermite sums. It is slow and certifies nothing by itself; agreement of two independent ways is what it is for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mp, mpf

from derivcheck.record import dataclass, field
from derivcheck.terms.model import Claim, Declaration, Definition, Model
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
    Index,
    Integral,
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
from derivcheck.terms.unfold import states
from derivcheck.worlds import second_limits, second_matrices, second_random

Place = tuple[str, tuple[int, ...]]
Polynomial = list[tuple[Any, tuple[int, ...]]]
Env = dict[Index, int]

DIGITS = 60
WORK = 100_000  # nodes looked at for one point
_ROUNDED = 1 + mpf(10) ** -10
_STEP = 25  # a difference moves an entry by 10^-25
_ZERO = mpf(10) ** -40


class NoValue(Exception):
    """The term has no value here, or this evaluator has no rule for it (`unsupported`)."""

    def __init__(self, why: str, unsupported: bool = False) -> None:
        super().__init__(why)
        self.unsupported = unsupported


def unsupported(why: str) -> NoValue:
    return NoValue(why, True)


@dataclass(frozen=True)
class Values:
    """The givens made concrete: dimensions, the value of each free entry, unknown functions as polynomials of all
    entries of their arguments in order. `fixed`: names whose definition a stated limit has replaced."""

    dims: Mapping[str, int]
    entry: Callable[[Place], Fraction]
    function: Callable[[str, tuple[int, ...], int], Polynomial] | None = None
    fixed: frozenset[str] = frozenset()


def digits_for(*terms: Term, model: Model) -> int:
    """Enough that nested differences leave 60 digits of the value."""
    depth = max((_depth(t, {}) for t in terms), default=0)
    inner = max((_depth(d.body, {}) for x in model.declarations.values() for d in x.definitions), default=0)
    return DIGITS + 60 * (depth + inner)


def _depth(term: Term, memo: dict[Term, int]) -> int:
    for node in walk(term):
        from derivcheck.terms.node import children

        below = max((memo[c] for c in children(node)), default=0)
        memo[node] = below + isinstance(node, Derivative)
    return memo[term]


@dataclass
class Second:
    """Values of terms. `moved`: entries that have another value than the givens say."""

    model: Model
    values: Values
    moved: dict[Place, Any] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)
    free: dict[Term, tuple[Index, ...]] = field(default_factory=dict)
    busy: set[Place] = field(default_factory=set)
    work: list[int] = field(default_factory=lambda: [WORK])

    def value(self, term: Term, env: Env) -> Any:
        self.work[0] -= 1
        if self.work[0] < 0:
            raise unsupported("too much work")
        rule = _RULES.get(type(term))
        if rule is None:
            raise unsupported(type(term).__name__)
        if term not in self.free:
            self.free[term] = tuple(term.free)
        key = (term, *[env[i] for i in self.free[term]])
        if key not in self.memo:
            self.memo[key] = rule(self, term, env)
        return self.memo[key]

    def whole(self, term: Term, env: Env) -> int:
        value = self.value(term, env)
        nearest = int(mpmath.nint(value))
        if abs(value - nearest) > _ZERO:
            raise NoValue("an index that is not whole")
        return nearest

    def with_moved(self, moved: Mapping[Place, Any]) -> Second:
        return Second(self.model, self.values, {**self.moved, **moved}, {}, self.free, set(), self.work)

    # -- entries

    def entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        place = (symbol, at)
        if place in self.moved:
            return self.moved[place]
        if place not in self.memo:
            if place in self.busy:
                raise NoValue(f"{symbol} is defined by itself")
            self.busy.add(place)
            try:
                self.memo[place] = self._entry(symbol, at)
            finally:
                self.busy.discard(place)
        return self.memo[place]

    def _entry(self, symbol: str, at: tuple[int, ...]) -> Any:
        declaration = self.model.declarations.get(symbol)
        if declaration is None:
            if not at and symbol in self.values.dims:
                return self.values.dims[symbol]
            raise unsupported(f"the name {symbol}")
        self._within(declaration, at)
        if symbol not in self.values.fixed:
            definition = self._definition(declaration, at)
            if definition is not None:
                return self.value(definition.body, dict(zip(definition.params, at, strict=True)))
        if not at and symbol in self.values.dims:
            return self.values.dims[symbol]
        found = self.values.entry((symbol, at))
        return number(found)

    def _within(self, declaration: Declaration, at: tuple[int, ...]) -> None:
        n = len(declaration.family)
        if len(at) != n + len(declaration.shape):
            raise unsupported("another number of indices")
        env = {f.index: i for f, i in zip(declaration.family, at, strict=False)}
        for f, i in zip(declaration.family, at, strict=False):
            low = f.lower is not None and i < self.whole(f.lower, env)
            if low or (f.upper is not None and i > self.whole(f.upper, env)):
                raise NoValue("an index beyond its range")
        for dim, i in zip(declaration.shape, at[n:], strict=True):
            if not 1 <= i <= dim.at(self.values.dims):
                raise NoValue("an entry beyond its axis")

    def _definition(self, declaration: Declaration, at: tuple[int, ...]) -> Definition | None:
        for d in declaration.definitions:
            if len(d.params) != len(at):
                continue
            if d.where is None:
                recurs = any(declaration.name in e.body.symbols for e in declaration.definitions)
                before = any(f.lower is None and i <= 0 for f, i in zip(declaration.family, at, strict=False))
                return None if recurs and before else d
            try:
                if self.condition(d.where, dict(zip(d.params, at, strict=True))):
                    return d
            except NoValue as problem:
                if problem.unsupported:
                    raise
        return None

    # -- conditions and matrices

    def condition(self, term: Term, env: Env) -> bool:
        if isinstance(term, Compare):
            difference = self.value(term.left, env) - self.value(term.right, env)
            sign = 0 if abs(difference) < _ZERO else (1 if difference > 0 else -1)
            return {"=": sign == 0, "!=": sign != 0, "<": sign < 0, "<=": sign <= 0, ">": sign > 0,
                    ">=": sign >= 0}[term.relation]
        if isinstance(term, Logic):
            found = (self.condition(a, env) for a in term.args)
            if term.op == "not":
                return not next(found)
            return all(found) if term.op == "and" else any(found)
        if isinstance(term, Number):
            return term.value != 0
        raise unsupported(f"{type(term).__name__} as a condition")

    def size(self, index: Index) -> int:
        assert index.dim is not None
        return index.dim.at(self.values.dims)

    def matrix(self, rows: Index, cols: Index, body: Term, env: Env) -> Any:
        heights, widths = range(1, self.size(rows) + 1), range(1, self.size(cols) + 1)
        return mpmath.matrix([[self.value(body, {**env, rows: i, cols: j}) for j in widths] for i in heights])


def number(value: Any) -> Any:
    """A rational (of any make) at the precision in force; whole numbers stay whole."""
    if isinstance(value, mpf):
        return value
    if hasattr(value, "numerator"):
        top, bottom = value.numerator, value.denominator
    else:
        top, bottom = value.p, value.q
    return int(top) if bottom == 1 else mpf(int(top)) / int(bottom)


def _constant(s: Second, t: Constant, env: Env) -> Any:
    if t.name not in ("pi", "e"):
        raise NoValue("infinity as a number")
    return +mp.pi if t.name == "pi" else +mp.e


def _add(s: Second, t: Add, env: Env) -> Any:
    return sum((s.value(a, env) for a in t.args), start=0)


def _mul(s: Second, t: Mul, env: Env) -> Any:
    """A 0 of a delta or of an indicator masks what has no value; so does `0 log 0`."""
    total: Any = 1
    problem: NoValue | None = None
    masked = False
    for a in t.args:
        try:
            value = s.value(a, env)
        except NoValue as found:
            problem = found
            masked = masked or _is_log(a)
            continue
        if value == 0 and isinstance(a, Delta | Cases):
            return 0
        total = total * value
    if problem is not None and not (masked and total == 0):
        raise problem
    return 0 if problem is not None else total


def _is_log(term: Term) -> bool:
    return isinstance(term, Function) and term.name == "log"


def _power(s: Second, t: Power, env: Env) -> Any:
    exponent = s.value(t.exponent, env)
    base = s.value(t.base, env)
    whole = exponent == int(mpmath.nint(exponent)) if abs(exponent) < 10**6 else False
    if abs(exponent) > 10**6:
        raise unsupported("a huge exponent")
    if abs(base) < _ZERO and exponent < 0:
        raise NoValue("a division by zero")
    if whole:
        return mpf(base) ** int(mpmath.nint(exponent)) if exponent < 0 else base ** int(mpmath.nint(exponent))
    if base < 0:
        odd = isinstance(t.exponent, Number) and t.exponent.value.denominator % 2 == 1
        raise unsupported("an odd root of a negative number") if odd else NoValue("a power of a negative number")
    return mpmath.power(base, exponent) if base else mpf(0)


def _log(x: Any) -> Any:
    if x <= 0:
        raise NoValue("the logarithm of a number that is not positive")
    return mpmath.log(x)


def _within_one(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def rule(x: Any) -> Any:
        if abs(x) > 1:
            raise NoValue("outside -1..1")
        return function(x)

    return rule


def _gamma(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def rule(x: Any) -> Any:
        if x <= 0:
            raise NoValue("the gamma function of a number that is not positive")
        return function(x)

    return rule


def _sign(x: Any) -> int:
    return 0 if abs(x) < _ZERO else (1 if x > 0 else -1)


_ONE: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp, "log": _log, "tanh": mpmath.tanh, "sinh": mpmath.sinh, "cosh": mpmath.cosh, "sin": mpmath.sin,
    "cos": mpmath.cos, "tan": mpmath.tan, "atan": mpmath.atan, "asin": _within_one(mpmath.asin),
    "acos": _within_one(mpmath.acos), "atanh": _within_one(mpmath.atanh), "abs": abs, "sign": _sign, "erf": mpmath.erf,
    "gamma": _gamma(mpmath.gamma), "lgamma": _gamma(mpmath.loggamma), "digamma": _gamma(mpmath.digamma),
    "floor": lambda x: int(mpmath.floor(x)), "ceil": lambda x: int(mpmath.ceil(x)),
}  # fmt: skip
_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "max2": lambda x, y: x if x >= y else y, "min2": lambda x, y: x if x <= y else y,
    "div": lambda x, y: int(x) // int(y), "mod": lambda x, y: int(x) % int(y),
}  # fmt: skip


def _function(s: Second, t: Function, env: Env) -> Any:
    values = [s.value(a, env) for a in t.args]
    rule: Any = (_ONE if len(values) == 1 else _TWO).get(t.name)
    if rule is None:
        raise unsupported(f"the function {t.name}")
    if t.name in ("exp", "sinh", "cosh") and abs(values[0]) > 10**5:
        raise unsupported("a huge exponent")
    if t.name in ("div", "mod") and values[1] == 0:
        raise NoValue("a division by zero")
    return rule(*values)


def _reduce(s: Second, t: Reduce, env: Env) -> Any:
    if t.kind == "sum" and second_limits.is_infinite(t.upper) == 1 and not second_limits.is_infinite(t.lower):
        return _settled(second_limits.series, s, t, env)
    if isinstance(t.upper, Constant) or isinstance(t.lower, Constant):
        raise unsupported("an infinite range")
    at = []
    values = []
    for i in range(s.whole(t.lower, env), s.whole(t.upper, env) + 1):
        inner = {**env, t.index: i}
        if t.where is None or s.condition(t.where, inner):
            at.append(i)
            values.append(s.value(t.body, inner))
    if t.kind == "sum":
        return sum(values, start=0)
    if t.kind == "prod":
        return mpmath.fprod(values) if any(not isinstance(v, int) for v in values) else _whole_product(values)
    if not values:
        raise NoValue("the maximum of nothing")
    best = max(values) if "max" in t.kind else min(values)
    if not t.kind.startswith("arg"):
        return best
    ties = [i for i, v in zip(at, values, strict=True) if abs(v - best) < _ZERO]
    if len(ties) > 1:
        raise NoValue("a tie")
    return ties[0]


def _settled(rule: Callable[[Second, Any, Env], Any], s: Second, t: Term, env: Env) -> Any:
    try:
        return rule(s, t, env)
    except (NoValue, second_limits.NotSettled) as problem:  # beside the point it may have none
        raise unsupported(str(problem)) from None


def _whole_product(values: list[int]) -> int:
    total = 1
    for v in values:
        total *= v
    return total


def _cases(s: Second, t: Cases, env: Env) -> Any:
    for condition, value in t.branches:
        if s.condition(condition, env):
            return s.value(value, env)
    if t.otherwise is None:
        raise NoValue("no case holds")
    return s.value(t.otherwise, env)


def _matrix_op(s: Second, t: MatrixOp, env: Env) -> Any:
    params = tuple(s.whole(p, env) for p in t.params)
    own = {t.rows, t.cols}
    key = ("matrix", t.name, t.rows, t.cols, t.body, params, *[env[i] for i in sorted(t.body.free - own, key=str)])
    if key not in s.memo:
        matrix = s.matrix(t.rows, t.cols, t.body, env)
        try:
            s.memo[key] = second_matrices.operation(t.name, matrix, params)
        except ZeroDivisionError:
            raise NoValue("a singular matrix") from None
        except second_matrices.NoRule as problem:
            raise unsupported(str(problem)) from None
    found = s.memo[key]
    return found[tuple(s.whole(i, env) - 1 for i in t.out)] if t.out else found


def _fold(s: Second, t: Fold, env: Env) -> Any:
    first, last = s.whole(t.lower, env), s.whole(t.upper, env)
    factors = [s.matrix(t.rows, t.cols, t.body, {**env, t.index: i}) for i in range(first, last + 1)]
    if t.order == "left":
        factors.reverse()
    whole = mpmath.eye(s.size(t.rows)) if not factors else factors[0]
    for factor in factors[1:]:
        whole = whole * factor
    i, j = (s.whole(k, env) for k in t.out)
    return whole[i - 1, j - 1]


def _derivative(s: Second, t: Derivative, env: Env) -> Any:
    """The central difference; where the one-sided ones differ there is a kink."""
    place = (t.wrt.symbol, tuple(s.whole(i, env) for i in t.wrt.indices))
    declaration = s.model.declarations.get(place[0])
    if declaration is not None:
        s._within(declaration, place[1])
        if declaration.domain.kind in ("integer", "finite"):
            raise unsupported("a derivative by a whole number")
    held = {p: s.entry(*p) for p in _held(s, t, env, place)}
    base = s.entry(*place)
    step = mpf(10) ** -_STEP * max(1, abs(base))
    here, ahead, behind = (
        s.with_moved({**held, place: base + k * step}).value(t.body, env) for k in (0, 1, -1)
    )
    slope = (ahead - behind) / (2 * step)
    bend = abs(ahead + behind - 2 * here) / step
    if bend > mpf(10) ** (-_STEP // 2) * (1 + abs(slope) + abs(here)):
        raise NoValue("a derivative at a kink, or one that grows too fast")
    if 2 * abs(slope) <= bend * _ROUNDED:  # the step alone, of slopes that are 0 on both sides
        return mpf(0)
    return slope


def _held(s: Second, t: Derivative, env: Env, place: Place) -> Iterator[Place]:
    for e in t.held:
        declaration = s.model.declarations[e.symbol]
        own = tuple(s.whole(i, env) for i in e.indices)
        rest = declaration.shape[len(own) - len(declaration.family) :]
        for at in itertools.product(*(range(1, d.at(s.values.dims) + 1) for d in rest)):
            if (e.symbol, (*own, *at)) != place:
                yield e.symbol, (*own, *at)
    if not t.immediate or not states(s.model):
        return
    if not t.at:
        raise unsupported("an immediate derivative of no member")
    time = s.whole(t.at[0], env)
    for name in sorted(states(s.model)):
        declaration = s.model.declarations[name]
        if len(declaration.family) != 1:
            raise unsupported("an immediate derivative in a family of two indices")
        for k in range(-1, 9):
            for at in itertools.product(*(range(1, d.at(s.values.dims) + 1) for d in declaration.shape)):
                if k != time and (name, (k, *at)) != place:
                    try:
                        s.entry(name, (k, *at))
                    except (NoValue, KeyError):
                        continue
                    yield name, (k, *at)


def _apply(s: Second, t: Apply, env: Env) -> Any:
    symbol = s.model.functions.get(t.function)
    if symbol is None or s.values.function is None:
        raise unsupported(f"the function {t.function}")
    places = [
        (n, at) for n, shape in enumerate(symbol.arguments)
        for at in itertools.product(*(range(1, d.at(s.values.dims) + 1) for d in shape))
    ]
    terms = s.values.function(t.function, tuple(s.whole(i, env) for i in t.out), len(places))
    for n, at in t.orders:
        terms = _slope(terms, places.index((n, tuple(s.whole(i, env) for i in at))))
    total: Any = 0
    for coefficient, monomial in terms:
        for v in monomial:
            n, at = places[v]
            lam = t.args[n]
            coefficient = coefficient * s.value(lam.body, {**env, **dict(zip(lam.axes, at, strict=True))})
        total = total + coefficient
    return total


def _slope(terms: Polynomial, variable: int) -> Polynomial:
    out: Polynomial = []
    for c, monomial in terms:
        if variable in monomial:
            k = monomial.index(variable)
            out.append((c * monomial.count(variable), monomial[:k] + monomial[k + 1 :]))
    return out


def _integral(s: Second, t: Integral, env: Env) -> Any:
    place = (t.variable, ())
    ends = []
    for limit in (t.lower, t.upper):
        if isinstance(limit, Constant) and limit.name == "infinity":
            ends.append(mp.inf)
        elif isinstance(limit, Mul) and any(isinstance(a, Constant) and a.name == "infinity" for a in limit.args):
            ends.append(-mp.inf)
        else:
            ends.append(s.value(limit, env))
    value, error = mp.quad(lambda x: s.with_moved({place: x}).value(t.body, env), ends, error=True)
    if error > mpf(10) ** -30:
        raise unsupported("an integral that does not settle")
    return value


def _expectation(s: Second, t: Expectation, env: Env) -> Any:
    total, weighed = mpf(0), False
    try:
        for moved, weight in second_random.outcomes(s, t):
            weighed = True
            total += weight * s.with_moved(moved).value(t.body, env)
    except second_random.NoRule as problem:
        raise unsupported(str(problem)) from None
    return total if weighed else s.value(t.body, env)


_RULES: dict[type[Term], Callable[[Second, Any, Env], Any]] = {
    Number: lambda s, t, env: number(t.value), Constant: _constant, Size: lambda s, t, env: t.dim.at(s.values.dims),
    Var: lambda s, t, env: env[t.index],
    Entry: lambda s, t, env: s.entry(t.symbol, tuple(s.whole(i, env) for i in t.indices)),
    Add: _add, Mul: _mul, Power: _power, Function: _function, Reduce: _reduce, Cases: _cases,
    Compare: lambda s, t, env: int(s.condition(t, env)), Logic: lambda s, t, env: int(s.condition(t, env)),
    Delta: lambda s, t, env: int(s.whole(t.left, env) == s.whole(t.right, env)), MatrixOp: _matrix_op, Fold: _fold,
    Derivative: _derivative, Apply: _apply, Integral: _integral, Expectation: _expectation,
    Limit: lambda s, t, env: _settled(second_limits.limit, s, t, env),
}  # fmt: skip


def sides(
    claim: Claim, model: Model, values: Values, env: Env, entry: tuple[int, ...],
    work: list[int] | None = None, more: int = 0,
) -> tuple[Any, Any]:
    """Both sides of a claim at a point. `work`: what is left of a purse shared with other points; `more`: digits beyond
    those that the terms ask for. Raises NoValue."""
    digits = digits_for(claim.left.body, claim.right.body, model=model) + more
    with mp.workdps(digits):
        second = Second(model, values, work=[WORK] if work is None else work)
        at = [{**env, **dict(zip(t.axes, entry, strict=True))} for t in (claim.left, claim.right)]
        return second.value(claim.left.body, at[0]), second.value(claim.right.body, at[1])


def loewner(claim: Claim, model: Model, values: Values, env: Env) -> str:
    """'agrees', 'violated' or 'unsure': whether left - right is symmetric, its eigenvalues positive (or zero)."""
    places = itertools.product(*(range(1, d.at(values.dims) + 1) for d in claim.left.shape))
    gaps = {at: left - right for at in places for left, right in (sides(claim, model, values, env, at),)}
    size = max(i for i, _ in gaps)
    with mp.workdps(DIGITS):
        matrix = mpmath.matrix([[gaps[i, j] for j in range(1, size + 1)] for i in range(1, size + 1)])
        scale = 1 + mpmath.mnorm(matrix)
        if mpmath.mnorm(matrix - matrix.T) > mpf(10) ** -20 * scale:
            return "violated"
        least = min(mpmath.eigsy(matrix, eigvals_only=True)) / scale
    if abs(least) < mpf(10) ** -20:
        return "agrees" if claim.relation == "succeq" else "unsure"
    return "agrees" if least > 0 else "violated"


def compare(relation: str, left: Any, right: Any) -> str:
    """'agrees', 'violated', or 'unsure' where 60 digits do not tell."""
    left, right = (number(side) if isinstance(side, Fraction) else side for side in (left, right))
    gap, size = abs(left - right), max(abs(left), abs(right))
    equal = gap <= mpf(10) ** -22 * size or gap < mpf(10) ** -35
    if not equal and gap < mpf(10) ** -12 * size:
        return "unsure"
    if relation in ("=", "~"):
        return "agrees" if equal else "violated"
    if relation == "!=":
        return "violated" if equal else "agrees"
    if equal:
        return "agrees" if relation in ("<=", ">=") else "unsure"
    return "agrees" if (left < right) == (relation in ("<", "<=")) else "violated"
