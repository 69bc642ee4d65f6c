"""Worlds made for one claim are handed to the next one under the same givens: as if they had been made for it."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from derivcheck.deciding.ladder import decide
from derivcheck.language.givens.table import read_givens
from derivcheck.language.statements import read_statement
from derivcheck.worlds import remembering
from derivcheck.worlds.sampling import Givens, Plan
from derivcheck.worlds.world import World

GIVEN = [r"A, B \in \mathbb{R}^{n \times n}", r"x \in \mathbb{R}^n", r"A^\top = A", r"A B = B A", r"c > 0"]


def _worlds(givens: Givens, seed: int = 7, worlds: int = 3) -> list[World]:
    return list(givens.stream(seed, Plan(worlds=worlds)))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_KNOWN", OrderedDict())


def _givens() -> Givens:
    scope, _ = read_givens(GIVEN)
    return Givens(scope.model, frozenset({"A", "B"}))


def test_the_same_worlds_at_the_same_price() -> None:
    scope, _ = read_givens(GIVEN)
    paid: list[list[int]] = [[], []]
    both = [Givens(scope.model, frozenset({"A", "B"}), report=paid[k].append) for k in (0, 1)]
    first, second = (_worlds(givens) for givens in both)
    assert [w.values for w in first] == [w.values for w in second]
    assert sum(paid[0]) == sum(paid[1]) > 0


def test_what_one_claim_draws_is_not_seen_by_the_next() -> None:
    scope, _ = read_givens(GIVEN)
    (one,) = _worlds(Givens(scope.model, frozenset({"A", "B"})), worlds=1)
    before = set(one.values)
    one.block(("x", ()))
    (other,) = _worlds(Givens(scope.model, frozenset({"A", "B"})), worlds=1)
    assert set(other.values) == before


def test_a_longer_plan_goes_on_where_a_shorter_one_ended() -> None:
    alone = [w.seed for w in _worlds(_givens(), worlds=4)]
    scope, _ = read_givens(GIVEN)
    made = Givens(scope.model, frozenset({"A", "B"}))
    assert len(_worlds(made, worlds=2)) == 2
    assert [w.seed for w in _worlds(Givens(scope.model, frozenset({"A", "B"})), worlds=4)] == alone


@pytest.mark.parametrize("line", [r"A B x = B A x", r"A B x = 2 B A x", r"\|A x\| \le c \|x\|"])
def test_a_verdict_does_not_hang_on_what_was_decided_before(line: str) -> None:
    scope, _ = read_givens(GIVEN)

    def decided(text: str) -> object:
        (link,) = read_statement(text, scope).links
        assert link.claim is not None
        return decide(link.claim, link.model, seed=7)

    alone = decided(line)
    decided(r"x^\top A B x = x^\top B A x")
    assert decided(line) == alone
