"""Lines of a derivation: links, definitions, continuation, conditions, what is never held against a student."""

from __future__ import annotations

import pytest

from derivcheck.deciding.ladder import decide
from derivcheck.language.givens.table import read_givens
from derivcheck.language.options import Options
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link, Statement, read_statement

RECURRENT = [
    r"A \in \mathbb{R}^{n \times n}",
    r"b \in \mathbb{R}^{n}",
    r"s_t \in \mathbb{R}^{n} \text{ for } t = 0, \dots, T",
    r"\phi(x) = \tanh(x)",
    r"s_t = \phi(A s_{t-1} + b)",
]
SOFTMAX = [r"z, y \in \mathbb{R}^{k}", r"p = \operatorname{softmax}(z)", r"\sum_i y_i = 1", r"L = -\sum_i y_i \log p_i"]


def scope_of(lines: list[str]) -> Scope:
    scope, findings = read_givens(lines)
    assert not findings
    return scope


def read(text: str, given: list[str], *before: str, **options: str) -> Statement:
    """The last of several lines."""
    scope, previous = scope_of(given), None
    for line in (*before, text):
        previous = read_statement(line, scope, previous, Options(**options))  # type: ignore[arg-type]
        scope = previous.scope
    assert previous is not None
    return previous


def word(link: Link) -> str:
    if link.claim is None:
        return link.kind if link.shape_error is None else "shapes"
    found = decide(link.claim, link.model).word
    return "undecided" if found == "refuted" and link.undeclared else found


def words(text: str, given: list[str], *before: str, **options: str) -> list[str]:
    statement = read(text, given, *before, **options)
    assert not statement.findings, [f.message for f in statement.findings]
    return [word(link) for link in statement.links]


def test_a_chain_has_a_link_for_each_relation() -> None:
    statement = read(r"b^\top b = \sum_i b_i^2 = \|b\|^2 \ge 0", RECURRENT)
    assert [link.relation for link in statement.links] == ["=", "=", ">="]
    assert [word(link) for link in statement.links] == ["proved"] * 3


def test_several_relations_in_a_line() -> None:
    assert (
        words(r"\sum_i p_i = 1, \quad p^\top \mathbf{1} = 1 \text{ and } L = -y^\top \log p", SOFTMAX) == ["proved"] * 3
    )


def test_a_line_that_begins_with_a_relation_continues_the_one_before() -> None:
    assert words(r"= p_i - y_i", SOFTMAX, r"\frac{\partial L}{\partial z_i}") == ["proved"]
    alone = read_statement("= p", scope_of(SOFTMAX))
    assert alone.findings and not alone.links


def test_a_bare_index_on_both_sides_means_for_every_value() -> None:
    statement = read(r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)", SOFTMAX)
    claim = statement.links[0].claim
    assert claim is not None and [p.index.name for p in claim.parameters] == ["i", "j"]
    assert word(statement.links[0]) == "proved"
    assert words(r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_i)", SOFTMAX) == ["refuted"]


def test_a_bare_index_on_one_side_is_a_name_that_nothing_introduces() -> None:
    statement = read(r"L = -\log p_c", SOFTMAX)
    assert statement.links[0].undeclared == ("c",)
    assert word(statement.links[0]) == "undecided"


def test_a_name_that_nothing_introduces_is_never_refuted_and_has_a_suggestion() -> None:
    statement = read(r"\nabla_z L = q - y", SOFTMAX)
    assert statement.links[0].undeclared == ("q",)
    assert word(statement.links[0]) != "refuted"


def test_conditions_on_indices() -> None:
    for text in (r"p_i' = 0", r"\frac{\partial p_i}{\partial z_j} = -p_i p_j, \quad i \ne j",
                 r"\frac{\partial p_i}{\partial z_j} = -p_i p_j \text{ for } i \ne j",
                 r"\frac{\partial p_i}{\partial z_j} = -p_i p_j \text{ if } i \ne j")[1:]:  # fmt: skip
        assert words(text, SOFTMAX)[0] in ("proved", "holds")


def test_a_condition_on_time() -> None:
    statement = read(r"s_t = \phi(A s_{t-1} + b) \text{ if } t > 1", RECURRENT)
    claim = statement.links[0].claim
    assert claim is not None and len(claim.given) == 1 and statement.conditions


def test_a_fresh_name_is_a_definition_and_a_given_name_a_claim() -> None:
    assert words(r"a_t = A s_{t-1} + b", RECURRENT) == ["definition"]
    assert words(r"s_t = \phi(a_t)", RECURRENT, r"a_t = A s_{t-1} + b") == ["proved"]
    assert words(r"s_t = a_t", RECURRENT, r"a_t = A s_{t-1} + b") == ["refuted"]


def test_a_derivative_by_a_name_that_the_student_made() -> None:
    before = (r"a_t = A s_{t-1} + b",)
    assert words(r"\frac{\partial s_t}{\partial a_t} = \operatorname{diag}(1 - s_t^2)", RECURRENT, *before) == [
        "proved"
    ]
    left, right = (
        r"\frac{\partial s_t}{\partial s_{t-1}}",
        r"\frac{\partial s_t}{\partial a_t} \frac{\partial a_t}{\partial s_{t-1}}",
    )
    chain = f"{left} = {right}"
    assert words(chain, RECURRENT, *before) == ["proved"]


def test_a_name_without_its_index_is_defined_for_the_index_of_its_value() -> None:
    lines = (r"M = \operatorname{diag}(\phi'(A s_t + b)) A",)
    assert words(r"\frac{\partial s_{t+1}}{\partial s_t} = M", RECURRENT, *lines) == ["proved"]


def test_definitions_after_their_use() -> None:
    assert words(r"L = -\sum_i y_i u_i \text{ where } u = \log p", SOFTMAX) == ["proved"]


def test_what_looks_like_a_definition_and_is_none() -> None:
    assert words(r"e^{b^\top b} = 0", RECURRENT) == ["refuted"]
    assert words(r"\phi(-x) = \phi(x)", RECURRENT) == ["undecided"]
    assert words(r"\rho(A) = 1", RECURRENT) == ["refuted"]
    assert words(r"Ab = b", RECURRENT) == ["refuted"]


def test_shapes_refute_only_where_every_name_is_known() -> None:
    assert words(r"p p^\top = p^\top p", SOFTMAX) == ["shapes"]
    assert words(r"A p = y", SOFTMAX) != ["shapes"]


def test_zero_and_order_go_with_every_entry_but_a_number_equals_no_vector() -> None:
    assert words(r"p > 0", SOFTMAX) == ["proved"]
    assert words(r"p - p = 0", SOFTMAX) == ["proved"]
    assert words(r"z = 1", SOFTMAX) == ["shapes"]


def test_immediate_on_the_left_is_immediate_on_the_right() -> None:
    line = r"\frac{\partial^+ s_t}{\partial b} = \frac{\partial s_t}{\partial a_t} \frac{\partial a_t}{\partial b}"
    assert words(line, RECURRENT, r"a_t = A s_{t-1} + b") == ["proved"]


def test_products_with_dots_and_their_order() -> None:
    steps = r"\frac{\partial s_T}{\partial s_{T-1}} \cdots \frac{\partial s_{i+1}}{\partial s_i}"
    dots = r"\frac{\partial s_T}{\partial s_i} = " + steps
    statement = read(dots, RECURRENT)
    assert word(statement.links[0]) in ("proved", "holds")
    product = r"\frac{\partial s_t}{\partial s_i} = \prod_{k=i+1}^{t} \frac{\partial s_k}{\partial s_{k-1}}"
    assert "product-order" in read(product, RECURRENT).links[0].ambiguities
    assert words(product, RECURRENT, product_order="left") == ["proved"]


def test_membership_of_a_known_value_is_a_claim() -> None:
    assert words(r"p_1 \in (0, 1]", SOFTMAX) in (["proved", "proved"], ["proved", "holds"])
    assert words(r"v \in \mathbb{R}^{k}", SOFTMAX) == ["declaration"]
    assert words(r"z \in \mathbb{R}^{k}", SOFTMAX) == ["repeat"]


def test_classes() -> None:
    claim = read(r"O(n^2 m) = O(n^2 m + m)", [r"n, m \in \mathbb{N}"]).links[0].claim
    assert claim is not None and claim.relation == "in_O"


def test_a_second_definition_of_a_students_name_is_marked() -> None:
    assert read(r"c = b^\top A b", RECURRENT, r"c = b^\top b").links[0].redefines == "c"


@pytest.mark.parametrize("text", [r"\frac{a}{", r"=", r"\int x^2 = 3", r"x \oplus y = 3", "", r"\text{so}"])
def test_nothing_raises(text: str) -> None:
    statement = read_statement(text, scope_of(SOFTMAX))
    assert isinstance(statement, Statement)


def test_an_implication_is_judged_under_what_it_supposes() -> None:
    statement = read(r"x > 2 \Rightarrow x^2 > 4", [r"x \in \mathbb{R}"])
    supposed, held = statement.links
    assert "implication" in supposed.ambiguities and held.claim is not None and held.claim.given
    assert word(held) in ("proved", "holds")


LAYERS = [r"H^{(l)} \in \mathbb{R}^{n \times n} \text{ for } l = 0, \dots, K", r"M \in \mathbb{R}^{n \times n}",
          r"H^{(l+1)} = M H^{(l)}"]  # fmt: skip


def test_members_named_above_are_given_names() -> None:
    assert words(r"H^{(2)} = M^2 H^{(0)}", LAYERS) == ["proved"]
    assert words(r"H^{(2)} = M H^{(0)}", LAYERS) == ["refuted"]
    assert words(r"H^{(l)}_{ij} = \sum_k M_{ik} H^{(l-1)}_{kj}", LAYERS)[0] in ("proved", "holds")


def test_sums_over_pairs() -> None:
    given = [r"x \in \mathbb{R}^{n}"]
    assert words(r"\sum_{i \ne j} x_i x_j = (\sum_i x_i)^2 - \sum_i x_i^2", given) == ["proved"]
    assert words(r"\sum_{j \ne i} x_j = \sum_j x_j - x_i", given) == ["proved"]
