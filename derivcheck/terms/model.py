"""The givens as values: what is declared, defined, assumed and random. Made by the language, read by
worlds and by the rungs of the ladder."""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.record import dataclass, field, replace
from derivcheck.terms.dim import Shape
from derivcheck.terms.node import Index, Term
from derivcheck.terms.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Domain:
    """Where the entries of a symbol live.

    kind: 'real' (optionally between low and high, each strict or not), 'integer' (same bounds; naturals have
    low 1), 'finite' (`values`), 'simplex' (a probability vector with positive entries along the last axis).
    """

    kind: str = "real"
    low: Term | None = None
    high: Term | None = None
    low_strict: bool = False
    high_strict: bool = False
    values: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """symbol[params] = body wherever `where` holds (None: everywhere). params: family indices, then entries.

    A recurrence is a definition whose body mentions the symbol at another index, e.g. where t >= 1.
    """

    params: tuple[Index, ...]
    body: Term
    where: Term | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """The law of a random symbol. kind: 'normal' (mean over the entry axes, covariance over two copies of
    them), 'moments' (mean and covariance alone), 'finite' (`values` with `weights`, each entry
    independent), 'uniform' (low, high), 'raw' (E x, E x^2, ... of each entry; entries independent), ... Members of a
    random family are independent. `family` and `parameters`: which named law it is, where its moments alone do not
    say it."""

    kind: str
    mean: Tensor | None = None
    covariance: Tensor | None = None
    values: tuple[Term, ...] = ()
    weights: tuple[Term, ...] = ()
    low: Term | None = None
    high: Term | None = None
    raw: tuple[Term, ...] = ()
    family: str = ""
    parameters: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """One family index of a declaration and its range (inclusive integer terms; None: not stated)."""

    index: Index
    lower: Term | None = None
    upper: Term | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of one name. `latex` is how to show it. A symbol with definitions is computed by the
    first whose `where` holds; at an index where none does it is a free value of its domain."""

    name: str
    shape: Shape = ()
    family: tuple[Family, ...] = ()
    domain: Domain = field(default_factory=Domain)
    definitions: tuple[Definition, ...] = ()
    law: Law | None = None
    latex: str = ""


@dataclass(frozen=True, slots=True)
class FunctionSymbol:
    """An unknown smooth function: shapes of its arguments and of its value."""

    name: str
    arguments: tuple[Shape, ...]
    value: Shape
    latex: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A free integer of a claim with its range; a missing limit means: wherever both sides are defined."""

    index: Index
    lower: Term | None = None
    upper: Term | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One relation between two tensors, for every value of the givens, of the axes and of the parameters.

    relation: one of = != < <= > >= ~ (approximately) succ succeq (Loewner) propto in_O (left and right are
    then the arguments of O). `given`: conditions in force for this claim alone (suppositions, limits).
    """

    left: Tensor
    relation: str
    right: Tensor
    parameters: tuple[Parameter, ...] = ()
    given: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that is given. `dims`: the named dimensions, with a lower bound for each (1 unless an
    assumption such as m > n says more; the assumption itself is kept too). `independent`: pairs of
    random symbols known to be independent. `inferred`: names whose shape is a guess from their use, so that nothing
    that depends on them is refuted. `bounds`: what was said of all entries of a square matrix (`P > 0`) and is its
    domain now; it may be meant in Loewner's order. `said`: numbers of which a set is given, so that they are no whole
    numbers by the custom of their letter."""

    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    functions: Mapping[str, FunctionSymbol] = field(default_factory=dict)
    assumptions: tuple[Claim, ...] = ()
    independent: frozenset[frozenset[str]] = frozenset()
    dims: Mapping[str, int] = field(default_factory=dict)
    inferred: frozenset[str] = frozenset()
    bounds: tuple[Claim, ...] = ()
    said: frozenset[str] = frozenset()

    def declare(self, declaration: Declaration) -> Model:
        return replace(self, declarations={**self.declarations, declaration.name: declaration})

    def assume(self, *claims: Claim) -> Model:
        return replace(self, assumptions=self.assumptions + claims)
