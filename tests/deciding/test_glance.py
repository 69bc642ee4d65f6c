"""The glance: equalities whose sides have a value everywhere end early, and with the verdict of the whole ladder."""

from __future__ import annotations

import random

import pytest

from derivcheck.checking.verifying import verify_claim
from derivcheck.deciding import glance, ladder
from derivcheck.deciding.budget import Work
from derivcheck.deciding.total import is_total
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.terms.model import Claim, Model
from derivcheck.variants.random_terms import GIVEN, claim
from derivcheck.worlds.errors import NoValue, Undefined
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.points import entries
from derivcheck.worlds.sampling import Plan, worlds

SEED = random.SystemRandom().randrange(10**6)

TOTAL = [
    (r"x \in \mathbb{R}^n", r"\|x\|^2"),
    (r"x \in \mathbb{R}^n", r"\frac{1}{1 + \|x\|^2}"),
    (r"x \in \mathbb{R}^n", r"\frac{e^{x_i}}{\sum_k e^{x_k}}"),
    (r"x \in \mathbb{R}^n", r"\log \sum_k e^{x_k}"),
    (r"a \in \mathbb{R}", r"\frac{\partial}{\partial a} \tanh(a)^2"),
    (r"a \in \mathbb{R}, a > 0", r"\log(a) + \frac{1}{a}"),
]
PARTIAL = [
    (r"a \in \mathbb{R}", r"\frac{1}{a}"),
    (r"a \in \mathbb{R}", r"\log(a)"),
    (r"a \in \mathbb{R}", r"\sqrt{a}"),
    (r"a \in \mathbb{R}", r"\frac{1}{1 - a^2}"),
    (r"A \in \mathbb{R}^{n \times n}", "A^{-1}"),
    (r"a \in \mathbb{R}", r"\frac{\partial}{\partial a} |a|"),
    (r"x \in \mathbb{R}^n", r"\frac{\partial}{\partial x_i} \|x\|"),
    (r"x \in \mathbb{R}^n", "x_{i+1}"),
]


def _claim(given: str, text: str) -> tuple[Claim, Model]:
    scope, _ = read_givens([given])
    claim = read_statement(text, scope).links[0].claim
    assert claim is not None, text
    return claim, scope.model


@pytest.mark.parametrize(("given", "text"), TOTAL)
def test_has_a_value_everywhere(given: str, text: str) -> None:
    claim, model = _claim(given, f"{text} = 0")
    assert is_total(claim.left.body, model)


@pytest.mark.parametrize(("given", "text"), PARTIAL)
def test_may_have_no_value(given: str, text: str) -> None:
    claim, model = _claim(given, f"{text} = 0")
    assert not is_total(claim.left.body, model)


def test_what_is_called_total_is_never_undefined() -> None:
    """Random typed terms, at drawn worlds: a term that is total by its form always has a value."""
    scope, _ = read_givens(GIVEN)
    totals = 0
    for k in range(60):
        statement = read_statement(claim(SEED + k).split(r"\\")[0], scope)
        found = statement.links[0].claim if statement.links else None
        if found is None or not is_total(found.left.body, scope.model):
            continue
        totals += 1
        for world in worlds(scope.model, found.left.body.symbols, SEED + k, Plan(worlds=3)):
            evaluator = Evaluator(scope.model, world)
            for place in entries(found, evaluator)[:6]:
                try:
                    evaluator.value(found.left.body, dict(zip(found.left.axes, place, strict=True)))
                except Undefined as undefined:
                    pytest.fail(f"seed {SEED + k}: {undefined.where}")
                except NoValue:
                    continue
    assert totals > 20, f"seed {SEED}"


def test_a_glance_never_says_another_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without it the ladder gives the same word."""
    without = tuple(r for r in ladder.RUNGS if r[0] != "glance")
    for k in range(20):
        text = claim(SEED + k)
        wrong = text.replace("=", "= 2 +", 1) if "nabla" not in text else text
        for written in (text, wrong):
            with_glance = verify_claim(written, GIVEN, seed=SEED).verdict
            with monkeypatch.context() as patch:
                patch.setattr(ladder, "RUNGS", without)
                assert verify_claim(written, GIVEN, seed=SEED).verdict == with_glance, f"seed {SEED + k}: {written}"


def test_what_may_be_undefined_is_left_to_the_search() -> None:
    claim, model = _claim(r"a \in \mathbb{R}", r"\frac{a}{a} = 1")
    assert glance.rung(claim, model, Work()) is None
    verdict = ladder.decide(claim, model)
    assert verdict.word == "proved" and "except" in verdict.evidence


SUMS = [
    ([r"x \in \mathbb{R}^n"], r"\sum_{i=1}^n x_i^2", True),
    ([r"x \in \mathbb{R}^n"], r"\sum_{i=2}^n x_i^2", False),
    ([r"x \in \mathbb{R}^n", r"y \in \mathbb{R}^m"], r"\sum_{i=1}^m x_i", False),
    ([r"g_t \in \mathbb{R} \text{ for } t = 1, \dots, T"], r"\sum_{t=1}^T g_t", True),
    ([r"g_t \in \mathbb{R} \text{ for } t = 1, \dots, T"], r"\sum_{t=0}^T g_t", False),
    ([r"g_t \in \mathbb{R} \text{ for } t = 0, \dots, T", r"g_t = g_{t-1}^2"], "g_t", False),
    ([r"x \in \mathbb{R}^n", r"p_i = \frac{e^{x_i}}{\sum_{j=1}^n e^{x_j}}"], "p_i", True),
]


@pytest.mark.parametrize(("given", "text", "total"), SUMS)
def test_sums_within_and_beyond(given: list[str], text: str, total: bool) -> None:
    scope, _ = read_givens(given)
    claim = read_statement(f"{text} = 0", scope).links[0].claim
    assert claim is not None and is_total(claim.left.body, scope.model, claim.parameters) is total
