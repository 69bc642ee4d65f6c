"""Slips in right claims: a number changed, two indices swapped, one symbol for another, a sign lost. What the normal
form still proves must not be refuted by the search for counterexamples."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from derivcheck.deciding import search
from derivcheck.deciding.budget import Budget, OutOfWork, Work
from derivcheck.deciding.normal import rung
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.terms.build import MINUS_ONE, mul
from derivcheck.terms.model import Claim, Model
from derivcheck.terms.node import Add, Entry, Number, Term, map_children, walk
from derivcheck.terms.tensor import Tensor
from tests.deciding.test_normal_identities import RIGHT


def replaced(term: Term, old: Term, new: Term) -> Term:
    """`term` with one subterm replaced wherever it stands."""
    memo: dict[Term, Term] = {}

    def visit(t: Term) -> Term:
        if t is old:
            return new
        if t not in memo:
            memo[t] = map_children(t, visit)
        return memo[t]

    return visit(term)


def slips(term: Term, rng: random.Random) -> list[tuple[Term, Term]]:
    """Pairs of a subterm and what a slip makes of it."""
    parts = list(walk(term))
    entries = [t for t in parts if isinstance(t, Entry)]
    found: list[tuple[Term, Term]] = []
    for part in parts:
        if isinstance(part, Number) and part.value.denominator == 1 and abs(part.value) < 5:
            found.append((part, Number(part.value + rng.choice([Fraction(1), Fraction(-1)]))))
        if isinstance(part, Add):
            found.append((part, Add((*part.args[:-1], mul(MINUS_ONE, part.args[-1])))))
        if isinstance(part, Entry) and len(part.indices) == 2:
            found.append((part, Entry(part.symbol, part.indices[::-1])))
        if isinstance(part, Entry):
            others = [e for e in entries if e.symbol != part.symbol and len(e.indices) == len(part.indices)]
            if others:
                found.append((part, Entry(rng.choice(others).symbol, part.indices)))
    return found


def mutants(claim: Claim, seed: int, count: int) -> list[Claim]:
    rng = random.Random(seed)
    found = slips(claim.right.body, rng)
    rng.shuffle(found)
    made = []
    for old, new in found[:count]:
        body = replaced(claim.right.body, old, new)
        if body is not claim.right.body:
            made.append(
                Claim(claim.left, claim.relation, Tensor(claim.right.axes, body), claim.parameters, claim.given)
            )
    return made


def check(given: list[str], text: str, seed: int, count: int) -> None:
    scope, _ = read_givens(given)
    for link in read_statement(text, scope).links:
        if link.claim is None:
            continue
        for mutant in mutants(link.claim, seed, count):
            assert not wrongly_proved(mutant, link.model), f"{text}\n{mutant.right.body}"


def wrongly_proved(claim: Claim, model: Model) -> bool:
    try:
        proved = rung(claim, model, Work(0, Budget(rewrites=4000)))
    except ValueError:  # the slip made an index that the symbol does not have
        return False
    if proved is None:
        return False
    try:
        tested = search.rung(claim, model, Work())
    except OutOfWork:
        return False
    return tested is not None and tested.word == "refuted"


@pytest.mark.parametrize(("given", "claim"), RIGHT[::4], ids=[c for _, c in RIGHT[::4]])
def test_no_slip_is_proved(given, claim):
    check(given, claim, 0, 3)


@pytest.mark.long
@pytest.mark.parametrize(("given", "claim"), RIGHT, ids=[c for _, c in RIGHT])
def test_no_slip_of_many_is_proved(given, claim):
    check(given, claim, 1, 12)
