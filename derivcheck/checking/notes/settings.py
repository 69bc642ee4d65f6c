"""Settings of an example: `$n = 32, k = 5$: $o = 28$`, and then `$n = 32, k = 3$: $o = 30$`. The second line sets the
same names to other numbers; what was said of the first setting is said of it alone."""

from __future__ import annotations

from derivcheck.checking.notes.declarations import Notation, pieces_of
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Num, Relation
from derivcheck.language.scope import Scope
from derivcheck.record import replace
from derivcheck.terms.node import Number


def set_anew(text: str, scope: Scope, own: frozenset[str], notation: Notation) -> Scope:
    """The scope without the numbers of the setting before, where a line sets two names or more of it again."""
    node = notation.node(text)
    relations = [piece.node for piece in pieces_of(node)] if node is not None else []
    names = [canonical(r.operands[0]) or "" for r in relations if isinstance(r, Relation) and _sets(r)]
    numbers = [n for n in scope.model.declarations if n in own and _is_number(n, scope)]
    if len(names) < 2 or len(names) < len(relations) or not set(names) <= set(numbers):
        return scope
    gone = set(numbers[min(numbers.index(name) for name in names) :])
    kept = {n: d for n, d in scope.model.declarations.items() if n not in gone}
    return replace(scope, model=replace(scope.model, declarations=kept))


def _sets(relation: Relation) -> bool:
    return relation.relations == ("=",) and isinstance(relation.operands[1], Num)


def _is_number(name: str, scope: Scope) -> bool:
    definitions = scope.model.declarations[name].definitions
    return len(definitions) == 1 and isinstance(definitions[0].body, Number) and not definitions[0].params
