"""Seeing matrices in index notation: squares under norms, products to cut, diagonals, norms as values.

A matrix is a polynomial with two free indices; `A B` is a sum over an index that connects a part with the rows
and a part with the columns. A product is cut at such an index; what stands at rows or columns alone scales
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.deciding.order.forms import HALF, Forms
from derivcheck.deciding.order.poly import ONE, Atom, Mono, Poly, Range, mono_product
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Index, Var


@dataclass(frozen=True)
class Square:
    """A sum of squares over `ranges`: the squared Euclidean norm of the vector (or matrix) `entry`."""

    ranges: tuple[Range, ...]
    entry: Poly


def as_square(atom: Atom) -> Square | None:
    """sum_i x_i^2 as the vector x, if all exponents under the sum are even."""
    if atom.kind != "sum":
        return None
    mono = atom.args[0].terms[0][0]
    if not mono or any((e / 2).denominator != 1 for _, e in mono):
        return None
    if len(mono) == 1 and mono[0][0].kind == "group" and mono[0][1] == 2:
        return Square(atom.ranges, mono[0][0].args[0])
    return Square(atom.ranges, Poly(((tuple((a, e / 2) for a, e in mono), Fraction(1)),)))


def squared_norm(forms: Forms, ranges: tuple[Range, ...], entry: Poly) -> Poly:
    return forms.sum(ranges, forms.power(entry, Poly.of(2)))


def norm(forms: Forms, ranges: tuple[Range, ...], entry: Poly) -> Poly:
    """The Euclidean (Frobenius) norm of a tensor given by its entry; |x| of a number."""
    if not ranges:
        return forms.function("abs", (entry,))
    return forms.power(squared_norm(forms, ranges, entry), Poly.of(HALF))


def spectral(forms: Forms, rows: Index, cols: Index, body: Poly) -> Poly:
    """The spectral norm of a matrix, with what is plain brought out: factors, diagonals, outer products, and the
    transpose taken or not so that ||A^T|| and ||A|| are one atom."""
    if not body.terms:
        return body
    if rows not in body.free and cols not in body.free and len(body.terms) == 1:
        sizes = forms.times(forms.size(_dim(rows)), forms.size(_dim(cols)))
        return forms.times(forms.function("abs", (body,)), forms.power(sizes, Poly.of(HALF)))
    if len(body.terms) > 1:
        content = body.terms[0][1]
        return _spectral_atom(rows, cols, body.scaled(1 / content)).scaled(abs(content))
    mono, coefficient = body.terms[0]
    outside = Poly(((tuple((a, e) for a, e in mono if not a.free & {rows, cols}), coefficient),))
    factor = forms.function("abs", (outside,))
    inside = tuple((a, e) for a, e in mono if a.free & {rows, cols})
    return forms.times(factor, _spectral_mono(forms, rows, cols, inside))


def _spectral_mono(forms: Forms, rows: Index, cols: Index, mono: Mono) -> Poly:
    diagonal = [a for a, _ in mono if a.kind == "delta" and {rows, cols} == _plain_indices(a)]
    if diagonal:
        rest = Poly(((tuple((a, e) for a, e in mono if a is not diagonal[0]), Fraction(1)),))
        entry = forms.substitute(rest, {cols: forms.form(_var(rows))})
        return largest(forms, Range(rows), entry)
    if not any({rows, cols} <= a.free for a, _ in mono):  # an outer product u v^T
        u = Poly(((tuple((a, e) for a, e in mono if rows in a.free), Fraction(1)),))
        v = Poly(((tuple((a, e) for a, e in mono if cols in a.free), Fraction(1)),))
        return forms.times(norm(forms, (Range(rows),), u), norm(forms, (Range(cols),), v))
    body = Poly(((mono, Fraction(1)),))
    if sandwich := _gram(forms, rows, cols, body):
        return sandwich
    return _spectral_atom(rows, cols, body)


def _spectral_atom(rows: Index, cols: Index, body: Poly) -> Poly:
    straight = Atom("matrix", "norm2", (body,), (Range(rows), Range(cols)))
    crossed = Atom("matrix", "norm2", (body,), (Range(cols), Range(rows)))
    return Poly.atom(min(straight, crossed, key=lambda a: a.key))


def _gram(forms: Forms, rows: Index, cols: Index, body: Poly) -> Poly | None:
    """||A^T A|| = ||A||^2: a product cut into two factors that are each other's transpose."""
    for left, right, middle in cuts(forms, body, frozenset((rows,)), frozenset((cols,))):
        other = forms.substitute(right, {cols: forms.form(_var(rows))})
        if left == other:
            return forms.power(spectral(forms, rows, middle, left), Poly.of(2))
    return None


def largest(forms: Forms, bound: Range, entry: Poly) -> Poly:
    """max_i |x_i|"""
    magnitude = forms.function("abs", (entry,))
    return forms.extremum("max", bound, magnitude)


def cuts(
    forms: Forms, body: Poly, left: frozenset[Index], right: frozenset[Index]
) -> Iterator[tuple[Poly, Poly, Index]]:
    """The ways to write a single sum as a product L R over one whole axis: (L, R, the axis index), where L has the
    indices `left`, R the indices `right`. Factors that stand at the cut alone go with R."""
    atom = body.single
    if atom is None or atom.kind != "sum":
        return
    ranges, mono = forms.renamed_sum(atom)
    for bound in ranges:
        if bound.lower is not None:
            continue
        parts = _parts(mono, ranges, bound.index, left, right)
        if parts is None:
            continue
        first, second = parts
        others = tuple(r for r in ranges if r is not bound)
        l_ranges = tuple(r for r in others if any(r.index in a.free for a, _ in first))
        r_ranges = tuple(r for r in others if r not in l_ranges)
        one = Fraction(1)
        yield forms.sum(l_ranges, Poly(((first, one),))), forms.sum(r_ranges, Poly(((second, one),))), bound.index


def _parts(
    mono: Mono, ranges: tuple[Range, ...], cut: Index, left: frozenset[Index], right: frozenset[Index]
) -> tuple[Mono, Mono] | None:
    """Factors reached from `left` without passing the cut, and the rest; None where both sides hang together."""
    bound = {r.index for r in ranges} - {cut}
    reach = set(left)
    chosen: list[tuple[Atom, Fraction]] = []
    rest = list(mono)
    grew = True
    while grew:
        grew = False
        for pair in list(rest):
            touched = pair[0].free & (bound | left | right)
            if touched & reach:
                rest.remove(pair)
                chosen.append(pair)
                reach |= touched
                grew = True
    if not chosen or not rest or reach & right:
        return None
    if left and not any(cut in a.free for a, _ in chosen):
        return None
    return mono_product((), tuple(chosen)), mono_product((), tuple(rest))


def scaling(mono: Mono, side: frozenset[Index], other: frozenset[Index]) -> tuple[Mono, Mono] | None:
    """Factors that stand at one side alone (a diagonal that scales it), and the rest."""
    alone = tuple(p for p in mono if p[0].free & side and not p[0].free & other and p[0].kind != "sum")
    rest = tuple(p for p in mono if p not in alone)
    touches_rest = any(a.free & side for a, _ in rest)
    return (alone, rest) if alone and rest and touches_rest else None


def product(mono: Mono) -> Poly:
    return Poly(((mono, Fraction(1)),)) if mono else ONE


def _plain_indices(atom: Atom) -> set[Index]:
    found = [p.single for p in atom.args]
    return {i for a in found if a is not None and a.kind == "index" for i in a.free}


def _dim(index: Index) -> Dim:
    assert index.dim is not None
    return index.dim


def _var(index: Index) -> Var:
    return Var(index)
