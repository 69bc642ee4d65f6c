"""Is it what was asked, perhaps at another index? Purely structural."""

from __future__ import annotations

from derivcheck.kinds.matching import match, same, squeezed
from derivcheck.terms.build import add, number
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Derivative, Entry, Index, Mul, Term, Var, fresh
from derivcheck.terms.tensor import Tensor

N = Dim.named("n")
STEP, J, T = Index("i"), Index("j"), Index("t")


def state(step: Term, entry: Term) -> Entry:
    return Entry("h", (step, entry))


def jacobian(later: Term, earlier: Term) -> Tensor:
    """The derivative of h at one step by h at another."""
    r, c = fresh("r", N), fresh("c", N)
    return Tensor((r, c), Derivative(state(later, Var(r)), state(earlier, Var(c))))


def plus(index: Index, by: int) -> Term:
    return add(Var(index), number(by))


def test_the_same_at_the_same_index():
    found = match(jacobian(plus(STEP, 1), Var(STEP)), jacobian(plus(STEP, 1), Var(STEP)))
    assert found is not None and found.indices == {STEP: Var(STEP)}


def test_the_same_one_step_on():
    found = match(jacobian(plus(STEP, 1), Var(STEP)), jacobian(Var(STEP), plus(STEP, -1)))
    assert found is not None
    reference = Tensor((), Entry("s", (plus(STEP, 1),)))
    assert same(found.apply(reference), Tensor((), Entry("s", (Var(STEP),))))


def test_two_steps_are_not_one():
    assert match(jacobian(plus(STEP, 1), Var(STEP)), jacobian(plus(STEP, 2), Var(STEP))) is None
    assert match(jacobian(plus(STEP, 1), Var(STEP)), jacobian(Var(STEP), plus(STEP, 1))) is None


def test_another_name_for_the_length():
    length = Entry("T")
    found = match(jacobian(Var(T), Var(STEP)), jacobian(length, Var(J)))
    assert found is not None and found.indices == {T: length, STEP: Var(J)}


def test_one_entry_of_what_was_asked():
    r, c = Index("r"), Index("c")
    one = Tensor((), Derivative(state(plus(STEP, 1), Var(r)), state(Var(STEP), Var(c))))
    found = match(jacobian(plus(STEP, 1), Var(STEP)), one)
    assert found is not None and found.entry == (Var(r), Var(c))
    a, b = fresh("a", N), fresh("b", N)
    assert found.apply(Tensor((a, b), Entry("W", (Var(a), Var(b))))).body is Entry("W", (Var(r), Var(c)))


def test_names_of_the_students_choice():
    def weight(row: Term, column: Term) -> Tensor:
        return Tensor((), Derivative(Entry("L"), Entry("W", (row, column))))

    asked, written = weight(Entry("p"), Entry("q")), weight(Entry("a"), Entry("b"))
    assert match(asked, written) is None
    found = match(asked, written, frozenset({"p", "q"}))
    assert found is not None and found.names == {"p": Entry("a"), "q": Entry("b")}
    assert found.apply(Tensor((), Entry("v", (Entry("p"),)))).body is Entry("v", (Entry("a"),))


def test_another_quantity_is_not_it():
    other = Tensor((), Entry("x"))
    assert match(jacobian(plus(STEP, 1), Var(STEP)), other) is None


def test_sameness_up_to_names_and_the_order_of_commuting_arguments():
    k, m = fresh("k", N), fresh("m", N)
    left = Tensor((k,), Mul((Entry("a"), Entry("v", (Var(k),)))))
    right = Tensor((m,), Mul((Entry("v", (Var(m),)), Entry("a"))))
    assert same(left, right)
    assert not same(left, Tensor((m,), Mul((Entry("v", (Var(m),)), Entry("b")))))


def test_text_without_fonts_and_spaces():
    assert squeezed(r"\ell(\mathbf{y}, \mathbf{p}_T)") == squeezed(r"\ell( y,p_{T} )")
    assert squeezed(r"\operatorname{Attention}(Q, K, V)") == squeezed("Attention(Q,K,V)")
    assert squeezed("a") != squeezed("b")
