"""Comparing sums term by term: sum a_i <= sum b_i because a_i <= b_i for every i. Likewise for means."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations

from derivcheck.deciding.order.facts import Context, Fact
from derivcheck.deciding.order.forms import Forms
from derivcheck.deciding.order.poly import Atom, Mono, Poly, Range
from derivcheck.record import replace
from derivcheck.terms.node import Var

Part = tuple[Mono, Fraction, Atom]
"""A term of the goal: coefficient and free factors times one sum (or mean)."""


def termwise(context: Context) -> Iterator[Fact]:
    """Facts `sum of (...) >= 0` for what the goal sums over one and the same range, with and without what
    stands beside the sums taken inside."""
    groups: dict[str, list[Part]] = {}
    for mono, coefficient in context.goal.terms:
        for atom, exponent in mono:
            if atom.kind in ("sum", "mean") and exponent == 1:
                rest = tuple(p for p in mono if p[0] is not atom)
                groups.setdefault(_range_key(atom), []).append((rest, coefficient, atom))
                break
    for parts in groups.values():
        kind = parts[0][2].kind
        yield from _sums(parts, context) if kind == "sum" else _means(parts, context)
    yield from _over_one_index(groups, context)
    yield from _under_roots(context)


def _over_one_index(groups: dict[str, list[Part]], context: Context) -> Iterator[Fact]:
    """Sums over several indices beside sums over one of these, term by term over that one: with y >= 0 and A x >= b
    is sum_ij y_i A_ij x_j >= sum_i y_i b_i."""
    if len(groups) < 2:
        return
    parts = [part for found in groups.values() for part in found if part[2].kind == "sum"]
    shared = {r.key({}): r for _, _, atom in parts if len(atom.ranges) == 1 for r in atom.ranges}
    for key in list(shared)[:2]:
        nested = [(rest, c, inner) for rest, c, atom in parts if (inner := _nested(atom, key, context.forms))]
        if any(len(atom.ranges) > 1 for _, _, atom in parts) and len(nested) > 1:
            yield from _sums(nested, context)


def _nested(atom: Atom, key: str, forms: Forms) -> Atom | None:
    """A sum over several ranges as a sum over one of them, of what is summed over the others."""
    outer = next((r for r in atom.ranges if r.key({}) == key), None)
    if outer is None:
        return None
    others = tuple(r for r in atom.ranges if r is not outer)
    return replace(atom, ranges=(outer,), args=(forms.sum(others, atom.args[0]),)) if others else atom


def _under_roots(context: Context) -> Iterator[Fact]:
    """sum a_i <= sum b_i for two sums that the goal has under roots or in products."""
    atoms = {a.key: a for m, _ in context.goal.terms for a, e in m if a.kind == "sum" and (e != 1 or len(m) > 1)}
    for first, second in permutations(list(atoms.values())[:3], 2):
        if _range_key(first) == _range_key(second):
            renames = _renames(context.forms, second.ranges, first.ranges)
            gap = first.args[0] - context.forms.substitute(second.args[0], renames)
            inside = tuple(c for r in first.ranges for c in range_conditions(context.forms, r))
            if context.prove(gap, ">=", inside):
                yield Fact(Poly.atom(first) - Poly.atom(second), ">=", "sums compared term by term")


def _range_key(atom: Atom) -> str:
    if atom.kind == "mean":
        return f"mean {atom.name}"
    return "".join(sorted(r.key({}) for r in atom.ranges))


def _sums(parts: list[Part], context: Context) -> Iterator[Fact]:
    forms, ranges = context.forms, parts[0][2].ranges
    body = Poly()
    for outside, coefficient, atom in parts:
        renames = _renames(forms, atom.ranges, ranges)
        inner = forms.substitute(atom.args[0], renames)
        body += forms.times(Poly(((outside, coefficient),)), inner)
    total = forms.sum(ranges, body)
    for extra in (Poly(), *_beside(context, parts, ranges)):
        whole = body + extra
        inside = tuple(c for r in ranges for c in range_conditions(forms, r))
        if context.prove(whole, ">", inside) and all(_inhabited(context, r) for r in ranges):
            yield Fact(total + forms.sum(ranges, extra), ">", "sums compared term by term")
            return
        if context.prove(whole, ">=", inside):
            yield Fact(total + forms.sum(ranges, extra), ">=", "sums compared term by term")
            return


def _inhabited(context: Context, bound: Range) -> bool:
    """Whether a sum has at least one term; an axis has."""
    if bound.lower is None or bound.upper is None:
        return True
    return context.prove(bound.upper - bound.lower, ">=", ())


def _renames(forms: Forms, old: tuple[Range, ...], new: tuple[Range, ...]) -> dict:
    """Bound indices of one sum named as those of another over the same ranges."""
    free = list(new)
    out = {}
    for r in old:
        match = next(s for s in free if s.key({}) == r.key({}))
        free.remove(match)
        out[r.index] = forms.form(Var(match.index))
    return out


def _beside(context: Context, parts: list[Part], ranges: tuple[Range, ...]) -> Iterator[Poly]:
    """What stands beside the sums, as terms to take inside: n c = sum c, and c = c sum p where sum p = 1."""
    forms = context.forms
    summed = {a.key for _, _, a in parts}
    rest = Poly(tuple((m, c) for m, c in context.goal.terms if not any(a.key in summed for a, _ in m)))
    if not rest.terms or any(r.lower is not None or r.index.dim is None for r in ranges):
        return
    count = Poly.of(1)
    for r in ranges:
        assert r.index.dim is not None
        count = forms.times(count, forms.size(r.index.dim))
    divided = forms.times(rest, forms.power(count, Poly.of(-1)))
    if all(e > 0 for m, _ in divided.terms for _, e in m):
        yield divided
    weights = forms.weights(ranges)
    for weight in weights:
        yield forms.times(rest, weight)
    if len(weights) > 1:
        mixed = Poly.collect([t for w in weights for t in w.terms]).scaled(Fraction(1, len(weights)))
        yield forms.times(rest, mixed)


def _means(parts: list[Part], context: Context) -> Iterator[Fact]:
    forms, over = context.forms, tuple(parts[0][2].name.split(","))
    body = Poly()
    for outside, coefficient, atom in parts:
        body += forms.times(Poly(((outside, coefficient),)), atom.args[0])
    summed = {a.key for _, _, a in parts}
    rest = Poly(tuple((m, c) for m, c in context.goal.terms if not any(a.key in summed for a, _ in m)))
    for extra in (Poly(), rest):
        if context.prove(body + extra, ">=", ()):
            yield Fact(forms.mean(body, over) + extra, ">=", "expectations compared value by value")
            return


def range_conditions(forms: Forms, bound: Range) -> list[tuple[Poly, str]]:
    if bound.lower is None or bound.upper is None:
        return []
    value = forms.form(Var(bound.index))
    return [(value - bound.lower, ">="), (bound.upper - value, ">=")]
