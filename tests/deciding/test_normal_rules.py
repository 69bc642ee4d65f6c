"""Every rule of the normal form, sampled where it acts: the product before and the sum after have one value.

The rules fire on random terms and on the few samples below; each application is recorded and evaluated."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

import pytest

from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.normal.algebra import Algebra, Rule, poly_of
from derivcheck.deciding.normal.assumptions import facts_of, with_integers
from derivcheck.deciding.normal.back import to_term
from derivcheck.deciding.normal.hypotheses import hypotheses, rule
from derivcheck.deciding.normal.lower import Lowering, Unsupported
from derivcheck.deciding.normal.poly import ONE, Atom, Poly, constant, variable
from derivcheck.deciding.normal.powers import Undefined
from derivcheck.deciding.normal.range_rules import own_range
from derivcheck.deciding.normal.raws import Raw
from derivcheck.deciding.normal.rung import ALL_RULES
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.terms.build import ZERO, add, number, sub
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Entry, Function, Size, Var, fresh
from derivcheck.terms.tensor import scalar
from derivcheck.worlds.arithmetic import Floats
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.sampling import Plan, worlds
from tests.deciding.test_fuzz_evaluation import MODEL as MATRICES
from tests.deciding.test_fuzz_evaluation import Grower
from tests.deciding.test_normal_fuzz_scalars import MODEL as SCALARS
from tests.deciding.test_normal_fuzz_scalars import N, Scalars

NOTHING = Claim(scalar(ZERO), "=", scalar(ZERO))
SAMPLES = 12
"""Applications of each rule that are evaluated."""

GIVEN = [
    r"A, B, Q, S \in \mathbb{R}^{n \times n}",
    r"x, y \in \mathbb{R}^n",
    r"T \in \mathbb{N}",
    r"2 \le T",
    r"r \in \mathbb{R}",
    r"a_t \in \mathbb{R} \text{ for } t = 0, \dots, T",
    r"Q^\top Q = I",
    r"S^\top = S",
    r"p \in \Delta^n",
    r"w \in \{0, 1\}^n",
    r"u \in \{-1, 1\}^n",
    r"\sum_i w_i = 1",
    r"\det A \ne 0",
    r"j \in \{1, \dots, T-1\}",
    r"V_t \in \mathbb{R}^{n \times n} \text{ for } t = 1, \dots, T",
]
CLAIMS = [
    r"A^{T} A = A A^{T+1}",
    r"S S^{T} x = S^{T} S x",
    r"\det(Q A Q) = 1",
    r"\operatorname{tr}(Q^\top A Q) = 0",
    r"\sum_{t=0}^{T} r^t = r",
    r"\sum_{t=1}^{T} t^2 a_{t-1} + \sum_{t=1}^{T} t^3 = 0",
    r"\sum_{t=1}^{T} (t + 2t^4) = \sum_i p_i w_i^2 + w_1 w_2",
    r"(A + xy^\top)^{-1} x = (A + B)^{-1} A (S + I)^{-1} S y",
    r"\operatorname{vec}(A)^\top (B \otimes Q) \operatorname{vec}(B) = 0",
    r"\cos^2 r + \sin(2r) = |r|^2 \sqrt{8}",
    r"\left(\prod_{t=1}^{j} V_t\right) \left(\prod_{t=j+1}^{T} V_t\right) = \prod_{t=1}^{T} V_t",
    r"\max(r, -r) \max(-r, r) = 0",
    r"\sum_i u_i^3 x_i + \sum_i u_i^2 y_i = r",
]


def has_ranges(raw: Raw) -> bool:
    """Whether every integer dummy still has its range (one that a delta has taken the place of is about to go)."""
    return all(x.dim is not None or own_range(raw, x) is not None for x in raw.dummies)


class Recorder:
    """The rules, each application kept: (rule, before, after)."""

    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[Raw, list[Raw], Model]]] = defaultdict(list)

    def watched(self, original: Rule, model: Model) -> Rule:
        def apply(algebra: Algebra, raw: Raw) -> list[Raw] | None:
            after = original.apply(algebra, raw)
            if after is not None and len(self.seen[original.name]) < SAMPLES and has_ranges(raw):
                self.seen[original.name].append((raw, after, model))
            return after

        return replace(original, apply=apply)

    def lowering(self, model: Model, claim: Claim = NOTHING) -> Lowering:
        algebra = Algebra(facts_of(model, claim), Work(0, Budget(rewrites=3000)), ALL_RULES)
        lowering = Lowering(algebra)
        with_integers(lowering, claim)
        rules = [*ALL_RULES, *(rule(h) for h in hypotheses(lowering, claim))]
        algebra.rules = [self.watched(r, model) for r in rules]
        lowering.forget()
        return lowering


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    recorder = Recorder()
    terms = [(Scalars(seed).of(3, []), SCALARS, NOTHING) for seed in range(250)]
    terms += [(Grower(seed).of("n n", 2)[0].body, MATRICES, NOTHING) for seed in range(60)]
    scope, _ = read_givens(GIVEN)
    for text in CLAIMS:
        for link in read_statement(text, scope).links:
            assert link.claim is not None, text
            terms += [(side.body, link.model, link.claim) for side in (link.claim.left, link.claim.right)]
    for term, model, claim in terms:
        with suppress(OutOfWork, Undefined, Unsupported):
            recorder.lowering(model, claim)(term)
    by_hand(recorder)
    return recorder


def by_hand(recorder: Recorder) -> None:
    """Products that only arise when a definition is opened inside a sum, or a sum is over both parts of a pair."""
    lowering = recorder.lowering(SCALARS)
    algebra = lowering.algebra
    t, length = fresh("t"), lowering(Entry("T"))
    inside = Atom(("range",), (variable(t), constant(1), length))
    positive = Atom(("condition", ">"), (variable(t),))
    algebra.settle([Raw(Fraction(2), (t,), ((inside, ONE), (positive, ONE), (Atom(("index",), index=t), ONE)))])
    x = fresh("x", N * N)
    row = Function("div", (sub(Var(x), number(1)), Size(N)))
    halves = lowering(Entry("x", (add(row, number(1)),)))
    ((coefficient, monomial),) = halves
    algebra.settle([Raw(coefficient, (x,), monomial.factors)])


def total(raws: list[Raw]) -> Poly:
    return Poly.of(pair for raw in raws for pair in poly_of(raw))


@pytest.mark.parametrize("name", [r.name for r in ALL_RULES])
def test_a_rule_keeps_the_value(recorded, name):
    applications = recorded.seen.get(name, [])
    assert applications, f"no sample sets off the rule {name!r}"
    compared = 0
    for before, after, model in applications:
        left, right = to_term(poly_of(before)), to_term(total(after))
        for world in worlds(model, frozenset(model.declarations), name, Plan(worlds=2)):
            place = {i: 1 + k % 2 for k, i in enumerate(sorted(left.free | right.free, key=lambda i: i.name))}
            evaluator = Evaluator(model, world, Floats())
            try:
                values = [evaluator.arithmetic.to_float(evaluator.value(t, place)) for t in (left, right)]
            except (NoValue, OverflowError, ZeroDivisionError, IndexError):
                continue
            if max(map(abs, values)) < 1e12:
                compared += 1
                assert abs(values[0] - values[1]) <= 1e-6 * (1 + abs(values[0])), f"{poly_of(before)} -> {total(after)}"
    assert compared, f"no application of {name!r} could be evaluated"


def test_a_coefficient_is_kept():
    lowering = Recorder().lowering(SCALARS)
    assert lowering.algebra.scale(lowering(Scalars(1).leaf([])), Fraction(0)).number == 0
