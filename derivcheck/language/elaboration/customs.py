"""Notation that two fields read in two ways: which of them is meant is often told by the line alone.

A row names what is open and what is said where a line is wrong as usual and right by the other custom; a row that says
nothing spares the line only (`undecided`). Where the reader meets such notation it asks `takes`: that notes
what is open, and answers whether this reading takes the other custom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.language.options import Options
from derivcheck.record import replace

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator

CUSTOMS: dict[str, str] = {
    "star as a product": "* is read as the product of matrices",
    "composition of matrices": "\\circ between matrices is read as their composition, the product",
    "dot of two matrices": "\\cdot between matrices is read as their inner product",
    "commutator": "[A, B] of two matrices is read as AB - BA",
    "plain ones": "1 is read as the vector of ones",
    "entry of a power": "",
    "entry of a symbolic power": "a power with indices is read as the entry of that power: (P^t)_{ij}",
    "entry of the inverse": "",
    "entry of the transpose": "",
    "dot for a sum": "a dot in the place of an index is read as the sum over it",
    "order statistics": "",
    "adjoint": "",
    "bars of a matrix": "",
    "norm of all entries": "",
    "square of a vector": "",
    "one over a matrix": "one over a matrix is read as its inverse",
    "T as a number": "^T is read as a power, since T is a number",
    "row of probabilities": "a vector of probabilities before a matrix is read as a row",
    "logarithm to base 2": "",
    "logarithm to base 10": "",
    "list with dots as a column": "a list of numbers with dots is read as a column",
    "function or product": "",
    "a factor held constant": "",
    "a remainder far out": "",
    "entry by a call": "x(i) is read as the entry x_i",
    "application of a matrix": "P(x) of a matrix P is read as P applied to x",
    "derivative of a row": "the derivative of a row by a column has its entries as columns",
    "Laplacian": "\\nabla^2 is read as the Laplacian, the sum of the second derivatives",
    "prime as a row": "f'(x) is read as the row of derivatives",
}
"""What is open, and the note of a line that is right by the other custom alone."""
TO_FIT = frozenset({"dot of two matrices", "Laplacian"})
"""Customs that are asked only where the shapes of a line do not conform as usual."""
ADOPTED_TO_FIT = frozenset({"star as a product", "composition of matrices"})
"""Customs that are taken where the shapes do not conform as usual; else they spare the line only."""
OF_SCRIPTS = frozenset({"entry of a power", "entry of the inverse", "entry of the transpose"})
"""Customs that are not asked where the line brackets what it means: `(A^2)_{ij} = A_{ij}^2` is wrong."""
OF_EQUATIONS = frozenset({"norm of all entries"})
"""Customs that are asked of equations with one norm alone: between norms nothing tells which one is meant."""


def takes(elab: Elaborator, custom: str) -> bool:
    """Whether this reading takes the other custom; that there is one is noted."""
    elab.session.ambiguities.add(custom)
    return custom in elab.options.customs


def with_custom(options: Options, custom: str) -> Options:
    """The options of a reading that takes this custom as well."""
    return replace(options, customs=options.customs | {custom})
