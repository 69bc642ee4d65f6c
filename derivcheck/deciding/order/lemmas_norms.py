"""Lemmas about norms: submultiplicativity, triangle inequality, Cauchy-Schwarz, one norm by another.

Norms are recognized in index notation: a Euclidean norm is the root of a sum of squares, a spectral norm the
operation `norm2`. References: Horn and Johnson, Matrix Analysis, 2nd ed., chapters 5 and 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derivcheck.deciding.order.facts import Context, Fact, Lemma, Sample, at_least, equal
from derivcheck.deciding.order.forms import HALF, Forms
from derivcheck.deciding.order.matrices import (
    Square,
    as_square,
    common_factor,
    cuts,
    largest,
    norm,
    product,
    scaling,
    separated,
    spectral,
    squared_norm,
)
from derivcheck.deciding.order.poly import ONE, ZERO, Atom, Poly, Range
from derivcheck.terms import algebra
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Declaration, Model
from derivcheck.terms.node import Entry, Index, Term, Var, fresh
from derivcheck.terms.tensor import Tensor

N, M = Dim.named("n"), Dim.named("m")
TENSORS = Model(
    {name: Declaration(name, shape) for name, shape in (("A", (N, M)), ("B", (M, N)), ("C", (N, N)), ("u", (N,)),
                                                        ("v", (N,)), ("x", (M,)))},
    dims={"n": 1, "m": 1},
)


def given(name: str) -> Tensor:
    """A declared tensor of the samples."""
    axes = tuple(fresh("i", d) for d in TENSORS.declarations[name].shape)
    return Tensor(axes, Entry(name, tuple(Var(a) for a in axes)))


def sample(make: Callable[[], tuple[Tensor, ...]]) -> Callable[[], Sample]:
    def made() -> Sample:
        terms: tuple[Term, ...] = tuple(t.body for t in make())
        return Sample(TENSORS, terms)

    return made


# --- Euclidean and Frobenius norms (sums of squares) ---------------------------------------------------------------


def _euclidean(rule: Callable[[Square, Poly, Context], Iterator[Fact]]) -> Callable[[Atom, Context], Iterator[Fact]]:
    def instances(atom: Atom, context: Context) -> Iterator[Fact]:
        square = as_square(atom)
        if square is not None:
            yield from rule(square, context.forms.power(Poly.atom(atom), Poly.of(HALF)), context)

    return instances


def _triangle(square: Square, value: Poly, context: Context) -> Iterator[Fact]:
    """||x + y|| <= ||x|| + ||y||, and each part by the others (the reverse inequality)."""
    if not 1 < len(square.entry.terms) <= 5:
        return
    parts = [norm(context.forms, square.ranges, Poly((t,))) for t in square.entry.terms]
    total = ZERO
    for part in parts:
        total += part
    yield at_least(total, value, "triangle inequality")
    for part in parts:
        yield at_least(value + total - part, part, "triangle inequality")
    for one, rest in separated(square.entry):
        both = (norm(context.forms, square.ranges, p) for p in (one, rest))
        yield at_least(sum(both, ZERO), value, "triangle inequality")


def _expanded(square: Square, value: Poly, context: Context) -> Iterator[Fact]:
    """||x + y||^2 = ||x||^2 + 2 x.y + ||y||^2"""
    if not 1 < len(square.entry.terms) <= 4:
        return
    forms = context.forms
    total = ZERO
    for first in square.entry.terms:
        for second in square.entry.terms:
            total += forms.sum(square.ranges, forms.times(Poly((first,)), Poly((second,))))
    yield equal(forms.power(value, Poly.of(2)), total, "expanding the square")


def _times_vector(square: Square, value: Poly, context: Context) -> Iterator[Fact]:
    """||A x|| <= ||A||_2 ||x||, ||A x|| <= ||A||_F ||x||"""
    if len(square.ranges) != 1:
        return
    forms, row = context.forms, square.ranges[0].index
    for left, right, middle in cuts(forms, square.entry, frozenset((row,)), frozenset()):
        size_right = norm(forms, (Range(middle),), right)
        yield at_least(forms.times(spectral(forms, row, middle, left), size_right), value, "||A x|| <= ||A||_2 ||x||")
        frobenius = norm(forms, (Range(row), Range(middle)), left)
        yield at_least(forms.times(frobenius, size_right), value, "||A x|| <= ||A||_F ||x||")


def _frobenius_product(square: Square, value: Poly, context: Context) -> Iterator[Fact]:
    """||A B||_F <= ||A||_2 ||B||_F, ||A||_F ||B||_2, ||A||_F ||B||_F"""
    if len(square.ranges) != 2:
        return
    forms = context.forms
    row, col = (r.index for r in square.ranges)
    for a, b in ((row, col), (col, row)):
        for left, right, middle in cuts(forms, square.entry, frozenset((a,)), frozenset((b,))):
            frobenius = (norm(forms, (Range(a), Range(middle)), left), norm(forms, (Range(middle), Range(b)), right))
            two = (spectral(forms, a, middle, left), spectral(forms, middle, b, right))
            for first, second in ((two[0], frobenius[1]), (frobenius[0], two[1]), frobenius):
                yield at_least(forms.times(first, second), value, "||A B||_F <= ||A||_2 ||B||_F")


def _scaled_entries(square: Square, value: Poly, context: Context) -> Iterator[Fact]:
    """||d * x|| <= max |d_i| ||x|| (a diagonal matrix times a vector or a matrix)"""
    if len(square.ranges) > 2:
        return
    forms = context.forms
    for bound in square.ranges:
        others = frozenset(r.index for r in square.ranges if r is not bound)
        if len(square.ranges) == 1:
            pairs = list(_factorings(square.entry))
        else:
            found = scaling(square.entry, frozenset((bound.index,)), others)
            pairs = [found] if found else []
        for alone, rest in pairs:
            bounded = forms.times(largest(forms, bound, alone), norm(forms, square.ranges, rest))
            yield at_least(bounded, value, "||diag(d) X|| <= max |d_i| ||X||")


def _factorings(entry: Poly) -> Iterator[tuple[Poly, Poly]]:
    """The ways to see an entry as a product of two: one atom and the rest."""
    shared, rest = common_factor(entry)
    if len(entry.terms) > 1:
        if shared:
            yield rest, product(shared)
            yield product(shared), rest
        return
    for p in shared if len(shared) > 1 else ():
        other = tuple(q for q in shared if q is not p)
        yield product((p,)), product(other).scaled(rest.first[1])


def _by_other_norms(square: Square, value: Poly, context: Context) -> Iterator[Fact]:
    """||v||_inf <= ||v||_2 <= ||v||_1 <= sqrt(n) ||v||_2 and ||A||_2 <= ||A||_F <= sqrt(min(m, n)) ||A||_2"""
    forms = context.forms
    magnitude = forms.function("abs", (square.entry,))
    if len(square.ranges) == 1 and square.ranges[0].lower is None:
        one = forms.sum(square.ranges, magnitude)
        count = forms.sum(square.ranges, ONE)
        top = largest(forms, square.ranges[0], square.entry)
        root = forms.power(count, Poly.of(HALF))
        yield at_least(one, value, "||v||_2 <= ||v||_1")
        yield at_least(forms.times(root, value), one, "||v||_1 <= sqrt(n) ||v||_2")
        yield at_least(value, top, "||v||_inf <= ||v||_2")
        yield at_least(forms.times(root, top), value, "||v||_2 <= sqrt(n) ||v||_inf")
    if len(square.ranges) == 2 and all(r.lower is None for r in square.ranges):
        row, col = (r.index for r in square.ranges)
        yield from _spectral_and_frobenius(forms, row, col, square.entry)


def _spectral_and_frobenius(forms: Forms, row: Index, col: Index, entry: Poly) -> Iterator[Fact]:
    assert row.dim is not None and col.dim is not None
    two, frobenius = spectral(forms, row, col, entry), norm(forms, (Range(row), Range(col)), entry)
    squared = forms.power(two, Poly.of(2))
    yield at_least(frobenius, two, "||A||_2 <= ||A||_F")
    total = squared_norm(forms, (Range(row), Range(col)), entry)
    for dim in (row.dim, col.dim):
        yield at_least(forms.times(forms.size(dim), squared), total, "||A||_F <= sqrt(min(m, n)) ||A||_2")
    rank = forms.times(Poly.atom(Atom("matrix", "rank", (entry,), (Range(row), Range(col)))), squared)
    yield at_least(rank, total, "||A||_F <= sqrt(rank A) ||A||_2")


# --- the spectral norm ---------------------------------------------------------------------------------------------


def _matrix(name: str, rule: Callable[[Index, Index, Poly, Poly, Context], Iterator[Fact]]):
    def instances(atom: Atom, context: Context) -> Iterator[Fact]:
        if atom.name == name:
            rows, cols = (r.index for r in atom.ranges)
            yield from rule(rows, cols, atom.args[0], Poly.atom(atom), context)

    return instances


def _submultiplicative(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    forms = context.forms
    for left, right, middle in cuts(forms, body, frozenset((rows,)), frozenset((cols,))):
        bound = forms.times(spectral(forms, rows, middle, left), spectral(forms, middle, cols, right))
        yield at_least(bound, value, "||A B||_2 <= ||A||_2 ||B||_2")


def _spectral_triangle(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    if not 1 < len(body.terms) <= 5:
        return
    parts = [spectral(context.forms, rows, cols, Poly((t,))) for t in body.terms]
    total = ZERO
    for part in parts:
        total += part
    yield at_least(total, value, "triangle inequality")
    for part in parts:
        yield at_least(value + total - part, part, "triangle inequality")
    for one, rest in separated(body):
        both = (spectral(context.forms, rows, cols, p) for p in (one, rest))
        yield at_least(sum(both, ZERO), value, "triangle inequality")


def _diagonal_factor(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    """||diag(d) A||_2 <= max |d_i| ||A||_2, on either side"""
    forms = context.forms
    for side, other in ((rows, cols), (cols, rows)):
        found = scaling(body, frozenset((side,)), frozenset((other,)))
        if found:
            scale = largest(forms, Range(side), found[0])
            bound = forms.times(scale, spectral(forms, rows, cols, found[1]))
            yield at_least(bound, value, "||diag(d)||_2 = max |d_i|")


def _spectral_by_frobenius(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    if rows.dim is not None and cols.dim is not None and len(body.terms) == 1:
        yield from _spectral_and_frobenius(context.forms, rows, cols, body)


def _factor_of_identity(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    """Entries are bounded by the norm: |a_ij| <= ||A||_2 for entries in play."""
    forms = context.forms
    for entry in context.of_kind("entry"):
        pattern = body.single
        if pattern is not None and pattern.kind == "entry" and pattern.name == entry.name and len(entry.args) == 2:
            yield at_least(value, forms.function("abs", (Poly.atom(entry),)), "|a_ij| <= ||A||_2")


# --- Cauchy-Schwarz ------------------------------------------------------------------------------------------------


def _cauchy_schwarz(atom: Atom, context: Context) -> Iterator[Fact]:
    """|x.y| <= ||x|| ||y|| for the ways to split a sum of products at one index (or as <A, B> at two)."""
    forms = context.forms
    if as_square(atom) is not None or any(r.lower is not None for r in atom.ranges):
        return
    value = Poly.atom(atom)
    for ranges, u, v in _splits(forms, atom):
        bound = forms.times(norm(forms, ranges, u), norm(forms, ranges, v))
        yield at_least(bound, value, "Cauchy-Schwarz")
        yield at_least(bound, -value, "Cauchy-Schwarz")


def _splits(forms: Forms, atom: Atom) -> Iterator[tuple[tuple[Range, ...], Poly, Poly]]:
    mono = atom.args[0].terms[0][0]
    if len(atom.ranges) == 1 or all({r.index for r in atom.ranges} <= a.free for a, _ in mono):
        for k in range(1, 2 ** min(len(mono), 4) - 1, 2):  # the first factor stays left: each split once
            u = tuple(p for n, p in enumerate(mono) if n >= 4 or k >> n & 1)
            yield atom.ranges, product(u), product(tuple(p for p in mono if p not in u))
        return
    for first in mono:
        seed = first[0].free & {r.index for r in atom.ranges}
        for bound in seed:
            inner = seed - {bound}
            if not inner:
                rest = tuple(p for p in mono if p is not first)
                others = tuple(r for r in atom.ranges if r.index != bound)
                yield (Range(bound),), product((first,)), forms.sum(others, product(rest))


def _absolute_sum(atom: Atom, context: Context) -> Iterator[Fact]:
    """|sum x_i| <= sum |x_i|"""
    body = atom.args[0]
    if context.forms.nonnegative_poly(body):
        return
    total = context.forms.sum(atom.ranges, context.forms.function("abs", (body,)))
    yield at_least(total, Poly.atom(atom), "|sum x_i| <= sum |x_i|")
    yield at_least(total, -Poly.atom(atom), "|sum x_i| <= sum |x_i|")


def _gram_form(atom: Atom, context: Context) -> Iterator[Fact]:
    """x^T A^T A x = ||A x||^2: a sum that is the same on both sides of one of its indices."""
    forms = context.forms
    if len(atom.ranges) < 3 or as_square(atom) is not None:
        return
    mono = atom.args[0].terms[0][0]
    for bound in atom.ranges:
        others = [r for r in atom.ranges if r is not bound]
        for start in mono:
            seed = frozenset(start[0].free & {r.index for r in others})
            halves = _halves(forms, atom, bound, seed)
            if halves is not None and halves[0] == halves[1]:
                yield equal(Poly.atom(atom), squared_norm(forms, (bound,), halves[0]), "x^T A^T A x = ||A x||^2")
                return


def _halves(forms: Forms, atom: Atom, bound: Range, seed: frozenset[Index]) -> tuple[Poly, Poly] | None:
    """The two parts that hang together apart from `bound`, each summed over its own indices."""
    mono = atom.args[0].terms[0][0]
    inner = {r.index for r in atom.ranges} - {bound.index}
    reach = set(seed)
    while True:
        grown = reach.union(*(a.free & inner for a, _ in mono if a.free & inner & reach))
        if grown == reach:
            break
        reach = grown
    first = tuple(p for p in mono if p[0].free & reach)
    second = tuple(p for p in mono if p not in first)
    if not first or not second:
        return None
    one = tuple(r for r in atom.ranges if r.index in reach)
    two = tuple(r for r in atom.ranges if r.index in inner - reach)
    return forms.sum(one, product(first)), forms.sum(two, product(second))


# --- the table -----------------------------------------------------------------------------------------------------

HJ = "Horn and Johnson, Matrix Analysis"
A, B, C, U, V, X = (lambda name=name: given(name) for name in "ABCuvx")

NORM_LEMMAS: tuple[Lemma, ...] = (
    Lemma("triangle inequality", HJ, ("sum",), _euclidean(_triangle),
          (sample(lambda: (algebra.norm(algebra.subtract(U(), V())),)),
           sample(lambda: (algebra.norm(algebra.add(A(), algebra.transpose(B())), "F"),)))),
    Lemma("expanded square", "elementary", ("sum",), _euclidean(_expanded),
          (sample(lambda: (algebra.norm(algebra.subtract(U(), V())),)),)),
    Lemma("matrix times vector", HJ, ("sum",), _euclidean(_times_vector),
          (sample(lambda: (algebra.norm(algebra.matmul(A(), X())),)),
           sample(lambda: (algebra.norm(algebra.matmul(C(), algebra.matmul(A(), X()))),)))),
    Lemma("Frobenius norm of a product", HJ, ("sum",), _euclidean(_frobenius_product),
          (sample(lambda: (algebra.norm(algebra.matmul(A(), B()), "F"),)),)),
    Lemma("scaled entries", "elementary", ("sum",), _euclidean(_scaled_entries),
          (sample(lambda: (algebra.norm(algebra.hadamard(U(), V())),)),
           sample(lambda: (algebra.norm(algebra.matmul(algebra.diag(U()), A()), "F"),)))),
    Lemma("one norm by another", HJ, ("sum",), _euclidean(_by_other_norms),
          (sample(lambda: (algebra.norm(U()),)), sample(lambda: (algebra.norm(A(), "F"),)))),
    Lemma("submultiplicative", HJ, ("matrix",), _matrix("norm2", _submultiplicative),
          (sample(lambda: (algebra.norm(algebra.matmul(A(), B())),)),
           sample(lambda: (algebra.norm(algebra.matmul(algebra.matmul(A(), B()), C())),)))),
    Lemma("triangle inequality, spectral", HJ, ("matrix",), _matrix("norm2", _spectral_triangle),
          (sample(lambda: (algebra.norm(algebra.subtract(A(), algebra.transpose(B()))),)),)),
    Lemma("diagonal factor", HJ, ("matrix",), _matrix("norm2", _diagonal_factor),
          (sample(lambda: (algebra.norm(algebra.matmul(algebra.diag(U()), A())),)),
           sample(lambda: (algebra.norm(algebra.matmul(A(), algebra.diag(X()))),)))),
    Lemma("spectral by Frobenius", HJ, ("matrix",), _matrix("norm2", _spectral_by_frobenius),
          (sample(lambda: (algebra.norm(A()),)),)),
    Lemma("entry by norm", HJ, ("matrix",), _matrix("norm2", _factor_of_identity)),
    Lemma("Cauchy-Schwarz", HJ, ("sum",), _cauchy_schwarz,
          (sample(lambda: (algebra.inner(U(), V()),)), sample(lambda: (algebra.inner(U(), algebra.matmul(A(), X())),)),
           sample(lambda: (algebra.trace(algebra.matmul(A(), B())),)))),
    Lemma("absolute value of a sum", "elementary", ("sum",), _absolute_sum,
          (sample(lambda: (algebra.sum_all(U()),)), sample(lambda: (algebra.inner(U(), V()),)))),
    Lemma("Gram form", HJ, ("sum",), _gram_form,
          (sample(lambda: (algebra.inner(X(), algebra.matmul(algebra.transpose(A()), algebra.matmul(A(), X()))),)),)),
)
