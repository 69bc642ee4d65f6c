"""What the second evaluator says by its own rules of Loewner's order, infinite sums and limits."""

from __future__ import annotations

import pytest

from benchmarks.trust_judging import judged, scope_of
from derivcheck.language.statements import read_statement
from derivcheck.variants import recheck

DEFINITE = (r"A, B \in \mathbb{R}^{n \times n}", r"A \succ 0", r"B \succ 0")
SQUARE = (r"A \in \mathbb{R}^{n \times n}",)
RATIO = (r"r \in (0, 1)",)
X = (r"x \in \mathbb{R}",)
CLAIMS = (
    (DEFINITE, r"A + B \succ 0", True), (DEFINITE, r"A - B \succ 0", False), (SQUARE, r"A^\top A \succeq 0", True),
    (SQUARE, r"A + A^\top \succeq 0", False), (RATIO, r"\sum_{k=0}^{\infty} r^k = \frac{1}{1 - r}", True),
    (RATIO, r"\sum_{k=0}^{\infty} r^k = \frac{r}{1 - r}", False),
    (X, r"\sum_{k=0}^{\infty} \frac{x^k}{k!} = e^x", True),
    (X, r"\lim_{t \to 0} \frac{\sin(x t)}{t} = x", True), (X, r"\lim_{t \to 0} \frac{\sin(x t)}{t} = 1", False),
    (X, r"\lim_{t \to \infty} \frac{1}{1 + t} = 0", True),
    (X, r"\lim_{t \to 0} \frac{1 - \cos(t)}{t^2} = \frac{1}{2}", True),
)  # fmt: skip


@pytest.mark.parametrize(("given", "text", "right"), CLAIMS, ids=[text for _, text, _ in CLAIMS])
def test_a_claim(given, text, right):
    link = read_statement(text, scope_of(given)).links[0]
    found = recheck.agreement(link.claim, link.model, 1, worlds=3, points=4)
    assert (found["agrees"] and not found["violated"]) if right else found["violated"]


def test_a_refuted_order_is_confirmed():
    (link, verdict), = judged(SQUARE, r"A + A^\top \succeq 0", 0).links
    assert recheck.refutation(link.claim, link.model, verdict.counterexample) == "confirmed"


@pytest.mark.parametrize("text", [r"\sum_{k=1}^{\infty} \frac{1}{k^2} = x", r"\lim_{t \to 0} \frac{|t|}{t} = x"])
def test_what_does_not_settle_has_no_rule(text):
    link = read_statement(text, scope_of(X)).links[0]
    assert set(recheck.agreement(link.claim, link.model, 1, worlds=2, points=2)) == {"unsupported"}
