"""Is this expression the one that the question asks for, perhaps at another index?

A question asks for `\\partial h_{i+1} / \\partial h_i`; an answer may write `\\partial h_i / \\partial h_{i-1}`, name
its length T where the question says t, or give one entry. Matching is purely structural, up to bound names:
it never decides mathematics, it only finds which line speaks of what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from derivcheck.record import dataclass, field
from derivcheck.terms.build import add, mul, number, size
from derivcheck.terms.dim import Dim
from derivcheck.terms.integers import Affine, affine
from derivcheck.terms.node import (
    Add,
    Entry,
    Index,
    Mul,
    Number,
    Term,
    Var,
    bound_indices,
    replace_entries,
    substitute,
)
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Match:
    """Values of the question's free indices (and of the names that are the student's choice) at which it is
    the student's expression; `entry`: the entry meant, where the student's is one entry of what is asked."""

    indices: Mapping[Index, Term] = field(default_factory=dict)
    names: Mapping[str, Term] = field(default_factory=dict)
    entry: tuple[Term, ...] | None = None

    @property
    def numbered(self) -> bool:
        """Is it said of one member alone (`s^1` for `s^i`)?"""
        return any(isinstance(value, Number) for value in self.indices.values())

    def apply(self, tensor: Tensor) -> Tensor:
        """A reference written for the question, as it reads for the student's expression."""
        fresh = tensor.renamed()
        body = fresh.body
        if self.names:
            body = replace_entries(body, lambda e: None if e.indices else self.names.get(e.symbol))
        body = substitute(body, self.indices)
        result = Tensor(fresh.axes, body)
        if self.entry is None:
            return result
        return Tensor((), result.at(self.entry)) if len(self.entry) == len(result.axes) else result


def _term(form: Affine) -> Term:
    """The integer term with these coefficients (dimensions stand as their monomials, the constant under 1)."""
    return add(*(mul(number(value), _atom(atom)) for atom, value in form.items()))


def _atom(atom: object) -> Term:
    if isinstance(atom, Term):
        return atom
    return size(Dim(((atom, 1),))) if isinstance(atom, tuple) else number(1)


class _Matcher:
    """One attempt: bindings grow while pattern and term are walked side by side."""

    def __init__(self, variables: frozenset[Index], choice: frozenset[str]) -> None:
        self.variables, self.choice = variables, choice
        self.indices: dict[Index, Term] = {}
        self.names: dict[str, Term] = {}
        self.bound: dict[Index, Index] = {}

    def visit(self, pattern: Term, term: Term) -> bool:
        if self._is_integer(pattern):
            return self._integers(pattern, term)
        if type(pattern) is not type(term):
            return False
        mine, yours = bound_indices(pattern), bound_indices(term)
        if len(mine) != len(yours):
            return False
        self.bound.update(zip(mine, yours, strict=True))
        return all(self._field(getattr(pattern, f), getattr(term, f)) for f in pattern._fields)

    def _field(self, mine: object, yours: object) -> bool:
        if isinstance(mine, Term):
            return isinstance(yours, Term) and self.visit(mine, yours)
        if isinstance(mine, tuple):
            same = isinstance(yours, tuple) and len(mine) == len(yours)
            return same and all(self._field(a, b) for a, b in zip(mine, yours, strict=True))  # type: ignore[arg-type]
        if isinstance(mine, Index):
            return self.bound.get(mine, mine) == yours
        return mine == yours

    def _is_integer(self, term: Term) -> bool:
        """Worth matching as an integer: mentions a variable and nothing but indices and numbers beside."""
        atoms = [a for a in affine(term) if a != 1]
        return bool(atoms) and all(isinstance(a, Var) or self._chosen(a) for a in atoms)

    def _chosen(self, term: object) -> bool:
        return isinstance(term, Entry) and not term.indices and term.symbol in self.choice

    def _integers(self, pattern: Term, term: Term) -> bool:
        rest = {atom: -value for atom, value in affine(term).items()}
        unknown: list[tuple[object, Fraction]] = []
        for atom, value in affine(pattern).items():
            known = self._value(atom)
            if known is None:
                unknown.append((atom, value))
                continue
            for inner, factor in affine(known).items():
                rest[inner] = rest.get(inner, Fraction(0)) + value * factor
        rest = {atom: value for atom, value in rest.items() if value}
        if not unknown:
            return not rest
        if len(unknown) > 1 or abs(unknown[0][1]) != 1:
            return False
        atom, sign = unknown[0]
        solved = _term({inner: -value / sign for inner, value in rest.items()})
        if isinstance(atom, Var):
            self.indices[atom.index] = solved
        elif isinstance(atom, Entry):
            self.names[atom.symbol] = solved
        return True

    def _value(self, atom: object) -> Term | None:
        """What an atom of the pattern stands for, None where that is still open."""
        if isinstance(atom, Var):
            if atom.index in self.bound:
                return Var(self.bound[atom.index])
            return self.indices.get(atom.index) if atom.index in self.variables else atom
        if self._chosen(atom) and isinstance(atom, Entry):
            return self.names.get(atom.symbol)
        return _atom(atom)


def match(asked: Tensor, written: Tensor, choice: frozenset[str] = frozenset()) -> Match | None:
    """How `written` is what was asked, or None."""
    if len(asked.axes) == len(written.axes):
        attempt = _Matcher(asked.body.free - set(asked.axes), choice)
        attempt.bound.update(zip(asked.axes, written.axes, strict=True))
        if attempt.visit(asked.body, written.body):
            return Match(attempt.indices, attempt.names)
    elif not written.axes:
        attempt = _Matcher(asked.body.free, choice)
        if attempt.visit(asked.body, written.body) and all(a in attempt.indices for a in asked.axes):
            entry = tuple(attempt.indices.pop(a) for a in asked.axes)
            return Match(attempt.indices, attempt.names, entry)
    return None


def same(left: Tensor, right: Tensor) -> bool:
    """The same expression up to bound names (and the order of sums and products)."""
    return len(left.axes) == len(right.axes) and key(left) == key(right)


def key(tensor: Tensor) -> str:
    """A text that two expressions share when they differ only in bound names and the order of commuting arguments."""
    return _key(tensor.body, {axis: f"@{number}" for number, axis in enumerate(tensor.axes)}, 0)


def _key(term: Term, names: Mapping[Index, str], depth: int) -> str:
    inner = {**names, **{i: f"#{depth + n}" for n, i in enumerate(bound_indices(term))}}
    deeper = depth + len(bound_indices(term))

    def show(value: object) -> str:
        if isinstance(value, Term):
            return _key(value, inner, deeper)
        if isinstance(value, tuple):
            return f"({','.join(show(item) for item in value)})"
        if isinstance(value, Index):
            return inner.get(value, value.name)
        return str(value)

    if isinstance(term, Add | Var) and all(isinstance(atom, Var) or atom == 1 for atom in affine(term)):
        whole = (f"{value}*{inner[a.index] if isinstance(a, Var) and a.index in inner else a}" for a, value in
                 affine(term).items())  # fmt: skip
        return f"Whole({','.join(sorted(whole))})"
    if isinstance(term, Add | Mul):
        return f"{type(term).__name__}({','.join(sorted(show(a) for a in term.args))})"
    return f"{type(term).__name__}({','.join(show(getattr(term, f)) for f in term._fields)})"


_STYLE = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathrm|operatorname\*?|text|mathit|textbf|left|right)(?![A-Za-z])")
_BLANK = re.compile(r"\\[,;:! ]|\\q?quad(?![A-Za-z])|[\s{}$]+")


def squeezed(latex: str) -> str:
    """LaTeX without spaces, braces, fonts and sizes: for names that no given declares (`\\ell(y, p)`)."""
    return _BLANK.sub("", _STYLE.sub("", latex)).replace(r"\lVert", r"\|").replace(r"\rVert", r"\|").rstrip(".,;:")
