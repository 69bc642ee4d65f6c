"""What a line that introduces names may say without being asked for a reason.

A restriction of what is declared (`where $\\|u\\| = 1$`, `with $a < b$`) is given. A relation between two computed
things (`where $\\operatorname{tr}(A) = \\det(A)$`) is given only where a word supposes it (`Let A and B satisfy
$AB = BA$`); said of what the notes compute themselves, it is a claim as any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from derivcheck.checking.notes.declarations import names_in, pieces_of
from derivcheck.checking.notes.implicit import says_what_is
from derivcheck.deciding.verdict import Verdict
from derivcheck.language.parsing.syntax import Accent, Name, Node, Relation, Scripted, Sum
from derivcheck.language.scope import Scope
from derivcheck.language.statements import Link
from derivcheck.regex import lazy
from derivcheck.source.moves import Move
from derivcheck.terms.model import Claim
from derivcheck.terms.unfold import depends

Stance = Literal["given", "open", "claim"]
OPEN = Verdict(
    "undecided",
    {"method": "none", "reason": "it does not hold by itself, and it is not clear whether it is assumed or claimed"},
    code="undecided-step",
)
_SUPPOSING = ("let", "suppose", "assum", "given", "choose", "pick", "fix", "take", "with", "consider", "say")
_TIED = lazy(
    r"\b(?:with|where|that|and|which|whose|satisf\w+|fulfil\w*|obey\w*|solv\w+|let|suppose|assum\w+|given|subject to|"
    r"equations?|constraints?|conditions?|systems?|relations?|have|has|having)\W*$|s\.t\.\W*$"
)
_CONCLUDES = lazy(
    r"\W*(?:then|so|thus|hence|therefore|consequently|accordingly|it follows|(?:and )?(?:we |one )?(?:\w+ )?(?:gets?|"
    r"obtains?|finds?|conclude|deduce|infer)|(?:which |this |that |it )?(?:gives?|yields?|implies|means?))\b",
    2,
)
_CONSTANTS = frozenset({"I", "e", "\\pi", "0", "1", "\\infty"})


def concludes(move: Move) -> bool:
    """Whether a formula is said to follow: it says nothing of a choice."""
    return _CONCLUDES.match(move.cue) is not None


def equated(scope: Scope) -> frozenset[str]:
    """The free values that an equation is assumed of (`Let $x$ satisfy $x^2 = x + 1$`)."""
    equations = [c for c in scope.model.assumptions if c.relation == "="]
    return frozenset[str]().union(*(c.left.body.symbols | c.right.body.symbols for c in equations))


def numbers_on_the_right(node: Node) -> frozenset[str]:
    """The names that a line says to be numbers (`x = 1`)."""
    relations = [piece.node for piece in pieces_of(node)]
    numbers = (r for r in relations if isinstance(r, Relation) and not names_in(r.operands[1]) - _CONSTANTS)
    return frozenset[str]().union(*(names_in(r.operands[0]) for r in numbers))


def supposes(cue: str) -> bool:
    return cue.lower().startswith(_SUPPOSING)


def stance(node: Node, claims: tuple[Claim, ...], move: Move, scope: Scope, declared: bool, tied: bool) -> Stance:
    """Whether a relation that does not hold by itself is given where it is introduced. declared: its sentence declares
    what it speaks of; tied: a relation before it in the list is given."""
    if any(_computed(claim, scope) for claim in claims) or names_in(node) & scope.functions.keys():
        return "claim"
    if all(_restricts(piece.node) for piece in pieces_of(node)):
        return "given"
    if len(claims) == 1 and says_what_is(claims[0], scope) and _of_numbers(claims[0], scope):
        return "given"  # `define $\\cos\\theta = x^\\top y$`
    if supposes(move.cue):
        return "given" if tied or _TIED.search(move.lead) else "open"
    return "open" if declared and move.cue.lower().startswith("where") else "claim"


def follows(node: Node, links: Sequence[Link], scope: Scope, last: bool) -> bool:
    """Whether `with $f(x^*) = b^\\top x^*$` says what follows from the function f: of a value that the notes compute,
    or of the variable of f. Of an a that is free `with $f(a) = 0$` chooses one. last: nothing is
    said under it, as it ends its sentence."""
    heads = names_in(node) & scope.functions.keys()
    variables = {p for head in heads for p in scope.functions[head].parameters}
    relations = [piece.node for piece in pieces_of(node)]
    if any(isinstance(r, Relation) and any(map(_is_bare, r.operands)) for r in relations):
        return False
    claims = [link.claim for link in links if link.kind == "claim" and link.claim is not None]
    of_variable = bool(variables) and variables <= names_in(node)
    said = of_variable or all(_computed(c, scope) if heads else last and _of_its_inputs(c, scope) for c in claims)
    return len(claims) == len(links) > 0 and said


def _of_its_inputs(claim: Claim, scope: Scope) -> bool:
    """Whether one side is computed from what stands on the other: `m - g = a^2 - b^2` of an m and a g of a and b."""
    sides = (claim.left.body.symbols, claim.right.body.symbols)
    declarations = scope.model.declarations
    for one, other in (sides, sides[::-1]):
        computed = all((d := declarations.get(n)) is not None and d.definitions for n in one)
        reached = frozenset[str]().union(*(depends(scope.model, n) for n in one)) - one
        if one and other and computed and other <= reached:
            return True
    return False


def ties(move: Move) -> bool:
    """Whether a word before a formula makes it a part of what is supposed."""
    return supposes(move.cue) and _TIED.search(move.lead) is not None


def _computed(claim: Claim, scope: Scope) -> bool:
    """Whether a side has its value from what the notes say: a definition, the law of a random value."""
    declarations = scope.model.declarations
    names = claim.left.body.symbols | claim.right.body.symbols
    return any((d := declarations.get(n)) is not None and (d.definitions or d.law is not None) for n in names)


def _of_numbers(claim: Claim, scope: Scope) -> bool:
    return all(not scope.model.declarations[name].shape for name in claim.left.body.symbols)


def _restricts(node: Node) -> bool:
    """Whether a relation says where a value lies: one of its sides is a constant, or no more than a name."""
    if not isinstance(node, Relation):
        return False
    bare = [operand for operand in node.operands if _is_bare(operand)]
    others = [names_in(operand) for operand in node.operands if operand not in bare]
    equated = set(node.relations) <= {"=", ":="}  # `A^\\top = A`; but `x \\le e^x - 2` says nothing of where x lies
    return any(equated or not any(names_in(operand) & names for names in others) for operand in bare)


def _is_bare(node: Node) -> bool:
    if isinstance(node, Sum) and len(node.items) == 1:  # `A^\\top = -A`
        node = node.items[0][1]
    name = isinstance(node, Name | Accent) or (isinstance(node, Scripted) and node.sup is None and not node.primes)
    return name or not names_in(node) - _CONSTANTS
