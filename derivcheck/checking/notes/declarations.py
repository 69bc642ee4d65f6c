"""What a student's notes declare. With no problem behind them, `Let $\\lambda > 0$`, `where $\\sum_i y_i = 1$` and the
first equation of a name declared before are the givens: they are read as given lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from derivcheck.language.clauses import Piece, Range, clauses
from derivcheck.language.derivatives.parts import children
from derivcheck.language.elaboration.declaring import with_dims
from derivcheck.language.elaboration.unreadable import ShapeError, Unreadable
from derivcheck.language.givens.definitions import definable, taken_over
from derivcheck.language.givens.roots import as_root
from derivcheck.language.givens.rows import counted
from derivcheck.language.givens.table import dimensions_of, ranges_of, read_line, read_piece
from derivcheck.language.links import DECLARING
from derivcheck.language.options import Options
from derivcheck.language.parsing.macros import Macro
from derivcheck.language.parsing.names import canonical
from derivcheck.language.parsing.parser import parse
from derivcheck.language.parsing.syntax import (
    Accent,
    Empty,
    Group,
    Listing,
    Name,
    Node,
    Num,
    Product,
    Relation,
    Scripted,
)
from derivcheck.language.reading import elaborator
from derivcheck.language.scope import Scope
from derivcheck.language.statements import read_statement
from derivcheck.record import dataclass, field, replace
from derivcheck.terms.build import ZERO
from derivcheck.terms.dim import Shape
from derivcheck.terms.model import Claim, Declaration, Domain
from derivcheck.terms.node import Entry, Var, walk

ORDER = frozenset({"<", ">", "<=", ">=", "!=", "\\le", "\\ge", "\\leq", "\\geq", "\\ne", "\\neq"})
STANDARD = frozenset({"I", "0", "1"})


@dataclass(frozen=True, slots=True)
class Notation:
    """How lines are read: the options and the macros of the document. A line is looked at in many ways, and parsed once
    for all of them."""

    options: Options
    macros: Mapping[str, Macro]
    _nodes: dict[str, Node | None] = field(default_factory=dict, compare=False)

    def node(self, text: str) -> Node | None:
        if text not in self._nodes:
            parsed = parse(text, dict(self.macros))
            error = any(f.severity == "error" for f in parsed.findings)
            self._nodes[text] = None if error else parsed.node
        return self._nodes[text]


def as_given(text: str, scope: Scope, notation: Notation) -> Scope | None:
    """The scope after a line read as a given; None where it is none."""
    node = notation.node(text)
    return None if node is None else node_as_given(node, scope, notation)


def node_as_given(node: Node, scope: Scope, notation: Notation) -> Scope | None:
    """The same of a line that has been parsed."""
    try:
        return read_line(node, with_dims(scope, dimensions_of([node])), notation.options)
    except (Unreadable, ShapeError):
        return None


def pieces_of(node: Node) -> Iterator[Piece]:
    """The relations of a line that are no ranges."""
    for clause in clauses(node):
        if clause.role not in ("for", "if"):
            yield from (p for p in clause.pieces if not isinstance(p, Range) and isinstance(p.node, Relation))


def of_several(node: Node) -> bool:
    """Whether a line says that one of several relations holds (`x = 1 \\lor x = 2`, `x = 1, 2`): it defines nothing."""
    parts = clauses(node)
    if any(clause.words.lower().strip() == "or" for clause in parts):
        return True
    pieces = [p for clause in parts if clause.role == "main" for p in clause.pieces if isinstance(p, Piece)]
    after = next((pieces[k + 1 :] for k, p in enumerate(pieces) if isinstance(p.node, Relation)), [])
    return any(isinstance(p.node, Num) for p in after)


def names_in(node: Node) -> frozenset[str]:
    """Every name of a tree, with and without its scripts."""
    found = {key} if isinstance(node, Name | Accent | Scripted) and (key := canonical(node)) else set()
    for child in children(node):
        found |= names_in(child)
    return frozenset(found)


def declared_by(text: str, notation: Notation) -> frozenset[str]:
    """The names that a line declares by `\\in` or `:`."""
    node = notation.node(text)
    names: set[str] = set()
    for piece in pieces_of(node) if node is not None else ():
        relation = piece.node
        if isinstance(relation, Relation) and relation.relations[0] in ("\\in", "\\colon"):
            names |= {key for n in (*piece.names, relation.operands[0]) if (key := canonical(n)) is not None}
    return frozenset(names)


def drawn(text: str, notation: Notation) -> frozenset[str]:
    """The names to which a line gives a law."""
    node = notation.node(text) if "\\sim" in text or "∼" in text else None
    relations = [p for p in pieces_of(node) if isinstance(p.node, Relation)] if node is not None else []
    found = [(*p.names, p.node.operands[0]) for p in relations if p.node.relations[0] == "\\sim"]  # type: ignore[attr-defined]
    return frozenset(key for names in found for n in names if (key := canonical(n)) is not None)


def new_scalars(text: str, scope: Scope, notation: Notation) -> tuple[str, ...]:
    """The numbers that an inequality (`0 < \\beta < 1`, `a, b > 0`) speaks of and nothing introduces."""
    node = notation.node(text)
    if node is None or not all(_orders(p.node) and not _compares_itself(p.node) for p in pieces_of(node)):
        return ()
    after = as_given(text, scope, notation)
    if after is None:
        return ()
    made = set(after.model.declarations) - set(scope.names)
    if any(d.shape for d in scope.model.declarations.values()) and _only_differ(node):
        made = {n for n in made if not _VECTORS.fullmatch(n)}
    return tuple(sorted(n for n in made if not after.model.declarations[n].shape))


_VECTORS = re.compile(r"[u-zA-Z](?:_\w+)?")
"""Letters for vectors and matrices: beside others, one that is not 0 (`v \\ne 0`) is no number for sure."""


def _only_differ(node: Node) -> bool:
    relations = {r for p in pieces_of(node) for r in getattr(p.node, "relations", ())}
    return relations <= {"!=", "\\ne", "\\neq"}


def counts_members(text: str, notation: Notation) -> bool:
    """Whether a line speaks of the members of a family by name: `x_1, \\dots, x_n > 0`."""
    node = notation.node(text)
    relations = [p for p in pieces_of(node) if isinstance(p.node, Relation)] if node is not None else []
    return any(counted((*p.names, p.node.operands[0])) is not None for p in relations if isinstance(p.node, Relation))


def introduce_parameters(text: str, scope: Scope, notation: Notation) -> Scope:
    """`x \\sim \\mathcal{N}(\\mu, \\sigma^2 I)` introduces its parameters where nothing else does: a mean of the
    shape of x, a covariance, a positive number where only its square stands."""
    node = notation.node(text)
    for piece in pieces_of(node) if node is not None else ():
        relation = piece.node
        if isinstance(relation, Relation) and relation.relations == ("\\sim",):
            declaration = scope.model.declarations.get(canonical(relation.operands[0]) or "")
            shape = declaration.shape if declaration is not None else ()
            items = relation.operands[1].items if isinstance(relation.operands[1], Product) else ()
            body = items[-1][1].body if items and isinstance(items[-1][1], Group) else None
            arguments = body.items if isinstance(body, Listing) else ()
            for place, argument in enumerate(arguments):
                scope = introduce_parameter(argument, scope, shape, place)
    return scope


def introduce_parameter(argument: Node, scope: Scope, shape: Shape, place: int) -> Scope:
    """The scope with the mean (place 0) or the spread of a value of this shape, where nothing else introduces it."""
    squared = isinstance(argument, Scripted) and argument.sup is not None
    whole = canonical(argument) if isinstance(argument, Name | Accent | Scripted) and not squared else None
    if isinstance(argument, Scripted) and canonical(argument.base) in STANDARD:
        return scope  # `I_d`, `0_d`
    if whole is not None and whole not in scope.names | STANDARD and not whole.isdigit():
        own = shape if place == 0 else (*shape, *shape)
        domain = Domain("real", low=ZERO) if place and not own else Domain()
        return scope.declare(Declaration(whole, own, domain=domain, latex=whole))
    for item in (item for _, item in argument.items) if isinstance(argument, Product) else (argument,):
        base = canonical(replace(item, sup=None)) if isinstance(item, Scripted) and item.sup is not None else None
        name = base or (canonical(item) if isinstance(item, Name) else None)
        if name is not None and name not in scope.names | STANDARD and not name.isdigit():
            domain = Domain("real", low=ZERO, low_strict=base is not None)
            scope = scope.declare(Declaration(name, domain=domain, latex=name))
    return scope


def _orders(node: Node) -> bool:
    return isinstance(node, Relation) and all(r in ORDER for r in node.relations)


def _compares_itself(node: Node) -> bool:
    """`t \\le e^t - 2`: it claims something of t, and says not where t lies."""
    if not isinstance(node, Relation):
        return False
    sides, bare = [names_in(operand) for operand in node.operands], {canonical(o) for o in node.operands}
    return any(one & other & bare for one, other in itertools.pairwise(sides))


def first_equations(text: str, scope: Scope, notation: Notation, taken: frozenset[str]) -> Scope:
    """The scope in which names that were only declared so far (`h_t \\in \\mathbb{R}^d`) are what this line says of
    them. A chain's further links stay claims. taken: names of which something was claimed before: an equation of
    such a name is a claim too, unless it is what the earlier lines were computed from."""
    node = notation.node(text)
    if node is None:
        return scope
    parts = clauses(node)
    try:
        scope, ranges = ranges_of(scope, parts)
    except (Unreadable, ShapeError):
        return scope
    conditions = tuple(p.node for c in parts if c.role == "if" for p in c.pieces if isinstance(p, Piece))
    for piece in pieces_of(node):  # `f = ..., \\quad \\lambda \\in \\mathbb{R}`
        scope = _declared(piece, scope, ranges, notation)
    waiting = [_rooted(piece, scope, notation) for piece in pieces_of(node) if _may_define(piece)]
    if not any(_open(piece, scope, ranges, notation, taken) for piece in waiting):
        return scope
    while waiting:  # `h_t = \\tanh(a_t), a_t = ...`: in whatever order they can be read
        tries = ((piece, row) for row in (_defined, _introduced) for piece in waiting)
        read = ((piece, row(_first_link(piece), scope, ranges, conditions, notation, taken)) for piece, row in tries)
        found = next(((piece, made) for piece, made in read if made is not None), None)
        if found is None:
            return scope
        waiting.remove(found[0])
        scope = found[1]
    return scope


def _introduced(
    piece: Piece, scope: Scope, ranges: dict, conditions: Sequence[Node], notation: Notation, taken: frozenset[str]
) -> Scope | None:
    """The scope after one equation that defines a name which nothing introduces."""
    assert isinstance(piece.node, Relation)
    if definable(elaborator(scope, notation.options, (piece.node,)), piece.node.operands[0]) is None:
        return None
    try:
        return read_piece(scope, piece, ranges, tuple(conditions), notation.options)
    except (Unreadable, ShapeError):
        return None


def _declared(piece: Piece, scope: Scope, ranges: dict, notation: Notation) -> Scope:
    node = piece.node
    assert isinstance(node, Relation)
    nodes = (*piece.names, node.operands[0])
    names = {canonical(n) for n in nodes}
    bases = (scope.model.declarations.get(canonical(n.base) or "") for n in nodes if isinstance(n, Scripted))
    known = bool(names & scope.names) or any(d is not None and d.family for d in bases)
    if node.relations != ("\\in",) or known:
        return scope
    try:
        return read_piece(scope, piece, ranges, (), notation.options)
    except (Unreadable, ShapeError):
        return scope


def narrowed(text: str, scope: Scope, notation: Notation) -> Scope | None:
    """The scope in which free values that are declared have a smaller domain (`t \\in \\{0,1\\}^k` of a vector t)."""
    node = notation.node(text)
    if node is None or not all(_is_membership(piece.node) for piece in pieces_of(node)):
        return None
    names = declared_by(text, notation)
    old = scope.model.declarations
    if not names or any(n not in old or old[n].definitions or old[n].law or old[n].family for n in names):
        return None
    after = as_given(text, scope, notation)
    new = after.model.declarations if after is not None else old
    if any(n not in new or new[n].shape != old[n].shape or new[n].domain == Domain() for n in names):
        return None
    for name in sorted(names):
        scope = scope.declare(replace(old[name], domain=new[name].domain))
    return scope


def _is_membership(node: Node) -> bool:
    return isinstance(node, Relation) and node.relations == ("\\in",)


def of_each_entry(text: str, scope: Scope, notation: Notation) -> tuple[Claim, ...]:
    """`q_i > 0` of a free vector q: what is said of each of its entries; () where a line says anything else."""
    node = notation.node(text)
    if node is None or not all(_orders(piece.node) for piece in pieces_of(node)):
        return ()
    found: list[Claim] = []
    for link in read_statement(node, scope, None, notation.options).links:
        claim = link.claim
        if claim is None or link.kind != "claim":
            return ()
        names = claim.left.body.symbols | claim.right.body.symbols
        indices = {p.index.name for p in claim.parameters if p.index.dim is not None}
        if not indices or not set(link.undeclared) <= indices or not constrains(names, scope):
            return ()
        found.append(claim)
    return tuple(found)


def takes_a_constant(text: str, scope: Scope, notation: Notation) -> bool:
    """`\\pi = \\sigma(z)`, `I = \\int f`: whether an equation gives a name another meaning than its usual one."""
    node = notation.node(text)
    first = next((p for p in pieces_of(node) if _may_define(p)), None) if node is not None else None
    if first is None or not isinstance(first.node, Relation):
        return False
    left = first.node.operands[0]
    return taken_over(elaborator(scope, notation.options, (left,)), left) is not None


def _open(piece: Piece, scope: Scope, ranges: dict, notation: Notation, taken: frozenset[str]) -> bool:
    """Whether an equation may be the first one of a name that is only declared."""
    assert isinstance(piece.node, Relation)
    declaration = _whole(piece.node.operands[0], scope, ranges, notation)
    if declaration is None or declaration.law is not None or declaration.name in taken:
        return False
    return not declaration.definitions or bool(declaration.family)


def _may_define(piece: Piece) -> bool:
    node = piece.node
    return isinstance(node, Relation) and node.relations[0] in ("=", ":=") and not isinstance(node.operands[0], Empty)


def _rooted(piece: Piece, scope: Scope, notation: Notation) -> Piece:
    """`\\sigma^2 = v` as the equation of \\sigma, where it says what \\sigma is."""
    node = piece.node
    assert isinstance(node, Relation)
    found = as_root(elaborator(scope, notation.options, (node,)), node.operands[0], node.operands[1])
    return piece if found is None else replace(piece, node=replace(node, operands=(*found, *node.operands[2:])))


def _first_link(piece: Piece) -> Piece:
    node = piece.node
    assert isinstance(node, Relation)
    return replace(
        piece,
        node=replace(
            node, operands=node.operands[:2], relations=node.relations[:1], relation_spans=node.relation_spans[:1]
        ),
    )


def _defined(
    piece: Piece, scope: Scope, ranges: dict, conditions: Sequence[Node], notation: Notation, taken: frozenset[str]
) -> Scope | None:
    """The scope after one equation, where it defines a declared name that nothing was said of."""
    node = piece.node
    assert isinstance(node, Relation)
    declaration = _whole(node.operands[0], scope, ranges, notation)
    if declaration is None or not _open(piece, scope, ranges, notation, taken):
        return None
    try:
        after = read_piece(scope, piece, ranges, tuple(conditions), notation.options)
    except (Unreadable, ShapeError):
        return None
    made = after.model.declarations.get(declaration.name)
    if made is None or len(made.definitions) <= len(declaration.definitions):
        return None
    if declaration.definitions and all(d.where is None for d in declaration.definitions):
        return None  # a second rule for every member is a claim
    return after


def _whole(node: Node, scope: Scope, ranges: dict, notation: Notation) -> Declaration | None:
    """The declaration of which a left side is the whole value, or a member of the family."""
    elab = elaborator(scope, notation.options, (node,))
    elab.session.ranges.update(ranges)
    try:
        tensor = elab.tensor(node)
    except (Unreadable, ShapeError):
        return None
    body = tensor.body
    if not isinstance(body, Entry) or elab.session.undeclared:
        return None
    declaration = scope.model.declarations.get(body.symbol)
    if declaration is None:
        return None
    own = body.indices[len(declaration.family) :]
    return declaration if all(isinstance(i, Var) for i in own) and len(set(own)) == len(own) else None


def mentioned(scope: Scope, but: frozenset[str] = frozenset()) -> frozenset[str]:
    """The names that the values of other names are computed from (`but`: not those of these names)."""
    found: set[str] = set()
    for name, declaration in scope.model.declarations.items():
        if name not in but:
            found |= {s for d in declaration.definitions for s in d.body.symbols if s != name}
    for name, alias in scope.aliases.items():
        if name not in but:
            found |= alias.body.symbols
    for name, macro in scope.functions.items():
        if name not in but:
            found |= (names_in(macro.node) - set(macro.parameters)) & scope.names
    return frozenset(found)


def computes_through(scope: Scope, text: str, notation: Notation) -> frozenset[str]:
    """The names on the right sides of a line's equations: `h_t = \\tanh(a_t)` may define h although `a_t` uses it."""
    node = notation.node(text)
    found: set[str] = set()
    for piece in pieces_of(node) if node is not None else ():
        assert isinstance(piece.node, Relation)
        for operand in piece.node.operands[1:]:
            found |= names_in(operand)
    seen: set[str] = set()
    while found - seen:
        name = (found - seen).pop()
        seen.add(name)
        declaration = scope.model.declarations.get(name)
        for definition in declaration.definitions if declaration else ():
            found |= definition.body.symbols
    return frozenset(seen)


def constrains(claim_symbols: frozenset[str], scope: Scope) -> bool:
    """Whether a relation speaks of free values alone: only such a one can be an assumption. What the notes compute
    (`p = \\operatorname{softmax}(z)`) has its properties already, and a statement on it is a claim."""
    declarations, unknown = scope.model.declarations, scope.model.functions
    free = (n in unknown or (n in declarations and not declarations[n].definitions) for n in claim_symbols)
    return bool(claim_symbols) and all(free)


def declares(node: Node) -> bool:
    """Whether a line begins with a membership or a law."""
    first = next(pieces_of(node), None)
    return first is not None and isinstance(first.node, Relation) and first.node.relations[0] in DECLARING


def differentiates(term: object) -> bool:
    from derivcheck.terms.node import Derivative, Term

    return isinstance(term, Term) and any(isinstance(node, Derivative) for node in walk(term))


def newly_defined(before: Scope, after: Scope) -> set[str]:
    """The names that have more definitions than before."""
    known = before.model.declarations
    made = after.model.declarations.items()
    return {n for n, d in made if n in known and len(d.definitions) > len(known[n].definitions)}


def undefined_left(node: Node, scope: Scope, notation: Notation) -> set[str]:
    """The declared names without a definition or a law that stand on the left of this line's equations."""
    found: set[str] = set()
    for piece in pieces_of(node):
        declaration = _whole(piece.node.operands[0], scope, {}, notation) if _may_define(piece) else None  # type: ignore[attr-defined]
        if declaration is not None and declaration.law is None and not declaration.definitions:
            found.add(declaration.name)
    return found
