"""Symbolic dimensions: polynomials with integer coefficients in named positive integers.

A dimension named in a shape (`W \\in \\mathbb{R}^{m \\times n}`) is a positive integer of which nothing
else is known; composite ones such as `2D_x` or `nm` are polynomials in such names.
"""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.record import dataclass

Monomial = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dim:
    """A polynomial in named dimensions: sorted pairs of a monomial (sorted names) and its coefficient."""

    terms: tuple[tuple[Monomial, int], ...]

    @staticmethod
    def named(name: str) -> Dim:
        return Dim((((name,), 1),))

    @staticmethod
    def of(number: int) -> Dim:
        return Dim((((), number),)) if number else Dim(())

    @staticmethod
    def _collect(pairs: list[tuple[Monomial, int]]) -> Dim:
        total: dict[Monomial, int] = {}
        for monomial, coefficient in pairs:
            total[monomial] = total.get(monomial, 0) + coefficient
        return Dim(tuple(sorted((m, c) for m, c in total.items() if c)))

    def __add__(self, other: Dim) -> Dim:
        return Dim._collect([*self.terms, *other.terms])

    def __sub__(self, other: Dim) -> Dim:
        return Dim._collect([*self.terms, *((m, -c) for m, c in other.terms)])

    def __mul__(self, other: Dim) -> Dim:
        return Dim._collect([(tuple(sorted(m + n)), a * b) for m, a in self.terms for n, b in other.terms])

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for monomial, _ in self.terms for name in monomial)

    @property
    def number(self) -> int | None:
        """The value of a dimension that is a plain number, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == ():
            return self.terms[0][1]
        return None

    def at(self, dims: Mapping[str, int]) -> int:
        """Its value where each named dimension has the value given in `dims`."""
        total = 0
        for monomial, coefficient in self.terms:
            for name in monomial:
                coefficient *= dims[name]
            total += coefficient
        return total

    def __str__(self) -> str:
        """As LaTeX, e.g. `2D_x` or `n m + 1`."""
        if not self.terms:
            return "0"
        words = []
        for monomial, coefficient in reversed(self.terms):
            factor = " ".join(monomial)
            sign = "-" if coefficient < 0 else "+"
            size = str(abs(coefficient)) if abs(coefficient) != 1 or not factor else ""
            words += [sign, f"{size}{factor}"]
        text = " ".join(words)
        return text[2:] if text.startswith("+ ") else text


ONE = Dim.of(1)
Shape = tuple[Dim, ...]
