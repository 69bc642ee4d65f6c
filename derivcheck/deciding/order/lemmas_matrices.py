"""Lemmas about matrices as a whole: ordered products, powers, rank, quadratic forms, eigenvalues, condition.

References: Horn and Johnson, Matrix Analysis, 2nd ed., sections 0.4 (rank), 4.2 (Rayleigh), 5.6 (matrix norms).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derivcheck.deciding.order.facts import Context, Fact, Lemma, at_least, equal
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.lemmas_norms import HJ, A, B, C, U, X, sample
from derivcheck.deciding.order.matrices import cuts, product, scaling, spectral, squared_norm
from derivcheck.deciding.order.poly import ONE, ZERO, Atom, Poly, Range
from derivcheck.terms import algebra
from derivcheck.terms.node import Index, Var

Rule = Callable[[Index, Index, Poly, Poly, Context], Iterator[Fact]]


def operation(name: str, rule: Rule) -> Callable[[Atom, Context], Iterator[Fact]]:
    """A rule about one operation on a matrix: (rows, cols, body, value, context)."""

    def instances(atom: Atom, context: Context) -> Iterator[Fact]:
        if atom.name == name:
            rows, cols = (r.index for r in atom.ranges)
            yield from rule(rows, cols, atom.args[0], Poly.atom(atom), context)

    return instances


# --- norms of products and powers ----------------------------------------------------------------------------------


def _inner_operation(rows: Index, cols: Index, body: Poly, *names: str) -> Atom | None:
    """The operation whose whole result is the matrix (straight or transposed)."""
    atom = body.single
    if atom is None or atom.kind != "matrix" or atom.name not in names:
        return None
    places = [p.single for p in atom.args[1:3]]
    indices = {i for a in places if a is not None and a.kind == "index" for i in a.free}
    return atom if indices == {rows, cols} else None


def _norm_of_fold(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    """An ordered product is at most the product of the norms (induction on submultiplicativity)."""
    atom = _inner_operation(rows, cols, body, "fold-left", "fold-right")
    if atom is not None:
        index, r, c = (bound.index for bound in atom.ranges)
        lower, upper = atom.args[3], atom.args[4]
        forms = context.forms
        factor = spectral(forms, r, c, atom.args[0])
        bound = forms.extremum("prod", Range(index, lower, upper), factor)
        yield at_least(bound, value, "||A_1 ... A_k|| <= ||A_1|| ... ||A_k||")


def _norm_of_power(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    """||A^k|| <= ||A||^k for k >= 0; ||exp A|| <= exp ||A||"""
    atom = _inner_operation(rows, cols, body, "power", "exp")
    if atom is None:
        return
    forms = context.forms
    base = spectral(forms, atom.ranges[0].index, atom.ranges[1].index, atom.args[0])
    if atom.name == "exp":
        yield at_least(forms.function("exp", (base,)), value, "||exp A|| <= exp ||A||")
    else:
        exponent = atom.args[3]
        yield at_least(forms.power(base, exponent), value, "||A^k|| <= ||A||^k", ((exponent, ">="),))


def _norm_of_inverse(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    """||A|| ||A^-1|| >= 1"""
    atom = _inner_operation(rows, cols, body, "inverse")
    if atom is not None:
        base = spectral(context.forms, atom.ranges[0].index, atom.ranges[1].index, atom.args[0])
        yield at_least(context.forms.times(base, value), ONE, "||A|| ||A^-1|| >= 1")


def _norm_of_orthonormal(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    inner = body.single
    if inner is not None and inner.kind == "entry" and inner.name in context.orthonormal:
        yield equal(value, ONE, "the norm of a matrix with orthonormal columns or rows is 1")


def _condition(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    yield at_least(value, ONE, "a condition number is at least 1")


def _radius(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    yield at_least(value, ZERO, "a spectral radius is at least 0")
    yield at_least(spectral(context.forms, rows, cols, body), value, "spectral radius <= ||A||_2")


def _nuclear(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    """||A||_2 <= ||A||_F <= ||A||_*"""
    forms = context.forms
    yield at_least(value, spectral(forms, rows, cols, body), "||A||_2 <= ||A||_*")
    squared = squared_norm(forms, (Range(rows), Range(cols)), body)
    yield at_least(forms.power(value, Poly.of(2)), squared, "||A||_F <= ||A||_*")


# --- rank ----------------------------------------------------------------------------------------------------------


def rank(forms: Forms, rows: Index, cols: Index, body: Poly) -> Poly:
    ranges = (Range(rows), Range(cols))
    return forms.rebuild(Atom("matrix", "rank", (body,), ranges), (body,), ranges)


def _rank(rows: Index, cols: Index, body: Poly, value: Poly, context: Context) -> Iterator[Fact]:
    """rank A <= m, n; rank AB <= rank A, rank B; rank(A + B) <= rank A + rank B; rank u v^T <= 1"""
    forms = context.forms
    for index in (rows, cols):
        assert index.dim is not None
        yield at_least(forms.size(index.dim), value, "rank A <= number of rows and of columns")
    for left, right, middle in cuts(forms, body, frozenset((rows,)), frozenset((cols,))):
        for factor in (rank(forms, rows, middle, left), rank(forms, middle, cols, right)):
            yield at_least(factor, value, "rank AB <= min(rank A, rank B)")
    for side, other in ((rows, cols), (cols, rows)):
        found = scaling(body, frozenset((side,)), frozenset((other,)))
        if found:
            yield at_least(rank(forms, rows, cols, found[1]), value, "rank AB <= min(rank A, rank B)")
    if 1 < len(body.terms) <= 4:
        total = ZERO
        for term in body.terms:
            total += rank(forms, rows, cols, Poly((term,)))
        yield at_least(total, value, "rank(A + B) <= rank A + rank B")
    elif not any({rows, cols} <= a.free for a, _ in body.first[0]):
        yield at_least(ONE, value, "rank of an outer product <= 1")


# --- quadratic forms and eigenvalues -------------------------------------------------------------------------------


def quadratic(forms: Forms, atom: Atom) -> Iterator[tuple[Atom, Poly, Range]]:
    """sum_ij a_ij x_i x_j as (a, x, range of i), where a is an entry of a symbol."""
    if len(atom.ranges) != 2:
        return
    first, second = atom.ranges
    mono = atom.args[0].first[0]
    both = [(a, e) for a, e in mono if {first.index, second.index} <= a.free]
    if len(both) != 1 or both[0][0].kind != "entry" or both[0][1] != 1 or len(both[0][0].args) != 2:
        return
    left = product(tuple(p for p in mono if p[0] is not both[0][0] and first.index in p[0].free))
    right = product(tuple(p for p in mono if p[0] is not both[0][0] and second.index in p[0].free))
    free = any(not p[0].free & {first.index, second.index} for p in mono)
    if not free and forms.substitute(right, {second.index: forms.form(Var(first.index))}) == left:
        yield both[0][0], left, first


def _quadratic_form(atom: Atom, context: Context) -> Iterator[Fact]:
    """x^T A x >= 0 for A positive semidefinite; lambda_min ||x||^2 <= x^T A x <= lambda_max ||x||^2 (Rayleigh)."""
    forms, value = context.forms, Poly.atom(atom)
    for entry, x, bound in quadratic(forms, atom):
        length = squared_norm(forms, (bound,), x)
        if entry.name in context.semidefinite:
            yield at_least(value, ZERO, "x^T A x >= 0 for A positive semidefinite")
        if entry.name in context.definite:
            yield Fact(value, ">", "x^T A x > 0 for A positive definite and x != 0", ((length, ">"),))
        if entry.name in context.symmetric:
            for name, sign in (("eigmax", 1), ("eigmin", -1)):
                for extreme in context.of_kind("matrix", name):
                    inner = extreme.args[0].single
                    if inner is not None and inner.kind == "entry" and inner.name == entry.name:
                        bounded = forms.times(Poly.atom(extreme), length)
                        yield at_least((bounded - value).scaled(sign), ZERO, "Rayleigh quotient")


def _eigenvalues(atom: Atom, context: Context) -> Iterator[Fact]:
    """-||A|| <= lambda_min <= lambda_max <= ||A|| for a symmetric matrix; >= 0 for a semidefinite one."""
    if atom.name not in ("eigmax", "eigmin", "det"):
        return
    forms, value = context.forms, Poly.atom(atom)
    rows, cols = (r.index for r in atom.ranges)
    inner = atom.args[0].single
    name = inner.name if inner is not None and inner.kind == "entry" else ""
    if name in context.definite:
        yield Fact(value, ">", "eigenvalues and determinant of a positive definite matrix are > 0")
    if name in context.semidefinite:
        yield at_least(value, ZERO, "eigenvalues and determinant of a semidefinite matrix are >= 0")
    if atom.name == "det" or name not in context.symmetric:
        return
    size = spectral(forms, rows, cols, atom.args[0])
    yield at_least(size, value, "|lambda| <= ||A||_2")
    yield at_least(value, -size, "|lambda| <= ||A||_2")
    other = Atom("matrix", "eigmin" if atom.name == "eigmax" else "eigmax", atom.args, atom.ranges)
    gap = value - Poly.atom(other) if atom.name == "eigmax" else Poly.atom(other) - value
    yield at_least(gap, ZERO, "lambda_min <= lambda_max")


def _diagonal_of_definite(atom: Atom, context: Context) -> Iterator[Fact]:
    """a_ii >= 0 and tr A >= 0 for A positive semidefinite."""
    entry = atom if atom.kind == "entry" else atom.args[0].single if atom.kind == "sum" else None
    if entry is not None and entry.kind == "entry" and len(entry.args) == 2 and entry.args[0] == entry.args[1]:
        if entry.name in context.definite:
            yield Fact(Poly.atom(atom), ">", "the diagonal of a positive definite matrix is > 0")
        elif entry.name in context.semidefinite:
            yield at_least(Poly.atom(atom), ZERO, "the diagonal of a semidefinite matrix is >= 0")


MATRIX_LEMMAS: tuple[Lemma, ...] = (
    Lemma("norm of an ordered product", HJ, ("matrix",), operation("norm2", _norm_of_fold)),
    Lemma("norm of a power", HJ, ("matrix",), operation("norm2", _norm_of_power)),
    Lemma("norm of an inverse", HJ, ("matrix",), operation("norm2", _norm_of_inverse)),
    Lemma("norm of an orthonormal matrix", HJ, ("matrix",), operation("norm2", _norm_of_orthonormal)),
    Lemma("condition number", HJ, ("matrix",), operation("cond", _condition)),
    Lemma("spectral radius", HJ, ("matrix",), operation("radius", _radius),
          (sample(lambda: (algebra.matrix_number("radius", C()),)),)),
    Lemma("nuclear norm", HJ, ("matrix",), operation("nuclear", _nuclear),
          (sample(lambda: (algebra.norm(A(), "nuclear"),)),)),
    Lemma("rank", HJ, ("matrix",), operation("rank", _rank),
          (sample(lambda: (algebra.rank(algebra.matmul(A(), B())),)),
           sample(lambda: (algebra.rank(algebra.add(C(), algebra.outer(U(), U()))),)),
           sample(lambda: (algebra.rank(algebra.outer(U(), X())),)))),
    Lemma("quadratic form", HJ, ("sum",), _quadratic_form),
    Lemma("eigenvalues", HJ, ("matrix",), _eigenvalues),
    Lemma("diagonal of a definite matrix", HJ, ("sum", "entry"), _diagonal_of_definite),
)
