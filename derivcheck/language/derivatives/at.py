"""`\\frac{\\partial f}{\\partial x}(a)`: a derivative with a bracket behind it is its value at that place, where what
is differentiated is a function; of a computed value (`\\frac{\\partial p}{\\partial z}(y - p)`) the bracket is a
factor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.language.derivatives.functions import function_named
from derivcheck.language.derivatives.parts import Written, of_fraction
from derivcheck.language.elaboration.products import mentions_bare
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Frac, Group, Listing, Name, Num, Relation, Scripted, Span
from derivcheck.terms.tensor import Tensor
from derivcheck.terms.unfold import depends

if TYPE_CHECKING:
    from derivcheck.language.elaboration.elaborate import Elaborator, Item


def at_point_handler(elab: Elaborator, items: Sequence[Item], k: int) -> tuple[Tensor, int] | None:
    """`\\frac{d f}{d x}(a)`, `\\frac{d^2 f}{d x^2}(0)` as the value at the bar `|_{x = a}`."""
    node = items[k][1]
    if not isinstance(node, Frac) or k + 1 >= len(items) or items[k + 1][0] != "" or elab.options.call_products:
        return None
    written, group = of_fraction(node), items[k + 1][1]
    if written is None or not isinstance(group, Group) or group.open != "(" or isinstance(group.body, Listing):
        return None
    variable, of_function = written.variables[0], _of_function(elab, written)
    if of_function is None or len({canonical(v) for v in written.variables}) != 1:
        return None
    name = canonical(variable) or ""
    if canonical(group.body) == name:
        return elab.tensor(node), k + 2
    plain = isinstance(group.body, Name | Num | Scripted | Accent) and not mentions_bare(group.body, name)
    if not of_function and not plain:
        return None
    if not (of_function and plain):
        elab.session.ambiguities.add("entry or product")
    span = Span(node.span.start, group.span.end)
    relation = Relation((variable, group.body), ("=",), (group.span,), span=group.span)
    bar = Group("", "|", node, span=node.span)
    return elab.tensor(Scripted(bar, relation, span=span)), k + 2


def _of_function(elab: Elaborator, written: Written) -> bool | None:
    """Whether a function of one argument is differentiated (True) or a value computed from the variable (False)."""
    if len(written.numerator) != 1 or not isinstance(written.numerator[0][1], Name | Accent | Scripted):
        return None
    variable, top = canonical(written.variables[0]), written.numerator[0][1]
    function = function_named(elab, top)
    if function is not None:
        arguments = getattr(function, "parameters", None) or getattr(function, "arguments", ())
        return True if len(arguments) == 1 else None
    key = canonical(top) or ""
    declaration = elab.declaration(key)
    if declaration is None or variable not in depends(elab.scope.model, key):
        return None
    return False
