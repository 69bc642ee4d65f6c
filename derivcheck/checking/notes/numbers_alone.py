"""Notes that speak of numbers alone: in `z = x^2 y + \\log(x + y)` of a text without a vector or a matrix, x and y are
numbers, although nothing says so. It is a guess (Model.inferred): it helps lines to be proved, and refutes none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derivcheck.checking.notes.declarations import Notation, names_in
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Name, Relation, Scripted
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.model import Declaration

_OF_VECTORS = re.compile(
    r"\\(?:top|intercal|mathsf|mathbf|boldsymbol|bm|bf|vec|langle|nabla|Vert|lVert|norm|odot|otimes|tr|det|diag|succ\w*|"
    r"prec\w*|operatorname\s*\{(?:tr|diag|rank)|\|)(?![a-z])|\^\s*\{?\s*(?:T|\\mathrm\s*\{?T)(?![A-Za-z])|matrix|"
    r"\\mathbb\s*\{?R\}?\s*\^|[ᵀ‖∇⟨]|'\s*[A-Zxwβ]|\\\|"
)
_NUMBER = re.compile(r"[a-z]|\\[a-z]+")
_CALLED = re.compile(r"(\\?[A-Za-z]+)'*\s*(?:\\left\s*)?\(")


def without_vectors(texts: Iterable[str]) -> bool:
    """Whether nothing in some formulas looks like a vector or a matrix."""
    return not any(_OF_VECTORS.search(text) for text in texts)


def called(texts: Iterable[str]) -> frozenset[str]:
    """The names that stand before a bracket, which may be functions."""
    return frozenset(name for text in texts for name in _CALLED.findall(text))


def with_numbers(names: Iterable[str], text: str, scope: Scope, notation: Notation) -> Scope | None:
    """The scope in which the letters that a line defines something by are numbers; None where it defines nothing."""
    node = notation.node(text)
    left = node.operands[0] if isinstance(node, Relation) and node.relations[0] in ("=", ":=") else None
    own = canonical(left) if isinstance(left, Name | Accent | Scripted) else None
    new = sorted(set(names) & names_in(node)) if node is not None else []
    if own is None or own in scope.names or not new or not all(_NUMBER.fullmatch(name) for name in new):
        return None
    if own in new or any(d.shape for d in scope.model.declarations.values()):
        return None
    for name in new:
        scope = scope.declare(Declaration(name, latex=name))
    return replace(scope, model=replace(scope.model, inferred=scope.model.inferred | set(new)))
