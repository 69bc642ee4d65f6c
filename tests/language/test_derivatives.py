"""Derivatives as they are written: each formula beside one without derivatives (or a simpler one) of the same value."""

from __future__ import annotations

import pytest

from derivcheck.language.derivatives.parts import is_immediate
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.table import read_givens
from derivcheck.terms.algebra import show_shape
from derivcheck.terms.unfold import states
from tests.language.readers import CELL, NETWORK, both, chain_scope, node_of, plain_scope, read, value
from tests.terms.reference import close

PLAIN = plain_scope()
CHAIN = chain_scope()


def same(scope, left: str, right: str, **options) -> None:
    a, b = both(scope, left, right, **options)
    assert a.keys() == b.keys(), (left, right)
    assert all(close(a[k], b[k]) for k in a), (left, right)


@pytest.mark.parametrize("left, right", [
    (r"\frac{\partial}{\partial u} u^\top u", r"2u"),
    (r"\frac{\partial (u^\top A u)}{\partial u}", r"(A + A^\top) u"),
    (r"\nabla_u u^\top A u", r"(A + A^\top) u"),
    (r"\nabla_u (u^\top v) \cdot x", r"x v"),
    (r"\partial (A u)/\partial u", r"A"),
    (r"\partial (v^\top A u)/\partial u + v", r"A^\top v + v"),
    (r"\frac{\partial (u^\top X v)}{\partial X}", r"u v^\top"),
    (r"\frac{\partial}{\partial X} \operatorname{tr}(A X)", r"A^\top"),
    (r"\frac{\partial \operatorname{tr}(A X)}{\partial X^\top}", r"A"),
    (r"\frac{\partial (u^\top v)}{\partial u_1}", r"v_1"),
    (r"\frac{\partial (u^\top X v)}{\partial X_{12}}", r"u_1 v_2"),
    (r"\frac{\partial (u^\top X v)}{\partial X[1,2]}", r"u_1 v_2"),
    (r"\frac{\partial (A u)}{\partial u}[2,3]", r"A_{23}"),
    (r"\frac{d}{dt} \sin(t x)", r"x \cos(t x)"),
    (r"\frac{d}{dt}(A + t X)", r"X"),
    (r"\frac{d \tanh(t)}{dt}", r"1 - \tanh^2(t)"),
    (r"\frac{\mathrm{d} t^3}{\mathrm{d} t}", r"3t^2"),
    (r"\frac{\partial^2 (x^2 y^3)}{\partial x \partial y}", r"6 x y^2"),
    (r"\frac{\partial^2 x^5}{\partial x^2}", r"20 x^3"),
    (r"\partial^2 (x^5)/\partial x^2", r"20 x^3"),
    (r"\frac{\partial^2 (u^\top A u)}{\partial u \partial u^\top}", r"A + A^\top"),
    (r"\nabla_u^2 (u^\top A u)", r"A + A^\top"),
    (r"\frac{\partial (\sigma^4 + \log \sigma)}{\partial \sigma^2}", r"2\sigma^2 + \frac{1}{2\sigma^2}"),
    (r"\phi'(x)", r"\phi(x)(1 - \phi(x))"),
    (r"\phi'(x)^2", r"(\phi(x)(1 - \phi(x)))^2"),
    (r"\phi'(A u)", r"\phi(A u) \odot (1 - \phi(A u))"),
    (r"\phi''(x)", r"\phi(x)(1 - \phi(x))(1 - 2\phi(x))"),
    (r"\phi'(x^2)", r"\phi(x^2)(1 - \phi(x^2))"),
    (r"\tanh'(u)", r"1 - \tanh^2(u)"),
    (r"\nabla F(u)", r"(A + A^\top) u + u"),
    (r"\nabla F(2 v)", r"2 (A + A^\top) v + u"),
    (r"\nabla^2 F(v)", r"A + A^\top"),
    (r"\frac{\partial f(u)}{\partial u}", r"\nabla f(u)"),
    (r"\frac{\partial f(A u)}{\partial u}", r"A^\top \nabla f(A u)"),
    (r"\frac{\partial g(A u)}{\partial u}", r"J_g(A u) A"),
    (r"\frac{\partial f}{\partial u}", r"\nabla f(u)"),
    (r"\frac{d}{dx} s(x^2)", r"2 x s'(x^2)"),
    (r"(s \phi)'(x)", r"s'(x) \phi(x) + s(x) \phi'(x)"),
    (r"(s + \phi)'(x)", r"s'(x) + \phi'(x)"),
    (r"(s \circ \phi)'(x)", r"s'(\phi(x)) \phi'(x)"),
    (r"\frac{\partial s(u)}{\partial u}", r"\operatorname{diag}(s'(u))"),
    (r"\frac{\partial^2 f(u)}{\partial u \partial u^\top}", r"\nabla^2 f(u)"),
])
def test_what_is_written(left: str, right: str) -> None:
    same(PLAIN, left, right)


@pytest.mark.parametrize("left, right", [
    (r"\frac{\partial L}{\partial y}\frac{\partial y}{\partial u}", r"A^\top ((1 - r^2) \odot v)"),
    (r"\frac{\partial L}{\partial r} \cdot \frac{\partial r}{\partial y} \cdot \frac{\partial y}{\partial u}",
     r"\frac{\partial L}{\partial u}"),
    (r"\frac{\partial r}{\partial y}\frac{\partial y}{\partial u}", r"\operatorname{diag}(1 - r^2) A"),
    (r"\frac{\partial L}{\partial y}\frac{\partial y}{\partial A}", r"((1 - r^2) \odot v) u^\top"),
    (r"\frac{\partial L}{\partial r}\left(\frac{\partial r}{\partial y}\frac{\partial y}{\partial u}\right)",
     r"\frac{\partial L}{\partial u}"),
    (r"\frac{\partial L}{\partial r}\left[\frac{\partial r}{\partial u} + \frac{\partial r}{\partial y}A\right]",
     r"2 A^\top ((1 - r^2) \odot v)"),
    (r"\left(\frac{\partial y}{\partial u}\right)^\top \frac{\partial L}{\partial y}",
     r"\frac{\partial L}{\partial u}"),
    (r"\frac{\partial L}{\partial A_{12}}",
     r"\sum_{i=1}^3 \frac{\partial L}{\partial y_i} \frac{\partial y_i}{\partial A_{12}}"),
    (r"\nabla_u L", r"A^\top \nabla_y L"),
])
def test_chains_contract_over_what_stands_between(left: str, right: str) -> None:
    same(CHAIN, left, right)


def test_without_a_chain_shapes_must_conform() -> None:
    with pytest.raises(ShapeError):
        read(CHAIN, r"\frac{\partial L}{\partial y} A")


@pytest.mark.parametrize("layout, text, shape", [
    ("default", r"\frac{\partial L}{\partial u}", "n"),
    ("numerator", r"\frac{\partial L}{\partial u}", "1 x n"),
    ("numerator", r"\frac{\partial L}{\partial y}\frac{\partial y}{\partial u}", "1 x n"),
    ("denominator", r"\frac{\partial L}{\partial u}", "n"),
])
def test_layouts(layout: str, text: str, shape: str) -> None:
    assert show_shape(read(CHAIN, text, layout=layout).shape) == shape


def test_denominator_layout_transposes_jacobians_of_whole_chains() -> None:
    same(CHAIN, r"\frac{\partial r}{\partial y}\frac{\partial y}{\partial u}", r"A^\top \operatorname{diag}(1 - r^2)",
         layout="denominator")


@pytest.mark.parametrize("left, right", [
    (r"\frac{\partial h_3}{\partial h_2}", r"\operatorname{diag}(1 - h_3^2) W"),
    (r"\frac{\partial h_3}{\partial h_1}", r"\operatorname{diag}(1 - h_3^2) W \operatorname{diag}(1 - h_2^2) W"),
    (r"\frac{\partial h_4}{\partial a_3}", r"\operatorname{diag}(1 - h_4^2) W \operatorname{diag}(1 - h_3^2)"),
    (r"\frac{\partial^+ h_3}{\partial W_{12}}", r"(1 - (h_3)_1^2) (h_2)_2 e_1"),
    (r"\frac{\partial h_3^+}{\partial W_{12}}", r"(1 - (h_3)_1^2) (h_2)_2 e_1"),
    (r"\frac{\partial^+ (W h_2)}{\partial W_{12}}", r"(h_2)_2 e_1"),
    (r"\frac{\partial^+ \tanh(a_3)}{\partial W_{12}}", r"(1 - (h_3)_1^2) (h_2)_2 e_1"),
    (r"\frac{\partial L}{\partial h_4}\frac{\partial h_4}{\partial h_3}", r"\frac{\partial L}{\partial h_3}"),
    (r"\frac{\partial L}{\partial h_4}\left(\prod_{k=2}^{4}\frac{\partial h_{6-k}}{\partial h_{5-k}}\right)",
     r"\frac{\partial L}{\partial h_1}"),
])
def test_recurrences(left: str, right: str) -> None:
    same(NETWORK, left, right)


def test_in_an_immediate_line_every_factor_is_immediate() -> None:
    chain = r"\frac{\partial^+ h_3}{\partial a_3}\frac{\partial a_3}{\partial b}"
    same(NETWORK, chain, r"\operatorname{diag}(1 - h_3^2)", immediate=True)


def test_the_total_derivative_is_not_the_immediate_one() -> None:
    total, now = (value(NETWORK, rf"\frac{{\partial{sign} h_3}}{{\partial W_{{12}}}}") for sign in ("", "^+"))
    assert not all(close(total[k], now[k]) for k in total)
    assert all(close(a, b) for a, b in zip(now.values(), value(
        NETWORK, r"\frac{\partial h_3}{\partial W_{12}}", immediate=True).values(), strict=True))


def test_a_state_of_two_families_holds_the_other_half() -> None:
    same(CELL, r"\frac{\partial C_3}{\partial C_2}", r"\operatorname{diag}(f_3)")
    same(CELL, r"\frac{\partial h_3}{\partial C_3}", r"\operatorname{diag}(f_3 \odot (1 - \tanh^2(C_3)))")


def test_what_has_no_meaning_is_said() -> None:
    for text in (r"\frac{\partial u}{\partial (A u)}", r"\frac{\partial}{\partial u}", r"\phi'"):
        with pytest.raises(Unreadable):
            read(PLAIN, text)


def test_immediate_signs_are_found_anywhere() -> None:
    assert is_immediate(node_of(r"x + \frac{\partial^+ h}{\partial w}[j]"))
    assert is_immediate(node_of(r"\partial^+ h/\partial w"))
    assert is_immediate(node_of(r"\frac{\partial h_i^+}{\partial w}"))
    assert not is_immediate(node_of(r"\frac{\partial h_i}{\partial w}"))
    assert not is_immediate(node_of(r"\frac{\partial h_T}{\partial h_i} \frac{\partial^+ h_i}{\partial w}"))


def test_a_row_counts_as_its_entries() -> None:
    """Jacobians of rows by rows are square; the gradient of a number by a row is a row."""
    scope, findings = read_givens([
        r"x \in \mathbb{R}^{1 \times n}", r"A \in \mathbb{R}^{n \times n}", r"v \in \mathbb{R}^n",
        r"h = \tanh(x A)", r"J = h v",
    ])
    assert not findings
    same(scope, r"\frac{\partial h}{\partial x}", r"\operatorname{diag}(1 - h^2) A^\top")
    same(scope, r"\frac{\partial J}{\partial x}", r"((1 - h^2) \odot v^\top) A^\top")
    same(scope, r"\frac{\partial J}{\partial h}\frac{\partial h}{\partial x}", r"\frac{\partial J}{\partial x}")
    same(scope, r"\frac{\partial J}{\partial h}\frac{\partial h}{\partial A}", r"x^\top ((1 - h^2) \odot v^\top)")


def test_a_given_may_define_a_derivative_as_notation() -> None:
    """Exactly that subscript has the given meaning; the one before it is total."""
    scope, findings = read_givens([
        r"V \in \mathbb{R}^{n \times n}", r"s_t \in \mathbb{R}^n \text{ for } t = 0, \dots, 4",
        r"s_t = \tanh(V s_{t-1})", r"\frac{\partial s_3}{\partial V} = \frac{\partial^+ s_3}{\partial V}",
    ])
    assert not findings
    same(scope, r"\frac{\partial s_3}{\partial V}", r"\frac{\partial^+ s_3}{\partial V}")
    now, total = value(scope, r"\frac{\partial s_2}{\partial V}"), value(scope, r"\frac{\partial^+ s_2}{\partial V}")
    assert not all(close(now[k], total[k]) for k in now)


def test_a_value_with_its_own_variables_in_brackets() -> None:
    same(CHAIN, r"\nabla L(u)", r"\nabla_u L")
    same(CHAIN, r"\frac{\partial L(u, v)}{\partial v}", r"r(y)")


def test_the_state_is_what_begins_from_a_free_value() -> None:
    """`z_t` is computed at every step, however its index is shifted: an immediate derivative looks through it."""
    scope, findings = read_givens([
        r"V \in \mathbb{R}^{n \times n}", r"h_t \in \mathbb{R}^n \text{ for } t = 0, \dots, 4",
        r"z_t \in \mathbb{R}^n \text{ for } t = 0, \dots, 3", r"z_t = V h_t", r"h_t = \tanh(z_{t-1})",
    ])
    assert not findings
    assert states(scope.model) == {"h"}
    same(scope, r"\frac{\partial^+ h_3}{\partial V_{12}}", r"(1 - (h_3)_1^2) (h_2)_2 e_1")
    same(scope, r"\frac{\partial^+ z_2}{\partial V_{12}}", r"(h_2)_2 e_1")
