"""Enclosures of infinite sums, improper integrals and limits hold their closed forms, and are narrow; what does not
converge has no value."""

from __future__ import annotations

import itertools

import pytest
from flint import arb

from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.arithmetic import Balls
from derivcheck.worlds.errors import NoValue
from derivcheck.worlds.evaluation import Evaluator
from derivcheck.worlds.sampling import worlds

CLOSED = [
    (["r \\in (0,1)"], "\\sum_{k=0}^\\infty r^k = \\frac{1}{1-r}"),
    (["r \\in (0,1)"], "\\sum_{k=1}^\\infty k^2r^k = \\frac{r(1+r)}{(1-r)^3}"),
    (["r \\in (0,1)"], "\\sum_{k=0}^\\infty(-r)^k = \\frac{1}{1+r}"),
    (["x \\in \\mathbb{R}"], "\\sum_{k=0}^\\infty\\frac{x^k}{k!} = e^x"),
    (["x \\in \\mathbb{R}"], "\\sum_{k=0}^\\infty\\frac{(-1)^kx^{2k}}{(2k)!} = \\cos x"),
    (["\\lambda > 0"], "\\sum_{k=0}^\\infty k^2\\frac{\\lambda^ke^{-\\lambda}}{k!} = \\lambda^2+\\lambda"),
    ([], "\\sum_{k=1}^\\infty\\frac{1}{k^2} = \\frac{\\pi^2}{6}"),
    ([], "\\sum_{k=1}^\\infty\\frac{1}{k^4+k^2} = \\frac{\\pi^2}{6}+\\frac12-\\frac{\\pi}{2\\tanh\\pi}"),
    (["a > 0"], "\\int_0^\\infty x^3e^{-ax}\\,dx = \\frac{6}{a^4}"),
    (["a > 0", "b \\in \\mathbb{R}"], "\\int_{-\\infty}^\\infty e^{-ax^2+bx}\\,dx = \\sqrt{\\frac\\pi a}e^{b^2/(4a)}"),
    (["a > 0"], "\\int_{-\\infty}^\\infty\\frac{1}{a^2+x^2}\\,dx = \\frac{\\pi}{a}"),
    (["t \\in \\mathbb{R}"], "\\int_{-\\infty}^te^x\\,dx = e^t"),
    (["b > 0"], "\\int_{-\\infty}^\\infty x^2e^{-|x|/b}\\,dx = 4b^3"),
    ([], "\\int_0^1\\log x\\,dx = -1"),
    ([], "\\int_0^1\\frac{1}{\\sqrt{x}}\\,dx = 2"),
    ([], "\\int_0^1\\frac{1}{\\sqrt{1-x}}\\,dx = 2"),
    ([], "\\int_0^\\infty\\frac{\\log(1+e^{-x})}{1}\\,dx = \\frac{\\pi^2}{12}"),
    (["a \\in \\mathbb{R}"], "\\lim_{n \\to \\infty}(1+\\frac an)^n = e^a"),
    (["a \\in \\mathbb{R}"], "\\lim_{h \\to 0}\\frac{(a+h)^3-a^3}{h} = 3a^2"),
    (["a > 0"], "\\lim_{h \\to 0}\\frac{\\sqrt{a^2+h}-a}{h} = \\frac{1}{2a}"),
    ([], "\\lim_{x \\to \\infty}(\\sqrt{x^2+x}-x) = \\frac12"),
    ([], "\\lim_{x \\to 0}\\frac{\\tan x-x}{x^3} = \\frac13"),
    ([], "\\lim_{x \\to 0^+}x^x = 1"),
    ([], "\\lim_{x \\to 0^-}\\frac{|x|}{x} = -1"),
    ([], "\\lim_{x \\to \\infty}x^3e^{-x} = 0"),
    (["r \\in (0,1)"], "\\lim_{n \\to \\infty}\\sum_{k=0}^nr^k = \\frac{1}{1-r}"),
]
NO_VALUE = [
    "\\sum_{k=1}^\\infty\\frac1k = 1", "\\sum_{k=0}^\\infty 2^k = -1", "\\sum_{k=0}^\\infty k! = 1",
    "\\int_1^\\infty\\frac1x\\,dx = 1", "\\int_0^1\\frac1x\\,dx = 1", "\\int_0^\\infty e^{x}\\,dx = -1",
    "\\int_{-1}^1\\frac{1}{x^2}\\,dx = -2", "\\lim_{x \\to 0}\\frac{|x|}{x} = 1", "\\lim_{x \\to \\infty}\\sin x = 0",
    "\\lim_{x \\to 0}\\frac1x = 0", "\\lim_{x \\to \\infty}\\frac{x^2}{x+1} = 1",
]  # fmt: skip


def read(given: list[str], text: str) -> tuple[Claim, Model]:
    scope, _ = read_givens(given)
    (link,) = read_statement(text, scope).links
    assert link.claim is not None
    return link.claim, link.model


@pytest.mark.parametrize(("given", "text"), CLOSED)
def test_the_closed_form_lies_inside(given: list[str], text: str) -> None:
    claim, model = read(given, text)
    symbols = claim.left.body.symbols | claim.right.body.symbols
    for world in itertools.islice(worlds(model, symbols, 3), 5):
        for bits in (64, 128):
            evaluator = Evaluator(model, world, Balls(bits))
            left, right = (arb(evaluator.value(side.body)) for side in (claim.left, claim.right))
            assert left.overlaps(right)
            assert left.rad() < 2e-3 * (1 + abs(right))


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_does_not_converge_has_no_value(text: str) -> None:
    claim, model = read([], text)
    world = next(iter(worlds(model, frozenset(), 3)))
    with pytest.raises(NoValue):
        Evaluator(model, world, Balls(64)).value(claim.left.body)


def test_an_integral_that_does_not_settle_ends_with_the_work_it_was_given() -> None:
    claim, model = read([], "\\int_0^2 |x^2-2|\\,dx = 1")
    evaluator = Evaluator(model, next(iter(worlds(model, frozenset(), 3))), Balls(64), limit=5_000)
    with pytest.raises(NoValue):
        evaluator.value(claim.left.body)
    assert evaluator.nodes < 6_000
