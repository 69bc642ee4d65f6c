"""`f_x`, `f_{xy}`, `u_{xx}`: partial derivatives by the variables that stand below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.derivatives.functions import arguments_in, bracket_at, by_argument, decorated, function_named
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Listing, Name, Node, Product, Scripted
from derivcheck.language.scope import FunctionMacro
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import depends

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item


def partial_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`f_x` at the variables of f, `f_x(1, 2)` at what stands behind it; of a value that is computed, by its own."""
    node = items[k][1]
    below = variables_below(elab, node)
    if below is None or not isinstance(node, Scripted):
        return None
    function, group = function_named(elab, node.base), bracket_at(items, k + 1)
    if isinstance(function, FunctionMacro):
        from derivcheck.language.elaboration.resolve import lookup

        at = [lookup(elab, p) for p in function.parameters] if group is None else arguments_in(elab, group)
        places = tuple(function.parameters.index(name) for name in below)
        value = by_argument(elab, function, [t for t in at if t is not None], places, node.span)
        return (value, k + 1) if group is None else (decorated(elab, value, None, items[k + 1][1]), k + 2)
    from derivcheck.language.derivatives.operators import differentiated, laid_out, read_variable

    elab.session.ambiguities.add("whether a letter below a name is a variable")
    by = [read_variable(elab, Name(span=node.span, text=name)) for name in below]
    return laid_out(elab, differentiated(elab, elab.tensor(node.base), by, immediate=False)), k + 1


def variables_below(elab: Elaborator, node: Node) -> list[str] | None:
    """The variables below a function of the givens or a number that is computed from them; None where the letters
    below are something else."""
    if not isinstance(node, Scripted) or node.sub is None or node.sup is not None or node.primes:
        return None
    base, full = canonical(node.base) if isinstance(node.base, Name | Accent) else None, canonical(node)
    if base is None or full is None or base in elab.bound or elab.knows_whole(full):
        return None
    names = [canonical(part) or "" for part in _letters(node.sub)]
    if not names or not all(_is_variable(elab, name) for name in names):
        return None
    function = elab.scope.functions.get(base)
    if isinstance(function, FunctionMacro):
        known = all(_is_variable(elab, p) for p in function.parameters)
        return names if known and set(names) <= set(function.parameters) else None
    declaration = elab.declaration(base)
    if declaration is None or declaration.shape or declaration.family or not declaration.definitions:
        return None
    return names if set(names) <= depends(elab.scope.model, base) else None


def _letters(below: Node) -> Sequence[Node]:
    if isinstance(below, Product) and all(operator == "" for operator, _ in below.items):
        return [part for _, part in below.items]
    return below.items if isinstance(below, Listing) else [below]


def _is_variable(elab: Elaborator, name: str) -> bool:
    """A real number that is free."""
    declaration = elab.declaration(name) if name not in elab.bound else None
    if declaration is None or declaration.shape or declaration.family or declaration.definitions:
        return False
    return declaration.domain.kind == "real" and declaration.law is None
