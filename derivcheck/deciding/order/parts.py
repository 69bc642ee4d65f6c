"""Small pieces that polynomials of terms are made with: contents, roots, logarithms of numbers, parts of sums."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.order.poly import ZERO, Atom, Mono, Poly, Range, mono_product
from derivcheck.terms.build import number
from derivcheck.terms.dim import Dim
from derivcheck.terms.node import Add, Entry, Function, Index, Mul, Number, Power, Size, Term, Var


def index_term(poly: Poly) -> Term:
    """An integer polynomial of indices and sizes back as a term."""
    parts: list[Term] = []
    for mono, coefficient in poly.terms:
        factors: list[Term] = [Number(coefficient)] if coefficient != 1 or not mono else []
        for atom, exponent in mono:
            base: Term
            if atom.kind == "size":
                base = Size(Dim.named(atom.name))
            elif atom.kind == "entry":
                base = Entry(atom.name, tuple(index_term(a) for a in atom.args))
            elif atom.kind == "fn":
                base = Function(atom.name, tuple(index_term(a) for a in atom.args))
            elif atom.term is not None:
                base = atom.term
            else:
                raise OutOfWork("rewrites")
            factors.append(base if exponent == 1 else Power(base, Number(exponent)))
        parts.append(factors[0] if len(factors) == 1 else Mul(tuple(factors)))
    if not parts:
        return number(0)
    return parts[0] if len(parts) == 1 else Add(tuple(parts))


def group(base: Poly) -> Atom:
    return Atom("group", "", (base,))


def split_even(mono: Mono) -> tuple[Mono, Mono]:
    """The even powers of absolute values apart from the rest."""
    even = tuple(
        (a, e) for a, e in mono if a.kind == "fn" and a.name == "abs" and e.denominator == 1 and e % 2 == 0 and e > 0
    )
    return tuple(p for p in mono if p not in even), even


def split_groups(mono: Mono) -> tuple[Mono, Mono]:
    return tuple(p for p in mono if p[0].kind != "group"), tuple(p for p in mono if p[0].kind == "group")


def scaled_apart(poly: Poly, keep_sign: bool = False) -> tuple[Fraction, Poly]:
    """A polynomial as a number times one whose first coefficient is 1 (or -1, if the sign is kept)."""
    if not poly.terms:
        return Fraction(1), poly
    content = poly.terms[0][1]
    if keep_sign:
        content = abs(content)
    return content, poly.scaled(1 / content)


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    roots = []
    for part in (value.numerator, value.denominator):
        guess = round(part ** (1 / degree)) if part < 10**15 else 0
        if guess**degree != part:
            return None
        roots.append(guess)
    return Fraction(roots[0], roots[1])


def log_number(value: Fraction) -> Poly:
    """The logarithm of a positive number through its prime factors."""
    total = ZERO
    for part, direction in ((value.numerator, 1), (value.denominator, -1)):
        for prime, count in factors(part):
            total += Poly.atom(Atom("fn", "log", (Poly.of(prime),))).scaled(direction * count)
    return total


def factors(value: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    divisor = 2
    while divisor * divisor <= value and divisor < 1000:
        count = 0
        while value % divisor == 0:
            value //= divisor
            count += 1
        if count:
            found.append((divisor, count))
        divisor += 1
    return [*found, (value, 1)] if value > 1 else found


def is_index(atom: Atom, index: Index) -> bool:
    return isinstance(atom.term, Var) and atom.term.index == index


def same_axis(bound: Range, other: Poly) -> bool:
    """Whether a value surely lies in the range: an index of the same axis."""
    atom = other.single
    if bound.lower is not None or atom is None or not isinstance(atom.term, Var):
        return False
    return atom.term.index.dim == bound.index.dim


def components(ranges: tuple[Range, ...], mono: Mono) -> list[tuple[tuple[Range, ...], Mono]]:
    """A product of sums from one sum over several indices: the parts that share no bound index."""
    groups: list[tuple[set[Index], list[tuple[Atom, Fraction]]]] = []
    bound = {r.index for r in ranges}
    limits = {r.index: {i for p in r.limits for i in p.free} & bound for r in ranges}
    blocks: list[set[Index]] = [{i} | linked for i, linked in limits.items()]
    pairs = [(set(a.free) & bound, [(a, e)]) for a, e in mono] + [(b, []) for b in blocks]
    free: list[tuple[Atom, Fraction]] = []
    for indices, atoms in pairs:
        if not indices:
            free += atoms
            continue
        merged: tuple[set[Index], list[tuple[Atom, Fraction]]] = (set(indices), list(atoms))
        rest = []
        for group in groups:
            if group[0] & merged[0]:
                merged = (merged[0] | group[0], group[1] + merged[1])
            else:
                rest.append(group)
        groups = [*rest, merged]
    out: list[tuple[tuple[Range, ...], Mono]] = [((), mono_product((), tuple(free)))] if free else []
    for indices, atoms in groups:
        out.append((tuple(r for r in ranges if r.index in indices), mono_product((), tuple(atoms))))
    return out
