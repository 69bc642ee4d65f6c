"""Mutants, rewrites and the second evaluator: what they make is what they say, and the checker's verdicts agree."""

from __future__ import annotations

import multiprocessing

import pytest

from benchmarks.trust_judging import GOOD, judged, scope_of
from derivcheck.language.statements import read_statement
from derivcheck.variants import recheck
from derivcheck.variants.mutants import certified_wrong, mutants
from derivcheck.variants.random_terms import GIVEN, claim
from derivcheck.variants.rewrites import rewrites

MATRICES = ("A, B \\in \\mathbb{R}^{n \\times n}", "x, y \\in \\mathbb{R}^{n}", "b > 0")
RIGHT = (
    (MATRICES, "(A x)^\\top B y = x^\\top A^\\top B y"),
    (MATRICES, "b (A + B) x = b A x + b B x"),
    (MATRICES, "\\nabla_x \\|A x - y\\|^2 = 2 A^\\top (A x - y)"),
    (MATRICES, "\\operatorname{tr}(A B) = \\sum_{i} \\sum_{j} A_{ij} B_{ji}"),
    (("x \\in \\mathbb{R}",), "\\frac{d}{dx} \\tanh(x) = 1 - \\tanh^2(x)"),
    (("x \\in \\mathbb{R}",), "\\log(1 + e^x) = x + \\log(1 + e^{-x})"),
)


def link_of(given: tuple[str, ...], text: str):
    return read_statement(text, scope_of(given)).links[0]


@pytest.mark.parametrize(("given", "text"), RIGHT, ids=[text for _, text in RIGHT])
def test_a_certified_mutant_is_refuted_and_a_rewrite_is_not(given, text):
    link = link_of(given, text)
    for change in mutants(text, scope_of(given), link.claim, "test", 4):
        outcome = judged(given, change.text, 0)
        claims = [(k.claim, k.model) for k, _ in outcome.links if k.claim is not None]
        if claims and any(c.left.shape == c.right.shape and certified_wrong(c, m, 0) for c, m in claims):
            assert outcome.word not in GOOD, change
    for change in rewrites(text, scope_of(given), link.claim, "test", 4):
        assert judged(given, change.text, 0).word != "refuted", change


@pytest.mark.parametrize(("given", "text"), RIGHT, ids=[text for _, text in RIGHT])
def test_the_second_evaluator_agrees_with_what_is_right(given, text):
    link = link_of(given, text)
    found = recheck.agreement(link.claim, link.model, 0, worlds=2, points=3)
    assert found["agrees"] and not found["violated"]


def test_a_refutation_is_confirmed_at_its_counterexample():
    outcome = judged(MATRICES, "\\nabla_x \\|A x - y\\|^2 = 2 A (A x - y)", 0)
    (link, verdict), = outcome.links
    assert verdict.word == "refuted"
    assert recheck.refutation(link.claim, link.model, verdict.counterexample) == "confirmed"


def _words(seed: int, texts: list[str]) -> list[str]:
    return [judged(GIVEN, text, seed).word for text in texts]


def test_verdicts_do_not_depend_on_seed_order_or_process():
    texts = [claim(k) for k in range(4)]
    for k in range(3):
        source = claim(10 + k)
        texts += [c.text for c in mutants(source, scope_of(GIVEN), link_of(GIVEN, source).claim, k, 2)]
    first = _words(0, texts)
    assert _words(1, texts) == first
    assert _words(2, texts[::-1])[::-1] == first
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_words, (0, texts)) == first


def test_a_row_transposed_is_a_vector():
    given = ("W \\in \\mathbb{R}^{n \\times m}", "x \\in \\mathbb{R}^{m}", "b \\in \\mathbb{R}^{n}")
    assert judged(given, "\\tanh((x^\\top W^\\top)^\\top + b) = \\tanh(W x + b)", 0).word == "proved"


CONTRADICTORY = (
    (("x > 0", "x < 0"), "x = x + 1"), (("x \\in \\mathbb{R}", "x^2 = -1"), "x^4 = 1"),
    (("x \\in \\mathbb{R}", "1 = 2"), "x = x"),
)  # fmt: skip


@pytest.mark.parametrize(("given", "text"), CONTRADICTORY)
def test_givens_that_nothing_satisfies_prove_nothing(given, text):
    assert judged(given, text, 0).word == "undecided"
