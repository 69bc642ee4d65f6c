"""Seeing matrices in index notation: squares under norms, products to cut, diagonals, norms as values.

A matrix is a polynomial with two free indices; `A B` is a sum over an index that connects a part with the rows
and a part with the columns. A product is cut at such an index; what stands at rows or columns alone scales
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.deciding.order.forms import HALF, Forms
from derivcheck.deciding.order.poly import ONE, Atom, Mono, Poly, Range, mono_product
from derivcheck.record import dataclass
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
        shared, rest = common_factor(body)
        content = rest.first[1]
        rest = rest.scaled(1 / content)
        plain, inside = _apart(shared, frozenset((rows, cols)))
        factor = forms.function("abs", (product(plain).scaled(content),))
        return forms.times(factor, _spectral_sum(forms, rows, cols, inside, rest))
    mono, coefficient = body.first
    outside = Poly(((tuple((a, e) for a, e in mono if not a.free & {rows, cols}), coefficient),))
    factor = forms.function("abs", (outside,))
    inside = tuple((a, e) for a, e in mono if a.free & {rows, cols})
    return forms.times(factor, _spectral_mono(forms, rows, cols, inside))


def _spectral_sum(forms: Forms, rows: Index, cols: Index, shared: Mono, rest: Poly) -> Poly:
    """The norm of `shared` times a sum: diagonal if the shared factor is the identity."""
    body = forms.times(product(shared), rest)
    if any(a.kind == "delta" and {rows, cols} == _plain_indices(a) for a, _ in shared):
        entry = forms.substitute(_without_delta(shared, rest, forms), {cols: forms.form(_var(rows))})
        return largest(forms, Range(rows), entry)
    return _spectral_atom(rows, cols, body)


def _without_delta(shared: Mono, rest: Poly, forms: Forms) -> Poly:
    return forms.times(product(tuple((a, e) for a, e in shared if a.kind != "delta")), rest)


def common_factor(poly: Poly) -> tuple[Mono, Poly]:
    """The factors that every term has, and what is left: x y + x z = x (y + z)."""
    shared = dict(poly.first[0])
    for mono, _ in poly.terms:
        mine = dict(mono)
        shared = {a: min(e, mine[a]) for a, e in shared.items() if a in mine and e > 0 and mine[a] > 0}
    factor = mono_product((), tuple(shared.items()))
    inverse = tuple((a, -e) for a, e in factor)
    return factor, Poly.collect((mono_product(m, inverse), c) for m, c in poly.terms)


def _apart(mono: Mono, indices: frozenset[Index]) -> tuple[Mono, Mono]:
    return tuple(p for p in mono if not p[0].free & indices), tuple(p for p in mono if p[0].free & indices)


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
    if sandwich := gram(forms, rows, cols, body):
        return sandwich
    return _spectral_atom(rows, cols, body)


def _spectral_atom(rows: Index, cols: Index, body: Poly) -> Poly:
    straight = Atom("matrix", "norm2", (body,), (Range(rows), Range(cols)))
    crossed = Atom("matrix", "norm2", (body,), (Range(cols), Range(rows)))
    return Poly.atom(min(straight, crossed, key=lambda a: a.key))


def gram(forms: Forms, rows: Index, cols: Index, body: Poly) -> Poly | None:
    """||A^T A|| = lambda_max(A^T A) = ||A||^2: a product cut into two factors that are each other's transpose."""
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
    """The ways to write a sum as a product L R over one whole axis: (L, R, the axis index), where L has the indices
    `left`, R the indices `right`. Factors that stand at the cut alone go with R. Of several terms a factor that
    all share is taken out: A x - A y = A (x - y)."""
    if len(body.terms) == 1:
        mono, coefficient = body.first
        sums = [a for a, e in mono if a.kind == "sum" and e == 1 and a.free & (left | right)]
        if len(sums) != 1:
            return
        rest = tuple(p for p in mono if p[0] is not sums[0])
        for first, second, middle in _cut_atom(forms, sums[0], left, right):
            on_left = tuple(p for p in rest if p[0].free & left)
            on_right = tuple(p for p in rest if p not in on_left)
            outside = forms.times(product(on_right).scaled(coefficient), second)
            if not any(a.free & right for a, _ in on_left):
                yield forms.times(product(on_left), first), outside, middle
        return
    yield from _shared_cuts(forms, body, left, right)


def _shared_cuts(
    forms: Forms, body: Poly, left: frozenset[Index], right: frozenset[Index]
) -> Iterator[tuple[Poly, Poly, Index]]:
    ways = [list(cuts(forms, Poly((term,)), left, right)) for term in body.terms[:5]]
    if len(ways) != len(body.terms):
        return
    for first, second, middle in ways[0]:
        here = {0: forms.form(_var(middle))}
        lefts, rights = [first], [second]
        for options in ways[1:]:
            moved = [(forms.substitute(a, {m: here[0]}), forms.substitute(b, {m: here[0]}))
                     for a, b, m in options if m.dim == middle.dim]
            lefts.append(next((a for a, b in moved if b == second), Poly()))
            rights.append(next((b for a, b in moved if a == first), Poly()))
        if all(r.terms for r in rights):
            yield first, _total(rights), middle
        elif all(p.terms for p in lefts):
            yield _total(lefts), second, middle


def _total(parts: list[Poly]) -> Poly:
    return Poly.collect([t for p in parts for t in p.terms])


def _cut_atom(
    forms: Forms, atom: Atom, left: frozenset[Index], right: frozenset[Index]
) -> Iterator[tuple[Poly, Poly, Index]]:
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


def scaling(poly: Poly, side: frozenset[Index], other: frozenset[Index]) -> tuple[Poly, Poly] | None:
    """A polynomial as d X, where d stands at one side alone (a diagonal that scales it): all terms share X, or the
    coefficients of what stands alone and of the rest are a matrix of rank 1, `(1 - t_i^2) (A_{ij} + B_{ij})`."""
    rows: dict[Mono, dict[Mono, Fraction]] = {}
    for mono, coefficient in poly.terms:
        alone = tuple(p for p in mono if p[0].free & side and not p[0].free & other)
        rows.setdefault(tuple(p for p in mono if p not in alone), {})[alone] = coefficient
    first = next(iter(rows.values()), {})
    if all(not alone for alone in first) or not all(any(a.free & side for a, _ in rest) for rest in rows):
        return None
    lead = next(iter(first))
    shared: list[tuple[Mono, Fraction]] = []
    for rest, scales in rows.items():
        ratio = scales.get(lead, Fraction(0)) / first[lead]
        if scales.keys() != first.keys() or any(c != ratio * first[m] for m, c in scales.items()):
            return None
        shared.append((rest, ratio))
    return Poly.collect(first.items()), Poly.collect(shared)


def separated(poly: Poly) -> Iterator[tuple[Poly, Poly]]:
    """One term of a sum of some, and the rest."""
    if 2 < len(poly.terms) <= 5:
        for k, term in enumerate(poly.terms):
            yield Poly((term,)), Poly((*poly.terms[:k], *poly.terms[k + 1 :]))


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
