"""O-classes of several growing variables, and approximate equality at a limit.

A class is a sum of products of powers and logarithms. With M = t^x and so on, a product of powers is t^(a.x), so
m is in O(g_1 + ... + g_r) exactly when no direction x > 0 of the regime has a.x > b_j.x for every j: linear
arithmetic over exponents, decided exactly by z3. A logarithm grows slower than every power: for a proof it is a
variable of its own between 0 and a small power, for a witness it is log t.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from derivcheck.deciding.budget import OutOfWork, Work
from derivcheck.deciding.child import Done, run
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.poly import Atom, Poly
from derivcheck.deciding.order.unfolding import paired
from derivcheck.deciding.verdict import Counterexample, Verdict
from derivcheck.record import dataclass, replace
from derivcheck.terms.build import ONE
from derivcheck.terms.model import Claim, Declaration, Domain, Model
from derivcheck.terms.node import Cases, Entry, Function, Term, replace_entries, walk

SLOWNESS = 1000
"""For proofs: log M <= C M^(1/SLOWNESS), true for any such number."""
SECONDS = 5.0
NOT_CONTINUOUS = frozenset({"sign", "floor", "ceil", "div", "mod"})


@dataclass(frozen=True, slots=True)
class Growth:
    """A product of powers of variables and of their logarithms, without its constant factor."""

    powers: tuple[tuple[str, Fraction], ...]
    logs: tuple[tuple[str, Fraction], ...] = ()
    negative: bool = False

    def vector(self, names: Sequence[str]) -> list[Fraction]:
        return [dict(self.powers).get(n, Fraction(0)) for n in names]

    def log_vector(self, names: Sequence[str]) -> list[Fraction]:
        return [dict(self.logs).get(n, Fraction(0)) for n in names]


Row = tuple[tuple[Fraction, ...], str]
"""Coefficients of the unknowns and a relation to 0: '>=', '=', or '>'."""


def rung(claim: Claim, model: Model, work: Work) -> Verdict | None:
    """The rung for `O(f) = O(g)` ("is contained in") and for `~` under the conditions of the claim."""
    if claim.relation == "in_O":
        return in_O(claim.left.body, claim.right.body, (*model.assumptions, *claim.given), model)
    if claim.relation == "~":
        return approx(claim, (*claim.given, *model.assumptions), model, work)
    return None


def in_O(f: Term, g: Term, regime: Sequence[Claim] = (), model: Model | None = None) -> Verdict:
    """Whether O(f) is contained in O(g) as all variables grow (each at least 1) within the regime."""
    try:
        problem = _Problem.of(f, g, regime, model or Model())
    except (_NotAClass, OutOfWork) as reason:
        return Verdict("undecided", {"method": "asymptotic", "reason": str(reason)})
    for growth in problem.left:
        exceeding = problem.witness(growth)
        if exceeding is not None and not problem.may_cancel(growth, exceeding):
            return _refuted(problem, growth, exceeding)
        if exceeding is not None or not problem.dominated(growth):
            return Verdict("undecided", {"method": "asymptotic", "reason": "the growth rates could not be compared"})
    return Verdict("proved", {"method": "asymptotic", "regime": "all variables >= 1 and growing"})


def same_class(f: Term, g: Term, regime: Sequence[Claim] = (), model: Model | None = None) -> Verdict:
    """Whether O(f) = O(g) as sets: containment both ways. The evidence of a refutation says which way fails."""
    forth, back = in_O(f, g, regime, model), in_O(g, f, regime, model)
    if forth.word != "proved":
        return replace(forth, evidence={**forth.evidence, "direction": "left in right"})
    if back.word != "proved":
        return replace(back, evidence={**back.evidence, "direction": "right in left"})
    return forth


# --- reading classes -----------------------------------------------------------------------------------------------


class _NotAClass(Exception):
    """A term that is no sum of products of powers and logarithms."""


@dataclass(frozen=True)
class _Problem:
    names: tuple[str, ...]
    left: tuple[Growth, ...]
    right: tuple[Growth, ...]
    regime: tuple[Row, ...]

    @staticmethod
    def of(f: Term, g: Term, regime: Sequence[Claim], model: Model) -> _Problem:
        forms = Forms(_growing(model, (f, g)))
        left, right = _growths(forms.form(f), exact=False), _growths(forms.form(g), exact=True)
        names = sorted({n for growth in (*left, *right) for n, _ in (*growth.powers, *growth.logs)})
        known = [r for claim in regime if (r := _regime_row(forms, claim)) is not None]
        names = sorted({*names, *(n for r in known for n in r[0])})
        rows = tuple((tuple(powers.get(n, Fraction(0)) for n in names), relation) for powers, relation in known)
        return _Problem(tuple(names), tuple(left), tuple(right), rows)

    def dominated(self, growth: Growth) -> bool:
        """No direction has the growth above every term of the right side; logarithms are small free powers."""
        count = len(self.names)
        rows = [_wide(r, count) for r in self.regime]
        for k in range(count):
            unit = [Fraction(int(j == k)) for j in range(count)]
            nothing = [Fraction(0)] * count
            small = [u / SLOWNESS for u in unit]
            rows.append((tuple(unit + nothing), ">"))
            rows.append((tuple(nothing + unit), ">="))
            rows.append((tuple(small + [-u for u in unit]), ">="))
        for row, relation in self.regime:  # M >= k makes log M >= log k
            if relation == ">=" and sorted(row)[0] == -1 and sorted(row)[-1] == 1 and sum(map(abs, row)) == 2:
                rows.append((tuple([Fraction(0)] * count + list(row)), ">="))
        for other in self.right:
            powers = _minus(growth.vector(self.names), other.vector(self.names))
            logs = _minus(growth.log_vector(self.names), other.log_vector(self.names))
            rows.append((tuple(powers + logs), ">"))
        outcome = run(direction, tuple(rows), 2 * count, seconds=SECONDS, warm=("z3",))
        return isinstance(outcome, Done) and outcome.value == "none"

    def may_cancel(self, growth: Growth, path: tuple[Fraction, ...]) -> bool:
        """Whether a term of the other sign on the left grows as fast on this path, so that the two could cancel."""

        def rate(g: Growth) -> tuple[Fraction, Fraction]:
            power = sum((a * x for a, x in zip(g.vector(self.names), path, strict=True)), Fraction(0))
            return power, sum(g.log_vector(self.names), Fraction(0))

        return any(g.negative != growth.negative and rate(g) >= rate(growth) for g in self.left)

    def witness(self, growth: Growth) -> tuple[Fraction, ...] | None:
        """Exponents x > 0 within the regime such that on the path t^x the growth exceeds every term of the right."""
        count = len(self.names)
        rows: list[Row] = list(self.regime)
        rows += [(tuple(Fraction(int(j == k)) for j in range(count)), ">") for k in range(count)]
        for other in self.right:
            powers = tuple(_minus(growth.vector(self.names), other.vector(self.names)))
            logs = sum(_minus(growth.log_vector(self.names), other.log_vector(self.names)))
            rows.append((powers, ">=" if logs > 0 else ">"))
        outcome = run(direction, tuple(rows), count, seconds=SECONDS, warm=("z3",))
        return outcome.value if isinstance(outcome, Done) and isinstance(outcome.value, tuple) else None


def _wide(row: Row, count: int) -> Row:
    return (*row[0], *([Fraction(0)] * count)), row[1]


def _minus(left: list[Fraction], right: list[Fraction]) -> list[Fraction]:
    return [a - b for a, b in zip(left, right, strict=True)]


def _growing(model: Model, terms: Iterable[Term]) -> Model:
    """The same model with every scalar of the classes at least 1 and without a definition."""
    names = {name for term in terms for name in term.symbols}
    declared = {**model.declarations}
    for name in names:
        old = declared.get(name, Declaration(name))
        declared[name] = replace(old, domain=Domain(low=ONE), definitions=())
    return replace(model, declarations=declared)


def _growths(poly: Poly, exact: bool) -> list[Growth]:
    """The growth of each term. On the right side a negative coefficient could cancel, so it is not read; on the left
    a sum is at most the sum of the absolute values."""
    found = []
    for mono, coefficient in poly.terms:
        if exact and coefficient < 0:
            raise _NotAClass("a difference inside O(.)")
        powers: dict[str, Fraction] = {}
        logs: dict[str, Fraction] = {}
        for atom, exponent in mono:
            if atom.kind == "fn" and atom.name == "log":
                if atom.args[0].number is None:
                    logs[_variable(atom.args[0].single)] = exponent
            else:
                powers[_variable(atom)] = exponent
        found.append(Growth(tuple(sorted(powers.items())), tuple(sorted(logs.items())), coefficient < 0))
    if not found:
        raise _NotAClass("O(0)")
    return found


def _variable(atom: Atom | None) -> str:
    if atom is None or atom.kind not in ("entry", "size", "index") or atom.args:
        raise _NotAClass("not a product of powers and logarithms of variables")
    return atom.name


def _regime_row(forms: Forms, claim: Claim) -> tuple[dict[str, Fraction], str] | None:
    """`M > k`, `M = k^2`, `M \\ge N k` as a linear condition on exponents; other assumptions say nothing here."""
    if claim.left.axes or claim.right.axes or claim.relation not in (">", ">=", "<", "<=", "="):
        return None
    try:
        sides = [_growths(forms.form(t.body), exact=True) for t in (claim.left, claim.right)]
    except (_NotAClass, OutOfWork):
        return None
    if any(len(s) != 1 or s[0].logs for s in sides) or not (sides[0][0].powers or sides[1][0].powers):
        return None
    left, right = (dict(s[0].powers) for s in sides)
    if claim.relation in ("<", "<="):
        left, right = right, left
    if claim.relation != "=" and (not left or not right):  # M > 5 says nothing about growth
        return None
    row = {n: left.get(n, Fraction(0)) - right.get(n, Fraction(0)) for n in {*left, *right}}
    return row, "=" if claim.relation == "=" else ">="


def _refuted(problem: _Problem, growth: Growth, path: tuple[Fraction, ...]) -> Verdict:
    """A path of growth on which the ratio of the two sides has no bound."""

    def power(exponents: Iterable[Fraction]) -> Fraction:
        return sum((a * x for a, x in zip(exponents, path, strict=True)), Fraction(0))

    def shown(g: Growth) -> str:
        log = sum(g.log_vector(problem.names))
        return f"t^{power(g.vector(problem.names))}" + (f" (\\log t)^{log}" if log else "")

    top = max(problem.right, key=lambda g: (power(g.vector(problem.names)), sum(g.log_vector(problem.names))))
    values = {name: "t" if x == 1 else f"t^{x}" for name, x in zip(problem.names, path, strict=True)}
    example = Counterexample({}, values, shown(growth), shown(top), note="as t grows, left over right has no bound")
    return Verdict("refuted", {"method": "asymptotic"}, example, code="wrong-class")


def direction(rows: tuple[Row, ...], count: int) -> tuple[Fraction, ...] | str:
    """Runs in the child: integers that satisfy all rows, 'none' if there are none, 'unknown' otherwise. The rows
    are homogeneous, so that `> 0` may be asked as `>= 1`."""
    import z3

    module: Any = z3
    unknowns = [module.Real(f"x{k}") for k in range(count)]
    solver: Any = module.Optimize()
    for coefficients, relation in rows:
        parts = [module.Q(c.numerator, c.denominator) * x for c, x in zip(coefficients, unknowns, strict=True) if c]
        total = sum(parts, module.RealVal(0))
        solver.add(total >= 1 if relation == ">" else total == 0 if relation == "=" else total >= 0)
    solver.minimize(sum(unknowns, module.RealVal(0)))  # the least exponents are the plainest path
    status = str(solver.check())
    if status != "sat":
        return "none" if status == "unsat" else "unknown"
    values = [solver.model().eval(x, model_completion=True) for x in unknowns]
    exact = [Fraction(v.numerator_as_long(), v.denominator_as_long()) for v in values]
    scale = lcm(*(value.denominator for value in exact))
    return tuple(v * scale for v in exact)


# --- approximate equality at a limit -------------------------------------------------------------------------------


def approx(claim: Claim, conditions: Sequence[Claim], model: Model, work: Work | None = None) -> Verdict | None:
    """`left \\approx right` under conditions such as `z_t \\approx 0`: both sides with the limit values put in must be
    exactly equal. Sound because the functions involved are continuous there; where one is not, or a value is
    undefined (a division by 0), nothing is proved."""
    from derivcheck.deciding import computer_algebra
    from derivcheck.deciding.order.givens import parameter_facts
    from derivcheck.deciding.order.proving import Prover, entries

    work = work or Work()
    left, right = entries(claim)
    limits = [c for c in conditions if c.relation in ("~", "=") and isinstance(c.left.body, Entry)]
    fixed = [(_at_limit(a, limits), _at_limit(b, limits)) for a, b in paired(left, right, model)]
    prover = Prover(model, work, tuple(c for c in model.assumptions if c.relation != "~"))
    prover.extra = tuple(parameter_facts(prover.forms, claim.parameters))
    for a, b in fixed:
        if not (_continuous(a) and _continuous(b)):
            continue
        try:
            first, second = prover.forms.form(a), prover.forms.form(b)
            if _undefined(first) or _undefined(second):
                return None
            if prover.proves(first - second, "=") and not prover.contradictory(first - second):
                return _at_limits(limits, "the limit values put in")
        except OutOfWork:
            continue
    from derivcheck.terms.tensor import scalar

    stated = any(c.relation == "~" for c in limits)
    for a, b in fixed[:1]:
        if not (stated or any(map(computer_algebra.has_analysis, (a, b)))):
            break  # without a limit there is nothing that SymPy would know more of
        if _continuous(a) and _continuous(b):
            found = computer_algebra.rung(Claim(scalar(a), "=", scalar(b)), model, work)
            if found is not None:
                return _at_limits(limits, "computer algebra at the limit values")
    return None


def _at_limits(limits: Sequence[Claim], method: str) -> Verdict:
    needs = [c.left.body.symbol for c in limits if isinstance(c.left.body, Entry)]
    return Verdict("proved", {"method": method, "limits": needs})


def _at_limit(term: Term, limits: Sequence[Claim]) -> Term:
    """`term` with every entry that a condition fixes replaced by its limit value."""

    def change(entry: Entry) -> Term | None:
        for condition in limits:
            pattern = condition.left.body
            assert isinstance(pattern, Entry)
            if pattern.symbol == entry.symbol and (value := _match(pattern, entry, condition)) is not None:
                return value
        return None

    return replace_entries(term, change)


def _match(pattern: Entry, entry: Entry, condition: Claim) -> Term | None:
    """The limit value of an entry that the left side of a condition stands for (at any of its axes)."""
    from derivcheck.terms.integers import difference
    from derivcheck.terms.node import Var, substitute

    free = {*condition.left.axes, *(p.index for p in condition.parameters)}
    values = {}
    for mine, theirs in zip(pattern.indices, entry.indices, strict=True):
        if isinstance(mine, Var) and mine.index in free:
            values[mine.index] = theirs
        elif difference(mine, theirs) != 0:
            return None
    axes = dict(zip(condition.right.axes, condition.left.axes, strict=False))
    body = substitute(condition.right.body, {r: Var(m) for r, m in axes.items()})
    return substitute(body, values)


def _continuous(term: Term) -> bool:
    """No jumps: cases may distinguish integers (where a recurrence begins), not values."""
    return not any(
        (isinstance(t, Cases) and any(_about_values(c) for c, _ in t.branches))
        or (isinstance(t, Function) and t.name in NOT_CONTINUOUS)
        for t in walk(term)
    )


def _about_values(condition: Term) -> bool:
    return any(isinstance(t, (Entry, Function)) for t in walk(condition))


def _undefined(poly: Poly) -> bool:
    """A negative power of 0, or the logarithm of a number that has none."""
    for atom in poly.atoms:
        if atom.kind == "group" and not atom.args[0].terms:
            return True
        value = atom.args[0].number if atom.kind == "fn" and atom.name == "log" else None
        if value is not None and value <= 0:
            return True
        if any(_undefined(arg) for arg in atom.args):
            return True
    return False


__all__ = ["Growth", "approx", "in_O", "rung", "same_class"]
