"""The rung that asks SymPy: equalities of numbers (or of entries) after everything exact was tried.

Terms are lowered to plain trees, and these to SymPy inside a killed child, structurally: no text is ever parsed.
Whatever SymPy has no business looking into (an entry, a sum over an axis, a norm) becomes a symbol with the
assumptions of its domain, equal ones the same symbol. An answer counts only if the difference of the two sides
becomes exactly 0; a difference that stays is no refutation. Work is counted in Python calls, so that the same
claim ends the same way on every machine; the clock is the last guard.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.child import Done, run
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.unfolding import levels
from derivcheck.deciding.verdict import Verdict
from derivcheck.terms.build import MINUS_ONE
from derivcheck.terms.model import Claim, Domain, Model
from derivcheck.terms.node import (
    Add,
    Cases,
    Compare,
    Constant,
    Derivative,
    Entry,
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

Tree = tuple[Any, ...]
Bounds = tuple[Fraction | None, bool, Fraction | None, bool]
"""Lower end, whether it is open, upper end, whether it is open."""
UNBOUNDED: Bounds = (None, True, None, True)
CALLS = 2_500_000
"""Python calls that the attempts of one claim may take inside SymPy."""
LARGEST = 40
"""Nodes of both sides beyond which SymPy is not asked."""
LARGEST_POWER = 1_000
"""Whole exponents beyond which SymPy is not asked."""
NO_ENTRIES = 12
"""A sum over an axis of a known length is written out up to this length."""


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """`proved` with the method that made the difference 0, or None."""
    from derivcheck.deciding.order.proving import entries

    if claim.relation != "=" or not _is_small(claim.left.body, claim.right.body):
        return None
    left, right = entries(claim)
    attempts = dict.fromkeys(zip(_levels(left, model), _levels(right, model), strict=True))
    attempts = [pair for pair in attempts if any(map(has_analysis, pair)) or not any(map(has_derivative, pair))]
    for number, (a, b) in enumerate(attempts):
        method = _proved(a, b, model, work, CALLS // len(attempts))
        if method is not None:
            steps = ["definitions put in"] if number else []
            return Verdict("proved", {"method": "computer algebra", "steps": [*steps, method]})
    return None


def _is_small(left: Term, right: Term) -> bool:
    return sum(1 for _ in walk(left)) + sum(1 for _ in walk(right)) <= LARGEST


def has_analysis(term: Term) -> bool:
    """Whether a term has a limit, an integral or an infinite sum: what SymPy knows and the other rungs do not."""
    return any(isinstance(t, Limit | Integral) or (isinstance(t, Reduce) and _infinite(t)) for t in walk(term))


def _infinite(term: Reduce) -> bool:
    return Constant("infinity") in (term.lower, term.upper)


def has_derivative(term: Term) -> bool:
    """Whether derivatives or operations on matrices are left in a term: SymPy would see a symbol there."""
    return any(isinstance(t, Derivative | MatrixOp) for t in walk(term))


def _levels(term: Term, model: Model) -> list[Term]:
    found = levels(term, model)
    return [found[0], found[min(1, len(found) - 1)], found[-1]]


def _proved(left: Term, right: Term, model: Model, work: Work, calls: int) -> str | None:
    if not _is_small(left, right):
        return None
    lowering = Lowering(model)
    try:
        trees = lowering(left), lowering(right)
    except OutOfWork:
        return None
    parts = (*trees, lowering.symbols, lowering.bounds, calls)
    outcome = run(vanishes, *parts, seconds=work.budget.seconds, warm=("sympy",))
    return outcome.value if isinstance(outcome, Done) else None


# --- lowering (this side) ------------------------------------------------------------------------------------------


class Lowering:
    """Terms to plain trees `(head, *parts)`; `symbols`: number to assumptions of each opaque symbol."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.forms = Forms(model)
        self.symbols: list[dict[str, bool]] = []
        self.bounds: dict[int, Bounds] = {}
        self._known: dict[str, int] = {}
        self._bound: dict[Index, Tree] = {}
        self._variables: dict[str, Tree] = {}

    def __call__(self, term: Term) -> Tree:
        match term:
            case Number(value):
                return "number", value.numerator, value.denominator
            case Constant(name):
                return "constant", name
            case Add(args):
                return "add", *map(self, args)
            case Mul((Function("gamma", (a,)), Power(Mul((Function("gamma", (b,)), Function("gamma", (c,)))), m))) if (
                m is MINUS_ONE
            ):
                return "binomial", self(a), self(b), self(c)
            case Mul(args):
                return "mul", *map(self, args)
            case Power(base, exponent):
                return "power", self(base), self(exponent)
            case Function(name, args) if name in FUNCTIONS:
                return "function", name, *map(self, args)
            case Var(index):
                return self._bound.get(index) or self.symbol(f"index {index.name}", _integer(index.dim is not None))
            case Size(dim):
                return self._size(dim.terms)
            case Entry(symbol, indices):
                return self._entry(symbol, indices, term)
            case Reduce(kind, index, lower, upper, body, None) if kind in ("sum", "prod"):
                return self._reduce(kind, index, lower, upper, body, term)
            case Cases(branches, otherwise):
                parts = tuple(("when", self.condition(c), self(v)) for c, v in branches)
                return "cases", *parts, *([self(otherwise)] if otherwise is not None else [])
            case Integral(variable, lower, upper, body):
                return self._with_variable(variable, lambda x: ("integral", self(body), x, self(lower), self(upper)))
            case Limit(variable, point, body, side):
                return self._with_variable(variable, lambda x: ("limit", self(body), x, self(point), side))
        return self.opaque(term)

    def condition(self, term: Term) -> Tree:
        match term:
            case Compare(relation, left, right):
                return "compare", relation, self(left), self(right)
            case Logic(op, args):
                return "logic", op, *map(self.condition, args)
        raise OutOfWork("rewrites")

    def symbol(self, key: str, assumptions: dict[str, bool]) -> Tree:
        if key not in self._known:
            self._known[key] = len(self.symbols)
            self.symbols.append(assumptions)
        return "symbol", self._known[key]

    def opaque(self, term: Term) -> Tree:
        """A subterm that SymPy does not look into: one real symbol for all that are equal up to dummies."""
        if any(i in term.free for i in self._bound):
            raise OutOfWork("rewrites")  # it varies with an index that SymPy binds
        if term.symbols & self._variables.keys():
            raise OutOfWork("rewrites")
        form = self.forms.form(term)
        positive = self.forms.positive_poly(form)
        assumptions = {"real": True, **({"positive": True} if positive else {})}
        if not positive and self.forms.nonnegative_poly(form):
            assumptions["nonnegative"] = True
        return self.symbol(form.key, assumptions)

    def _entry(self, symbol: str, indices: tuple[Term, ...], term: Entry) -> Tree:
        if symbol in self._variables and not indices:
            return self._variables[symbol]
        if any(i in term.free for i in self._bound):
            raise OutOfWork("rewrites")
        declaration = self.model.declarations.get(symbol)
        made = self.symbol(self.forms.form(term).key, _assumptions(declaration.domain if declaration else Domain()))
        found = _bounds(term, declaration.domain if declaration else Domain(), self.model.assumptions)
        if found != UNBOUNDED:
            self.bounds[made[1]] = found
        return made

    def _size(self, terms: tuple[tuple[tuple[str, ...], int], ...]) -> Tree:
        parts = []
        for names, coefficient in terms:
            factors = [self.symbol(f"size {name}", _integer(positive=True)) for name in names]
            parts.append(("mul", ("number", coefficient, 1), *factors))
        return "add", *parts

    def _reduce(self, kind: str, index: Index, lower: Term, upper: Term, body: Term, term: Reduce) -> Tree:
        if index in body.free and any(isinstance(t, Entry) and index in t.free for t in walk(body)):
            return self._written_out(kind, index, lower, upper, body, term)
        name = self.symbol(f"bound {index.name}", {"integer": True})
        limits = self(lower), self(upper)
        self._bound[index] = name
        try:
            return kind, self(body), name, *limits
        finally:
            del self._bound[index]

    def _written_out(self, kind: str, index: Index, lower: Term, upper: Term, body: Term, term: Reduce) -> Tree:
        from derivcheck.terms.node import substitute

        if isinstance(lower, Number) and isinstance(upper, Number) and upper.value - lower.value < NO_ENTRIES:
            values = range(int(lower.value), int(upper.value) + 1)
            parts = [self(substitute(body, {index: Number(Fraction(v))})) for v in values]
            return ("add" if kind == "sum" else "mul"), *parts
        return self.opaque(term)

    def _with_variable(self, variable: str, make: Callable[[Tree], Tree]) -> Tree:
        if variable in self._variables:
            raise OutOfWork("rewrites")
        self._variables[variable] = x = self.symbol(f"variable {variable} {len(self.symbols)}", {"real": True})
        try:
            return make(x)
        finally:
            del self._variables[variable]


def _integer(positive: bool) -> dict[str, bool]:
    return {"integer": True, "positive": True} if positive else {"integer": True}


def _assumptions(domain: Domain) -> dict[str, bool]:
    out: dict[str, bool] = {"integer": True} if domain.kind == "integer" else {"real": True}
    if domain.kind == "simplex":
        return {"positive": True}
    if isinstance(domain.low, Number) and domain.low.value >= 0:
        out["positive" if domain.low_strict or domain.low.value > 0 else "nonnegative"] = True
    if isinstance(domain.high, Number) and domain.high.value <= 0:
        out["negative" if domain.high_strict or domain.high.value < 0 else "nonpositive"] = True
    return out


def _bounds(entry: Entry, domain: Domain, assumptions: tuple[Claim, ...]) -> Bounds:
    """Numbers between which a value lies, by its domain and by assumptions such as `|x| < 1`."""
    ends: list[tuple[str, Fraction, bool]] = []
    if isinstance(domain.low, Number):
        ends.append(("low", domain.low.value, domain.low_strict))
    if isinstance(domain.high, Number):
        ends.append(("high", domain.high.value, domain.high_strict))
    for claim in assumptions:
        left, right, relation = claim.left.body, claim.right.body, claim.relation
        if isinstance(left, Number):
            left, right, relation = right, left, relation.translate(str.maketrans("<>", "><"))
        if not isinstance(right, Number) or relation[:1] not in ("<", ">"):
            continue
        strict = "=" not in relation
        if left is entry:
            ends.append(("high" if relation[0] == "<" else "low", right.value, strict))
        elif left is Function("abs", (entry,)) and relation[0] == "<":
            ends += [("high", right.value, strict), ("low", -right.value, strict)]
    lows = [(v, s) for side, v, s in ends if side == "low"]
    highs = [(v, not s) for side, v, s in ends if side == "high"]
    low = max(lows) if lows else (None, True)
    high = min(highs) if highs else (None, False)
    return low[0], low[1], high[0], not high[1]


# --- inside the child ----------------------------------------------------------------------------------------------

FUNCTIONS: dict[str, str] = {
    "exp": "exp", "log": "log", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh", "sin": "sin", "cos": "cos",
    "tan": "tan", "atan": "atan", "asin": "asin", "acos": "acos", "atanh": "atanh", "abs": "Abs", "sign": "sign",
    "erf": "erf", "gamma": "gamma", "lgamma": "loggamma", "digamma": "digamma", "floor": "floor", "ceil": "ceiling",
    "max2": "Max", "min2": "Min",
}
"""Functions of the table (terms/functions.py) and SymPy's names for them."""


class _Exceeded(BaseException):
    """The counted calls are used up; a BaseException, so that no handler inside SymPy swallows it."""


def vanishes(
    left: Tree, right: Tree, symbols: list[dict[str, bool]], bounds: dict[int, Bounds], calls: int
) -> str | None:
    """Runs in the child: how SymPy made `left - right` exactly 0, or None."""
    import sympy

    made = [sympy.Symbol(f"v{k}", **assumptions) for k, assumptions in enumerate(symbols)]
    left_over = [calls]

    def count(frame: Any, event: str, argument: Any) -> None:
        if event == "call":
            left_over[0] -= 1
            if left_over[0] < 0:
                sys.setprofile(None)
                raise _Exceeded

    sys.setprofile(count)
    try:
        difference = build(sympy, left, made) - build(sympy, right, made)
        intervals = {made[k]: _interval(sympy, b) for k, b in bounds.items()}
        for name, value in _attempts(sympy, difference, intervals):
            if value == 0:
                return name
    except (_Exceeded, Exception):  # SymPy raises many things; none of them is an answer
        return None
    finally:
        sys.setprofile(None)
    return None


def _attempts(sympy: Any, difference: Any, intervals: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Ways to show that an expression is 0, cheapest first. Each is an identity under the symbols' assumptions."""
    yield "the two sides are the same", difference
    yield "expand", sympy.expand(difference)
    if difference.has(sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit):
        difference = _evaluated(sympy, difference, intervals)
        yield "sums, integrals and limits in closed form", sympy.expand(difference)
        if difference.has(sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit):
            return  # without a closed form, simplifying only takes long
    exponential = difference.rewrite(sympy.exp)
    yield "rewrite(exp), cancel", sympy.cancel(sympy.together(sympy.expand(sympy.powsimp(sympy.expand(exponential)))))
    yield "expand_log, cancel", sympy.cancel(sympy.expand_log(sympy.expand(difference)))
    yield "trigsimp", sympy.trigsimp(difference)
    yield "simplify", sympy.simplify(difference)
    yield "simplify after rewrite(exp)", sympy.simplify(exponential)


def _interval(sympy: Any, bounds: Bounds) -> Any:
    low, low_open, high, high_open = bounds
    left = -sympy.oo if low is None else sympy.Rational(low.numerator, low.denominator)
    right = sympy.oo if high is None else sympy.Rational(high.numerator, high.denominator)
    return sympy.Interval(left, right, low_open, high_open)


def _evaluated(sympy: Any, expression: Any, intervals: dict[Any, Any]) -> Any:
    """Sums, integrals and limits done. What SymPy gives under a condition is taken where the condition holds on the
    whole domain of its symbol, and is left as it stands otherwise."""

    def decided(piecewise: Any) -> Any:
        value, condition = piecewise.args[0]
        return value if condition == sympy.true or _always(sympy, condition, intervals) else piecewise

    return expression.doit().replace(lambda e: isinstance(e, sympy.Piecewise), decided)


def _always(sympy: Any, condition: Any, intervals: dict[Any, Any]) -> bool:
    symbols = condition.free_symbols
    if len(symbols) != 1 or not symbols <= intervals.keys():
        return False
    (symbol,) = symbols
    plain = sympy.Dummy(real=True)  # as_set wants a symbol without further assumptions
    return intervals[symbol].is_subset(condition.subs(symbol, plain).as_set()) is True


def build(sympy: Any, tree: Tree, symbols: list[Any]) -> Any:
    def go(t: Tree) -> Any:
        return build(sympy, t, symbols)

    match tree:
        case ("number", p, q):
            return sympy.Rational(p, q)
        case ("constant", name):
            return {"pi": sympy.pi, "e": sympy.E, "infinity": sympy.oo}[name]
        case ("symbol", k):
            return symbols[k]
        case ("add", *parts):
            return sympy.Add(*map(go, parts))
        case ("mul", *parts):
            return sympy.Mul(*map(go, parts))
        case ("binomial", a, b, c):
            return _binomial(sympy, go(a), go(b), go(c))
        case ("power", base, exponent):
            return _power(sympy, go(base), go(exponent))
        case ("function", name, *args):
            return _function(sympy, name, *map(go, args))
        case ("sum" | "prod", body, index, lower, upper):
            return _repeated(sympy, tree[0], go(body), (go(index), go(lower), go(upper)))
        case ("integral", body, variable, lower, upper):
            return sympy.Integral(go(body), (go(variable), go(lower), go(upper)))
        case ("limit", body, variable, point, side):
            return sympy.Limit(go(body), go(variable), go(point), side or "+-")
        case ("cases", *parts):
            return _piecewise(sympy, parts, go)
        case ("compare", relation, a, b):
            names = {"=": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}
            return names[relation](go(a), go(b))
        case ("logic", op, *parts):
            return {"and": sympy.And, "or": sympy.Or, "not": sympy.Not}[op](*map(go, parts))
    raise ValueError(tree[0])


def _power(sympy: Any, base: Any, exponent: Any) -> Any:
    """SymPy works powers of numbers out at once and expands those of sums: not to a million."""
    if exponent.is_Integer and abs(exponent) > LARGEST_POWER and not base.is_Symbol:
        raise ValueError("too large a power")
    return sympy.Pow(base, exponent)


def _function(sympy: Any, name: str, *args: Any) -> Any:
    if name == "gamma" and args[0].is_Number and args[0] > LARGEST_POWER:
        raise ValueError("too large a factorial")
    return getattr(sympy, FUNCTIONS[name])(*args)


def _binomial(sympy: Any, a: Any, b: Any, c: Any) -> Any:
    """`\\Gamma(a) / (\\Gamma(b) \\Gamma(c))`, of which SymPy knows sums where it is a binomial coefficient."""
    if sympy.expand(a + 1 - b - c) == 0:
        return sympy.binomial(a - 1, b - 1)
    return _function(sympy, "gamma", a) / (_function(sympy, "gamma", b) * _function(sympy, "gamma", c))


def _repeated(sympy: Any, kind: str, body: Any, limits: tuple[Any, Any, Any]) -> Any:
    """A sum or product between numbers far apart only where its closed form is a polynomial."""
    index, lower, upper = limits
    far = (upper - lower).is_Integer and upper - lower > LARGEST_POWER
    if far and not (kind == "sum" and body.is_polynomial(index)):
        raise ValueError("too many summands")
    return (sympy.Sum if kind == "sum" else sympy.Product)(body, limits)


def _piecewise(sympy: Any, parts: list[Tree], go: Callable[[Tree], Any]) -> Any:
    pairs = [(go(p[2]), go(p[1])) for p in parts if p[0] == "when"]
    otherwise = [(go(p), True) for p in parts if p[0] != "when"]
    return sympy.Piecewise(*pairs, *otherwise)
