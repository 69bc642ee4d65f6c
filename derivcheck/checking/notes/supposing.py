"""What notes suppose: a relation said with `Let`, `Suppose` or `with` holds from there on, where it can hold at all."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.checking.conditions import under
from derivcheck.checking.line import Context
from derivcheck.checking.lines import Judged
from derivcheck.checking.notes.declarations import Notation, as_given, constrains, differentiates
from derivcheck.checking.notes.implicit import says_what_is
from derivcheck.checking.notes.introducing import Stance, supposes
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.syntax import Node, Num, Relation, Sum
from derivcheck.language.reading import elaborator
from derivcheck.language.scope import Scope
from derivcheck.language.statements import read_statement
from derivcheck.record import replace
from derivcheck.terms.model import Claim, Model
from derivcheck.worlds.sampling import satisfiable

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_COMPARED = OPPOSITE.keys() | {"="}


def names_of(claims: Sequence[Claim]) -> frozenset[str]:
    return frozenset[str]().union(*(c.left.body.symbols | c.right.body.symbols for c in claims))


def exclude(before: Sequence[Claim], claims: Sequence[Claim], model: Model) -> bool:
    """Whether an earlier condition on the same free values cannot hold together with these."""
    symbols = names_of(before)
    if not symbols or symbols != names_of(claims) or any(c.relation not in _COMPARED for c in (*before, *claims)):
        return False
    return not satisfiable(under(model, (*before, *claims))[0])


def contradicts(text: str, scope: Scope, context: Context) -> bool:
    """Whether the notes prove the opposite of an inequality."""
    for link in read_statement(text, scope, None, context.options).links:
        claim = link.claim
        if claim is None or link.undeclared or claim.relation not in OPPOSITE:
            continue
        if context.decider.plain(replace(claim, relation=OPPOSITE[claim.relation]), link.model).word == "proved":
            return True
    return False


def with_assumption(judged: Judged, said: Stance, context: Context, notation: Notation) -> Scope | None:
    """The scope in which a relation on free values is given."""
    links = [link for link in judged.statement.links if link.kind == "claim"]
    scope, text = judged.statement.scope, judged.text
    claims = [link.claim for link in links if link.claim is not None and not link.undeclared]
    if said != "given" or len(claims) != len(links) or len(judged.verdicts) > 1:
        return None
    if len(claims) == 1 and says_what_is(claims[0], scope):
        after = replace(scope, model=scope.model.assume(*claims))
        return None if satisfiable(after.model) is False else after
    if not all(_can_be_given(c, scope) for c in claims):
        return None
    given = as_given(text, scope, notation)
    after = given if given is not None else replace(scope, model=scope.model.assume(*claims))
    return None if contradicts(text, scope, context) or satisfiable(after.model) is False else after


def supposed(judged: Judged, cue: str, context: Context) -> tuple[Claim, ...]:
    """`Let $m < 1$`, `with $f(a) = 0$` of what the notes compute: a condition on what it is computed from."""
    links, scope = judged.statement.links, judged.statement.scope
    claims = tuple(link.claim for link in links if link.claim is not None and not link.undeclared)
    if not supposes(cue) or not claims or len(claims) < len(links) or not all(map(_of_a_value, claims)):
        return ()
    impossible = contradicts(judged.text, scope, context) or satisfiable(under(scope.model, claims)[0]) is False
    return () if impossible else claims


def _of_a_value(claim: Claim) -> bool:
    """Whether a claim compares, or says that something that is computed from free values is a certain number."""
    sides = [side.body.symbols for side in (claim.left, claim.right)]
    return claim.relation in OPPOSITE or (claim.relation == "=" and any(sides) and not all(sides))


def set_to_number(text: str, cue: str, scope: Scope, notation: Notation) -> tuple[Claim, ...]:
    """`Let $D = 0$` of a D that the notes compute from free values: a condition on these, where it can hold."""
    node = notation.node(text) if supposes(cue) else None
    if not isinstance(node, Relation) or node.relations != ("=",) or not _is_number(node.operands[1]):
        return ()
    declaration = scope.model.declarations.get(canonical(node.operands[0]) or "")
    definitions = declaration.definitions if declaration is not None and not declaration.family else ()
    if not any(d.body.symbols for d in definitions):
        return ()
    elab = elaborator(scope, notation.options, (node,))
    try:
        claims = (Claim(elab.tensor(node.operands[0]), "=", elab.tensor(node.operands[1])),)
    except (Unreadable, ShapeError):
        return ()
    return () if satisfiable(under(scope.model, claims)[0]) is False else claims


def _is_number(node: Node) -> bool:
    items = node.items if isinstance(node, Sum) else (("+", node),)
    return len(items) == 1 and isinstance(items[0][1], Num)


def _can_be_given(claim: Claim, scope: Scope) -> bool:
    derivative = differentiates(claim.left.body) or differentiates(claim.right.body)
    return constrains(claim.left.body.symbols | claim.right.body.symbols, scope) and not derivative
