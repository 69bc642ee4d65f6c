"""What reading one line finds on the way. Mutable, but lives only while one line is read.

Two things are known only after a while: the size of an `I` or `\\mathbf{1}` (an unknown dimension, named `?1`, is
solved by unification when an operation needs two dimensions to agree) and the range of an index that stands bare (found
from where it is used). Terms are built with the unknowns in them and settled when the line is complete.
"""

from __future__ import annotations

from typing import Any

from derivcheck.language.options import Options
from derivcheck.language.parsing.syntax import Node, Span
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.dim import Dim
from derivcheck.terms.model import Claim, Declaration
from derivcheck.terms.node import Index, Term
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Use:
    """One place where index + shift stands for a position: in lower..upper, an axis of length `dim` if it is one."""

    lower: Term | None
    upper: Term | None
    dim: Dim | None
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """What the parts of a line mean, kept while many edits of it are read in one scope: most of each edit is as it was.
    Only parts are kept of which nothing else was found, with their trees, by which they are known."""

    scope: object
    options: Options
    letters: frozenset[str]
    integrated: frozenset[str]
    known: dict[tuple[int, bool], tuple[Node, Tensor]] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """undeclared: names that nothing introduces, with their places. declared: symbols introduced by use.
    free: bare undeclared indices by name. uses: where a bare index stood. line: the trees that are read. meanings,
    meant: what letters stand for in this line, and what follows of it (meant.py).
    letters: letters that stand in an index position somewhere in the line. integrated: variables of the integrals
    around. dims: unknown dimensions solved so far. multiples: unknown ones that are 1 where nothing says otherwise.
    sizes: names given to unknown dimensions that nothing determines. unknowns: how many dimensions were unknown.
    notes: facts to show. ambiguities: choices that the text left open ('norm', 'product-order', 'layout').
    words: see Elaborator.words. ran: what the bound letters of the line ran over. ranges: ranges that the line states
    (`for i = 1, \\dots, n`). applying: the functions whose bodies are being read; applied: how many were so far.
    parts: what is known from other edits of the line."""

    undeclared: dict[str, Span] = field(default_factory=dict)
    declared: dict[str, Declaration] = field(default_factory=dict)
    free: dict[str, Index] = field(default_factory=dict)
    uses: dict[Index, list[Use]] = field(default_factory=dict)
    line: tuple[Node, ...] = ()
    meanings: dict[str, Term] = field(default_factory=dict)
    meant: list[Claim] = field(default_factory=list)
    letters: frozenset[str] = frozenset()
    integrated: frozenset[str] = frozenset()
    dims: dict[str, Dim] = field(default_factory=dict)
    multiples: set[str] = field(default_factory=set)
    sizes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ambiguities: set[str] = field(default_factory=set)
    words: frozenset[str] | None = None
    ran: dict[str, tuple[Term, Term, Dim | None]] = field(default_factory=dict)
    ranges: dict[str, tuple[Term | None, Term | None, Dim | None]] = field(default_factory=dict)
    applying: list[str] = field(default_factory=list)
    applied: int = 0
    unknowns: int = 0
    parts: Parts | None = None

    @property
    def plain(self) -> bool:
        """Whether names mean what they mean anywhere in the scope."""
        return not (self.declared or self.meanings or self.meant or self.ranges or self.applying)

    @property
    def silent(self) -> bool:
        """Whether nothing was found yet that would be found but once."""
        return not (self.undeclared or self.free or self.uses or self.notes or self.ambiguities)

    @property
    def counts(self) -> tuple[int, ...]:
        """What reading a part may add to without saying so."""
        return self.unknowns, self.applied, len(self.dims), len(self.multiples), len(self.sizes)

    # unknown dimensions ------------------------------------------------------------------------------------

    def unknown(self) -> Dim:
        """A dimension that is to be found out."""
        self.unknowns += 1
        return Dim.named(f"?{self.unknowns}")

    def solved(self, dim: Dim) -> Dim:
        """`dim` with every unknown that is solved replaced."""
        if not self.dims or not any(n in self.dims for n in dim.names):
            return dim
        total = Dim.of(0)
        for monomial, coefficient in dim.terms:
            part = Dim.of(coefficient)
            for name in monomial:
                part = part * (self.solved(self.dims[name]) if name in self.dims else Dim.named(name))
            total = total + part
        return total

    def unify(self, left: Dim, right: Dim) -> bool:
        """Make two dimensions agree by solving an unknown; False where they differ (or it is not plain how)."""
        left, right = _without_common(self.solved(left), self.solved(right))
        if left == right:
            return True
        for one, other in ((left, right), (right, left)):
            name = unknown_name(one)
            if name is not None and name not in other.names:
                self.dims[name] = other
                return True
        return self._solve_linear(left - right) or self._solve_products(left, right)

    def _solve_linear(self, gap: Dim) -> bool:
        """`?1 + n = 2n`: an unknown that stands once, by itself, in the difference of two dimensions."""
        for monomial, coefficient in gap.terms:
            rest = gap - Dim(((monomial, coefficient),))
            alone = len(monomial) == 1 and abs(coefficient) == 1
            if alone and monomial[0].startswith("?") and monomial[0] not in rest.names:
                self.dims[monomial[0]] = rest * Dim.of(-coefficient)
                return True
        return False

    def _solve_products(self, left: Dim, right: Dim) -> bool:
        """`?1 n = ?2 m` of two sizes without a common factor: `?1 = ?3 m` and `?2 = ?3 n`, where ?3 is 1 unless the
        rest of the line says otherwise."""
        one, other = _unknown_factor(left), _unknown_factor(right)
        if one is None or other is None or one[0] == other[0]:
            return False
        multiple = self.unknown()
        self.multiples |= multiple.names
        self.dims[one[0]], self.dims[other[0]] = multiple * other[1], multiple * one[1]
        return True

    def settle(self, tensor: Tensor) -> Tensor:
        """The tensor with solved dimensions put in."""
        if not self.dims:
            return tensor
        memo: dict[Term, Term] = {}
        axes = tuple(replace(a, dim=self.solved(a.dim)) if a.dim is not None else a for a in tensor.axes)
        return Tensor(axes, self._rewrite(tensor.body, memo))

    def _rewrite(self, value: Any, memo: dict[Term, Term]) -> Any:
        match value:
            case Dim():
                return self.solved(value)
            case Index(dim=Dim() as dim):
                return replace(value, dim=self.solved(dim))
            case Term():
                if value not in memo:
                    memo[value] = type(value)(*(self._rewrite(getattr(value, f), memo) for f in value._fields))
                return memo[value]
            case tuple():
                return tuple(self._rewrite(item, memo) for item in value)
        return value

    # bare indices ------------------------------------------------------------------------------------------

    def free_index(self, name: str) -> Index:
        """The bare index of this name, the same in the whole line."""
        return self.free.setdefault(name, Index(name))

    def used(self, index: Index, use: Use) -> None:
        if index.dim is None:
            self.uses.setdefault(index, []).append(use)


def unknown_name(dim: Dim) -> str | None:
    """The name of a dimension that is nothing but one unknown."""
    if len(dim.terms) == 1 and dim.terms[0][1] == 1 and len(dim.terms[0][0]) == 1:
        name = dim.terms[0][0][0]
        return name if name.startswith("?") else None
    return None


def _unknown_factor(dim: Dim) -> tuple[str, Dim] | None:
    """The unknown and the rest of a dimension that is a product of one unknown and of names."""
    if len(dim.terms) != 1 or dim.terms[0][1] != 1:
        return None
    names = dim.terms[0][0]
    unknown = [n for n in names if n.startswith("?")]
    rest = tuple(n for n in names if not n.startswith("?"))
    return (unknown[0], Dim(((rest, 1),))) if len(unknown) == 1 else None


def has_unknown(dim: Dim) -> bool:
    return any(name.startswith("?") for name in dim.names)


def _without_common(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """`?1 n = n m` says `?1 = m`: common factors of two monomials are dropped."""
    if len(left.terms) != 1 or len(right.terms) != 1 or not (has_unknown(left) or has_unknown(right)):
        return left, right
    (a, c), (b, e) = left.terms[0], right.terms[0]
    rest_a, rest_b = list(a), list(b)
    for name in a:
        if name in rest_b:
            rest_a.remove(name)
            rest_b.remove(name)
    if c != 1 and e % c == 0:
        c, e = 1, e // c
    elif e != 1 and c % e == 0:
        c, e = c // e, 1
    return Dim(((tuple(rest_a), c),)), Dim(((tuple(rest_b), e),))
