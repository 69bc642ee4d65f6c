"""Facts and a negated goal as nonlinear real arithmetic, solved by z3 in a killed child.

z3 sees atoms as real unknowns. Only `unsat` says anything: the goal follows from the facts. A model over
opaque atoms is never a refutation. The limit is z3's own resource count; the clock is the last guard.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from derivcheck.deciding.child import Done, run
from derivcheck.deciding.order.facts import Condition, Fact
from derivcheck.deciding.order.poly import Atom, Poly
from derivcheck.record import dataclass, field

Monomial = tuple[tuple[int, int], ...]
Plain = tuple[tuple[int, int, Monomial], ...]
"""A polynomial as plain values: numerator, denominator, powers of variables by number."""


@dataclass(frozen=True, slots=True)
class Constraint:
    name: str
    poly: Plain
    relation: str
    when: tuple[tuple[Plain, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """variables: how many; definitions: what roots, reciprocals and groups are; facts; the goal to be negated."""

    variables: int
    definitions: tuple[Constraint, ...]
    facts: tuple[Constraint, ...]
    goal: Constraint | None


@dataclass(frozen=True, slots=True)
class Answer:
    """status: 'unsat', 'sat' or 'unknown'; used: the names of the facts that the proof needed; spent: z3's count."""

    status: str
    used: tuple[str, ...] = ()
    spent: int = 0


@dataclass
class _Encoder:
    degrees: dict[str, int]
    atoms: dict[str, Atom]
    roots: dict[str, int] = field(default_factory=dict)
    inverses: dict[str, int] = field(default_factory=dict)
    definitions: list[Constraint] = field(default_factory=list)
    count: int = 0

    def variable(self) -> int:
        self.count += 1
        return self.count - 1

    def root(self, key: str) -> int:
        """The variable s with s^q = atom, where q is the common denominator of the atom's exponents."""
        if key in self.roots:
            return self.roots[key]
        self.roots[key] = s = self.variable()
        degree = self.degrees[key]
        if degree % 2 == 0:
            self.define(((1, 1, ((s, 1),)),), ">=")
        atom = self.atoms[key]
        if atom.kind == "group":
            inner = [(-n, d, m) for n, d, m in self.plain(atom.args[0])]
            self.define(((1, 1, ((s, degree),)), *inner), "=")
        return s

    def define(self, poly: Plain, relation: str) -> None:
        self.definitions.append(Constraint("", poly, relation))

    def inverse(self, key: str) -> int:
        if key not in self.inverses:
            s = self.root(key)
            self.inverses[key] = r = self.variable()
            self.define(((1, 1, tuple(sorted(((s, 1), (r, 1))))), (-1, 1, ())), "=")
        return self.inverses[key]

    def plain(self, poly: Poly) -> Plain:
        out = []
        for mono, coefficient in poly.terms:
            powers = []
            for atom, exponent in mono:
                whole = exponent * self.degrees[atom.key]
                variable = self.root(atom.key) if whole > 0 else self.inverse(atom.key)
                powers.append((variable, abs(int(whole))))
            out.append((coefficient.numerator, coefficient.denominator, tuple(sorted(powers))))
        return tuple(out)

    def constraint(self, fact: Fact) -> Constraint:
        when = tuple((self.plain(p), r) for p, r in fact.when)
        return Constraint(fact.lemma, self.plain(fact.poly), fact.relation, when)


def encode(facts: Sequence[Fact], goal: Condition | None) -> Problem:
    polys = [p for f in facts for p in (f.poly, *(w for w, _ in f.when))] + ([goal[0]] if goal else [])
    degrees: dict[str, int] = {}
    atoms: dict[str, Atom] = {}
    stack = list(polys)
    while stack:
        for mono, _ in stack.pop().terms:
            for atom, exponent in mono:
                if atom.kind == "group" and atom.key not in atoms:
                    stack.append(atom.args[0])
                atoms[atom.key] = atom
                degrees[atom.key] = lcm(degrees.get(atom.key, 1), Fraction(exponent).denominator)
    encoder = _Encoder(degrees, atoms)
    encoded = tuple(encoder.constraint(f) for f in facts)
    target = Constraint("goal", encoder.plain(goal[0]), goal[1]) if goal else None
    return Problem(encoder.count, tuple(encoder.definitions), encoded, target)


LARGEST_DEGREE = 64
"""A power is written out as a product for z3: beyond this it has no hope, and `x^{10^9}` would fill the memory."""


def _degree(problem: Problem) -> int:
    """The highest power of a variable anywhere in a problem."""
    constraints = (*problem.definitions, *problem.facts, *((problem.goal,) if problem.goal else ()))
    polys = (p for c in constraints for p in (c.poly, *(w for w, _ in c.when)))
    return max((exponent for poly in polys for *_, powers in poly for _, exponent in powers), default=0)


def ask(problem: Problem, rlimit: int, seconds: float) -> Answer:
    if _degree(problem) > LARGEST_DEGREE:
        return Answer("unknown")
    outcome = run(solve, problem, rlimit, seconds=seconds, warm=("z3",))
    return outcome.value if isinstance(outcome, Done) else Answer("unknown", spent=rlimit)


# --- inside the child ----------------------------------------------------------------------------------------------


def solve(problem: Problem, rlimit: int) -> Answer:
    """Runs in the child: first with tracked facts (the core names the lemmas), then by nlsat."""
    z3 = _z3()

    variables = [z3.Real(f"v{k}") for k in range(problem.variables)]
    fixed = [_formula(c, variables) for c in problem.definitions]
    facts = [(c.name, _formula(c, variables)) for c in problem.facts]
    if problem.goal is not None:
        fixed.append(z3.Not(_formula(problem.goal, variables)))
    status, used, spent = _tracked(z3, fixed, facts, rlimit // 8)
    if status == "unknown":
        status, more = _untracked(z3, fixed, [f for _, f in facts], rlimit)
        spent += more
        used = tuple(dict.fromkeys(name for name, _ in facts))
        if status == "unsat":
            used = _needed(z3, fixed, facts, used, rlimit // 8)
    return Answer(status, used, spent)


def _z3() -> Any:
    """z3, whose type hints are wider than what is used of it here."""
    import z3

    return z3


def _tracked(z3: Any, fixed: list[Any], facts: list[tuple[str, Any]], rlimit: int) -> tuple[str, tuple[str, ...], int]:
    solver = z3.Solver()
    solver.set("rlimit", rlimit)
    solver.add(*fixed)
    for number, (_, formula) in enumerate(facts):
        solver.assert_and_track(formula, f"f{number}")
    status = str(solver.check())
    used: tuple[str, ...] = ()
    if status == "unsat":
        core = sorted(int(str(c)[1:]) for c in solver.unsat_core())
        used = tuple(dict.fromkeys(facts[k][0] for k in core))
    return status, used, _spent(solver)


def _untracked(z3: Any, fixed: list[Any], facts: list[Any], rlimit: int) -> tuple[str, int]:
    solver = z3.SolverFor("QF_NRA")
    solver.set("rlimit", rlimit)
    solver.add(*fixed, *facts)
    status = str(solver.check())
    return status, _spent(solver)


def _needed(
    z3: Any, fixed: list[Any], facts: list[tuple[str, Any]], names: tuple[str, ...], rlimit: int
) -> tuple[str, ...]:
    """The names without which the proof fails, found by leaving out one after another."""
    kept = list(names)
    for name in names:
        rest = [f for n, f in facts if n in kept and n != name]
        if _untracked(z3, fixed, rest, rlimit)[0] == "unsat":
            kept.remove(name)
    return tuple(kept)


def _spent(solver: Any) -> int:
    statistics = solver.statistics()
    return int(statistics.get_key_value("rlimit count")) if "rlimit count" in statistics.keys() else 0  # noqa: SIM118


def _formula(constraint: Constraint, variables: list[Any]) -> Any:
    z3 = _z3()
    main = _relation(constraint.poly, constraint.relation, variables)
    if not constraint.when:
        return main
    return z3.Implies(z3.And(*(_relation(p, r, variables) for p, r in constraint.when)), main)


def _relation(poly: Plain, relation: str, variables: list[Any]) -> Any:
    z3 = _z3()
    total = z3.RealVal(0)
    for numerator, denominator, powers in poly:
        term = z3.Q(numerator, denominator)
        for variable, exponent in powers:
            for _ in range(exponent):
                term = term * variables[variable]
        total = total + term
    match relation:
        case ">=":
            return total >= 0
        case ">":
            return total > 0
        case "=":
            return total == 0
        case "!=":
            return total != 0
    raise ValueError(relation)
