"""Given lines to a scope: one row of the contract's table at a time."""

from __future__ import annotations

import pytest

from derivcheck.language.givens.table import read_givens
from derivcheck.language.scope import Scope
from derivcheck.terms.algebra import show_shape
from derivcheck.terms.model import Declaration
from derivcheck.terms.node import Compare, Entry, Number, Size


def scope_of(*lines: str) -> Scope:
    scope, findings = read_givens(lines)
    assert not findings, [f.message for f in findings]
    return scope


def declared(scope: Scope, name: str) -> Declaration:
    return scope.model.declarations[name]


def test_names_and_shapes() -> None:
    scope = scope_of(r"u, v \in \mathbb{R}^{n}", r"W \in \mathbb{R}^{2m \times n}", r"c \in \mathbb{R}^{n \times 1}")
    assert [show_shape(declared(scope, n).shape) for n in ("u", "W", "c")] == ["n", "2m x n", "n"]
    assert set(scope.model.dims) == {"m", "n"}


@pytest.mark.parametrize(
    ("line", "kind", "low", "high"),
    [
        (r"x \in \mathbb{R}", "real", None, None),
        (r"x > 0", "real", 0, None),
        (r"x \le 3", "real", None, 3),
        (r"0 < x < 1", "real", 0, 1),
        (r"x \in (0, 1)", "real", 0, 1),
        (r"x \in [-1, \infty)", "real", -1, None),
        (r"x \in \mathbb{N}", "integer", 1, None),
        (r"x \in \mathbb{Z}", "integer", None, None),
    ],
)
def test_domains_of_a_number(line: str, kind: str, low: int | None, high: int | None) -> None:
    domain = declared(scope_of(line), "x").domain
    bounds = [t.value if isinstance(t, Number) else None for t in (domain.low, domain.high)]
    assert (domain.kind, bounds) == (kind, [low, high])


def test_finite_sets_and_the_simplex() -> None:
    scope = scope_of(
        r"y \in \{0,1\}^k", r"\sum_i y_i = 1", r"s \in \{-1, 1\}^{n}", r"p \in \Delta^{k}", r"r \in \Delta^{k-1}"
    )
    assert [declared(scope, n).domain.kind for n in "ysp"] == ["finite", "finite", "simplex"]
    assert declared(scope, "r").shape == declared(scope, "p").shape
    assert len(scope.model.assumptions) == 1


def test_a_family_has_its_range_and_a_name_without_for_is_one_name() -> None:
    scope = scope_of(r"z_t \in \mathbb{R}^{d} \text{ for } t = 0, \dots, T", r"K_{zz} \in \mathbb{R}^{d \times d}")
    family = declared(scope, "z").family[0]
    assert family.lower is Number(0) or family.lower == Number(0)  # type: ignore[arg-type]
    assert family.upper == Entry("T") and declared(scope, "T").domain.kind == "integer"
    assert not declared(scope, "K_{zz}").family


def test_members_numbered_along_an_axis() -> None:
    scope = scope_of(
        r"X \in \mathbb{R}^{m \times n}", r"x_i \in \mathbb{R}^n \text{ for } i = 1, \dots, m", r"x_i = X^\top e_i"
    )
    assert isinstance(declared(scope, "x").family[0].upper, Size)
    assert len(declared(scope, "x").definitions) == 1


def test_an_index_variable_and_the_dimension_it_runs_over() -> None:
    scope = scope_of(r"a, b \in \{1, \dots, d\}", r"M \in \mathbb{R}^{d \times d}", r"q = M_{ab}")
    assert set(scope.indices) == {"a", "b"} and isinstance(scope.aliases["q"].body, Entry)


def test_a_whole_number_that_is_used_as_a_dimension_is_one() -> None:
    scope = scope_of(r"m \in \mathbb{N}", r"z \in \{1, \dots, m\}", r"m > 2")
    assert "m" not in scope.model.declarations and scope.model.dims["m"] == 3


def test_a_value_stays_opaque_and_a_function_is_a_macro() -> None:
    scope = scope_of(r"z \in \mathbb{R}^k", r"p = \operatorname{softmax}(z)", r"\psi(a) = \frac{1}{1 + a^2}")
    assert len(declared(scope, "p").definitions) == 1
    assert scope.functions[r"\psi"].body is not None and r"\psi" not in scope.model.declarations


def test_a_recurrence_holds_where_its_right_side_is_defined() -> None:
    scope = scope_of(
        r"A \in \mathbb{R}^{n \times n}",
        r"s_t \in \mathbb{R}^{n} \text{ for } t = 0, \dots, T",
        r"s_t = A s_{t-1}",
    )
    where = declared(scope, "s").definitions[0].where
    assert isinstance(where, Compare) and where.relation == ">=" and where.right == Number(1)  # type: ignore[arg-type]


def test_an_initial_value_comes_first() -> None:
    scope = scope_of(r"s_t \in \mathbb{R} \text{ for } t = 0, \dots, T", r"s_t = 2 s_{t-1}", r"s_0 = 1")
    first = declared(scope, "s").definitions[0]
    assert isinstance(first.where, Compare) and first.where.relation == "=" and first.body == Number(1)  # type: ignore[arg-type]


def test_an_index_makes_a_vector_of_numbers_and_a_family_of_vectors() -> None:
    scope = scope_of(
        r"A \in \mathbb{R}^{n \times m}",
        r"r_i = \sum_j A_{ij} \text{ for } i = 1, \dots, n",
        r"c_j = A e_j",
    )
    assert show_shape(declared(scope, "r").shape) == "n" and show_shape(declared(scope, "c").shape) == "n"
    assert not declared(scope, "r").family and len(declared(scope, "c").family) == 1


def test_assumptions_and_what_a_dimension_must_be_at_least() -> None:
    scope = scope_of(
        r"A \in \mathbb{R}^{m \times n}", r"Q \in \mathbb{R}^{n \times n}", r"Q^\top Q = I", r"\det Q \ne 0",
        r"\|A\|_2 < 1", r"m > n", r"Q \succ 0",
    )  # fmt: skip
    assert [c.relation for c in scope.model.assumptions] == ["=", "!=", "<", ">", "succ"]
    assert scope.model.dims == {"m": 2, "n": 1}


def test_a_bound_on_every_entry_becomes_the_domain() -> None:
    scope = scope_of(r"A \in \mathbb{R}^{n \times m}", r"A_{ij} > 0 \text{ for } i = 1, \dots, n, \; j = 1, \dots, m")
    assert declared(scope, "A").domain.low_strict and not scope.model.assumptions


def test_unknown_functions_and_matrices_of_a_standard_name() -> None:
    scope = scope_of(r"f : \mathbb{R}^{n} \to \mathbb{R}", r"\mathbf{1} \in \mathbb{R}^{n}", r"\log = \log_2")
    assert show_shape(scope.model.functions["f"].arguments[0]) == "n"
    assert show_shape(scope.sized["1"]) == "n" and scope.log_base == "2"


def test_a_definition_of_a_standard_operator_says_nothing_new() -> None:
    scope = scope_of(r"A \in \mathbb{R}^{n \times n}", r"e^{S} = \sum_{k=0}^{\infty} \frac{1}{k!} S^k")
    assert set(scope.model.declarations) == {"A"} and not scope.model.assumptions


def test_a_quantity_with_arguments_is_one_name() -> None:
    scope = scope_of(r"a \in \mathbb{R}^{n}", r"G(X; Y) = \sum_i a_i^2")
    assert "G(X;Y)" in scope.model.declarations


def test_a_prime_on_the_left_is_a_name() -> None:
    scope = scope_of(r"x \in \mathbb{R}^{n}", r"B \in \mathbb{R}^{n \times n}", r"x' = B x")
    assert show_shape(declared(scope, "x'").shape) == "n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (r"x \in \mathbb{Q}^{?}", "unexpected"),
        (r"x \in \mathcal{V}", "unknown-set"),
        (r"u = A v", "undeclared"),
        (r"u +", "unexpected"),
        (r"x", "bad-given"),
    ],
)
def test_a_line_that_cannot_be_read_has_a_finding_and_a_place(line: str, code: str) -> None:
    _, findings = read_givens([r"v \in \mathbb{R}^n", line])
    assert findings and findings[0].details["given"] == "1"
    assert findings[0].code == code or code == "unexpected"


def test_a_family_declared_by_its_law() -> None:
    scope = scope_of(r"\sigma > 0", r"\xi_i \sim \mathcal{N}(0, \sigma^2) \text{ for } i = 1, \dots, m")
    assert declared(scope, r"\xi").family and declared(scope, r"\xi").law is not None
