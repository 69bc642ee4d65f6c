r"""`\sigma^2 = \frac1d \sum_i (x_i - \mu)^2` says what \sigma is: the root of it, where \sigma is not negative."""

from __future__ import annotations

from derivcheck.language.elaboration.elaborate import Elaborator
from derivcheck.language.elaboration.products import core
from derivcheck.language.givens.definitions import definable, mentions
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Accent, Name, Node, Num, Scripted, Sqrt
from derivcheck.record import replace
from derivcheck.terms.node import Number
from derivcheck.terms.unfold import depends

_DEVIATIONS = frozenset({"s", "S", "r", "\\tau"})


def as_root(elab: Elaborator, left: Node, right: Node) -> tuple[Node, Node] | None:
    """The name and its value, where its square stands on the left: of a free value that cannot be negative, or of a
    \\sigma that nothing introduces."""
    name = _squared(left)
    if name is None or mentions(right, name):
        return None
    known = _is_new_deviation(elab, name, right) or _is_free_root(elab, name, right)
    return (name, Sqrt(right, span=right.span)) if known else None


def of_new_deviation(elab: Elaborator, left: Node, right: Node) -> tuple[Node, Node] | None:
    """The same of a \\sigma that nothing introduces alone."""
    name = _squared(left)
    return as_root(elab, left, right) if name is not None and _is_new_deviation(elab, name, right) else None


def _squared(left: Node) -> Node | None:
    if not isinstance(left, Scripted) or not isinstance(left.sup, Num) or left.sup.text != "2" or left.primes:
        return None
    return replace(left, sup=None) if left.sub is not None else left.base


def _is_new_deviation(elab: Elaborator, name: Node, right: Node) -> bool:
    """Letters that by custom are no negative numbers; of one of them `r^2 = 4` may be there to be solved."""
    letter = core(name)
    letter = letter.body if isinstance(letter, Accent) else letter  # `\hat\sigma^2`
    text = letter.text if isinstance(letter, Name) else ""
    said = text == "\\sigma" or (text in _DEVIATIONS and bool(_names(right)))
    return said and definable(elab, name) is not None


def _is_free_root(elab: Elaborator, name: Node, right: Node) -> bool:
    key = canonical(name)
    declaration = elab.declaration(key) if key is not None else None
    if declaration is None or declaration.definitions or declaration.law is not None or declaration.family:
        return False
    low, model = declaration.domain.low, elab.scope.model
    used = {n for n in model.declarations if declaration.name in depends(model, n)}
    return isinstance(low, Number) and low.value >= 0 and not _names(right) & used


def _names(node: Node) -> set[str]:
    from derivcheck.language.parsing.trees import walk

    return {key for part in walk(node) if (key := canonical(part)) is not None}
