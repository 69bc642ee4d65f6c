"""Lines that look like a definition or a power and are neither; parameters of a law are where the law needs them."""

from __future__ import annotations

import pytest

from derivcheck.checking.verifying import verify_claim

XY = ["x, y \\in \\mathbb{R}"]
MEMBERS = ["x \\in \\mathbb{R}", "x^{(i)} \\in \\mathbb{R} \\text{ for } i = 1, \\dots, n", "n > 2"]
SIMPLEX = ["p, q \\in \\Delta^k"]
VECTOR = ["a, x \\in \\mathbb{R}^k"]


@pytest.mark.parametrize("claim", ["g(x, y) = g(y, x)", "g(x) = g(-x)", "g(x) = g(x) + 1"])
def test_what_is_said_of_a_function_by_itself_is_no_definition(claim: str) -> None:
    assert verify_claim(claim, XY).verdict == "undecided"


@pytest.mark.parametrize("claim", ["g(x, y) = x + y", "T(n) = T(n-1) + 1"])
def test_a_function_and_a_recurrence_are_defined(claim: str) -> None:
    assert verify_claim(claim, [*XY, "n \\in \\mathbb{N}"]).verdict == "proved"


@pytest.mark.parametrize("claim", ["H(p) = H(q)", "H(p, q) = H(q, p)"])
def test_entropies_that_are_compared_are_no_definition(claim: str) -> None:
    assert verify_claim(claim, SIMPLEX).verdict == "refuted"


@pytest.mark.parametrize("claim", ["x^{(2)} = x^2", "x^{(1)} = x", "x^{(1)} x^{(2)} = x^3"])
@pytest.mark.parametrize("given", [MEMBERS, MEMBERS[:1]])
def test_a_number_in_brackets_above_a_name_is_no_power(claim: str, given: list[str]) -> None:
    assert verify_claim(claim, given).verdict == "undecided"


def test_brackets_in_an_exponent_may_be_there_for_nothing() -> None:
    assert verify_claim("x^{(n+1)} = x \\cdot x^n", ["x > 0", "n \\in \\mathbb{N}"]).verdict == "proved"


@pytest.mark.parametrize(
    ("given", "claim"),
    [
        (["n, p \\in \\mathbb{R}", "x \\sim \\operatorname{Bin}(n, p)"], "\\operatorname{Var}(x) \\ge 0"),
        ([*VECTOR, "x \\sim \\operatorname{Dir}(a)"], "\\mathbb{E}[x_1] \\ge 0"),
        ([*VECTOR, "x \\sim \\operatorname{Cat}(a)"], "\\sum_i a_i = 1"),
        ([*VECTOR, "n \\in \\mathbb{R}", "x \\sim \\operatorname{Mult}(n, a)"], "\\mathbb{E}[x_1] \\ge 0"),
    ],
)
def test_the_parameters_of_a_law_are_such_that_there_is_one(given: list[str], claim: str) -> None:
    assert verify_claim(claim, given).verdict in ("proved", "holds")


@pytest.mark.parametrize(
    "claim", [r"\lim_{t \to \infty} \theta_t = \theta", r"\theta_t \to \theta \text{ as } t \to \infty"]
)
def test_that_a_free_sequence_tends_to_something_is_open(claim: str) -> None:
    given = [r"\theta_t \in \mathbb{R}^d \text{ for } t = 0, 1, \dots, T", r"\theta \in \mathbb{R}^d"]
    assert verify_claim(claim, given).verdict == "undecided"
