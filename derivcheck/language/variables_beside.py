"""Where a variable lies, said beside the relations that speak of it: `f(x) = 2x, \\quad 0 < x < 1`,
`\\log t \\le t - 1, \\; t > 0`. Of the argument of a function, or of a letter that nothing else introduces, it is no
claim: nobody could show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from derivcheck.language.givens.definitions import mentions
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Group, Listing, Name, Node, Num, Product, Relation, Symbol
from derivcheck.language.parsing.trees import walk
from derivcheck.language.scope import Scope

_ORDERED = frozenset({"<", "<=", ">", ">="})


def says_where(node: Relation, before: Sequence[Relation], scope: Scope) -> bool:
    """Whether a relation says where a variable of the relations before it lies."""
    names = [o for o in node.operands if isinstance(o, Name) and not _is_bound(o)]
    bounds = [o for o in node.operands if o not in names]
    if len(names) != 1 or not set(node.relations) <= _ORDERED or any(mentions(b, names[0]) for b in bounds):
        return False
    name = canonical(names[0])
    declaration = scope.model.declarations.get(name or "")
    told = any(canonical(o) == name for b in before if b.relations[0] in ("=", ":=") for o in b.operands)
    if told or (declaration is not None and declaration.definitions):
        return False
    return name in set(_arguments(before)) or (name not in scope.names and any(mentions(b, names[0]) for b in before))


def _is_bound(node: Node) -> bool:
    return isinstance(node, Num | Symbol) or (isinstance(node, Name) and node.text == "\\infty")


def _arguments(relations: Iterable[Relation]) -> Iterator[str]:
    """x of `f(x) = ...` and of `f(x; \\theta) = ...`."""
    for left in (relation.operands[0] for relation in relations):
        brackets = [part for part in walk(left) if isinstance(part, Group) and part.open == "("]
        for body in (bracket.body for bracket in brackets if isinstance(left, Product)):
            for item in body.items if isinstance(body, Listing) else (body,):
                if (key := canonical(item)) is not None:
                    yield key
