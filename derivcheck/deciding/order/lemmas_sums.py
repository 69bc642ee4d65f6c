"""Lemmas about sums, means and extrema over an index: termwise bounds, weights, Jensen, entropy, maxima."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from derivcheck.deciding.order.facts import Context, Fact, Lemma, Sample, at_least, equal
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.matrices import product
from derivcheck.deciding.order.poly import ONE, ZERO, Atom, Mono, Poly, Range
from derivcheck.terms import algebra
from derivcheck.terms.build import number
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration, Domain, Model
from derivcheck.terms.node import Entry, Var, fresh
from derivcheck.terms.tensor import Tensor, scalar

N = Dim.named("n")
VECTORS = Model(
    {
        "p": Declaration("p", (N,), domain=Domain("simplex")),
        "q": Declaration("q", (N,), domain=Domain("simplex")),
        "x": Declaration("x", (N,)),
        "c": Declaration("c", (N,), domain=Domain("real", low=algebra.ones(N).body, low_strict=True)),
    },
    dims={"n": 1},
)


def given(name: str) -> Tensor:
    i = fresh("i", N)
    return Tensor((i,), Entry(name, (Var(i),)))


TWO = scalar(number(2))


def sample(make: Callable[[], Tensor]) -> Callable[[], Sample]:
    return lambda: Sample(VECTORS, (make().body,))


def _at(forms: Forms, poly: Poly, bound: Range, position: Poly) -> Poly:
    return forms.substitute(poly, {bound.index: position})


def _positions(bound: Range, context: Context) -> list[Poly]:
    """The free indices of the same axis that are in play."""
    if bound.lower is not None:
        return []
    return [context.forms.form(Var(i)) for i in context.indices() if i.dim is not None and i.dim == bound.index.dim][:4]


def _at_least_each_term(atom: Atom, context: Context) -> Iterator[Fact]:
    """A sum of nonnegative terms is at least each of them."""
    body = atom.args[0]
    if len(atom.ranges) == 1 and context.forms.nonnegative_poly(body):
        for position in _positions(atom.ranges[0], context):
            part = _at(context.forms, body, atom.ranges[0], position)
            yield at_least(Poly.atom(atom), part, "a sum of nonnegative terms is at least each of them")


def _square_of_sum(atom: Atom, context: Context) -> Iterator[Fact]:
    """(sum w x)^2 <= (sum w)(sum w x^2) for w >= 0; with w = 1, (sum x)^2 <= n sum x^2 (Cauchy-Schwarz)."""
    forms = context.forms
    if len(atom.ranges) != 1 or atom.ranges[0].lower is not None:
        return
    mono = atom.args[0].terms[0][0]
    weights = [()] + [(p,) for p in mono if forms.nonnegative(p[0]) and len(mono) > 1]
    squared = forms.power(Poly.atom(atom), Poly.of(2))
    for weight in weights:
        rest = tuple(p for p in mono if p not in weight)
        first = forms.sum(atom.ranges, product(weight))
        second = forms.sum(atom.ranges, forms.times(product(weight), product(rest), product(rest)))
        yield at_least(forms.times(first, second), squared, "Cauchy-Schwarz (Jensen for squares)")


def _log_sums(atom: Atom, context: Context) -> Iterator[Fact]:
    """The log sum inequality for sum_i w_i log u_i in the goal: sum w log(u/w) <= W log(U/W) and <= U - W, where
    U = sum u and W = sum w (Cover and Thomas, Elements of Information Theory, theorem 2.7.1). It is Gibbs'
    inequality, the bound log n on an entropy, and Jensen's inequality for the logarithm."""
    weight = _weight(context.forms, atom)
    if weight is None:
        return
    forms, ranges = context.forms, atom.ranges
    own = forms.function("log", (weight,))
    for candidate in _candidates(atom, weight, context):
        if not forms.positive_poly(candidate):
            continue
        lower = forms.sum(ranges, forms.times(weight, forms.function("log", (candidate,)) - own))
        total, mass = forms.sum(ranges, candidate), forms.sum(ranges, weight)
        yield at_least(total - mass, lower, "Gibbs' inequality (log t <= t - 1)")
        logs = forms.function("log", (total,)) - forms.function("log", (mass,))
        yield at_least(forms.times(mass, logs), lower, "log sum inequality (Jensen)")


def _split_log(forms: Forms, atom: Atom) -> tuple[Poly, Atom] | None:
    """w and log u of a sum of w_i log u_i."""
    if atom.kind != "sum" or any(r.lower is not None for r in atom.ranges):
        return None
    mono = atom.args[0].terms[0][0]
    logs = [a for a, e in mono if a.kind == "fn" and a.name == "log" and e == 1]
    if len(logs) != 1:
        return None
    return product(tuple((a, e) for a, e in mono if a is not logs[0])), logs[0]


def _weight(forms: Forms, atom: Atom) -> Poly | None:
    found = _split_log(forms, atom)
    if found is None or not forms.positive_poly(found[0]):
        return None
    return found[0] if {r.index for r in atom.ranges} <= found[0].free else None


def _candidates(atom: Atom, weight: Poly, context: Context) -> Iterator[Poly]:
    """u_i to compare the weights with: 1, the argument of each log with these weights, the product that the whole goal
    asks for, and the terms of sums whose logarithm is in play."""
    forms = context.forms
    yield ONE
    arguments: list[tuple[Fraction, Poly]] = []
    for coefficient, outside, inner in _goal_logs(context):
        found = _split_log(forms, inner)
        if found is None or outside or len(inner.ranges) != len(atom.ranges):
            continue
        renames = {r.index: forms.form(Var(s.index)) for r, s in zip(inner.ranges, atom.ranges, strict=True)}
        if forms.substitute(found[0], renames) == weight:
            arguments.append((coefficient, forms.substitute(found[1].args[0], renames)))
    own = next((c for c, u in arguments if u == weight), None)
    others = [(c, u) for c, u in arguments if u != weight]
    yield from (u for _, u in others[:4])
    whole = ONE
    for c, u in others:
        whole = forms.times(whole, forms.power(u, Poly.of(-c / own if own else Fraction(1))))
    if len(others) > 1 or (own and others):
        yield whole
    for log in context.of_kind("fn", "log")[:6]:
        total = log.args[0].single
        if total is not None and total.kind == "sum" and len(total.ranges) == len(atom.ranges):
            renames = {r.index: forms.form(Var(s.index)) for r, s in zip(total.ranges, atom.ranges, strict=True)}
            body = forms.substitute(total.args[0], renames)
            yield body
            yield forms.times(body, weight)


def _goal_logs(context: Context) -> Iterator[tuple[Fraction, Mono, Atom]]:
    for mono, coefficient in context.goal.terms:
        for atom, exponent in mono:
            if atom.kind == "sum" and exponent == 1:
                yield coefficient, tuple(p for p in mono if p[0] is not atom), atom


def _log_of_sum(atom: Atom, context: Context) -> Iterator[Fact]:
    """log sum_i u_i >= log u_j, and with sums of exponentials: >= and <= by the greatest exponent."""
    total = atom.args[0].single if atom.name == "log" else None
    if total is None or total.kind != "sum" or len(total.ranges) != 1 or total.ranges[0].lower is not None:
        return
    forms, bound, body = context.forms, total.ranges[0], total.args[0]
    if not forms.positive_poly(body):
        return
    for position in _positions(bound, context):
        part = forms.function("log", (_at(forms, body, bound, position),))
        yield at_least(Poly.atom(atom), part, "log is increasing")
    for top in context.of_kind("max"):
        if top.ranges[0].lower is None and top.ranges[0].index.dim == bound.index.dim:
            inner = _at(forms, top.args[0], top.ranges[0], forms.form(Var(bound.index)))
            if inner == forms.function("log", (body,)):
                assert bound.index.dim is not None
                count = forms.function("log", (forms.size(bound.index.dim),))
                yield at_least(Poly.atom(atom), Poly.atom(top), "log-sum-exp >= max")
                yield at_least(Poly.atom(top) + count, Poly.atom(atom), "log-sum-exp <= max + log n")


def _exp_of_mean(atom: Atom, context: Context) -> Iterator[Fact]:
    """exp(sum w x) <= sum w exp(x) for weights that sum to 1 (Jensen)."""
    if atom.name != "exp":
        return
    forms, inner = context.forms, atom.args[0].single
    if inner is None or inner.kind != "sum" or len(inner.ranges) != 1:
        return
    for weight, rest in _weightings(forms, inner):
        if forms.sum(inner.ranges, weight) == ONE:
            spread = forms.sum(inner.ranges, forms.times(weight, forms.function("exp", (rest,))))
            yield at_least(spread, Poly.atom(atom), "Jensen's inequality for exp")


def _log_of_mean(atom: Atom, context: Context) -> Iterator[Fact]:
    """log(sum w x) >= sum w log x for weights that sum to 1 (Jensen)."""
    inner = atom.args[0].single if atom.name == "log" else None
    if inner is None or inner.kind != "sum" or len(inner.ranges) != 1:
        return
    forms = context.forms
    for weight, rest in _weightings(forms, inner):
        if forms.positive_poly(rest) and forms.sum(inner.ranges, weight) == ONE:
            spread = forms.sum(inner.ranges, forms.times(weight, forms.function("log", (rest,))))
            yield at_least(Poly.atom(atom), spread, "Jensen's inequality for log")


def _weightings(forms: Forms, atom: Atom) -> Iterator[tuple[Poly, Poly]]:
    mono = atom.args[0].terms[0][0]
    for k in range(1, 2 ** min(len(mono), 4)):
        weight = tuple(p for n, p in enumerate(mono) if k >> n & 1)
        if forms.nonnegative_poly(product(weight)):
            yield product(weight), product(tuple(p for p in mono if p not in weight))


def _attained(atom: Atom, context: Context) -> Iterator[Fact]:
    """A maximum (minimum) over an axis is attained, and bounds the value at each index in play."""
    bound, body = atom.ranges[0], atom.args[0]
    if len(atom.ranges) != 1 or bound.lower is not None:
        return
    forms, value = context.forms, Poly.atom(atom)
    sign = 1 if atom.kind == "max" else -1
    word = "a maximum is attained" if sign == 1 else "a minimum is attained"
    where = context.witnesses.setdefault(atom.key, fresh(f"at {atom.kind}", bound.index.dim))
    here = forms.form(Var(where))
    total = forms.sum(atom.ranges, body)
    count = forms.sum(atom.ranges, ONE)
    yield at_least((forms.times(count, value) - total).scaled(sign), ZERO, "an average lies between min and max")
    yield equal(value, _at(forms, body, bound, here), word)
    for position in _positions(bound, context):
        yield at_least((value - _at(forms, body, bound, position)).scaled(sign), ZERO, f"{atom.kind} bounds each entry")


def _sum_by_maximum(atom: Atom, context: Context) -> Iterator[Fact]:
    """sum m_i r_i <= max m_i sum r_i for r >= 0 (Hoelder with exponents 1 and infinity)."""
    if len(atom.ranges) != 1 or atom.ranges[0].lower is not None:
        return
    forms, bound = context.forms, atom.ranges[0]
    mono = atom.args[0].terms[0][0]
    for top in context.of_kind("max"):
        if top.ranges[0].lower is not None or top.ranges[0].index.dim != bound.index.dim or len(top.ranges) != 1:
            continue
        entry = _at(forms, top.args[0], top.ranges[0], forms.form(Var(bound.index)))
        rest = forms.times(product(mono), forms.power(entry, Poly.of(-1)))
        if forms.nonnegative_poly(rest) and all(e > 0 for _, e in rest.terms[0][0]):
            yield at_least(forms.times(Poly.atom(top), forms.sum(atom.ranges, rest)), Poly.atom(atom), "Hoelder")


def _moments(atom: Atom, context: Context) -> Iterator[Fact]:
    """Means: E[x]^2 <= E[x^2], E[xy]^2 <= E[x^2] E[y^2], |E x| <= E|x|, Jensen for log and exp."""
    forms, over = context.forms, tuple(atom.name.split(","))
    body = atom.args[0]
    value = Poly.atom(atom)
    mono = body.terms[0][0]
    squared = forms.power(value, Poly.of(2))
    yield at_least(forms.mean(forms.power(body, Poly.of(2)), over), squared, "E[x]^2 <= E[x^2]")
    if len(mono) == 2:
        x, y = (forms.mean(forms.power(product((p,)), Poly.of(2)), over) for p in mono)
        yield at_least(forms.times(x, y), squared, "E[xy]^2 <= E[x^2] E[y^2]")
    if not forms.nonnegative_poly(body):
        magnitude = forms.mean(forms.function("abs", (body,)), over)
        yield at_least(magnitude, value, "|E x| <= E|x|")
        yield at_least(magnitude, -value, "|E x| <= E|x|")
    inner = body.single
    if inner is not None and inner.kind == "fn" and inner.name == "log" and forms.positive_poly(inner.args[0]):
        outside = forms.function("log", (forms.mean(inner.args[0], over),))
        yield at_least(outside, value, "Jensen's inequality for log")
    if inner is not None and inner.kind == "fn" and inner.name == "exp":
        outside = forms.function("exp", (forms.mean(inner.args[0], over),))
        yield at_least(value, outside, "Jensen's inequality for exp")
    if (inner is not None and inner.kind == "group") or (len(mono) == 1 and mono[0][0].kind == "group"):
        yield from _expanded_mean(atom, context, over)


def _expanded_mean(atom: Atom, context: Context, over: tuple[str, ...]) -> Iterator[Fact]:
    """E[(x - y)^2] = E[x^2] - 2 E[xy] + E[y^2]"""
    group, exponent = atom.args[0].terms[0][0][0]
    base = group.args[0]
    if exponent != 2 or len(base.terms) > 4:
        return
    forms, total = context.forms, ZERO
    for first in base.terms:
        for second in base.terms:
            total += forms.mean(forms.times(Poly((first,)), Poly((second,))), over)
    yield equal(Poly.atom(atom), total, "expanding the square")


def _products(atom: Atom, context: Context) -> Iterator[Fact]:
    """A product over an index range of nonnegative factors, compared with powers in play of the same length."""
    bound, body = atom.ranges[0], atom.args[0]
    if bound.lower is None or bound.upper is None:
        return
    forms, value = context.forms, Poly.atom(atom)
    count = bound.upper - bound.lower + ONE
    yield Fact(value - ONE, "=", "an empty product is 1", ((-count, ">="),))
    if bound.index not in body.free:
        yield Fact(value - forms.power(body, count), "=", "a product of equal factors is a power", ((count, ">="),))
        return
    inside = ((forms.form(Var(bound.index)) - bound.lower, ">="), (bound.upper - forms.form(Var(bound.index)), ">="))
    if not context.prove(body, ">=", inside):
        return
    yield at_least(value, ZERO, "a product of nonnegative factors")
    for other in context.of_kind("prod")[:4]:
        if other.key != atom.key and other.ranges[0].key({}) == bound.key({}):
            factor = forms.substitute(other.args[0], {other.ranges[0].index: forms.form(Var(bound.index))})
            if context.prove(factor - body, ">=", inside):
                yield at_least(Poly.atom(other), value, "products compared factor by factor")
    for power in [*context.of_kind("pow")[:6], Atom("pow", "", (ONE, count))]:
        base, exponent = power.args
        if exponent == count and bound.index not in base.free and context.prove(base - body, ">=", inside):
            bounded = forms.power(base, exponent)
            yield at_least(bounded, value, "a product of k factors of at most b is at most b^k", ((count, ">="),))


CT = "Cover and Thomas, Elements of Information Theory"
HLP = "Hardy, Littlewood and Polya, Inequalities"


def _relative() -> Tensor:
    p, q = given("p"), given("q")
    return algebra.inner(p, algebra.apply_function("log", algebra.divide(q, p)))


SUM_LEMMAS: tuple[Lemma, ...] = (
    Lemma("at least each term", "elementary", ("sum",), _at_least_each_term,
          (sample(lambda: algebra.add(algebra.sum_all(algebra.entrywise_power(given("x"), TWO)), given("x"))),)),
    Lemma("square of a sum", HLP, ("sum",), _square_of_sum,
          (sample(lambda: algebra.inner(given("p"), given("x"))), sample(lambda: algebra.sum_all(given("x"))))),
    Lemma("log sum inequality", CT, ("sum",), _log_sums, (sample(_relative),)),
    Lemma("logarithm of a sum over an axis", "elementary", ("fn",), _log_of_sum,
          (sample(lambda: algebra.add(algebra.log_sum_exp(given("x")), algebra.reduce_all("max", given("x")))),)),
    Lemma("Jensen, exponential", HLP, ("fn",), _exp_of_mean,
          (sample(lambda: algebra.apply_function("exp", algebra.inner(given("p"), given("x")))),)),
    Lemma("Jensen, logarithm", HLP, ("fn",), _log_of_mean,
          (sample(lambda: algebra.apply_function("log", algebra.inner(given("p"), given("q")))),)),
    Lemma("extrema", "elementary", ("max", "min"), _attained),
    Lemma("sum by maximum", HLP, ("sum",), _sum_by_maximum,
          (sample(lambda: algebra.add(algebra.inner(given("p"), given("x")), algebra.reduce_all("max", given("x")))),)),
    Lemma("moments", HLP, ("mean",), _moments),
    Lemma("products over a range", "induction", ("prod",), _products),
)
