"""What every name means: the model of the givens plus how its symbols are written. A frozen value: reading a
line gives a new scope."""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.language.elaboration.session import Parts
from derivcheck.language.parsing.syntax import Node
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.dim import Dim, Shape
from derivcheck.terms.model import Declaration, FunctionSymbol, Model, Parameter
from derivcheck.terms.node import Entry
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class FunctionMacro:
    """A function that the givens define. `node` is the body as written, `parameters` the names it binds.

    `body`, where every parameter can be a scalar: the body over the placeholders (Entries without indices that
    no declaration knows); then the function acts entrywise, and `\\sigma'` is the derivative by the placeholder.
    `others`: functions of the same name of another number of arguments (`H(p)` beside `H(p, q)`).
    """

    name: str
    parameters: tuple[str, ...]
    node: Node
    placeholders: tuple[Entry, ...] = ()
    body: Tensor | None = None
    others: tuple[FunctionMacro, ...] = ()

    def of(self, arguments: int) -> FunctionMacro:
        """The function of that many arguments, where there is one."""
        return next((f for f in (self, *self.others) if len(f.parameters) == arguments), self)


@dataclass(frozen=True, slots=True)
class Notation:
    """A given that defines a derivative as notation: `key` is the left side as written (canonical), with the names
    in `parameters` (its subscripts) bound in `meaning`."""

    key: str
    parameters: tuple[str, ...]
    left: Node
    meaning: Node


@dataclass(frozen=True, slots=True)
class Scope:
    """`model` is what the deciders see; the rest is naming. All keys are canonical names (names.py).

    functions: macros defined in the givens. aliases: names that stand for a term (`w = W_{j'k'}`, or a
    definition that mentions a free index which its name does not carry). indices: declared index variables
    with their range. sized: standard names (`1`, `I`, `0`, `e`) whose shape a given fixes. bold: names
    declared in bold beside the same letter in plain (with their mark); bold_first: letters first declared in bold.
    laws: for probability/. own: names that lines (not givens) defined. diagonal: matrices that are zero beside their
    diagonals (diagonals.py). slices: names for a row `A_{i,:}` of a matrix, a column or a row by custom."""

    model: Model = field(default_factory=Model)
    functions: Mapping[str, FunctionMacro] = field(default_factory=dict)
    aliases: Mapping[str, Tensor] = field(default_factory=dict)
    indices: Mapping[str, Parameter] = field(default_factory=dict)
    sized: Mapping[str, Shape] = field(default_factory=dict)
    notations: tuple[Notation, ...] = ()
    laws: Mapping[str, str] = field(default_factory=dict)
    bold: frozenset[str] = frozenset()
    bold_first: frozenset[str] = frozenset()
    layout: str | None = None
    shorthand: str | None = None
    product_order: str | None = None
    log_base: str | None = None
    own: frozenset[str] = frozenset()
    diagonal: frozenset[str] = frozenset()
    slices: frozenset[str] = frozenset()
    parts: list[Parts] | None = field(default=None, compare=False)

    def declaration(self, name: str) -> Declaration | None:
        return self.model.declarations.get(name)

    def function(self, name: str) -> FunctionSymbol | None:
        return self.model.functions.get(name)

    def declare(self, declaration: Declaration) -> Scope:
        return replace(self, model=self.model.declare(declaration))

    def dimension(self, name: str) -> Dim | None:
        return Dim.named(name) if name in self.model.dims else None

    @property
    def names(self) -> frozenset[str]:
        """Every name that something introduces: for did-you-mean."""
        return frozenset(
            {
                *self.model.declarations,
                *self.model.functions,
                *self.functions,
                *self.aliases,
                *self.indices,
                *self.model.dims,
            }
        )


EMPTY = Scope()
