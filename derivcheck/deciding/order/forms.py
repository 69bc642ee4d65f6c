"""Terms as polynomials over opaque atoms (`Poly`), with the structure of sums and norms kept.

Differences that are only bookkeeping disappear here: the order of factors, names of dummies, what can be
pulled out of a sum, deltas, exponentials of sums, logarithms of positive products. What carries meaning for
inequalities stays: a power of a sum of several terms is one *group*, so that the square under a norm is seen.

Everything rests on the convention that a claim is judged where both its sides are defined: x * x^-1 is 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from derivcheck.deciding.budget import OutOfWork
from derivcheck.deciding.numbers import whole_power
from derivcheck.deciding.order.parts import (
    components,
    exact_root,
    group,
    index_term,
    is_index,
    log_number,
    same_axis,
    scaled_apart,
    split_even,
    split_groups,
)
from derivcheck.deciding.order.poly import MAX_ORDERS, ONE, UNIT, ZERO, Atom, Mono, Poly, Range, mono_product
from derivcheck.deciding.order.signs import interval, sign
from derivcheck.terms.build import number, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Model
from derivcheck.terms.node import (
    Add,
    Constant,
    Delta,
    Entry,
    Expectation,
    Fold,
    Function,
    Index,
    MatrixOp,
    Mul,
    Number,
    Power,
    Reduce,
    Size,
    Term,
    Var,
    fresh,
    substitute,
)

HALF = Fraction(1, 2)
MAX_TERMS = 600
MOST_NAMING = 30_000  # atoms named on the way to the forms of one claim
EVEN = frozenset({"abs", "cosh", "cos"})
TRANSPOSABLE = frozenset({"rank", "nuclear", "det", "cond", "eigmax", "eigmin", "radius"})
ODD = frozenset({"tanh", "sinh", "sin", "tan", "atan", "asin", "atanh", "sign", "erf"})


class Forms:
    """Makes polynomials under the givens of one model (its domains say which atoms are positive)."""

    def __init__(self, model: Model, symmetric: frozenset[str] = frozenset()) -> None:
        self.model = model
        self.symmetric = symmetric
        self._memo: dict[Term, Poly] = {}
        self._spent = 0
        self._signs: dict[str, tuple[bool, bool]] = {}

    # --- from terms ------------------------------------------------------------------------------------------------

    def form(self, term: Term) -> Poly:
        found = self._memo.get(term)
        if found is None:
            found = self._memo[term] = self._form(term)
        return found

    def _form(self, term: Term) -> Poly:
        match term:
            case Number(value):
                return Poly.of(value)
            case Size(dim):
                return self.size(dim)
            case Add(args):
                return Poly.collect([t for a in args for t in self.form(a).terms])
            case Mul(args):
                return self.times(*(self.form(a) for a in args))
            case Power(base, exponent):
                return self.power(self.form(base), self.form(exponent))
            case Function(name, args):
                return self.function(name, tuple(self.form(a) for a in args))
            case Reduce(kind, index, lower, upper, body, None) if kind in ("sum", "prod", "max", "min"):
                return self._reduce(kind, index, lower, upper, body)
            case Entry(symbol, indices):
                return self.entry(symbol, tuple(self.form(i) for i in indices))
            case Var(index):
                return Poly.atom(Atom("index", index.name, term=term))
            case Delta(left, right):
                return self.delta(self.form(left), self.form(right))
            case Constant("e"):
                return self.function("exp", (ONE,))
            case Expectation(body, over):
                return self.mean(self.form(body), over)
            case MatrixOp() | Fold():
                return self._matrix(term)
        return Poly.atom(Atom("opaque", type(term).__name__, term=term))

    def entry(self, symbol: str, indices: tuple[Poly, ...]) -> Poly:
        return Poly.atom(Atom("entry", symbol, indices, commutes=symbol in self.symmetric and len(indices) == 2))

    def _reduce(self, kind: str, index: Index, lower: Term, upper: Term, body: Term) -> Poly:
        whole = index.dim is not None and lower == number(1) and upper == size(index.dim)
        bound = Range(index) if whole else Range(index, self.form(lower), self.form(upper))
        if kind == "sum":
            return self.sum((bound,), self.form(body))
        return self.extremum(kind, bound, self.form(body))

    def _matrix(self, term: MatrixOp | Fold) -> Poly:
        if isinstance(term, Fold):
            bound = (term.index, term.rows, term.cols)
            outside = (*term.out, term.lower, term.upper)
            name = f"fold-{term.order}"
        else:
            bound = (term.rows, term.cols)
            outside = (*term.out, *term.params)
            name = term.name
        args = (self.form(term.body), *(self.form(o) for o in outside))
        if name == "norm2":
            from derivcheck.deciding.order.matrices import spectral

            return spectral(self, term.rows, term.cols, args[0])
        ranges = tuple(Range(i) for i in bound)
        return self.rebuild(Atom("matrix", name, args, ranges), args, ranges)

    # --- arithmetic ------------------------------------------------------------------------------------------------

    def times(self, *factors: Poly) -> Poly:
        """The product. Equal factors of several terms are one group with an exponent; others are multiplied out."""
        wide: dict[str, tuple[Poly, Fraction]] = {}
        narrow: Mono = UNIT
        scale = Fraction(1)
        for factor in factors:
            if not factor.terms:
                return ZERO
            if len(factor.terms) == 1:
                narrow = mono_product(narrow, factor.terms[0][0])
                scale *= factor.terms[0][1]
            else:
                content, primitive = scaled_apart(factor)
                scale *= content
                old = wide.get(primitive.key, (primitive, Fraction(0)))
                wide[primitive.key] = (primitive, old[1] + 1)
        narrow, grouped = split_groups(narrow)
        for atom, exponent in grouped:
            base = atom.args[0]
            old = wide.get(base.key, (base, Fraction(0)))
            wide[base.key] = (base, old[1] + exponent)
        narrow, even = split_even(narrow)
        open_: list[Poly] = []
        for atom, exponent in even:  # |x|^2 = x^2
            inner = self.power(atom.args[0], Poly.of(exponent))
            if len(inner.terms) == 1:
                narrow = mono_product(narrow, inner.first[0])
                scale *= inner.first[1]
            else:
                open_.append(inner)
        for base, exponent in wide.values():
            if exponent == 1:
                open_.append(base)
            elif exponent:
                narrow = mono_product(narrow, ((group(base), exponent),))
        total = Poly(((narrow, scale),))
        for base in open_:
            total = self._distribute(total, base)
        return total

    def _distribute(self, left: Poly, right: Poly) -> Poly:
        if len(left.terms) * len(right.terms) > MAX_TERMS:
            raise OutOfWork("rewrites")
        pairs = [(mono_product(m, n), a * b) for m, a in left.terms for n, b in right.terms]
        out: list[tuple[Mono, Fraction]] = []
        for mono, coefficient in pairs:
            if any(a.kind == "group" and e == 1 for a, e in mono):  # a group that became a plain sum again
                out += self.times(Poly(((mono, coefficient),))).terms
            else:
                out.append((mono, coefficient))
        return Poly.collect(out)

    def power(self, base: Poly, exponent: Poly) -> Poly:
        value = exponent.number
        if value is None:
            return self._symbolic_power(base, exponent)
        if value == 0:
            return ONE
        if value == 1:
            return base
        if not base.terms:
            return ZERO if value > 0 else Poly.atom(group(ZERO), value)
        if len(base.terms) > 1:
            content, primitive = scaled_apart(base, keep_sign=value.denominator != 1)
            return self._scaled_root(content, value, Poly.atom(group(primitive), value))
        mono, coefficient = base.first
        if value.denominator == 1:
            return self.times(Poly(((tuple((a, e * value) for a, e in mono), whole_power(coefficient, int(value))),)))
        if coefficient < 0:
            return Poly.atom(group(base), value)
        return self._root_of_mono(mono, coefficient, value)

    def _root_of_mono(self, mono: Mono, coefficient: Fraction, value: Fraction) -> Poly:
        """(c a^p b^q)^value with c > 0: what is known to be nonnegative comes out; x^2 comes out as |x|."""
        outside = ONE
        unknown: list[tuple[Atom, Fraction]] = []
        for atom, exponent in mono:
            if self.nonnegative(atom):
                outside = self.times(outside, Poly.atom(atom, exponent * value))
            elif exponent.denominator == 1 and exponent % 2 == 0:
                magnitude = self.function("abs", (Poly.atom(atom),))
                outside = self.times(outside, self.power(magnitude, Poly.of(exponent * value)))
            else:
                unknown.append((atom, exponent))
        if len(unknown) == 1 and unknown[0][1].numerator % 2:  # defined only where this atom is nonnegative
            outside = self.times(outside, Poly.atom(unknown[0][0], unknown[0][1] * value))
        elif unknown:
            outside = self.times(outside, Poly.atom(group(Poly(((tuple(unknown), Fraction(1)),))), value))
        return self._scaled_root(coefficient, value, outside)

    def _scaled_root(self, coefficient: Fraction, value: Fraction, rest: Poly) -> Poly:
        if value.denominator == 1:
            return rest.scaled(whole_power(coefficient, int(value)))
        factor = exact_root(coefficient, value.denominator)
        if factor is not None:
            return rest.scaled(whole_power(factor, value.numerator))
        return self.times(Poly.atom(group(Poly.of(coefficient)), value), rest)

    def _symbolic_power(self, base: Poly, exponent: Poly) -> Poly:
        if base == ONE:
            return ONE
        atom = base.single
        if atom is not None and atom.kind == "fn" and atom.name == "exp":
            return self.function("exp", (self.times(atom.args[0], exponent),))
        if atom is not None and atom.kind == "pow":
            return self._symbolic_power(atom.args[0], self.times(atom.args[1], exponent))
        return Poly.atom(Atom("pow", "", (base, exponent)))

    # --- functions -------------------------------------------------------------------------------------------------

    def function(self, name: str, args: tuple[Poly, ...]) -> Poly:
        if name == "exp":
            return self._exp(args[0])
        if name == "log":
            return self._log(args[0])
        if name == "abs":
            return self._abs(args[0])
        if name in ("max2", "min2") and args[0].key > args[1].key:
            args = (args[1], args[0])
        if name in EVEN | ODD and args[0].terms and args[0].terms[0][1] < 0:
            flipped = Poly.atom(Atom("fn", name, (-args[0],)))
            return flipped if name in EVEN else -flipped
        if name in ODD and not args[0].terms:
            return ZERO
        return Poly.atom(Atom("fn", name, args))

    def _exp(self, argument: Poly) -> Poly:
        total = ONE
        for mono, coefficient in argument.terms:
            log = mono[0][0] if len(mono) == 1 and mono[0][1] == 1 else None
            if log is not None and log.kind == "fn" and log.name == "log" and coefficient.denominator == 1:
                total = self.times(total, self.power(log.args[0], Poly.of(coefficient)))
            else:
                unit = Atom("fn", "exp", (Poly(((mono, Fraction(1)),)),))
                total = self.times(total, Poly.atom(unit, coefficient))
        return total

    def _log(self, argument: Poly) -> Poly:
        if len(argument.terms) != 1 or argument.terms[0][1] < 0:
            content, primitive = scaled_apart(argument, keep_sign=True)
            rest = Poly.atom(Atom("fn", "log", (primitive,)))
            return rest + log_number(content) if argument.terms else rest
        mono, coefficient = argument.terms[0]
        open_ = [(a, e) for a, e in mono if not self.positive(a)]
        if len(open_) > 1 or any(e.numerator % 2 == 0 for _, e in open_):  # signs unknown: keep it whole
            return Poly.atom(Atom("fn", "log", (Poly(((mono, Fraction(1)),)),))) + log_number(coefficient)
        total = log_number(coefficient)
        for atom, exponent in mono:
            total += self._log_atom(atom).scaled(exponent)
        return total

    def _log_atom(self, atom: Atom) -> Poly:
        if atom.kind == "fn" and atom.name == "exp":
            return atom.args[0]
        if atom.kind == "pow" and self.positive_poly(atom.args[0]):
            return self.times(atom.args[1], self._log(atom.args[0]))
        inner = atom.args[0] if atom.kind == "group" else Poly.atom(atom)
        return Poly.atom(Atom("fn", "log", (inner,)))

    def _abs(self, argument: Poly) -> Poly:
        if argument.number is not None:
            return Poly.of(abs(argument.number))
        if len(argument.terms) > 1:
            content, primitive = scaled_apart(argument)
            if self.nonnegative_poly(primitive):
                return primitive.scaled(abs(content))
            return Poly.atom(Atom("fn", "abs", (primitive,))).scaled(abs(content))
        mono, coefficient = argument.first
        total = Poly.of(abs(coefficient))
        for atom, exponent in mono:
            if self.nonnegative(atom) or (exponent.denominator == 1 and exponent % 2 == 0):
                total = self.times(total, Poly.atom(atom, exponent))
            else:
                inner = atom.args[0] if atom.kind == "group" else Poly.atom(atom)
                magnitude = Atom("fn", "abs", (inner,))
                total = self.times(total, Poly.atom(magnitude, exponent))
        return total

    # --- sums, means, extrema --------------------------------------------------------------------------------------

    def sum(self, ranges: tuple[Range, ...], body: Poly) -> Poly:
        """The sum over some indices: term by term, free factors outside, inner sums merged, parts that share
        no index apart."""
        out: list[tuple[Mono, Fraction]] = []
        for mono, coefficient in body.terms:
            out += self._sum_mono(ranges, mono).scaled(coefficient).terms
        return Poly.collect(out)

    def _sum_mono(self, ranges: tuple[Range, ...], mono: Mono) -> Poly:
        eliminated = self._eliminate_delta(ranges, mono)
        if eliminated is not None:
            return eliminated
        flat: Mono = UNIT
        for atom, exponent in mono:
            inside = any(r.index in atom.free for r in ranges)
            if atom.kind == "sum" and exponent == 1 and inside:
                inner_ranges, inner = self.renamed_sum(atom)
                ranges = ranges + inner_ranges
                flat = mono_product(flat, inner)
            else:
                flat = mono_product(flat, ((atom, exponent),))
        total = ONE
        for part_ranges, part in components(ranges, flat):
            total = self.times(total, self._sum_part(part_ranges, part))
        return total

    def _sum_part(self, ranges: tuple[Range, ...], part: Mono) -> Poly:
        if not ranges:
            return Poly(((part, Fraction(1)),))
        if not part and len(ranges) == 1 and ranges[0].lower is None and ranges[0].index.dim is not None:
            return self.size(ranges[0].index.dim)
        if len(part) == 1 and part[0][1] == 1 and self._is_distribution(part[0][0], ranges):
            return ONE
        made = Atom("sum", "", (Poly(((part, Fraction(1)),)),), ranges)
        self._spend(made)
        return Poly.atom(made)

    def _spend(self, atom: Atom) -> None:
        """Naming a nest of sums takes its size once for each order of its indices: that is counted."""
        self._spent += atom.size * min(math.factorial(len(atom.ranges)), MAX_ORDERS)
        if self._spent > MOST_NAMING:
            raise OutOfWork("forms")

    def _is_distribution(self, atom: Atom, ranges: tuple[Range, ...]) -> bool:
        """Whether a sum is over the last axis of a symbol whose domain is the simplex."""
        declaration = self.model.declarations.get(atom.name) if atom.kind == "entry" else None
        if declaration is None or declaration.domain.kind != "simplex" or len(ranges) != 1:
            return False
        (bound,), last = ranges, atom.args[-1].single
        others = all(bound.index not in a.free for a in atom.args[:-1])
        whole = bound.lower is None and bound.index.dim == declaration.shape[-1]
        return others and whole and last is not None and is_index(last, bound.index)

    def renamed_sum(self, atom: Atom) -> tuple[tuple[Range, ...], Mono]:
        """The ranges and the body of a sum with fresh indices."""
        fresh_of = {r.index: fresh(r.index.name, r.index.dim) for r in atom.ranges}
        values = {i: self.form(Var(j)) for i, j in fresh_of.items()}
        ranges = tuple(
            Range(fresh_of[r.index], *(self.substitute(limit, values) for limit in r.limits)) for r in atom.ranges
        )
        body = self.substitute(atom.args[0], values)
        return ranges, body.terms[0][0]

    def _eliminate_delta(self, ranges: tuple[Range, ...], mono: Mono) -> Poly | None:
        for atom, _ in mono:
            if atom.kind != "delta":
                continue
            for mine, other in (atom.args, atom.args[::-1]):
                found = mine.single
                bound = next((r for r in ranges if found is not None and is_index(found, r.index)), None)
                if bound is None or not same_axis(bound, other) or bound.index in other.free:
                    continue
                rest = Poly((((tuple((a, e) for a, e in mono if a is not atom)), Fraction(1)),))
                left = tuple(r for r in ranges if r is not bound)
                return self.sum(left, self.substitute(rest, {bound.index: other}))
        return None

    def mean(self, body: Poly, over: tuple[str, ...]) -> Poly:
        """An expectation: linear, and what does not involve the random symbols stands outside."""
        names = set(over)
        out: list[tuple[Mono, Fraction]] = []
        for mono, coefficient in body.terms:
            inside = tuple((a, e) for a, e in mono if self._involves(a, names))
            outside = Poly(((tuple((a, e) for a, e in mono if not self._involves(a, names)), coefficient),))
            if inside:
                argument = Poly(((inside, Fraction(1)),))
                outside = self.times(outside, Poly.atom(Atom("mean", ",".join(sorted(over)), (argument,))))
            out += outside.terms
        return Poly.collect(out)

    def _involves(self, atom: Atom, names: set[str]) -> bool:
        from derivcheck.terms.unfold import reaches

        if atom.kind == "mean" and names & set(atom.name.split(",")):
            return False
        if atom.term is not None:
            return any(reaches(self.model, atom.term, n) for n in names)
        if atom.kind == "entry" and any(reaches(self.model, Entry(atom.name), n) for n in names):
            return True
        return any(self._involves(a, names) for p in atom.args for a in p.atoms)

    def extremum(self, kind: str, bound: Range, body: Poly) -> Poly:
        """max, min or product over one index; a constant positive factor comes out of max and min."""
        if kind in ("max", "min") and bound.index not in body.free and bound.lower is None:
            return body
        if kind in ("max", "min") and len(body.terms) == 1:
            mono, coefficient = body.terms[0]
            out = tuple((a, e) for a, e in mono if bound.index not in a.free and self.nonnegative(a) and e > 0)
            inside = tuple(pair for pair in mono if pair not in out)
            if coefficient > 0 and (out or coefficient != 1):
                inner = Poly.atom(Atom(kind, "", (Poly(((inside, Fraction(1)),)),), (bound,)))
                return self.times(Poly(((out, coefficient),)), inner)
        return Poly.atom(Atom(kind, "", (body,), (bound,)))

    def delta(self, left: Poly, right: Poly) -> Poly:
        difference = (left - right).number
        if difference is not None:
            return ONE if difference == 0 else ZERO
        if left.key > right.key:
            left, right = right, left
        return Poly.atom(Atom("delta", "", (left, right)))

    def weights(self, ranges: tuple[Range, ...]) -> list[Poly]:
        """Entries over these ranges that are known to sum to 1: probability vectors of the givens."""
        found: list[Poly] = []
        for name, declaration in sorted(self.model.declarations.items()):
            shape = declaration.shape
            simplex = declaration.domain.kind == "simplex" and not declaration.family
            if simplex and len(ranges) == 1 and shape == (ranges[0].index.dim,):
                found.append(self.form(Entry(name, (Var(ranges[0].index),))))
        return found

    def size(self, dim: Dim) -> Poly:
        terms: list[tuple[Mono, Fraction]] = []
        for names, coefficient in dim.terms:
            mono: Mono = ()
            for name in names:
                mono = mono_product(mono, ((Atom("size", name), Fraction(1)),))
            terms.append((mono, Fraction(coefficient)))
        return Poly.collect(terms)

    # --- substitution ----------------------------------------------------------------------------------------------

    def substitute(self, poly: Poly, values: Mapping[Index, Poly]) -> Poly:
        if not (poly.free & values.keys()):
            return poly
        total: list[tuple[Mono, Fraction]] = []
        for mono, coefficient in poly.terms:
            factors = [self.power(self._substitute_atom(a, values), Poly.of(e)) for a, e in mono]
            total += self.times(*factors).scaled(coefficient).terms
        return Poly.collect(total)

    def _substitute_atom(self, atom: Atom, values: Mapping[Index, Poly]) -> Poly:
        if not (atom.free & values.keys()):
            return Poly.atom(atom)
        if atom.term is not None:
            if isinstance(atom.term, Var):
                return values[atom.term.index]
            inner = {i: index_term(p) for i, p in values.items() if i in atom.free}
            return self.form(substitute(atom.term, inner))
        ranges = tuple(Range(r.index, *(self.substitute(p, values) for p in r.limits)) for r in atom.ranges)
        args = tuple(self.substitute(p, values) for p in atom.args)
        return self.rebuild(atom, args, ranges)

    def rebuild(self, atom: Atom, args: Sequence[Poly], ranges: tuple[Range, ...]) -> Poly:
        """An atom with changed arguments, through the constructors above."""
        from derivcheck.deciding.order.matrices import gram, spectral

        match atom.kind:
            case "sum":
                return self.sum(ranges, args[0])
            case "fn":
                return self.function(atom.name, tuple(args))
            case "group":
                return args[0]
            case "delta":
                return self.delta(args[0], args[1])
            case "mean":
                return self.mean(args[0], tuple(atom.name.split(",")))
            case "max" | "min" | "prod":
                return self.extremum(atom.kind, ranges[0], args[0])
            case "pow":
                return self.power(args[0], args[1])
            case "matrix" if atom.name == "norm2":
                return spectral(self, ranges[0].index, ranges[1].index, args[0])
            case "matrix" if atom.name in TRANSPOSABLE and len(args) == 1:
                if atom.name == "eigmax" and (squared := gram(self, ranges[0].index, ranges[1].index, args[0])):
                    return squared
                crossed = Atom("matrix", atom.name, tuple(args), (ranges[1], ranges[0]))
                straight = Atom("matrix", atom.name, tuple(args), ranges)
                return Poly.atom(min(straight, crossed, key=lambda a: a.key))
        return Poly.atom(Atom(atom.kind, atom.name, tuple(args), ranges, commutes=atom.commutes))

    # --- what is known of signs ------------------------------------------------------------------------------------

    def nonnegative(self, atom: Atom) -> bool:
        return self._sign(atom)[0]

    def positive(self, atom: Atom) -> bool:
        return self._sign(atom)[1]

    def nonnegative_poly(self, poly: Poly) -> bool:
        if all(c > 0 and self.nonnegative_mono(m) for m, c in poly.terms):
            return True
        low = interval(self, poly)[0]
        return low is not None and low >= 0

    def positive_poly(self, poly: Poly) -> bool:
        if not poly.terms:
            return False
        if all(c > 0 and self.nonnegative_mono(m) for m, c in poly.terms):
            return any(all(self.positive(a) for a, _ in m) for m, _ in poly.terms)
        low = interval(self, poly)[0]
        return low is not None and low > 0

    def nonnegative_mono(self, mono: Mono) -> bool:
        return all(e.denominator % 2 == 0 or e.numerator % 2 == 0 or self.nonnegative(a) for a, e in mono)

    def _sign(self, atom: Atom) -> tuple[bool, bool]:
        found = self._signs.get(atom.key)
        if found is None:
            self._signs[atom.key] = (False, False)  # while it is being worked out
            found = self._signs[atom.key] = sign(self, atom)
        return found
