"""What expressions mean: shapes, and values against values computed by hand or from plain sums."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.table import read_givens
from derivcheck.language.parsing.parser import parse
from derivcheck.language.reading import elaborator
from derivcheck.language.scope import Scope
from derivcheck.terms.algebra import show_shape
from derivcheck.terms.node import Entry, Number, Term
from derivcheck.terms.tensor import Tensor

GIVEN = [
    r"\alpha, \beta \in \mathbb{R}",
    r"u, v \in \mathbb{R}^{n}",
    r"w \in \mathbb{R}^{m}",
    r"A \in \mathbb{R}^{m \times n}",
    r"S, P \in \mathbb{R}^{n \times n}",
    r"r \in \mathbb{R}^{1 \times n}",
    r"g_t \in \mathbb{R}^{n} \text{ for } t = 0, \dots, T",
    r"W_{uu} \in \mathbb{R}^{n \times n}",
    r"v' \in \mathbb{R}^{m}",
    r"\phi(x) = \frac{x}{1 + x^2}",
    r"F : \mathbb{R}^{n} \to \mathbb{R}^{m}",
]


@pytest.fixture(scope="module")
def scope() -> Scope:
    made, findings = read_givens(GIVEN)
    assert not findings
    return made


def read(scope: Scope, text: str) -> Tensor:
    node = parse(text).node
    elab: Elaborator = elaborator(scope, Elaborator(scope).options, (node,))
    tensor = elab.session.settle(elab.tensor(node))
    assert not elab.session.undeclared, elab.session.undeclared
    return tensor


SHAPES = {
    r"\alpha \beta": "scalar",
    r"\alpha u": "n",
    r"A u": "m",
    r"A^\top w": "n",
    r"u^\top v": "scalar",
    r"u v^\top": "n x n",
    r"w u^T": "m x n",
    r"r u": "scalar",
    r"u r": "n x n",
    r"u \cdot v": "scalar",
    r"u \odot v": "n",
    r"\alpha \circ u": "n",
    r"u + 1": "n",
    r"S^2": "n x n",
    r"u^2": "n",
    r"S^{-1} u": "n",
    r"S^{-\top}": "n x n",
    r"A S": "m x n",
    r"A \otimes S": "m n x n n",
    r"u \otimes v": "n x n",
    r"I + S": "n x n",
    r"\mathbf{1}^\top u": "scalar",
    r"A \mathbf{1}": "m",
    r"S (I - \frac{1}{n} \mathbf{1}\mathbf{1}^\top) P": "n x n",
    r"e_2^\top u": "scalar",
    r"\operatorname{diag}(u) S": "n x n",
    r"\operatorname{diag}(S)": "n",
    r"\operatorname{vec}(A)": "m n",
    r"\operatorname{tr}(S P)^2": "scalar",
    r"\log \det S": "scalar",
    r"\tanh^2(u)": "n",
    r"\operatorname{softmax}(A)": "m x n",
    r"e^{S}": "n x n",
    r"e^{u}": "n",
    r"\|A\|_F^2": "scalar",
    r"\langle u, v \rangle": "scalar",
    r"\max_i |u_i|": "scalar",
    r"\max(u, v)": "n",
    r"\sum_{i} u_i A_{:,i}": "m",
    r"\sum_{t=1}^{T} g_t": "n",
    r"g_T": "n",
    r"g_t^\top g_{t-1}": "scalar",
    r"W_{uu} g_0": "n",
    r"v'": "m",
    r"{v'}^\top A u": "scalar",
    r"[u, v]": "n x 2",
    r"\begin{bmatrix} S & u \\ v^\top & \alpha \end{bmatrix}": "n + 1 x n + 1",
    r"\begin{bmatrix} I & 0 \\ 0 & S \end{bmatrix} \begin{bmatrix} S \\ P \end{bmatrix}": "2n x n",
    r"\mathbb{1}\{u > 0\} \odot u": "n",
    r"F(u)": "m",
    r"\phi(A)": "m x n",
    r"\phi'(u)": "n",
    r"\begin{cases} u & \alpha > 0 \\ 0 & \text{otherwise} \end{cases}": "n",
}


@pytest.mark.parametrize("text", SHAPES)
def test_shapes(scope: Scope, text: str) -> None:
    assert show_shape(read(scope, text).shape) == SHAPES[text]


MISMATCHES = [
    r"u v", r"u S", r"A w", r"S + 1", r"u + w", r"u \odot w", r"\operatorname{tr}(u)", r"A^2", r"A^{-1}", r"\det A",
    r"u + v^\top", r"\phi(u) A", r"F(w)", r"\operatorname{tr}(A)",
]  # fmt: skip


@pytest.mark.parametrize("text", MISMATCHES)
def test_shapes_that_do_not_conform(scope: Scope, text: str) -> None:
    with pytest.raises(ShapeError):
        read(scope, text)


@pytest.mark.parametrize("text", [r"g", r"\alpha_1 x^{(3)}", r"\sum", r"A_{i}", r"[1 < 2", r"\log"])
def test_what_cannot_be_read_is_no_mistake(scope: Scope, text: str) -> None:
    with pytest.raises((Unreadable, AssertionError)):
        read(scope, text)


# values --------------------------------------------------------------------------------------------------------

NUMBERS = {
    r"2^{10} - 24": 1000,
    r"1/2 \cdot 6": 3,
    r"\frac{3}{4} - 0.25": Fraction(1, 2),
    r"\sum_{i=1}^{4} i^2": 30,
    r"\prod_{k=2}^{5} k": 120,
    r"\sum_{1 \le i < j \le 4} i j": 35,
    r"\sum_{i=1}^{3} \sum_{j=1}^{i} j": 10,
    r"\max(2, 7, 3) - \min\{4, 1\}": 6,
    r"|{-3}| + \lfloor 7/2 \rfloor": 6,
    r"\mathbb{1}\{2 > 1\} + [3 = 4]": 1,
    r"\delta_{22} + \delta_{12}": 1,
    r"1 + 2 + \dots + 10": 55,
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}_{21}": 3,
    r"\begin{bmatrix} 1 & 2 \end{bmatrix} \begin{bmatrix} 3 \\ 4 \end{bmatrix}": 11,
    r"\det \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": -2,
    r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix}": -2,
    r"\operatorname{tr}\left(\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^2\right)": 29,
    r"\binom{5}{2}": 10,
    r"-2^2": -4,
    r"2 \cdot 3^{-1} \cdot 9": 6,
    r"\phi(2)": Fraction(2, 5),
    r"\phi'(1)": 0,
    r"\phi(2)^2": Fraction(4, 25),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_values_of_closed_expressions(scope: Scope, text: str) -> None:

    assert value(scope, text) == NUMBERS[text]


def value(scope: Scope, text: str) -> Fraction:
    """A closed expression, evaluated exactly."""
    from derivcheck.worlds.evaluation import Evaluator
    from derivcheck.worlds.world import World

    tensor = read(scope, text)
    assert not tensor.axes
    found = Evaluator(scope.model, World({}, {})).value(tensor.body, {})
    return Fraction(str(found))


# names ---------------------------------------------------------------------------------------------------------


def entry(scope: Scope, text: str) -> Term:
    return read(scope, text).body


def test_a_declared_full_name_wins_over_scripts(scope: Scope) -> None:
    assert isinstance(body := entry(scope, r"v'"), Entry) and body.symbol == "v'"
    assert isinstance(body := entry(scope, r"W_{uu}"), Entry) and body.symbol == "W_{uu}"


def test_members_and_entries_of_a_family(scope: Scope) -> None:
    body = entry(scope, r"g_{t-1}[2]")
    assert isinstance(body, Entry) and body.symbol == "g" and body.indices[1] == Number(Fraction(2))
    assert entry(scope, r"g_{3,1}") is entry(scope, r"g_3[1]") is entry(scope, r"(g_3)_1")


def test_bold_and_plain_are_one_letter_unless_both_are_declared() -> None:
    one, _ = read_givens([r"\mathbf{x} \in \mathbb{R}^n"])
    assert entry(one, "x_1") is entry(one, r"\mathbf{x}_1")
    both, _ = read_givens([r"x \in \mathbb{R}", r"\mathbf{x} \in \mathbb{R}^n"])
    assert not read(both, "x").axes and len(read(both, r"\mathbf{x}").axes) == 1


def test_a_vector_beside_a_family_of_the_same_letter() -> None:
    scope, findings = read_givens([r"q \in \mathbb{R}^d", r"q_j \in \mathbb{R}^{m} \text{ for } j = 1, \dots, n"])
    assert not findings
    assert show_shape(read(scope, "q").shape) == "d" and show_shape(read(scope, "q_1").shape) == "m"


def test_letters_that_are_declared_as_a_word_are_one_name() -> None:
    scope, _ = read_givens([r"pos \in \mathbb{N}", r"d \in \mathbb{R}"])
    assert isinstance(body := entry(scope, "pos"), Entry) and body.symbol == "pos"
    assert not read(scope, "pos d").axes
