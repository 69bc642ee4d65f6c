"""Every rewrite says the same: the second evaluator finds the rewritten line to hold where the line itself does, and no
rewrite is refuted. The seed is printed; each rule has its row."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from benchmarks.trust_judging import judged, scope_of
from derivcheck.checking.blame.around import around
from derivcheck.checking.blame.edits import sites
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.show import show
from derivcheck.language.statements import read_statement
from derivcheck.record import replace
from derivcheck.variants import notations, recheck
from derivcheck.variants.mutants import changed
from derivcheck.variants.random_terms import GIVEN, claim
from derivcheck.variants.rewrites import RULES, rewrites

GIVENS = (
    r"A, B \in \mathbb{R}^{n \times n}", r"x, y, v, w \in \mathbb{R}^n", r"a, t \in \mathbb{R}", r"s = x^\top y + a",
    r"u = A x", r"f = x^\top A x",
)  # fmt: skip
RULE_BY_RULE = (
    (notations.inner_product_in_brackets, r"x^\top y = a", r"\langle x, y \rangle = a"),
    (notations.inner_product_as_norm, r"x^\top x = a", r"\lVert x \rVert^2 = a"),
    (notations.transposed_inner_product, r"x^\top y = a", r"y^\top x = a"),
    (notations.power_of_e, "e^{a + t} = a", r"(\exp(a + t)) = a"),
    (notations.diagonal_as_product, r"\operatorname{diag}(v) w = x", r"(v \odot w) = x"),
    (notations.product_as_diagonal, r"v \odot w = x", r"(\operatorname{diag}(v) w) = x"),
    (notations.gradient, r"\frac{\partial f}{\partial x} = y", r"\nabla_x f = y"),
    (notations.unfolded, "2 s = t", r"2 (\sum_k x_k y_k + a) = t"),
    (notations.unfolded, "u_i = t", r"(\sum_k A_{ik} x_k) = t"),
)


def claim_of(text, given=GIVENS):
    return read_statement(text, scope_of(given)).links[0]


@pytest.mark.parametrize(("rule", "text", "expected"), RULE_BY_RULE, ids=[r[0].__name__ for r in RULE_BY_RULE])
def test_a_rule(rule, text, expected):
    scope, root = scope_of(GIVENS), parse(text).node
    nearby = around(text, scope, root.operands[0], root.operands[1], claim_of(text).claim)
    made = [
        show(replace(root, operands=(put(variant.node), root.operands[1])))
        for node, put in sites(root.operands[0])
        for variant in rule(node, nearby)
    ]
    assert show(parse(expected).node) in made


def test_a_line_by_its_entries():
    link = claim_of("A B x = u")
    assert list(notations.by_entries("A B x = u", scope_of(GIVENS), link.claim)) == [
        r"\sum_k \left(\sum_{k'} A_{q,k'} B_{k',k}\right) x_k = u_q"
    ]


RIGHT = (
    r"x^\top (A v) = (A^\top x)^\top v", r"\operatorname{diag}(v) w = v \odot w", r"\|x\|^2 = x^\top x",
    r"(A + B) x = A x + B x", r"\frac{\partial f}{\partial x} = (A + A^\top) x", "e^{a + t} = e^a e^t",
    r"s - a = y^\top x", "u_i = (A x)_i", r"A (v \odot w) = A \operatorname{diag}(v) w", r"2 s = 2 x^\top y + 2 a",
    r"x^\top y + x^\top v = x^\top (y + v)", r"\operatorname{tr}(A B) = \operatorname{tr}(B A)",
    r"(x^\top y)^2 \le x^\top x \cdot y^\top y",
)  # fmt: skip


def test_rewrites_say_the_same():
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    applied: Counter[str] = Counter()
    sources = [(GIVENS, text) for text in RIGHT] + [(GIVEN, claim(seed + k)) for k in range(16)]
    for given, text in sources:
        scope, link = scope_of(given), claim_of(text, given)
        rng = random.Random(seed)
        made = list(changed(text, scope, link.claim, RULES, rng)) + rewrites(text, scope, link.claim, seed, 8)
        for change in made:
            again = read_statement(change.text.split("\\\\")[0], scope).links
            for other in again:
                assert other.claim is not None, (change, other.findings)
                found = recheck.agreement(other.claim, other.model, seed, worlds=2, points=2)
                assert not found["violated"] and not found["shapes"], (change, found)
            applied[change.rule] += 1
    assert sum(applied.values()) >= 200, applied


def test_no_rewrite_is_refuted():
    for text in RIGHT:
        for change in rewrites(text, scope_of(GIVENS), claim_of(text).claim, "refuted", 6):
            assert judged(GIVENS, change.text, 0).word != "refuted", change
