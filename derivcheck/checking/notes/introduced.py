"""What a line of notes speaks of: free values, values that it introduces, numbers alone."""

from __future__ import annotations

from derivcheck.checking.lines import Judged
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Statement
from derivcheck.terms.model import Claim
from derivcheck.terms.node import Entry, Var


def free_name(claim: Claim, judged: Judged) -> set[str]:
    """The free value that an equation sets equal to something else."""
    body = claim.left.body
    declaration = judged.statement.scope.model.declarations.get(body.symbol) if isinstance(body, Entry) else None
    if claim.relation != "=" or declaration is None or declaration.definitions or declaration.law is not None:
        return set()
    if not isinstance(body, Entry) or not all(isinstance(i, Var) for i in body.indices):
        return set()
    return set() if body.symbol in claim.right.body.symbols else {body.symbol}


def introduces_values(before: Scope, after: Scope) -> bool:
    """Whether a line introduced anything but functions."""
    return before.model.declarations.keys() != after.model.declarations.keys() or before.aliases != after.aliases


def of_numbers_alone(statement: Statement) -> bool:
    """Whether a line is read, and relates numbers."""
    links = statement.links
    sides = [side for link in links if link.claim is not None for side in (link.claim.left, link.claim.right)]
    return not any(link.shape_error is not None for link in links) and not any(side.axes for side in sides)


def shape(scope: Scope, name: str) -> object:
    """What makes one declaration of a name another one."""
    declaration = scope.model.declarations.get(name)
    return None if declaration is None else (declaration.shape, bool(declaration.family))
